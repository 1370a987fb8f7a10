"""The practice Google Workspace: Calendar, People and Directory (its tokens: google_tokens.py).

Error bodies in Google's three shapes; wordings and statuses as reference/google-api.md gives them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tui.sandbox.fields import FieldsError, select
from tui.sandbox.google_tokens import Grant, RefusedError, Tokens
from tui.sandbox.keys import Keys
from tui.sandbox.state import (
    ACCOUNT,
    CALENDAR_SCOPE,
    CONTACTS_SCOPE,
    DIRECTORY_SCOPE,
    PROJECT,
    Person,
    World,
)

_AUTH = "https://www.googleapis.com/auth/"
_CALENDAR_LIST = {CALENDAR_SCOPE, *(f"{CALENDAR_SCOPE}{end}" for end in (".readonly", ".calendarlist",
                  ".calendarlist.readonly"))}  # fmt: skip
_EVENTS = {CALENDAR_SCOPE, *(f"{CALENDAR_SCOPE}{end}" for end in (".readonly", ".events", ".events.readonly"))}
_SETTINGS = {CALENDAR_SCOPE, f"{CALENDAR_SCOPE}.readonly", f"{CALENDAR_SCOPE}.settings.readonly"}
_CONTACTS = {CONTACTS_SCOPE, f"{CONTACTS_SCOPE}.readonly"}
_DIRECTORY = {DIRECTORY_SCOPE, f"{_AUTH}admin.directory.user"}


def backend_error(code: int, domain: str, reason: str, message: str) -> Response:
    """The Calendar backend's shape: `errors`, no `status`."""
    error = {"errors": [{"domain": domain, "reason": reason, "message": message}], "code": code, "message": message}
    return JSONResponse({"error": error}, code)


def api_error(
    code: int, status: str, message: str, *, reason: str = "", info: dict[str, Any] | None = None, old: bool = True
) -> Response:
    """The front end's shape: `status` and `details`, with `errors` beside them where `old` (Calendar, Directory)."""
    error: dict[str, Any] = {"code": code, "message": message}
    if old:
        error["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    error["status"] = status
    if info is not None:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "domain": "googleapis.com", **info}]
    return JSONResponse({"error": error}, code)


class Google:
    """The three Google services and their token endpoint over one world."""

    def __init__(self, world: World, keys: Keys) -> None:
        self.world = world
        self.tokens = Tokens(world, keys)

    def routes(self) -> list[Route]:
        calendar, people = "/google/calendar/v3", "/google/people/v1"
        table: list[tuple[str, Callable[[Request], Awaitable[Response]], str]] = [
            ("/google/token", self.tokens.token, "POST"),
            ("/google/tokeninfo", self.tokens.tokeninfo, "GET"),
            ("/google/service_accounts/v1/metadata/x509/{email}", self.tokens.x509, "GET"),
            (f"{calendar}/users/me/calendarList/{{id}}", self.calendar_list_entry, "GET"),
            (f"{calendar}/users/me/settings/{{id}}", self.setting, "GET"),
            (f"{calendar}/calendars/{{id}}/events", self.events, "GET"),
            (f"{people}/contactGroups", self.contact_groups, "GET"),
            (f"{people}/people/me/connections", self.connections, "GET"),
            ("/google/admin/directory/v1/users/{key}", self.directory, "GET"),
        ]
        return [Route(path, self._guarded(handler), methods=[method]) for path, handler, method in table]

    def _guarded(self, handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if self.world.scenario == "google.service.unavailable":
                return HTMLResponse("<html><title>Error 503 (Service Unavailable)</title></html>", 503)
            try:
                return await handler(request)
            except RefusedError as refused:
                return refused.response

        return guarded

    # What the services share

    def _grant(self, request: Request, accepted: set[str], method: str, service: str, *, old: bool) -> Grant:
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        grant = self.tokens.grants.get(token) if scheme.lower() == "bearer" else None
        if grant is None or grant.until < time.time():
            message = "Request had invalid authentication credentials. Expected OAuth 2 access token."
            raise RefusedError(
                api_error(
                    401, "UNAUTHENTICATED", "Invalid Credentials" if old else message, reason="authError", old=old
                )
            )
        if not grant.scopes & accepted:
            info = {"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "metadata": {"service": service, "method": method}}
            response = api_error(
                403,
                "PERMISSION_DENIED",
                "Request had insufficient authentication scopes.",
                reason="insufficientPermissions",
                info=info,
                old=old,
            )
            response.headers["www-authenticate"] = (
                f'Bearer realm="https://accounts.google.com/", error="insufficient_scope", '
                f'scope="{" ".join(sorted(accepted))}"'
            )
            raise RefusedError(response)
        return grant

    def _enabled(self, service: str, title: str, cause: str, *, old: bool) -> None:
        scenario = self.world.scenario
        if scenario == cause:
            message = (
                f"{title} has not been used in project {PROJECT} before or it is disabled. Enable it by visiting "
                f"https://console.developers.google.com/apis/api/{service}/overview?project={PROJECT} then retry."
            )
            info = {"reason": "SERVICE_DISABLED", "metadata": {"consumer": f"projects/{PROJECT}", "service": service}}
            response = api_error(403, "PERMISSION_DENIED", message, reason="accessNotConfigured", info=info, old=old)
            raise RefusedError(response)
        if scenario == "google.quota.exceeded":
            info = {"reason": "RATE_LIMIT_EXCEEDED", "metadata": {"consumer": f"projects/{PROJECT}"}}
            message = "Quota exceeded for quota metric 'Queries' of the practice project."
            status = "PERMISSION_DENIED" if old else "RESOURCE_EXHAUSTED"
            response = api_error(403 if old else 429, status, message, reason="rateLimitExceeded", info=info, old=old)
            raise RefusedError(response)

    def _answer(self, request: Request, body: dict[str, Any]) -> Response:
        try:
            return JSONResponse(select(body, request.query_params.get("fields")))
        except FieldsError as bad:
            return backend_error(400, "global", "invalidParameter", f"Invalid field selection {bad}")

    # Calendar

    def _calendar(self, request: Request, accepted: set[str], method: str) -> tuple[str, Person | None]:
        service = "calendar-json.googleapis.com"
        grant = self._grant(request, accepted, method, service, old=True)
        self._enabled(service, "Google Calendar API", "google.api.calendar_disabled", old=True)
        person = self.tokens.person(grant.email) if grant.email else None
        if person is not None and person.mailbox in {"calendar_off", "suspended_late"}:
            raise RefusedError(
                backend_error(403, "calendar", "notACalendarUser", "The user must be signed up for Google Calendar.")
            )
        if "id" in request.path_params and "Settings" not in method:
            wanted = request.path_params["id"]
            if wanted not in {"primary", grant.email, person.primary if person else ACCOUNT}:
                raise RefusedError(backend_error(404, "global", "notFound", "Not Found"))
        return (person.primary if person else ACCOUNT), person

    async def calendar_list_entry(self, request: Request) -> Response:
        email, person = self._calendar(request, _CALENDAR_LIST, "calendar.v3.CalendarList.Get")
        return self._answer(
            request,
            {
                "kind": "calendar#calendarListEntry",
                "etag": '"1735689600000000"',
                "id": email,
                "summary": person.name if person else email,
                "timeZone": self.world.zone_name,
                "colorId": "14",
                "backgroundColor": "#9fe1e7",
                "foregroundColor": "#000000",
                "selected": True,
                "accessRole": "owner",
                "defaultReminders": [{"method": "popup", "minutes": 10}],
                "notificationSettings": {"notifications": [{"type": "eventCreation", "method": "email"}]},
                "primary": True,
                "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
            },
        )

    async def setting(self, request: Request) -> Response:
        self._calendar(request, _SETTINGS, "calendar.v3.Settings.Get")
        values = {"timezone": self.world.zone_name, "locale": self.world.lang}
        name = request.path_params["id"]
        if name not in values:
            return backend_error(404, "global", "notFound", "Not Found")
        return self._answer(request, {"kind": "calendar#setting", "etag": '"0"', "id": name, "value": values[name]})

    async def events(self, request: Request) -> Response:
        email, _person = self._calendar(request, _EVENTS, "calendar.v3.Events.List")
        most = request.query_params.get("maxResults", "250")
        if not most.isdigit() or not 1 <= int(most) <= 2500:
            return backend_error(400, "global", "invalidParameter", f"Invalid value '{most}'.")
        stamp = self.world.started.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        day = self.world.started.date().isoformat()
        items = [
            {
                "kind": "calendar#event",
                "etag": f'"{number}"',
                "id": f"practice{number:08d}",
                "status": "confirmed",
                "created": stamp,
                "updated": stamp,
                "summary": f"Meeting {number}",
                "organizer": {"email": email, "self": True},
                "start": {"dateTime": f"{day}T{9 + number:02d}:00:00Z", "timeZone": self.world.zone_name},
                "end": {"dateTime": f"{day}T{10 + number:02d}:00:00Z", "timeZone": self.world.zone_name},
                "eventType": "default",
            }
            for number in range(3)
        ]
        shown = int(most)
        body: dict[str, Any] = {
            "kind": "calendar#events",
            "etag": '"p33k"',
            "summary": email,
            "updated": stamp,
            "timeZone": self.world.zone_name,
            "accessRole": "owner",
            "defaultReminders": [{"method": "popup", "minutes": 10}],
            "items": items[:shown],
        }
        body |= {"nextPageToken": "CAE"} if shown < len(items) else {"nextSyncToken": "CPDAlvWDx70CEPDAlvWDx70CGAU="}
        return self._answer(request, body)

    # People

    def _people(self, request: Request, method: str) -> Person | None:
        service = "people.googleapis.com"
        grant = self._grant(request, _CONTACTS, f"google.people.v1.PeopleService.{method}", service, old=False)
        self._enabled(service, "People API", "google.api.contacts_disabled", old=False)
        return self.tokens.person(grant.email) if grant.email else None

    async def contact_groups(self, request: Request) -> Response:
        self._people(request, "ListContactGroups")
        size = request.query_params.get("pageSize", "30")
        if not size.isdigit() or not 1 <= int(size) <= 1000:
            message = "Request must contain a page size between 1 and 1000."
            return api_error(400, "INVALID_ARGUMENT", message, old=False)
        groups = [
            {"resourceName": "contactGroups/myContacts", "groupType": "SYSTEM_CONTACT_GROUP", "name": "myContacts",
             "formattedName": "My Contacts", "memberCount": 41},
            {"resourceName": "contactGroups/7f0c5d1a8b2e", "groupType": "USER_CONTACT_GROUP", "name": "Salesforce Sync",
             "formattedName": "Salesforce Sync", "memberCount": 23, "etag": "kZ9qvLm1dXs="},
        ]  # fmt: skip
        shown = int(size)
        body: dict[str, Any] = {"contactGroups": groups[:shown], "totalItems": len(groups)}
        body |= {"nextPageToken": "1"} if shown < len(groups) else {"nextSyncToken": "EJ7"}
        return self._answer(request, body)

    async def connections(self, request: Request) -> Response:
        self._people(request, "ListConnections")
        if not request.query_params.get("personFields"):
            message = "personFields mask is required. Please specify one or more valid paths."
            return api_error(400, "INVALID_ARGUMENT", message, old=False)
        person = {
            "resourceName": "people/c1",
            "etag": "%EgUBAj0DNzgaBAECBQc=",
            "metadata": {"objectType": "PERSON", "sources": [{"type": "CONTACT", "id": "1", "etag": "#1"}]},
        }
        return self._answer(request, {"connections": [person], "totalPeople": 23, "totalItems": 23})

    # Directory

    async def directory(self, request: Request) -> Response:
        grant = self._grant(
            request, _DIRECTORY, "ccc.hosted.frontend.directory.v1.DirectoryUsers.Get", "admin.googleapis.com", old=True
        )
        if grant.email is None or grant.email.lower() != self.world.admin.email.lower():
            return backend_error(403, "global", "forbidden", "Not Authorized to access this resource/api")
        person = self.tokens.person(request.path_params["key"])
        if person is None or person.mailbox in {"deleted", "unknown", "malformed", "impersonation"}:
            return backend_error(404, "global", "notFound", "Resource Not Found: userKey")
        suspended = person.mailbox in {"suspended", "suspended_late"}
        body: dict[str, Any] = {
            "kind": "admin#directory#user",
            "id": str(int.from_bytes(person.id.encode()[:9], "big")),
            "etag": '"practice"',
            "primaryEmail": person.primary,
            "name": {"givenName": person.first, "familyName": person.last, "fullName": person.name},
            "isAdmin": person is self.world.admin,
            "isDelegatedAdmin": False,
            "agreedToTerms": True,
            "suspended": suspended,
            "archived": person.mailbox == "archived",
            "isMailboxSetup": True,
            "orgUnitPath": "/",
            "aliases": [person.email] if person.primary != person.email else [],
            "lastLoginTime": self.world.started.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        if suspended:
            body["suspensionReason"] = "ADMIN"
        return self._answer(request, body)
