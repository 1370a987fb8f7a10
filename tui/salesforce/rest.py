"""Asking Salesforce for data: the version, requests with the session's token, queries with their pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

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

T = TypeVar("T")


def soql(template: str, **values: Any) -> str:
    """A query with every value quoted by simple-salesforce's format_soql (imported here: it costs 0.7 s)."""
    from simple_salesforce.format import format_soql

    return str(format_soql(template, **values))


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
    """Requests to one organisation. `api_used`, `api_limit` and `server_now` are those of the last answer."""

    def __init__(self, settings: SalesforceSettings, http: Http, auth: Auth) -> None:
        self._settings = settings
        self._http = http
        self._auth = auth
        self.bearer = Bearer(auth.obtain)
        self.version = ""
        self.api_used: int | None = None
        self.api_limit: int | None = None
        self.server_now: datetime | None = None

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
        found = await self.get("/services/data/")
        numbers = [_version(entry.get("version")) for entry in found if isinstance(entry, dict)] if found else []
        known = [number for number in numbers if OLDEST <= number <= NEWEST]
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
        self.note(answer)
        if not 200 <= answer.status < 300:
            raise errors.failure(answer, asked=path)
        return answer

    def note(self, answer: Answer) -> None:
        """Remember what an answer's headers say of the limits and the time."""
        usage = re.search(r"api-usage=(\d+)/(\d+)", answer.headers.get("sforce-limit-info", ""))
        if usage:
            self.api_used, self.api_limit = int(usage[1]), int(usage[2])
        self.server_now = answer.date or self.server_now

    def _odd(self, path: str, detail: str) -> ServiceError:
        return errors.error(errors.UNAVAILABLE, detail, asked=path)


def _version(value: object) -> int:
    match = re.fullmatch(r"(\d{1,4})\.0", str(value))
    return int(match[1]) if match else 0


def _bare(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _bare(value) if isinstance(value, dict) else value for key, value in record.items() if key != "attributes"
    }
