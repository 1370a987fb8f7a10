"""Who answers: the Salesforce organisation, and the user it knows us as. The session logs in first."""

from __future__ import annotations

from collections.abc import Sequence

from tui.model import Finding, Phase, Status
from tui.terms import ORG_KIND
from tui.triage.checks.facts import OrgFacts, told
from tui.words import _

LOGIN = "salesforce.login"


async def login(facts: OrgFacts) -> Sequence[Finding]:
    """Passed by the time it runs: without a login no check starts."""
    org = facts.org
    summary = _("Salesforce answers: {name}, {kind}, as {user}.").format(
        name=org.name, kind=_(ORG_KIND[org.kind]), user=org.acting_user
    )
    evidence = {"org_id": org.id, "instance": org.instance, "api_version": org.api_version, "domain": org.domain}
    return [told(LOGIN, Phase.ACCESS, Status.PASS, summary, evidence)]
