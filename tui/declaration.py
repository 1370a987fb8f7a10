"""Nouns of declaring configurations: what a list of users says, and what would change in the declaration by it.

A configuration is here its section of the config file as TOML holds it (`Section`), so that what this version does not
know of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Section = Mapping[str, Any]
"""One `[[configurations]]` of the config file."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The configurations that the file at `path` declares; `comments`: it has comments, which saving does not keep."""

    path: str
    sections: tuple[Section, ...]
    comments: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One user or profile that a list names. `configuration` is "" where the list does not say it; `kind` is "user",
    "profile", or "" where only a name is given, which may be either. `via_profile`: the user is in the configuration
    through their profile."""

    line: int
    kind: str = ""
    name: str = ""
    id: str = ""
    email: str = ""
    username: str = ""
    address: str = ""
    """An address that may be the email or the username."""
    profile: str = ""
    configuration: str = ""
    via_profile: bool = False

    @property
    def shown(self) -> str:
        """What a person calls it."""
        texts = (self.name, self.email, self.address, self.username, self.id, self.profile)
        return next(filter(None, texts), "")

    @property
    def texts(self) -> tuple[str, ...]:
        """What a config file may name the user by."""
        return tuple(filter(None, (self.email, self.address, self.username, self.id)))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of a list that nothing was made of, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What was read of a list. `whole`: the list is of the whole organisation, else of one configuration.

    `understood` are the columns with a meaning, as (meaning, heading); `ignored` the headings of the others."""

    source: str
    whole: bool
    entries: tuple[Entry, ...]
    understood: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def needs_configuration(self) -> bool:
        """Whether the list leaves open which configuration it is about: none of its lines names one."""
        return not any(entry.configuration for entry in self.entries)


class Kind(StrEnum):
    """In what a list differs from the declaration."""

    ADDED = "added"
    MOVED = "moved"
    REMOVED = "removed"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the list and the declaration disagree on.

    `entry` is what `target`'s list of users (or profiles) would get, `former` what would go: (configuration, text).
    `doubtful`: not to be accepted without a look. `why` is a sentence where there is something to say."""

    kind: Kind
    label: str
    profile: bool = False
    entry: str = ""
    target: str = ""
    former: tuple[tuple[str, str], ...] = ()
    line: int = 0
    why: str = ""
    doubtful: bool = False

    @property
    def acceptable(self) -> bool:
        """Whether accepting it changes anything: who is not known for certain cannot be written down."""
        return self.kind in {Kind.ADDED, Kind.MOVED, Kind.REMOVED}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A list held against the declaration. `new` are the configurations that would be new, whose settings only a person
    can tell; `looked_up`: Salesforce was asked who everybody is."""

    listing: Listing
    differences: tuple[Difference, ...]
    unchanged: int
    new: tuple[str, ...] = ()
    looked_up: bool = False


def accept(declared: Sequence[Section], accepted: Iterable[Difference]) -> list[dict[str, Any]]:
    """The declaration with these differences carried out; a configuration that is not there yet is made."""
    sections = [dict(section) for section in declared]
    for difference in accepted:
        if not difference.acceptable:
            continue
        field = "profiles" if difference.profile else "users"
        for name, text in difference.former:
            for section in sections:
                if section.get("name") == name:
                    section[field] = [each for each in section.get(field, ()) if each != text]
        if difference.target:
            home = next((section for section in sections if section.get("name") == difference.target), None)
            if home is None:
                sections.append(home := {"name": difference.target, "active": True})
            home[field] = [*home.get(field, ()), difference.entry]
    return sections
