"""Starting, files, and every way of ending."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.patience import patient
from tests.sandbox.practice import Practice
from tui.sandbox.serve import Options, Running, start

ROOT = Path(__file__).parents[2]
SERVE = "from tui.sandbox.serve import *; from pathlib import Path; import sys; sys.exit(run(Options({options})))"


def child(options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SERVE.format(options=options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_line_then_a_signal_ends_it_with_0(number: signal.Signals) -> None:
    with child("users=150, errors=0") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        match = re.fullmatch(r"ready (/.+/config\.toml)\n", line)
        assert match
        config = Path(match[1])
        assert tomllib.loads(config.read_text())["salesforce"]["auth"] == "jwt"
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "", "")
    assert not config.parent.exists()


def test_it_ends_promptly_while_someone_is_stalled(served: Callable[..., tuple[Practice, Running]]) -> None:
    practice, running = served(faults="/services=stall")
    host, port = practice.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as sock:
        sock.sendall(b"GET /services HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.1)
        started = time.monotonic()
        running.stop()
    assert time.monotonic() - started < patient(4)
    assert running.process.returncode == 0


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tui.sandbox.serve import *; "
        f"r = start(Options(dir=Path({str(tmp_path)!r}), users=150, errors=0)); "
        "print(r.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        practice = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
    deadline = time.monotonic() + 60
    while Path(f"/proc/{practice}/status").exists() and "Z" not in _state(practice):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_a_taken_port_is_a_sentence(practice: Practice) -> None:
    port = int(practice.base.rpartition(":")[2])
    with pytest.raises(RuntimeError, match=r"did not start: .*in use"):
        start(Options(port=port, users=150, errors=0))


def test_files_are_closed_to_others(practice: Practice) -> None:
    folder = practice.dir
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = sorted(one.name for one in folder.iterdir())
    assert files == ["config.toml", "google.json", "salesforce.pem", "salesforce.secret", "world.json"]
    for name in files:
        status = (folder / name).stat()
        assert stat.S_IMODE(status.st_mode) == 0o600
        assert status.st_uid == os.geteuid()


def test_the_config_names_everything(practice: Practice) -> None:
    config = practice.config
    assert set(config) == {"salesforce", "google", "configurations", "journal", "ui"}
    assert set(config["google"]["urls"]) == {"token", "tokeninfo", "certificates", "calendar", "people", "directory"}
    configurations = config["configurations"]
    assert [one["active"] for one in configurations].count(False) == 1
    assert any(one["contacts"]["direction"] == "none" != one["events"]["direction"] for one in configurations)
    assert any(one["contacts"]["direction"] == "google_to_salesforce" for one in configurations)
    users = [user for one in configurations for user in one["users"]]
    assert {"@atelier" in one for one in users} == {True, False}
    assert any(one.startswith("005") for one in users)


def test_a_second_start_in_the_same_folder(served: Callable[..., tuple[Practice, Running]]) -> None:
    first, running = served(seed=9)
    users = [(one["id"], one["name"], one["verdict"]) for one in first.world["users"]]
    running.stop()
    second, _running = served(seed=9)
    assert [(one["id"], one["name"], one["verdict"]) for one in second.world["users"]] == users
    assert second.login().status_code == 200


@pytest.mark.parametrize(
    ("scenario", "service"),
    [("salesforce.network.unreachable", "salesforce"), ("google.network.unreachable", "google")],
)
def test_an_unreachable_service_is_a_closed_port(
    served: Callable[..., tuple[Practice, Running]], scenario: str, service: str
) -> None:
    config = served(scenario=scenario)[0].config
    addresses = {"salesforce": config["salesforce"]["domain"], "google": config["google"]["urls"]["token"]}
    for name, address in addresses.items():
        host, port = address.removeprefix("http://").split("/")[0].split(":")
        with socket.socket() as probe:
            assert (probe.connect_ex((host, int(port))) != 0) == (name == service)


def test_a_key_that_nobody_can_use(other: Callable[..., Practice]) -> None:
    info = json.loads(Path(other(scenario="google.key.unreadable").google["key"]).read_text())
    assert {"client_email", "private_key_id", "client_id", "type"} <= set(info)
    with pytest.raises(TypeError):
        load_pem_private_key(info["private_key"].encode(), None)
