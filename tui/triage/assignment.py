"""Under which configuration a user syncs, as far as the declaration in the config file can tell.

Salesforce's rules (its help page on assigning configurations): an individual assignment beats the profile's; a second
individual assignment silently removes the first. The status page beats the declaration, which never fails a user alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tui import figures
from tui.model import Configuration, Direction, User
from tui.sanitise import one_line
from tui.words import _

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_ID_CORE = 15  # the last three characters of the long form only check the case of the others


@dataclass(frozen=True, slots=True)
class Assignment:
    """What the declaration, corrected by the page, says of one user.

    `configuration` is the active one that applies: None where there is none, or where the page says so. `via` is
    "individual", "profile" or "". `inactive_only`: declared, but in inactive configurations only. `overridden` is the
    first configuration that names the user and does not apply. `declared`: in any configuration at all. `disagrees`:
    the page says otherwise than the file. `declared_in` are all that name the user, in the file's order. `why` is a
    sentence or two for the admin."""

    configuration: Configuration | None
    via: str
    inactive_only: bool
    overridden: Configuration | None
    declared: bool
    disagrees: bool
    why: str
    declared_in: tuple[Configuration, ...] = ()


class _Claim(NamedTuple):
    """One configuration's claim on the user."""

    configuration: Configuration
    individual: bool


def effective(user: User, configurations: Sequence[Configuration], *, page_assigned: bool | None) -> Assignment:
    """The configuration that applies to the user.

    `page_assigned` is the page's "assigned to active configuration"; None where it was not read. A file that declares
    no configuration at all says nothing, so it cannot disagree with the page."""
    claims = [claim for each in configurations if (claim := _claim(each, user))]
    # Which of several of a kind was assigned last cannot be known: the file's last is taken, and all are named.
    last_first = claims[::-1]
    ranked = sorted(last_first, key=lambda claim: (not claim.configuration.active, not claim.individual))
    winner = ranked[0] if ranked and ranked[0].configuration.active else None
    losers = [claim for claim in ranked if claim is not winner and (claim.individual or claim.configuration.active)]
    disagrees = bool(configurations) and page_assigned is not None and page_assigned != (winner is not None)
    kept = winner if page_assigned is not False else None
    if disagrees:
        why = _contradicted(user, claims, page_assigned is True)
    else:
        why = _explained(winner, losers) if winner else _no_active(configurations, claims)
    return Assignment(
        configuration=kept.configuration if kept else None,
        via=("individual" if kept.individual else "profile") if kept else "",
        inactive_only=bool(claims) and winner is None,
        overridden=losers[0].configuration if kept and losers else None,
        declared=bool(claims),
        disagrees=disagrees,
        why=why,
        declared_in=tuple(claim.configuration for claim in claims),
    )


def sides(assignment: Assignment) -> dict[str, bool]:
    """Which sides the configuration syncs. Undeclared, or contradicted by the page: both, so that both are judged."""
    configuration = assignment.configuration
    if configuration is None or assignment.disagrees:
        return {"calendar": True, "contacts": True}
    return {
        "calendar": configuration.events.direction is not Direction.NONE,
        "contacts": configuration.contacts.direction is not Direction.NONE,
    }


def _claim(configuration: Configuration, user: User) -> _Claim | None:
    if listed(configuration.users, user):
        return _Claim(configuration, True)
    profile = user.profile.strip().casefold()
    if profile and any(entry.strip().casefold() == profile for entry in configuration.profiles):
        return _Claim(configuration, False)
    return None


def listed(users: tuple[str, ...], user: User) -> bool:
    """Whether one of these entries is this user: an address or username in any case, or an id, where case counts."""
    words, ids = _entries(users)
    if user.email.casefold() in words or user.username.casefold() in words:
        return True
    return user.id[:_ID_CORE] in ids and bool(_ID.fullmatch(user.id))


@lru_cache(maxsize=8192)  # a list held against the declaration asks for its entries one by one
def _entries(users: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The entries as addresses and usernames, and those that are ids: a configuration may list thousands, and is looked
    in for thousands."""
    entries = [entry for each in users if (entry := each.strip())]
    ids = frozenset(entry[:_ID_CORE] for entry in entries if _ID.fullmatch(entry))
    return frozenset(entry.casefold() for entry in entries), ids


# ---- the sentence ------------------------------------------------------------------------------------------------


def _named(claims: Sequence[_Claim]) -> str:
    return ", ".join(figures.quoted(one_line(claim.configuration.name, limit=80)) for claim in claims)


def _contradicted(user: User, claims: Sequence[_Claim], page_assigned: bool) -> str:
    if not page_assigned:
        return _(
            "The config file has this user in {names}; the status page says that they are in no active configuration."
            " The page takes precedence: assign them in Salesforce, or correct “users”, “profiles” or “active” in the"
            " file."
        ).format(names=_named(claims))
    if claims:
        return _(
            "The status page says that this user is in an active configuration; the config file has them only in"
            " inactive ones ({names}). The file is out of date: correct “active”, or list them where they belong."
        ).format(names=_named(claims))
    return _(
        "The status page says that this user is in an active configuration; the config file has them in none. The file"
        " is out of date: add “{address}” to “users”, or the profile to “profiles”, of the right [[configurations]]."
    ).format(address=one_line(user.email or user.username, limit=120))


def _explained(winner: _Claim, losers: Sequence[_Claim]) -> str:
    name, others = _named([winner]), _named(losers)
    if not losers:
        text = _("Assigned to {name} individually.") if winner.individual else _("Assigned to {name} by profile.")
        return text.format(name=name)
    if winner.individual and not any(loser.individual for loser in losers):
        return _("Assigned to {name} individually, which beats the profile's {others}.").format(
            name=name, others=others
        )
    if winner.individual:
        return _(
            "Declared individually in {name}, and also in {others}. Salesforce keeps only the individual assignment "
            "made last, and the file cannot tell which that is: {name} is taken here."
        ).format(name=name, others=others)
    if any(loser.individual for loser in losers):
        return _(
            "Assigned to {name} by profile, and declared in {others} as well. Whether an individual assignment to a "
            "configuration that is not active still beats the profile's is not known: remove it."
        ).format(name=name, others=others)
    return _(
        "The profile is in {name}, and also in {others}. Which one applies is not known: {name} is taken here."
    ).format(name=name, others=others)


def _no_active(configurations: Sequence[Configuration], claims: Sequence[_Claim]) -> str:
    if claims:
        return _("Declared only in configurations that are not active: {names}.").format(names=_named(claims))
    if configurations:
        return _("The config file has this user in no configuration.")
    return _("The config file declares no configurations.")
