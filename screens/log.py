"""Calls: every call made to the services, the newest last. Method, path, status and time; nothing secret is kept."""

from __future__ import annotations

from collections.abc import Iterator

from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.pieces import Export
from screens.widgets.ink import Line
from screens.widgets.table import Column, Table
from screens.words import number
from tui.model import Call
from tui.words import _


def _status(call: Call) -> tuple[str, str]:
    if call.status is None:
        return _("none"), "bad"
    return str(call.status), "bad" if call.status >= 400 else "ok"


def _key(call: Call) -> str:
    return f"{call.at.timestamp()} {call.path} {call.ms}"


def _text(call: Call) -> str:
    return f"{call.service} {call.method} {call.status} {call.path} {call.note}"


class LogScreen(ConsoleScreen):
    name_ = "log"
    BINDINGS = bindings("log")

    def body(self) -> Iterator[Widget]:
        columns: list[Column[Call]] = [
            Column(_("Time"), lambda call: (call.at.astimezone().strftime("%H:%M:%S"), "dim"), 8),
            Column(_("Service"), lambda call: (call.service, ""), 10),
            Column(_("Method"), lambda call: (call.method, ""), 6),
            Column(_("Status"), _status, 6),
            Column(_("ms"), lambda call: (number(call.ms), ""), 6, at_right=True),
            Column(_("Path"), lambda call: (call.path, ""), 0),
            Column(_("Note"), lambda call: (call.note, "dim"), 30, from_width=110),
        ]
        yield Table(columns, _key, _text)

    @property
    def table(self) -> Table[Call]:
        return self.query_one(Table)

    def crumb(self) -> Line:
        return (*path(_("Calls")), (_("  the newest {n}").format(n=len(self.store.calls)), "dim"))

    def draw(self) -> None:
        self.table.tell(((_("  No call has been made yet."), "dim"),))
        if self.table.items is not self.store.calls:
            at_end = self.table.cursor >= self.table.count - 1
            self.table.fill(self.store.calls)
            if at_end:
                self.table.go(self.table.count - 1)

    def exportable(self) -> Export:
        return self.table.export("calls")

    def hear(self, event: room.Event) -> None:
        if isinstance(event, room.Called):
            self.refresh_all()

    def do_filter(self) -> None:
        narrow = self.table.narrow
        self.prompt.ask("/", narrow, value=self.table.filter, typed=narrow, left=lambda: narrow(""))
