"""Salesforce's own connection test, carried out by an admin: what its two messages say.

Their exact wording is not known, so a message is matched by its side and by words of success and failure, in English
and French, never as a whole (lightning-sync.md 1). What neither says clearly stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from tui.model import GuidedTest
from tui.salesforce.report_columns import plain
from tui.sanitise import one_line, redact, sanitise

if TYPE_CHECKING:
    from tui.triage.session import Session

SIDES = ("calendar", "contacts")
COUNTS_FOR = timedelta(hours=24)

# As `plain` leaves them.
_SIDE = {
    "calendar": re.compile(r"\b(calendars?|calendriers?|agendas?|events?|evenements?)\b"),
    "contacts": re.compile(r"\bcontacts?\b"),
}
_SUCCESS = re.compile(
    r"\b(success(ful|fully)?|succeed(s|ed)?|succes|reussie?s?|reussit|ok|passed|connected|connectee?s?|works?|fonctionne)\b"
)
_DENIED = re.compile(r"\b(unable|cannot|can t|could not|couldn t|impossible)\b")
_FAILURE = re.compile(
    r"\b(fail(s|ed|ure)?|errors?|denied|refused|invalid|unauthori[sz]ed|unsuccessful(ly)?|problems?"
    r"|echec|echou\w*|erreurs?|refusee?s?|invalides?|problemes?|non autorisee?s?)\b"
)
_NOT = re.compile(r"\b(not|isn t|wasn t|didn t|doesn t|no|never|pas|non|sans|without|aucune?|jamais|ne|n)\b")


def sides_of(message: str) -> frozenset[str]:
    """The sides that a message speaks of."""
    said = plain(message)
    return frozenset(side for side, pattern in _SIDE.items() if pattern.search(said))


def outcome(side: str, message: str) -> bool | None:
    """Whether the message says that this side passed; None where it says neither, both, or speaks of the other side
    alone. A negation beside words of success is a failure, beside words of failure it leaves them unclear."""
    said = plain(message)
    named = sides_of(message)
    if named and side not in named:
        return None
    success, failure, denied, negated = (bool(pattern.search(said)) for pattern in (_SUCCESS, _FAILURE, _DENIED, _NOT))
    if success:
        return None if failure or denied else not negated
    return False if denied or (failure and not negated) else None


async def record(
    session: Session, user_id: str, user_name: str, messages: Sequence[tuple[str, str, bool | None]]
) -> tuple[GuidedTest, ...]:
    """Keep what the test said with this user: the side, its message, and the outcome as the admin saw it (None: as the
    message says it)."""
    org, at = await session.connect(), session.clock()
    tests = tuple(
        GuidedTest(
            side=side,
            ok=outcome(side, message) if seen is None else seen,
            message=sanitise(redact(message)),
            user_id=user_id,
            user_name=one_line(user_name),
            by=session.by,
            at=at,
        )
        for side, message, seen in messages
    )
    for test in tests:
        session.journal.record_connection_test(org.id, test)
    return tests
