"""What every test of the console stands on: English, UTC, the fine signs, a spinner that does not turn."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from screens import glyphs
from screens.console import Console, Welcome
from tests.console import data
from tests.console.fake_engine import FakeEngine
from tui import words
from tui.look import Look

SIZES = ((80, 24), (120, 40))


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()
    monkeypatch.setattr(glyphs, "spin", lambda _turn: "*")
    language = words.language()
    words.use("en")
    yield
    words.use(language)
    glyphs.use(ascii_only=False)
    monkeypatch.undo()
    time.tzset()


@dataclass
class Driven:
    """A console that runs without a terminal, with the hands to drive it."""

    app: Console
    engine: FakeEngine
    pilot: Pilot[Any]
    clock: list[datetime]

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
            await self.pilot.pause(0.01)
        await self.pilot.pause(DRAWN)

    async def type(self, text: str) -> None:
        """Keys that come faster than they are answered, as they do when one types ahead."""
        for character in text:
            self.app.post_message(events.Key(NAMES.get(character, character), character))
        await self.pilot.pause(DRAWN)

    async def command(self, text: str) -> None:
        await self.press("colon")
        await self.type(text)
        await self.press("enter")

    async def post(self, *events: Any) -> None:
        for event in events:
            self.app.post(event)
        await self.pilot.pause(DRAWN)

    async def rest(self, seconds: float = 0.12) -> None:
        """Let the detail follow the cursor."""
        await self.pilot.pause(seconds)

    @property
    def grid(self) -> str:
        """What stands on the screen."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    @property
    def flat(self) -> str:
        """What stands on the screen, as one line of words."""
        return " ".join(self.grid.split())

    @property
    def shown(self) -> str:
        """The name of the screen in front."""
        return getattr(self.app.screen, "name_", "")


DRAWN = 0.07
"""Seconds within which Textual has drawn a screen that was opened (it waits 0.05 itself)."""

NAMES = {
    " ": "space",
    "@": "at",
    "-": "minus",
    ".": "full_stop",
    "/": "slash",
    ":": "colon",
    "?": "question_mark",
    "*": "asterisk",
}
CHARACTERS = {name: character for character, name in NAMES.items()}
Open = Callable[..., AbstractAsyncContextManager[Driven]]


@pytest.fixture
def console() -> Open:
    """Opens a console on a script; `first` opens the start screen instead."""

    @asynccontextmanager
    async def opened(
        size: tuple[int, int] = SIZES[0],
        *,
        first: bool = False,
        write: bool = False,
        look: Look | None = None,
        **script: Any,
    ) -> AsyncIterator[Driven]:
        engine = FakeEngine(data.script(**script))
        clock = [data.NOW]
        make = Welcome if first else Console
        app = make(None if first else engine.start, engine.start, write=write, look=look, now=lambda: clock[0])
        async with app.run_test(size=size) as pilot:
            await pilot.pause(DRAWN)
            yield Driven(app, engine, pilot, clock)

    return opened
