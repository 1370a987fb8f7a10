"""Prints what was measured, each as a ratio in one run where the budget is a ratio: `python -m tests.bench`."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.e2e.terminal import ROOT, Terminal
from tui.sandbox import serve

STARTS = 7
USERS = 500
LATENCY = 0.05
IN_FLIGHT = 10


def first_frame(command: Sequence[str], home: Path) -> float:
    """Median seconds from the start of the process to the first frame."""
    taken = []
    for _ in range(STARTS):
        start = time.perf_counter()
        home_of = {"XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        with Terminal(command=command, columns=120, rows=40, environment=home_of) as terminal:
            while "READ-ONLY" not in terminal.text:
                terminal.read(0.002)
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def keys(config: Path, home: Path) -> tuple[float, float, float]:
    """Bytes for a cursor key inside the page, bytes per key of a held Down, and seconds to quit."""
    environment = {"XDG_STATE_HOME": str(home)}
    with Terminal(["--config", str(config)], columns=120, rows=40, environment=environment) as terminal:
        terminal.wait_for("Set-up checklist", seconds=60)
        terminal.press("2")
        terminal.wait_for("Errors", "UserMapping", seconds=60)
        terminal.press("down")
        terminal.read(0.5)
        single = []
        for _ in range(8):
            terminal.press("down")
            single.append(terminal.read(0.04))
            terminal.read(0.5)
        before, pressed = terminal.received, 90
        for _ in range(pressed):
            terminal.press("down")
            time.sleep(1 / 30)
        terminal.read(0.3)
        held = (terminal.received - before) / pressed
        terminal.press("enter")
        terminal.wait_for("Troubleshoot", seconds=20)
        start = time.perf_counter()
        terminal.press("q")
        terminal.wait_end()
        return statistics.median(single), held, time.perf_counter() - start


def bulk(folder: Path) -> tuple[float, float]:
    """Seconds for checking everybody, and the ideal: requests times latency through ten at once."""
    with serve.start(serve.Options(dir=folder, users=USERS, latency_ms=round(LATENCY * 1000))) as running:
        world = json.loads((folder / "world.json").read_text())
        ids = "\n".join(user["id"] for user in world["users"])
        code = (
            "import sys, tui.http, tui.cli\n"
            "send = tui.http.Http._once\n"
            "made = []\n"
            "async def counted(*a, **k):\n    made.append(1)\n    return await send(*a, **k)\n"
            "tui.http.Http._once = counted\n"
            "tui.cli.main(sys.argv[1:])\n"
            "print(len(made), file=sys.stderr)\n"
        )
        command = [sys.executable, "-c", code, "--config", str(running.config), "check", "--json", "-"]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, input=ids, capture_output=True, text=True)
        taken = time.perf_counter() - start
        return taken, int(done.stderr.split()[-1]) * LATENCY / IN_FLIGHT


def row(what: str, measured: str, budget: str) -> None:
    print(f"{what:<52} {measured:>22}   {budget}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        with serve.start(serve.Options(dir=home / "practice")) as running:
            minimal = first_frame((sys.executable, "-m", "tests.bench.minimal"), home)
            console = first_frame((sys.executable, "-m", "tui", "--config", str(running.config)), home)
            ratio = f"{console / minimal:.2f}x ({console * 1000:.0f} ms)"
            row("start to first frame, against a minimal app", ratio, "1.5x")
            single, held, quitting = keys(running.config, home)
            row("bytes for a cursor key inside the page, 120x40", f"{single:.0f}", "700")
            row("bytes per key of a held Down, 120x40", f"{held:.0f}", "1200")
            row("quitting while a check runs", f"{quitting:.2f} s", "1 s")
        taken, ideal = bulk(home / "bulk")
        row(f"checking {USERS} users, 50 ms of latency", f"{ideal / taken:.0%} ({taken:.1f} s)", "85 % of the ideal")


if __name__ == "__main__":
    main()
