"""Google as the triage asks it: a token for each scope and person, then one small reading of the calendar or contacts.

Every failure is a `ServiceError` with a cause of causes.md. Its evidence names what was asked, with which key and as
whom, and what Google answered; never an assertion or a token.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tui import ssh_agent
from tui.config import GoogleSettings
from tui.google import errors, key
from tui.google.errors import CALENDAR, CERTIFICATES, CONTACTS, DIRECTORY, TOKEN, TOKENINFO
from tui.http import Answer, Forbidden, Http, NotJson, TooLarge, Unreachable
from tui.keyfile import KeyFileProblem
from tui.model import ServiceError
from tui.sanitise import one_line
from tui.sign_in import GoogleAgentKey
from tui.words import N_, _

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DIRECTORY_SCOPE = "https://www.googleapis.com/auth/admin.directory.user.readonly"
SPARE = timedelta(seconds=60)  # a token is not used in its last minute
MOST_TOKENS = 4096
LIMIT = 1 << 20  # bytes: every answer that we ask for is far smaller

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_TOKEN = re.compile(r"[!-~]{1,8192}")
_NAMES = {
    TOKEN: "Google (token)",
    CALENDAR: "Google Calendar",
    CONTACTS: "Google Contacts",
    DIRECTORY: "Google Directory",
    TOKENINFO: "Google (tokeninfo)",
    CERTIFICATES: "Google (certificates)",
}
_NOT_AS_EXPECTED = N_("{service} answered with something else than what was asked for.")


@dataclass(frozen=True, slots=True)
class CalendarAnswer:
    """The person's primary calendar. `id` is the mailbox's address, "" where Google was asked `via` its events only."""

    id: str
    primary: bool
    access_role: str
    time_zone: str
    via: str  # "calendarList" | "events"


@dataclass(frozen=True, slots=True)
class DirectoryUser:
    """A Google account as its administrator sees it."""

    primary_email: str
    aliases: tuple[str, ...]
    suspended: bool
    archived: bool
    name: str = ""


@dataclass(slots=True)
class _Grant:
    """The token of one scope and subject, asked for by one caller at a time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    token: str = field(default="", repr=False)
    until: datetime = _LONG_AGO


class Google:
    """The client. One for each process and event loop; tokens are kept in memory until a minute before they expire."""

    def __init__(
        self, settings: GoogleSettings, http: Http, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ):
        self.clock_offset: timedelta | None = None
        """Our clock minus the Date of Google's last answer (which is in whole seconds)."""
        self._settings = settings
        self._http = http
        self._now = now
        self._key: key.Key | None = None
        self._grants: dict[tuple[str, str | None], _Grant] = {}

    @property
    def key_id(self) -> str:
        """The key's id, "" before it is loaded or where the file names none."""
        return self._key.key_id if self._key else ""

    @property
    def account(self) -> str:
        """The service account's address, "" before the key is loaded."""
        return self._key.account if self._key else ""

    @property
    def client_id(self) -> str:
        """The service account's numeric client ID, the one that is delegated; "" before the key is loaded."""
        return self._key.client_id if self._key else ""

    def load_key(self) -> None:
        """Read the key file, which may have changed since, or look whether the agent holds the key. Raises ServiceError
        `google.key.unreadable`."""
        try:
            loaded = key.load(self._settings.key, self._key)
        except KeyFileProblem as problem:
            raise self._unreadable(problem) from None
        if loaded is not self._key:
            self._grants.clear()
        self._key = loaded

    def _unreadable(self, problem: KeyFileProblem) -> ServiceError:
        source = self._settings.key
        shown = one_line(source.agent if isinstance(source, GoogleAgentKey) else source, limit=400)
        evidence = {"service": "google", "error": problem.sentence, "key": shown}
        return ServiceError(
            errors.KEY_UNREADABLE,
            _("Google's key cannot be used. {sentence}").format(sentence=problem.sentence),
            evidence=_present(**evidence, **self._identity()),
        )

    async def token(self, scope: str, subject: str | None) -> str:
        """An access token for that one scope, acting as `subject`; None: as the service account itself.

        Raises ServiceError. `google.delegation.unauthorized` says that this scope was refused; whether all are is
        for the caller to compare."""
        if self._key is None:
            self.load_key()
        if len(self._grants) >= MOST_TOKENS:
            self._grants.clear()
        grant = self._grants.setdefault((scope, subject), _Grant())
        async with grant.lock:
            if not grant.token or self._now() >= grant.until:
                grant.token = ""
                grant.token, seconds = await self._exchange(scope, subject)
                grant.until = self._now() + timedelta(seconds=seconds) - SPARE
            return grant.token

    async def calendar(self, token: str) -> CalendarAnswer:
        """The primary calendar of the person whose token this is (scope: one of Calendar's). Raises ServiceError.

        Asks the calendar list; where the token's scope does not reach that far, the events."""
        urls, fields = self._settings.urls, "id,primary,accessRole,timeZone"
        try:
            found = await self._read(
                CALENDAR, f"{urls.calendar}/users/me/calendarList/primary", token, {"fields": fields}
            )
        except ServiceError as error:
            if error.cause != errors.SCOPE_MISSING:
                raise
        else:
            body = _expect(found, CALENDAR, self._identity(), id=str, accessRole=str)
            return _calendar(body, body["id"], "calendarList")
        params: dict[str, str | int] = {"maxResults": 1, "fields": "accessRole,timeZone,updated"}
        found = await self._read(CALENDAR, f"{urls.calendar}/calendars/primary/events", token, params)
        return _calendar(_expect(found, CALENDAR, self._identity(), accessRole=str), "", "events")

    async def contacts(self, token: str) -> int:
        """How many contact groups that person has, Google's own included (scope: one of the People API's).
        Raises ServiceError."""
        found = await self._read(CONTACTS, f"{self._settings.urls.people}/contactGroups", token, {"pageSize": 1})
        return int(_expect(found, CONTACTS, self._identity(), totalItems=int)["totalItems"])

    async def directory(self, address: str) -> DirectoryUser | None:
        """What the Directory knows of that address, None when it knows nobody there. Raises ServiceError.

        Asked as `[google] admin`, with a scope of its own that Salesforce does not need."""
        if self._settings.admin is None:
            raise ServiceError(
                errors.UNCLASSIFIED,
                _("The Directory can be asked only when admin is set in [google] of the config file."),
                evidence={"service": DIRECTORY},
            )
        token = await self.token(DIRECTORY_SCOPE, self._settings.admin)
        params: dict[str, str | int] = {
            "projection": "basic",
            "fields": "primaryEmail,name,aliases,nonEditableAliases,suspended,archived",
        }
        url = f"{self._settings.urls.directory}/users/{quote(address, safe='@')}"
        try:
            found = await self._read(DIRECTORY, url, token, params)
        except ServiceError as error:
            if error.status == 404 and error.code in ("notFound", "NOT_FOUND"):
                return None
            raise
        body = _expect(found, DIRECTORY, self._identity(), primaryEmail=str)
        return DirectoryUser(
            primary_email=one_line(body["primaryEmail"], limit=320),
            aliases=tuple(
                one_line(alias, limit=320)
                for name in ("aliases", "nonEditableAliases")
                for alias in body.get(name) or ()
            ),
            suspended=body.get("suspended") is True,
            archived=body.get("archived") is True,
            name=one_line(name.get("fullName"), limit=200) if isinstance(name := body.get("name"), dict) else "",
        )

    async def granted(self, token: str) -> tuple[str, ...]:
        """The scopes that Google says a token of ours carries, in alphabetical order. Raises ServiceError."""
        scope, subject = self._owner(token)
        asked = {"scope": scope, "user": subject or "", **self._identity()}
        answer = await self._send(
            "GET", self._settings.urls.tokeninfo, TOKENINFO, asked, params={"access_token": token}
        )
        return tuple(sorted(one_line(_expect(answer, TOKENINFO, asked, scope=str)["scope"]).split()))

    async def published_keys(self) -> dict[str, datetime | None]:
        """The ids of the keys that Google publishes for the service account, each with the day from which it is valid
        (None where its certificate cannot be read). Needs no token. Raises ServiceError.

        A key that was deleted is not among them; whether one that was only disabled goes too is not known."""
        if self._key is None:
            self.load_key()
        url = f"{self._settings.urls.certificates}/{quote(self.account, safe='@')}"
        answer = await self._send("GET", url, CERTIFICATES, self._identity())
        found = _expect(answer, CERTIFICATES, self._identity())
        return {
            one_line(name, limit=128): key.valid_from(text) for name, text in found.items() if isinstance(text, str)
        }

    # ---- requests ------------------------------------------------------------------------------------------------

    async def _exchange(self, scope: str, subject: str | None) -> tuple[str, int]:
        """A new token and the seconds that it lives."""
        assert self._key is not None  # noqa: S101 - token() has loaded it
        form = {"grant_type": GRANT, "assertion": await self._assertion(self._key, scope, subject)}
        asked = {"scope": scope, "user": subject or "", **self._identity()}
        asked["scopes"] = ", ".join(dict.fromkeys(sum(self._settings.scopes.values(), ())))
        answer = await self._send("POST", self._settings.urls.token, TOKEN, asked, form=form, subject=subject)
        body = _expect(answer, TOKEN, asked, access_token=str)
        seconds = body.get("expires_in", key.LIFETIME)
        kind = body.get("token_type", "Bearer")
        if not _TOKEN.fullmatch(body["access_token"]) or not isinstance(seconds, int) or str(kind).lower() != "bearer":
            raise _unexpected(answer, TOKEN, asked)
        return body["access_token"], max(0, min(seconds, key.LIFETIME))

    async def _assertion(self, signing: key.Key, scope: str, subject: str | None) -> str:
        try:
            if not signing.waits:
                return await asyncio.to_thread(signing.assertion, scope, subject, self._now())
            return await ssh_agent.beside(lambda: signing.assertion(scope, subject, self._now()))
        except KeyFileProblem as problem:
            raise self._unreadable(problem) from None

    async def _read(self, service: str, url: str, token: str, params: Mapping[str, str | int]) -> Answer:
        """A GET with that token; once more with a new one when Google no longer takes it and it is one of ours."""
        scope, subject = self._owner(token)
        asked = {"scope": scope, "user": subject or "", **self._identity()}
        url = f"{url}?{urlencode(params)}"  # the same for everybody: parsed once
        try:
            return await self._send("GET", url, service, asked, token=token)
        except ServiceError as error:
            if error.status != 401 or not scope:
                raise
        grant = self._grants.get((scope, subject))
        if grant is not None and grant.token == token:
            grant.token = ""
        fresh = await self.token(scope, subject)
        return await self._send("GET", url, service, asked, token=fresh)

    async def _send(
        self,
        method: str,
        url: str,
        service: str,
        asked: Mapping[str, str],
        *,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        token: str = "",
        subject: str | None = None,
    ) -> Answer:
        """The answer, if it is a 200. Raises ServiceError otherwise. Nothing that is sent here changes anything."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        tries = 0

        def again(answer: Answer) -> bool:
            nonlocal tries
            tries += 1
            return answer.status != 200 and tries < errors.understand(answer, service, subject=subject).tries

        try:
            answer = await self._http.send(
                method,
                url,
                service="google",
                hosts=frozenset({f"{host}:{port}"}),
                safe=True,
                headers={"authorization": f"Bearer {token}"} if token else None,
                form=form,
                params=params,
                again=again,
                limit=LIMIT,
            )
        except (Unreachable, Forbidden) as problem:
            sentence = one_line(problem)
            evidence = _present(service=service, host=host, error=sentence, **asked)
            cause = errors.UNCLASSIFIED if isinstance(problem, TooLarge) else errors.UNREACHABLE
            raise ServiceError(cause, sentence, evidence=evidence) from None
        if answer.date is not None:
            self.clock_offset = self._now() - answer.date
        if answer.status != 200:
            raise self._refused(answer, service, asked, subject)
        return answer

    def _refused(self, answer: Answer, service: str, asked: Mapping[str, str], subject: str | None) -> ServiceError:
        refusal = errors.understand(answer, service, subject=subject)
        evidence: dict[str, Any] = _present(service=service, **asked) | dict(refusal.evidence)
        if refusal.cause == errors.CLOCK and self.clock_offset is not None:
            evidence["seconds"] = round(self.clock_offset.total_seconds())
        if answer.status == 401 and service != TOKEN:
            evidence["note"] = _(
                "Google did not accept the token that it had just issued: check every step of the set-up."
            )
        message = _("{service} answered: {error}").format(
            service=_NAMES[service], error=refusal.evidence.get("error", answer.status)
        )
        return ServiceError(refusal.cause, message, code=refusal.code, status=answer.status, evidence=evidence)

    def _owner(self, token: str) -> tuple[str, str | None]:
        """Scope and subject of a token that we hold, ("", None) for any other. The newest are the likeliest."""
        return next((owner for owner, grant in reversed(self._grants.items()) if grant.token == token), ("", None))

    def _identity(self) -> dict[str, str]:
        return {"key_id": self.key_id, "service_account": self.account, "client_id": self.client_id}


def _expect(answer: Answer, service: str, asked: Mapping[str, str], **kinds: type) -> dict[str, Any]:
    """The answer's JSON object, which has these fields, of these types. Raises ServiceError."""
    try:
        body = answer.json()
    except NotJson:
        raise _unexpected(answer, service, asked) from None
    if not isinstance(body, dict) or not all(type(body.get(name)) is kind for name, kind in kinds.items()):
        raise _unexpected(answer, service, asked)
    return body


def _unexpected(answer: Answer, service: str, asked: Mapping[str, str]) -> ServiceError:
    """A 200 that is not what was asked for: a page of something on the way, a cut or a foreign answer."""
    refusal = errors.understand(answer, service)
    message = _(_NOT_AS_EXPECTED).format(service=_NAMES[service])
    evidence = _present(service=service, **asked) | {"error": message} | dict(refusal.evidence)
    return ServiceError(refusal.cause, message, status=answer.status, evidence=evidence)


def _calendar(body: Mapping[str, Any], address: str, via: str) -> CalendarAnswer:
    return CalendarAnswer(
        id=one_line(address, limit=320),
        primary=via == "events" or body.get("primary") is True,
        access_role=one_line(body["accessRole"], limit=40),
        time_zone=one_line(body.get("timeZone"), limit=64),
        via=via,
    )


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != ""}
