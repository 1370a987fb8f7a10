"""Practice orgs for the tests: one that works for the whole run, and makers of others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from tests.sandbox.practice import Practice
from tui.sandbox import serve
from tui.sandbox.keys import KeyPair

SMALL = {"users": 150, "errors": 200}


class InProcess(httpx.BaseTransport):
    """Gives every request to an application in this process."""

    def __init__(self, app: ASGIApp) -> None:
        self.inner = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def answer() -> httpx.Response:
            response = await self.inner.handle_async_request(request)
            return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

        return asyncio.run(answer())


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A working practice org in a process of its own, shared: tests that change it use `other`."""
    with serve.start(serve.Options(dir=tmp_path_factory.mktemp("practice"))) as running:
        made = Practice(running.config)
        yield made
        made.http.close()


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Practice]:
    """Makes a practice org of the test's own in this process, without a socket: quick, for what needs none."""
    monkeypatch.setattr(KeyPair, "new", lambda name, now: _key(name, now))

    def make(**options: object) -> Practice:
        app = serve.application(serve.Options(**{**SMALL, **options}), tmp_path, "http://127.0.0.1:1")
        client = httpx.Client(base_url="http://127.0.0.1:1", transport=InProcess(app))
        return Practice(tmp_path / "config.toml", client)

    return make


_new, _made = KeyPair.new, dict[str, KeyPair]()


def _key(name: str, now: object) -> KeyPair:
    """Keys are made once for all: they cost more than everything else."""
    if name not in _made:
        _made[name] = _new(name, now)
    return _made[name]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[..., tuple[Practice, serve.Running]]]:
    """Starts a practice org of the test's own on a socket."""
    with ExitStack() as stack:

        def make(**options: object) -> tuple[Practice, serve.Running]:
            running = stack.enter_context(serve.start(serve.Options(**{"dir": tmp_path, **SMALL, **options})))
            made = Practice(running.config)
            stack.callback(made.http.close)
            return made, running

        yield make
