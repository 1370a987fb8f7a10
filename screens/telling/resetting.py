"""A reset on the screen: what it will do and how much, or why not; how to do it by hand; how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from screens.glyphs import glyph
from screens.telling.rows import by_table, rows
from screens.widgets.document import Block, blank, heading
from screens.widgets.ink import Line
from screens.words import OUTCOME, number
from tui import figures
from tui.model import ResetPlan, ResetResult, Status
from tui.terms import ORG_KIND
from tui.words import N_, _, ngettext

LABEL = 13
KINDS = {"Contact": N_("Contacts"), "Event": N_("Events")}
BY_HAND = (
    N_("Open this page of Setup, as an administrator with Manage Users and Manage Lightning Sync:"),
    N_("Type the full name, {name}, and press Check Status. Continue only if the page shows exactly that name."),
    N_("Press Reset Sync, once, and confirm. Record below whether Setup accepted it."),
)


def plan(reset: ResetPlan) -> list[Block]:
    """What a reset would do, to whom and where and how much; or why it is refused, and how it is done by hand."""
    sign, ink = (Status.WARN, "warn") if reset.by_hand else (Status.FAIL, "bad")
    refused = Block("plan.refused", ((f" {glyph(sign)} ", ink), (reset.refusal, "")), hang=3)
    if reset.by_hand:
        return [blank("plan.space"), refused, *_by_hand(reset), *_what(reset)]
    return [blank("plan.space"), refused] if reset.refusal else _what(reset)


def _by_hand(reset: ResetPlan) -> list[Block]:
    blocks = [*heading("hand", _("By hand, in Setup"))]
    for n, text in enumerate(BY_HAND, 1):
        line: Line = ((f"  {n}. ", "accent"), (_(text).format(name=reset.user.name), ""))
        blocks.append(Block(f"hand.{n}", line, hang=5))
        if n == 1:
            blocks.append(Block("hand.link", ((f"     {reset.link}", "accent"),), hang=5))
    return blocks


def _what(reset: ResetPlan) -> list[Block]:
    who = f"{reset.user.name} <{reset.user.email}>, {reset.user.id}"
    where = f"{reset.org.name}, {_(ORG_KIND[reset.org.kind])} ({reset.org.id})"
    told = (
        (_("Whom"), who),
        (_("Where"), where),
        *([] if reset.by_hand else [(_("It will"), _("press Reset once, for this user alone."))]),
        (_("It will not"), _("delete events or contacts, change a configuration, or repair the connection.")),
        *((_(KINDS.get(kind, kind)), _how_much(count, why)) for kind, count, why in reset.owned),
        *([(_("Why"), str(reset.before["overruled"]))] if reset.before.get("overruled") else []),
        (_("Afterwards"), _("it is verified, compared with before, and the person is listed (w) for tomorrow.")),
    )
    blocks = [
        *heading("plan", _("What the reset will do")),
        *(
            Block(f"plan.{n}", ((f"  {label:<{LABEL}}", "dim"), (text, "")), hang=LABEL + 2)
            for n, (label, text) in enumerate(told)
        ),
        *([blank("plan.warnings")] if reset.warnings else []),
    ]
    blocks += [
        Block(f"plan.warning.{n}", ((f"  {glyph('bullet')} ", "dim"), (text, "")), hang=4)
        for n, text in enumerate(reset.warnings)
    ]
    return blocks + _now(reset)


def _now(reset: ResetPlan) -> list[Block]:
    """What the status page says before it, table by table."""
    blocks: list[Block] = []
    about = ""
    for n, (table, label, value) in enumerate(by_table(reset.before)):
        if table != about:
            about = table
            blocks.append(Block(f"plan.table.{n}", ((f"  {table}", "strong"),)))
        blocks.append(Block(f"plan.now.{n}", ((f"    {figures.label(label)} ", "dim"), (value, "")), hang=6))
    return [*heading("plan.now", _("The status page now")), *blocks] if blocks else []


def _how_much(count: int | None, why: str) -> str:
    """How many records the user owns in Salesforce: as many may have to be linked again, as far as the data set has
    them."""
    if count is None:
        return _("not known how many: {why}").format(why=why)
    if not count:
        return _("none that the user owns.")
    told = ngettext(
        "up to {n}, which the user owns, is linked again.", "up to {n}, which the user owns, are linked again.", count
    )
    return told.format(n=number(count))


def outcome(result: ResetResult, *, unverified: bool = False) -> list[Block]:
    """How a reset ended; `unverified`: by hand, and nobody has looked at the page since."""
    sentence, ink = OUTCOME[result.outcome]
    sentence = _("Recorded: Setup accepted the reset.") if unverified else _(sentence)
    sign = {"ok": Status.PASS, "bad": Status.FAIL}.get(ink, Status.WARN)
    blocks = [blank("outcome.space"), Block("outcome", ((f" {glyph(sign)} {sentence}", ink),), hang=3)]
    if result.reason:
        blocks.append(Block("outcome.reason", ((result.reason, ""),)))
    return blocks


def comparison(result: ResetResult) -> list[Block]:
    """What differs on the status page from before; what does not stands behind Enter."""
    before, after = rows(result.before), rows(result.after)
    if not after:
        return []
    names = dict.fromkeys([*before, *after])
    same = [name for name in names if before.get(name) == after.get(name)]
    blocks = [*heading("compare", _("The status page before and after"))]
    for n, line in enumerate(differences(result.before, result.after)):
        blocks.append(Block(f"compare.{n}", (("  ", ""), *line), hang=4))
    if same:
        told = ngettext("  {n} row unchanged", "  {n} rows unchanged", len(same)).format(n=len(same))
        detail = tuple(((f"    {figures.label(name)} ", "dim"), (after[name], "")) for name in same)
        blocks.append(Block("compare.same", ((told, "dim"),), detail=detail, detail_hang=6))
    return blocks


def differences(seen_before: Mapping[str, Any], seen_after: Mapping[str, Any]) -> list[Line]:
    """What differs on the status page after a reset from before it, a line for each row."""
    before, after, none = rows(seen_before), rows(seen_after), glyph("bullet")
    return [
        (
            (f"{figures.label(name)} ", "dim"),
            (before.get(name, none), ""),
            (f" {glyph('arrow')} ", "dim"),
            (after.get(name, none), "accent"),
        )
        for name in dict.fromkeys([*before, *after])
        if after and before.get(name) != after.get(name)
    ]
