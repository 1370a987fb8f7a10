"""What the parts of the practice Salesforce share: its versions and its two shapes of refusal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

VERSIONS = {f"{number}.0": label for number, label in (
    (60, "Spring '24"), (61, "Summer '24"), (62, "Winter '25"), (63, "Spring '25"), (64, "Summer '25"),
    (65, "Winter '26"), (66, "Spring '26"), (67, "Summer '26"), (68, "Winter '27"))}  # fmt: skip

Handler = Callable[[Request], Awaitable[Response]]


class ApiError(Exception):
    """An answer in the REST API's error shape: a list of one object."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def response(self) -> Response:
        return JSONResponse([{"message": self.message, "errorCode": self.code}], self.status)


def oauth_error(error: str, description: str, status: int = 400) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status)
