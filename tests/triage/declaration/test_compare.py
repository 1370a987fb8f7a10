"""What a list would change in the declaration: who is new, moved, gone, unknown, ambiguous; and what accepting does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from tests.triage.fakes import person
from tui.declaration import Comparison, Kind, accept
from tui.model import Configuration, ServiceError, User
from tui.salesforce.client import Salesforce
from tui.triage import assignment
from tui.triage.declaration.compare import compare
from tui.triage.declaration.lists import of_file, pasted
from tui.triage.declaration.people import Known, look_up, wanted

ANN, BOB, EVE = person(1, name="Ann Lee"), person(2, name="Bob Ray", profile="Support"), person(3, name="Eve Fox")
GONE = person(4, name="Gus Old", active=False)
TWIN = person(5, name="Ann Lee", email=ANN.email, profile="Support")
SALES = {"name": "Sales", "users": [ANN.email], "contacts": {"direction": "none"}, "data_set": {"kept": 1}}
DESK = {"name": "Desk", "users": [], "profiles": ["Support"]}
OLD = {"name": "Old", "active": False, "users": [EVE.username]}
DECLARED = (SALES, DESK, OLD)


def known(*users: User, profiles: tuple[str, ...] | None = ("Sales User", "Support")) -> Known:
    return Known(users or (ANN, BOB, EVE, GONE), profiles)


def short(found: Comparison) -> list[str]:
    """Each difference in a line."""
    return [
        f"{each.kind} {each.label}: {','.join(name for name, _text in each.former)}>{each.target} {each.entry}".strip()
        for each in found.differences
    ]


def whole(text: str, **more: Any) -> Comparison:
    from pathlib import Path

    return compare(of_file(Path("list.csv"), text.encode()), DECLARED, **more)


@pytest.mark.parametrize(
    ("text", "expected", "unchanged"),
    [
        (f"Ann Lee\t{ANN.email}\n", [], 1),
        (f"{ANN.id}\n", [], 1),
        (f"{ANN.username.upper()}\n", [], 1),
        ("Lee, Ann\n", [], 1),
        (
            f"{ANN.email}\n{BOB.email}\n",
            [f"added Bob Ray: >Sales {BOB.email}"],
            1,
        ),
        (f"{BOB.username}\n", [f"added Bob Ray: >Sales {BOB.username}", "removed Ann Lee: Sales>"], 0),
        ("Bob Ray\n", [f"added Bob Ray: >Sales {BOB.username}", "removed Ann Lee: Sales>"], 0),
        (f"{ANN.email}\n{EVE.email}\n", [f"moved Eve Fox: Old>Sales {EVE.username}"], 1),
        (f"{ANN.email}\n{ANN.username}\n", [], 1),
        (f"{ANN.email}\nnobody@acme.example\n", ["unknown nobody@acme.example: >"], 1),
        (f"{ANN.email}\nNo Body\n", ["unknown No Body: >"], 1),
        (f"{ANN.email}\nSales User\n", ["added Sales User: >Sales Sales User"], 1),
        (f"{ANN.email}\nProfiles\nsupport\n", ["added Support: >Sales Support"], 1),
        (f"{ANN.email}\nProfiles\nNo Such\n", ["unknown No Such: >"], 1),
        (f"{ANN.email}\n{GONE.email}\n", [f"added Gus Old: >Sales {GONE.email}"], 1),
        ("Profiles\nSales User\n", ["added Sales User: >Sales Sales User"], 0),
    ],
    ids=lambda value: value.strip().replace("\n", "/") if isinstance(value, str) else "",
)
def test_a_paste_of_one_configuration(text: str, expected: list[str], unchanged: int) -> None:
    found = compare(pasted(text), DECLARED, configuration="Sales", known=known())

    assert short(found) == expected
    assert found.unchanged == unchanged
    assert found.looked_up
    assert found.new == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(ANN.email, "Sales"), (EVE.email, "Old")], []),
        ([(ANN.email, "sales")], ["removed Eve Fox: Old>"]),
        ([(ANN.email, "Desk"), (EVE.email, "Old")], [f"moved Ann Lee: Sales>Desk {ANN.email}"]),
        ([(ANN.email, "Sales"), (EVE.email, "Old"), (BOB.email, "Desk")], []),
        (
            [(ANN.email, "Sales"), (EVE.email, "Old"), (BOB.email, "Sales")],
            [f"added Bob Ray: >Sales {BOB.email}"],
        ),
        (
            [(ANN.email, "Sales"), (EVE.email, "Old"), (BOB.email, "Field")],
            [f"added Bob Ray: >Field {BOB.email}"],
        ),
        (
            [(ANN.email, "Sales"), (ANN.username, "Old"), (EVE.email, "Old")],
            ["ambiguous Ann Lee: >"],
        ),
    ],
    ids=str,
)
def test_a_list_of_the_whole_organisation(rows: list[tuple[str, str]], expected: list[str]) -> None:
    text = "User,Configuration\n" + "".join(f"{who},{where}\n" for who, where in rows)

    assert short(whole(text, known=known())) == expected


def test_a_whole_list_without_configurations_asks_where_the_new_ones_belong() -> None:
    text = f"Email\n{ANN.email}\n{EVE.email}\n{BOB.email}\n{GONE.email}\n"

    assert short(whole(text, known=known())) == ["ambiguous Gus Old: >"]
    found = whole(text, configuration="Desk", known=known())
    assert short(found) == [f"added Gus Old: >Desk {GONE.email}"]
    assert found.unchanged == 3, "Ann and Eve are declared somewhere, Bob is in Desk by profile"


def test_through_a_profile() -> None:
    text = "User,Configuration,Assigned through\n"
    rows = f"{BOB.email},Desk,Profile\n{ANN.email},Sales,User\n{EVE.email},Old,User\n"

    assert short(whole(text + rows, known=known())) == []
    moved = rows.replace("Desk", "Sales")
    assert short(whole(text + moved, known=known())) == ["moved Support: Desk>Sales Support"]


def test_declared_twice_and_listed_once() -> None:
    declared = [SALES, {"name": "Desk", "users": [ANN.username]}]
    found = compare(pasted(f"Configuration\tUser\nDesk\t{ANN.id}\n"), declared, known=known())

    assert short(found) == ["removed Ann Lee: Sales>"]
    assert "“Desk” only" in found.differences[0].why


def test_a_line_that_could_not_be_told_makes_what_is_missing_doubtful() -> None:
    found = compare(pasted(f"{BOB.email}\nAnne Lee\n"), DECLARED, configuration="Sales", known=known())
    removed = found.differences[1]
    assert (removed.kind, removed.label, removed.doubtful) == (Kind.REMOVED, "Ann Lee", True)
    assert "could not be told" in removed.why


def test_who_may_be_meant_is_named_and_not_taken_away() -> None:
    found = compare(pasted("Ann Lee\n"), DECLARED, configuration="Sales", known=known(ANN, TWIN))

    assert short(found) == ["ambiguous Ann Lee: >"]
    assert ANN.username in found.differences[0].why
    assert TWIN.username in found.differences[0].why
    assert not found.differences[0].acceptable


def test_what_else_the_line_says_tells_twins_apart() -> None:
    text = f"Name\tEmail\tProfile\nAnn Lee\t{ANN.email}\tSupport\n"
    assert short(compare(pasted(text), [DESK], configuration="Desk", known=known(ANN, TWIN))) == []

    other = compare(pasted(text), [{"name": "Sales"}], configuration="Sales", known=known(ANN, TWIN))
    assert short(other)[0] == f"added Ann Lee: >Sales {TWIN.username}", "an address that is shared names nobody"


def test_a_name_of_a_user_and_of_a_profile_is_ambiguous() -> None:
    found = compare(pasted("Support\n"), [DESK], configuration="Desk", known=known(person(9, name="Support")))
    assert [each.kind for each in found.differences] == [Kind.AMBIGUOUS]
    assert "of a user and of a profile" in found.differences[0].why


def test_somebody_unknown_to_salesforce_stays_declared() -> None:
    declared = [{"name": "Sales", "users": ["Left@acme.example"]}]
    found = compare(pasted("left@acme.example\n"), declared, configuration="Sales", known=known())
    assert short(found) == ["unknown left@acme.example: >"]


def test_an_inactive_configuration_is_not_emptied_without_a_look() -> None:
    found = whole(f"User,Configuration\n{ANN.email},Sales\n", known=known())
    [removed] = found.differences
    assert (removed.kind, removed.doubtful, removed.acceptable) == (Kind.REMOVED, True, True)
    assert "not active" in removed.why


def test_inactive_users_are_said_to_be() -> None:
    found = compare(pasted(f"{ANN.email}\n{GONE.email}\n"), DECLARED, configuration="Sales", known=known())
    assert found.differences[0].why == "The user is inactive in Salesforce."


def test_a_username_under_the_heading_of_addresses_is_found() -> None:
    text = f"Name\tEmail\nEve\t{EVE.username}\n"
    found = compare(pasted(text), [{"name": "Sales"}], configuration="Sales", known=known())
    assert short(found) == [f"added Eve Fox: >Sales {EVE.username}"]


def test_without_salesforce_addresses_are_compared_and_names_left_open() -> None:
    found = compare(pasted(f"{ANN.email.upper()}\n{BOB.email}\nEve Fox\n"), DECLARED, configuration="Sales")

    assert short(found) == [f"added {BOB.email}: >Sales {BOB.email}", "unknown Eve Fox: >"]
    assert not found.looked_up
    assert "cannot be asked" in found.differences[1].why


def test_profiles_that_cannot_be_read_are_taken_as_they_are_written() -> None:
    text = "Profiles\nSales User\n"
    found = compare(pasted(text), DECLARED, configuration="Sales", known=known(profiles=None))
    assert short(found) == ["added Sales User: >Sales Sales User"]
    bare = compare(pasted("Sales User\n"), DECLARED, configuration="Sales", known=known(profiles=None))
    assert short(bare) == ["unknown Sales User: >"]


def test_accepting_all_makes_the_declaration_agree_and_keeps_the_settings() -> None:
    text = (
        "User,Configuration,Type\n"
        f"{ANN.email},Desk,User\n{BOB.email},Field,User\n{EVE.email},Old,User\nSales User,Sales,Profile\n"
    )
    found = whole(text, known=known())
    assert found.new == ("Field",)

    sections = accept(DECLARED, found.differences)

    assert sections == [
        {**SALES, "users": [], "profiles": ["Sales User"]},
        {**DESK, "users": [ANN.email], "profiles": []},
        OLD,
        {"name": "Field", "active": True, "users": [BOB.email]},
    ]
    assert DECLARED == (SALES, DESK, OLD), "the declaration itself is left alone"
    again = compare(found.listing, sections, known=known())
    assert [each for each in again.differences if each.kind is not Kind.REMOVED] == []


def test_accepting_some_changes_only_those() -> None:
    found = compare(pasted(f"{BOB.email}\n{GONE.email}\n"), DECLARED, configuration="Sales", known=known())
    chosen = [each for each in found.differences if each.label == "Bob Ray"]

    assert accept(DECLARED, chosen)[0]["users"] == [ANN.email, BOB.email]
    assert accept(DECLARED, []) == [dict(section) for section in DECLARED]


def test_what_is_accepted_is_what_the_triage_then_finds() -> None:
    found = compare(pasted(f"{BOB.email}\n{EVE.email}\n"), DECLARED, configuration="Sales", known=known())
    nouns = [
        Configuration(
            each["name"],
            active=each.get("active", True),
            users=tuple(each.get("users", ())),
            profiles=tuple(each.get("profiles", ())),
        )
        for each in accept(DECLARED, found.differences)
    ]

    for user, name in ((BOB, "Sales"), (EVE, "Sales"), (ANN, None)):
        applied = assignment.effective(user, nouns, page_assigned=None).configuration
        assert (applied.name if applied else None) == name


class Asked:
    """A Salesforce that keeps what it is asked."""

    def __init__(self, people: Sequence[User], closed: ServiceError | None = None) -> None:
        self.people, self.closed = people, closed
        self.asked: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        async def answer(values: Sequence[str]) -> Any:
            self.asked[name] = tuple(values)
            if name == "profiles":
                if self.closed:
                    raise self.closed
                return ("Support",)
            field = name.removeprefix("users_by_").removesuffix("s")
            return [user for user in self.people if getattr(user, field) in values]

        return answer


def test_salesforce_is_asked_for_what_the_list_leaves_open() -> None:
    listing = pasted(f"Lee, Ann\nSupport\n{BOB.email}\n{EVE.id}\n")
    salesforce = Asked([ANN, BOB, EVE])

    found = asyncio.run(look_up(cast(Salesforce, salesforce), listing))

    assert set(found.users) == {ANN, BOB, EVE}
    assert found.profiles == ("Support",)
    assert salesforce.asked["users_by_names"] == ("Lee, Ann", "Ann Lee", "Support")
    assert salesforce.asked["users_by_emails"] == (BOB.email,)
    assert salesforce.asked["users_by_ids"] == (EVE.id,)
    assert wanted(listing, [{"users": ["x@acme.example", GONE.id]}]).addresses == (BOB.email, "x@acme.example")
    assert wanted(listing, [{"users": ["x@acme.example", GONE.id]}]).ids == (EVE.id, GONE.id)
    assert wanted(listing).profiles == ("Lee, Ann", "Support")


def test_profiles_closed_to_us_are_optional_and_an_outage_is_not() -> None:
    listing = pasted("Support\n")
    closed = Asked([], ServiceError("", "no such object"))
    assert asyncio.run(look_up(cast(Salesforce, closed), listing)).profiles is None
    down = Asked([], ServiceError("salesforce.network.unreachable", "down"))
    with pytest.raises(ServiceError):
        asyncio.run(look_up(cast(Salesforce, down), listing))
