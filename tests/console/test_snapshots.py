"""Every screen in every state that matters, as the grid of characters that a terminal shows, at three sizes."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from screens import engine as room
from tests.console import data
from tests.console.conftest import SIZES, Driven, Open
from tests.console.test_setup import Making
from tui.declaration import Declaration
from tui.model import Phase, Status, Verdict
from tui.triage import catalogue


class Grid(SingleFileSnapshotExtension):
    """One text file for each picture."""

    file_extension = "txt"
    _write_mode = WriteMode.TEXT


@dataclass(frozen=True)
class State:
    """How to get somewhere: keys to press, a command, and what differs in the script. `first`: there is no config file
    yet; `making`: nor a set-up that was begun."""

    keys: tuple[str, ...] = ()
    command: str = ""
    then: tuple[str, ...] = ()
    script: dict[str, Any] = field(default_factory=dict)
    first: bool = False
    making: bool = False

    def opened(self, console: Open) -> AbstractAsyncContextManager[Driven]:
        """The console in that state's organisation; a set-up remembers its answers, so each gets one of its own."""
        script = Making().script if self.making else self.script
        return console(SIZES[0], first=self.first or self.making, **script)


def half_checked(ticket: int, request: Any) -> list[room.Event]:
    return data.checked(Verdict.RESET)(ticket, request)[:4]


def half_of_many(ticket: int, request: Any) -> list[room.Event]:
    return data.checked_many(ticket, request)[:2]


def no_rights(ticket: int, _request: Any) -> list[room.Event]:
    known = catalogue.finding("salesforce.report", Phase.STATUS, "salesforce.report.unavailable")
    return [room.Failed(ticket, "The report was not found, or is not shared with this user.", known)]


def under_way(ticket: int, _request: Any) -> list[room.Event]:
    return [room.ResetProgress(ticket, "The page shows the reset under way.", 34)]


def verified(ticket: int, request: Any) -> list[room.Event]:
    return [room.ResetDone(ticket, data.reset()), *data.checked(Verdict.NO_FAULT_FOUND)(ticket, request)]


def unproven(ticket: int, _request: Any) -> list[room.Event]:
    return [room.ResetPlanned(ticket, data.plan(refusal="Not confirmed here.", needs_proof=True))]


def refused(ticket: int, _request: Any) -> list[room.Event]:
    return [room.ResetPlanned(ticket, data.plan(refusal="Refused: the name is not unique."))]


def connecting(ticket: int, _request: Any) -> list[room.Event]:
    return [room.Connecting(ticket, "acme.my.salesforce.com")]


def not_connected(ticket: int, _request: Any) -> list[room.Event]:
    finding = data.finding(
        "salesforce.login",
        Status.FAIL,
        "Salesforce does not know this client id",
        fix=("Salesforce admin: look whether the External Client App still exists.",),
        evidence={"error": "invalid_client_id"},
    )
    return [*connecting(ticket, None), room.NotConnected(ticket, finding)]


def left_unfinished(ticket: int, _request: Any) -> list[room.Event]:
    return [room.Connected(ticket, data.ORG), room.Unfinished(ticket, (data.WRITE,))]


def several(ticket: int, _request: Any) -> list[room.Event]:
    return [room.UsersFound(ticket, tuple(data.user(n, active=n != 1) for n in range(4)))]


def shows(seen: Any) -> dict[str, Any]:
    return {"LoadOverview": lambda t, _r: [room.OverviewLoaded(t, seen)]}


def lost(ticket: int, _request: Any) -> list[room.Event]:
    """The overview was read, then Salesforce went away."""
    return [room.OverviewLoaded(ticket, data.well()), *not_connected(ticket, None)]


QUIET = data.report(0)


def nothing_declared(ticket: int, _request: Any) -> list[room.Event]:
    return [room.DeclarationLoaded(ticket, Declaration("/home/marie/.config/passerelle/config.toml", ()))]


def wrong(ticket: int, _request: Any) -> list[room.Event]:
    sentence = (
        "“2026-13-01” is no date: this must be a date such as 2026-01-31, without quotes, of a day that there is."
    )
    return [room.DeclarationChecked(ticket, (("configurations[0].data_set.events_from", sentence),))]


REVIEW = {"CheckUser": data.checked(Verdict.REVIEW_CONNECTION)}
USER = ("2", "enter")
STATES = {
    "overview": State(),
    "overview_connecting": State(script={"Connect": connecting}),
    "overview_not_connected": State(script={"Connect": not_connected}),
    "overview_reading": State(script={"LoadOverview": lambda _t, _r: []}),
    "overview_so_far": State(script=shows(data.so_far())),
    "overview_opened": State(("enter",)),
    "overview_rest": State(("pagedown",)),
    "overview_end": State(("G",)),
    "overview_well": State(script=shows(data.well())),
    "overview_chart": State((*("pagedown",) * 2,), script=shows(data.well())),
    "overview_no_errors": State(script=shows(data.well(report=QUIET, tally=data.counted(QUIET)))),
    "overview_blind": State(script=shows(data.blind())),
    "overview_blind_rest": State(("G",), script=shows(data.blind())),
    "overview_lost": State(script={"LoadOverview": lost}),
    "overview_unfinished": State(script={"Connect": left_unfinished}),
    "errors": State(("2",)),
    "errors_filtered": State(("2", "slash", "c", "h", "e", "n")),
    "errors_no_match": State(("2", "slash", "z", "z", "enter")),
    "errors_reading": State(("2",), script={"LoadErrors": lambda _t, _r: []}),
    "errors_marked": State(("2", "space", "space", "space", "slash", "c", "h", "e", "n", "enter")),
    "errors_sorting": State(("2", "s")),
    "errors_detail": State(("2", "down", "down", "plus", "plus")),
    "errors_no_detail": State(("2", "p")),
    "errors_no_rights": State(("2",), script={"LoadErrors": no_rights}),
    "errors_failed": State(("2",), script={"LoadErrors": lambda t, _r: [room.Failed(t, "The answer was cut off.")]}),
    "errors_offline": State(("2",), script={"Connect": not_connected}),
    "errors_acknowledging": State(("2", "a", "o", "k", "enter")),
    "groups_user": State(("2", "b")),
    "groups_cause": State(("2", "b", "b", "b")),
    "checks": State(("2", "asterisk", "c")),
    "checks_under_way": State(("2", "asterisk", "c"), script={"CheckMany": half_of_many}),
    "errors_none": State(("2",), script={"LoadErrors": lambda t, _r: [room.ErrorsLoaded(t, data.report(0))]}),
    "user_reset": State(USER),
    "user_review": State(USER, script=REVIEW),
    "user_step_opened": State((*USER, *("down",) * 12, "enter"), script=REVIEW),
    "user_both_sides": State(
        USER, script={"CheckUser": data.told(Verdict.RESET, *data.WELL_AT_GOOGLE, data.ASSIGNED, data.DISAGREES)}
    ),
    "user_complaint_asked": State((*USER, "p")),
    "user_one_event": State((*USER, "p", "o", "1"), script={"CheckUser": data.told(Verdict.CONTACT_SUPPORT)}),
    "user_message": State((*USER, "m", "g"), script=REVIEW),
    "look_again": State(("w",)),
    "look_again_nobody": State(("w",), script={"LoadLookAgain": lambda t, _r: [room.LookAgainLoaded(t, ())]}),
    "reset_by_hand": State(
        USER,
        command="write",
        then=("R",),
        script={"PlanReset": lambda t, _r: [room.ResetPlanned(t, data.plan(**data.BY_HAND))]},
    ),
    "user_checking": State(USER, script={"CheckUser": half_checked}),
    "user_stopped": State((*USER, "x"), script={"CheckUser": half_checked}),
    "user_wait": State(USER, script={"CheckUser": data.checked(Verdict.WAIT)}),
    "reset_plan": State(USER, "write", ("R",)),
    "reset_refused": State(USER, "write", ("R",), {"PlanReset": refused}),
    "reset_under_way": State(USER, "write", ("R", "y"), {"StartReset": under_way}),
    "reset_verified": State(USER, "write", ("R", "y"), {"StartReset": verified}),
    "proof": State(USER, "write", ("R",), {"PlanReset": unproven}),
    "finder": State(("t", "e", "x", "a")),
    "finder_empty": State(("2", "t", "down", "down")),
    "finder_nobody": State(("t", "z", "z", "@", "a")),
    "pick": State(("t", "x", "y", "enter"), script={"FindUsers": several}),
    "configurations": State(("d",)),
    "configurations_none": State(("d",), script={"LoadDeclaration": nothing_declared}),
    "configuration": State(("d", "enter")),
    "configuration_wrong": State(("d", "enter"), then=("down", "space"), script={"CheckDeclaration": wrong}),
    "configuration_saving": State(("d", "enter", "down", "down", "space", "s")),
    "users_list": State(("d", "l", "f", "x", "enter")),
    "log": State(("at",)),
    "help": State((*USER, "question_mark")),
    "start": State(first=True),
    "setup": State(("i",), making=True),
    "setup_refused": State(("i",), then=("enter", *"acme", "enter", "c"), making=True),
    "setup_file": State(("i", "l", "n"), making=True),
}


WIDE = (200, 60)


@pytest.fixture
def grid(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Grid)


@pytest.mark.parametrize("name", STATES)
async def test_picture(name: str, console: Open, grid: SnapshotAssertion) -> None:
    state = STATES[name]
    async with state.opened(console) as driven:
        await driven.press(*state.keys)
        if state.command:
            await driven.command(state.command)
        await driven.press(*state.then)
        await driven.rest()
        for width, height in (*SIZES, WIDE):
            if (width, height) != SIZES[0]:
                await driven.pilot.resize_terminal(width, height)
                await driven.rest()
            picture = driven.grid
            assert len(picture.splitlines()) == height
            assert all(len(line) <= width for line in picture.splitlines())
            assert picture == grid(name=f"{width}x{height}")
