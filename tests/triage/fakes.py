"""A small organisation in memory: what the clients would answer, changed by a test where it needs another answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from tui.google.client import CalendarAnswer, DirectoryUser, Google
from tui.journal.store import Journal
from tui.model import (
    Configuration,
    ErrorReport,
    ErrorRow,
    ErrorType,
    Org,
    PageReading,
    PageRow,
    RowKind,
    ServiceError,
    User,
    Word,
)
from tui.salesforce import audit
from tui.salesforce.client import EventRights, Licence, RemoteSite, Salesforce, Trail
from tui.triage.session import Session

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CALENDAR, CONTACTS = "https://www.googleapis.com/auth/calendar", "https://www.googleapis.com/auth/contacts"
ORG = Org(
    id="00D000000000001AAA",
    name="Acme",
    instance="EU1",
    sandbox=False,
    practice=True,
    domain="http://127.0.0.1:1",
    acting_user="admin@acme.example",
    acting_user_id="005000000000000AAA",
    locale="en_US",
    time_zone="UTC",
    api_version="68.0",
)


def person(number: int = 1, **changes: Any) -> User:
    """The person with that number, well in every respect but for the changes."""
    user = User(
        id=f"005{number:012d}AAA",
        name=f"Person {number}",
        username=f"p{number}@acme.example.crm",
        email=f"p{number}@acme.example",
        active=True,
        frozen=False,
        profile="Sales User",
        user_type="Standard",
        raw_name=f"Person {number}",
    )
    return replace(user, **changes, raw_name=changes.get("name", user.name))


def row_of_report(
    user: User, *, at: datetime = NOW - timedelta(days=2), text: str = "it failed", by_name: bool = False
) -> ErrorRow:
    return ErrorRow(
        id=f"{user.id}-{at:%s}",
        at=at,
        user_id=None if by_name else user.id,
        user_name=user.name,
        type=ErrorType.USER_MAPPING,
        type_label="UserMapping",
        text=text,
    )


SIDES = {"userContacts": "contacts", "userEvents": "events"}


def user_rows(
    *,
    assigned: Word | None = Word.YES,
    linked: Word | None = Word.LINKED,
    text: str = "Linked",
    words: Mapping[str, Word | None] | None = None,
    resetting: bool = False,
) -> tuple[PageRow, ...]:
    """The user's rows; `words` is "contacts.salesforce_to_google" -> the word of that direction (default: in sync)."""
    rows = [PageRow("configSetup", "User assigned", "?", RowKind.ASSIGNED, assigned)]
    if resetting:
        rows.append(PageRow("configSetup", "Reset sync status", "Resetting", RowKind.RESET, Word.RESETTING))
    for table, side in SIDES.items() if assigned is not Word.NO else ():
        rows.append(PageRow(table, "Addresses linked", text, RowKind.LINKED, linked))
        for kind in (RowKind.SALESFORCE_TO_GOOGLE, RowKind.GOOGLE_TO_SALESFORCE):
            word = (words or {}).get(f"{side}.{kind.value}", Word.IN_SYNC)
            rows.append(PageRow(table, kind.value, str(word), kind, word))
    return tuple(rows)


def org_rows(
    *,
    method: Word | None = None,
    linked: int | None = 400,
    activity: datetime | None = NOW - timedelta(minutes=5),
    shown: str = "11/23/2026 11:55 AM",
) -> tuple[PageRow, ...]:
    value = "No" if method is Word.NO else "OAuth 2.0"
    return (
        PageRow("orgConfigInfo", "Connection method configured", value, RowKind.CONNECTION_METHOD, method),
        PageRow("orgConfigInfo", "Users linked", str(linked), RowKind.LINKED_USERS, number=linked),
        PageRow("orgContacts", "Last sync activity", shown, RowKind.LAST_SYNC_ACTIVITY, time=activity),
        PageRow("orgEvents", "Last sync activity", shown, RowKind.LAST_SYNC_ACTIVITY, time=activity),
    )


class Page:
    """The status page. `rows` is user id -> rows; an answer may be an error to raise."""

    def __init__(self) -> None:
        self.org: tuple[PageRow, ...] | ServiceError = org_rows()
        self.rows: dict[str, tuple[PageRow, ...] | ServiceError] = {}
        self.shown: dict[str, str | None] = {}
        self.asked: list[str] = []
        self.pressed: list[str] = []
        self.on_reset: Callable[[User], PageReading] | None = None
        self.can_reset = True

    async def organisation(self) -> PageReading:
        if isinstance(self.org, ServiceError):
            raise self.org
        return PageReading(rows=self.org)

    async def status(self, user: User) -> PageReading:
        self.asked.append(user.id)
        rows = self.rows.get(user.id, user_rows())
        if isinstance(rows, ServiceError):
            raise rows
        shown = self.shown.get(user.id, user.name)
        return PageReading(rows=rows, shown_name=shown, can_check=True, can_reset=self.can_reset)

    async def reset(self, user: User) -> PageReading:
        self.pressed.append(user.id)
        if self.on_reset is not None:
            return self.on_reset(user)
        self.rows[user.id] = user_rows(resetting=True)
        return await self.status(user)


@dataclass
class FakeSalesforce:
    """Salesforce's answers. `broken` is method name -> the error that it raises."""

    people: list[User] = field(default_factory=list)
    counts: dict[str, int | ServiceError] = field(default_factory=dict)
    rows: list[ErrorRow] = field(default_factory=list)
    page_: Page = field(default_factory=Page)
    switches: dict[str, bool] = field(default_factory=lambda: {"enableContactAndEventSync": True})
    sites: list[RemoteSite] = field(default_factory=lambda: [RemoteSite("https://www.googleapis.com", True)])
    rights: dict[str, EventRights] = field(default_factory=dict)
    broken: dict[str, ServiceError] = field(default_factory=dict)
    complete: bool = True
    gap_before: datetime | None = None
    asked: Counter[str] = field(default_factory=Counter)
    server_now: datetime | None = NOW
    api_used: int | None = 100
    api_limit: int | None = 1000
    soql: list[str] = field(default_factory=list)
    clock_offset: timedelta | None = timedelta(seconds=2)
    eac: dict[str, bool] = field(default_factory=lambda: {"enableActivityCapture": False})
    held: dict[str, bool] = field(default_factory=lambda: {"ViewSetup": True, "RunReports": True})
    more: dict[str, bool] = field(default_factory=dict)
    seats: list[Licence] = field(default_factory=list)
    trail: list[dict[str, Any]] = field(default_factory=list)

    def _asked(self, name: str) -> None:
        self.asked[name] += 1
        if name in self.broken:
            raise self.broken[name]

    async def connect(self) -> Org:
        self._asked("connect")
        return ORG

    def _users(self, what: str, values: Iterable[str], key: Callable[[User], str]) -> list[User]:
        self._asked(what)
        wanted = {value.casefold() for value in values}
        return [user for user in self.people if key(user).casefold() in wanted]

    async def users_by_ids(self, ids: Iterable[str]) -> list[User]:
        return self._users("users_by_ids", [identifier[:15] for identifier in ids], lambda user: user.id[:15])

    async def users_by_emails(self, emails: Iterable[str]) -> list[User]:
        return self._users("users_by_emails", emails, lambda user: user.email)

    async def users_by_usernames(self, names: Iterable[str]) -> list[User]:
        return self._users("users_by_usernames", names, lambda user: user.username)

    async def users_by_names(self, names: Iterable[str]) -> list[User]:
        return self._users("users_by_names", names, lambda user: user.name)

    async def active_by_profile(self) -> dict[str, int]:
        self._asked("active_by_profile")
        return dict(Counter(user.profile for user in self.people if user.active))

    async def owned(self, kind: str, user_id: str) -> int:
        self.asked[f"owned {kind} {user_id}"] += 1
        found = self.counts.get(kind, 12)
        if isinstance(found, ServiceError):
            raise found
        return found

    async def event_rights(self, ids: Iterable[str]) -> dict[str, EventRights]:
        self._asked("event_rights")
        return {identifier: self.rights.get(identifier, EventRights(True, True)) for identifier in ids}

    async def remote_sites(self) -> list[RemoteSite]:
        self._asked("remote_sites")
        return self.sites

    async def email_integration(self) -> dict[str, bool]:
        self._asked("email_integration")
        return self.switches

    async def eac_settings(self) -> dict[str, bool]:
        self._asked("eac_settings")
        return self.eac

    async def my_rights(self) -> dict[str, bool]:
        self._asked("my_rights")
        return self.held

    async def more_rights(self) -> dict[str, bool]:
        return self.more

    async def licences(self) -> list[Licence]:
        self._asked("licences")
        return self.seats

    async def changes(self) -> Trail:
        self._asked("changes")
        return audit.choose(self.trail)

    async def errors(self, now: datetime) -> ErrorReport:
        self._asked("errors")
        return ErrorReport(
            rows=tuple(sorted(self.rows, key=lambda row: row.at or NOW, reverse=True)),
            total=len(self.rows),
            complete=self.complete,
            as_user=ORG.acting_user,
            read_at=now,
            report_name="Google sync errors",
            gap_before=self.gap_before,
        )

    async def query(self, soql: str) -> list[dict[str, Any]]:
        self._asked("query")
        self.soql.append(soql)
        active = "IsActive = TRUE" in soql
        return [{"Id": user.id, "Profile": {"Name": user.profile}} for user in self.people if user.active == active]

    def page(self) -> Page:
        return self.page_

    def link(self, name: str, *, id: str = "") -> str:  # noqa: A002 - as the client has it
        return f"https://acme.lightning.force.com/{name}/{id}"


@dataclass
class FakeGoogle:
    """Google's answers. `tokens` is (scope, subject) -> error; `calendars` and `groups` are address -> answer."""

    tokens: dict[tuple[str, str | None], ServiceError] = field(default_factory=dict)
    calendars: dict[str, str | ServiceError] = field(default_factory=dict)
    groups: dict[str, ServiceError] = field(default_factory=dict)
    people: dict[str, DirectoryUser | ServiceError | None] = field(default_factory=dict)
    key_error: ServiceError | None = None
    clock_offset: timedelta | None = timedelta(seconds=1)
    key_id: str = "key-1"
    account: str = "sa@project.iam.gserviceaccount.com"
    client_id: str = "1234567890"
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    every: dict[str, ServiceError] = field(default_factory=dict)
    published: dict[str, datetime | None] | ServiceError = field(
        default_factory=lambda: {"key-1": NOW - timedelta(days=90)}
    )

    def load_key(self) -> None:
        if self.key_error:
            raise self.key_error

    async def token(self, scope: str, subject: str | None) -> str:
        self.asked.append((scope, subject))
        error = self.key_error or self.tokens.get((scope, subject)) or (self.every.get(scope) if subject else None)
        if error:
            raise error
        return f"token {scope} {subject}"

    async def calendar(self, token: str) -> CalendarAnswer:
        self.called.append(token)
        address = token.split()[-1]
        found = self.calendars.get(address, address)
        if isinstance(found, ServiceError):
            raise found
        return CalendarAnswer(found, True, "owner", "UTC", "calendarList")

    async def contacts(self, token: str) -> int:
        self.called.append(token)
        address = token.split()[-1]
        if address in self.groups:
            raise self.groups[address]
        return 4

    async def granted(self, token: str) -> tuple[str, ...]:
        return (token.split()[1],)

    async def published_keys(self) -> dict[str, datetime | None]:
        self.called.append("published_keys")
        if isinstance(self.published, ServiceError):
            raise self.published
        return self.published

    async def directory(self, address: str) -> DirectoryUser | None:
        self.asked.append(("directory", address))
        found = self.people.get(address, DirectoryUser(address, (), False, False))
        if isinstance(found, ServiceError):
            raise found
        return found


def settings(
    *,
    configurations: Sequence[Configuration] = (Configuration("All", profiles=("Sales User",)),),
    google: bool = True,
    admin: str | None = "admin@acme.example",
    open_days: int = 30,
    api_reserve: float = 0.2,
) -> Any:
    """The settings, as far as the triage reads them."""
    scopes = {"calendar": (CALENDAR,), "contacts": (CONTACTS,)}
    return SimpleNamespace(
        salesforce=SimpleNamespace(domain=ORG.domain, labels={}),
        google=SimpleNamespace(scopes=scopes, admin=admin) if google else None,
        configurations=tuple(configurations),
        triage=SimpleNamespace(open_days=open_days, api_reserve=api_reserve),
        http=SimpleNamespace(ca_file=None, proxy=None),
        links={},
    )


class World:
    """An organisation, its Google side, a journal in memory, and the session on them."""

    def __init__(self, people: Sequence[User] = (), *, google: bool = True, **changes: Any) -> None:
        self.salesforce = FakeSalesforce(people=list(people) or [person()])
        self.google = FakeGoogle()
        self.page = self.salesforce.page_
        self.journal = Journal("sqlite://", now=lambda: self.salesforce.server_now or NOW)
        self.slept: list[float] = []
        self.seconds = 0.0
        self.during_sleep: Callable[[], None] = lambda: None
        self.session = Session(
            settings(google=google, **changes),
            self.journal,
            now=lambda: NOW,
            by="tester",
            salesforce=cast(Salesforce, self.salesforce),
            google=cast(Google, self.google) if google else None,
            sleep=self._sleep,
            timer=lambda: self.seconds,
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        self.later(seconds)
        self.during_sleep()

    def later(self, seconds: float) -> None:
        """Salesforce's clock goes on."""
        self.salesforce.server_now = (self.salesforce.server_now or NOW) + timedelta(seconds=seconds)

    @property
    def user(self) -> User:
        return self.salesforce.people[0]

    def close(self) -> None:
        self.journal.close()


def refusal(cause: str, message: str = "no", **evidence: Any) -> ServiceError:
    return ServiceError(cause, message, evidence=evidence)
