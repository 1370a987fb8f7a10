"""Declaring configurations in the console: looked through, edited, brought in line with a list, saved or given up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from textual import events

from screens import engine as room
from tests.console import data
from tests.console.conftest import Driven, Open
from tui.declaration import Listing

SALES, FIELD = data.DECLARATION.sections


def saving(driven: Driven) -> list[Any]:
    """The configurations of each request to save."""
    return [list(asked.sections) for _ticket, asked in driven.engine.asked if isinstance(asked, room.SaveDeclaration)]


async def to_field(driven: Driven, label: str) -> None:
    """Put the cursor of the form on the field of that label."""
    for _line in range(40):
        if driven.app.screen.form.field.label == label:
            return
        await driven.press("down")
    raise LookupError(label)


async def test_a_choice_is_changed_shown_and_saved(console: Open) -> None:
    async with console((120, 40)) as driven:
        loaded = driven.engine.count(room.LoadOverview)
        await driven.press("d")
        assert driven.shown == "configurations"
        assert "Sales and partners" in driven.flat
        await driven.press("enter")
        await to_field(driven, "Events")
        await driven.press("space", "right")
        assert "Events Salesforce to Google" in driven.flat
        await driven.press("left")
        assert "Events Google to Salesforce" in driven.flat
        assert saving(driven) == []
        await driven.press("s")
        assert "“Sales and partners”, Events: both ways › Google to Salesforce" in driven.flat
        assert "Comments in the file are not kept" in driven.flat
        await driven.press("n")
        assert saving(driven) == []
        await driven.press("s", "y")
        [[sales, field]] = saving(driven)
        assert sales == {**SALES, "events": {"direction": "google_to_salesforce"}}
        assert field == FIELD
        assert "Written to /home/marie" in driven.flat
        assert driven.engine.count(room.LoadOverview) == loaded + 1
        await driven.press("escape", "escape", "escape")
        assert driven.shown == "overview", "nothing is left to be saved"


async def test_texts_dates_and_entries_are_typed(console: Open) -> None:
    async with console((120, 40)) as driven:
        await driven.press("d", "enter", "enter")
        await driven.type(" 2")
        await driven.press("enter")
        await to_field(driven, "Data set: events from")
        await driven.press("enter")
        await driven.type("2026-01-31")
        await driven.press("enter")
        await to_field(driven, "Users")
        await driven.press("enter")
        await driven.type("eve@acme.example, gus@acme.example")
        await driven.press("enter", "down", "D", "enter")
        await driven.type("x")
        await driven.press("enter", "s", "y")
        [[sales, _field]] = saving(driven)
        assert sales["name"] == "Sales and partners 2"
        assert sales["data_set"] == {**SALES["data_set"], "events_from": date(2026, 1, 31)}
        assert sales["users"] == ["chen.wei@acme.example.crmx", "eve@acme.example", "gus@acme.example"]


async def test_what_is_no_date_is_left_to_whoever_knows_and_shown_beside_the_field(console: Open) -> None:
    def wrong(ticket: int, request: Any) -> list[room.Event]:
        bad = isinstance(request.sections[0].get("data_set", {}).get("events_from"), str)
        places = (("configurations[0].data_set.events_from", "This must be a date."),) if bad else ()
        return [room.DeclarationChecked(ticket, places)]

    async with console((120, 40), CheckDeclaration=wrong) as driven:
        await driven.press("d", "enter")
        await to_field(driven, "Data set: events from")
        await driven.press("enter")
        await driven.type("tomorrow")
        await driven.press("enter")
        assert "Data set: events from tomorrow ✗ This must be a date." in driven.flat
        await driven.press("escape")
        assert "Sales and partners active both ways both ways not right" in driven.flat
        await driven.press("enter")
        await to_field(driven, "Data set: events from")
        await driven.press("enter", "ctrl+u", "enter")
        assert "This must be a date." not in driven.flat
        await driven.press("s")
        assert "Nothing has been changed." in driven.flat


async def test_problems_that_belong_to_no_field_are_shown_too(console: Open) -> None:
    def wrong(ticket: int, _request: Any) -> list[room.Event]:
        return [room.DeclarationChecked(ticket, (("configurations[0].data_set.chater", "No such key."),))]

    async with console(CheckDeclaration=wrong) as driven:
        await driven.press("d", "enter", "down", "space")
        assert "Kept as they are: chatter." in driven.flat
        assert "No such key." in driven.flat


async def test_unsaved_changes_survive_other_screens_and_are_asked_about(console: Open) -> None:
    async with console() as driven:
        await driven.press("d", "enter", "down", "space", "1")
        assert driven.shown == "overview"
        await driven.press("q")
        assert "not saved. Leave without them?" in driven.flat
        await driven.press("n")
        await driven.command("org other")
        assert "Changes of configurations are not saved" in driven.flat
        assert driven.engine.count(room.SwitchOrg) == 0
        await driven.press("d")
        assert "1 change not saved" in driven.flat
        assert "inactive" in driven.flat
        await driven.press("escape")
        assert "There are unsaved changes." in driven.flat
        await driven.press("escape")
        assert driven.shown == "configurations"
        await driven.press("escape", "d")
        assert driven.shown == "overview"
        await driven.press("d")
        assert "not saved" not in driven.flat
        await driven.press("escape")
        assert driven.shown == "overview"


async def test_a_configuration_is_added_and_another_taken_out(console: Open) -> None:
    async with console() as driven:
        await driven.press("d", "a")
        await driven.type("Desk")
        await driven.press("enter")
        assert driven.shown == "configuration"
        await driven.press("escape", "down", "D")
        assert "Remove “Field visits” from the declaration?" in driven.flat
        await driven.press("n", "D", "y", "s")
        assert "“Field visits”: removed" in driven.flat
        assert "“Desk”: new" in driven.flat
        await driven.press("y")
        assert saving(driven) == [[SALES, {"name": "Desk", "active": True}]]


async def test_a_refusal_to_save_is_said_and_keeps_the_changes(console: Open) -> None:
    def refused(ticket: int, _request: Any) -> list[room.Event]:
        return [room.Failed(ticket, "The file was changed by someone else meanwhile.")]

    async with console(SaveDeclaration=refused) as driven:
        await driven.press("d", "enter", "down", "space", "s", "y")
        assert "Not saved" in driven.flat
        assert "changed by someone else" in driven.flat
        await driven.press("escape", "escape")
        assert "1 change not saved" in driven.flat


async def test_while_it_is_written_nothing_changes_and_a_late_refusal_reaches_every_screen(console: Open) -> None:
    async with console(SaveDeclaration=lambda _t, _r: []) as driven:
        await driven.press("d", "enter", "down", "space", "s", "y", "space")
        assert "Being written" in driven.flat
        await driven.press("s")
        assert "y writes to" not in driven.flat
        ticket, asked = driven.engine.last(room.SaveDeclaration)
        assert driven.app.store.draft is not None
        assert driven.app.store.draft.sections == asked.sections
        await driven.press("1")
        await driven.post(room.Failed(ticket, "The disk is full."))
        assert driven.shown == "overview"
        assert "The disk is full." in driven.flat
        await driven.press("d")
        assert "1 change not saved" in driven.flat
        assert len(saving(driven)) == 1
        await driven.press("s", "y")
        assert len(saving(driven)) == 2


async def test_before_there_is_an_engine_nothing_is_asked(console: Open) -> None:
    async with console(Connect=lambda _t, _r: []) as driven:
        driven.app.store.connecting = 0
        await driven.press("d")
        assert driven.shown == "overview"
        assert "Starting: one moment, please." in driven.flat


async def test_looking_people_up_takes_its_time_and_says_so(console: Open) -> None:
    async with console(CompareList=lambda _t, _r: []) as driven:
        await driven.press("d", "l", "f", "x", "enter")
        assert "looking up who is in the list" in driven.flat
        ticket, _asked = driven.engine.last(room.CompareList)
        await driven.post(room.Failed(ticket, "Salesforce does not answer."))
        assert "Salesforce does not answer." in driven.flat
        assert "looking up" not in driven.flat


async def test_a_file_that_cannot_be_read_is_explained(console: Open) -> None:
    async with console(LoadDeclaration=lambda t, _r: [room.Failed(t, "It is a link.")]) as driven:
        await driven.press("d")
        assert "It is a link." in driven.flat
        await driven.press("a", "l", "escape", "escape")
        assert driven.shown == "overview"


async def test_a_pasted_list_is_asked_about_compared_and_accepted_in_part(console: Open) -> None:
    def compared(ticket: int, request: Any) -> list[room.Event]:
        if not request.configuration:
            return [room.ListOpen(ticket, Listing("Pasted text", whole=False, entries=()))]
        return [room.ListCompared(ticket, data.COMPARISON)]

    text = "Name\tEmail\nAnn\tann@acme.example"
    async with console((120, 40), CompareList=compared) as driven:
        await driven.press("d", "l")
        assert "Paste a list of users from Setup now" in driven.flat
        driven.app.screen.post_message(events.Paste(text))
        await driven.rest()
        assert "The list of which configuration? Sales and partners" in driven.flat
        await driven.press("enter")
        _ticket, asked = driven.engine.last(room.CompareList)
        assert (asked.text, asked.configuration) == (text, "Sales and partners")
        assert driven.shown == "users_list"
        assert "3 marked" in driven.flat, "all that is certain, and not the doubtful"
        await driven.press("G", "space")
        assert "Line 40: it names no user and no profile." in driven.flat
        assert "cannot be accepted" in driven.flat
        await driven.press("g", "space", "asterisk")
        assert "4 marked" in driven.flat
        await driven.press("g", "space", "a")
        await driven.rest()
        assert driven.shown == "configuration", "the new one is asked about"
        assert "Service desk" in driven.flat
        assert "look in Setup, and set it here" in driven.flat
        await driven.press("escape", "s", "y")
        [[sales, field, desk]] = saving(driven)
        assert sales["users"] == []
        assert field["users"] == ["chen.wei@acme.example.crm"]
        assert desk == {"name": "Service desk", "active": True, "profiles": ["Support"]}


async def test_a_list_in_a_file_and_one_that_cannot_be_used(console: Open) -> None:
    def broken(ticket: int, _request: Any) -> list[room.Event]:
        return [room.Failed(ticket, "list.csv cannot be used: it is empty.")]

    async with console(CompareList=broken) as driven:
        await driven.press("d", "l", "f")
        await driven.type("list.csv")
        await driven.press("enter")
        _ticket, asked = driven.engine.last(room.CompareList)
        assert (asked.file, asked.text) == ("list.csv", "")
        assert "it is empty" in driven.flat
        await driven.press("l", "escape")
        assert driven.shown == "configurations"


async def test_a_list_that_agrees_says_so(console: Open) -> None:
    from dataclasses import replace

    listing = replace(data.COMPARISON.listing, left_out=())
    agreeing = replace(data.COMPARISON, listing=listing, differences=(), looked_up=False)
    async with console(CompareList=lambda t, _r: [room.ListCompared(t, agreeing)]) as driven:
        await driven.press("d", "l", "f", "x", "enter")
        assert "The list and the declaration agree." in driven.flat
        assert "Salesforce was not asked" in driven.flat
        await driven.press("escape")
        assert driven.shown == "configurations"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_hostile_name_is_only_drawn(console: Open, size: tuple[int, int]) -> None:
    from tui.declaration import Declaration

    name = "[red]\x1b]52;c;x\x07\u202eevil"
    loaded = Declaration("/x.toml", ({"name": name, "users": [name]},))
    async with console(size, LoadDeclaration=lambda t, _r: [room.DeclarationLoaded(t, loaded)]) as driven:
        await driven.press("d")
        assert "[red]" in driven.grid
        await driven.press("enter")
        assert "\x1b" not in driven.grid
        assert "\u202e" not in driven.grid
