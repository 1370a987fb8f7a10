"""The state of the whole: the guide's set-up checklist, live, and what can be read in this organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from tui.model import ErrorReport, Finding, Overview, Product, ServiceError, Tally, User
from tui.triage import capabilities, engine, proof
from tui.triage.checklist import PERSONAL, checklist
from tui.triage.checks import run
from tui.triage.checks.facts import OrgFacts, UserFacts
from tui.triage.checks.table import ORG_CHECKS
from tui.triage.lookup import Lookup, look_up
from tui.triage.outage import answer
from tui.triage.roster import roster
from tui.triage.status_pages import pages
from tui.triage.tally import tally

if TYPE_CHECKING:
    from tui.triage.session import Session

SAMPLES = 3
"""At most so many users are tried until one is found whose own Google account does not spoil the connection test."""


async def read(session: Session) -> Overview:
    """Everything that concerns the organisation, with a connection test made for one user of a configuration.

    Nothing but the login is needed: what cannot be read is said. Raises ServiceError without a login."""
    org = await session.connect()
    declared = session.settings.configurations
    known = await look_up(session.salesforce, declared)
    samples = await find_samples(session, known)
    facts = session.facts(org, samples)
    findings = await _findings(facts, samples)
    by_id = {finding.id: finding for finding in findings}
    able = await capabilities.probe(session, facts, by_id)
    report, now = await _report(facts), session.clock()
    counted = _tally(session, org.id, report, now)
    people = roster(declared, known, findings)
    return Overview(
        org=org,
        product=Product.LIGHTNING_SYNC,
        checklist=checklist(declared, by_id, findings, samples, session.salesforce.link, len(people.contradictions)),
        capabilities=able.capabilities,
        configurations=declared,
        report=report,
        api_used=session.salesforce.api_used,
        api_limit=session.salesforce.api_limit,
        read_at=now,
        findings=tuple(findings),
        changes=able.changes,
        calls=session.calls_made,
        api_stops_at=session.api_stops_at,
        answer=answer(
            findings,
            now,
            last_worked=facts.last_activity,
            since=counted.since if counted else None,
            roster=people,
            api_left=session.api_nearly_used_up,
        ),
        tally=counted,
        roster=people,
        status_pages=pages(org),
        confirmed=session.journal.confirmed(org.id, proof.PAGE),
    )


def _tally(session: Session, org_id: str, report: ErrorReport | None, now: datetime) -> Tally | None:
    if report is None:
        return None
    return tally(report, partial(session.journal.history, org_id), now, session.settings.triage.open_days)


async def _report(facts: OrgFacts) -> ErrorReport | None:
    try:
        return await facts.report()
    except ServiceError:
        return None  # the finding of the report's own check says why


async def find_samples(session: Session, known: Lookup | None = None) -> list[User]:
    """Active users of the active configurations: those named, else some with a profile that is named."""
    active = [each for each in session.settings.configurations if each.active]
    known = known or await look_up(session.salesforce, active)
    named = {user.id: user for each in active for user in known.users(each) if user.active}
    if named or known.named is None:
        return list(named.values())[:SAMPLES]
    profiles = [profile for each in active for profile in each.profiles]
    if not profiles:
        return []
    try:
        rows = await session.salesforce.query(
            "SELECT Id, Profile.Name FROM User WHERE IsActive = TRUE ORDER BY LastModifiedDate DESC LIMIT 200"
        )
        ids = [str(row.get("Id")) for row in rows if (row.get("Profile") or {}).get("Name") in profiles]
        return await session.salesforce.users_by_ids(ids[:SAMPLES])
    except ServiceError:
        return []


async def _findings(facts: OrgFacts, samples: Sequence[User]) -> list[Finding]:
    """What the checks of the organisation find, and the Google steps of the first user whose account is sound."""
    findings: list[Finding] = []
    checks = run.checks_for(facts)
    for user in samples:
        one = UserFacts(facts, user)
        findings = await engine.run_checks(checks, one, _unheard, explain=partial(run.explain, one))
        if not any((finding.cause or "").startswith(PERSONAL) for finding in findings):
            break
    if not samples:
        nobody = UserFacts(facts, User("", "", "", "", active=False))
        of_the_org = checks[: len(ORG_CHECKS)]
        findings = await engine.run_checks(of_the_org, nobody, _unheard, explain=partial(run.explain, nobody))
    return findings


def _unheard(_step: str, _finding: Finding) -> None:
    """Nobody follows these checks as they run."""
