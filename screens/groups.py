"""Groups: the errors counted by user, by type, by cause; Enter shows those of one group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.widget import Widget

from screens.actions import bindings
from screens.base import path
from screens.error_lines import Told, type_of, who
from screens.listing import ListScreen
from screens.pieces import Export
from screens.widgets.ink import Line
from screens.widgets.query import quoted
from screens.widgets.table import Table
from screens.widgets.table_columns import Column, Order
from screens.words import number, stamp
from tui.model import ErrorRow
from tui.triage import reading
from tui.words import N_, _


@dataclass(frozen=True, slots=True)
class Group:
    """`query` is the filter that shows its errors alone."""

    key: str
    title: str
    query: str
    errors: int
    open: int
    users: int
    newest: datetime | None


Namer = Callable[[ErrorRow], tuple[str, str, str]]
"""Key, title and filter of the group of a row."""


def grouped(rows: Sequence[ErrorRow], name: Namer, is_open: Callable[[ErrorRow], bool]) -> tuple[Group, ...]:
    """The groups of these rows, the largest first."""
    titles: dict[str, tuple[str, str]] = {}
    counts: Counter[str] = Counter()
    still: Counter[str] = Counter()
    users: dict[str, set[str]] = {}
    newest: dict[str, datetime] = {}
    for row in rows:
        key, title, query = name(row)
        titles.setdefault(key, (title, query))
        counts[key] += 1
        still[key] += is_open(row)
        users.setdefault(key, set()).add(who(row))
        if row.at is not None and (key not in newest or row.at > newest[key]):
            newest[key] = row.at
    return tuple(
        Group(key, *titles[key], count, still[key], len(users[key]), newest.get(key))
        for key, count in counts.most_common()
    )


class GroupsScreen(ListScreen):
    """`rows` as the list of errors shows them; `narrow` is told the filter that was chosen."""

    name_ = "groups"
    BINDINGS = bindings("groups")

    def __init__(self, rows: Sequence[ErrorRow], told: Told, narrow: Callable[[str], None]) -> None:
        super().__init__()
        self._rows, self._told, self._narrow = rows, told, narrow
        self._same_name = _several(rows)
        self._kinds: tuple[tuple[str, Namer], ...] = (
            (N_("by user"), self._by_user),
            (N_("by type"), _by_type),
            (N_("by cause"), self._by_cause),
        )
        self._kind = 0
        self._groups: tuple[Group, ...] = ()

    def body(self) -> Iterator[Widget]:
        columns: list[Column[Group]] = [
            Column(N_("Errors"), lambda g: (number(g.errors), ""), 9, at_right=True, sort=_errors, falling=True),
            Column(N_("Open"), lambda g: (number(g.open), _lit(g.open)), 9, at_right=True, sort=_open, falling=True),
            Column(
                N_("Users"),
                lambda g: (number(g.users), "dim"),
                9,
                from_width=100,
                at_right=True,
                sort=_users,
                falling=True,
                when=self._of_many,
            ),
            Column(N_("Newest"), lambda group: (stamp(group.newest), "dim"), 16, sort=_newest, falling=True),
            Column(N_("Group"), lambda group: (group.title, ""), 0),
        ]
        yield Table(columns, lambda group: group.key, lambda group: group.title, order=Order("errors", falling=True))

    def _of_many(self) -> bool:
        """Whether a group has more than one user."""
        return self._kind > 0

    def crumb(self) -> Line:
        return (*path(_("Errors"), _(self._kinds[self._kind][0])), *self.counted())

    def draw(self) -> None:
        super().draw()
        if not self._groups:
            self._groups = grouped(self._rows, self._kinds[self._kind][1], self._told.is_open)
            self.table.fill(self._groups)

    def exportable(self) -> Export:
        return self.table.export("error-groups")

    def do_open(self) -> None:
        group: Group | None = self.table.current
        if group is not None:
            self.host.leave_screen()
            self._narrow(group.query)

    def do_group(self) -> None:
        """The next way of grouping; after the last one, back to the errors."""
        if self._kind + 1 == len(self._kinds):
            self.host.leave_screen()
            return
        self._kind, self._groups = self._kind + 1, ()
        self.table.narrow("")
        self.refresh_all()

    def _by_user(self, row: ErrorRow) -> tuple[str, str, str]:
        name = row.user_name or "?"
        if row.user_id and name in self._same_name:
            return row.user_id, f"{name} ({row.user_id})", f"userid:={quoted(row.user_id)}"
        return who(row), name, f"user:={quoted(name)}"

    def _by_cause(self, row: ErrorRow) -> tuple[str, str, str]:
        name = reading.cause_of(row, self._told.past(row))
        title = reading.title(name) if name else ""
        return name, title or _("not known from the text"), f"cause:={quoted(title)}"


def _by_type(row: ErrorRow) -> tuple[str, str, str]:
    title = type_of(row)
    return title, title, f"type:={quoted(title)}"


def _several(rows: Sequence[ErrorRow]) -> frozenset[str]:
    """The names that several users have."""
    users = {(row.user_name, row.user_id) for row in rows}
    return frozenset(name for name, count in Counter(name for name, _id in users).items() if count > 1)


def _lit(count: int) -> str:
    return "warn" if count else "dim"


def _errors(group: Group) -> int:
    return group.errors


def _open(group: Group) -> int:
    return group.open


def _users(group: Group) -> int:
    return group.users


def _newest(group: Group) -> datetime | None:
    return group.newest
