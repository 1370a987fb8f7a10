"""Errors: every row of the report, with a filter, the whole of one row below, and its user behind Enter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import path
from screens.listing import ListScreen
from screens.nothing import Nothing, none, of, reading
from screens.overview import completeness
from screens.pieces import Copy, Export, links_in
from screens.widgets.document import Block, Document
from screens.widgets.ink import Bar, Line
from screens.widgets.table import Column, Order, Table
from screens.words import ERROR_TYPE, as_of, number, stamp
from tui.model import ErrorReport, ErrorRow
from tui.words import N_, _, ngettext

REST = 0.08
"""Seconds that the cursor must rest before the detail follows: a held key draws no details."""

_OLDEST = datetime.min.replace(tzinfo=UTC)


CSV = ("id", "at", "user_id", "user_name", "type", "type_label", "text")
"""The columns of an export: those of the command line's `errors --csv`."""


def _cells(row: ErrorRow) -> tuple[object, ...]:
    return (row.id, row.at, row.user_id, row.user_name, row.type, row.type_label, row.text)


def newest_first(rows: Sequence[ErrorRow]) -> list[ErrorRow]:
    """By time, newest first; rows without a time last; equal times in the report's order."""
    return sorted(rows, key=lambda row: row.at or _OLDEST, reverse=True)


def _text(row: ErrorRow) -> str:
    """What the filter looks in."""
    return " ".join((stamp(row.at), row.user_name, row.type_label, row.type, row.text, *row.cells.values()))


class ErrorsScreen(ListScreen):
    name_ = "errors"
    BINDINGS = bindings("errors")

    def __init__(self) -> None:
        super().__init__()
        self._shown: ErrorReport | None = None
        self._rest: Timer | None = None

    def body(self) -> Iterator[Widget]:
        columns: list[Column[ErrorRow]] = [
            Column(N_("Time"), lambda row: (stamp(row.at), "dim"), 16, sort=lambda row: row.at, falling=True),
            Column(N_("User"), lambda row: (row.user_name or "?", ""), 20),
            Column(N_("Type"), lambda row: (row.type_label or _(ERROR_TYPE[row.type]), "dim"), 11),
            Column(N_("User id"), lambda row: (row.user_id or "", "dim"), 18, from_width=140),
            Column(N_("Error"), lambda row: (row.text, ""), 0),
        ]
        yield Table(columns, lambda row: row.id, _text, order=Order("time", falling=True), markable=True, id="errors")
        with Vertical(id="detail-pane"):
            yield Bar(id="detail-title", base="rule")
            yield Document(id="detail", cursor_shown=False)

    @property
    def table(self) -> Table[ErrorRow]:
        return self.query_one("#errors", Table)

    def crumb(self) -> Line:
        report = self._shown
        where = path(_("Errors"))
        if report is None:
            return where
        spans = (*where, *self.counted())
        if not report.complete:
            cut = (
                _("  cut: the report has {total} rows").format(total=number(report.total))
                if report.total is not None
                else _("  cut: the report has more rows")
            )
            spans += ((cut, "warn"),)
        return spans

    def aside(self) -> Line:
        if self._shown is None:
            return ()
        failed = ((_("last reading failed, "), "warn"),) if self.store.errors.problem else ()
        return (*failed, (as_of(self._shown.read_at, self.store.now()) + " ", "dim"))

    def going_on(self) -> tuple[str, int] | None:
        errors = self.store.errors
        if errors.under_way and errors.asked_at:
            return _("reading the report"), int((self.store.now() - errors.asked_at).total_seconds())
        return super().going_on()

    def draw(self) -> None:
        super().draw()
        report = self.store.errors.value
        self.query_one("#detail-pane").display = bool(report and report.rows)
        if report is not None and report is not self._shown:
            self._shown = report
            self.table.fill(report.rows)
            self._show_detail()

    def why_empty(self) -> Sequence[Line]:
        return self._nothing().lines(self.size.width)

    def _nothing(self) -> Nothing:
        now = reading(
            _("The error report is being read…"),
            _("Everything of this and the last year; many rows take a while. Nothing waits for it: 1 and t work."),
        )
        return of(self.store, self.store.errors, now) or none(
            _("The report holds no error of this or last year."),
            _("Lightning Sync reported nothing. Somebody says that it does not work all the same?"),
            _("t checks a person: type a name or an address."),
            well=True,
        )

    def cursor_moved(self) -> None:
        super().cursor_moved()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, self._show_detail)

    def _show_detail(self) -> None:
        row = self.table.current
        if row is None:
            self.query_one("#detail-title", Bar).say(())
            self.query_one("#detail", Document).show([])
            return
        self.query_one("#detail-title", Bar).say(
            (
                (f" {row.user_name}", "strong"),
                (f"  {row.type_label or _(ERROR_TYPE[row.type])}  {stamp(row.at)}", "dim"),
            )
        )
        self.query_one("#detail", Document).show(self._detail(row), from_top=True)

    def _detail(self, row: ErrorRow) -> list[Block]:
        said = {row.text, row.user_name, row.type_label}
        others = [(label, value) for label, value in row.cells.items() if value and value not in said]
        blocks = [Block("text", ((row.text, ""),))]
        blocks += [Block(f"cell.{label}", ((f"{label}: ", "dim"), (value, "")), hang=2) for label, value in others]
        if self._shown is not None:
            blocks.append(
                Block("report", ((_("Report: "), "dim"), *completeness(self._shown, self.store.now())), hang=2)
            )
        return blocks

    def copies(self) -> Sequence[Copy]:
        row = self.table.current
        if row is None:
            return ()
        record = "\n".join(f"{label}: {value}" for label, value in row.cells.items())
        links = (Copy("link", link) for link in self.links())
        return (
            Copy("error", row.text),
            Copy("name", row.user_name),
            Copy("id", row.user_id or ""),
            *links,
            *self.table.copies(),
            Copy("record", record),
        )

    def links(self) -> Sequence[str]:
        row = self.table.current
        return () if row is None else links_in(row.text, *row.cells.values())

    def exportable(self) -> Export:
        rows = self.table.marked_items or self.table.shown
        return Export("errors", CSV, lambda: map(_cells, rows))

    def do_open(self) -> None:
        row = self.table.current
        if row is not None:
            self.host.open_user(row.user_id or row.user_name, row.user_name)

    def do_refresh(self) -> None:
        if not self.store.connected:
            self.host.connect()
        self.host.load_errors()

    def hear(self, event: room.Event) -> None:
        if isinstance(event, room.ErrorsLoaded) and (new := self.store.new_errors):
            self.flash(ngettext("{n} new error.", "{n} new errors.", new).format(n=number(new)), "accent")
        elif isinstance(event, room.Failed) and self._shown is not None and self.store.errors.problem == event.sentence:
            self.flash(_("Could not read again: {why}").format(why=event.sentence), "warn")
