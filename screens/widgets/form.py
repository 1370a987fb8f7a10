"""A form: one field a line, its label and its value, what is wrong with it below. Choices turn in place, texts are
typed in the foot line, the entries of a list stand below it one a line. It knows nothing of what it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from screens.glyphs import glyph
from screens.widgets.document import Block, Document
from screens.widgets.ink import Line, fit
from screens.widgets.prompt import Prompt
from tui import figures
from tui.kinds import Status
from tui.words import _, ngettext

LABEL = 28
_PARTS = re.compile(r"\s*[,;]\s*|\s+(?=[^\s@]+@)")
_ENTRY = "\x1f"

Put = Callable[[str, Any], None]
"""Takes the key of a field and its new value; None: nothing is said."""


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: text, choice, date or list. `choices` are the values in turn, each with its word."""

    key: str
    kind: str
    label: str
    help: str
    value: Any
    choices: tuple[tuple[Any, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    none: str = ""
    """What to show where there is no value."""

    @property
    def shown(self) -> str:
        """The value in a line."""
        if self.choices:
            return next((word for value, word in self.choices if value == self.value), str(self.value))
        if self.kind == "list":
            return ngettext("{n} entry", "{n} entries", len(self.value)).format(n=len(self.value)) if self.value else ""
        return "" if self.value is None else str(self.value)


class Form(Document):
    """The fields; the keys of whoever shows it are turned into `edit`, `cycle` and `drop`."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._fields: dict[str, Field] = {}

    def fill(self, fields: Sequence[Field]) -> None:
        """Show these fields; the cursor stays with its line."""
        self._fields = {field.key: field for field in fields}
        self.show([block for field in fields for block in _blocks(field)])

    @property
    def field(self) -> Field | None:
        """The field under the cursor."""
        return self._fields.get(self.current_key.partition(_ENTRY)[0])

    @property
    def entry(self) -> int | None:
        """The number of the list's entry under the cursor."""
        number = self.current_key.partition(_ENTRY)[2]
        return int(number) if number.isdecimal() else None

    def edit(self, prompt: Prompt, put: Put) -> None:
        """Change what is under the cursor: the next choice, or a line to type in."""
        field, entry = self.field, self.entry
        if field is None:
            return
        if field.choices:
            self.cycle(1, put)
        elif field.kind != "list":
            prompt.ask(
                figures.label(field.label),
                lambda text: put(field.key, _read(field, text)),
                value=field.shown,
                choices=field.suggestions,
            )
        elif entry is None:
            prompt.ask(
                _("Add to {label}:").format(label=field.label), lambda text: self._splice(field, None, text, put)
            )
        else:
            prompt.ask(
                figures.label(field.label),
                lambda text: self._splice(field, entry, text, put),
                value=field.value[entry],
            )

    def cycle(self, steps: int, put: Put) -> None:
        """Change a choice to the next value, or to the one before."""
        field = self.field
        if field is not None and field.choices:
            values = [value for value, _word in field.choices]
            place = values.index(field.value) if field.value in values else -1
            put(field.key, values[(place + steps) % len(values)])

    def drop(self, put: Put) -> None:
        """Take the entry under the cursor out of its list."""
        if self.field is not None and self.entry is not None:
            self._splice(self.field, self.entry, "", put)

    def _splice(self, field: Field, entry: int | None, text: str, put: Put) -> None:
        place = len(field.value) if entry is None else entry
        new = [part for part in _PARTS.split(text.strip()) if part]
        put(field.key, [*field.value[:place], *new, *field.value[place + 1 :]])


def _blocks(field: Field) -> list[Block]:
    shown = field.shown
    value: Line = ((shown, "") if shown else (field.none, "dim"),)
    blocks = [Block(field.key, ((fit(field.label, LABEL), "dim"), *value), hang=LABEL)]
    if field.kind == "list":
        blocks += [
            Block(f"{field.key}{_ENTRY}{number}", ((" " * LABEL, ""), (text, "")), hang=LABEL + 2)
            for number, text in enumerate(field.value)
        ]
    for number, sentence in enumerate(field.problems):
        sign = f"{' ' * (LABEL - 2)}{glyph(Status.FAIL)} "
        blocks.append(Block(f"{field.key}{_ENTRY}!{number}", ((sign, "bad"), (sentence, "bad")), hang=LABEL))
    return blocks


def _read(field: Field, text: str) -> Any:
    """What was typed, as a value; a date that is none stays a text, for whoever says what is wrong with it."""
    if field.kind == "date":
        with suppress(ValueError):
            return date.fromisoformat(text)
    return text or None
