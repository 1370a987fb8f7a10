"""Two columns of rows below rows of the whole width: where each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from sys import maxsize

LEAST = 54
"""Cells of text that a column takes at least; a narrower page has one column."""
GAP = 3
"""Cells between the texts of two columns: two blanks, and the sign of the right one."""


def column(width: int) -> int:
    """Cells of text in a column, on a page that has `width` of them: all of them where there is one column only."""
    half = (width - GAP) // 2
    return half if half >= LEAST else width


@dataclass(frozen=True, slots=True)
class Places:
    """Rows are numbered in the order of reading: those of the whole width, from row `left` on the left column, from row
    `right` on the right one, whose signs stand in cell `offset`."""

    count: int = 0
    left: int = 0
    right: int = 0
    offset: int = 0

    @property
    def lines(self) -> int:
        """How many lines they take."""
        return max(self.right, self.left + self.count - self.right)

    def line(self, row: int) -> int:
        """On which line that row stands."""
        return row if row < self.right else self.left + row - self.right

    def cells(self, row: int) -> tuple[int, int]:
        """In which cells of its line that row stands, the last one not included."""
        if row < self.left:
            return 0, maxsize
        return (self.offset, maxsize) if row >= self.right else (0, self.offset)

    def rows(self, line: int) -> tuple[int | None, int | None]:
        """The row of that line, and the one beside it in the right column."""
        beside = self.right + line - self.left
        return line if line < self.right else None, beside if line >= self.left and beside < self.count else None

    def across(self, row: int) -> int:
        """The row in the other column that stands nearest; the same one where that column is empty."""
        if self.right in {self.left, self.count}:
            return row
        line = max(self.left, self.line(row))
        return min(self.right + line - self.left, self.count - 1) if row < self.right else min(line, self.right - 1)
