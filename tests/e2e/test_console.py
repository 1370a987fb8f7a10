"""The console as its user meets it: in a real terminal of 80x24, on a practice org over real sockets."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import closing

from tests.e2e.conftest import Practice
from tests.e2e.terminal import Terminal
from tests.patience import patient


def open_user(terminal: Terminal, name: str) -> str:
    """From the start to that user's verdict, by way of the error list; the screen with the verdict."""
    terminal.wait_for("Set-up checklist", "READ-ONLY", "PRACTICE", seconds=60)
    terminal.press("2")
    terminal.wait_for("Errors", "Date ↓", "UserMapping", seconds=30)
    terminal.press("/")
    terminal.type(name)
    terminal.wait_for(f"/{name}"[:30], " of ")
    terminal.press("enter")
    terminal.press("enter")
    return terminal.wait_for("Troubleshoot", "What to do now", seconds=40)


def prove_and_press(terminal: Terminal) -> None:
    """Arms, confirms the Proof for each sample, and says yes to the reset."""
    terminal.press("R")
    terminal.wait_for("read-only", ":write")
    terminal.command("write")
    terminal.wait_for("WRITE 15 min")
    terminal.press("R")
    for sample in ("1 of 3", "2 of 3", "3 of 3"):
        terminal.wait_for(f"Proof  {sample}", "The same in Setup?", seconds=40)
        terminal.press("y")
    terminal.wait_for("What the reset will do", "(PRACTICE)?", "y yes", seconds=40)
    terminal.press("y")


def stages(practice: Practice) -> list[tuple[bool, bool, str | None]]:
    """Of every write that the journal on disk holds: whether it was pressed, whether it ended, and its outcome."""
    file = practice.config.parent / "journal.sqlite3"
    with closing(sqlite3.connect(file)) as journal:
        query = "SELECT pressed_at IS NOT NULL, ended_at IS NOT NULL, outcome FROM writes ORDER BY id"
        return [(bool(pressed), bool(ended), outcome) for pressed, ended, outcome in journal.execute(query)]


def test_from_the_error_list_to_a_verified_reset(practice: Practice) -> None:
    user = practice.to_reset("no_fault_found")
    with practice.console() as terminal:
        screen = open_user(terminal, user["name"])
        assert "Reset the sync" in screen
        assert "READ-ONLY" in screen
        prove_and_press(terminal)
        terminal.wait_for("resetting", gone="y yes")
        screen = terminal.wait_for("The reset is done.", "No fault found", gone="resetting", seconds=60)
        assert "before and after" in screen
        terminal.press("q")
        assert terminal.wait_end() == 0
    assert stages(practice) == [(True, True, "done")]
    assert practice.check(user["email"]) == [(user["after_reset"]["verdict"], user["after_reset"]["causes"])]


def test_a_reset_that_does_not_help_leads_to_support(practice: Practice) -> None:
    user = practice.to_reset("contact_support")
    with practice.console() as terminal:
        open_user(terminal, user["name"])
        prove_and_press(terminal)
        terminal.wait_for("The reset is done.", "Contact Salesforce support", gone="resetting", seconds=60)
        terminal.press("q")
        assert terminal.wait_end() == 0


def test_killed_in_mid_reset_the_next_start_offers_to_go_on(practice: Practice) -> None:
    user = practice.to_reset("no_fault_found")
    with practice.console() as terminal:
        open_user(terminal, user["name"])
        prove_and_press(terminal)
        terminal.wait_for("under way", seconds=20)
        terminal.kill(signal.SIGKILL)
        assert terminal.wait_end() == -signal.SIGKILL
    assert stages(practice) == [(True, False, None)]
    with practice.console() as terminal:
        terminal.wait_for("Follow the unfinished reset of", user["name"], "READ-ONLY", seconds=60)
        terminal.press("y")
        terminal.wait_for("The reset is done.", "No fault found", seconds=60)
        terminal.press("q")
        assert terminal.wait_end() == 0
    assert stages(practice) == [(True, True, "done")]


def test_read_only_until_armed_and_no_without_a_yes(practice: Practice) -> None:
    user = practice.to_reset("no_fault_found")
    with practice.console() as terminal:
        open_user(terminal, user["name"])
        terminal.press("R")
        terminal.wait_for("read-only", ":write")
        terminal.command("write")
        terminal.wait_for("WRITE 15 min")
        terminal.press("R")
        terminal.wait_for("The same in Setup?", seconds=40)
        terminal.press("n")
        terminal.wait_for(gone="The same in Setup?")
        terminal.press("R")
        terminal.wait_for("The same in Setup?", seconds=40)  # what was not the same stays locked
        terminal.press("escape")
        terminal.press("q")
        assert terminal.wait_end() == 0
    assert stages(practice) == []


def test_quitting_while_a_check_runs_takes_less_than_a_second(practice: Practice) -> None:
    user = practice.to_reset("no_fault_found")
    with practice.console() as terminal:
        open_user(terminal, user["name"])
        terminal.press("c")
        start = time.monotonic()
        terminal.press("q")
        assert terminal.wait_end() == 0
        assert time.monotonic() - start < patient(2)  # the budget is the bench's; this is only a bound against hanging


def test_names_from_outside_never_reach_the_terminal_as_orders(practice: Practice) -> None:
    with practice.console() as terminal:
        terminal.wait_for("Set-up checklist", seconds=60)
        drawn: list[bytes] = []
        feed = terminal._stream.feed
        terminal._stream.feed = lambda data: (drawn.append(data), feed(data))[1]
        terminal.press("2")
        terminal.wait_for("Errors", "UserMapping", seconds=30)
        terminal.press("/")
        terminal.type("[/]")
        text = terminal.wait_for("[/]", " of ")
        assert "MarkupError" not in text
        terminal.press("escape", "escape")
        terminal.press("t")
        named = next(user for user in practice.users if "\x1b" in user["name"])
        terminal.type(named["email"])
        terminal.press("enter")
        terminal.wait_for("Troubleshoot", named["email"][:20], "What to do now", seconds=40)
        terminal.press("q")
        assert terminal.wait_end() == 0
        raw = b"".join(drawn)
        order = named["name"][named["name"].index("\x1b") :].encode()[:4]
        assert order not in raw
