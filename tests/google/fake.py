"""A little Google on loopback: answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Reply = tuple[int, Any] | tuple[int, Any, dict[str, str]]


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class FakeGoogle:
    """`replies`: path -> replies in their order, the last one for ever; a reply is (status, body[, headers]), or what a
    function of the request returns. A body is sent as JSON unless it is bytes."""

    replies: dict[str, list[Reply | Callable[[Asked], Reply]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    def on(self, path: str, *replies: Reply | Callable[[Asked], Reply]) -> None:
        """From now on these replies stand at that path."""
        self.replies[path] = list(replies)

    def at(self, path: str) -> list[Asked]:
        """The requests that came to that path."""
        return [one for one in self.asked if one.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        try:
            while line := await reader.readline():
                method, target, _version = line.decode().split()
                headers = {}
                while (header := await reader.readline()) not in (b"\r\n", b""):
                    name, _colon, value = header.decode().partition(":")
                    headers[name.strip().lower()] = value.strip()
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                parts = urlsplit(target)
                form = dict(parse_qsl(body.decode()))
                request = Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, form)
                self.asked.append(request)
                await self._answer(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: Asked, writer: asyncio.StreamWriter) -> None:
        left = self.replies.get(request.path) or [(404, {"error": "no such path in this test"})]
        reply = left.pop(0) if len(left) > 1 else left[0]
        status, body, *more = reply(request) if callable(reply) else reply
        headers = {"content-type": "application/json; charset=UTF-8", **(more[0] if more else {})}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(content)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(head.encode() + b"\r\n" + content)
        await writer.drain()
