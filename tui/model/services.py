"""The services: each call made to them, and what they refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui.model.empty import EMPTY


class ServiceError(Exception):
    """A service refused or could not be reached, already turned into a cause of causes.md.

    `cause` is a cause id; `evidence` holds what was asked and answered, sanitised and redacted;
    `code` is the service's own error code. The text never holds a secret.
    """

    def __init__(
        self,
        cause: str,
        message: str,
        *,
        code: str = "",
        status: int | None = None,
        evidence: Mapping[str, Any] = EMPTY,
    ) -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message
        self.code = code
        self.status = status
        self.evidence = dict(evidence)


@dataclass(frozen=True, slots=True)
class Call:
    """One call made to a service, for the log that the console shows. Never a query string, a header or a body."""

    at: datetime
    service: str
    method: str
    path: str
    status: int | None
    ms: int
    note: str = ""
