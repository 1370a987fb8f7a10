"""The Lightning Sync Status page as a service: opened through the documented UI bridge, asked about users, and, behind
its guards, told to reset one (salesforce-api.md 7.1, verdict.md "Before a reset").

At most three tabs are open side by side; each posts the form of its own last answer, as a browser does. What only reads
is opened anew once when a session or a view state has run out. Reset is pressed once and never again by itself.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from tui.http import Answer, Forbidden, Http, NotJson, Unreachable
from tui.model import Org, PageReading, RowKind, ServiceError, User
from tui.salesforce import errors, hosts
from tui.salesforce.browser import Browser, OutOfBounds, fields_of, form_of
from tui.salesforce.links import STATUS_PAGE
from tui.salesforce.rest import Rest
from tui.salesforce.status_page import CHECK, RESET, read_html
from tui.sanitise import one_line
from tui.words import _

TABS = 3
BRIDGE = "/services/oauth2/singleaccess"
_LOGIN = re.compile(r"<input[^>]+type=[\"']?password", re.IGNORECASE)
_NO_RIGHT = re.compile(r"insufficient privileges|privil[èe]ges insuffisants", re.IGNORECASE)
_PAGE_TROUBLE = frozenset({errors.NO_ACCESS, errors.UNRECOGNISED})
_ACCESS = frozenset({errors.UNREACHABLE, errors.UNAVAILABLE, errors.API_LIMIT, errors.API_DISABLED})
_NO_FORM = "no form"


class _Tab:
    """One open page: the browser with its session, the last answer's text, and what was read in it."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.text = ""
        self.reading = PageReading()


class SetupPage:
    """The page. Every method raises ServiceError: salesforce.page.no_access, salesforce.page.unrecognised, or an access
    cause where Salesforce does not answer. After `reset` the error's evidence says in `pressed` whether Reset may have
    reached Salesforce: "no" or "perhaps"."""

    def __init__(
        self,
        rest: Rest,
        http: Http,
        connect: Callable[[], Awaitable[Org]],
        *,
        labels: Mapping[str, str],
        now: Callable[[], datetime],
    ) -> None:
        self._rest = rest
        self._http = http
        self._connect = connect
        self._labels = labels
        self._now = now
        self._slots = asyncio.Semaphore(TABS)
        self._idle: list[_Tab] = []

    async def organisation(self) -> PageReading:
        """The organisation's rows, read afresh."""
        org = await self._connect()
        async with self._slots:
            tab = self._idle.pop() if self._idle else None
            if tab is not None:
                try:
                    await self._take(org, tab, tab.browser.get(self._rest.instance + STATUS_PAGE))
                except ServiceError as problem:
                    if problem.cause not in _PAGE_TROUBLE:
                        raise
                    tab = None
            tab = tab or await self._open(org)
            self._idle.append(tab)
            return tab.reading

    async def status(self, user: User) -> PageReading:
        """The page's answer about the user's full name. `shown_name` is the name that it answers about; None, or
        another name, where it did not take ours."""
        org = await self._connect()
        async with self._slots:
            tab = await self._checked(org, user)
            self._idle.append(tab)
            return tab.reading

    async def reset(self, user: User) -> PageReading:
        """Press Reset for the user, once, and return what the page then shows. The page is asked about the user first,
        and Reset is pressed in that very answer, only if it shows exactly the user's name and no reset under way."""
        org = await self._connect()
        async with self._slots:
            try:
                tab = await self._checked(org, user)
                self._guard(tab.reading, user)
            except ServiceError as problem:
                problem.evidence["pressed"] = "no"
                raise
            try:
                await self._press(org, tab, RESET, user, safe=False)
            except ServiceError as problem:
                problem.evidence.setdefault("pressed", "perhaps")
                raise
            self._idle.append(tab)
            return tab.reading

    # ---- steps -------------------------------------------------------------------------------------------------

    async def _checked(self, org: Org, user: User) -> _Tab:
        """A tab that has just been asked about the user. A tab used before may find its session or view state over
        (then the page is another one, or shows nobody), so such a one is opened anew, once."""
        used = bool(self._idle)
        tab = self._idle.pop() if used else await self._open(org)
        try:
            await self._press(org, tab, CHECK, user, safe=True)
            if tab.reading.shown_name is not None or not used:
                return tab
        except ServiceError as problem:
            if problem.cause not in _PAGE_TROUBLE or problem.code == _NO_FORM:
                raise
        tab = await self._open(org)
        await self._press(org, tab, CHECK, user, safe=True)
        return tab

    def _guard(self, before: PageReading, user: User) -> None:
        """Raise unless the page as just read allows to reset this user."""
        if before.shown_name is None or before.shown_name != _name(user):
            raise errors.error(
                errors.UNRECOGNISED,
                _("asked about {name} it does not show exactly that name; nothing was pressed").format(name=user.name),
                shown=before.shown_name or "",
            )
        if before.first(RowKind.RESET) is not None:
            raise errors.error("salesforce.sync.resetting", _("a reset of {name} is under way").format(name=user.name))
        if not before.can_reset:
            raise errors.error(errors.UNRECOGNISED, _("it has no button that resets; nothing was pressed"))

    async def _open(self, org: Org) -> _Tab:
        """A new tab at the page, through the UI bridge: the access token never stands in an address."""
        try:
            answer = await self._rest.send("POST", BRIDGE, form={"redirect_uri": STATUS_PAGE})
        except ServiceError as problem:
            if problem.cause in _ACCESS:
                raise
            raise errors.recast(problem, errors.NO_ACCESS, self._rest.no_page()) from None
        try:
            body = answer.json()
        except NotJson:
            raise errors.failure(answer, asked=BRIDGE) from None
        door = body.get("frontdoor_uri") if isinstance(body, dict) else None
        if not isinstance(door, str):
            raise errors.error(errors.NO_ACCESS, _("Salesforce opened no door to its pages for this user"))
        tab = _Tab(Browser(self._http, self._rest.instance))
        await self._take(org, tab, tab.browser.get(urljoin(self._rest.instance, door)))
        return tab

    async def _press(self, org: Org, tab: _Tab, which: str, user: User, *, safe: bool) -> None:
        """Post the tab's form with the user's name and that button, and read the answer."""
        found = form_of(tab.text, which)
        if found is None:
            problem = errors.error(
                errors.UNRECOGNISED, _("it has no field for a name, or not this button"), code=_NO_FORM, button=which
            )
            problem.evidence["pressed"] = "no"
            raise problem
        form, button = found
        target = urljoin(tab.browser.url, form.get("action") or "")
        if not hosts.own_page(target, self._rest.instance):
            problem = errors.error(errors.UNRECOGNISED, _("its form would be sent to another host; it was not sent"))
            problem.evidence["pressed"] = "no"
            raise problem
        fields = fields_of(form, button, user.raw_name or user.name)
        await self._take(org, tab, tab.browser.post(target, fields, safe=safe))

    async def _take(self, org: Org, tab: _Tab, answer: Awaitable[Answer]) -> None:
        """Wait for an answer and make it the tab's; raises ServiceError unless it is the page we know."""
        try:
            got = await answer
        except Unreachable as problem:
            failed = errors.unreachable(problem, asked=STATUS_PAGE)
            failed.evidence["pressed"] = "perhaps" if problem.maybe_sent else "no"
            raise failed from None
        except Forbidden as problem:
            raise errors.error(errors.NO_ACCESS, str(problem)) from None
        except OutOfBounds as problem:
            raise errors.error(errors.NO_ACCESS, str(problem)) from None
        text = got.text()
        reading = read_html(text, labels=self._labels, locale=org.locale, time_zone=org.time_zone)
        if got.status >= 500 or got.status == 429:
            raise errors.failure(got, asked=STATUS_PAGE)
        if got.status != 200 or reading.problem:
            raise self._unknown(got, text, reading, urlsplit(tab.browser.url).path)
        tab.text = text
        tab.reading = replace(reading, read_at=self._now())

    def _unknown(self, answer: Answer, text: str, reading: PageReading, path: str) -> ServiceError:
        """Which trouble a page is that is not the page we know."""
        title = re.search(r"<title[^>]*>([^<]{1,200})", text, re.IGNORECASE)
        cause, detail = errors.NO_ACCESS, ""
        if _LOGIN.search(text):
            detail = _("Salesforce asks to log in")
        elif answer.status in {401, 403} or _NO_RIGHT.search(text):
            detail = _("the acting user does not have the right to see it")
        elif path != STATUS_PAGE:
            detail = _("Salesforce leads to another page first ({path})").format(path=one_line(path, limit=200))
        else:
            cause, detail = errors.UNRECOGNISED, reading.problem or _("it could not be shown")
        return errors.error(
            cause,
            detail,
            status=answer.status,
            title=title[1].strip() if title else "",
            status_code=answer.status,
            path=path,
        )


def _name(user: User) -> str:
    """The user's full name as a reading of the page would show it."""
    return one_line(re.sub(r"\s+", " ", user.raw_name or user.name).strip())
