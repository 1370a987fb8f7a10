"""Starts the full-screen console: looks at the terminal, joins screens and engine, and sees to a safe end.

The first frame waits for nothing but Textual and the screens; the engine room starts when it stands.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from screens.console import Console, Welcome
from tui.look import Look, read_look
from tui.output import no_console
from tui.signals import handling
from tui.words import _

if TYPE_CHECKING:
    from screens import engine as room
    from tui.engine_room import EngineRoom
    from tui.sandbox.serve import Running

USAGE = 2
SAFE_END = 15.0
"""Seconds that a press of Reset may take to be safely in the journal when the process is asked to end."""
LEAVE = 1.5
"""Seconds that the screen gets to restore the terminal after a signal; then it is done without it."""

_RESTORE = b"\x1b[?1049l\x1b[?25h\x1b[?2004l\x1b[?1004l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[<u\x1b[0m"
"""Leaves the alternate screen, shows the cursor, ends what Textual may have asked the terminal for."""


def run(config_path: Path | None, *, new: Path | None = None, write: bool = False, look: Look | None = None) -> int:
    """The console on that config file; without one a start screen offers the practice org, and to make the file `new`.
    `write` starts it armed.

    Returns the exit status: 0, or 2 where there is no terminal to draw on. A signal ends it with 128 + its number.
    Raises what the console itself failed by, once the terminal is restored and the engine has come to a safe end."""
    if refusal := no_console():
        print(refusal, file=sys.stderr)  # noqa: T201 - said before there is a screen
        return USAGE
    look = look or read_look(config_path)
    for name in ("COLUMNS", "LINES"):  # exported, they would stand for the terminal's own size, after a resize too
        os.environ.pop(name, None)
    house = _House()

    def start(post: Callable[[room.Event], None]) -> room.Engine:
        return house.open(lambda: config_path or house.practice(), post)

    def make(post: Callable[[room.Event], None]) -> room.Engine:
        return house.open(lambda: new or house.practice(), post)

    console_type = Console if config_path is not None else Welcome
    console = console_type(start if config_path is not None else None, start, make=make, write=write, look=look)
    with _signals(console, house):
        try:
            status = console.run(mouse=look.mouse)
        finally:
            house.left.set()
            house.close()
    if console.fault is not None:
        raise console.fault
    return (console.return_code or 0) if status is None else status


class _House:
    """What runs behind the screen: the engine, and the practice org if it was started from here."""

    def __init__(self) -> None:
        self.engine: EngineRoom | None = None
        self.left = threading.Event()
        """Set when the screen has restored the terminal."""
        self._practice: Running | None = None
        self._stop: Callable[[int, FrameType | None], Any] | None = None
        self._held = False

    def open(self, locate: Callable[[], Path], post: Callable[[room.Event], None]) -> EngineRoom:
        from tui.engine_room import EngineRoom

        gc.freeze()  # the first frame stands, and so does all that was made for it: nothing to look for in there
        gc.enable()
        if self.engine is not None:
            self.engine.stop(0)
        self.engine = EngineRoom(locate, post).start()
        if self._stop is None and callable(stop := signal.getsignal(signal.SIGTSTP)):
            self._stop = stop
            signal.signal(signal.SIGTSTP, self._hold_back)
        return self.engine

    def _hold_back(self, number: int, frame: FrameType | None) -> None:
        """SIGTSTP from outside: while a reset is under way it waits, for nobody would see how that ends."""
        if self._stop is not None and not self._writing:
            self._stop(number, frame)
        elif not self._held:
            self._held = True
            threading.Thread(target=self._stop_then, daemon=True, name="stop").start()

    def _stop_then(self) -> None:
        while self._writing and not self.left.wait(0.1):
            pass
        self._held = False
        if not self.left.is_set():
            os.kill(os.getpid(), signal.SIGTSTP)

    @property
    def _writing(self) -> bool:
        return self.engine is not None and self.engine.writing

    def practice(self) -> Path:
        """The config file of the practice org, which is started if it does not run. Called in the engine's thread."""
        from tui.sandbox import serve
        from tui.sandbox.options import Options

        if self._practice is None:
            self._practice = serve.start(Options())
        return self._practice.config

    def close(self) -> None:
        """End everything; a press that is on its way is waited for, and that is said."""
        if self.engine is not None:
            if self.engine.writing:
                print(_("A reset is under way: leaving it in a safe state…"), file=sys.stderr)  # noqa: T201 - the screen is gone
            self.engine.stop(SAFE_END if self.engine.writing else 0)
        if self._practice is not None:
            self._practice.stop()
            self._practice = None


@contextmanager
def _signals(console: Console, house: _House) -> Iterator[None]:
    """SIGHUP and SIGTERM end the process in safety; SIGINT from outside asks to quit, as the key does.

    Plain `signal.signal`: a handler of the loop would wait behind output that a stalled terminal does not take."""

    attributes = termios.tcgetattr(sys.stdin.fileno())

    def leave(number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=_leave, args=(console, house, number, attributes), daemon=True, name="leave").start()

    def ask(_number: int, _frame: FrameType | None) -> None:
        # A thread of its own: from a handler on the loop's thread the message would not wake the loop.
        threading.Thread(target=console.call_later, args=(console.quit_console,), daemon=True, name="ask").start()

    handlers: dict[signal.Signals, Any] = {signal.SIGHUP: leave, signal.SIGTERM: leave, signal.SIGINT: ask}
    with handling(handlers):
        yield


def _leave(console: Console, house: _House, number: int, attributes: list[Any]) -> None:
    """Bring the engine to a safe end, then the screen to its own; where that hangs, restore the terminal without it."""
    console.pager.end()
    if house.engine is not None:
        house.engine.stop(SAFE_END if house.engine.writing else 0)
    with suppress(RuntimeError):
        console.call_later(console.exit, 128 + number)
    if house.left.wait(LEAVE):
        return  # the screen has gone by itself; the process ends with that status
    with suppress(OSError, termios.error):
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, attributes)
        os.set_blocking(sys.stderr.fileno(), False)
        try:
            os.write(sys.stderr.fileno(), _RESTORE)
        finally:
            os.set_blocking(sys.stderr.fileno(), True)
    os._exit(128 + number)
