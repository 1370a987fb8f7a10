"""Two switches of Salesforce's Setup: whether Lightning Sync is on, and whether Google is a remote site."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from tui.model import Finding, Phase, Status
from tui.triage.checks.facts import OrgFacts, caused, told
from tui.words import _

SYNC = "salesforce.sync"
REMOTE_SITE = "salesforce.remote_site"
SWITCH = "enableContactAndEventSync"  # EmailIntegrationSettings, Metadata API v48: "closest thing to an on flag"
GOOGLE_HOST = "www.googleapis.com"


async def sync_switch(facts: OrgFacts) -> Sequence[Finding]:
    """Lightning Sync is on or off, as the Metadata API says. Optional: reading it needs a strong right."""
    settings = await facts.salesforce.email_integration()
    on = settings.get(SWITCH)
    evidence = {"asked": f"EmailIntegrationSettings.{SWITCH}", "answered": on}
    if on is None:
        summary = _("Salesforce does not say whether Lightning Sync is on.")
        return [told(SYNC, Phase.CONNECTION, Status.UNKNOWN, summary, evidence)]
    if not on:
        return [caused(facts, SYNC, Phase.CONNECTION, "salesforce.sync.disabled", evidence)]
    return [told(SYNC, Phase.CONNECTION, Status.PASS, _("Lightning Sync is switched on."), evidence)]


async def remote_site(facts: OrgFacts) -> Sequence[Finding]:
    """An active remote site for Google's host is sub-step 1 of the connection."""
    sites = await facts.salesforce.remote_sites()
    google = [site for site in sites if urlsplit(site.url).hostname == GOOGLE_HOST]
    evidence = {"asked": f"https://{GOOGLE_HOST}", "found": [f"{site.url} ({_state(site.active)})" for site in google]}
    if not any(site.active for site in google):
        return [caused(facts, REMOTE_SITE, Phase.CONNECTION, "salesforce.connection.remote_site", evidence)]
    summary = _("Google is registered as a remote site.")
    return [told(REMOTE_SITE, Phase.CONNECTION, Status.PASS, summary, evidence)]


def _state(active: bool) -> str:
    return _("active") if active else _("not active")
