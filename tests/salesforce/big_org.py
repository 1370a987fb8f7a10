"""An organisation of tests whose report has more rows than a run gives: the practice org's report, on a socket that can
fail in the middle."""

from __future__ import annotations

import contextlib
import math
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.http.server import Reply, Request
from tests.salesforce import org as small
from tests.salesforce.org import NOW, FakeOrg
from tui.model import ErrorReport
from tui.salesforce.client import Salesforce
from tui.sandbox import report, report_run
from tui.sandbox.state import ErrorRecord, World
from tui.sandbox.world import build
from tui.sanitise import one_line, sanitise

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
BUSY = date(2026, 9, 2)
Fault = Callable[["Run"], Reply | None]


class Run:
    """One run that was asked for: its number from 1, and what it asks for."""

    def __init__(self, number: int, request: Request) -> None:
        self.number = number
        self.metadata: dict[str, Any] = request.json()["reportMetadata"]
        self.rows = request.query["includeDetails"] == "true"
        self.instance = request.path.endswith("/instances")
        dates = self.metadata["standardDateFilter"]
        self.first, self.last = (dates[key] and date.fromisoformat(dates[key]) for key in ("startDate", "endDate"))

    def holds(self, day: date) -> bool:
        """Whether it is a slice with the rows of that day, and not the first run."""
        return self.rows and self.number > 1 and self.first <= day <= self.last


class BigOrg(FakeOrg):
    """`fault` may answer a run in the org's place; `alter` may change what it answers; `left` are the runs of the hour
    that /limits tells, None when it is closed."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.reports = [
            {"Id": world.report_id, "Name": world.report_name, "DeveloperName": "Google_sync_errors"},
        ]
        self.runs: list[Run] = []
        self.fault: Fault = lambda _run: None
        self.alter: Callable[[Run, dict[str, Any]], None] = lambda _run, _answer: None
        self.left: int | None = 500
        self.instances: list[list[dict[str, Any]]] = []

    def data(self, request: Request) -> Reply:
        if request.path.endswith("/limits"):
            if self.left is None:
                return Reply(403, [{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}])
            return Reply(200, {"HourlySyncReportRuns": {"Max": 500, "Remaining": self.left}})
        if request.path.endswith("/report-types"):
            return Reply(200, report.report_types(self.world, "68.0"))
        if "/report-types/" in request.path:
            described = report.describe(self.world, NOW, "68.0")
            return Reply(200, {"reportTypeMetadata": described["reportTypeMetadata"]})
        return super().data(request)

    def report(self, request: Request) -> Reply:
        if request.path.endswith("/describe"):
            return Reply(200, report.describe(self.world, NOW, "68.0"))
        if request.method == "GET":
            answers = self.instances[int(request.path[-15:-3]) - 1]
            return Reply(200, answers.pop(0) if len(answers) > 1 else answers[0])
        run = Run(len(self.runs) + 1, request)
        self.runs.append(run)
        if reply := self.fault(run):
            return reply
        answer = report_run.run(
            self.world,
            NOW,
            "68.0",
            override=run.metadata,
            details=run.rows,
            saved=not request.path.endswith("/query"),
        )
        self.alter(run, answer)
        if not run.instance:
            return Reply(200, answer, delay=0.01)
        waiting = [{"attributes": {"status": status}} for status in ("New", "Running")]
        self.instances.append([*waiting, {**answer, "attributes": {"status": "Success"}}])
        return Reply(200, {"id": f"0LG{len(self.instances):012d}AAA", "status": "New"})


@contextlib.asynccontextmanager
async def big_org(folder: Path, world: World, **more: Any) -> AsyncIterator[tuple[BigOrg, Salesforce]]:
    """The org, listening, and a client for it."""
    made, small.FakeOrg = small.FakeOrg, lambda: BigOrg(world)  # type: ignore[misc, assignment]
    try:
        async with small.org_and_client(folder, **more) as (org, client, _http):
            assert isinstance(org, BigOrg)
            yield org, client
    finally:
        small.FakeOrg = made  # type: ignore[misc]


def world_of(errors: int, days: dict[date, int] | None = None) -> World:
    """A world with so many errors over 300 days, and so many more on these days; every tenth is there twice."""
    world = build(seed=3, users=150, errors=200, lang="fr", scenario=None, now=NOW)
    people, types = world.people[:40], ("Connection", "UserMapping", "Sync")

    def one(number: int, at: datetime) -> ErrorRecord:
        number -= number % 10 == 9  # as the one before
        person = people[number % 40]
        return ErrorRecord(f"e{number}", at, person.id, person.name, types[number % 3], f"text {number % 90}", "x")

    spread = [
        one(number, NOON - timedelta(days=number // 10 * 3001 % 300, hours=number // 10 % 5))
        for number in range(errors)
    ]
    busy = [
        one(number, datetime(day.year, day.month, day.day, 9, number // 10 % 50, tzinfo=UTC))
        for day, count in (days or {}).items()
        for number in range(count)
    ]
    direction = "salesforce_to_google"
    world.errors[:] = [replace(error, direction=direction) for error in (*spread, *busy)]
    world.errors.sort(key=lambda error: error.at, reverse=True)
    return world


def in_world(world: World) -> Counter[tuple[Any, ...]]:
    return Counter((error.at, error.user_id, one_line(error.name), sanitise(error.text)) for error in world.errors)


def in_report(found: ErrorReport) -> Counter[tuple[Any, ...]]:
    return Counter((row.at, row.user_id, row.user_name, row.text) for row in found.rows)


def budget(rows: int, crowded: int) -> int:
    """How many runs reading so many rows may take, with so many days of more than 2,000."""
    return math.ceil(rows / 1800) + 4 + 2 * crowded
