"""Taking something away from the screen in front: to the clipboard, to the pager, to a file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len
from textual.app import SuspendNotSupported

from screens.pager import PagerError
from screens.pieces import Copy, Export, keyed
from screens.state import Store
from screens.widgets.bars import Choices
from screens.widgets.ink import Line, fit
from screens.widgets.query import plain
from screens.widgets.sheet import Part
from screens.words import number
from tui.words import _, ngettext

if TYPE_CHECKING:
    from screens import engine as room
    from screens.base import ConsoleScreen


def copy_menu(screen: ConsoleScreen) -> None:
    """Ask which piece to copy, in the foot line where the names fit, else in a short list."""
    _choose(screen, _("Copy:"), keyed(screen.copies()))


def link_menu(screen: ConsoleScreen) -> None:
    """Show the links of what is under the cursor, whole; a number copies one of several."""
    links = screen.links()
    if len(links) == 1:
        show(screen, Copy("link", links[0]))
        return
    menu = {str(n): Copy("link", link) for n, link in enumerate(links[:9], 1)}
    parts = []
    for key, copy in menu.items():
        parts += [Part(((f"{key} ", "key"), (_("copies:"), "dim"))), _value(copy)]
    answers = {key: partial(show, screen, copy) for key, copy in menu.items()}
    screen.sheet.show(_("Links"), parts, answers)


def _choose(screen: ConsoleScreen, question: str, menu: dict[str, Copy]) -> None:
    answers: Choices = {key: (copy.name, partial(show, screen, copy)) for key, copy in menu.items()}
    if len(menu) == 1:
        show(screen, next(iter(menu.values())))
    elif screen.confirm.fits(question, answers):
        screen.confirm.ask(question, answers, lambda: None)
    else:
        label = max(cell_len(copy.name) for copy in menu.values())
        parts = [Part(_entry(key, copy, label, screen.size.width)) for key, copy in menu.items()]
        screen.sheet.show(question, parts, {key: act for key, (_name, act) in answers.items()})


def _entry(key: str, copy: Copy, label: int, width: int) -> Line:
    first = copy.plain.replace("\n", " ")
    return ((f"{key}  ", "key"), (fit(copy.name, label + 2), ""), (fit(first, max(8, width - label - 9)), "dim"))


def show(screen: ConsoleScreen, copy: Copy) -> None:
    """Send the text to the terminal's clipboard, and show it whole: whether it arrived cannot be known from here."""
    screen.app.copy_to_clipboard(copy.plain)
    screen.sheet.show(_("Sent to the terminal. If nothing arrives, select this:"), [_value(copy)])


def _value(copy: Copy) -> Part:
    link = copy.plain if copy.kind == "link" and _harmless(copy.plain) and _may_link() else ""
    return Part(((copy.plain, "accent" if link else ""),), whole=True, link=link)


def _harmless(link: str) -> bool:
    return link.isascii() and link.isprintable() and link.startswith(("https://", "http://"))


def _may_link() -> bool:
    """Whether this terminal takes a link that it does not know for nothing; the consoles and screen may print it."""
    return not os.environ.get("TERM", "").startswith(("linux", "vt", "screen.", "sun", "cons"))


def page(screen: ConsoleScreen, writing: bool) -> None:
    """The screen's content in the pager."""
    app = screen.app
    try:
        screen.host.pager.show(screen.page_text(), app.suspend, stoppable=not writing)
    except SuspendNotSupported:
        screen.flash(_("This terminal cannot be lent to a pager; y copies, E writes a list to a file."), "warn")
    except PagerError as problem:
        screen.flash(str(problem), "warn")


class _Console(Protocol):
    """The console, as far as it takes part in writing a file."""

    store: Store

    @property
    def front(self) -> ConsoleScreen | None: ...
    def ask(self, request: room.Request) -> int: ...
    def tell(self, sentence: str, ink: str = "") -> None: ...


class Exports:
    """A list on its way to a file: where to is asked here, the engine writes it, never over another file unasked."""

    def __init__(self, console: _Console) -> None:
        self._console = console
        self._ticket = 0
        self._request: room.WriteFile | None = None

    def choose(self, screen: ConsoleScreen, export: Export) -> None:
        """Ask where to write it."""
        from screens import engine as room

        store = self._console.store
        org = re.sub(r"[^a-z0-9]+", "-", plain(store.org.name)).strip("-")[:24] if store.org else ""
        stem = "-".join(filter(None, (export.name, org, f"{store.now().astimezone():%Y%m%d-%H%M}")))

        def write(path: str) -> None:
            if path:
                items = export.items()
                self._write(room.WriteFile(path, export.headings, lambda: map(export.cells, items)))

        screen.prompt.ask(_("To (.csv or .json):"), write, value=f"~/{stem}.csv")

    def _write(self, request: room.WriteFile) -> None:
        self._request, self._ticket = request, self._console.ask(request)

    def hear(self, event: room.Event) -> None:
        """What the engine says to that."""
        from screens import engine as room

        request = self._request
        if request is None or not self._ticket or event.ticket != self._ticket:
            return
        self._ticket = 0
        match event:
            case room.FileWritten(path=path, rows=rows):
                told = ngettext("{n} row written to {path}.", "{n} rows written to {path}.", rows)
                self._console.tell(told.format(n=number(rows), path=path), "ok")
            case room.FileExists(path=path):
                self._ask_again(path, lambda: self._write(replace(request, replace=True)))
            case room.Failed(sentence=sentence):
                self._console.tell(sentence, "warn")

    def _ask_again(self, path: str, replace: Callable[[], None]) -> None:
        screen = self._console.front
        nothing = lambda: self._console.tell(_("Nothing was written."))  # noqa: E731 - one sentence
        if screen is None or screen.asking is not None:
            self._console.tell(_("{path} exists already: nothing was written.").format(path=path), "warn")
            return
        answers: Choices = {"y": (_("replace"), replace), "n": (_("no"), nothing)}
        screen.confirm.ask(_("{path} exists already. Replace it?").format(path=path), answers, nothing)
