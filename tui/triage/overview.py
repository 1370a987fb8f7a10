"""The state of the whole: the guide's set-up checklist, live, and what can be read in this organisation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from tui.model import ErrorReport, Finding, Overview, Past, Product, ServiceError, Stage, Status, Tally, User
from tui.triage import capabilities, engine, proof
from tui.triage.checklist import PERSONAL, checklist
from tui.triage.checks import google_calls, run
from tui.triage.checks.facts import OrgFacts, UserFacts
from tui.triage.checks.table import ORG_CHECKS, USER_CHECKS
from tui.triage.lookup import Lookup, look_up
from tui.triage.outage import SIDES, answer
from tui.triage.roster import roster
from tui.triage.status_pages import pages
from tui.triage.tally import tally
from tui.words import _

if TYPE_CHECKING:
    from tui.triage.session import Session

SAMPLES = 3
"""At most so many users are tried until one is found whose own Google account does not spoil the connection test."""


SOON = 4.0
"""Seconds after which a first answer is given from what has been heard so far: an outage makes others slow."""

OnStage = Callable[[Overview], None]


async def read(session: Session, on_stage: OnStage | None = None) -> Overview:
    """Everything that concerns the organisation, with a connection test made for one user of a configuration.

    `on_stage` gets what is known before the end: after a while from the checks that have answered, then from all of
    them, while what can be read here is still being probed. Nothing but the login is needed: what cannot be read is
    said. Raises ServiceError without a login, JournalError."""
    org = await session.connect()
    known = await look_up(session.salesforce, session.settings.configurations)
    samples = await find_samples(session, known)
    facts = session.facts(org, samples)
    seen = partial(_seen, session, facts, known)
    heard: list[Finding] = []
    async with asyncio.TaskGroup() as group:
        checking = group.create_task(_findings(facts, samples, heard))
        await asyncio.wait([checking], timeout=SOON if on_stage else None)
        if on_stage and not checking.done():
            on_stage(seen([*heard, *_to_come(heard, samples)], None, Stage.SO_FAR))
    findings = checking.result()
    answered = seen(findings, await _report(facts), Stage.ANSWERED)
    if on_stage:
        on_stage(answered)
    able = await capabilities.probe(session, facts, {finding.id: finding for finding in findings})
    return replace(
        answered,
        capabilities=able.capabilities,
        changes=able.changes,
        api_used=session.salesforce.api_used,
        calls=session.calls_made,
        stage=Stage.WHOLE,
    )


def _seen(
    session: Session,
    facts: OrgFacts,
    known: Lookup,
    findings: Sequence[Finding],
    report: ErrorReport | None,
    stage: Stage,
) -> Overview:
    """The overview of what was found until now."""
    org, now, declared = facts.org, session.clock(), session.settings.configurations
    pasts = session.pasts()
    counted = _tally(session, report, pasts, now)
    said = {past.user_id: past.assigned for past in pasts if past.assigned is not None}
    people = roster(declared, known, findings, said)
    by_id = {finding.id: finding for finding in findings}
    link, unfit = session.salesforce.link, len(people.contradictions)
    return Overview(
        org=org,
        product=Product.LIGHTNING_SYNC,
        checklist=checklist(declared, by_id, findings, facts.users, link, unfit),
        capabilities=(),
        configurations=declared,
        report=report,
        api_used=session.salesforce.api_used,
        api_limit=session.salesforce.api_limit,
        read_at=now,
        findings=tuple(findings),
        calls=session.calls_made,
        api_stops_at=session.api_stops_at,
        answer=answer(
            findings,
            now,
            last_worked=facts.last_activity,
            since=counted.since if counted else None,
            roster=people,
            api_left=session.api_nearly_used_up,
            never_erred=report is not None and report.complete and not report.rows,
        ),
        tally=counted,
        roster=people,
        status_pages=pages(org),
        confirmed=session.journal.confirmed(org.id, proof.PAGE),
        stage=stage,
    )


def _to_come(heard: Sequence[Finding], samples: Sequence[User]) -> list[Finding]:
    """What stands in the place of the checks that have not answered."""
    answered = {finding.id for finding in heard}
    test = {step(side) for side in SIDES for step in (google_calls.token_step, google_calls.call_step)}
    awaited = [(check.id, check.title, check.phase) for check in ORG_CHECKS]
    awaited += [(check.id, check.title, check.phase) for check in USER_CHECKS if samples and check.id in test]
    said = _("{what}: not answered yet.")
    return [
        Finding(name, phase, Status.UNKNOWN, said.format(what=_(title)))
        for name, title, phase in awaited
        if name not in answered
    ]


def _tally(session: Session, report: ErrorReport | None, pasts: Sequence[Past], now: datetime) -> Tally | None:
    if report is None:
        return None
    histories = {past.user_id: past.history for past in pasts}
    days = session.settings.triage.open_days
    return tally(report, lambda user: histories.get(user, run.NO_HISTORY), now, days)


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


async def _findings(facts: OrgFacts, samples: Sequence[User], heard: list[Finding]) -> list[Finding]:
    """What the checks of the organisation find, and the Google steps of the first user whose account is sound.

    `heard` holds what was found until now for the user being tested with."""
    findings: list[Finding] = []
    checks = run.checks_for(facts)

    def hear(_step: str, finding: Finding) -> None:
        heard.append(finding)

    for user in samples:
        heard.clear()
        one = UserFacts(facts, user)
        findings = await engine.run_checks(checks, one, hear, explain=partial(run.explain, one))
        if not any((finding.cause or "").startswith(PERSONAL) for finding in findings):
            break
    if not samples:
        nobody = UserFacts(facts, User("", "", "", "", active=False))
        of_the_org = checks[: len(ORG_CHECKS)]
        findings = await engine.run_checks(of_the_org, nobody, hear, explain=partial(run.explain, nobody))
    return findings
