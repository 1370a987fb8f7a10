"""A few lines in place of the lower part of the body: a short menu, or a text that is shown whole. Not a modal: it
costs only its own lines, and every key that it has no use for works as ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from screens.widgets.bars import Asking
from screens.widgets.ink import Line, fit, width_of, wrap
from screens.widgets.virtual_list import VirtualList
from tui.words import _, pgettext


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a sheet. `whole`: it is there to be selected, so it starts at the edge and loses not even a blank;
    otherwise it is wrapped between words, under itself by `hang` cells. `link` is where a terminal that can may go."""

    line: Line
    whole: bool = False
    hang: int = 0
    link: str = ""


class Sheet(VirtualList):
    """Opened with parts, and with what the keys that it names do. `moved` says which movement a key stands for."""

    DEFAULT_CSS = "Sheet { display: none; }"

    top_lines = 1
    cursor_shown = False

    def __init__(self, moved: Callable[[str], str]) -> None:
        super().__init__()
        self._moved = moved
        self._title = ""
        self._parts: Sequence[Part] = ()
        self._rows: list[tuple[Line, str]] = []
        self._answers: Mapping[str, Callable[[], None]] = {}

    def show(self, title: str, parts: Sequence[Part], answers: Mapping[str, Callable[[], None]] | None = None) -> None:
        self._title, self._parts, self._answers = title, parts, answers or {}
        self.display = True
        self.post_message(Asking())
        self._lay()
        self.scroll_to(y=0, animate=False)

    @property
    def open(self) -> bool:
        return bool(self.display)

    @property
    def text(self) -> str:
        """What it holds, without colours."""
        return "\n".join("".join(text for text, _ink in line) for line, _link in self._rows)

    @property
    def asks(self) -> bool:
        """Whether it is a menu, which keeps every key."""
        return self.open and bool(self._answers)

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """The keys worth a hint, each with its word."""
        return (("escape", pgettext("key", "cancel")),)

    def close(self) -> None:
        self.display = False
        self.post_message(Asking())

    def press(self, key: str, character: str | None) -> bool:
        """A key was pressed; whether it stops here. A menu keeps every key; a text goes away, and lets the key pass."""
        answer = self._answers.get(key) or self._answers.get(character or "")
        if answer is not None:
            self.close()
            answer()
        elif self.max_scroll_y and (move := self._moved(key)):
            self._scroll(move)
        elif key in {"escape", "enter", "q", "ctrl+c"}:
            self.close()
        elif not self._answers:
            self.close()
            return False
        return True

    def _scroll(self, move: str) -> None:
        steps = {"up": -1, "down": 1, "page_up": -self.page, "page_down": self.page}
        ends = {"top": 0, "bottom": self.count}
        self.scroll_to(y=ends.get(move, self.scroll_offset.y + steps.get(move, 0)), animate=False)

    def _lay(self) -> None:
        width = max(20, self.screen.size.width - 1)
        self._rows = [(line, part.link) for part in self._parts for line in _pieces(part, width)]
        self.styles.height = min(len(self._rows), max(2, self.screen.size.height // 2)) + self.top_lines
        self.rows_changed("", 0)

    @property
    def count(self) -> int:
        return len(self._rows)

    def key(self, index: int) -> str:
        return str(index)

    def heading(self, width: int) -> Line:
        closes = _("Esc closes")
        return ((f" {fit(self._title, max(0, width - len(closes) - 3))} ", ""), (f"{closes} ", "plain"))

    def line(self, index: int, width: int) -> Line:
        return self._rows[index][0]

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        index = y - self.top_lines + self.scroll_offset.y
        link = self._rows[index][1] if y >= self.top_lines and index < self.count else ""
        if not link:
            return strip
        length = width_of(self._rows[index][0])
        shown, rest = strip.divide([length, strip.cell_length])
        linked = [Segment(text, (style or Style()) + Style(link=link)) for text, style, _control in shown]
        return Strip.join([Strip(linked), rest])

    def on_resize(self) -> None:
        if self.display:
            self._lay()
        super().on_resize()


def _pieces(part: Part, width: int) -> list[Line]:
    if not part.whole:
        return wrap(((" ", ""), *part.line), width, hang=part.hang + 1)
    if len(part.line) > 1:
        return [part.line]  # made to fit by who composed it
    return [
        ((piece, ink),)
        for text, ink in part.line
        for row in text.split("\n")
        for piece in chop_cells(row, width) or [""]
    ]
