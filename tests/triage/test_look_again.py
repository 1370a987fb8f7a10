"""Who is to be looked at again: out of checks, resets and acknowledgements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tui.model import LookAgainFor, Outcome, Verdict, Write
from tui.records import CheckRecord
from tui.triage.look_again import people

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def check(user_id: str, verdict: Verdict, at: datetime, name: str = "Ann", **changes: Any) -> CheckRecord:
    facts: dict[str, Any] = {"steps": {}, "causes": (), "open_errors": 0, "sentence": "", "reported": False}
    return CheckRecord(
        id=1,
        org_id="00D",
        user_id=user_id,
        user_name=name,
        query=name,
        by="lea",
        acting_user="admin",
        verdict=verdict,
        checked_at=at,
        **{**facts, **changes},
    )


def write(user_id: str, ended: datetime | None, outcome: Outcome | None, number: int = 1) -> Write:
    return Write(number, "00D", user_id, "Ann", "lea", "admin", "ended", NOON, NOON, None, ended, outcome)


def test_a_reset_is_looked_at_the_next_day_whatever_was_seen_at_once() -> None:
    resets = [write("1", NOON, Outcome.DONE)]
    (one,) = people([check("1", Verdict.NO_FAULT_FOUND, NOON + HOUR)], resets, {})
    assert (one.due, one.why, one.since) == (NOON + DAY, LookAgainFor.RESET, NOON)
    assert (one.verdict, one.checked_at) == (Verdict.NO_FAULT_FOUND, NOON + HOUR)


def test_a_check_at_the_time_takes_them_off_the_list() -> None:
    resets = [write("1", NOON, Outcome.DONE)]
    assert people([check("1", Verdict.CONTACT_SUPPORT, NOON + DAY)], resets, {}) == ()
    (again,) = people([check("1", Verdict.WAIT, NOON + DAY)], resets, {})
    assert (again.why, again.due) == (LookAgainFor.WAIT, NOON + 2 * DAY)


def test_only_the_newest_reset_counts_and_none_that_never_was() -> None:
    resets = [
        write("1", NOON + HOUR, Outcome.UNKNOWN, 3),
        write("1", NOON, Outcome.DONE, 2),
        write("2", NOON, Outcome.REFUSED),
        write("3", NOON, Outcome.FAILED),
    ]
    assert [(one.user_id, one.due) for one in people([], resets, {})] == [("1", NOON + HOUR + DAY)]


def test_a_refused_reset_does_not_hide_the_one_before_it() -> None:
    resets = [write("1", NOON + HOUR, Outcome.REFUSED, 2), write("1", NOON, Outcome.DONE, 1)]
    assert [one.due for one in people([], resets, {})] == [NOON + DAY]


def test_a_wait_is_an_hour_for_a_reset_and_a_day_for_a_first_sync() -> None:
    checks = [
        check("1", Verdict.WAIT, NOON, steps={"salesforce.reset_state": "wait"}),
        check("2", Verdict.WAIT, NOON, steps={"salesforce.sync_status.events.salesforce_to_google": "wait"}),
        check("3", Verdict.RESET, NOON),
    ]
    assert [(one.user_id, one.due) for one in people(checks, [], {})] == [("1", NOON + HOUR), ("2", NOON + DAY)]


def test_acknowledged_errors_are_looked_at_the_next_day_and_what_is_due_first_comes_first() -> None:
    found = people([check("2", Verdict.RESET, NOON - HOUR, "Zoe")], [write("1", NOON, None)], {"2": NOON - HOUR})
    assert [(one.user_id, one.user_name, one.why) for one in found] == [
        ("2", "Zoe", LookAgainFor.ACKNOWLEDGED),
        ("1", "Ann", LookAgainFor.RESET),
    ]


def test_the_time_that_the_check_said_goes_before_what_its_steps_would_make_of_it() -> None:
    said = check("1", Verdict.WAIT, NOON, look_again_at=NOON + timedelta(minutes=20))
    assert [one.due for one in people([said], [], {})] == [NOON + timedelta(minutes=20)]
