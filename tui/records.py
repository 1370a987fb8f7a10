"""What the journal holds of one user, as it is shown: checks and writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tui.model import Verdict, Write


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """One check as the journal holds it. `steps` is step id -> status; `look_again_at` is not known of a check that an
    older version made."""

    id: int
    org_id: str
    user_id: str
    user_name: str
    query: str
    by: str
    acting_user: str
    reported: bool
    verdict: Verdict
    causes: tuple[str, ...]
    steps: Mapping[str, str]
    open_errors: int
    sentence: str
    checked_at: datetime
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """The newest checks and resets of one user in one org, newest first."""

    user_id: str
    checks: tuple[CheckRecord, ...] = ()
    resets: tuple[Write, ...] = ()
