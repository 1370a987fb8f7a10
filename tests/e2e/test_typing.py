"""Keys that arrive in one piece, as over a slow link, mean what they would mean one by one."""

from __future__ import annotations

from tests.e2e.conftest import Practice


def test_what_is_typed_ahead_lands_in_the_entry(practice: Practice) -> None:
    name = practice.to_reset("no_fault_found")["name"]
    with practice.console() as terminal:
        terminal.wait_for("Set-up checklist", seconds=60)
        terminal.press("2")
        terminal.wait_for("Errors", "UserMapping", seconds=30)
        terminal.process.send(f"/q R[/]{name}")  # q would quit, R would reset, / would open the filter again
        terminal.wait_for(f"/q R[/]{name}"[:20], "0 of ")
        terminal.press("escape", "escape")
        terminal.process.send("t" + name)
        terminal.wait_for(f"User: {name}")
        terminal.process.send("\r")
        terminal.wait_for("Troubleshoot", name, "What to do now", seconds=40)
        terminal.process.send(":quit\r")
        assert terminal.wait_end() == 0
