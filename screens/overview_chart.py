"""The errors of each month as a small chart: a row for each type, a bar for each month."""

from __future__ import annotations

from rich.cells import cell_len

from screens.glyphs import bar
from screens.widgets.document import Block, heading
from screens.widgets.ink import Line, right
from screens.words import ERROR_TYPE, number
from tui import figures
from tui.model import ErrorType, Tally
from tui.triage import briefing
from tui.words import _

LABEL = 15
TOTAL = 8
"""Cells of what stands behind the bars."""


def chart(tally: Tally, width: int) -> list[Block]:
    """The chart, and the present and the last month in words; nothing where the report holds no error. Where `width`
    cells allow it, a blank stands behind each bar."""
    types = [kind for kind in ErrorType if tally.by_type.get(kind)]
    if not types:
        return []
    names = list(tally.months)
    cells = 2 if LABEL + 2 * len(names) + TOTAL <= width else 1
    tallest = max((counts[kind] for counts in tally.months.values() for kind in types), default=0)
    blocks = [*heading("chart", _("Errors per month")), Block("chart.years", (("", ""), (_years(names, cells), "dim")))]
    totals = {kind: number(sum(counts[kind] for counts in tally.months.values())) for kind in types}
    room = max(map(cell_len, totals.values()))
    blocks += [
        Block(f"chart.{kind}", (*_row(kind, tally, names, tallest, cells), (f" {right(totals[kind], room)}", "dim")))
        for kind in types
    ]
    peak = max(names, key=lambda name: max(tally.months[name][kind] for kind in types))
    told = [briefing.month(tally, names[-1], present=True)]
    told += [briefing.month(tally, names[-2], present=False)] if len(names) > 1 else []
    scale = _("Tallest bar: {n}, in {month}").format(n=number(tallest), month=figures.month(peak))
    every = tuple(((f"  {briefing.month(tally, name, present=False)}", ""),) for name in reversed(names[:-1]))
    blocks += [Block(f"chart.word.{n}", ((f"  {text}", ""),), hang=4) for n, text in enumerate(told)]
    return [*blocks, Block("chart.scale", ((f"  {scale}", "dim"),), hang=4, detail=every, detail_hang=4)]


def _row(kind: ErrorType, tally: Tally, names: list[str], tallest: int, cells: int) -> Line:
    bars: Line = tuple(
        (bar(count, tallest) + " " * (cells - 1), "accent" if count else "dim")
        for count in (tally.months[name][kind] for name in names)
    )
    return ((f"  {_(ERROR_TYPE[kind]):<{LABEL - 2}}", ""), *bars)


def _years(names: list[str], cells: int) -> str:
    """Each year above its first column, where there is room for it."""
    line = " " * LABEL
    for place, name in enumerate(names):
        column = LABEL + place * cells
        begins = place == 0 or name.endswith("-01")
        crowded = place == 0 and any(later.endswith("-01") for later in names[1:3])
        if begins and not crowded:
            line = f"{line:<{column}}{name[:4]}"
    return line
