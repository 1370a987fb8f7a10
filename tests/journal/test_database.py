"""The journal on disk: private, durable, shared, and every failure a sentence."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journal.conftest import ANNE, NOON, ORG, Clock, result
from tui.journal import database
from tui.journal.store import Journal, JournalError
from tui.model import GuidedTest, Judgement, Outcome, Verdict

REPOSITORY = Path(__file__).parents[2]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_at(place: Path) -> Journal:
    return Journal(f"sqlite:///{place}")


def test_file_and_folder_are_private_whatever_the_umask(place: Path) -> None:
    before = os.umask(0)
    try:
        journal = open_at(place)
        journal.begin_write(ORG, "marie", ANNE, {})
        assert mode(place.parent) == 0o700
        beside = sorted(place.parent.iterdir())
        assert [path.name for path in beside] == ["journal.sqlite3", "journal.sqlite3-shm", "journal.sqlite3-wal"]
        assert {mode(path) for path in beside} == {0o600}
        journal.close()
    finally:
        os.umask(before)


def test_a_file_of_ours_that_others_can_read_is_closed_to_them(place: Path) -> None:
    open_at(place).close()
    place.chmod(0o644)
    open_at(place).close()
    assert mode(place) == 0o600


def test_a_link_is_refused_and_what_it_points_to_left_alone(tmp_path: Path, place: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(b"precious")
    place.parent.mkdir(mode=0o700)
    place.symlink_to(target)
    with pytest.raises(JournalError, match="is a link"):
        open_at(place)
    assert target.read_bytes() == b"precious"
    target.unlink()
    with pytest.raises(JournalError, match="is a link"):
        open_at(place)
    assert not target.exists()


def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(JournalError, match=r"folder .* is a link"):
        open_at(tmp_path / "link" / "journal.sqlite3")


def test_a_folder_that_others_may_change_is_refused_with_the_chmod(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(JournalError, match=f"chmod go-w {folder}"):
        open_at(folder / "journal.sqlite3")


def test_something_that_is_no_file_is_refused(place: Path) -> None:
    place.mkdir(parents=True, mode=0o700)
    place.parent.chmod(0o700)
    with pytest.raises(JournalError, match="not a regular file"):
        open_at(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize(
    ("given_away", "words"), [("file", "belongs to somebody else"), ("folder", "folder .* belongs")]
)
def test_what_belongs_to_somebody_else_is_refused(place: Path, given_away: str, words: str) -> None:
    open_at(place).close()
    os.chown(place if given_away == "file" else place.parent, 12345, -1)
    with pytest.raises(JournalError, match=words):
        open_at(place)


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_disk_that_takes_no_new_file_is_said(place: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("tui.journal.place.os.open", refuse)
    with pytest.raises(JournalError, match=os.strerror(number)) as refused:
        open_at(place)
    assert "Nothing is written to Salesforce" in str(refused.value)


def test_a_journal_that_became_read_only_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = database._durable

    def read_only(connection: sqlite3.Connection, record: object) -> None:
        real(connection, record)
        connection.execute("PRAGMA query_only=ON")

    monkeypatch.setattr(database, "_durable", read_only)
    with pytest.raises(JournalError, match="read-only"):
        open_at(place)


@pytest.mark.parametrize(
    "content", [b"this is no database, but a text of some length" * 40, bytes(range(256)) * 32], ids=["text", "noise"]
)
def test_a_file_that_is_no_journal_is_said_and_kept(place: Path, content: bytes) -> None:
    place.parent.mkdir(mode=0o700)
    place.write_bytes(content)
    with pytest.raises(JournalError, match="damaged"):
        open_at(place)
    assert place.read_bytes() == content


def test_a_journal_damaged_inside_is_said(place: Path) -> None:
    journal = open_at(place)
    for _ in range(200):
        journal.record_check(ORG, "marie", result(checked_at=NOON.replace(year=2126)))
    journal.close()
    content = bytearray(place.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    place.write_bytes(content)
    with pytest.raises(JournalError, match="damaged"):
        open_at(place).checks(ORG.id, ANNE.id)


def test_a_locked_journal_is_said_after_a_while(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    journal = open_at(place)
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="in use by another program"):
        journal.begin_write(ORG, "marie", ANNE, {})
    with pytest.raises(JournalError, match="in use by another program"):
        open_at(place)
    other.execute("ROLLBACK")
    assert journal.begin_write(ORG, "marie", ANNE, {}) == 1
    other.close()
    journal.close()


def test_a_newer_journal_is_refused_untouched(place: Path) -> None:
    open_at(place).close()
    other = sqlite3.connect(place)
    other.execute("UPDATE passerelle_schema SET version = 99")
    other.execute("DROP TABLE acknowledgements")
    other.commit()
    with pytest.raises(JournalError, match="newer Passerelle"):
        open_at(place)
    assert "acknowledgements" not in {row[0] for row in other.execute("SELECT name FROM sqlite_master")}
    other.close()


@pytest.mark.parametrize(
    "url",
    [
        "not a url",
        "oracle+nosuchdriver://me:hunter2@host/db",
        "postgresql://me:hunter2@127.0.0.1:1/db",
        "sqlite:///file:x?uri=true",
    ],
)
def test_an_address_that_cannot_be_used_is_said_without_its_password(url: str) -> None:
    with pytest.raises(JournalError, match="journal") as refused:
        Journal(url)
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(refused.value)
    assert refused.value.__cause__ is None


def test_a_journal_in_memory_needs_no_file() -> None:
    journal = Journal("sqlite://")
    journal.begin_write(ORG, "marie", ANNE, {})
    assert len(journal.unfinished(ORG.id)) == 1
    journal.close()


def test_a_failed_opening_leaves_the_file_usable(place: Path, clock: Clock) -> None:
    open_at(place).close()
    with pytest.raises(OverflowError):
        Journal(f"sqlite:///{place}", keep_days=10**9, now=clock)
    journal = open_at(place)
    assert journal.begin_write(ORG, "marie", ANNE, {}) == 1
    journal.close()


CRASH = """
import sys, time
from tests.journal.conftest import ANNE, NOON, ORG
from tui.journal.store import Journal
journal = Journal(sys.argv[1])
first = journal.begin_write(ORG, "marie", ANNE, {"fails": ["a.b.c"]})
second = journal.begin_write(ORG, "marie", ANNE, {})
journal.pressed(second, NOON)
print("begun", flush=True)
time.sleep(60)
"""


def test_unfinished_writes_survive_a_killed_process(place: Path) -> None:
    url = f"sqlite:///{place}"
    with subprocess.Popen(
        [sys.executable, "-c", CRASH, url], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        child.send_signal(signal.SIGKILL)
    journal = Journal(url)
    left = journal.unfinished(ORG.id)
    assert [(write.stage, write.by, dict(write.before)) for write in left] == [
        ("planned", "marie", {"fails": ["a.b.c"]}),
        ("pressed", "marie", {}),
    ]
    journal.end_write(left[0].id, Outcome.UNKNOWN, "left", {}, NOON)
    assert [write.id for write in journal.unfinished(ORG.id)] == [left[1].id]
    journal.close()


TOGETHER = """
import sys
from tests.journal.conftest import ANNE, ORG, result
from tui.journal.store import Journal
journal = Journal(sys.argv[1])
for _ in range(40):
    journal.record_check(ORG, sys.argv[2], result())
    journal.begin_write(ORG, sys.argv[2], ANNE, {})
"""


def test_processes_share_a_new_journal(place: Path) -> None:
    url = f"sqlite:///{place}"
    children = [
        subprocess.Popen([sys.executable, "-c", TOGETHER, url, name], cwd=REPOSITORY, stderr=subprocess.PIPE, text=True)
        for name in ("marie", "paul")
    ]
    assert [(child.communicate()[1], child.returncode) for child in children] == [("", 0)] * 2
    journal = Journal(url, keep_days=10_000)
    by = [write.by for write in journal.unfinished(ORG.id)]
    assert (by.count("marie"), by.count("paul")) == (40, 40)
    journal.close()


def test_a_journal_of_the_first_form_is_brought_up_and_keeps_all_it_held(place: Path) -> None:
    journal = open_at(place)
    journal.begin_write(ORG, "marie", ANNE, {"fails": ["x"]})
    journal.acknowledge(ORG.id, ANNE.id, "marie", "seen", NOON)
    journal.close()
    with sqlite3.connect(place) as connection:  # as version 0.1 left it
        connection.execute("DROP TABLE connection_tests")
        connection.execute("ALTER TABLE checks DROP COLUMN look_again_at")
        connection.execute("UPDATE passerelle_schema SET version = 1")
    connection.close()
    for _opening in range(2):
        journal = open_at(place)
        assert [write.before for write in journal.unfinished(ORG.id)] == [{"fails": ["x"]}]
        assert journal.history(ORG.id, ANNE.id).acknowledged_at == NOON
        test = GuidedTest("calendar", None, "Wunderbar", ANNE.id, ANNE.name, "marie", NOON)
        journal.record_connection_test(ORG.id, test)
        assert journal.connection_tests(ORG.id, NOON)[0] == test
        assert journal.connection_tests(ORG.id, NOON + timedelta(seconds=1)) == ()
        assert journal.connection_tests("00D", NOON) == ()
        journal.close()
    with sqlite3.connect(place) as connection:
        assert connection.execute("SELECT version FROM passerelle_schema").fetchall() == [(4,)]
    connection.close()


def test_a_check_of_an_older_form_stands_without_the_time_to_look_again(place: Path) -> None:
    journal = open_at(place)
    journal.record_check(ORG, "marie", result())
    journal.close()
    with sqlite3.connect(place) as connection:  # as the third form left it
        connection.execute("ALTER TABLE checks DROP COLUMN look_again_at")
        connection.execute("UPDATE passerelle_schema SET version = 3")
    connection.close()
    journal = open_at(place)
    due = NOON + timedelta(minutes=20)
    judgement = Judgement(Verdict.WAIT, (), 2, None, due, 0)
    journal.record_check(ORG, "marie", result(judgement=judgement, checked_at=NOON + timedelta(minutes=1)))
    newer, older = journal.checks(ORG.id, ANNE.id)
    assert (newer.look_again_at, older.look_again_at) == (due, None)
    journal.close()
