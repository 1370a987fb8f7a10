"""Troubleshoot: one user, from the first question to the verdict, the fix, and the reset with its verification."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.widget import Widget

from screens import engine as room
from screens import telling
from screens.actions import Scene, bindings
from screens.base import ConsoleScreen, path
from screens.case import Case, Doing
from screens.errors import newest_first
from screens.guided import GuidedScreen
from screens.pieces import Copy, of_user
from screens.proof import ProofScreen
from screens.widgets.document import Block, Document, blank
from screens.widgets.ink import Line
from screens.words import checked
from tui.model import ErrorRow, ResetPlan
from tui.terms import ORG_KIND
from tui.words import N_, _

ROWS = 20
"""How many of the user's errors are listed."""

RUNS = {
    Doing.CHECKING: N_("checking"),
    Doing.PLANNING: N_("looking at the page"),
    Doing.RESETTING: N_("resetting"),
    Doing.VERIFYING: N_("verifying"),
}


class TroubleshootScreen(ConsoleScreen):
    """Shows a case; checks it at once, unless something runs or was found for it already."""

    name_ = "troubleshoot"
    BINDINGS = bindings("troubleshoot")

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case
        self._pasting = False

    # What stands on the screen.

    def body(self) -> Iterator[Widget]:
        yield Document(id="story")

    @property
    def page(self) -> Document:
        return self.query_one("#story", Document)

    def crumb(self) -> Line:
        return path(_("Troubleshoot"), self.case.name)

    def aside(self) -> Line:
        if self.case.result is None or self.case.doing is not Doing.NOTHING:
            return ()
        return ((checked(self.case.result.checked_at, self.store.now()) + " ", "dim"),)

    def going_on(self) -> tuple[str, int] | None:
        case = self.case
        if case.doing not in RUNS or case.since is None:
            return super().going_on()
        return _(RUNS[case.doing]), int((self.store.now() - case.since).total_seconds())

    def scene(self) -> Scene:
        case = self.case
        return Scene(
            self.name_,
            connected=self.store.connected,
            armed=self.store.armed,
            can_open=self.page.can_open,
            checking=case.stoppable,
            resetting=case.doing is Doing.RESETTING,
            user_known=case.user is not None,
            verdict=case.result.judgement.verdict if case.result else None,
            unfinished=len(self.store.unfinished),
        )

    def draw(self) -> None:
        case = self.case
        blocks: list[Block] = [
            telling.identity(case.user) if case.user else Block("identity", ((case.called, "strong"),))
        ]
        if case.problem:
            blocks += [blank("problem.space"), Block("problem", ((case.problem, "warn"),))]
        if case.progress:
            blocks += [blank("progress.space"), Block("progress", ((case.progress, "accent"),))]
        if case.reset_plan is not None:
            blocks += telling.plan(case.reset_plan)
        if case.reset is not None:
            blocks += telling.outcome(case.reset)
        if case.result is not None and case.doing is not Doing.RESETTING:
            blocks += [*telling.verdict(case.result), *telling.to_do(case.result)]
            if case.reset is not None:
                blocks += telling.comparison(case.reset)
        elif case.doing is Doing.CHECKING and not case.plan:
            blocks += [blank("wait.space"), Block("wait", ((_("Looking the user up in Salesforce…"), "dim"),))]
        elif case.stopped:
            blocks += [blank("stopped.space"), Block("stopped", ((_("Stopped: c runs the check again."), "warn"),))]
        blocks += telling.steps(case.plan, case.found, case.doing in {Doing.CHECKING, Doing.VERIFYING})
        if case.result is not None:
            blocks += telling.user_errors(self._rows(), case.result.judgement.open_errors)
            blocks += telling.not_tested(case.result)
        self.page.show(blocks)

    def _rows(self) -> list[ErrorRow]:
        """This user's rows of the report, as far as the console has read it."""
        report, user = self.store.errors.value, self.case.user
        if report is None or user is None:
            return []
        mine = (row for row in report.rows if (row.user_id == user.id if row.user_id else row.user_name == user.name))
        return newest_first(list(mine))[:ROWS]

    def copies(self) -> Sequence[Copy]:
        user = self.case.user
        return (*(of_user(user) if user else ()), *super().copies())

    # What a person does.

    def on_mount(self) -> None:
        if self.case.doing is Doing.NOTHING and self.case.reset is None:
            self._check()
        super().on_mount()

    def _begin(self, doing: Doing, request: room.Request) -> None:
        self.case.begin(doing, self.host.ask(request), self.store.now())
        self.refresh_all()

    def _check(self) -> None:
        case = self.case
        self._begin(Doing.CHECKING, room.CheckUser(case.user.id if case.user else case.query, case.reported))

    def do_check(self) -> None:
        self._check()
        self.page.go(0)

    def do_refresh(self) -> None:
        if not self.store.connected:
            self.host.connect()
        elif self.case.doing is Doing.NOTHING:
            self.do_check()
        else:
            self.flash(_("A check or a reset is running."), "dim")

    def do_reported(self) -> None:
        self.case.reported = not self.case.reported
        self.do_check()

    def do_cancel(self) -> None:
        self.host.cancel(self.case.ticket)
        self.case.stop()
        self.refresh_all()

    def do_open(self) -> None:
        self.page.toggle()
        self.cursor_moved()

    def do_back(self) -> None:
        """Esc: stops what runs first, then leaves the screen. A reset goes on."""
        if self.case.stoppable:
            self.do_cancel()
            return
        if self.case.doing is Doing.RESETTING:
            self.host.tell(_("The reset of {user} goes on; open the user to see it.").format(user=self.case.name))
        super().do_back()

    def do_guided(self) -> None:
        if self.case.user is not None:
            self.host.show_screen(GuidedScreen(self.case.user, self._guided))

    def _guided(self, recorded: bool) -> None:
        """Back from the guided test: what was recorded is judged with all the rest."""
        if recorded:
            self._check()
        else:
            self.flash(_("Nothing was recorded."))

    def do_page(self) -> None:
        """The page's text is pasted while this question stands, or its file is named."""
        self._pasting = True
        self.confirm.ask(
            _("Paste the text of {user}'s page now, or:").format(user=self.case.name),
            {"f": (_("name its file"), self._name_file), "escape": (_("later"), self._no_page)},
            self._no_page,
        )

    def _no_page(self) -> None:
        self._pasting = False

    def _name_file(self) -> None:
        self._pasting = False
        self.prompt.ask(_("File:"), lambda text: self._check_page(file=text) if text else None)

    def on_paste(self, event: events.Paste) -> None:
        if self._pasting and event.text.strip():
            self._pasting = False
            self.confirm.close()
            self._check_page(text=event.text)

    def _check_page(self, *, file: str = "", text: str = "") -> None:
        case = self.case
        query = case.user.id if case.user else case.query
        self._begin(Doing.CHECKING, room.CheckUser(query, case.reported, page_file=file, page_text=text))
        self.page.go(0)

    def do_reset(self) -> None:
        self._plan_reset("")

    def do_overrule(self) -> None:
        self.prompt.ask(_("Why reset all the same?"), self._overruled)

    def _overruled(self, reason: str) -> None:
        if reason:
            self._plan_reset(reason)
        else:
            self.flash(_("No reset without a reason: nothing was changed."))

    def _plan_reset(self, overrule: str) -> None:
        if self.case.user is not None:
            self.case.reset, self.case.overrule = None, overrule
            self._begin(Doing.PLANNING, room.PlanReset(self.case.user.id, overrule))

    # What the engine says.

    def hear(self, event: room.Event) -> None:
        if isinstance(event, room.ResetPlanned) and event.plan is self.case.reset_plan:
            self._planned(event.plan)

    def _planned(self, plan: ResetPlan) -> None:
        self.page.go(0)
        if plan.needs_proof:  # the refusal says no more than that
            self.case.reset_plan = None
            self.host.show_screen(ProofScreen(plan.user, self._proved))
            return
        if plan.refusal:
            return
        self.refresh_all()
        question = _("Reset {user} in {org} ({kind})?").format(
            user=plan.user.name, org=plan.org.name, kind=_(ORG_KIND[plan.org.kind])
        )
        self.confirm.ask(question, {"y": (_("yes"), self._start), "n": (_("no"), self._forget_plan)}, self._forget_plan)

    def _proved(self, confirmed: bool | None) -> None:
        """Proof has been given, put off (None) or not: with it, the plan is asked for again."""
        if confirmed:
            self._plan_reset(self.case.overrule)
            self.flash(_("Confirmed for this organisation, and kept in the journal."), "ok")
        elif confirmed is None:
            self.flash(_("Put off: nothing was confirmed, and the reset stays locked."))
        else:
            self.flash(_("Not the same: the reset stays locked. Reset this user in Setup instead."), "warn")

    def _start(self) -> None:
        plan = self.case.reset_plan
        if plan is None:
            return
        if not self.store.armed:
            self._forget_plan()
            self.flash(_("The 15 minutes are over: the console is read-only again. Nothing was changed."), "warn")
            return
        self.case.progress = _("Asking Salesforce to reset {user}.").format(user=plan.user.name)
        self._begin(Doing.RESETTING, room.StartReset(plan.user.id, self.case.overrule))

    def _forget_plan(self) -> None:
        self.case.reset_plan = None
        self.flash(_("No reset: nothing was changed."))
        self.refresh_all()

    def on_unmount(self) -> None:
        """Left while a check ran: nobody waits for it any more."""
        if self.case.doing in {Doing.CHECKING, Doing.PLANNING}:
            self.host.cancel(self.case.ticket)
            self.case.stop()
