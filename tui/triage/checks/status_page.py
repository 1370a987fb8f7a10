"""One user's rows of the Lightning Sync Status page: read once, then judged row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tui import figures
from tui.model import Finding, PageReading, PageRow, Phase, RowKind, ServiceError, Status, User, Word
from tui.triage import catalogue
from tui.triage.checks.facts import UserFacts, caused, refused, told
from tui.words import _, ngettext

PAGE = "salesforce.page.user"
LINK = "salesforce.link"
SYNC_STATUS = "salesforce.sync_status"
RESET_STATE = "salesforce.reset_state"

TABLES = {"contacts": "userContacts", "events": "userEvents"}
DIRECTIONS = (RowKind.SALESFORCE_TO_GOOGLE, RowKind.GOOGLE_TO_SALESFORCE)
LIVE = PageReading().source
_GOOD = frozenset({Word.INITIAL_COMPLETED, Word.IN_SYNC})
_NOTED = frozenset({Word.NOT_THIS_DIRECTION, Word.NOTHING_TO_SYNC})
_FIRST = frozenset({Word.NOT_STARTED, Word.INITIAL_IN_PROGRESS})
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


# ---- reading -----------------------------------------------------------------------------------------------------


async def page(facts: UserFacts) -> Sequence[Finding]:
    """Read the page for this user. It takes a full name only, so nobody is asked for whose name another user has."""
    others = await facts.org.sharing_name(facts.user)
    if others and facts.org.page_error is not None:
        return [refused(facts, PAGE, Phase.STATUS, facts.org.page_error, required=True)]
    if others:
        summary = ngettext(
            "The status page takes only a full name, and {number} other user is called {name} too: whose rows it would "
            "show cannot be known, so it was not asked.",
            "The status page takes only a full name, and {number} other users are called {name} too: whose rows it "
            "would show cannot be known, so it was not asked.",
            len(others),
        ).format(number=figures.number(len(others)), name=facts.user.name)
        known = {"name": facts.user.name, "others": [_who(other) for other in others]}
        fix = catalogue.Step(
            "salesforce_admin",
            _(
                "Give all but one of the users with this name another full name in Salesforce (a middle name, for "
                "example)."
            ),
        )
        found = told(PAGE, Phase.STATUS, Status.UNKNOWN, summary, known, required=True)
        return [replace(found, fix=(catalogue.step_line(fix),))]
    return [await facts.org.repeats.ask(facts, PAGE, "", lambda: _read(facts))]


async def _read(facts: UserFacts) -> Finding:
    try:
        reading = await facts.org.page.status(facts.user)
        if reading.problem:
            raise ServiceError("salesforce.page.unrecognised", reading.problem)
    except ServiceError as error:
        return refused(facts, PAGE, Phase.STATUS, error, required=True)
    return accept(facts, reading)


def accept(facts: UserFacts, reading: PageReading) -> Finding:
    """Take a reading for this user's, unless it is about somebody else."""
    known = {"shown_name": reading.shown_name, "rows": {_label(row): row.value for row in reading.rows}}
    # A live page that shows no name did not take ours; a pasted text may come without it.
    if (reading.source == LIVE or reading.shown_name is not None) and not shows(reading, facts.user):
        summary = _("The status page answered about {shown}, not about {name}: its rows were left aside.").format(
            shown=reading.shown_name or "?", name=facts.user.name
        )
        return told(PAGE, Phase.STATUS, Status.UNKNOWN, summary, known, required=True)
    facts.reading = reading
    summary = _("The user's rows of the status page were read.")
    return told(PAGE, Phase.STATUS, Status.PASS, summary, {"source": reading.source, **known}, required=True)


def shows(reading: PageReading, user: User) -> bool:
    """Whether the page shows this very name; how many spaces it has is all that may differ."""
    return reading.shown_name is not None and reading.shown_name.split() == user.name.split()


# ---- judging -----------------------------------------------------------------------------------------------------


async def link(facts: UserFacts) -> Sequence[Finding]:
    """Whether Salesforce linked the user's address to the mailbox, for contacts and for events."""
    gone = not_shown(facts, LINK)
    return [gone] if gone else [await _linked(facts, side) for side in TABLES]


async def _linked(facts: UserFacts, side: str) -> Finding:
    step, row = f"{LINK}.{side}", link_row(facts, side)
    if row is None and not facts.syncs("calendar" if side == "events" else side):
        return told(step, Phase.STATUS, Status.SKIP, _("The configuration does not sync this side."))
    if row is None or row.word is None:
        return _unclear(step, row)
    known: dict[str, Any] = {"row": row.label, "value": row.value, "address": facts.user.email}
    if row.word is Word.LINKED:
        summary = _("The page says that the addresses are linked ({side}).").format(side=_side(side))
        return told(step, Phase.STATUS, Status.PASS, summary, known, required=True)
    cause = "salesforce.link.failed"
    if row.word is Word.DUPLICATE_ADDRESS:
        others = await _sharing(facts)
        facts.support_now = facts.support_now or others == []
        cause = cause if others == [] else "salesforce.email.duplicate"
        known["others"] = [_who(other) for other in others or ()]
    else:
        mailbox = _other_mailbox(row.value, facts.user)
        cause = "salesforce.email.mismatch" if mailbox else cause
        known["mailbox"] = mailbox
    return caused(facts, step, Phase.STATUS, cause, known, required=True)


async def _sharing(facts: UserFacts) -> list[User] | None:
    try:
        return await facts.org.sharing_address(facts.user)
    except ServiceError:
        return None  # said by the step that looks for duplicates; the page's word stands


async def sync_status(facts: UserFacts) -> Sequence[Finding]:
    """What the page says of each direction. Where a side is not linked, its directions say nothing more."""
    gone = not_shown(facts, SYNC_STATUS)
    if gone:
        return [gone]
    return [_direction(facts, side, direction) for side in TABLES for direction in DIRECTIONS]


def _direction(facts: UserFacts, side: str, direction: RowKind) -> Finding:
    step = f"{SYNC_STATUS}.{side}.{direction.value}"
    linked = link_row(facts, side)
    if linked is None or linked.word is not Word.LINKED:
        return told(step, Phase.STATUS, Status.SKIP, _("The addresses are not linked on this side."))
    row = facts.reading.first(direction, TABLES[side]) if facts.reading else None
    if row is None or row.word is None:
        return _unclear(step, row)
    known = {"row": row.label, "value": row.value}
    if row.word in _GOOD:
        return told(step, Phase.STATUS, Status.PASS, _shown(side, row), known, required=True)
    if row.word in _NOTED:
        return told(step, Phase.STATUS, Status.SKIP, _shown(side, row), known)
    if row.word in _FIRST:
        return caused(facts, step, Phase.STATUS, "salesforce.sync.initial", known, required=True)
    if row.word is Word.RESETTING:
        return caused(facts, step, Phase.STATUS, "salesforce.sync.resetting", known, required=True)
    if row.word is Word.UNABLE:
        return caused(facts, step, Phase.STATUS, "salesforce.sync.failing", known, required=True)
    return _unclear(step, row)


async def reset_state(facts: UserFacts) -> Sequence[Finding]:
    """The page shows its reset row only while a reset runs."""
    gone = not_shown(facts, RESET_STATE)
    if gone:
        return [gone]
    row = facts.reading.first(RowKind.RESET) if facts.reading else None
    if row is not None:
        cause = "salesforce.sync.resetting"
        return [caused(facts, RESET_STATE, Phase.STATUS, cause, {"row": row.label, "value": row.value})]
    return [told(RESET_STATE, Phase.STATUS, Status.PASS, _("No reset is under way."))]


def link_row(facts: UserFacts, side: str) -> PageRow | None:
    """The row of that side ("contacts" or "events") that says whether the addresses are linked."""
    return facts.reading.first(RowKind.LINKED, TABLES[side]) if facts.reading else None


def not_shown(facts: UserFacts, step: str) -> Finding | None:
    """The skip of a row that the page does not show: it was not read, or the user is in no active configuration."""
    if facts.reading is None:
        return told(step, Phase.STATUS, Status.SKIP, _("The user's rows of the page were not read."))
    if facts.page_assigned is False and step != RESET_STATE:
        summary = _("The page shows no such rows for a user in no active configuration.")
        return told(step, Phase.STATUS, Status.SKIP, summary)
    return None


def _unclear(step: str, row: PageRow | None) -> Finding:
    if row is None:
        summary = _("The page does not show this row for the user.")
        return told(step, Phase.STATUS, Status.UNKNOWN, summary, required=True)
    summary = _(
        "The page uses words here that we do not know: “{value}”. Teach them under [salesforce.labels]."
    ).format(value=row.value)
    return told(step, Phase.STATUS, Status.UNKNOWN, summary, {"row": row.label, "value": row.value}, required=True)


def _other_mailbox(value: str, user: User) -> str | None:
    """A mailbox address in the page's text that is not the user's; None where the user's is not known."""
    if not user.email:
        return None
    found = (address.rstrip(".") for address in _ADDRESS.findall(value))
    return next((address for address in found if address.casefold() != user.email.casefold()), None)


def _label(row: PageRow) -> str:
    return f"{row.table}: {row.label}" if row.table else row.label


def _shown(side: str, row: PageRow) -> str:
    """What the page says of one direction of that side."""
    text = _("Contacts, {row}: {value}.") if side == "contacts" else _("Events, {row}: {value}.")
    return text.format(row=row.label, value=row.value)


def _side(side: str) -> str:
    return _("contacts") if side == "contacts" else _("events")


def _who(user: User) -> str:
    state = "" if user.active else _(" (inactive)")
    return f"{user.name}, {user.username}, {user.id}{state}"
