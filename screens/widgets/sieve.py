"""What a filter lets through, worked out a slice at a time: a letter typed on a hundred thousand rows is answered with
the first that fit, and the rest follow while keys are heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf
from time import perf_counter
from typing import Generic, TypeVar

from screens.widgets.query import Term, plain

T = TypeVar("T")

SLICE = 1_000
"""Items that are looked at in one go."""


class Sieve(Generic[T]):
    """`text_of` gives what a condition on a field looks in, "" being the whole row; its plain form is kept until
    `forget`."""

    def __init__(self, text_of: Callable[[str, T], str]) -> None:
        self._text_of = text_of
        self._items: Sequence[T] = ()
        self._terms: tuple[Term, ...] = ()
        self._through: list[T] = []
        self._tried = 0
        self._plains: dict[str, list[str]] = {}
        self._known: dict[str, str] = {}

    def fill(self, items: Sequence[T]) -> None:
        """Other items, or the same in another order."""
        self._items = items
        self.forget()
        self.ask(self._terms)

    def ask(self, terms: tuple[Term, ...]) -> None:
        """Begin anew, with these conditions."""
        self._terms, self._through, self._tried = terms, [], 0

    def forget(self) -> None:
        """Let go of what conditions look in."""
        self._plains, self._known = {}, {}

    @property
    def asked(self) -> tuple[Term, ...]:
        return self._terms

    @property
    def through(self) -> Sequence[T]:
        """The items that fit, in their order; until it is `done`, those that were found so far."""
        return self._through if self._terms else self._items

    @property
    def done(self) -> bool:
        return not self._terms or self._tried == len(self._items)

    @property
    def prepared(self) -> bool:
        """Whether the next condition on whole rows finds all that it looks in."""
        return len(self._plains.get("", ())) == len(self._items)

    def prepare(self) -> None:
        """One slice of what a condition on whole rows looks in."""
        self._plain("", len(self._plains.get("", ())) + SLICE)

    def go_on(self, seconds: float = inf) -> None:
        """Look at further items for about that long, at one slice at least."""
        end = perf_counter() + seconds
        while not self.done:
            self._look()
            if perf_counter() >= end:
                break

    def lets(self, item: T) -> bool:
        """Whether that item fits."""
        return all(term.among([plain(self._text_of(term.field, item))], [0]) for term in self._terms)

    def _look(self) -> None:
        end = min(self._tried + SLICE, len(self._items))
        left: Iterable[int] = range(self._tried, end)
        for term in self._terms:
            left = term.among(self._plain(term.field, end), left)
        self._through += [self._items[place] for place in left]
        self._tried = end

    def _plain(self, field: str, end: int) -> Sequence[str]:
        """The plain texts of at least so many items; equal cells of a column share one copy."""
        made = self._plains.setdefault(field, [])
        texts = (self._text_of(field, item) for item in self._items[len(made) : end])
        if not field:
            made += map(plain, texts)
        else:
            known = self._known
            made += [known[text] if text in known else known.setdefault(text, plain(text)) for text in texts]
        return made
