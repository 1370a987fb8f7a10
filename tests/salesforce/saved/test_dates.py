"""A column of dates whose locale nobody names, around the hour that a clock shows twice."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tui.salesforce.saved import dates

NOW = datetime(2026, 11, 25, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "twice", "sure"),
    [
        ("America/New_York", "11/1/2026 1:30 AM", {"11/25/2026 6:51 PM": "2026-11-25T23:51",
         "11/1/2026 3:30 AM": "2026-11-01T08:30"}),
        ("Europe/Paris", "25/10/2026 02:30", {"24/11/2026 18:51": "2026-11-24T17:51",
         "05/10/2026 02:30": "2026-10-05T00:30"}),
    ],
)  # fmt: skip
def test_an_hour_that_the_clock_shows_twice_speaks_against_no_order(
    zone: str, twice: str, sure: dict[str, str]
) -> None:
    found = dates.read([twice, *sure], ZoneInfo(zone), NOW)
    assert {text: at.strftime("%Y-%m-%dT%H:%M") for text, at in found.moments.items()} == sure
    assert found.unsure == {twice}
