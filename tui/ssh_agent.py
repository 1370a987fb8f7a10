"""RSA keys that an SSH agent holds: named in the config file, used without ever leaving the agent.

The agent's protocol is draft-miller-ssh-agent; the flag below makes an RSA key sign with SHA-256, as RS256 demands.
Standard library only.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from tui.reasons import why
from tui.sanitise import one_line
from tui.words import _

PREFIX = "ssh-agent:"
LOOK = 5.0
"""Seconds for the agent to say which keys it has; a forwarded one asks over the network."""
CONFIRM = 60.0
"""Seconds for it to sign: with `ssh-add -c` a person is asked first."""

_ASK_KEYS, _KEYS, _ASK_SIGN, _SIGNED, _FAILURE = 11, 12, 13, 14, 5
_RSA_SHA2_256 = 2  # SSH_AGENT_RSA_SHA2_256
_LARGEST = 256 * 1024  # OpenSSH's own limit of a message
_MOST_NAMED = 5

T = TypeVar("T")


class AgentProblem(Exception):  # noqa: N818 - reads as what happened
    """The agent cannot sign. `sentence` says why and what to do; it holds no secret."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class AgentKey:
    """A key by what the config file calls it: its fingerprint (SHA256:… or MD5:…) or its comment."""

    name: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.name}"


@dataclass(frozen=True, slots=True)
class Held:
    """A public key that the agent holds the private half of: `blob` as SSH writes it, and its comment."""

    blob: bytes
    comment: str

    @property
    def kind(self) -> str:
        """The key's type, such as ssh-rsa."""
        return _text(next(_strings(self.blob), b""))

    @property
    def fingerprint(self) -> str:
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    @property
    def _names(self) -> set[str]:
        old = "MD5:" + hashlib.md5(self.blob, usedforsecurity=False).digest().hex(":")
        return {self.fingerprint, old, self.comment}

    def called(self, name: str) -> bool:
        return name in self._names


def held() -> list[Held]:
    """The keys of the agent, certificates left out. Raises AgentProblem; may take LOOK seconds."""
    answer = _ask(bytes([_ASK_KEYS]), _KEYS, LOOK)
    parts = list(_strings(answer[4:]))
    keys = [Held(blob, _text(comment)) for blob, comment in zip(parts[::2], parts[1::2], strict=False)]
    if len(answer) < 4 or len(keys) != struct.unpack(">I", answer[:4])[0]:
        raise AgentProblem(_strange())
    return [key for key in keys if "-cert-" not in key.kind]


def find(wanted: AgentKey) -> Held:
    """The RSA key of that name. Raises AgentProblem: no agent, no such key, several, or one that is not RSA."""
    keys = held()
    name = one_line(wanted.name, limit=200)
    if not keys:
        raise AgentProblem(
            _(
                "The SSH agent shows no key: it holds none, or is locked. Add the key with ssh-add FILE, or unlock the"
                " agent with ssh-add -X."
            )
        )
    named = [key for key in keys if key.called(wanted.name)]
    rsa = [key for key in named if key.kind == "ssh-rsa"]
    if len(rsa) == 1:
        return rsa[0]
    if rsa:
        raise AgentProblem(
            _("The SSH agent holds {number} RSA keys called “{name}”: name one by its fingerprint: {all}.").format(
                number=len(rsa), name=name, all=", ".join(key.fingerprint for key in rsa[:_MOST_NAMED])
            )
        )
    if named:
        raise AgentProblem(
            _(
                "The key “{name}” of the SSH agent is of the type {kind}: signing in takes RS256, so an RSA key of 2048"
                " bits or more."
            ).format(name=name, kind=one_line(named[0].kind, limit=60))
        )
    raise AgentProblem(
        _("The SSH agent holds no key “{name}”. It holds: {all}. Add the key with ssh-add FILE.").format(
            name=name,
            all=", ".join(f"{one_line(key.comment, limit=80)} ({key.fingerprint})" for key in keys[:_MOST_NAMED]),
        )
    )


def sign(wanted: AgentKey, message: bytes) -> bytes:
    """The RS256 signature (RSASSA-PKCS1-v1_5 with SHA-256) of `message`. Raises AgentProblem; may take CONFIRM
    seconds, so that on a loop it is called through `beside`."""
    key = find(wanted)
    asked = bytes([_ASK_SIGN]) + _string(key.blob) + _string(message) + struct.pack(">I", _RSA_SHA2_256)
    parts = list(_strings(next(_strings(_ask(asked, _SIGNED, CONFIRM)), b"")))
    if len(parts) != 2:
        raise AgentProblem(_strange())
    if parts[0] != b"rsa-sha2-256":
        raise AgentProblem(
            _(
                "The SSH agent signed with {kind} and not with SHA-256, which signing in takes: use the agent of"
                " OpenSSH 7.2 or later, or a key file."
            ).format(kind=one_line(_text(parts[0]), limit=60))
        )
    modulus = list(_strings(key.blob))[2].lstrip(b"\0")
    return parts[1].rjust(len(modulus), b"\0")


async def beside(work: Callable[[], T]) -> T:
    """The result of `work`, done in a daemon thread: neither the loop nor leaving waits for an agent that is silent."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(take: Callable[..., None], value: object) -> None:
        if not future.done():
            take(value)

    def run() -> None:
        try:
            take, value = future.set_result, work()
        except Exception as problem:  # noqa: BLE001 - it is raised where the result is awaited
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(settle, future.set_exception, problem)
            return
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, take, value)

    threading.Thread(target=run, name="ssh-agent", daemon=True).start()
    return await future


# ---- the protocol ------------------------------------------------------------------------------------------------


def _ask(message: bytes, expected: int, seconds: float) -> bytes:
    """What the agent answers to that message, without the answer's type, which must be the expected one."""
    path = os.environ.get("SSH_AUTH_SOCK", "")
    if not path:
        raise AgentProblem(
            _(
                "There is no SSH agent here (SSH_AUTH_SOCK is not set). Log in with ssh -A to bring your own, or start"
                ' one with eval "$(ssh-agent)" and add the key with ssh-add FILE.'
            )
        )
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as agent:
            agent.settimeout(seconds)
            agent.connect(path)
            agent.sendall(_string(message))
            (size,) = struct.unpack(">I", _read(agent, 4))
            if not 0 < size <= _LARGEST:
                raise AgentProblem(_strange())
            answer = _read(agent, size)
    except TimeoutError:
        raise AgentProblem(
            _(
                "The SSH agent did not answer within {seconds} seconds. If it asks before it signs (ssh-add -c), its"
                " question waits where the agent runs."
            ).format(seconds=round(seconds))
        ) from None
    except (OSError, ValueError) as problem:
        raise AgentProblem(
            _("The SSH agent at {path} cannot be reached: {reason}. Log in anew, or start an agent.").format(
                path=one_line(path, limit=200),
                reason=why(problem),
            )
        ) from None
    if answer[0] == _FAILURE:
        raise AgentProblem(
            _(
                "The SSH agent refused: it is locked (ssh-add -X unlocks it), or its question was answered with no"
                " (ssh-add -c asks before each signature)."
            )
        )
    if answer[0] != expected:
        raise AgentProblem(_strange())
    return answer[1:]


def _read(agent: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = agent.recv(size - len(data))
        if not part:
            raise AgentProblem(_strange())
        data += part
    return bytes(data)


def _strange() -> str:
    return _("What answers at SSH_AUTH_SOCK does not speak as an SSH agent does: start another agent.")


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _strings(data: bytes) -> Iterator[bytes]:
    """The SSH strings that `data` is made of, as far as they are whole."""
    while len(data) >= 4:
        (size,) = struct.unpack(">I", data[:4])
        if size > len(data) - 4:
            return
        yield data[4 : 4 + size]
        data = data[4 + size :]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


NAME = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
"""What a key may be called in the config file."""
