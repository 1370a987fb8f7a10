"""Troubleshoot, as a person meets it: the complaint, both identities, the texts, the retry, the packet, look again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual import events

from screens import engine as room
from screens import guards
from screens.telling.steps import steps
from screens.widgets.ink import wrap
from tests.console import data
from tests.console.conftest import Driven, Open
from tui.model import Call, Complaint, Missing, Outcome, Phase, Status, StepPlan, Verdict
from tui.triage.to_do import LEAVER

USER = ("2", "enter")
BOTH = data.told(Verdict.RESET, *data.WELL_AT_GOOGLE, data.ASSIGNED, data.DISAGREES)
NO_PAGE = data.finding(
    "salesforce.page.user", Status.UNKNOWN, "The page cannot be opened.", cause="salesforce.page.no_access"
)


async def find(driven: Driven, text: str) -> str:
    """The page down to where that stands."""
    seen = driven.grid
    for _page in range(8):
        if text in " ".join(seen.split()):
            return seen
        await driven.press("pagedown")
        seen += driven.grid
    raise AssertionError(f"no {text!r} in {seen}")


# ---- the story -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", Verdict)
async def test_the_first_screenful_holds_who_verdict_story_and_the_first_step(verdict: Verdict, console: Open) -> None:
    async with console((80, 24), CheckUser=data.checked(verdict)) as driven:
        await driven.press(*USER)
        assert data.SENTENCE[verdict] in driven.flat
        assert data.user().name in driven.grid.splitlines()[1]
        assert re.search(r"What to do now (Google administrator |In this console )?1\. ", driven.flat)
        assert "▌" in driven.grid.splitlines()[2]


async def test_the_identities_stand_side_by_side_where_there_is_room(console: Open) -> None:
    async with console((100, 40), CheckUser=BOTH) as driven:
        await driven.press(*USER)
        assert "Salesforce user" in driven.grid
        address = next(line for line in driven.grid.splitlines() if "Address" in line)
        assert "user0@acme.example" in address
        assert "ann.example@acme.example" in address
        assert "! differs" in address


async def test_the_identities_stand_one_below_the_other_at_80(console: Open) -> None:
    async with console((80, 24), CheckUser=BOTH) as driven:
        await driven.press(*USER)
        salesforce, google, differs = (
            next(n for n, line in enumerate(driven.grid.splitlines()) if text in line)
            for text in (" Salesforce     ✓ active", " Google         ✓ active", "! differs: Address, Calendar")
        )
        assert (google, differs) == (salesforce + 1, salesforce + 2)
        while "▌  Google" not in driven.grid:
            await driven.press("down")
        await driven.press("enter")
        assert "Aliases" in driven.grid
        assert "Google: user0@acme.example" in driven.flat


async def test_the_configuration_says_why_and_what_disagrees(console: Open) -> None:
    async with console((120, 40), CheckUser=BOTH) as driven:
        await driven.press(*USER)
        page = " ".join((await find(driven, "the file is out of date")).split())
        assert "“Sales” · events both ways · contacts Google to Salesforce" in page
        assert "Assigned to “Sales” individually, which beats the profile's." in page
        assert "! warning The status page says otherwise: the file is out of date." in page


async def test_enter_shows_what_a_step_asked_and_what_came_back(console: Open) -> None:
    call = Call(data.NOW, "google", "POST", "/token", 401, 43, "unauthorized_client")
    asked = replace(data.REFUSED, calls=(call,), kept_from=None)
    kept = data.finding("google.call.calendar", Status.PASS, "Google Calendar answers", kept_from=data.NOW)
    answer = data.told(Verdict.REVIEW_CONNECTION, kept)

    def refused(ticket: int, request: Any) -> list[room.Event]:
        return [
            room.StepDone(event.ticket, event.planned, asked)
            if isinstance(event, room.StepDone) and event.finding is data.REFUSED
            else event
            for event in answer(ticket, request)
        ]

    async with console((120, 60), CheckUser=refused) as driven:
        await driven.press(*USER)
        await find(driven, "Google Calendar answers kept from 13:00")
        await driven.press("g")
        while "▌  ✗ failed" not in driven.grid:
            await driven.press("down")
        await driven.press("enter")
        page = " ".join((await find(driven, "Took: 120 ms in all")).split())
        assert "Asked: google POST /token answered 401, 43 ms, unauthorized_client" in page


async def test_what_passed_is_folded_and_what_did_not_is_told_in_full(console: Open) -> None:
    async with console((80, 24), CheckUser=data.told(Verdict.REVIEW_CONNECTION, data.SKIPPED)) as driven:
        await driven.press(*USER)
        page = " ".join((await find(driven, "Connection test")).split())
        assert "▸ Connection test 2 of 4 passed 1 failed 1 skipped" in page
        assert "A token for the calendar: Google does not let this key act for this person" in page
        assert "A token for the contacts" not in page
        await driven.press("g")
        for _line in range(60):
            if "▌  Connection test" not in driven.grid:
                await driven.press("down")
        await driven.press("enter")
        assert "A token for the contacts" in driven.flat
        await driven.press("enter")
        assert "A token for the contacts" not in driven.flat


async def test_steps_left_out_for_one_reason_stand_in_one_line(console: Open) -> None:
    contacts = replace(data.SKIPPED, id="google.call.contacts")
    async with console((80, 24), CheckUser=data.told(Verdict.RESET, data.SKIPPED, contacts)) as driven:
        await driven.press(*USER, "G")
        page = " ".join(driven.flat.split())
        assert "not synced here. · Calendars are not synced here.: Calendars are" in page  # two titles, one reason
        assert "2 skipped" in page


async def test_older_errors_stand_behind_one_line(console: Open) -> None:
    rows = tuple(data.row(0, id=f"{n}", at=data.NOW - timedelta(days=n), text=f"error {n}") for n in range(5))
    report = data.report(rows=rows)
    async with console((80, 24), LoadErrors=lambda t, _r: [room.ErrorsLoaded(t, report)]) as driven:
        await driven.press(*USER, "G")
        assert "Errors in the report (2 open)" in driven.grid
        assert "3 older errors, not counted" in driven.grid
        assert "error 1" in driven.grid
        assert "error 2" not in driven.grid
        await driven.press("enter")
        assert "error 4" in driven.grid


async def test_the_pages_to_open_are_one_key_away_from_the_verdict(console: Open) -> None:
    async with console((80, 24), CheckUser=data.checked(Verdict.REVIEW_CONNECTION)) as driven:
        await driven.press(*USER, "o")
        assert "https://admin.google.com/ac/owl/domainwidedelegation" in driven.flat


# ---- the complaint -------------------------------------------------------------------------------------------------


async def test_one_event_brings_the_limits_to_look_at_first(console: Open) -> None:
    async with console((80, 24), CheckUser=data.told(Verdict.CONTACT_SUPPORT)) as driven:
        await driven.press(*USER, "p", "o", "b")
        assert driven.engine.last(room.CheckUser)[1].complaint == Complaint(Missing.ONE_EVENT)
        assert "Reported: one event does not sync." in driven.flat
        page = " ".join((await find(driven, "Does it have more than 50 attendees?")).split())
        assert "1. Go through the questions below first" in page
        assert "Look at this first: none of it is tested here" in page


async def test_the_complaint_stays_with_the_case_through_check_retry_and_page(console: Open) -> None:
    async with console((80, 24), CheckUser=data.told(Verdict.RESET, NO_PAGE)) as driven:
        await driven.press(*USER, "p", "c", "b")
        for key in ("c", "f"):
            await driven.press(key)
            asked = driven.engine.last(room.CheckUser)[1]
            assert (asked.complaint, asked.retry) == (Complaint(Missing.CONTACTS), key == "f")


async def test_steps_of_the_complained_side_come_first(console: Open) -> None:
    async with console((120, 60), CheckUser=data.told(Verdict.RESET)) as driven:
        await driven.press(*USER)
        lines = driven.grid.splitlines()
        assert [line.split("ms  ")[1] for line in lines if "A token for" in line] == [
            "A token for the calendar", "A token for the contacts"
        ]  # fmt: skip
        await driven.press("p", "c", "b")
        lines = driven.grid.splitlines()
        assert [line.split("ms  ")[1] for line in lines if "A token for" in line] == [
            "A token for the contacts", "A token for the calendar"
        ]  # fmt: skip


# ---- retry, by hand, texts, packet ---------------------------------------------------------------------------------


async def test_retry_is_refused_where_nothing_failed(console: Open) -> None:
    async with console() as driven:
        await driven.press(*USER)
        before = driven.engine.count(room.CheckUser)
        await driven.press("f")
        assert "No step failed: c runs the whole check again." in driven.grid
        assert driven.engine.count(room.CheckUser) == before


async def test_where_the_page_cannot_be_read_the_way_by_hand_is_named(console: Open) -> None:
    async with console((80, 24), CheckUser=data.told(Verdict.UNDETERMINED, NO_PAGE)) as driven:
        await driven.press(*USER)
        assert "Press P to supply it, as pasted text or as a file." in driven.flat


@pytest.mark.parametrize(("key", "done"), [("y", True), ("f", False)])
async def test_a_reset_by_hand_is_explained_and_recorded(key: str, done: bool, console: Open) -> None:
    plan = data.plan(**data.BY_HAND)
    async with console((120, 40), PlanReset=lambda t, _r: [room.ResetPlanned(t, plan)]) as driven:
        await driven.press(*USER)
        await driven.command("write")
        await driven.press("R")
        assert plan.link in driven.flat
        assert "Contacts up to 1,234, which the user owns, are linked again." in driven.flat
        assert "Events not known how many: the query took too long" in driven.flat
        await driven.press(key)
        ticket, asked = driven.engine.last(room.RecordReset)
        assert (asked.user_id, asked.done) == (data.user().id, done)
        outcome = Outcome.DONE if done else Outcome.FAILED
        await driven.post(room.ResetDone(ticket, replace(data.reset(outcome), method="guided")))
        await driven.post(*data.checked(Verdict.UNDETERMINED)(ticket, asked))
        assert ("The reset is done." if done else "The reset failed.") in driven.grid


async def test_after_a_reset_by_hand_the_page_is_asked_for_again_where_it_cannot_be_read(console: Open) -> None:
    plan = data.plan(**data.BY_HAND)
    async with console((80, 24), PlanReset=lambda t, _r: [room.ResetPlanned(t, plan)]) as driven:
        await driven.press(*USER)
        await driven.command("write")
        await driven.press("R", "y")
        ticket, _asked = driven.engine.last(room.RecordReset)
        checks = driven.engine.count(room.CheckUser)
        await driven.post(room.ResetDone(ticket, replace(data.reset(), method="guided", after={}, unread=True)))
        assert "To verify it, paste the page again" in driven.grid
        assert "Not verified yet" in driven.grid
        assert "Recorded: Setup accepted the reset." in driven.grid
        assert driven.engine.count(room.CheckUser) == checks
        driven.app.post_message(events.Paste("Yes\nIn sync"))
        await driven.press()
        assert driven.engine.last(room.CheckUser)[1].page_text == "Yes\nIn sync"
        assert "Not verified yet" not in driven.grid
        assert "The reset is done." in driven.grid
        assert "Reset the sync" in driven.grid


async def test_a_text_for_the_person_is_shown_whole_and_can_be_copied(console: Open) -> None:
    async with console((80, 24), CheckUser=data.checked(Verdict.REVIEW_CONNECTION)) as driven:
        await driven.press(*USER, "m")
        assert "g the Google admin" in driven.flat
        await driven.press("u")
        assert driven.shown == "letter"
        assert "Hello Ann Example," in driven.flat
        await driven.press("y")
        assert "whole text" in driven.flat
        await driven.press("escape", "escape")
        assert driven.shown == "troubleshoot"


async def test_a_reset_that_setup_refused_needs_no_page(console: Open) -> None:
    plan = data.plan(**data.BY_HAND)
    async with console((80, 24), PlanReset=lambda t, _r: [room.ResetPlanned(t, plan)]) as driven:
        await driven.press(*USER)
        await driven.command("write")
        await driven.press("R", "f")
        ticket, _asked = driven.engine.last(room.RecordReset)
        refused = replace(data.reset(Outcome.FAILED), method="guided", after={}, unread=True)
        await driven.post(room.ResetDone(ticket, refused))
        assert "The reset failed." in driven.grid
        assert "paste the page" not in driven.grid


async def test_nothing_for_the_google_admin_is_not_offered(console: Open) -> None:
    async with console((80, 24)) as driven:
        await driven.press(*USER, "m")
        assert "the Google admin" not in driven.flat
        assert "u the person" in driven.flat


async def test_the_footer_names_the_letter_where_there_is_one_to_send(console: Open) -> None:
    async with console((80, 24)) as driven:
        await driven.press(*USER)
        assert "m letter" in driven.grid.splitlines()[-1]
        assert "p reported" in driven.grid.splitlines()[-1]
    well = data.check(Verdict.REVIEW_CONFIGURATION)
    left = replace(well, judgement=replace(well.judgement, rule=LEAVER))
    async with console((80, 24), CheckUser=lambda t, _r: [room.CheckDone(t, left)]) as driven:
        await driven.press(*USER)
        assert "m letter" not in driven.grid.splitlines()[-1]
        await driven.press("m")
        assert "Nothing to send: the person has left, and Google has nothing to change." in driven.grid


async def test_the_packet_goes_to_a_file_that_is_asked_for(console: Open) -> None:
    async with console((120, 40)) as driven:
        await driven.press(*USER, "E")
        assert "Support packet to: ~/packet-user0-20261122-1300.md" in driven.flat
        await driven.press("enter")
        ticket, asked = driven.engine.last(room.SavePacket)
        assert (asked.user_id, asked.replace) == (data.user().id, False)
        await driven.post(room.FileExists(ticket, "/home/lea/packet.md"))
        assert "/home/lea/packet.md exists already. Replace it?" in driven.flat
        await driven.press("y")
        ticket, asked = driven.engine.last(room.SavePacket)
        assert (asked.path, asked.replace) == ("/home/lea/packet.md", True)
        await driven.post(room.PacketSaved(ticket, "/home/lea/packet.md"))
        assert "Written: /home/lea/packet.md." in driven.flat


# ---- look again ----------------------------------------------------------------------------------------------------


async def test_w_lists_who_is_due_first_and_opens_the_user(console: Open) -> None:
    async with console((80, 24)) as driven:
        await driven.press("w")
        assert driven.shown == "look_again"
        assert "Look again  3  1 due" in driven.grid
        rows = driven.grid.splitlines()[3:6]
        assert [name in row for name, row in zip(("Chen Wei", "Dorothée", "Émile"), rows, strict=True)] == [True] * 3
        assert "! due" in rows[0]
        assert "due" not in rows[1]
        await driven.press("down", "enter")
        assert driven.shown == "troubleshoot"
        assert driven.engine.last(room.CheckUser)[1].query == data.user(3).id
        driven.clock[0] += timedelta(hours=1)
        before = driven.engine.count(room.LoadLookAgain)
        await driven.press("escape")
        assert driven.engine.count(room.LoadLookAgain) == before + 1
        assert "2 due" in driven.grid


async def test_a_list_that_cannot_be_read_says_why(console: Open) -> None:
    async with console(LoadLookAgain=lambda t, _r: [room.Failed(t, "The journal is damaged.")]) as driven:
        await driven.press("w")
        assert "The journal is damaged." in driven.flat


# ---- what was done before ------------------------------------------------------------------------------------------


def checked_before(ticket: int, request: Any) -> list[room.Event]:
    known = data.records(Verdict.RESET, Verdict.REVIEW_CONNECTION, Verdict.RESET)
    return [*data.checked(Verdict.RESET)(ticket, request), room.RecordsLoaded(0, known)]


async def test_checks_and_resets_stand_at_the_end_newest_first(console: Open) -> None:
    async with console((80, 24), CheckUser=checked_before) as driven:
        await driven.press(*USER)
        assert "before: Review the connection" in driven.flat
        await driven.press("G")
        assert driven.grid.index("Checks and resets of this user") < driven.grid.index("Reset: done")
        shown = re.findall(r"\d\d:\d\d +((?:marie|paul) +\S.*)", driven.grid)
        assert [" ".join(line.split()) for line in shown] == [
            "marie Reset the sync",
            "paul Reset: done",
            "marie Review the connection",
            "marie Reset the sync",
        ]


async def test_behind_a_check_stand_its_sentence_and_causes_and_behind_a_reset_the_page_before_and_after(
    console: Open,
) -> None:
    async with console((80, 24), CheckUser=checked_before) as driven:
        await driven.press(*USER, "G", "k", "enter")
        assert "the delegation is missing" in driven.flat
        assert "google.delegation.unauthorized" in driven.flat
        await driven.press("k", "enter")
        assert "The page no longer shows the reset." in driven.flat
        assert "Salesforce to Google: Unable to sync › In sync" in driven.flat


async def test_a_user_without_a_past_has_no_history(console: Open) -> None:
    async with console((80, 24), CheckUser=data.checked(Verdict.RESET)) as driven:
        await driven.press(*USER, "G")
        assert "Checks and resets" not in driven.grid


async def test_what_the_person_misses_is_still_known_when_the_user_is_opened_again(console: Open) -> None:
    async with console((80, 24)) as driven:
        await driven.press(*USER, "p", "c", "b", "escape", "enter")
        _ticket, asked = driven.engine.last(room.CheckUser)
        assert asked.complaint == Complaint(Missing.CONTACTS)
        await driven.press("p", "x", "escape", "enter")
        assert driven.engine.last(room.CheckUser)[1].complaint is None


@pytest.mark.parametrize(("width", "told"), [(76, False), (97, True), (118, True), (198, True)])
def test_a_step_that_passed_says_what_was_found_wherever_there_is_room(width: int, told: bool) -> None:
    plan = StepPlan("salesforce.page", "Status page (organisation)", Phase.CONNECTION)
    found = {plan.id: [data.finding(plan.id, Status.PASS, "The organisation's rows were read. " * 3)]}
    block = next(one for one in steps([plan], found, running=False, width=width) if one.key.startswith("step."))
    first, *further = ["".join(text for text, _ink in line) for line in wrap(block.line, width, hang=block.hang)]
    assert ("The organisation" in first) is told
    assert all(line.index(line.strip()) == first.index("The organisation") for line in further)


async def test_the_step_of_a_reset_follows_whether_changes_are_allowed(console: Open) -> None:
    async with console(CheckUser=data.checked(Verdict.RESET)) as driven:
        await driven.press(*USER)
        assert "Type :write to allow changes, then press R" in driven.flat
        for command, said in (("write", "2. Press R: the reset"), ("readonly", "Type :write to allow changes")):
            await driven.press("colon")
            await driven.type(command)
            await driven.press("enter")
            assert said in driven.flat


def test_read_only_is_the_first_reason_against_a_reset() -> None:
    assert "read-only" in guards.reset(
        guards.Scene("troubleshoot", connected=True, user_known=True, verdict=Verdict.NO_FAULT_FOUND)
    )
