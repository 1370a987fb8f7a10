"""What befalls a terminal: it stops reading, hangs up, gets too small. No reset is harmed by it, nothing is lost."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest

from tests.e2e.conftest import Practice
from tests.e2e.terminal import Terminal
from tests.e2e.test_console import open_user, prove_and_press, stages

STALLED = 8.0
"""Seconds for which a terminal reads nothing."""
FULL = 4096
"""No system holds less than that for a terminal that does not read."""


def in_mid_reset(terminal: Terminal, name: str) -> None:
    """From the start to a reset of that user which Salesforce has taken and is at work on."""
    open_user(terminal, name)
    prove_and_press(terminal)
    terminal.wait_for("under way", seconds=40)


def test_a_terminal_that_stops_reading_holds_up_no_reset(practice: Practice) -> None:
    user = practice.to_reset("no_fault_found")
    with practice.console() as terminal:
        in_mid_reset(terminal, user["name"])
        start, keys = time.monotonic(), 0
        while time.monotonic() - start < STALLED or stages(practice) != [(True, True, "done")]:
            assert time.monotonic() - start < 90, stages(practice)
            if keys < 150:  # each redraws the page, until nobody takes what is drawn
                terminal.press("pageup" if keys % 2 else "pagedown")
                keys += 1
            time.sleep(0.05)
        before = terminal.received
        terminal.press("g")
        terminal.wait_for("The reset is done.", "No fault found", gone="resetting", seconds=60)
        assert terminal.received - before > FULL
        terminal.press("q")
        assert terminal.wait_end(10) == 0
    assert stages(practice) == [(True, True, "done")]


def hang_up(terminal: Terminal) -> int:
    """Close the terminal under the program, as sshd does with a lost connection; how the program ended."""
    terminal.process.ptyproc.fileobj.close()
    end = time.monotonic() + 20
    while terminal.process.isalive():
        assert time.monotonic() < end, "still running without a terminal"
        time.sleep(0.05)
    return int(terminal.process.exitstatus or -(terminal.process.signalstatus or 0))


def signalled(number: int) -> Callable[[Terminal], int]:
    def end(terminal: Terminal) -> int:
        terminal.kill(number)
        status = terminal.wait_end(20)
        assert b"\x1b[?1049l" in terminal.tail  # the screen that was there before
        assert terminal.tail.rindex(b"\x1b[?25h") > terminal.tail.rfind(b"\x1b[?25l")  # with its cursor
        return status

    return end


@pytest.mark.parametrize(
    ("end", "status"),
    [
        pytest.param(signalled(signal.SIGHUP), 128 + signal.SIGHUP, id="SIGHUP"),
        pytest.param(signalled(signal.SIGTERM), 128 + signal.SIGTERM, id="SIGTERM"),
        pytest.param(hang_up, 128 + signal.SIGHUP, id="hung up"),
    ],
)
def test_ended_in_mid_reset_the_next_start_offers_to_go_on(
    practice: Practice, end: Callable[[Terminal], int], status: int
) -> None:
    user = practice.to_reset("no_fault_found")
    with practice.console() as terminal:
        in_mid_reset(terminal, user["name"])
        assert end(terminal) == status
    assert stages(practice) == [(True, False, None)]
    with practice.console() as terminal:
        terminal.wait_for("Follow the unfinished reset of", user["name"], "READ-ONLY", seconds=60)
        terminal.press("escape", "q")
        assert terminal.wait_end(10) == 0
    assert stages(practice) == [(True, False, None)]


def under_cursor(text: str) -> str:
    """Time and user of the row under the cursor; what became of it may change while the cursor rests there."""
    return next(line for line in text.splitlines() if line.startswith("▌"))[:39].rstrip()


def test_too_small_and_large_again_loses_nothing(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")  # as some shells export them: the terminal knows better
    monkeypatch.setenv("LINES", "24")
    with practice.console() as terminal:
        terminal.wait_for("Set-up checklist", seconds=60)
        terminal.press("2")
        terminal.wait_for("Errors", "UserMapping", seconds=30)
        terminal.press("/")
        terminal.type("mapping")
        terminal.press("enter")
        terminal.wait_for("/mapping", " of ")
        terminal.press("down", "down", "down")
        marked = under_cursor(terminal.wait_for("▌"))
        terminal.resize(40, 10)
        terminal.wait_for("Too small: 40x10", "It takes at least 60x15", gone="UserMapping")
        terminal.resize(80, 24)
        after = terminal.wait_for("/mapping", marked, gone="Too small")
        assert under_cursor(after) == marked
        terminal.press("q")
        assert terminal.wait_end(10) == 0
