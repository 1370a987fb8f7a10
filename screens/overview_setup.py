"""The rest of the Overview: the set-up checklist, the configurations and what does not fit in them, what else is wrong,
what changed in Setup, and what can be read here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len

from screens.glyphs import glyph
from screens.overview_answer import HANG, INDENT, PAD, REPORT, STATE, TEXT
from screens.pieces import Copy
from screens.telling.behind import behind
from screens.widgets.document import Block, heading
from screens.widgets.ink import Line, fit, width_of
from screens.words import READABLE, as_of, number, stamp, state
from tui import figures
from tui.configuration_settings import DIRECTIONS
from tui.model import (
    Capability,
    ChecklistItem,
    Configuration,
    Contradiction,
    Finding,
    Members,
    Org,
    Overview,
    Phase,
    Readable,
    Roster,
    SetupChange,
    Status,
)
from tui.sanitise import one_line
from tui.words import _, ngettext, pgettext

CHANGES_SHOWN = 8
LONGEST_NAME = 40
"""Cells to which names of configurations are padded, so that what follows is aligned."""


def checklist(overview: Overview, now: datetime, width: int, *, beside: bool) -> list[Block]:
    """The guide's steps, a line each: what is not well says why where that fits in it, or where, `beside` other things,
    there is room below; everything is behind Enter."""
    told = overview.answer.sentence if overview.answer else ""
    return [
        *heading("checklist", _("Set-up checklist")),
        *(
            _item(item, "" if item.summary in told else item.summary, overview, now, sys.maxsize if beside else width)
            for item in overview.checklist
        ),
    ]


def _item(item: ChecklistItem, reason: str, overview: Overview, now: datetime, width: int) -> Block:
    signed: Line = ((INDENT, ""), *state(item.status))
    line: Line = (*signed, (item.title, ""))
    if reason and item.status is not Status.PASS:
        long: Line = (*signed, (f"{figures.label(item.title)} ", ""), (reason.rstrip("."), "dim"))
        line = long if width_of(long) <= width else line
    detail: list[Line] = [((PAD, ""), (item.summary, ""))] if item.summary else []
    if item.link:
        detail.append(((PAD, ""), (item.link, "accent")))
    for finding in item.proof:
        if finding.summary != item.summary:
            detail.append(((PAD, ""), *state(finding.status), (finding.summary, "")))
        detail += (*_fix(finding), *behind(finding, TEXT)[1:])
    detail.append(((PAD, ""), (as_of(overview.read_at, now), "dim")))
    copies = tuple(Copy("cause", finding.cause) for finding in item.proof if finding.cause)
    return Block(f"step.{item.step}", line, TEXT, tuple(detail), TEXT + 3, copies)


def _fix(finding: Finding) -> list[Line]:
    """What to do about it, step by step."""
    return [((f"{PAD}{n}. ", "accent"), (text, "")) for n, text in enumerate(finding.fix, 1)]


def others(overview: Overview, *, beside: bool) -> list[Block]:
    """What else is wrong or not known beyond the answer and, where the checklist has room `beside` other things to say
    why, beyond the checklist; with what to do behind Enter."""
    deciding = overview.answer.deciding if overview.answer else None
    quiet = {Status.PASS, Status.SKIP}
    said = {item.summary for item in overview.checklist if beside}
    said |= {deciding.summary} if deciding else set()
    blocks: list[Block] = []
    for finding in overview.findings:
        if finding.status in quiet or finding.summary in said or not _of_all(finding):
            continue
        said.add(finding.summary)
        detail = (*_fix(finding), *behind(finding, TEXT)[1:])
        line = ((INDENT, ""), *state(finding.status), (finding.summary, ""))
        copies = (Copy("cause", finding.cause),) if finding.cause else ()
        blocks.append(Block(f"finding.{finding.id}", line, TEXT, detail, TEXT + 3, copies))
    return [*heading("findings", _("What else was found")), *blocks] if blocks else []


def _of_all(finding: Finding) -> bool:
    """What concerns one person's status alone was found with the user of the test, and says nothing of the others."""
    return finding.phase is not Phase.STATUS or finding.id == REPORT


# ---- configurations --------------------------------------------------------------------------------------------------


def configurations(declared: Sequence[Configuration], roster: Roster) -> list[Block]:
    """Each with whom it brings, its settings and data set behind Enter; then what does not fit in them."""
    blocks: list[Block] = [*heading("configurations", _("Configurations, as the config file declares them"))]
    if not declared:
        blocks.append(Block("configurations.none", ((INDENT, ""), (_("none declared; d declares one"), "dim"))))
    longest = min(LONGEST_NAME, max((cell_len(one_line(each.name)) for each in declared), default=0))
    for place, configuration in enumerate(declared):
        members = roster.members[place] if place < len(roster.members) else None
        word = pgettext("configuration", "active" if configuration.active else "inactive")
        line: Line = (
            (f"{INDENT}{word:<{STATE}}", "" if configuration.active else "dim"),
            (fit(configuration.name, max(longest, cell_len(one_line(configuration.name)))), "strong"),
            (f"  {_brings(configuration, members)}", "dim"),
        )
        detail = _settings(configuration, members)
        blocks.append(Block(f"configuration.{place}", line, TEXT, detail, TEXT + 2))
    if roster.problem:
        why = _("Whom they bring could not be counted: {why}").format(why=roster.problem)
        blocks.append(Block("configurations.problem", ((INDENT, ""), *state(Status.UNKNOWN), (why, "")), TEXT))
    if roster.contradictions:
        blocks += heading("contradictions", _("Inconsistencies in them"))
        blocks += [_contradiction(place, one) for place, one in enumerate(roster.contradictions)]
    return blocks


def _brings(configuration: Configuration, members: Members | None) -> str:
    if not configuration.users and not configuration.profiles:
        return _("nobody assigned")
    if members is None or members.people is None:
        return _("how many people: not known")
    return ngettext("{n} person", "{n} people", members.people).format(n=number(members.people))


def _settings(configuration: Configuration, members: Members | None) -> tuple[Line, ...]:
    """Whom it brings, its directions and its data set, each on a line."""
    profiles = dict(members.profiles) if members else dict.fromkeys(configuration.profiles)
    pairs = [
        *((_("profile"), _profile(name, people)) for name, people in profiles.items()),
        *([(_("users"), _named(configuration, members))] if configuration.users else []),
        (_("contacts"), _(DIRECTIONS[configuration.contacts.direction])),
        *([(_("match"), configuration.contacts.match)] if configuration.contacts.match else []),
        (_("events"), f"{_(DIRECTIONS[configuration.events.direction])} ({configuration.events.which})"),
        *((_("data set, {name}").format(name=name), str(value)) for name, value in configuration.data_set.items()),
    ]
    return tuple(((f"{PAD}{figures.label(name)} ", "dim"), (value, "")) for name, value in pairs)


def _profile(name: str, people: int | None) -> str:
    if people is None:
        return _("{name} (how many users: not known)").format(name=name)
    return ngettext("{name} ({n} active user)", "{name} ({n} active users)", people).format(name=name, n=number(people))


def _named(configuration: Configuration, members: Members | None) -> str:
    names = ", ".join(configuration.users)
    if members is None or members.named is None:
        return names
    return _("{active} active of {named} named: {names}").format(
        active=members.named, named=len(configuration.users), names=names
    )


def _contradiction(place: int, found: Contradiction) -> Block:
    detail: tuple[Line, ...] = (((PAD, ""), (", ".join(found.who), "")),) if len(found.who) > 1 else ()
    line = ((INDENT, ""), *state(Status.WARN), (found.sentence, ""))
    return Block(f"contradiction.{place}", line, TEXT, detail, TEXT)


# ---- Setup -----------------------------------------------------------------------------------------------------------


def changes(found: Sequence[SetupChange] | None) -> list[Block]:
    """The newest changes in Setup that concern the sync; who made one and Salesforce's own code behind Enter."""
    if not found:  # that the trail could not be read stands among what can be read
        return []
    dot = glyph("dot")
    return [
        *heading("changes", _("Recent changes in Setup")),
        *(
            Block(
                f"change.{place}",
                ((f"  {stamp(change.at) if change.at else '?':<18}", "dim"), (change.text or change.action, "")),
                20,
                (((f"{'':<20}{change.by} {dot} {change.section} {dot} {change.action}", "dim"),),),
                20,
            )
            for place, change in enumerate(found[:CHANGES_SHOWN])
        ),
    ]


def capabilities(found: Sequence[Capability]) -> list[Block]:
    """What can be read here: what cannot, and why; what can behind Enter. Nothing before it was asked."""
    if not found:
        return []
    blocks = [*heading("capabilities", _("What can be read here"))]
    for status in (Readable.NOT_WITH_THESE_RIGHTS, Readable.ONLY_IN_SETUP, Readable.READABLE):
        word, ink = READABLE[status]
        ranked = [capability for capability in found if capability.status is status]
        told: list[Line] = [((f"{INDENT}  {one.summary}", ""),) for one in ranked]
        line: Line = ((INDENT, ""), (_(word), ink))
        if status is Readable.READABLE:
            blocks.append(
                Block(f"capabilities.{status}", (*line, (f"  {len(ranked)}", "")), HANG, tuple(told), HANG + 2)
            )
        elif ranked:
            blocks.append(Block(f"capabilities.{status}", line))
            blocks += [Block(f"capability.{one.id}", each, HANG + 2) for one, each in zip(ranked, told, strict=True)]
    return blocks


def organisation(org: Org) -> list[Block]:
    """Which organisation this is, in Salesforce's own terms."""
    rows = ((_("Name"), org.name), (_("Id"), org.id), (_("Instance"), org.instance), (_("Edition"), org.edition))
    return [
        *heading("organisation", _("Organisation")),
        *(
            Block(f"organisation.{n}", ((f"{INDENT}{label:<{STATE}}", "dim"), (value, "")))
            for n, (label, value) in enumerate(rows)
            if value
        ),
    ]
