"""The error report, read once, and the rows of it that are this user's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from tui import figures
from tui.model import Finding, Phase, ServiceError, Status
from tui.triage.checks.facts import OrgFacts, UserFacts, caused, refused, told
from tui.triage.checks.past import settle
from tui.triage.reading import REJECTED
from tui.triage.verdict import open_errors, undated
from tui.words import _, ngettext

REPORT = "salesforce.report"
ERRORS = "salesforce.errors"
DATA = "salesforce.data"

_REJECTED = re.compile(REJECTED)


async def report(facts: OrgFacts) -> Sequence[Finding]:
    """The report can be read. It is read once for all users."""
    try:
        read = await facts.report()
    except ServiceError as error:
        return [refused(facts, REPORT, Phase.STATUS, error, required=True)]
    known = {"report": read.report_name, "rows": len(read.rows), "total": read.total, "as_user": read.as_user}
    summary = ngettext(
        "The error report was read: {rows} row.", "The error report was read: {rows} rows.", len(read.rows)
    )
    summary = summary.format(rows=figures.number(len(read.rows)))
    if not read.complete:
        summary += " " + _("It was not read whole: rows are missing.")
        summary += f" {read.note}" if read.note else ""
    known |= {"complete": read.complete, "columns": dict(read.columns), "note": read.note}
    return [told(REPORT, Phase.STATUS, Status.PASS, summary, known, required=True)]


async def errors(facts: UserFacts) -> Sequence[Finding]:
    """The user's open errors: newer than the last completed reset and acknowledgement, and not too old."""
    facts.history = settle(facts)
    try:
        rows = await facts.org.rows_of(facts.user)
    except ServiceError:
        return [told(ERRORS, Phase.STATUS, Status.SKIP, _("The error report was not read."))]
    days, now = facts.org.settings.triage.open_days, facts.org.clock()
    facts.rows, facts.open_errors = rows, open_errors(rows, facts.history, now, days)
    known = {
        "rows": len(rows),
        "open": [f"{row.at:%Y-%m-%d %H:%M:%S} {row.type_label}: {row.text}" for row in facts.open_errors[:5] if row.at],
        "undated": len(undated(rows)) or None,
        "reset_after": facts.history.reset_after,
        "acknowledged_at": facts.history.acknowledged_at,
    }
    reach, oldest = facts.org.read_back_to, now - timedelta(days=days)
    if not facts.open_errors and (reach is None or reach >= oldest):
        summary = _("The report was cut before the {days} days that count were read: an open error may be missing.")
        return [told(ERRORS, Phase.STATUS, Status.UNKNOWN, summary.format(days=days), known, required=True)]
    number = len(facts.open_errors)
    summary = ngettext("{number} open error in the report.", "{number} open errors in the report.", number)
    summary = summary.format(number=figures.number(number)) if number else _("No open error in the report.")
    status = Status.WARN if number else Status.PASS
    return [told(ERRORS, Phase.STATUS, status, summary, known, required=True), *_rejected(facts)]


def _rejected(facts: UserFacts) -> list[Finding]:
    """Open errors that name a rule, a required field, a duplicate rule, a trigger or a flow."""
    named = [(match[0], row.text) for row in facts.open_errors if (match := _REJECTED.search(row.text))]
    if not named:
        return []
    known = {"codes": sorted({code for code, _text in named}), "code": named[0][0], "text": named[0][1]}
    return [caused(facts, DATA, Phase.STATUS, "salesforce.data.rejected", known)]
