"""The guided connection test: an admin presses Salesforce's own Test button, and records its two messages here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.widgets.document import Block, Document, blank, heading
from screens.widgets.ink import Line
from screens.words import stamp
from tui import figures
from tui.model import GuidedTest, User
from tui.words import N_, _

SIDES = {"calendar": N_("Calendar"), "contacts": N_("Contacts")}
STEPS = (
    N_("1. Open this address in a browser, as an administrator:"),
    N_("2. In the block that connects Google and Salesforce, at its third step, press the button that tests the"
       " connection."),
    N_("3. Where it asks for a user, choose {user}: a failure counts for the person it was made with."),
    N_("4. It answers twice, once for contacts and once for the calendar. Record both answers below."),
)  # fmt: skip
OUTCOMES = {True: (N_("succeeded"), "ok"), False: (N_("failed"), "bad"), None: (N_("not understood"), "warn")}


class GuidedScreen(ConsoleScreen):
    """Says what to press, asks for one message after the other, and keeps them. `done` hears whether both were kept."""

    name_ = "guided"
    BINDINGS = bindings("guided")

    def __init__(self, user: User, done: Callable[[bool], None]) -> None:
        super().__init__()
        self._user = user
        self._done = done
        self._ticket = 0
        self._link = ""
        self._earlier: tuple[GuidedTest, ...] = ()
        self._messages: dict[str, str] = {}
        self._left = list(SIDES)
        self._problem = ""

    def body(self) -> Iterator[Widget]:
        yield Document(id="guided")

    def crumb(self) -> Line:
        return path(_("Troubleshoot"), self._user.name, _("Guided test"))

    def on_mount(self) -> None:
        self._ticket = self.host.ask(room.LoadGuided())
        super().on_mount()

    def draw(self) -> None:
        blocks = []
        for number, step in enumerate(STEPS):
            blocks.append(Block(f"step.{number}", ((_(step).format(user=self._user.name), ""),), hang=3))
            if number == 0:
                blocks.append(Block("link", ((f"   {self._link or '…'}", "accent"),), hang=3))
        if self._problem:
            blocks += [blank("problem.space"), Block("problem", ((self._problem, "warn"),))]
        if self._earlier:
            blocks += heading("earlier", _("Recorded in the last 24 hours"))
        for number, test in enumerate(self._earlier):
            word, ink = OUTCOMES[test.ok]
            told = _("{time}, with {user}, by {by}").format(time=stamp(test.at), user=test.user_name, by=test.by)
            line = (
                (f"  {figures.label(_(SIDES.get(test.side, test.side)))} ", ""),
                (_(word), ink),
                (f"  {told}", "dim"),
            )
            blocks.append(Block(f"test.{number}", line, hang=4))
            if test.message:
                blocks.append(Block(f"said.{number}", ((f"    {figures.quoted(test.message)}", "dim"),), hang=4))
        self.query_one("#guided", Document).show(blocks)

    def links(self) -> Sequence[str]:
        return (self._link,) if self._link else ()

    # One side after the other.

    def _ask(self) -> None:
        if not self._left:
            self._leave(True)
            return
        side = self._left[0]
        question = _("{side} answered:").format(side=_(SIDES[side]))
        if side in self._messages:
            question = _("{side}, not understood:").format(side=_(SIDES[side]))
        answers: dict[str, tuple[str, Callable[[], None]]] = {
            "y": (_("success"), lambda: self._record(side, True)),
            "f": (_("failure"), lambda: self._record(side, False)),
            "m": (_("type its message"), lambda: self._type(side)),
            "escape": (_("later"), lambda: self._leave(False)),
        }
        if side in self._messages:
            answers["m"] = (_("leave open"), self._skip)
        self.confirm.ask(question, answers, lambda: self._leave(False))

    def _type(self, side: str) -> None:
        def typed(text: str) -> None:
            self._messages[side] = text
            self._record(side, None) if text else self._again()

        self.prompt.ask(_("{side} message:").format(side=_(SIDES[side])), typed, left=self._ask)

    def _again(self) -> None:
        self._messages.pop(self._left[0], None)
        self._ask()

    def _skip(self) -> None:
        self._left.pop(0)
        self._ask()

    def _record(self, side: str, seen: bool | None) -> None:
        kept = ((side, self._messages.get(side, ""), seen),)
        self._ticket = self.host.ask(room.RecordGuided(self._user.id, self._user.name, kept))

    def hear(self, event: room.Event) -> None:
        if not self._ticket or event.ticket != self._ticket:
            return
        self._ticket = 0
        match event:
            case room.GuidedLoaded(link=link, tests=tests):
                self._link, self._earlier = link, tests
                self._ask()
            case room.GuidedRecorded(tests=tests):
                self._earlier = (*tests, *self._earlier)
                if all(test.ok is not None for test in tests):
                    self._left.pop(0)
                self._ask()
            case room.Failed(sentence=sentence):
                self._problem = sentence
        self.refresh_all()

    def do_back(self) -> None:
        self._leave(False)

    def _leave(self, done: bool) -> None:
        self.host.leave_screen()
        self.app.call_later(self._done, done or bool(self._earlier))
