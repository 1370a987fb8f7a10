"""The console on 1,000 and on 100,000 errors, in a terminal of 120x40: keys, bytes, the filter, memory, quitting."""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect

from tests.bench.budget import Measured, at_most, not_measured
from tests.e2e.terminal import Terminal
from tui.sandbox import serve

FEW, MANY = 1_000, 100_000
USERS, LATENCY_MS = 500, 50
QUIET = 0.04
"""Seconds without a byte after which a frame is taken for complete."""
REST = 0.4
"""The same for what follows when the cursor rests or the typing stops: the detail, the rows that a filter leaves."""
KEYS, HELD = 25, 90


def lists() -> Iterator[Measured]:
    """All rows about lists."""
    with _console(FEW) as terminal:
        few = _key_to_frame(terminal)
        own, later = _bytes_of_a_key(terminal)
        yield at_most("bytes for a cursor key inside the page", own, 700, more=f" (at rest +{later:.0f})")
        yield at_most("bytes per key of a held Down", _bytes_of_a_held_key(terminal), 1200)
        checks, taken = _quit_while_checking(terminal)
        yield at_most(f"quitting the console while {checks} checks run", taken, 1.0, "{:.2f} s")
    with _console(MANY) as terminal:
        memory = _resident(terminal)
        many = _key_to_frame(terminal)
        yield at_most(f"cursor key, {MANY:,} errors against {FEW:,}", many / few, 1.2, "{:.2f}x")
        yield at_most(f"cursor key to frame, {MANY:,} errors, median", many * 1000, 10, "{:.1f} ms")
        first = _first_letter(terminal) * 1000
        yield at_most(f"first letter of a filter to its first rows, {MANY:,} errors", first, 100, "{:.0f} ms")
        yield at_most(f"filter keystroke to frame, {MANY:,} errors, median", _filter(terminal) * 1000, 100, "{:.0f} ms")
        what = f"resident memory, {MANY:,} errors loaded"
        if memory is None:
            yield not_measured(what, "no /proc here", "at most 200 MB")
        else:
            yield at_most(what, memory, 200, "{:.0f} MB")


@contextmanager
def _console(errors: int) -> Iterator[Terminal]:
    """The console with that many errors loaded, on the screen that lists them."""
    with tempfile.TemporaryDirectory() as name:
        options = serve.Options(dir=Path(name) / "practice", errors=errors, users=USERS, latency_ms=LATENCY_MS)
        home = {"XDG_STATE_HOME": name, "XDG_CONFIG_HOME": name}
        with (
            serve.start(options) as running,
            Terminal(["--config", str(running.config)], columns=120, rows=40, environment=home) as terminal,
        ):
            terminal.wait_for("Set-up checklist", seconds=120)
            terminal.press("2")
            terminal.wait_for(f"{errors:,}", "UserMapping", seconds=240)
            terminal.press("down")
            _frame(terminal)
            yield terminal


def _frame(terminal: Terminal, quiet: float = REST, *, first: float | None = None) -> float:
    """Take in what is drawn until it has been silent; when its last byte came. `first`: how long to wait for a byte."""
    last, patience = time.perf_counter(), first or quiet
    while True:
        try:
            data = terminal.process.read_nonblocking(65536, patience)
        except pexpect.TIMEOUT:
            return last
        patience = quiet
        last = time.perf_counter()
        terminal.take(data)


def _seconds(terminal: Terminal, key: str, quiet: float) -> float:
    """From a key to the end of the frame that answers it."""
    _frame(terminal)
    start = time.perf_counter()
    terminal.press(key)
    return _frame(terminal, quiet, first=5) - start


def _key_to_frame(terminal: Terminal) -> float:
    return statistics.median(_seconds(terminal, key, QUIET) for _turn in range(KEYS) for key in ("down", "up"))


def _bytes_of_a_key(terminal: Terminal) -> tuple[float, float]:
    """Of its own frame, and of what follows when the cursor rests."""
    own, later = [], []
    for turn in range(KEYS):
        _frame(terminal)
        before = terminal.received
        terminal.press("down" if turn % 2 else "up")
        _frame(terminal, QUIET, first=5)
        own.append(terminal.received - before)
        _frame(terminal)
        later.append(terminal.received - before - own[-1])
    return statistics.median(own), statistics.median(later)


def _bytes_of_a_held_key(terminal: Terminal) -> float:
    _frame(terminal)
    before = terminal.received
    for _turn in range(HELD):
        terminal.press("down")
        end = time.perf_counter() + 1 / 30  # as fast as a keyboard repeats
        while (left := end - time.perf_counter()) > 0:
            terminal.read(left)
    _frame(terminal)
    return (terminal.received - before) / HELD


def _first_letter(terminal: Terminal) -> float:
    """The letter follows the slash at once: nothing is ready for it, and the rows that fit are found while it waits."""
    _frame(terminal)
    start = time.perf_counter()
    terminal.press("/", "z")
    while "/z" not in terminal.screen.display[1]:
        terminal.read(0.002)
        assert time.perf_counter() - start < 30, terminal.text
    taken = time.perf_counter() - start
    _frame(terminal)
    terminal.press("escape", "escape")
    return taken


def _filter(terminal: Terminal) -> float:
    """The median over the letters of a word that many rows hold and of one that few do, typed and taken back."""
    terminal.press("/")
    taken = []
    for word in ("calendar", "zyx"):
        taken += [_seconds(terminal, key, REST) for key in (*word, *("backspace" for _letter in word))]
    terminal.press("escape", "escape")
    return statistics.median(taken)


def _resident(terminal: Terminal) -> float | None:
    """Megabytes of the process that are in memory; None where the system does not say."""
    status = Path(f"/proc/{terminal.process.pid}/status")
    if not status.exists():
        return None
    found = re.search(r"^VmRSS:\s+(\d+) kB", status.read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else None


def _quit_while_checking(terminal: Terminal) -> tuple[int, float]:
    """How many users were being checked, everybody who has an error, and the seconds that quitting took."""
    terminal.press("*", "c")
    checks = re.search(r"[1-9]\d* of (\d+) checked", terminal.wait_for("Check of many", gone=" 0 of ", seconds=60))
    start = time.perf_counter()
    terminal.press("q")
    terminal.wait_end()
    return int(checks[1]) if checks else 0, time.perf_counter() - start
