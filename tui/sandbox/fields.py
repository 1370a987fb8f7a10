"""Google's partial answers: the `fields` parameter, such as `id,items(id,updated)` or `items/id`."""

from __future__ import annotations

from typing import Any

Selection = dict[str, "Selection"]

# What may be selected although an answer does not hold it now.
_OPTIONAL = """nextPageToken nextSyncToken suspensionReason aliases nonEditableAliases archived description location
hidden deleted summaryOverride autoAcceptInvitations dataOwner totalPeople etag metadata updateTime recurrence
recurringEventId items"""
OPTIONAL = frozenset(_OPTIONAL.split())


class FieldsError(ValueError):
    """The selection cannot be read, or names a field that is not there; the text is the part in question."""


def select(body: dict[str, Any], fields: str | None) -> dict[str, Any]:
    """The part of `body` that `fields` selects; all of it when `fields` is None. Raises FieldsError."""
    if fields is None:
        return body
    selection, rest = _parse(fields)
    if rest:
        raise FieldsError(rest)
    picked: dict[str, Any] = _pick(body, selection)
    return picked


def _parse(text: str) -> tuple[Selection, str]:
    chosen: Selection = {}
    while True:
        end = next((place for place, letter in enumerate(text) if letter in ",()/"), len(text))
        name, text = text[:end].strip(), text[end:]
        if not name or not (name == "*" or name.replace("_", "").isalnum()):
            raise FieldsError(name or text)
        inner: Selection = {}
        if text.startswith("/"):
            inner, text = _one(text[1:])
        elif text.startswith("("):
            inner, text = _parse(text[1:])
            if not text.startswith(")"):
                raise FieldsError(name)
            text = text[1:]
        chosen[name] = inner
        if not text.startswith(","):
            return chosen, text
        text = text[1:]


def _one(text: str) -> tuple[Selection, str]:
    end = next((place for place, letter in enumerate(text) if letter in ",()"), len(text))
    path, rest = text[:end], text[end:]
    if rest.startswith("("):
        inner, rest = _parse(rest[1:])
        if not rest.startswith(")"):
            raise FieldsError(path)
        rest = rest[1:]
    else:
        inner = {}
    for name in reversed(path.split("/")):
        inner = {name: inner}
    return inner, rest


def _pick(value: Any, selection: Selection) -> Any:
    if not selection or "*" in selection:
        return value
    if isinstance(value, list):
        return [_pick(item, selection) for item in value]
    if not isinstance(value, dict):
        raise FieldsError(next(iter(selection)))
    picked = {}
    for name, inner in selection.items():
        if name in value:
            picked[name] = _pick(value[name], inner)
        elif name not in OPTIONAL:
            raise FieldsError(name)
    return picked
