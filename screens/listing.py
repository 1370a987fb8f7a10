"""What every screen that is one list has in common: filter, order, marks, and saying so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from textual import on

from screens.base import ConsoleScreen
from screens.glyphs import glyph
from screens.guards import Scene
from screens.nothing import filtered
from screens.widgets.ink import Line
from screens.widgets.query import plain
from screens.widgets.table import Table
from screens.widgets.table_columns import Column
from screens.words import number
from tui.words import _, ngettext


class ListScreen(ConsoleScreen):
    """Subclasses yield one `Table` from `body`, and fill it in `draw`."""

    @property
    def table(self) -> Table[Any]:
        return self.query_one(Table)

    @property
    def list_(self) -> Table[Any]:
        return self.table

    def why_empty(self) -> Sequence[Line]:
        """What to say where there are no rows, whatever the filter."""
        return ()

    def scene(self) -> Scene:
        row = self.table.current is not None
        return replace(
            super().scene(),
            has_row=row,
            rows=len(self.table.items),
            can_open=row,
            marked=self.table.marks,
        )

    def draw(self) -> None:
        self.table.tell(self._says)

    @on(Table.Counted)
    def _on_counted(self, event: Table.Counted) -> None:
        if event.source is self.table:
            self.refresh_bars()

    def _says(self, width: int) -> Sequence[Line]:
        rows = len(self.table.items)
        return filtered(rows).lines(width) if rows and self.table.filter else self.why_empty()

    def counted(self) -> Line:
        """How many rows there are, what the filter asks, how many are marked."""
        table = self.table
        rows = number(len(table.items))
        if not table.filter:
            spans: Line = ((f"  {rows}", ""),)
        else:
            so_far = glyph("ellipsis") if table.sifting else ""
            count = _("{n} of {m}").format(n=number(table.count) + so_far, m=rows)
            spans = ((f"  {count}", ""), (f"  /{table.filter}", "accent"))
        return (*spans, *self._marked())

    def _marked(self) -> Line:
        marks = self.table.marks
        if not marks:
            return ()
        if not self.table.sifting and (hidden := self.table.hidden_marks):
            told = ngettext("{hidden} of {n} marked is filtered out", "{hidden} of {n} marked are filtered out", hidden)
            return ((f"  {told.format(hidden=number(hidden), n=number(marks))}", "warn"),)
        return ((f"  {ngettext('{n} marked', '{n} marked', marks).format(n=number(marks))}", "accent"),)

    # What the keys do.

    def narrow(self, text: str) -> None:
        """Show only what the filter lets through."""
        self.table.narrow(text)
        self.refresh_bars()

    def _filter_typed(self, text: str) -> None:
        self.narrow(text)
        self.table.release()

    def do_back(self) -> None:
        if self.table.filter:
            self._filter_typed("")
        else:
            super().do_back()

    def do_filter(self) -> None:
        self.table.prepare()
        self.prompt.ask(
            "/",
            self._filter_typed,
            value=self.table.filter,
            typed=self.narrow,
            left=lambda: self._filter_typed(""),
            earlier=self.store.filters[self.name_],
        )

    def do_sort(self) -> None:
        columns = self.table.sortable
        answers = {
            key: (column.shown_title, self._sorter(column))
            for column, key in zip(
                columns, letters([column.shown_title for column in columns], self._taken), strict=True
            )
        }
        self.confirm.ask(_("Sort by"), answers, lambda: None)

    def _sorter(self, column: Column[Any]) -> Callable[[], None]:
        return lambda: self.table.sort(column.id)

    def _taken(self, key: str) -> bool:
        """Whether a key has another meaning while something is asked."""
        return key in {"n", "q"} or self._moves(key)

    def do_mark(self) -> None:
        self.table.mark()
        self.refresh_bars()

    def do_mark_all(self) -> None:
        self.table.mark_shown()
        self.refresh_bars()

    def do_unmark(self) -> None:
        self.table.unmark()
        self.refresh_bars()


def letters(titles: Sequence[str], taken: Callable[[str], bool]) -> list[str]:
    """A key for each title: the first of its letters that is free, else a number."""
    keys: list[str] = []
    for place, title in enumerate(titles, 1):
        free = (letter for letter in plain(title) if "a" <= letter <= "z" and letter not in keys and not taken(letter))
        keys.append(next(free, str(place)))
    return keys
