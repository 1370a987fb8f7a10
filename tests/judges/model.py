"""Salesforce's published object model, names only: an extract of the objects that the program's statements name.

`python -m tests.judges.model [OBJECT ...]` writes the extract again, with those objects besides the ones in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.judges.node import installed

EXTRACT = Path(__file__).parent / "objects.json"
SPECIFICATION = "node_modules/@opensdks/sdk-salesforce/salesforce.oas.json"

# The exceptions: objects of the Tooling API, which that specification does not describe at all, and the fields of
# theirs that we ask for. Nothing here proves these names; the program treats them as optional.
TOOLING: Mapping[str, frozenset[str]] = {"RemoteProxy": frozenset({"EndpointUrl", "IsActive"})}

# Whom a reference leads to where its name is not the object's.
_LEADS_TO = dict.fromkeys(("Assignee", "CreatedBy", "LastModifiedBy", "Manager", "Owner"), "User")

Model = Mapping[str, list[str]]


def extract() -> Model:
    """The committed extract: object -> its fields."""
    model: Model = json.loads(EXTRACT.read_text("utf-8"))
    return model


def published(place: Path, objects: Iterable[str]) -> Model:
    """The same, from the specification among the installed packages; an object that it lacks is left out."""
    schemas = json.loads((place / SPECIFICATION).read_text("utf-8"))["components"]["schemas"]
    return {
        name: sorted(set(schemas[f"{name}SObject"]["properties"]) - {"attributes"})
        for name in sorted(objects)
        if f"{name}SObject" in schemas
    }


def named(tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (object, field path) that a parsed statement names, those of its inner queries too."""
    yield from ((str(tree["sObject"]), path) for path in _paths(tree))
    for inner in _inner(tree):
        yield from named(inner)


def _paths(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if node.get("type") == "FieldRelationship":
            yield str(node["rawValue"])
        elif isinstance(node.get("field"), str):
            yield node["field"]
        for key, value in node.items():
            if key not in {"valueQuery", "subquery"}:
                yield from _paths(value)
    elif isinstance(node, list):
        for value in node:
            yield from _paths(value)


def _inner(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in {"valueQuery", "subquery"}:
                yield value
            else:
                yield from _inner(value)
    elif isinstance(node, list):
        for value in node:
            yield from _inner(value)


def complaint(model: Model, name: str, path: str) -> str:
    """What the model says against a field path of an object; "" when nothing."""
    *references, field = path.split(".")
    for reference in references:
        if f"{reference}Id" not in model.get(name, ()):
            return f"{name} has no reference {reference}"
        name = _LEADS_TO.get(reference, reference)
    if name not in model:
        return f"there is no object {name}"
    return "" if field in model[name] else f"{name} has no field {field}"


def main(more: Iterable[str]) -> None:
    """Writes the extract again."""
    known = extract() if EXTRACT.exists() else {}
    model = published(installed(), {*known, *more})
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(fields)}" for name, fields in model.items())
    EXTRACT.write_text(f"{{\n{lines}\n}}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
