"""The Errors screen: what became of each row, what it means, groups, acknowledging, checking many."""

from __future__ import annotations

import re

import pytest

from screens import engine as room
from screens.checks import Asked, cause_of
from screens.error_lines import STATE, Told
from screens.errors import LIST_LINES, ErrorsScreen
from screens.groups import grouped
from screens.state import Store
from screens.widgets.table import Table
from tests.console import data
from tests.console.conftest import Open
from tui.model import ErrorType, Judgement, Phase, RowState, Verdict
from tui.triage import catalogue


def store(**changes: object) -> Store:
    known = Store(now=lambda: data.NOW)
    known.take(room.ErrorsLoaded(0, data.report()))
    known.take(data.pasts())
    return known


def test_the_state_of_a_row_follows_journal_readings_and_what_was_looked_at() -> None:
    known = store()
    told, rows = Told(known), data.report().rows
    states = [told.state_of(row) for row in rows[:7]]
    assert states == [
        RowState.NEW,  # an hour old; the report was last read before
        RowState.SEEN,
        RowState.SEEN,
        RowState.SEEN,
        RowState.SEEN,
        RowState.CHECKED,  # user 0, checked after it
        RowState.ACKNOWLEDGED,  # user 1
    ]
    assert told.state_of(data.row(60, at=None)) is RowState.OLD
    told.looked.add(rows[0].id)
    assert told.state_of(rows[0]) is RowState.SEEN


def test_a_row_that_a_whole_report_no_longer_has_is_gone_and_one_that_came_is_new() -> None:
    known = store()
    rows = data.report().rows
    came = data.row(99, at=data.NOW)
    known.take(room.ErrorsLoaded(0, data.report((came, *rows[1:]))))
    told = Told(known)
    assert told.state_of(rows[0]) is RowState.GONE
    assert told.state_of(came) is RowState.NEW
    known.take(room.ErrorsLoaded(0, data.report(rows)))
    assert told.state_of(rows[0]) is not RowState.GONE


def test_a_report_that_was_cut_makes_nothing_gone() -> None:
    known = store()
    known.take(room.ErrorsLoaded(0, data.report(data.report().rows[1:], complete=False)))
    assert known.gone == {}


def test_users_without_an_id_are_known_by_a_name_that_is_theirs_alone() -> None:
    known = Store(now=lambda: data.NOW)
    twins = (data.past(), data.past(1, user_name=data.user(0).name), data.past(2))
    known.take(data.pasts(*twins))
    assert known.pasts.of(data.row(2, user_id=None)) == twins[2]
    assert known.pasts.of(data.row(0, user_id=None)) is None
    assert known.pasts.of(data.row(0)) == twins[0]


def test_groups_count_errors_open_ones_and_users() -> None:
    rows = data.report().rows
    groups = grouped(rows, lambda row: (row.type, row.type_label, ""), lambda row: row.id in {"row0", "row1"})
    assert [(group.key, group.errors, group.open, group.users) for group in groups] == [
        (ErrorType.CONNECTION, 30, 1, 5),
        (ErrorType.USER_MAPPING, 30, 1, 5),
    ]
    assert groups[0].newest == rows[0].at
    assert grouped((), lambda row: (row.type, "", ""), lambda _row: True) == ()


async def test_the_detail_says_what_it_means_and_what_else_there_is(console: Open) -> None:
    async with console((120, 40)) as driven:
        await driven.press("2", "down", *("plus",) * 3)
        await driven.rest()
        for said in (
            "Usually: A rule or automation in Salesforce rejects what the sync brings.",
            "A validation rule, or an Apex trigger, refused",
            "11 other errors · 0 open",
            "never checked here",
            "State: seen, nobody has checked this user since",
            "“UserMapping”, says the guide",
        ):
            assert said in driven.flat
        await driven.press("up")
        await driven.rest()
        assert "checked 08:00, 5 h ago: Reset the sync" in driven.flat
        assert "1 users" not in driven.flat
        assert "Of 1 user with this type who was checked here, 1 is" in driven.flat


async def test_the_detail_is_hidden_and_sized(console: Open) -> None:
    async with console() as driven:
        await driven.press("2")
        rows = sum(text.startswith(("▌ 2026", "  2026")) for text in driven.grid.splitlines())
        await driven.press("p")
        assert "can't connect to this user's Google account" not in driven.flat
        assert sum(text.startswith(("▌ 2026", "  2026")) for text in driven.grid.splitlines()) == rows + 7
        await driven.press("p", "plus")
        assert sum(text.startswith(("▌ 2026", "  2026")) for text in driven.grid.splitlines()) == rows - 4
        await driven.press(*("plus",) * 9)
        assert "▌ 2026" in driven.grid
        await driven.press("minus")
        assert "▌ 2026" in driven.grid


async def test_the_list_keeps_lines_of_its_own_when_the_terminal_shrinks(console: Open) -> None:
    async with console((120, 40)) as driven:
        await driven.press("2", *("plus",) * 9)
        await driven.pilot.resize_terminal(80, 24)
        await driven.rest()
        assert driven.app.screen.query_one("#errors").size.height == LIST_LINES
        await driven.pilot.resize_terminal(120, 40)
        await driven.rest()
        assert driven.app.screen.query_one("#errors").size.height == LIST_LINES


async def test_states_are_sorted_by_what_waits_for_somebody(console: Open) -> None:
    async with console((120, 40)) as driven:
        await driven.press("2", "s", "s", "g")
        shown = driven.app.screen.query_one("#errors", Table).shown
        assert isinstance(driven.app.screen, ErrorsScreen)
        told = driven.app.screen._told
        states = list(dict.fromkeys(told.state_of(row) for row in shown))
        assert states == [state for state in STATE if state in states]
        assert len(states) > 2


@pytest.mark.parametrize(("times", "group", "rows"), [(1, "Ann Example", 12), (2, "Connection", 30), (3, "A rule", 20)])
async def test_a_group_narrows_the_list(times: int, group: str, rows: int, console: Open) -> None:
    async with console((120, 40)) as driven:
        await driven.press("2", *("b",) * times)
        assert driven.shown == "groups"
        while not any(line.startswith("▌") and group in line for line in driven.grid.splitlines()):
            before = driven.grid
            await driven.press("down")
            assert driven.grid != before
        await driven.press("enter")
        assert driven.shown == "errors"
        assert f"{rows} of 60" in driven.grid


async def test_grouping_goes_round_and_back(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "b", "b", "b")
        assert "by cause" in driven.grid
        assert "Salesforce could not reach" in driven.grid
        await driven.press("b")
        assert driven.shown == "errors"


async def test_an_acknowledgement_asks_for_a_note_and_a_yes(console: Open) -> None:
    async with console((120, 40)) as driven:
        await driven.press("2", "space", "space", "a")
        await driven.type("known outage")
        await driven.press("enter")
        assert "Acknowledge 13 open errors of 2 users?" in driven.grid
        assert driven.engine.count(room.Acknowledge) == 0
        await driven.press("y")
        _ticket, asked = driven.engine.last(room.Acknowledge)
        assert asked.users == (data.user(0).id, data.user(1).id)
        assert (asked.note, asked.until) == ("known outage", data.report().read_at)
        assert "Acknowledged: kept in the journal" in driven.grid
        assert "acknowledged" in driven.grid.splitlines()[3]
        await driven.press("g")
        await driven.rest()
        assert "lea: “known outage”" in driven.flat


async def test_no_acknowledgement_without_a_yes(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "a")
        await driven.press("enter")
        assert "Acknowledge 12 open errors of Ann Example?" in driven.grid
        await driven.press("n")
        await driven.press("a", "escape")
        assert driven.engine.count(room.Acknowledge) == 0


async def test_many_are_checked_and_each_verdict_comes_as_it_is_there(console: Open) -> None:
    async with console(CheckMany=lambda t, r: data.checked_many(t, r)[:1]) as driven:
        await driven.press("2", "space", "space", "space", "c")
        assert driven.shown == "checks"
        ticket, asked = driven.engine.last(room.CheckMany)
        assert asked.users == tuple(data.user(n).id for n in range(3))
        assert "1 of 3 checked" in driven.grid
        assert "waiting" in driven.grid
        await driven.post(*data.checked_many(ticket, asked)[1:])
        assert "3 of 3 checked  2 need attention" in driven.grid
        assert "Review the connection" in driven.grid
        assert "waiting" not in driven.grid
        await driven.press("down", "enter")
        assert driven.shown == "troubleshoot"
        assert driven.engine.last(room.CheckUser)[1].query == data.user(1).id
        await driven.press("escape", "escape")
        assert driven.shown == "errors"
        assert "3 marked" in driven.grid


async def test_checking_many_is_stopped(console: Open) -> None:
    async with console(CheckMany=lambda t, r: data.checked_many(t, r)[:1]) as driven:
        await driven.press("2", "space", "space", "c", "x")
        assert driven.engine.cancelled == [driven.engine.last(room.CheckMany)[0]]
        assert "not checked" in driven.grid
        assert "Stopped." in driven.grid
        await driven.press("x")
        assert "Nothing is running" in driven.grid


async def test_one_user_is_checked_on_a_screen_of_their_own(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "down", "c")
        assert driven.shown == "troubleshoot"
        assert driven.engine.last(room.CheckUser)[1].query == data.user(1).id


async def test_filter_and_cursor_stay_while_one_looks_at_a_user(console: Open) -> None:
    async with console(CheckUser=data.checked(Verdict.WAIT)) as driven:
        await driven.press("2", "slash")
        await driven.type("chen")
        await driven.press("enter", "down", "down", "enter")
        assert driven.shown == "troubleshoot"
        await driven.press("escape")
        assert "/chen" in driven.grid
        assert "▌ 2026-11-22 00:00 Chen" in driven.grid


async def test_nothing_is_told_of_no_row(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "slash", "z", "z", "z", "enter")
        await driven.rest()
        assert not driven.app.screen.query_one("#detail-pane").display
        await driven.press("escape")
        await driven.rest()
        assert driven.app.screen.query_one("#detail-pane").display


async def test_the_state_of_every_row_has_a_sign_at_80_columns_and_its_word_in_the_detail(console: Open) -> None:
    async with console((80, 24)) as driven:
        await driven.press("2")
        await driven.rest()
        lines = driven.grid.splitlines()
        signs = [line[52] for line in lines if re.match(r".{2}2026-", line)]
        assert lines[2][52] == "S"
        assert signs[1:7] == ["·", "·", "·", "·", "✓", "="]
        await driven.press(*("down",) * 5)
        await driven.rest()
        assert "✓ checked" in driven.grid
    async with console((120, 40)) as driven:
        await driven.press("2")
        lines = driven.grid.splitlines()
        state = lines[2].index("State")
        words = [line[state : state + 4] for line in lines if re.match(r".{2}2026-", line)]
        assert words[1:3] == ["seen", "seen"]


def test_the_cause_beside_a_verdict_is_the_one_that_the_verdict_tells() -> None:
    left = ("salesforce.user.inactive", "google.user.deleted")
    steps = tuple(catalogue.finding(cause, Phase.STATUS, cause) for cause in left)
    judgement = Judgement(Verdict.REVIEW_CONFIGURATION, causes=left[::-1], rule=2)
    result = data.check(Verdict.REVIEW_CONFIGURATION, steps=steps, judgement=judgement)
    assert cause_of(Asked("ann", "Ann Example", result)) == (catalogue.cause(left[0]).title, "")


async def test_the_sign_of_a_row_says_the_same_as_the_title_of_its_detail(console: Open) -> None:
    async with console() as driven:
        await driven.press("2")
        await driven.rest()
        await driven.press("down")
        await driven.rest()
        row = next(line for line in driven.grid.splitlines() if line.startswith("▌"))
        assert "* " not in row
        assert "* new" not in driven.grid
        assert "· seen" in driven.grid
