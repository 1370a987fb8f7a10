"""The config file is replaced whole or not at all, its former content is kept, and nobody else's change is lost."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.config.test_broken_files import SALESFORCE
from tui import config_file
from tui.config import ConfigError, config_path, load, orgs
from tui.config_file import FileChangedError, new, read, write

NOW = datetime(2026, 11, 25, 14, 30, 5)
SALES = {"name": "Sales", "users": ["ann@acme.example"], "data_set": {"events_from": date(2026, 1, 1)}}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(folder: Path) -> Path:
    """A config file with a comment in it, open to others."""
    path = folder / "config.toml"
    path.write_text(f"# ours\n{SALESFORCE}")
    path.chmod(0o644)
    return path


def changed(former: config_file.ConfigFile, **sections: Any) -> dict[str, Any]:
    return {**deepcopy(dict(former.data)), **sections}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def beside(path: Path) -> set[str]:
    """The files in the folder that were not there at the start."""
    return {item.name for item in path.parent.iterdir()} - {
        *("config.toml", "salesforce.key", "google.json", "authorities.pem")
    }


def test_a_changed_file_is_written_and_the_former_kept(path: Path) -> None:
    before = path.read_bytes()

    written = write(former := read(path), changed(former, configurations=[SALES]), now=lambda: NOW)

    assert former.has_comments
    assert load(path).configurations == written.settings.configurations
    assert [each.name for each in written.settings.configurations] == ["Sales"]
    assert written.settings.path == path
    assert mode(path) == 0o600
    assert written.backup == path.with_name("config.toml.2026-11-25-143005.bak")
    assert written.backup.read_bytes() == before
    assert mode(written.backup) == 0o600
    assert beside(path) == {written.backup.name}
    assert written.sentence == (
        f"Written to {path}. The previous file, with its comments, is kept beside it as {written.backup.name}."
    )
    assert not read(path).has_comments


def test_what_is_read_back_is_what_was_meant(path: Path) -> None:
    former = read(path)
    data = changed(
        former,
        configurations=[SALES, {"name": 'Quotes " \\ é 🗓', "active": False, "users": []}],
        triage={"open_days": 7, "api_reserve": 0.35},
        links={"user": "/x?{id}"},
    )

    write(former, data)

    assert dict(read(path).data) == data


def test_no_backup_is_ever_overwritten(path: Path) -> None:
    for _again in range(3):
        write(former := read(path), changed(former, triage={"open_days": 7}), now=lambda: NOW)

    assert beside(path) == {f"config.toml.2026-11-25-143005{again}.bak" for again in ("", "-2", "-3")}
    assert path.with_name("config.toml.2026-11-25-143005.bak").read_text().startswith("# ours")


def test_a_backup_is_no_org(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr("platformdirs.user_config_path", lambda _app: folder / "passerelle")
    path = config_path("acme")
    key = folder / "salesforce.key"
    data = tomllib.loads(SALESFORCE.replace("salesforce.key", str(key)))

    written = write(new(path), data)
    assert written.backup is None
    assert written.sentence == f"Written to {path}."
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)

    write(read(path), data)
    assert orgs() == ("acme",)


def test_a_new_file_is_never_written_over_another(path: Path, folder: Path) -> None:
    with pytest.raises(FileChangedError, match="already"):
        new(path)

    late = new(folder / "late.toml")
    late.path.write_text("theirs")
    with pytest.raises(FileChangedError, match="changed by someone else"):
        write(late, read(path).data)
    assert late.path.read_text() == "theirs"


def test_a_file_with_problems_replaces_nothing(path: Path) -> None:
    before = path.read_bytes()
    former = read(path)

    with pytest.raises(ConfigError) as caught:
        write(former, changed(former, configurations=[{"name": "Sales", "events": {"direction": "bth"}}]))

    assert [problem.key for problem in caught.value.problems] == ["configurations[0].events.direction"]
    assert path.read_bytes() == before
    assert beside(path) == set()


def test_a_file_too_large_to_be_read_again_replaces_nothing(path: Path) -> None:
    before = path.read_bytes()
    former = read(path)
    crowd = [f"user{number}@acme.example" for number in range(50_000)]

    with pytest.raises(ConfigError, match="larger than 1 MiB"):
        write(former, changed(former, configurations=[{"name": "Sales", "users": crowd}]))

    assert path.read_bytes() == before
    assert beside(path) == set()


@pytest.mark.parametrize(
    ("meddle", "left"),
    [
        (lambda path: path.write_text("theirs"), b"theirs"),
        (lambda path: path.unlink(), None),
    ],
    ids=["edited", "removed"],
)
@pytest.mark.parametrize("when", ["before", "while the backup is written"])
def test_the_change_of_another_is_not_lost(
    path: Path,
    meddle: Callable[[Path], object],
    left: bytes | None,
    when: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former = read(path)
    if when == "before":
        meddle(path)
    else:
        keep = config_file._keep
        monkeypatch.setattr(config_file, "_keep", lambda *arguments: (meddle(path), keep(*arguments))[1])

    with pytest.raises(FileChangedError, match="changed by someone else"):
        write(former, changed(former, triage={"open_days": 7}))

    assert (path.read_bytes() if path.exists() else None) == left


def test_a_link_is_not_written_through(path: Path, folder: Path) -> None:
    real = folder / "real.toml"
    former = read(path)
    path.rename(real)
    before = real.read_bytes()
    path.symlink_to(real)

    with pytest.raises(ConfigError, match="is a link"):
        read(path)
    with pytest.raises(ConfigError, match="is a link"):
        write(former, former.data)
    assert path.is_symlink()
    assert real.read_bytes() == before


@pytest.mark.parametrize("file", [1, 2])
def test_a_full_disk_leaves_everything_as_it_was(path: Path, file: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first file that is written is the new one, the second the backup."""
    before = path.read_bytes()
    fsync, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == file:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    former = read(path)

    with pytest.raises(ConfigError, match=r"cannot be written: No space left on device\. It is as it was"):
        write(former, changed(former, triage={"open_days": 7}))

    assert path.read_bytes() == before
    assert beside(path) == set()


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """With the rights of a user whose own folder this is; the tests may run as root, whom nothing is closed to."""
    if os.geteuid() != 0:
        yield
        return
    for item in (folder, *folder.iterdir()):
        os.chown(item, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_is_read_only(path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to everyone else
        folder = Path(name)
        key = folder / "salesforce.key"
        key.write_bytes((path.parent / "salesforce.key").read_bytes())
        key.chmod(0o600)
        own = folder / "config.toml"
        own.write_bytes(before := path.read_bytes())
        folder.chmod(0o500)
        with as_nobody(folder):
            former = read(own)
            with pytest.raises(ConfigError, match="cannot be written: Permission denied"):
                write(former, changed(former, triage={"open_days": 7}))
            with pytest.raises(ConfigError, match="cannot be written: Permission denied"):
                write(new(folder / "deeper" / "config.toml"), former.data)
        assert own.read_bytes() == before
        folder.chmod(0o700)


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from tui.config_file import read, write

    path = Path(sys.argv[1])
    former = read(path)
    before = path.read_bytes()
    write(former, {**former.data, "triage": {"open_days": 6}})
    for backup in path.parent.glob("*.bak"):
        backup.unlink()
    path.write_bytes(before)

    def killed_at(step):
        left = [step]
        def hook(event, _arguments):
            if event == "open" or event.startswith(("os.", "tempfile.", "fcntl.")):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        write(former, {**former.data, "triage": {"open_days": 7}})
        os._exit(0)

    for step in range(1, 200):
        if not (child := os.fork()):
            killed_at(step)
        _, status = os.waitpid(child, 0)
        whole = path.read_bytes() == before
        kept = [backup.read_bytes() == before for backup in path.parent.glob("*.bak")]
        print("old" if whole else "new" if read(path).data["triage"] == {"open_days": 7} else "broken", sum(kept))
        if not whole:
            path.write_bytes(before)
        if not status:
            break
        write(former, former.data)
        path.write_bytes(before)
        for backup in path.parent.glob("*.bak"):
            backup.unlink()
    else:
        print("endless")
"""


def test_killed_between_any_two_steps_the_file_is_the_old_or_the_new(path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), path], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert ran.stderr == ""
    steps = [line.split()[0] for line in ran.stdout.splitlines()]
    assert set(steps) == {"old", "new"}
    assert len(steps) > 10
    assert steps == sorted(steps, reverse=True), "once new, it stays new"
    assert all(int(line.split()[1]) == 1 for line in ran.stdout.splitlines() if line.startswith("new"))
