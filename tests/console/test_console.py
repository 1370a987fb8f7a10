"""What a person can do in the console, key by key, on a scripted engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from screens import engine as room
from tests.console import data
from tests.console.conftest import SIZES, Driven, Open
from tests.console.test_snapshots import half_checked, left_unfinished, several, under_way, unproven, verified
from tui.model import Complaint, Direction, Missing, OrgKind, Outcome, Verdict

both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


async def open_user(driven: Driven) -> None:
    await driven.press("2", "enter")
    assert driven.shown == "troubleshoot"


async def armed_user(driven: Driven) -> None:
    await open_user(driven)
    await driven.command("write")


# ---- which org, and whether anything can be changed ---------------------------------------------------------------


@both_sizes
@pytest.mark.parametrize("kind", OrgKind)
async def test_every_screen_says_which_org_and_that_it_is_read_only(kind: OrgKind, size: Any, console: Open) -> None:
    org = replace(data.ORG, practice=kind is OrgKind.PRACTICE, sandbox=kind is OrgKind.SANDBOX)
    connected = {"Connect": lambda t, _r: [room.Connected(t, org)]}
    async with console(size, **connected) as driven:
        for keys in ((), ("2",), ("enter",), ("at",), ("question_mark",)):
            await driven.press(*keys)
            top = driven.grid.splitlines()[0]
            assert "Acme Practice" in top
            assert f" {kind} " in top
            assert "admin@acme.example" in top
            assert top.rstrip().endswith("READ-ONLY")


async def test_a_long_org_name_leaves_kind_and_badge_in_sight(console: Open) -> None:
    org = replace(data.ORG, name="A very long name of an organisation " * 4, practice=False)
    async with console((60, 15), Connect=lambda t, _r: [room.Connected(t, org)]) as driven:
        top = driven.grid.splitlines()[0]
        assert " PRODUCTION " in top
        assert top.rstrip().endswith("READ-ONLY")


async def test_write_arms_for_fifteen_minutes_and_readonly_ends_it(console: Open) -> None:
    async with console() as driven:
        await driven.command("write")
        assert "WRITE 15 min" in driven.grid
        driven.clock[0] += timedelta(minutes=9, seconds=30)
        driven.app._tick()
        await driven.rest()
        assert "WRITE 6 min" in driven.grid
        await driven.command("readonly")
        assert "READ-ONLY" in driven.grid
        await driven.command("write")
        driven.clock[0] += timedelta(minutes=15)
        driven.app._tick()
        await driven.rest()
        assert "READ-ONLY" in driven.grid


async def test_write_can_be_asked_for_at_the_start(console: Open) -> None:
    async with console(write=True) as driven:
        assert "WRITE 15 min" in driven.grid


async def test_an_unknown_command_is_named_with_the_nearest(console: Open) -> None:
    async with console() as driven:
        await driven.command("wirte")
        assert "There is no command wirte. Did you mean write?" in driven.grid


async def test_a_command_reaches_any_action(console: Open) -> None:
    async with console() as driven:
        await driven.command("errors")
        assert driven.shown == "errors"
        await driven.command("reset")
        assert "has no use on this screen" in driven.grid


@both_sizes
async def test_below_sixty_by_fifteen_a_notice_stands(size: Any, console: Open) -> None:
    for small in ((59, size[1]), (size[0], 14)):
        async with console(small) as driven:
            assert f"Too small: {small[0]}x{small[1]}" in driven.grid
            assert "Set-up checklist" not in driven.grid


# ---- connecting ----------------------------------------------------------------------------------------------------


async def test_a_connection_that_fails_says_why_and_can_be_tried_again(console: Open) -> None:
    from tests.console.test_snapshots import not_connected

    async with console(Connect=not_connected) as driven:
        assert "Salesforce does not know this client id" in driven.grid
        await driven.press("t")
        assert "Not connected to Salesforce: press r to try again." in driven.grid
        driven.engine.script[room.Connect] = lambda t, _r: [room.Connected(t, data.ORG)]
        await driven.press("r")
        await driven.rest()
        assert "Acme Practice" in driven.grid
        assert driven.engine.count(room.LoadOverview) == 1


async def test_ages_are_shown_and_grow(console: Open) -> None:
    async with console() as driven:
        assert "3 min ago" in driven.grid
        driven.clock[0] += timedelta(hours=5)
        driven.app._tick()
        await driven.rest()
        assert "5 h ago" in driven.grid


async def test_the_overview_says_what_was_cut_and_for_whom(console: Open) -> None:
    async with console((120, 40)) as driven:
        for told in (
            "2,000 read of 3,104 of this year and last: cut",
            "5 with an open error, of 380 assigned; active users: 402",
            "98,766 of 100,000 left today",
            "130 days left: Lightning Sync retires in April 2027",
        ):
            assert told in driven.grid
        await driven.press(*("down",) * 5, "enter")
        assert "read as admin@acme.example" in driven.grid


async def test_new_errors_are_counted_and_the_cursor_stays_with_its_row(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "down", "down")
        newer = tuple(data.row(-n, id=f"new{n}") for n in range(1, 4))
        fresh = data.report(rows=(*newer, *data.report().rows))
        driven.engine.script[room.LoadErrors] = lambda t, _r: [room.ErrorsLoaded(t, fresh)]
        await driven.press("r")
        assert "3 new errors." in driven.grid
        assert "▌ 2026-11-22 10:00 Chen Wei" in driven.grid
        await driven.press("down", "1", "2")
        assert "3 new" in driven.grid.splitlines()[1], "until somebody has looked"
        await driven.press("g")
        assert "new" not in driven.grid.splitlines()[1]
        driven.engine.script[room.LoadErrors] = lambda t, _r: [
            room.ErrorsLoaded(t, data.report((data.row(-4, id="new4"), *fresh.rows)))
        ]
        await driven.press("down", "r")
        assert "1 new" in driven.grid.splitlines()[1]
        await driven.press("r")
        assert "new" not in driven.grid.splitlines()[1]


# ---- the error list ------------------------------------------------------------------------------------------------


@both_sizes
async def test_the_filter_takes_every_term_and_leaves_out_others(size: Any, console: Open) -> None:
    async with console(size) as driven:
        await driven.press("2", "slash")
        await driven.type("usermapping -ann")
        await driven.rest()
        assert "24 of 60" in driven.grid
        assert "Bernard" in driven.grid
        assert "Ann Example" not in driven.grid
        assert "Chen Wei" in driven.grid
        await driven.press("enter")
        assert "24 of 60  /usermapping -ann" in driven.grid
        await driven.press("escape")
        assert "Errors  60" in driven.grid


async def test_esc_in_the_filter_line_shows_everything_again(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "slash")
        await driven.type("zzz")
        assert "No row matches the filter" in driven.grid
        await driven.press("escape")
        assert "Errors  60" in driven.grid


async def test_the_cursor_keeps_its_row_through_a_filter(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", *("down",) * 7, "slash")
        assert "▌ 2026-11-22 05:00 Chen Wei" in driven.grid
        await driven.type("chen")
        assert "▌ 2026-11-22 05:00 Chen Wei" in driven.grid
        await driven.press("escape")
        assert "▌ 2026-11-22 05:00 Chen Wei" in driven.grid


async def test_the_detail_follows_the_cursor_once_it_rests(console: Open) -> None:
    async with console() as driven:
        await driven.press("2")
        await driven.rest()
        await driven.press("j")
        await driven.rest(0.3)
        assert "End must be after start." in driven.flat


@both_sizes
async def test_moving_by_pages_and_to_the_ends(size: Any, console: Open) -> None:
    async with console(size) as driven:
        await driven.press("2", "G")
        assert "▌ 2026-11-20 01:00 Émile" in driven.grid
        await driven.press("g")
        assert "▌ 2026-11-22 12:00 Ann" in driven.grid
        await driven.press("pagedown", "pageup")
        assert "▌ 2026-11-22 12:00 Ann" in driven.grid
        await driven.press("k")
        assert "▌ 2026-11-22 12:00 Ann" in driven.grid


async def test_a_wide_list_shows_more_columns(console: Open) -> None:
    async with console((220, 60)) as driven:
        await driven.press("2")
        for title in ("State", "Cause", "Last check", "User id"):
            assert title in driven.grid
        assert data.user(1).id in driven.grid


# ---- one user ------------------------------------------------------------------------------------------------------


@both_sizes
async def test_enter_opens_the_user_of_the_error_and_checks(size: Any, console: Open) -> None:
    async with console(size, CheckUser=data.checked(Verdict.REVIEW_CONNECTION)) as driven:
        await open_user(driven)
        assert driven.engine.last(room.CheckUser)[1] == room.CheckUser(data.user().id, False)
        assert "✗ Review the connection" in driven.grid
        assert "Google administrator 1. Log in to the Admin console as a super administrator" in driven.flat
        assert "second of its three: the key and its delegation" in driven.grid
        await driven.press("escape")
        assert driven.shown == "errors"


async def test_an_error_without_an_id_is_looked_up_by_name(console: Open) -> None:
    rows = (data.row(0, user_id=None),)
    async with console(LoadErrors=lambda t, _r: [room.ErrorsLoaded(t, data.report(rows=rows))]) as driven:
        await open_user(driven)
        assert driven.engine.last(room.CheckUser)[1].query == "Ann Example"


async def test_steps_fill_as_they_run(console: Open) -> None:
    async with console(CheckUser=lambda _t, _r: []) as driven:
        await open_user(driven)
        assert "Looking the user up" in driven.grid
        ticket, _request = driven.engine.last(room.CheckUser)
        await driven.post(room.StepsPlanned(ticket, data.user(), data.STEPS))
        assert driven.grid.count("to come") == 6
        assert "checking 0 s" in driven.grid
        await driven.post(room.StepDone(ticket, "google.token.calendar", data.REFUSED))
        assert driven.grid.count("to come") == 5
        driven.clock[0] += timedelta(seconds=7)
        driven.app._tick()
        await driven.rest(0.4)
        assert "checking 7 s" in driven.grid
        await driven.post(room.CheckDone(ticket, data.check(Verdict.REVIEW_CONNECTION)))
        assert "to come" not in driven.grid
        assert "checking" not in driven.grid


async def test_events_of_another_request_change_nothing(console: Open) -> None:
    async with console(CheckUser=lambda _t, _r: []) as driven:
        await open_user(driven)
        await driven.post(room.CheckDone(99, data.check(Verdict.RESET)))
        assert "Looking the user up" in driven.grid


@pytest.mark.parametrize("key", ["x", "escape"])
async def test_a_check_can_be_stopped_and_run_again(key: str, console: Open) -> None:
    async with console(CheckUser=half_checked) as driven:
        await open_user(driven)
        ticket, _request = driven.engine.last(room.CheckUser)
        await driven.press(key)
        assert driven.shown == "troubleshoot"
        assert driven.engine.cancelled == [ticket]
        assert "Stopped: c runs the check again." in driven.grid
        await driven.post(room.CheckDone(ticket, data.check(Verdict.RESET)))
        assert "Reset the sync" not in driven.grid
        driven.engine.script[room.CheckUser] = data.checked(Verdict.NO_FAULT_FOUND)
        await driven.press("c")
        assert "No fault found" in driven.grid


async def test_leaving_the_screen_stops_its_check(console: Open) -> None:
    async with console(CheckUser=half_checked) as driven:
        await open_user(driven)
        await driven.press("1")
        await driven.rest()
        assert driven.shown == "overview"
        assert driven.engine.cancelled == [driven.engine.last(room.CheckUser)[0]]


async def test_a_check_that_fails_says_why(console: Open) -> None:
    async with console(CheckUser=lambda t, _r: [room.Failed(t, "Two people are called that.")]) as driven:
        await open_user(driven)
        assert "Two people are called that." in driven.grid


async def test_enter_shows_meaning_term_and_raw_answer_of_a_step(console: Open) -> None:
    async with console((120, 40), CheckUser=data.checked(Verdict.REVIEW_CONNECTION)) as driven:
        await open_user(driven)
        while "▌  ✗ failed" not in driven.grid:
            await driven.press("down")
        await driven.press("enter")
        assert "What it means:" in driven.grid
        assert "Cause: google.delegation.unauthorized" in driven.grid
        assert "error: unauthorized_client" in driven.grid
        await driven.press("enter")
        assert "What it means:" not in driven.grid


async def test_reported_is_taken_into_account_and_taken_back(console: Open) -> None:
    async with console() as driven:
        await open_user(driven)
        before = driven.engine.count(room.CheckUser)
        await driven.press("p")
        assert "Does not sync:" in driven.grid
        await driven.press("c", "1")
        wanted = Complaint(Missing.CONTACTS, Direction.GOOGLE_TO_SALESFORCE)
        assert driven.engine.last(room.CheckUser)[1].complaint == wanted
        await driven.press("p", "o", "b")
        assert driven.engine.last(room.CheckUser)[1].complaint == Complaint(Missing.ONE_EVENT)
        await driven.press("p", "x")
        assert driven.engine.last(room.CheckUser)[1].complaint is None
        assert driven.engine.count(room.CheckUser) == before + 3
        await driven.press("p", "escape", "p", "e", "escape")
        assert driven.engine.count(room.CheckUser) == before + 3


async def test_nobody_is_called_healthy(console: Open) -> None:
    async with console((120, 40), CheckUser=data.checked(Verdict.NO_FAULT_FOUND)) as driven:
        await open_user(driven)
        assert "No fault found" in driven.grid
        await driven.press("G")
        assert "What was proved, and what was not" in driven.grid
        assert "healthy" not in driven.grid.lower()


# ---- finding a user ------------------------------------------------------------------------------------------------


async def test_t_finds_a_user_and_opens_it(console: Open) -> None:
    async with console() as driven:
        await driven.press("t")
        await driven.type("ann@acme.example")
        await driven.press("enter")
        await driven.rest()
        assert driven.engine.last(room.FindUsers)[1].text == "ann@acme.example"
        assert driven.shown == "troubleshoot"


async def test_whom_to_pick_is_not_asked_in_the_words_of_the_command_line(console: Open) -> None:
    def found(ticket: int, _request: Any) -> list[room.Event]:
        return [room.UsersFound(ticket, (data.user(0), data.user(1)), "2 users are called so; say which.")]

    async with console(FindUsers=found) as driven:
        await driven.press("t")
        await driven.type("x@y")
        await driven.press("enter")
        await driven.rest()
        assert driven.shown == "pick"
        assert "say which" not in driven.grid
        assert "Looking for" not in driven.grid


async def test_several_matches_are_picked_from(console: Open) -> None:
    async with console(FindUsers=several) as driven:
        await driven.press("t")
        await driven.type("x@y")
        await driven.press("enter")
        await driven.rest()
        assert driven.shown == "pick"
        assert "4 match “x@y”" in driven.grid
        assert "inactive" in driven.grid
        await driven.press("down", "enter")
        await driven.rest()
        assert driven.shown == "troubleshoot"
        assert driven.engine.last(room.CheckUser)[1].query == data.user(1).id


async def test_nobody_found_is_said(console: Open) -> None:
    async with console(FindUsers=lambda t, _r: [room.UsersFound(t, (), "Nobody is called x.")]) as driven:
        await driven.press("t")
        await driven.type("x@y")
        await driven.press("enter")
        assert "Nobody is called x." in driven.grid
        assert driven.shown == "overview"


# ---- the reset -----------------------------------------------------------------------------------------------------


async def test_a_reset_is_refused_while_read_only_and_says_how_to_arm(console: Open) -> None:
    async with console() as driven:
        await open_user(driven)
        await driven.press("R")
        assert "The console is read-only: type :write" in driven.grid
        assert driven.engine.count(room.PlanReset) == 0


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.RESET])
async def test_a_reset_is_offered_for_no_other_verdict(verdict: Verdict, console: Open) -> None:
    async with console(write=True, CheckUser=data.checked(verdict)) as driven:
        await open_user(driven)
        await driven.press("R")
        assert "The verdict does not call for a reset; :overrule" in driven.grid
        assert driven.engine.count(room.PlanReset) == 0


async def test_a_verdict_can_be_overruled_with_a_reason(console: Open) -> None:
    async with console(write=True, CheckUser=data.checked(Verdict.WAIT), StartReset=under_way) as driven:
        await open_user(driven)
        await driven.command("overrule")
        assert "Why reset anyway?" in driven.grid
        await driven.press("enter")
        assert "No reset without a reason" in driven.grid
        assert driven.engine.count(room.PlanReset) == 0
        await driven.command("overrule")
        await driven.type("waited long")
        await driven.press("enter")
        assert driven.engine.last(room.PlanReset)[1] == room.PlanReset(data.user().id, "waited long")
        await driven.press("y")
        assert driven.engine.last(room.StartReset)[1] == room.StartReset(data.user().id, "waited long")


async def test_overruling_needs_to_be_armed_and_another_verdict(console: Open) -> None:
    async with console(CheckUser=data.checked(Verdict.WAIT)) as driven:
        await open_user(driven)
        await driven.command("overrule")
        assert "The console is read-only" in driven.grid
    async with console(write=True) as driven:
        await open_user(driven)
        await driven.command("overrule")
        assert "The verdict is a reset: press R." in driven.grid


async def test_what_is_typed_in_one_breath_reaches_the_entry(console: Open) -> None:
    async with console() as driven:
        await driven.press("2")
        await driven.type("/chen")
        await driven.rest()
        assert "/chen" in driven.grid
        assert driven.shown == "errors"


@both_sizes
async def test_the_plan_is_shown_before_the_question(size: Any, console: Open) -> None:
    async with console(size) as driven:
        await armed_user(driven)
        await driven.press("R")
        for told in ("Ann Example <user0@acme.example>", "Acme Practice, PRACTICE", "It will", "It will not"):
            assert told in driven.flat
        assert "Reset Ann Example in Acme Practice (PRACTICE)?" in driven.grid
        assert driven.engine.count(room.StartReset) == 0


async def test_the_question_before_a_reset_is_never_cut(console: Open) -> None:
    long = data.plan(org=replace(data.ORG, name="Compagnie générale des ateliers et manufactures réunies"))
    script = {"PlanReset": lambda t, _r: [room.ResetPlanned(t, long)]}
    async with console(**script) as driven:
        await armed_user(driven)
        await driven.press("R")
        lines = driven.grid.splitlines()
        assert lines[-4:-2] == [
            " Reset Ann Example in Compagnie générale des ateliers et manufactures réunies",
            " (PRACTICE)?",
        ]
        assert lines[-2] == " y yes  n no"
        await driven.pilot.resize_terminal(120, 40)
        await driven.rest()
        assert "réunies (PRACTICE)?" in driven.grid.splitlines()[-2]
        await driven.press("n")
        assert "No reset: nothing was changed." in driven.grid.splitlines()[-2]


async def test_beside_a_question_stand_only_the_keys_that_work(console: Open) -> None:
    async with console() as driven:
        await armed_user(driven)
        assert "R reset" in driven.grid.splitlines()[-1]
        await driven.press("R")
        assert driven.grid.splitlines()[-1] == " j down  k up  Esc cancel"
        await driven.press("n")
        assert "R reset" in driven.grid.splitlines()[-1]
        await driven.press("colon")
        assert driven.grid.splitlines()[-1].startswith(" Enter ok  Esc cancel")


@pytest.mark.parametrize("key", ["n", "N", "enter", "escape", "q"])
async def test_every_way_of_saying_no_changes_nothing(key: str, console: Open) -> None:
    async with console() as driven:
        await armed_user(driven)
        await driven.press("R", "c", "z", key)
        assert "No reset: nothing was changed." in driven.grid
        assert driven.engine.count(room.StartReset) == 0
        assert driven.app.is_running


async def test_the_plan_can_be_read_while_the_question_stands(console: Open) -> None:
    async with console() as driven:
        await armed_user(driven)
        await driven.press("R", "G")
        assert "What was proved, and what was not" in driven.grid
        assert "y yes  n no" in driven.grid


async def test_reset_progress_verification_and_comparison(console: Open) -> None:
    async with console((80, 24), StartReset=under_way) as driven:
        await armed_user(driven)
        await driven.press("R", "y")
        assert "resetting 34 s" in driven.grid
        assert "The page shows the reset under way." in driven.grid
        await driven.press("x")
        assert "A reset that has started is not stopped" in driven.grid
        assert driven.engine.cancelled == []
        ticket, request = driven.engine.last(room.StartReset)
        assert request.user_id == data.user().id
        await driven.post(room.ResetDone(ticket, data.reset()))
        assert "The reset is done." in driven.grid
        assert "verifying" in driven.grid
        await driven.post(*data.checked(Verdict.NO_FAULT_FOUND)(ticket, None))
        assert "No fault found" in driven.grid
        assert "Events › Salesforce to Google: Unable to sync › In sync" in driven.grid


@pytest.mark.parametrize("outcome", Outcome)
async def test_every_outcome_has_its_sentence(outcome: Outcome, console: Open) -> None:
    from screens.words import OUTCOME

    def answer(ticket: int, request: Any) -> list[room.Event]:
        return [
            room.ResetDone(ticket, data.reset(outcome, "So it was.")),
            *data.checked(Verdict.RESET)(ticket, request),
        ]

    async with console(StartReset=answer) as driven:
        await armed_user(driven)
        await driven.press("R", "y")
        assert OUTCOME[outcome][0] in driven.grid
        assert "So it was." in driven.grid


async def test_a_reset_is_not_started_once_the_minutes_are_over(console: Open) -> None:
    async with console() as driven:
        await armed_user(driven)
        await driven.press("R")
        driven.clock[0] += timedelta(minutes=16)
        await driven.press("y")
        assert "The 15 minutes are over" in driven.grid
        assert driven.engine.count(room.StartReset) == 0


async def test_a_reset_goes_on_while_its_screen_is_left_and_is_found_again(console: Open) -> None:
    async with console(StartReset=under_way) as driven:
        await armed_user(driven)
        await driven.press("R", "y", "escape")
        assert driven.shown == "errors"
        assert "resetting Ann Example" in driven.grid
        await driven.press("enter")
        assert "The page shows the reset under way." in driven.grid
        await driven.press("escape")
        ticket, _request = driven.engine.last(room.StartReset)
        await driven.post(*verified(ticket, None))
        assert "Ann Example: The reset is done." in driven.grid
        checks = driven.engine.count(room.CheckUser)
        await driven.press("enter")
        assert "The reset is done." in driven.grid
        assert driven.engine.count(room.CheckUser) == checks


# ---- proof ---------------------------------------------------------------------------------------------------------


async def test_proof_asks_for_each_sample_then_the_reset_goes_on(console: Open) -> None:
    async with console(PlanReset=unproven) as driven:
        await armed_user(driven)
        await driven.press("R")
        await driven.rest()
        assert driven.shown == "proof"
        for number, words in enumerate(("a user with a fault", "a user without a fault", "has left"), 1):
            assert f"{number} of 3" in driven.grid
            assert words in driven.grid
            assert "/s2x/resetExchangeSyncUser.apexp" in driven.grid
            if number == 3:
                driven.engine.script[room.PlanReset] = lambda t, _r: [room.ResetPlanned(t, data.plan())]
            await driven.press("G", "y")  # the next one is shown from its top
        await driven.rest()
        answers = driven.engine.last(room.AnswerProof)[1].answers
        assert answers == tuple((sample.user.id, True) for sample in data.SAMPLES)
        assert driven.shown == "troubleshoot"
        assert "Reset Ann Example in Acme Practice (PRACTICE)?" in driven.grid


async def test_a_reading_that_is_not_the_same_keeps_the_reset_locked(console: Open) -> None:
    async with console(PlanReset=unproven) as driven:
        await armed_user(driven)
        await driven.press("R")
        await driven.rest()
        await driven.press("y", "n")
        await driven.rest()
        assert driven.engine.last(room.AnswerProof)[1].answers == ((data.user(0).id, True), (data.user(1).id, False))
        assert "Not the same: the reset stays locked." in driven.grid
        assert driven.engine.count(room.PlanReset) == 1


async def test_proof_can_be_put_off(console: Open) -> None:
    async with console(PlanReset=unproven) as driven:
        await armed_user(driven)
        await driven.press("R")
        await driven.rest()
        await driven.press("escape")
        await driven.rest()
        assert driven.shown == "troubleshoot"
        assert "Postponed" in driven.grid
        assert driven.engine.count(room.AnswerProof) == 0


async def test_proof_that_cannot_be_read_says_why(console: Open) -> None:
    answers = {"PlanReset": unproven, "LoadProof": lambda t, _r: [room.Failed(t, "The page cannot be opened.")]}
    async with console(**answers) as driven:
        await armed_user(driven)
        await driven.press("R")
        await driven.rest()
        assert "The page cannot be opened." in driven.grid
        await driven.press("escape")
        assert driven.shown == "troubleshoot"


# ---- a reset that was left unfinished ------------------------------------------------------------------------------


async def test_an_unfinished_reset_is_offered_and_gone_on_with(console: Open) -> None:
    async with console(Connect=left_unfinished, ResumeWrite=under_way) as driven:
        assert "Follow the unfinished reset of Ann Example, 12:20, to its end?" in driven.grid
        await driven.press("y")
        await driven.rest()
        assert driven.engine.last(room.ResumeWrite)[1].write_id == 7
        assert driven.shown == "troubleshoot"
        assert "resetting 34 s" in driven.grid
        assert driven.engine.count(room.CheckUser) == 0
        await driven.post(*verified(driven.engine.last(room.ResumeWrite)[0], None))
        assert "The reset is done." in driven.grid


async def test_an_unfinished_reset_can_wait_and_be_brought_up_again(console: Open) -> None:
    async with console(Connect=left_unfinished) as driven:
        await driven.press("escape")
        assert "Later: U brings it up again." in driven.grid
        await driven.press("U")
        assert "Follow the unfinished reset" in driven.grid


async def test_an_unfinished_reset_can_be_left(console: Open) -> None:
    async with console(Connect=left_unfinished) as driven:
        await driven.press("d")
        assert driven.engine.last(room.DropWrite)[1].write_id == 7
        await driven.press("U")
        assert "No reset was left unfinished." in driven.grid


# ---- leaving, help, calls ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quitting(key: str, console: Open) -> None:
    async with console() as driven:
        await driven.press(key)
        assert driven.app.return_value == 0


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quitting_asks_while_a_write_is_in_flight(key: str, console: Open) -> None:
    async with console() as driven:
        driven.engine.writing = True
        await driven.press(key)
        assert driven.app.is_running
        assert "A reset is under way" in driven.grid
        await driven.press("n")
        assert driven.app.return_value is None
        await driven.press(key, "y")
        assert driven.app.return_value == 0


async def test_calls_are_listed_and_filtered(console: Open) -> None:
    async with console((120, 40)) as driven:
        await driven.press("at")
        assert "unauthorized_client" in driven.grid
        await driven.press("slash")
        await driven.type("google")
        assert "/services/data" not in driven.grid


async def test_the_start_screen_starts_the_practice_org(console: Open) -> None:
    async with console(first=True) as driven:
        assert "passerelle config path" in driven.grid
        assert driven.engine.asked == []
        await driven.press("enter")
        await driven.rest()
        assert driven.shown == "overview"
        assert "PRACTICE" in driven.grid


async def test_a_practice_org_that_does_not_start_says_why(console: Open) -> None:
    from tests.console.test_snapshots import not_connected

    async with console(first=True, Connect=not_connected) as driven:
        await driven.press("enter")
        await driven.rest()
        assert driven.shown == "start"
        assert "Salesforce does not know this client id" in driven.grid
