"""Judges written for Node: installed once into a cache folder, then asked through JSON on stdin and stdout."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import platformdirs

HERE = Path(__file__).parent
OLDEST = 18  # what jsforce asks for
INSTALL_SECONDS = 150
ASK_SECONDS = 60
INSTALL = (
    *("install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--prefer-offline"),
    # npm's own patience with a registry out of reach is some minutes
    *("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=3000", "--fetch-timeout=30000"),
)
# What npm says when it does not get through to its registry; every other failure is one of ours.
_OUT_OF_REACH = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTCACHED|EPROTO|"
    r"ERR_SOCKET_TIMEOUT|FETCH_ERROR|\bE(401|403|407|5\d\d)\b"
)


class MissingError(Exception):
    """The judges cannot be had on this machine; the text says why."""


def out_of_reach(complaint: str) -> bool:
    """Whether npm's complaint says that the registry did not answer, and not that what it was asked for is wrong."""
    return bool(_OUT_OF_REACH.search(complaint))


def installed() -> Path:
    """The folder whose node_modules hold the packages of package.json, made if it is not there.

    Raises MissingError where node, npm or the registry is missing, RuntimeError where the installation itself fails."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise MissingError("node or npm is not installed")
    found = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=ASK_SECONDS).stdout.strip()
    version = re.match(r"v(\d+)\.", found)
    if version is None or int(version[1]) < OLDEST:
        raise MissingError(f"node {found or 'without a version'} is older than {OLDEST}")
    wanted = (HERE / "package.json").read_bytes()
    cache = platformdirs.user_cache_path("passerelle") / "judges"
    place = cache / hashlib.sha256(wanted).hexdigest()[:16]
    if (place / "node_modules").is_dir():
        return place
    cache.mkdir(parents=True, exist_ok=True)
    # Made aside and moved into place: a run beside this one, or one that is stopped, never sees half of it.
    aside = Path(tempfile.mkdtemp(prefix="new-", dir=cache))
    try:
        (aside / "package.json").write_bytes(wanted)
        try:
            run = subprocess.run(
                [npm, *INSTALL], cwd=aside, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise MissingError(f"npm did not finish within {INSTALL_SECONDS} seconds") from None
        if run.returncode:
            complaint = run.stderr.strip()[-2000:]
            if out_of_reach(complaint):
                said = next(line for line in complaint.splitlines() if out_of_reach(line))
                raise MissingError(f"npm's registry could not be reached: {said}")
            raise RuntimeError(f"npm could not install the judges: {complaint}")
        try:
            aside.rename(place)
        except OSError:
            if not (place / "node_modules").is_dir():
                raise
        return place
    finally:
        shutil.rmtree(aside, ignore_errors=True)


class Node:
    """Runs the scripts of this folder with the installed packages."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def ask(self, script: str, question: Any) -> Any:
        """What the script answers to the question, both as JSON. AssertionError with its words when it fails."""
        run = subprocess.run(
            ["node", str(HERE / script)],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            timeout=ASK_SECONDS,
            check=False,
            env={**os.environ, "JUDGES": str(self.place), "NODE_NO_WARNINGS": "1"},
        )
        assert run.returncode == 0, run.stderr[-4000:]
        return json.loads(run.stdout)
