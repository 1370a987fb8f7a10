"""Where the console may not open the status page: its text, copied out of Setup, is pasted into the terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.conftest import practising
from tests.e2e.test_console import open_user


def page_text(name: str) -> str:
    """What somebody copies who sees that user well on the page."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    side = (
        "Salesforce and Google email addresses linked\tLinked\n"
        "Salesforce to Google sync status\tIn sync\n"
        "Google to Salesforce sync status\tIn sync\n"
    )
    return (
        "Lightning Sync Status\nConnection method configured\tOAuth 2.0\n"
        f"Contacts\nLast sync activity\t{now}\nEvents\nLast sync activity\t{now}\n"
        f"User: {name}\nUser assigned to active Lightning Sync configuration\tYes\n"
        f"Contacts\n{side}Events\n{side}"
    )


def test_the_page_as_text_decides_like_the_page(tmp_path: Path) -> None:
    with practising(tmp_path, quirks=("no_web_scope",)) as practice, practice.console() as terminal:
        name = practice.to_reset("no_fault_found")["name"]
        screen = open_user(terminal, name)
        assert "Undetermined" in screen
        terminal.press("P")
        terminal.wait_for("Paste the text of", "name its file")
        terminal.paste(page_text(name))
        terminal.wait_for("! Reset the sync", "What to do now", gone="Paste the text of", seconds=40)
        terminal.press("P")
        terminal.wait_for("Paste the text of")
        terminal.paste(page_text("Somebody Else"))
        terminal.wait_for("? Undetermined", "Somebody Else", gone="Paste the text of", seconds=40)
        terminal.press("q")
        assert terminal.wait_end() == 0
