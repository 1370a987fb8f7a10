"""What screens know of the engine: requests go in, events come out.

The engine room (tui/engine_room/) answers on a thread of its own; screens see no client, no journal, no URL.
An event carries the `ticket` of the request that it answers, 0 where nothing was asked. Requests and events stand by
subject in the modules of this package, which are named as those of the engine room that answer them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from screens.engine import by_hand, checking, declaring, files, orgs, reading, resetting, set_up
from screens.engine.by_hand import AnswerProof as AnswerProof
from screens.engine.by_hand import GuidedLoaded as GuidedLoaded
from screens.engine.by_hand import GuidedRecorded as GuidedRecorded
from screens.engine.by_hand import LoadGuided as LoadGuided
from screens.engine.by_hand import LoadProof as LoadProof
from screens.engine.by_hand import ProofLoaded as ProofLoaded
from screens.engine.by_hand import ProofRecorded as ProofRecorded
from screens.engine.by_hand import RecordGuided as RecordGuided
from screens.engine.checking import CheckDone as CheckDone
from screens.engine.checking import Checked as Checked
from screens.engine.checking import CheckMany as CheckMany
from screens.engine.checking import CheckUser as CheckUser
from screens.engine.checking import FindUsers as FindUsers
from screens.engine.checking import ManyDone as ManyDone
from screens.engine.checking import StepDone as StepDone
from screens.engine.checking import StepsPlanned as StepsPlanned
from screens.engine.checking import UsersFound as UsersFound
from screens.engine.declaring import CheckDeclaration as CheckDeclaration
from screens.engine.declaring import CompareList as CompareList
from screens.engine.declaring import DeclarationChecked as DeclarationChecked
from screens.engine.declaring import DeclarationLoaded as DeclarationLoaded
from screens.engine.declaring import DeclarationSaved as DeclarationSaved
from screens.engine.declaring import ListCompared as ListCompared
from screens.engine.declaring import ListOpen as ListOpen
from screens.engine.declaring import LoadDeclaration as LoadDeclaration
from screens.engine.declaring import SaveDeclaration as SaveDeclaration
from screens.engine.files import FileExists as FileExists
from screens.engine.files import FileWritten as FileWritten
from screens.engine.files import PacketSaved as PacketSaved
from screens.engine.files import SavePacket as SavePacket
from screens.engine.files import WriteFile as WriteFile
from screens.engine.orgs import Connect as Connect
from screens.engine.orgs import Connected as Connected
from screens.engine.orgs import Connecting as Connecting
from screens.engine.orgs import ListOrgs as ListOrgs
from screens.engine.orgs import NotConnected as NotConnected
from screens.engine.orgs import OrgsListed as OrgsListed
from screens.engine.orgs import OrgSwitched as OrgSwitched
from screens.engine.orgs import SwitchOrg as SwitchOrg
from screens.engine.reading import Acknowledge as Acknowledge
from screens.engine.reading import ErrorsLoaded as ErrorsLoaded
from screens.engine.reading import LoadErrors as LoadErrors
from screens.engine.reading import LoadLookAgain as LoadLookAgain
from screens.engine.reading import LoadOverview as LoadOverview
from screens.engine.reading import LookAgainLoaded as LookAgainLoaded
from screens.engine.reading import OverviewLoaded as OverviewLoaded
from screens.engine.reading import PastLoaded as PastLoaded
from screens.engine.reading import RecordsLoaded as RecordsLoaded
from screens.engine.resetting import DropWrite as DropWrite
from screens.engine.resetting import PlanReset as PlanReset
from screens.engine.resetting import RecordReset as RecordReset
from screens.engine.resetting import ResetDone as ResetDone
from screens.engine.resetting import ResetPlanned as ResetPlanned
from screens.engine.resetting import ResetProgress as ResetProgress
from screens.engine.resetting import ResumeWrite as ResumeWrite
from screens.engine.resetting import StartReset as StartReset
from screens.engine.resetting import Unfinished as Unfinished
from tui.model import Call, Finding

Request = (
    by_hand.Request
    | checking.Request
    | declaring.Request
    | files.Request
    | orgs.Request
    | reading.Request
    | resetting.Request
    | set_up.Request
)


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


Event = (
    Called
    | Failed
    | by_hand.Event
    | checking.Event
    | declaring.Event
    | files.Event
    | orgs.Event
    | reading.Event
    | resetting.Event
    | set_up.Event
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
