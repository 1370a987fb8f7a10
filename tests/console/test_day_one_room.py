"""The engine room's side of the guided ways: what is recorded is in the journal, a page by hand is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from screens import engine as room
from tests.salesforce import pages
from tests.triage.fakes import World, person, refusal
from tui.engine_room import EngineRoom, Opened
from tui.model import Verdict

Ask = Callable[[room.Request, type], Any]


@pytest.fixture
def world() -> Iterator[World]:
    made = World([person()], google=False)
    yield made
    made.close()


@pytest.fixture
def ask(world: World) -> Iterator[Ask]:
    """Asks the room, and gives the event of that kind that answers."""
    heard: Queue[room.Event] = Queue()
    engine = EngineRoom(lambda: Path("x"), heard.put, opener=lambda _path: Opened(world.session, world.journal)).start()

    def go(request: room.Request, kind: type) -> Any:
        ticket = engine.ask(request)
        while True:
            event = heard.get(timeout=20)
            assert kind is room.Failed or not isinstance(event, room.Failed), event
            if event.ticket == ticket and isinstance(event, kind):
                return event

    yield go
    assert engine.stop(5)


def test_the_guided_test_from_its_link_to_the_verdict(ask: Ask, world: World) -> None:
    loaded = ask(room.LoadGuided(), room.GuidedLoaded)
    assert loaded.link
    assert loaded.tests == ()
    user = world.user
    for side in ("calendar", "contacts"):
        answer = ask(room.RecordGuided(user.id, user.name, ((side, "successful", None),)), room.GuidedRecorded)
        assert [test.ok for test in answer.tests] == [True]
    done = ask(room.CheckUser(user.id), room.CheckDone)
    assert done.result.judgement.verdict is Verdict.NO_FAULT_FOUND
    assert len(ask(room.LoadGuided(), room.GuidedLoaded).tests) == 2


def test_a_page_by_hand_is_judged_from_its_text_and_from_its_file(ask: Ask, world: World, tmp_path: Path) -> None:
    user = world.user
    world.page.org = world.page.rows[user.id] = refusal("salesforce.page.no_access")
    body = pages.organisation("en", "Google") + pages.of_user("en", "Google", assigned=False)
    text = pages.page(body, name=user.name)
    file = tmp_path / "page.html"
    file.write_text(text)
    for request in (room.CheckUser(user.id, page_text=text), room.CheckUser(user.id, page_file=str(file))):
        result = ask(request, room.CheckDone).result
        assert result.judgement.causes == ("salesforce.assignment.missing",)
    assert "No such file" in ask(room.CheckUser(user.id, page_file="/no/where"), room.Failed).sentence
    assert "copy the whole page" in ask(room.CheckUser(user.id, page_text="hello"), room.Failed).sentence
