"""The registry of actions: every one is reachable, documented, allowed or refused with a reason."""

from __future__ import annotations

import pytest

from screens import actions
from screens.base import ConsoleScreen
from screens.checks import ChecksScreen
from screens.errors import ErrorsScreen
from screens.groups import GroupsScreen
from screens.guided import GuidedScreen
from screens.help import HelpScreen
from screens.log import LogScreen
from screens.overview import OverviewScreen
from screens.pick import PickScreen
from screens.proof import ProofScreen
from screens.start import StartScreen
from screens.troubleshoot import TroubleshootScreen
from tests.console.conftest import Open
from tui.look import Look

SCREENS: dict[str, type[ConsoleScreen]] = {
    kind.name_: kind
    for kind in (
        OverviewScreen,
        ErrorsScreen,
        TroubleshootScreen,
        ProofScreen,
        GuidedScreen,
        PickScreen,
        LogScreen,
        GroupsScreen,
        ChecksScreen,
        HelpScreen,
        StartScreen,
    )
}


@pytest.mark.parametrize("action", actions.ACTIONS, ids=lambda action: action.id)
def test_every_screen_of_an_action_can_carry_it_out(action: actions.Action) -> None:
    assert action.where <= set(SCREENS)
    for name in action.where:
        assert callable(getattr(SCREENS[name], f"do_{action.id}"))


@pytest.mark.parametrize("action", actions.ACTIONS, ids=lambda action: action.id)
def test_every_action_is_documented_and_its_guard_gives_a_sentence(action: actions.Action) -> None:
    assert action.label
    assert action.help.endswith(".")
    for name in action.where:
        refusal = action.allowed(actions.Scene(name))
        assert refusal == "" or refusal.endswith((".", ":write to allow changes for 15 minutes."))


def test_no_key_stands_for_two_actions_of_a_screen() -> None:
    assert actions.Registry({}).problems == ()


def test_ids_are_unique() -> None:
    assert len({action.id for action in actions.ACTIONS}) == len(actions.ACTIONS)


def test_the_config_can_change_a_key_and_is_told_of_clashes_and_unknown_ids() -> None:
    registry = actions.Registry({"check": "f5", "nonsense": "z", "refresh": "t"})
    assert registry.by_id["check"].shown_keys == ["f5"]
    assert any("nonsense" in problem for problem in registry.problems)
    assert any("key t" in problem for problem in registry.problems)


async def test_a_changed_key_works_and_is_shown(console: Open) -> None:
    async with console(look=Look(keys={"errors": "f6"})) as driven:
        assert "f6 errors" in driven.grid
        await driven.press("2")
        assert driven.shown == "overview"
        await driven.press("f6")
        assert driven.shown == "errors"


async def test_an_unknown_id_in_the_keymap_is_said_at_the_start(console: Open) -> None:
    async with console(look=Look(keys={"nonsense": "z"})) as driven:
        assert "there is no action nonsense" in driven.grid


async def test_an_unknown_theme_is_said_and_replaced(console: Open) -> None:
    async with console(look=Look(theme="mauve")) as driven:
        assert "there is no theme mauve" in driven.grid
        assert driven.app.theme == "passerelle-dark"


async def test_the_ascii_set_draws_ascii(console: Open) -> None:
    async with console(look=Look(ascii=True)) as driven:
        await driven.press("2", "enter")
        assert "+ passed" in driven.grid
        assert driven.grid.replace("“", "").replace("”", "").isascii()


async def test_the_footer_shows_what_works_and_dims_the_reset(console: Open) -> None:
    async with console() as driven:
        footer = driven.grid.splitlines()[-1]
        assert "/ filter" not in footer
        assert "q quit" in footer
        await driven.press("2")
        assert "/ filter" in driven.grid.splitlines()[-1]
        await driven.press("enter")
        assert "R reset" in driven.grid.splitlines()[-1]
        assert "x stop" not in driven.grid.splitlines()[-1]


async def test_help_names_every_action_of_the_screen_one_comes_from(console: Open) -> None:
    async with console((120, 60)) as driven:
        await driven.press("2", "enter", "question_mark")
        shown = driven.grid
        await driven.press("G")
        shown += driven.grid
        for action in driven.app.registry.on("troubleshoot"):
            assert action.label in shown
            assert action.shown_keys[0] in shown
        assert "The console is read-only" in " ".join(shown.split())
        await driven.press("question_mark")
        assert driven.shown == "troubleshoot"
