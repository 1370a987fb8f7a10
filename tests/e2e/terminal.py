"""A terminal to drive the real program in: a pseudo-terminal (pexpect) read by a terminal emulator (pyte)."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pexpect
import pyte

ROOT = Path(__file__).parents[2]
KEYS = {
    "enter": "\r",
    "escape": "\x1b[27u",  # as newer terminals send it: a bare one and a key behind it may be read as Alt and the key
    "up": "\x1b[A",
    "down": "\x1b[B",
    "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
    "backspace": "\x7f",
    "ctrl+c": "\x03",
}


class Terminal:
    """`passerelle` with these arguments in a terminal of that size. `received` counts every byte that it drew."""

    def __init__(
        self,
        arguments: Sequence[str] = (),
        *,
        command: Sequence[str] = (sys.executable, "-m", "tui"),
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.received = 0
        self.tail = b""
        """The last bytes that it drew."""
        clean = {name: value for name, value in os.environ.items() if name not in {"COLORTERM", "NO_COLOR"}}
        clean |= {"TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        program, *rest = command
        self.process = pexpect.spawn(
            program,
            [*rest, *arguments],
            dimensions=(rows, columns),
            env={**clean, **(environment or {})},
            cwd=str(ROOT),
            timeout=10,
        )
        self.process.delaybeforesend = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.close(force=True)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def read(self, seconds: float = 0.05) -> int:
        """Take in what the program draws until it has been silent so long, at most a second; how many bytes it was."""
        before, end = self.received, time.monotonic() + 1
        while time.monotonic() < end:
            try:
                data = self.process.read_nonblocking(65536, seconds)
            except (pexpect.TIMEOUT, pexpect.EOF):
                return self.received - before
            self.take(data)
        return self.received - before

    def take(self, data: bytes) -> None:
        """Draw what was read of the program's output."""
        self.received += len(data)
        self.tail = (self.tail + data)[-65536:]
        self._stream.feed(data)

    def wait_for(self, *wanted: str, gone: str = "", seconds: float = 20) -> str:
        """Read until every text of `wanted` stands on the screen, and `gone` does not; what stands there then.

        Raises AssertionError with the screen when that has not come in time."""
        end = time.monotonic() + seconds
        while True:
            self.read()
            text = self.text
            if all(part in text for part in wanted) and not (gone and gone in text):
                return text
            if time.monotonic() > end or not self.process.isalive():
                self.read()
                raise AssertionError(f"waited for {wanted}, gone {gone!r}; the screen shows:\n{self.text}")

    def press(self, *keys: str) -> None:
        """Press these keys, one after the other: names of KEYS, or characters."""
        for key in keys:
            self.process.send(KEYS.get(key, key))

    def type(self, text: str) -> None:
        """Type a text."""
        self.process.send(text)

    def paste(self, text: str) -> None:
        """Paste a text, as a terminal does that brackets it (and sends the ends of its lines as Enter)."""
        end = time.monotonic() + 10
        data = memoryview(b"\x1b[200~" + text.replace("\n", "\r").encode() + b"\x1b[201~")
        while data:
            assert time.monotonic() < end, "the program takes nothing"
            data = data[os.write(self.process.child_fd, data[:512]) :]
            self.read(0.01)

    def command(self, text: str) -> None:
        """Type a command after `:`."""
        self.press(":")
        self.wait_for(" :")
        self.type(text)
        self.press("enter")

    def resize(self, columns: int, rows: int) -> None:
        self.process.setwinsize(rows, columns)
        self.screen.resize(rows, columns)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send the program a signal."""
        self.process.kill(number)

    def wait_end(self, seconds: float = 20) -> int:
        """Wait until the program has ended; its exit status, or minus the signal that ended it.

        Raises AssertionError when it has not ended in time."""
        end = time.monotonic() + seconds
        while self.process.isalive():
            self.read(0.02)
            if time.monotonic() > end:
                raise AssertionError(f"still running after {seconds} s; the screen shows:\n{self.text}")
        self.read(0.02)
        self.process.close()
        status = self.process.exitstatus
        return status if status is not None else -(self.process.signalstatus or 0)
