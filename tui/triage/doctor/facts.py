"""One thing that the doctor looked at, with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tui.model import EMPTY, ServiceError, Status
from tui.sanitise import one_line, redact, safe


class Group(StrEnum):
    """Where a fact belongs: this computer, this organisation's rights, or what we believe of Salesforce."""

    HOST = "host"
    ORG = "org"
    ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True)
class Fact:
    """What was found. `asked` says what was looked at, `answered` what came back: the proof, harmless to show."""

    id: str
    group: Group
    status: Status
    title: str
    summary: str
    asked: str = ""
    answered: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


def fact(group: Group, name: str, status: Status, title: str, summary: str, asked: str = "", **answered: Any) -> Fact:
    """A Fact whose texts are cleaned; what is empty in the answer is left out of it."""
    present = {key: value for key, value in answered.items() if value not in (None, "", (), [], {})}
    return Fact(
        f"{group.value}.{name}", group, status, title, one_line(redact(summary)), one_line(asked), safe(present)
    )


def assumption(name: str, status: Status, title: str, summary: str, asked: str = "", **answered: Any) -> Fact:
    """A Fact about what we believe of Salesforce."""
    return fact(Group.ASSUMPTION, name, status, title, summary, asked, **answered)


def proof(error: ServiceError) -> dict[str, Any]:
    """What a refusal is proved by."""
    return {"cause": error.cause, "code": error.code, "http_status": error.status, "evidence": dict(error.evidence)}
