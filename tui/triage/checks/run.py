"""One user through all checks: the findings, then the verdict and its sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import monotonic

from tui.journal.place import JournalError
from tui.model import EMPTY, CheckResult, Complaint, Finding, History, Phase, Product, ServiceError, Status, User
from tui.triage import catalogue, complaints, engine, story
from tui.triage.checks import access, google_key
from tui.triage.checks.facts import Once, OrgFacts, UserFacts, caused, refused, told
from tui.triage.checks.table import ORG_CHECKS, USER_CHECKS
from tui.triage.engine import Check
from tui.triage.verdict import judge
from tui.words import _

OnStep = Callable[[User, str, Finding], None]
NO_HISTORY = History()
RANK = {phase: rank for rank, phase in enumerate(Phase)}


def checks_for(org: OrgFacts) -> tuple[Check[UserFacts], ...]:
    """All checks for one user after the other: those of the organisation run once, for whoever comes first."""
    return (*(_lifted(check, org) for check in ORG_CHECKS), *USER_CHECKS)


def _lifted(check: Check[OrgFacts], org: OrgFacts) -> Check[UserFacts]:
    async def timed() -> list[Finding]:
        start = monotonic()
        findings = await check.run(org)
        ms = round((monotonic() - start) * 1000)
        return [replace(finding, ms=ms) for finding in findings]

    once = Once(timed)

    async def run(_facts: UserFacts) -> Sequence[Finding]:
        return await once()

    return Check(check.id, check.title, check.phase, run, check.scope, check.needs, check.after, check.required)


async def check_user(
    facts: UserFacts,
    checks: Sequence[Check[UserFacts]],
    query: str,
    *,
    reported: bool,
    on_step: OnStep | None,
    complaint: Complaint | None = None,
    kept: Mapping[str, Sequence[Finding]] = EMPTY,
) -> CheckResult:
    """Run the checks for the user and judge what they found. The journal is read here, and written only where it
    holds a reset that is over. `kept` are findings of an earlier check that stand (tui.triage.retry)."""

    def stream(step: str, finding: Finding) -> None:
        facts.found.setdefault(step, []).append(finding)
        if on_step is not None:
            on_step(facts.user, step, finding)

    findings = await engine.run_checks(checks, facts, stream, explain=partial(explain, facts), kept=kept)
    findings.sort(key=lambda finding: RANK[finding.phase])
    org, now = facts.org, facts.org.clock()
    judgement = judge(
        findings,
        reported=reported,
        open_errors=[row.at for row in facts.open_errors if row.at is not None],
        history=facts.history,
        now=now,
        support_now=facts.support_now,
        open_days=org.settings.triage.open_days,
    )
    not_meant = complaints.not_configured(complaint, facts.assignment.configuration)
    key = google_key.tried(org)
    untested = story.not_tested(
        findings,
        google_configured=org.google is not None,
        key_id=key.get("key_id", ""),
        service_account=key.get("service_account", ""),
    )
    return CheckResult(
        query=query,
        user=facts.user,
        product=Product.LIGHTNING_SYNC,
        reported=reported,
        judgement=judgement,
        steps=tuple(findings),
        checked_at=now,
        sentence=story.sentence(judgement, findings, facts.user, query, complaint),
        not_tested=(*complaints.not_tested(complaint), *untested),
        story=" ".join(filter(None, (not_meant, story.story(judgement, findings)))),
        complaint=complaint,
    )


def explain(facts: UserFacts, check: Check[UserFacts], error: Exception) -> Finding:
    """The finding for what a check could not find out: a service's refusal, the journal's, or its own breakdown."""
    if isinstance(error, ServiceError):
        return refused(facts, check.id, check.phase, error, required=check.required)
    if isinstance(error, JournalError):
        return told(check.id, check.phase, Status.UNKNOWN, str(error), required=check.required)
    return engine.own_failure(check, error)


def without_access(query: str, user: User | None, error: ServiceError, *, reported: bool, now: datetime) -> CheckResult:
    """The result of one user while Salesforce cannot be asked: undetermined, with the cause."""
    known = {**error.evidence, "error": error.message, "code": error.code}
    if error.cause in catalogue.FACTS:
        finding = catalogue.finding(
            access.LOGIN, Phase.ACCESS, error.cause, evidence=known, status=Status.FAIL, required=True
        )
    else:
        finding = told(access.LOGIN, Phase.ACCESS, Status.UNKNOWN, error.message, known, required=True)
    return _only(query, user, finding, reported=reported, now=now)


def stopped(facts: UserFacts, query: str, *, reported: bool, left: int, reserve: float) -> CheckResult:
    """The result of a user who was left out, so that the day's API calls last for everything else."""
    summary = _(
        "Not checked: only {left} API calls of the day are left, less than the {share} % that [triage] api_reserve "
        "keeps for everything else. Check the others after midnight, or fewer at a time."
    ).format(left=left, share=round(reserve * 100))
    finding = caused(
        facts,
        "salesforce.api",
        Phase.ACCESS,
        "salesforce.api.limit",
        {"left": left},
        status=Status.UNKNOWN,
        summary=summary,
        required=True,
    )
    return _only(query, facts.user, finding, reported=reported, now=facts.org.clock())


def _only(query: str, user: User | None, finding: Finding, *, reported: bool, now: datetime) -> CheckResult:
    judgement = judge([finding], reported=reported, open_errors=(), history=History(), now=now)
    return CheckResult(
        query=query,
        user=user,
        product=Product.LIGHTNING_SYNC,
        reported=reported,
        judgement=judgement,
        steps=(finding,),
        checked_at=now,
        sentence=story.sentence(judgement, [finding], user, query),
        story=story.story(judgement, [finding]),
        not_tested=(_("Nothing else was asked."),),
    )
