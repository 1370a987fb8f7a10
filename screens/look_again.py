"""Look again: the people who must be looked at again, after a reset, a wait or an acknowledgement; who is due first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import path
from screens.glyphs import glyph
from screens.listing import ListScreen
from screens.nothing import Nothing, none, of, reading
from screens.pieces import Copy, Export
from screens.state import Reading
from screens.widgets.ink import Line, Span
from screens.widgets.table import Table
from screens.widgets.table_columns import Column
from screens.words import VERDICT, number, since, stamp
from tui.model import LookAgain, LookAgainFor, Status
from tui.words import N_, _, ngettext

WHY = {
    LookAgainFor.RESET: N_("was reset"),
    LookAgainFor.WAIT: N_("to wait"),
    LookAgainFor.ACKNOWLEDGED: N_("acknowledged"),
}


class LookAgainScreen(ListScreen):
    name_ = "look_again"
    BINDINGS = bindings("look_again")

    def __init__(self) -> None:
        super().__init__()
        self._people: Reading[tuple[LookAgain, ...]] = Reading()

    def body(self) -> Iterator[Widget]:
        columns: list[Column[LookAgain]] = [
            Column(N_("Due"), self._due, 18, sort=lambda one: one.due),
            Column(N_("User"), lambda one: (one.user_name, ""), 0),
            Column(N_("Why"), lambda one: (_(WHY[one.why]), "dim"), 13),
            Column(N_("Last verdict"), _verdict, 26),
            Column(N_("Since"), lambda one: (stamp(one.since), "dim"), 16, 100, sort=lambda one: one.since),
            Column(N_("Checked"), lambda one: (stamp(one.checked_at), "dim"), 16, 120, sort=lambda one: one.checked_at),
            Column(N_("User id"), lambda one: (one.user_id, "dim"), 18, 140),
        ]
        yield Table(columns, lambda one: one.user_id, lambda one: f"{one.user_name} {one.user_id} {_(WHY[one.why])}")

    def _is_due(self, one: LookAgain) -> bool:
        return one.due <= self.store.now()

    def _due(self, one: LookAgain) -> Span:
        if self._is_due(one):
            return f"{glyph(Status.WARN)} {_('due')} {since(one.due, self.store.now())}", "warn"
        return _when(one.due, self.store.now()), ""

    def crumb(self) -> Line:
        where = (*path(_("Look again")), *self.counted())
        due = sum(map(self._is_due, self._people.value or ()))
        told = ngettext("{n} due", "{n} due", due).format(n=number(due))
        return (*where, (f"  {told}", "warn")) if due else where

    def going_on(self) -> tuple[str, int] | None:
        if self._people.under_way and self._people.asked_at:
            return _("reading the journal"), int((self.store.now() - self._people.asked_at).total_seconds())
        return super().going_on()

    def on_screen_resume(self) -> None:
        """Opened, or back from a user who may have been checked: the list is read."""
        if not self._people.under_way:
            self._load()
        super().on_screen_resume()

    def _load(self) -> None:
        self._people.ask(self.host.ask(room.LoadLookAgain()), self.store.now())

    def hear(self, event: room.Event) -> None:
        if not self._people.under_way or event.ticket != self._people.ticket:
            return
        match event:
            case room.LookAgainLoaded(people=people):
                self._people.got(people)
            case room.Failed(sentence=sentence):
                self._people.failed(sentence)
        self.refresh_all()

    def draw(self) -> None:
        super().draw()
        people = self._people.value
        if people is not None and people is not self.table.items:
            self.table.fill(people)

    def why_empty(self) -> Sequence[Line]:
        return self._nothing().lines(self.size.width)

    def _nothing(self) -> Nothing:
        return of(self.store, self._people, reading(_("The journal is being read…"))) or none(
            _("Nobody needs to be looked at again."),
            _(
                "Users who were reset, told to wait or acknowledged are listed here until a check finds nothing left to"
                " do."
            ),
            well=True,
        )

    def copies(self) -> Sequence[Copy]:
        one = self.table.current
        if one is None:
            return ()
        return (Copy("name", one.user_name), Copy("id", one.user_id), *self.table.copies())

    def exportable(self) -> Export | None:
        return self.table.export("look-again") if self.table.items else None

    def do_open(self) -> None:
        one = self.table.current
        if one is not None:
            self.host.open_user(one.user_id, one.user_name)

    def do_refresh(self) -> None:
        if not self.store.connected:
            self.host.connect()
        self._load()
        self.refresh_all()


def _when(moment: datetime, now: datetime) -> str:
    """A moment to come, in few cells: the time of day if it is today, else date and time."""
    told = stamp(moment)
    return told[11:] if told[:10] == stamp(now)[:10] else told


def _verdict(one: LookAgain) -> Span:
    if one.verdict is None:
        return _("not checked"), "dim"
    word, ink = VERDICT[one.verdict]
    return _(word), ink
