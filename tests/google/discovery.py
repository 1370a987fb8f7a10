"""Google's discovery documents (shipped with google-api-python-client) as the judge of our requests and answers."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import googleapiclient

_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


@cache
def document(name: str) -> dict[str, Any]:
    """The document of that name, such as `calendar.v3`."""
    found: dict[str, Any] = json.loads((_DOCUMENTS / f"{name}.json").read_text("utf-8"))
    return found


def methods(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Every method of a document."""
    return list(node.get("methods", {}).values()) + [
        method for inner in node.get("resources", {}).values() for method in methods(inner)
    ]


def method(name: str, http_method: str, path: str) -> dict[str, Any]:
    """The one method that this path (from the root of Google's host) belongs to; AssertionError when there is none."""
    found = document(name)
    for one in methods(found):
        template = urlsplit(found["rootUrl"]).path + found["servicePath"] + one.get("flatPath", one["path"])
        pattern = re.sub(
            r"\\{\\?\+?\w+\\}|\{\+?\w+\}", "[^/]+", re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
        )
        if one["httpMethod"] == http_method and re.fullmatch(pattern, path):
            return one
    raise AssertionError(f"{name} has no method {http_method} {path}")


def check_request(name: str, http_method: str, path: str, query: dict[str, str], scope: str) -> dict[str, Any]:
    """The method of a request whose parameters and scope it accepts; AssertionError otherwise."""
    one = method(name, http_method, path)
    known = document(name)["parameters"] | {
        parameter: about for parameter, about in one.get("parameters", {}).items() if about["location"] == "query"
    }
    for parameter, value in query.items():
        assert parameter in known, f"{one['id']} has no parameter {parameter}"
        about = known[parameter]
        assert value in about.get("enum", [value]), f"{parameter}={value}"
        if about["type"] == "integer":
            assert int(about.get("minimum", 0)) <= int(value) <= int(about.get("maximum", 1 << 31)), (
                f"{parameter}={value}"
            )
    missing = [parameter for parameter, about in one.get("parameters", {}).items() if about.get("required")]
    assert all(known.get(parameter) is None or parameter in query for parameter in missing)
    assert scope in one["scopes"], f"{one['id']} does not accept {scope}"
    if "fields" in query:
        check_fields(name, one["response"]["$ref"], query["fields"])
    return one


def check_fields(name: str, schema: str, fields: str) -> None:
    """Every plain field of a partial response is one of the schema's."""
    for field in fields.split(","):
        assert field in document(name)["schemas"][schema]["properties"], f"{schema} has no {field}"


def check_answer(name: str, one: dict[str, Any], body: Any) -> None:
    """The body has only properties of the method's answer, each of its type; AssertionError otherwise."""
    _check(document(name)["schemas"], {"$ref": one["response"]["$ref"]}, body, one["response"]["$ref"])


def _check(schemas: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> None:
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type", "any")
    if kind != "any":
        assert isinstance(value, _KINDS[kind]), f"{where} is no {kind}"
        assert kind != "integer" or not isinstance(value, bool), f"{where} is no integer"
    assert value in schema["enum"] if "enum" in schema else True, f"{where}: {value}"
    if kind == "array":
        for item in value:
            _check(schemas, schema["items"], item, f"{where}[]")
    elif kind == "object" and "properties" in schema:
        for name, item in value.items():
            assert name in schema["properties"], f"{where} has no {name}"
            _check(schemas, schema["properties"][name], item, f"{where}.{name}")
