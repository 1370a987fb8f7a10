"""The nouns that every part of Passerelle shares. Plain frozen data: no network, no disk, no screen.

Every text in these objects that came from outside has passed `tui.sanitise.sanitise`,
except the fields named ``raw_…``, which are sent back to Salesforce and never shown.
All times are timezone-aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tui.kinds import Course as Course
from tui.kinds import Direction as Direction
from tui.kinds import ErrorType as ErrorType
from tui.kinds import OrgKind as OrgKind
from tui.kinds import Outcome as Outcome
from tui.kinds import Phase as Phase
from tui.kinds import Product as Product
from tui.kinds import Readable as Readable
from tui.kinds import Stage as Stage
from tui.kinds import Status as Status
from tui.kinds import Verdict as Verdict

EMPTY: Mapping[str, Any] = MappingProxyType({})


class ServiceError(Exception):
    """A service refused or could not be reached, already turned into a cause of causes.md.

    `cause` is a cause id; `evidence` holds what was asked and answered, sanitised and redacted;
    `code` is the service's own error code. The text never holds a secret.
    """

    def __init__(
        self,
        cause: str,
        message: str,
        *,
        code: str = "",
        status: int | None = None,
        evidence: Mapping[str, Any] = EMPTY,
    ) -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message
        self.code = code
        self.status = status
        self.evidence = dict(evidence)


@dataclass(frozen=True, slots=True)
class Org:
    """The Salesforce organisation that answers, and the user it knows us as."""

    id: str
    name: str
    instance: str
    sandbox: bool
    practice: bool
    domain: str
    acting_user: str
    acting_user_id: str
    language: str = ""
    locale: str = ""
    time_zone: str = ""
    edition: str = ""
    api_version: str = ""

    @property
    def kind(self) -> OrgKind:
        if self.practice:
            return OrgKind.PRACTICE
        return OrgKind.SANDBOX if self.sandbox else OrgKind.PRODUCTION


@dataclass(frozen=True, slots=True)
class User:
    """One row of Salesforce's User object. `frozen` is None where UserLogin cannot be read."""

    id: str
    name: str
    username: str
    email: str
    active: bool
    frozen: bool | None = None
    profile_id: str = ""
    profile: str = ""
    user_type: str = ""
    raw_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One row of the error report. `cells` is column label -> cell label, in the report's order."""

    id: str
    at: datetime | None
    user_id: str | None
    user_name: str
    type: ErrorType
    type_label: str
    text: str
    cells: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """What was read of the error report. `total` is the report's own count, None where it gave none;
    `complete` is False when rows are missing, `note` says why. `gap_before`: rows older than this may be missing, none
    newer; None where nothing is known of it beyond the rows' order."""

    rows: tuple[ErrorRow, ...]
    total: int | None
    complete: bool
    as_user: str
    read_at: datetime
    report_id: str = ""
    report_name: str = ""
    columns: Mapping[str, str] = field(default_factory=lambda: EMPTY)  # meaning (at, user, type, text) -> column label
    note: str = ""
    gap_before: datetime | None = None


class RowKind(StrEnum):
    """What a row of the Lightning Sync Status page is about."""

    CONNECTION_METHOD = "connection_method"
    SERVICE_ACCOUNT = "service_account"
    OUTLOOK_INTEGRATION = "outlook_integration"
    LINKED_USERS = "linked_users"
    LAST_SYNC_ACTIVITY = "last_sync_activity"
    SYNC_ENABLED = "sync_enabled"
    ASSIGNED = "assigned"
    RESET = "reset"
    LINKED = "linked"
    SALESFORCE_TO_GOOGLE = "salesforce_to_google"
    GOOGLE_TO_SALESFORCE = "google_to_salesforce"


class Word(StrEnum):
    """What the value of such a row means. A value that is none of these has no word (None)."""

    YES = "yes"
    NO = "no"
    LINKED = "linked"
    DUPLICATE_ADDRESS = "duplicate_address"
    NOT_LINKED = "not_linked"
    NOT_STARTED = "not_started"
    INITIAL_IN_PROGRESS = "initial_in_progress"
    INITIAL_COMPLETED = "initial_completed"
    IN_SYNC = "in_sync"
    NOT_THIS_DIRECTION = "not_this_direction"
    NOTHING_TO_SYNC = "nothing_to_sync"
    UNABLE = "unable"
    RESETTING = "resetting"


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row of a table of the page. `table` is the element id that it was recognised by;
    `kind` and `word` are None where label or value are words that we do not know."""

    table: str
    label: str
    value: str
    kind: RowKind | None = None
    word: Word | None = None
    number: int | None = None
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageReading:
    """One reading of the Lightning Sync Status page (or of its saved or pasted copy).

    `problem` is empty when the page is the page we know; otherwise the sentence that says why not.
    `shown_name` is the name the page answers about, None when it shows no user."""

    rows: tuple[PageRow, ...] = ()
    shown_name: str | None = None
    problem: str = ""
    read_at: datetime | None = None
    source: str = "page"
    can_check: bool = False
    can_reset: bool = False

    def first(self, kind: RowKind, table: str | None = None) -> PageRow | None:
        """The first row of that kind, in that table if one is named."""
        for row in self.rows:
            if row.kind is kind and (table is None or row.table == table):
                return row
        return None


@dataclass(frozen=True, slots=True)
class ContactSync:
    direction: Direction = Direction.BOTH
    match: str = ""


@dataclass(frozen=True, slots=True)
class EventSync:
    direction: Direction = Direction.BOTH
    which: str = "all"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A Lightning Sync configuration as the config file declares it (no API can read one)."""

    name: str
    active: bool = True
    users: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    contacts: ContactSync = ContactSync()
    events: EventSync = EventSync()
    data_set: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Call:
    """One call made to a service, for the log that the console shows. Never a query string, a header or a body."""

    at: datetime
    service: str
    method: str
    path: str
    status: int | None
    ms: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: one step of the triage (contracts.md, JSON of `check`).

    `required` marks the facts that verdict.md requires: unknown among them means undetermined. `calls` are those that
    the check made, on the first of its findings; `kept_from` is the time of the check that it was taken over from."""

    id: str
    phase: Phase
    status: Status
    summary: str
    cause: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    fix: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    ms: int = 0
    required: bool = False
    calls: tuple[Call, ...] = ()
    kept_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step that a triage is going to take."""

    id: str
    title: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class History:
    """What the journal knows of one user in one org, as far as the verdict needs it.

    `reset_after` is a moment that lies surely before the last completed reset ended and after it was
    asked for, by Salesforce's clock: rows newer than it are newer than the reset."""

    reset_after: datetime | None = None
    fails_at_reset: frozenset[str] = frozenset()
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What the journal knows of one user in one org, for a list of many: the last check, what became of older errors,
    and who acknowledged them with which words. `assigned` is whether that check found the user in an active
    configuration, None where it could not tell."""

    user_id: str
    user_name: str = ""
    checked_at: datetime | None = None
    verdict: Verdict | None = None
    causes: tuple[str, ...] = ()
    assigned: bool | None = None
    history: History = History()
    acknowledged_by: str = ""
    note: str = ""


class RowState(StrEnum):
    """What has become of a row of the error report; the first that holds stands."""

    GONE = "gone"
    ACKNOWLEDGED = "acknowledged"
    OLD = "old"
    CHECKED = "checked"
    NEW = "new"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of the rules of verdict.md. `rule` is the number of the rule that decided;
    `sub_step` is 1, 2, 3 of set-up step 6, 0 for "none: this person's Google account", None elsewhere."""

    verdict: Verdict
    causes: tuple[str, ...]
    rule: int
    sub_step: int | None = None
    look_again_at: datetime | None = None
    open_errors: int = 0


class Missing(StrEnum):
    """What a person says does not sync."""

    NOTHING_SYNCS = "nothing_syncs"
    ALL_EVENTS = "all_events"
    ONE_EVENT = "one_event"
    CONTACTS = "contacts"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the person complains of: a check with it counts as reported. `direction` is BOTH where none was said."""

    missing: Missing
    direction: Direction = Direction.BOTH


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One user, checked. `user` is None when Salesforce could not be asked who that is.

    `sentence` says all in a line or two; `story` only what happened, without the verdict's name and what to do."""

    query: str
    user: User | None
    product: Product
    reported: bool
    judgement: Judgement
    steps: tuple[Finding, ...]
    checked_at: datetime
    sentence: str = ""
    not_tested: tuple[str, ...] = ()
    story: str = ""
    complaint: Complaint | None = None


@dataclass(frozen=True, slots=True)
class ResetResult:
    """What came of one reset (contracts.md, JSON of `reset`)."""

    query: str
    user: User | None
    method: str
    outcome: Outcome
    reason: str
    before: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    after: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Write:
    """A write to Salesforce as the journal holds it. `stage` is planned (written before the request
    left), pressed (Salesforce answered it), or ended."""

    id: int
    org_id: str
    user_id: str
    user_name: str
    by: str
    acting_user: str
    stage: str
    planned_at: datetime
    pressed_at: datetime | None = None
    running_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""
    before: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    after: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Capability:
    id: str
    status: Readable
    summary: str


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One step of the guide's set-up checklist with its live state. `proof` are the findings that it rests on."""

    step: str
    title: str
    status: Status
    summary: str
    link: str = ""
    proof: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class SetupChange:
    """One change in Setup that concerns the sync: a row of Salesforce's audit trail. `at` is None where it has no time
    that can be read; `action` is Salesforce's code."""

    at: datetime | None
    by: str
    section: str
    text: str
    action: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the sync is broken for everybody: fail, warn (perhaps, or in part), unknown, or pass (it is not).

    `deciding` is the finding that it rests on, None where it rests on all of them. `last_worked` is the newest sync
    activity that the status page shows; where that is None, `last_worked_why` says why."""

    status: Status
    sentence: str
    deciding: Finding | None = None
    last_worked: datetime | None = None
    last_worked_why: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """Since when there are more errors than usual. `at` is the first error of the jump, or of the streak where errors
    are rare; `errors` and `people` count from then on (the last day where nothing changed); `usual` is a day's errors.
    `whole`: the rows that this rests on were all read."""

    course: Course
    at: datetime | None
    errors: int
    people: int
    usual: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """The error report, counted. `months` are "2026-11" -> type -> errors, without a gap, oldest first (UTC);
    `erring` is how many people have an open error; `undated` how many rows have no time that can be read."""

    by_type: Mapping[ErrorType, int]
    open_by_type: Mapping[ErrorType, int]
    months: Mapping[str, Mapping[ErrorType, int]]
    newest: datetime | None
    erring: int
    undated: int
    since: Since


@dataclass(frozen=True, slots=True)
class Members:
    """Whom a configuration brings. `named`: the active users that it names; `profiles`: profile -> its active users;
    `people`: all of them, each once. None is what could not be found out."""

    named: int | None
    profiles: tuple[tuple[str, int | None], ...]
    people: int | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What does not fit in the declared configurations: which of them, a sentence, and who it is about."""

    configurations: tuple[str, ...]
    sentence: str
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """All declared configurations, held against the users of the organisation. `members` stand in the order of the
    configurations; `active` is how many active users there are, `assigned` how many of them the active configurations
    bring; None is what could not be read, `problem` then says why."""

    members: tuple[Members, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    active: int | None = None
    assigned: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StatusPage:
    """Where a company says whether its own service is well, and why it is not asked from here."""

    service: str
    address: str
    why: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of the whole. `changes` are newest first, None where the audit trail cannot be read; `calls` is how
    many calls this run made, by service; `api_stops_at` the number of the day's API calls at which bulk work stops.
    `tally` is None where the report could not be read; `confirmed` says whether an admin has confirmed here how the
    status page is read."""

    org: Org
    product: Product
    checklist: tuple[ChecklistItem, ...]
    capabilities: tuple[Capability, ...]
    configurations: tuple[Configuration, ...]
    report: ErrorReport | None
    api_used: int | None
    api_limit: int | None
    read_at: datetime
    findings: tuple[Finding, ...] = ()
    changes: tuple[SetupChange, ...] | None = None
    calls: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    api_stops_at: int | None = None
    answer: Answer | None = None
    tally: Tally | None = None
    roster: Roster = Roster()
    status_pages: tuple[StatusPage, ...] = ()
    confirmed: bool = True
    stage: Stage = Stage.WHOLE


@dataclass(frozen=True, slots=True)
class GuidedTest:
    """One message of Salesforce's own connection test, as an admin recorded it. `side` is "calendar" or "contacts";
    `ok` is None where its wording is not known; `message` is what it said, empty where only the outcome was given."""

    side: str
    ok: bool | None
    message: str
    user_id: str
    user_name: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a USER argument names. Exactly one of `users` and `problem` is filled.

    `problem` is a sentence (nobody, or a full name that fits several people): a usage error."""

    query: str
    users: tuple[User, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ProofSample:
    """One reading shown to the admin for Proof: who, why this person, and what we read.

    `error` is this person's newest row of the error report as its columns were matched: (column, value), in pairs."""

    kind: str  # "well" | "unwell" | "left"
    user: User
    reading: PageReading
    error: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ResetPlan:
    """What a reset would do, or why it is refused (`refusal` is then the sentence; `by_hand`: it can still be pressed
    in Setup, by a person). `owned` is how many records of each kind the user owns, None where that is not known, and
    then why: (kind, number, reason)."""

    user: User
    org: Org
    refusal: str = ""
    needs_proof: bool = False
    warnings: tuple[str, ...] = ()
    before: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    owned: tuple[tuple[str, int | None, str], ...] = ()
    by_hand: bool = False
    link: str = ""


class LookAgainFor(StrEnum):
    """Why somebody is on the list of people to look at again."""

    RESET = "reset"
    WAIT = "wait"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Somebody to look at again at `due`. The last verdict, and when it was given, are those of the journal."""

    user_id: str
    user_name: str
    due: datetime
    why: LookAgainFor
    since: datetime
    verdict: Verdict | None = None
    checked_at: datetime | None = None
