"""The state of the whole: the guide's set-up checklist, live, and what can be read in this organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui.model import (
    ChecklistItem,
    Configuration,
    ErrorReport,
    Finding,
    Overview,
    Product,
    ServiceError,
    Status,
    User,
)
from tui.triage import capabilities, engine
from tui.triage.checks import google_key, organisation, run, setup
from tui.triage.checks.facts import OrgFacts, UserFacts
from tui.triage.checks.table import ORG_CHECKS
from tui.triage.resolve import resolve
from tui.words import _, ngettext

if TYPE_CHECKING:
    from tui.triage.session import Session

SAMPLES = 3
"""At most so many users are tried until one is found whose own Google account does not spoil the connection test."""

_TEST = ("google.token.", "google.call.")
_PERSONAL = ("google.user.", "google.calendar.")
# The worst of several findings stands for them all.
_WORST = (Status.FAIL, Status.UNKNOWN, Status.WARN, Status.WAIT, Status.SKIP, Status.PASS)
_SHOWN = {Status.WAIT: Status.WARN, Status.SKIP: Status.UNKNOWN}


async def read(session: Session) -> Overview:
    """Everything that concerns the organisation, with a connection test made for one user of a configuration.

    Nothing but the login is needed: what cannot be read is said. Raises ServiceError without a login."""
    org = await session.connect()
    samples = await find_samples(session)
    facts = session.facts(org, samples)
    findings = await _findings(facts, samples)
    by_id = {finding.id: finding for finding in findings}
    able = await capabilities.probe(session, facts, by_id)
    return Overview(
        org=org,
        product=Product.LIGHTNING_SYNC,
        checklist=_checklist(session, by_id, findings, samples),
        capabilities=able.capabilities,
        configurations=session.settings.configurations,
        report=await _report(facts),
        api_used=session.salesforce.api_used,
        api_limit=session.salesforce.api_limit,
        read_at=session.clock(),
        findings=tuple(findings),
        changes=able.changes,
        calls=session.calls_made,
        api_stops_at=session.api_stops_at,
    )


async def _report(facts: OrgFacts) -> ErrorReport | None:
    try:
        return await facts.report()
    except ServiceError:
        return None  # the finding of the report's own check says why


async def find_samples(session: Session) -> list[User]:
    """Active users of the active configurations: those named, else some with a profile that is named."""
    active = [each for each in session.settings.configurations if each.active]
    named = [entry for each in active for entry in each.users][: SAMPLES * 2]
    profiles = [profile for each in active for profile in each.profiles]
    try:
        found = [user for one in await resolve(session.salesforce, named) for user in one.users if user.active]
        if not found and profiles:
            rows = await session.salesforce.query(
                "SELECT Id, Profile.Name FROM User WHERE IsActive = TRUE ORDER BY LastModifiedDate DESC LIMIT 200"
            )
            ids = [str(row.get("Id")) for row in rows if (row.get("Profile") or {}).get("Name") in profiles]
            found = await session.salesforce.users_by_ids(ids[:SAMPLES])
    except ServiceError:
        return []
    return found[:SAMPLES]


async def _findings(facts: OrgFacts, samples: Sequence[User]) -> list[Finding]:
    """What the checks of the organisation find, and the Google steps of the first user whose account is sound."""
    findings: list[Finding] = []
    checks = run.checks_for(facts)
    for user in samples:
        one = UserFacts(facts, user)
        findings = await engine.run_checks(checks, one, _unheard, explain=partial(run.explain, one))
        if not any((finding.cause or "").startswith(_PERSONAL) for finding in findings):
            break
    if not samples:
        nobody = UserFacts(facts, User("", "", "", "", active=False))
        of_the_org = checks[: len(ORG_CHECKS)]
        findings = await engine.run_checks(of_the_org, nobody, _unheard, explain=partial(run.explain, nobody))
    return findings


def _unheard(_step: str, _finding: Finding) -> None:
    """Nobody follows these checks as they run."""


# ---- the checklist ---------------------------------------------------------------------------------------------------


def _checklist(
    session: Session, by_id: Mapping[str, Finding], findings: Sequence[Finding], samples: Sequence[User]
) -> tuple[ChecklistItem, ...]:
    """The steps of the guide, in its order."""
    link = session.salesforce.link
    sync = [by_id[step] for step in (setup.SYNC, organisation.SYNC_ENABLED) if step in by_id]
    key = [by_id[step] for step in (google_key.KEY, google_key.ACCOUNT, google_key.CLOCK) if step in by_id]
    method = [by_id.get(organisation.METHOD, by_id[organisation.PAGE])]
    state = [by_id[step] for step in (organisation.LINKED, organisation.ACTIVITY) if step in by_id]
    test = [finding for finding in findings if finding.id.startswith(_TEST) and finding.id != google_key.ACCOUNT]
    return (
        _item("google_key", _("Google private key"), key, link("gmail_sync_settings")),
        _item("lightning_sync", _("Lightning Sync switched on"), sync, link("gmail_sync_settings")),
        _item("remote_site", _("Step 6.1: Google registered"), [by_id[setup.REMOTE_SITE]], link("remote_sites")),
        _item("key_uploaded", _("Step 6.2: key uploaded"), method, link("gmail_sync_settings")),
        _item("connection_test", _("Step 6.3: connection tested"), test, link("gmail_sync_settings"), samples),
        _configurations(session.settings.configurations, link("gmail_sync_settings")),
        _item("status", _("Status verified"), state or method, link("lightning_sync_status")),
    )


def _item(step: str, title: str, findings: Sequence[Finding], link: str, samples: Sequence[User] = ()) -> ChecklistItem:
    if not findings:
        summary = _("Not tested: no user of an active configuration is known to test with.")
        return ChecklistItem(step, title, Status.UNKNOWN, summary, link)
    worst = min(findings, key=lambda finding: _WORST.index(finding.status))
    status, summary = _SHOWN.get(worst.status, worst.status), worst.summary
    if (worst.cause or "").startswith(_PERSONAL):
        status = Status.WARN
        summary = _("{summary} This concerns the user tested with, not the organisation.").format(summary=summary)
    elif worst.status is Status.PASS and samples:
        summary = _("Tested here with our copy of the key, as {user}.").format(user=worst.evidence.get("user", "?"))
    elif worst.status is Status.PASS and len(findings) > 1:
        summary = " ".join(finding.summary for finding in findings if finding.status is Status.PASS)
    return ChecklistItem(step, title, status, summary, link)


def _configurations(configurations: Sequence[Configuration], link: str) -> ChecklistItem:
    """No API can read them: what stands in the config file is all that is known."""
    active = [each for each in configurations if each.active]
    title = _("Active configurations")
    if not configurations:
        summary = _("None is declared in the config file, and no API can read them: declare them there.")
        return ChecklistItem("configurations", title, Status.UNKNOWN, summary, link)
    if not active:
        summary = _("Not one of the configurations declared in the config file is active.")
        return ChecklistItem("configurations", title, Status.WARN, summary, link)
    empty = [each.name for each in active if not each.users and not each.profiles]
    if empty:
        summary = _("Declared active, but with nobody assigned: {names}.").format(names=", ".join(empty))
        return ChecklistItem("configurations", title, Status.WARN, summary, link)
    summary = ngettext("{n} active configuration is declared.", "{n} active configurations are declared.", len(active))
    return ChecklistItem("configurations", title, Status.PASS, summary.format(n=len(active)), link)
