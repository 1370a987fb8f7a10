"""What is wrong in a config file, in our own words: one `Problem` for each error that pydantic found.

A sentence repeats a wrong value only where the value is one of a few words, and then cut short and redacted.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from tui import figures
from tui.sanitise import one_line, redact
from tui.words import N_, _

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED = re.compile(r"'([^']*)'")
_SECRET = re.compile(r"secret|passw|token|private|credential|api_?key|session", re.IGNORECASE)

# pydantic's name of an error -> our sentence. Braces are filled from the error's context.
_SENTENCES = {
    "string_type": N_("This must be a text in quotes."),
    "bool_type": N_("This must be true or false, without quotes."),
    "int_type": N_("This must be a whole number, without quotes."),
    "float_type": N_("This must be a number, without quotes."),
    "finite_number": N_("This must be an ordinary number."),
    "tuple_type": N_("This must be a list in square brackets."),
    "dict_type": N_("This must be a table of keys and values."),
    "model_type": N_("This must be a table of keys and values."),
    "date_type": N_("This must be a date such as 2026-01-31, without quotes."),
    "greater_than_equal": N_("This must be {ge} or more."),
    "less_than_equal": N_("This must be {le} or less."),
    "less_than": N_("This must be less than {lt}."),
    "string_too_short": N_("This must not be empty."),
    "string_too_long": N_("This is too long: at most {max_length} characters."),
    "too_short": N_("This list must not be empty."),
}
_ELSE = N_("This value cannot be used here.")
# Unknown keys that deserve more than "unknown".
_EXPLAINED = {
    "configurations": N_("This must be a list of sections, each headed [[configurations]] in double brackets."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a config file. `key` is dotted, such as `configurations[0].events.direction` (counted from 0),
    "" for the file as a whole."""

    key: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.key}: {self.sentence}" if self.key else self.sentence


def problems_of(error: ValidationError, model: type[BaseModel], data: Mapping[str, Any]) -> list[Problem]:
    """One problem for each error found in `data`, the content of a file that `model` describes."""
    found = []
    for item in error.errors(include_url=False):
        where = item["loc"]
        # A default that rests on another field is not made when that field is wrong: no problem of its own.
        if item["type"] != "default_factory_not_called":
            found.append(Problem(dotted(where), _named(where, data, _sentence(item, where, model))))
    return found


def dotted(where: Iterable[int | str]) -> str:
    """A place in the file as a dotted key."""
    text = ""
    for part in where:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part != "[key]":
            name = one_line(part, limit=80)
            text += ("." if text else "") + (name if _BARE.fullmatch(name) else '"' + name.replace('"', '\\"') + '"')
    return text


def choose(value: object, choices: Iterable[str]) -> str:
    """The sentence for a value that is none of `choices`, with the nearest of them."""
    known = list(choices)
    if not isinstance(value, str):
        return _("This must be one of: {choices}.").format(choices=_list(known))
    near = nearest(value, known)
    if not near:
        return _("{value} is not one of: {choices}.").format(value=_quoted(value), choices=_list(known))
    return _("{value} is not one of: {choices}. Did you mean {near}?").format(
        value=_quoted(value), choices=_list(known), near=_quoted(near)
    )


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known word that `word` is most likely meant for, "" when none is near (`likeness`: 1 is the same)."""
    plain = {re.sub(r"[\W_]+", "", item).lower(): item for item in known}
    close = difflib.get_close_matches(re.sub(r"[\W_]+", "", word[:80]).lower(), plain, n=1, cutoff=likeness)
    return plain[close[0]] if close else ""


def _sentence(item: Any, where: tuple[int | str, ...], model: type[BaseModel]) -> str:
    kind, context = item["type"], item.get("ctx", {})
    key = dotted(where)
    if kind == "value_error":  # raised by a validator of ours: its text is the sentence
        return str(context["error"])
    if kind == "extra_forbidden":
        home = _home(where, model)
        return (
            _("This key belongs under [{section}].").format(section=home)
            if home
            else _unknown(key, str(where[-1]), _fields(model, where[:-1]))
        )
    if kind in ("literal_error", "enum"):
        choices = _QUOTED.findall(context["expected"])
        return _unknown(key, str(item["input"]), choices) if where[-1] == "[key]" else choose(item["input"], choices)
    if kind == "missing":
        field = _fields(model, where[:-1]).get(str(where[-1]))
        return (
            _("This is missing: {what}.").format(what=_(field.description))
            if field and field.description
            else _("This is missing.")
        )
    if kind == "tuple_type" and key in _EXPLAINED:
        return _(_EXPLAINED[key])
    return _(_SENTENCES.get(kind, _ELSE)).format(**context)


def _unknown(key: str, name: str, known: Iterable[str]) -> str:
    if key in _EXPLAINED:
        return _(_EXPLAINED[key])
    if near := nearest(name, known):
        return _("There is no such key. Did you mean {near}?").format(near=near)
    if _SECRET.search(name):
        return _(
            "There is no such key, and secrets never go in this file: remove the line, and name a key file instead."
        )
    return _("There is no such key. Known here: {known}.").format(known=", ".join(known))


def _home(where: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """The section that a key which stands above all sections belongs to, "" when none has such a key."""
    homes = [name for name in model.model_fields if where[0] in _fields(model, (name,))] if len(where) == 1 else []
    return homes[0] if len(homes) == 1 and homes[0] != "configurations" else ""


def _fields(model: type[BaseModel], where: Iterable[int | str]) -> dict[str, Any]:
    """The fields of the section at `where`, by name."""
    for part in where:
        if isinstance(part, str):
            inner = next(_models(model.model_fields[part].annotation), None) if part in model.model_fields else None
            if inner is None:
                return {}
            model = inner
    return dict(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _named(where: tuple[int | str, ...], data: Mapping[str, Any], sentence: str) -> str:
    """The sentence, with the name of the configuration that it is about: nobody counts sections from 0."""
    if len(where) < 3 or where[0] != "configurations" or not isinstance(where[1], int):
        return sentence
    name = data["configurations"][where[1]].get("name")
    label = _quoted(name) if isinstance(name, str) and name else str(where[1] + 1)
    return _("Configuration {label}: {sentence}").format(label=label, sentence=sentence)


def _quoted(value: str) -> str:
    return figures.quoted(one_line(redact(value), limit=60))


def _list(words: Iterable[str]) -> str:
    return ", ".join(_quoted(word) for word in words)
