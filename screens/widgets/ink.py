"""Drawing without markup: a line is a tuple of (text, ink) spans; an ink is a name that themes.py gives a colour.

Every text passes `one_line` on its way to the terminal, whoever wrote it, so nothing that a person is called can
move the cursor, set the clipboard or be taken for markup (reference/tui-practice.md, 4.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from screens.glyphs import glyph, plain
from tui.sanitise import one_line

Span = tuple[str, str]
Line = tuple[Span, ...]


def width_of(line: Iterable[Span]) -> int:
    """How many cells the line takes."""
    return sum(cell_len(one_line(text)) for text, _ink in line)


def fit(text: str, width: int) -> str:
    """`text` as exactly `width` cells: padded, or cut with an ellipsis."""
    text = one_line(text)
    if cell_len(text) <= width:
        return set_cell_size(text, max(0, width))
    return set_cell_size(text, max(0, width - 1)) + glyph("ellipsis") if width > 0 else ""


def right(text: str, width: int) -> str:
    """`text` at the right of `width` cells."""
    text = one_line(text)
    return " " * (width - cell_len(text)) + text if cell_len(text) <= width else fit(text, width)


ENOUGH = 40
"""Cells of text with which a further piece of a line is content: it then starts as far right as it is to."""


def wrap(line: Line, width: int, *, hang: int = 0) -> list[Line]:
    """The line in pieces of at most `width` cells, broken between words; further pieces start with `hang` blanks."""
    width = max(8, width)
    hang = min(hang, max(width // 2, width - ENOUGH))
    pieces: list[list[Span]] = [[]]
    used = 0
    for text, ink in line:
        for word in _words(one_line(text)):
            size = cell_len(word)
            if used + size > width and word.strip():
                if used > hang and size <= width - hang:
                    pieces.append([(" " * hang, ink)])
                    used = hang
                while used + size > width:
                    head, word = _split(word, width - used, used > hang)
                    pieces[-1].append((head, ink))
                    pieces.append([(" " * hang, ink)])
                    used, size = hang, cell_len(word)
            elif used + size > width:
                continue
            pieces[-1].append((word, ink))
            used += size
    return [_joined(piece) for piece in pieces]


def _words(text: str) -> list[str]:
    """Words and the blanks between them, in order."""
    words: list[str] = []
    for character in text:
        if words and (character == " ") == (words[-1][-1] == " "):
            words[-1] += character
        else:
            words.append(character)
    return words


def _split(word: str, width: int, may_be_nothing: bool) -> tuple[str, str]:
    """The word cut after as many characters as fit in `width` cells, at least one unless `may_be_nothing`."""
    used = 0
    for index, character in enumerate(word):
        used += cell_len(character)
        if used > width and (index or may_be_nothing):
            return word[:index], word[index:]
    return word, ""


def _joined(spans: Iterable[Span]) -> Line:
    joined: list[Span] = []
    for text, ink in spans:
        if joined and joined[-1][1] == ink:
            joined[-1] = (joined[-1][0] + text, ink)
        elif text:
            joined.append((text, ink))
    return tuple(joined)


class Inked(Widget, can_focus=False):
    """A widget that draws lines of spans, in the inks of the application (screens/themes.py)."""

    def ink(self, name: str) -> Style:
        """What the theme makes of that ink."""
        inks: Mapping[str, Style] = self.app.inks  # type: ignore[attr-defined]  # the console's; Textual's App has none
        return inks[name]

    def strip(self, line: Line, width: int, base: str = "") -> Strip:
        """The line, drawn over the ink `base`, cut or padded to `width` cells."""
        ground = self.ink("plain") + self.ink(base) if base else self.ink("plain")
        segments: list[Segment] = []
        room = width
        for text, ink in _joined(line):
            if room <= 0:
                break
            text = one_line(text)
            if cell_len(text) > room:
                text = fit(text, room)
            style = self.ink(ink) if ink else Style()
            if ground.reverse:  # there further colours would become patches
                style = Style(bold=style.bold, underline=style.underline)
            segments.append(Segment(plain(text), ground + style))
            room -= cell_len(text)
        if room > 0:
            segments.append(Segment(" " * room, ground))
        return Strip(segments, width)


class Bar(Inked):
    """One line of spans; redrawn only when what it says has changed."""

    DEFAULT_CSS = "Bar { height: 1; }"

    def __init__(self, *, base: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._base = base
        self._left: Line = ()
        self._right: Line = ()

    def say(self, left: Line, right_side: Line = ()) -> None:
        """Show `left`, and `right_side` at the right edge; where both do not fit, the left one is cut."""
        if (left, right_side) != (self._left, self._right):
            self._left, self._right = left, right_side
            self.refresh()

    @property
    def text(self) -> str:
        """What the bar says, without colours."""
        return "".join(text for text, _ink in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        tail = width_of(self._right)
        if not tail:
            return self.strip(self._left, width, self._base)
        head = max(0, width - tail)
        return Strip.join([self.strip(self._left, head, self._base), self.strip(self._right, width - head, self._base)])
