"""Who is to be looked at again, and when: out of what the journal holds of checks, resets and acknowledgements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from tui.model import LookAgain, LookAgainFor, Outcome, Status, Verdict, Write
from tui.records import CheckRecord
from tui.triage.checks.status_page import RESET_STATE
from tui.triage.verdict import LOOK_AGAIN, NEXT_DAY

FORGOTTEN_AFTER = timedelta(days=30)
"""What was due longer ago than this is no longer listed."""


def people(
    checks: Iterable[CheckRecord], writes: Iterable[Write], acknowledged: Mapping[str, datetime]
) -> tuple[LookAgain, ...]:
    """The people to look at again, each once, what is due first first. `checks` holds the newest check of each,
    `writes` come newest first, `acknowledged` is user id -> when.

    A check that was made when somebody was due, or later, and that does not say to wait, takes them off the list."""
    last = {check.user_id: check for check in checks}
    wanted: dict[str, LookAgain] = {}
    for one in (*_waiting(last.values()), *_reset(writes), *_acknowledged(acknowledged)):
        check = last.get(one.user_id)
        seen = check is not None and check.checked_at >= one.due
        before = wanted.get(one.user_id)
        if not seen and (before is None or one.due < before.due):
            name = one.user_name or (check.user_name if check else "")
            wanted[one.user_id] = LookAgain(
                one.user_id,
                name or one.user_id,
                one.due,
                one.why,
                one.since,
                check.verdict if check else None,
                check.checked_at if check else None,
            )
    return tuple(sorted(wanted.values(), key=lambda one: (one.due, one.user_name)))


def _waiting(checks: Iterable[CheckRecord]) -> Iterator[LookAgain]:
    for check in checks:
        if check.verdict is Verdict.WAIT:
            due = check.look_again_at or _worked_out(check)
            yield LookAgain(check.user_id, check.user_name, due, LookAgainFor.WAIT, check.checked_at)


def _worked_out(check: CheckRecord) -> datetime:
    """When to look again after a check that does not say it: an older version kept it."""
    resetting = check.steps.get(RESET_STATE) == Status.WAIT.value
    return check.checked_at + (LOOK_AGAIN["salesforce.sync.resetting"] if resetting else NEXT_DAY)


def _reset(writes: Iterable[Write]) -> Iterator[LookAgain]:
    """The newest reset of each that was pressed, or may have been."""
    met: set[str] = set()
    for write in writes:
        if write.user_id in met or write.outcome in {Outcome.REFUSED, Outcome.FAILED}:
            continue
        met.add(write.user_id)
        at = write.ended_at or write.pressed_at or write.planned_at
        yield LookAgain(write.user_id, write.user_name, at + NEXT_DAY, LookAgainFor.RESET, at)


def _acknowledged(acknowledged: Mapping[str, datetime]) -> Iterator[LookAgain]:
    for user_id, at in acknowledged.items():
        yield LookAgain(user_id, "", at + NEXT_DAY, LookAgainFor.ACKNOWLEDGED, at)
