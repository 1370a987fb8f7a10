"""The one module that speaks HTTP: one client, at most ten requests in flight, bounded answers, pinned hosts.

Requests are handed to httpx's transport itself, which keeps no cookie and follows no redirect: whoever needs either
does it in sight. The environment's proxy and certificate variables are not read; only what the config file says counts.
"""

from __future__ import annotations

import asyncio
import email.utils
import json as jsonlib
import logging
import random
import ssl
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from tui.model import Call
from tui.sanitise import one_line, redact
from tui.words import _

IN_FLIGHT = 10  # httpx gets slower above about 20 connections (encode/httpcore#1035)
TRIES = 3
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
USUAL_DEADLINE = 30.0
LONGEST_WAIT = 30.0  # a Retry-After above this is not waited for: the answer is returned
FIRST_PAUSE = 0.5
LIMIT = 32 * 1024 * 1024
CALLS_KEPT = 500
_ALWAYS = {"accept": "*/*", "accept-encoding": "gzip", "user-agent": "passerelle"}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

LISTENING: ContextVar[list[Call] | None] = ContextVar("listening", default=None)
"""Where the calls of this task, and of the tasks that it starts, are noted as well: what one check asked."""

Form = Mapping[str, str] | Sequence[tuple[str, str]]

for _noisy in ("httpx", "httpcore"):  # what they log below a warning holds whole addresses and headers
    logging.getLogger(_noisy).setLevel(logging.WARNING)


class Unreachable(Exception):  # noqa: N818 - reads as what happened
    """No usable answer came. `reason` is a sentence without secrets; `maybe_sent` is False only where the request
    surely did not reach the service; `timed_out` says that time ran out."""

    def __init__(self, reason: str, *, maybe_sent: bool = True, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.maybe_sent = maybe_sent
        self.timed_out = timed_out


class TooLarge(Unreachable):
    """The answer was longer than allowed; it was dropped half-way."""


class Forbidden(Exception):  # noqa: N818 - reads as what happened
    """The address is not one that this client may talk to; nothing was sent. The text names the host only."""


class NotJson(ValueError):  # noqa: N818 - reads as what happened
    """The body is no JSON. The text holds nothing of the body."""


@dataclass(frozen=True)
class Answer:
    """One answer. Header names are in lower case; `ms` is the time from sending to the last byte. Its repr shows no
    header, body or query, for any of them may hold a secret."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = field(repr=False)
    ms: int
    set_cookies: tuple[str, ...] = field(default=(), repr=False)

    def text(self) -> str:
        """The body as text, in the charset that the answer names (UTF-8 where none or an unknown one is named)."""
        _kind, _sep, rest = self.headers.get("content-type", "").partition("charset=")
        charset = rest.split(";")[0].strip().strip('"') or "utf-8"
        try:
            return self.body.decode(charset, errors="replace")
        except LookupError:
            return self.body.decode(errors="replace")

    def json(self) -> Any:
        """The body as JSON; raises NotJson."""
        try:
            return jsonlib.loads(self.body)
        except (ValueError, RecursionError):
            raise NotJson("the answer is not JSON") from None

    @property
    def date(self) -> datetime | None:
        """The Date header in UTC, None where it is missing or unreadable."""
        return _http_date(self.headers.get("date", ""))


class Bearer:
    """An access token in memory, renewed by one caller for all (single-flight). Its repr shows no token."""

    def __init__(self, obtain: Callable[[], Awaitable[str]]) -> None:
        self._obtain = obtain
        self._token: str | None = None
        self._pending: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """The token; obtained if there is none yet. Raises what `obtain` raises."""
        return self._token if self._token is not None else await self._fresh()

    async def renew(self, stale: str) -> str:
        """Another token than `stale`: the one that someone else has obtained meanwhile, else a new one."""
        if self._token is not None and self._token != stale:
            return self._token
        return await self._fresh()

    async def _fresh(self) -> str:
        if self._pending is None:
            self._pending = asyncio.create_task(self._run())
            self._pending.add_done_callback(lambda task: task.cancelled() or task.exception())
        # shielded: a waiter that is cancelled must not fail the others
        return await asyncio.shield(self._pending)

    async def _run(self) -> str:
        try:
            self._token = await self._obtain()
            return self._token
        finally:
            self._pending = None


def unauthorised(answer: Answer) -> bool:
    """Whether the answer says that the token is not (or no longer) valid: status 401."""
    return answer.status == 401


def overloaded(answer: Answer) -> bool:
    """Whether the answer says that another try may succeed: 429, 502, 503, 504."""
    return answer.status in {429, 502, 503, 504}


class Http:
    """The client. One per process and event loop; `calls` holds the newest calls, `on_call` is told of each."""

    def __init__(
        self,
        *,
        ca_file: Path | None = None,
        proxy: str | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        """`ca_file` adds certificate authorities to the usual ones; `proxy` is a URL."""
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.made: Counter[str] = Counter()
        """All calls made so far, by service: `calls` forgets the old ones."""
        self.on_call: Callable[[Call], None] | None = None
        self._ca_file = ca_file
        self._proxy = proxy
        self._sleep = sleep
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._transports: list[httpx.AsyncHTTPTransport] = []
        self._idle: list[httpx.AsyncHTTPTransport] = []
        self._closed = False

    async def send(
        self,
        method: str,
        url: str,
        *,
        service: str,
        hosts: frozenset[str],
        safe: bool,
        headers: Mapping[str, str] | None = None,
        form: Form | None = None,
        json: Any = None,
        content: bytes | None = None,
        params: Mapping[str, str | int] | None = None,
        bearer: Bearer | None = None,
        expired: Callable[[Answer], bool] = unauthorised,
        again: Callable[[Answer], bool] = overloaded,
        deadline: float = USUAL_DEADLINE,
        limit: int = LIMIT,
    ) -> Answer:
        """Send a request and return whatever is answered, errors and redirects included.

        `hosts`: names, or name:port, that the URL must be one of. `safe`: it may be repeated, and is, up to three
        tries in all, where `again(answer)` or no answer came (after a time-out once only). `bearer` is renewed once
        when `expired(answer)`: a request that was refused for its token did nothing, so it is sent again even where
        it is not safe. `deadline` bounds each try in seconds, `limit` the body in bytes.
        Raises Unreachable, TooLarge, Forbidden, and what the bearer's `obtain` raises."""
        target = _permitted(url, hosts)
        sent = dict(headers or {})
        if form is not None:
            content = urlencode(list(form.items()) if isinstance(form, Mapping) else list(form)).encode()
            sent.setdefault("content-type", "application/x-www-form-urlencoded")
        tries, renewed = 0, False
        while True:
            tries += 1
            token = await bearer.get() if bearer else ""
            if bearer:
                sent["authorization"] = f"Bearer {token}"
            try:
                answer = await self._once(method, target, sent, content, json, params, service, deadline, limit)
            except TooLarge:
                raise
            except Unreachable as problem:
                if not safe or tries >= (2 if problem.timed_out else TRIES):
                    raise
                await self._sleep(_pause(tries))
                continue
            if bearer and not renewed and expired(answer):
                renewed = True
                tries -= 1
                await bearer.renew(token)
                continue
            if safe and tries < TRIES and again(answer):
                asked = _retry_after(answer)
                if asked is None or asked <= LONGEST_WAIT:
                    await self._sleep(_pause(tries) if asked is None else asked + _jitter(0, FIRST_PAUSE))
                    continue
            return answer

    async def _once(
        self,
        method: str,
        url: httpx.URL,
        headers: Mapping[str, str],
        content: bytes | None,
        json: Any,
        params: Mapping[str, str | int] | None,
        service: str,
        deadline: float,
        limit: int,
    ) -> Answer:
        if params:
            url = url.copy_merge_params(dict(params))
        patience = {"timeout": self._patience(deadline).as_dict()}
        request = httpx.Request(
            method, url, headers={**_ALWAYS, **headers}, content=content, json=json, extensions=patience
        )
        async with self._slots, self._transport() as transport:
            at, began = datetime.now(UTC), time.perf_counter()
            status: int | None = None
            note = ""
            try:
                async with asyncio.timeout(deadline):
                    response = await transport.handle_async_request(request)
                    try:
                        status = response.status_code
                        body = await _bounded(response, url.host, limit)
                    finally:
                        await response.aclose()
                return Answer(
                    status=status,
                    headers={name.lower(): value for name, value in response.headers.items()},
                    body=body,
                    url=str(url),
                    ms=_since(began),
                    set_cookies=tuple(response.headers.get_list("set-cookie")),
                )
            except TooLarge as problem:
                note = problem.reason
                raise
            except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, TimeoutError, OSError) as error:
                failure = _unreachable(error, url.host, proxied=self._proxy is not None)
                note = failure.reason
                raise failure from None
            except asyncio.CancelledError:
                note = _("cancelled")
                raise
            finally:
                self._note(Call(at, service, method, one_line(redact(url.path)), status, _since(began), note))

    def _patience(self, deadline: float) -> httpx.Timeout:
        """The time-outs of one try: whoever allows more than the usual deadline expects long silence, too."""
        read = deadline if deadline > USUAL_DEADLINE else self._read_seconds
        return httpx.Timeout(read, connect=self._connect_seconds, pool=None)

    @asynccontextmanager
    async def _transport(self) -> AsyncIterator[httpx.AsyncHTTPTransport]:
        """What sends one request. Each that is in flight has a transport of its own, the one used last first: httpcore
        looks at every connection of a pool twice for each request, and closes one host's for another's."""
        if self._closed:
            raise Unreachable(_("The connection is closed: the program is ending."), maybe_sent=False)
        transport = self._idle.pop() if self._idle else self._open()
        try:
            yield transport
        finally:
            self._idle.append(transport)

    def _open(self) -> httpx.AsyncHTTPTransport:
        transport = httpx.AsyncHTTPTransport(verify=self._trust, proxy=self._proxy, trust_env=False)
        self._transports.append(transport)
        return transport

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """The certificate authorities. Raises Unreachable."""
        if self._ca_file is None:
            return _usual_trust()
        context = httpx.create_ssl_context(trust_env=False)
        try:
            context.load_verify_locations(self._ca_file)
        except (OSError, ssl.SSLError):
            raise Unreachable(
                _(
                    "The certificate file {path} cannot be read as PEM certificates, so no secure connection "
                    "can be made. Correct ca_file in the section [http] of the config file."
                ).format(path=one_line(str(self._ca_file))),
                maybe_sent=False,
            ) from None
        return context

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        if (heard := LISTENING.get()) is not None:
            heard.append(call)
        self.made[call.service] += 1
        if self.on_call is not None:
            self.on_call(call)

    async def aclose(self) -> None:
        """Close every connection. Sending afterwards raises Unreachable."""
        self._closed = True
        for transport in self._transports:
            await transport.aclose()
        self._transports, self._idle = [], []


@cache
def _usual_trust() -> ssl.SSLContext:
    """The usual certificate authorities, loaded once: it takes some 40 ms."""
    return httpx.create_ssl_context(trust_env=False)


@lru_cache(maxsize=256)
def _permitted(url: str, hosts: frozenset[str]) -> httpx.URL:
    """The parsed URL, if this client may talk to it: a pinned host, https unless it is this machine."""
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL:
        raise Forbidden(_("An address was given that is no address; nothing was sent.")) from None
    port = target.port or {"https": 443, "http": 80}.get(target.scheme, 0)
    name = target.host.lower()
    if target.userinfo or not name or not {name, f"{name}:{port}"} & {host.lower() for host in hosts}:
        raise Forbidden(
            _("The host {host} is not one of those that this program may talk to here; nothing was sent.").format(
                host=one_line(name, limit=200) or "?"
            )
        )
    if target.scheme != "https" and not (target.scheme == "http" and name in LOOPBACK):
        raise Forbidden(
            _("The host {host} would be reached without encryption; nothing was sent.").format(
                host=one_line(name, limit=200)
            )
        )
    return target


async def _bounded(response: httpx.Response, host: str, limit: int) -> bytes:
    """The body, at most `limit` bytes after decompression; raises TooLarge."""
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > limit:
            raise TooLarge(
                _("{host} sent an answer of more than {limit} MB; it was dropped.").format(
                    host=one_line(host), limit=max(1, limit // (1024 * 1024))
                )
            )
        parts.append(part)
    return b"".join(parts)


def _unreachable(error: Exception, host: str, *, proxied: bool) -> Unreachable:
    """What a failure of the network means, in a sentence. Only the texts of failed connections are passed on: they
    come from the operating system and TLS; others may quote a header."""
    host = one_line(host, limit=200)
    if isinstance(error, httpx.ConnectTimeout):
        return Unreachable(
            _("{host} could not be reached in time: no connection was made.").format(host=host),
            maybe_sent=False,
            timed_out=True,
        )
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return Unreachable(_("{host} did not finish its answer in time.").format(host=host), timed_out=True)
    if isinstance(error, httpx.ConnectError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Unreachable(
            _(
                "{host} shows a certificate that is not trusted here. Where a company's proxy inspects encrypted"
                " traffic, put the file of its certificate authority (PEM) into ca_file, section [http] of the config"
                " file ({detail})."
            ).format(host=host, detail=one_line(redact(str(error)), limit=200)),
            maybe_sent=False,
        )
    if proxied and isinstance(error, httpx.ConnectError):
        return Unreachable(
            _("No connection to {host} could be made through the proxy of section [http] ({detail}).").format(
                host=host, detail=one_line(redact(str(error)), limit=200) or type(error).__name__
            ),
            maybe_sent=False,
        )
    if isinstance(error, httpx.ConnectError):
        detail = one_line(redact(str(error)), limit=200) or type(error).__name__
        return Unreachable(
            _("No connection to {host} could be made ({detail}).").format(host=host, detail=detail), maybe_sent=False
        )
    if isinstance(error, httpx.ProxyError):
        return Unreachable(
            _("The proxy did not let the connection to {host} through.").format(host=host), maybe_sent=False
        )
    if isinstance(error, httpx.DecodingError):
        return Unreachable(_("{host} sent an answer that cannot be unpacked.").format(host=host))
    return Unreachable(_("The connection to {host} broke before the answer was complete.").format(host=host))


def _pause(tries: int) -> float:
    """Seconds to wait after that many tries: growing, with jitter, so that many clients do not come back at once."""
    return FIRST_PAUSE * 2.0 ** (tries - 1) * _jitter(0.5, 1.5)


def _jitter(least: float, most: float) -> float:
    return random.uniform(least, most)  # noqa: S311 - spreads requests, protects nothing


def _retry_after(answer: Answer) -> float | None:
    """The Retry-After header in seconds, given as seconds or as a date; None where there is none."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until = _http_date(value)
    if until is None:
        return None
    return max(0.0, (until - (answer.date or datetime.now(UTC))).total_seconds())


def _http_date(value: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
