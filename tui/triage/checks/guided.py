"""What an admin recorded of Salesforce's own connection test: the only proof of Salesforce's own copy of the key.

A success counts for the whole organisation, for it proves key and delegation; a failure counts for the person whom it
was made with, as it may be that person's own. Both for 24 hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tui import figures
from tui.model import Finding, GuidedTest, Phase, Status
from tui.triage.checks.facts import UserFacts, told
from tui.triage.guided import SIDES
from tui.words import N_, _

GUIDED = "google.guided"
_NAMES = {"calendar": N_("calendar"), "contacts": N_("contacts")}


def step_of(side: str) -> str:
    """The id of the finding about that side."""
    return f"{GUIDED}.{side}"


async def guided(facts: UserFacts) -> Sequence[Finding]:
    """One finding for each side that was recorded. Raises JournalError."""
    now = facts.org.clock()
    recorded = facts.org.guided_tests
    findings = [
        _finding(facts, side, test, now)
        for side in SIDES
        if (test := _counting(facts, side, recorded)) is not None and facts.syncs(side)
    ]
    facts.guided = {finding.id for finding in findings}
    if findings:
        return findings
    summary = _(
        "Salesforce's own connection test was not recorded in the last 24 hours (the guided test, in the console)."
    )
    return [told(GUIDED, Phase.CONNECTION, Status.SKIP, summary)]


def _counting(facts: UserFacts, side: str, recorded: Sequence[GuidedTest]) -> GuidedTest | None:
    """The newest message about this side that was got with this person, else with anybody."""
    of_side = [test for test in recorded if test.side == side]
    own = (test for test in of_side if test.user_id == facts.user.id)
    return next(own, None) or next(iter(of_side), None)


def _finding(facts: UserFacts, side: str, test: GuidedTest, now: datetime) -> Finding:
    own = test.user_id == facts.user.id
    name = _(_NAMES[side])
    age = figures.age(test.at, now)
    known = {"message": test.message, "with": test.user_name, "by": test.by, "at": test.at}
    required = facts.org.google is None
    if test.ok:
        status = Status.PASS
        summary = _("Salesforce's own test of {side} succeeded with {user}, {age}.")
    elif test.ok is None:
        status = Status.UNKNOWN
        summary = _("Salesforce's own test of {side}, made with {user} {age}, gave a message that is not known here.")
    elif own:
        status = Status.FAIL
        summary = _("Salesforce's own test of {side} failed with {user}, {age}.")
    else:
        status = Status.UNKNOWN
        summary = _("Salesforce's own test of {side} failed with {user}, {age}: make it with this person too.")
    summary = summary.format(side=name, user=test.user_name or "?", age=age)
    finding = told(step_of(side), Phase.CONNECTION, status, summary, known, required=required)
    return _with_fix(facts, finding) if status is Status.FAIL else finding


def _with_fix(facts: UserFacts, finding: Finding) -> Finding:
    fix = (
        _("Go through set-up step 6 again, in order: the remote site, the key and its delegation, the test."),
        _("Press Test once more, with this person and with another who has no fault; record both messages."),
    )
    links = tuple(filter(None, map(facts.link, ("gmail_sync_settings", "remote_sites"))))
    return replace(finding, fix=fix, links=tuple(dict.fromkeys(links)))
