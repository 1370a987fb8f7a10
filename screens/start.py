"""Start: there is no configuration yet. Offers the practice org, and to make a config file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.key_names import key_name
from screens.widgets.document import Block, Document, blank
from screens.widgets.ink import Line
from tui.words import _


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
        lines: list[Line] = [
            ((_("There is no config file yet, so no Salesforce organisation to look at."), "strong"),),
            (),
            ((_("To try the console"), "head"),),
            (
                (f"  {key_name('enter'):<7}", "key"),
                (
                    _(
                        "starts the practice org: an invented Salesforce and Google Workspace on this computer,"
                        " with 400 users and every fault there is. Nothing leaves this computer."
                    ),
                    "",
                ),
            ),
            (),
            ((_("To use it with your organisation"), "head"),),
            (
                ("  i      ", "key"),
                (
                    _(
                        "makes the config file by questions: what to set up in Salesforce and at Google, and each step"
                        " tried for real. The same in a plain terminal: passerelle config init"
                    ),
                    "",
                ),
            ),
            (("         ", ""), (_("By hand: sample_config.toml goes where passerelle config path says."), "dim")),
        ]
        if self._problem:
            lines += [(), ((self._problem, "warn"),)]
        self.query_one("#start", Document).show([
            Block(f"line.{n}", line, hang=9) if line else blank(f"line.{n}")
            for n, line in enumerate(lines)
        ])  # fmt: skip

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
