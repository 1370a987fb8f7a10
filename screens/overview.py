"""Overview: is it broken for everybody, what is set up and what not, what can be read here, how old is each figure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from textual.widget import Widget

from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.glyphs import glyph
from screens.guards import Scene
from screens.widgets.document import MARGIN, Block, Document
from screens.widgets.ink import Line
from screens.words import as_of
from tui.words import _

if TYPE_CHECKING:
    from screens import engine as room


class OverviewScreen(ConsoleScreen):
    name_ = "overview"
    BINDINGS = bindings("overview")

    def body(self) -> Iterator[Widget]:
        yield Document(id="overview")

    @property
    def page(self) -> Document:
        return self.query_one("#overview", Document)

    def crumb(self) -> Line:
        return path(_("Overview"))

    def aside(self) -> Line:
        overview = self.store.overview.value
        if overview is None:
            return ()
        return ((as_of(overview.read_at, self.store.now()) + " ", "dim"),)

    def going_on(self) -> tuple[str, int] | None:
        store = self.store
        if store.connecting and store.connecting_since:
            return _("connecting to Salesforce"), _seconds(store.connecting_since, store.now())
        if store.overview.under_way and store.overview.asked_at:
            return _("reading the overview"), _seconds(store.overview.asked_at, store.now())
        return super().going_on()

    def scene(self) -> Scene:
        return Scene(
            self.name_,
            connected=self.store.connected,
            armed=self.store.armed,
            has_row=True,
            can_open=self.page.can_open,
            in_columns=self.page.in_columns,
            unfinished=len(self.store.unfinished),
        )

    def draw(self) -> None:
        store = self.store
        if store.overview.value is None and store.not_connected is None and not store.overview.problem:
            self.page.show([waiting(store.connected)])
            return
        from screens.overview_page import flows  # what was read is drawn after the first frame

        self.page.show_flows(flows(store, self.size.width - 2 * (1 + MARGIN)))

    def do_open(self) -> None:
        self.page.toggle()
        self.cursor_moved()

    def do_across(self) -> None:
        self.page.cross()

    def do_refresh(self) -> None:
        if not self.store.connected:
            self.host.connect()
        else:
            self.host.load_overview()

    def hear(self, event: room.Event) -> None:
        from screens import engine as room

        if isinstance(event, room.Failed) and event.ticket and self.store.overview.problem == event.sentence:
            self.flash(event.sentence, "warn")


def _seconds(since: datetime, now: datetime) -> int:
    return int((now - since).total_seconds())


def waiting(connected: bool) -> Block:
    """What stands there before anything is read."""
    what = (
        _("Is it broken for everybody? Both sides are being asked; the answer will appear here in a moment.")
        if connected
        else _("Is it broken for everybody? Connecting to Salesforce; the answer will appear here in a moment.")
    )
    return Block("wait", ((f"  {glyph('pending')} ", "dim"), (what, "dim")), hang=4)
