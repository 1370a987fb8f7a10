"""The practice Salesforce org: OAuth, REST data and Tooling. Its other parts: analytics, soap, bridge."""

from __future__ import annotations

import base64
import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tui.sandbox.analytics import RUNS_AN_HOUR, Analytics
from tui.sandbox.answers import VERSIONS, ApiError, Handler, oauth_error
from tui.sandbox.describe import describe, summary
from tui.sandbox.files import AUDIENCE
from tui.sandbox.forms import read_form
from tui.sandbox.keys import Keys
from tui.sandbox.objects import TABLES
from tui.sandbox.query import Run
from tui.sandbox.report_run import ReportError
from tui.sandbox.sessions import Sessions
from tui.sandbox.soap import read_metadata
from tui.sandbox.soql import SoqlError, parse
from tui.sandbox.state import World

DAILY_CALLS = 1_000_000
LONGEST_URL = 16_384
PAGE = 2000
REPORT_LIMITS = {"HourlySyncReportRuns": "synchronously", "HourlyAsyncReportRuns": "asynchronously"}
MAINTENANCE = "<html><head><title>Down for Maintenance</title></head><body><h1>Down for Maintenance</h1></body></html>"


class Salesforce:
    """REST and OAuth of the org over one world. `base` is its own origin."""

    def __init__(self, world: World, keys: Keys, sessions: Sessions, base: str, daily_calls: int = DAILY_CALLS) -> None:
        self.world = world
        self.keys = keys
        self.sessions = sessions
        self.base = base
        self.daily_calls = daily_calls
        self.used = 1_204
        self.cursors: dict[str, tuple[list[Any], int, int]] = {}
        self.analytics = Analytics(world)

    def routes(self) -> list[Route]:
        v = "/services/data/v{version}"
        table: list[tuple[str, Handler, list[str]]] = [
            (f"{v}/query", self.query, ["GET"]),
            (f"{v}/query/{{cursor}}", self.more, ["GET"]),
            (f"{v}/tooling/query", self.tooling, ["GET"]),
            (f"{v}/sobjects", self.all_objects, ["GET"]),
            (f"{v}/sobjects/{{name}}/describe", self.describe, ["GET"]),
            (f"{v}/limits", self.limits, ["GET"]),
            *self.analytics.table(f"{v}/analytics"),
        ]
        routes = [Route("/services/oauth2/token", self.token, methods=["POST"])]
        routes += [Route("/services/data", self.versions, methods=["GET"])]
        routes += [Route("/services/data/", self.versions, methods=["GET"])]
        for path, handler, methods in table:
            guarded = self._guarded(handler)
            routes += [Route(path, guarded, methods=methods), Route(f"{path}/", guarded, methods=methods)]
        routes.append(Route("/services/Soap/m/{version}", self.soap, methods=["POST"]))
        return routes

    def down(self) -> Response | None:
        """The maintenance page, when the scenario has the org down."""
        if self.world.scenario == "salesforce.service.unavailable":
            return HTMLResponse(MAINTENANCE, 503)
        return None

    def _guarded(self, handler: Handler) -> Handler:
        """Session, scope, version and limits first; every error in the REST shape; the limit header on every answer."""

        async def guarded(request: Request) -> Response:
            if down := self.down():
                return down
            try:
                self._admit(request)
                response = await handler(request)
            except ApiError as error:
                response = error.response()
            except SoqlError as error:
                response = ApiError(400, error.code, error.message).response()
            except ReportError as error:
                response = ApiError(400, "BAD_REQUEST", str(error)).response()
            self.used += 1
            response.headers["Sforce-Limit-Info"] = f"api-usage={self.used}/{self.daily_calls}"
            return response

        return guarded

    def _admit(self, request: Request) -> None:
        if len(request.url.path) + len(request.url.query) > LONGEST_URL:
            raise ApiError(414, "URI_TOO_LONG", "The request's address is too long.")
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        scopes = self.sessions.scopes(token) if scheme.lower() in {"bearer", "oauth"} else None
        if scopes is None:
            raise ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if "api" not in scopes:
            raise ApiError(403, "INVALID_SESSION_ID", "This session is not valid for use with the API")
        refusals = {
            "salesforce.api.disabled": ("API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner"),
            "salesforce.api.limit": ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
            "salesforce.rights.missing": (
                "INSUFFICIENT_ACCESS",
                "insufficient access rights: the user may not read users (View Setup and Configuration)",
            ),
        }
        if self.used >= self.daily_calls:
            raise ApiError(403, *refusals["salesforce.api.limit"])
        if self.world.scenario in refusals:
            raise ApiError(403, *refusals[self.world.scenario])
        if request.path_params["version"] not in VERSIONS:
            raise ApiError(404, "NOT_FOUND", "The requested resource does not exist")

    # OAuth and versions

    async def token(self, request: Request) -> Response:
        if down := self.down():
            return down
        form = await read_form(request) or {}
        scopes = frozenset({"api"} if self.world.scenario == "salesforce.page.no_access" else {"api", "web"})
        match form.get("grant_type"):
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                refused = self._refusal(form.get("assertion", ""))
            case "client_credentials":
                refused, scopes = self._unknown_app(form, request.headers.get("authorization", "")), frozenset({"api"})
            case _:
                refused = oauth_error("unsupported_grant_type", "grant type not supported")
        if refused is not None:
            return refused
        return JSONResponse(
            {
                "access_token": self.sessions.token(scopes),
                "scope": " ".join(sorted(scopes, reverse=True)),
                "instance_url": self.base,
                "id": f"{AUDIENCE}/id/{self.world.org_id}/{self.world.admin.id}",
                "token_type": "Bearer",
            }
        )

    def _unknown_app(self, form: Mapping[str, str], authorization: str) -> Response | None:
        """What the token endpoint says against client credentials, in the form or as Basic; None when they are good.
        The user that they act as is the admin."""
        consumer, secret = form.get("client_id", ""), form.get("client_secret", "")
        scheme, _space, encoded = authorization.partition(" ")
        if scheme.lower() == "basic":
            try:
                consumer, _colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
            except ValueError:
                consumer = ""
        if consumer != self.keys.consumer:
            return oauth_error("invalid_client_id", "client identifier invalid")
        if not secrets.compare_digest(secret.encode(), self.keys.secret.encode()):
            return oauth_error("invalid_client", "invalid client credentials")
        if self.world.scenario == "salesforce.auth.user_inactive":
            return oauth_error("inactive_user", "user is inactive")
        if self.world.scenario == "salesforce.auth.not_approved":
            # wording of our own: what is said where the app has no Run As user is not known for sure
            return oauth_error("invalid_grant", "no client credentials user enabled")
        return None

    def _refusal(self, assertion: str) -> Response | None:
        """What the token endpoint says against an assertion; None when it is good."""
        try:
            claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.InvalidTokenError:
            return oauth_error("invalid_grant", "invalid assertion")
        if claims.get("iss") != self.keys.consumer:
            return oauth_error("invalid_client_id", "client identifier invalid")
        try:
            jwt.decode(
                assertion,
                self.keys.salesforce.key.public_key(),
                algorithms=["RS256"],
                options={
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_iat": False,
                    "require": ["exp", "sub", "aud"],
                },
            )
        except jwt.InvalidTokenError:
            return oauth_error("invalid_grant", "invalid assertion")
        if claims["aud"] != AUDIENCE:
            return oauth_error("invalid_grant", "audience is invalid")
        try:
            left = float(claims["exp"]) - time.time()
        except (TypeError, ValueError):
            return oauth_error("invalid_grant", "invalid assertion")
        if not 0 < left <= 330:
            return oauth_error("invalid_grant", "expired assertion" if left <= 0 else "invalid assertion")
        if self.world.scenario == "salesforce.auth.user_inactive":
            return oauth_error("inactive_user", "user is inactive")
        approved = str(claims["sub"]).lower() == self.world.admin.username.lower()
        if not approved or self.world.scenario == "salesforce.auth.not_approved":
            return oauth_error("invalid_grant", "user hasn't approved this consumer")
        return None

    async def versions(self, request: Request) -> Response:
        if down := self.down():
            return down
        return JSONResponse(
            [{"label": label, "url": f"/services/data/v{number}", "version": number}
             for number, label in VERSIONS.items()]
        )  # fmt: skip

    # Queries and objects

    async def query(self, request: Request) -> Response:
        return self._run(request, tooling=False)

    async def tooling(self, request: Request) -> Response:
        return self._run(request, tooling=True)

    def _run(self, request: Request, *, tooling: bool) -> Response:
        text = request.query_params.get("q")
        if not text:
            raise SoqlError("MALFORMED_QUERY", "A query string has to be specified")
        version = request.path_params["version"]
        run = Run(self.world, parse(text), datetime.now(UTC), version, tooling=tooling)
        size = _batch_size(request.headers.get("sforce-query-options", ""))
        return JSONResponse(self._page(run.rows, run.total, 0, size, version))

    def _page(self, rows: list[Any], total: int, start: int, size: int, version: str) -> dict[str, Any]:
        end = start + size
        page: dict[str, Any] = {"totalSize": total, "done": end >= len(rows), "records": rows[start:end]}
        if end < len(rows):
            cursor = f"01g{secrets.token_hex(6)}AAA"
            self.cursors[cursor] = (rows, total, size)
            page["nextRecordsUrl"] = f"/services/data/v{version}/query/{cursor}-{end}"
        return page

    async def more(self, request: Request) -> Response:
        cursor, _dash, start = request.path_params["cursor"].partition("-")
        if cursor not in self.cursors or not start.isdigit():
            raise ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        rows, total, size = self.cursors[cursor]
        return JSONResponse(self._page(rows, total, int(start), size, request.path_params["version"]))

    async def all_objects(self, request: Request) -> Response:
        shown = [summary(table) for table in TABLES.values() if not table.tooling]
        return JSONResponse({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": shown})

    async def describe(self, request: Request) -> Response:
        table = TABLES.get(request.path_params["name"].lower())
        if table is None or table.tooling:
            raise ApiError(404, "NOT_FOUND", "The requested resource does not exist")
        return JSONResponse(describe(table))

    async def limits(self, request: Request) -> Response:
        return JSONResponse(
            {
                "DailyApiRequests": {"Max": self.daily_calls, "Remaining": self.daily_calls - self.used},
                **{
                    name: {"Max": RUNS_AN_HOUR[kind], "Remaining": self.analytics.left(kind)}
                    for name, kind in REPORT_LIMITS.items()
                },
                "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
            }
        )

    async def soap(self, request: Request) -> Response:
        return self.down() or await read_metadata(request, self.world, self.sessions)


def _batch_size(header: str) -> int:
    match = re.search(r"batchSize\s*=\s*(\d+)", header, re.IGNORECASE)
    return PAGE if match is None else min(PAGE, max(200, int(match[1])))
