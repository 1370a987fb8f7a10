"""The declared configurations while they are edited: what the file says, what it would say, what is wrong with that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tui.configuration_settings import Change, Setting, changes
from tui.declaration import Declaration, Difference, Section, accept

_PLACE = re.compile(r"configurations\[(\d+)\](?:\.(.*))?", re.DOTALL)


@dataclass
class Row:
    """One configuration. `origin` is its number in the file, None: it is new. `untold`: it came out of a list, and
    nobody has looked at its settings yet."""

    section: Section
    origin: int | None = None
    untold: bool = False

    @property
    def name(self) -> str:
        return str(self.section.get("name", ""))


@dataclass
class Draft:
    """Kept in the store until it is saved or given up, whatever screens are opened meanwhile. `ticket` is the request
    about it that is under way, 0 when none is; `saving`: it is the one that writes, and nothing may change meanwhile.
    `refusal` is why the last one came to nothing."""

    declaration: Declaration
    rows: list[Row] = field(default_factory=list)
    problems: tuple[tuple[str, str], ...] = ()
    ticket: int = 0
    saving: bool = False
    refusal: str = ""

    def asked(self, ticket: int, *, saving: bool = False) -> None:
        self.ticket, self.saving, self.refusal = ticket, saving, ""

    def answered(self, problems: tuple[tuple[str, str], ...] | None = None, refusal: str = "") -> None:
        """What was asked is over; `problems` None: it says nothing about them."""
        self.ticket, self.saving, self.refusal = 0, False, refusal
        if problems is not None:
            self.problems = problems

    @classmethod
    def of(cls, declaration: Declaration) -> Draft:
        """Nothing is changed yet."""
        return cls(declaration, [Row(section, number) for number, section in enumerate(declaration.sections)])

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(row.section for row in self.rows)

    @property
    def changed(self) -> bool:
        """Whether there is anything to save."""
        return self.sections != self.declaration.sections

    def state(self, row: Row) -> str:
        """ "new", "changed", or "" where the row is as in the file."""
        if row.origin is None:
            return "new"
        return "changed" if row.section != self.declaration.sections[row.origin] else ""

    def changes(self) -> list[Change]:
        """What saving would change."""
        origins = {row.origin for row in self.rows}
        gone = [section for number, section in enumerate(self.declaration.sections) if number not in origins]
        found: list[Change] = [change for section in gone for change in changes(section, None)]
        for row in self.rows:
            before = None if row.origin is None else self.declaration.sections[row.origin]
            found += changes(before, row.section)
        return found

    def wrong(self, row: Row) -> dict[str, tuple[str, ...]]:
        """What is wrong in that row: the key of a setting ("" for what belongs to none) -> sentences."""
        found: dict[str, tuple[str, ...]] = {}
        for place, key, sentence in self._places():
            if place < len(self.rows) and self.rows[place] is row:
                found[key] = (*found.get(key, ()), sentence)
        return found

    def _places(self) -> Iterator[tuple[int, str, str]]:
        for place, sentence in self.problems:
            if matched := _PLACE.fullmatch(place):
                yield int(matched[1]), (matched[2] or "").partition("[")[0], sentence

    def put(self, row: Row, setting: Setting, value: Any) -> None:
        row.section = setting.put(row.section, value)

    def add(self, name: str) -> Row:
        """A new configuration, with the settings that it has where nothing is said."""
        self.rows.append(row := Row({"name": name, "active": True}))
        return row

    def remove(self, row: Row) -> None:
        self.rows.remove(row)
        self.problems = ()

    def accept(self, differences: Iterable[Difference]) -> list[Row]:
        """Carry out what was accepted of a list; returns the configurations that are new by it."""
        sections = accept(self.sections, differences)
        for row, section in zip(self.rows, sections, strict=False):
            row.section = section
        new = [Row(section, untold=True) for section in sections[len(self.rows) :]]
        self.rows += new
        return new
