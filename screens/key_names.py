"""Keys as a person would write them."""

from __future__ import annotations

from textual.keys import format_key, key_to_character

from screens.glyphs import glyph
from tui.words import N_, _

KEY_NAMES = {
    "escape": N_("Esc"),
    "enter": N_("Enter"),
    "space": N_("Space"),
    "tab": N_("Tab"),
    "backspace": N_("Backspace"),
    "delete": N_("Del"),
    "insert": N_("Ins"),
    "pagedown": N_("PgDn"),
    "pageup": N_("PgUp"),
    "home": N_("Home"),
    "end": N_("End"),
}
ARROWS = {"up": "rising", "down": "falling"}


def key_name(key: str) -> str:
    """A key as a person would write it."""
    if key in ARROWS:
        return glyph(ARROWS[key])
    if key in KEY_NAMES:
        return _(KEY_NAMES[key])
    *held, last = key.split("+")
    if held:
        shown = key_name(last)
        return "+".join((*(word.capitalize() for word in held), shown.upper() if len(shown) == 1 else shown))
    sign = key_to_character(key)
    return sign if sign and sign.isprintable() else format_key(key).upper()
