"""What is read of the organisation as a whole, and what the journal adds to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tui.model import ErrorReport, LookAgain, Overview, Past
from tui.records import Records


@dataclass(frozen=True, slots=True)
class LoadOverview:
    """Answered by OverviewLoaded, one for each stage until it is whole, or by Failed."""


@dataclass(frozen=True, slots=True)
class LoadErrors:
    """Answered by ErrorsLoaded and PastLoaded, or Failed."""


@dataclass(frozen=True, slots=True)
class LoadLookAgain:
    """Who is to be looked at again. Answered by LookAgainLoaded or Failed."""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Somebody looked at the errors of these users (contracts.md's USER) up to that moment: they decide nothing more.
    Kept in the journal; nothing is written to Salesforce. Answered by PastLoaded or Failed."""

    users: tuple[str, ...]
    note: str
    until: datetime


Request = LoadOverview | LoadErrors | LoadLookAgain | Acknowledge


@dataclass(frozen=True, slots=True)
class OverviewLoaded:
    ticket: int
    overview: Overview


@dataclass(frozen=True, slots=True)
class ErrorsLoaded:
    ticket: int
    report: ErrorReport


@dataclass(frozen=True, slots=True)
class LookAgainLoaded:
    ticket: int
    people: tuple[LookAgain, ...]


@dataclass(frozen=True, slots=True)
class PastLoaded:
    """What the journal knows of every user that it names. `read_before`: when this person last read the report before
    this session, None where never. `open_days`: an older error is old."""

    ticket: int
    users: tuple[Past, ...]
    open_days: int
    read_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordsLoaded:
    """What the journal holds of one user; it comes after a check of theirs."""

    ticket: int
    records: Records


Event = OverviewLoaded | ErrorsLoaded | LookAgainLoaded | PastLoaded | RecordsLoaded
