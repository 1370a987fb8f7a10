"""Google's own discovery documents as an oracle: is this path, parameter, scope and answer one that Google describes?

The documents come with google-api-python-client. They describe no error bodies and mark little as required; what they
do not know, and what has another type than they say, is a complaint."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

DOCUMENTS = {"calendar": "calendar.v3", "people": "people.v1", "directory": "admin.directory_v1"}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


@cache
def document(service: str) -> dict[str, Any]:
    """The discovery document of `calendar`, `people` or `directory`."""
    folder = resources.files("googleapiclient") / "discovery_cache" / "documents"
    return json.loads((folder / f"{DOCUMENTS[service]}.json").read_text("utf-8"))


def _methods(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("methods", {}).values()
    for inner in node.get("resources", {}).values():
        yield from _methods(inner)


@dataclass(frozen=True, slots=True)
class Method:
    """The method that a request is for."""

    service: str
    id: str
    parameters: Mapping[str, Any]
    scopes: frozenset[str]
    response: str


def method(service: str, verb: str, path: str) -> Method | None:
    """The method of that verb and path (below the service's root, such as `users/me/calendarList/primary`)."""
    for found in _methods(document(service)):
        template = found.get("flatPath", found["path"]).removeprefix("v1/").removeprefix("admin/directory/v1/")
        parts = re.split(r"(\{[^}]+\})", template)
        pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts)
        if found["httpMethod"] == verb and re.fullmatch(pattern, path.strip("/")):
            return Method(
                service,
                found["id"],
                {**document(service)["parameters"], **found.get("parameters", {})},
                frozenset(found.get("scopes", ())),
                found.get("response", {}).get("$ref", ""),
            )
    return None


def complaints(service: str, verb: str, path: str, params: Mapping[str, str], body: Any) -> list[str]:
    """What Google's documents say against a request and the answer to it; empty when nothing."""
    found = method(service, verb, path)
    if found is None:
        return [f"{verb} {path} is no method of {service}"]
    problems = [f"{found.id} has no parameter {name}" for name in params if name not in found.parameters]
    problems += [
        f"{name} must be one of {found.parameters[name]['enum']}"
        for name, value in params.items()
        if value not in found.parameters.get(name, {}).get("enum", [value])
    ]
    return problems + list(_against(service, {"$ref": found.response}, body, found.response))


def _against(service: str, schema: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = document(service)["schemas"][schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "any":
        return
    if not isinstance(value, _TYPES[kind]) or (kind != "boolean" and isinstance(value, bool)):
        yield f"{where}: {type(value).__name__} where {kind} is described"
        return
    if kind == "array":
        for number, item in enumerate(value):
            yield from _against(service, schema["items"], item, f"{where}[{number}]")
    elif kind == "object":
        properties = schema.get("properties", {})
        for name, item in value.items():
            inner = properties.get(name, schema.get("additionalProperties"))
            if inner is None:
                yield f"{where}.{name} is not described"
            else:
                yield from _against(service, inner, item, f"{where}.{name}")
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
