"""Recent changes in Setup, and the calls made, on the Overview."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from screens.overview_page import page
from screens.overview_setup import CHANGES_SHOWN
from screens.widgets.document import Block
from tests.console.data import NOW, overview
from tui.model import SetupChange


def shown(seen: Any) -> dict[str, Block]:
    return {block.key: block for flow in page(seen, NOW, 76) for block in flow}


def told(seen: Any) -> dict[str, str]:
    return {key: "".join(text for text, _ink in block.line) for key, block in shown(seen).items()}


def test_the_newest_changes_are_shown_and_who_made_them_is_behind_enter() -> None:
    changes = tuple(
        SetupChange(NOW - timedelta(days=n), f"Admin {n}", "Lightning Sync", f"Change {n}", "code") for n in range(20)
    )
    blocks = shown(replace(overview(), changes=changes))
    assert len([name for name in blocks if name.startswith("change.")]) == CHANGES_SHOWN
    assert "Change 0" in blocks["change.0"].line[1][0]
    assert "Admin 0" in str(blocks["change.0"].detail)
    assert "Change 0" not in str(blocks["change.1"])


def test_a_change_without_a_time_or_a_sentence_still_shows() -> None:
    bare = (SetupChange(None, "", "", "", "someCode"),)
    assert "someCode" in told(replace(overview(), changes=bare))["change.0"]


def test_nothing_stands_there_where_the_trail_is_closed_or_empty() -> None:
    for changes in (None, ()):
        assert not any(name.startswith("change") for name in told(replace(overview(), changes=changes)))


def test_the_calls_of_this_run_and_the_reserve_are_behind_the_day_s() -> None:
    seen = replace(overview(), calls={"salesforce": 1340, "google": 12}, api_stops_at=80_000)
    block = shown(seen)["fact.api"]
    assert "98,766 of 100,000 left today" in str(block.line)
    assert "Google 12, Salesforce 1,340" in str(block.detail)
    assert "fewer than 20,000 are left" in str(block.detail)
