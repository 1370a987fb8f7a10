"""Who this is on both sides, and which configuration applies to them, and why."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from screens.glyphs import glyph
from screens.pieces import of_user
from screens.widgets.document import Block
from screens.widgets.ink import Line, Span, fit, width_of
from screens.words import state
from tui import figures
from tui.model import Finding, Status, User
from tui.triage import complaints
from tui.triage.identities import Account, Identities, Trait, identities
from tui.words import N_, _

ASSIGNMENT = "salesforce.assignment"
"""The step that finds out which configuration applies; what disagrees is found below it."""
SIDE_BY_SIDE = 96
"""Cells of a line from which on the two identities stand side by side."""
LABEL, DETAIL_LABEL, ACCOUNT = 15, 18, 13
WIDEST = 48
"""Cells that each of the two takes at most, side by side: further apart they no longer read as one row."""
BEHIND = frozenset({"username", "profile", "aliases"})
"""What of the two is shown behind Enter alone."""

TRAITS = {
    "name": N_("Name"),
    "address": N_("Address"),
    "mailbox": N_("Calendar"),
    "aliases": N_("Aliases"),
    "username": N_("Username"),
    "profile": N_("Profile"),
}


def both(user: User, findings: Sequence[Finding], width: int) -> list[Block]:
    """The Salesforce user and the Google account: side by side where there is room for what they are called, else one
    below the other; with all that is known behind Enter."""
    found = identities(user, findings)
    room = min((width - LABEL - 14) // 2, WIDEST)
    said = [text for trait in found.traits if not _is_behind(trait) for text in (trait.salesforce, trait.google)]
    fits = width >= SIDE_BY_SIDE and all(cell_len(text) <= room - 2 for text in said)
    return _beside(user, found, room) if fits else _below(user, found, width)


def _is_behind(trait: Trait) -> bool:
    """Whether it says no more than what is shown: the calendar mostly goes by the address."""
    return trait.id in BEHIND or (trait.id == "mailbox" and not trait.differs)


def _beside(user: User, found: Identities, room: int) -> list[Block]:
    def line(label: str, left: Line, right: Line, differs: bool = False) -> Line:
        return ((f"  {fit(label, LABEL)}", "dim"), *_padded(left, room), *_padded(right, room), *_mark(differs))

    blocks = [
        Block("who.title", line("", ((_("Salesforce user"), "head"),), ((_("Google account"), "head"),))),
        Block(
            "who.state",
            line(_("State"), _account(found.salesforce), _account(found.google), _one_closed(found)),
            copies=of_user(user),
        ),
    ]
    for trait in found.traits:
        cells = (((trait.salesforce or glyph("bullet"), ""),), ((trait.google or glyph("bullet"), ""),))
        if not _is_behind(trait):
            blocks.append(Block(f"who.{trait.id}", line(_(TRAITS[trait.id]), *cells, trait.differs)))
    more = tuple(_detail(trait) for trait in found.traits if _is_behind(trait))
    blocks.append(Block("who.more", ((_("  Username, profile, id"), "dim"),), detail=(*more, _id(user)), detail_hang=6))
    return blocks


def _below(user: User, found: Identities, width: int) -> list[Block]:
    address, mailbox = found.trait("address"), found.trait("mailbox")
    mine = (_side("Salesforce"), *_account(found.salesforce), (user.email or user.username, ""))
    theirs = (_side("Google"), *_account(found.google), (address.google or mailbox.google, ""))
    hang = 2 + LABEL + 2 + ACCOUNT
    known = tuple(_detail(trait) for trait in found.traits)
    words = [_("state")] if _one_closed(found) else []
    words += [_(TRAITS[trait.id]) for trait in found.traits if trait.differs]
    told = figures.pair(_("differs"), ", ".join(words))
    differs: Line = ((f"{glyph(Status.WARN)} {told}", "warn"),) if words else ()
    if beside := words and width_of((*theirs, *differs)) + 2 <= width:
        theirs = (*theirs, ("  ", ""), *differs)
    blocks = [
        Block("who.salesforce", mine, hang, (*known, _id(user)), 6, copies=of_user(user)),
        Block("who.google", theirs, hang, known, 6),
    ]
    return blocks if beside or not words else [*blocks, Block("who.differs", (_side(""), *differs), hang)]


def _side(name: str) -> Span:
    return f"  {fit(name, LABEL)}", "dim"


def _account(account: Account) -> Line:
    sign, ink = {
        True: (glyph(Status.PASS), "ok"),
        False: (glyph(Status.FAIL), "bad"),
        None: (glyph(Status.UNKNOWN), "warn"),
    }[account.ok]
    return ((f"{sign} ", ink), (f"{account.word:<{ACCOUNT}}", ink))


def _one_closed(found: Identities) -> bool:
    return None not in (found.salesforce.ok, found.google.ok) and found.salesforce.ok != found.google.ok


def _mark(differs: bool) -> Line:
    return ((f"{glyph(Status.WARN)} ", "warn"), (_("differs"), "warn")) if differs else ()


def _padded(line: Line, room: int) -> Line:
    """The line in that many cells."""
    return (*line, (" " * (room - width_of(line)), ""))


def _detail(trait: Trait) -> Line:
    """Both sides of one thing, one after the other."""
    said = [figures.pair("Salesforce", trait.salesforce)] if trait.salesforce else []
    said += [figures.pair("Google", trait.google)] if trait.google else []
    told: Line = ((f"    {fit(_(TRAITS[trait.id]), DETAIL_LABEL)}", "dim"), ("   ".join(said), ""))
    return (*told, ("  ", ""), *_mark(True)) if trait.differs else told


def _id(user: User) -> Line:
    return ((f"    {fit(_('Id'), DETAIL_LABEL)}", "dim"), (figures.pair("Salesforce", user.id), ""))


def configuration(findings: Sequence[Finding]) -> list[Block]:
    """Which configuration applies and why, below the two accounts; what disagrees stands out."""
    own = next((one for one in findings if one.id == ASSIGNMENT), None)
    if own is None or (own.status is Status.SKIP and not own.evidence):
        return []
    known = own.evidence
    name = known.get("configuration") if own.status in {Status.PASS, Status.SKIP, Status.UNKNOWN} else None
    head: list[Span] = [_side(_("Configuration"))]
    head += [(figures.quoted(name), "strong")] if name else [(_("none that is active"), "bad" if own.cause else "warn")]
    sides = {side: known[side] for side in ("events", "contacts") if side in known}
    texts = {"events": _("events {direction}"), "contacts": _("contacts {direction}")}
    if len(sides) > 1 and len(set(sides.values())) == 1:
        sides, texts = {"both": sides["events"]}, {"both": _("events and contacts {direction}")}
    for side, direction in sides.items():
        told = texts[side].format(direction=_(complaints.DIRECTION[direction]))
        head.append((f" {glyph('dot')} {told}", ""))
    hang = 2 + LABEL
    blocks = [Block("configuration.name", tuple(head), hang)]
    if why := known.get("declared"):
        blocks.append(Block("configuration.why", (_side(""), (why, "dim")), hang))
    for other in findings:
        below = other.id.startswith(f"{ASSIGNMENT}.")
        line = (_side(""), *state(other.status), (other.summary, ""))
        if below and other.status in {Status.WARN, Status.FAIL} and other.summary != why:
            blocks.append(Block(f"configuration.{other.id}", line, hang + 11))
        elif below and other.summary == why:
            blocks[-1] = Block("configuration.why", line, hang + 11)
    return blocks
