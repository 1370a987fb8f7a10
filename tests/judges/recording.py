"""A practice org that keeps what it was asked and what it answered, on a socket of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tui.sandbox import files, serve
from tui.sandbox.options import Options
from tui.sandbox.wire import Protocol

START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `path` is as it was sent, escapes included."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    sent: bytes
    status: int
    answered: bytes

    @property
    def form(self) -> dict[str, str]:
        """The fields of a posted form."""
        return dict(parse_qsl(self.sent.decode()))

    @property
    def statement(self) -> str:
        """The SOQL statement asked for, "" where it is none."""
        return self.params.get("q", "") if self.path.endswith("/query") else ""


Alter = Callable[[str, dict[str, str], int, bytes], tuple[int, bytes]]


@dataclass
class Recorder:
    """Wraps the practice org's application. `alter` may change an answer, by path and parameters."""

    app: ASGIApp
    kept: list[Exchange] = field(default_factory=list)
    alter: Alter = lambda _path, _params, status, body: (status, body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head: dict[str, Any] = {}
        sent, answered = bytearray(), bytearray()

        async def hear() -> Message:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.update(message)
            answered.extend(message.get("body", b""))

        await self.app(scope, hear, say)
        params = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode("ascii"), True).items()}
        path = scope["raw_path"].decode("ascii").partition("?")[0]
        head["status"], body = self.alter(path, params, head["status"], bytes(answered))
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        self.kept.append(Exchange(scope["method"], path, params, headers, bytes(sent), head["status"], body))
        kept = [(name, value) for name, value in head["headers"] if name.lower() != b"content-length"]
        head["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
        await send(head)
        await send({"type": "http.response.body", "body": body})


@contextmanager
def recorded(folder: Path, options: Options) -> Iterator[tuple[Path, Recorder]]:
    """Serves a practice org while the block runs: its config file, and the recorder."""
    with serve._listening(0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        recorder = Recorder(serve.application(options, files.prepare(folder), base))
        config = uvicorn.Config(
            recorder, http=Protocol, ws="none", lifespan="off", log_level="critical", date_header=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            until = time.monotonic() + START_SECONDS
            while not server.started and time.monotonic() < until:
                time.sleep(0.02)
            assert server.started
            yield folder / "config.toml", recorder
        finally:
            server.should_exit = True
            thread.join(START_SECONDS)
