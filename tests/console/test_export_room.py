"""The engine room writes a list to a file, and says what came of it."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest

from screens import engine as room
from tui.engine_room import EngineRoom


def answers(*requests: room.Request) -> list[room.Event]:
    """What the engine says to each request, one after the other."""
    said: queue.Queue[room.Event] = queue.Queue()
    engine = EngineRoom(lambda: Path("none.toml"), said.put).start()
    try:
        heard = []
        for request in requests:
            engine.ask(request)
            heard.append(said.get(timeout=10))
        return heard
    finally:
        engine.stop(0)


def request(path: str, *, replace: bool = False) -> room.WriteFile:
    return room.WriteFile(path, ("name",), lambda: [("Ann",), ("Chen",)], replace)


def test_a_list_is_written_once_then_only_when_it_may_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    file = str(tmp_path / "list.csv")
    first, second, third = answers(request("~/list.csv"), request("~/list.csv"), request(file, replace=True))
    assert (first, second) == (room.FileWritten(1, file, 2), room.FileExists(2, file))
    assert third == room.FileWritten(3, file, 2)


def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    [no_folder, no_form] = answers(request(str(tmp_path / "none" / "list.csv")), request(str(tmp_path / "list.doc")))
    assert isinstance(no_folder, room.Failed)
    assert "none/list.csv" in no_folder.sentence
    assert isinstance(no_form, room.Failed)
    assert ".csv or .json" in no_form.sentence
