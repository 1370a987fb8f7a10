"""The console, and the practice org: alone (`sandbox serve`) or under the console (`--sandbox`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tui import output, words
from tui.commands.common import Asked, UsageError
from tui.look import Look
from tui.reasons import why
from tui.sanitise import one_line
from tui.words import _


def console(asked: Asked, look: Look, *, write: bool) -> int:
    """The console on the config file; where none is named and none is there it offers the practice org."""
    _need_terminal()
    path = asked.path()
    there = path.exists()
    if asked.named and not there:
        told = _("There is no config file {path}. To make it: passerelle config init, with the same option.")
        raise UsageError(told.format(path=one_line(path)))
    from tui.app import run

    return run(path if there else None, new=path, write=write, look=_spoken(look))


def practice(asked: Asked, look: Look, *, write: bool) -> int:
    """The console on a practice org, which lives in a process of its own as long as the console does."""
    _need_terminal()
    if asked.named:
        raise UsageError(_("--sandbox makes a config file of its own: leave --config and --org out."))
    from tui.sandbox.options import Options
    from tui.sandbox.serve import start

    output.note(_("Starting the practice org…"))
    try:
        running = start(Options(lang=words.language()))
    except RuntimeError as error:
        raise UsageError(str(error)) from None
    with running:
        from tui.app import run

        return run(running.config, write=write, look=_spoken(look))


def serve(asked: Asked, given: Mapping[str, Any]) -> int:
    """The practice org until SIGINT or SIGTERM. `given`: the options as `tui.sandbox.options.Options` names them."""
    from tui.sandbox.options import Options
    from tui.sandbox.serve import run

    options = {name: value for name, value in {"lang": asked.lang, **given}.items() if value is not None}
    try:
        return run(Options(**options))
    except ValueError as error:
        raise UsageError(str(error)) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(_("The practice org cannot be served: {reason}.").format(reason=why(error))) from None


def _spoken(look: Look) -> Look:
    """The look with the language that was chosen from options, file and environment."""
    return replace(look, language=words.language())


def _need_terminal() -> None:
    """Raises UsageError where the console cannot be drawn; asked here too, before anything slow is started."""
    if refusal := output.no_console():
        raise UsageError(refusal)
