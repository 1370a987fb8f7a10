"""A text in the admin's own pager, while the console waits and the engine goes on."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from tui.reasons import why
from tui.sanitise import redact, sanitise
from tui.signals import handling
from tui.words import _

LONGEST = 50_000_000


class PagerError(Exception):
    """Why the text could not be shown: a sentence."""


def command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The pager's command: $PAGER, else less, else more. Raises PagerError where there is none."""
    asked = environment.get("PAGER", "").strip()
    try:
        words = shlex.split(asked)
    except ValueError:
        words = [asked]
    candidates = [words] if words else [["less"], ["more"]]
    for candidate in candidates:
        if shutil.which(candidate[0]) is not None:
            return candidate
    if words:
        raise PagerError(_("PAGER names {name}, and there is no such program here.").format(name=words[0]))
    raise PagerError(_("There is no pager here, neither less nor more: install one, or name yours in PAGER."))


class Pager:
    """Shows one text at a time; `end` may be called from any thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def show(self, text: str, aside: Callable[[], AbstractContextManager[None]], *, stoppable: bool) -> None:
        """Show `text` within `aside`, which gives the terminal away, and come back when the pager has been left. Unless
        `stoppable`, the pager cannot be stopped with Ctrl+Z either. Raises PagerError."""
        arguments = command()
        with _file(text) as path:
            try:
                with aside(), _signals(stoppable):
                    status = self._run([*arguments, str(path)], stoppable)
            except OSError as error:
                raise PagerError(
                    _("{name} could not be started: {why}").format(name=arguments[0], why=why(error))
                ) from None
        if status > 0:
            raise PagerError(_("{name} ended with status {n}.").format(name=arguments[0], n=status))

    def end(self) -> None:
        """End the pager, if one runs."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def _run(self, arguments: list[str], stoppable: bool) -> int:
        self._process = subprocess.Popen(arguments, env=_environment())  # noqa: S603 - the admin's own pager
        try:
            while True:
                _pid, status = os.waitpid(self._process.pid, os.WUNTRACED)
                if not os.WIFSTOPPED(status):
                    self._process.returncode = os.waitstatus_to_exitcode(status)
                    return self._process.returncode
                if not stoppable:
                    self._process.send_signal(signal.SIGCONT)
        finally:
            self._process = None


def _environment() -> dict[str, str]:
    """Less without a shell, an editor or a log file; and it waits, even where the text fits one page."""
    environment = {**os.environ, "LESSSECURE": "1"}
    if "F" in environment.get("LESS", ""):
        environment["LESS"] += " -+F"
    return environment


@contextmanager
def _file(text: str) -> Iterator[Path]:
    """A file of our own, closed to others, that holds the text."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="passerelle-", suffix=".txt") as file:
        file.write(sanitise(redact(text), limit=LONGEST) + "\n")
        file.flush()
        yield Path(file.name)


@contextmanager
def _signals(stoppable: bool) -> Iterator[None]:
    """Ctrl+C belongs to the pager; Ctrl+Z stops it and us together, or nobody while a write is in flight.

    Handlers and not SIG_IGN, which the pager would inherit."""
    nobody: Callable[..., None] = lambda *_arguments: None  # noqa: E731 - one handler
    handlers = {signal.SIGINT: nobody, signal.SIGTSTP: signal.SIG_DFL if stoppable else nobody}
    with handling(handlers):
        yield
