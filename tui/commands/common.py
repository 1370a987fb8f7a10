"""What every command needs: the options that all share, an open session, and the exit status of several outcomes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from tui.output import note, shown
from tui.words import _

if TYPE_CHECKING:
    from tui.config import Settings
    from tui.journal.store import Journal
    from tui.triage.session import Session


class Exit(IntEnum):
    """The exit statuses of contracts.md."""

    DONE = 0
    ATTENTION = 1
    USAGE = 2
    UNKNOWN = 3
    INTERRUPTED = 130
    READER_GONE = 141  # as a shell reports a process that SIGPIPE ended


_GRAVEST = (Exit.USAGE, Exit.ATTENTION, Exit.UNKNOWN, Exit.DONE)


def overall(statuses: Iterable[Exit]) -> Exit:
    """One status for several: 2 if an argument named nobody, else 1, else 3, else 0."""
    found = set(statuses)
    return next((status for status in _GRAVEST if status in found), Exit.DONE)


class UsageError(Exception):
    """The command was asked for something that it does not do: the text is the sentence; exit status 2."""


@dataclass(slots=True)
class Asked:
    """The options that every command takes, before or behind its name; what stands last counts."""

    config: Path | None = None
    org: str | None = None
    lang: str | None = None
    json: bool = False

    @property
    def named(self) -> bool:
        """Whether the config file was named, by its path or by its org."""
        return self.config is not None or self.org is not None

    def path(self) -> Path:
        """The config file to use. Raises UsageError for an org's name that leads out of the config folder."""
        return self.config if self.config is not None else org_file(self.org)


def org_file(org: str | None) -> Path:
    """The file of that org in the config folder, `config.toml` for None.

    The same answer as `tui.config.config_path`, whose module costs a fifth of a second that the console's first frame
    would wait for; it is asked only about a name that needs judging."""
    if org is None:
        import platformdirs

        return Path(platformdirs.user_config_path("passerelle")) / "config.toml"
    from tui.config import ConfigError, config_path

    try:
        return config_path(org)
    except ConfigError as error:
        raise UsageError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Opened:
    """The settings of a config file, its journal, and a session on both."""

    settings: Settings
    journal: Journal
    session: Session


@asynccontextmanager
async def opened(asked: Asked) -> AsyncIterator[Opened]:
    """A session on the config file that was asked for, closed at the end. Raises ConfigError, JournalError."""
    from tui.config import load
    from tui.journal.store import Journal
    from tui.triage.session import Session

    settings = load(asked.path())
    journal = Journal(settings.journal.url, org=settings.path.stem, keep_days=settings.journal.keep_days)
    try:
        session = Session(settings, journal)
        try:
            yield Opened(settings, journal, session)
        finally:
            await session.aclose()
    finally:
        journal.close()


def settings_if_any(asked: Asked) -> Settings | None:
    """The config file, for what works without one too: None where there is none, or (said) where the usual one cannot
    be used. Raises ConfigError for a file that was named."""
    from tui.config import ConfigError, load

    path = asked.path()
    if not asked.named and not path.exists():
        return None
    try:
        return load(path)
    except ConfigError as error:
        if asked.named:
            raise
        note(_("The config file {path} is left aside, for it cannot be used:").format(path=path))
        note(str(error))
        return None


def say_unfinished(session: Session) -> None:
    """Resets that an earlier run left without a known end are named, with the way to go on. To be called after a login.

    Raises JournalError."""
    for write in session.unfinished():
        note(
            _(
                "A reset of {name} ({user}), asked for on {time} by {by}, was left without a known end. To follow it:"
                " passerelle reset --wait {user}"
            ).format(name=write.user_name, user=write.user_id, time=shown(write.planned_at), by=write.by)
        )
