"""What the console knows at this moment: plain data that the engine's events fill and the screens draw."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from screens.case import Case
from tui.clock import utc_now

if TYPE_CHECKING:
    from screens import engine as room
    from screens.draft import Draft
    from tui.model import Call, Complaint, ErrorReport, ErrorRow, Finding, Org, Overview, Past, User, Write
    from tui.records import Records

T = TypeVar("T")

ARMED_FOR = timedelta(minutes=15)
SAID = 100
"""How many messages are kept, and how many lines that were entered."""


def _lines() -> deque[str]:
    return deque(maxlen=SAID)


@dataclass
class Reading(Generic[T]):
    """Something that is read on request. A failed reading keeps the old value and says so in `problem`."""

    value: T | None = None
    problem: str = ""
    finding: Finding | None = None
    """What the problem means and what to do about it, where that is known."""
    ticket: int = 0
    asked_at: datetime | None = None

    @property
    def under_way(self) -> bool:
        return self.ticket != 0

    def ask(self, ticket: int, now: datetime) -> None:
        self.ticket, self.asked_at = ticket, now

    def got(self, value: T) -> None:
        self.value, self.problem, self.finding, self.ticket = value, "", None, 0

    def failed(self, sentence: str, finding: Finding | None = None) -> None:
        self.problem, self.finding, self.ticket = sentence, finding, 0


class Pasts:
    """What the journal knows of the users, found by the row of an error. A row without a user's id counts where one
    user alone has its name."""

    def __init__(self, loaded: room.PastLoaded | None = None) -> None:
        users = loaded.users if loaded else ()
        self.known = loaded is not None
        self.open_days = loaded.open_days if loaded else 30
        self.read_before = loaded.read_before if loaded else None
        self._by_id = {past.user_id: past for past in users}
        self.checks = any(past.checked_at for past in users)
        """Whether anybody was ever checked here."""
        names = Counter(past.user_name for past in users)
        self._by_name = {past.user_name: past for past in users if names[past.user_name] == 1}

    def of(self, row: ErrorRow) -> Past | None:
        return self._by_id.get(row.user_id) if row.user_id else self._by_name.get(row.user_name)


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the message line."""

    number: int
    at: datetime
    sentence: str
    ink: str


@dataclass
class Store:
    """The state that all screens share. `take` is the only way in for what the engine says."""

    now: Callable[[], datetime] = utc_now
    where: str = ""
    """The domain that was asked to let us in."""
    org: Org | None = None
    not_connected: Finding | None = None
    connecting: int = 0
    connecting_since: datetime | None = None
    overview: Reading[Overview] = field(default_factory=Reading)
    errors: Reading[ErrorReport] = field(default_factory=Reading)
    pasts: Pasts = field(default_factory=Pasts)
    arrived: set[str] = field(default_factory=set)
    """The ids of rows that a later reading of this session brought."""
    gone: dict[str, ErrorRow] = field(default_factory=dict)
    """Rows that a later reading of this session no longer had, though it was whole."""
    users: dict[str, User] = field(default_factory=dict)
    """Whom Salesforce has named to this session, by id."""
    records: dict[str, Records] = field(default_factory=dict)
    """What the journal holds of those who were checked here, by id."""
    complaints: dict[str, Complaint] = field(default_factory=dict)
    """What somebody is said to miss, by id, as long as this console runs."""
    new_errors: int = 0
    calls: tuple[Call, ...] = ()
    unfinished: tuple[Write, ...] = ()
    cases: list[Case] = field(default_factory=list)
    armed_until: datetime | None = None
    said: deque[Said] = field(default_factory=lambda: deque(maxlen=SAID))
    commands: deque[str] = field(default_factory=_lines)
    """What was entered behind `:`, the newest last."""
    filters: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(_lines))
    """The filters that were entered, by the screen."""
    draft: Draft | None = None
    """The declared configurations while somebody edits them."""

    def leave(self, connecting: int) -> None:
        """Forget everything about this org, the leave to write included: the next one is being connected to."""
        vars(self).update(vars(Store(now=self.now, said=self.said, commands=self.commands)))
        self.connecting, self.connecting_since = connecting, self.now()

    def say(self, sentence: str, ink: str) -> None:
        """Keep a message that was shown."""
        number = self.said[-1].number + 1 if self.said else 0
        self.said.append(Said(number, self.now(), sentence, ink))

    @property
    def started(self) -> bool:
        """Whether there is an engine that can be asked."""
        return bool(self.connecting or self.org or self.not_connected)

    @property
    def connected(self) -> bool:
        return self.org is not None and self.not_connected is None

    @property
    def armed(self) -> bool:
        """Whether actions that write to Salesforce are allowed now."""
        return self.armed_until is not None and self.now() < self.armed_until

    @property
    def armed_minutes(self) -> int:
        """Whole minutes left, rounded up; 0 when not armed."""
        if not self.armed or self.armed_until is None:
            return 0
        return max(1, -(-int((self.armed_until - self.now()).total_seconds()) // 60))

    def arm(self) -> None:
        self.armed_until = self.now() + ARMED_FOR

    def disarm(self) -> None:
        self.armed_until = None

    @property
    def saving(self) -> int:
        """The request that writes the declared configurations, 0 when none does."""
        return self.draft.ticket if self.draft is not None and self.draft.saving else 0

    @property
    def unsaved(self) -> bool:
        """Whether changes of the declared configurations are not saved."""
        return self.draft is not None and self.draft.changed

    @property
    def resetting(self) -> Case | None:
        """The case whose reset is under way, if there is one."""
        return next((case for case in self.cases if case.resetting), None)

    def case(self, query: str, called: str) -> Case:
        """The case of that user: the one whose reset runs or has ended, else a new one."""
        kept = [case for case in self.cases if case.resetting or case.reset is not None]
        for case in kept:
            if query in {case.query, case.user.id if case.user else ""}:
                self.cases = kept
                return case
        new = Case(query, called, complaint=self.complaints.get(query))
        self.cases = [*kept, new]
        return new

    def complain(self, case: Case, complaint: Complaint | None) -> None:
        """Keep what the person of that case is said to miss, nothing with None."""
        case.complaint = complaint
        for key in {case.query, case.user.id if case.user else case.query}:
            self.complaints.pop(key, None)
            if complaint is not None:
                self.complaints[key] = complaint

    def take(self, event: room.Event) -> None:
        """Keep what the engine says."""
        from screens import engine as room

        for case in self.cases:
            case.take(event, self.now())
        match event:
            case room.Connecting(where=where):
                self.where = where
            case room.Connected(org=org):
                self.org, self.not_connected, self.connecting = org, None, 0
            case room.NotConnected(finding=finding):
                self.not_connected, self.connecting = finding, 0
            case room.Unfinished(writes=writes):
                self.unfinished = writes
            case room.OverviewLoaded(overview=overview):
                self._take_overview(overview)
            case room.ErrorsLoaded(report=report):
                self._take_errors(report)
            case room.UsersFound(users=users):
                self.users |= {user.id: user for user in users}
            case room.StepsPlanned(user=user):
                self.users[user.id] = user
            case room.Checked(result=result) if result.user is not None:
                self.users[result.user.id] = result.user
            case room.RecordsLoaded(records=records):
                self.records[records.user_id] = records
            case room.PastLoaded():
                self.pasts = Pasts(event)
            case room.Called(calls=calls):
                self.calls = calls
            case room.DeclarationLoaded() | room.DeclarationSaved():
                self._take_declaration(event)
            case room.DeclarationChecked(ticket=ticket, problems=problems):
                if self.draft is not None and self.draft.ticket == ticket:
                    self.draft.answered(problems)
            case room.Failed(ticket=ticket, sentence=sentence, finding=finding) if ticket:
                for reading in (self.overview, self.errors):
                    if reading.ticket == ticket:
                        reading.failed(sentence, finding)
                if self.draft is not None and self.draft.ticket == ticket:
                    self.draft.answered(refusal=sentence)

    def _take_declaration(self, event: room.DeclarationLoaded | room.DeclarationSaved) -> None:
        from screens.draft import Draft

        self.draft = Draft.of(event.declaration)

    def _take_overview(self, new: Overview) -> None:
        """An earlier stage of the reading stands until the next one, and never in the place of an older answer; what it
        has not asked yet is kept from before."""
        from tui.model import Stage

        old = self.overview.value
        if new.stage is Stage.WHOLE:
            self.overview.got(new)
        elif old is None or old.stage is Stage.SO_FAR:
            self.overview.value = new
        elif new.stage is Stage.ANSWERED:
            self.overview.value = replace(new, capabilities=old.capabilities, changes=old.changes)

    def _take_errors(self, report: ErrorReport) -> None:
        old = self.errors.value
        self.errors.got(report)
        if old is None:
            return
        known, ids = {row.id for row in old.rows}, {row.id for row in report.rows}
        self.new_errors += len(ids - known)
        self.arrived |= ids - known
        if old.complete and report.complete and old.report_id == report.report_id:
            self.gone |= {row.id: row for row in old.rows if row.id not in ids}
        self.gone = {id_: row for id_, row in self.gone.items() if id_ not in ids}
