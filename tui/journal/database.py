"""The journal's database: opened safely, written durably, and every failure of it told in a sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from tui.journal.place import JournalError, prepare
from tui.sanitise import one_line, redact
from tui.words import N_, _

BUSY_SECONDS = 10

# What SQLite says -> what a person reads. Its own texts are fixed (sqlite3_errstr), so a part of each is enough.
_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        "locked",
        N_(
            "The journal {place} is in use by another program and did not become free in time."
            " Wait for that program to end, then try again."
        ),
    ),
    (
        "readonly",
        N_(
            "The journal {place} cannot be written: the disk or the file is read-only. Nothing is written to Salesforce"
            " without a journal. Give another place under [journal] url in the config file."
        ),
    ),
    ("disk is full", N_("The journal {place} cannot be written: the disk is full. Make room, then try again.")),
    (
        "not a database",
        N_(
            "The journal {place} is not a journal, or is damaged. Move the file away (keep it: it may hold unfinished"
            " resets) and start again with a new one."
        ),
    ),
    (
        "malformed",
        N_(
            "The journal {place} is damaged. Move the file away (keep it: it may hold unfinished resets) and start"
            " again with a new one."
        ),
    ),
)


def default_url(org: str = "config") -> str:
    """The journal's place when the config file names none: a SQLite file in the state folder, one for each config file,
    whose name (without .toml) is `org`."""
    from tui.config import state_folder

    name = "journal.sqlite3" if org == "config" else f"journal-{org}.sqlite3"
    return URL.create("sqlite", database=str(state_folder() / name)).render_as_string()


def open_engine(text: str) -> tuple[Engine, str]:
    """The engine for that SQLAlchemy url, and the place as a person reads it (no password). Raises JournalError."""
    try:
        url = make_url(text)
        place = one_line(url.render_as_string(hide_password=True))
        options: dict[str, Any] = {}
        sqlite = url.get_backend_name() == "sqlite"
        if sqlite:
            options["connect_args"] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
            if url.database in (None, "", ":memory:"):
                options["poolclass"] = StaticPool
            else:
                path = _path(str(url.database))
                place = one_line(path)
                prepare(path)
                url = url.set(database=str(path))
        engine = create_engine(url, **options)
    except (SQLAlchemyError, ImportError) as error:
        raise JournalError(
            _(
                "The journal's address under [journal] url cannot be used: {reason}."
                " It is a SQLAlchemy url, such as sqlite:////home/me/passerelle.sqlite3."
            ).format(reason=_reason(error).replace(text, "…"))
        ) from None
    if sqlite:
        event.listen(engine, "connect", _durable)
    return engine, place


@contextmanager
def guard(place: str) -> Iterator[None]:
    """What the database says inside becomes a JournalError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, ValueError) as error:
        reason = _reason(error)
        for part, sentence in _SENTENCES:
            if part in reason.lower():
                raise JournalError(_(sentence).format(place=place)) from None
        raise JournalError(
            _(
                "The journal {place} cannot be used: {reason}. Nothing is written to Salesforce without a journal."
            ).format(place=place, reason=reason)
        ) from None


def _path(database: str) -> Path:
    if database.startswith("file:"):
        raise JournalError(
            _(
                "The journal's address under [journal] url names a SQLite URI. Give the plain path: sqlite:////path/to/file"
            )
        )
    return Path(database).expanduser().absolute()


def _durable(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")  # where the disk cannot do it, SQLite stays with its rollback journal
    connection.execute("PRAGMA synchronous=FULL")


def _reason(error: BaseException) -> str:
    """What the database said, in one line, without the statement and its values."""
    text = str(getattr(error, "orig", None) or error).split("\n")[0]
    return one_line(redact(text), limit=300).rstrip(".")
