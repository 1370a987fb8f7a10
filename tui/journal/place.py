"""Where a journal lies: the file is made here, private and never through a link, before SQLite opens it by its path.

SQLite gives its -wal and -shm files the mode of the database itself, so 0600 holds for all three.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tui.reasons import why
from tui.sanitise import one_line
from tui.words import _


class JournalError(Exception):
    """The journal cannot be used. The text is a sentence for the person: what happened, what it means, what to do."""


def prepare(path: Path) -> None:
    """Makes the file (0600) and its folder (0700) where they are missing, and looks hard at what is there already.

    Raises JournalError when file or folder is a link, is somebody else's, or is open to changes by others.
    A file of ours that others may read is closed to them. The folder that this leaves is writable by its owner alone,
    which is why SQLite may open the path afterwards: nobody else can put another file there in between."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _look_at_folder(path.parent)
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            _look_at_file(path)
        else:
            os.close(handle)
            _keep_entry(path.parent)
    except OSError as error:
        raise JournalError(
            _(
                "The journal {path} cannot be opened: {reason}. Nothing is written to Salesforce without a journal."
                " Give another place under [journal] url in the config file, or repair this one."
            ).format(path=one_line(path), reason=why(error))
        ) from None


def _look_at_folder(folder: Path) -> None:
    found = folder.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise JournalError(
            _("The journal's folder {path} is a link, and links are not followed here. Name the real folder.").format(
                path=one_line(folder)
            )
        )
    if found.st_uid not in (os.geteuid(), 0):
        raise JournalError(
            _(
                "The journal's folder {path} belongs to somebody else. Name a folder of your own under [journal] url."
            ).format(path=one_line(folder))
        )
    if found.st_mode & 0o022:
        raise JournalError(
            _("Others may change the journal's folder {path}. Close it to them: chmod go-w {path}").format(
                path=one_line(folder)
            )
        )


def _look_at_file(path: Path) -> None:
    found = path.lstat()  # never opened here: closing a descriptor would drop the locks SQLite holds in this process
    if stat.S_ISLNK(found.st_mode):
        raise JournalError(
            _("The journal {path} is a link, and links are not followed here. Name the real file.").format(
                path=one_line(path)
            )
        )
    if not stat.S_ISREG(found.st_mode):
        raise JournalError(
            _("The journal {path} is not a regular file. Name another file under [journal] url.").format(
                path=one_line(path)
            )
        )
    if found.st_uid != os.geteuid():
        raise JournalError(
            _(
                "The journal {path} belongs to somebody else. Each person keeps a journal of their own: name another"
                " file under [journal] url."
            ).format(path=one_line(path))
        )
    if found.st_mode & 0o077:
        os.chmod(path, 0o600)


def _keep_entry(folder: Path) -> None:
    """The new file's name survives a power cut, not only its content."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
