"""What stands on the terminal, so that of each frame only what reads differently is sent.

Textual draws anew all that lies in a region that was laid out again: a few lines opened at the foot of a screen would
send the whole of it over a slow link (reference/tui-practice.md, 3). What is sent is compared here, piece by piece,
with what was sent before; `forget` where something else may have drawn over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

Pieces = dict[int, Strip | None]
"""A line of a frame: strips by the cell that they start in; None where nothing is drawn."""


class Drawn:
    """The pieces of each line: where they start, and what they show."""

    def __init__(self) -> None:
        self._lines: dict[int, dict[int, Strip]] = {}

    def forget(self) -> None:
        """Nothing is known of what stands there."""
        self._lines.clear()

    def news(self, frame: CompositorUpdate) -> CompositorUpdate | None:
        """What of the frame is not there already, None where all of it is. The rest counts as sent."""
        if isinstance(frame, LayoutUpdate):
            placed = [dict(_placed(strips)) for strips in frame.strips]
            ends = [[x + strip.cell_length for x, strip in line.items()] for line in placed]
            frame = ChopsUpdate(placed, [(y, 0, frame.region.width) for y in range(len(placed))], ends)
        if not isinstance(frame, ChopsUpdate):
            self.forget()
            return frame
        lines: list[Pieces] = [dict.fromkeys(line) for line in frame.chops]
        spans = []
        for y, start, end in frame.spans:
            new = self._new(y, start, end, frame.chops[y], frame.chop_ends[y])
            if new:
                lines[y].update(new)
                spans.append((y, start, end))
        return ChopsUpdate(lines, spans, frame.chop_ends) if spans else None

    def _new(self, y: int, start: int, end: int, line: Mapping[int, Strip | None], ends: list[int]) -> dict[int, Strip]:
        """The pieces of that span that are not there already."""
        known = self._lines.setdefault(y, {})
        new: dict[int, Strip] = {}
        for stop, (x, strip) in zip(ends, line.items(), strict=False):
            if strip is None or x >= end or stop <= start:
                continue
            cells = min(stop, end) - x
            before = known.get(x)
            if before is not None and _begins(before, strip):
                known[x] = strip
                if before.cell_length > strip.cell_length:
                    known[x + strip.cell_length] = before.crop(strip.cell_length)
                continue
            new[x] = strip
            if cells < strip.cell_length and (before is None or before.crop(cells) != strip.crop(cells)):
                strip = strip.crop(0, cells)  # Textual draws a piece from its start to the end of the span
            last = x + strip.cell_length
            for other in [at for at, piece in known.items() if at < last and x < at + piece.cell_length]:
                del known[other]
            known[x] = strip
        return new


def _begins(known: Strip, strip: Strip) -> bool:
    """Whether what is known begins with the strip, and no sign of two cells stands across its end."""
    start = known.crop(0, strip.cell_length)
    return start == strip and start.cell_length == strip.cell_length and known.text.startswith(start.text)


def _placed(strips: Iterable[Strip]) -> Iterator[tuple[int, Strip]]:
    """Each strip with the cell in which it starts."""
    x = 0
    for strip in strips:
        yield x, strip
        x += strip.cell_length
