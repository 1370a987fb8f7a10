"""What the README promises is what runs, and what is pinned can be installed from anywhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_ci_runs_the_line_that_the_readme_gives() -> None:
    [line] = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line.endswith("-m pytest")]
    assert line in (ROOT / "README.md").read_text().splitlines()


def test_constraints_pin_every_dependency_and_name_no_address() -> None:
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", pin) for pin in pins)
    pinned = {re.sub("[-_.]+", "-", pin.split("==")[0]).lower() for pin in pins}
    named = re.findall(r'^  "([A-Za-z0-9-]+)>=', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert len(named) > 20
    assert {name.lower() for name in named} <= pinned


@pytest.mark.parametrize("module", ["tui.triage.session", "tui.triage.verdict", "tui.triage.checks", "tui.cli"])
def test_imports_without_textual(module: str) -> None:
    code = f"import sys, {module}; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_the_first_frame_waits_for_nothing_that_it_does_not_show() -> None:
    late = {"tui.model", "screens.engine", "screens.errors", "tui.config", "tui.engine_room", "tui.http", "pydantic"}
    late |= {"sqlalchemy", "httpx", "lxml", "simple_salesforce", "cryptography", "json", "csv"}
    code = f"import sys, tui.cli, tui.commands.console, tui.app; print(*sorted({late} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
