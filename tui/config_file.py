"""The config file as a person's file that the program may rewrite: read as a plain dict, changed, written back whole.

What is written was first loaded as a config file; it replaces the former file at once (who reads sees the old or the
new, never a part), and the former file stays beside it, dated, with the comments that a rewritten file cannot keep.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import tomli_w

from tui import config
from tui.config import ConfigError, Problem, Settings
from tui.figures import place
from tui.reasons import why
from tui.sanitise import one_line
from tui.words import _

_TRIES = 100


class FileChangedError(ConfigError):
    """The file on disk is no longer the one that was read: nothing was written."""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A config file as it was read. `data` is what it holds (copy it deeply before changing it), `content` its bytes,
    None where there is no file yet."""

    path: Path
    data: Mapping[str, Any]
    content: bytes | None

    @property
    def has_comments(self) -> bool:
        """Whether there are comments that a rewritten file will not have. (A # inside a text counts as one: rather one
        warning too many.)"""
        return b"#" in (self.content or b"")


@dataclass(frozen=True, slots=True)
class Written:
    """What writing came to: the settings now in force, and where the former file is kept (None: there was none)."""

    settings: Settings
    backup: Path | None
    comments: bool = False
    """Whether the former file had comments: only the backup has them now."""

    @property
    def sentence(self) -> str:
        """What to tell the person who asked for it."""
        path = place(self.settings.path)
        if self.backup is None:
            return _("Written to {path}.").format(path=path)
        kept = one_line(self.backup.name)
        if self.comments:
            return _("Written to {path}. The previous file, with its comments, is kept beside it as {kept}.").format(
                path=path, kept=kept
            )
        return _("Written to {path}. The previous file is kept beside it as {kept}.").format(path=path, kept=kept)


def read(path: Path) -> ConfigFile:
    """The file at `path`, to be changed. Raises ConfigError where it cannot be read, is no TOML or is a link."""
    _refuse_link(path)
    content = config.content(path)
    return ConfigFile(path, config.parse(content), content)


def new(path: Path) -> ConfigFile:
    """A file that is yet to be written at `path`. Raises FileChangedError where there is something already."""
    if os.path.lexists(path):
        raise FileChangedError([Problem("", _("There is a file {path} already.").format(path=place(path)))])
    return ConfigFile(path, {}, None)


def write(former: ConfigFile, data: Mapping[str, Any], *, now: Callable[[], datetime] = datetime.now) -> Written:
    """Replace the former file by one that holds `data`.

    Raises FileChangedError where the file is no longer the former one, ConfigError with what is wrong in `data`, or
    with the reason why the disk did not take it. In every case the file at `path` is then as it was."""
    path = former.path
    try:
        if former.content is None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone_in(path.parent) as folder:
            _refuse_change(former)
            backup = None
            with _prepared(path, tomli_w.dumps(data).encode()) as prepared:
                settings = config.settings_of(config.parse(config.content(prepared)), path)
                if former.content is not None:
                    backup = _keep(path, former.content, now())
                _refuse_change(former)
                prepared.replace(path)
            with suppress(OSError):  # the file is in its place; not every file system takes this for a folder
                os.fsync(folder)
    except OSError as problem:
        sentence = _("The config file {path} cannot be written: {reason}. It is as it was.")
        raise ConfigError([Problem("", sentence.format(path=place(path), reason=why(problem)))]) from None
    return Written(settings, backup, former.has_comments)


@contextmanager
def _alone_in(folder: Path) -> Iterator[int]:
    """The folder, opened, while no other Passerelle writes in it (where the file system can keep others out)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _prepared(path: Path, content: bytes) -> Iterator[Path]:
    """A file beside `path` with that content, safe on the disk, for its owner alone; gone again unless it was moved."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        _fill(descriptor, content)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _keep(path: Path, content: bytes, now: datetime) -> Path:
    """Keep the former content under a dated name that was free. The name does not end in .toml: it is no org's."""
    for number in range(1, _TRIES + 1):
        again = f"-{number}" if number > 1 else ""
        backup = path.with_name(f"{path.name}.{now:%Y-%m-%d-%H%M%S}{again}.bak")
        with suppress(FileExistsError):
            descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                _fill(descriptor, content)
            except BaseException:
                backup.unlink(missing_ok=True)
                raise
            return backup
    raise FileExistsError(_("every name for a backup is taken"))


def _fill(descriptor: int, content: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        sentence = _("{path} is a link, and files are not changed through links: name the file that it leads to.")
        raise ConfigError([Problem("", sentence.format(path=place(path)))])


def _refuse_change(former: ConfigFile) -> None:
    _refuse_link(former.path)
    try:
        now = former.path.read_bytes()
    except FileNotFoundError:
        now = None
    if now != former.content:
        sentence = _("The file {path} was changed by someone else meanwhile, so nothing was written: look at it again.")
        raise FileChangedError([Problem("", sentence.format(path=place(former.path)))])
