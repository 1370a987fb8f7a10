"""What the screens share on which configurations are declared: the draft, saving it, hearing what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from screens import engine as room
from screens.base import ConsoleScreen
from screens.draft import Draft
from screens.glyphs import glyph
from screens.guards import Scene
from screens.widgets.sheet import Part
from tui.configuration_settings import NOT_SAID, Change, Setting
from tui.words import _


class Declaring(ConsoleScreen):
    """A screen that shows the draft. Only the one in front says aloud what became of it."""

    @property
    def draft(self) -> Draft | None:
        return self.store.draft

    def scene(self) -> Scene:
        draft = self.draft
        return replace(super().scene(), changed=draft is not None and draft.changed)

    def editable(self) -> Draft | None:
        """The draft, to be changed; None while it is being written, or where there is none."""
        if self.draft is not None and self.draft.saving:
            self.flash(_("Being written: one moment, please."), "dim")
            return None
        return self.draft

    def look(self) -> None:
        """The draft has changed: have it checked."""
        if (draft := self.draft) is not None:
            draft.asked(self.host.ask(room.CheckDeclaration(draft.sections)))
        self.host.redraw()

    def do_save_changes(self) -> None:
        """Show what will change in the file; `y` writes it."""
        draft = self.editable()
        if draft is None:
            return
        parts = [
            Part(((f"{glyph('bullet')} ", "dim"), (line, "")), hang=2)
            for change in draft.changes()
            for line in _told(change)
        ]
        if draft.declaration.comments:
            kept = _("Comments in the file are not kept; the previous file, comments included, is kept beside it.")
            parts.append(Part(((kept, "warn"),)))
        title = _("y writes to {path}:").format(path=draft.declaration.path)
        self.sheet.show(title, parts, {"y": self._write, "n": lambda: None})

    def _write(self) -> None:
        if (draft := self.editable()) is not None:
            draft.asked(self.host.ask(room.SaveDeclaration(draft.declaration.sections, draft.sections)), saving=True)

    def hear(self, event: room.Event) -> None:
        if self.host.front is not self:
            return
        match event:
            case room.DeclarationSaved(sentence=sentence):
                self.sheet.show(_("Saved, and in force"), [Part(((sentence, ""),))])
                self.host.load_overview()
            case room.DeclarationChecked(problems=problems) if problems:
                self.flash(_("Not right yet: what is wrong is shown beside it."), "warn")
            case room.Failed(sentence=sentence) if self.draft is not None and self.draft.refusal == sentence:
                self.sheet.show(_("Not saved"), [Part(((sentence, "warn"),))])


def _told(change: Change) -> Iterator[str]:
    """A change in words, a line each."""
    if change.setting is None:
        told = _("“{name}”: removed") if change.after is None else _("“{name}”: new")
        yield told.format(name=change.configuration)
        return
    label = _(change.setting.label)
    if change.setting.kind != "list":
        yield _("“{name}”, {setting}: {before} {arrow} {after}").format(
            name=change.configuration,
            setting=label,
            before=word(change.setting, change.before),
            after=word(change.setting, change.after),
            arrow=glyph("arrow"),
        )
    if change.come:
        yield _("“{name}”, {setting}: added {entries}").format(
            name=change.configuration, setting=label, entries=", ".join(change.come)
        )
    if change.gone:
        yield _("“{name}”, {setting}: removed {entries}").format(
            name=change.configuration, setting=label, entries=", ".join(change.gone)
        )


def word(setting: Setting, value: object) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return _(NOT_SAID)
    return _(setting.choices[value]) if setting.choices and value in setting.choices else str(value)
