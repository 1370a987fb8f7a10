"""A reset that an earlier session left unfinished: gone on with, left as it is, or put off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens import engine as room
from screens.troubleshoot import TroubleshootScreen
from screens.words import since
from tui.model import Write
from tui.words import _

if TYPE_CHECKING:
    from screens.console import Console


def offer(console: Console, write: Write) -> None:
    screen = console.front
    if screen is None or screen.asking is not None:
        console.tell(_("A reset was left unfinished: U shows it."), "warn")
        return
    question = _("Follow the unfinished reset of {user}, {time}, to its end? Nothing is pressed again.").format(
        user=write.user_name, time=since(write.planned_at, console.store.now())
    )
    later = lambda: console.tell(_("Later: U brings it up again."))  # noqa: E731 - one sentence
    screen.confirm.ask(
        question,
        {
            "y": (_("follow it"), lambda: _resume(console, write)),
            "d": (_("leave it"), lambda: _drop(console, write)),
            "escape": (_("later"), later),
        },
        later,
    )


def _resume(console: Console, write: Write) -> None:
    _without(console, write)
    case = console.store.case(write.user_id, write.user_name)
    case.resume(console.ask(room.ResumeWrite(write.id)), console.store.now())
    console.push_screen(TroubleshootScreen(case))


def _drop(console: Console, write: Write) -> None:
    _without(console, write)
    console.ask(room.DropWrite(write.id))
    console.tell(_("Left as it is: the journal says that its end is not known."))


def _without(console: Console, write: Write) -> None:
    left = console.store.unfinished
    console.store.unfinished = tuple(other for other in left if other.id != write.id)
