"""The whole report: more rows than a run gives, read in slices, with every fault in the middle."""

from __future__ import annotations

import asyncio
import json
import math
import re
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.http.server import Reply
from tests.salesforce.big_org import BUSY, BigOrg, Fault, Run, big_org, budget, in_report, in_world, world_of
from tests.salesforce.org import NOW, org_and_client
from tests.salesforce.reports import error_run
from tui.model import ErrorReport, ServiceError
from tui.salesforce import report_plan as plan
from tui.salesforce import report_runs
from tui.salesforce.report_ask import Filter, ReportInfo, Slice, counts, details, forms
from tui.salesforce.report_columns import columns_of, match
from tui.salesforce.report_rows import error_rows, numbered, read_table
from tui.sandbox.report import AT, KIND, TYPE, USER
from tui.sandbox.state import World
from tui.sandbox.world import build

LIMIT = [{"errorCode": "FORBIDDEN", "message": "You can't run more than 500 reports synchronously every 60 minutes."}]
PARTED = date(2026, 3, 3)


@pytest.fixture(scope="module")
def world() -> World:
    """4,600 errors, 2,600 of them on one day."""
    return world_of(2000, {BUSY: 2600})


@pytest.fixture(scope="module")
def few() -> World:
    """2,600 errors, none of them on a crowded day."""
    return world_of(1200, {BUSY: 1400})


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_runs, "_PAUSES", (0.0,) * 4)


async def read(folder: Path, world: World, prepare: Callable[[BigOrg], None]) -> tuple[BigOrg, ErrorReport]:
    async with big_org(folder, world) as (org, client):
        prepare(org)
        return org, await client.errors(NOW)


def newest_first(found: ErrorReport) -> bool:
    moments = [row.at for row in found.rows if row.at]
    return moments == sorted(moments, reverse=True)


async def test_twenty_thousand_errors_are_read_whole_within_the_budget(tmp_path: Path) -> None:
    world = build(seed=1, users=400, errors=20_000, lang="fr", scenario=None, now=NOW)
    async with big_org(tmp_path, world) as (org, client):
        found = await client.errors(NOW)
        assert (len(found.rows), found.total, found.complete, found.note) == (20_000, 20_000, True, "")
        assert in_report(found) == in_world(world)
        assert len({row.id for row in found.rows}) == 20_000
        assert sum(not row.id.endswith("-1") for row in found.rows) >= 200
        assert newest_first(found)
        assert len(org.runs) <= budget(20_000, 1)
        assert not any(run.instance for run in org.runs)
        assert 1 < org.server.most_in_flight <= report_runs.AT_ONCE
        assert {request.method for request in org.server.seen} == {"GET", "POST"}


async def test_a_report_that_fits_is_one_run(tmp_path: Path) -> None:
    org, found = await read(tmp_path, world_of(1990), lambda _org: None)
    assert (len(found.rows), found.complete, len(org.runs)) == (1990, True, 1)


def refuse_counting(org: BigOrg) -> None:
    org.fault = lambda run: None if run.rows else Reply(400, [{"errorCode": "BAD_REQUEST", "message": "no grouping"}])


def refuse_days(org: BigOrg) -> None:
    org.fault = lambda run: (
        Reply(400, [{"errorCode": "BAD_REQUEST", "message": "no day"}])
        if any(one["name"] == AT for one in run.metadata["groupingsDown"])
        else None
    )


def odd_days(org: BigOrg) -> None:
    def alter(run: Run, answer: dict[str, Any]) -> None:
        if not run.rows and run.number == 2:
            answer["groupingsDown"]["groupings"][0]["value"] = "novembre"

    org.alter = alter


def wrong_sums(org: BigOrg) -> None:
    def alter(run: Run, answer: dict[str, Any]) -> None:
        if not run.rows and run.number == 2:
            answer["factMap"]["0!T"]["aggregates"][0]["value"] += 1

    org.alter = alter


async def test_ids_are_the_same_however_the_slices_are_cut(tmp_path: Path, world: World, few: World) -> None:
    for of_world, ways in ((world, [refuse_days]), (few, [odd_days, wrong_sums])):
        _org, planned = await read(tmp_path, of_world, lambda _org: None)
        assert planned.complete
        assert newest_first(planned)
        for prepare in ways:
            org, halved = await read(tmp_path, of_world, prepare)
            assert halved.complete, halved.note
            assert {row.id for row in halved.rows} == {row.id for row in planned.rows}
            assert newest_first(halved)
            assert len(org.runs) < 30


async def test_a_second_reading_keeps_the_rows_that_are_the_same(tmp_path: Path, few: World) -> None:
    async with big_org(tmp_path, few) as (_org, client):
        first, second = await client.errors(NOW), await client.errors(NOW)
        assert first.rows == second.rows
        same = sum(one is other for one, other in zip(first.rows, second.rows, strict=True))
        assert same > 0.85 * len(first.rows)


async def test_who_asks_while_the_report_is_read_shares_that_reading(tmp_path: Path, few: World) -> None:
    async with big_org(tmp_path, few) as (org, client):
        first, second = await asyncio.gather(client.errors(NOW), client.errors(NOW + timedelta(seconds=1)))
        assert second is first
        runs = len(org.runs)
        assert await client.errors(NOW + timedelta(seconds=2)) is not first
        assert len(org.runs) == 2 * runs


async def test_a_reading_that_began_long_ago_is_not_shared(tmp_path: Path, few: World) -> None:
    async with big_org(tmp_path, few) as (_org, client):
        first, second = await asyncio.gather(client.errors(NOW), client.errors(NOW + timedelta(minutes=2)))
        assert (first.read_at, second.read_at) == (NOW, NOW + timedelta(minutes=2))


async def test_a_reading_that_is_given_up_is_made_by_the_next_who_waits(tmp_path: Path, few: World) -> None:
    async with big_org(tmp_path, few) as (org, client):
        begun = asyncio.Event()
        org.alter = lambda _run, _answer: begun.set()
        given_up, kept = (asyncio.create_task(client.errors(NOW)) for _ in range(2))
        await begun.wait()
        given_up.cancel()
        found = await kept
        assert given_up.cancelled()
        assert found.complete


async def test_without_any_counting_a_crowded_day_stays_cut_and_that_is_said(tmp_path: Path, world: World) -> None:
    _org, found = await read(tmp_path, world, refuse_counting)
    assert not found.complete
    (cut,) = re.findall(rf"\({BUSY}\).* 2000 rows of (\d+)", found.note)
    assert len(found.rows) == 4600 - int(cut) + 2000
    assert found.gap_before is not None
    assert timedelta(0) <= found.gap_before - datetime(BUSY.year, BUSY.month, BUSY.day, tzinfo=UTC) <= timedelta(days=1)


async def test_a_crowded_type_is_cut_by_user(tmp_path: Path) -> None:
    world = world_of(1000, {BUSY: 7500, PARTED: 2001})
    org, found = await read(tmp_path, world, lambda _org: None)
    assert found.complete, found.note
    assert in_report(found) == in_world(world)
    assert any(one["column"] == USER for run in org.runs for one in run.metadata["reportFilters"])
    assert any(one["column"] == KIND for run in org.runs for one in run.metadata["reportFilters"])
    assert len(org.runs) <= budget(10_501, 2)


async def test_a_user_with_too_many_rows_of_a_day_is_said(tmp_path: Path) -> None:
    world = world_of(200, {BUSY: 10})
    world.errors += [world.errors[0]] * 2300
    _org, found = await read(tmp_path, world, lambda _org: None)
    assert not found.complete
    assert "2000 rows of 23" in found.note


def nth(kind: str, reply: Reply, times: int = 1_000) -> Callable[[BigOrg], None]:
    """A fault of the slices that hold PARTED ("slice"), of everything after the first run ("rest"), or of the counting
    ("count")."""

    def prepare(org: BigOrg) -> None:
        left = [times]

        def fault(run: Run) -> Reply | None:
            of_slice = run.holds(PARTED)
            wanted = {"slice": of_slice, "rest": run.number > 1, "count": run.number > 1 and not run.rows}[kind]
            if not wanted or run.instance or left[0] <= 0:
                return None
            left[0] -= 1
            return reply

        org.fault = fault

    return prepare


HTML = "<html><head><title>Down for Maintenance</title></head></html>"


@pytest.mark.parametrize(
    "prepare",
    [
        nth("slice", Reply(503, HTML), 2),
        nth("slice", Reply(200, {"factMap": {}}, fault="cut"), 1),
        nth("slice", Reply(fault="reset"), 2),
        nth("slice", Reply(200, HTML), 1),
        nth("slice", Reply(503, HTML)),
        nth("slice", Reply(200, HTML)),
        nth("slice", Reply(200, b'{"factMap": {"T!T":')),
        nth("count", Reply(503, HTML)),
        nth("rest", Reply(500, HTML)),
    ],
)
async def test_a_fault_that_another_try_or_an_instance_gets_over(
    tmp_path: Path, few: World, prepare: Callable[[BigOrg], None]
) -> None:
    _org, found = await read(tmp_path, few, prepare)
    assert found.complete, found.note
    assert in_report(found) == in_world(few)


async def test_a_slice_that_takes_too_long_is_run_asynchronously(
    tmp_path: Path, few: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_runs, "_RUN_SECONDS", 1.0)
    org, found = await read(tmp_path, few, nth("slice", Reply(fault="stall")))
    assert found.complete, found.note
    assert sum(run.instance for run in org.runs) == 1


def whole_fault(reply: Reply) -> Fault:
    return lambda run: reply if run.holds(PARTED) else None


def other_dates(run: Run, answer: dict[str, Any]) -> None:
    if run.holds(PARTED):
        answer["reportMetadata"]["standardDateFilter"]["startDate"] = "2026-01-01"


def other_column(run: Run, answer: dict[str, Any]) -> None:
    if run.holds(PARTED):
        answer["reportMetadata"]["standardDateFilter"]["column"] = "LAST_MODIFIED"


def not_a_report(run: Run, answer: dict[str, Any]) -> None:
    if run.holds(PARTED):
        answer["factMap"]["T!T"]["rows"][0]["dataCells"].pop()


@pytest.mark.parametrize(
    ("fault", "alter", "word"),
    [
        (whole_fault(Reply(503, HTML)), None, "503"),
        (whole_fault(Reply(200, {"factMap": {}}, fault="cut")), None, "broke"),
        (whole_fault(Reply(200, HTML)), None, "web page"),
        (whole_fault(Reply(400, [{"errorCode": "BAD_REQUEST", "message": "no such date"}])), None, "no such date"),
        (None, other_dates, "dates"),
        (None, other_column, "dates"),
        (None, not_a_report, "documented"),
    ],
)
async def test_a_slice_that_is_lost_is_missed_and_named(
    tmp_path: Path, world: World, fault: Fault | None, alter: Callable[[Run, dict[str, Any]], None] | None, word: str
) -> None:
    def prepare(org: BigOrg) -> None:
        org.fault = fault or org.fault
        org.alter = alter or org.alter

    _org, found = await read(tmp_path, world, prepare)
    assert not found.complete
    assert 2000 < len(found.rows) < 4600
    assert found.total == 4600
    assert word in found.note
    assert not in_report(found) - in_world(world)
    assert found.gap_before is not None
    newer = [error for error in world.errors if error.at >= found.gap_before]
    assert len(newer) > 500
    assert sum(row.at is not None and row.at >= found.gap_before for row in found.rows) == len(newer)


async def test_a_filter_that_was_not_used_is_noticed(tmp_path: Path, world: World) -> None:
    def prepare(org: BigOrg) -> None:
        def alter(run: Run, answer: dict[str, Any]) -> None:
            if run.metadata["reportFilters"]:
                asked = {**run.metadata, "reportFilters": []}
                answer.update(report_run(world, asked))

        org.alter = alter

    _org, found = await read(tmp_path, world, prepare)
    assert not found.complete
    assert "filter" in found.note
    assert not in_report(found) - in_world(world)


def report_run(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    from tui.sandbox import report_run as sandbox

    return sandbox.run(world, NOW, "68.0", override=asked)


async def test_a_total_that_differs_makes_it_incomplete(tmp_path: Path, world: World) -> None:
    def prepare(org: BigOrg) -> None:
        def alter(run: Run, answer: dict[str, Any]) -> None:
            if not run.rows and KIND not in str(run.metadata["groupingsDown"]):
                for key in ("T!T", "0!T"):
                    if key in answer["factMap"]:
                        answer["factMap"][key]["aggregates"][0]["value"] += 5

        org.alter = alter

    _org, found = await read(tmp_path, world, prepare)
    assert (found.complete, len(found.rows), found.total) == (False, 4600, 4605)
    assert "4605" in found.note
    assert found.gap_before == NOW


async def test_an_error_that_comes_while_it_is_read_is_no_gap(tmp_path: Path) -> None:
    world = world_of(3000)

    def prepare(org: BigOrg) -> None:
        def alter(run: Run, _answer: dict[str, Any]) -> None:
            if run.number == 2:
                world.errors.append(world.errors[-1])

        org.alter = alter

    _org, found = await read(tmp_path, world, prepare)
    assert (found.complete, len(found.rows), found.total) == (True, 3001, 3001)


@pytest.mark.parametrize("left", [0, 1, 3])
async def test_the_limit_of_the_hour_is_not_run_into(tmp_path: Path, world: World, left: int) -> None:
    def prepare(org: BigOrg) -> None:
        org.left = left

    org, found = await read(tmp_path, world, prepare)
    assert len(org.runs) == 1 + left
    assert not found.complete
    assert len(found.rows) >= 2000
    assert "this hour" in found.note


async def test_a_refusal_for_the_limit_ends_the_reading_and_keeps_what_was_read(tmp_path: Path, world: World) -> None:
    def prepare(org: BigOrg) -> None:
        org.left = None
        org.fault = lambda run: Reply(403, LIMIT) if run.number > 3 else None

    org, found = await read(tmp_path, world, prepare)
    assert not found.complete
    assert len(found.rows) >= 2000
    assert "every 60 minutes" in found.note
    assert len(org.runs) <= 3 + report_runs.AT_ONCE
    assert newest_first(found)


# ---- rows without a date, a report that is not saved -------------------------------------------------------------


async def test_rows_without_a_date_are_not_lost(tmp_path: Path) -> None:
    async with org_and_client(tmp_path) as (org, client, _http):
        org.rows += [(None, None, "-", "Sync", "Sync", "undated")] * 2
        found = await client.errors(NOW)
        assert [row.text for row in found.rows] == ["no", "undated", "undated"]
        assert (found.total, found.complete) == (3, True)
        assert "2 rows of the report have no date" in found.note
        assert len({row.id for row in found.rows}) == 3


async def test_rows_without_a_date_that_cannot_be_asked_for_are_said(tmp_path: Path) -> None:
    async with org_and_client(tmp_path) as (org, client, _http):
        await client.report()
        answered = org.report

        def refuse(request: Any) -> Reply:
            if (
                "reportFilters" in request.json()["reportMetadata"]
                and request.json()["reportMetadata"]["reportFilters"]
            ):
                return Reply(400, [{"errorCode": "BAD_REQUEST", "message": "filter value is invalid"}])
            return answered(request)

        org.report = refuse  # type: ignore[method-assign]
        found = await client.errors(NOW)
        assert found.complete
        assert "without a date could not be found out" in found.note


async def test_without_a_saved_report_its_type_is_read(tmp_path: Path, world: World) -> None:
    async with big_org(tmp_path, world, report="Nobody saved me") as (org, client):
        org.reports = []
        found = await client.errors(NOW)
        assert found.complete, found.note
        assert in_report(found) == in_world(world)
        assert "Erreurs Lightning Sync" in found.note
        assert found.report_id == ""
        assert {request.path.rpartition("/")[2] for request in org.server.seen if "/reports/" in request.path} == {
            "query"
        }
        assert len(org.runs) <= budget(4600, 1)


@pytest.mark.parametrize(
    ("prefix", "reply", "word"),
    [
        (
            "/services/data/v68.0/analytics/report-types",
            Reply(403, [{"errorCode": "FORBIDDEN", "message": "no"}]),
            "error report",
        ),
        ("/services/data/v68.0/analytics/report-types", Reply(200, [{"label": "x", "reportTypes": [3]}]), "Nobody"),
        ("/services/data/v68.0/analytics/report-types", Reply(200, {"odd": 1}), "Nobody"),
        (f"/services/data/v68.0/analytics/report-types/{TYPE}", Reply(200, {"reportTypeMetadata": 3}), "Nobody"),
        (
            "/services/data/v68.0/analytics/reports/query",
            Reply(404, [{"errorCode": "NOT_FOUND", "message": "no"}]),
            "error report",
        ),
    ],
)
async def test_where_an_unsaved_report_is_closed_that_is_said(
    tmp_path: Path, world: World, prefix: str, reply: Reply, word: str
) -> None:
    async with big_org(tmp_path, world, report="Nobody saved me") as (org, client):
        org.reports = []
        await client.connect()
        org.fix(prefix, reply)
        with pytest.raises(ServiceError, match=word) as caught:
            await client.errors(NOW)
        assert caught.value.cause == "salesforce.report.unavailable"


# ---- the plan, the requests, the memory --------------------------------------------------------------------------

START, END = date(2025, 1, 1), date(2026, 12, 31)


@given(st.dictionaries(st.dates(START, END), st.integers(0, 4000), max_size=60))
def test_windows_are_the_whole_period_and_none_of_several_days_is_too_large(days: dict[date, int]) -> None:
    counted = dict(sorted(days.items(), reverse=True))
    slices = plan.windows(counted, START, END)
    assert slices[0].last == END
    assert slices[-1].first == START
    for newer, older in pairwise(slices):
        assert newer.first is not None
        assert older.last == newer.first - timedelta(days=1)
    for part in slices:
        inside = {day: count for day, count in counted.items() if part.first <= day <= part.last}
        assert part.expected == sum(inside.values())
        assert part.expected <= plan.ROOM or sum(map(bool, inside.values())) == 1


@given(st.lists(st.integers(0, 200), min_size=1, max_size=730))
def test_an_even_report_takes_no_more_slices_than_the_budget(counts_: list[int]) -> None:
    counted = {END - timedelta(days=number): count for number, count in enumerate(counts_)}
    slices = plan.windows(counted, START, END)
    assert len(slices) <= math.ceil(sum(counts_) / 1800) + 1


@given(st.dates(START, END), st.integers(1, 700), st.integers(0, 50_000))
def test_halves_are_the_whole_window(first: date, length: int, total: int) -> None:
    whole = Slice(first, first + timedelta(days=length))
    parts = plan.halves(whole, total)
    assert len(parts) >= 2
    assert (parts[0].last, parts[-1].first) == (whole.last, whole.first)
    for newer, older in pairwise(parts):
        assert older.last == newer.first - timedelta(days=1)
        assert older.first <= older.last


def test_the_newest_days_of_a_cut_run_count_only_where_every_count_agrees() -> None:
    day = [END - timedelta(days=number) for number in range(4)]
    counted = {day[0]: 3, day[1]: 5, day[2]: 9, day[3]: 9}
    assert plan.held_from(counted, {day[0]: 3, day[1]: 5, day[2]: 2}) == day[1]
    assert plan.held_from(counted, {day[0]: 3, day[1]: 4, day[2]: 2}) is None
    assert plan.held_from(counted, {day[1]: 5, day[2]: 2}) is None
    assert plan.held_from(counted, {day[0]: 3}) is None
    assert plan.held_from(counted, {}) is None


def info(**metadata: Any) -> ReportInfo:
    described = error_run([])
    described["reportMetadata"] |= metadata
    columns = columns_of(described)
    return ReportInfo("00O000000000001AAA", "x", "x", tuple(columns), match(columns, {})[0], described)


def test_our_filters_join_those_of_the_report() -> None:
    own = [
        {"column": "KIND", "operator": "notEqual", "value": "x"},
        {"column": "WHO", "operator": "equals", "value": ""},
    ]
    report = info(reportFilters=own, reportBooleanFilter="1 OR 2", chart={"groupings": ["KIND"]})
    form = next(forms(report))
    part = Slice(START, END, (Filter("KIND", ("a", "b")), Filter("WHO", ("Doe, Jane",))))
    sent = details(report, form, part)["reportMetadata"]
    assert sent["reportFilters"] == [
        *own,
        {"column": "KIND", "operator": "equals", "value": "a,b"},
        {"column": "WHO", "operator": "equals", "value": '"Doe, Jane"'},
    ]
    assert sent["reportBooleanFilter"] == "(1 OR 2) AND 3 AND 4"
    counting = counts(report, form, part, [report.meanings["at"]])["reportMetadata"]
    assert counting["groupingsDown"] == [{"name": "AT", "sortOrder": "Desc", "dateGranularity": "Day"}]
    assert counting["chart"] is None
    assert "AT" not in counting["detailColumns"]
    assert report.described["reportMetadata"]["reportFilters"] == own


def test_a_hundred_thousand_errors_are_kept_in_little() -> None:
    rows = [
        (
            f"2026-{1 + n % 12:02d}-{1 + n % 28:02d}T{n % 24:02d}:{n % 60:02d}:{n % 59:02d}Z",
            f"005{n % 400:012d}AAA",
            f"Person Number {n % 400}",
            "Connection",
            "Connexion",
            f"The address person{n % 400}@acme.example could not be linked: kind {n % 7}",
        )
        for n in range(2000)
    ]
    run = json.loads(json.dumps(error_run(rows)))
    columns = columns_of(run)
    meanings = match(columns, {})[0]
    texts: dict[str, str] = {}
    tracemalloc.start()
    try:
        table = read_table(run)
        kept = numbered(error_rows(table, columns, meanings, {}, None, texts))
        del table
        each = tracemalloc.get_traced_memory()[0] / len(kept)
    finally:
        tracemalloc.stop()
    assert each < 1000  # bytes: 100 MB for 100,000 rows
    assert dict(kept[0].cells)["Error Type"] == "Connexion"
    assert kept[0].cells.get("nothing") is None
    assert len(kept[0].cells) == 4
