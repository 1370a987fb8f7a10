"""Resetting one user's sync on the Lightning Sync Status page: one press, and watching it to its end.

The journal holds a write before the request leaves and what became of it after, so whatever happens in between the next
start knows where to go on. Nothing here ever presses twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.model import Outcome, PageReading, ResetPlan, ResetResult, RowKind, ServiceError, User
from tui.triage import catalogue
from tui.triage.checks import status_page
from tui.triage.checks.past import rows_of
from tui.triage.reset_plan import open_writes, prepare
from tui.words import _

if TYPE_CHECKING:
    from tui.triage.checking import Examined, OnResult
    from tui.triage.session import OnProgress, Session

METHOD, BY_HAND = "setup_page", "guided"
DEADLINE = 2 * 60 * 60
"""Seconds for which a reset is watched; it then goes on unwatched, and stays unfinished in the journal."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
UNSEEN_READINGS = 3
"""A reset that the page never showed under way counts as over after so many readings in a row."""
LOST_READINGS = 20
"""After so many readings in a row that failed, the watching ends."""


@dataclass(frozen=True)
class Pressed:
    """What came of the press: the write's id, and the page's answer; or why nothing was pressed (`refused`); or why
    that is not known (`doubt`), `denied` where the page itself said no."""

    write_id: int
    reading: PageReading | None = None
    refused: str = ""
    doubt: str = ""
    denied: bool = False


# ---- the press -------------------------------------------------------------------------------------------------------


async def start(
    session: Session,
    user_id: str,
    *,
    wait: bool,
    overrule: str,
    on_progress: OnProgress | None,
    on_result: OnResult | None,
) -> ResetResult:
    """Check, press, and with `wait` follow; see Session.reset."""
    case = await prepare(session, user_id, overrule)
    plan = case.plan
    if plan.refusal:
        return ResetResult(user_id, plan.user, METHOD, Outcome.REFUSED, plan.refusal, plan.before)
    task = asyncio.create_task(_press(session, plan))
    session.presses.add(task)
    task.add_done_callback(session.presses.discard)
    try:
        pressed = await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})  # whoever asked is gone, but the journal must know what came of it
        raise
    if pressed.refused:
        return ResetResult(user_id, plan.user, METHOD, Outcome.REFUSED, pressed.refused, plan.before)
    watch = _Watch(session, plan.user, user_id, pressed.write_id, plan.before, on_progress)
    if pressed.doubt:
        return await watch.look(pressed.doubt, on_result, denied=pressed.denied)
    if not wait:
        return watch.result(Outcome.UNKNOWN, _("Started and under way; a later check sees how it ended."))
    return await watch.follow(pressed.reading, on_result)


async def _press(session: Session, plan: ResetPlan) -> Pressed:
    """Journal, press, journal: runs to its end whatever becomes of the caller."""
    journal, clock = session.journal, session.clock
    for write in open_writes(session, plan.user):
        reason = _("Its end was never seen; the user was reset again.")
        journal.end_write(write.id, Outcome.UNKNOWN, reason, {}, clock())
    write_id = journal.begin_write(plan.org, session.by, plan.user, plan.before, clock())
    try:
        reading = await session.salesforce.page().reset(plan.user)
    except ServiceError as error:
        if error.evidence.get("pressed") == "no":
            journal.end_write(write_id, Outcome.REFUSED, error.message, {}, clock())
            return Pressed(write_id, refused=error.message)
        return Pressed(write_id, doubt=error.message, denied=error.cause == "salesforce.page.no_access")
    at = clock()
    journal.pressed(write_id, at)
    if is_running(reading):
        journal.running(write_id, at)
    return Pressed(write_id, reading)


def is_running(reading: PageReading) -> bool:
    """Whether the page shows a reset under way."""
    return reading.first(RowKind.RESET) is not None


# ---- after -----------------------------------------------------------------------------------------------------------


@dataclass
class _Watch:
    """One write, watched."""

    session: Session
    user: User
    query: str
    write_id: int
    before: Mapping[str, Any]
    on_progress: OnProgress | None
    seen_running: bool = False

    def result(self, outcome: Outcome, reason: str, after: Mapping[str, Any] | None = None) -> ResetResult:
        return ResetResult(self.query, self.user, METHOD, outcome, reason, self.before, after or {})

    async def read(self) -> PageReading:
        """The user's page; a reset seen under way is noted. Raises ServiceError."""
        reading = await self.session.salesforce.page().status(self.user)
        if reading.problem or not status_page.shows(reading, self.user):
            problem = reading.problem or _("The page does not answer about this user.")
            raise ServiceError("salesforce.page.unrecognised", problem)
        self.note(reading)
        return reading

    def note(self, reading: PageReading) -> None:
        if is_running(reading):
            self.seen_running = True
            self.session.journal.running(self.write_id, self.session.clock())

    def say(self, text: str, since: float) -> None:
        if self.on_progress is not None:
            self.on_progress(text, int(self.session.timer() - since))

    async def look(self, doubt: str, on_result: OnResult | None, *, denied: bool = False) -> ResetResult:
        """It is not known whether Reset was pressed. One look: a reset under way is followed, nothing is pressed."""
        try:
            reading = await self.read()
        except ServiceError as error:
            reason = _("It is not known whether Reset was pressed ({doubt}), and the page cannot be read: {problem}")
            return self.result(Outcome.UNKNOWN, reason.format(doubt=doubt, problem=error.message))
        if is_running(reading):
            self.session.journal.pressed(self.write_id, self.session.clock())
            return await self.follow(reading, on_result)
        if denied:
            reason = _("Salesforce did not carry it out: {problem}").format(problem=doubt)
            return await self.end(Outcome.FAILED, reason, reading, on_result)
        reason = _(
            "It is not known whether Reset was pressed ({doubt}); the page shows no reset under way. Nothing was "
            "pressed again: check the user, and reset only if that says so."
        ).format(doubt=doubt)
        return await self.end(Outcome.UNKNOWN, reason, reading, on_result)

    async def follow(self, reading: PageReading | None, on_result: OnResult | None) -> ResetResult:
        """Read the page until its reset row is gone."""
        since, pause, absent, lost = self.session.timer(), FIRST_PAUSE, 0, 0
        while True:
            if reading is not None:
                self.seen_running = self.seen_running or is_running(reading)
                absent = 0 if is_running(reading) else absent + 1
                if absent and (self.seen_running or absent >= UNSEEN_READINGS):
                    return await self.end(Outcome.DONE, self._done(), reading, on_result)
                text = _("The page shows the reset under way.") if not absent else _("Waiting for the page to show it.")
                self.say(text, since)
            if self.session.timer() - since > DEADLINE:
                reason = _("Still under way after two hours; a later check sees how it ended.")
                return self.result(Outcome.UNKNOWN, reason)
            await self.session.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
            try:
                reading, lost = await self.read(), 0
            except ServiceError as error:
                reading, lost = None, lost + 1
                self.say(_("The page could not be read, trying again: {problem}").format(problem=error.message), since)
                if lost >= LOST_READINGS or catalogue.PHASE.get(error.cause) is None:
                    reason = _("Pressed, but the page can no longer be read: {problem}").format(problem=error.message)
                    return self.result(Outcome.UNKNOWN, reason)

    def _done(self) -> str:
        if self.seen_running:
            return _("The page no longer shows a reset. Look at this user again tomorrow.")
        return _("Pressed; the page never showed the reset under way. Look at this user again tomorrow.")

    async def end(self, outcome: Outcome, reason: str, reading: PageReading, on_result: OnResult | None) -> ResetResult:
        """Close the write, compare the status rows with those before, and check the user again."""
        rows = rows_of(reading)
        was = self.before.get("rows", {})
        changed = {
            label: [was.get(label), rows.get(label)] for label in {**was, **rows} if was.get(label) != rows.get(label)
        }
        after: dict[str, Any] = {"rows": rows, "changed": changed}
        self.session.journal.end_write(self.write_id, outcome, reason, after, self.session.clock())
        checked, _facts = await self._checked()
        if on_result is not None:
            on_result(checked)
        judgement = checked.judgement
        after |= {"verdict": judgement.verdict.value, "causes": list(judgement.causes)}
        return self.result(outcome, reason, after)

    async def _checked(self) -> Examined:
        return (await self.session.examine([(self.query, self.user)]))[0]


# ---- by hand ---------------------------------------------------------------------------------------------------------


async def record(session: Session, user_id: str, *, done: bool, overrule: str) -> ResetResult:
    """Keep what an admin did in Setup, where Reset cannot be pressed from here. The guards are those of any reset, but
    for the page."""
    case = await prepare(session, user_id, overrule)
    plan = case.plan
    if plan.refusal and not plan.by_hand:
        return ResetResult(user_id, plan.user, BY_HAND, Outcome.REFUSED, plan.refusal, plan.before)
    journal, at = session.journal, session.clock()
    for write in open_writes(session, plan.user):
        journal.end_write(write.id, Outcome.UNKNOWN, _("Its end was never seen; the user was reset again."), {}, at)
    write_id = journal.begin_write(plan.org, session.by, plan.user, plan.before, at)
    if done:
        journal.pressed(write_id, at)
        outcome, reason = (
            Outcome.DONE,
            _("Pressed by hand in Setup, according to {by}. Look at this user again tomorrow."),
        )
    else:
        outcome, reason = Outcome.FAILED, _("Setup did not accept it, according to {by}. Nothing was changed.")
    reason = reason.format(by=session.by)
    journal.end_write(write_id, outcome, reason, {}, at)
    return ResetResult(user_id, plan.user, BY_HAND, outcome, reason, plan.before, unread=case.unread)


# ---- going on --------------------------------------------------------------------------------------------------------


async def resume(
    session: Session, write_id: int, *, on_progress: OnProgress | None, on_result: OnResult | None
) -> ResetResult:
    """Go on with a write that was left unfinished: look, follow, close it. Never presses."""
    await session.connect()
    write = session.journal.write(write_id)
    user = await session.user(write.user_id)
    watch = _Watch(session, user, write.user_id, write.id, write.before, on_progress, write.running_at is not None)
    if write.stage == "ended":
        return watch.result(write.outcome or Outcome.UNKNOWN, write.reason, write.after)
    if write.stage == "planned":
        return await watch.look(_("the program ended before Salesforce answered"), on_result)
    return await watch.follow(None, on_result)
