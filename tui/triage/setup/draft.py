"""The config file while it is being made: the answers so far, over the file that is there already."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from tui.config import ConfigError, settings_of
from tui.problems import dotted, problems_of
from tui.questions import Choice, Question
from tui.settings import File, GoogleSettings, HttpSettings, SalesforceSettings
from tui.sign_in import Section
from tui.words import _

S = TypeVar("S", bound=Section)
_SECTIONS: Mapping[type[Section], str] = {
    SalesforceSettings: "salesforce",
    GoogleSettings: "google",
    HttpSettings: "http",
}

_OF_A_DOMAIN = ("login_url", "audience")
GOOGLE_KEYS = ("file", "agent")
"""The answers to google.way with which the file has a [google] section."""


def _always(_draft: Draft) -> bool:
    return True


def _nothing(_draft: Draft) -> tuple[Any, ...]:
    return ()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Field:
    """A question and its place in the file ("" for what is only needed to try things). `read` makes the answer's text
    of what stands in the file, `write` the reverse; `look` asks for choices that only the services or the agent know;
    `hidden` marks an answer that may turn out to be a secret: a wrong one is forgotten at once."""

    id: str
    label: str
    help: str
    place: tuple[str, ...] = ()
    when: Callable[[Draft], bool] = _always
    choices: Callable[[Draft], Sequence[Choice]] = _nothing
    free: bool = True
    optional: bool = False
    default: Callable[[Draft], str] = lambda _draft: ""
    read: Callable[[Any], str] = _text
    write: Callable[[str], Any] = str
    look: Callable[[Draft], Awaitable[Sequence[Choice]]] | None = None
    lines: Callable[[Draft], tuple[str, ...]] = _nothing
    check: Callable[[str], str] = lambda _text: ""
    hidden: bool = False

    @property
    def stage(self) -> str:
        """The stage that it belongs to."""
        return self.id.partition(".")[0]


@dataclass
class Draft:
    """`base` is what the file holds that is there already; `values` the answers as texts, by field. What is answered
    to a question that is not asked just now is kept, but does not go into the file; nor does what belongs to a stage
    that was left for `later`: there the file keeps what it has."""

    path: Path
    fields: tuple[Field, ...]
    base: Mapping[str, Any]
    values: dict[str, str] = field(default_factory=dict)
    configurations: list[dict[str, Any]] = field(default_factory=list)
    later: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for one in self.fields:
            if one.place and (text := one.read(at(self.base, one.place))):
                self.values.setdefault(one.id, text)
        listed = self.base.get("configurations")
        if isinstance(listed, list) and all(isinstance(one, dict) for one in listed):
            self.configurations = deepcopy(listed)

    @property
    def folder(self) -> Path:
        """What relative paths of the file start from."""
        return self.path.absolute().parent

    def value(self, id_: str) -> str:
        """The answer, or what counts where none was given."""
        one = next(each for each in self.fields if each.id == id_)
        return self.values.get(id_) or one.default(self)

    def data(self) -> dict[str, Any]:
        """What the file would hold now."""
        data: dict[str, Any] = deepcopy(dict(self.base))
        for one in self.fields:
            drop(data, one.place)
        for one in self.fields:
            if one.stage in self.later:
                value = at(self.base, one.place) if one.place else None
            else:
                text = self.value(one.id) if one.when(self) else ""
                value = one.write(text) if text else None
            if one.place and value is not None:
                put(data, one.place, value)
        if at(data, ("salesforce", "domain")) != at(self.base, ("salesforce", "domain")):
            for name in _OF_A_DOMAIN:  # they were right for the domain that was there before
                drop(data, ("salesforce", name))
        with_key = self.value("google.way") in GOOGLE_KEYS and "google" not in self.later
        if not with_key and at(data, ("google", "key")) is None:
            data.pop("google", None)
        data.pop("configurations", None)
        if self.configurations:
            data["configurations"] = deepcopy(self.configurations)
        ordered = [name for name in File.model_fields if name in data]
        return {name: data[name] for name in dict.fromkeys([*ordered, *data])}

    def problems(self) -> dict[str, str]:
        """What is wrong in the file as it would be: a sentence by its dotted key."""
        try:
            settings_of(self.data(), self.path)
        except ConfigError as error:
            return {problem.key: problem.sentence for problem in error.problems}
        return {}

    def section(self, kind: type[S]) -> S:
        """That section alone, whatever the others lack. Raises ConfigError."""
        name = _SECTIONS[kind]
        data = self.data().get(name, {})
        try:
            return kind.model_validate(data, context={"folder": self.folder})
        except ValidationError as error:
            raise ConfigError(problems_of(error, kind, data)) from None

    def question(self, one: Field, problems: Mapping[str, str], looked_up: Sequence[Choice] = ()) -> Question:
        """The field as a question, with what is wrong with its answer."""
        value = self.value(one.id)
        problem = one.check(value) or (problem_at(one.place, problems) if one.place else "")
        if not problem and not value and not one.optional and not one.place:
            problem = _("This is missing.")
        return Question(
            id=one.id,
            label=_(one.label),
            help=_(one.help),
            value=value,
            choices=(*one.choices(self), *looked_up),
            free=one.free,
            optional=one.optional,
            looked_up=one.look is not None,
            lines=one.lines(self),
            problem=problem,
        )


def problem_at(place: Sequence[str | int], problems: Mapping[str, str]) -> str:
    """What is wrong at that place of the file, or inside it."""
    key = dotted(place)
    inside = (sentence for name, sentence in problems.items() if name == key or name.startswith((f"{key}.", f"{key}[")))
    return next(inside, "")


def at(data: Mapping[str, Any], place: Sequence[str]) -> Any:
    """What stands at that place; None where nothing does."""
    found: Any = data
    for name in place:
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def put(data: dict[str, Any], place: Sequence[str], value: Any) -> None:
    """Let `value` stand at that place; what is no table on the way there gives way."""
    *way, last = place
    for name in way:
        inner = data.get(name)
        if not isinstance(inner, dict):
            inner = data[name] = {}
        data = inner
    data[last] = value


def drop(data: dict[str, Any], place: Sequence[str], *, inside: bool = False) -> None:
    """Take out the value at that place, and a table that is empty then, but no section."""
    inner = data.get(place[0]) if place else None
    if len(place) == 1:
        data.pop(place[0], None)
    elif isinstance(inner, dict):
        drop(inner, place[1:], inside=True)
        if inside and not inner:
            del data[place[0]]


def read_list(value: Any) -> str:
    """A list of texts as it is asked for; "" for anything else."""
    return ", ".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else ""
