"""A conversation on a plain terminal: wrapped text, questions with answers to keep, and ways to leave a question."""

from __future__ import annotations

import shutil
import sys
import termios
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import suppress

import click

from screens.glyphs import glyph
from tui import figures
from tui.output import note
from tui.questions import Question
from tui.sanitise import one_line
from tui.words import _

WIDEST = 88
BACK, LATER, EXPLAIN, EMPTY = "<", "!", "?", "-"


class Back(Exception):  # noqa: N818 - reads as what was asked for
    """One step back."""


class Later(Exception):  # noqa: N818 - the same
    """Leave this stage for later."""


def begin() -> None:
    """Lines can be edited, and a pasted text comes as one, where Python has readline."""
    with suppress(ImportError):
        import readline  # noqa: F401 - importing it is what does it


def say(text: str = "", *, indent: int = 0, hang: int = 0) -> None:
    """A paragraph, wrapped to the terminal, its further lines `hang` deeper; a long word, such as an address, stays
    whole."""
    width = min(WIDEST, max(40, shutil.get_terminal_size().columns - 1))
    first, others = " " * indent, " " * (indent + hang)
    wrapped = textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )
    note(wrapped)


def title(text: str) -> None:
    """The head of a step."""
    note(f"\n{text}\n{glyph('rule') * len(text)}")


def typed(prompt: str) -> str:
    """What the person types at that prompt. Raises click.Abort at Ctrl+C and at the end of the input."""
    return str(click.prompt(one_line(prompt), default="", show_default=False, prompt_suffix=" ", err=True)).strip()


def forget_what_follows() -> None:
    """The rest of something pasted is no answer to the next question."""
    with suppress(termios.error, OSError, ValueError):
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def ask(question: Question, *, explained: bool = False, skippable: bool = True) -> str:
    """The answer to that question, explained unless it was before: Enter keeps the one there is, a number takes the
    choice of that number. Raises Back, Later, click.Abort."""
    if not explained:
        say()
        explain(question)
    while True:
        kept = f" [{question.value}]" if question.value else ""
        text = typed(figures.label(f"{question.label}{kept}"))
        if text == BACK:
            raise Back
        if text == LATER and skippable:
            raise Later
        if text == EXPLAIN:
            explain(question)
        elif text == EMPTY:
            return ""
        elif text or question.value or question.optional:
            return _chosen(text, question) if text else question.value


def explain(question: Question) -> None:
    """What the question is for, what is to be copied for it, and the choices."""
    say(question.help)
    for line in question.lines:
        note(f"    {line}")
    for number, choice in enumerate(question.choices, 1):
        shown = choice.label if not choice.value else figures.pair(choice.value, choice.label)
        say(f"{number}  {one_line(shown)}", indent=2, hang=3)


def _chosen(text: str, question: Question) -> str:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(question.choices):
        return question.choices[int(text) - 1].value
    return text


def choose(prompt: str, choices: Mapping[str, str], default: str = "") -> str:
    """One of the letters of `choices` (letter -> what it does); Enter takes `default`. Raises click.Abort."""
    say()
    for letter, meaning in choices.items():
        note(f"  {letter}  {meaning}" + (_(" (Enter)") if letter == default else ""))
    while True:
        text = typed(prompt).casefold() or default
        if text in choices:
            return text
        say(_("Type one of: {letters}").format(letters=", ".join(choices)))


def pasted(prompt: str) -> str:
    """Several lines, up to an empty one. Raises click.Abort."""
    say(prompt)
    lines: Sequence[str] = ()
    while line := typed(">"):
        lines = (*lines, line)
    return "\n".join(lines)
