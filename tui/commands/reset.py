"""`passerelle reset`: users are checked first, and only those are reset whom verdict.md allows, after a yes.

The yes is typed at a terminal, or is `--yes`. With `--wait`, a reset that an earlier run left unfinished is followed to
its end, never pressed again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui import output
from tui.commands import agreement, shapes, words
from tui.commands.check import read_users, told
from tui.commands.common import Asked, Exit, Opened, UsageError, opened, overall, say_unfinished
from tui.model import CheckResult, Outcome, ResetPlan, ResetResult, ServiceError, User, Verdict
from tui.sanitise import one_line
from tui.triage import story
from tui.words import _

if TYPE_CHECKING:
    from tui.triage.session import Session

_STATUS = {Outcome.DONE: Exit.DONE, Outcome.UNKNOWN: Exit.UNKNOWN}
_METHOD = "setup_page"


@dataclass(frozen=True, slots=True)
class Case:
    """One argument on its way. `refusal` says why nothing is done, `status` what that means for the exit status; else
    there is a plan, or the id of an unfinished write to follow."""

    query: str
    user: User | None = None
    plan: ResetPlan | None = None
    unfinished: int | None = None
    refusal: str = ""
    status: Exit = Exit.ATTENTION


def reset(asked: Asked, users: Sequence[str], *, yes: bool, wait: bool) -> int:
    """Exit status: as for several users, each 0 done, 1 refused or failed, 2 names nobody or several, 3 not known."""
    if not yes and not output.terminal():
        raise UsageError(_("Without a terminal nobody can be asked, so a reset needs --yes. Nothing was done."))
    return asyncio.run(_reset(asked, read_users(users), yes, wait))


async def _reset(asked: Asked, queries: Sequence[str], yes: bool, wait: bool) -> Exit:
    async with opened(asked) as all_of_it:
        await all_of_it.session.connect()
        cases = await _cases(all_of_it, queries, wait)
        if not yes:
            cases = await _agreed(all_of_it, cases)
        try:
            return overall([await _done(asked, all_of_it, case, wait) for case in cases])
        except asyncio.CancelledError:  # Ctrl+C: what was pressed goes on in Salesforce
            output.progress_over()
            say_unfinished(all_of_it.session)
            raise


# ---- before ------------------------------------------------------------------------------------------------------


async def _cases(all_of_it: Opened, queries: Sequence[str], wait: bool) -> list[Case]:
    session = all_of_it.session
    resolutions = await session.resolve(queries)
    left = {write.user_id: write.id for write in session.unfinished()} if wait else {}
    named = [(found.query, found.users[0]) for found in resolutions if len(found.users) == 1]
    results = iter(await session.check([(query, user) for query, user in named if user.id not in left]))
    cases = []
    for found in resolutions:
        if len(found.users) != 1:
            problem = found.problem or _(
                "{query} is the address of several users, and a reset is for one: name each by username or id."
            ).format(query=one_line(found.query))
            cases.append(Case(found.query, refusal=problem, status=Exit.USAGE))
        elif (user := found.users[0]).id in left:
            cases.append(Case(found.query, user, unfinished=left[user.id]))
        else:
            cases.append(await _planned(all_of_it, user, next(results)))
    return cases


async def _planned(all_of_it: Opened, user: User, result: CheckResult) -> Case:
    for line in told(result)[:2]:  # the verdict and its sentence: `check` tells the rest
        output.note(line)
    if result.judgement.verdict is Verdict.UNDETERMINED:
        return Case(result.query, user, refusal=result.sentence, status=Exit.UNKNOWN)
    if result.judgement.verdict is not Verdict.RESET:
        reason = _("A reset is for a user whose verdict is a reset. {sentence}").format(sentence=result.sentence)
        return Case(result.query, user, refusal=reason)
    try:
        plan = await all_of_it.session.plan_reset(user.id)
    except (ServiceError, LookupError) as error:
        return Case(result.query, user, refusal=str(error), status=Exit.UNKNOWN)
    return Case(result.query, user, plan, refusal=plan.refusal)


async def _agreed(all_of_it: Opened, cases: list[Case]) -> list[Case]:
    """The cases as they stand after the person at the terminal has compared the samples and has said yes or no."""
    unproven = next((case.plan for case in cases if case.plan and case.plan.needs_proof), None)
    if unproven is not None and await agreement.proven(all_of_it.session, unproven):
        cases = [replace(case, refusal="") if case.plan and case.plan.needs_proof else case for case in cases]
    plans = [case.plan for case in cases if case.plan and not case.refusal]
    if not plans or agreement.agreed(plans):
        return cases
    no = _("You did not say yes: nothing was done.")
    return [replace(case, refusal=no) if case.plan and not case.refusal else case for case in cases]


# ---- doing -------------------------------------------------------------------------------------------------------


async def _done(asked: Asked, all_of_it: Opened, case: Case, wait: bool) -> Exit:
    """Carry one case out and tell what came of it."""
    if case.refusal or case.user is None:
        result, status = _refused(case, case.refusal), case.status
    else:
        try:
            result = await _carried_out(all_of_it.session, case, case.user, wait)
            status = _STATUS.get(result.outcome, Exit.ATTENTION)
        except (ServiceError, LookupError) as error:  # raised only where nothing was written
            result, status = _refused(case, str(error)), Exit.UNKNOWN
    output.progress_over()
    if asked.json:
        output.record(shapes.reset(result))
    else:
        state, word = words.OUTCOME[result.outcome]
        output.line(f"{words.state(state, word)} {words.person(result.query, result.user)}")
        output.line(f"  {result.reason}")
        if (verdict := result.after.get("verdict")) in set(Verdict):
            output.line("  " + _("Checked again: {verdict}").format(verdict=story.headline(Verdict(verdict))))
    return status


def _refused(case: Case, reason: str) -> ResetResult:
    before = case.plan.before if case.plan else {}
    return ResetResult(case.query, case.user, _METHOD, Outcome.REFUSED, reason, before)


async def _carried_out(session: Session, case: Case, user: User, wait: bool) -> ResetResult:
    def on_progress(text: str, seconds: int) -> None:
        output.progress(_("{name}: {text} ({seconds} s)").format(name=user.name, text=text, seconds=seconds))

    if case.unfinished is not None:
        result = await session.resume(case.unfinished, on_progress)
    else:
        result = await session.reset(user.id, wait=wait, on_progress=on_progress)
    return replace(result, query=case.query, user=result.user or user)
