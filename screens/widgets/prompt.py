"""A line to type in, at the foot of the screen: a filter, a command, a user, a reason.

It takes its keys from the screen (see Console.on_key) and needs no focus, so nothing that is typed ahead is lost or
taken for a command; and it costs no more than any other line.
"""

from __future__ import annotations

from collections.abc import Callable, MutableSequence, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from screens.widgets.bars import Flash, to_front
from screens.widgets.ink import Bar, Line, Span, fit, width_of
from tui import figures
from tui.sanitise import one_line
from tui.words import pgettext


@dataclass(frozen=True, slots=True)
class Offer:
    """A word that can take the place of what was typed; `refused` says why it is not for now, "" where it is."""

    word: str
    refused: str = ""


ARROWS = {"up": -1, "ctrl+p": -1, "down": 1, "ctrl+n": 1}
Offers = Callable[[str], Sequence[Offer]]
"""What can become of what was typed so far, the best first."""


def of(choices: Sequence[str]) -> Offers:
    """The choices that begin with what was typed."""
    return lambda typed: [Offer(word) for word in choices if word.casefold().startswith(typed.casefold())]


class Prompt(Bar):
    """Opened with a word in front; Enter hands over what was typed, Esc nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self.entry = ""
        self._at = 0
        self._label = ""
        self._offers: Offers = of(())
        self._offered: Sequence[Offer] = ()
        self._on_typed: Callable[[str], None] | None = None
        self._on_arrow: Callable[[int], None] | None = None
        self._earlier: MutableSequence[str] | None = None
        self._walk: list[str] | None = None
        self._step = 0
        self._on_done: Callable[[str], None] | None = None
        self._on_left: Callable[[], None] | None = None
        self._keys: dict[str, Callable[[], None]] = {
            "enter": self._submit,
            "escape": self._leave,
            "ctrl+c": self._leave,
            "backspace": lambda: self._cut(self._at - 1, self._at),
            "delete": lambda: self._cut(self._at, self._at + 1),
            "ctrl+u": lambda: self._cut(0, self._at),
            "ctrl+k": lambda: self._cut(self._at, len(self.entry)),
            "ctrl+w": lambda: self._cut(self._word_before(), self._at),
            "left": lambda: self._go(self._at - 1),
            "right": self._advance,
            "tab": self._complete,
            "home": lambda: self._go(0),
            "ctrl+a": lambda: self._go(0),
            "end": lambda: self._go(len(self.entry)),
            "ctrl+e": lambda: self._go(len(self.entry)),
        }

    def ask(
        self,
        label: str,
        done: Callable[[str], None],
        *,
        value: str = "",
        typed: Callable[[str], None] | None = None,
        left: Callable[[], None] | None = None,
        choices: Sequence[str] = (),
        offers: Offers | None = None,
        arrow: Callable[[int], None] | None = None,
        earlier: MutableSequence[str] | None = None,
    ) -> None:
        """`done` gets the text on Enter, `typed` each change of it; `left` is called on Esc. Tab, or the right arrow at
        the end, completes to the best of `offers`, or of `choices`; they stand in the line while one types. `arrow`
        takes the arrows up and down (-1, 1) where a list stands above the line, and 0 where it is to be drawn again.
        Without it they bring back what was entered `earlier`, the newest last; what is entered now joins that."""
        self._offers, self._on_arrow = offers or of(choices), arrow
        self._earlier, self._walk = earlier, None
        self._label, self._on_done, self._on_typed, self._on_left = label, done, typed, left
        self.entry, self._at = value, len(value)
        self._offered = self._offers(value)
        self._draw()
        to_front(self)

    def on_resize(self) -> None:
        if self.open:
            self._draw()
            if self._on_arrow is not None:
                self._on_arrow(0)

    @property
    def open(self) -> bool:
        return bool(self.display)

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """The keys worth a hint, each with its word."""
        complete = [("tab", pgettext("key", "complete"))] if self._offers("") or self._offered else []
        return (("enter", pgettext("key", "ok")), ("escape", pgettext("key", "cancel")), *complete)

    def press(self, key: str, character: str | None) -> bool:
        """A key was pressed; whether the line had a use for it (pages are for the list behind it)."""
        if key in self._keys:
            self._keys[key]()
            return True
        if key in ARROWS:
            return self._arrow(ARROWS[key])
        if character is None or not character.isprintable():
            return False
        self.insert(character)
        return True

    def insert(self, text: str) -> None:
        """Put `text` in at the cursor."""
        text = one_line(text)
        self._change(self.entry[: self._at] + text + self.entry[self._at :], self._at + len(text))

    @property
    def _rest(self) -> str:
        """What is still missing of the first offer that begins with what was typed; "" where there is none."""
        if not self.entry or self._at < len(self.entry):
            return ""
        typed = self.entry.casefold()
        words = (offer.word for offer in self._offered)
        return next((word[len(typed) :] for word in words if word.casefold().startswith(typed)), "")

    def _complete(self) -> None:
        """To the best offer; once it stands there, to the next one."""
        words = [offer.word for offer in self._offered]
        if words:
            word = words[(words.index(self.entry) + 1) % len(words)] if self.entry in words else words[0]
            kept = self._offered
            self._change(word, len(word))
            self._offered = kept if len(kept) > 1 else self._offered
            self._draw()

    def _advance(self) -> None:
        if rest := self._rest:
            self.insert(rest)
        else:
            self._go(self._at + 1)

    def _arrow(self, step: int) -> bool:
        """Whether there is something above the line, or before it, to choose from."""
        if self._on_arrow is not None:
            self._on_arrow(step)
        elif self._earlier:
            self._look_back(step)
        return self._on_arrow is not None or self._earlier is not None

    def _look_back(self, step: int) -> None:
        """The line entered before this one (-1), or after it (1): after the newest stands what was being typed."""
        walk = self._walk
        if walk is None:
            walk = [*(line for line in self._earlier or () if line != self.entry), self.entry]
            self._step = len(walk) - 1
        self._step = max(0, min(self._step + step, len(walk) - 1))
        self._change(walk[self._step], len(walk[self._step]))
        self._walk = walk

    def _cut(self, start: int, end: int) -> None:
        start = max(0, start)
        self._change(self.entry[:start] + self.entry[end:], start)

    def _word_before(self) -> int:
        return self.entry[: self._at].rstrip().rfind(" ") + 1

    def _change(self, text: str, at: int) -> None:
        changed, self.entry = text != self.entry, text
        if changed:
            self._offered, self._walk = self._offers(text), None
        self._go(at)
        if changed and self._on_typed is not None:
            self._on_typed(text)

    def _go(self, at: int) -> None:
        self._at = max(0, min(at, len(self.entry)))
        self._draw()

    def _draw(self) -> None:
        room = max(8, self.screen.size.width - cell_len(self._label) - 4)
        start = 0
        while cell_len(self.entry[start : self._at]) >= room:
            start += 1
        before, under, after = (
            self.entry[start : self._at],
            self.entry[self._at : self._at + 1],
            self.entry[self._at + 1 :],
        )
        under, rest = under or self._rest[:1] or " ", self._rest[1:]
        entry: Line = ((f" {self._label} ", "accent"), (before, ""), (under, "entry"), (after, ""), (rest, "dim"))
        self.say(entry, self._matches(self.screen.size.width - width_of(entry) - 3))

    def _matches(self, room: int) -> Line:
        """The offers, as many as there is room for; why the best one is refused, if it is."""
        if [offer.word for offer in self._offered] == [self.entry]:
            return ((fit(self._offered[0].refused, room), "dim"),) if self._offered[0].refused else ()
        spans: list[Span] = []
        for offer in self._offered:
            told = f"  {offer.word}"
            if offer is self._offered[0] and offer.refused:
                whole = figures.pair(told, offer.refused)
                told = fit(whole, min(room, cell_len(whole)))
            if cell_len(told) > room:
                break
            spans.append((told, "dim" if offer.refused else ""))
            room -= cell_len(told)
        return (*spans, (" ", "")) if spans else ()

    def _submit(self) -> None:
        self._close()
        entry = self.entry.strip()
        if self._earlier is not None and entry:
            while entry in self._earlier:
                self._earlier.remove(entry)
            self._earlier.append(entry)
        if self._on_done is not None:
            self._on_done(entry)

    def _leave(self) -> None:
        self._close()
        if self._on_left is not None:
            self._on_left()

    def _close(self) -> None:
        to_front(self.screen.query_one(Flash))
