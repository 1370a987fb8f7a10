"""List of users: what a list out of Setup would change in the declaration, to be accepted whole or line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from textual.widget import Widget

from screens.actions import bindings
from screens.base import path
from screens.declaring import Declaring
from screens.draft import Row
from screens.glyphs import glyph
from screens.listing import ListScreen
from screens.nothing import none
from screens.pieces import Export
from screens.widgets.document import Block, Document, blank
from screens.widgets.ink import Line
from screens.widgets.table import Table
from screens.widgets.table_columns import Column
from screens.words import number
from tui import figures
from tui.declaration import Comparison, Difference, Kind
from tui.words import N_, _, ngettext

_KINDS = {
    Kind.ADDED: (N_("to add"), "ok"),
    Kind.MOVED: (N_("to move"), "accent"),
    Kind.REMOVED: (N_("to remove"), "warn"),
    Kind.UNKNOWN: (N_("not known"), "bad"),
    Kind.AMBIGUOUS: (N_("not clear"), "bad"),
    None: (N_("left out"), "dim"),
}
_MEANINGS = {
    "configuration": N_("configuration"),
    "id": N_("id"),
    "email": N_("address"),
    "username": N_("username"),
    "first": N_("first name"),
    "last": N_("last name"),
    "via": N_("how assigned"),
    "profile": N_("profile"),
    "name": N_("name"),
}


@dataclass(frozen=True, slots=True)
class _Item:
    """A difference, or (kind None) a line that nothing was made of."""

    key: str
    kind: Kind | None
    who: str
    where: str
    why: str
    difference: Difference | None = None


class UsersListScreen(Declaring, ListScreen):
    """`done` hears which configurations are new, once something was accepted."""

    name_ = "users_list"
    BINDINGS = bindings("users_list")

    def __init__(self, comparison: Comparison, done: Callable[[Sequence[Row]], None]) -> None:
        super().__init__()
        self._comparison = comparison
        self._done = done
        self._items = _items(comparison)

    def body(self) -> Iterator[Widget]:
        columns: list[Column[_Item]] = [
            Column(N_("Change"), lambda item: (_(_KINDS[item.kind][0]), _KINDS[item.kind][1]), 11),
            Column(N_("Who"), lambda item: (item.who, ""), 0),
            Column(N_("Configuration"), lambda item: (item.where, ""), 0),
            Column(N_("Why"), lambda item: (item.why, "dim"), 0, from_width=110),
        ]
        yield Table(columns, lambda item: item.key, lambda item: f"{item.who} {item.where} {item.why}", markable=True)
        yield Document(id="hint", cursor_shown=False)

    def crumb(self) -> Line:
        return (*path(_("Configurations"), _("List of users")), *self.counted())

    def on_mount(self) -> None:
        self.table.fill(self._items)
        self.table.mark_those(
            item.key
            for item in self._items
            if item.difference and item.difference.acceptable and not item.difference.doubtful
        )
        super().on_mount()

    def draw(self) -> None:
        super().draw()
        self._draw_hint()

    def cursor_moved(self) -> None:
        super().cursor_moved()
        self._draw_hint()

    def why_empty(self) -> Sequence[Line]:
        return none(
            _("The list and the declaration agree."),
            ngettext("{n} entry is as declared.", "{n} entries are as declared.", self._comparison.unchanged).format(
                n=number(self._comparison.unchanged)
            ),
            well=True,
        ).lines(self.table.size.width)

    def exportable(self) -> Export:
        return self.table.export("list-of-users")

    def _draw_hint(self) -> None:
        item, found = self.table.current, self._comparison
        blocks = [blank("apart")]
        if item is not None and (item.why or item.difference):
            line = item.difference.line if item.difference else 0
            at = _("Line {n}. ").format(n=line) if line else ""
            entry = _texts(item.difference) if item.difference else ""
            text = _("In the file: {text}. ").format(text=entry) if entry else ""
            blocks.append(Block("item", ((at, "dim"), (text, ""), (item.why, ""))))
        blocks.append(Block("summary", ((_summary(found), "dim"),)))
        if found.listing.understood or found.listing.ignored:
            blocks.append(Block("columns", ((_columns(found), "dim"),)))
        self.query_one("#hint", Document).show(blocks)

    def do_mark(self) -> None:
        item = self.table.current
        if item is not None and (item.difference is None or not item.difference.acceptable):
            self.flash(_("Whoever is not known for certain cannot be accepted: {why}").format(why=item.why), "warn")
        else:
            super().do_mark()

    def do_mark_all(self) -> None:
        self.table.mark_those(
            item.key for item in self.table.shown if item.difference is not None and item.difference.acceptable
        )
        self.refresh_bars()

    def do_accept(self) -> None:
        chosen = [item.difference for item in self.table.marked_items if item.difference is not None]
        if (draft := self.editable()) is not None:
            new = draft.accept(chosen)
            self.host.leave_screen()
            self.app.call_later(self._done, new)


def _items(comparison: Comparison) -> list[_Item]:
    found = [
        _Item(
            str(place),
            difference.kind,
            _("{name} (profile)").format(name=difference.label) if difference.profile else difference.label,
            _where(difference),
            difference.why,
            difference,
        )
        for place, difference in enumerate(comparison.differences)
    ]
    return found + [
        _Item(f"line {left.line}", None, left.text, "", _("Line {n}: {why}.").format(n=left.line, why=left.why))
        for left in comparison.listing.left_out
    ]


def _texts(difference: Difference) -> str:
    """How the config file names, or would name, who it is about."""
    return difference.entry or ", ".join(text for _name, text in difference.former)


def _where(difference: Difference) -> str:
    former = ", ".join(name for name, _text in difference.former)
    return f" {glyph('arrow')} ".join(filter(None, (former, difference.target)))


def _summary(found: Comparison) -> str:
    counts = Counter(each.kind for each in found.differences)
    parts = [f"{_(_KINDS[kind][0])} {number(counts[kind])}" for kind in Kind if counts[kind]]
    parts.append(_("as declared {n}").format(n=number(found.unchanged)))
    told = f" {glyph('dot')} ".join(parts)
    asked = "" if found.looked_up else _(" Not connected: Salesforce was not asked who they are.")
    return _("{source}: {told}.").format(source=found.listing.source, told=told) + asked


def _columns(found: Comparison) -> str:
    understood = ", ".join(
        f"{_(_MEANINGS[meaning])} = {figures.quoted(heading)}" for meaning, heading in found.listing.understood
    )
    ignored = ", ".join(figures.quoted(heading) for heading in found.listing.ignored)
    if not ignored:
        return _("Columns: {understood}.").format(understood=understood)
    return _("Columns: {understood}. Not used: {ignored}.").format(understood=understood, ignored=ignored)
