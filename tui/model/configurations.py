"""The declared configurations, alone and held against the users of the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tui.kinds import Direction
from tui.model.empty import EMPTY


@dataclass(frozen=True, slots=True)
class ContactSync:
    direction: Direction = Direction.BOTH
    match: str = ""


@dataclass(frozen=True, slots=True)
class EventSync:
    direction: Direction = Direction.BOTH
    which: str = "all"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A Lightning Sync configuration as the config file declares it (no API can read one)."""

    name: str
    active: bool = True
    users: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    contacts: ContactSync = ContactSync()
    events: EventSync = EventSync()
    data_set: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Members:
    """Whom a configuration brings. `named`: the active users that it names; `profiles`: profile -> its active users;
    `people`: all of them, each once. None is what could not be found out."""

    named: int | None
    profiles: tuple[tuple[str, int | None], ...]
    people: int | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What does not fit in the declared configurations: which of them, a sentence, and who it is about."""

    configurations: tuple[str, ...]
    sentence: str
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """All declared configurations, held against the users of the organisation. `members` stand in the order of the
    configurations; `active` is how many active users there are, `assigned` how many of them the active configurations
    bring; None is what could not be read, `problem` then says why."""

    members: tuple[Members, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    active: int | None = None
    assigned: int | None = None
    problem: str = ""
