"""The columns of a list: what each shows and how much room it has; and the order that one of them gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rich.cells import cell_len

from screens.widgets.ink import Span
from screens.widgets.query import plain
from tui.words import _

T = TypeVar("T")

PLENTY = 40
"""Cells that columns of no width of their own take before the others grow."""
APART = 2
"""Cells that are added at most to the blank between two columns."""


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """`cell` gives text and ink of an item; `width` in cells at least, 0 for what is left; shown from
    `from_width` cells on.

    Where there is a `sign`, it stands in one cell below that width. `title` is marked for translation, and translated
    here. `sort` gives what the column is ordered by, None for an
    item that comes last in either direction; without it, the text of the cell. `falling`: the greatest first, when
    it is ordered by this column for the first time. It is shown only `when` that says so."""

    title: str
    cell: Callable[[T], Span]
    width: int
    from_width: int = 0
    at_right: bool = False
    sort: Callable[[T], Any] | None = None
    falling: bool = False
    sign: Callable[[T], Span] | None = None
    when: Callable[[], bool] = lambda: True

    @property
    def id(self) -> str:
        """What a filter may call it in every language: its English title without blanks."""
        return name(self.title)

    @property
    def shown_title(self) -> str:
        return _(self.title)

    @property
    def room(self) -> int:
        """Its width, or as much as its title needs in the language in use."""
        return max(self.width, cell_len(self.shown_title)) if self.width else 0


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, and whether the greatest comes first."""

    column: str
    falling: bool = False


def layout(
    columns: Sequence[Column[T]], width: int, lead: int, needs: Mapping[str, int]
) -> list[tuple[Column[T], int]]:
    """The columns that this width shows, each with its room in cells: `lead` cells stand before them, a blank behind
    each. `needs` says by a column's id how many cells its texts take, as far as it is known. Columns of no width of
    their own share what the others leave; once they have plenty, the others grow as far as their texts need; a column
    that needs less leaves its room to the rest. What nobody needs sets the columns apart."""
    shown = [
        (column, column.room if width >= column.from_width else 1)
        for column in columns
        if (width >= column.from_width or column.sign) and column.when()
    ]
    rooms = [room for _column, room in shown]
    left = width - lead - sum(rooms) - len(rooms)
    rest = [0 if room else max(needs.get(column.id, width), cell_len(column.shown_title) + 2) for column, room in shown]
    own = [needs.get(column.id, 0) if room > 1 else 0 for column, room in shown]
    for wanted in ([min(need, PLENTY) for need in rest], own, rest):
        left = _share(rooms, wanted, left)
    apart = max(0, min(APART, left // max(1, len(rooms))))
    return [
        (column, room if room == 1 else max(room, 4) + apart) for (column, _), room in zip(shown, rooms, strict=True)
    ]


def _share(rooms: list[int], wanted: Sequence[int], left: int) -> int:
    """Let `rooms` grow to what is `wanted`, out of `left` cells, of which those that want least are served first; how
    many cells are left over."""
    short = sorted(
        (want - room, place) for place, (room, want) in enumerate(zip(rooms, wanted, strict=True)) if want > room
    )
    for served, (lack, place) in enumerate(short):
        grown = max(0, min(lack, left // (len(short) - served)))
        rooms[place] += grown
        left -= grown
    return left


def in_order(items: Sequence[T], by: Callable[[T], Any], falling: bool) -> list[T]:
    """The items ordered by that, equal ones as they came; those that have none of it last in either direction."""
    values = [by(item) for item in items]
    places_with = [place for place, value in enumerate(values) if value is not None]
    places_with.sort(key=values.__getitem__, reverse=falling)
    ordered = [items[place] for place in places_with]
    if len(ordered) < len(items):
        ordered += [item for item, value in zip(items, values, strict=True) if value is None]
    return ordered


def name(title: str) -> str:
    """What a filter calls a column of that title."""
    return plain(title).replace(" ", "")
