"""What the checks look at: the clients, what was read for the organisation once, and what was read for one user."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tui.model import (
    EMPTY,
    ErrorReport,
    ErrorRow,
    Finding,
    GuidedTest,
    History,
    Org,
    PageReading,
    Phase,
    RowKind,
    ServiceError,
    Status,
    User,
    Word,
    Write,
)
from tui.sanitise import one_line, redact, safe
from tui.triage import catalogue
from tui.triage.assignment import Assignment, effective, sides
from tui.triage.guided import COUNTS_FOR
from tui.words import _

if TYPE_CHECKING:
    from tui.config import Settings
    from tui.google.client import DirectoryUser, Google
    from tui.journal.store import Journal
    from tui.salesforce.client import Salesforce
    from tui.salesforce.setup_page import SetupPage
    from tui.salesforce.users import EventRights

T = TypeVar("T")

TESTED_FIRST = 3
"""So many users must fail alike, and one more, before a fault counts as one of the organisation (verdict.md)."""
# Faults of the organisation that the next user may yet be spared, or meet with a fault of their own before them.
_ASK_EACH = frozenset({"google.quota.exceeded", "google.error.unclassified", "google.delegation.scope_missing"})
_CORE = 15  # an id's last three characters only check the case of the others


class Once(Generic[T]):
    """An answer that is asked for once, whoever wants it first; its ServiceError is raised to all. A cancelled asking
    counts for nothing."""

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._lock = asyncio.Lock()
        self._answer: list[T] = []
        self._error: Exception | None = None

    async def __call__(self) -> T:
        async with self._lock:
            if not self._answer and self._error is None:
                try:
                    self._answer.append(await self._ask())
                except Exception as error:  # noqa: BLE001 - raised below, to each who asks
                    self._error = error
        if self._error is not None:
            raise self._error.with_traceback(None)
        return self._answer[0]


@dataclass(slots=True)
class _Met:
    """What the users asked so far met at one step: the first finding, and whether all the others were like it."""

    first: Finding
    number: int = 0
    alike: bool = True

    def count(self, finding: Finding) -> None:
        self.number += 1
        self.alike = self.alike and (finding.cause, finding.status) == (self.first.cause, self.first.status)


class Repeats:
    """One fault of many: a fault of the organisation that met every one of the first users is not asked for again."""

    def __init__(self) -> None:
        self._met: dict[tuple[str, str], _Met] = {}

    async def ask(self, facts: UserFacts, step: str, group: str, run: Callable[[], Awaitable[Finding]]) -> Finding:
        """What `run` finds, or what it found for the first users of the group (a mail domain) if all were alike."""
        met = self._met.get((step, group))
        if met is not None and met.alike and met.number > TESTED_FIRST:
            first = met.first
            if first.cause and _of_all(first.cause):
                known = {**first.evidence, "user": facts.user.email, "asked": False, "tested_on_users": met.number}
                required, status = first.required, first.status
                return caused(facts, step, first.phase, first.cause, known, status=status, required=required)
        finding = await run()
        self._met.setdefault((step, group), _Met(finding)).count(finding)
        return finding


def _of_all(cause: str) -> bool:
    return catalogue.FACTS[cause].shared and cause not in _ASK_EACH


@dataclass
class OrgFacts:
    """The organisation, read once for all the users of one call. `users` are those the batches are read for."""

    org: Org
    settings: Settings
    salesforce: Salesforce
    page: SetupPage
    google: Google | None
    journal: Journal
    now: Callable[[], datetime]
    users: Sequence[User] = ()
    last_activity: datetime | None = None
    organisation: PageReading | None = None
    page_error: ServiceError | None = None
    listed: ErrorReport | None = None
    read_back_to: datetime | None = None
    """All rows of the report newer than this were read; None: nothing can be said, as the report was cut."""
    repeats: Repeats = field(default_factory=Repeats)

    def __post_init__(self) -> None:
        self.same_address = Once(self._same_address)
        self.same_name = Once(self._same_name)
        self.rights = Once(self._rights)
        self.report = Once(self._report)
        self._by_user: Mapping[str, list[ErrorRow]] | None = None

    @cached_property
    def unfinished(self) -> tuple[Write, ...]:
        """The writes whose end the journal does not know. Raises JournalError."""
        return self.journal.unfinished(self.org.id)

    @cached_property
    def histories(self) -> dict[str, History]:
        """What the journal knows of each user, by id. Raises JournalError."""
        return self.journal.histories(self.org.id, [user.id for user in self.users])

    @cached_property
    def guided_tests(self) -> tuple[GuidedTest, ...]:
        """The messages of Salesforce's own connection test that still count, newest first. Raises JournalError."""
        return self.journal.connection_tests(self.org.id, self.clock() - COUNTS_FOR)

    def clock(self) -> datetime:
        """Salesforce's clock where it has told the time, else ours."""
        return self.salesforce.server_now or self.now()

    async def _same_address(self) -> dict[str, list[User]]:
        found = await self.salesforce.users_by_emails(sorted({user.email for user in self.users if user.email}))
        return _grouped(found, lambda user: user.email)

    async def _same_name(self) -> dict[str, list[User]]:
        found = await self.salesforce.users_by_names(sorted({user.raw_name or user.name for user in self.users}))
        return _grouped(found, lambda user: user.raw_name or user.name)

    async def _rights(self) -> Mapping[str, EventRights]:
        return await self.salesforce.event_rights([user.id for user in self.users])

    async def _report(self) -> ErrorReport:
        report = self.listed or await self.salesforce.errors(self.clock())
        self.read_back_to = _reach(report)
        return report

    async def sharing_address(self, user: User) -> list[User]:
        """The other users, inactive ones included, who have this user's address, in any case. Raises ServiceError."""
        return _others(user, (await self.same_address()).get(user.email.casefold(), []) if user.email else [])

    async def sharing_name(self, user: User) -> list[User]:
        """The other users, inactive ones included, who have this user's full name. Raises ServiceError."""
        return _others(user, (await self.same_name()).get((user.raw_name or user.name).casefold(), []))

    async def rows_of(self, user: User) -> list[ErrorRow]:
        """This user's rows of the report: by id, or by a name that nobody else has. Raises ServiceError."""
        report = await self.report()
        if self._by_user is None:
            by_user: dict[str, list[ErrorRow]] = defaultdict(list)
            for row in report.rows:
                by_user[row.user_id[:_CORE] if row.user_id else row.user_name.casefold()].append(row)
            self._by_user = by_user
        rows = self._by_user.get(user.id[:_CORE], [])
        named = self._by_user.get(user.name.casefold(), [])
        return [*rows, *named] if named and not await self.sharing_name(user) else rows

    def link(self, name: str) -> str:
        """The address of a Setup page, "" where this name stands for none."""
        return self.salesforce.link(name)


@dataclass
class UserFacts:
    """One user, and what was read for them so far. `refused` is step id -> the finding of a Google step."""

    org: OrgFacts
    user: User
    reading: PageReading | None = None
    support_now: bool = False
    history: History = field(default_factory=History)
    rows: Sequence[ErrorRow] = ()
    open_errors: Sequence[ErrorRow] = ()
    google_steps: dict[str, Finding] = field(default_factory=dict)
    guided: set[str] = field(default_factory=set)
    """The ids of the findings on Salesforce's own connection test."""
    found: dict[str, list[Finding]] = field(default_factory=dict)
    """Check id -> what it found."""

    def __post_init__(self) -> None:
        self._tokens: dict[str, Once[str]] = {}
        self._assignments: dict[bool | None, Assignment] = {}
        self.directory = Once(self._directory)
        self.directory_asked = False

    @property
    def domain(self) -> str:
        """The mail domain of the user's address."""
        return self.user.email.rpartition("@")[2].casefold()

    @property
    def page_assigned(self) -> bool | None:
        """What the status page says of the assignment; None where it was not read or says nothing that we know."""
        row = self.reading.first(RowKind.ASSIGNED) if self.reading else None
        return {Word.YES: True, Word.NO: False}.get(row.word) if row and row.word else None

    @property
    def assignment(self) -> Assignment:
        """The effective configuration, by the declaration and the page."""
        said = self.page_assigned
        if said not in self._assignments:
            configurations = self.org.settings.configurations
            self._assignments[said] = effective(self.user, configurations, page_assigned=said)
        return self._assignments[said]

    def syncs(self, side: str) -> bool:
        """Whether the side ("calendar" or "contacts") is to be judged."""
        return sides(self.assignment)[side]

    async def token(self, scope: str) -> str:
        """Google's token to act for this user, for one scope. Raises ServiceError."""
        return await self._tokens.setdefault(scope, Once(lambda: self.google.token(scope, self.user.email)))()

    @property
    def google(self) -> Google:
        """Google's client. Raises ServiceError where the config has no [google] section."""
        if self.org.google is None:
            raise ServiceError("google.error.unclassified", _("The config file has no [google] section."))
        return self.org.google

    async def _directory(self) -> DirectoryUser | None:
        self.directory_asked = True
        return await self.google.directory(self.user.email)

    def link(self, name: str) -> str:
        """The address of a Setup page, this user's own where the name is "user"."""
        return self.org.salesforce.link(name, id=self.user.id) if name == "user" else self.org.link(name)


Facts = OrgFacts | UserFacts


def told(
    step: str,
    phase: Phase,
    status: Status,
    summary: str,
    evidence: Mapping[str, Any] = EMPTY,
    *,
    required: bool = False,
) -> Finding:
    """A finding that names no cause. What is empty in the evidence is left out of it, what is unsafe is cleaned."""
    told_safely = one_line(redact(summary))
    return Finding(step, phase, status, told_safely, evidence=_clean(evidence), required=required)


def caused(
    facts: Facts,
    step: str,
    phase: Phase,
    cause: str,
    evidence: Mapping[str, Any] = EMPTY,
    *,
    status: Status | None = None,
    summary: str | None = None,
    required: bool = False,
) -> Finding:
    """A finding with a cause of the catalogue, its texts filled from the evidence, its links those of this org."""
    person = {"user": facts.user.email, "name": facts.user.name} if isinstance(facts, UserFacts) else {}
    known = _clean({**person, **evidence})
    return catalogue.finding(
        step, phase, cause, evidence=known, status=status, summary=summary, required=required, link=facts.link
    )


def refused(
    facts: Facts,
    step: str,
    phase: Phase,
    error: ServiceError,
    *,
    cause: str | None = None,
    status: Status | None = None,
    required: bool = False,
    evidence: Mapping[str, Any] = EMPTY,
) -> Finding:
    """The finding for what a service refused. `cause` replaces the error's own where more is known.

    A cause of Salesforce access that meets one step only makes that step unknown: Salesforce did answer others."""
    name = cause or error.cause
    known = {"error": error.message, "code": error.code, "http_status": error.status, **error.evidence, **evidence}
    if name.startswith("salesforce."):
        known["acting_user"] = (facts.org if isinstance(facts, OrgFacts) else facts.org.org).acting_user
    if name not in catalogue.FACTS:
        return told(step, phase, Status.UNKNOWN, error.message, known, required=required)
    if status is None and catalogue.PHASE[name] is Phase.ACCESS:
        status = Status.UNKNOWN
    finding = caused(facts, step, phase, name, known, status=status, required=required)
    optional = finding.status is Status.UNKNOWN and not required and name.startswith("salesforce.")
    return replace(finding, cause=None) if optional else finding


def _clean(evidence: Mapping[str, Any]) -> dict[str, Any]:
    present = {key: value for key, value in evidence.items() if value is not None and value != ""}
    cleaned: dict[str, Any] = safe(present)
    return cleaned


def _reach(report: ErrorReport) -> datetime | None:
    """How far back the rows reach without a gap: to the beginning where the report is complete; to its newest gap where
    that is known; else to the oldest row where it was cut and stands newest first."""
    if report.complete:
        return datetime.min.replace(tzinfo=UTC)
    if report.gap_before is not None:
        return report.gap_before
    dated = [row.at for row in report.rows if row.at is not None]
    newest_first = len(dated) == len(report.rows) > 0 and all(one >= other for one, other in pairwise(dated))
    return dated[-1] if newest_first else None


def _grouped(users: Sequence[User], key: Callable[[User], str]) -> dict[str, list[User]]:
    groups: dict[str, list[User]] = defaultdict(list)
    for user in users:
        groups[key(user).casefold()].append(user)
    return groups


def _others(user: User, same: Sequence[User]) -> list[User]:
    return [other for other in same if other.id != user.id]
