"""The console's colours: exact colours of the 256-colour cube, so that a terminal without true colour shows the same.

SSH does not forward COLORTERM, so most people see 256 colours, some 16 (reference/tui-practice.md, 4.2).
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="passerelle-dark",
    dark=True,
    primary="#5fafd7",
    secondary="#9e9e9e",
    accent="#87afd7",
    success="#87af5f",
    warning="#d7af5f",
    error="#ff5f5f",
    foreground="#d0d0d0",
    background="#121212",
    surface="#1c1c1c",
    panel="#303030",
)
LIGHT = Theme(
    name="passerelle-light",
    dark=False,
    primary="#005f87",
    secondary="#626262",
    accent="#005faf",
    success="#005f00",
    warning="#875f00",
    error="#af0000",
    foreground="#262626",
    background="#ffffff",
    surface="#eeeeee",
    panel="#e4e4e4",
)
THEMES = ("dark", "light", "ansi")
"""The names that a person may give."""
NAMES = {
    "": DARK.name,
    "auto": DARK.name,
    "dark": DARK.name,
    "light": LIGHT.name,
    "ansi": "ansi-dark",
    "ansi-dark": "ansi-dark",
    "ansi-light": "ansi-light",
}


def choose(asked: str, color_system: str | None, *, no_color: bool = False) -> str:
    """The theme to use: the one asked for; with 16 colours, or without colours, the terminal's own palette."""
    if color_system == "standard" or no_color:
        return "ansi-light" if asked in {"light", "ansi-light"} else "ansi-dark"
    return NAMES.get(asked, asked)


INKS: Mapping[str, tuple[str, str, str]] = {
    "plain": ("foreground", "background", ""),
    "dim": ("secondary", "", ""),
    "strong": ("", "", "bold"),
    "accent": ("primary", "", ""),
    "head": ("primary", "", "bold"),
    "ok": ("success", "", ""),
    "bad": ("error", "", ""),
    "warn": ("warning", "", ""),
    "wait": ("accent", "", ""),
    "cursor": ("", "panel", ""),
    "match": ("warning", "", "underline"),
    "entry": ("", "", "reverse"),
    "bar": ("", "surface", ""),
    "rule": ("", "surface", ""),
    "question": ("", "surface", "bold"),
    "key": ("primary", "", "bold"),
    "production": ("background", "error", "bold"),
    "sandbox": ("background", "warning", "bold"),
    "practice": ("background", "success", "bold"),
    "readonly": ("background", "secondary", ""),
    "write": ("background", "error", "bold"),
}
"""What each ink is: the theme's colour for text and for the ground, and a style; empty: as what it is drawn on."""

ANSI: Mapping[str, tuple[str, str, str]] = {
    "dim": ("", "", "dim"),
    "cursor": ("", "", "reverse"),
    "rule": ("", "", "bold"),
    "wait": ("secondary", "", ""),
    "production": ("error", "", "bold reverse"),
    "sandbox": ("warning", "", "bold reverse"),
    "practice": ("success", "", "bold reverse"),
    "readonly": ("", "", "reverse"),
    "write": ("error", "", "bold reverse"),
}
"""With 16 colours: the terminal's own palette, and reversed video where a ground would be needed."""

ANSI_DARK: Mapping[str, tuple[str, str, str]] = {
    "accent": ("secondary", "", ""),
    "head": ("secondary", "", "bold"),
    "key": ("secondary", "", "bold"),
}
"""On a dark ground: cyan, for many terminals draw blue so dark that it is hardly read."""

NO_COLOR: Mapping[str, tuple[str, str, str]] = {"bad": ("", "", "bold"), "warn": ("", "", "bold")}
"""Without colours: what is wrong stands out all the same."""


def inks(theme: Theme, *, no_color: bool = False) -> dict[str, Style]:
    """Each ink in the colours of that theme, as Rich draws it; with `no_color` bold, dim and reversed video alone."""
    variables = theme.to_color_system().generate()
    table = {
        **INKS,
        **(ANSI if theme.ansi else {}),
        **(ANSI_DARK if theme.ansi and theme.dark else {}),
        **(NO_COLOR if no_color else {}),
    }

    def colour(name: str) -> str | None:
        if not name or no_color:
            return None
        value = Color.parse(variables[name])
        return value.rich_color.name if value.a else None  # transparent: what the terminal has there

    return {
        name: Style.parse(style) + Style(color=colour(text), bgcolor=colour(ground))
        for name, (text, ground, style) in table.items()
    }
