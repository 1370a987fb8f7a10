"""The one list of the console: what a filter asks for, order, marks, and where the cursor stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any, overload

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.message import Message

from screens import engine as room
from screens.listing import letters
from screens.widgets import sieve
from screens.widgets import table as lists
from screens.widgets.query import Term, places, plain, quoted, terms
from screens.widgets.table import Table
from screens.widgets.table_columns import APART, Column, Order, in_order, layout
from tests.console import data
from tests.console.conftest import Open
from tui.model import Phase
from tui.triage import catalogue

COLUMNS: list[Column[str]] = [
    Column("Time", lambda text: (text, ""), 8),
    Column("Who", lambda text: (text, ""), 0),
    Column("Why", lambda text: (text, ""), 0),
    Column("Kind", lambda text: (text, ""), 5, sign=lambda text: (text[:1], ""), from_width=100),
]


@pytest.mark.parametrize(
    ("width", "needs", "rooms"),
    [
        (64, {}, [8, 25, 25, 1]),  # nothing is known of the rows: they share alike
        (64, {"who": 10, "why": 60}, [8, 10, 40, 1]),  # who needs little leaves its room to the other
        (64, {"who": 60, "why": 10, "time": 12}, [8, 40, 10, 1]),  # a column of its own width grows last
        (120, {"who": 10, "why": 60, "time": 12, "kind": 15}, [12 + APART, 10 + APART, 60 + APART, 15 + APART]),
        (100, {"who": 60, "why": 60, "kind": 15}, [8, 40, 40, 7]),
    ],
)
def test_nothing_is_cut_while_another_column_has_blanks(width: int, needs: dict[str, int], rooms: list[int]) -> None:
    assert [room for _column, room in layout(COLUMNS, width, 1, needs)] == rooms


FIELDS = {"user": "user", "utilisateur": "user", "type": "type"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ()),
        ("  ", ()),
        ("-", ()),
        ("Ann -Bernard !chen -", (Term("ann"), Term("bernard", unwanted=True), Term("chen", unwanted=True))),
        ("Lévêque", (Term("leveque"),)),
        ("user:Ann", (Term("ann", "user"),)),
        ("Utilisateur:Ann", (Term("ann", "user"),)),
        ("-type:conn", (Term("conn", "type", unwanted=True),)),
        ("type:=Connection", (Term("connection", "type", exact=True),)),
        ("type:=", (Term("", "type", exact=True),)),
        ("user:", ()),
        ('user:"Ann Zola" x', (Term("ann zola", "user"), Term("x"))),
        ('"not linked', (Term("not linked"),)),
        ('-"not linked"', (Term("not linked", unwanted=True),)),
        ("ERROR_CODE: text", (Term("error_code:"), Term("text"))),
        ("https://x.example/a", (Term("https://x.example/a"),)),
    ],
)
def test_what_a_filter_asks_for(typed: str, found: tuple[Term, ...]) -> None:
    assert terms(typed, FIELDS) == found


@given(st.text())
def test_any_filter_can_be_typed_and_a_plain_text_keeps_its_places(text: str) -> None:
    terms(text, FIELDS)
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)


@given(st.text(), st.lists(st.text(max_size=3)))
def test_places_hold_what_is_looked_for(text: str, words: list[str]) -> None:
    wanted = [plain(word) for word in words]
    found = places(text, wanted)
    assert all(end <= start for (_a, end), (start, _b) in pairwise(found))
    lit = [plain(text)[start:end] for start, end in found]
    assert all(any(word in piece for piece in lit) for word in wanted if word and word in plain(text))
    assert all(piece for piece in lit)


@dataclass(frozen=True)
class Item:
    key: str
    name: str
    rank: int | None


class Still(Table[Item]):
    """A table without a screen around it."""

    def scroll_to(self, *_: Any, **__: Any) -> None:
        pass

    def post_message(self, message: Message) -> bool:
        return bool(message)


def table(items: list[Item]) -> Table[Item]:
    columns: list[Column[Item]] = [
        Column("Name", lambda item: (item.name, ""), 0),
        Column("Rank", lambda item: (str(item.rank), ""), 5, sort=lambda item: item.rank, falling=True),
    ]
    made = Still(columns, lambda item: item.key, lambda item: item.name, markable=True)
    made.fill(items)
    return made


ITEMS = st.lists(
    st.builds(Item, st.uuids().map(str), st.text("abÉ ", max_size=4), st.none() | st.integers(0, 3)),
    max_size=12,
    unique_by=lambda item: item.key,
)
DEEDS = st.lists(
    st.tuples(st.just("narrow"), st.sampled_from(["", "a", "-a", "e", 'name:"a b"', "rank:=1", "-rank:none b"]))
    | st.tuples(st.just("sort"), st.sampled_from(["name", "rank"]))
    | st.tuples(st.just("go"), st.integers(0, 12))
    | st.tuples(st.sampled_from(["mark", "mark_shown", "unmark", "lose", "release"]), st.just(0)),
    max_size=15,
)


def wanted(item: Item, text: str) -> bool:
    """What each filter above lets through, said another way."""
    name = item.name.lower().replace("é", "e")
    return {
        "": True,
        "a": "a" in name,
        "-a": "a" not in name,
        "e": "e" in name,
        'name:"a b"': "a b" in name,
        "rank:=1": item.rank == 1,
        "-rank:none b": item.rank is not None and "b" in name,
    }[text]


@given(ITEMS, DEEDS)
def test_whatever_is_done_rows_marks_and_cursor_are_right(items: list[Item], deeds: list[tuple[str, object]]) -> None:
    shown = table(items)
    marks: set[str] = set()
    for deed, value in deeds:
        before = shown.current
        if deed == "mark" and before is not None:
            marks ^= {before.key}
        elif deed == "mark_shown":
            marks |= {item.key for item in shown.shown}
        elif deed == "unmark":
            marks = set()
        if deed == "lose":  # a refresh that brings all but the first
            items = items[1:]
            marks &= {item.key for item in items}
            shown.fill(items)
        elif deed in {"narrow", "sort", "go"}:
            getattr(shown, deed)(value)
        else:
            getattr(shown, deed)()
        assert {item.key for item in shown.shown} == {item.key for item in items if wanted(item, shown.filter)}
        assert {item.key for item in shown.marked_items} == marks
        assert shown.marks == len(marks)
        assert shown.hidden_marks == len(marks - {item.key for item in shown.shown})
        if deed in {"narrow", "sort", "lose"} and before is not None and before in shown.shown:
            assert shown.current == before
        if (order := shown.order) is not None and order.column == "rank":
            ranks = [item.rank for item in shown.shown if item.rank is not None]
            assert ranks == sorted(ranks, reverse=order.falling)
            assert [item.rank for item in shown.shown][len(ranks) :] == [None] * (len(shown.shown) - len(ranks))


def test_equal_items_keep_their_order_in_both_directions_and_those_without_come_last() -> None:
    items = [("a", 2), ("b", None), ("c", 1), ("d", 2)]
    assert [name for name, _rank in in_order(items, lambda pair: pair[1], False)] == ["c", "a", "d", "b"]
    assert [name for name, _rank in in_order(items, lambda pair: pair[1], True)] == ["a", "d", "c", "b"]


def test_the_same_column_again_turns_the_order_round() -> None:
    shown = table([Item("1", "b", 1), Item("2", "a", 2)])
    shown.sort("rank")
    assert shown.order == Order("rank", falling=True)
    assert [item.key for item in shown.shown] == ["2", "1"]
    shown.sort("rank")
    assert [item.key for item in shown.shown] == ["1", "2"]


def test_a_value_is_found_again_as_it_is_quoted() -> None:
    name = 'Zoé "Zz" van den Bergh'
    [term] = terms(f"user:={quoted(name)}", FIELDS)
    assert term.among([plain(name), plain(name) + "x"], range(2)) == [0]


@pytest.mark.parametrize(
    ("titles", "keys"),
    [
        (["Time", "User", "Type"], ["t", "u", "y"]),
        (["Name", "Note"], ["a", "o"]),
        (["État", "État"], ["e", "t"]),
        (["ジ", "N"], ["1", "2"]),
    ],
)
def test_every_column_has_a_key_of_its_own(titles: list[str], keys: list[str]) -> None:
    assert letters(titles, lambda key: key in "nqjkg") == keys


async def test_sorting_is_asked_for_and_shown_and_the_cursor_stays_with_its_row(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "down", "s")
        assert "Sort by" in driven.grid
        assert "u User" in driven.grid
        await driven.press("u")
        assert "User ↑" in driven.grid
        assert "▌ 2026-11-22 11:00 Bernard" in driven.grid
        await driven.press("g")
        assert "▌ 2026-11-22 12:00 Ann Example" in driven.grid
        await driven.press("s", "u")
        assert "User ↓" in driven.grid
        assert "▌ 2026-11-22 12:00 Ann Example" in driven.grid


async def test_marks_are_counted_survive_the_filter_and_hidden_ones_are_announced(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "space", "space", "space")
        assert "3 marked" in driven.grid
        assert "▌ 2026-11-22 09:00" in driven.grid
        assert " •2026-11-22 10:00 Chen" in driven.grid
        await driven.press("slash")
        await driven.type("chen")
        await driven.press("enter")
        assert "2 of 3 marked are filtered out" in driven.grid
        await driven.press("asterisk")
        assert "2 of 14 marked are filtered out" in driven.grid
        await driven.press("escape")
        assert "14 marked" in driven.grid
        await driven.press("r")
        assert "14 marked" in driven.grid
        await driven.press("u")
        assert "marked" not in driven.grid
        await driven.press("u")
        assert "No row is marked" in driven.grid


async def test_what_a_filter_looks_in_is_made_before_the_first_letter_and_let_go_at_the_end(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "slash")
        await driven.rest()
        shown = driven.app.screen.query_one(Table)
        assert shown._sieve.prepared
        await driven.press("escape")
        assert not shown._sieve.prepared


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter that looks at one row at a time, and goes on only when it must."""
    monkeypatch.setattr(sieve, "SLICE", 1)
    monkeypatch.setattr(lists, "AT_ONCE", 0.0)
    monkeypatch.setattr(lists, "PAUSE", 3600.0)


@pytest.mark.usefixtures("slow")
async def test_a_filter_shows_the_first_rows_at_once_and_says_that_it_goes_on(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "slash", "minus", "z")
        shown = driven.app.screen.query_one(Table)
        assert (shown.sifting, shown.count) == (True, 1)
        assert "Errors 1… of 60 /-z" in driven.flat
        assert "▌ 2026-11-22 12:00 Ann" in driven.grid
        shown._sift()
        await driven.pilot.pause(0.05)
        assert "2026-11-22 11:00 Bernard" in driven.grid
        await driven.press("enter", "G")
        assert (shown.sifting, shown.cursor) == (False, 47)
        assert "Errors 48 of 60 /-z" in driven.flat


@pytest.mark.usefixtures("slow")
async def test_whoever_needs_all_rows_that_fit_gets_them_all(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "slash", "minus", "z", "enter", "asterisk")
        assert "48 marked" in driven.grid
        await driven.press("slash", *("backspace",) * 2, *"zzz")
        assert "0… of 60" in driven.grid
        assert "No row matches" not in driven.grid
        driven.app.screen.query_one(Table).shown  # noqa: B018 - looks at the rest
        await driven.pilot.pause(0.05)
        assert "48 of 48 marked are filtered out" in driven.grid
        assert "No row matches the filter." in driven.grid


@pytest.mark.usefixtures("slow")
async def test_the_cursor_stays_with_its_row_however_far_down_that_is(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", *("down",) * 10)
        before = driven.app.screen.query_one(Table).current
        await driven.press("slash", "minus", "z")
        assert driven.app.screen.query_one(Table).current == before is not None


async def test_rows_do_not_move_under_the_cursor(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", *("down",) * 4)
        line = next(n for n, text in enumerate(driven.grid.splitlines()) if text.startswith("▌"))
        rows = tuple(data.row(n, at=data.NOW - timedelta(minutes=n)) for n in range(100, 103))
        newer = data.report((*rows, *data.report().rows))
        driven.engine.script[room.LoadErrors] = lambda t, _r: [room.ErrorsLoaded(t, newer)]
        await driven.press("r")
        assert driven.grid.splitlines()[line].startswith("▌ 2026-11-22 08:00 Émile")
        assert "3 new errors" in driven.grid


@pytest.mark.parametrize("cause", ["salesforce.rights.missing", "salesforce.network.unreachable"])
async def test_a_reading_that_failed_says_what_it_means_and_what_to_do(cause: str, console: Open) -> None:
    known = catalogue.finding("salesforce.report", Phase.STATUS, cause)
    async with console(LoadErrors=lambda t, _r: [room.Failed(t, "It said 403.", known)]) as driven:
        await driven.press("2")
        for said in (known.summary, "It said 403.", known.fix[0], "r reads again"):
            assert said in driven.flat


async def test_a_failed_refresh_keeps_the_old_rows_and_says_so(console: Open) -> None:
    async with console() as driven:
        await driven.press("2")
        driven.engine.script[room.LoadErrors] = lambda t, _r: [room.Failed(t, "It said 403.")]
        await driven.press("r")
        assert "Could not read again: It said 403." in driven.grid
        assert "last reading failed" in driven.grid
        assert "▌ 2026-11-22 12:00 Ann" in driven.grid


class Looked(Sequence[int]):
    """Numbers that count how often one of them is looked at."""

    def __init__(self, length: int) -> None:
        self.length, self.times = length, 0

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[int]: ...
    def __getitem__(self, place: int | slice) -> int | Sequence[int]:
        found = range(self.length)[place]
        self.times += 1 if isinstance(found, int) else len(found)
        return found


def test_a_filter_looks_at_an_item_once_and_then_at_those_that_fit() -> None:
    items = Looked(20 * sieve.SLICE)
    rows = sieve.Sieve(lambda _field, item: f"row{item}")
    rows.fill(items)
    while not rows.prepared:
        rows.prepare()
    rows.ask(terms("nothing", {}))
    rows.go_on()
    assert (rows.done, list(rows.through), items.times) == (True, [], len(items))
    rows.ask(terms("row1999", {}))
    rows.go_on()
    assert list(rows.through) == [1999, *range(19990, 20000)]
    assert items.times == len(items) + 11
