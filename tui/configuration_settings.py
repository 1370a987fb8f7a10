"""The settings of a Lightning Sync configuration, for whoever edits its section of the config file: what each is
called, what may stand there, what it means. The keys and values are those of `tui.settings`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui.declaration import Section
from tui.kinds import Direction
from tui.words import N_

Path = tuple[str, ...]

DIRECTIONS: Mapping[Any, str] = {
    Direction.BOTH.value: N_("both ways"),
    Direction.GOOGLE_TO_SALESFORCE.value: N_("Google to Salesforce"),
    Direction.SALESFORCE_TO_GOOGLE.value: N_("Salesforce to Google"),
    Direction.NONE.value: N_("not synced"),
}
YES_NO: Mapping[Any, str] = {True: N_("yes"), False: N_("no")}
NOT_SAID = N_("not set")


@dataclass(frozen=True, slots=True)
class Setting:
    """`kind`: text, choice, date or list (of texts). `choices` are the values with their words; `default` is what the
    file means where it says nothing, None: nothing is known then. `suggestions` complete what is typed."""

    path: Path
    kind: str
    label: str
    help: str
    choices: Mapping[Any, str] | None = None
    default: Any = None
    suggestions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The setting as the file names it."""
        return ".".join(self.path)

    def of(self, section: Section) -> Any:
        """Its value in that section; the default where nothing is said."""
        found: Any = section
        for name in self.path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return self.default if found is None else found

    def put(self, section: Section, value: Any) -> dict[str, Any]:
        """The section with that value; None says nothing. What says nothing already is not made to say its default."""
        if value == self.of(section):
            return dict(section)
        *tables, name = self.path
        changed = dict(section)
        inner = changed
        for table in tables:
            inner[table] = dict(inner.get(table) or {})
            inner = inner[table]
        if value is None:
            inner.pop(name, None)
        else:
            inner[name] = value
        return {key: item for key, item in changed.items() if key not in tables or item}


SETTINGS: tuple[Setting, ...] = (
    Setting(("name",), "text", N_("Name"), N_("The configuration's name in Setup.")),
    Setting(("active",), "choice", N_("Active"), N_("Whether it is active in Setup."), YES_NO, True),
    Setting(
        ("contacts", "direction"),
        "choice",
        N_("Contacts"),
        N_("Which way contacts sync."),
        DIRECTIONS,
        Direction.BOTH.value,
    ),
    Setting(
        ("contacts", "match"),
        "text",
        N_("Contacts: if several"),
        N_("Which record is taken where several match, in Setup's words; Tab completes them."),
        suggestions=("Has the most recent activity", "Was last updated", "Has the oldest creation date"),
    ),
    Setting(
        ("events", "direction"), "choice", N_("Events"), N_("Which way events sync."), DIRECTIONS, Direction.BOTH.value
    ),
    Setting(
        ("events", "which"),
        "choice",
        N_("Events: which"),
        N_("From Google: all events, or those that users select."),
        {"all": N_("all events"), "selected": N_("events users select")},
        "all",
    ),
    Setting(
        ("data_set", "contacts"),
        "choice",
        N_("Data set: contacts"),
        N_("All contacts, or selected ones; selected ones need the user's records too."),
        {"all": N_("all contacts"), "selected": N_("selected contacts")},
    ),
    Setting(
        ("data_set", "users_records"),
        "choice",
        N_("Data set: user's records"),
        N_("Selected contacts sync only where this is set as well."),
        YES_NO,
    ),
    Setting(
        ("data_set", "events_from"),
        "date",
        N_("Data set: events from"),
        N_("The day from which events sync, such as 2026-01-31; empty: not set."),
    ),
    Setting(
        ("data_set", "private_events"),
        "choice",
        N_("Data set: private events"),
        N_("Whether private events sync."),
        YES_NO,
    ),
    Setting(
        ("profiles",),
        "list",
        N_("Profiles"),
        N_("Everybody with such a profile is in it, by the profile's name."),
        None,
        (),
    ),
    Setting(
        ("users",),
        "list",
        N_("Users"),
        N_("Who is in it individually: addresses, usernames or ids, separated by commas."),
        None,
        (),
    ),
)
BY_KEY = {setting.key: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Change:
    """What saving would change: `setting` None where the whole configuration comes or goes (`after` or `before` is None
    then). `gone` and `come` are the entries of a list."""

    configuration: str
    setting: Setting | None = None
    before: Any = None
    after: Any = None
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()


def changes(before: Section | None, after: Section | None) -> Iterator[Change]:
    """What is different between two states of one configuration; None: it is not there."""
    name = str((before or after or {}).get("name", ""))
    if before is None or after is None:
        yield Change(name, None, before, after)
        if after is None:
            return
    for setting in SETTINGS:
        old, new = setting.of(before or {}), setting.of(after)
        if old == new or (before is None and setting.key == "name"):
            continue
        if setting.kind == "list":
            yield Change(name, setting, gone=_without(old, new), come=_without(new, old))
        else:
            yield Change(name, setting, old, new)


def _without(these: Sequence[str], those: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in these if text not in those)
