"""The way from an access token to the Lightning Sync Status page, and the page's own life: check, reset, poll."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tui.sandbox import page
from tui.sandbox.forms import read_form
from tui.sandbox.sessions import Sessions
from tui.sandbox.state import ErrorRecord, Person, World, salesforce_id
from tui.sandbox.texts import ERRORS

POLLS = 2
COMPLETION = timedelta(seconds=2)
LOGIN = (
    "<!DOCTYPE html><html><head><title>Login | Salesforce</title></head><body><form name='login' method='post'>"
    "<input id='username' name='username' /><input id='password' name='pw' type='password' />"
    "<input id='Login' name='Login' type='submit' /></form></body></html>"
)


class Bridge:
    """`POST /services/oauth2/singleaccess`, `frontdoor.jsp` and the Setup page. `changed` is called after the world
    changed."""

    def __init__(
        self,
        world: World,
        sessions: Sessions,
        base: str,
        down: Callable[[], Response | None],
        changed: Callable[[], None],
    ) -> None:
        self.world = world
        self.sessions = sessions
        self.base = base
        self.down = down
        self.changed = changed
        self.states = page.ViewStates()
        self.entered = 0
        self.shown = 0

    def routes(self) -> list[Route]:
        return [
            Route("/services/oauth2/singleaccess", self.single_access, methods=["POST"]),
            Route("/secur/frontdoor.jsp", self.front_door, methods=["GET"]),
            Route(page.PATH, self.status, methods=["GET", "POST"]),
            Route("/", self.login, methods=["GET"]),
        ]

    async def login(self, request: Request) -> Response:
        return HTMLResponse(LOGIN)

    async def single_access(self, request: Request) -> Response:
        if down := self.down():
            return down
        form = await read_form(request) or {}
        scheme, _space, bearer = request.headers.get("authorization", "").partition(" ")
        token = form.get("access_token") or (bearer if scheme.lower() in {"bearer", "oauth"} else "")
        scopes = self.sessions.scopes(token)
        # Statuses and wordings of our own: what the real endpoint says against a token is not known.
        if scopes is None:
            return JSONResponse({"error": "invalid_grant", "error_description": "expired access/refresh token"}, 401)
        if "web" not in scopes:
            description = "the token's scopes do not allow a UI session"
            return JSONResponse({"error": "invalid_scope", "error_description": description}, 403)
        start = form.get("redirect_uri") or "/"
        if not start.startswith("/") or start.startswith("//") or urlsplit(start).netloc:
            description = "redirect_uri must be relative"
            return JSONResponse({"error": "invalid_request", "error_description": description}, 400)
        uri = f"{self.base}/secur/frontdoor.jsp?otp={self.sessions.otp()}&startURL={quote(start, safe='')}"
        return JSONResponse({"frontdoor_uri": uri})

    async def front_door(self, request: Request) -> Response:
        if down := self.down():
            return down
        sid = self.sessions.enter(request.query_params.get("otp", ""))
        if sid is None:
            return HTMLResponse(LOGIN)
        start = request.query_params.get("startURL", "/")
        start = start if start.startswith("/") and not start.startswith("//") else "/"
        self.entered += 1
        # A browser is sent on now by a header, now by a script.
        response: Response
        if self.entered % 2:
            response = RedirectResponse(start, 302)
        else:
            target = escape(start).replace("/", "\\/")
            response = HTMLResponse(
                "<html><head><script>if (window.location.replace){ "
                f"window.location.replace('{target}'); }} else {{ window.location.href = '{target}'; }}"
                "</script></head></html>"
            )
        response.set_cookie("sid", sid, path="/", httponly=True)
        response.set_cookie("sid_Client", sid[-12:], path="/")
        return response

    async def status(self, request: Request) -> Response:
        if down := self.down():
            return down
        sid = request.cookies.get("sid", "")
        if not self.sessions.browsing(sid):
            return RedirectResponse(f"/?ec=302&startURL={quote(page.PATH, safe='')}", 302)
        if request.method == "GET":
            return self._render(sid)
        posted = await read_form(request)
        if posted is None or not self.states.accepts(sid, posted):
            return self._render(sid, message="bad_state")
        wants_check, wants_reset = page.CHECK in posted, page.RESET in posted
        if wants_check == wants_reset:
            return self._render(sid, typed=posted[page.INPUT])
        return self._pressed(sid, posted[page.INPUT], reset=wants_reset)

    def _pressed(self, sid: str, typed: str, *, reset: bool) -> Response:
        if not typed.strip():
            return self._render(sid, message="no_name")
        found = self.world.by_name.get(typed.lower(), [])
        if len(found) != 1:
            return self._render(sid, typed=typed, message="two_users" if found else "unknown_user")
        person, now = found[0], datetime.now(UTC)
        if reset:
            self._start(person, now)
        else:
            self._poll(person, now)
        return self._render(sid, person=person)

    def _start(self, person: Person, now: datetime) -> None:
        """Reset was pressed: it shows for some readings. Pressing it again while it runs changes nothing."""
        if person.resetting(now) or not person.real:
            return
        person.resets += 1
        person.polls_left = POLLS + 1
        self.changed()

    def _poll(self, person: Person, now: datetime) -> None:
        """Check Status was pressed: a running reset comes nearer to its end; at its end the world has changed."""
        if person.polls_left == 0:
            return
        person.polls_left -= 1
        if person.polls_left > 0:
            return
        if person.reset_helps:
            person.sync = "in_sync" if person.sync in {"not_started", "initial_in_progress"} else person.sync
        else:
            rng = random.Random(f"{person.id} {person.resets}")
            record = ErrorRecord(
                id=salesforce_id("0Gw", rng.randrange(62**9)),
                at=(now + COMPLETION).replace(microsecond=0),
                user_id=person.id,
                name=person.name,
                type="UserMapping",
                text=rng.choice(ERRORS["user_mapping"])[self.world.lang].format(email=person.email),
                direction="google_to_salesforce",
            )
            self.world.errors.insert(0, record)
        self.changed()

    def _render(self, sid: str, *, typed: str = "", person: Person | None = None, message: str = "") -> Response:
        self.shown += 1
        hidden = self.states.fields(sid, self.shown)
        html = page.render(self.world, datetime.now(UTC), hidden, typed=typed, person=person, message=message)
        return HTMLResponse(html, headers={"Cache-Control": "no-cache, no-store"})
