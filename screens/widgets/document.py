"""A virtual list that reads as a page: lines wrapped to the width, some with more behind Enter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile, zip_longest

from textual.strip import Strip

from screens.glyphs import glyph
from screens.pieces import Copy, links_in
from screens.widgets.columns import GAP, Places, column
from screens.widgets.ink import Line, width_of, wrap
from screens.widgets.virtual_list import ALL_CELLS, Cells, VirtualList

MARGIN = 1

_Drawn = tuple[Line, bool, bool, int]
"""All that a row's looks depend on: its line, whether it can be opened, whether it is, its place in its block."""
_NO_ROW: _Drawn = ((), False, False, 0)


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the page. Once it is opened, the lines of `detail` and then the blocks `inside` show below it; `open`
    says whether it is before anybody has opened or closed it. Further pieces hang by `hang` cells.

    `copies` are the pieces that can be copied besides the line itself, `links` those that it does not show."""

    key: str
    line: Line
    hang: int = 0
    detail: tuple[Line, ...] = ()
    detail_hang: int = 0
    copies: tuple[Copy, ...] = ()
    links: tuple[str, ...] = ()
    inside: tuple[Block, ...] = ()
    open: bool = False

    @property
    def opens(self) -> bool:
        """Whether there is more to say than the line."""
        return bool(self.detail or self.inside)


def blank(key: str) -> Block:
    """An empty line."""
    return Block(key, ())


def heading(key: str, title: str) -> tuple[Block, Block]:
    """An empty line and a title."""
    return blank(f"{key}.space"), Block(key, ((title, "head"),))


def apart(sections: Iterable[Sequence[Block]]) -> list[Block]:
    """The blocks of all sections, with one empty line between two of them, and none where a section has nothing."""
    blocks: list[Block] = []
    for section in sections:
        told = list(section)
        while told and not told[0].line:
            told.pop(0)
        if told:
            blocks += [blank(f"{told[0].key}.before"), *told] if blocks else told
    return blocks


_Row = tuple[Block, int, Line]
"""A block, the number of the line in it, that line."""
Flows = tuple[Sequence[Block], Sequence[Block], Sequence[Block]]
"""A page in the order of reading: its head, and what stands in two columns below that where it is wide enough."""


class Document(VirtualList):
    """A page of blocks. Enter opens and closes the one under the cursor, if it has more to say."""

    def __init__(self, *, id: str | None = None, cursor_shown: bool = True) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._flows: Flows = ((), (), ())
        self._chosen: dict[str, bool] = {}
        """Which blocks somebody opened or closed."""
        self._rows: list[_Row] = []
        self._places = Places()
        self._drawn: tuple[list[_Drawn], list[_Drawn]] = ([], [])
        self.cursor_shown = cursor_shown
        self._wrapped_at = 0

    def go(self, index: int) -> None:
        """Where one jumps to an empty line, to the next one that says something."""
        step = 1 if index > self.cursor else -1
        while abs(index - self.cursor) > 1 and 0 < index < self.count - 1 and not self._rows[index][2]:
            index += step
        super().go(index)

    def show(self, blocks: Sequence[Block], *, from_top: bool = False) -> None:
        """Show these blocks; the cursor stays with its line unless `from_top`."""
        self.show_flows((blocks, (), ()), from_top=from_top)

    def show_flows(self, flows: Flows, *, from_top: bool = False) -> None:
        """The same, in two columns below a head where there is room for them."""
        if flows == self._flows:
            return
        self._flows = flows
        if from_top:
            self._lay("", 0)
            self.scroll_to(y=0, animate=False)
        else:
            self._lay_again()

    def toggle(self) -> bool:
        """Open or close the block under the cursor; False if it has no more to say."""
        if not self._rows:
            return False
        block = self._rows[self.cursor][0]
        if not block.opens:
            return False
        self._chosen[block.key] = not self._open(block)
        self._lay(f"{block.key}#0", self.cursor)
        shown = {id(one) for one in self._flat((block,))}
        rows = sum(id(one) in shown for one, _number, _line in self._rows[self.cursor : self.cursor + self.page])
        line = self.line_of(self.cursor)
        if line + rows > self.scroll_offset.y + self.page:  # what was opened comes in sight, as far as it fits
            self._show_from(min(line, line + rows - self.page))
        return True

    def cross(self) -> None:
        """Go to the other column, as near as can be."""
        self.go(self._places.across(self.cursor))

    @property
    def in_columns(self) -> bool:
        """Whether there is another column."""
        return self._places.offset > 0

    @property
    def can_open(self) -> bool:
        """Whether the line under the cursor has more to say."""
        return bool(self._rows and self._rows[self.cursor][0].opens)

    @property
    def current_key(self) -> str:
        """The key of the block under the cursor."""
        return self._rows[self.cursor][0].key if self._rows else ""

    @property
    def current(self) -> Block | None:
        """The block under the cursor."""
        return self._rows[self.cursor][0] if self.cursor_shown and self._rows else None

    def copies(self) -> Sequence[Copy]:
        block = self.current
        if block is None:
            return ()
        line = _text(block.line).strip()
        record = "\n".join(_text(one).strip() for one in _lines(block))
        links = [Copy("link", link) for link in self.links()]
        return (*block.copies, *links, Copy("line", line), *([Copy("record", record)] if block.opens else []))

    def links(self) -> Sequence[str]:
        block = self.current
        if block is None:
            return ()
        shown = links_in(*(_text(line) for line in _lines(block)))
        return tuple(dict.fromkeys((*block.links, *shown)))

    def whole(self, width: int) -> str:
        lines: list[Line] = []
        for block in _all(chain(*self._flows)):
            lines += wrap(block.line, width, hang=block.hang)
            for detail in block.detail:
                lines += wrap(detail, width, hang=block.detail_hang)
        return "\n".join(_text(line).rstrip() for line in lines)

    @property
    def text(self) -> str:
        """The whole page, without colours."""
        return "\n".join(_text(line) for _block, _number, line in self._rows)

    @property
    def measure(self) -> int:
        """How many cells a line of the page has, and one of its head; before it is laid out, as on a whole screen."""
        return max(20, (self.size.width or self.app.size.width) - 2 - 2 * MARGIN)

    def _lay(self, key: str, index: int) -> None:
        width = self._wrapped_at = self.measure
        narrow = column(width) if any(self._flows[1:]) else width
        head, left, right = map(self._wrapped, self._flows, (width, narrow, narrow))
        was, before = self.line_of(self.cursor), self._places
        self._rows = [*head, *left, *right]
        places = (len(head), len(head) + len(left), narrow + GAP) if narrow < width else (len(self._rows),) * 2
        self._places = Places(len(self._rows), *places)
        changed = self._changed()
        alike = before.count > 0 and before.offset == self._places.offset
        self.rows_changed(key, index, changed if alike else None, was)

    def _lay_again(self) -> None:
        """The cursor stays with its line; at the end of the page there, however many lines that block has now."""
        end = self._rows[-1][0].key if 0 < self.count == self.cursor + 1 else ""
        self._lay(self.cursor_key, self.cursor)
        if end and self._rows and self._rows[-1][0].key == end:
            self.go(self.count)

    def _open(self, block: Block) -> bool:
        """Whether what is behind that line is shown."""
        return block.opens and self._chosen.get(block.key, block.open)

    def _flat(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The blocks that are shown, those inside an open one after it."""
        for block in blocks:
            yield block
            if self._open(block):
                yield from self._flat(block.inside)

    def _wrapped(self, blocks: Iterable[Block], width: int) -> list[_Row]:
        rows: list[_Row] = []
        for block in self._flat(blocks):
            pieces = wrap(block.line, width, hang=block.hang)
            if self._open(block):
                for line in block.detail:
                    pieces += wrap(line, width, hang=block.detail_hang)
            rows += [(block, number, piece) for number, piece in enumerate(pieces)]
        return rows

    def _changed(self) -> dict[int, Cells]:
        """The lines that read differently now, and in which cells."""
        drawn = [(line, block.opens, self._open(block), number) for block, number, line in self._rows]
        places, before = self._places, self._drawn
        self._drawn = (drawn[: places.right], [_NO_ROW] * places.left + drawn[places.right :])
        changed: dict[int, Cells] = {}
        for offset, rows, then in zip((0, places.offset), self._drawn, before, strict=True):
            for line, (new, old) in enumerate(zip_longest(rows, then, fillvalue=_NO_ROW)):
                if new != old:
                    start, end = _cells(new, old)
                    first, last = changed.get(line, (offset + start, 0))
                    changed[line] = min(first, offset + start), max(last, offset + end)
        return changed

    @property
    def count(self) -> int:
        return len(self._rows)

    def key(self, index: int) -> str:
        block, number, _line = self._rows[index]
        return f"{block.key}#{number}"

    def barred(self, index: int) -> bool:
        """A line that has no more to say keeps the cursor's sign alone: the bar promises that Enter opens it."""
        return self.marked(index) and self._rows[index][0].opens

    def line(self, index: int, width: int) -> Line:
        block, number, line = self._rows[index]
        if self.marked(index):
            return ((glyph("cursor"), "accent"), *line)
        if number or not block.opens:
            return ((" ", ""), *line)
        return ((glyph("open" if self._open(block) else "closed"), "dim"), *line)

    # Where rows stand.

    @property
    def lines(self) -> int:
        return self._places.lines

    def line_of(self, index: int) -> int:
        return self._places.line(index)

    def cells_of(self, index: int) -> Cells:
        return self._places.cells(index)

    def row_at(self, line: int, x: int) -> int:
        left, right = self._places.rows(line)
        near = (right, left) if self.in_columns and x >= self._places.offset else (left, right)
        return next((row for row in near if row is not None), self.count)

    def drawn(self, line: int, width: int) -> Strip:
        offset = self._places.offset
        if line < self._places.left:
            return self.row_drawn(line, width)
        left, right = self._places.rows(line)
        return Strip.join([self._part(left, offset - 1), self.strip((), 1), self._part(right, width - offset)])

    def _part(self, row: int | None, width: int) -> Strip:
        return self.strip((), width) if row is None else self.row_drawn(row, width)

    def on_resize(self) -> None:
        if self.measure != self._wrapped_at:
            self._lay_again()


def _cells(now: _Drawn, then: _Drawn) -> Cells:
    """The cells in which a row reads differently; its line stands behind the one cell of its sign."""
    if now[1:] != then[1:]:
        return ALL_CELLS
    same = [span for span, _before in takewhile(lambda both: both[0] == both[1], zip(now[0], then[0], strict=False))]
    return 1 + width_of(same), 1 + max(width_of(now[0]), width_of(then[0]))


def _all(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, and all that are inside them, open or not."""
    for block in blocks:
        yield block
        yield from _all(block.inside)


def _lines(block: Block) -> list[Line]:
    """The line and all that is behind it."""
    return [line for one in _all((block,)) for line in (one.line, *one.detail)]


def _text(line: Line) -> str:
    return "".join(text for text, _ink in line)
