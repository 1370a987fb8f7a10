"""Checks: many users checked in one go, each verdict as it comes. x stops; Enter opens one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import path
from screens.guards import Scene
from screens.listing import ListScreen
from screens.pieces import Export
from screens.widgets.ink import Line, Span
from screens.widgets.table import Table
from screens.widgets.table_columns import Column
from screens.words import VERDICT, number
from tui.model import CheckResult, Verdict
from tui.triage import reading, story
from tui.words import N_, _, ngettext

WELL = frozenset({Verdict.NO_FAULT_FOUND})


@dataclass(frozen=True, slots=True)
class Asked:
    """One user of the list; `result` is None until it is there."""

    query: str
    name: str
    result: CheckResult | None = None


class ChecksScreen(ListScreen):
    """`users` maps what names a user to what they are called. The check begins when the screen is opened."""

    name_ = "checks"
    BINDINGS = bindings("checks")

    def __init__(self, users: Mapping[str, str]) -> None:
        super().__init__()
        self._asked = {query: Asked(query, name) for query, name in users.items()}
        self._shown: tuple[Asked, ...] = ()
        self._ticket = 0
        self._since: datetime | None = None

    def body(self) -> Iterator[Widget]:
        columns: list[Column[Asked]] = [
            Column(N_("User"), lambda asked: (asked.name, ""), 22),
            Column(N_("Verdict"), self._verdict, 26),
            Column(N_("Open"), _open, 5, 100, at_right=True, sort=_open_errors, falling=True),
            Column(N_("First cause"), cause_of, 0),
        ]
        yield Table(columns, lambda asked: asked.query, lambda asked: f"{asked.name} {asked.query}")

    def on_mount(self) -> None:
        self._ticket = self.host.ask(room.CheckMany(tuple(self._asked)))
        self._since = self.store.now()
        super().on_mount()

    def crumb(self) -> Line:
        done = [asked.result for asked in self._asked.values() if asked.result is not None]
        count = _("{n} of {m} checked").format(n=number(len(done)), m=number(len(self._asked)))
        ill = sum(result.judgement.verdict not in WELL for result in done)
        told = ngettext("{n} needs attention", "{n} need attention", ill).format(n=number(ill))
        where = path(_("Errors"), _("Check of many"))
        return (*where, (f"  {count}", ""), (f"  {told}" if ill else "", "warn"), *self._filtered())

    def _filtered(self) -> Line:
        return ((f"  /{self.table.filter}", "accent"),) if self.table.filter else ()

    def going_on(self) -> tuple[str, int] | None:
        if self._ticket and self._since is not None:
            return _("checking"), int((self.store.now() - self._since).total_seconds())
        return super().going_on()

    def scene(self) -> Scene:
        return replace(super().scene(), checking=bool(self._ticket))

    def draw(self) -> None:
        super().draw()
        if self._shown != (asked := tuple(self._asked.values())):
            self._shown = asked
            self.table.fill(asked)

    def hear(self, event: room.Event) -> None:
        if not self._ticket or event.ticket != self._ticket:
            return
        match event:
            case room.Checked(result=result):
                asked = self._asked.get(result.query)
                if asked is not None:
                    self._asked[result.query] = replace(asked, result=result)
            case room.ManyDone(problems=problems):
                self._ticket = 0
                self.flash(" ".join(problems[:1]), "warn")
            case room.Failed(sentence=sentence):
                self._ticket = 0
                self.flash(sentence, "warn")

    def exportable(self) -> Export:
        return self.table.export("checks")

    def do_open(self) -> None:
        asked: Asked | None = self.table.current
        if asked is not None:
            user = asked.result.user if asked.result else None
            self.host.open_user(user.id if user else asked.query, asked.name)

    def do_cancel(self) -> None:
        self.host.cancel(self._ticket)
        self._ticket = 0
        self.table.refresh()
        self.refresh_bars()
        self.flash(_("Stopped. Results so far are kept, here and in the journal."))

    def do_back(self) -> None:
        if self._ticket and not self.table.filter:
            self.host.cancel(self._ticket)
        super().do_back()

    def _verdict(self, asked: Asked) -> Span:
        if asked.result is None:
            return (_("waiting") if self._ticket else _("not checked")), "dim"
        word, ink = VERDICT[asked.result.judgement.verdict]
        return _(word), ink


def _open(asked: Asked) -> Span:
    return (number(asked.result.judgement.open_errors), "") if asked.result else ("", "")


def _open_errors(asked: Asked) -> int | None:
    return asked.result.judgement.open_errors if asked.result else None


def cause_of(asked: Asked) -> Span:
    """The cause that the verdict tells, in words; without one, what was found."""
    if asked.result is None:
        return "", ""
    judgement, steps = asked.result.judgement, asked.result.steps
    lead = story.leading(judgement, steps)
    return (reading.title(lead.cause) if lead and lead.cause else "") or story.story(judgement, steps), ""
