"""From the start of the process to the first frame, against the smallest Textual app, taken in turns."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.budget import Measured, at_most
from tests.e2e.terminal import Terminal
from tui.sandbox import serve

STARTS = 11


def first_frame() -> Iterator[Measured]:
    """The console through its command line, on a config file, in 120x40."""
    with tempfile.TemporaryDirectory() as name, serve.start(serve.Options(dir=Path(name) / "practice")) as running:
        commands = (
            (sys.executable, "-m", "tests.bench.minimal"),
            (sys.executable, "-m", "tui", "--config", str(running.config)),
        )
        taken: tuple[list[float], list[float]] = ([], [])
        for turn in range(STARTS + 1):
            for command, times in zip(commands, taken, strict=True):
                seconds = _start(command, Path(name))
                if turn:  # the first turn fills the caches
                    times.append(seconds)
    minimal, console = map(statistics.median, taken)
    yield at_most(
        "start to first frame, against a minimal Textual app",
        console / minimal,
        1.5,
        "{:.2f}x",
        f" ({console * 1000:.0f} ms)",
    )


def _start(command: Sequence[str], home: Path) -> float:
    """Seconds from the start of the process to the word that both draw in their first frame."""
    start = time.perf_counter()
    home_of = {"XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    with Terminal(command=command, columns=120, rows=40, environment=home_of) as terminal:
        terminal.process.expect_exact(b"READ-ONLY", timeout=20)
        return time.perf_counter() - start
