"""What has become of a row of the error report. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.model import ErrorRow, History, Past, RowState
from tui.triage.verdict import counts

NOTHING = History()


def is_open(row: ErrorRow, past: Past | None, now: datetime, open_days: int) -> bool:
    """Whether the row counts in a verdict (the rule stands in verdict.py)."""
    return counts(row, past.history if past else NOTHING, now - timedelta(days=open_days))


def row_state(
    row: ErrorRow, past: Past | None, now: datetime, open_days: int, *, new: bool = False, gone: bool = False
) -> RowState:
    """`new`: it came after the report was last looked at. `gone`: the report no longer has it."""
    if gone:
        return RowState.GONE
    history = past.history if past else NOTHING
    if row.at is not None and history.acknowledged_at is not None and row.at <= history.acknowledged_at:
        return RowState.ACKNOWLEDGED
    if not is_open(row, past, now, open_days):
        return RowState.OLD
    if past is not None and past.checked_at is not None and row.at is not None and row.at <= past.checked_at:
        return RowState.CHECKED
    return RowState.NEW if new else RowState.SEEN
