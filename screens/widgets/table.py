"""A virtual list with columns that come and go with the width, and a filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.cells import cell_len, set_cell_size

from screens.glyphs import glyph
from screens.pieces import Copy, Export, links_in
from screens.widgets.ink import Line, Span, fit, right
from screens.widgets.virtual_list import VirtualList
from tui.sanitise import one_line

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """`cell` gives text and ink of an item; `width` in cells, 0 for what is left; shown from `from_width` cells on."""

    title: str
    cell: Callable[[T], Span]
    width: int
    from_width: int = 0
    at_right: bool = False


class Table(VirtualList, Generic[T]):
    """Rows of items in columns. Every term of the filter must be found in a row; `-term` or `!term` must not."""

    top_lines = 1

    def __init__(
        self,
        columns: Sequence[Column[T]],
        key_of: Callable[[T], str],
        text_of: Callable[[T], str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._columns = columns
        self._key_of = key_of
        self._text_of = text_of
        self._items: Sequence[T] = ()
        self._haystack: list[str] = []
        self._shown: Sequence[T] = ()
        self._filter = ""
        self._message: Line = ()

    @property
    def items(self) -> Sequence[T]:
        """All items, whatever the filter."""
        return self._items

    @property
    def shown(self) -> Sequence[T]:
        """The items that the filter lets through, in order."""
        return self._shown

    @property
    def current(self) -> T | None:
        """The item under the cursor."""
        return self._shown[self.cursor] if 0 <= self.cursor < len(self._shown) else None

    @property
    def filter(self) -> str:
        return self._filter

    def fill(self, items: Sequence[T]) -> None:
        """Show these items; the cursor stays with its row."""
        key, index = self.cursor_key, self.cursor
        self._items, self._haystack = items, []
        self._choose()
        self.rows_changed(key, index)

    def narrow(self, text: str) -> None:
        """Show only what the filter lets through; the cursor stays with its row where that is shown."""
        if text == self._filter:
            return
        key, index = self.cursor_key, self.cursor
        self._filter = text
        self._choose()
        self.rows_changed(key, index if not text else 0)

    def tell(self, message: Line) -> None:
        """What to say while there are no rows."""
        if message != self._message:
            self._message = message
            if not self.count:
                self.refresh()

    def _choose(self) -> None:
        wanted, unwanted = terms(self._filter)
        if not wanted and not unwanted:
            self._shown = self._items
            return
        if not self._haystack:
            self._haystack = [self._text_of(item).casefold() for item in self._items]
        self._shown = [
            item
            for item, hay in zip(self._items, self._haystack, strict=True)
            if all(term in hay for term in wanted) and not any(term in hay for term in unwanted)
        ]

    @property
    def count(self) -> int:
        return len(self._shown)

    def key(self, index: int) -> str:
        return self._key_of(self._shown[index])

    def nothing(self, width: int) -> Line:
        return self._message

    def heading(self, width: int) -> Line:
        spans: list[Span] = [(" ", "")]
        for column, room in self._layout(width):
            spans.append(((right if column.at_right else fit)(column.title, room) + " ", ""))
        return tuple(spans)

    def line(self, index: int, width: int) -> Line:
        item = self._shown[index]
        spans: list[Span] = [(glyph("cursor") if self.marked(index) else " ", "accent")]
        for column, room in self._layout(width):
            text, ink = column.cell(item)
            spans += [((right if column.at_right else fit)(text, room), ink), (" ", "")]
        return tuple(spans)

    # What can be taken away from it.

    def copies(self) -> Sequence[Copy]:
        item = self.current
        if item is None:
            return ()
        return (
            *(Copy("link", link) for link in self.links()),
            Copy("line", "  ".join(filter(None, self._texts(item)))),
        )

    def links(self) -> Sequence[str]:
        return () if self.current is None else links_in(*self._texts(self.current))

    def whole(self, width: int) -> str:
        rows = [[column.title for column in self._columns], *map(self._texts, self._shown)]
        widths = [max(map(cell_len, cells)) for cells in zip(*rows, strict=True)]
        return "\n".join("  ".join(map(set_cell_size, row, widths)).rstrip() for row in rows)

    def export(self, name: str) -> Export:
        """The rows that the filter lets through, with every column."""
        shown = self._shown
        return Export(name, tuple(column.title for column in self._columns), lambda: map(self._texts, shown))

    def _texts(self, item: T) -> list[str]:
        return [one_line(column.cell(item)[0]) for column in self._columns]

    def _layout(self, width: int) -> list[tuple[Column[T], int]]:
        """The columns that this width shows, each with its room in cells."""
        shown = [column for column in self._columns if width >= column.from_width]
        left = width - 1 - sum(column.width + 1 for column in shown)
        growing = max(1, sum(1 for column in shown if not column.width))
        return [(column, column.width or max(4, left // growing)) for column in shown]


def terms(text: str) -> tuple[list[str], list[str]]:
    """A filter's terms, casefolded: those that must be there, those that must not (`-term`, `!term`)."""
    words = text.casefold().split()
    unwanted = [word[1:] for word in words if word[0] in "-!" and len(word) > 1]
    return [word for word in words if word[0] not in "-!"], unwanted
