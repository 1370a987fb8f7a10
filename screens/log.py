"""Calls: every call made to the services, the newest last. Method, path, status and time; nothing secret is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import path
from screens.listing import ListScreen
from screens.nothing import none
from screens.pieces import Export
from screens.widgets.ink import Line
from screens.widgets.sheet import Part
from screens.widgets.table import Table
from screens.widgets.table_columns import Column
from screens.words import number
from tui.model import Call
from tui.words import N_, _


def _status(call: Call) -> tuple[str, str]:
    if call.status is None:
        return _("none"), "bad"
    return str(call.status), "bad" if call.status >= 400 else "ok"


def _service(call: Call) -> str:
    return call.service.capitalize()


def _time(call: Call) -> tuple[str, str]:
    return call.at.astimezone().strftime("%H:%M:%S"), "dim"


def _ms(call: Call) -> int:
    return call.ms


def _key(call: Call) -> str:
    return f"{call.at.timestamp()} {call.path} {call.ms}"


def _text(call: Call) -> str:
    return f"{call.service} {call.method} {call.status} {call.path} {call.note}"


class LogScreen(ListScreen):
    name_ = "log"
    BINDINGS = bindings("log")

    def __init__(self) -> None:
        super().__init__()
        self._noted = False

    def body(self) -> Iterator[Widget]:
        columns: list[Column[Call]] = [
            Column(N_("Time"), _time, 8, sort=lambda call: call.at, falling=True),
            Column(N_("Service"), lambda call: (_service(call), ""), 10),
            Column(N_("Method"), lambda call: (call.method, ""), 6),
            Column(N_("Status"), _status, 6, sort=lambda call: call.status or 0),
            Column(N_("ms"), lambda call: (number(call.ms), ""), 6, at_right=True, sort=_ms, falling=True),
            Column(N_("Path"), lambda call: (call.path, ""), 0),
            Column(N_("Note"), lambda call: (call.note, "dim"), 30, from_width=110, when=lambda: self._noted),
        ]
        yield Table(columns, _key, _text)

    def crumb(self) -> Line:
        return (*path(_("The newest calls")), *self.counted())

    def why_empty(self) -> Sequence[Line]:
        return none(_("No call has been made yet.")).lines(self.size.width)

    def draw(self) -> None:
        super().draw()
        if self.table.items is not self.store.calls:
            at_end = self.table.cursor >= self.table.count - 1
            self._noted = any(call.note for call in self.store.calls)
            self.table.fill(self.store.calls)
            if at_end:
                self.table.go(self.table.count - 1)

    def exportable(self) -> Export:
        return self.table.export("calls")

    def do_open(self) -> None:
        """The whole of a call, with its path to be selected."""
        call: Call | None = self.table.current
        if call is None:
            return
        what: Line = (_time(call), (f"  {_service(call)}  {call.method}  ", ""), _status(call))
        parts = [Part((*what, (f"  {number(call.ms)} {_('ms')}", ""))), Part(((call.path, ""),), whole=True)]
        self.sheet.show(_("The whole call"), [*parts, *([Part(((call.note, ""),))] if call.note else [])])

    def hear(self, event: room.Event) -> None:
        if isinstance(event, room.Called):
            self.refresh_all()
