"""Colours by what the terminal can show, and the line to type in."""

from __future__ import annotations

import pytest
from textual import events
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from screens import themes
from screens.widgets.prompt import Prompt
from tests.console.conftest import Driven, Open
from tui.look import Look

CUBE = {"00", "5f", "87", "af", "d7", "ff"}


@pytest.mark.parametrize("theme", [themes.DARK, themes.LIGHT], ids=lambda theme: theme.name)
def test_every_colour_of_our_themes_is_one_of_the_256(theme: Theme) -> None:
    for name in (
        "primary",
        "secondary",
        "accent",
        "success",
        "warning",
        "error",
        "foreground",
        "background",
        "surface",
    ):
        value = str(getattr(theme, name)).removeprefix("#")
        parts = {value[:2], value[2:4], value[4:]}
        grey = len(parts) == 1 and (int(value[:2], 16) - 8) % 10 == 0
        assert parts <= CUBE or grey, (name, value)


@pytest.mark.parametrize(
    ("asked", "depth", "theme"),
    [
        ("", "truecolor", "passerelle-dark"),
        ("", "256", "passerelle-dark"),
        ("", "standard", "ansi-dark"),
        ("light", "256", "passerelle-light"),
        ("light", "standard", "ansi-light"),
        ("ansi", "256", "ansi-dark"),
        ("nord", "256", "nord"),
    ],
)
def test_sixteen_colours_get_the_terminals_own_palette(asked: str, depth: str, theme: str) -> None:
    assert themes.choose(asked, depth) == theme


async def test_sixteen_colours_are_detected(console: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_COLOR_SYSTEM", "standard")
    async with console(look=Look(theme="ansi")) as driven:
        assert driven.app.theme == "ansi-dark"
        assert driven.app.inks["cursor"].reverse
        assert "✓ passed" in driven.grid


async def test_without_colour_the_words_are_all_there(console: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with console() as driven:
        for word in ("PRACTICE", "READ-ONLY", "✗ failed", "▌"):
            assert word in driven.grid


async def entry(driven: Driven) -> Prompt:
    await driven.press("t")
    return driven.app.screen.query_one(Prompt)


async def test_the_entry_is_edited_as_one_is_used_to(console: Open) -> None:
    async with console() as driven:
        line = await entry(driven)
        await driven.type("ann example")
        for keys, text in (
            (("backspace",), "ann exampl"),
            (("home", "delete"), "nn exampl"),
            (("A",), "Ann exampl"),
            (("end", "e"), "Ann example"),
            (("ctrl+w",), "Ann "),
            (("left", "left", "ctrl+k"), "An"),
            (("ctrl+a", "right", "x"), "Axn"),
            (("ctrl+e", "ctrl+u"), ""),
        ):
            await driven.press(*keys)
            assert line.entry == text
        await driven.press("escape")
        assert not line.open
        assert driven.shown == "overview"


async def test_what_is_pasted_is_one_harmless_line(console: Open) -> None:
    async with console() as driven:
        line = await entry(driven)
        driven.app.post_message(events.Paste("ann\x1b[31m\nexample\x07"))
        await driven.rest()
        assert line.entry.split() == ["ann\ufffd[31m", "example\ufffd"]


async def test_a_long_entry_keeps_its_end_in_sight(console: Open) -> None:
    async with console() as driven:
        await entry(driven)
        await driven.type("x" * 200 + "end")
        assert "end" in driven.grid.splitlines()[-2]


async def test_pages_move_the_list_behind_the_entry(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "slash", "pagedown", "pagedown", "pageup")
        assert "▌ 2026-11-22 00:00 Chen Wei" in driven.grid


async def test_without_colour_no_ink_has_one(console: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with console() as driven:
        assert driven.app.theme == "ansi-dark"
        assert all(ink.color is None and ink.bgcolor is None for ink in driven.app.inks.values())
        assert driven.app.inks["bad"].bold
        assert driven.app.inks["cursor"].reverse
        await driven.command("theme light")
        assert driven.app.theme == "ansi-light"
        assert all(ink.color is None for ink in driven.app.inks.values())


def luminance(value: str) -> float:
    """Of a colour, as WCAG 2 has it: 0 is black, 1 white."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in Color.parse(value).normalized
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@pytest.mark.parametrize("theme", [themes.DARK, themes.LIGHT], ids=lambda theme: theme.name)
def test_every_text_is_readable_on_every_ground_that_it_is_drawn_on(theme: Theme) -> None:
    colours = theme.to_color_system().generate()
    texts = {text for text, ground, _style in themes.INKS.values() if text and not ground}
    for text in texts:
        for ground in ("background", "surface", "panel"):
            darker, lighter = sorted((luminance(colours[text]), luminance(colours[ground])))
            assert (lighter + 0.05) / (darker + 0.05) >= 4.4, (text, ground)


@pytest.mark.parametrize("name", ["ansi-dark", "ansi-light"])
def test_with_16_colours_no_ground_but_the_terminals_own_is_drawn(name: str) -> None:
    for ink, style in themes.inks(BUILTIN_THEMES[name]).items():
        assert style.bgcolor is None or style.bgcolor.is_default, ink
