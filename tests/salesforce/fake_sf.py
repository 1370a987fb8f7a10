"""A stand-in for the Salesforce CLI: a script called `sf` that answers from a file, and notes how it was called."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = """#!{python}
import json, os, sys, time
folder = {folder!r}
with open(os.path.join(folder, "calls"), "a") as calls:
    calls.write(json.dumps([sys.argv[1:], os.environ.get("NO_COLOR"), sys.stdin.read(), os.getpid()]) + "\\n")
with open(os.path.join(folder, "answers.json")) as file:
    answer = json.load(file)["show" if "show-access-token" in sys.argv else "display"]
time.sleep(answer.get("sleep", 0))
sys.stdout.write(answer["out"])
sys.stderr.write(answer.get("err", ""))
sys.exit(answer.get("status", 0))
"""
REDACTED = "[REDACTED] Use 'sf org auth show-access-token' to view"


@dataclass
class FakeSf:
    """`folder` is to stand on the PATH; `answers` is what display and show say."""

    folder: Path
    answers: dict[str, dict[str, Any]]

    def write(self) -> FakeSf:
        program = self.folder / "sf"
        program.write_text(SCRIPT.format(python=sys.executable, folder=str(self.folder)))
        program.chmod(0o700)
        (self.folder / "answers.json").write_text(json.dumps(self.answers))
        return self

    def says(self, command: str, result: dict[str, Any] | None = None, **answer: Any) -> None:
        if result is not None:
            answer["out"] = json.dumps({"status": 0, "result": result, "warnings": ["shown on purpose"]})
        self.answers[command] = {"out": "", **answer}
        self.write()

    def refuses(self, command: str, name: str, message: str) -> None:
        body = {"name": name, "message": message, "exitCode": 1, "context": "X", "status": 1, "stack": f"{name}: at"}
        self.says(command, out=json.dumps(body), status=1)

    @property
    def calls(self) -> list[Any]:
        """Every whole line it wrote so far: the file is there before its first line is."""
        path = self.folder / "calls"
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]


def fake_sf(folder: Path, instance: str, token: str, org_id: str, username: str) -> FakeSf:
    """An sf that is logged in to that org."""
    folder.mkdir(exist_ok=True)
    sf = FakeSf(folder, {})
    shown = {"id": org_id, "instanceUrl": instance, "username": username, "accessToken": REDACTED, "alias": "acme"}
    sf.says("display", {**shown, "connectedStatus": "Connected", "apiVersion": "68.0"})
    sf.says("show", {"accessToken": token})
    return sf
