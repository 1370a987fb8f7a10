"""What every screen of the console has in common: the bars around it, its keys, its way of asking and telling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widget import Widget

from screens.actions import BESIDE, MOVE, Action
from screens.glyphs import glyph
from screens.guards import Scene
from screens.keymap import Registry, refusal
from screens.orgs import Orgs
from screens.pager import Pager
from screens.pieces import Copy, Export, keyed
from screens.state import Said, Store
from screens.taking import Exports, copy_menu, link_menu, page
from screens.themes import THEMES
from screens.widgets.bars import Asking, ConfirmBar, Flash, Keys, Spinner, TopBar
from screens.widgets.ink import Bar, Line, Span
from screens.widgets.prompt import Offer, Prompt
from screens.widgets.sheet import Sheet
from screens.widgets.virtual_list import VirtualList
from tui.words import _

if TYPE_CHECKING:
    from screens import engine as room


class Host(Protocol):
    """What a screen asks of the application around it (screens/console.py)."""

    store: Store
    registry: Registry
    orgs: Orgs
    exports: Exports
    pager: Pager

    @property
    def front(self) -> ConsoleScreen | None: ...
    @property
    def writing(self) -> bool: ...
    @property
    def just_said(self) -> Said | None: ...
    def ask(self, request: room.Request) -> int: ...
    def cancel(self, ticket: int) -> None: ...
    def open_user(self, query: str, title: str) -> None: ...
    def find_user(self, text: str) -> None: ...
    def open_unfinished(self) -> None: ...
    def go(self, screen: str) -> None: ...
    def show_screen(self, screen: Screen[None]) -> None: ...
    def leave_screen(self) -> None: ...
    def connect(self) -> None: ...
    def load_errors(self) -> None: ...
    def load_overview(self) -> None: ...
    def start_practice(self) -> None: ...
    def set_up(self) -> None: ...
    def quit_console(self) -> None: ...
    def command(self, text: str) -> None: ...
    def offers(self, typed: str) -> Sequence[Offer]: ...
    def wear(self, theme: str) -> None: ...
    def tell(self, sentence: str, ink: str = "") -> None: ...
    def redraw(self) -> None: ...
    def paint(self) -> None: ...


SMALLEST = (60, 15)
"""Columns and rows that a screen takes (the breakpoints of the console say the same)."""


class Foot(Vertical):
    """Above the footer: a message, a question, or something to type in."""

    DEFAULT_CSS = "Foot { height: auto; }"


class ConsoleScreen(Screen[None], inherit_bindings=False):
    """A screen with the org on top, a line that says where we are, a body, a line for messages, and the keys.

    Subclasses give `name_`, `BINDINGS` (made by `actions.bindings`), `crumb`, `body`, and `do_<id>` for
    the actions of theirs."""

    AUTO_FOCUS = ""
    name_ = ""

    @property
    def host(self) -> Host:
        """The application, as far as screens know it."""
        return cast(Host, self.app)

    @property
    def store(self) -> Store:
        return self.host.store

    # What subclasses say.

    def body(self) -> Iterator[Widget]:
        """The widgets between the bars."""
        raise NotImplementedError

    def crumb(self) -> Line:
        """Where we are, and what else is worth a line."""
        raise NotImplementedError

    def aside(self) -> Line:
        """What stands at the right of that line: the age of what is shown."""
        return ()

    def draw(self) -> None:
        """Bring the body in line with the state."""

    def hear(self, event: room.Event) -> None:
        """Something that the engine says, after the store has kept it."""

    def going_on(self) -> tuple[str, int] | None:
        """What runs for this screen, else the reset that runs, and for how many seconds, for the spinner."""
        case = self.store.resetting
        if case is None or case.since is None:
            return None
        return _("resetting {user}").format(user=case.name), int((self.store.now() - case.since).total_seconds())

    def scene(self) -> Scene:
        """What guards look at."""
        return Scene(
            self.name_,
            connected=self.store.connected,
            armed=self.store.armed,
            unfinished=len(self.store.unfinished),
        )

    @property
    def list_(self) -> VirtualList | None:
        """The list that the movement keys move in."""
        return next(iter(self.query("#body VirtualList").results(VirtualList)), None)

    # What can be taken away; subclasses say more.

    def copies(self) -> Sequence[Copy]:
        """The pieces that `y` offers, the most useful first: of what is under the cursor, then of the whole."""
        return self.list_.copies() if self.list_ is not None else ()

    def links(self) -> Sequence[str]:
        """The links that `o` shows."""
        return self.list_.links() if self.list_ is not None else ()

    def page_text(self) -> str:
        """What `e` shows in the pager: all that the screen holds, its trail first."""
        trail = "".join(text for text, _ink in (*self.crumb(), ("  ", ""), *self.aside())).strip()
        lists = self.query("#body VirtualList").results(VirtualList)
        return "\n\n".join((trail, *(list_.whole(self.size.width) for list_ in lists)))

    def exportable(self) -> Export | None:
        """The list that `E` writes to a file, if there is one here."""
        return None

    def whole_scene(self) -> Scene:
        """What guards look at, with what can be taken away from here."""
        return replace(
            self.scene(),
            copies=bool(keyed(self.copies())),
            links=bool(self.links()),
            exports=self.exportable() is not None,
            writing=self.host.writing,
            offline=self.store.not_connected is not None,
            started=self.store.started,
            connecting=self.store.connecting != 0,
        )

    # The frame.

    def compose(self) -> ComposeResult:
        yield TopBar()
        with Vertical(id="where"):
            yield Bar(id="crumb")
            yield Spinner()
        with Vertical(id="body"):
            yield from self.body()
        with Vertical(id="too-small"):
            yield Bar(id="is-small")
            yield Bar(id="is-needed")
        yield Sheet(self._movement)
        with Foot():
            yield Flash()
            yield ConfirmBar(self._passes)
            yield Prompt()
        yield Keys()

    def _movement(self, key: str) -> str:
        """The id of the movement in the list that this key stands for, "" where it is none."""
        moves = (action for action in self._actions if action.group == MOVE)
        return next((action.id for action in moves if key in action.keys.split(",")), "")

    def _moves(self, key: str) -> bool:
        """Whether that key moves in the list."""
        return bool(self._movement(key))

    def _passes(self, key: str) -> bool:
        """Whether that key is for the screen although a question stands."""
        return self._moves(key) or any(key in action.keys.split(",") for action in self._actions if action.id in BESIDE)

    @property
    def _actions(self) -> Sequence[Action]:
        return self.host.registry.on(self.name_)

    @property
    def stands(self) -> bool:
        """Whether it is composed, and not left: what is called late may find a screen whose parts are gone."""
        return self.is_mounted and self in self.app.screen_stack

    def on_mount(self) -> None:
        self.refresh_all()

    def on_resize(self) -> None:
        self.call_after_refresh(self.refresh_all)

    def on_screen_resume(self) -> None:
        self.refresh_all()
        if self.stands and (said := self.host.just_said) is not None:
            self.query_one(Flash).tell(said.sentence, said.ink)

    def refresh_all(self) -> None:
        """Bring bars and body in line with the state; draws only what differs."""
        if not self.stands:
            return
        self.draw()
        self.refresh_bars()

    def refresh_bars(self) -> None:
        if not self.stands:
            return
        width, height = self.size
        self.query_one(TopBar).tell(self.store, width)
        small = _("Too small: {columns}x{rows}").format(columns=width, rows=height)
        self.query_one("#is-small", Bar).say(((f" {small}", "warn"),))
        needed = _("It takes at least {columns}x{rows}").format(columns=SMALLEST[0], rows=SMALLEST[1])
        self.query_one("#is-needed", Bar).say(((f" {needed}", ""),))
        aside = self.aside()
        self.query_one("#crumb", Bar).say(self.crumb(), ((" ", ""), *aside) if aside else ())
        self._tell_keys()
        self.query_one(Spinner).watch_over(self.going_on)

    @on(VirtualList.Moved)
    def _on_moved(self, event: VirtualList.Moved) -> None:
        if event.source is self.list_:
            self.cursor_moved()

    def cursor_moved(self) -> None:
        """The cursor of the list stands elsewhere: what the keys can do may differ."""
        self._tell_keys()

    def _tell_keys(self) -> None:
        """The footer: the screen's keys; while something is asked, only those that still work."""
        keys = self.query_one(Keys)
        if self.prompt.open:
            keys.only(self.prompt.keys)
        elif self.sheet.asks:
            keys.only(self.sheet.keys)
        elif self.confirm.open:
            keys.only((*self._beside(), *self.confirm.keys))
        elif self.size.width < SMALLEST[0] or self.size.height < SMALLEST[1]:
            leave = self.host.registry.by_id["quit"]
            keys.only([(leave.keys.split(",")[0], _(leave.label))])
        else:
            keys.tell(self._actions, self.whole_scene(), self.size.width)

    def _beside(self) -> list[tuple[str, str]]:
        """The keys for what the question that stands leaves to be done, and is worth a hint, each with its word."""
        list_, scene = self.list_, self.whole_scene()
        moves = {"down", "up"} if list_ is not None and list_.count > list_.page else set()
        left = (one for one in self._actions if one.id in BESIDE | moves and not one.allowed(scene))
        return [(one.keys.split(",")[0], _(one.label)) for one in left if not self.confirm.names(one.keys)]

    @on(Asking)
    def _on_asking(self) -> None:
        if self.sheet.asks:  # what was said before is no answer to it
            self.query_one(Flash).clear()
        self._tell_keys()

    def flash(self, sentence: str, ink: str = "") -> None:
        """Say something in the message line."""
        if sentence:
            self.store.say(sentence, ink)
        self.query_one(Flash).tell(sentence, ink)

    @property
    def confirm(self) -> ConfirmBar:
        return self.query_one(ConfirmBar)

    @property
    def prompt(self) -> Prompt:
        return self.query_one(Prompt)

    @property
    def sheet(self) -> Sheet:
        return self.query_one(Sheet)

    @property
    def asking(self) -> ConfirmBar | Prompt | Sheet | None:
        """What takes the keys: a line to type in, a text or a menu before the question that it helps to answer."""
        return next((asking for asking in (self.prompt, self.sheet, self.confirm) if asking.open), None)

    # Actions: every one goes through here, from a key or from the command line.

    def action_do(self, id_: str, argument: str = "") -> None:
        """Carry out the action, with what was typed behind it, or say why not."""
        action = self.host.registry.by_id[id_]
        if self.host.orgs.changing and action.group != MOVE and action.id not in {"quit", "help"}:
            self.flash(_("Changing the org: one moment, please."), "dim")
            return
        if refused := refusal(action, self.whole_scene()):
            self.flash(refused, "warn")
            return
        do = cast("Callable[..., Any]", getattr(self, f"do_{action.id}"))
        do(argument) if argument else do()

    def do_back(self) -> None:
        self.host.leave_screen()

    def do_overview(self) -> None:
        self.host.go("overview")

    def do_errors(self) -> None:
        self.host.go("errors")

    def do_troubleshoot(self, text: str = "") -> None:
        if text:
            self.host.find_user(text)
            return
        from screens.finder import Finder

        Finder(self).open()

    def do_setup(self) -> None:
        self.host.set_up()

    def do_configurations(self) -> None:
        from screens.configurations import ConfigurationsScreen

        if not self.store.started:
            self.flash(_("Starting: one moment, please."), "dim")
            return
        self.host.show_screen(ConfigurationsScreen())

    def do_org(self, name: str = "") -> None:
        if name:
            self.host.orgs.change(name)
        else:
            self.host.orgs.choose()

    def do_theme(self, name: str = "") -> None:
        if name:
            self.host.wear(name)
        else:
            self.prompt.ask(_("Theme:"), lambda name: self.host.wear(name) if name else None, choices=THEMES)

    def do_suspend(self) -> None:
        self.app.action_suspend_process()

    def do_redraw(self) -> None:
        self.host.paint()

    def do_messages(self) -> None:
        from screens.messages import MessagesScreen

        self.host.show_screen(MessagesScreen())

    def do_look_again(self) -> None:
        from screens.look_again import LookAgainScreen

        self.host.show_screen(LookAgainScreen())

    def do_unfinished(self) -> None:
        self.host.open_unfinished()

    def do_command(self) -> None:
        self.prompt.ask(":", self.host.command, offers=self.host.offers, earlier=self.store.commands)

    def do_write(self) -> None:
        self.store.arm()
        self.host.redraw()
        self.flash(_("Changes in Salesforce are allowed for {n} minutes; :readonly ends it.").format(n=15), "warn")

    def do_readonly(self) -> None:
        self.store.disarm()
        self.host.redraw()
        self.flash(_("Read-only again."), "ok")

    def do_copy(self) -> None:
        copy_menu(self)

    def do_links(self) -> None:
        link_menu(self)

    def do_pager(self) -> None:
        page(self, self.host.writing)

    def do_export(self) -> None:
        if (export := self.exportable()) is not None:
            self.host.exports.choose(self, export)

    def do_log(self) -> None:
        from screens.log import LogScreen

        self.host.show_screen(LogScreen())

    def do_help(self) -> None:
        from screens.help import HelpScreen

        self.host.show_screen(HelpScreen(self))

    def do_quit(self) -> None:
        self.host.quit_console()

    def do_down(self) -> None:
        self._move(1)

    def do_up(self) -> None:
        self._move(-1)

    def do_page_down(self) -> None:
        if self.list_ is not None:
            self.list_.turn(1)

    def do_page_up(self) -> None:
        if self.list_ is not None:
            self.list_.turn(-1)

    def do_top(self) -> None:
        if self.list_ is not None:
            self.list_.go(0)

    def do_bottom(self) -> None:
        if self.list_ is not None:
            self.list_.go(self.list_.count)

    def _move(self, rows: int) -> None:
        if self.list_ is not None:
            self.list_.move(rows)


def path(*steps: str) -> Line:
    """A trail of places; the last one is where we are."""
    spans: list[Span] = [(" ", "")]
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        spans += [(step, "strong" if last else "dim")] + ([] if last else [(f" {glyph('arrow')} ", "dim")])
    return tuple(spans)
