"""What screens know of the engine: requests go in, events come out.

The engine room (tui/engine_room/) answers on a thread of its own; screens see no client, no journal, no URL.
An event carries the `ticket` of the request that it answers, 0 where nothing was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from screens import set_up
from tui.declaration import Comparison, Declaration, Listing, Section
from tui.model import (
    Call,
    CheckResult,
    Complaint,
    ErrorReport,
    Finding,
    GuidedTest,
    LookAgain,
    Org,
    Overview,
    Past,
    ProofSample,
    ResetPlan,
    ResetResult,
    StepPlan,
    User,
    Write,
)

# ---- requests ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connect:
    """Log in, and say who answers. Answered by Connected or NotConnected, then Unfinished if a write was left."""


@dataclass(frozen=True, slots=True)
class LoadOverview:
    """Answered by OverviewLoaded, one for each stage until it is whole, or by Failed."""


@dataclass(frozen=True, slots=True)
class LoadErrors:
    """Answered by ErrorsLoaded and PastLoaded, or Failed."""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Somebody looked at the errors of these users (contracts.md's USER) up to that moment: they decide nothing more.
    Kept in the journal; nothing is written to Salesforce. Answered by PastLoaded or Failed."""

    users: tuple[str, ...]
    note: str
    until: datetime


@dataclass(frozen=True, slots=True)
class CheckMany:
    """Check these users. Answered by Checked… as they come, ManyDone and PastLoaded; or Failed."""

    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindUsers:
    """`text` as contracts.md's USER. Answered by UsersFound."""

    text: str


@dataclass(frozen=True, slots=True)
class CheckUser:
    """Run the triage of one user. Answered by StepsPlanned, StepDone…, CheckDone; or Failed."""

    query: str
    reported: bool = False
    page_file: str = ""
    """A file that holds the status page of this user, saved; judged in place of the live page."""
    page_text: str = ""
    """The same, as its text was pasted."""
    complaint: Complaint | None = None
    """What the person complains of; with it the check counts as reported."""
    retry: bool = False
    """Go on from the step at which the last check of this user failed."""


@dataclass(frozen=True, slots=True)
class LoadGuided:
    """Where Salesforce's own connection test is, and what was recorded of it. Answered by GuidedLoaded or Failed."""


@dataclass(frozen=True, slots=True)
class RecordGuided:
    """Keep the messages of that test, made with this user: side, message, and the outcome as it was seen (None: as the
    message says it). Answered by GuidedRecorded or Failed."""

    user_id: str
    user_name: str
    messages: tuple[tuple[str, str, bool | None], ...]


@dataclass(frozen=True, slots=True)
class LoadLookAgain:
    """Who is to be looked at again. Answered by LookAgainLoaded or Failed."""


@dataclass(frozen=True, slots=True)
class SavePacket:
    """Write the support packet of this user's last check to the file at `path` (`~` stands for the home folder).
    Answered by PacketSaved, by FileExists unless it may be replaced, or by Failed."""

    user_id: str
    path: str
    replace: bool = False


@dataclass(frozen=True, slots=True)
class PlanReset:
    """What a reset of this user would do. Answered by ResetPlanned. Writes nothing.

    `overrule` is the admin's reason where the verdict is not a reset."""

    user_id: str
    overrule: str = ""


@dataclass(frozen=True, slots=True)
class StartReset:
    """Reset this user: the admin has said yes to this plan. Answered by ResetProgress…, ResetDone, then CheckDone."""

    user_id: str
    overrule: str = ""


@dataclass(frozen=True, slots=True)
class RecordReset:
    """Keep that an admin pressed Reset for this user by hand, in Setup; `done` whether Setup took it. Answered by
    ResetDone, then CheckDone."""

    user_id: str
    done: bool
    overrule: str = ""


@dataclass(frozen=True, slots=True)
class LoadProof:
    """Read samples of the status page for Proof, this user's among them. Answered by ProofLoaded or Failed."""

    user_id: str


@dataclass(frozen=True, slots=True)
class AnswerProof:
    """What the admin saw in Setup for each sample: user id -> same or not. Answered by ProofRecorded."""

    answers: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class ResumeWrite:
    """Go on with an unfinished write: look, follow, verify; never press again. Answered like StartReset."""

    write_id: int


@dataclass(frozen=True, slots=True)
class DropWrite:
    """Leave an unfinished write as it is: it is closed in the journal with the outcome `unknown`."""

    write_id: int


@dataclass(frozen=True, slots=True)
class ListOrgs:
    """Which orgs have a config file. Answered by OrgsListed."""


@dataclass(frozen=True, slots=True)
class SwitchOrg:
    """Leave this org for the one of that name: everything else that was asked is given up. Answered by OrgSwitched,
    then as Connect; or by Failed, and nothing has changed: no such file, a file that is wrong, a write in flight."""

    name: str


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Write a list to the file at `path` (`~` stands for the home folder), as CSV or JSON, as its ending says. `rows`
    is called beside the loop. Answered by FileWritten, by FileExists unless it may be replaced, or by Failed."""

    path: str
    headings: tuple[str, ...]
    rows: Callable[[], Iterable[Sequence[Any]]]
    replace: bool = False


@dataclass(frozen=True, slots=True)
class LoadDeclaration:
    """Read the declared configurations, to be edited. Answered by DeclarationLoaded or Failed."""


@dataclass(frozen=True, slots=True)
class CheckDeclaration:
    """What would be wrong in these configurations. Answered by DeclarationChecked or Failed."""

    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class SaveDeclaration:
    """Write these configurations in the place of `before` into the config file. Answered by DeclarationSaved, or by
    DeclarationChecked or Failed, and nothing has changed."""

    before: tuple[Section, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class CompareList:
    """Hold a list of users (pasted, or in a file) against these configurations; `configuration` is the one of those who
    are in none by the list itself. Answered by ListCompared, ListOpen or Failed."""

    sections: tuple[Section, ...]
    text: str = ""
    file: str = ""
    configuration: str = ""


Request = (
    Connect
    | LoadOverview
    | LoadErrors
    | Acknowledge
    | CheckMany
    | FindUsers
    | CheckUser
    | LoadGuided
    | RecordGuided
    | LoadLookAgain
    | SavePacket
    | PlanReset
    | StartReset
    | RecordReset
    | LoadProof
    | AnswerProof
    | ResumeWrite
    | DropWrite
    | ListOrgs
    | SwitchOrg
    | set_up.Request
    | WriteFile
    | LoadDeclaration
    | CheckDeclaration
    | SaveDeclaration
    | CompareList
)

# ---- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connected:
    ticket: int
    org: Org


@dataclass(frozen=True, slots=True)
class NotConnected:
    ticket: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Unfinished:
    ticket: int
    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class OverviewLoaded:
    ticket: int
    overview: Overview


@dataclass(frozen=True, slots=True)
class ErrorsLoaded:
    ticket: int
    report: ErrorReport


@dataclass(frozen=True, slots=True)
class PastLoaded:
    """What the journal knows of every user that it names. `read_before`: when this person last read the report before
    this session, None where never. `open_days`: an older error is old."""

    ticket: int
    users: tuple[Past, ...]
    open_days: int
    read_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One of many is checked."""

    ticket: int
    result: CheckResult


@dataclass(frozen=True, slots=True)
class ManyDone:
    """All are checked that could be; `problems` are sentences about those who could not be found."""

    ticket: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UsersFound:
    """`problem` is the sentence to show when nobody or too many were found."""

    ticket: int
    users: tuple[User, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StepsPlanned:
    ticket: int
    user: User
    steps: tuple[StepPlan, ...]


@dataclass(frozen=True, slots=True)
class StepDone:
    """`finding.id` is the id of a planned step, or of a further finding below it (`planned` names the step)."""

    ticket: int
    planned: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class CheckDone:
    ticket: int
    result: CheckResult


@dataclass(frozen=True, slots=True)
class GuidedLoaded:
    """`tests` are those of the last 24 hours, newest first."""

    ticket: int
    link: str
    tests: tuple[GuidedTest, ...]


@dataclass(frozen=True, slots=True)
class GuidedRecorded:
    ticket: int
    tests: tuple[GuidedTest, ...]


@dataclass(frozen=True, slots=True)
class LookAgainLoaded:
    ticket: int
    people: tuple[LookAgain, ...]


@dataclass(frozen=True, slots=True)
class PacketSaved:
    ticket: int
    path: str


@dataclass(frozen=True, slots=True)
class ResetPlanned:
    ticket: int
    plan: ResetPlan


@dataclass(frozen=True, slots=True)
class ResetProgress:
    """`text` says what is going on; `seconds` since the reset was asked for."""

    ticket: int
    text: str
    seconds: int


@dataclass(frozen=True, slots=True)
class ResetDone:
    ticket: int
    result: ResetResult


@dataclass(frozen=True, slots=True)
class ProofLoaded:
    ticket: int
    samples: tuple[ProofSample, ...]


@dataclass(frozen=True, slots=True)
class ProofRecorded:
    ticket: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class OrgsListed:
    ticket: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrgSwitched:
    """From here on every event is about that org."""

    ticket: int
    name: str


@dataclass(frozen=True, slots=True)
class FileWritten:
    ticket: int
    path: str
    rows: int


@dataclass(frozen=True, slots=True)
class FileExists:
    """Nothing was written: there is such a file."""

    ticket: int
    path: str


@dataclass(frozen=True, slots=True)
class Called:
    """The newest calls made to the services, oldest first (for the log on `@`)."""

    ticket: int
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The request could not be carried out: a sentence for the person. `finding` says what that means and what to do,
    where the catalogue of causes knows it."""

    ticket: int
    sentence: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class DeclarationLoaded:
    ticket: int
    declaration: Declaration


@dataclass(frozen=True, slots=True)
class DeclarationChecked:
    """Each problem's place, such as `configurations[0].name` (counted from 0), and its sentence."""

    ticket: int
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DeclarationSaved:
    """Written, and in force; `sentence` says where, and where the former file is."""

    ticket: int
    declaration: Declaration
    sentence: str


@dataclass(frozen=True, slots=True)
class ListCompared:
    ticket: int
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ListOpen:
    """The list was read, and does not say which configuration it is about: ask, and compare again."""

    ticket: int
    listing: Listing


Event = (
    Connected
    | NotConnected
    | Unfinished
    | OverviewLoaded
    | ErrorsLoaded
    | PastLoaded
    | Checked
    | ManyDone
    | UsersFound
    | StepsPlanned
    | StepDone
    | CheckDone
    | GuidedLoaded
    | GuidedRecorded
    | LookAgainLoaded
    | PacketSaved
    | ResetPlanned
    | ResetProgress
    | ResetDone
    | ProofLoaded
    | ProofRecorded
    | OrgsListed
    | OrgSwitched
    | FileWritten
    | FileExists
    | Called
    | Failed
    | set_up.Event
    | DeclarationLoaded
    | DeclarationChecked
    | DeclarationSaved
    | ListCompared
    | ListOpen
)


class Engine(Protocol):
    """The engine as a screen sees it. Every method returns at once."""

    def ask(self, request: Request) -> int:
        """Queue a request; the ticket (above 0) stands on every event that answers it."""
        ...

    def cancel(self, ticket: int) -> None:
        """Stop a check. A write that has started is never cancelled."""
        ...

    @property
    def writing(self) -> bool:
        """Whether a write to Salesforce is in flight."""
        ...
