"""Manners: a screen too small, messages that are not lost, resizing, stopping."""

from __future__ import annotations

import pytest

from screens import engine as room
from tests.console import data
from tests.console.conftest import Open
from tui.model import Verdict


async def test_too_small_says_what_it_takes_and_comes_back_unharmed(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "down", "down", "slash")
        await driven.type("chen")
        before = driven.grid
        for size in ((40, 10), (59, 24), (80, 14)):
            await driven.pilot.resize_terminal(*size)
            await driven.rest()
            assert f"Too small: {size[0]}x{size[1]}" in driven.grid
            assert "It takes at least 60x15" in driven.grid
            assert "Chen Wei" not in driven.grid
        await driven.pilot.resize_terminal(80, 24)
        await driven.rest()
        assert driven.grid == before
        await driven.press("enter")
        assert "/chen" in driven.grid


async def test_a_copy_that_is_shown_and_a_question_stay_through_resizing(
    console: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textual.app.App.copy_to_clipboard", lambda _app, _text: None)
    async with console() as driven:
        await driven.press("2", "y", "e")
        before = driven.grid
        await driven.pilot.resize_terminal(40, 10)
        await driven.rest()
        await driven.pilot.resize_terminal(80, 24)
        await driven.rest()
        assert driven.grid == before
        await driven.press("escape", "y")
        await driven.pilot.resize_terminal(100, 30)
        await driven.rest()
        assert "error text" in driven.grid
        await driven.press("i")
        assert data.user(0).id in driven.grid


async def test_a_warning_is_not_talked_over_but_what_follows_is_not_lost(console: Open) -> None:
    async with console() as driven:
        driven.app.tell("The connection was lost.", "warn")
        driven.app.tell("3 new errors.", "accent")
        await driven.rest(0.02)
        assert "The connection was lost." in driven.grid
        assert "3 new errors." not in driven.grid
        await driven.rest(1.1)
        assert "3 new errors." in driven.grid


async def test_what_a_key_brings_about_is_said_at_once(console: Open) -> None:
    async with console() as driven:
        driven.app.tell("The connection was lost.", "warn")
        await driven.command("readonly")
        assert "read-only already" in driven.grid
        await driven.command("write")
        assert "allowed for 15 minutes" in driven.grid
        await driven.command("readonly")
        assert "Read-only again." in driven.grid


async def test_a_message_of_a_screen_that_is_left_is_seen_on_the_next(console: Open) -> None:
    async with console(StartReset=lambda t, _r: [room.ResetProgress(t, "Under way.", 3)]) as driven:
        await driven.press("2", "enter")
        await driven.command("write")
        await driven.press("R", "y", "escape")
        assert driven.shown == "errors"
        assert "The reset of Ann Example goes on" in driven.grid
        await driven.press("1")
        assert "goes on" not in driven.grid


async def test_messages_are_kept_the_newest_first(console: Open) -> None:
    async with console() as driven:
        for number in range(120):
            driven.app.tell(f"Message {number}.")
        await driven.command("messages")
        assert driven.shown == "messages"
        lines = driven.grid.splitlines()
        assert "the newest 100" in lines[1]
        assert "13:00:30  Message 119." in lines[2]
        await driven.press("G")
        assert "Message 20." in driven.grid
        assert "Message 19." not in driven.grid


@pytest.mark.parametrize("key", ["ctrl+z"])
async def test_it_cannot_be_stopped_while_a_reset_is_under_way(key: str, console: Open) -> None:
    async with console(CheckUser=data.checked(Verdict.RESET)) as driven:
        driven.engine.writing = True
        await driven.press(key)
        assert "A reset is under way, and nobody would watch it" in driven.grid


async def test_a_tick_while_the_console_closes_finds_no_screen(console: Open) -> None:
    async with console() as driven:
        assert driven.app.front is not None
    assert driven.app.front is None
    driven.app._tick()


async def test_a_screen_that_was_left_is_not_drawn_any_more(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "enter", "question_mark")
        await driven.rest()
        left = driven.app.front
        assert left is not None
        await driven.press("2")
        await driven.rest()
        assert driven.shown == "errors"
        left.refresh_all()
        left.refresh_bars()


async def test_too_small_offers_no_key_for_what_is_not_seen(console: Open) -> None:
    async with console((50, 12)) as driven:
        await driven.rest()
        assert driven.grid.splitlines()[-1].split() == ["q", "quit"]


async def test_help_is_seen_to_its_end_after_resizing(console: Open) -> None:
    async with console() as driven:
        await driven.press("question_mark", "G")
        assert "a wider terminal shows two." in driven.grid
        for size in ((200, 60), (80, 24)):
            await driven.pilot.resize_terminal(*size)
            await driven.rest()
        assert "a wider terminal shows two." in driven.grid
