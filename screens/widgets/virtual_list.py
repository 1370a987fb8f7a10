"""The one widget behind every list of the console: only the lines in sight are ever made.

Moving the cursor redraws two lines; at an edge the view jumps half a page, so that holding a key down costs one
repaint per half page (reference/tui-practice.md, 3 and 4.1). The cursor belongs to a row's key, not to its number:
it stays with its row through refresh and filter.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip

from screens.pieces import Copy
from screens.widgets.ink import Inked, Line

Cells = tuple[int, int]
"""From which cell of a row to which, the latter not included."""
ALL_CELLS: Cells = (0, sys.maxsize)


class WholeCells(ScrollBarRender):
    """A scroll bar of whole cells: quieter than fractions of them, and no signs that a terminal may lack."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


class VirtualList(ScrollView, Inked, can_focus=False):
    """A list of `count` one-line rows; subclasses say what a row draws and which key it has.

    `top_lines` lines above the rows (a heading) stay in place."""

    DEFAULT_CSS = """
    VirtualList { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; height: 1fr; }
    """

    top_lines = 0
    cursor_shown = True

    class Moved(Message):
        """The cursor stands on another row now."""

        def __init__(self, source: VirtualList) -> None:
            super().__init__()
            self.source = source

        @property
        def control(self) -> VirtualList:
            return self.source

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.cursor = 0

    # What subclasses say.

    @property
    def count(self) -> int:
        raise NotImplementedError

    def key(self, index: int) -> str:
        """What identifies that row through refresh and filter."""
        raise NotImplementedError

    def line(self, index: int, width: int) -> Line:
        """What that row draws."""
        raise NotImplementedError

    def heading(self, width: int) -> Line:
        """What stands above the rows, when `top_lines` is 1."""
        return ()

    def nothing(self, width: int) -> Sequence[Line]:
        """What to say where there are no rows, line by line."""
        return ()

    def marked(self, index: int) -> bool:
        """Whether that row is drawn as the one under the cursor."""
        return self.cursor_shown and index == self.cursor

    def barred(self, index: int) -> bool:
        """Whether a bar lies under that row: the one under the cursor."""
        return self.marked(index)

    # Where rows stand: each on a line of its own, unless a subclass has columns of them.

    @property
    def lines(self) -> int:
        """On how many lines the rows stand."""
        return self.count

    def line_of(self, index: int) -> int:
        """On which of the lines that row stands."""
        return index

    def cells_of(self, index: int) -> Cells:
        """In which cells of its line that row stands."""
        return ALL_CELLS

    def row_at(self, line: int, x: int) -> int:
        """Which row stands there, or where none does, one near it."""
        return line

    def drawn(self, line: int, width: int) -> Strip:
        """That line."""
        return self.row_drawn(line, width)

    def row_drawn(self, index: int, width: int) -> Strip:
        """That row, in `width` cells."""
        return self.strip(self.line(index, width), width, "cursor" if self.barred(index) else "")

    # What can be taken away from it.

    def copies(self) -> Sequence[Copy]:
        """The pieces of the row under the cursor."""
        return ()

    def links(self) -> Sequence[str]:
        """The links in that row."""
        return ()

    def whole(self, width: int) -> str:
        """All of it, as plain text for the pager; pages are wrapped at `width`, lists are as wide as they are."""
        return ""

    # The cursor.

    @property
    def cursor_key(self) -> str:
        """The key of the row under the cursor, empty where there is none."""
        return self.key(self.cursor) if 0 <= self.cursor < self.count else ""

    @property
    def page(self) -> int:
        """How many rows are in sight."""
        return max(1, self.size.height - self.top_lines)

    def move(self, rows: int) -> None:
        """Move the cursor by that many rows, as far as there are rows."""
        self.go(self.cursor + rows)

    def go(self, index: int) -> None:
        """Put the cursor on that row, the nearest one where there is none such."""
        index = max(0, min(index, self.count - 1))
        if index == self.cursor:
            self._reveal()
            return
        before, self.cursor = self.cursor, index
        self._reveal()
        self.redraw_row(before)
        self.redraw_row(index)
        self.post_message(self.Moved(self))

    def turn(self, pages: int) -> None:
        """Turn so many pages: the view and the cursor move together."""
        top = self.scroll_offset.y
        self._show_from(max(0, min(top + pages * self.page, self.lines - self.page)))
        self.go(self.cursor + pages * self.page)

    def rows_changed(
        self, key: str, index: int, changed: Mapping[int, Cells] | None = None, was: int = 0, *, held: bool = False
    ) -> None:
        """To be called after the rows changed: `key` is where the cursor stood, `index` its number then. `changed` are
        the lines that read differently now, and in which cells, None where all may do so; `was` is the line that the
        cursor stood on. `held`: the row under the cursor stays on its line of the screen."""
        on_line = self.cursor - self.scroll_offset.y
        self._tell_height()
        found = self._find(key, index) if key else index
        self.cursor = max(0, min(found, self.count - 1))
        if held:
            self._show_from(max(0, min(self.cursor - on_line, self.lines - self.page)))
        self._reveal()
        if changed is None:
            self.refresh()
        else:
            moved = {was, now} if (now := self.line_of(self.cursor)) != was else ()
            for line, cells in {**changed, **dict.fromkeys(moved, ALL_CELLS)}.items():
                self._redraw(line, cells)
        self.post_message(self.Moved(self))

    def _tell_height(self) -> None:
        """Tell Textual how many lines there are. Where the scroll bar neither comes nor goes it need not lay the screen
        out anew, which would draw every line again."""
        lines = Size(self.size.width, self.lines + self.top_lines)
        barred = lines.height > self.size.height
        if barred != self.show_vertical_scrollbar:
            self.virtual_size = lines
            return
        self.set_reactive(VirtualList.virtual_size, lines)
        if barred:
            self.vertical_scrollbar.window_virtual_size = lines.height
            self.vertical_scrollbar.window_size = self.size.height
        self.scroll_y = self.scroll_y  # within the new bounds

    def _find(self, key: str, index: int) -> int:
        """Where `key` is now: near where it was first, then anywhere; its old place where it has gone."""
        near = range(max(0, index - 50), min(self.count, index + 50))
        for candidates in (near, range(self.count)):
            for candidate in candidates:
                if self.key(candidate) == key:
                    return candidate
        return index

    def _reveal(self) -> None:
        """Scroll so that the cursor is in sight, by half a page at an edge."""
        top, page, line = self.scroll_offset.y, self.page, self.line_of(self.cursor)
        if not top <= line < top + page:
            self._show_from(max(0, line - page // 2))

    def _show_from(self, line: int) -> None:
        """Let that line be the first in sight, also where the scroll bar is only about to come."""
        self.scroll_to(y=line, animate=False, force=True)

    def redraw_row(self, index: int) -> None:
        """Draw that row anew, where it is in sight."""
        self._redraw(self.line_of(index), self.cells_of(index))

    def _redraw(self, line: int, cells: Cells) -> None:
        """Draw these cells of that line anew, where it is in sight."""
        y = line - self.scroll_offset.y + self.top_lines
        if 0 <= y < self.size.height:
            start, end = cells[0], min(cells[1], self.size.width)
            self.refresh(Region(start, y, max(0, end - start), 1))

    # Drawing.

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y < self.top_lines:
            return self.strip(self.heading(width), width, "head")
        line = y - self.top_lines + self.scroll_offset.y
        if line >= self.lines:
            said = self.nothing(width)[y - self.top_lines - 1 :][:1] if not self.count and y > self.top_lines else ()
            return self.strip(said[0] if said else (), width)
        return self.drawn(line, width)

    def on_mount(self) -> None:
        super().on_mount()  # type: ignore[no-untyped-call]  # Textual's is not annotated
        # Textual declares it for the class; the documentation sets it for one bar, as here.
        setattr(self.vertical_scrollbar, "renderer", WholeCells)  # noqa: B010

    def on_resize(self) -> None:
        self._tell_height()
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        if event.y >= self.top_lines:
            self.go(self.row_at(event.y - self.top_lines + self.scroll_offset.y, event.x))
