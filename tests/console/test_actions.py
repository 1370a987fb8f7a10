"""What the registry of actions gives the screens: keys of one's own, signs, footer, help."""

from __future__ import annotations

from tests.console.conftest import Open
from tui.look import Look


async def test_a_changed_key_works_and_is_shown(console: Open) -> None:
    async with console(look=Look(keys={"errors": "f6"})) as driven:
        assert "F6 errors" in driven.grid
        await driven.press("2")
        assert driven.shown == "overview"
        await driven.press("f6")
        assert driven.shown == "errors"


async def test_an_unknown_theme_is_said_and_replaced(console: Open) -> None:
    async with console(look=Look(theme="mauve")) as driven:
        assert "there is no theme mauve" in driven.grid
        assert driven.app.theme == "passerelle-dark"


async def test_the_ascii_set_draws_ascii(console: Open) -> None:
    async with console(look=Look(ascii=True)) as driven:
        await driven.press("2", "enter")
        assert "+ active" in driven.grid
        assert driven.grid.isascii()


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
