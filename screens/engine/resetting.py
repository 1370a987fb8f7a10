"""Resets: planned, carried out, recorded, taken up again."""

from __future__ import annotations

from dataclasses import dataclass

from tui.model import ResetPlan, ResetResult, Write


@dataclass(frozen=True, slots=True)
class PlanReset:
    """What a reset of this user would do. Answered by ResetPlanned. Writes nothing.

    `overrule` is the admin's reason where the verdict is not a reset."""

    user_id: str
    overrule: str = ""


@dataclass(frozen=True, slots=True)
class StartReset:
    """Reset this user: the admin has said yes to this plan. Answered by ResetProgress…, ResetDone, then CheckDone."""

    user_id: str
    overrule: str = ""


@dataclass(frozen=True, slots=True)
class RecordReset:
    """Keep that an admin pressed Reset for this user by hand, in Setup; `done` whether Setup took it. Answered by
    ResetDone, then CheckDone; by ResetDone alone where a check cannot read the page."""

    user_id: str
    done: bool
    overrule: str = ""


@dataclass(frozen=True, slots=True)
class ResumeWrite:
    """Go on with an unfinished write: look, follow, verify; never press again. Answered like StartReset."""

    write_id: int


@dataclass(frozen=True, slots=True)
class DropWrite:
    """Leave an unfinished write as it is: it is closed in the journal with the outcome `unknown`."""

    write_id: int


Request = PlanReset | StartReset | RecordReset | ResumeWrite | DropWrite


@dataclass(frozen=True, slots=True)
class ResetPlanned:
    ticket: int
    plan: ResetPlan


@dataclass(frozen=True, slots=True)
class ResetProgress:
    """`text` says what is going on; `seconds` since the reset was asked for."""

    ticket: int
    text: str
    seconds: int


@dataclass(frozen=True, slots=True)
class ResetDone:
    ticket: int
    result: ResetResult


@dataclass(frozen=True, slots=True)
class Unfinished:
    ticket: int
    writes: tuple[Write, ...]


Event = ResetPlanned | ResetProgress | ResetDone | Unfinished
