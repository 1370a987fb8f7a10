"""Which configuration applies to a user, by the declaration and the page."""

from __future__ import annotations

import pytest

from tui.model import Configuration, ContactSync, Direction, EventSync, User
from tui.triage.assignment import effective, sides

ID15, ID18 = "005A0000001abCd", "005A0000001abCdIAE"
ALICE = User(ID18, "Alice Martin", "Alice.Martin@acme.com.sbx", "alice.martin@acme.com", True, profile="Sales User")
NAMELESS = User("", "", "", "", True)


def configuration(name: str, *users: str, profiles: tuple[str, ...] = (), active: bool = True) -> Configuration:
    return Configuration(name, active, users, profiles)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("alice.martin@acme.com", True),
        ("  ALICE.Martin@Acme.com ", True),
        ("alice.martin@acme.com.SBX", True),
        (ID18, True),
        (ID15, True),
        (ID15.lower(), False),
        (ID18.upper(), False),
        ("005A0000001abCdXXX", True),
        ("005A0000001abCx", False),
        ("Alice Martin", False),
        ("alice.martin", False),
        ("", False),
        ("   ", False),
        (ID15[:14], False),
    ],
)
def test_who_an_entry_names(entry: str, *, found: bool) -> None:
    assert effective(ALICE, [configuration("A", entry)], page_assigned=None).declared is found


@pytest.mark.parametrize("user_id", [ID15, ID18])
def test_short_and_long_ids_are_the_same(user_id: str) -> None:
    user = User(user_id, "A", "a@x", "a@x", True)
    for entry in (ID15, ID18):
        assert effective(user, [configuration("A", entry)], page_assigned=None).declared


def test_a_user_without_address_is_not_named_by_an_empty_entry() -> None:
    assert not effective(NAMELESS, [Configuration("A", True, ("", " "), ("", " "))], page_assigned=None).declared


@pytest.mark.parametrize(("profile", "found"), [("sales user ", True), ("Sales", False), ("", False)])
def test_profiles_by_name(profile: str, *, found: bool) -> None:
    told = effective(ALICE, [configuration("A", profiles=(profile,))], page_assigned=None)
    assert (told.via == "profile") is found


A, B = configuration("A", ALICE.email), configuration("B", ALICE.username)
P, Q = configuration("P", profiles=("Sales User",)), configuration("Q", profiles=("Sales User",))
OFF, OFF_P = (
    configuration("Off", ALICE.email, active=False),
    configuration("OffP", profiles=("Sales User",), active=False),
)
OTHER = configuration("Other", "bob@acme.com")

# configurations, the page's word; the configuration that applies, via, inactive_only, overridden, declared, disagrees
TABLE = [
    ([], None, (None, "", False, None, False, False)),
    ([], True, (None, "", False, None, False, False)),
    ([], False, (None, "", False, None, False, False)),
    ([OTHER], None, (None, "", False, None, False, False)),
    ([OTHER], True, (None, "", False, None, False, True)),
    ([OTHER], False, (None, "", False, None, False, False)),
    ([A], None, ("A", "individual", False, None, True, False)),
    ([A], True, ("A", "individual", False, None, True, False)),
    ([A], False, (None, "", False, None, True, True)),
    ([P], True, ("P", "profile", False, None, True, False)),
    ([A, P], True, ("A", "individual", False, "P", True, False)),
    ([P, A], True, ("A", "individual", False, "P", True, False)),
    ([A, B], True, ("B", "individual", False, "A", True, False)),
    ([B, A], None, ("A", "individual", False, "B", True, False)),
    ([A, P, B], None, ("B", "individual", False, "A", True, False)),
    ([P, Q], None, ("Q", "profile", False, "P", True, False)),
    ([OFF], None, (None, "", True, None, True, False)),
    ([OFF], True, (None, "", True, None, True, True)),
    ([OFF], False, (None, "", True, None, True, False)),
    ([OFF_P], False, (None, "", True, None, True, False)),
    ([A, OFF_P], True, ("A", "individual", False, None, True, False)),
    ([A, OFF], True, ("A", "individual", False, "Off", True, False)),
    ([P, OFF], True, ("P", "profile", False, "Off", True, False)),
    ([P, OFF], False, (None, "", False, None, True, True)),
]


@pytest.mark.parametrize(("configurations", "page", "expected"), TABLE)
def test_the_effective_assignment(
    configurations: list[Configuration], page: bool | None, expected: tuple[object, ...]
) -> None:
    told = effective(ALICE, configurations, page_assigned=page)
    applies = told.configuration.name if told.configuration else None
    loses = told.overridden.name if told.overridden else None
    assert (applies, told.via, told.inactive_only, loses, told.declared, told.disagrees) == expected
    assert told.why.endswith(".")


@pytest.mark.parametrize(
    ("configurations", "page", "words"),
    [
        ([A, P], None, ("“A”", "“P”", "beats the profile")),
        ([A, B], None, ("“A”", "“B”", "cannot tell")),
        ([P, Q], None, ("“P”", "“Q”", "not known")),
        ([P, OFF], None, ("“P”", "“Off”", "not active", "not known")),
        ([OFF], None, ("not active", "“Off”")),
        ([OTHER], True, ("out of date", ALICE.email, "[[configurations]]")),
        ([OFF], True, ("out of date", "“Off”", "“active”")),
        ([A], False, ("The page takes precedence", "“A”")),
        ([], None, ("declares no configurations",)),
        ([OTHER], None, ("in no configuration",)),
    ],
)
def test_why_names_what_it_rests_on(
    configurations: list[Configuration], page: bool | None, words: tuple[str, ...]
) -> None:
    why = effective(ALICE, configurations, page_assigned=page).why
    assert all(word in why for word in words), why


def test_the_declared_configurations_keep_the_order_of_the_file() -> None:
    told = effective(ALICE, [P, OTHER, OFF, A], page_assigned=None)
    assert [each.name for each in told.declared_in] == ["P", "Off", "A"]


def test_a_name_from_outside_cannot_reach_a_format_string_or_the_terminal() -> None:
    odd = configuration("{0.__class__}\x1b]52;c;eA==\x07{name}", ALICE.email)
    why = effective(ALICE, [odd], page_assigned=None).why
    assert "{0.__class__}" in why
    assert "{name}" in why
    assert "\x1b" not in why
    assert "\x07" not in why


# ---- sides -------------------------------------------------------------------------------------------------------

NONE, BOTH, IN = Direction.NONE, Direction.BOTH, Direction.GOOGLE_TO_SALESFORCE


@pytest.mark.parametrize(
    ("events", "contacts", "page", "expected"),
    [
        (BOTH, BOTH, None, (True, True)),
        (IN, NONE, True, (True, False)),
        (NONE, IN, None, (False, True)),
        (NONE, NONE, True, (False, False)),
        (NONE, NONE, False, (True, True)),
        (IN, NONE, False, (True, True)),
    ],
)
def test_the_sides_that_sync(
    events: Direction, contacts: Direction, page: bool | None, expected: tuple[bool, bool]
) -> None:
    declared = Configuration("A", True, (ALICE.email,), (), ContactSync(contacts), EventSync(events))
    told = sides(effective(ALICE, [declared], page_assigned=page))
    assert (told["calendar"], told["contacts"]) == expected


@pytest.mark.parametrize(("configurations", "page"), [([], None), ([OTHER], True), ([OFF], None), ([OFF], True)])
def test_undeclared_or_contradicted_judges_both_sides(configurations: list[Configuration], page: bool | None) -> None:
    assert sides(effective(ALICE, configurations, page_assigned=page)) == {"calendar": True, "contacts": True}
