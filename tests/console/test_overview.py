"""The Overview: what its lines say and open, in the states that an organisation can be in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import chain

import pytest
from rich.cells import cell_len

from screens import engine as room
from screens.overview_answer import NEAR
from screens.overview_chart import chart
from screens.overview_page import page
from screens.overview_setup import others
from screens.state import Store
from screens.telling.behind import behind
from screens.widgets.bars import TopBar
from screens.widgets.document import Document
from screens.widgets.ink import width_of
from tests.console import data
from tests.console.conftest import Open
from tui.model import (
    Answer,
    Configuration,
    Course,
    ErrorType,
    Members,
    Overview,
    Phase,
    Product,
    Roster,
    Since,
    Stage,
    Status,
)
from tui.triage import briefing

NOW = data.NOW


def texts(seen: Overview, width: int = 76) -> dict[str, str]:
    """Each line of the page with what is behind it."""
    return {
        block.key: "\n".join("".join(text for text, _ink in line) for line in (block.line, *block.detail))
        for flow in page(seen, NOW, width)
        for block in flow
    }


def with_since(**changes: object) -> Overview:
    tally = data.cut_tally()
    return data.overview(
        answer=Answer(Status.PASS, "Well."), tally=replace(tally, since=Since(**{**STEADY, **changes}))  # type: ignore[arg-type]  # any field
    )  # fmt: skip


STEADY = {"course": Course.STEADY, "at": None, "errors": 6, "people": 5, "usual": 4}
EARLIER = NOW - timedelta(hours=4)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (with_since(), "no jump: 6 errors in 24 hours, 4 a day is usual"),
        (with_since(errors=1), "no jump: 1 error in 24 hours, 4 a day is usual"),
        (with_since(course=Course.QUIET), "no error in the last 24 hours; the newest is of 2026-11-22 12:00"),
        (
            with_since(course=Course.JUMP, at=EARLIER, errors=1234),
            "2026-11-22 09:00, when errors jumped: 1,234 since, 4 a day before",
        ),
        (
            with_since(course=Course.STREAK, at=EARLIER, errors=1),
            "2026-11-22 09:00: 1 error since, where a usual day has none",
        ),
        (data.overview(), "after 2026-11-22 07:48, the last sync activity"),
        (data.blind(), "not known: the error report could not be read"),
        (data.well(tally=data.counted(data.report(0))), "no error has come in"),
    ],
)
def test_since_when_in_words(seen: Overview, told: str) -> None:
    assert briefing.since(seen) == told


@pytest.mark.parametrize(
    ("roster", "told"),
    [
        (Roster(active=402, assigned=380), "5 with an open error, of 380 assigned; active users: 402"),
        (Roster(active=402), "5 with an open error, of 402 active users"),
        (Roster(active=1), "5 with an open error, of 1 active user"),
        (Roster(assigned=380), "5 with an open error; of how many could not be read"),
        (Roster(), "5 with an open error; of how many could not be read"),
    ],
)
def test_how_many_people_of_how_many(roster: Roster, told: str) -> None:
    assert briefing.people(data.overview(roster=roster)) == told


def test_a_cut_report_and_rows_without_a_time_are_said() -> None:
    seen = with_since(whole=False)
    seen = replace(seen, tally=replace(seen.tally, undated=3))  # type: ignore[type-var]  # it has one
    assert "The report was cut" in texts(seen)["fact.since"]
    assert "3 errors have no time" in texts(seen)["fact.since"]
    assert "The report was cut" not in texts(with_since())["fact.since"]


def test_what_is_not_confirmed_here_is_said_beside_it() -> None:
    assert "(not confirmed here)" in texts(data.overview())["fact.worked"]
    assert "confirmed" not in texts(data.well())["fact.worked"]


def test_the_age_of_a_report_that_is_older_than_the_rest() -> None:
    old = replace(data.report(3), read_at=NOW - timedelta(hours=2))
    assert "2 h ago" in texts(data.overview(report=old))["fact.report"].splitlines()[0]
    assert "ago" not in texts(data.overview())["fact.report"].splitlines()[0]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (NEAR + 20, "200 days left: Lightning Sync retires in April 2027"),
        (1, "1 day left: Lightning Sync retires in April 2027"),
        (0, "Lightning Sync was to retire in April 2027"),
    ],
)
def test_the_deadline(days: int, told: str) -> None:
    last = NOW.replace(year=2027, month=4, day=1)
    assert briefing.deadline(Product.LIGHTNING_SYNC, last - timedelta(days=days)) == told
    assert "2027" not in briefing.deadline(Product.EINSTEIN_ACTIVITY_CAPTURE, last)


@pytest.mark.parametrize(("used", "low"), [(79_000, False), (80_001, True), (None, False)])
def test_few_calls_left_are_a_warning(used: int | None, low: bool) -> None:
    assert briefing.api_low(data.overview(api_used=used)) is low


def test_a_step_that_is_not_well_says_why_where_there_is_room() -> None:
    narrow, wide = (texts(data.overview(), width)["step.remote_site"].splitlines() for width in (60, 100))
    assert narrow[0] == "  ✗ failed   6.1 Register the remote site"
    assert wide[0].endswith(": no active remote site for www.googleapis.com")
    for lines in (narrow, wide):
        assert any("no active remote site" in line for line in lines[1:])
        assert any("http://127.0.0.1:8500/setup/remote_site" in line for line in lines)
        assert any("read 12:57, 3 min ago" in line for line in lines)
        assert any("Step: salesforce.remote_site" in line for line in lines)  # what was asked


def test_a_configuration_says_whom_it_brings_and_what_it_does() -> None:
    one = Configuration(
        "A", users=("a@x.example", "b@x.example"), profiles=("Sales",), data_set={"events_from": "2020"}
    )
    known = Roster((Members(1, (("Sales", 40),), 41),))
    told = texts(data.overview(configurations=(one, Configuration("Empty")), roster=known))
    assert told["configuration.0"].splitlines()[0] == "  active     A      41 people"
    for part in ("profile: Sales (40 active users)", "1 active of 2 named: a@x.example", "events_from: 2020"):
        assert part in told["configuration.0"]
    assert "nobody assigned" in told["configuration.1"]
    unknown = texts(data.overview(configurations=(one,), roster=Roster((Members(None, (("Sales", None),), None),))))
    assert "how many people: not known" in unknown["configuration.0"]
    assert "Sales (how many users: not known)" in unknown["configuration.0"]


def test_the_same_finding_is_told_once() -> None:
    again = data.finding("google.call.calendar", Status.UNKNOWN, "Google gave no time.")
    seen = data.overview()
    told = texts(replace(seen, findings=(*seen.findings, again)))
    assert [key for key in told if key.startswith("finding.")] == ["finding.google.clock"]


@pytest.mark.parametrize("seen", [data.overview(), data.well(), data.blind()], ids=["fail", "well", "blind"])
def test_the_chart_and_the_first_lines_fit_a_terminal_of_80(seen: Overview) -> None:
    blocks = chain(*page(seen, NOW, 76))
    first = [block for block in blocks if block.key.startswith(("fact.", "chart", "step."))]
    assert [block.line for block in first if width_of(block.line) > 76 and block.key != "fact.worked"] == []


def test_the_chart_has_a_bar_for_every_month_and_the_tallest_is_full() -> None:
    tally = data.counted(data.years_of_errors())
    rows = {block.key: "".join(text for text, _ink in block.line) for block in chart(tally, 76)}
    bars = rows[f"chart.{ErrorType.USER_MAPPING}"]
    assert sum(sign in "·▁▂▃▄▅▆▇█" for sign in bars) == len(tally.months) == 23
    assert "█" in bars
    assert rows["chart.years"].index("2026") - rows["chart.years"].index("2025") == 12 * 2
    assert len({len(rows[f"chart.{kind}"]) for kind in tally.by_type}) == 1  # the totals end in the same cell
    assert chart(data.counted(data.report(0)), 76) == []


def test_what_the_checklist_tells_is_told_once() -> None:
    found = data.finding("google.key", Status.UNKNOWN, "The config file has no section.", phase=Phase.CONNECTION)
    item = replace(data.blind().checklist[0], status=Status.UNKNOWN, summary=found.summary, proof=(found,))
    seen = replace(data.blind(), findings=(found,), checklist=(item,))
    one, two = (["".join(text for text, _ink in block.line) for block in others(seen, beside=b)] for b in (False, True))
    assert any(found.summary in line for line in one)
    assert not two


async def test_an_early_stage_never_takes_the_place_of_an_older_answer(console: Open) -> None:
    async with console(LoadOverview=lambda _t, _r: []) as driven:
        ticket, _request = driven.engine.last(room.LoadOverview)
        for seen, told, under_way in (
            (data.so_far(), "Not known whether it is broken for everybody", True),
            (data.overview(stage=Stage.ANSWERED, capabilities=()), "Broken for everybody", True),
            (data.overview(), "Broken for everybody", False),
            (data.so_far(), "Broken for everybody", False),
            (data.well(stage=Stage.ANSWERED, capabilities=()), "Not broken for everybody", False),
        ):
            await driven.post(room.OverviewLoaded(ticket, seen))
            assert told in driven.flat
            assert driven.app.store.overview.under_way is under_way
        await driven.press("G")
        assert "What can be read here" in driven.grid  # kept from the reading before


def test_what_is_still_being_read_is_not_called_unreadable() -> None:
    told = texts(data.so_far())
    for key in ("fact.since", "fact.people", "fact.kind", "fact.report"):
        assert "the error report is being read" in told[key]
        assert "could not" not in told[key]
    assert not [key for key in told if key.startswith("capabilit")]


def test_evidence_is_told_in_words() -> None:
    found = data.finding(
        "x", Status.PASS, "Well.", evidence={"key_id": "k1", "new_one": 1, "rows": {"orgEvents": "today"}}
    )
    told = ["".join(text for text, _ink in line) for line in behind(found, 0)]
    assert told[1:4] == ["key id: k1", "new_one: 1", "rows: Organisation, events: today"]


async def test_the_bar_lies_only_under_what_opens(console: Open) -> None:
    async with console() as driven:
        document = driven.app.screen.query_one(Document)
        assert document.barred(0)
        await driven.press("G")
        assert document.marked(document.count - 1)
        assert not document.barred(document.count - 1)


async def test_enter_opens_the_proof_and_what_to_do(console: Open) -> None:
    async with console() as driven:
        await driven.press("enter")
        assert "1. Salesforce admin: register https://www.googleapis.com" in driven.flat
        assert "Cause: salesforce.connection.remote_site" in driven.flat
        await driven.press("enter")
        assert "Cause: salesforce" not in driven.grid


async def test_a_hundred_thousand_errors_are_shown_as_fast_as_none(console: Open) -> None:
    """They were counted before: the page looks at no row, so it holds for any number of them."""
    many = data.report(0)
    seen = data.well(report=replace(many, rows=Untouched(range(100_000)), total=100_000))
    async with console() as driven:
        await driven.post(room.OverviewLoaded(0, seen))
        assert "100,000 of this year and last, all read" in driven.grid


class Untouched(tuple):  # type: ignore[type-arg]  # stands in for rows that nobody may walk through
    def __iter__(self) -> object:  # type: ignore[override]
        raise AssertionError("the screen walks through the rows")


LONG = "camille.rousseau@practice.atelier-lumiere.example"


@pytest.mark.parametrize(
    ("columns", "name", "told"),
    [
        (120, "Acme", f"as {LONG} "),
        (80, "Atelier Lumière (practice)", "as camille.rousseau "),
        (80, "A" * 38, "A  PRACTICE  camille.rousseau "),
        (80, "A" * 60, "A…  PRACTICE  camille.rou… "),
        (60, "A" * 60, "A…  PRACTICE  camille.rou… "),
    ],
)
def test_the_top_bar_keeps_what_matters(columns: int, name: str, told: str) -> None:
    org = replace(data.ORG, name=name, acting_user=LONG)
    bar = TopBar()
    bar.tell(Store(now=lambda: NOW, org=org), columns)
    assert told in bar.text
    assert " PRACTICE " in bar.text
    assert bar.text.endswith(" READ-ONLY ")
    assert cell_len(bar.text) <= columns
