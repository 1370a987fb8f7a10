"""The set-up screen: questions answered in the foot line, steps tried, left and gone back on, the file written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from textual import events

from screens import engine as room
from screens.engine import set_up
from tests.console import data
from tests.console.conftest import Driven, Open
from tui.model import Finding, Phase, Status
from tui.questions import Choice, Question, SetUp, Stage, Stand

REFUSED = Finding(
    "salesforce.login",
    Phase.ACCESS,
    Status.FAIL,
    "Salesforce does not know the application.",
    cause="salesforce.auth.bad_client",
    evidence={"error": "invalid_client_id"},
    fix=("Salesforce administrator: Copy the consumer key.",),
    links=("https://acme.my.salesforce.com/lightning/setup/ExternalClientApplicationSettings/home",),
)
GOOD = Finding("salesforce.login", Phase.ACCESS, Status.PASS, "Salesforce lets us in.")


class Making:
    """An assistant of the tests' own: two steps, whose answers are kept and whose trials are told beforehand."""

    def __init__(self) -> None:
        self.values = {"salesforce.domain": "", "salesforce.key": "", "google.way": "none"}
        self.problems: dict[str, str] = {}
        self.stands = {"salesforce": Stand.OPEN, "google": Stand.OPEN}
        self.trials = {"salesforce": [REFUSED], "google": [GOOD]}
        self.found: dict[str, list[Finding]] = {}

    @property
    def seen(self) -> SetUp:
        def question(id_: str, label: str, **more: Any) -> Question:
            problem = self.problems.get(id_, "" if self.values[id_] else "This is missing.")
            return Question(id_, label, f"Help with {label}.", self.values[id_], problem=problem, **more)

        first = (question("salesforce.domain", "My Domain"), question("salesforce.key", "Private key", looked_up=True))
        ways = (Choice("file", "a key file"), Choice("none", "no key"))
        second = (question("google.way", "Which key", choices=ways, free=False),)
        stages = (
            Stage("salesforce", "Salesforce", "Who signs in", ("Because.",), first, self.stands["salesforce"]),
            Stage("google", "Google", "Which account", ("Therefore.",), second, self.stands["google"]),
        )
        stages = tuple(replace(stage, findings=tuple(self.found.get(stage.id, ()))) for stage in stages)
        lacking = tuple(f"{one.id}: {one.problem}" for stage in stages for one in stage.problems)
        return SetUp("/home/ann/.config/passerelle/config.toml", stages, lacking)

    def answer(self, ticket: int, request: Any) -> list[room.Event]:
        match request:
            case set_up.AnswerSetup(id=id_, text=text):
                self.values[id_] = text
                self.stands[id_.split(".")[0]] = Stand.OPEN
            case set_up.TrySetup(stage=stage):
                self.found[stage] = self.trials[stage]
                works = self.trials[stage] == [GOOD]
                self.stands[stage] = Stand.WORKS if works else Stand.FAILED
            case set_up.LeaveSetup(stage=stage):
                self.stands[stage] = Stand.LATER
            case set_up.SaveSetup():
                return [
                    set_up.SetupSaved(ticket, self.seen.path, "/home/ann/.config/passerelle/config.toml.bak"),
                    room.OrgSwitched(ticket, "config"),
                    room.Connected(ticket, data.ORG),
                ]
        return [set_up.SetupShown(ticket, self.seen)]

    @property
    def script(self) -> dict[str, Any]:
        kinds = ("BeginSetup", "AnswerSetup", "LookUpSetup", "TrySetup", "LeaveSetup", "SaveSetup")
        return dict.fromkeys(kinds, self.answer)


def asked(driven: Driven, kind: type) -> list[Any]:
    return [request for _ticket, request in driven.engine.asked if isinstance(request, kind)]


async def test_from_the_start_screen_to_a_connected_console(console: Open) -> None:
    making = Making()
    async with console(first=True, **making.script) as driven:
        assert "i makes the config file from your answers" in driven.flat
        await driven.press("i")
        assert driven.shown == "setup"
        assert not asked(driven, room.Connect)  # there is nothing to connect to yet
        assert "1 Salesforce" in driven.grid
        assert "Because." in driven.flat  # what the step is for, on the first visit
        assert "Help with My Domain." in driven.flat
        assert asked(driven, set_up.LookUpSetup) == [set_up.LookUpSetup(("salesforce.key",))]
        await driven.press("enter")
        await driven.type("https://acme.my.salesforce.com")
        await driven.press("enter")
        assert "Help with Private key." in driven.flat  # on to the next question
        assert "Because." not in driven.flat
        making.trials["salesforce"] = [GOOD]
        await driven.press("enter")
        await driven.type("my.key")
        await driven.press("enter")
        assert asked(driven, set_up.TrySetup) == [set_up.TrySetup("salesforce")]  # the last answer tries the step
        assert "Salesforce lets us in." in driven.flat
        assert "n goes on" in driven.flat
        await driven.press("n", "c")
        await driven.press("n")
        assert "/home/ann/.config/passerelle/config.toml" in driven.flat
        await driven.press("w")
        assert "Write this file?" in driven.flat
        await driven.press("y")
        await driven.rest()
        assert driven.shown == "overview"
        assert driven.app.store.connected
        assert "Read the list of users from Setup now?" in driven.grid
        await driven.press("escape")
        assert "the old file is kept: /home/ann/.config/passerelle/config.toml.bak" in driven.flat


async def test_a_refusal_is_explained_and_the_answer_corrected(console: Open) -> None:
    making = Making()
    making.values |= {"salesforce.domain": "https://acme.my.salesforce.com", "salesforce.key": "my.key"}
    async with console((100, 40), **making.script) as driven:
        await driven.press("i", "c")
        assert "✗ failed Salesforce does not know the application." in driven.flat
        assert "It answered: invalid_client_id" in driven.flat
        assert "1. Salesforce administrator: Copy the consumer key." in driven.flat
        await driven.press("g", "j", "j", "j", "j")
        assert "Help with My Domain." in driven.flat
        making.problems["salesforce.domain"] = "This is not an address."
        await driven.press("enter", "ctrl+u")
        await driven.type("acme")
        await driven.press("enter")
        assert making.values["salesforce.domain"] == "acme"
        assert "This is not an address." in driven.flat
        assert "Help with My Domain." in driven.flat  # it stays where something is wrong
        assert len(asked(driven, set_up.TrySetup)) == 1


async def test_a_choice_is_taken_by_its_number_or_completed(console: Open) -> None:
    making = Making()
    async with console(**making.script) as driven:
        await driven.press("i", "n")
        assert "1 file a key file" in driven.flat
        await driven.press("enter", "ctrl+u", "1", "enter")
        assert making.values["google.way"] == "file"
        await driven.press("p", "n", "enter", "ctrl+u", "n", "tab", "enter")
        assert making.values["google.way"] == "none"


async def test_a_step_is_left_for_later_and_what_lacks_keeps_the_file_from_being_written(console: Open) -> None:
    making = Making()
    async with console(**making.script) as driven:
        await driven.press("i", "l")
        assert asked(driven, set_up.LeaveSetup) == [set_up.LeaveSetup("salesforce")]
        assert "Which account" in driven.flat
        await driven.press("w")
        assert "left for later" in driven.flat
        assert "salesforce.domain: This is missing." in driven.flat
        assert not asked(driven, set_up.SaveSetup)
        await driven.press("escape", "escape", "escape")
        assert driven.shown == "overview"


async def test_leaving_and_coming_back_keeps_what_was_answered(console: Open) -> None:
    making = Making()
    async with console(first=True, **making.script) as driven:
        await driven.press("i", "enter")
        await driven.type("https://acme.my.salesforce.com")
        await driven.press("enter", "escape")
        assert driven.shown == "start"
        await driven.press("i")
        assert "https://acme.my.salesforce.com" in driven.flat


async def test_a_trial_that_runs_is_stopped_by_going_back(console: Open) -> None:
    making = Making()
    async with console(**{**making.script, "TrySetup": lambda _ticket, _request: []}) as driven:
        await driven.press("i", "c")
        ticket, _request = driven.engine.last(set_up.TrySetup)
        await driven.press("w")
        assert "being tried" in driven.flat
        await driven.press("escape")
        assert driven.engine.cancelled == [ticket]


async def test_what_cannot_be_begun_is_a_sentence(console: Open) -> None:
    def broken(ticket: int, _request: Any) -> list[room.Event]:
        return [room.Failed(ticket, "Line 3: this is not valid TOML.")]

    async with console(BeginSetup=broken) as driven:
        await driven.press("i")
        assert "Line 3: this is not valid TOML." in driven.flat
        await driven.press("c", "n", "p", "l", "w", "enter", "escape")
        assert driven.shown == "overview"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_nothing_is_cut(console: Open, size: tuple[int, int]) -> None:
    making = Making()
    async with console(size, **making.script) as driven:
        await driven.press("i")
        assert "…" not in driven.grid


async def test_the_question_is_in_sight_below_a_text_that_fills_the_screen(console: Open) -> None:
    making = Making()
    first, second = making.seen.stages
    long = replace(first, why=("Because. ",) * 20)
    shown = lambda t, _r: [set_up.SetupShown(t, replace(making.seen, stages=(long, second)))]  # noqa: E731
    async with console((200, 60), **{**making.script, "BeginSetup": shown}) as driven:
        await driven.press("i")
        assert "▌  My Domain" in driven.grid
        await driven.pilot.resize_terminal(80, 24)
        await driven.rest()
        assert "▌  My Domain" in driven.grid


async def test_at_the_last_step_the_keys_are_those_that_work_there(console: Open) -> None:
    making = Making()
    async with console(**making.script) as driven:
        await driven.press("i")
        keys = driven.grid.splitlines()[-1]
        assert "l later" in keys
        assert "w save" not in keys
        assert "p previous" not in keys
        await driven.press("l", "l")
        keys = driven.grid.splitlines()[-1]
        assert "w save" in keys
        assert "c try" not in keys
        await driven.press("c")
        assert "This is the last step: w writes the file." in driven.flat


async def test_a_long_list_does_not_fill_the_screen_and_is_whole_in_the_entry(console: Open) -> None:
    making = Making()
    users = [f"user{number:02}@acme.example" for number in range(40)]
    making.values["salesforce.domain"] = ", ".join(users)
    async with console(**making.script) as driven:
        await driven.press("i")
        assert "user04@acme.example and 35 more" in driven.flat
        await driven.press("k", "k", "k", "enter", "enter")
        assert making.values["salesforce.domain"] == ", ".join(users)


async def test_after_the_set_up_the_list_of_users_is_one_key_away(console: Open) -> None:
    making = Making()
    making.values |= {"salesforce.domain": "https://acme.my.salesforce.com", "salesforce.key": "my.key"}
    async with console(first=True, **making.script) as driven:
        assert "i set-up" in driven.grid.splitlines()[-1]
        await driven.press("i", "n", "n", "w", "y")
        await driven.rest()
        await driven.press("y")
        assert driven.shown == "configurations"
        assert "Paste a list of users from Setup now" in driven.grid
        driven.app.post_message(events.Paste("Ann Example\tann@acme.example"))
        await driven.press()
        assert driven.engine.last(room.CompareList)[1].text == "Ann Example\tann@acme.example"


async def test_a_set_up_that_cannot_connect_offers_no_list_later(console: Open) -> None:
    making = Making()
    making.values |= {"salesforce.domain": "https://acme.my.salesforce.com", "salesforce.key": "my.key"}
    script = {**making.script, "SaveSetup": lambda t, _r: making.answer(t, set_up.SaveSetup())[:-1]}
    async with console(first=True, **script) as driven:
        await driven.press("i", "n", "n", "w", "y")
        await driven.post(room.NotConnected(0, REFUSED))
        assert "i opens the set-up" in driven.flat
        assert "i set-up" in driven.grid.splitlines()[-1]
        await driven.press("r")
        assert driven.app.store.connected
        assert "Read the list of users" not in driven.grid


async def test_the_step_on_configurations_says_where_a_list_is_read(console: Open) -> None:
    making = Making()
    stage = Stage("configurations", "Configurations", "The configurations", ())
    shown = lambda t, _r: [set_up.SetupShown(t, replace(making.seen, stages=(stage,)))]  # noqa: E731
    async with console(**{**making.script, "BeginSetup": shown}) as driven:
        await driven.press("i")
        assert "the console asks for the list of users from Setup (pasted, or its CSV)" in driven.flat
