"""Proof: what we read of the undocumented page, for the admin to compare with Setup, once for each organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.telling.rows import table_name
from screens.widgets.document import Block, Document, blank, heading
from screens.widgets.ink import Line
from screens.words import stamp
from tui import figures
from tui.model import ProofSample, User
from tui.words import N_, _

WHY = {
    "well": N_("a user without a fault"),
    "unwell": N_("a user with a fault"),
    "left": N_("a user who has left"),
}
PAGE = "/s2x/resetExchangeSyncUser.apexp"


class ProofScreen(ConsoleScreen):
    """Asks for each sample whether Setup shows the same. `done` hears whether the reading is
    confirmed, None if that was put off."""

    name_ = "proof"
    BINDINGS = bindings("proof")

    def __init__(self, user: User, done: Callable[[bool | None], None]) -> None:
        super().__init__()
        self._user = user
        self._done = done
        self._ticket = 0
        self._asked_at: datetime | None = None
        self._number = 0
        self._samples: tuple[ProofSample, ...] = ()
        self._answers: list[tuple[str, bool]] = []
        self._problem = ""

    def body(self) -> Iterator[Widget]:
        yield Document(id="proof")

    def crumb(self) -> Line:
        where = path(_("Troubleshoot"), self._user.name, _("Proof"))
        if not self._samples:
            return where
        return (*where, (_("  {n} of {m}").format(n=self._number + 1, m=len(self._samples)), ""))

    def going_on(self) -> tuple[str, int] | None:
        if not self._ticket or self._asked_at is None:
            return None
        return _("reading the page"), int((self.store.now() - self._asked_at).total_seconds())

    def on_mount(self) -> None:
        self._asked_at = self.store.now()
        self._ticket = self.host.ask(room.LoadProof(self._user.id))
        super().on_mount()

    def draw(self) -> None:
        page = self.query_one("#proof", Document)
        intro = Block(
            "intro",
            (
                (
                    _(
                        "The status page is not documented by Salesforce. Before this console presses Reset there,"
                        " check once in Setup that it reads the page correctly."
                    ),
                    "",
                ),
            ),
        )
        if self._problem:
            page.show([intro, blank("s"), Block("problem", ((self._problem, "warn"),))])
        elif not self._samples:
            page.show([intro, blank("s"), Block("wait", ((_("Reading the page for a few users…"), "dim"),))])
        else:
            page.show([intro, *self._sample(self._samples[self._number])])

    def _sample(self, sample: ProofSample) -> list[Block]:
        user, reading = sample.user, sample.reading
        blocks = [
            blank("who.space"),
            Block("who", ((user.name, "strong"), (f"  {user.email}", ""))),
            Block("kind", ((_(WHY.get(sample.kind, sample.kind)), "dim"),)),
            Block("where", ((_("In Setup, at this address, choose the user and press Check Status:"), "dim"),)),
            Block("link", ((f"  {self._address}", "accent"),), hang=2),
            blank("read.space"),
            Block("read", ((_("We read there:"), "head"),)),
        ]
        if reading.problem:
            blocks.append(Block("problem", ((f"  {reading.problem}", "warn"),), hang=2))
        table = ""
        for n, row in enumerate(reading.rows):
            if row.table != table:
                table = row.table
                blocks.append(Block(f"table.{n}", ((f"  {table_name(table)}", "strong"),)))
            told = row.value or (stamp(row.time) if row.time else "")
            blocks.append(Block(f"row.{n}", ((f"    {figures.label(row.label)} ", "dim"), (told, "")), hang=6))
        if sample.error:
            blocks += heading("error", _("And in the error report, in this user's newest row:"))
        for n, (column, value) in enumerate(sample.error):
            blocks.append(Block(f"error.{n}", ((f"    {figures.label(column)} ", "dim"), (value, "")), hang=6))
        return blocks

    @property
    def _address(self) -> str:
        return f"{self.store.org.domain if self.store.org else ''}{PAGE}"

    def links(self) -> Sequence[str]:
        return (self._address,)

    def hear(self, event: room.Event) -> None:
        if not self._ticket or event.ticket != self._ticket:
            return
        match event:
            case room.ProofLoaded(samples=samples):
                self._ticket, self._samples = 0, samples
                if samples:
                    self._ask()
                else:
                    self._problem = _("No user could be read on the page, so nothing can be confirmed.")
            case room.ProofRecorded(confirmed=confirmed):
                self._ticket = 0
                self._leave(confirmed)
                return
            case room.Failed(sentence=sentence):
                self._ticket, self._problem = 0, sentence
        self.refresh_all()

    def _ask(self) -> None:
        self.confirm.ask(
            _("The same in Setup?"),
            {
                "y": (_("the same"), lambda: self._answer(True)),
                "n": (_("not the same"), lambda: self._answer(False)),
                "escape": (_("later"), self._later),
            },
            self._later,
        )

    def _answer(self, same: bool) -> None:
        self._answers.append((self._samples[self._number].user.id, same))
        if same and self._number + 1 < len(self._samples):
            self._number += 1
            self.query_one("#proof", Document).go(0)
            self._ask()
        else:
            self._asked_at = self.store.now()
            self._ticket = self.host.ask(room.AnswerProof(tuple(self._answers)))
        self.refresh_all()

    def _later(self) -> None:
        self._leave(None)

    def do_back(self) -> None:
        self._later()

    def _leave(self, confirmed: bool | None) -> None:
        self.host.leave_screen()
        done = self._done
        self.app.call_later(done, confirmed)
