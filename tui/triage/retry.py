"""Going on from the step that failed: what an earlier check of the same person read a moment ago, and still stands.

Only what was asked of a service is kept, and only where it went well and rests on nothing that is asked again. All that
judges what was read runs anew, on the facts that were taken over, so that the verdict is that of a whole check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tui.model import CheckResult, Finding
from tui.triage.checks import access, errors, google_calls, google_key, organisation, setup, status_page
from tui.triage.checks.facts import UserFacts
from tui.triage.engine import Check, to_run_again

FRESH = timedelta(minutes=15)
"""What is older is asked again."""

_GOOGLE = frozenset(
    step(side)
    for step in (google_calls.token_step, google_calls.call_step)
    for side in (google_calls.CALENDAR, google_calls.CONTACTS)
)
_READING = _GOOGLE | {
    access.LOGIN,
    setup.SYNC,
    setup.REMOTE_SITE,
    organisation.PAGE,
    google_key.KEY,
    google_key.ACCOUNT,
    google_calls.DIRECTORY,
    status_page.PAGE,
    errors.REPORT,
}


async def carry(
    earlier: tuple[CheckResult, UserFacts], facts: UserFacts, checks: Sequence[Check[UserFacts]]
) -> dict[str, list[Finding]]:
    """Take over into `facts` what still stands; check id -> the findings that need not be made again."""
    result, old = earlier
    oldest = facts.org.clock() - FRESH
    again = to_run_again(checks, old.found)
    kept: dict[str, list[Finding]] = {}
    for check in checks:
        found = [replace(one, kept_from=one.kept_from or result.checked_at) for one in old.found.get(check.id, ())]
        if check.id in _READING - again and all(one.kept_from and one.kept_from >= oldest for one in found):
            kept[check.id] = found
    if organisation.PAGE in kept:
        facts.org.organisation, facts.org.last_activity = old.org.organisation, old.org.last_activity
    if status_page.PAGE in kept:
        facts.reading = old.reading
    if errors.REPORT in kept:
        facts.org.listed = await old.org.report()
    facts.google_steps |= {step: found[0] for step, found in kept.items() if step in _GOOGLE}
    return kept
