"""The state of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tui.kinds import Course, ErrorType, Product, Readable, Stage, Status
from tui.model.check import Finding
from tui.model.configurations import Configuration, Roster
from tui.model.empty import EMPTY
from tui.model.people import Org
from tui.model.report import ErrorReport


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
    roster: Roster = field(default_factory=Roster)
    status_pages: tuple[StatusPage, ...] = ()
    confirmed: bool = True
    stage: Stage = Stage.WHOLE
