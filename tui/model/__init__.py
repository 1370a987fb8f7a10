"""The nouns that every part of Passerelle shares, by subject. Plain frozen data: no network, no disk, no screen.

Every text in these objects that came from outside has passed `tui.sanitise.sanitise`,
except the fields named ``raw_…``, which are sent back to Salesforce and never shown.
All times are timezone-aware and in UTC.
"""

from tui.kinds import Course as Course
from tui.kinds import Direction as Direction
from tui.kinds import ErrorType as ErrorType
from tui.kinds import OrgKind as OrgKind
from tui.kinds import Outcome as Outcome
from tui.kinds import Phase as Phase
from tui.kinds import Product as Product
from tui.kinds import Readable as Readable
from tui.kinds import RowState as RowState
from tui.kinds import Stage as Stage
from tui.kinds import Status as Status
from tui.kinds import Verdict as Verdict
from tui.model.check import CheckResult as CheckResult
from tui.model.check import Complaint as Complaint
from tui.model.check import Finding as Finding
from tui.model.check import Judgement as Judgement
from tui.model.check import Missing as Missing
from tui.model.check import StepPlan as StepPlan
from tui.model.configurations import Configuration as Configuration
from tui.model.configurations import ContactSync as ContactSync
from tui.model.configurations import Contradiction as Contradiction
from tui.model.configurations import EventSync as EventSync
from tui.model.configurations import Members as Members
from tui.model.configurations import Roster as Roster
from tui.model.empty import EMPTY as EMPTY
from tui.model.overview import Answer as Answer
from tui.model.overview import Capability as Capability
from tui.model.overview import ChecklistItem as ChecklistItem
from tui.model.overview import Overview as Overview
from tui.model.overview import SetupChange as SetupChange
from tui.model.overview import Since as Since
from tui.model.overview import StatusPage as StatusPage
from tui.model.overview import Tally as Tally
from tui.model.page import PageReading as PageReading
from tui.model.page import PageRow as PageRow
from tui.model.page import ProofSample as ProofSample
from tui.model.page import RowKind as RowKind
from tui.model.page import Word as Word
from tui.model.past import GuidedTest as GuidedTest
from tui.model.past import History as History
from tui.model.past import LookAgain as LookAgain
from tui.model.past import LookAgainFor as LookAgainFor
from tui.model.past import Past as Past
from tui.model.people import Org as Org
from tui.model.people import Resolution as Resolution
from tui.model.people import User as User
from tui.model.report import ErrorReport as ErrorReport
from tui.model.report import ErrorRow as ErrorRow
from tui.model.services import Call as Call
from tui.model.services import ServiceError as ServiceError
from tui.model.writes import ResetPlan as ResetPlan
from tui.model.writes import ResetResult as ResetResult
from tui.model.writes import Write as Write
