"""How a step of the set-up reads on the screen: pure functions from its stage to blocks of text."""

from __future__ import annotations

from collections.abc import Mapping

from screens.glyphs import glyph
from screens.pieces import Copy
from screens.widgets.document import Block, blank, heading
from screens.widgets.ink import Line, Span, fit, width_of
from screens.words import STATUS, state
from tui import figures
from tui.model import Finding, Status
from tui.questions import HandOut, Question, SetUp, Stage, Stand
from tui.words import N_, _, ngettext

STANDS: Mapping[Stand, tuple[Status, str]] = {
    Stand.OPEN: (Status.UNKNOWN, N_("not tried")),
    Stand.WORKS: (Status.PASS, N_("works")),
    Stand.FAILED: (Status.FAIL, N_("does not work yet")),
    Stand.LATER: (Status.SKIP, N_("left for later")),
}
"""Sign and word for how far a step has come; a step that nobody has looked at has a quieter sign on the trail."""

CONFIGURATIONS = "configurations"
LIST = N_(
    "Many users: leave them out here. Once the file is written, the console asks for the list of users from Setup"
    " (pasted, or its CSV), and takes them and their configurations from it."
)

_INDENT = 2
LONGEST = 120
"""Characters of a list that are shown; all of it stands in the entry."""
SOON_SAID = 24
"""Characters of what a choice means that are shown beside it; the help has the longer ones."""


def trail(setup: SetUp, at: int) -> Block:
    """The steps in a line, each with its state, the one we are at in bold."""
    spans: list[Span] = []
    for number, stage in enumerate(setup.stages):
        status, _word = STANDS[stage.stand]
        sign = glyph("pending") if stage.stand is Stand.OPEN else glyph(status)
        ink = "dim" if stage.stand is Stand.OPEN else STATUS[status][1]
        spans += [(f"{sign} ", ink), (f"{number + 1} {stage.name}   ", "strong" if number == at else "dim")]
    last = len(setup.stages)
    spans.append((f"{last + 1} {_('The file')}", "strong" if at == last else "dim"))
    return Block("trail", tuple(spans))


def stage(setup: SetUp, at: int, *, current: str, why: bool) -> list[Block]:
    """One step: what it is for (`why`: in full), its questions, help with the one under the cursor (`current`), and
    what the trial found."""
    shown = setup.stages[at]
    blocks = [trail(setup, at), blank("trail.space"), *_why(shown, why)]
    if shown.questions:
        blocks.append(blank("questions.space"))
        width = max(len(question.label) for question in shown.questions) + 2
        group = ""
        for question in shown.questions:
            if question.group != group:
                blocks += heading(f"group.{question.id}", question.group)[0 if group else 1 :]
                group = question.group
            blocks += _question(question, width)
    asked = next((question for question in shown.questions if f"question.{question.id}" == current), None)
    if asked is not None:
        blocks += _help(asked)
    if shown.id == CONFIGURATIONS:
        blocks += [blank("list.space"), Block("list", ((f"{glyph('bullet')} ", "dim"), (_(LIST), "dim")), hang=2)]
    if shown.findings:
        blocks += heading("found", _("Tried for real"))
    for number, finding in enumerate(shown.findings):
        blocks += _finding(number, finding)
    return blocks + _to_copy(shown)


def file(setup: SetUp) -> list[Block]:
    """The last step: what is to be written, and where."""
    blocks = [trail(setup, len(setup.stages)), blank("trail.space")]
    written = _("The file is written for you alone (0600).")
    if setup.there:
        written = _("The existing file is replaced; a dated copy of it is kept beside it.")
    blocks.append(Block("path", ((setup.path, "strong"),), copies=(Copy("line", setup.path),)))
    blocks.append(Block("written", ((written, "dim"),)))
    if setup.comments:
        blocks.append(Block("comments", ((_("Its comments are in that copy only."), "warn"),)))
    blocks.append(blank("stages.space"))
    for number, shown in enumerate(setup.stages):
        status, word = STANDS[shown.stand]
        line: Line = (
            (f"{glyph(status)} ", STATUS[status][1]),
            (fit(_(word), 20), STATUS[status][1]),
            (shown.title, ""),
        )
        blocks.append(Block(f"stage.{number}", line, hang=22))
    if setup.problems:
        blocks += heading("problems", _("The file cannot be written yet"))
        blocks += [
            Block(f"problem.{number}", ((f"{glyph(Status.FAIL)} ", "bad"), (problem, "")), hang=2)
            for number, problem in enumerate(setup.problems)
        ]
    return blocks


def _why(shown: Stage, full: bool) -> list[Block]:
    if not full:
        told = _("What this step is for (Enter)")
        return [Block("why", ((shown.title, "head"), (f"  {told}", "dim")))]
    blocks = [Block("why", ((shown.title, "head"),))]
    return blocks + [
        Block(f"why.{number}", ((f"{glyph('bullet')} ", "dim"), (text, "dim")), hang=2)
        for number, text in enumerate(shown.why)
    ]


def _question(question: Question, width: int) -> list[Block]:
    value: Line = ((_short(question.value), "strong"), *_meaning(question))
    if not question.value:
        value = ((_("optional") if question.optional else _("to fill in"), "dim"),)
    missing = question.problem and not question.value
    sign: Span = (f"{glyph(Status.FAIL)} ", "bad") if question.problem and not missing else ("  ", "")
    line: Line = (sign, (fit(question.label, width), ""), *value)
    blocks = [Block(f"question.{question.id}", line, hang=width + _INDENT)]
    if question.problem and not missing:
        blocks.append(Block(f"problem.{question.id}", ((" " * 4, ""), (question.problem, "bad")), hang=4))
    return blocks


def _meaning(question: Question) -> Line:
    """What the answer means, where it is one of the choices, says more, and is soon said."""
    labels = (choice.label for choice in question.choices if choice.value == question.value)
    return tuple((f"  {label}", "dim") for label in labels if label != question.value and len(label) <= SOON_SAID)


def _short(value: str) -> str:
    """The answer, unless it is a list that would fill the screen: then its beginning, and how many more there are."""
    if len(value) <= LONGEST or ", " not in value:
        return value
    shown = value[:LONGEST].rpartition(", ")[0] or value.partition(", ")[0]
    left = value.count(", ") - shown.count(", ")
    return ngettext("{shown} and {n} more", "{shown} and {n} more", left).format(shown=shown, n=left)


def _finding(number: int, finding: Finding) -> list[Block]:
    """What was found; where it is a refusal with a cause, also what that means and what to do."""
    head: Line = (*state(finding.status), (finding.summary, ""))
    blocks = [Block(f"found.{number}", head, hang=width_of(state(finding.status)), links=finding.links)]
    if finding.cause is None:
        return blocks
    from tui.triage import catalogue  # its texts are read when they are first needed, not at start

    texts: list[tuple[Line, int]] = [(((catalogue.cause(finding.cause, finding.evidence).meaning, ""),), 2)]
    if answer := str(finding.evidence.get("error", "")):
        texts.append((((_("It answered: {error}").format(error=answer), "dim"),), 2))
    texts += [(((f"{count}. ", "accent"), (step, "")), 5) for count, step in enumerate(finding.fix, 1)]
    texts += [(((link, "accent"),), 2) for link in finding.links]
    return blocks + [
        Block(f"found.{number}.{part}", (("  ", ""), *line), hang=hang) for part, (line, hang) in enumerate(texts)
    ]


def _help(question: Question) -> list[Block]:
    blocks = [*heading("help", question.label), Block("help.text", ((question.help, "dim"),))]
    for number, line in enumerate(question.lines):
        blocks.append(Block(f"help.line.{number}", ((line, "accent"),), hang=4, copies=(Copy("line", line),)))
    for number, choice in enumerate(question.choices, 1):
        shown: Line = ((f"{number} ", "key"), (f"{choice.value}  ", "strong"), (choice.label, "dim"))
        blocks.append(Block(f"help.choice.{number}", shown, hang=4))
    return blocks


def _to_copy(shown: Stage) -> list[Block]:
    if not shown.copy:
        return []
    blocks = [*heading("copy", _("For the Google administrator"))]
    for number, one in enumerate(shown.copy):
        line: Line = ((f"{figures.label(one.what)} ", "dim"), (one.text, "accent"))
        blocks.append(Block(f"copy.{number}", line, hang=4, copies=(to_give(one),)))
    return blocks


def to_give(one: HandOut) -> Copy:
    """What somebody else is to be given, as a piece that can be copied."""
    return Copy("link" if one.link else "line", one.text, one.what)
