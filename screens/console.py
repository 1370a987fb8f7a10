"""The full-screen console: the state, the screens, and the one place where the engine's events come in.

The engine speaks from a thread of its own. What it says goes into an inbox; one message at a time wakes the screen's
loop to empty it, so a burst of events costs one redraw, and the engine never waits for the screen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.message import Message
from textual.screen import Screen

from screens import glyphs, themes
from screens.base import SMALLEST, ConsoleScreen
from screens.case import Case, Doing
from screens.drawn import Drawn
from screens.keymap import Registry
from screens.orgs import Orgs
from screens.overview import OverviewScreen
from screens.pager import Pager
from screens.pieces import Copy
from screens.state import Said, Store
from screens.taking import Exports, show
from screens.widgets.bars import Flash
from screens.widgets.prompt import Offer, of
from screens.words import OUTCOME, VERDICT
from tui.clock import utc_now
from tui.figures import label
from tui.look import Look
from tui.words import _

if TYPE_CHECKING:
    from screens import engine as room
    from tui.model import User

    Starter = Callable[[Callable[[room.Event], None]], room.Engine]
    """Starts an engine that posts its events to the function given."""

TICK = 5.0
"""Seconds between looks at what grows old by itself: ages, minutes left to write."""


# The first frame waits for nothing that it does not show: the other screens are imported when they are opened, and what
# is said to the engine and by it where it is used.


def _errors() -> Screen[None]:
    from screens.errors import ErrorsScreen

    return ErrorsScreen()


def _start() -> Screen[None]:
    from screens.start import StartScreen

    return StartScreen()


def _troubleshoot(case: Case) -> Screen[None]:
    from screens.troubleshoot import TroubleshootScreen

    return TroubleshootScreen(case)


def _pick(text: str, users: tuple[User, ...]) -> Screen[None]:
    from screens.pick import PickScreen

    return PickScreen(text, users)


class Spoke(Message):
    """The engine has said something: look into the inbox."""


class Console(App[int], inherit_bindings=False):
    """`start` makes the engine, after the first frame; None: a start screen offers `practice`, and `make`, whose engine
    is on a config file that is not there yet."""

    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "overview": OverviewScreen,
        "errors": _errors,
        "start": _start,
    }
    DEFAULT_MODE = "overview"
    CSS_PATH: ClassVar = [Path(__file__).parent / f"{name}.tcss" for name in ("console", "overview", "errors")]
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (SMALLEST[0], "-normal")]  # noqa: RUF012 - Textual declares it as an instance's
    VERTICAL_BREAKPOINTS = [(0, "-short"), (SMALLEST[1], "-tall"), (32, "-high")]  # noqa: RUF012 - the same
    TITLE = "Passerelle"

    def __init__(
        self,
        start: Starter | None,
        practice: Starter,
        *,
        make: Starter | None = None,
        write: bool = False,
        look: Look | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        self.look = look or Look()
        self.store = Store(now=now)
        self.registry = Registry(self.look.keys)
        self.engine: room.Engine | None = None
        self._start, self._practice, self._make = start, practice, make or practice
        self._inbox: deque[room.Event] = deque()
        self._woken = False
        self._finding, self._sought = 0, ""
        self._heard = 0
        self._drawn = Drawn()
        self.orgs = Orgs(self)
        self.exports = Exports(self)
        self.pager = Pager()
        self._notes = list(self.registry.problems)
        if write:
            self.store.arm()
        glyphs.use(ascii_only=self.look.ascii)
        self._dress()
        self.set_keymap(dict(self.registry.keys))

    def _dress(self) -> None:
        for theme in (themes.DARK, themes.LIGHT):
            self.register_theme(theme)
        name = themes.choose(self.look.theme, self.console.color_system, no_color=self.no_color)
        if name not in self.available_themes:
            self._notes.append(_("[ui] theme: there is no theme {name}; auto, dark, light, ansi.").format(name=name))
            name = themes.DARK.name
        self.set_reactive(App.theme, name)  # before anything is drawn: no style needs to be worked out twice
        self.inks = themes.inks(self.available_themes[name], no_color=self.no_color)

    def on_mount(self) -> None:
        self.set_interval(TICK, self._tick)
        self.app_resume_signal.subscribe(self, lambda _app: self._drawn.forget())
        if self._start is not None:
            self.call_after_refresh(self._open, self._start)

    def _open(self, start: Starter) -> None:
        """Start the engine; called when the first frame stands."""
        self.engine = start(self.post)
        self.connect()
        for note in self._notes:
            self.tell(note, "warn")
        if len(self._notes) > 1:
            told = _("{n} things are wrong in [ui] of the config: :messages lists them.").format(n=len(self._notes))
            self.tell(told, "warn")

    # What the engine says.

    def post(self, event: room.Event) -> None:
        """Take an event, from any thread; returns at once."""
        self._inbox.append(event)
        if not self._woken:
            self._woken = True
            with suppress(RuntimeError):  # the loop has ended: nobody is left to hear it
                self.post_message(Spoke())

    def on_spoke(self) -> None:
        self._woken = False
        while self._inbox:
            self._receive(self._inbox.popleft())
        self.redraw()

    def _receive(self, event: room.Event) -> None:
        from screens import engine as room

        before = self.store.resetting
        saving = self.store.saving
        self.store.take(event)
        self.orgs.hear(event)
        self.exports.hear(event)
        match event:
            case room.Connected():
                self._connected()
            case room.Unfinished() if not self.orgs.changing:
                self.open_unfinished()
            case room.UsersFound(users=users, problem=problem) if event.ticket == self._finding:
                self._found(users, problem)
            case room.Failed(ticket=ticket, sentence=sentence) if ticket in {0, self._finding, saving}:
                self.tell(sentence, "warn")
            case room.CheckDone() if before is not None and before.doing is Doing.NOTHING:
                self._reset_ended(before)
        for screen in list(self.screen_stack):
            if isinstance(screen, ConsoleScreen) and screen.is_mounted:
                screen.hear(event)

    def _connected(self) -> None:
        if self.current_mode == "start":
            self.switch_mode("overview")
        self.load_overview()
        self.load_errors()

    def _reset_ended(self, case: Case) -> None:
        """A reset and its verification are over while another screen may be in front."""
        if getattr(self.screen, "case", None) is case:
            return
        if case.reset is not None and case.result is not None:
            outcome, ink = OUTCOME[case.reset.outcome]
            verdict = _(VERDICT[case.result.judgement.verdict][0])
            self.tell(f"{label(case.name)} {_(outcome)} {verdict}.", ink)

    # What screens ask.

    @property
    def front(self) -> ConsoleScreen | None:
        """The screen in front, once it stands and for as long as it does: none while the console closes."""
        screen = self.screen if self.is_running else None
        return screen if isinstance(screen, ConsoleScreen) and screen.is_mounted else None

    @property
    def fault(self) -> Exception | None:
        """The mistake of its own by which it ended, if it did."""
        return self._exception

    def _fatal_error(self) -> None:
        """End at once. Textual would print the values of all variables, and with them what people are called."""
        self._close_messages_no_wait()

    @property
    def writing(self) -> bool:
        """Whether a write to Salesforce is in flight."""
        return self.engine is not None and self.engine.writing

    def ask(self, request: room.Request) -> int:
        if self.engine is None:
            raise RuntimeError("asked before the engine was started")
        return self.engine.ask(request)

    def cancel(self, ticket: int) -> None:
        if self.engine is not None and ticket:
            self.engine.cancel(ticket)

    def connect(self) -> None:
        if self.engine is not None and not self.store.connecting:
            from screens import engine as room

            self.store.connecting = self.ask(room.Connect())
            self.store.connecting_since = self.store.now()
            self.store.not_connected = None
            self.redraw()

    def load_overview(self) -> None:
        from screens import engine as room

        self._load(self.store.overview, room.LoadOverview())

    def load_errors(self) -> None:
        from screens import engine as room

        self._load(self.store.errors, room.LoadErrors())

    def _load(self, reading: Any, request: room.Request) -> None:
        if self.engine is not None and not reading.under_way:
            reading.ask(self.ask(request), self.store.now())
            self.redraw()

    def start_practice(self) -> None:
        self._open(self._practice)

    def set_up(self) -> None:
        """Open the set-up assistant, on this org's file or on the one that is yet to be made."""
        from screens.setup import SetupScreen

        if self.engine is None:
            self.engine = self._make(self.post)
        self.show_screen(SetupScreen())

    def find_user(self, text: str) -> None:
        if self.store.connected:
            from screens import engine as room

            self._finding, self._sought = self.ask(room.FindUsers(text)), text
            self.tell(_("Looking for {text}…").format(text=text))

    def _found(self, users: tuple[User, ...], problem: str) -> None:
        self._finding = 0
        if len(users) > 1:  # the list says how many there are, and asks which one
            self.tell("")
            self.push_screen(_pick(self._sought, users))
            return
        self.tell(problem, "warn")
        if users:
            self.open_user(users[0].id, users[0].name)

    def open_user(self, query: str, title: str) -> None:
        if not self.store.connected:
            self.tell(_("Not connected to Salesforce: press r to try again."), "warn")
            return
        self.push_screen(_troubleshoot(self.store.case(query, title)))

    def open_unfinished(self) -> None:
        """Offer to go on with a reset that an earlier session left unfinished."""
        if self.store.unfinished:
            from screens import unfinished

            unfinished.offer(self, self.store.unfinished[0])

    # Moving between screens.

    def go(self, screen: str) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_mode(screen)

    def show_screen(self, screen: Screen[None]) -> None:
        if type(self.screen) is not type(screen):
            self.push_screen(screen)

    def leave_screen(self) -> None:
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def tell(self, sentence: str, ink: str = "") -> None:
        """Say something in the message line of the screen in front; nothing, to take back what was said there."""
        if not sentence:
            self._hear_from_now()
        if self.front is not None:
            self.front.flash(sentence, ink)
        elif sentence:
            self.store.say(sentence, ink)

    def _hear_from_now(self) -> None:
        """What was said until now belongs to the screen that it was said on."""
        self._heard = self.store.said[-1].number + 1 if self.store.said else 0

    @property
    def just_said(self) -> Said | None:
        """The message that the last key has brought about, for the screen that comes to the front with it."""
        said = self.store.said[-1] if self.store.said else None
        return said if said is not None and said.number >= self._heard else None

    def paint(self) -> None:
        """Draw the whole screen anew, whatever stands there."""
        self._drawn.forget()
        self.screen.refresh()

    def redraw(self) -> None:
        """Bring the screen in front in line with the state."""
        if self.front is not None:
            self.front.refresh_all()

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Never a browser on this host: the link is shown whole, and copied."""
        if self.front is not None:
            show(self.front, Copy("link", url))

    def on_key(self, event: events.Key) -> None:
        """While something is asked, keys belong to it. They come here after the screen, one after the other, so what
        is typed ahead of a question or an entry reaches it too, in order."""
        while self.front is not None and (asking := self.front.asking) is not None:
            if asking.press(event.key, event.character):
                event.stop()
                event.prevent_default()
                return
            if asking.open:  # it has no use for this key, and waits for another
                return

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count and not self.is_headless:
            renderable = self._drawn.news(renderable)
        super()._display(screen, renderable)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize):
            self._drawn.forget()
        if isinstance(event, events.Key):
            self._hear_from_now()
            if self.front is not None:
                self.front.query_one(Flash).go_on()
        if isinstance(event, events.Paste) and self.front is not None and self.front.prompt.open:
            self.front.prompt.insert(event.text)
        else:
            await super().on_event(event)

    def _tick(self) -> None:
        if self.front is not None:
            self.front.refresh_bars()

    # The command line, and the way out.

    def command(self, text: str) -> None:
        """Carry out what was typed after `:`: the name of an action, and what it takes."""
        word, _blank, rest = text.strip().partition(" ")
        rest = rest.strip()
        if not word or self.front is None:
            return
        action = self.registry.command(word, self.front.name_)
        if action is None:
            near = self.registry.near(word)
            hint = _(" Did you mean {word}?").format(word=near) if near else ""
            self.tell(_("There is no command {word}.").format(word=word) + hint, "warn")
        elif rest and not action.argument:
            self.tell(_("“{word}” takes no argument.").format(word=word), "warn")
        else:
            self.front.action_do(action.id, rest)

    def offers(self, typed: str) -> Sequence[Offer]:
        """What the command that is being typed can become."""
        word, blank, rest = typed.partition(" ")
        self.orgs.look()
        if self.front is None:
            return ()
        if not blank:
            return self.registry.offers(word, self.front.whole_scene())
        action = self.registry.command(word, self.front.name_)
        known = {"theme": themes.THEMES, "org": self.orgs.names}.get(action.id, ()) if action is not None else ()
        return [Offer(f"{word} {offer.word}") for offer in of(known)(rest)]

    def wear(self, theme: str) -> None:
        """Change the colours."""
        if theme not in themes.THEMES:
            known = ", ".join(themes.THEMES)
            self.tell(_("There is no theme {name}; there are: {known}.").format(name=theme, known=known), "warn")
            return
        name = themes.choose(theme, self.console.color_system, no_color=self.no_color)
        self.inks = themes.inks(self.available_themes[name], no_color=self.no_color)
        self.theme = name

    def quit_console(self) -> None:
        """Leave; while a write is in flight or something is not saved, only after a question."""
        if self.writing:
            question = _("A reset is under way; Salesforce continues it, and the next start picks it up. Leave?")
        elif self.store.unsaved:
            question = _("Changes of configurations are not saved. Leave without them?")
        else:
            question = ""
        if not question or self.front is None:
            self.exit(0)
            return
        leave, stay = (_("leave"), lambda: self.exit(0)), (_("stay"), lambda: None)
        self.front.confirm.ask(question, {"y": leave, "n": stay}, lambda: None)


class Welcome(Console):
    """The console where there is no config file yet: it begins with the start screen."""

    DEFAULT_MODE = "start"
