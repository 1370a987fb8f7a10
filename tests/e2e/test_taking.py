"""What is taken out of the console, as a real terminal gets it: the clipboard's bytes, and the pager."""

from __future__ import annotations

import base64
import re
import signal
import time
from pathlib import Path

import pytest

from tests.console.test_app import program
from tests.e2e.terminal import Terminal

PAGER = """#!/bin/sh
stat -c %a "$1" > {folder}/mode
cp "$1" {folder}/text
echo "$LESSSECURE" > {folder}/secure
echo "$1" > {folder}/name
printf 'This is the pager'
read answer < /dev/tty
"""


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A pager that notes what it is given, and stays until Enter."""
    script = tmp_path / "pager"
    script.write_text(PAGER.format(folder=tmp_path))
    script.chmod(0o700)
    return script


def test_the_copied_text_arrives_as_osc_52(tmp_path: Path) -> None:
    with Terminal(command=program(tmp_path / "m")) as terminal:
        terminal.wait_for("Set-up checklist")
        terminal.press("2")
        terminal.wait_for("Date ↓")
        terminal.press("y")
        terminal.wait_for("e error text")
        terminal.press("e")
        terminal.wait_for("If nothing arrives, select this:")
        [sent] = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", terminal.tail)
        assert base64.b64decode(sent).decode() in terminal.text.replace("\n", "")
        terminal.press("escape", "q")
        assert terminal.wait_end() == 0


def test_the_pager_gets_the_page_and_the_console_comes_back(tmp_path: Path, pager: Path) -> None:
    with Terminal(command=program(tmp_path / "m"), environment={"PAGER": str(pager)}) as terminal:
        terminal.wait_for("Set-up checklist")
        terminal.press("e")
        terminal.wait_for("This is the pager")
        terminal.process.sendintr()  # Ctrl+C belongs to the pager: the console does not take it for its own
        terminal.wait_for("Set-up checklist", gone="This is the pager")
        terminal.press("2")
        terminal.wait_for("Date ↓")
        terminal.press("e")
        terminal.wait_for("This is the pager")
        terminal.press("enter")
        terminal.wait_for("Date ↓", gone="This is the pager")
        terminal.press("q")
        assert terminal.wait_end() == 0
    assert (tmp_path / "mode").read_text().strip() == "600"
    assert (tmp_path / "secure").read_text().strip() == "1"
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in (tmp_path / "text").read_text()
    assert not Path((tmp_path / "name").read_text().strip()).exists()


def test_a_signal_ends_the_pager_and_leaves_in_safety(tmp_path: Path, pager: Path) -> None:
    mark = tmp_path / "mark"
    with Terminal(command=program(mark, writing=True), environment={"PAGER": str(pager)}) as terminal:
        terminal.wait_for("Set-up checklist")
        terminal.press("e")
        terminal.wait_for("This is the pager")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_end(8) == 128 + signal.SIGTERM
    assert mark.read_text() == "parked"
    assert not Path((tmp_path / "name").read_text().strip()).exists()


def test_the_pager_cannot_be_stopped_while_a_write_is_in_flight(tmp_path: Path, pager: Path) -> None:
    with Terminal(command=program(tmp_path / "m", writing=True), environment={"PAGER": str(pager)}) as terminal:
        terminal.wait_for("Set-up checklist")
        terminal.press("e")
        terminal.wait_for("This is the pager")
        terminal.process.send("\x1a")
        time.sleep(0.2)  # to see that nothing comes of it
        terminal.press("enter")
        terminal.wait_for("Set-up checklist", gone="This is the pager")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_end(8) == 128 + signal.SIGTERM


def test_ctrl_z_stops_the_console_and_it_comes_back(tmp_path: Path) -> None:
    with Terminal(command=program(tmp_path / "m")) as terminal:
        terminal.wait_for("Set-up checklist")
        terminal.process.send("\x1a")
        state, end = Path(f"/proc/{terminal.process.pid}/stat"), time.monotonic() + 10
        while state.read_text().rpartition(")")[2].split()[0] != "T":
            terminal.read()
            assert time.monotonic() < end
        assert b"\x1b[?1049l" in terminal.tail  # the shell's own screen is back
        terminal.kill(signal.SIGCONT)
        terminal.press("2")
        terminal.wait_for("Date ↓")
        terminal.press("q")
        assert terminal.wait_end() == 0
