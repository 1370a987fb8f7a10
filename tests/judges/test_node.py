"""The judges' installation: what is a reason to leave them out, and what is a fault."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from tests.judges import node
from tests.judges.node import MissingError, installed, out_of_reach


@pytest.mark.parametrize(
    ("complaint", "away"),
    [
        ("npm error code ENOTFOUND\nnpm error network request failed", True),
        ("npm error code EAI_AGAIN", True),
        ("npm error code E503\nnpm error 503 Service Unavailable", True),
        ("npm error code ETARGET\nnpm error notarget No matching version found for jsforce@99.0.0", False),
        ("npm error code E404\nnpm error 404 Not Found", False),
        ("npm error code EACCES", False),
    ],
)
def test_only_a_registry_out_of_reach_is_a_reason(complaint: str, away: bool) -> None:
    assert out_of_reach(complaint) is away


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only programs are those that the test puts into this folder, and whose cache is empty."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda _name: tmp_path / "cache")
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def put(tools: Path, name: str, script: str) -> None:
    (tools / name).write_text(f"#!/bin/sh\n{script}\n")
    (tools / name).chmod(0o755)


def test_a_machine_without_node_or_with_an_old_one(tools: Path) -> None:
    with pytest.raises(MissingError, match="not installed"):
        installed()
    put(tools, "node", "echo v16.20.2")
    put(tools, "npm", "exit 1")
    with pytest.raises(MissingError, match=r"v16\.20\.2 is older than 18"):
        installed()


def test_what_npm_says_decides(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tools, "node", "echo v20.0.0")
    put(tools, "npm", "echo 'npm error code ENOTFOUND' >&2; exit 1")
    with pytest.raises(MissingError, match="could not be reached: npm error code ENOTFOUND"):
        installed()
    put(tools, "npm", "echo 'npm error code ETARGET' >&2; exit 1")
    with pytest.raises(RuntimeError, match="ETARGET"):
        installed()
    monkeypatch.setattr(node, "INSTALL_SECONDS", 0.2)
    put(tools, "npm", "while :; do :; done")
    with pytest.raises(MissingError, match="did not finish"):
        installed()
    assert list((tmp_path / "cache" / "judges").iterdir()) == []


def test_it_is_installed_once(tools: Path, tmp_path: Path) -> None:
    put(tools, "node", "echo v20.0.0")
    put(tools, "npm", f'echo "$@" >> {tmp_path / "runs"}; /bin/mkdir node_modules')
    place = installed()
    assert (place / "node_modules").is_dir()
    assert (place / "package.json").read_bytes() == (node.HERE / "package.json").read_bytes()
    assert installed() == place
    (run,) = (tmp_path / "runs").read_text().splitlines()
    assert run.split() == list(node.INSTALL)
