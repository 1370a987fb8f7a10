"""Faults as they are on the wire, the Date header, and latency: a layer around the application."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tui.sandbox.options import Fault

DRIP_SECONDS = 0.4
DRIP_BYTES = 200
HUGE_BYTES = 72 * 1024 * 1024
RETRY_AFTER = {429: "1", 503: "1"}

_HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Guest network</h1></body></html>"
_SALESFORCE_CODES = {
    400: "MALFORMED_QUERY",
    401: "INVALID_SESSION_ID",
    403: "INSUFFICIENT_ACCESS",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    410: "UNSUPPORTED_API_VERSION",
    500: "UNKNOWN_EXCEPTION",
    503: "SERVER_UNAVAILABLE",
}
_GOOGLE_STATUS = {
    400: ("INVALID_ARGUMENT", "badRequest"),
    401: ("UNAUTHENTICATED", "authError"),
    403: ("PERMISSION_DENIED", "forbidden"),
    404: ("NOT_FOUND", "notFound"),
    429: ("RESOURCE_EXHAUSTED", "rateLimitExceeded"),
    503: ("UNAVAILABLE", "backendError"),
}

_transports: dict[tuple[str, int], asyncio.Transport] = {}


class Protocol(H11Protocol):
    """uvicorn's HTTP/1.1, which lets the layer find the transport of a client's address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self._peer: tuple[str, int] | None = tuple(peer[:2]) if peer else None
        if self._peer is not None:
            _transports[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._peer is not None:
            _transports.pop(self._peer, None)
        super().connection_lost(exc)


class Wire:
    """Wraps the application: waits the latency, dates every answer, and plays the faults asked for."""

    def __init__(
        self, app: ASGIApp, *, faults: tuple[Fault, ...], latency: float, skew: Callable[[str], timedelta]
    ) -> None:
        self.app = app
        self.latency = latency
        self.skew = skew
        self.left: list[tuple[Fault, int | None]] = [(fault, fault.times) for fault in faults]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        dated = self._dated(send, path)
        if self.latency:
            await asyncio.sleep(self.latency)
        kind = self._fault(path)
        if kind is None:
            await self.app(scope, receive, dated)
        elif kind.isdigit():
            body, content_type = plausible(path, int(kind))
            await _answer(dated, int(kind), body, content_type)
        else:
            await _PLAY[kind](self, scope, receive, dated)

    def _fault(self, path: str) -> str | None:
        for place, (fault, left) in enumerate(self.left):
            if path.startswith(fault.prefix) and left != 0:
                if left is not None:
                    self.left[place] = (fault, left - 1)
                return fault.kind
        return None

    def _dated(self, send: Send, path: str) -> Send:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                moment = format_datetime(datetime.now(UTC) + self.skew(path), usegmt=True)
                message["headers"] = [*message["headers"], (b"date", moment.encode())]
            await send(message)

        return dated


def plausible(path: str, status: int) -> tuple[bytes, str]:
    """A body that the service behind that path could give with that status, and its content type."""
    body: Any
    if path.startswith("/google/token"):
        error = "temporarily_unavailable" if status >= 500 else "invalid_request"
        body = {"error": error, "error_description": "The practice org was asked for this failure."}
    elif path.startswith("/google/"):
        name, reason = _GOOGLE_STATUS.get(status, ("INTERNAL", "internalError"))
        message = "The practice org was asked for this failure."
        body = {"error": {"code": status, "message": message, "status": name,
                          "errors": [{"message": message, "domain": "global", "reason": reason}]}}  # fmt: skip
        if "/people/" in path:
            del body["error"]["errors"]
    elif path.startswith("/services/oauth2/"):
        body = {"error": "unknown_error", "error_description": "retry your request"}
    elif path.startswith("/services/data"):
        code = _SALESFORCE_CODES.get(status, "UNKNOWN_EXCEPTION")
        body = [{"errorCode": code, "message": "The practice org was asked for this failure."}]
    else:
        return _HTML, "text/html;charset=UTF-8"
    return json.dumps(body).encode(), "application/json;charset=UTF-8"


async def _answer(send: Send, status: int, body: bytes, content_type: str) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    if status in RETRY_AFTER:
        headers.append((b"retry-after", RETRY_AFTER[status].encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _transport(scope: Scope) -> asyncio.Transport:
    client = scope["client"]
    return _transports[(client[0], client[1])]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _reset(wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    """The connection is cut with RST: SO_LINGER of zero seconds, then closed."""
    transport = _transport(scope)
    sock: socket.socket = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await _gone(receive)


async def _stall(wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    """No answer, for as long as the client waits."""
    await _gone(receive)


async def _truncated(wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    """A Content-Length larger than the body, then the end."""
    transport = _transport(scope)
    transport.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n"
        + b'{"records": [{"Id": "005'
    )
    transport.close()
    await _gone(receive)


async def _drip(wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    """The true answer, a byte at a time, filled up with spaces so that it takes longer than anyone should wait."""
    started: Message = {}
    body = b""

    async def collect(message: Message) -> None:
        nonlocal started, body
        if message["type"] == "http.response.start":
            started = message
        else:
            body += message.get("body", b"")

    await wire.app(scope, receive, collect)
    body = body.ljust(DRIP_BYTES)
    headers = [(name, value) for name, value in started["headers"] if name.lower() != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({**started, "headers": headers})
    for place in range(len(body)):
        await send({"type": "http.response.body", "body": body[place : place + 1], "more_body": place + 1 < len(body)})
        await asyncio.sleep(DRIP_SECONDS)


async def _html(wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    await _answer(send, 200, _HTML, "text/html;charset=UTF-8")


async def _empty(wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    await _answer(send, 200, b"", "application/json;charset=UTF-8")


async def _wrong(wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    """Valid JSON of a shape that no service here uses."""
    await _answer(send, 200, json.dumps({"weather": ["sun", 21]}).encode(), "application/json;charset=UTF-8")


async def _huge(wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
    """A valid JSON text of HUGE_BYTES, in pieces; stops when the client has gone."""
    piece = b" " * 65536
    headers = [(b"content-type", b"application/json"), (b"content-length", str(HUGE_BYTES).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    sent, deadline = 2, time.monotonic() + 60
    gone = asyncio.ensure_future(_gone(receive))
    await send({"type": "http.response.body", "body": b"{}", "more_body": True})
    while sent < HUGE_BYTES and not gone.done() and time.monotonic() < deadline:
        size = min(len(piece), HUGE_BYTES - sent)
        sent += size
        await send({"type": "http.response.body", "body": piece[:size], "more_body": sent < HUGE_BYTES})
    gone.cancel()


_PLAY: dict[str, Callable[[Wire, Scope, Receive, Send], Awaitable[None]]] = {
    "reset": _reset,
    "stall": _stall,
    "truncated": _truncated,
    "drip": _drip,
    "html": _html,
    "empty": _empty,
    "wrong": _wrong,
    "huge": _huge,
}
