"""The steps of a check as a tree: by phase, each with its state, its time and its title; all the rest behind Enter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from screens.glyphs import glyph
from screens.pieces import Copy
from screens.telling.behind import behind
from screens.widgets.document import Block
from screens.widgets.ink import Line, Span, right
from screens.words import PHASE, STATUS, clock, number, state
from tui import figures
from tui.model import Complaint, Finding, Status, StepPlan
from tui.triage import complaints
from tui.words import _, ngettext

PHASES = tuple(PHASE)
TIME = 9
INDENT = 13 + TIME
"""Where the text of a step begins: two blanks, sign, word, time."""


def steps(
    plan: Sequence[StepPlan],
    found: Mapping[str, Sequence[Finding]],
    running: bool,
    complaint: Complaint | None = None,
) -> list[list[Block]]:
    """The steps, a section for each phase: those done with state and time, those to come as such. In each phase those
    of the side of which the person complains come first."""
    sections: list[list[Block]] = []
    for phase in PHASES:
        of_it = [step for step in plan if step.phase is phase]
        of_it.sort(key=lambda step: not complaints.concerns(complaint, step.id))
        if of_it:
            told = [finding for step in of_it for finding in found.get(step.id, ())]
            sections.append([Block(f"phase.{phase}", _head(_(PHASE[phase]), told))])
        for step in of_it:
            sections[-1] += _step(step, found.get(step.id, ()), running, complaints.concerns(complaint, step.id))
    return sections


def _head(title: str, findings: Sequence[Finding]) -> Line:
    """The phase, and how many of its findings are of which kind, the grave ones first."""
    counted = Counter(finding.status for finding in findings)
    spans: list[Span] = [(title, "head")]
    for status in (Status.FAIL, Status.UNKNOWN, Status.WAIT, Status.WARN, Status.PASS):
        if counted[status]:
            told = _how_many(status, counted[status])
            spans.append((f"  {told}", "dim" if status is Status.PASS else STATUS[status][1]))
    return tuple(spans)


def _how_many(status: Status, n: int) -> str:
    told = {
        Status.FAIL: ngettext("{n} failed", "{n} failed", n),
        Status.UNKNOWN: ngettext("{n} unknown", "{n} unknown", n),
        Status.WAIT: ngettext("{n} waiting", "{n} waiting", n),
        Status.WARN: ngettext("{n} warning", "{n} warnings", n),
        Status.PASS: ngettext("{n} passed", "{n} passed", n),
    }
    return told[status].format(n=number(n))


def _step(step: StepPlan, findings: Sequence[Finding], running: bool, concerned: bool) -> list[Block]:
    if not findings:
        word = _("to come") if running else _("not run")
        line: Line = ((f"  {glyph('pending')} {word:<{9 + TIME}}", "dim"), (step.title, "dim"))
        return [Block(f"step.{step.id}", line, INDENT)]
    first, *others = findings
    return [
        _first(first, step.title, f"step.{step.id}.0", concerned),
        *(_other(one, f"step.{step.id}.{n}", last=one is others[-1]) for n, one in enumerate(others, 1)),
    ]


def _first(finding: Finding, title: str, key: str, concerned: bool) -> Block:
    """A step in a line: what went well by its title alone, the rest with what was found."""
    quiet = finding.status in {Status.PASS, Status.SKIP}
    line: list[Span] = [("  ", ""), *state(finding.status), (_time(finding), "dim")]
    ink = "strong" if concerned else "dim" if finding.status is Status.SKIP else ""
    line += [(title, ink)] if quiet else [(f"{figures.label(title)} ", ink), (finding.summary, "")]
    if finding.kept_from is not None:
        line.append((_("  kept from {time}").format(time=clock(finding.kept_from)), "dim"))
    return _block(finding, line, key)


def _other(finding: Finding, key: str, *, last: bool) -> Block:
    """A further finding of the same step, below it."""
    quiet = finding.status in {Status.PASS, Status.SKIP}
    branch = f"{glyph('last' if last else 'branch')} "
    line: list[Span] = [("  ", ""), *state(finding.status), (" " * TIME, ""), (branch, "dim")]
    line.append((finding.summary, "dim" if quiet else ""))
    return _block(finding, line, key, hang=2)


def _block(finding: Finding, line: Sequence[Span], key: str, hang: int = 0) -> Block:
    cause = (Copy("cause", finding.cause or ""),)
    return Block(key, tuple(line), INDENT + hang, behind(finding), 8, cause, finding.links)


def _time(finding: Finding) -> str:
    told = _("{n} ms").format(n=number(finding.ms)) if finding.ms else ""
    return right(told, TIME - 2) + "  "
