"""A practice org in a process of its own, and the console on it with a home of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terminal import ROOT, Terminal
from tui.sandbox import serve


@dataclass(frozen=True)
class Practice:
    """A running practice org: its config file, and who is in its world."""

    config: Path
    home: Path

    @property
    def users(self) -> list[dict[str, Any]]:
        """The users of world.json, as they are now."""
        world: dict[str, Any] = json.loads((self.config.parent / "world.json").read_text())
        return list(world["users"])

    def to_reset(self, outcome: str) -> dict[str, Any]:
        """Somebody whose verdict is reset, and `outcome` after it, with a name that nobody else's name contains."""
        users = self.users
        for user in users:
            after = user["after_reset"]
            helps = user["verdict"] == "reset" and after and after["verdict"] == outcome
            if helps and sum(user["name"] in other["name"] for other in users) == 1:
                return user
        raise LookupError(outcome)

    def check(self, *queries: str) -> list[tuple[str, list[str]]]:
        """Verdict and causes that the command line finds, on the same journal."""
        command = [sys.executable, "-m", "tui", "--config", str(self.config), "check", "--json", *queries]
        lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
        found = [json.loads(line) for line in lines]
        return [(line["verdict"], line["causes"]) for line in found]

    def console(self, *arguments: str, columns: int = 80, rows: int = 24) -> Terminal:
        """The console on this org, in a terminal of that size."""
        home = {"XDG_STATE_HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home)}
        return Terminal(["--config", str(self.config), *arguments], columns=columns, rows=rows, environment=home)


@contextmanager
def practising(folder: Path, **options: Any) -> Iterator[Practice]:
    """A small practice org with these options of `sandbox serve`, in that folder."""
    home = folder / "home"
    home.mkdir()
    with serve.start(serve.Options(dir=folder / "practice", users=150, errors=300, **options)) as running:
        yield Practice(running.config, home)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practising(tmp_path) as running:
        yield running
