"""Only what reads differently is sent: whatever is done, a real terminal shows the same as if all had been drawn."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.console.test_app import program
from tests.e2e.terminal import Terminal
from tests.patience import patient

KEYS = (
    *("down", "down", "down", "up", "pagedown", "pageup", "g", "G", "enter", "escape", "escape", "escape"),
    *("1", "2", "b", "s", "p", "y", "o", "@", "?", "w", "d", "t", "m", "u", " ", "+", "-", "/", ":", "E", "x"),
)
WALK, STRIDE = 60, 6


def test_what_stands_on_the_terminal_is_what_is_meant(tmp_path: Path) -> None:
    chance = random.Random(2)
    sizes = [(80, 24), (120, 40), (60, 15)]
    with Terminal(command=program(tmp_path / "m")) as terminal:
        terminal.wait_for("Set-up checklist")
        walked: list[str] = []
        for step in range(WALK):
            walked.append(chance.choice(KEYS))
            terminal.press(walked[-1])
            if step % STRIDE:
                continue
            if chance.random() < 0.2:
                terminal.resize(*chance.choice(sizes))
            settled(terminal)
            before, shown = cells(terminal), terminal.text
            terminal.press("\x0c")
            settled(terminal)
            assert cells(terminal) == before, (walked, shown, terminal.text)


def settled(terminal: Terminal) -> None:
    """Until nothing has been drawn for a while."""
    end = time.monotonic() + patient(20)
    while terminal.read(patient(0.6)):
        assert time.monotonic() < end, terminal.text


def cells(terminal: Terminal) -> list[list[tuple[str, str, str, bool]]]:
    """What every cell shows, but for the line of messages: a key makes one go, and the next one come."""
    screen = terminal.screen
    lines = (screen.buffer[y] for y in range(screen.lines) if y != screen.lines - 2)
    return [[(line[x].data, line[x].fg, line[x].bg, line[x].bold) for x in range(screen.columns)] for line in lines]
