"""Errors: every row of the report, with a filter, the whole of one row below, and its user behind Enter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import starmap

from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import path
from screens.error_lines import Told, type_of, who
from screens.listing import ListScreen
from screens.nothing import Nothing, none, of, reading
from screens.pieces import Copy, Export, links_in
from screens.state import Pasts
from screens.widgets.document import Document
from screens.widgets.ink import Bar, Line
from screens.widgets.table import Table
from screens.widgets.table_columns import Column, Order
from screens.words import as_of, number, stamp
from tui import figures
from tui.model import ErrorReport, ErrorRow
from tui.words import N_, _, ngettext

GROWS = 4
"""Lines by which the detail grows and shrinks."""
LIST_LINES = 4
"""Lines that the list keeps however large the detail becomes."""
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
    """What the filter looks in; a cell that says the same as another is in it once."""
    told = (stamp(row.at), row.user_name, row.type_label, row.type, row.text, *row.cells.values())
    return " ".join(dict.fromkeys(told))


class ErrorsScreen(ListScreen):
    name_ = "errors"
    BINDINGS = bindings("errors")

    def __init__(self) -> None:
        super().__init__()
        self._shown: ErrorReport | None = None
        self._pasts: Pasts | None = None
        self._acknowledging = 0
        self._detail_wanted = True
        self._detail_lines = 0
        self._rest: Timer | None = None

    def body(self) -> Iterator[Widget]:
        told = self._told = Told(self.store)
        columns: list[Column[ErrorRow]] = [
            Column(N_("Date"), lambda row: (stamp(row.at), "dim"), 16, sort=lambda row: row.at, falling=True),
            Column(N_("User"), lambda row: (row.user_name or "?", ""), 20),
            Column(N_("Type"), lambda row: (type_of(row), "dim"), 11),
            Column(N_("State"), told.state, 13, from_width=100, sort=told.rank, sign=told.sign),
            Column(N_("Error"), lambda row: (row.text, ""), 0),
            Column(N_("Cause"), told.cause, 0, from_width=160),
            Column(N_("Last check"), told.last_check, 34, 190, sort=told.checked_at, falling=True, when=self._checks),
            Column(N_("User id"), lambda row: (row.user_id or "", "dim"), 18, from_width=210),
        ]
        yield Table(columns, lambda row: row.id, _text, order=Order("date", falling=True), markable=True, id="errors")
        with Vertical(id="detail-pane"):
            yield Bar(id="detail-title", base="rule")
            yield Document(id="detail", cursor_shown=False)

    def _checks(self) -> bool:
        return self.store.pasts.checks

    @property
    def table(self) -> Table[ErrorRow]:
        return self.query_one("#errors", Table)

    def crumb(self) -> Line:
        report = self._shown
        where = path(_("Errors"))
        if report is None:
            return where
        spans = (*where, *self.counted())
        if new := self.store.new_errors:
            spans += ((f"  {ngettext('{n} new', '{n} new', new).format(n=number(new))}", "accent"),)
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
        self._show_pane()
        if report is self._shown and self.store.pasts is self._pasts:
            return
        self._shown, self._pasts = report, self.store.pasts
        rows = report.rows if report is not None else ()
        self.table.fill((*rows, *self.store.gone.values()) if self.store.gone else rows)
        self._show_detail()

    def _show_pane(self) -> None:
        pane = self.query_one("#detail-pane")
        pane.display = self._detail_wanted and self.table.count > 0
        if self._detail_lines:
            pane.styles.height = self._fitting(self._detail_lines)

    def _fitting(self, lines: int) -> int:
        """So many lines for the detail, as far as the list keeps its own."""
        return max(3, min(self.query_one("#body").size.height - LIST_LINES, lines))

    def why_empty(self) -> Sequence[Line]:
        return self._nothing().lines(self.size.width)

    def _nothing(self) -> Nothing:
        now = reading(
            _("The error report is being read…"),
            _("Everything from this year and last; many rows take a while. Nothing waits for it: 1 and t work."),
        )
        return of(self.store, self.store.errors, now) or none(
            _("The report holds no error of this or last year."),
            _("Lightning Sync reported nothing. Does somebody still say it does not work?"),
            _("t checks a person: type a name or an address."),
            well=True,
        )

    def cursor_moved(self) -> None:
        if self.table.cursor == 0:
            self._seen()
        super().cursor_moved()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, self._show_detail)

    def _show_detail(self) -> None:
        self._show_pane()
        row, report = self.table.current, self._shown
        title, page = self.query_one("#detail-title", Bar), self.query_one("#detail", Document)
        if row is None or report is None:
            title.say(())
            page.show([])
            return
        self._told.looked.add(row.id)
        self.table.redraw_row(self.table.cursor)  # its sign says the same as the title below
        title.say(self._told.title(row))
        page.show(self._told.detail(row, report), from_top=True)

    def copies(self) -> Sequence[Copy]:
        row = self.table.current
        if row is None:
            return ()
        record = "\n".join(starmap(figures.pair, row.cells.items()))
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
        return Export("errors", CSV, self.table.chosen, _cells)

    def do_open(self) -> None:
        row = self.table.current
        if row is not None:
            self.host.open_user(row.user_id or row.user_name, row.user_name)

    def do_detail(self) -> None:
        self._detail_wanted = not self._detail_wanted
        self.refresh_all()

    def do_larger(self) -> None:
        self._size_detail(GROWS)

    def do_smaller(self) -> None:
        self._size_detail(-GROWS)

    def _size_detail(self, lines: int) -> None:
        self._detail_wanted = True
        self._detail_lines = self._fitting(self.query_one("#detail-pane").size.height + lines)
        self.refresh_all()

    def do_acknowledge(self) -> None:
        """Ask for a note, then whether to; `until` is the moment of the reading: what came later was not seen."""
        report, rows = self._shown, self._meant()
        if report is None or not rows:
            return
        users = {who(row): row.user_name for row in rows}
        question = self._acknowledged(users)

        def ask(note: str) -> None:
            self.confirm.ask(
                question,
                {"y": (_("acknowledge"), lambda: send(note)), "n": (_("no"), lambda: None)},
                lambda: None,
            )

        def send(note: str) -> None:
            self._acknowledging = self.host.ask(room.Acknowledge(tuple(users), note, report.read_at))

        self.prompt.ask(_("Note (may be empty):"), ask)

    def _acknowledged(self, users: Mapping[str, str]) -> str:
        """The question whether to: it settles every open error of these users, marked or not."""
        n = sum(who(row) in users and self._told.is_open(row) for row in self.table.items)
        if len(users) == 1:
            question = ngettext("Acknowledge {n} open error of {user}?", "Acknowledge {n} open errors of {user}?", n)
        else:
            question = ngettext(
                "Acknowledge {n} open error of {users} users?", "Acknowledge {n} open errors of {users} users?", n
            )
        return question.format(n=number(n), users=number(len(users)), user=next(iter(users.values())))

    def _meant(self) -> Sequence[ErrorRow]:
        """The rows that an action is about: the marked ones, else the one under the cursor."""
        current = self.table.current
        return self.table.marked_items or ([current] if current is not None else [])

    def do_check(self) -> None:
        users = {who(row): row.user_name for row in self._meant()}
        if len(users) == 1:
            self.host.open_user(*next(iter(users.items())))
        elif users:
            from screens.checks import ChecksScreen

            self.host.show_screen(ChecksScreen(users))

    def do_group(self) -> None:
        from screens.groups import GroupsScreen

        self.host.show_screen(GroupsScreen(self.table.shown, self._told, self.narrow))

    def do_top(self) -> None:
        super().do_top()
        self._seen()

    def _seen(self) -> None:
        """The new ones have been looked for, or are about to be counted anew."""
        if self.store.new_errors:
            self.store.new_errors = 0
            self.refresh_bars()

    def do_refresh(self) -> None:
        self._seen()
        if not self.store.connected:
            self.host.connect()
        self.host.load_errors()

    def hear(self, event: room.Event) -> None:
        if isinstance(event, room.ErrorsLoaded) and (new := self.store.new_errors):
            self.flash(ngettext("{n} new error.", "{n} new errors.", new).format(n=number(new)), "accent")
        elif isinstance(event, room.PastLoaded) and event.ticket and event.ticket == self._acknowledging:
            self._acknowledging = 0
            self.flash(_("Acknowledged: kept in the journal, with your name and the note."), "ok")
        elif isinstance(event, room.Failed) and event.ticket and event.ticket == self._acknowledging:
            self._acknowledging = 0
            self.flash(event.sentence, "warn")
        elif isinstance(event, room.Failed) and self._shown is not None and self.store.errors.problem == event.sentence:
            self.flash(_("Could not read again: {why}").format(why=event.sentence), "warn")
