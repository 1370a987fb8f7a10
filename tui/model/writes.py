"""Resets: planned, written, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tui.kinds import Outcome
from tui.model.empty import EMPTY
from tui.model.people import Org, User


@dataclass(frozen=True, slots=True)
class ResetPlan:
    """What a reset would do, or why it is refused (`refusal` is then the sentence; `by_hand`: it can still be pressed
    in Setup, by a person). `owned` is how many records of each kind the user owns, None where that is not known, and
    then why: (kind, number, reason)."""

    user: User
    org: Org
    refusal: str = ""
    needs_proof: bool = False
    warnings: tuple[str, ...] = ()
    before: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    owned: tuple[tuple[str, int | None, str], ...] = ()
    by_hand: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """A write to Salesforce as the journal holds it. `stage` is planned (written before the request
    left), pressed (Salesforce answered it), or ended."""

    id: int
    org_id: str
    user_id: str
    user_name: str
    by: str
    acting_user: str
    stage: str
    planned_at: datetime
    pressed_at: datetime | None = None
    running_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""
    before: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    after: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class ResetResult:
    """What came of one reset (contracts.md, JSON of `reset`). `unread`: the status page cannot be read from here, so
    only the page given by hand shows how it stands now."""

    query: str
    user: User | None
    method: str
    outcome: Outcome
    reason: str
    before: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    after: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    unread: bool = False
