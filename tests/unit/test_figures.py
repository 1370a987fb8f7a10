"""Dates, ages and numbers, in both languages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tui import figures, words

MOMENT = datetime(2026, 11, 25, 11, 51, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone that differs from UTC, and English again at the end."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "Europe/Paris")
        time.tzset()
        yield
    time.tzset()
    words.use("en")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["2026-11-25", "2026-11-25 12:51", "12:51", "2026-11-25 11:51 UTC", "2026-11"]),
        ("fr", ["25/11/2026", "25/11/2026 12:51", "12:51", "25/11/2026 11:51 UTC", "11/2026"]),
    ],
)
def test_a_moment(language: str, told: list[str]) -> None:
    words.use(language)
    moments = [figures.day(MOMENT), figures.minute(MOMENT), figures.clock(MOMENT), figures.utc(MOMENT)]
    assert [*moments, figures.month("2026-11")] == told
    assert [len(text) for text in told] == [10, 16, 5, 20, 7], "columns are as wide in both languages"


@pytest.mark.parametrize(
    ("ago", "english", "french"),
    [
        (timedelta(seconds=-5), "just now", "à l’instant"),
        (timedelta(seconds=59), "just now", "à l’instant"),
        (timedelta(seconds=60), "1 min ago", "il y a 1\u00a0min"),
        (timedelta(minutes=59), "59 min ago", "il y a 59\u00a0min"),
        (timedelta(hours=23), "23 h ago", "il y a 23\u00a0h"),
        (timedelta(days=1), "1 day ago", "il y a 1\u00a0jour"),
        (timedelta(days=2), "2 days ago", "il y a 2\u00a0jours"),
    ],
)
def test_an_age(ago: timedelta, english: str, french: str) -> None:
    assert figures.age(MOMENT - ago, MOMENT) == english
    words.use("fr")
    assert figures.age(MOMENT - ago, MOMENT) == french


def test_a_number() -> None:
    assert [figures.number(n) for n in (0, 999, 12345, -1000, 1234567)] == ["0", "999", "12,345", "-1,000", "1,234,567"]
    words.use("fr")
    assert figures.number(1234567) == "1\u00a0234\u00a0567"


@pytest.mark.parametrize(("ms", "english", "french"), [(113, "113 ms", "113\u00a0ms"), (1130, "1.1 s", "1,1\u00a0s")])
def test_how_long_something_took(ms: int, english: str, french: str) -> None:
    for language, told in (("en", english), ("fr", french)):
        words.use(language)
        assert figures.took(ms) == told
