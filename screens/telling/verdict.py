"""The verdict on the screen: the story, what to do and by whom, how one will know, and what was proved and what not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich.cells import cell_len

from screens.glyphs import glyph
from screens.widgets.document import Block, blank, heading
from screens.widgets.ink import Line, Span, fit
from screens.words import ERROR_TYPE, VERDICT, stamp
from tui import figures
from tui.model import CheckResult, Complaint, ErrorRow, Missing, Status, Verdict
from tui.triage import complaints, story
from tui.triage.catalogue import who
from tui.triage.to_do import LEAVER, ToDo, to_do
from tui.words import N_, _, ngettext

ROWS = 20
"""How many of a user's older errors are listed."""
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
    0: N_("Step 6 of the set-up is not at fault: it is this person's Google account."),
    1: N_("Step 6 of the set-up, first of its three: the remote site."),
    2: N_("Step 6 of the set-up, second of its three: the key and its delegation."),
    3: N_("Step 6 of the set-up, third of its three: the test of the connection."),
}
THEN: dict[Verdict, tuple[ToDo, ...]] = {
    Verdict.RESET: (
        ToDo(None, N_("Ask the person to move out of the calendar whatever must not sync (m writes the message).")),
    ),
    Verdict.WAIT: (ToDo(None, N_("Wait, then check again: time alone settles this. w lists who is due.")),),
    Verdict.CONTACT_SUPPORT: (
        ToDo(None, N_("Press E: it writes the packet that support will ask for.")),
        ToDo("salesforce_admin", N_("Open a case with Salesforce support and attach the packet.")),
    ),
    Verdict.NO_FAULT_FOUND: (
        ToDo(
            None, N_("If the person is still missing something, press p and say what: it is then checked as reported.")
        ),
    ),
    Verdict.UNDETERMINED: (
        ToDo(None, N_("Settle what is not known (the steps marked unknown, below), then press f.")),
    ),
}
"""What comes last, after the steps of the causes."""
PRESS = {
    True: N_("Press R: the reset is explained, asked about, and verified."),
    False: N_("Type :write to allow changes, then press R: the reset is explained, asked about, and verified."),
}
"""How to reset, by whether changes are allowed."""
LOOK = N_("Open the steps that failed, below (Enter): each says what it means and how to prove it.")
BY_HAND = N_("The status page cannot be read from here. Press P to supply it, as pasted text or as a file.")
NO_PAGE = frozenset({"salesforce.page.unrecognised", "salesforce.page.no_access"})
QUESTIONS = N_("Go through the questions below first: limits that look like a fault.")
KNOW = {
    Verdict.REVIEW_CONNECTION: (
        N_("f (or c): the failed steps of the connection test pass."),
        N_("After that, no new errors appear for this person."),
    ),
    Verdict.REVIEW_CONFIGURATION: (
        N_("f (or c): the failed steps of the status check pass: assigned, linked, no direction that fails."),
        N_("After that, no new errors appear for this person."),
    ),
    Verdict.RESET: (
        N_("The page no longer shows the reset, and shows both directions in sync."),
        N_("Tomorrow, no error is newer than the reset; w keeps the person on the list until then."),
    ),
    Verdict.WAIT: (N_("After the time above, c no longer says to wait."),),
    Verdict.CONTACT_SUPPORT: (N_("After support's fix, c finds no fault and no newer error."),),
    Verdict.NO_FAULT_FOUND: (N_("The one event or contact that was missing is there on both sides."),),
    Verdict.UNDETERMINED: (N_("No step is unknown any more, and there is a verdict."),),
}


LEFT = (
    N_("If they have left: once they are out of the configuration, no new errors appear for them."),
    N_("If they still work with you: f (or c), and both accounts below are active."),
)


def verdict(result: CheckResult, before: Verdict | None = None) -> list[Block]:
    """The verdict in a word, then the story in a few sentences; `before` is that of the check before this one."""
    judgement = result.judgement
    word, ink = VERDICT[judgement.verdict]
    head: list[Span] = [(f" {glyph(SIGN[judgement.verdict])} ", ink), (_(word), ink)]
    if judgement.look_again_at is not None:
        head.append((_("  look again after {time}").format(time=stamp(judgement.look_again_at)), "wait"))
    if result.reported and result.complaint is None:
        head.append((_("  reported by the person"), "dim"))
    if before is not None and before is not judgement.verdict:
        head.append((_("  before: {verdict}").format(verdict=_(VERDICT[before][0])), "dim"))
    behind: tuple[Line, ...] = (
        ((_("  Verdict: "), "dim"), (judgement.verdict, ""), (_(", rule {n}").format(n=judgement.rule), "dim")),
        ((_("  Causes: "), "dim"), (", ".join(judgement.causes) or _("none"), "")),
    )
    links = tuple(dict.fromkeys(link for step in to_do(result) for link in step.links))
    blocks = [Block("verdict", tuple(head), 3, behind, 4, links=links)]
    if told := result.story or result.sentence:
        blocks.append(Block("verdict.sentence", ((told, ""),)))
    if judgement.sub_step is not None:
        blocks.append(Block("verdict.step", ((_(SUB_STEP[judgement.sub_step]), "dim"),)))
    if result.complaint is not None:
        blocks.append(Block("verdict.complaint", ((complaints.told(result.complaint), "dim"),)))
    return blocks


def what_to_do(result: CheckResult, *, spread: bool = False, armed: bool = False) -> list[Block]:
    """What to do now, numbered and by whom, with the pages to open; `armed`: changes are allowed."""
    kind = result.judgement.verdict
    steps: list[ToDo] = []
    if _asks(result.complaint) and kind in {Verdict.CONTACT_SUPPORT, Verdict.NO_FAULT_FOUND}:
        steps.append(ToDo(None, _(QUESTIONS)))
    if any(finding.cause in NO_PAGE for finding in result.steps):
        steps.append(ToDo(None, _(BY_HAND)))
    steps += to_do(result)
    steps += [replace(step, text=_(step.text)) for step in THEN.get(kind, ())]
    if kind is Verdict.RESET:
        steps.append(ToDo(None, _(PRESS[armed])))
    steps = steps or [ToDo(None, _(LOOK))]
    blocks = _by_whom(steps)
    return [*heading("do", _("What to do now")), *blocks, *_pages(steps, spread)]


def _pages(steps: Sequence[ToDo], spread: bool) -> list[Block]:
    """The pages to open for these steps: whole where there is room (`spread`), else behind Enter."""
    links = tuple(dict.fromkeys(link for step in steps for link in step.links))
    if not links:
        return []
    told = ngettext("     {n} page to open (o)", "     {n} pages to open (o)", len(links)).format(n=len(links))
    inside = tuple(Block(f"do.link.{n}", ((f"     {link}", "accent"),), hang=5) for n, link in enumerate(links))
    return [Block("do.links", ((told, "dim"),), links=links, inside=inside, open=spread)]


def _by_whom(steps: Sequence[ToDo]) -> list[Block]:
    """The steps, numbered, below the one who takes them; nobody is named where all are the console's own."""
    named = any(step.by is not None for step in steps)
    blocks: list[Block] = []
    for n, step in enumerate(steps, 1):
        if named and (n == 1 or step.by != steps[n - 2].by):
            name = who(step.by) if step.by is not None else _("In this console")
            blocks.append(Block(f"do.{n}.by", ((f"  {name}", "strong"),)))
        line: Line = ((f"  {n}. ", "accent"), (step.text, ""))
        blocks.append(Block(f"do.{n}", line, hang=5, links=step.links))
    return blocks


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


def limits(result: CheckResult) -> list[Block]:
    """What the verdict does not rest on, beside what the steps themselves say: no fault found is never healthy."""
    by_steps = set(story.left_out(result.steps))
    return [
        Block(f"limit.{n}", ((f"  {glyph('bullet')} ", "dim"), (text, "")), hang=4)
        for n, text in enumerate(line for line in result.not_tested if line not in by_steps)
    ]


def user_errors(rows: Sequence[ErrorRow], open_count: int) -> list[Block]:
    """The user's errors in the report, newest first: those that are open, and behind them the older ones."""
    if not rows and not open_count:
        return []
    title = ngettext("Errors in the report ({n} open)", "Errors in the report ({n} open)", open_count)
    kinds = max((cell_len(_type(row)) for row in rows), default=0)
    blocks = [*heading("errors", title.format(n=open_count))]
    blocks += [_error(row, kinds, "") for row in rows[:open_count]]
    if older := rows[open_count:]:
        told = ngettext("  {n} older error, not counted", "  {n} older errors, not counted", len(older))
        inside = [_error(row, kinds, "dim") for row in older[:ROWS]]
        if len(older) > ROWS:
            inside.append(Block("errors.more", ((_("    The list of errors (2) has them all."), "dim"),)))
        line = ((told.format(n=figures.number(len(older))), "dim"),)
        blocks.append(Block("errors.older", line, inside=tuple(inside)))
    return blocks


def _error(row: ErrorRow, kinds: int, ink: str) -> Block:
    kind = fit(_type(row), kinds)
    line = (f"  {stamp(row.at)}  ", "dim"), (f"{kind}  ", ink), (row.text, ink)
    return Block(f"error.{row.id}", line, hang=2 + 16 + 2 + kinds + 2)


def _type(row: ErrorRow) -> str:
    return row.type_label or _(ERROR_TYPE[row.type])


def _bullets(key: str, title: str, lines: Iterable[str], ink: str, sign: str = "") -> list[Block]:
    """A title and a line for each text; nothing where there is none."""
    told = [
        Block(f"{key}.{n}", ((f"  {sign or glyph('bullet')} ", "dim"), (text, ink)), hang=4)
        for n, text in enumerate(lines)
    ]
    return [blank(f"{key}.space"), Block(key, ((title, "head"),)), *told] if told else []
