"""Names from outside never reach the terminal raw, are never taken for markup, and never break a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens import engine as room
from screens.widgets.ink import fit, right, width_of, wrap
from tests.console import data
from tests.console.conftest import SIZES, Open
from tui.model import Verdict

EVIL = (
    "\x1b]52;c;ZXZpbA==\x07Ann",
    "\x1b[31mred\x1b[0m",
    "\x9b2Jgone",
    "[/] [bold]x[/bold] [link=http://evil]y[/link] [@click=app.quit]q[/]",
    "\u202egnp.exe",
    "zero\u200bwidth\u2066\u2069",
    "two\nlines\tand\ra return",
    "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
    "x" * 5000,
)
UNSAFE = set("\x1b\x9b\x07\u202e\u200b\u2066\u2069\r\t")


@pytest.mark.parametrize("number", range(len(EVIL)))
async def test_a_hostile_name_is_drawn_harmless_on_every_screen(number: int, console: Open) -> None:
    name, size = EVIL[number], SIZES[number % 2]
    someone = data.user(name=name, email=name, username=name, profile=name)
    rows = tuple(data.row(n, user_id=someone.id, user_name=name, text=name, cells={name: name}) for n in range(3))
    plan = data.plan(user=someone, warnings=(name,), before={name: name})
    result = data.check(Verdict.RESET, user=someone, sentence=name, not_tested=(name,))
    answers = {
        "LoadErrors": lambda t, _r: [room.ErrorsLoaded(t, data.report(rows=rows, as_user=name))],
        "CheckUser": lambda t, _r: [room.StepsPlanned(t, someone, data.STEPS), room.CheckDone(t, result)],
        "PlanReset": lambda t, _r: [room.ResetPlanned(t, plan)],
        "FindUsers": lambda t, _r: [room.UsersFound(t, (someone, data.user(1)), name)],
    }
    drawn: list[str] = []
    async with console(size, write=True, **answers) as driven:
        for keys in (
            ("2",),
            ("slash", "x", "escape"),
            ("enter",),
            ("R",),
            ("n",),
            ("G",),
            ("t", "x", "at", "y", "enter"),
        ):
            await driven.press(*keys)
            drawn += [strip.text for strip in driven.app.screen._compositor.render_strips()]
        await driven.rest()
        assert driven.shown == "pick"
    assert not UNSAFE & set("".join(drawn))
    assert {cell_len(line) for line in drawn} == {size[0]}
    if name.startswith("["):
        assert any("[/] [bold]x" in line for line in drawn)


texts = st.text(max_size=60)


@given(texts, st.integers(0, 40))
def test_fit_takes_exactly_its_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(right(text, width)) == width


@given(
    st.lists(st.tuples(texts, st.sampled_from(["", "dim", "bad"])), max_size=5), st.integers(8, 60), st.integers(0, 40)
)
def test_wrap_keeps_every_word_and_the_width(spans: list[tuple[str, str]], width: int, hang: int) -> None:
    lines = wrap(tuple(spans), width, hang=hang)
    assert lines
    assert all(width_of(line) <= width for line in lines)
    kept = "".join("".join(text for text, _ink in line) for line in lines)
    from tui.sanitise import one_line

    assert "".join(kept.split()) == "".join("".join(one_line(text) for text, _ink in spans).split())
