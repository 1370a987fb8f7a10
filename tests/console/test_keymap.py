"""Keys of one's own: what is wrong in [ui.keys] is said, all of it, and changes nothing."""

from __future__ import annotations

import pytest

from screens.guards import Scene
from screens.key_names import key_name
from screens.keymap import Registry
from tests.console.conftest import Open
from tui import words as language
from tui.look import Look


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"chek": "z"}, "there is no action chek. Did you mean check?"),
        ({"check": "f99"}, "check: there is no key “f99”"),
        ({"check": ""}, "check: there is no key “”"),
        ({"check": "ctrl+A"}, "check: there is no key “ctrl+A”"),
        ({"check": "escape"}, "check: the key Esc stays with “back”."),
        ({"check": ":"}, "check: the key : stays with “command”."),
        ({"check": "ctrl+c"}, "check: the key Ctrl+C stays with “quit”."),
        ({"check": "t"}, "check: the key t is already used for “troubleshoot”."),
        ({"check": "z", "reset": "f5,z"}, "reset: the key z is already used for “check”."),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(keys: dict[str, str], said: str) -> None:
    registry = Registry(keys)
    assert len(registry.problems) == 1
    assert said in registry.problems[0]
    wrong = list(keys)[-1]
    if wrong in registry.by_id:
        assert registry.by_id[wrong] == Registry({}).by_id[wrong]


def test_every_problem_is_said() -> None:
    registry = Registry({"nonsense": "z", "check": "f99", "refresh": "t", "copy": "c"})
    assert len(registry.problems) == 4
    assert registry.keys == {}


def test_two_actions_can_change_their_keys_with_each_other() -> None:
    registry = Registry({"check": "r", "refresh": "c"})
    assert registry.problems == ()
    assert registry.by_id["check"].keys == "r"


def test_one_is_never_locked_in() -> None:
    registry = Registry({"quit": "f10", "back": "h", "command": "f2"})
    assert registry.problems == ()
    assert registry.by_id["quit"].keys == "f10,ctrl+c"
    assert registry.by_id["back"].keys == "h,escape"
    assert registry.by_id["command"].keys == "f2,colon"


def test_a_sign_may_be_written_as_itself() -> None:
    assert Registry({"filter": "§"}).keys == {"filter": "section_sign"}
    assert Registry({"check": "%, f5"}).keys == {"check": "percent_sign,f5"}


@pytest.mark.parametrize(
    ("key", "name"),
    [("slash", "/"), ("f5", "F5"), ("ctrl+f", "Ctrl+F"), ("shift+tab", "Shift+Tab"), ("E", "E"), ("at", "@")],
)
def test_keys_are_called_as_a_person_would_write_them(key: str, name: str) -> None:
    assert key_name(key) == name


async def test_swapped_keys_work(console: Open) -> None:
    async with console(look=Look(keys={"errors": "1", "overview": "2"})) as driven:
        await driven.press("1")
        assert driven.shown == "errors"
        await driven.press("2")
        assert driven.shown == "overview"


async def test_a_problem_is_said_at_the_start(console: Open) -> None:
    async with console(look=Look(keys={"nonsense": "z"})) as driven:
        assert "there is no action nonsense" in driven.grid


async def test_several_problems_are_listed(console: Open) -> None:
    async with console(look=Look(keys={"nonsense": "z", "check": "f99"}, theme="mauve")) as driven:
        assert "3 things are wrong in [ui] of the config: :messages lists them." in driven.grid
        await driven.command("messages")
        for said in ("no action nonsense", "no key “f99”", "no theme mauve"):
            assert said in driven.flat


# ---- the command line --------------------------------------------------------------------------------------------


def test_what_is_allowed_is_offered_first_then_what_begins_so() -> None:
    offers = Registry({}).offers("re", Scene("troubleshoot", connected=True))
    words = [offer.word for offer in offers]
    assert words[:2] == ["refresh", "reported"] or words[:2] == ["reported", "refresh"]
    assert {"reset", "readonly"} <= set(words)
    refused = {offer.word: offer.refused for offer in offers}
    assert refused["reported"] == ""
    assert refused["reset"] == "Check this user first (c)."


def test_before_anything_is_typed_what_has_no_key_is_offered() -> None:
    words = [offer.word for offer in Registry({}).offers("", Scene("errors", connected=True))]
    assert words == ["org", "write", "messages", "theme", "readonly"]


def test_a_word_that_two_screens_have_means_what_the_screen_in_front_has() -> None:
    registry = Registry({})
    for screen, id_ in (("configurations", "save_changes"), ("setup", "save")):
        action = registry.command("save", screen)
        assert action is not None
        assert action.id == id_


def test_the_words_of_the_language_come_first_and_need_no_accents() -> None:
    language.use("fr")
    registry = Registry({})
    offered = [offer.word for offer in registry.offers("c", Scene("errors", connected=True, copies=True))]
    assert offered[:2] == ["contrôler", "copier"]
    action = registry.command("Reinitialiser", "troubleshoot")
    assert action is not None
    assert action.id == "reset"
    assert registry.near("controlre") == "contrôler"


async def test_commands_are_completed_while_one_types(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "colon")
        await driven.type("ref")
        assert ":refresh" in driven.grid.replace(" : ", ":").replace(": ", ":")
        await driven.press("tab", "enter")
        assert driven.engine.count(__import__("screens.engine").engine.LoadErrors) == 2


async def test_a_refused_command_says_why_before_it_is_typed(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "enter", "colon")
        await driven.type("reset")
        assert "The console is read-only" in driven.grid


async def test_tab_goes_from_one_match_to_the_next(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "colon")
        await driven.type("e")
        assert driven.app.front is not None
        prompt = driven.app.front.prompt
        await driven.press("tab")
        first = prompt.entry
        await driven.press("tab")
        assert prompt.entry != first
        assert prompt.entry in driven.app.registry.by_id


async def test_an_argument_is_completed_and_handed_over(console: Open) -> None:
    async with console() as driven:
        await driven.press("colon")
        await driven.type("theme l")
        await driven.press("right", "enter")
        assert driven.app.theme == "passerelle-light"
        await driven.command("theme mauve")
        assert "There is no theme mauve; there are: dark, light, ansi." in driven.grid
        assert driven.app.theme == "passerelle-light"


async def test_a_user_is_found_from_the_command_line(console: Open) -> None:
    from screens import engine as room

    async with console() as driven:
        await driven.command("user ann@acme.example")
        assert driven.engine.last(room.FindUsers)[1].text == "ann@acme.example"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("refrsh", "There is no command refrsh. Did you mean refresh?"), ("quit now", "“quit” takes no argument.")],
)
async def test_what_cannot_be_done_is_said(typed: str, said: str, console: Open) -> None:
    async with console() as driven:
        await driven.command(typed)
        assert said in driven.grid


async def test_the_arrows_bring_back_earlier_commands_and_what_was_being_typed(console: Open) -> None:
    async with console() as driven:
        for command in ("theme light", "nosuch", "theme dark", "nosuch"):
            await driven.command(command)
        await driven.press("colon")
        await driven.type("the")
        assert driven.app.front is not None
        prompt = driven.app.front.prompt
        back = []
        for key in ("up", "up", "ctrl+p", "up", "down", "down", "ctrl+n", "down"):
            await driven.press(key)
            back.append(prompt.entry)
        assert back[:4] == ["nosuch", "theme dark", "theme light", "theme light"], "each once, the newest first"
        assert back[4:] == ["theme dark", "nosuch", "the", "the"]
        await driven.press("up", "up", "backspace", "up")
        assert prompt.entry == "nosuch", "an entry that was changed is a new one"
        await driven.press("up", "enter")
        assert driven.app.theme == "passerelle-dark"


async def test_completion_goes_on_from_an_earlier_command(console: Open) -> None:
    async with console() as driven:
        await driven.command("theme light")
        await driven.press("colon", "up", "ctrl+w")
        await driven.type("d")
        await driven.press("tab", "enter")
        assert driven.app.theme == "passerelle-dark"


async def test_the_arrows_bring_back_earlier_filters_of_the_same_list(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "slash")
        await driven.type("ann")
        await driven.press("enter", "slash", "ctrl+u")
        await driven.type("chen")
        await driven.press("enter", "escape", "slash", "up", "up")
        assert " of 60  /ann" in driven.grid, "it filters as it stands there"
        await driven.press("down", "enter")
        assert " of 60  /chen" in driven.grid
        await driven.press("at", "slash", "up")
        assert driven.app.front is not None
        assert driven.app.front.prompt.entry == ""
