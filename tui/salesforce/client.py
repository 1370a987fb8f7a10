"""Salesforce, as the triage asks it. Every method raises ServiceError: an access cause where Salesforce itself does not
answer, the cause "" where something optional is closed to the acting user."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tui.clock import utc_now
from tui.config import SalesforceSettings
from tui.http import Http
from tui.model import EMPTY, ErrorReport, Org, ServiceError, User
from tui.salesforce import audit, errors, hosts, links, metadata, report, users
from tui.salesforce.audit import Trail
from tui.salesforce.auth import Auth
from tui.salesforce.metadata import RemoteSite
from tui.salesforce.report import ReportInfo, Saved
from tui.salesforce.rest import Rest, load_quoting, soql, together
from tui.salesforce.setup_page import SetupPage
from tui.salesforce.times import zone_of
from tui.salesforce.users import EventRights, Licence
from tui.sanitise import one_line
from tui.words import _

__all__ = ["EventRights", "Licence", "RemoteSite", "ReportInfo", "Salesforce", "Saved", "SetupPage", "Trail"]

_ORGANISATION = "SELECT Id, Name, InstanceName, OrganizationType, IsSandbox FROM Organization"
OWNED = {
    "Contact": "SELECT COUNT() FROM Contact WHERE OwnerId = {id}",
    "Event": "SELECT COUNT() FROM Event WHERE OwnerId = {id}",
}
"""The objects whose records are synced, and how those of one user are counted."""
SHARED_FOR = timedelta(minutes=1)
"""Whoever asks for the errors so soon after a reading of them began can share it: what came since is no more than what
comes while any reading goes on."""
_ME = "SELECT Id, Name, Username, LanguageLocaleKey, LocaleSidKey, TimeZoneSidKey FROM User WHERE "


class Salesforce:
    """One organisation, as one acting user. Used on one event loop; the Http is the caller's to close."""

    def __init__(
        self,
        settings: SalesforceSettings,
        http: Http,
        *,
        links: Mapping[str, str] = EMPTY,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """`links` are the config file's `[links]`: page name -> path or address."""
        self._settings = settings
        self._http = http
        self._links = links
        self._auth = Auth(settings, http, now=now)
        self._rest = Rest(settings, http, self._auth, now=now)
        self._org: Org | None = None
        self._report: ReportInfo | None = None
        self._errors: ErrorReport | None = None
        self._connecting = asyncio.Lock()
        self._reporting = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._page = SetupPage(self._rest, http, self.connect, labels=settings.labels, now=now)

    @property
    def api_used(self) -> int | None:
        """API calls of the last 24 hours, as the last answer said."""
        return self._rest.api_used

    @property
    def api_limit(self) -> int | None:
        """API calls that a day has."""
        return self._rest.api_limit

    @property
    def server_now(self) -> datetime | None:
        """Salesforce's clock at its last answer."""
        return self._rest.server_now

    @property
    def clock_offset(self) -> timedelta | None:
        """Our clock minus Salesforce's at its last answer."""
        return self._rest.clock_offset

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes that Salesforce granted to our token; empty before the login, or where it does not say."""
        return self._auth.identity.scopes if self._auth.identity else frozenset()

    async def connect(self) -> Org:
        """Sign in, choose the API version, read the organisation and the acting user; later calls return the same.
        Raises ServiceError with an access cause."""
        async with self._connecting:
            if self._org is None:
                try:
                    # what quotes queries is loaded while Salesforce answers
                    await together([self._signed_in(), asyncio.to_thread(load_quoting)])
                    self._org = await self._who()
                except ServiceError as problem:
                    raise errors.required(problem, _("reading the organisation and the acting user")) from None
            return self._org

    async def _signed_in(self) -> None:
        await self._rest.bearer.get()
        await self._rest.negotiate()

    async def _who(self) -> Org:
        identity = self._auth.identity
        if identity is not None and identity.user_id:
            mine = soql(_ME + "Id = {id}", id=identity.user_id)
        else:
            name = (identity.username if identity else "") or self._settings.username
            if not name:
                raise errors.error(errors.RIGHTS, _("its answer to the sign-in does not say as whom"), right="sign-in")
            mine = soql(_ME + "Username = {name}", name=name)
        organisations, people = await together([self._rest.query(_ORGANISATION), self._rest.query(mine)])
        if not organisations or not people:
            raise errors.error(
                errors.RIGHTS,
                _("it shows us neither the organisation nor the acting user"),
                right="reading Organization and User",
            )
        row, me = organisations[0], people[0]
        return Org(
            id=one_line(users.id18(str(row.get("Id")))),
            name=one_line(row.get("Name")),
            instance=one_line(row.get("InstanceName")),
            sandbox=row.get("IsSandbox") is True,
            practice=hosts.is_loopback(self._settings.domain),
            domain=self._settings.domain,
            acting_user=one_line(me.get("Username") or self._settings.username),
            acting_user_id=one_line(users.id18(str(me.get("Id")))),
            language=one_line(me.get("LanguageLocaleKey")),
            locale=one_line(me.get("LocaleSidKey")),
            time_zone=one_line(me.get("TimeZoneSidKey")),
            edition=one_line(row.get("OrganizationType")),
            api_version=self._rest.version,
        )

    async def query(self, soql: str) -> list[dict[str, Any]]:
        """All records of a SOQL query."""
        await self.connect()
        return await self._rest.query(soql)

    async def owned(self, kind: str, user_id: str) -> int:
        """How many records of that object (one of OWNED) the user owns. Raises ServiceError."""
        await self.connect()
        return await self._rest.count(soql(OWNED[kind], id=user_id))

    async def tooling(self, soql: str) -> list[dict[str, Any]]:
        """All records of a query of the Tooling API."""
        await self.connect()
        return await self._rest.query(soql, tooling=True)

    async def users_by_ids(self, ids: Iterable[str]) -> list[User]:
        """The users with these 15- or 18-character ids; texts that are no user id are passed over."""
        return await self._users("Id", ids)

    async def users_by_emails(self, emails: Iterable[str]) -> list[User]:
        """The users, inactive ones included, with these addresses (Salesforce compares without regard to case)."""
        return await self._users("Email", emails)

    async def users_by_usernames(self, names: Iterable[str]) -> list[User]:
        return await self._users("Username", names)

    async def users_by_names(self, full_names: Iterable[str]) -> list[User]:
        """The users, inactive ones included, with these full names."""
        return await self._users("Name", full_names)

    async def active_by_profile(self) -> dict[str, int]:
        """Profile -> how many active users of the standard kind have it."""
        await self.connect()
        return await users.active_by_profile(self._rest)

    async def profiles(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the names that a profile has."""
        await self.connect()
        return await users.profiles(self._rest, names)

    async def _users(self, field: str, values: Iterable[str]) -> list[User]:
        await self.connect()
        return await users.find(self._rest, field, values)

    async def event_rights(self, ids: Iterable[str]) -> dict[str, EventRights]:
        """User id -> event rights; a user whose assignments do not show is left out."""
        await self.connect()
        return await users.event_rights(self._rest, ids)

    async def my_rights(self) -> dict[str, bool]:
        """Which of users.MY_RIGHTS the acting user holds; {} where that cannot be read."""
        return await users.rights_of(self._rest, (await self.connect()).acting_user_id)

    async def more_rights(self) -> dict[str, bool]:
        """Which of users.MORE_RIGHTS the acting user holds; {} where that cannot be read."""
        return await users.rights_of(self._rest, (await self.connect()).acting_user_id, users.MORE_RIGHTS)

    async def licences(self) -> list[Licence]:
        """The licences of Einstein Activity Capture, each with whether the acting user holds one."""
        return await users.licences(self._rest, (await self.connect()).acting_user_id)

    async def changes(self) -> Trail:
        """The changes in Setup of the last half year that concern the sync."""
        await self.connect()
        return await audit.trail(self._rest)

    async def remote_sites(self) -> list[RemoteSite]:
        """The remote sites of Setup."""
        await self.connect()
        return await metadata.remote_sites(self._rest)

    async def email_integration(self) -> dict[str, bool]:
        """The switches of EmailIntegrationSettings, `enableContactAndEventSync` among them."""
        await self.connect()
        return await metadata.switches(self._rest, self._http, "EmailIntegrationSettings", "EmailIntegration")

    async def eac_settings(self) -> dict[str, bool]:
        """The switches of EACSettings, `enableActivityCapture` among them."""
        await self.connect()
        return await metadata.switches(self._rest, self._http, "EACSettings", "EAC")

    async def versions(self) -> list[str]:
        """The API versions that Salesforce offers, oldest first; can be asked where `connect` fails over them."""
        return await self._rest.versions()

    async def reports(self) -> list[Saved]:
        """The saved reports that may be the error report, likeliest first."""
        await self.connect()
        return await report.saved(self._rest)

    async def report(self) -> ReportInfo:
        """The error report; found once. Raises ServiceError(salesforce.report.unavailable)."""
        await self.connect()
        async with self._reporting:
            if self._report is None:
                self._report = await report.find(self._rest, self._settings)
            return self._report

    async def errors(self, now: datetime) -> ErrorReport:
        """The errors of this and last year; whoever asks while they are being read shares that reading, if it is a
        young one. Raises ServiceError(salesforce.report.unavailable)."""
        org = await self.connect()
        info = await self.report()
        zone, before = self._zone(org), self._errors
        async with self._reading:
            if self._errors is None or self._errors is before or now - self._errors.read_at > SHARED_FOR:
                self._errors = await report.read(self._rest, self._settings, info, org, zone, now, self._errors)
            return self._errors

    def page(self) -> SetupPage:
        """The Lightning Sync Status page."""
        return self._page

    def link(self, name: str, *, id: str = "") -> str:  # noqa: A002 - Salesforce's own word
        """The address of a page of Setup (links.PAGES); `id` where it is about one record. "" for an unknown name."""
        return links.address(name, self._rest.instance, self._links, id=id)

    def _zone(self, org: Org) -> ZoneInfo | None:
        return zone_of(org.time_zone)
