"""Keys in an SSH agent: found by their names, RS256 by OpenSSH's own agent, and every way of its not signing."""

from __future__ import annotations

import asyncio
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.agents import RealAgent, needs_agent, real_agent, scripted_agent, string
from tests.patience import patient
from tui import ssh_agent
from tui.ssh_agent import AgentKey, AgentProblem

MESSAGE = b"header.claims"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.fixture(scope="module")
def keys() -> list[rsa.RSAPrivateKey]:
    return [rsa.generate_private_key(public_exponent=65537, key_size=size) for size in (2048, 3072)]


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[RealAgent]:
    with real_agent() as running:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(running.path))
        yield running


def sentence(wanted: str = "SHA256:x") -> str:
    with pytest.raises(AgentProblem) as caught:
        ssh_agent.sign(AgentKey(wanted), MESSAGE)
    assert caught.value.__cause__ is None
    return caught.value.sentence


# ---- OpenSSH's own agent -----------------------------------------------------------------------------------------


@needs_agent
def test_the_signature_is_rs256(agent: RealAgent, keys: list[rsa.RSAPrivateKey]) -> None:
    names = [agent.add(pem(key)) for key in keys]

    for name, key in zip(names, keys, strict=True):
        signature = ssh_agent.sign(AgentKey(name), MESSAGE)
        key.public_key().verify(signature, MESSAGE, padding.PKCS1v15(), hashes.SHA256())
        assert len(signature) == key.key_size // 8


@needs_agent
def test_a_key_is_found_by_each_of_its_names(agent: RealAgent, keys: list[rsa.RSAPrivateKey]) -> None:
    fingerprint = agent.add(pem(keys[0]))
    old = subprocess.run(
        ["ssh-add", "-l", "-E", "md5"], env={"SSH_AUTH_SOCK": str(agent.path), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=True,
    ).stdout.split()[1]  # fmt: skip
    (held,) = ssh_agent.held()

    assert held.kind == "ssh-rsa"
    for name in (fingerprint, old, held.comment):
        assert ssh_agent.find(AgentKey(name)) == held


@needs_agent
def test_of_two_keys_with_one_comment_the_rsa_key_is_meant(agent: RealAgent, keys: list[rsa.RSAPrivateKey]) -> None:
    agent.add(pem(ec.generate_private_key(ec.SECP256R1())))
    assert "ecdsa-sha2-nistp256" in sentence("(stdin)")

    fingerprint = agent.add(pem(keys[0]))
    assert {key.comment for key in ssh_agent.held()} == {"(stdin)"}
    assert ssh_agent.find(AgentKey("(stdin)")).fingerprint == fingerprint

    other = agent.add(pem(keys[1]))
    said = sentence("(stdin)")
    assert "2 RSA keys called “(stdin)”" in said
    assert fingerprint in said
    assert other in said


@needs_agent
def test_a_key_that_is_not_there_is_named_with_those_that_are(agent: RealAgent, keys: list[rsa.RSAPrivateKey]) -> None:
    assert "shows no key" in sentence()
    fingerprint = agent.add(pem(keys[0]))
    said = sentence("nobody@nowhere")
    assert "no key “nobody@nowhere”" in said
    assert fingerprint in said


@needs_agent
def test_a_locked_agent_says_how_to_unlock_it(agent: RealAgent, keys: list[rsa.RSAPrivateKey], tmp_path: Path) -> None:
    fingerprint = agent.add(pem(keys[0]))
    answer = tmp_path / "askpass"
    answer.write_text("#!/bin/sh\necho locked\n")
    answer.chmod(0o700)
    locked = agent.run("-x", SSH_ASKPASS=str(answer), SSH_ASKPASS_REQUIRE="force", DISPLAY=":0")
    assert locked.returncode == 0, locked.stderr

    assert "ssh-add -X" in sentence(fingerprint)


@needs_agent
def test_a_confirmation_that_is_declined_is_a_refusal(agent: RealAgent, keys: list[rsa.RSAPrivateKey]) -> None:
    fingerprint = agent.add(pem(keys[0]), "-c")

    assert "ssh-add -c" in sentence(fingerprint)


# ---- no agent, and agents that are none --------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["", None])
def test_without_an_agent_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", "") if value == "" else monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)

    assert "ssh -A" in sentence()


@pytest.mark.parametrize("name", ["gone", "file", "long"])
def test_an_agent_that_has_gone_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / (name if name != "long" else "x" * 200)))

    assert "cannot be reached" in sentence()


BLOB = string(b"ssh-rsa") + string(b"\1\0\1") + string(b"\0" + b"\xff" * 256)
LISTED = bytes([12]) + struct.pack(">I", 1) + string(BLOB) + string(b"me")


def signed(kind: bytes, signature: bytes = b"\1" * 256) -> bytes:
    return string(bytes([14]) + string(string(kind) + string(signature)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (signed(b"ssh-rsa"), "signed with ssh-rsa and not with SHA-256"),
        (signed(b"rsa-sha2-512"), "rsa-sha2-512"),
        (string(bytes([5])), "refused"),
        (string(bytes([14])), "does not speak"),
        (string(bytes([14]) + b"\0\0\0\x20short"), "does not speak"),
        (string(bytes([99])), "does not speak"),
        (b"\xff\xff\xff\xff", "does not speak"),
        (b"\0\0\0\0", "does not speak"),
        (b"HTTP/1.1 400", "does not speak"),
        (b"", "does not speak"),
    ],
)
def test_an_agent_that_does_not_sign_as_it_should(monkeypatch: pytest.MonkeyPatch, answer: bytes, words: str) -> None:
    with scripted_agent(lambda asked: string(LISTED) if asked[0] == 11 else answer) as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))

        assert words in sentence("me")


@pytest.mark.parametrize("listed", [LISTED[:-2], LISTED[:9], bytes([12]), bytes([12]) + b"\0\0\0\2" + LISTED[5:]])
def test_a_list_of_keys_that_is_cut_is_not_believed(monkeypatch: pytest.MonkeyPatch, listed: bytes) -> None:
    with scripted_agent(lambda _asked: string(listed)) as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))

        assert "does not speak" in sentence("me")


def test_the_request_has_the_flag_of_sha_256_and_a_short_signature_is_filled_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bytes] = []

    def answer(message: bytes) -> bytes:
        asked.append(message)
        return string(LISTED) if message[0] == 11 else signed(b"rsa-sha2-256", b"\7" * 254)

    with scripted_agent(answer) as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        signature = ssh_agent.sign(AgentKey("me"), MESSAGE)

    assert asked[1] == bytes([13]) + string(BLOB) + string(MESSAGE) + b"\0\0\0\2"
    assert signature == b"\0\0" + b"\7" * 254


def test_names_from_an_agent_cannot_write_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = bytes([12]) + struct.pack(">I", 1) + string(BLOB) + string(b"\x1b]0;x\x07")
    with scripted_agent(lambda _asked: string(listed)) as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))

        assert "\x1b" not in sentence("\x1b[31m")


async def test_an_agent_that_is_silent_holds_up_neither_the_loop_nor_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_agent, "CONFIRM", 0.4)
    with scripted_agent(lambda asked: string(LISTED) if asked[0] == 11 else None) as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        waiting = asyncio.ensure_future(ssh_agent.beside(lambda: ssh_agent.sign(AgentKey("me"), MESSAGE)))
        begun, turns = time.monotonic(), 0
        while not waiting.done():
            turns += 1
            await asyncio.sleep(0.02)
        assert turns > 2  # a loop that is held up turns once
        with pytest.raises(AgentProblem, match="did not answer"):
            await waiting

        monkeypatch.setattr(ssh_agent, "CONFIRM", 30)
        begun = time.monotonic()
        waiting = asyncio.ensure_future(ssh_agent.beside(lambda: ssh_agent.sign(AgentKey("me"), MESSAGE)))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert time.monotonic() - begun < patient(5)


async def test_what_is_done_beside_the_loop_comes_back_whole() -> None:
    def fails() -> None:
        raise AgentProblem("no")

    work: Callable[[], int] = lambda: 7  # noqa: E731 - one value
    assert await ssh_agent.beside(work) == 7
    with pytest.raises(AgentProblem, match="no"):
        await ssh_agent.beside(fails)
