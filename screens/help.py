"""Help: every action of the screen one comes from, with its key, what it does, and why it is refused now if it is."""

from __future__ import annotations

from collections.abc import Iterator

from textual.widget import Widget

from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.widgets.document import Block, Document, heading
from screens.widgets.ink import Line, fit
from tui.words import _

KEYS = 18
"""Cells for the keys of an action."""


class HelpScreen(ConsoleScreen):
    name_ = "help"
    BINDINGS = bindings("help")

    def __init__(self, about: ConsoleScreen) -> None:
        super().__init__()
        self._about = about

    def body(self) -> Iterator[Widget]:
        yield Document(id="help")

    def crumb(self) -> Line:
        return path(_("Keys"))

    def draw(self) -> None:
        scene = self._about.whole_scene()
        blocks: list[Block] = []
        group = ""
        for action in self.host.registry.on(self._about.name_):
            if action.group != group:
                group = action.group
                blocks += heading(f"group.{group}", _(group))
            keys = " ".join(action.shown_keys)
            refusal = action.allowed(scene)
            line: Line = (
                (f"  {fit(keys, KEYS)}", "key"),
                (f"{fit(_(action.label), 12)} ", "strong"),
                (_(action.help), ""),
                *(((f" ({refusal})", "dim"),) if refusal else ()),
            )
            blocks.append(Block(action.id, line, hang=KEYS + 16))
        self.query_one("#help", Document).show(blocks[1:])

    def do_help(self) -> None:
        self.do_back()
