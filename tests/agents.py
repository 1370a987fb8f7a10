"""SSH agents for tests: OpenSSH's own in a process of its own, and one that says what a test tells it to."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

needs_agent = pytest.mark.skipif(
    shutil.which("ssh-agent") is None or shutil.which("ssh-add") is None, reason="OpenSSH's client is not installed"
)


@dataclass
class RealAgent:
    """A running ssh-agent; keys come in through a pipe, so that none lies on a disk."""

    path: Path

    def run(self, *arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        env = {**os.environ, "SSH_AUTH_SOCK": str(self.path), **environment}
        return subprocess.run(["ssh-add", *arguments], input=given, env=env, capture_output=True, timeout=20)

    def add(self, pem: bytes, *options: str) -> str:
        """Load that private key; its fingerprint."""
        before = self.fingerprints()
        added = self.run(*options, "-", given=pem)
        assert added.returncode == 0, added.stderr
        (new,) = set(self.fingerprints()) - set(before)
        return new

    def fingerprints(self) -> list[str]:
        return [line.split()[1] for line in self.run("-l").stdout.decode().splitlines() if "SHA256:" in line]


@contextmanager
def real_agent() -> Iterator[RealAgent]:
    """OpenSSH's agent, as long as the test lasts. Its folder has a short name: a socket's path is 107 bytes at most."""
    folder = Path(tempfile.mkdtemp(prefix="agent-"))
    path = folder / "s"
    # It never asks on a screen: a confirmation that it wants is answered by SSH_ASKPASS of its own environment.
    environment = {**os.environ, "SSH_ASKPASS": "/bin/false", "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0"}
    process = subprocess.Popen(
        ["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        until = time.monotonic() + 10
        while not path.exists():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)
        yield RealAgent(path)
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


@contextmanager
def scripted_agent(answer: Callable[[bytes], bytes | None]) -> Iterator[Path]:
    """An agent that answers each message with the bytes that `answer` makes of it, length and all; None: nothing."""
    folder = Path(tempfile.mkdtemp(prefix="agent-"))
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(folder / "s"))
    listener.listen(16)
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            with suppress(OSError):
                (size,) = struct.unpack(">I", client.recv(4))
                data = b""
                while len(data) < size:
                    data += client.recv(size - len(data))
                said = answer(data)
                if said is None:
                    held.append(client)
                    continue
                client.sendall(said)
            client.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield folder / "s"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for client in held:
            client.close()
        thread.join(5)
        shutil.rmtree(folder)
