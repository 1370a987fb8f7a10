"""The settings that the form edits are exactly those of the config file, and putting one changes that one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from tui import settings
from tui.configuration_settings import BY_KEY, SETTINGS, changes


def fields(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every key of the section, with what may stand there."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from fields(inner, (*path, name))
        else:
            yield ".".join((*path, name)), inner


def test_there_is_a_field_for_every_key_and_no_other() -> None:
    assert {key for key, _kind in fields(settings._Configuration)} == set(BY_KEY)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_choices_and_defaults_are_those_of_the_file(setting: Any) -> None:
    kind = dict(fields(settings._Configuration))[setting.key]
    if isinstance(kind, type) and issubclass(kind, Enum):
        allowed = {item.value for item in kind}
    else:
        allowed = {value for value in get_args(kind) if isinstance(value, str)} or {
            value for part in get_args(kind) for value in get_args(part) if isinstance(value, str)
        }
    if setting.choices is not None and set(setting.choices) != {True, False}:
        assert set(setting.choices) == allowed
    else:
        assert not allowed
    parsed = settings._Configuration(name="x")
    for name in setting.path:
        parsed = getattr(parsed, name)
    default = getattr(parsed, "value", parsed)
    if setting.key not in {"name", "contacts.match"}:
        assert setting.default == default
    assert setting.help.endswith(".")


DAY = date(2026, 1, 1)
SECTION: dict[str, Any] = {"name": "Sales", "data_set": {"contacts": "all", "chatter": 1}, "users": ["a"]}


@pytest.mark.parametrize(
    ("key", "value", "after"),
    [
        ("active", True, SECTION),
        ("active", False, {**SECTION, "active": False}),
        ("events.direction", "none", {**SECTION, "events": {"direction": "none"}}),
        ("events.direction", "both", SECTION),
        ("data_set.contacts", None, {**SECTION, "data_set": {"chatter": 1}}),
        ("data_set.contacts", "selected", {**SECTION, "data_set": {"contacts": "selected", "chatter": 1}}),
        ("data_set.events_from", DAY, {**SECTION, "data_set": {"contacts": "all", "chatter": 1, "events_from": DAY}}),
        ("users", ["a", "b"], {**SECTION, "users": ["a", "b"]}),
    ],
)  # fmt: skip
def test_one_value_is_put(key: str, value: Any, after: dict[str, Any]) -> None:
    before = {**SECTION, "data_set": dict(SECTION["data_set"])}
    assert BY_KEY[key].put(before, value) == after
    assert before == SECTION, "the section itself is left alone"


def test_a_table_that_says_nothing_any_more_goes() -> None:
    assert BY_KEY["contacts.match"].put({"name": "x", "contacts": {"match": "y"}}, None) == {"name": "x"}


def test_changes_are_told_setting_by_setting() -> None:
    after = {**SECTION, "active": False, "users": ["b"]}
    found = [(each.setting.key if each.setting else "", each.before, each.after, each.gone, each.come)
             for each in changes(SECTION, after)]  # fmt: skip
    assert found == [("active", True, False, (), ()), ("users", None, None, ("a",), ("b",))]
    assert [each.setting is None for each in changes(SECTION, None)] == [True]
    new = list(changes(None, {"name": "New", "active": True, "users": ["a"]}))
    assert [each.setting.key if each.setting else "" for each in new] == ["", "users"]
    assert list(changes(SECTION, dict(SECTION))) == []
