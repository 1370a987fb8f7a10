"""What can be taken away from a screen: pieces of text to copy, links, a list to write to a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.sanitise import redact, sanitise
from tui.words import N_, _

if TYPE_CHECKING:
    from tui.model import User

KINDS: Mapping[str, tuple[str, str]] = {
    "address": ("a", N_("address")),
    "name": ("n", N_("name")),
    "username": ("u", N_("username")),
    "id": ("i", N_("id")),
    "error": ("e", N_("error text")),
    "cause": ("c", N_("cause id")),
    "link": ("o", N_("link")),
    "line": ("l", N_("whole line")),
    "record": ("w", N_("whole record")),
    "page": ("p", N_("whole page")),
    "text": ("t", N_("whole text")),
}
"""What a piece is: the letter that chooses it, and its name."""

LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Copy:
    """A piece of text that can be copied. `kind` is one of KINDS; `label` says more where its name is not enough."""

    kind: str
    text: str
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or _(KINDS[self.kind][1])

    @property
    def plain(self) -> str:
        """The whole text, harmless wherever it is pasted."""
        return sanitise(redact(self.text), limit=LONGEST)


@dataclass(frozen=True, slots=True)
class Export:
    """A list that can be written to a file. `name` begins the file's name; `items` says what goes into it, once that is
    wanted; `cells` makes a row of each, beside the loop that draws: it may only look at what does not change."""

    name: str
    headings: tuple[str, ...]
    items: Callable[[], Sequence[Any]]
    cells: Callable[[Any], Sequence[Any]]


def of_user(user: User) -> tuple[Copy, ...]:
    """The pieces that say who somebody is."""
    return (
        Copy("address", user.email),
        Copy("id", user.id),
        Copy("username", user.username),
        Copy("name", user.name),
    )


def keyed(copies: Iterable[Copy]) -> dict[str, Copy]:
    """The pieces that hold something, each once, by the key that chooses it: the letter of its kind, or a number where
    several are of one kind."""
    chosen: dict[str, Copy] = {}
    numbers = iter("123456789")
    for copy in copies:
        if not copy.text or any(copy.text == other.text and copy.kind == other.kind for other in chosen.values()):
            continue
        letter = KINDS[copy.kind][0]
        key = letter if letter not in chosen else next(numbers, "")
        if key:
            chosen[key] = copy
    return chosen


_LINK = re.compile(r"https?://[^\s<>\"“”«»]+")
_SCOPES = "https://www.googleapis.com/auth/"
"""What a scope of Google's begins with: it looks like a link, and there is no page behind it."""


def links_in(*texts: str) -> tuple[str, ...]:
    """Every link in the texts, each once, without the full stop that ends the sentence around it."""
    found = (link.rstrip(".,;:!?)]}'") for text in texts for link in _LINK.findall(text))
    return tuple(dict.fromkeys(link for link in found if not link.startswith(_SCOPES)))
