"""The world and what is derived from it: the same by seed, complete, and consistent with the rules."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from tui.sandbox import derive
from tui.sandbox.kinds import KINDS
from tui.sandbox.options import ACCESS, SCENARIOS
from tui.sandbox.state import World, salesforce_id
from tui.sandbox.world import build

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

PERSONAL = {
    "google.user.deleted",
    "google.user.suspended",
    "google.user.unknown",
    "google.user.alias",
    "google.calendar.off",
    "salesforce.user.inactive",
    "salesforce.user.frozen",
    "salesforce.email.duplicate",
    "salesforce.email.mismatch",
    "salesforce.assignment.missing",
    "salesforce.assignment.inactive",
    "salesforce.assignment.direction",
    "salesforce.rights.events",
    "salesforce.link.failed",
    "salesforce.sync.failing",
}


@cache
def make(seed: int = 1, users: int = 400, scenario: str | None = None, lang: str = "en", errors: int = 3000) -> World:
    return build(seed=seed, users=users, errors=errors, lang=lang, scenario=scenario, now=NOW)


def test_the_same_seed_gives_the_same_world() -> None:
    one, two, three = make(), make.__wrapped__(), make(seed=2)
    assert one == two
    assert derive.whole(one, NOW) == derive.whole(two, NOW)
    assert {person.id for person in one.people}.isdisjoint(person.id for person in three.people)


@pytest.mark.parametrize("seed", [1, 2, 77])
@pytest.mark.parametrize("users", [150, 400])
def test_everything_that_can_concern_one_user_is_there(seed: int, users: int) -> None:
    world = make(seed, users)
    told = derive.whole(world, NOW)
    assert len(world.people) == len(told["users"]) == users
    assert len(world.errors) == told["errors"] == 3000
    assert {cause for user in told["users"] for cause in user["causes"]} == PERSONAL
    verdicts = Counter(user["verdict"] for user in told["users"])
    assert set(verdicts) == {
        "review_connection",
        "review_configuration",
        "reset",
        "wait",
        "contact_support",
        "no_fault_found",
        "undetermined",
    }
    after = Counter(user["after_reset"]["verdict"] for user in told["users"] if user["after_reset"])
    assert set(after) == {"no_fault_found", "contact_support"}
    assert told["org"] == {"verdict": "no_fault_found", "causes": []}
    kinds = Counter(person.kind for person in world.people)
    assert all(kinds[kind.name] for kind in KINDS)


def test_most_users_are_well() -> None:
    told = derive.whole(make(), NOW)["users"]
    assert sum(user["verdict"] in {"no_fault_found", "reset"} for user in told) > len(told) / 2


def test_ids_addresses_and_names() -> None:
    world = make(users=5000)
    assert len({person.id for person in world.people}) == 5000
    assert len({person.username for person in world.people}) == 5000
    assert all(len(person.id) == 18 and person.id.startswith("005") for person in world.people)
    shared = [people for people in world.by_email.values() if len(people) > 1]
    homonyms = [people for people in world.by_name.values() if len(people) > 1]
    assert all({"duplicate address", "duplicate of a leaver"} & {one.kind for one in people} for people in shared)
    assert all(one.kind.startswith("homonym") for people in homonyms for one in people)
    odd = "".join(person.name for person in make().people)
    for piece in ("[/]", "[link=", "\x1b[", "\u202e", "=HYPERLINK", "<b>", "'", "-", "é"):
        assert piece in odd


def test_an_id_carries_its_case_check() -> None:
    assert salesforce_id("001", 0) == "001000000000000AAA"
    # The check letters are what Salesforce's documented rule gives: a bit for every capital in a group of five.
    assert salesforce_id("00D", 62**3 - 1)[15:] == "EAA"


def test_errors_are_clearly_open_or_clearly_old() -> None:
    world = make()
    ages = [(NOW - error.at).days for error in world.errors]
    assert all(age <= 25 or age >= 35 for age in ages)
    assert sum(age <= 25 for age in ages) < 300
    assert min(error.at for error in world.errors).year == NOW.year - 1
    assert {error.type for error in world.errors} == {"Connection", "UserMapping", "Sync"}
    assert any(error.user_id is None for error in world.errors)
    assert world.errors == sorted(world.errors, key=lambda error: (error.at, error.id), reverse=True)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_is_found_in_the_organisation(scenario: str) -> None:
    world = make(users=150, scenario=scenario, errors=300)
    told = derive.whole(world, NOW)
    assert told["org"]["causes"] == [scenario]
    unknown = scenario in ACCESS or scenario in {
        "google.network.unreachable",
        "google.clock.skew",
        "google.key.unreadable",
        "google.quota.exceeded",
        "google.service.unavailable",
        "google.error.unclassified",
        "salesforce.page.unrecognised",
        "salesforce.page.no_access",
        "salesforce.report.unavailable",
    }
    assert told["org"]["verdict"] == ("undetermined" if unknown else "review_connection")
    for user in told["users"]:
        assert user["causes"] == sorted(set(user["causes"]), key=derive.ORDER.index)
        assert (user["after_reset"] is not None) <= (user["verdict"] == "reset")
        if scenario in ACCESS:
            assert (user["verdict"], user["causes"]) == ("undetermined", [scenario])


@pytest.mark.parametrize(
    ("scenario", "kind", "verdict", "causes"),
    [
        (None, "leaver, google deleted", "review_configuration", ["google.user.deleted", "salesforce.user.inactive"]),
        (None, "google suspended late", "review_connection", ["google.user.suspended"]),
        (None, "duplicate while linked", "no_fault_found", []),
        (None, "duplicate that nobody has", "contact_support", ["salesforce.link.failed"]),
        (None, "homonym", "undetermined", []),
        (None, "homonym, left", "review_configuration", ["salesforce.user.inactive"]),
        (None, "homonym, google unknown", "review_connection", ["google.user.unknown"]),
        (None, "first sync under way", "wait", []),
        (None, "reset under way", "wait", []),
        (None, "reads what it needs", "no_fault_found", []),
        (None, "data rejected", "reset", []),
        ("google.key.revoked", "leaver", "review_connection", ["google.key.revoked", "salesforce.user.inactive"]),
        ("google.key.revoked", "google deleted", "review_connection", ["google.key.revoked"]),
        (
            "salesforce.connection.stalled",
            "leaver",
            "review_configuration",
            ["salesforce.connection.stalled", "salesforce.user.inactive"],
        ),
        ("google.delegation.scope_missing", "reset helps, desk", "reset", []),
        ("google.api.contacts_disabled", "reset helps, desk", "reset", []),
        ("google.quota.exceeded", "no direction", "review_configuration", ["salesforce.assignment.direction"]),
        ("google.quota.exceeded", "google deleted", "review_connection", ["google.user.deleted"]),
        ("salesforce.sync.disabled", "sync failing", "review_connection", ["salesforce.sync.disabled"]),
        (
            "salesforce.connection.no_linked_users",
            "duplicate while linked",
            "review_connection",
            ["salesforce.connection.no_linked_users", "salesforce.email.duplicate"],
        ),
        ("salesforce.page.no_access", "sync failing", "undetermined", ["salesforce.page.no_access"]),
        ("salesforce.page.no_access", "duplicate address", "review_configuration", ["salesforce.email.duplicate"]),
        ("salesforce.report.unavailable", "first sync under way", "undetermined", ["salesforce.report.unavailable"]),
    ],
)
def test_what_wins(scenario: str | None, kind: str, verdict: str, causes: list[str]) -> None:
    world = make(scenario=scenario, errors=300)
    people = [person for person in world.people if person.kind == kind]
    assert people
    for person in people:
        found = derive.expected(world, person, NOW)
        assert (found["verdict"], found["causes"]) == (verdict, causes)


def test_the_moment_as_the_acting_user_reads_it() -> None:
    moment = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
    assert make(lang="en").written(moment) == "11/22/2026 3:15 PM"
    assert make(lang="fr").written(moment) == "22/11/2026 21:15"


def test_how_long_ago_the_organisation_synced() -> None:
    assert make().quiet < timedelta(hours=1)
    assert make(scenario="google.key.revoked").quiet > timedelta(hours=2)
    assert make(scenario="salesforce.connection.stalled").quiet > timedelta(days=2)


def test_a_large_world_has_a_crowded_day_and_equal_rows() -> None:
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    for lang in ("en", "fr"):
        world = build(seed=4, users=150, errors=20_000, lang=lang, scenario=None, now=now)
        assert len(world.errors) == 20_000
        by_day = Counter(error.at.astimezone(world.zone).date() for error in world.errors)
        (_day, most), (_next, second) = by_day.most_common(2)
        assert 3000 <= most < 3200
        assert second < 200
        shown = Counter((one.at, one.user_id, one.name, one.type, one.text, one.direction) for one in world.errors)
        assert len(world.errors) - len(shown) >= 200
        assert len({error.id for error in world.errors}) == 20_000


def test_a_small_world_has_neither() -> None:
    world = build(seed=4, users=150, errors=3000, lang="en", scenario=None, now=datetime(2026, 11, 23, tzinfo=UTC))
    assert max(Counter(error.at.date() for error in world.errors).values()) < 100
