"""The command line at work: many users checked, a large report read, many checks stopped."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.budget import Measured, at_least, at_most
from tests.e2e.terminal import ROOT, Terminal
from tui.sandbox import serve

USERS, LATENCY, IN_FLIGHT = 500, 0.05, 10
ERRORS, PER_RUN = 20_000, 1_800

_COUNTING = """
import sys, time
import tui.cli, tui.http
made, once = [], tui.http.Http._once
async def counted(self, method, url, *more):
    made.append((time.perf_counter(), method, url.path))
    return await once(self, method, url, *more)
tui.http.Http._once = counted
tui.cli.main(sys.argv[1:])
runs = sum(method == "POST" and "/analytics/" in path or "/instances/" in path for _at, method, path in made)
print(len(made), time.perf_counter() - made[0][0], runs, file=sys.stderr)
"""
"""Runs a command and says behind it: the requests made, the seconds since the first of them, the runs of the report."""


def _counted(config: Path, *arguments: str, typed: str = "") -> tuple[int, float, int]:
    command = [sys.executable, "-c", _COUNTING, "--config", str(config), *arguments]
    done = subprocess.run(command, cwd=ROOT, input=typed, capture_output=True, text=True)
    requests, seconds, runs = done.stderr.splitlines()[-1].split()
    return int(requests), float(seconds), int(runs)


def bulk() -> Iterator[Measured]:
    """Seconds for checking everybody, from the login to the last line, against requests times latency through ten at
    once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serve.start(serve.Options(dir=folder, users=USERS, latency_ms=round(LATENCY * 1000))) as running:
            ids = "\n".join(user["id"] for user in json.loads((folder / "world.json").read_text())["users"])
            requests, taken, _runs = _counted(running.config, "check", "--json", "-", typed=ids)
    ideal = requests * LATENCY / IN_FLIGHT
    yield at_least(f"checking {USERS} users, 50 ms of latency", ideal / taken, 0.85, "{:.0%}", f" ({taken:.1f} s)")


def report() -> Iterator[Measured]:
    """Runs of the 2,000-row report that reading all the errors takes."""
    with (
        tempfile.TemporaryDirectory() as name,
        serve.start(serve.Options(dir=Path(name), errors=ERRORS)) as running,
    ):
        _requests, _taken, runs = _counted(running.config, "errors", "--json")
    yield at_most(f"reading {ERRORS:,} errors: runs of the report", runs, math.ceil(ERRORS / PER_RUN) + 4)


def stop() -> Iterator[Measured]:
    """Ctrl+C while the command line checks everybody."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serve.start(serve.Options(dir=folder, users=USERS, latency_ms=round(LATENCY * 1000))) as running:
            ids = [user["id"] for user in json.loads((folder / "world.json").read_text())["users"]]
            with Terminal(["--config", str(running.config), "check", "--json", *ids]) as terminal:
                terminal.wait_for("checked_at", seconds=30)
                start = time.perf_counter()
                terminal.press("ctrl+c")
                terminal.wait_end(20)
                yield at_most(f"Ctrl+C while {USERS} checks run", time.perf_counter() - start, 1.0, "{:.2f} s")
