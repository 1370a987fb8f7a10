"""Who is meant: the people known here that fit what is typed, best first, above the line to type in.

Known are those whom the report names and those who were found or checked. Whom nobody here knows Salesforce is asked
for, on Enter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screens.glyphs import glyph
from screens.state import Store
from screens.widgets.ink import Line, fit
from screens.widgets.query import plain
from screens.widgets.sheet import Part
from screens.words import number
from tui.words import _, ngettext

if TYPE_CHECKING:
    from screens.base import ConsoleScreen

ROWS = 6
WIDEST = 100
"""Cells of a line: on a wide terminal the eye need not cross it to see who has how many errors."""
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_ID = re.compile(r"005[0-9a-zA-Z]{12}(?:[0-9a-zA-Z]{3})?")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known here; `query` names them to Salesforce, `errors` is how many rows of the report do."""

    query: str
    name: str
    address: str = ""
    username: str = ""
    errors: int = 0

    @property
    def texts(self) -> tuple[str, ...]:
        """What is looked in, plain."""
        return plain(self.name), plain(self.address), plain(self.username)


def known(store: Store) -> list[Person]:
    """Those of the report, the newest error first, then those who were found or checked."""
    report = store.errors.value
    rows = report.rows if report is not None else ()
    counts = Counter(row.user_id or row.user_name for row in rows)
    people: dict[str, Person] = {}
    with_id = {row.user_name for row in rows if row.user_id}
    for row in rows:
        query = row.user_id or row.user_name
        if query and query not in people and (row.user_id or row.user_name not in with_id):
            user = store.users.get(query)
            address = user.email if user else next(filter(_ADDRESS.fullmatch, row.cells.values()), "")
            people[query] = Person(query, row.user_name, address, user.username if user else "", counts[query])
    for user in store.users.values():
        people.setdefault(user.id, Person(user.id, user.name, user.email, user.username))
    return list(people.values())


def best(people: Sequence[Person], text: str, limit: int) -> list[Person]:
    """Who fits every word of the text, the closest first; equally close ones as they came."""
    words = plain(text).split()
    ranked = [(rank, place) for place, person in enumerate(people) if (rank := _rank(words, person.texts)) is not None]
    return [people[place] for _rank_, place in sorted(ranked)[:limit]]


def _rank(words: Sequence[str], texts: Sequence[str]) -> int | None:
    """How far the words are from the texts; None where one of them is not there at all."""
    total = 0
    for word in words:
        ranks = [rank for text in texts if (rank := _distance(word, text)) is not None]
        if not ranks:
            return None
        total += min(ranks)
    return total


def _distance(word: str, text: str) -> int | None:
    """0: the text begins with the word; 1: a part of it does; 2: the word stands in it; 3: its letters do, in order,
    from the beginning of a part."""
    if text.startswith(word):
        return 0
    if any(part.startswith(word) for part in re.split(r"[\s.@'_-]", text)):
        return 1
    if word in text:
        return 2
    starts = (match.start() for match in re.finditer(rf"(?<![^\s.@'_-]){re.escape(word[0])}", text))
    return 3 if any(_in_order(word, text[start:]) for start in starts) else None


def _in_order(word: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in word)


def ask_first(text: str, people: Sequence[Person], found: Sequence[Person]) -> bool:
    """Whether Salesforce is asked rather than the best of those found opened: nobody fits, an address or id is not the
    best one's own, or somebody else has the same name."""
    if not found:
        return True
    top, typed = found[0], plain(text)
    if "@" in text or _ID.fullmatch(text):
        return typed not in {*top.texts, plain(top.query)}
    return sum(plain(person.name) == plain(top.name) for person in people) > 1


class Finder:
    """Drives the line to type in, and the few lines above it."""

    def __init__(self, screen: ConsoleScreen) -> None:
        self._screen = screen
        self._report = screen.store.errors.value
        self._people = known(screen.store)
        self._offers: list[Person | None] = []
        self._chosen = -1
        self._text = ""

    def open(self) -> None:
        self._screen.prompt.ask(_("User:"), self._done, typed=self._typed, left=self._close, arrow=self._move)
        self._typed("")

    def _typed(self, text: str) -> None:
        self._text = text.strip()
        if self._report is not self._screen.store.errors.value:  # it came while the line was open
            self._report, self._people = self._screen.store.errors.value, known(self._screen.store)
        found = best(self._people, self._text, ROWS - 1 if self._text else ROWS)
        self._offers = list(found)
        if self._text:
            self._offers.insert(0 if ask_first(self._text, self._people, found) else len(found), None)
        self._chosen = 0 if self._text else -1
        self._show()

    def _move(self, steps: int) -> None:
        if steps:
            self._chosen = max(0, min(self._chosen + steps, len(self._offers) - 1))
        self._show()

    def _show(self) -> None:
        parts = [Part(self._line(place, offer), whole=True) for place, offer in enumerate(self._offers)]
        blanks = [Part((("", ""),), whole=True)] * (ROWS - len(parts))
        if any(self._offers):
            title = _("Known here: the arrows choose, Enter opens")
        else:
            title = _("Nobody known here matches") if self._text else _("Nobody is known here yet")
        self._screen.sheet.show(title, parts + blanks)

    def _line(self, place: int, offer: Person | None) -> Line:
        chosen, room = place == self._chosen, self._screen.size.width - 2
        sign = (glyph("cursor"), "accent") if chosen else (" ", "")
        if offer is None:
            told = _("Ask Salesforce for “{text}”").format(text=self._text)
            return sign, (fit(f" {told}", room), "cursor" if chosen else "accent")
        errors = ngettext("{n} error", "{n} errors", offer.errors) if offer.errors else ""
        errors = errors.format(n=number(offer.errors))
        width = min(room, WIDEST)
        name = max(20, width // 3)
        line = f" {fit(offer.name, name)}  {fit(offer.address or offer.query, width - name - 16)}  {errors:>11}"
        return sign, (fit(line, room), "cursor" if chosen else "")

    def _done(self, _text: str) -> None:
        self._close()
        if not 0 <= self._chosen < len(self._offers):
            return
        offer = self._offers[self._chosen]
        if offer is None:
            self._screen.host.find_user(self._text)
        else:
            self._screen.host.open_user(offer.query, offer.name)

    def _close(self) -> None:
        self._screen.sheet.close()
