"""The Salesforce user's own row: active or not, frozen or not."""

from __future__ import annotations

from collections.abc import Sequence

from tui.model import Finding, Phase, Status
from tui.triage.checks.facts import UserFacts, caused, told
from tui.words import _

USER = "salesforce.user"
FROZEN = f"{USER}.frozen"


async def person(facts: UserFacts) -> Sequence[Finding]:
    """Inactive and frozen are fails of their own; neither closes a gate."""
    user = facts.user
    known = {"id": user.id, "username": user.username, "email": user.email, "profile": user.profile}
    if user.active:
        summary = _("The user is active in Salesforce.")
        active = told(USER, Phase.STATUS, Status.PASS, summary, known, required=True)
    else:
        active = caused(facts, USER, Phase.STATUS, "salesforce.user.inactive", known, required=True)
    return [active, _frozen(facts)]


def _frozen(facts: UserFacts) -> Finding:
    if facts.user.frozen is None:
        summary = _("Whether the user is frozen cannot be read with these rights.")
        return told(FROZEN, Phase.STATUS, Status.UNKNOWN, summary)
    if facts.user.frozen:
        return caused(facts, FROZEN, Phase.STATUS, "salesforce.user.frozen", {"username": facts.user.username})
    return told(FROZEN, Phase.STATUS, Status.PASS, _("The user is not frozen."))
