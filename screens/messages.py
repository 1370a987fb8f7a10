"""Messages: what the message line said, the newest first, for whoever looked away."""

from __future__ import annotations

from collections.abc import Iterator

from textual.widget import Widget

from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.widgets.document import Block, Document
from screens.widgets.ink import Line
from tui.words import _


class MessagesScreen(ConsoleScreen):
    name_ = "messages"
    BINDINGS = bindings("messages")

    def body(self) -> Iterator[Widget]:
        yield Document(id="messages")

    def crumb(self) -> Line:
        return (*path(_("Messages")), (_("  the newest {n}").format(n=len(self.store.said)), "dim"))

    def draw(self) -> None:
        blocks = [
            Block(f"{said.number}", ((f"{said.at.astimezone():%H:%M:%S}  ", "dim"), (said.sentence, said.ink)), hang=10)
            for said in reversed(self.store.said)
        ]
        nothing = [Block("nothing", ((_("Nothing has been said yet."), "dim"),))]
        self.query_one("#messages", Document).show(blocks or nothing)
