"""A small web server for tests, on a real loopback socket, that can answer badly in every way a network can."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import h11


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {
            key: values[-1] for key, values in parse_qs(urlsplit(self.target).query, keep_blank_values=True).items()
        }

    @property
    def form(self) -> dict[str, str]:
        fields = parse_qs(self.body.decode(), keep_blank_values=True)
        return {key: values[-1] for key, values in fields.items()}

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """One answer. `fault`: cut (half the body, then end), reset, stall (nothing), drip (a byte at a time), huge."""

    status: int = 200
    body: bytes | str | dict[str, Any] | list[Any] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    delay: float = 0.0
    cookies: tuple[str, ...] = ()


Handler = Callable[[Request], Reply | Awaitable[Reply]]


class Server:
    """`url` is its origin, `seen` every request in order, `connections` how many were made;
    `handler` may be exchanged between requests."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.seen: list[Request] = []
        self.connections = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def count(self, path: str) -> int:
        return sum(request.path == path for request in self.seen)

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        state = h11.Connection(h11.SERVER)
        with contextlib.suppress(ConnectionError, h11.RemoteProtocolError, asyncio.CancelledError):
            while await self._exchange(state, reader, writer):
                state.start_next_cycle()
        writer.close()

    async def _exchange(
        self, state: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head: h11.Request | None = None
        body = b""
        while True:
            event = state.next_event()
            if event is h11.NEED_DATA:
                state.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                return False
        assert head is not None
        request = Request(
            head.method.decode(),
            head.target.decode(),
            {name.decode().lower(): value.decode("latin-1") for name, value in head.headers},
            body,
        )
        self.seen.append(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            found = self.handler(request)
            reply = found if isinstance(found, Reply) else await found
            if reply.delay:
                await asyncio.sleep(reply.delay)
        finally:
            self.in_flight -= 1
        return await self._answer(state, writer, reply)

    async def _answer(self, state: h11.Connection, writer: asyncio.StreamWriter, reply: Reply) -> bool:
        if reply.fault == "reset":
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        if reply.fault == "stall":
            await asyncio.sleep(60)
            return False
        body = reply.body
        kind = "application/json"
        if isinstance(body, str):
            body, kind = body.encode(), "text/html; charset=UTF-8"
        elif not isinstance(body, bytes):
            body = json.dumps(body).encode()
        headers = {"content-type": kind} | dict(reply.headers)
        if reply.fault != "huge":
            headers["content-length"] = str(len(body))
        lines = [*headers.items(), *(("set-cookie", cookie) for cookie in reply.cookies)]
        writer.write(state.send(h11.Response(status_code=reply.status, headers=lines)) or b"")
        if reply.fault == "huge":
            for _number in range(4000):
                writer.write(state.send(h11.Data(data=b"x" * 65536)) or b"")
                await writer.drain()
            return False
        if reply.fault == "drip":
            for place in range(len(body)):
                writer.write(body[place : place + 1])
                await writer.drain()
                await asyncio.sleep(0.05)
            return False
        if reply.fault == "cut":
            writer.write(body[: len(body) // 2])
            await writer.drain()
            return False
        writer.write((state.send(h11.Data(data=body)) or b"") + (state.send(h11.EndOfMessage()) or b""))
        await writer.drain()
        return state.our_state is h11.DONE

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[Server]:
    server = Server(handler)
    listening = await asyncio.start_server(server.connection, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        await server.stop()
        await listening.wait_closed()
