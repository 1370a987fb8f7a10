"""A budget of design.md, and how what was measured stands against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table. `within` is None where it could not be measured here; `value` then says why."""

    what: str
    value: str
    budget: str
    within: bool | None

    def __str__(self) -> str:
        word = {True: "within", False: "MISSED", None: "not measured"}[self.within]
        return f"{self.what:<54} {self.value:>26}   {self.budget:<20} {word}"


def at_most(what: str, value: float, limit: float, form: str = "{:.0f}", more: str = "") -> Measured:
    """`value` against an upper bound; both written in `form`, the value with `more` behind it."""
    return Measured(what, form.format(value) + more, "at most " + form.format(limit), value <= limit)


def at_least(what: str, value: float, limit: float, form: str = "{:.0f}", more: str = "") -> Measured:
    """`value` against a lower bound."""
    return Measured(what, form.format(value) + more, "at least " + form.format(limit), value >= limit)


def not_measured(what: str, why: str, budget: str) -> Measured:
    """A line for what cannot be measured here."""
    return Measured(what, why, budget, None)


Bench = Callable[[], Iterator[Measured]]
