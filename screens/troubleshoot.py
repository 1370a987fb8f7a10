"""Troubleshoot: one user, from the first question to the verdict, the fix, and the reset with its verification."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from textual import events
from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.case import Case, Doing
from screens.errors import newest_first
from screens.guards import Scene
from screens.guided import GuidedScreen
from screens.pieces import Copy, of_user
from screens.proof import ProofScreen
from screens.telling.page import ROOMY, Around, flows
from screens.widgets.bars import Choices
from screens.widgets.document import Document
from screens.widgets.ink import Line
from screens.words import checked
from tui.model import CheckResult, Complaint, Direction, ErrorRow, Missing, ResetPlan
from tui.records import Records
from tui.terms import ORG_KIND
from tui.words import N_, _

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
        self._told: tuple[CheckResult, tuple[Copy, ...]] | None = None
        self._saving = 0
        self._folded = False

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
            in_columns=self.page.in_columns,
            checking=case.stoppable,
            resetting=case.doing is Doing.RESETTING,
            user_known=case.user is not None,
            verdict=case.result.judgement.verdict if case.result else None,
            unfinished=len(self.store.unfinished),
            failed=case.failed,
            letters=case.result is not None and any(copy.text for copy in self._texts(case.result)[:2]),
        )

    def draw(self) -> None:
        case, lines = self.case, self.page.size.height
        if case.running or self.page.cursor == 0:  # whoever reads the steps already keeps them as they are
            self._folded = case.told is not None and not case.running and lines < ROOMY
        measure, armed = self.page.measure, self.store.armed
        around = Around(self._rows(), self._records(), measure, lines, self._folded, armed)
        self.page.show_flows(flows(case, around), from_top=self.page.cursor == 0)

    def _records(self) -> Records | None:
        """What the journal holds of this user, as far as that is known."""
        return self.store.records.get(self.case.user.id) if self.case.user else None

    def _rows(self) -> list[ErrorRow]:
        """This user's rows of the report, as far as the console has read it."""
        report, user = self.store.errors.value, self.case.user
        if report is None or user is None:
            return []
        mine = (row for row in report.rows if (row.user_id == user.id if row.user_id else row.user_name == user.name))
        return newest_first(list(mine))

    def copies(self) -> Sequence[Copy]:
        user, result = self.case.user, self.case.result
        return (*(of_user(user) if user else ()), *super().copies(), *(self._texts(result) if result else ()))

    def _texts(self, result: CheckResult) -> tuple[Copy, ...]:
        """The texts that are ready to send; made once for each check."""
        if self._told is None or self._told[0] is not result:
            from tui.triage import messages

            texts = (
                Copy("text", messages.for_google_admin(result), _("text for the Google admin")),
                Copy("text", messages.for_person(result), _("text for the person")),
            )
            causes = tuple(Copy("cause", cause) for cause in result.judgement.causes)
            self._told = result, (*texts, *causes)
        return self._told[1]

    def links(self) -> Sequence[str]:
        """Those of the line under the cursor; while a reset is to be done by hand, the page to do it on."""
        plan = self.case.reset_plan
        return (plan.link,) if plan is not None and plan.by_hand else super().links()

    def whole_scene(self) -> Scene:
        """What is exported here is no list but the support packet."""
        return replace(super().whole_scene(), exports=self.case.result is not None and self.case.user is not None)

    # What a person does.

    def on_mount(self) -> None:
        if self.case.doing is Doing.NOTHING and self.case.reset is None:
            self._check()
        super().on_mount()

    def _begin(self, doing: Doing, request: room.Request) -> None:
        self.case.begin(doing, self.host.ask(request), self.store.now())
        self.refresh_all()

    def _check(self, *, retry: bool = False, file: str = "", text: str = "") -> None:
        case = self.case
        query = case.user.id if case.user else case.query
        request = room.CheckUser(query, page_file=file, page_text=text, complaint=case.complaint, retry=retry)
        self._begin(Doing.VERIFYING if case.unverified else Doing.CHECKING, request)

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

    def do_retry(self) -> None:
        self._check(retry=True)
        self.page.go(0)

    def do_reported(self) -> None:
        """Ask what the person misses, then which way; checked again with that at once."""
        answers: Choices = {
            "a": (_("everything"), self._misses(Missing.NOTHING_SYNCS)),
            "e": (_("events"), self._misses(Missing.ALL_EVENTS)),
            "o": (_("one event"), self._misses(Missing.ONE_EVENT)),
            "c": (_("contacts"), self._misses(Missing.CONTACTS)),
        }
        if self.case.complaint is not None:
            answers["x"] = (_("nothing"), lambda: self._report(None))
        self.confirm.ask(_("Does not sync:"), answers, lambda: None)

    def _misses(self, missing: Missing) -> Callable[[], None]:
        def then() -> None:
            answers: Choices = {
                "b": (_("both"), lambda: self._report(Complaint(missing))),
                "1": (_("Google to Salesforce"), self._one_way(missing, Direction.GOOGLE_TO_SALESFORCE)),
                "2": (_("Salesforce to Google"), self._one_way(missing, Direction.SALESFORCE_TO_GOOGLE)),
            }
            self.confirm.ask(_("Which way?"), answers, lambda: None)

        return then

    def _one_way(self, missing: Missing, direction: Direction) -> Callable[[], None]:
        return lambda: self._report(Complaint(missing, direction))

    def _report(self, complaint: Complaint | None) -> None:
        self.store.complain(self.case, complaint)
        self.do_check()

    def do_letter(self) -> None:
        result = self.case.result
        if result is None:
            return
        admin, person, *_causes = self._texts(result)
        answers: Choices = {}
        if admin.text:
            answers["g"] = (_("the Google admin"), lambda: self._show_text(_("for the Google admin"), admin))
        if person.text:
            answers["u"] = (_("the person"), lambda: self._show_text(_("for the person"), person))
        self.confirm.ask(_("Text for:"), answers, lambda: None)

    def do_export(self) -> None:
        """The support packet, to a file that is asked for."""
        user = self.case.user
        if user is not None:
            name = re.sub(r"[^a-z0-9]+", "-", user.email.partition("@")[0].lower()).strip("-") or user.id
            file = f"~/packet-{name}-{self.store.now().astimezone():%Y%m%d-%H%M}.md"
            self.prompt.ask(_("Support packet to:"), lambda text: self._save(text) if text else None, value=file)

    def _save(self, file: str, *, over: bool = False) -> None:
        if self.case.user is not None:
            self._saving = self.host.ask(room.SavePacket(self.case.user.id, file, over))
            self.flash(_("The report and the Setup changes are read once more for the packet…"), "dim")

    def _saved(self, event: room.Event) -> None:
        match event:
            case room.PacketSaved(path=path):
                self.flash(_("Written: {path}. Read it before you send it.").format(path=path), "ok")
            case room.FileExists(path=path):
                nothing = lambda: self.flash(_("Nothing was written."))  # noqa: E731 - one sentence
                answers: Choices = {"y": (_("replace"), lambda: self._save(path, over=True)), "n": (_("no"), nothing)}
                self.confirm.ask(_("{path} exists already. Replace it?").format(path=path), answers, nothing)
            case room.Failed(sentence=sentence):
                self.flash(sentence, "warn")

    def _show_text(self, title: str, copy: Copy) -> None:
        from screens.letter import LetterScreen

        self.host.show_screen(LetterScreen(self.case.name, title, copy.text))

    def do_cancel(self) -> None:
        self.host.cancel(self.case.ticket)
        self.case.stop()
        self.refresh_all()

    def do_open(self) -> None:
        self.page.toggle()
        self.cursor_moved()

    def do_across(self) -> None:
        self.page.cross()

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
        self._ask_for_page(_("Paste the text of the page now, or:"))

    def _ask_for_page(self, question: str) -> None:
        """The page's text is pasted while this question stands, or its file is named."""
        self._pasting = True
        self.confirm.ask(
            question,
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
        self._check(file=file, text=text)
        self.page.go(0)

    def do_reset(self) -> None:
        self._plan_reset("")

    def do_overrule(self) -> None:
        self.prompt.ask(_("Why reset anyway?"), self._overruled)

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
        elif isinstance(event, room.ResetDone) and event.result is self.case.reset and self.case.unverified:
            self.page.go(0)
            self.refresh_all()
            self._ask_for_page(_("To verify it, paste the page again, or:"))
        elif self._saving and event.ticket == self._saving:
            self._saving = 0
            self._saved(event)

    def _planned(self, plan: ResetPlan) -> None:
        self.page.go(0)
        if plan.needs_proof:  # the refusal says no more than that
            self.case.reset_plan = None
            self.host.show_screen(ProofScreen(plan.user, self._proved))
            return
        if plan.by_hand:
            self._ask_by_hand(plan)
            return
        if plan.refusal:
            return
        self.refresh_all()
        question = _("Reset {user} in {org} ({kind})?").format(
            user=plan.user.name, org=plan.org.name, kind=_(ORG_KIND[plan.org.kind])
        )
        self.confirm.ask(question, {"y": (_("yes"), self._start), "n": (_("no"), self._forget_plan)}, self._forget_plan)

    def _ask_by_hand(self, plan: ResetPlan) -> None:
        """The button cannot be pressed from here: the admin presses it in Setup, and says what came of it."""
        self.refresh_all()
        answers: Choices = {
            "y": (_("Setup accepted it"), lambda: self._record(done=True)),
            "f": (_("Setup refused"), lambda: self._record(done=False)),
            "escape": (_("not pressed"), self._forget_plan),
        }
        self.confirm.ask(_("Reset in Setup:"), answers, self._forget_plan)

    def _record(self, *, done: bool) -> None:
        plan = self.case.reset_plan
        if plan is not None:
            self._begin(Doing.RESETTING, room.RecordReset(plan.user.id, done, self.case.overrule))

    def _proved(self, confirmed: bool | None) -> None:
        """Proof has been given, put off (None) or not: with it, the plan is asked for again."""
        if confirmed:
            self._plan_reset(self.case.overrule)
            self.flash(_("Confirmed for this organisation, and kept in the journal."), "ok")
        elif confirmed is None:
            self.flash(_("Postponed: nothing was confirmed, and the reset stays locked."))
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
