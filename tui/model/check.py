"""The check of one user: its steps, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tui.kinds import Direction, Phase, Product, Status, Verdict
from tui.model.empty import EMPTY
from tui.model.people import User
from tui.model.services import Call


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: one step of the triage (contracts.md, JSON of `check`).

    `required` marks the facts that verdict.md requires: unknown among them means undetermined. `calls` are those that
    the check made, on the first of its findings; `kept_from` is the time of the check that it was taken over from."""

    id: str
    phase: Phase
    status: Status
    summary: str
    cause: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    fix: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    ms: int = 0
    required: bool = False
    calls: tuple[Call, ...] = ()
    kept_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step that a triage is going to take."""

    id: str
    title: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of the rules of verdict.md. `rule` is the number of the rule that decided;
    `sub_step` is 1, 2, 3 of set-up step 6, 0 for "none: this person's Google account", None elsewhere."""

    verdict: Verdict
    causes: tuple[str, ...]
    rule: int
    sub_step: int | None = None
    look_again_at: datetime | None = None
    open_errors: int = 0


class Missing(StrEnum):
    """What a person says does not sync."""

    NOTHING_SYNCS = "nothing_syncs"
    ALL_EVENTS = "all_events"
    ONE_EVENT = "one_event"
    CONTACTS = "contacts"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the person complains of: a check with it counts as reported. `direction` is BOTH where none was said."""

    missing: Missing
    direction: Direction = Direction.BOTH


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One user, checked. `user` is None when Salesforce could not be asked who that is.

    `sentence` says all in a line or two; `story` only what happened, without the verdict's name and what to do."""

    query: str
    user: User | None
    product: Product
    reported: bool
    judgement: Judgement
    steps: tuple[Finding, ...]
    checked_at: datetime
    sentence: str = ""
    not_tested: tuple[str, ...] = ()
    story: str = ""
    complaint: Complaint | None = None
