"""Every action of the registry, on every screen: reachable, documented, and carried out or refused with a reason.

Runs in every language that the actions are translated to.
"""

from __future__ import annotations

import runpy
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from screens import engine as room
from screens import reference
from screens.actions import ACTIONS, ANY, Action
from screens.keymap import KEPT, Registry, refusal
from tests.console import data
from tests.console.conftest import CHARACTERS, DRAWN, Driven, Open
from tui import words

ROOT = Path(__file__).parents[2]


def _translated(language: str) -> bool:
    before = words.language()
    words.use(language)
    known = language == "en" or reference.translated()
    words.use(before)
    return known


LANGUAGES = [language for language in words.LANGUAGES if _translated(language)]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, steady: None) -> Iterator[str]:
    words.use(request.param)
    yield request.param
    words.use("en")


def several(ticket: int, _request: Any) -> list[room.Event]:
    return [room.UsersFound(ticket, tuple(data.user(n) for n in range(3)))]


def unproven(ticket: int, _request: Any) -> list[room.Event]:
    return [room.ResetPlanned(ticket, data.plan(refusal="Not confirmed here.", needs_proof=True))]


SCRIPT = {"FindUsers": several, "PlanReset": unproven}


async def to_proof(driven: Driven) -> None:
    await driven.command("write")
    await driven.press("2", "enter", "R")
    await driven.rest()
    await driven.press("escape")  # puts the question off, and with it the screen: the keys are what is wanted
    from screens.proof import ProofScreen

    driven.app.push_screen(ProofScreen(data.user(), lambda _confirmed: None))
    await driven.rest()
    assert driven.app.front is not None
    driven.app.front.confirm.close()


async def to_guided(driven: Driven) -> None:
    await driven.press("2", "enter", "T")
    await driven.rest()
    assert driven.app.front is not None
    driven.app.front.confirm.close()


def keys(*pressed: str) -> Callable[[Driven], Awaitable[None]]:
    async def go(driven: Driven) -> None:
        await driven.press(*pressed)
        await driven.rest()

    return go


WAYS: dict[str, Callable[[Driven], Awaitable[None]]] = {
    "start": keys(),
    "overview": keys(),
    "errors": keys("2"),
    "groups": keys("2", "b"),
    "checks": keys("2", "space", "space", "c"),
    "troubleshoot": keys("2", "enter"),
    "look_again": keys("w"),
    "letter": keys("2", "enter", "m", "u"),
    "proof": to_proof,
    "guided": to_guided,
    "pick": keys("t", "x", "y", "enter"),
    "configurations": keys("d"),
    "configuration": keys("d", "enter"),
    "users_list": keys("d", "l", "f", "x", "enter"),
    "log": keys("at"),
    "messages": keys("colon", "m", "e", "s", "tab", "enter"),
    "help": keys("question_mark"),
    "setup": keys("i"),
}


def test_there_is_a_way_to_every_screen() -> None:
    assert set(WAYS) == ANY == set(reference.SCREENS)


@pytest.mark.parametrize("screen", WAYS)
async def test_every_action_is_carried_out_or_refused_with_a_reason(
    screen: str, language: str, console: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(first=screen == "start", **SCRIPT) as driven:
        await WAYS[screen](driven)
        assert driven.shown == screen
        front = driven.app.front
        assert front is not None
        done: list[str] = []
        for action in ACTIONS:
            if screen in action.where:
                assert callable(getattr(front, f"do_{action.id}"))
                monkeypatch.setattr(front, f"do_{action.id}", lambda *_, id_=action.id: done.append(id_))
        for action in ACTIONS:
            await _try(driven, action, done)


async def _try(driven: Driven, action: Action, done: list[str]) -> None:
    """By its name, then by each of its keys: done when it is allowed here and now, else told why not."""
    front = driven.app.front
    assert front is not None
    reason = refusal(action, front.whole_scene())
    assert reason == "" or reason[0].isupper() or reason[0] in "“«:"
    means = driven.app.registry.command(action.id, front.name_)
    meant = means is not None and means.id == action.id  # else another's label comes first here
    if action.id == "command":
        done.append(action.id)  # it opens the very line that the next lines type in
    elif meant:
        driven.app.command(action.id)
    tried = [[action.id]] if meant and not reason else []
    if meant and reason:
        await driven.pilot.pause(0)
        assert any(said.sentence == reason for said in front.store.said)
    here = front.name_ in action.where
    for key in filter(None, action.keys.split(",")) if here else ():
        front.store.said.clear()
        from textual import events

        driven.app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
        await driven.pilot.pause(0)
        if reason:
            assert [said.sentence for said in front.store.said] == [reason], key
        else:
            tried.append([action.id])
    assert [[id_] for id_ in done] == tried, action.id
    done.clear()
    front.store.said.clear()


def test_every_action_says_what_it_does_in_its_language(language: str) -> None:
    for action in ACTIONS:
        label, told = words._(action.label), words._(action.help)
        assert label
        assert told.endswith((".", ").", "!"))
        if language != "en":
            assert told != action.help, action.id


def test_no_key_stands_for_two_actions_of_a_screen() -> None:
    registry = Registry({})
    assert registry.problems == ()
    for screen in ANY:
        taken = [key for action in registry.on(screen) for key in filter(None, action.keys.split(","))]
        assert len(taken) == len(set(taken))
        for key, id_ in KEPT.items():
            assert all(key not in action.keys.split(",") for action in registry.on(screen) if action.id != id_)


def test_what_one_can_type_is_no_two_actions() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        for screen in action.where:
            for name in (action.id, *action.aliases):
                assert Registry({}).command(name, screen) == action


def test_the_reference_pages_are_what_the_registry_says() -> None:
    written: dict[Path, str] = runpy.run_path(str(ROOT / "docs" / "keys.py"))["pages"]()
    for file, text in written.items():
        assert file.read_text(encoding="utf-8") == text, "stale: python docs/keys.py writes it again"


async def test_the_help_of_a_screen_names_every_action_of_it(language: str, console: Open) -> None:
    async with console((120, 40)) as driven:
        await driven.press("2", "enter", "question_mark")
        assert driven.app.front is not None
        shown = " ".join(driven.app.front.page_text().split())
        for action in driven.app.registry.on("troubleshoot"):
            assert " ".join(words._(action.help).split()) in shown
            assert action.shown_keys[0] in shown
    assert DRAWN
