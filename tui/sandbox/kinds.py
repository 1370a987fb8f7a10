"""The kinds of people in the practice organisation: one row for everything that can be true of one user.

A row says what is broken, never what a triage should answer: that is derived in derive.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.sandbox.state import SyncConfiguration

BOTH, DESK, FIELD, PILOT, PAUSED = "Sales and partners", "Service desk", "Field visits", "Pilot 2019", "Paused teams"

CONFIGURATIONS: tuple[SyncConfiguration, ...] = (
    SyncConfiguration(
        BOTH,
        active=True,
        profiles=("Sales User",),
        contacts="both",
        events="both",
        data_set={"contacts": "all", "users_records": True, "private_events": False},
    ),
    SyncConfiguration(
        DESK,
        active=True,
        profiles=("Service User",),
        contacts="none",
        events="both",
        data_set={"private_events": False},
    ),
    SyncConfiguration(
        FIELD,
        active=True,
        profiles=(),
        contacts="google_to_salesforce",
        events="salesforce_to_google",
        data_set={"contacts": "selected", "users_records": False, "private_events": False},
        match="oldest_creation_date",
    ),
    SyncConfiguration(
        PILOT,
        active=False,
        profiles=(),
        contacts="both",
        events="both",
        which="selected",
        data_set={"contacts": "selected", "users_records": True, "private_events": True},
    ),
    SyncConfiguration(
        PAUSED, active=True, profiles=(), contacts="none", events="none", data_set={"private_events": False}
    ),
)

_USUAL = frozenset({"ApiEnabled", "RunReports", "EditEvent", "ActivitiesAccess"})
PROFILES: Mapping[str, frozenset[str]] = {
    "System Administrator": _USUAL | {"ManageUsers", "ManageExchangeConfig", "ViewSetup"},
    "Sales User": _USUAL,
    "Service User": _USUAL,
    "Marketing User": _USUAL,
    "Back Office": _USUAL,
    "Light User": frozenset({"ApiEnabled", "ActivitiesAccess"}),
    "Visitor": frozenset({"ApiEnabled"}),
}
SETS: Mapping[str, tuple[str, frozenset[str]]] = {
    "Event_Editing": ("Event editing", frozenset({"EditEvent", "ActivitiesAccess"})),
    "Report_Readers": ("Report readers", frozenset({"RunReports"})),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """`count` people like this among 400; `changes` to an ordinary person; `open` recent errors of type `type`.

    `partner` adds a second person per person, with the same value of the field named first; `names` gives the names
    to use. `by_name` errors carry no id. `old` errors are older than what is still open."""

    name: str
    count: int
    changes: Mapping[str, object] = field(default_factory=dict)
    open: int = 0
    type: str = "UserMapping"
    text: str = "user_mapping"
    partner: tuple[str, Mapping[str, object]] | None = None
    names: tuple[tuple[str, str], ...] = ()
    by_name: bool = False
    resetting: bool = False


_SALES: dict[str, object] = {"profile": "Sales User", "real": BOTH}
_DESK: dict[str, object] = {"profile": "Service User", "real": DESK}
_FIELD: dict[str, object] = {"profile": "Marketing User", "listed": (FIELD,), "real": FIELD}
_NOWHERE: dict[str, object] = {"profile": "Back Office", "listed": (), "real": ""}

KINDS: tuple[Kind, ...] = (
    # The names that a terminal, a page or a spreadsheet could stumble over.
    Kind(
        "odd name",
        6,
        _SALES,
        open=1,
        names=(
            ("Ana[/]", "Balise"),
            ("[link=http://x]Lien", "Piégé"),
            ("\x1b[31mRouge", "Échappe"),
            ("Omar \u202eEsrever", "Bidi"),
            ('=HYPERLINK("http://x")', "Formule"),
            ("Rosalind", 'O\'Neill & <b>Fils</b> "Ltd"'),
        ),
    ),
    # The Google side of one person.
    Kind("google deleted", 3, {**_SALES, "mailbox": "deleted"}, open=2, type="Connection", text="connection"),
    Kind("google deleted, page failing", 2, {**_SALES, "mailbox": "deleted", "sync": "unable"}, open=2),
    Kind("google suspended", 3, {**_DESK, "mailbox": "suspended"}, open=1, type="Connection", text="connection"),
    Kind("google suspended late", 2, {**_SALES, "mailbox": "suspended_late"}),
    Kind("google archived", 2, {**_FIELD, "mailbox": "archived"}),
    Kind("google unknown", 3, {**_SALES, "mailbox": "unknown"}, open=2, type="Connection", text="connection"),
    Kind("google malformed", 2, {**_DESK, "mailbox": "malformed"}),
    Kind("google impersonation", 2, {**_SALES, "mailbox": "impersonation"}, open=1),
    Kind("google alias, calendar", 3, {**_SALES, "mailbox": "alias_late"}, open=1),
    Kind("google alias, token", 3, {**_FIELD, "mailbox": "alias"}),
    Kind("google calendar off", 4, {**_SALES, "mailbox": "calendar_off"}, open=1),
    # Leavers.
    Kind("leaver", 4, {**_SALES, "active": False}, open=1, type="Connection", text="connection"),
    Kind("leaver, google deleted", 4, {**_SALES, "active": False, "mailbox": "deleted"}, open=2),
    Kind("leaver, google suspended", 3, {**_DESK, "active": False, "mailbox": "suspended", "real": ""}),
    Kind("frozen", 3, {**_SALES, "frozen": True}),
    Kind("frozen, calendar off", 3, {**_DESK, "frozen": True, "mailbox": "calendar_off"}, open=1),
    # Addresses.
    Kind(
        "duplicate address",
        4,
        {**_SALES, "link": "duplicate"},
        open=2,
        partner=("email", {**_DESK, "kind": "duplicate while linked"}),
    ),
    Kind(
        "duplicate of a leaver",
        2,
        {**_SALES, "link": "duplicate"},
        open=1,
        partner=("email", {**_SALES, "active": False, "kind": "leaver with a duplicate"}),
    ),
    Kind("duplicate that nobody has", 3, {**_SALES, "link": "duplicate"}, open=1),
    Kind("address mismatch", 3, {**_SALES, "link": "mismatch"}, open=2),
    Kind("link failed", 3, {**_DESK, "link": "failed"}, open=2),
    # Assignments.
    Kind("in no configuration", 12, _NOWHERE, open=1, type="Connection", text="connection"),
    Kind("removed from a configuration", 3, {**_NOWHERE, "listed": (BOTH,)}, open=1, type="Connection"),
    Kind("only in an inactive configuration", 4, {**_NOWHERE, "listed": (PILOT,)}, type="Connection", open=1),
    Kind("individual beats profile", 4, {"profile": "Sales User", "listed": (FIELD,), "real": FIELD}),
    Kind("second individual removed the first", 2, {"profile": "Back Office", "listed": (BOTH, FIELD), "real": FIELD}),
    Kind("assigned but declared nowhere", 3, {**_NOWHERE, "real": BOTH}),
    Kind("declared nowhere, failing", 2, {**_NOWHERE, "real": BOTH, "sync": "unable"}, open=1),
    Kind("no direction", 3, {"profile": "Back Office", "listed": (PAUSED,), "real": PAUSED}),
    # Rights.
    Kind("no event rights", 3, {"profile": "Light User", "listed": (BOTH,), "real": BOTH}, open=1),
    Kind("no activities", 2, {"profile": "Visitor", "listed": (FIELD,), "real": FIELD}),
    Kind("reads what it needs", 2, {"profile": "Light User", "listed": (FIELD,), "real": FIELD}),
    Kind(
        "rights by permission set",
        3,
        {"profile": "Light User", "listed": (BOTH,), "real": BOTH, "sets": ("Event_Editing",)},
    ),
    # Sync itself.
    Kind("sync failing", 5, {**_SALES, "sync": "unable"}, open=2),
    Kind("first sync under way", 4, {**_SALES, "sync": "initial_in_progress"}, open=1),
    Kind("first sync not started", 3, {**_DESK, "sync": "not_started"}),
    Kind("reset under way", 3, {**_SALES, "sync": "not_started"}, open=1, resetting=True),
    # Several at once.
    Kind("unknown and unassigned", 2, {**_NOWHERE, "mailbox": "unknown"}, open=1, type="Connection"),
    Kind("frozen with a failing sync", 2, {**_SALES, "frozen": True, "sync": "unable"}),
    # Homonyms: the page takes only a name.
    Kind("homonym", 2, _SALES, open=1, partner=("name", {**_DESK, "kind": "homonym"})),
    Kind(
        "homonym, google unknown",
        1,
        {**_SALES, "mailbox": "unknown"},
        partner=("name", {**_SALES, "active": False, "kind": "homonym, left"}),
    ),
    # Errors that a reset is for.
    Kind("reset helps", 12, _SALES, open=2),
    Kind("reset helps, desk", 4, _DESK, open=1),
    Kind("reset helps, row by name", 3, _SALES, open=1, by_name=True),
    Kind("reset helps, connection row", 3, _SALES, open=1, type="Connection", text="connection"),
    Kind("reset helps, other row", 2, _FIELD, open=1, type="Sync", text="other"),
    Kind("data rejected", 4, {**_SALES, "reset_helps": False}, open=3, text="rejected"),
    Kind("reset does not help", 6, {**_SALES, "reset_helps": False}, open=2),
    Kind("reset does not help, desk", 2, {**_DESK, "reset_helps": False}, open=2),
)

WELL: tuple[tuple[int, Mapping[str, object]], ...] = (
    (45, {**_SALES, "kind": "well"}),
    (22, {**_DESK, "kind": "well"}),
    (12, {**_FIELD, "kind": "well"}),
    (9, {"profile": "Back Office", "listed": (BOTH,), "real": BOTH, "kind": "well"}),
    (6, {**_SALES, "sync": "initial_completed", "kind": "well"}),
    (6, {**_SALES, "sync": "nothing_to_sync", "kind": "well"}),
)
"""Weights of the ways in which the others are well."""
