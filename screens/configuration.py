"""Configuration: the settings of one declared configuration, in a form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from textual.widget import Widget

from screens import engine as room
from screens.actions import bindings
from screens.base import path
from screens.declaring import Declaring, word
from screens.draft import Row
from screens.guards import Scene
from screens.widgets.document import Block, Document, blank
from screens.widgets.form import Field, Form
from screens.widgets.ink import Line
from screens.widgets.virtual_list import VirtualList
from tui.configuration_settings import BY_KEY, NOT_SAID, SETTINGS, Setting
from tui.words import _


class ConfigurationScreen(Declaring):
    name_ = "configuration"
    BINDINGS = bindings("configuration")

    def __init__(self, row: Row) -> None:
        super().__init__()
        self._row = row

    def body(self) -> Iterator[Widget]:
        yield Form(id="form")
        yield Document(id="hint", cursor_shown=False)

    @property
    def form(self) -> Form:
        return self.query_one(Form)

    @property
    def list_(self) -> VirtualList:
        return self.form

    def crumb(self) -> Line:
        where = path(_("Configurations"), self._row.name)
        if self.draft is None or not self.draft.state(self._row):
            return where
        return (*where, (f"  {_('not saved')}", "warn"))

    def scene(self) -> Scene:
        field = self.form.field
        return replace(
            super().scene(),
            has_row=field is not None,
            can_open=field is not None,
            choice=field is not None and bool(field.choices),
            removable=self.form.entry is not None,
        )

    def draw(self) -> None:
        wrong = self.draft.wrong(self._row) if self.draft is not None else {}
        self.form.fill([_field(setting, self._row, wrong.get(setting.key, ())) for setting in SETTINGS])
        self._draw_hint()

    def cursor_moved(self) -> None:
        super().cursor_moved()
        self._draw_hint()

    def _draw_hint(self) -> None:
        """What the field under the cursor means; what nobody has told yet; what the form has no field for."""
        field = self.form.field
        blocks = [blank("apart"), Block("help", ((field.help if field is not None else "", "dim"),))]
        if self._row.untold:
            told = _(
                "Its members come from the list, which does not say what it syncs: look in Setup, and set it here."
            )
            blocks.insert(1, Block("untold", ((told, "accent"),)))
        known = {setting.path[-1] for setting in SETTINGS if setting.path[0] == "data_set"}
        kept = [name for name in self._row.section.get("data_set", ()) if name not in known]
        if kept:
            told = _("Kept as they are: {names}.").format(names=", ".join(kept))
            blocks.append(Block("kept", ((told, "dim"),)))
        loose = self.draft.wrong(self._row) if self.draft is not None else {}
        for key, sentences in loose.items():
            if key not in BY_KEY:
                blocks += [Block(f"wrong.{key}", ((sentence, "bad"),)) for sentence in sentences]
        self.query_one("#hint", Document).show(blocks)

    def _put(self, key: str, value: Any) -> None:
        draft = self.editable()
        if draft is None:
            return
        self._row.untold = False
        draft.put(self._row, BY_KEY[key], "" if key == "name" and value is None else value)
        self.look()

    def hear(self, event: room.Event) -> None:
        if isinstance(event, room.DeclarationSaved) and self.draft is not None:  # which has new rows by now
            self._row = next((row for row in self.draft.rows if row.name == self._row.name), self._row)
        super().hear(event)

    def do_edit(self) -> None:
        self.form.edit(self.prompt, self._put)

    def do_change(self) -> None:
        self.form.cycle(1, self._put)

    def do_change_back(self) -> None:
        self.form.cycle(-1, self._put)

    def do_delete(self) -> None:
        self.form.drop(self._put)


def _field(setting: Setting, row: Row, problems: tuple[str, ...]) -> Field:
    choices: tuple[tuple[Any, str], ...] = ()
    if setting.choices is not None:
        values = [*setting.choices] if setting.default is not None else [None, *setting.choices]
        choices = tuple((value, word(setting, value)) for value in values)
    value = setting.of(row.section)
    return Field(
        key=setting.key,
        kind=setting.kind,
        label=_(setting.label),
        help=_(setting.help),
        value=list(value) if setting.kind == "list" else value,
        choices=choices,
        suggestions=setting.suggestions,
        problems=problems,
        none=_("none; Enter adds") if setting.kind == "list" else _(NOT_SAID),
    )
