"""The steps of a check as a tree: by phase, how many of how many passed, then each step with its state and its time.

Where all of them would fill the screen, those that passed are folded behind their phase: what did not is what counts,
and is told in full. All the rest of a step is behind Enter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from screens.glyphs import glyph
from screens.pieces import Copy
from screens.telling.behind import behind
from screens.widgets.document import Block
from screens.widgets.ink import Line, Span, fit, right
from screens.words import PHASE, STATUS, clock, number, state
from tui import figures
from tui.model import Complaint, Finding, Phase, Status, StepPlan
from tui.triage import complaints
from tui.words import _, ngettext

TIME = 9
INDENT = 13 + TIME
"""Where the text of a step begins: two blanks, sign, word, time."""
DETAIL = 8
FOUND = 40
"""Cells that must be left beside the titles, so that a step that passed also says there what was found."""
TITLE = 28, 44
"""Cells that the titles then have at least and at most; one that needs more stands alone."""
RANK = (Status.FAIL, Status.UNKNOWN, Status.WAIT, Status.WARN, Status.PASS, Status.SKIP)
"""The gravest of a step's findings stands for it; what passed in part passed."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A step and what it found so far."""

    plan: StepPlan
    findings: Sequence[Finding]

    @property
    def status(self) -> Status | None:
        return min((one.status for one in self.findings), key=RANK.index, default=None)

    @property
    def notable(self) -> list[Finding]:
        """What did not pass, the gravest first, each sentence once."""
        told: dict[str, Finding] = {}
        for one in sorted(self.findings, key=lambda one: RANK.index(one.status)):
            if one.status is not Status.PASS:
                told.setdefault(one.summary, one)
        return list(told.values())


def steps(
    plan: Sequence[StepPlan],
    found: Mapping[str, Sequence[Finding]],
    *,
    running: bool,
    complaint: Complaint | None = None,
    folded: bool = False,
    width: int = 0,
) -> list[Block]:
    """A line for each phase, below it its steps: those done with state and time, those to come as such. In each phase
    those of the side of which the person complains come first. `folded`: those that passed are behind the phase."""
    least, most = TITLE
    longest = max((cell_len(step.title) for step in plan), default=0) + 2
    wide = min(longest, most, width - INDENT - FOUND) if width >= INDENT + least + FOUND else 0
    blocks: list[Block] = []
    for phase in PHASE:
        of_it = [_Told(step, found.get(step.id, ())) for step in plan if step.phase is phase]
        of_it.sort(key=lambda told: not complaints.concerns(complaint, told.plan.id))
        if not of_it:
            continue
        hidden = [told for told in of_it if folded and told.findings and not told.notable]
        shown = [told for told in of_it if told not in hidden]
        inside = tuple(block for told in hidden for block in _step(told, running, complaint, wide))
        blocks.append(Block(f"phase.{phase}", _head(phase, of_it), 2, inside=inside))
        for told in _together(shown) if folded else [[one] for one in shown]:
            blocks += _skipped(told) if len(told) > 1 else _step(told[0], running, complaint, wide)
    return blocks


def _head(phase: Phase, steps: Sequence[_Told]) -> Line:
    """The phase, how many of its steps passed, and how many of which kind did not, the grave ones first."""
    counted = Counter(told.status for told in steps)
    n = counted[Status.PASS]
    passed = ngettext("{n} of {m} passed", "{n} of {m} passed", n).format(n=number(n), m=number(len(steps)))
    widest = max(cell_len(_(title)) for title in PHASE.values())
    spans: list[Span] = [("  ", ""), (fit(_(PHASE[phase]), widest), "strong"), (f"  {passed}", "dim")]
    rest = (status for status in RANK if counted[status] and status is not Status.PASS)
    spans += [(f"  {_how_many(status, counted[status])}", STATUS[status][1]) for status in rest]
    return tuple(spans)


def _how_many(status: Status, n: int) -> str:
    told = {
        Status.FAIL: ngettext("{n} failed", "{n} failed", n),
        Status.UNKNOWN: ngettext("{n} unknown", "{n} unknown", n),
        Status.WAIT: ngettext("{n} waiting", "{n} waiting", n),
        Status.WARN: ngettext("{n} warning", "{n} warnings", n),
        Status.SKIP: ngettext("{n} skipped", "{n} skipped", n),
    }
    return told[status].format(n=number(n))


def _together(steps: Sequence[_Told]) -> list[list[_Told]]:
    """Steps that were left out for one and the same reason, together in the place of the first; every other alone."""
    groups: dict[str, list[_Told]] = {}
    for told in steps:
        reason = told.findings[0].summary if told.status is Status.SKIP and len(told.notable) == 1 else ""
        groups.setdefault(reason or told.plan.id, []).append(told)
    return list(groups.values())


def _skipped(steps: Sequence[_Told]) -> list[Block]:
    """Steps that were left out for the same reason, in one line."""
    first = steps[0].findings[0]
    titles = f" {glyph('dot')} ".join(told.plan.title for told in steps)
    line = ("  ", ""), *state(first.status), (" " * TIME, ""), (f"{figures.label(titles)} {first.summary}", "dim")
    return [Block(f"step.{steps[0].plan.id}.0", line, INDENT, behind(first, summary=False), DETAIL)]


def _step(told: _Told, running: bool, complaint: Complaint | None, wide: int) -> list[Block]:
    """A step in a line, with what did not pass of it; several such things stand below it."""
    key = f"step.{told.plan.id}"
    if told.status is None:
        word = _("to come") if running else _("not run")
        line: Line = ((f"  {glyph('pending')} {word:<{9 + TIME}}", "dim"), (told.plan.title, "dim"))
        return [Block(key, line, INDENT)]
    first, notable = told.findings[0], told.notable
    ink = "strong" if complaints.concerns(complaint, told.plan.id) else ""
    spans: list[Span] = [("  ", ""), *state(told.status), (_time(first, told.status), "dim")]
    alone = len(notable) == 1 and told.status is notable[0].status
    hang = INDENT
    if alone and told.status is Status.SKIP:
        spans += [(figures.label(told.plan.title), "dim"), (f" {notable[0].summary}", "dim")]
    elif alone:
        spans += [(figures.label(told.plan.title), ink), (f" {notable[0].summary}", "")]
    elif cell_len(told.plan.title) < wide and not notable and first.summary != told.plan.title:
        spans += [(fit(told.plan.title, wide), ink), (" ".join(one.summary for one in told.findings), "dim")]
        hang += wide
    else:
        spans.append((told.plan.title, ink))
    if first.kept_from is not None:
        spans.append((_("  kept from {time}").format(time=clock(first.kept_from)), "dim"))
    behind_it = told.findings if alone or not notable else [one for one in told.findings if one not in notable]
    blocks = [_block(f"{key}.0", spans, hang, behind_it)]
    if not alone:
        blocks += [_below(one, f"{key}.{n}", last=one is notable[-1]) for n, one in enumerate(notable, 1)]
    return blocks


def _below(finding: Finding, key: str, *, last: bool) -> Block:
    """One of the things that did not pass of a step, below it."""
    branch = f"{glyph('last' if last else 'branch')} "
    line = [("  ", ""), *state(finding.status), (" " * TIME, ""), (branch, "dim")]
    line.append((finding.summary, "dim" if finding.status is Status.SKIP else ""))
    return _block(key, line, INDENT + 2, [finding])


def _block(key: str, line: Sequence[Span], hang: int, findings: Sequence[Finding]) -> Block:
    """A line with all that its findings have behind them."""
    causes = tuple(Copy("cause", one.cause) for one in findings if one.cause)
    links = tuple(dict.fromkeys(link for one in findings for link in one.links))
    told = "".join(text for text, _ink in line)
    detail = tuple(part for one in findings for part in behind(one, summary=one.summary not in told))
    return Block(key, tuple(line), hang, detail, DETAIL, causes, links)


def _time(finding: Finding, status: Status) -> str:
    """How long it took, where anything was asked."""
    told = figures.took(finding.ms) if finding.ms and status is not Status.SKIP else ""
    return right(told, TIME - 2) + "  "
