"""What is sent to the terminal: only what reads differently, and never less."""

from __future__ import annotations

from collections.abc import Sequence

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from screens.drawn import Drawn

COLUMNS, ROWS = 8, 3
Span = tuple[int, int, int]
Text = Sequence[tuple[str, Style]]
Frame = tuple[Sequence[Text], Sequence[Sequence[int]], set[Span] | None]
"""Its lines, where each is cut, and which spans are drawn: all with None."""
LINES = (
    (("abcdefgh", Style()),),
    (("abc", Style(bold=True)), ("defgh", Style())),
    (("a日d", Style(color="red")), ("éfgh", Style())),
    (("日日日日", Style()),),
)
"""Alike in parts, and some with signs of two cells."""
LINE = st.sampled_from(LINES)
CUTS = st.sampled_from([[COLUMNS], [5, COLUMNS]])
ENDS = st.sampled_from([4, COLUMNS])
"""Where no sign of two cells is cut in half: Textual draws half of it then."""
SPANS = st.sets(st.tuples(st.integers(0, ROWS - 1), st.integers(0, 3), ENDS), min_size=1, max_size=3)
FRAMES = st.lists(
    st.tuples(
        st.lists(LINE, min_size=ROWS, max_size=ROWS), st.lists(CUTS, min_size=ROWS, max_size=ROWS), SPANS | st.none()
    ),
    max_size=6,
)


class Terminal:
    """What a terminal shows of what it is sent."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS + 1, ROWS)
        self._stream = pyte.Stream(self.screen)
        self._console = Console(color_system="256", force_terminal=True, width=COLUMNS, legacy_windows=False)

    def show(self, update: CompositorUpdate | None) -> int:
        sent = update.render_segments(self._console) if update is not None else ""
        self._stream.feed(sent)
        return len(sent)

    @property
    def cells(self) -> list[list[tuple[str, str, bool]]]:
        lines = (self.screen.buffer[y] for y in range(ROWS))
        return [[(line[x].data, line[x].fg, line[x].bold) for x in range(COLUMNS)] for line in lines]


def strip(line: Text) -> Strip:
    return Strip([Segment(text, style) for text, style in line]).crop(0, COLUMNS)


def frame(lines: Sequence[Strip], cuts: Sequence[Sequence[int]], spans: set[Span] | None) -> CompositorUpdate:
    """As Textual makes them: the whole screen, or some spans of it."""
    pieces = [list(line.divide(ends)) for line, ends in zip(lines, cuts, strict=True)]
    if spans is None:
        return LayoutUpdate(list(pieces), Region(0, 0, COLUMNS, ROWS))
    wanted = sorted({span[0]: span for span in spans}.values())
    chops = [dict(zip([0, *ends[:-1]], line, strict=True)) for line, ends in zip(pieces, cuts, strict=True)]
    return ChopsUpdate(chops, wanted, [list(ends) for ends in cuts])


@given(FRAMES)
def test_whatever_is_drawn_the_terminal_shows_it(frames: Sequence[Frame]) -> None:
    whole, spared, drawn = Terminal(), Terminal(), Drawn()
    for lines, cuts, spans in frames:
        update = frame([strip(line) for line in lines], cuts, spans)
        whole.show(update)
        spared.show(drawn.news(update))
        assert spared.cells == whole.cells


def test_what_stands_there_already_is_not_sent_again_until_it_is_forgotten() -> None:
    lines = [strip([(letter * COLUMNS, Style())]) for letter in "abc"]
    cuts = [[5, COLUMNS]] * ROWS
    terminal, drawn = Terminal(), Drawn()
    assert terminal.show(drawn.news(frame(lines, cuts, None))) > 0
    assert drawn.news(frame(lines, cuts, None)) is None
    changed = [lines[0], strip([("x" * COLUMNS, Style())]), lines[2]]
    news = drawn.news(frame(changed, cuts, {(y, 0, COLUMNS) for y in range(ROWS)}))
    assert isinstance(news, ChopsUpdate)
    assert news.spans == [(1, 0, COLUMNS)]
    drawn.forget()
    assert drawn.news(frame(changed, cuts, None)) is not None
