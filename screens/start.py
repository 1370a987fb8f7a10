"""Start: there is no configuration yet. Offers the practice org, and to make a config file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.widgets.document import Block, Document, blank, heading
from screens.widgets.ink import Line
from tui.words import _

KEY = 7
"""Cells for the name of a key."""


class StartScreen(ConsoleScreen):
    name_ = "start"
    BINDINGS = bindings("start")

    def __init__(self) -> None:
        super().__init__()
        self._since: datetime | None = None
        self._problem = ""

    def body(self) -> Iterator[Widget]:
        yield Document(id="start", cursor_shown=False)

    def crumb(self) -> Line:
        return path(_("Welcome"))

    def going_on(self) -> tuple[str, int] | None:
        if self._since is None:
            return None
        return _("starting the practice org"), int((self.store.now() - self._since).total_seconds())

    def draw(self) -> None:
        blocks = [
            Block(
                "what",
                ((_("Passerelle finds out why Google and Salesforce do not sync for somebody, and what to do."), ""),),
            ),
            Block("none", ((_("There is no config file yet, so no Salesforce organisation to look at."), "strong"),)),
            *heading("try", _("To try the console")),
            self._way(
                "practice",
                _(
                    "starts the practice org: an invented Salesforce and Google Workspace on this computer,"
                    " with 400 users and every fault there is. Nothing leaves this computer."
                ),
            ),
            *heading("use", _("To use it with your organisation")),
            self._way(
                "setup",
                _(
                    "makes the config file from your answers: what to set up in Salesforce and at Google, and each step"
                    " tried for real."
                ),
            ),
            *heading("terminal", _("Without this screen")),
            _command("passerelle config init", _("asks the same questions in a plain terminal")),
            _command("passerelle config path", _("says where to put sample_config.toml, filled in")),
        ]
        if self._problem:
            blocks += [blank("problem.space"), Block("problem", ((self._problem, "warn"),))]
        self.query_one("#start", Document).show(blocks)

    def _way(self, action: str, text: str) -> Block:
        """What that key does, the key first."""
        key = self.host.registry.by_id[action].shown_keys[0]
        return Block(action, ((f"  {key:<{KEY}}", "key"), (text, "")), hang=2 + KEY)

    def do_back(self) -> None:
        self.do_quit()

    def do_practice(self) -> None:
        if self._since is None:
            self._since, self._problem = self.store.now(), ""
            self.host.start_practice()
            self.refresh_all()

    def hear(self, event: room.Event) -> None:
        if isinstance(event, room.NotConnected) and self._since is not None:
            self._since, self._problem = None, event.finding.summary
            self.refresh_all()


def _command(command: str, text: str) -> Block:
    """What a command does, the command first."""
    return Block(command, ((f"  {command}  ", "strong"), (text, "dim")), hang=4)
