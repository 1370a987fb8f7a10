"""Two columns on a wide terminal: where rows stand, the order of reading, and what is drawn anew."""

from __future__ import annotations

import pytest
from textual.geometry import Region

from screens.widgets.columns import GAP, LEAST, Places, column
from screens.widgets.document import MARGIN, Block, Document, blank
from tests.console.conftest import Driven, Open

WIDE = (120, 40)
PLACES = Places(count=9, left=2, right=5, offset=40)
"""Two rows of the whole width, three in the left column, four in the right one."""


def test_where_rows_stand() -> None:
    assert [PLACES.line(row) for row in range(9)] == [0, 1, 2, 3, 4, 2, 3, 4, 5]
    assert [PLACES.rows(line) for line in range(PLACES.lines)] == [
        (0, None), (1, None), (2, 5), (3, 6), (4, 7), (None, 8),
    ]  # fmt: skip
    assert [PLACES.cells(row)[0] for row in range(9)] == [0] * 5 + [40] * 4
    one = Places(4, 4, 4)
    assert [one.line(row) for row in range(4)] == list(range(one.lines)) == [0, 1, 2, 3]


def test_the_row_across_is_the_nearest() -> None:
    assert [PLACES.across(row) for row in range(9)] == [5, 5, 5, 6, 7, 2, 3, 4, 4]
    assert Places(5, 2, 5, 40).across(3) == 3
    assert Places(5, 2, 2, 40).across(3) == 3


@pytest.mark.parametrize("width", [LEAST, 2 * LEAST + GAP - 1, 2 * LEAST + GAP, 200])
def test_two_columns_fit_the_page(width: int) -> None:
    narrow = column(width)
    assert narrow == width or (narrow >= LEAST and 2 * narrow + GAP <= width)


def page(driven: Driven) -> Document:
    return driven.app.screen.query_one("#overview", Document)


async def test_down_reads_the_left_column_then_the_right_one(console: Open) -> None:
    async with console(WIDE) as driven:
        document, read = page(driven), []
        assert document.in_columns
        for _row in range(document.count):
            read.append(document.current_key)
            await driven.press("down")
        await driven.pilot.resize_terminal(80, 24)
        await driven.rest()
        assert not document.in_columns
        assert list(dict.fromkeys(read)) == list(dict.fromkeys(document.key(n)[:-2] for n in range(document.count)))


async def test_across_and_back(console: Open) -> None:
    async with console(WIDE) as driven:
        document = page(driven)
        await driven.press("right")
        assert document.current_key == "chart"
        await driven.press("left")
        assert document.current_key == "checklist"
        await driven.pilot.resize_terminal(80, 24)
        await driven.press("right")
        assert "one column" in driven.grid
        assert document.current_key == "checklist"


async def test_the_cursor_draws_its_own_column_alone(console: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(WIDE) as driven:
        document, drawn = page(driven), []
        await driven.press("right", "down")
        offset = document.cells_of(document.cursor)[0]
        monkeypatch.setattr(document, "refresh", lambda *regions, **_more: drawn.extend(regions))
        await driven.press("down")
        assert [(region.x, region.height) for region in drawn] == [(offset, 1)] * 2


async def test_what_is_opened_in_the_head_moves_both_columns(console: Open) -> None:
    async with console(WIDE) as driven:
        before = {line.split("  ")[0].strip(): n for n, line in enumerate(driven.grid.splitlines())}
        await driven.press("enter")
        lines = driven.grid.splitlines()
        heads = [n for n, line in enumerate(lines) if "Set-up checklist" in line and "Errors per month" in line]
        assert min(heads) > before["Set-up checklist"]
        await driven.press("enter")
        assert before == {line.split("  ")[0].strip(): n for n, line in enumerate(driven.grid.splitlines())}


async def test_only_what_differs_in_a_column_is_drawn(console: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(WIDE) as driven:
        document, drawn = page(driven), []
        head, left = [Block("h", (("head", ""),))], [Block("a", (("left", ""),)), Block("b", (("same", ""),))]
        document.show_flows((head, left, [Block("c", (("right", ""),))]))
        await driven.rest()
        monkeypatch.setattr(document, "refresh", lambda *regions, **_more: drawn.extend(regions))
        document.show_flows((head, left, [Block("c", (("other", ""),))]))
        offset = (120 - 2 - 2 * MARGIN - GAP) // 2 + GAP
        assert drawn == [Region(offset + 1, 1, 5, 1)]


async def test_a_click_goes_to_the_row_under_it(console: Open) -> None:
    async with console(WIDE) as driven:
        document = page(driven)
        top = next(n for n, line in enumerate(driven.grid.splitlines()) if "Set-up checklist" in line)
        for x, key in ((90, "chart"), (10, "checklist")):
            await driven.pilot.click(offset=(x, top))
            assert document.current_key == key


async def test_a_wider_terminal_draws_every_line_anew(console: Open) -> None:
    async with console((200, 60)) as driven:
        fresh = driven.grid
    async with console(WIDE) as driven:
        assert driven.grid != fresh
        await driven.pilot.resize_terminal(200, 60)
        await driven.rest()
        assert driven.grid == fresh


async def test_a_jump_never_ends_on_an_empty_line(console: Open) -> None:
    async with console() as driven:
        document = page(driven)
        document.show([Block("a", (("first", ""),)), *[blank(f"b{n}") for n in range(3)], Block("c", (("last", ""),))])
        for target, key in ((2, "c"), (1, "a")):
            document.go(target)
            assert document.current_key == key
        document.go(1)
        assert document.current_key == "b0"
