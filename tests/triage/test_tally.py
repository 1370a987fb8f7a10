"""The error report, counted: open errors and people, months, and since when there are more than usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.triage.fakes import NOW, person, row_of_report
from tui.model import Course, ErrorReport, ErrorRow, ErrorType, History
from tui.triage.tally import MONTHS, by_month, since, tally

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def at(*ages: timedelta, who: int = 1) -> list[ErrorRow]:
    return [row_of_report(person(who), at=NOW - age) for age in ages]


def daily(number: int, days: range) -> list[ErrorRow]:
    """So many errors on each of these days back from now, evenly over the day."""
    return at(*(day * DAY + (place + 0.5) / number * DAY for day in days for place in range(number)))


def report(rows: Sequence[ErrorRow], **changes: object) -> ErrorReport:
    return replace(ErrorReport(tuple(rows), len(rows), True, "admin", NOW), **changes)  # type: ignore[arg-type]  # any field


@pytest.mark.parametrize(
    ("rows", "course", "begun", "errors", "usual"),
    [
        ([], Course.QUIET, None, 0, 0),
        (daily(4, range(90)), Course.STEADY, None, 4, 4),
        (daily(4, range(1, 90)), Course.QUIET, None, 0, 4),
        (at(HOUR, 3 * HOUR), Course.STREAK, 3 * HOUR, 2, 0),
        (at(HOUR, 3 * HOUR, 26 * HOUR, 100 * HOUR), Course.STREAK, 26 * HOUR, 3, 0),
        (at(30 * HOUR), Course.QUIET, None, 0, 0),
        ([*daily(4, range(90)), *at(*(place * HOUR / 10 for place in range(1, 40)))], Course.JUMP, 3.9 * HOUR, 40, 4),
        ([*daily(2, range(5, 90)), *daily(40, range(5))], Course.JUMP, 4.9875 * DAY, 200, 2),
        (daily(6, range(3)), Course.JUMP, (2 + 5.5 / 6) * DAY, 18, 0),
        (daily(9, range(60)), Course.STEADY, None, 9, 9),  # for half of the time looked at: it is the usual
        (at(-HOUR), Course.QUIET, None, 0, 0),  # a time to come was misread, and says nothing
        (at(400 * DAY), Course.QUIET, None, 0, 0),
    ],
)  # fmt: skip
def test_since_when(rows: list[ErrorRow], course: Course, begun: timedelta | None, errors: int, usual: int) -> None:
    found = since(rows, NOW)
    assert (found.course, found.errors, found.usual) == (course, errors, usual)
    assert found.at == (None if begun is None else NOW - begun)


def test_since_counts_the_people_of_the_jump_alone() -> None:
    rows = [*daily(1, range(2, 90)), *at(*(n * HOUR for n in range(1, 9)), who=2), *at(2 * HOUR, who=3)]
    assert since(rows, NOW).people == 2


@pytest.mark.parametrize(
    ("changes", "whole"),
    [
        ({}, True),
        ({"complete": False}, False),
        ({"complete": False, "gap_before": NOW - 100 * DAY}, True),
        ({"complete": False, "gap_before": NOW - 10 * DAY}, False),
    ],
)
def test_a_cut_report_says_so(changes: dict[str, object], whole: bool) -> None:
    assert tally(report(at(HOUR), **changes), lambda _who: History(), NOW, 30).since.whole is whole


def test_open_errors_are_counted_by_type_and_people() -> None:
    reset = History(reset_after=NOW - DAY)
    rows = [
        *at(HOUR, 50 * HOUR),  # the older one lies before the reset
        *at(3 * DAY, who=2),  # nothing newer than the reset
        *at(3 * DAY, 40 * DAY, who=3),  # the older one is old
        replace(row_of_report(person(4), at=NOW - DAY, by_name=True), type=ErrorType.CONNECTION),
        replace(row_of_report(person(5)), at=None),
    ]
    histories = {person(1).id: reset, person(2).id: reset}
    found = tally(report(rows), lambda who: histories.get(who, History()), NOW, 30)
    assert found.erring == 3
    assert found.open_by_type == {ErrorType.USER_MAPPING: 2, ErrorType.CONNECTION: 1}
    assert found.by_type == {ErrorType.USER_MAPPING: 6, ErrorType.CONNECTION: 1}
    assert (found.undated, found.newest) == (1, NOW - HOUR)


def test_each_history_is_asked_for_once_and_only_for_recent_errors() -> None:
    asked: list[str] = []
    tally(report([*at(HOUR, 2 * HOUR), *at(200 * DAY, who=2)]), lambda who: asked.append(who) or History(), NOW, 30)  # type: ignore[func-returns-value]  # notes who is asked for
    assert asked == [person(1).id]


def test_months_have_no_gap_and_end_with_the_present_one() -> None:
    old, new = datetime(2026, 8, 31, 23, 59, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
    months = by_month([row_of_report(person(), at=moment) for moment in (old, new, new)], NOW)
    assert {name: sum(types.values()) for name, types in months.items()} == {
        "2026-08": 1, "2026-09": 0, "2026-10": 2, "2026-11": 0
    }  # fmt: skip
    assert list(by_month([], NOW)) == ["2026-11"]
    ancient = by_month([row_of_report(person(), at=datetime(2020, 1, 1, tzinfo=UTC))], NOW)
    assert list(ancient) == ["2026-11"]
    long = by_month([row_of_report(person(), at=NOW - timedelta(days=31 * n)) for n in range(40)], NOW)
    assert len(long) == MONTHS


def test_a_hundred_thousand_errors() -> None:
    rows = [row_of_report(person(n % 500), at=NOW - n * timedelta(minutes=9)) for n in range(100_000)]
    found = tally(report(rows), lambda _who: History(), NOW, 30)
    assert sum(found.by_type.values()) == 100_000
    assert found.erring == 500
