"""The command line as such: its options, its languages, its endings."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.cli.conftest import ANNE, Run, Scene
from tui import words
from tui.cli import main
from tui.journal.store import JournalError

REPOSITORY = Path(__file__).parents[2]
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"


@pytest.mark.parametrize("place", ["before", "behind"])
def test_shared_options_stand_before_or_behind(run: Run, scene: Scene, config: Path, place: str) -> None:
    options = ("--config", str(config), "--json", "--lang", "en")
    arguments = (*options, "check", ANNE.email) if place == "before" else ("check", ANNE.email, *options)
    (record,) = run(*arguments, named=False).records
    assert record["user"]["id"] == ANNE.id


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chek",), "No such command 'chek'"),
        (("--nonsense",), "No such option"),
        (("check", "--lang", "de", "x"), "'de' is not one of"),
        (("support", "x"), "Missing option"),
        (("reset",), "Missing argument"),
        (("--write", "overview"), "--write and --sandbox are for the console"),
        (("--config",), "requires an argument"),
        (("config",), "Usage:"),
    ],
)
def test_what_is_asked_wrongly_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*arguments, named=False)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_help_and_version_are_results(run: Run) -> None:
    ran = run("--help", named=False)
    assert (ran.status, ran.err) == (0, "")
    for command in ("overview", "errors", "check", "reset", "support", "config", "sandbox"):
        assert f"\n  {command} " in ran.out
    assert run("check", "-h", named=False).status == 0


@pytest.mark.parametrize(
    ("arguments", "variable", "section", "language"),
    [
        (("--lang", "fr"), "", "", "fr"),
        (("--lang=fr",), "en_US.UTF-8", 'language = "en"', "fr"),
        ((), "fr_FR.UTF-8", "", "fr"),
        ((), "fr_FR.UTF-8", 'language = "en"', "en"),
        ((), "de_DE", "", "en"),
        ((), "", 'language = "fr"', "fr"),
    ],
)
def test_the_language_is_chosen_before_anything_is_said(
    run: Run,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    variable: str,
    section: str,
    language: str,
) -> None:
    """The commands are declared while that language is in use."""
    spoken: list[str] = []
    monkeypatch.setenv("LANG", variable)
    monkeypatch.setattr("tui.cli.build", lambda _look: _declare(spoken))
    config.write_text(config.read_text() + f"\n[ui]\n{section}\n")
    run("--help", *arguments)
    assert spoken == [language]


def _declare(spoken: list[str]) -> click.Group:
    spoken.append(words.language())
    return click.Group("nothing")


def test_the_process_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[object] = []
    monkeypatch.setattr("resource.setrlimit", lambda *limit: limits.append(limit))
    before = os.umask(0o022)
    try:
        main(["config", "path"])
        assert os.umask(0) == 0o077
    finally:
        os.umask(before)
    assert limits == [(resource.RLIMIT_CORE, (0, 0))]


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "Interrupted."),
        (JournalError("The journal is damaged."), 3, "The journal is damaged."),
        (ZeroDivisionError(TOKEN), 3, "(ZeroDivisionError)"),
        (BaseExceptionGroup("several", [KeyError(TOKEN)]), 3, "(KeyError)"),
    ],
)
def test_every_ending_is_a_sentence_and_a_status(
    run: Run, scene: Scene, error: BaseException, status: int, said: str
) -> None:
    scene.raises = error
    ran = run("overview")
    assert (ran.status, ran.out) == (status, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert TOKEN not in ran.err


def test_a_traceback_is_shown_on_request_and_holds_no_secret(
    run: Run, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSERELLE_DEBUG", "1")
    scene.raises = ZeroDivisionError(f"at {TOKEN}\x1b[31m")
    ran = run("overview")
    assert (ran.status, TOKEN in ran.err) == (3, False)
    assert "ZeroDivisionError: at [JWT]" in ran.err


@pytest.mark.parametrize("arguments", [(), ("--sandbox",), ("--write",)])
def test_the_console_needs_a_terminal(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "ssh -t" in ran.err


# ---- as a process of its own ---------------------------------------------------------------------------------------


def passerelle(*arguments: str, **more: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tui", *arguments]
    return subprocess.Popen(command, cwd=REPOSITORY, text=True, **more)  # type: ignore[call-overload, no-any-return]


def test_as_a_process_it_says_its_path(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "PYTHONUTF8": "0", "LC_ALL": "POSIX"}
    with passerelle("config", "path", "--json", env=environment, stdout=subprocess.PIPE) as process:
        out, _ = process.communicate()
    assert json.loads(out)["path"] == f"{tmp_path}/passerelle/config.toml"
    assert process.returncode == 0


def test_a_closed_pipe_is_silent(config: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with passerelle("--help", stdout=write, stderr=subprocess.PIPE) as process:
        os.close(write)
        _, err = process.communicate()
    assert (err, process.returncode) == ("", 141)


def test_closed_outputs_are_no_crash() -> None:
    command = f"exec {sys.executable} -m tui config path >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], cwd=REPOSITORY, check=False).returncode == 0


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Processes that are started obey Ctrl+C, also where the tests run in the background and ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_control_c_ends_at_once_with_130(config: Path) -> None:
    """A server that never answers: the check waits for it until Ctrl+C."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        domain = f"http://127.0.0.1:{server.getsockname()[1]}"
        config.write_text(config.read_text().replace("https://acme.my.salesforce.com", domain))
        _real_key(config.parent / "salesforce.pem")
        with passerelle("check", "--config", str(config), "x", stderr=subprocess.PIPE) as process:
            server.settimeout(20)
            connection, _ = server.accept()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
            connection.close()
    assert (err, process.returncode) == ("\nInterrupted.\n", 130)


def _real_key(path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(pem)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", '" hier " n\'est pas un jour'),
        ("iso-8859-1", "«\u00a0hier\u00a0» n'est pas un jour"),
        ("utf-8", "«\u00a0hier\u00a0» n’est pas un jour"),
    ],
)
def test_signs_that_the_terminal_lacks_are_written_plainly(encoding: str, shown: str) -> None:
    command = [sys.executable, "-m", "tui", "--lang", "fr", "errors", "--since", "hier"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    ran = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, check=False)
    assert ran.returncode == 2
    assert shown in ran.stderr.decode(encoding)
    assert b"?" not in ran.stderr
