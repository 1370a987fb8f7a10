"""Proof: readings of the status page that an admin compares, once, with what Setup shows.

Three people are shown: the one in question, one who is well, and one who has left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from tui import figures
from tui.model import PageReading, ProofSample, RowKind, ServiceError, User, Word
from tui.triage.checks.facts import OrgFacts
from tui.words import _

if TYPE_CHECKING:
    from tui.triage.session import Session

PAGE = "page"
"""What is confirmed: the reading of the Lightning Sync Status page."""

_CANDIDATES = 40
_READ_AT_MOST = 6
_SOME = (
    "SELECT Id FROM User WHERE IsActive = {active} AND UserType = 'Standard' ORDER BY LastModifiedDate DESC LIMIT {n}"
)
_WELL = frozenset({Word.IN_SYNC, Word.INITIAL_COMPLETED, Word.NOT_THIS_DIRECTION, Word.NOTHING_TO_SYNC})
_DIRECTIONS = frozenset({RowKind.SALESFORCE_TO_GOOGLE, RowKind.GOOGLE_TO_SALESFORCE})


async def samples(session: Session, user_id: str) -> tuple[ProofSample, ...]:
    """Readings of this user, of one who is well and of one who has left, as far as such people are found.

    Nobody is asked for whose full name another user has. Raises ServiceError where this user's own page cannot be
    read, LookupError with a sentence where there is no such user or the name is not unique."""
    org = await session.connect()
    user = await session.user(user_id)
    well, left = await _some(session, active=True), await _some(session, active=False)
    facts = session.facts(org, [user, *well, *left])
    if await facts.sharing_name(user):
        raise LookupError(
            _("The page takes only a full name, and that of {name} is not unique: open another person.").format(
                name=user.name
            )
        )
    erring = await _erring(facts)
    reading, newest = await facts.page.status(user), await _newest(facts, user)
    found = [ProofSample("unwell" if user.active else "left", user, reading, newest)]
    for kind, candidates in (("well", [one for one in well if one.id not in erring]), ("left", left)):
        if all(sample.kind != kind for sample in found):
            found += await _first(facts, kind, [one for one in candidates if one.id != user.id])
    return tuple(found)


async def _newest(facts: OrgFacts, user: User) -> tuple[tuple[str, str], ...]:
    """This person's newest row of the error report, as the matched columns give it; () where there is none."""
    try:
        rows = [row for row in await facts.rows_of(user) if row.at is not None]
        columns = (await facts.report()).columns
    except ServiceError:
        return ()
    if not rows:
        return ()
    row = max(rows, key=lambda one: one.at or facts.clock())
    values = {
        "at": figures.utc(row.at) if row.at else "",
        "user": row.user_name,
        "type": row.type_label,
        "text": row.text,
    }
    return tuple((columns.get(meaning, meaning), value) for meaning, value in values.items())


async def _some(session: Session, *, active: bool) -> list[User]:
    rows = await session.salesforce.query(_SOME.format(active=str(active).upper(), n=_CANDIDATES))
    return await session.salesforce.users_by_ids([str(row.get("Id")) for row in rows])


async def _erring(facts: OrgFacts) -> frozenset[str]:
    """The users who have a recent row in the error report, in two years nearly everybody has one; nobody where it
    cannot be read (the page is what counts here)."""
    try:
        rows = (await facts.report()).rows
    except ServiceError:
        return frozenset()
    oldest = facts.clock() - timedelta(days=facts.settings.triage.open_days)
    return frozenset(row.user_id for row in rows if row.user_id and (row.at is None or row.at >= oldest))


async def _first(facts: OrgFacts, kind: str, candidates: Sequence[User]) -> list[ProofSample]:
    """The first of the candidates whose page shows what their kind should show; at most a few are read."""
    read = 0
    fallback: list[ProofSample] = []
    for user in candidates:
        if read == _READ_AT_MOST:
            break
        if await facts.sharing_name(user):
            continue
        read += 1
        try:
            reading = await facts.page.status(user)
        except ServiceError:
            continue
        sample = ProofSample(kind, user, reading)
        if kind != "well" or _is_well(reading):
            return [sample]
        fallback = fallback or [sample]
    return [] if kind == "well" else fallback


def _is_well(reading: PageReading) -> bool:
    directions = [row.word for row in reading.rows if row.kind in _DIRECTIONS]
    linked = [row.word for row in reading.rows if row.kind is RowKind.LINKED]
    return bool(directions) and set(linked) == {Word.LINKED} and all(word in _WELL for word in directions)
