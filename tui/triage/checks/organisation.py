"""The organisation's rows of the Lightning Sync Status page: method, linked users, last activity."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tui import figures
from tui.model import EMPTY, Finding, PageReading, PageRow, Phase, RowKind, ServiceError, Status, Word
from tui.triage.checks.facts import OrgFacts, caused, told
from tui.triage.verdict import stalled
from tui.words import _, ngettext

PAGE = "salesforce.page.organisation"
SYNC_ENABLED = f"{PAGE}.sync_enabled"
METHOD = f"{PAGE}.connection_method"
LINKED = f"{PAGE}.linked_users"
ACTIVITY = f"{PAGE}.last_activity"

_NOTHING = re.compile(r"\W*")


async def page(facts: OrgFacts) -> Sequence[Finding]:
    """Read the page and judge its organisation rows. A row that closes a gate leaves the later ones out."""
    try:
        reading = await facts.page.organisation()
        if reading.problem:
            raise ServiceError("salesforce.page.unrecognised", reading.problem)
    except ServiceError as error:
        facts.page_error = error
        raise
    facts.organisation = reading
    summary = _("The organisation's rows of the Lightning Sync Status page were read.")
    findings = [
        told(PAGE, Phase.CONNECTION, Status.PASS, summary, {"rows": len(reading.rows), "source": reading.source})
    ]
    for step in (_sync_enabled, _method, _linked, _activity):
        finding = step(facts, reading)
        if finding is not None:
            findings.append(finding)
            if finding.status is Status.FAIL:
                break
    return findings


def _sync_enabled(facts: OrgFacts, reading: PageReading) -> Finding | None:
    row = reading.first(RowKind.SYNC_ENABLED)
    if row is None or row.word is not Word.NO:
        return None
    return caused(
        facts, SYNC_ENABLED, Phase.CONNECTION, "salesforce.sync.disabled", {"row": row.label, "value": row.value}
    )


def _method(facts: OrgFacts, reading: PageReading) -> Finding:
    row = reading.first(RowKind.CONNECTION_METHOD)
    if row is None:
        return _absent(METHOD, _("The page does not show how Salesforce is connected to Google."))
    if row.word is Word.NO:
        cause = "salesforce.connection.not_configured"
        return caused(facts, METHOD, Phase.CONNECTION, cause, {"row": row.label, "value": row.value})
    summary = _("A connection method is configured: {value}.").format(value=row.value)
    return told(METHOD, Phase.CONNECTION, Status.PASS, summary, {"row": row.label, "value": row.value})


def _linked(facts: OrgFacts, reading: PageReading) -> Finding:
    row = reading.first(RowKind.LINKED_USERS)
    if row is None or row.number is None:
        value = row.value if row else None
        return _absent(LINKED, _("How many users are linked cannot be read from the page."), {"value": value})
    if row.number == 0:
        cause = "salesforce.connection.no_linked_users"
        return caused(facts, LINKED, Phase.CONNECTION, cause, {"row": row.label, "value": row.value})
    summary = ngettext("{number} user is linked.", "{number} users are linked.", row.number)
    summary = summary.format(number=figures.number(row.number))
    return told(LINKED, Phase.CONNECTION, Status.PASS, summary, {"row": row.label, "value": row.value})


def _activity(facts: OrgFacts, reading: PageReading) -> Finding:
    """The newest activity of both sides counts; one that cannot be read with certainty is unknown, not old."""
    rows = [row for row in reading.rows if row.kind is RowKind.LAST_SYNC_ACTIVITY]
    times = [row.time for row in rows if row.time is not None]
    values = {row.table or row.label: row.value for row in rows}
    none_at_all = bool(rows) and all(_says_none(row) for row in rows)
    unread = any(row.time is None and not _says_none(row) for row in rows)
    facts.last_activity = max(times, default=None)
    if not rows or (unread and (not times or stalled(facts.last_activity, facts.clock()))):
        return _absent(
            ACTIVITY, _("When Google and Salesforce last synced cannot be read from the page."), {"rows": values}
        )
    if stalled(facts.last_activity, facts.clock(), none_at_all=none_at_all):
        cause = "salesforce.connection.stalled"
        known = {"rows": values, "last_activity": facts.last_activity, "asked_at": facts.clock()}
        return caused(facts, ACTIVITY, Phase.CONNECTION, cause, known)
    summary = _("The organisation synced less than 24 hours ago.")
    return told(
        ACTIVITY, Phase.CONNECTION, Status.PASS, summary, {"rows": values, "last_activity": facts.last_activity}
    )


def _says_none(row: PageRow) -> bool:
    """Whether the row says that there was no activity: an empty value, a dash, or "No"."""
    return row.word is Word.NO or (row.time is None and bool(_NOTHING.fullmatch(row.value)))


def _absent(step: str, summary: str, evidence: Mapping[str, Any] = EMPTY) -> Finding:
    return told(step, Phase.CONNECTION, Status.UNKNOWN, summary, evidence)
