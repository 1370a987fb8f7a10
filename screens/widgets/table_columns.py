"""The columns of a list: what each shows and how much room it has; and the order that one of them gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rich.cells import cell_len

from screens.widgets.ink import Span
from screens.widgets.query import plain
from tui.words import _

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """`cell` gives text and ink of an item; `width` in cells, 0 for what is left; shown from `from_width` cells on.

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


def layout(columns: Sequence[Column[T]], width: int, lead: int) -> list[tuple[Column[T], int]]:
    """The columns that this width shows, each with its room in cells: `lead` cells stand before them, a blank behind
    each."""
    shown = [
        (column, column.room if width >= column.from_width else 1)
        for column in columns
        if (width >= column.from_width or column.sign) and column.when()
    ]
    left = width - lead - sum(room + 1 for _column, room in shown)
    growing = max(1, sum(1 for _column, room in shown if not room))
    return [(column, room or max(4, left // growing)) for column, room in shown]


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
