"""Changing the org from within the console: `:org NAME`, or `:org` and a name out of those that have a config file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from screens.state import Store
from screens.widgets.bars import ConfirmBar
from screens.widgets.prompt import Prompt
from tui.words import _

if TYPE_CHECKING:
    from textual.screen import Screen

    from screens import engine as room


class _Front(Protocol):
    """The screen in front, as far as a name can be asked for on it."""

    @property
    def asking(self) -> object: ...

    @property
    def prompt(self) -> Prompt: ...

    @property
    def confirm(self) -> ConfirmBar: ...


class _Console(Protocol):
    """The console, as far as it takes part in this."""

    store: Store
    engine: room.Engine | None

    @property
    def front(self) -> _Front | None: ...
    def ask(self, request: room.Request) -> int: ...
    def go(self, screen: str) -> None: ...
    def tell(self, sentence: str, ink: str = "") -> None: ...
    def show_screen(self, screen: Screen[None]) -> None: ...
    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool: ...


class Orgs:
    """What is known of a change that is on its way. While it is, nothing else can be asked: a yes that was meant for
    the one org must not reach the other."""

    def __init__(self, console: _Console) -> None:
        self._console = console
        self._listing = 0
        self._changing = 0
        self._looked = False
        self.names: tuple[str, ...] = ()
        """The orgs that there are, as far as the engine has been asked."""
        self._written = self._said = ""
        self._set_up = False

    @property
    def changing(self) -> bool:
        return self._changing != 0

    def look(self) -> None:
        """Have the names read, once, so that they are there to complete a command."""
        if not self._looked and self._console.engine is not None:
            self._looked = True
            self._list()

    def choose(self) -> None:
        """Ask for a name, with those that there are."""
        self._listing = self._list()

    def _list(self) -> int:
        from screens import engine as room

        return self._console.ask(room.ListOrgs())

    def change(self, name: str) -> None:
        """Leave this org for that one, unless a write is in flight."""
        if self._console.engine is not None and self._console.engine.writing:
            self._console.tell(_("A reset is under way: wait until it ends, then change the org."), "warn")
            return
        from screens import engine as room

        if self._console.store.unsaved:
            self._console.tell(_("Changes of configurations are not saved: d shows them."), "warn")
            return
        self._console.go("overview")
        self._changing = self._console.ask(room.SwitchOrg(name))
        self._console.tell(_("Changing to {name}…").format(name=name))

    def save(self) -> None:
        """Write the config file that was set up, and change to the org that it is about."""
        from screens.engine import set_up

        self._changing = self._console.ask(set_up.SaveSetup())
        self._console.tell(_("Writing the file…"))

    def hear(self, event: room.Event) -> None:
        """What the engine says to that."""
        from screens import engine as room
        from screens.engine import set_up

        match event:
            case room.OrgsListed(ticket=ticket, names=names):
                self.names = names
                if ticket == self._listing:
                    self._offer(names)
            case room.OrgSwitched(ticket=ticket, name=name) if ticket == self._changing:
                self._changing = 0
                self._console.store.leave(ticket)
                self._console.go("overview")
                now = _("This is {name} now, read-only.").format(name=name)
                # a screen that was not there before hears nothing until it is drawn
                said = " ".join(filter(None, [self._written, now]))
                self._console.call_after_refresh(self._console.tell, said, "ok")
                self._written, self._said = "", said
            case set_up.SetupSaved(ticket=ticket, backup=backup) if ticket == self._changing:
                kept = _("Written; the old file is kept: {path}.").format(path=backup)
                self._written, self._set_up = kept if backup else _("Written."), True
            case room.Connected() if self._set_up:
                self._set_up = False
                self._console.call_after_refresh(self._offer_list)
            case room.NotConnected():
                self._set_up = False
            case room.Failed(ticket=ticket, sentence=sentence) if ticket == self._changing != 0:
                self._changing, self._written = 0, ""
                self._console.tell(sentence, "warn")

    def _offer_list(self) -> None:
        """After the set-up: who is in the configurations is best taken out of Setup's own list."""
        screen, said = self._console.front, self._said
        if screen is None or screen.asking is not None:
            return

        def declare() -> None:
            from screens.configurations import ConfigurationsScreen

            self._console.show_screen(ConfigurationsScreen(importing=True))

        later = lambda: self._console.tell(said, "ok")  # noqa: E731 - one sentence
        screen.confirm.ask(
            _("Read the list of users from Setup now?"),
            {"y": (_("yes"), declare), "escape": (_("later, with d"), later)},
            later,
        )

    def _offer(self, names: tuple[str, ...]) -> None:
        self._listing = 0
        screen = self._console.front
        if not names:
            self._console.tell(
                _("The config folder holds no config file yet: passerelle config path says where it is.")
            )
        elif screen is not None and not screen.asking:
            label = _("Org ({names}):").format(names=", ".join(names))
            screen.prompt.ask(label, lambda name: self.change(name) if name else None, choices=names)
