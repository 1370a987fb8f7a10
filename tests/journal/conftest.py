"""A journal in a private folder, with a clock that a test sets, and the nouns it records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tui.journal.store import Journal
from tui.model import CheckResult, Finding, Judgement, Org, Phase, Product, Status, User, Verdict

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ORG = Org(
    id="00D000000000001AAA",
    name="Acme",
    instance="EU42",
    sandbox=False,
    practice=True,
    domain="http://127.0.0.1:1",
    acting_user="admin@acme.example",
    acting_user_id="005000000000001AAA",
)
ANNE = User("005000000000002AAA", "Anne Martin", "anne@acme.example.sf", "anne@acme.example", True)


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def wait(self, **span: float) -> datetime:
        self.time += timedelta(**span)
        return self.time


def result(**changes: Any) -> CheckResult:
    """A check of Anne that found her unknown to Google, with the changes asked for."""
    steps = (
        Finding("google.token.calendar", Phase.CONNECTION, Status.FAIL, "refused", cause="google.user.unknown"),
        Finding("salesforce.user", Phase.STATUS, Status.PASS, "there"),
    )
    judgement = Judgement(Verdict.REVIEW_CONNECTION, ("google.user.unknown",), 3, 0, None, 2)
    usual = CheckResult("anne", ANNE, Product.LIGHTNING_SYNC, False, judgement, steps, NOON, "Google says no.")
    return replace(usual, **changes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite3"


@pytest.fixture
def journal(place: Path, clock: Clock) -> Iterator[Journal]:
    opened = Journal(f"sqlite:///{place}", now=clock)
    yield opened
    opened.close()
