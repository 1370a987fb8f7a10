"""How one error of the report is told: what has become of it, what it means, what else is known of its user."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from screens.glyphs import glyph
from screens.state import Store
from screens.widgets.document import Block
from screens.widgets.ink import Line, Span
from screens.words import ERROR_TYPE, VERDICT, checked, completeness, number, since, stamp
from tui import figures
from tui.model import ErrorReport, ErrorRow, Past, RowState
from tui.triage import reading
from tui.triage.rows import is_open, row_state
from tui.words import N_, _, ngettext

STATE = {
    RowState.NEW: (N_("new"), "accent"),
    RowState.SEEN: (N_("seen"), ""),
    RowState.CHECKED: (N_("checked"), "ok"),
    RowState.ACKNOWLEDGED: (N_("acknowledged"), "dim"),
    RowState.OLD: (N_("old"), "dim"),
    RowState.GONE: (N_("gone"), "dim"),
}
_RANK = {state: rank for rank, state in enumerate(STATE)}
WHY = {
    RowState.NEW: N_("new since the report was last looked at"),
    RowState.SEEN: N_("nobody has checked this user since"),
    RowState.CHECKED: N_("the user was checked since"),
    RowState.ACKNOWLEDGED: N_("somebody has dealt with it; it no longer counts"),
    RowState.OLD: N_("over {days} days old, or older than the last reset; it does not count"),
    RowState.GONE: N_("the report no longer has it"),
}


def type_of(row: ErrorRow) -> str:
    return row.type_label or _(ERROR_TYPE[row.type])


def who(row: ErrorRow) -> str:
    """What identifies the user of a row: the id, else the name."""
    return row.user_id or row.user_name


class Told:
    """The cells and the detail of rows, from what the store knows now. `looked` are the ids of the rows that the
    person has rested on: they are new no more."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.looked: set[str] = set()
        self._report: ErrorReport | None = None
        self._of: dict[str, list[ErrorRow]] = {}

    def past(self, row: ErrorRow) -> Past | None:
        return self._store.pasts.of(row)

    def state_of(self, row: ErrorRow) -> RowState:
        store, before = self._store, self._store.pasts.read_before
        late = store.pasts.known and (before is None or (row.at is not None and row.at > before))
        return row_state(
            row,
            self.past(row),
            store.now(),
            store.pasts.open_days,
            new=(late or row.id in store.arrived) and row.id not in self.looked,
            gone=row.id in store.gone,
        )

    def is_open(self, row: ErrorRow) -> bool:
        """Whether it counts in a verdict, and the report still has it."""
        store = self._store
        return row.id not in store.gone and is_open(row, self.past(row), store.now(), store.pasts.open_days)

    def rank(self, row: ErrorRow) -> int:
        """How soon its state comes, those first that wait for somebody."""
        return _RANK[self.state_of(row)]

    def state(self, row: ErrorRow) -> Span:
        word, ink = STATE[self.state_of(row)]
        return _(word), ink

    def sign(self, row: ErrorRow) -> Span:
        """The state in one cell."""
        state = self.state_of(row)
        return glyph(state), STATE[state][1]

    def cause(self, row: ErrorRow) -> Span:
        return reading.title(reading.cause_of(row, self.past(row))), ""

    def last_check(self, row: ErrorRow) -> Span:
        past = self.past(row)
        if past is None or past.checked_at is None or past.verdict is None:
            return "", ""
        word, ink = VERDICT[past.verdict]
        return f"{since(past.checked_at, self._store.now())} {_(word)}", ink

    def checked_at(self, row: ErrorRow) -> datetime | None:
        past = self.past(row)
        return past.checked_at if past else None

    def title(self, row: ErrorRow) -> Line:
        state = self.state_of(row)
        word, ink = STATE[state]
        what: Line = ((f" {row.user_name or '?'}", "strong"), (f"  {type_of(row)}  {stamp(row.at)}  ", "dim"))
        return (*what, (f"{glyph(state)} {_(word)}", ink))

    def detail(self, row: ErrorRow, report: ErrorReport) -> list[Block]:
        """The whole of one row, the most useful first."""
        means = _means(row)
        return [
            Block("text", ((row.text, ""),)),
            *means[:1],
            Block("user", self._user(row, report), hang=2),
            *means[1:],
            Block("state", self._why(row), hang=2),
            *self._types(row, report),
            *_cells(row, report),
            Block("report", ((_("Report: "), "dim"), *completeness(report, self._store.now())), hang=2),
        ]

    def _user(self, row: ErrorRow, report: ErrorReport) -> Line:
        """What else there is of this user: other errors, the last check."""
        now, past, days = self._store.now(), self.past(row), self._store.pasts.open_days
        others = [other for other in self._by_user(report).get(who(row), ()) if other is not row]
        dot: Span = (f" {glyph('dot')} ", "dim")
        if others:
            count = ngettext("{n} other error", "{n} other errors", len(others)).format(n=number(len(others)))
            still = sum(is_open(other, past, now, days) for other in others)
            open_ = ngettext("{n} open", "{n} open", still).format(n=number(still))
            newest = _("newest {time}").format(
                time=stamp(max((other.at for other in others if other.at), default=None))
            )
            told: Line = ((count, ""), dot, (open_, "warn" if still else ""), dot, (newest, ""))
        else:
            told = ((_("This user's only error"), ""),)
        if past is None or past.checked_at is None or past.verdict is None:
            return (*told, dot, (_("never checked here"), "dim"))
        word, ink = VERDICT[past.verdict]
        return (*told, dot, (f"{figures.label(checked(past.checked_at, now))} ", ""), (_(word), ink))

    def _by_user(self, report: ErrorReport) -> dict[str, list[ErrorRow]]:
        """The rows of each user; sorted out once for each report."""
        if report is not self._report:
            self._report, self._of = report, {}
            for row in report.rows:
                self._of.setdefault(who(row), []).append(row)
        return self._of

    def _why(self, row: ErrorRow) -> Line:
        state, past = self.state_of(row), self.past(row)
        word, ink = STATE[state]
        spans: Line = (
            (_("State: "), "dim"),
            (_(word), ink),
            (f", {_(WHY[state]).format(days=self._store.pasts.open_days)}", ""),
        )
        if state is RowState.ACKNOWLEDGED and past is not None:
            by = _("{by}: “{note}”") if past.note else "{by}"
            spans += ((f" ({by.format(by=past.acknowledged_by, note=past.note)})", "dim"),)
        return spans

    def _types(self, row: ErrorRow, report: ErrorReport) -> list[Block]:
        """The readings of the type, with what checks of its users found."""
        users = [rows[0] for rows in self._by_user(report).values() if any(each.type is row.type for each in rows)]
        pasts = [past for user in users if (past := self.past(user)) is not None]
        return [Block(f"type.{n}", ((said, "dim"),)) for n, said in enumerate(reading.of_type(row.type, pasts))]


def _means(row: ErrorRow) -> list[Block]:
    read = reading.read(row.text)
    if read is None:
        told = _("This text is not known here: c checks the user and says what is wrong.")
        return [Block("means", ((told, "dim"),))]
    means: Line = ((_("Usually: "), "accent"), (f"{read.title} ", "strong"), (read.meaning, ""))
    steps = [
        Block(f"step.{n}", ((f"{glyph('arrow')} ", "accent"), (step, "")), hang=2) for n, step in enumerate(read.steps)
    ]
    return [Block("means", means, hang=2), *steps]


def _cells(row: ErrorRow, report: ErrorReport) -> Sequence[Block]:
    """What the report's other columns hold; its time may be another than ours, in another zone."""
    said = {row.text, row.user_name, row.type_label}
    others = [(label, value) for label, value in row.cells.items() if value and value not in said]
    foreign = report.columns.get("at") if row.at is not None else None
    as_written = (f" {_('(as the report writes it)')}", "dim")
    return [
        Block(
            f"cell.{label}",
            ((f"{figures.label(label)} ", "dim"), (value, ""), *((as_written,) if label == foreign else ())),
            hang=2,
        )
        for label, value in others
    ]
