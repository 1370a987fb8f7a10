"""What the journal knows of the user, and the closing of a reset that ended while nobody watched."""

from __future__ import annotations

from datetime import timedelta

from tui.model import History, Outcome, PageReading, RowKind, Write
from tui.triage.checks.facts import UserFacts
from tui.triage.checks.status_page import LIVE
from tui.words import _

ORGANISATION = frozenset({"orgConfigInfo", "orgContacts", "orgEvents"})
NOT_YET_SHOWN = timedelta(minutes=1)
"""A reset that was never seen under way counts as over only this long after it was pressed."""


def settle(facts: UserFacts) -> History:
    """Close this user's resets that the page shows to be over; then what the verdict needs to know of the past.

    Raises JournalError."""
    journal, org = facts.org.journal, facts.org.org
    reading = facts.reading
    # A page that was saved may be older than the reset: only a live one can say that it is over.
    if reading is not None and reading.source == LIVE and reading.first(RowKind.RESET) is None:
        for write in facts.org.unfinished:
            if write.user_id == facts.user.id and write.stage == "pressed" and _over(write, facts):
                reason = _("Over when a later check looked: the page no longer shows a reset.")
                after = {"rows": rows_of(reading)}
                journal.end_write(write.id, Outcome.DONE, reason, after, facts.org.clock())
                facts.org.histories[facts.user.id] = journal.history(org.id, facts.user.id)
    return facts.org.histories[facts.user.id]


def rows_of(reading: PageReading | None) -> dict[str, str]:
    """The user's status rows as label -> value, each label with its table's id."""
    rows = (row for row in (reading.rows if reading else ()) if row.table not in ORGANISATION)
    return {f"{row.table}: {row.label}" if row.table else row.label: row.value for row in rows}


def _over(write: Write, facts: UserFacts) -> bool:
    if write.running_at is not None or write.pressed_at is None:
        return write.running_at is not None
    return facts.org.clock() - write.pressed_at >= NOT_YET_SHOWN
