"""Whom the declared configurations bring, and every contradiction in them with its sentence."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from tests.triage.fakes import World, person, refusal
from tui.model import Configuration, ContactSync, Direction, EventSync, Finding, Phase, Resolution, Status
from tui.triage.checks import declaration
from tui.triage.contradictions import contradictions
from tui.triage.lookup import Lookup, look_up
from tui.triage.overview import find_samples
from tui.triage.roster import roster

ANN, BOB, EVE = person(1, name="Ann"), person(2, name="Bob"), person(3, name="Eve", active=False)
NAMED = {user.email: Resolution(user.email, (user,)) for user in (ANN, BOB, EVE)}
NAMED[ANN.id] = Resolution(ANN.id, (ANN,))
NAMED["ghost"] = Resolution("ghost", problem="Nobody is called ghost.")
KNOWN = Lookup(NAMED, {"sales user": 40, "service": 7})
NOTHING = {"contacts": ContactSync(Direction.NONE), "events": EventSync(Direction.NONE)}


def configuration(name: str = "A", **changes: Any) -> Configuration:
    return Configuration(name, **{"profiles": ("Service",), **changes})


A = configuration("A")


@pytest.mark.parametrize(
    ("declared", "sentences"),
    [
        ([], []),
        ([A], []),
        ([A, configuration("B", profiles=(), users=(BOB.email,))], []),
        ([configuration(active=False, profiles=())], ["Not one of the declared configurations is active"]),
        ([configuration(profiles=())], ["“A” is active, but nobody is assigned to it"]),
        ([configuration(**NOTHING)], ["“A” syncs neither contacts nor events in any direction"]),
        (
            [configuration(data_set={"contacts": "selected", "users_records": False})],
            ["“A” has “Selected Contacts” without “User's Records”"],
        ),
        ([configuration(data_set={"contacts": "selected", "users_records": True})], []),
        (
            [
                configuration(
                    data_set={"contacts": "selected", "users_records": False}, contacts=ContactSync(Direction.NONE)
                )
            ],
            [],
        ),
        ([A, configuration("a", profiles=("Sales User",))], ["2 configurations are called “A”"]),
        (
            [configuration("A", profiles=(), users=(ANN.email,)), configuration("B", profiles=(), users=(ANN.email,))],
            ["Ann: Declared individually in “B”, and also in “A”. Salesforce keeps only the individual assignment"],
        ),
        (
            [
                configuration("A", profiles=("Sales User",)),
                configuration("B", profiles=(), users=(ANN.email, BOB.email)),
            ],
            ["Ann and 1 more: Assigned to “B” individually, which beats the profile's “A”."],
        ),
        (
            [
                configuration("A", profiles=("Sales User",)),
                configuration("B", profiles=(), users=(ANN.email,), active=False),
            ],
            [
                "Ann: Assigned to “A” by profile, and declared in “B” as well. Whether an individual assignment",
                "“B” is not active, and people are assigned to it",
            ],
        ),
        (
            [configuration("A"), configuration("B", profiles=("service ",))],
            ["Profile “service ”: The profile is in “B”, and also in “A”."],
        ),
        ([A, configuration("Old", active=False)], ["“Old” is not active, and people are assigned to it"]),
        ([A, configuration("Old", active=False, profiles=())], []),
        ([configuration(users=("ghost", "ghost"))], ["“A”: Nobody is called ghost."]),
        ([configuration(profiles=("Servce",))], ["“A”: no active user has the profile “Servce”."]),
        ([configuration(users=(EVE.email,))], ["Eve: “A” names a user who is not active in Salesforce."]),
        ([configuration(users=(ANN.email, ANN.id))], ["Ann: “A” names the same user more than once."]),
    ],
)
def test_each_contradiction_has_its_sentence(declared: Sequence[Configuration], sentences: Sequence[str]) -> None:
    found = [one.sentence for one in contradictions(declared, KNOWN)]
    assert len(found) == len(sentences), found
    assert all(told.startswith(sentence) for told, sentence in zip(found, sentences, strict=True)), found


def test_a_contradiction_names_its_configurations_and_all_its_people() -> None:
    declared = [configuration(profiles=("Sales User",)), configuration("B", users=(ANN.email, BOB.email))]
    (twice,) = contradictions(declared, Lookup(NAMED, {"sales user": 2, "service": 1}))
    assert (twice.configurations, twice.who) == (("A", "B"), ("Ann", "Bob"))


def test_what_the_page_says_otherwise_is_told_once() -> None:
    other = Finding(f"{declaration.ASSIGNMENT}.declaration", Phase.STATUS, Status.WARN, "The file is out of date.")
    assert [one.sentence for one in contradictions([A], KNOWN, [other, other])] == ["The file is out of date."]


def test_thousands_of_named_users_take_a_moment() -> None:
    people = [person(number) for number in range(4000)]
    emails = tuple(user.email for user in people)
    known = Lookup({user.email: Resolution(user.email, (user,)) for user in people}, {"sales user": 4000})
    declared = [configuration("A", profiles=("Sales User",)), configuration("B", profiles=(), users=emails)]
    begun = time.monotonic()
    (one,) = contradictions(declared, known)
    assert time.monotonic() - begun < 5  # to look at each entry for each user takes minutes
    assert len(one.who) == 4000


def test_whom_the_page_has_in_no_configuration_was_found_out_by_an_earlier_check() -> None:
    declared = [
        configuration("A", users=(ANN.email, BOB.email)),
        configuration("Off", users=(EVE.email,), active=False),
    ]
    said = {ANN.id: False, BOB.id: False, EVE.id: True, "005000000000077AAA": False}
    found = [one for one in contradictions(declared, KNOWN, said=said) if "status page" in one.sentence]
    assert [(one.sentence.partition(".")[0], one.who) for one in found] == [
        (
            "Ann and 1 more: The config file has this user in “A”; the status page says that they are in no active "
            "configuration",
            ("Ann", "Bob"),
        ),
        (
            "Eve: The status page says that this user is in an active configuration; the config file has them only in "
            "inactive ones (“Off”)",
            ("Eve",),
        ),
    ]
    again = Finding(f"{declaration.ASSIGNMENT}.declaration", Phase.STATUS, Status.WARN, found[0].sentence[16:])
    assert len(contradictions(declared, KNOWN, [again], said)) == len(contradictions(declared, KNOWN, (), said))
    assert not [one for one in contradictions(declared, KNOWN, said={ANN.id: True}) if "status page" in one.sentence]


@pytest.mark.parametrize(
    ("declared", "known", "members", "assigned"),
    [
        ([configuration(users=(ANN.email, EVE.email))], KNOWN, (1, (("Service", 7),), 8), 8),
        # Ann has the profile: she is counted once
        ([configuration(profiles=("Sales User",), users=(ANN.email,))], KNOWN, (1, (("Sales User", 40),), 40), 40),
        ([configuration(active=False)], KNOWN, (0, (("Service", 7),), 7), 0),
        ([configuration(profiles=("Nobody's",))], KNOWN, (0, (("Nobody's", 0),), 0), 0),
        ([configuration()], Lookup(NAMED, None), (0, (("Service", None),), None), None),
        ([configuration(users=(ANN.email,), profiles=())], Lookup(None, {}), (None, (), None), None),
    ],
)
def test_whom_a_configuration_brings(
    declared: Sequence[Configuration], known: Lookup, members: tuple[Any, ...], assigned: int | None
) -> None:
    found = roster(declared, known)
    assert (found.members[0].named, found.members[0].profiles, found.members[0].people) == members
    assert found.assigned == assigned


async def test_those_named_are_looked_up_and_counted() -> None:
    world = World([ANN, BOB, EVE])
    declared = [configuration(users=(ANN.email, "ghost@acme.example"), profiles=("Sales User",))]
    found = roster(declared, await look_up(world.salesforce, declared))  # type: ignore[arg-type]  # a stand-in
    assert (found.active, found.assigned, found.problem) == (2, 2, "")
    assert "ghost@acme.example" in found.contradictions[0].sentence


@pytest.mark.parametrize("method", ["active_by_profile", "users_by_emails"])
async def test_what_cannot_be_looked_up_is_unknown_and_said(method: str) -> None:
    world = World([ANN], configurations=[configuration(users=(ANN.email,), profiles=("Sales User",))])
    world.salesforce.broken[method] = refusal("salesforce.rights.missing", "closed to us")
    overview = await world.session.overview()
    assert (overview.roster.assigned, overview.roster.problem) == (None, "closed to us")
    assert overview.roster.contradictions == ()
    assert len(await find_samples(world.session)) == (method == "active_by_profile")
