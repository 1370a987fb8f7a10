"""What the journal knows: of a user, of a test made by hand, of whom to look at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tui.kinds import Verdict


@dataclass(frozen=True, slots=True)
class History:
    """What the journal knows of one user in one org, as far as the verdict needs it.

    `reset_after` is a moment that lies surely before the last completed reset ended and after it was
    asked for, by Salesforce's clock: rows newer than it are newer than the reset."""

    reset_after: datetime | None = None
    fails_at_reset: frozenset[str] = frozenset()
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What the journal knows of one user in one org, for a list of many: the last check, what became of older errors,
    and who acknowledged them with which words. `assigned` is whether that check found the user in an active
    configuration, None where it could not tell."""

    user_id: str
    user_name: str = ""
    checked_at: datetime | None = None
    verdict: Verdict | None = None
    causes: tuple[str, ...] = ()
    assigned: bool | None = None
    history: History = History()
    acknowledged_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GuidedTest:
    """One message of Salesforce's own connection test, as an admin recorded it. `side` is "calendar" or "contacts";
    `ok` is None where its wording is not known; `message` is what it said, empty where only the outcome was given."""

    side: str
    ok: bool | None
    message: str
    user_id: str
    user_name: str
    by: str
    at: datetime


class LookAgainFor(StrEnum):
    """Why somebody is on the list of people to look at again."""

    RESET = "reset"
    WAIT = "wait"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Somebody to look at again at `due`. The last verdict, and when it was given, are those of the journal."""

    user_id: str
    user_name: str
    due: datetime
    why: LookAgainFor
    since: datetime
    verdict: Verdict | None = None
    checked_at: datetime | None = None
