"""Form bodies, read without the multipart library that Starlette's own reader asks for."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request


async def read_form(request: Request) -> dict[str, str] | None:
    """The fields of a URL-encoded body; None when it is of another type, or names a field twice."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    pairs = parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else None
