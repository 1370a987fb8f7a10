"""The command `passerelle`: prepares the process, finds the language, runs the command, and turns every ending into an
exit status and, where something went wrong, into a sentence."""

from __future__ import annotations

import atexit
import gc
import os
import resource
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from screens import glyphs
from tui import words
from tui.commands.common import Asked, Exit, UsageError
from tui.commands.tree import build
from tui.look import Look, read_look
from tui.output import note, reader_gone
from tui.sanitise import one_line
from tui.words import _


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (without the program's name; default: the process's own). Returns the exit status.

    From here on the process writes files for its owner alone and leaves no core dump, which could hold a key. The
    collector of garbage rests until a command runs or the console stands: a start makes none, and it costs a tenth of
    it."""
    gc.disable()
    gc.set_threshold(10_000, 20, 50)  # few cycles are made here, and many objects that stay
    atexit.register(gc.freeze)  # the end would look through them all once more: most of a second on a busy machine
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _outputs()
    arguments = list(sys.argv[1:] if argv is None else argv)
    look = _look(arguments)
    try:
        with build(look).make_context("passerelle", arguments) as context:
            return int(context.command.invoke(context) or Exit.DONE)
    except BaseException as error:  # noqa: BLE001 - the one place where every ending becomes an exit status
        return _ended(error)
    finally:
        gc.enable()
        _flush()


def _outputs() -> None:
    """Signs that the terminal's encoding lacks are written plainly, and an output that is closed is nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open until the process ends
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plainly")


def _look(arguments: Sequence[str]) -> Look:
    """The look that the config file asks for, with its language and signs in use; the options are read ahead of click,
    for whose help it is needed."""
    asked = Asked(lang=_value(arguments, "--lang"), org=_value(arguments, "--org"))
    named = _value(arguments, "--config")
    asked.config = Path(named) if named else None
    try:
        look = read_look(asked.path())
    except UsageError:  # said when the command runs
        look = Look()
    words.use(words.choose(asked.lang or look.language))
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    glyphs.use(ascii_only=look.ascii or not _can_say("✓◷…", encoding))
    return look


def _value(arguments: Sequence[str], option: str) -> str | None:
    """The value of an option among arguments that nobody has parsed yet; the last one counts."""
    found = None
    for number, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == option and number + 1 < len(arguments):
            found = arguments[number + 1]
        elif argument.startswith(f"{option}="):
            found = argument.partition("=")[2]
    return found


def _can_say(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


# ---- endings -----------------------------------------------------------------------------------------------------


def _ended(error: BaseException) -> int:
    """The exit status for what ended the command early; what there is to say goes to stderr."""
    match error:
        case BaseExceptionGroup():
            return _ended(error.exceptions[0])
        case click.exceptions.Exit():
            return error.exit_code
        case SystemExit():
            return error.code if isinstance(error.code, int) else Exit.UNKNOWN
        case KeyboardInterrupt() | click.Abort():
            note("\n" + _("Interrupted."))
            return Exit.INTERRUPTED
        case BrokenPipeError():
            reader_gone()
            return Exit.READER_GONE
        case click.ClickException():
            context = getattr(error, "ctx", None)
            usage = f"{context.get_usage()}\n" if context else ""
            note(usage + _("Error: {text}").format(text=error.format_message()))
            return Exit.USAGE
        case UsageError():
            note(str(error))
            return Exit.USAGE
    return _of_the_work(error)


def _of_the_work(error: BaseException) -> int:
    """The same for trouble with services, config file and journal, whose modules are slow to import and asked about
    last."""
    from tui.config import ConfigError
    from tui.journal.place import JournalError
    from tui.model import ServiceError

    match error:
        case ServiceError():
            note(error.message)
            return Exit.UNKNOWN
        case ConfigError():
            note(str(error))
            return Exit.USAGE
        case JournalError():
            note(str(error))
            return Exit.UNKNOWN
    return _unexpected(error)


def _unexpected(error: BaseException) -> int:
    if os.environ.get("PASSERELLE_DEBUG") == "1":
        note("".join(traceback.format_exception(error)))
    note(
        _(
            "Passerelle ran into something unexpected ({name}) and stopped. Nothing more is known about the result."
            " With PASSERELLE_DEBUG=1 it says where this happened."
        ).format(name=one_line(type(error).__name__))
    )
    return Exit.UNKNOWN


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        reader_gone()
