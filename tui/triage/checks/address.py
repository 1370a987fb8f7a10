"""The user's address: whether another user of the organisation has it too."""

from __future__ import annotations

from collections.abc import Sequence

from tui.model import Finding, Phase, Status, Word
from tui.triage.checks.facts import UserFacts, caused, told
from tui.triage.checks.status_page import TABLES, link_row
from tui.triage.verdict import duplicate_severity
from tui.words import _

EMAIL = "salesforce.email"


async def address(facts: UserFacts) -> Sequence[Finding]:
    """Salesforce cannot link an address that two users have, inactive ones included; the page overrules."""
    others = await facts.org.sharing_address(facts.user)
    if not others:
        summary = _("No other user has this address.")
        return [told(EMAIL, Phase.STATUS, Status.PASS, summary, {"address": facts.user.email})]
    rows = [row for row in (link_row(facts, side) for side in TABLES) if row is not None]
    linked = bool(rows) and all(row.word is Word.LINKED for row in rows)
    known = {
        "address": facts.user.email,
        "others": [f"{one.name}, {one.username}, {one.id}" for one in others],
        "page_says_linked": linked,
    }
    status = duplicate_severity(linked)
    return [caused(facts, EMAIL, Phase.STATUS, "salesforce.email.duplicate", known, status=status)]
