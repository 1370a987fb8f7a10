"""Values and rows in words: evidence of any shape, and the tables of the status page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from screens.glyphs import glyph
from screens.words import stamp
from tui import figures
from tui.words import N_, _

TABLES = {
    "orgConfigInfo": N_("Organisation"),
    "orgContacts": N_("Organisation, contacts"),
    "orgEvents": N_("Organisation, events"),
    "configSetup": N_("User"),
    "userContacts": N_("Contacts"),
    "userEvents": N_("Events"),
}
"""What the tables of the status page are about, by the element ids that they are recognised by."""


def table_name(table: str) -> str:
    """What that table is about; its id where we do not know it."""
    return _(TABLES[table]) if table in TABLES else table


def plain(value: object) -> str:
    """A value of any shape on one line."""
    if isinstance(value, Mapping):
        return ", ".join(figures.pair(table_name(name), plain(item)) for name, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return stamp(value) if isinstance(value, datetime) else str(value)


def rows(values: Mapping[str, Any]) -> dict[str, str]:
    """The rows of the status page in what is kept of a check: what each is about -> its value."""
    return dict(_flat(_kept(values)))


def by_table(values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The same, each with what its table is about apart ("" where it stands in none): (table, row, value)."""
    for name, value in _kept(values).items():
        table, _colon, label = name.partition(": ")
        if isinstance(value, Mapping):
            yield from ((table_name(name), row, plain(told)) for row, told in value.items())
        elif table in TABLES:
            yield table_name(table), label, plain(value)
        else:
            yield "", name, plain(value)


def _kept(values: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = values.get("rows", values)
    return kept if isinstance(kept, Mapping) else values


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        table, _colon, label = name.partition(": ")
        told = figures.pair(table_name(table), label) if table in TABLES else name
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{told} {glyph('arrow')} ")
        else:
            yield f"{prefix}{told}", plain(value)
