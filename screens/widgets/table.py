"""A virtual list with columns that come and go with the width, a filter, an order and marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import Any, Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from textual.message import Message
from textual.timer import Timer

from screens.glyphs import glyph
from screens.pieces import Copy, Export, links_in
from screens.widgets.ink import Line, Span, fit, right
from screens.widgets.query import places, plain, terms
from screens.widgets.sieve import Sieve
from screens.widgets.table_columns import Column, Order, in_order, layout, name
from screens.widgets.virtual_list import VirtualList
from tui.sanitise import one_line
from tui.words import in_every_language

T = TypeVar("T")

AT_ONCE = 0.03
"""Seconds for which a letter of the filter looks before what it found is drawn; the rest follows in slices."""
SLICE, PAUSE = 0.04, 0.01
"""Seconds of such a slice, and those in between, in which keys are heard."""
MEASURED = 60
"""Rows at the top by which the width of the columns is found, and as many of those below."""
COUNTED = 0.25
"""Seconds after which the rows found so far are counted again."""


class Table(VirtualList, Generic[T]):
    """Rows of items in columns; query.py says what a filter may ask for. Marks belong to the keys of rows: they stay
    through filter, sort and refresh."""

    top_lines = 1

    class Counted(Message):
        """The filter has gone on by itself: it lets through more rows, or has come to its end."""

        def __init__(self, source: VirtualList) -> None:
            super().__init__()
            self.source = source

        @property
        def control(self) -> VirtualList:
            return self.source

    def __init__(
        self,
        columns: Sequence[Column[T]],
        key_of: Callable[[T], str],
        text_of: Callable[[T], str],
        *,
        order: Order | None = None,
        markable: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """`text_of` gives all that a filter looks in. Without an `order` the items stand as they come."""
        super().__init__(id=id)
        self._columns = columns
        self._key_of = key_of
        self._text_of = text_of
        self.order = order
        self.markable = markable
        self._fields = {name(title): column.id for column in columns for title in in_every_language(column.title)}
        self._items: Sequence[T] = ()
        self._ordered: Sequence[T] = ()
        self._sieve: Sieve[T] = Sieve(self._text)
        self._sifting: Timer | None = None
        self._preparing = False
        self._counted = 0.0
        self._filter = ""
        self._needs: dict[str, int] = {}
        self._marks: set[str] = set()
        self._known_marks: tuple[list[T], int] | None = None
        self._says: Callable[[int], Sequence[Line]] = lambda _width: ()
        self._said: tuple[Line, ...] = ()

    @property
    def items(self) -> Sequence[T]:
        """All items, whatever the filter, as they were given."""
        return self._items

    @property
    def shown(self) -> Sequence[T]:
        """The items that the filter lets through, all of them, in the order of the list."""
        if not self._sieve.done:
            before = self.count
            self._sieve.go_on()
            self._came(before)
        return self._sieve.through

    @property
    def current(self) -> T | None:
        """The item under the cursor."""
        shown = self._sieve.through
        return shown[self.cursor] if 0 <= self.cursor < len(shown) else None

    @property
    def filter(self) -> str:
        return self._filter

    @property
    def sifting(self) -> bool:
        """Whether the filter has not looked at every row yet: `count` grows."""
        return not self._sieve.done

    def fill(self, items: Sequence[T]) -> None:
        """Show these items; the cursor stays with its row, and that row on its line of the screen."""
        key, index = self.cursor_key, self.cursor
        self._items = items
        self._arrange()
        if self._marks:
            self._marks.intersection_update(map(self._key_of, items))
            self._known_marks = None
        self.rows_changed(key, index, held=bool(key))

    def narrow(self, text: str) -> None:
        """Show only what the filter lets through; the cursor stays with its row where that is shown. On a long list the
        first rows that fit are there at once, the others follow."""
        if text == self._filter:
            return
        current, key, index = self.current, self.cursor_key, self.cursor
        self._filter = text
        self._sieve.ask(terms(text, self._fields))
        self._known_marks = None
        self._sieve.go_on(AT_ONCE)
        if self.sifting and current is not None and self._sieve.lets(current):
            while self.sifting and self._find(key, -1) < 0:
                self._sieve.go_on(AT_ONCE)
        self.rows_changed(key, index if not text else 0)
        self._go_on_sifting()

    def prepare(self) -> None:
        """A filter will be typed: make what it looks in, in slices between which keys are heard."""
        self._preparing = True
        self._go_on_sifting()

    def release(self) -> None:
        """No filter is typed any more: without one, let go of what it would look in."""
        self._preparing = False
        if not self._sieve.asked:
            self._sieve.forget()

    def _go_on_sifting(self) -> None:
        if self._sifting is None and (self.sifting or self._preparing):
            self._sifting, self._counted = self.set_interval(PAUSE, self._sift), perf_counter()

    def _sift(self) -> None:
        """Another slice."""
        before = self.count
        if self.sifting:
            self._sieve.go_on(SLICE)
            self._came(before)
        elif self._preparing and not self._sieve.prepared:
            self._sieve.prepare()
        elif self._sifting is not None:
            self._sifting.stop()
            self._sifting = None

    def _came(self, before: int) -> None:
        """The filter looked at more rows: what it found below the `before` ones comes in sight."""
        self._known_marks = None
        self._tell_height()
        if before:
            for row in range(before, min(self.count, self.scroll_offset.y + self.page)):
                self.redraw_row(row)
        elif self.count or not self.sifting:
            self.refresh()
            self.post_message(self.Moved(self))
        now = perf_counter()
        if not self.sifting or now - self._counted > COUNTED:
            self._counted = now
            self.post_message(self.Counted(self))

    def sort(self, column: str) -> None:
        """Order by that column; the same one again turns the order round. The cursor stays with its row."""
        key, index = self.cursor_key, self.cursor
        if self.order is not None and self.order.column == column:
            self.order = Order(column, not self.order.falling)
        else:
            self.order = Order(column, self._column(column).falling)
        self._arrange()
        self.rows_changed(key, index)

    @property
    def sortable(self) -> list[Column[T]]:
        """The columns that are in sight."""
        return [column for column, _room in self._layout(self.size.width)]

    def tell(self, says: Callable[[int], Sequence[Line]]) -> None:
        """What to say, for a width, while there are no rows."""
        self._says, before = says, self._said
        self._said = tuple(says(self.size.width)) if not self.count else ()
        if self._said != before:
            self.refresh()

    # Marks.

    @property
    def marks(self) -> int:
        """How many rows are marked, those that the filter hides among them."""
        return len(self._marks)

    @property
    def hidden_marks(self) -> int:
        """How many marked rows the filter hides."""
        return self._marked()[1]

    @property
    def marked_items(self) -> list[T]:
        """The marked items, in the order of the list, those that the filter hides among them."""
        return self._marked()[0]

    def _marked(self) -> tuple[list[T], int]:
        """The marked items, and how many of them the filter hides; worked out once for each change."""
        if self._known_marks is None:
            marks, key_of = self._marks, self._key_of
            items = [item for item in self._ordered if key_of(item) in marks] if marks else []
            shown = sum(key in marks for key in map(key_of, self.shown)) if marks and self._filter else len(items)
            self._known_marks = items, len(items) - shown
        return self._known_marks

    def mark(self) -> None:
        """Mark the row under the cursor, or unmark it, and go one down."""
        if key := self.cursor_key:
            self._marks ^= {key}
            self._known_marks = None
            self.redraw_row(self.cursor)
            self.move(1)

    def mark_shown(self) -> None:
        """Mark all that the filter shows."""
        self._marks.update(map(self._key_of, self.shown))
        self._known_marks = None
        self.refresh()

    def mark_those(self, keys: Iterable[str]) -> None:
        """Mark the rows with these keys too."""
        self._marks.update(keys)
        self.refresh()

    def unmark(self) -> None:
        """Mark nothing."""
        self._marks, self._known_marks = set(), None
        self.refresh()

    # What is shown, and in which order.

    def _column(self, name: str) -> Column[T]:
        return next(column for column in self._columns if column.id == name)

    def _arrange(self) -> None:
        self._ordered = self._items if self.order is None else in_order(self._items, *self._by(self.order))
        self._known_marks = None
        self._measure()
        self._sieve.fill(self._ordered)
        self._sieve.go_on()

    def _by(self, order: Order) -> tuple[Callable[[T], Any], bool]:
        column = self._column(order.column)
        return column.sort or (lambda item: plain(column.cell(item)[0]) or None), order.falling

    def _find(self, key: str, index: int) -> int:
        near = range(max(0, index - 50), min(self.count, index + 50))
        if (found := next((place for place in near if self.key(place) == key), None)) is not None:
            return found
        keys = list(map(self._key_of, self._sieve.through))
        return keys.index(key) if key in keys else index

    def _text(self, field: str, item: T) -> str:
        """What a condition on that column looks in."""
        return self._column(field).cell(item)[0] if field else self._text_of(item)

    # What the virtual list asks.

    @property
    def count(self) -> int:
        return len(self._sieve.through)

    def key(self, index: int) -> str:
        return self._key_of(self._sieve.through[index])

    def go(self, index: int) -> None:
        if index >= self.count:
            index = min(index, len(self.shown) - 1)
        super().go(index)

    def nothing(self, width: int) -> Sequence[Line]:
        return () if self.sifting else self._says(width)

    def heading(self, width: int) -> Line:
        spans: list[Span] = [(" " * self._lead, "")]
        for column, room in self._layout(width):
            title = column.shown_title[:1] if width < column.from_width else column.shown_title
            if self.order is not None and self.order.column == column.id:
                sign = glyph("falling" if self.order.falling else "rising")
                title = sign if room == 1 else f"{title if len(title) <= room - 2 else title[: room - 2]} {sign}"
            spans.append(((right if column.at_right else fit)(title, room) + " ", ""))
        return tuple(spans)

    def line(self, index: int, width: int) -> Line:
        item = self._sieve.through[index]
        spans: list[Span] = [(glyph("cursor") if self.marked(index) else " ", "accent")]
        if self.markable:
            spans.append((glyph("mark") if self._key_of(item) in self._marks else " ", "accent"))
        for column, room in self._layout(width):
            text, ink = column.sign(item) if column.sign and width < column.from_width else column.cell(item)
            text = (right if column.at_right else fit)(text, room) + " "  # in one ink: fewer bytes on a slow link
            spans += self._lit(text, ink, column.id)
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
        rows = [[column.shown_title for column in self._columns], *map(self._texts, self.shown)]
        widths = [max(map(cell_len, cells)) for cells in zip(*rows, strict=True)]
        return "\n".join("  ".join(map(set_cell_size, row, widths)).rstrip() for row in rows)

    def export(self, name: str) -> Export:
        """The marked rows, else those that the filter lets through, with every column."""
        return Export(name, tuple(column.shown_title for column in self._columns), self.chosen, self._texts)

    def chosen(self) -> Sequence[T]:
        """The marked items, else those that the filter lets through."""
        return self.marked_items or self.shown

    def _texts(self, item: T) -> list[str]:
        return [one_line(column.cell(item)[0]) for column in self._columns]

    def _lit(self, text: str, ink: str, column: str) -> list[Span]:
        """The text with what the filter looks for in it made plain to see."""
        wanted = [term.text for term in self._sieve.asked if not term.unwanted and term.field in {"", column}]
        spans, done = [], 0
        for start, end in places(text, wanted) if wanted else ():
            spans += [(text[done:start], ink), (text[start:end], "match")]
            done = end
        return [*spans, (text[done:], ink)]

    @property
    def _lead(self) -> int:
        return 2 if self.markable else 1

    def _layout(self, width: int) -> list[tuple[Column[T], int]]:
        """The columns that this width shows, each with its room in cells."""
        return layout(self._columns, width, self._lead, self._needs)

    def _measure(self) -> None:
        """How many cells the columns need: by the first rows, and some of the others. It never gets less, so that the
        columns do not move to and fro as rows come and go."""
        first, others = self._ordered[:MEASURED], self._ordered[MEASURED:]
        some = [*first, *others[:: max(1, len(others) // MEASURED)]]
        for column in self._columns if some else ():
            texts = [column.cell(item)[0] for item in some]
            self._needs[column.id] = max(self._needs.get(column.id, 0), *(cell_len(one_line(text)) for text in texts))
