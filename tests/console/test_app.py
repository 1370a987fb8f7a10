"""The console as a process: where it refuses to start, how it ends on signals, what it sends to the terminal."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.terminal import ROOT, Terminal
from tests.patience import patient

PROGRAM = """
import sys, threading, time
from pathlib import Path
from tests.console import data
from tests.console.fake_engine import FakeEngine
import tui.app, tui.engine_room

class Engine(FakeEngine):
    def stop(self, deadline):
        if self.writing:
            time.sleep({park})
            Path({mark!r}).write_text("parked")
        return True

engine = Engine(data.script({script}))
engine.writing = {writing}
threading.Timer({until}, lambda: setattr(engine, "writing", False)).start() if {until} else None
tui.engine_room.EngineRoom = lambda locate, post: type("E", (), {{"start": lambda self: engine.start(post)}})()
sys.exit(tui.app.run(Path("x.toml")))
"""


def program(
    mark: Path, *, writing: bool = False, park: float = 0.3, script: str = "", until: float = 0
) -> tuple[str, ...]:
    source = PROGRAM.format(mark=str(mark), writing=writing, park=park, script=script, until=until)
    return (sys.executable, "-c", source)


def run_without_terminal(environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    code = "import sys, tui.app; sys.exit(tui.app.run(None))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environment,
        timeout=20,
    )


def test_without_a_terminal_it_says_so_and_ends_with_2() -> None:
    ended = run_without_terminal()
    assert ended.returncode == 2
    assert "ssh -t" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_dumb_terminal_is_refused(tmp_path: Path) -> None:
    with Terminal(command=program(tmp_path / "m"), environment={"TERM": "dumb"}) as terminal:
        terminal.wait_for("TERM is dumb", seconds=10)
        assert terminal.wait_end() == 2


def test_q_leaves_within_a_second_and_restores_the_terminal(tmp_path: Path) -> None:
    with Terminal(command=program(tmp_path / "m")) as terminal:
        terminal.wait_for("Set-up checklist")
        start = time.monotonic()
        terminal.press("q")
        assert terminal.wait_end() == 0
        assert time.monotonic() - start < patient(1.5)  # with the interpreter's own end
        assert b"\x1b[?1049l" in terminal.tail


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_parks_the_write_and_ends_with_128_and_its_number(number: int, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with Terminal(command=program(mark, writing=True)) as terminal:
        terminal.wait_for("Set-up checklist")
        terminal.kill(number)
        assert terminal.wait_end(patient(8)) == 128 + number
    assert mark.read_text() == "parked"


def test_ctrl_c_never_kills_a_write(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with Terminal(command=program(mark, writing=True)) as terminal:
        terminal.wait_for("Set-up checklist")
        terminal.press("ctrl+c")
        terminal.wait_for("A reset is under way")
        terminal.kill(signal.SIGINT)
        time.sleep(0.3)
        assert terminal.process.isalive()
        terminal.press("n")
        terminal.wait_for("Set-up checklist", gone="A reset is under way")
        terminal.press("q")
        terminal.wait_for("A reset is under way")
        terminal.press("y")
        assert terminal.wait_end(patient(8)) == 0
    assert mark.read_text() == "parked"


def test_a_stop_from_outside_waits_for_the_end_of_a_write(tmp_path: Path) -> None:
    def stopped() -> bool:
        return Path(f"/proc/{terminal.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "T"

    with Terminal(command=program(tmp_path / "m", writing=True, until=2)) as terminal:
        terminal.wait_for("Set-up checklist")
        terminal.kill(signal.SIGTSTP)
        terminal.press("2")
        terminal.wait_for("Ann Example")
        end = time.monotonic() + patient(8)
        while not stopped() and time.monotonic() < end:
            time.sleep(0.05)
        assert stopped()
        terminal.kill(signal.SIGCONT)
        terminal.press("q")
        assert terminal.wait_end(patient(8)) == 0


def test_a_stalled_terminal_holds_up_no_end(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    script = 'LoadErrors=lambda t, r: [__import__("screens.engine").engine.ErrorsLoaded(t, data.report(20000))]'
    with Terminal(command=program(mark, writing=True, script=script), columns=200, rows=60) as terminal:
        terminal.wait_for("Set-up checklist")
        terminal.press("2")
        for _ in range(400):  # nobody reads what this draws
            terminal.process.send("G" + "g")
        time.sleep(1)
        terminal.kill(signal.SIGTERM)
        end = time.monotonic() + patient(8)
        while not (mark.exists() and mark.read_text()) and time.monotonic() < end:
            time.sleep(0.05)
        assert mark.read_text() == "parked"
        assert terminal.wait_end(patient(8)) == 128 + signal.SIGTERM


def settled(terminal: Terminal) -> int:
    """Read until nothing more is drawn; the bytes received until then."""
    while terminal.read(0.5):
        pass
    return terminal.received


def held(terminal: Terminal, key: str) -> float:
    """How many bytes that key costs while it is held down."""
    settled(terminal)
    terminal.press(key)
    before = settled(terminal)
    terminal.process.send(key * 10)
    while terminal.received == before:
        terminal.read()
    return (settled(terminal) - before) / 10


def test_a_cursor_key_costs_few_bytes(tmp_path: Path) -> None:
    with Terminal(command=program(tmp_path / "m"), columns=120, rows=40) as terminal:
        terminal.wait_for("Set-up checklist")
        assert held(terminal, "j") <= 1200
        terminal.press("2")
        terminal.wait_for("Date ↓")
        assert held(terminal, "j") <= 1200
        idle = settled(terminal)
        terminal.read(0.8)
        assert terminal.received == idle  # an idle console sends nothing
        terminal.press("q")
        assert terminal.wait_end() == 0


def test_the_first_frame_waits_for_nothing_heavy() -> None:
    code = (
        "import sys, tui.app\n"
        "heavy = {'httpx', 'pydantic', 'sqlalchemy', 'lxml', 'simple_salesforce', 'google.auth', 'uvicorn'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    assert ended.stdout.strip() == "[]"


FAILING = """
import sys
from screens.start import StartScreen
def fail(self):
    name = "Ann Example"
    raise ZeroDivisionError(name)
StartScreen.do_help = fail
from tui.cli import main
sys.exit(main())
"""


def test_a_mistake_of_its_own_ends_it_with_a_sentence_that_tells_nothing_it_held(tmp_path: Path) -> None:
    places = {name: str(tmp_path) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    with Terminal(command=(sys.executable, "-c", FAILING), environment=places) as terminal:
        terminal.wait_for("To try the console")
        terminal.press("?")
        assert terminal.wait_end() == 3
        assert "ran into something unexpected (ZeroDivisionError)" in " ".join(terminal.text.split())
        assert b"Ann Example" not in terminal.tail
        assert b"Traceback" not in terminal.tail
