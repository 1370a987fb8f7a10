"""The error report of Lightning Sync."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tui.kinds import ErrorType
from tui.model.empty import EMPTY


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One row of the error report. `cells` is column label -> cell label, in the report's order."""

    id: str
    at: datetime | None
    user_id: str | None
    user_name: str
    type: ErrorType
    type_label: str
    text: str
    cells: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """What was read of the error report. `total` is the report's own count, None where it gave none;
    `complete` is False when rows are missing, `note` says why. `gap_before`: rows older than this may be missing, none
    newer; None where nothing is known of it beyond the rows' order."""

    rows: tuple[ErrorRow, ...]
    total: int | None
    complete: bool
    as_user: str
    read_at: datetime
    report_id: str = ""
    report_name: str = ""
    columns: Mapping[str, str] = field(default_factory=lambda: EMPTY)  # meaning (at, user, type, text) -> column label
    note: str = ""
    gap_before: datetime | None = None
