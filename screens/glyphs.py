"""The few signs that the console draws: single-width ones, and an ASCII set on request.

A sign never stands alone: a word says the same beside it.
"""

from __future__ import annotations

from tui.kinds import RowState, Status
from tui.sanitise import PLAIN_SIGNS

_FINE = {
    "cursor": "▌",
    "ellipsis": "…",
    "dot": "·",
    "arrow": "›",
    "rule": "─",
    "bullet": "–",
    "open": "▾",
    "closed": "▸",
    "pending": "·",
    "mark": "•",
    "rising": "↑",
    "falling": "↓",
    "branch": "├",
    "last": "└",
    Status.PASS: "✓",
    Status.WARN: "!",
    Status.WAIT: "◷",
    Status.FAIL: "✗",
    Status.SKIP: "–",
    Status.UNKNOWN: "?",
    RowState.NEW: "*",
    RowState.SEEN: "·",
    RowState.CHECKED: "✓",
    RowState.ACKNOWLEDGED: "=",
    RowState.OLD: "–",
    RowState.GONE: "×",
}
_ASCII = {
    "cursor": "#",
    "ellipsis": "~",
    "dot": "-",
    "arrow": ">",
    "rule": "-",
    "bullet": "-",
    "open": "v",
    "closed": ">",
    "pending": ".",
    "mark": "*",
    "rising": "^",
    "falling": "v",
    "branch": "|",
    "last": "`",
    Status.PASS: "+",
    Status.WARN: "!",
    Status.WAIT: "@",
    Status.FAIL: "x",
    Status.SKIP: "-",
    Status.UNKNOWN: "?",
    RowState.NEW: "*",
    RowState.SEEN: ".",
    RowState.CHECKED: "+",
    RowState.ACKNOWLEDGED: "=",
    RowState.OLD: "-",
    RowState.GONE: "x",
}
_BARS = {False: "·▁▂▃▄▅▆▇█", True: ".:-=+*#%@"}
_PLAIN = str.maketrans({sign: plain for sign, plain in PLAIN_SIGNS.items() if sign > "ÿ"})
"""What shows é shows « too: only signs beyond Latin-1 are replaced."""
_SPIN = {False: "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", True: "|/-\\"}

_ascii = False


def use(*, ascii_only: bool) -> None:
    """Draw with the ASCII set, or with the fine one, from now on."""
    global _ascii
    _ascii = ascii_only


def glyph(name: str) -> str:
    """The sign of that name (one cell wide)."""
    return (_ASCII if _ascii else _FINE)[name]


def plain(text: str) -> str:
    """`text` with the signs of print (quotes, dashes, dots) as the set in use has them; letters stay as they are."""
    return text.translate(_PLAIN) if _ascii else text


def spin(turn: int) -> str:
    """The spinner's sign for that turn."""
    signs = _SPIN[_ascii]
    return signs[turn % len(signs)]


def bar(value: int, tallest: int) -> str:
    """The sign for a bar of that height: the lowest for none, the next for the least there can be."""
    signs = _BARS[_ascii]
    return signs[-(-value * (len(signs) - 1) // tallest)] if tallest else signs[0]
