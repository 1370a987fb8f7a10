"""The page of a case, in the order in which it is read: what is wrong, who does what, how one will know that it worked;
then who it is about, what was proved, and what was done before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screens.case import Case, Doing
from screens.telling import history, resetting, steps, verdict, who
from screens.widgets.columns import column
from screens.widgets.document import Block, Flows, apart, blank, heading
from screens.widgets.ink import Line
from tui.model import ErrorRow
from tui.records import Records
from tui.words import _

BESIDE = 76
"""Cells that a column takes at least, for the steps to stand beside the story."""
ROOMY = 50
"""Lines in sight from which on there is room for every step and link, opened."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a case's page shows beside the case: the user's rows of the report, what the journal holds of them; and how
    much room there is: cells of a line, lines in sight. `folded`: what passed stands behind its phase. `armed`: changes
    are allowed."""

    rows: Sequence[ErrorRow] = ()
    records: Records | None = None
    width: int = 0
    lines: int = 0
    folded: bool = False
    armed: bool = False


def flows(case: Case, around: Around) -> Flows:
    """All of it; where it is wide enough, the steps and the errors beside the story."""
    narrow = column(around.width)
    beside = BESIDE <= narrow < around.width
    width = narrow if beside else around.width
    head, story, found = _head(case, around), _story(case, around, width), _found(case, around, width)
    past = history.history(around.records, case.result) if case.user and around.records else []
    if beside and found:
        return [*apart(head), blank("columns")], apart([*story, past]), apart(found)
    return apart([*head, *story, *found, past]), (), ()


def _head(case: Case, around: Around) -> list[Sequence[Block]]:
    """What happened last, and the verdict, or what stands in its place until there is one."""
    sections: list[Sequence[Block]] = [
        [Block("problem", ((case.problem, "warn"),))] if case.problem else [],
        [Block("progress", ((case.progress, "accent"),))] if case.progress else [],
        resetting.plan(case.reset_plan) if case.reset_plan else [],
        resetting.outcome(case.reset, unverified=case.unverified) if case.reset else [],
    ]
    if told := case.told:
        before = history.before(around.records, told.checked_at) if around.records else None
        return [*sections, verdict.verdict(told, before)]
    line = _no_verdict(case)
    return [*sections, [Block("verdict", line)] if line else []]


def _no_verdict(case: Case) -> Line:
    if case.unverified and case.doing is Doing.NOTHING:
        return ((_("Not verified yet: paste the page's text again (P) once the reset has finished."), "warn"),)
    if case.stopped:
        return ((_("Stopped: c runs the check again."), "warn"),)
    if case.running and case.plan:
        done = _("Checking: {n} of {m} steps done.").format(n=len(case.found), m=len(case.plan))
        return ((done, "dim"),)
    return ((_("Looking the user up in Salesforce…"), "dim"),) if case.doing is Doing.CHECKING else ()


def _story(case: Case, around: Around, width: int) -> list[Sequence[Block]]:
    """What to do and how one will know, then who it is about."""
    sections: list[Sequence[Block]] = []
    if told := case.told:
        sections = [
            verdict.what_to_do(told, spread=around.lines >= ROOMY, armed=around.armed),
            resetting.comparison(case.reset) if case.reset else [],
            verdict.how_to_know(told),
            verdict.questions(case.complaint),
        ]
    if case.user:
        sections.append([*who.both(case.user, case.findings, width), *who.configuration(case.findings)])
    return sections


def _found(case: Case, around: Around, width: int) -> list[Sequence[Block]]:
    """The steps, what they do not prove, and the user's errors."""
    told = steps.steps(
        case.plan, case.found, running=case.running, complaint=case.complaint, folded=around.folded, width=width
    )
    title = _("What was proved, and what was not") if case.result else _("Steps")
    told += verdict.limits(case.result) if case.result else []
    errors = verdict.user_errors(around.rows, case.result.judgement.open_errors) if case.result else []
    return [[*heading("proved", title), *told] if told else [], errors]
