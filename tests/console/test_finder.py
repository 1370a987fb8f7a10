"""Who is meant: the people known here, best first, and when Salesforce is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens import engine as room
from screens.finder import Person, ask_first, best, known
from screens.state import Store
from screens.widgets.sheet import Sheet
from tests.console import data
from tests.console.conftest import Driven, Open

PEOPLE = [
    Person("005000000000001AAA", "Zoé Ann-Marie Lévêque", "zoe@acme.example"),
    Person("005000000000002AAA", "Bernard Dupont", "b.dupont@acme.example", "bdupont@acme"),
    Person("005000000000003AAA", "Annabel Lee", "lee@acme.example"),
    Person("005000000000004AAA", "Jo Joanne", "jo@acme.example"),
    Person("005000000000005AAA", "Annabel Lee", "other@acme.example"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann", [2, 4, 0, 3]),
        ("leveque", [0]),
        ("LÉVÊQUE zoe", [0]),
        ("dupont", [1]),
        ("bdu", [1]),
        ("brnd", [1]),
        ("lee@", [2]),
        ("xyz", []),
        ("annabel dupont", []),
        ("", [0, 1, 2, 3, 4]),
    ],
)
def test_the_closest_come_first(text: str, found: list[int]) -> None:
    assert best(PEOPLE, text, 9) == [PEOPLE[place] for place in found]


@given(st.sampled_from(PEOPLE), st.integers(0, 30), st.integers(1, 6))
def test_whoever_begins_so_is_found(person: Person, start: int, length: int) -> None:
    part = person.name[:length]
    assert person in best(PEOPLE, part, len(PEOPLE))
    assert len(best(PEOPLE, part, 2)) <= 2
    assert start >= 0


@given(st.text(max_size=8))
def test_anything_can_be_typed(text: str) -> None:
    assert all(person in PEOPLE for person in best(PEOPLE, text, 3))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("zoe", False),
        ("zoe@acme.example", False),
        ("zoe@acme.exam", True),
        ("005000000000001AAA", True),
        ("annabel", True),  # two people are called so
        ("nobody", True),
    ],
)
def test_when_salesforce_is_asked_first(text: str, first: bool) -> None:
    assert ask_first(text, PEOPLE, best(PEOPLE, text, 5)) is first


def test_known_are_those_of_the_report_then_those_who_were_found() -> None:
    store = Store(now=lambda: data.NOW)
    assert known(store) == []
    store.take(room.ErrorsLoaded(0, data.report()))
    store.take(room.UsersFound(0, (data.user(0), data.user(7))))
    people = known(store)
    assert [person.name for person in people[:5]] == list(data.NAMES)
    assert [person.address for person in people] == ["user0@acme.example", "", "", "", "", "user7@acme.example"]
    assert [person.errors for person in people] == [12, 12, 12, 12, 12, 0]


def test_a_row_without_an_id_names_nobody_new_where_a_user_is_called_so() -> None:
    store = Store(now=lambda: data.NOW)
    rows = (data.row(0, user_id=None), data.row(1), data.row(2, user_id=None), data.row(5))
    store.take(room.ErrorsLoaded(0, data.report(rows)))
    assert [person.query for person in known(store)] == [data.user(1).id, data.user(2).name, data.user(0).id]


async def test_a_report_that_comes_while_one_types_is_looked_in(console: Open) -> None:
    async with console(LoadErrors=lambda _t, _r: []) as driven:
        await driven.press("t", "c")
        assert "Chen Wei" not in driven.grid
        await driven.post(room.ErrorsLoaded(driven.engine.last(room.LoadErrors)[0], data.report()))
        await driven.press("h")
        assert "▌ Chen Wei" in driven.grid


def test_the_address_of_a_row_is_found_in_its_cells() -> None:
    store = Store(now=lambda: data.NOW)
    row = data.row(0, cells={"Text": "ask a@b.example about it", "Email": "ann@acme.example"})
    store.take(room.ErrorsLoaded(0, data.report((row,))))
    assert known(store)[0].address == "ann@acme.example"


async def test_three_keys_to_a_verdict(console: Open) -> None:
    async with console() as driven:
        await driven.press("t", "c")
        assert "Chen Wei" in driven.grid
        assert "12 errors" in driven.grid
        await driven.press("enter")
        await driven.rest()
        assert driven.shown == "troubleshoot"
        assert driven.engine.last(room.CheckUser)[1].query == data.user(2).id
        assert driven.engine.count(room.FindUsers) == 0


async def test_the_arrows_choose_and_the_list_behind_stays(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "t", "down", "down")
        assert "▌ Bernard Lévêque" in driven.grid
        await driven.press("up", "enter")
        await driven.rest()
        assert driven.engine.last(room.CheckUser)[1].query == data.user(0).id
        await driven.press("escape")
        assert driven.shown == "errors"
        assert "▌ 2026-11-22 12:00" in driven.grid


async def test_salesforce_is_asked_for_whom_nobody_here_knows(console: Open) -> None:
    async with console() as driven:
        await driven.press("t")
        await driven.type("xyz")
        assert "▌ Ask Salesforce for “xyz”" in driven.grid
        await driven.press("enter")
        assert driven.engine.last(room.FindUsers)[1].text == "xyz"


async def test_nothing_typed_and_nothing_chosen_opens_nobody_and_esc_closes(console: Open) -> None:
    async with console() as driven:
        await driven.press("t", "enter")
        assert driven.shown == "overview"
        assert "the arrows choose" not in driven.grid
        await driven.press("t", "a", "escape")
        assert "the arrows choose" not in driven.grid
        assert driven.engine.count(room.CheckUser) == driven.engine.count(room.FindUsers) == 0


async def test_its_list_is_as_wide_as_the_screen_becomes(console: Open) -> None:
    async with console((80, 24)) as narrow, console((120, 40)) as driven:
        for each in (narrow, driven):
            await each.press("t")
            await each.type("exa")
        await driven.pilot.resize_terminal(80, 24)
        await driven.rest()
        assert _people(driven) == _people(narrow)
        await driven.press("escape", "t")
        await driven.pilot.resize_terminal(100, 30)
        await driven.rest()
        assert "▌" not in _people(driven), "nobody was chosen"


def _people(driven: Driven) -> str:
    return driven.app.screen.query_one(Sheet).text
