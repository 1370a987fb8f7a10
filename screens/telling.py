"""How one user's triage reads on the screen: pure functions from findings to blocks of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from screens.glyphs import glyph
from screens.pieces import Copy
from screens.widgets.document import Block, blank, heading
from screens.widgets.ink import Line, Span
from screens.words import ERROR_TYPE, OUTCOME, PHASE, VERDICT, stamp, state
from tui.model import CheckResult, ErrorRow, Finding, ResetPlan, ResetResult, Status, StepPlan, User, Verdict
from tui.terms import ORG_KIND
from tui.words import N_, _, ngettext

INDENT = 13
"""Where the text of a step begins: two blanks, sign, word."""

NEXT = {
    Verdict.RESET: (
        N_("Type :write to allow changes, then press R: the reset is explained, asked about, and verified."),
    ),
    Verdict.WAIT: (N_("Wait, then check again: time alone settles this."),),
    Verdict.CONTACT_SUPPORT: (
        N_("Make the packet that support will ask for: passerelle support {user} -o packet.md"),
        N_("Open a case with Salesforce support and attach it."),
    ),
    Verdict.NO_FAULT_FOUND: (
        N_("If the person still misses something, press p (reported) and let it be checked again."),
    ),
    Verdict.UNDETERMINED: (N_("Put right what could not be found out (the lines marked unknown), then press c."),),
}


def identity(user: User) -> Block:
    """Who this is, in one line; what is wrong with the account stands out."""
    facts: list[Span] = [(user.name, "strong"), (f"  {user.email}", "")]
    if user.username and user.username != user.email:
        facts.append((f"  {user.username}", "dim"))
    if user.profile:
        facts.append((f"  {user.profile}", "dim"))
    if not user.active:
        facts.append((_("  inactive"), "bad"))
    if user.frozen:
        facts.append((_("  frozen"), "bad"))
    return Block("identity", tuple(facts), hang=2)


def verdict(result: CheckResult) -> list[Block]:
    """The verdict in a word, then the story in a sentence."""
    judgement = result.judgement
    word, ink = VERDICT[judgement.verdict]
    head: list[Span] = [(_(word), ink)]
    if judgement.look_again_at is not None:
        head.append((_("  look again at {time}").format(time=stamp(judgement.look_again_at)), "wait"))
    if result.reported:
        head.append((_("  reported by the person"), "dim"))
    behind: tuple[Line, ...] = (
        ((_("  Verdict: "), "dim"), (judgement.verdict, ""), (_(", rule {n}").format(n=judgement.rule), "dim")),
        ((_("  Causes: "), "dim"), (", ".join(judgement.causes) or _("none"), "")),
    )
    blocks = [blank("verdict.space"), Block("verdict", tuple(head), detail=behind, detail_hang=4)]
    if result.sentence:
        blocks.append(Block("verdict.sentence", ((result.sentence, ""),)))
    if judgement.sub_step is not None:
        step = (
            _("Step 6 of the set-up: none of its three, it is this person's Google account.")
            if judgement.sub_step == 0
            else _("Step 6 of the set-up, sub-step {n}: {title}").format(
                n=judgement.sub_step, title=_(SUB_STEP[judgement.sub_step])
            )
        )
        blocks.append(Block("verdict.step", ((step, "dim"),)))
    return blocks


PHASES = tuple(PHASE)
SUB_STEP = {1: N_("register the remote site"), 2: N_("upload the key"), 3: N_("test the connection")}


def to_do(result: CheckResult) -> list[Block]:
    """What to do now, numbered and by whom, with the pages to open."""
    findings = {finding.cause: finding for finding in reversed(result.steps) if finding.cause and finding.fix}
    texts: list[str] = []
    links: list[str] = []
    for cause in result.judgement.causes:
        if cause in findings:
            texts += findings[cause].fix
            links += findings[cause].links
    if not texts or result.judgement.verdict in {Verdict.RESET, Verdict.CONTACT_SUPPORT}:
        name = result.user.email or result.user.id if result.user else result.query
        texts += [_(text).format(user=name) for text in NEXT.get(result.judgement.verdict, ())]
    blocks = [Block(f"do.{n}", ((f"  {n}. ", "accent"), (text, "")), hang=5) for n, text in enumerate(texts, 1)]
    blocks += [
        Block(f"do.link.{n}", ((f"     {link}", "accent"),), hang=5) for n, link in enumerate(dict.fromkeys(links))
    ]
    return [*heading("do", _("What to do now")), *blocks] if blocks else []


def steps(plan: Sequence[StepPlan], found: Mapping[str, Sequence[Finding]], running: bool) -> list[Block]:
    """The steps by phase: those done with state and time, those to come as such."""
    blocks: list[Block] = []
    phase = None
    for step in sorted(plan, key=lambda step: PHASES.index(step.phase)):
        if step.phase is not phase:
            phase = step.phase
            blocks += heading(f"phase.{phase}", _(PHASE[phase]))
        findings = found.get(step.id, ())
        if not findings:
            word = _("to come") if running else _("not run")
            blocks.append(
                Block(f"step.{step.id}", ((f"  {glyph('pending')} {word:<9}", "dim"), (step.title, "dim")), hang=INDENT)
            )
        for number, finding in enumerate(findings):
            blocks.append(_step(finding, step.title if number == 0 else "", f"step.{step.id}.{number}"))
    return blocks


def _step(finding: Finding, title: str, key: str) -> Block:
    """A step in a line: what went well by its title alone, the rest with what was found; everything behind Enter."""
    quiet = finding.status in {Status.PASS, Status.SKIP}
    line: list[Span] = [("  ", ""), *state(finding.status)]
    if title:
        line.append((title, "dim" if finding.status is Status.SKIP else ""))
    if not title or not quiet:
        line.append((f": {finding.summary}" if title else finding.summary, "dim" if quiet else ""))
    if finding.ms:
        line.append((_("  {n} ms").format(n=finding.ms), "dim"))
    return Block(key, tuple(line), INDENT, behind(finding), INDENT + 2, (Copy("cause", finding.cause or ""),))


def behind(finding: Finding, indent: int = INDENT) -> tuple[Line, ...]:
    """What Enter shows of a step: meaning and proof in words, then the technical term and the raw answer."""
    pad = " " * indent
    lines: list[Line] = [((pad, ""), (finding.summary, ""))]
    if finding.cause:
        for label, text in _explained(finding.cause, finding.evidence):
            lines.append(((pad, ""), (f"{label} ", "dim"), (text, "")))
        lines.append(((pad, ""), (_("Cause: "), "dim"), (finding.cause, "")))
    lines += [((pad, ""), (f"{name}: ", "dim"), (plain(value), "")) for name, value in finding.evidence.items()]
    lines += [((pad, ""), (link, "accent")) for link in finding.links]
    lines.append(((pad, ""), (_("Step: "), "dim"), (finding.id, "dim")))
    return tuple(lines)


def _explained(cause_id: str, evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    from tui.triage import catalogue  # its texts are read when they are first needed, not at start

    if cause_id not in catalogue.ORDER:
        return []
    cause = catalogue.cause(cause_id, evidence)
    return [
        (_("What it means:"), cause.meaning),
        (_("Why we think so:"), cause.why),
        (_("How to prove it:"), cause.proof),
    ]


def plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {plain(item)}" for name, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(plain(item) for item in value)
    return str(value)


def not_tested(result: CheckResult) -> list[Block]:
    """What was not tested, for no fault found is never healthy."""
    if not result.not_tested:
        return []
    return [
        *heading("untested", _("What was not tested")),
        *(
            Block(f"untested.{n}", ((f"  {glyph('bullet')} ", "dim"), (text, "dim")), hang=4)
            for n, text in enumerate(result.not_tested)
        ),
    ]


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


def plan(reset: ResetPlan) -> list[Block]:
    """What a reset would do, to whom and where; or why it is refused."""
    if reset.refusal:
        return [
            blank("plan.space"),
            Block("plan.refused", (*state(Status.FAIL), (_("No reset: "), "strong"), (reset.refusal, "")), hang=11),
        ]
    who = f"{reset.user.name} <{reset.user.email}>, {reset.user.id}"
    where = f"{reset.org.name}, {_(ORG_KIND[reset.org.kind])} ({reset.org.id})"
    told = (
        (_("Whom"), who),
        (_("Where"), where),
        (_("It does"), _("press Reset for this user on the Lightning Sync status page of Setup, once.")),
        (_("It does not"), _("delete events or contacts, change a configuration, or repair the connection.")),
        *([(_("Why"), str(reset.before["overruled"]))] if reset.before.get("overruled") else []),
    )
    blocks = [
        blank("plan.space"),
        Block("plan", ((_("What the reset will do"), "head"),)),
        *(Block(f"plan.{n}", ((f"  {label:<13}", "dim"), (text, "")), hang=15) for n, (label, text) in enumerate(told)),
    ]
    blocks += [
        Block(f"plan.warning.{n}", ((f"  {glyph('bullet')} ", "dim"), (text, "")), hang=4)
        for n, text in enumerate(reset.warnings)
    ]
    now = dict(_flat(_rows(reset.before)))
    if now:
        blocks += heading("plan.now", _("The status page now"))
    return blocks + [
        Block(f"plan.now.{name}", ((f"  {name}: ", "dim"), (value, "")), hang=4) for name, value in now.items()
    ]


def outcome(result: ResetResult) -> list[Block]:
    """How a reset ended."""
    sentence, ink = OUTCOME[result.outcome]
    blocks = [blank("outcome.space"), Block("outcome", ((_(sentence), ink),))]
    if result.reason:
        blocks.append(Block("outcome.reason", ((result.reason, ""),)))
    return blocks


def comparison(result: ResetResult) -> list[Block]:
    """What differs on the status page from before; what does not stands behind Enter."""
    before, after = dict(_flat(_rows(result.before))), dict(_flat(_rows(result.after)))
    if not after:
        return []
    names = dict.fromkeys([*before, *after])
    none = glyph("bullet")
    changed = [name for name in names if before.get(name) != after.get(name)]
    same = [name for name in names if name not in changed]
    blocks = [*heading("compare", _("The status page before and after"))]
    for name in changed:
        values: Line = ((before.get(name, none), ""), (f" {glyph('arrow')} ", "dim"), (after.get(name, none), "accent"))
        blocks.append(Block(f"compare.{name}", ((f"  {name}: ", "dim"), *values), hang=4))
    if same:
        told = ngettext("  {n} row is as it was", "  {n} rows are as they were", len(same)).format(n=len(same))
        detail = tuple(((f"    {name}: ", "dim"), (after[name], "")) for name in same)
        blocks.append(Block("compare.same", ((told, "dim"),), detail=detail, detail_hang=6))
    return blocks


def _rows(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The rows of the status page in what is kept of a check."""
    rows = values.get("rows", values)
    return rows if isinstance(rows, Mapping) else values


TABLES = {
    "orgConfigInfo": N_("Organisation"),
    "orgContacts": N_("Organisation, contacts"),
    "orgEvents": N_("Organisation, events"),
    "configSetup": N_("User"),
    "userContacts": N_("Contacts"),
    "userEvents": N_("Events"),
}
"""What the tables of the status page are about, by the element ids that they are recognised by."""


def table_name(table: str) -> str:
    """What that table is about; its id where we do not know it."""
    return _(TABLES[table]) if table in TABLES else table


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        table, _colon, label = name.partition(": ")
        told = f"{table_name(table)}: {label}" if table in TABLES else name
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{told} {glyph('arrow')} ")
        else:
            yield f"{prefix}{told}", plain(value)
