"""The verdict on the screen: the story, what to do and by whom, how one will know, and what was proved and what not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from screens.glyphs import glyph
from screens.telling.steps import PHASES
from screens.widgets.document import Block, blank, heading
from screens.widgets.ink import Line, Span
from screens.words import ERROR_TYPE, PHASE, VERDICT, stamp
from tui import figures
from tui.model import CheckResult, Complaint, ErrorRow, Finding, Missing, Status, StepPlan, Verdict
from tui.triage import complaints
from tui.triage.catalogue import who
from tui.triage.to_do import LEAVER, ToDo, to_do
from tui.words import N_, _, ngettext

SIGN = {
    Verdict.REVIEW_CONNECTION: Status.FAIL,
    Verdict.REVIEW_CONFIGURATION: Status.FAIL,
    Verdict.RESET: Status.WARN,
    Verdict.WAIT: Status.WAIT,
    Verdict.CONTACT_SUPPORT: Status.WARN,
    Verdict.NO_FAULT_FOUND: Status.SKIP,  # never the sign of what passed: not everything was tested
    Verdict.UNDETERMINED: Status.UNKNOWN,
}
SUB_STEP = {
    0: N_("Step 6 of the set-up: none of its three, it is this person's Google account."),
    1: N_("Step 6 of the set-up, sub-step 1: register the remote site."),
    2: N_("Step 6 of the set-up, sub-step 2: upload the key."),
    3: N_("Step 6 of the set-up, sub-step 3: test the connection."),
}
FIRST = {
    Verdict.CONTACT_SUPPORT: (
        N_("Press E: it writes the packet that support will ask for."),
        N_("Open a case with Salesforce support and attach it."),
    ),
}
"""What the console itself does first, before the steps of the causes."""
THEN = {
    Verdict.RESET: (
        N_("Let the person move out of the calendar what shall not sync (m has a text for them)."),
        N_("Type :write to allow changes, then press R: the reset is explained, asked about, and verified."),
    ),
    Verdict.WAIT: (N_("Wait, then check again: time alone settles this. w lists who is due."),),
    Verdict.NO_FAULT_FOUND: (
        N_("If the person still misses something, press p and say what: it is then checked as reported."),
    ),
    Verdict.UNDETERMINED: (N_("Put right what could not be found out (the lines marked unknown), then press f."),),
}
LOOK = N_("Open the steps that failed, below (Enter): each says what it means and how to prove it.")
BY_HAND = N_("The status page cannot be read from here. P: by hand, with its text pasted or its file named.")
NO_PAGE = frozenset({"salesforce.page.unrecognised", "salesforce.page.no_access"})
QUESTIONS = N_("Go through the questions below first: limits that look like a fault.")
KNOW = {
    Verdict.REVIEW_CONNECTION: (
        N_("f (or c): the failed steps of the connection test pass."),
        N_("Then no error row of this person is newer than the change."),
    ),
    Verdict.REVIEW_CONFIGURATION: (
        N_("f (or c): the failed steps of the status check pass: assigned, linked, no direction that fails."),
        N_("Then no error row of this person is newer than the change."),
    ),
    Verdict.RESET: (
        N_("The page no longer shows the reset, and shows both directions in sync."),
        N_("Tomorrow, no error row is newer than the reset; w keeps the person on the list until then."),
    ),
    Verdict.WAIT: (N_("At the time above, c no longer says to wait."),),
    Verdict.CONTACT_SUPPORT: (N_("After what support changed, c finds no fault and no newer error row."),),
    Verdict.NO_FAULT_FOUND: (N_("The one event or contact that the person misses is there on both sides."),),
    Verdict.UNDETERMINED: (N_("No line says unknown any more, and the verdict is another."),),
}


LEFT = (
    N_("If they have left: once they are out of the configuration, no new error row of theirs comes."),
    N_("If they work on: f (or c), and both accounts above are active."),
)


def verdict(result: CheckResult, before: Verdict | None = None) -> list[Block]:
    """The verdict in a word, then the story in a few sentences; `before` is that of the check before this one."""
    judgement = result.judgement
    word, ink = VERDICT[judgement.verdict]
    head: list[Span] = [(f"{glyph(SIGN[judgement.verdict])} ", ink), (_(word), ink)]
    if judgement.look_again_at is not None:
        head.append((_("  look again at {time}").format(time=stamp(judgement.look_again_at)), "wait"))
    if result.complaint is not None:
        head.append((f"  {complaints.told(result.complaint)}", "dim"))
    elif result.reported:
        head.append((_("  reported by the person"), "dim"))
    if before is not None and before is not judgement.verdict:
        head.append((_("  before: {verdict}").format(verdict=_(VERDICT[before][0])), "dim"))
    behind: tuple[Line, ...] = (
        ((_("  Verdict: "), "dim"), (judgement.verdict, ""), (_(", rule {n}").format(n=judgement.rule), "dim")),
        ((_("  Causes: "), "dim"), (", ".join(judgement.causes) or _("none"), "")),
    )
    blocks = [Block("verdict", tuple(head), 2, behind, 4)]
    if told := result.story or result.sentence:
        blocks.append(Block("verdict.sentence", ((told, ""),)))
    if judgement.sub_step is not None:
        blocks.append(Block("verdict.step", ((_(SUB_STEP[judgement.sub_step]), "dim"),)))
    return blocks


def what_to_do(result: CheckResult) -> list[Block]:
    """What to do now, numbered and by whom, with the pages to open."""
    kind = result.judgement.verdict
    steps: list[ToDo] = [ToDo(None, _(text)) for text in FIRST.get(kind, ())]
    if _asks(result.complaint) and kind in {Verdict.CONTACT_SUPPORT, Verdict.NO_FAULT_FOUND}:
        steps.insert(0, ToDo(None, _(QUESTIONS)))
    if any(finding.cause in NO_PAGE for finding in result.steps):
        steps.append(ToDo(None, _(BY_HAND)))
    steps += to_do(result)
    steps += [ToDo(None, _(text)) for text in THEN.get(kind, ())]
    steps = steps or [ToDo(None, _(LOOK))]
    blocks = [Block(f"do.{n}", _numbered(n, step), hang=5, links=step.links) for n, step in enumerate(steps, 1)]
    links = dict.fromkeys(link for step in steps for link in step.links)
    blocks += [Block(f"do.link.{n}", ((f"     {link}", "accent"),), hang=5) for n, link in enumerate(links)]
    return [*heading("do", _("What to do now")), *blocks]


def _numbered(number: int, step: ToDo) -> Line:
    line: list[Span] = [(f"  {number}. ", "accent")]
    if step.by is not None:
        line.append((_("{who}: ").format(who=who(step.by)), "strong"))
    return (*line, (step.text, ""))


def how_to_know(result: CheckResult) -> list[Block]:
    """How one will know that it worked."""
    judgement = result.judgement
    lines = LEFT if judgement.rule == LEAVER else KNOW[judgement.verdict]
    return _bullets("know", _("How you will know that it worked"), map(_, lines), "")


def questions(complaint: Complaint | None) -> list[Block]:
    """What to look at before blaming the sync; nothing of it is tested here."""
    asked = complaints.questions(complaint)
    return _bullets("ask", _("Look at this first: none of it is tested here"), asked, "", glyph(Status.UNKNOWN))


def _asks(complaint: Complaint | None) -> bool:
    return complaint is not None and complaint.missing is Missing.ONE_EVENT


def proved(result: CheckResult, plan: Sequence[StepPlan], found: Mapping[str, Sequence[Finding]]) -> list[Block]:
    """What was proved, by phase, and what was not: no fault found is never healthy."""
    blocks: list[Block] = []
    for phase in PHASES:
        passed = [
            step.title
            for step in plan
            if step.phase is phase and any(one.status is Status.PASS for one in found.get(step.id, ()))
        ]
        if passed:
            titles = f" {glyph('dot')} ".join(passed)
            line: Line = (
                (f"  {glyph(Status.PASS)} ", "ok"),
                (f"{figures.label(_(PHASE[phase]))} ", "dim"),
                (titles, ""),
            )
            blocks.append(Block(f"proved.{phase}", line, hang=4))
    if not blocks and not result.not_tested:
        return []
    blocks += [
        Block(f"untested.{n}", ((f"  {glyph('bullet')} ", "dim"), (text, "dim")), hang=4)
        for n, text in enumerate(result.not_tested)
    ]
    return [*heading("proved", _("What was proved, and what was not")), *blocks]


def user_errors(rows: Iterable[ErrorRow], open_count: int) -> list[Block]:
    """The user's errors in the report, newest first."""
    rows = list(rows)
    if not rows and not open_count:
        return []
    title = ngettext("Errors in the report ({n} open)", "Errors in the report ({n} open)", open_count)
    return [
        *heading("errors", title.format(n=open_count)),
        *(
            Block(
                f"error.{row.id}",
                (
                    (f"  {stamp(row.at)}  ", "dim"),
                    (f"{row.type_label or _(ERROR_TYPE[row.type])}  ", ""),
                    (row.text, ""),
                ),
                hang=4,
            )
            for row in rows
        ),
    ]


def _bullets(key: str, title: str, lines: Iterable[str], ink: str, sign: str = "") -> list[Block]:
    """A title and a line for each text; nothing where there is none."""
    told = [
        Block(f"{key}.{n}", ((f"  {sign or glyph('bullet')} ", "dim"), (text, ink)), hang=4)
        for n, text in enumerate(lines)
    ]
    return [blank(f"{key}.space"), Block(key, ((title, "head"),)), *told] if told else []
