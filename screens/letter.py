"""A text that is ready to send, whole: to be read, copied (y) or shown in the pager (e)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.widget import Widget

from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.pieces import Copy
from screens.widgets.document import Block, Document
from screens.widgets.ink import Line
from tui.words import _


class LetterScreen(ConsoleScreen):
    """`name` is whom it is about, `title` whom it is for."""

    name_ = "letter"
    BINDINGS = bindings("letter")

    def __init__(self, name: str, title: str, text: str) -> None:
        super().__init__()
        self._about, self._title, self._text = name, title, text

    def body(self) -> Iterator[Widget]:
        yield Document(id="letter")

    def crumb(self) -> Line:
        return path(_("Troubleshoot"), self._about, self._title)

    def aside(self) -> Line:
        return ((_("y copies it "), "dim"),)

    def draw(self) -> None:
        lines = self._text.rstrip("\n").split("\n")
        self.query_one(Document).show(
            [Block(f"line.{n}", ((line, ""),), hang=_hang(line)) for n, line in enumerate(lines)]
        )

    def copies(self) -> Sequence[Copy]:
        return (Copy("text", self._text), *super().copies())

    def page_text(self) -> str:
        return self._text


def _hang(line: str) -> int:
    """Cells that a line of a list goes on under its text; none in a paragraph."""
    sign, blank, _text = line.partition(" ")
    return len(sign + blank) if blank and (sign == "-" or sign.removesuffix(".").isdecimal()) else 0
