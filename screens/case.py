"""One user's case as it unfolds: plain data that the engine's events fill. It outlives the screen that shows it,
so that a reset which is left on its own is found again, with its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from tui.kinds import Outcome, Status
from tui.words import _

if TYPE_CHECKING:
    from screens import engine as room
    from tui.model import CheckResult, Complaint, Finding, ResetPlan, ResetResult, StepPlan, User


class Doing(Enum):
    """What runs for this user."""

    NOTHING = 0
    CHECKING = 1
    PLANNING = 2
    RESETTING = 3
    VERIFYING = 4


@dataclass
class Case:
    """`query` is an id, an address or a name; `called` what to call the user until Salesforce has said who it is.

    `ticket` is the request that runs, 0 when none does; `stopped` says that the check was stopped before its end.
    `complaint` is what the person says does not work, if that was said: a check with it counts as reported.
    `overrule` is the admin's reason for a reset that the verdict does not ask for."""

    query: str
    called: str
    user: User | None = None
    complaint: Complaint | None = None
    doing: Doing = Doing.NOTHING
    ticket: int = 0
    since: datetime | None = None
    stopped: bool = False
    plan: tuple[StepPlan, ...] = ()
    found: dict[str, list[Finding]] = field(default_factory=dict)
    result: CheckResult | None = None
    problem: str = ""
    reset_plan: ResetPlan | None = None
    reset: ResetResult | None = None
    overrule: str = ""
    progress: str = ""

    @property
    def name(self) -> str:
        return self.user.name if self.user else self.called

    @property
    def findings(self) -> list[Finding]:
        """All that was found so far, in the order of the plan."""
        return [finding for step in self.plan for finding in self.found.get(step.id, ())]

    @property
    def failed(self) -> bool:
        """Whether a step of the check that ended did not end well."""
        unwell = {Status.FAIL, Status.UNKNOWN, Status.WAIT}
        return self.result is not None and any(finding.status in unwell for finding in self.result.steps)

    @property
    def running(self) -> bool:
        """Whether a check is under way, or the one that verifies a reset."""
        return self.doing in {Doing.CHECKING, Doing.VERIFYING}

    @property
    def told(self) -> CheckResult | None:
        """The result that holds: none while a reset changes what it says."""
        return self.result if self.doing is not Doing.RESETTING else None

    @property
    def resetting(self) -> bool:
        """Whether a reset, or the check that follows it, is under way."""
        return self.doing in {Doing.RESETTING, Doing.VERIFYING}

    @property
    def unverified(self) -> bool:
        """Whether a reset was recorded that only the page given by hand can verify."""
        reset = self.reset
        return reset is not None and reset.unread and reset.outcome is Outcome.DONE and self.result is None

    @property
    def stoppable(self) -> bool:
        return self.doing in {Doing.CHECKING, Doing.PLANNING, Doing.VERIFYING}

    def begin(self, doing: Doing, ticket: int, now: datetime) -> None:
        """A request was made for this case."""
        self.doing, self.ticket, self.since = doing, ticket, now
        self.problem, self.stopped, self.reset_plan = "", False, None
        if doing is Doing.CHECKING:
            self.result, self.reset, self.plan, self.found = None, None, (), {}
        elif doing is Doing.RESETTING:
            self.reset = None

    def resume(self, ticket: int, now: datetime) -> None:
        """A reset that was left unfinished is gone on with."""
        self.begin(Doing.RESETTING, ticket, now)
        self.progress = _("Going on with the reset of {user}: looking at the page.").format(user=self.name)

    def stop(self) -> None:
        """The request was cancelled."""
        self.doing, self.ticket, self.progress = Doing.NOTHING, 0, ""
        self.stopped = self.result is None

    def take(self, event: room.Event, now: datetime) -> bool:
        """Keep what the engine says, if it answers this case's request; whether it does."""
        from screens import engine as room

        if not self.ticket or event.ticket != self.ticket:
            return False
        match event:
            case room.StepsPlanned(user=user, steps=steps):
                self.user, self.plan, self.found = user, steps, {}
            case room.StepDone(planned=planned, finding=finding):
                self.found.setdefault(planned, []).append(finding)
            case room.CheckDone(result=result):
                self._checked(result)
            case room.ResetPlanned(plan=plan):
                self.doing, self.ticket, self.reset_plan = Doing.NOTHING, 0, plan
            case room.ResetProgress(text=text, seconds=seconds):
                self.progress, self.since = text, now - timedelta(seconds=seconds)
            case room.ResetDone(result=result):
                self.doing, self.since, self.progress = Doing.VERIFYING, now, ""
                self.reset, self.result = result, None
                self.user = result.user or self.user
                if result.unread:
                    self.doing, self.ticket = Doing.NOTHING, 0
            case room.Failed(sentence=sentence):
                self.doing, self.ticket, self.problem, self.progress = Doing.NOTHING, 0, sentence, ""
            case _:
                return False
        return True

    def _checked(self, result: CheckResult) -> None:
        self.doing, self.ticket, self.result, self.progress = Doing.NOTHING, 0, result, ""
        self.user = result.user or self.user
        if not self.plan:
            from tui.model import StepPlan

            self.plan = tuple(StepPlan(step.id, step.summary, step.phase) for step in result.steps)
            self.found = {step.id: [step] for step in result.steps}
