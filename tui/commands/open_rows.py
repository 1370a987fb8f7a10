"""Which rows of the error report are open, for all users at once (verdict.md says what open means)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from tui.commands.common import Opened
from tui.model import ErrorRow, History
from tui.triage import verdict


def open_rows(opened: Opened, org_id: str, rows: Iterable[ErrorRow]) -> dict[str, list[ErrorRow]]:
    """The open rows by user: the id, or the name of a user whom the report gives no id for. In the order of `rows`.

    Raises JournalError."""
    now, days = datetime.now(UTC), opened.settings.triage.open_days
    recent: dict[str, list[ErrorRow]] = {}
    for row in verdict.open_errors(rows, History(), now, days):
        recent.setdefault(row.user_id or row.user_name, []).append(row)
    found = {}
    for user, of_user in recent.items():
        history = opened.journal.history(org_id, user)
        if still := list(verdict.open_errors(of_user, history, now, days)):
            found[user] = still
    return found
