"""The declared configurations, held against the users of the organisation: whom each brings, and what does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.model import EMPTY, Configuration, Finding, Members, Roster
from tui.triage.contradictions import contradictions
from tui.triage.lookup import Lookup, plain


def roster(
    configurations: Sequence[Configuration],
    known: Lookup,
    findings: Sequence[Finding] = (),
    said: Mapping[str, bool] = EMPTY,
) -> Roster:
    """Whom each configuration brings, how many people that is, and every contradiction. `findings` and `said` tell what
    the status page says, as `contradictions` takes them."""
    return Roster(
        members=tuple(_members(each, known) for each in configurations),
        contradictions=contradictions(configurations, known, findings, said),
        active=sum(known.profiles.values()) if known.profiles is not None else None,
        assigned=_people([each for each in configurations if each.active], known),
        problem=known.problem,
    )


def _members(configuration: Configuration, known: Lookup) -> Members:
    counts = known.profiles
    return Members(
        named=sum(user.active for user in known.users(configuration)) if known.named is not None else None,
        profiles=tuple(
            (name, None if counts is None else counts.get(plain(name), 0)) for name in configuration.profiles
        ),
        people=_people([configuration], known),
    )


def _people(configurations: Sequence[Configuration], known: Lookup) -> int | None:
    """How many active users these bring together: those with a profile, and those named who have another."""
    profiles = {plain(name) for each in configurations for name in each.profiles}
    entries = any(each.users for each in configurations)
    if (profiles and known.profiles is None) or (entries and known.named is None):
        return None
    named = {user.id: user for each in configurations for user in known.users(each) if user.active}
    others = sum(plain(user.profile) not in profiles for user in named.values())
    return others + sum((known.profiles or EMPTY).get(name, 0) for name in profiles)
