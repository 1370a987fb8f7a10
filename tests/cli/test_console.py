"""How the console and the practice org are started from the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tui.commands.common import org_file
from tui.look import Look
from tui.sandbox.options import Options

REPOSITORY = Path(__file__).parents[2]

Started = list[tuple[Path | None, bool, Look]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """A terminal, and a console that only notes how it was started."""
    found: Started = []

    def console(path: Path | None, *, new: Path | None = None, write: bool, look: Look) -> int:
        assert path is not None or new == org_file(None)  # the file that set-up would make
        found.append((path, write, look))
        return 0

    monkeypatch.setattr("tui.output.terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("tui.app.run", console)
    return found


def test_the_console_opens_on_the_config_file(run: Run, started: Started, config: Path) -> None:
    config.write_text(config.read_text() + '\n[ui]\nlanguage = "fr"\nascii = true\n')
    assert run().status == 0
    assert run("--write", "--lang", "en").status == 0
    looks = [Look(language=language, ascii=True) for language in ("fr", "en")]
    assert started == [(config, False, looks[0]), (config, True, looks[1])]


def test_without_a_config_file_the_console_offers_the_practice_org(
    run: Run, started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert run(named=False).status == 0
    assert started == [(None, False, Look(language="en"))]
    ran = run("--org", "acme", named=False)
    assert (ran.status, len(started)) == (2, 1)
    assert ran.err == (
        f"There is no config file {tmp_path}/passerelle/acme.toml. To make it: passerelle config init, with the same"
        " option.\n"
    )


def test_sandbox_opens_the_console_on_a_practice_org_and_ends_it(
    run: Run, started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    class Practice:
        config = tmp_path / "practice.toml"

        def __enter__(self) -> Practice:
            return self

        def __exit__(self, *_exception: object) -> None:
            asked.append("stopped")

    def start(options: Options) -> Practice:
        asked.append(options)
        return Practice()

    monkeypatch.setattr("tui.sandbox.serve.start", start)
    assert run("--sandbox", "--lang", "fr", named=False).status == 0
    assert asked == [Options(lang="fr"), "stopped"]
    assert started == [(tmp_path / "practice.toml", False, Look(language="fr"))]


def test_a_practice_org_that_does_not_start_is_said(
    run: Run, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_options: Options) -> Any:
        raise RuntimeError("The practice org did not start: no room.")

    monkeypatch.setattr("tui.sandbox.serve.start", start)
    ran = run("--sandbox", named=False)
    assert (ran.status, started) == (2, [])
    assert ran.err.endswith("The practice org did not start: no room.\n")


def test_sandbox_takes_no_config(run: Run, started: Started) -> None:
    ran = run("--sandbox")
    assert (ran.status, started) == (2, [])


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_is_refused(run: Run, started: Started, monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    monkeypatch.setenv("TERM", term)
    ran = run()
    assert (ran.status, started) == (2, [])
    assert "TERM=xterm-256color" in ran.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--scenario", "google.key.revokd"), "google.key.revoked"),
        (("--faults", "nonsense"), "PATH_PREFIX=FAULT"),
        (("--users", "1"), "--users"),
        (("--port", "x"), "'x' is not a valid integer"),
        (("--product", "einstein_activity_capture"), "Lightning Sync only"),
    ],
)
def test_serve_says_what_it_does_not_serve(run: Run, options: tuple[str, ...], said: str) -> None:
    ran = run("sandbox", "serve", *options, named=False)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_ready_and_ends_with_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "practice"
    options = ["--dir", str(folder), "--users", "150", "--errors", "200", "--lang", "fr"]
    command = [sys.executable, "-m", "tui", "sandbox", "serve", *options]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"ready {folder}/config.toml\n"
        assert json.loads((folder / "world.json").read_text(encoding="utf-8"))["errors"] == 200
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, err) == (0, "")


def test_a_port_that_is_taken_is_said(run: Run, tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = run("sandbox", "serve", "--dir", str(tmp_path / "practice"), "--port", port, named=False)
    assert ran.status == 2
    assert os.strerror(98) in ran.err


def test_the_console_is_reached_without_loading_what_is_slow() -> None:
    """The command line up to the console: no pydantic, no SQLAlchemy, no client, no textual."""
    code = (
        "import sys, tui.output; tui.output.terminal = lambda: False\n"
        "from tui.cli import main; main([])\n"
        "slow = {'pydantic', 'sqlalchemy', 'httpx', 'lxml', 'simple_salesforce', 'textual', 'google', 'cryptography'}\n"
        "print(sorted(slow & {name.partition('.')[0] for name in sys.modules}))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
