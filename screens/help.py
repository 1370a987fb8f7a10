"""Help: every action of the screen one comes from, with its key, what it does, and why it is refused now if it is."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from textual.widget import Widget

from screens.actions import Action, bindings
from screens.base import ConsoleScreen, path
from screens.glyphs import glyph
from screens.widgets.document import Block, Document, heading
from screens.widgets.ink import Line, fit
from tui.words import _


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
        actions = self.host.registry.on(self._about.name_)
        label = 2 + max(cell_len(_(action.label)) for action in actions)
        keys = 2 + max(cell_len(_keys(action)) for action in actions)
        for action in actions:
            if action.group != group:
                group = action.group
                blocks += heading(f"group.{group}", _(group))
            refused = action.allowed(scene)
            line: Line = (
                (fit(_keys(action), keys), "dim" if refused else "key"),
                (fit(_(action.label), label), "dim" if refused else "strong"),
                (_(action.help), "dim" if refused else ""),
                *(((f" {glyph('arrow')} {refused}", ""),) if refused else ()),
            )
            blocks.append(Block(action.id, line, hang=keys + label))
        self.query_one("#help", Document).show(blocks[1:])

    def do_help(self) -> None:
        self.do_back()


def _keys(action: Action) -> str:
    """The first two keys of an action, behind a blank."""
    return f" {' '.join(action.shown_keys[:2])}"
