"""Pick: several users fit what was typed; which one is meant?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.widget import Widget

from screens.actions import bindings
from screens.base import path
from screens.listing import ListScreen
from screens.pieces import Copy, Export, of_user
from screens.widgets.ink import Line
from screens.widgets.table import Table
from screens.widgets.table_columns import Column
from tui.model import User
from tui.words import N_, _


class PickScreen(ListScreen):
    name_ = "pick"
    BINDINGS = bindings("pick")

    def __init__(self, text: str, users: tuple[User, ...]) -> None:
        super().__init__()
        self._asked = text
        self._users = users

    def body(self) -> Iterator[Widget]:
        columns: list[Column[User]] = [
            Column(N_("Name"), lambda user: (user.name, ""), 24),
            Column(N_("Address"), lambda user: (user.email, ""), 0),
            Column(N_("State"), _state, 9),
            Column(N_("Id"), lambda user: (user.id, "dim"), 18, from_width=140),
            Column(N_("Username"), lambda user: (user.username, "dim"), 0, from_width=100),
        ]
        yield Table(columns, lambda user: user.id, lambda user: f"{user.name} {user.email} {user.username} {user.id}")

    def crumb(self) -> Line:
        return (
            *path(_("Which user?")),
            (_("  {n} match “{text}”").format(n=len(self._users), text=self._asked), "dim"),
        )

    def draw(self) -> None:
        super().draw()
        if self.table.items is not self._users:
            self.table.fill(self._users)

    def copies(self) -> Sequence[Copy]:
        user = self.table.current
        return () if user is None else (*of_user(user), *self.table.copies())

    def exportable(self) -> Export:
        return self.table.export("users")

    def do_open(self) -> None:
        user = self.table.current
        if user is not None:
            self.host.leave_screen()
            self.host.open_user(user.id, user.name)


def _state(user: User) -> tuple[str, str]:
    if not user.active:
        return _("inactive"), "bad"
    return (_("frozen"), "bad") if user.frozen else (_("active"), "")
