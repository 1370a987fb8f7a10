"""The guided connection test and the page given by hand, as a person meets them in the console."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual import events

from screens import engine as room
from tests.console import data
from tests.console.conftest import Driven, Open
from tui.model import GuidedTest

LINK = "https://acme.lightning.force.com/lightning/setup/LightningForGmailAndSyncSettings/home"
USER = ("2", "enter")


def loaded(ticket: int, _request: Any) -> list[room.Event]:
    return [room.GuidedLoaded(ticket, LINK, ())]


def recorded(ticket: int, request: room.RecordGuided) -> list[room.Event]:
    """As the engine: what is typed is only understood where it says ok."""
    tests = [
        GuidedTest(side, seen if seen is not None or message != "ok" else True, message, request.user_id,
                   request.user_name, "marie", data.NOW)
        for side, message, seen in request.messages
    ]  # fmt: skip
    return [room.GuidedRecorded(ticket, tuple(tests))]


GUIDED = {"LoadGuided": loaded, "RecordGuided": recorded}


def kept(driven: Driven) -> list[tuple[str, str, bool | None]]:
    return [asked.messages[0] for _ticket, asked in driven.engine.asked if isinstance(asked, room.RecordGuided)]


async def test_both_outcomes_are_recorded_and_the_user_is_checked_again(console: Open) -> None:
    async with console((120, 40), **GUIDED) as driven:
        await driven.press(*USER, "T")
        assert driven.shown == "guided"
        assert LINK in driven.flat
        assert "Calendar answered:" in driven.flat
        checks = driven.engine.count(room.CheckUser)
        await driven.press("y")
        assert "Contacts answered:" in driven.flat
        assert "Calendar: succeeded" in driven.flat
        await driven.press("f")
        await driven.rest()
        assert driven.shown == "troubleshoot"
        assert kept(driven) == [("calendar", "", True), ("contacts", "", False)]
        assert driven.engine.count(room.CheckUser) == checks + 1


async def test_the_address_is_shown_whole_while_the_question_stands(console: Open) -> None:
    async with console((80, 24), **GUIDED) as driven:
        await driven.press(*USER, "T")
        assert driven.grid.splitlines()[-1] == " o links"
        await driven.press("o")
        assert "Sent to the terminal" in driven.grid
        assert kept(driven) == []
        await driven.press("y")
        assert "Sent to the terminal" not in driven.grid
        assert kept(driven) == [("calendar", "", True)]
        await driven.press("o", "escape")
        assert "Contacts answered:" in driven.flat
        assert driven.shown == "guided"


async def test_words_that_are_not_known_are_kept_and_asked_about(console: Open) -> None:
    async with console((80, 24), **GUIDED) as driven:
        await driven.press(*USER, "T", "m")
        await driven.type("wunderbar")
        await driven.press("enter")
        assert "Calendar, not understood:" in driven.flat
        assert "“wunderbar”" in driven.flat
        await driven.press("y", "m")
        await driven.type("ok")
        await driven.press("enter")
        await driven.rest()
        assert driven.shown == "troubleshoot"
        assert kept(driven) == [
            ("calendar", "wunderbar", None),
            ("calendar", "wunderbar", True),
            ("contacts", "ok", None),
        ]


async def test_later_records_nothing(console: Open) -> None:
    async with console(**GUIDED) as driven:
        await driven.press(*USER, "T", "m", "escape", "escape")
        await driven.rest()
        assert driven.shown == "troubleshoot"
        assert kept(driven) == []
        assert "Nothing was recorded." in driven.flat


async def test_what_was_recorded_earlier_is_shown_with_its_age_and_author(console: Open) -> None:
    test = GuidedTest("contacts", False, "Échec", data.user(0).id, data.user(0).name, "paul", data.NOW)
    tests = (test, replace(test, side="calendar", ok=None, message="?"))
    async with console(LoadGuided=lambda ticket, _request: [room.GuidedLoaded(ticket, LINK, tests)]) as driven:
        await driven.press(*USER, "T")
        assert "Contacts: failed" in driven.flat
        assert "by paul" in driven.flat
        assert "Calendar: not understood" in driven.flat


async def test_a_page_is_pasted(console: Open) -> None:
    async with console() as driven:
        await driven.press(*USER, "P")
        assert "Paste the text of" in driven.flat
        driven.app.screen.post_message(events.Paste("Connection method configured\tOAuth 2.0\nmore"))
        await driven.rest()
        _ticket, asked = driven.engine.last(room.CheckUser)
        assert (asked.page_text, asked.page_file) == ("Connection method configured\tOAuth 2.0\nmore", "")
        assert "Paste the text of" not in driven.flat


async def test_the_file_of_a_page_is_named(console: Open) -> None:
    async with console() as driven:
        before = driven.engine.count(room.CheckUser)
        await driven.press(*USER, "P", "escape")
        assert driven.engine.count(room.CheckUser) == before + 1
        await driven.press("P", "f")
        await driven.type("page")
        await driven.press("enter")
        _ticket, asked = driven.engine.last(room.CheckUser)
        assert (asked.page_text, asked.page_file) == ("", "page")
