"""Asking Salesforce for data: the version, requests with the session's token, queries with their pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

from tui.clock import utc_now
from tui.config import SalesforceSettings
from tui.http import LIMIT, Answer, Bearer, Forbidden, Http, NotJson, Unreachable
from tui.model import ServiceError
from tui.salesforce import errors, hosts
from tui.salesforce.auth import Auth
from tui.words import _

NEWEST = 68  # Winter '27; newer versions are not known to this program
OLDEST = 60  # AssignedId of UserEmailCalendarSync: v60 and later (salesforce-api.md 2.2)
MOST_ROWS = 500_000
CHUNK_CHARACTERS = 6_000  # encoded; a URL may have about 16 KB
CHUNK_VALUES = 200

# What parsers of SOQL do not agree on is written by its code, which they all read: Salesforce's own grammar refuses \f,
# and calls \b a bell; others end a text at these separators. One such value would spoil the query of a whole chunk.
_BY_CODE: Mapping[str, str] = {
    r"\b": r"\u0008",
    r"\f": r"\u000c",
    "\u2028": r"\u2028",
    "\u2029": r"\u2029",
}

T = TypeVar("T")

_SHARE: ContextVar[float] = ContextVar("share of the day's API calls that is left alone", default=0.0)


def load_quoting() -> Callable[..., object]:
    """simple-salesforce's format_soql; importing it takes a fifth of a second and more."""
    from simple_salesforce.format import format_soql

    return format_soql


def soql(template: str, **values: Any) -> str:
    """A query with every value quoted by simple-salesforce."""
    quoted = str(load_quoting()(template, **values))
    return re.sub(r"\\.|[\u2028\u2029]", lambda found: _BY_CODE.get(found[0], found[0]), quoted)


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """The distinct values in their order, cut so that a query with one part fits into a URL."""
    part: list[str] = []
    length = 0
    for value in dict.fromkeys(values):
        cost = len(quote(value)) + 9
        if part and (length + cost > CHUNK_CHARACTERS or len(part) == CHUNK_VALUES):
            yield part
            part, length = [], 0
        part.append(value)
        length += cost
    if part:
        yield part


@contextmanager
def sparing(share: float) -> Iterator[None]:
    """Within it, and in the tasks started there, no request is sent that could leave less than that share (0 to 1) of
    the day's API calls: it raises ServiceError(salesforce.api.limit) instead. Used for bulk work, which would otherwise
    take the calls that everything else in the organisation needs."""
    token = _SHARE.set(share)
    try:
        yield
    finally:
        _SHARE.reset(token)


async def together(jobs: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of jobs run side by side, in order; the first failure cancels the others and is raised."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


class Rest:
    """Requests to one organisation. `api_used`, `api_limit` and `server_now` are those of the last answer;
    `clock_offset` is our clock minus Salesforce's then."""

    def __init__(
        self, settings: SalesforceSettings, http: Http, auth: Auth, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._settings = settings
        self._now = now
        self._http = http
        self._auth = auth
        self.bearer = Bearer(auth.obtain)
        self.version = ""
        self.api_used: int | None = None
        self.api_limit: int | None = None
        self.server_now: datetime | None = None
        self.clock_offset: timedelta | None = None
        self._on_the_way = 0

    @property
    def instance(self) -> str:
        """The origin that is asked: what the token answer named, before that the config's domain."""
        return self._auth.identity.instance if self._auth.identity else self._settings.domain

    def no_page(self) -> str:
        """Why this sign-in opens no page of Setup, as a sentence; "" where nothing speaks against it. A session of a
        browser takes the scope `web` (salesforce-api.md 7.1)."""
        identity = self._auth.identity
        if identity is None or not identity.scopes or identity.scopes & {"web", "full"}:
            return ""
        if self._settings.auth == "client_credentials":
            return _(
                "client credentials give a session for the API only, none for pages of Setup. Read the status by the"
                ' guided way, or sign in with auth = "jwt" or "sf_cli"'
            )
        return _("the app gives no scope web (its scopes: {scopes}): add it to the app in Setup").format(
            scopes=", ".join(sorted(identity.scopes))
        )

    async def negotiate(self) -> str:
        """Choose the version: the config's, else the highest that both sides know. Raises ServiceError."""
        if self._settings.api_version != "auto":
            self.version = self._settings.api_version
            return self.version
        known = [number for number in map(_version, await self.versions()) if OLDEST <= number <= NEWEST]
        if not known:
            raise errors.error(
                errors.UNAVAILABLE,
                _("it offers no version of its API that this program knows ({oldest} to {newest})").format(
                    oldest=OLDEST, newest=NEWEST
                ),
                asked="/services/data/",
            )
        self.version = f"{max(known)}.0"
        return self.version

    async def versions(self) -> list[str]:
        """The versions that Salesforce offers, oldest first. Raises ServiceError."""
        found = await self.get("/services/data/")
        offered = [str(entry.get("version")) for entry in found if isinstance(entry, dict)] if found else []
        return sorted((one for one in offered if _version(one)), key=_version)

    def path(self, rest: str) -> str:
        """`rest` below the version's path."""
        return f"/services/data/v{self.version}/{rest}"

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        """The JSON at that path (a dict or a list). Raises ServiceError."""
        return await self._json("GET", path, params=params)

    async def ask(self, path: str, body: Any, params: Mapping[str, str | int] | None, *, deadline: float) -> Any:
        """POST that only reads (a report run), so it may be repeated. Raises ServiceError."""
        return await self._json("POST", path, params=params, body=body, deadline=deadline)

    async def query(self, text: str, *, tooling: bool = False) -> list[dict[str, Any]]:
        """All records of a SOQL query, page by page, without their `attributes`. A locator that is gone restarts the
        query once. Raises ServiceError."""
        path = self.path("tooling/query" if tooling else "query")
        try:
            return await self._pages(path, text)
        except ServiceError as problem:
            if problem.code != "INVALID_QUERY_LOCATOR":
                raise
            return await self._pages(path, text)

    async def count(self, text: str) -> int:
        """How many records a query that begins with SELECT COUNT() finds. Raises ServiceError."""
        path = self.path("query")
        found = await self.get(path, {"q": text})
        total = found.get("totalSize") if isinstance(found, dict) else None
        if type(total) is not int:
            raise self._odd(path, _("the answer to a query has no number of records"))
        return total

    async def _pages(self, path: str, text: str) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = []
        page = await self.get(path, {"q": text})
        seen: set[str] = set()
        while True:
            if not isinstance(page, dict) or not isinstance(page.get("records"), list):
                raise self._odd(path, _("the answer to a query has no records"))
            records += [_bare(record) for record in page["records"] if isinstance(record, dict)]
            following = page.get("nextRecordsUrl")
            if page.get("done", True) is True or not following:
                return records
            if (
                not isinstance(following, str)
                or not re.fullmatch(r"/services/data/[\w./-]+", following)
                or ".." in following
                or following in seen
                or len(records) > MOST_ROWS
            ):
                raise self._odd(path, _("the pages of a query's answer do not end"))
            seen.add(following)
            page = await self.get(following)

    async def _json(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Any = None,
        deadline: float = 30.0,
    ) -> Any:
        answer = await self.send(method, path, params=params, body=body, deadline=deadline)
        try:
            found = answer.json()
        except NotJson:
            raise errors.failure(answer, asked=path) from None
        if not isinstance(found, dict | list):
            raise self._odd(path, _("the answer is neither an object nor a list"))
        return found

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        deadline: float = 30.0,
        limit: int = LIMIT,
        safe: bool = True,
    ) -> Answer:
        """A request with the session's token; returns a success, raises ServiceError for anything else."""
        await self.bearer.get()  # the first token answer says which instance to ask
        self._spare(path)
        self._on_the_way += 1
        try:
            answer = await self._http.send(
                method,
                self.instance + path,
                service=errors.SERVICE,
                hosts=hosts.pinned(self.instance),
                safe=safe,
                headers={"accept": "application/json"},
                params=params,
                json=body,
                form=form,
                bearer=self.bearer,
                expired=errors.expired,
                again=errors.again,
                deadline=deadline,
                limit=limit,
            )
        except (Unreachable, Forbidden) as problem:
            raise errors.unreachable(problem, asked=path) from None
        finally:
            self._on_the_way -= 1
        self.note(answer)
        if not 200 <= answer.status < 300:
            raise errors.failure(answer, asked=path)
        return answer

    def _spare(self, path: str) -> None:
        """Raise where this request, with those on their way, could touch the share that is left alone."""
        share = _SHARE.get()
        if not share or self.api_used is None or not self.api_limit:
            return
        left = self.api_limit - self.api_used - self._on_the_way
        if left - 1 < self.api_limit * share:
            raise errors.error(
                errors.API_LIMIT,
                _("{left} of {limit} calls of the day are left, and api_reserve keeps {share} % of them").format(
                    left=max(0, left), limit=self.api_limit, share=round(share * 100)
                ),
                code="RESERVE",
                asked=path,
            )

    def note(self, answer: Answer) -> None:
        """Remember what an answer's headers say of the limits and the time."""
        usage = re.search(r"api-usage=(\d+)/(\d+)", answer.headers.get("sforce-limit-info", ""))
        if usage:
            self.api_used, self.api_limit = int(usage[1]), int(usage[2])
        if answer.date is not None:
            self.server_now = answer.date
            self.clock_offset = self._now() - answer.date

    def _odd(self, path: str, detail: str) -> ServiceError:
        return errors.error(errors.UNAVAILABLE, detail, asked=path)


def _version(value: object) -> int:
    match = re.fullmatch(r"(\d{1,4})\.0", str(value))
    return int(match[1]) if match else 0


def _bare(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _bare(value) if isinstance(value, dict) else value for key, value in record.items() if key != "attributes"
    }
