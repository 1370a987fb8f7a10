"""Configurations: what the config file declares, to be edited, brought in line with a list of users, and saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from textual import events
from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import path
from screens.declaring import Declaring
from screens.draft import Row
from screens.listing import ListScreen
from screens.nothing import failed, none, reading
from screens.widgets.ink import Line, Span
from screens.widgets.sheet import Part
from screens.widgets.table import Table
from screens.widgets.table_columns import Column
from tui.configuration_settings import BY_KEY
from tui.declaration import Comparison, Listing
from tui.kinds import Direction
from tui.words import N_, _, ngettext, pgettext

_STATES = {"new": N_("new"), "changed": N_("changed")}


class ConfigurationsScreen(Declaring, ListScreen):
    name_ = "configurations"
    BINDINGS = bindings("configurations")

    def __init__(self, *, importing: bool = False) -> None:
        """`importing`: the list of users is asked for at once."""
        super().__init__()
        self._importing = importing
        self._problem = ""
        self._drawn: Sequence[object] = ()
        self._loading = 0
        self._pasting = False
        self._list: room.CompareList | None = None
        self._comparing = 0
        self._asked_at: datetime | None = None

    def body(self) -> Iterator[Widget]:
        columns: list[Column[Row]] = [
            Column(N_("Name"), lambda row: (row.name, "strong"), 0),
            Column(N_("State"), _active, 9),
            Column(N_("Contacts"), lambda row: _direction(row, "contacts.direction"), 15),
            Column(N_("Events"), lambda row: _direction(row, "events.direction"), 15),
            Column(N_("Draft"), self._drafted, 10),
            Column(N_("Users"), lambda row: _counted(row, "users"), 6, from_width=100, at_right=True),
            Column(N_("Profiles"), lambda row: _counted(row, "profiles"), 8, from_width=100, at_right=True),
            Column(N_("Assigned"), _members, 0, from_width=140),
        ]
        yield Table(columns, lambda row: str(id(row)), lambda row: row.name)

    def crumb(self) -> Line:
        where = path(_("Overview"), _("Configurations"))
        if self.draft is None or not self.draft.changed:
            return where
        count = len(self.draft.changes())
        told = ngettext("{n} change not saved", "{n} changes not saved", count).format(n=count)
        return (*where, (f"  {told}", "warn"))

    def going_on(self) -> tuple[str, int] | None:
        if self._comparing and self._asked_at is not None:
            return _("looking up who is in the list"), int((self.store.now() - self._asked_at).total_seconds())
        return super().going_on()

    def on_mount(self) -> None:
        if self.draft is None:
            self._loading = self.host.ask(room.LoadDeclaration())
        super().on_mount()

    def draw(self) -> None:
        super().draw()
        draft = self.draft
        rows = draft.rows if draft is not None else []
        shown = [(id(row), dict(row.section), draft.wrong(row) if draft is not None else {}) for row in rows]
        if shown != self._drawn:
            self._drawn = shown
            self.table.fill(list(rows))

    def why_empty(self) -> Sequence[Line]:
        width = self.table.size.width
        if self._problem:
            return failed(self._problem, None).lines(width)
        if self.draft is None:
            return reading(_("Reading the config file…")).lines(width)
        return none(
            _("The config file declares no configuration."),
            _("No API can read them: this is what the console knows of them."),
            _("a adds one; l reads them from a list of users."),
        ).lines(width)

    def _drafted(self, row: Row) -> Span:
        """What saving would do with it."""
        if self.draft is None:
            return "", ""
        if self.draft.wrong(row):
            return _("not right"), "bad"
        state = self.draft.state(row)
        return (_(_STATES[state]), "accent") if state else ("", "")

    # One configuration.

    def do_open(self) -> None:
        self._open(self.table.current)

    def _open(self, row: Row | None) -> None:
        from screens.configuration import ConfigurationScreen

        if row is not None:
            self.host.show_screen(ConfigurationScreen(row))

    def do_add(self) -> None:
        self.prompt.ask(_("Its name in Setup:"), self._add)

    def _add(self, name: str) -> None:
        if name and (draft := self.editable()) is not None:
            row = draft.add(name)
            self.look()
            self._open(row)

    def do_delete(self) -> None:
        row = self.table.current
        if row is not None:
            self.confirm.ask(
                _("Remove “{name}” from the declaration? Salesforce is not changed.").format(name=row.name),
                {"y": (_("remove it"), lambda: self._delete(row)), "n": (_("keep it"), lambda: None)},
                lambda: None,
            )

    def _delete(self, row: Row) -> None:
        if (draft := self.editable()) is not None:
            draft.remove(row)
            self.look()

    # A list of users.

    def do_import(self) -> None:
        self._pasting = True
        self.confirm.ask(
            _("Paste a list of users from Setup now, or:"),
            {"f": (_("name its file"), self._name_file), "escape": (_("later"), self._no_list)},
            self._no_list,
        )

    def _no_list(self) -> None:
        self._pasting = False

    def _name_file(self) -> None:
        self._pasting = False
        self.prompt.ask(_("File (CSV, XLSX):"), lambda name: self._compare(file=name) if name else None)

    def on_paste(self, event: events.Paste) -> None:
        if self._pasting and event.text.strip():
            event.stop()  # or it would be typed into the next question as well
            self._pasting = False
            self.confirm.close()
            self._compare(text=event.text)

    def _compare(self, *, text: str = "", file: str = "", configuration: str = "") -> None:
        if self.draft is not None:
            self._list = room.CompareList(self.draft.sections, text, file, configuration)
            self._comparing, self._asked_at = self.host.ask(self._list), self.store.now()
            self.refresh_bars()

    def _ask_configuration(self, listing: Listing) -> None:
        asked, names = self._list, [row.name for row in self.draft.rows] if self.draft is not None else []
        if asked is None:
            return
        label = _("Which configuration do new ones go to?") if listing.whole else _("The list of which configuration?")
        current = self.table.current
        self.prompt.ask(
            label,
            lambda name: self._compare(text=asked.text, file=asked.file, configuration=name) if name else None,
            value=current.name if current is not None else "",
            choices=names,
        )

    def _show(self, comparison: Comparison) -> None:
        from screens.users_list import UsersListScreen

        self.host.show_screen(UsersListScreen(comparison, self._accepted))

    def _accepted(self, new: Sequence[Row]) -> None:
        """Something of a list was accepted: what it does not tell is asked next."""
        self.look()
        if new:
            self._open(new[0])

    # What the engine says.

    def hear(self, event: room.Event) -> None:
        match event:
            case room.DeclarationLoaded() if self._importing:
                self._importing = False
                self.do_import()
            case room.Failed(ticket=ticket, sentence=sentence) if ticket and ticket == self._loading:
                self._problem = sentence
            case room.Failed(ticket=ticket, sentence=sentence) if ticket and ticket == self._comparing:
                self._comparing = 0
                self.sheet.show(_("List of users"), [Part(((sentence, "warn"),))])
            case room.ListOpen(ticket=ticket, listing=listing) if ticket == self._comparing:
                self._comparing = 0
                self._ask_configuration(listing)
            case room.ListCompared(ticket=ticket, comparison=comparison) if ticket == self._comparing:
                self._comparing = 0
                self._show(comparison)
            case _:
                super().hear(event)

    # Leaving.

    def do_back(self) -> None:
        if self.draft is None or not self.draft.changed:
            self._leave()
            return
        self.confirm.ask(
            _("There are unsaved changes."),
            {
                "s": (_("save"), self.do_save_changes),
                "d": (_("discard them"), self._leave),
                "escape": (_("stay"), lambda: None),
            },
            lambda: None,
        )

    def _leave(self) -> None:
        self.store.draft = None
        self.host.leave_screen()


def _active(row: Row) -> Span:
    if BY_KEY["active"].of(row.section) is True:
        return pgettext("configuration", "active"), ""
    return pgettext("configuration", "inactive"), "warn"


def _direction(row: Row, key: str) -> Span:
    """Which way it syncs, in few cells."""
    value = BY_KEY[key].of(row.section)
    ways = {
        Direction.BOTH.value: pgettext("direction", "both ways"),
        Direction.GOOGLE_TO_SALESFORCE.value: _("to Salesforce"),
        Direction.SALESFORCE_TO_GOOGLE.value: _("to Google"),
        Direction.NONE.value: pgettext("direction", "none"),
    }
    return ways.get(value, str(value)), ""


def _members(row: Row) -> Span:
    """Who is in it: the profiles, then the users, as far as there is room."""
    return ", ".join(map(str, (*BY_KEY["profiles"].of(row.section), *BY_KEY["users"].of(row.section)))), "dim"


def _counted(row: Row, key: str) -> Span:
    return str(len(BY_KEY[key].of(row.section))), ""
