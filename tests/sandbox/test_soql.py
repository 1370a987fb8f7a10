"""SOQL of the practice org: what it answers, and what it refuses as Salesforce would."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from tui.sandbox.query import Run
from tui.sandbox.soql import SoqlError, parse, unquote
from tui.sandbox.state import World
from tui.sandbox.world import build

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return build(seed=1, users=400, errors=50, lang="en", scenario=None, now=NOW)


def run(world: World, soql: str, *, tooling: bool = False) -> Run:
    return Run(world, parse(soql), NOW, "68.0", tooling=tooling)


def count(world: World, condition: str, table: str = "User") -> int:
    return run(world, f"SELECT COUNT() FROM {table} WHERE {condition}").total


def test_conditions_against_plain_python(world: World) -> None:
    people = world.people
    name, email = people[7].name.replace("'", "\\'"), people[9].email
    expected = {
        "IsActive = true": sum(one.active for one in people),
        "IsActive != true": sum(not one.active for one in people),
        "NOT IsActive = true": sum(not one.active for one in people),
        f"Name = '{name.upper()}'": 1,
        f"Email = '{email.upper()}'": len(world.by_email[email]),
        f"Email IN ('{email}', 'nobody@example.com')": len(world.by_email[email]),
        f"Email NOT IN ('{email}')": len(people) - len(world.by_email[email]),
        "Email LIKE '%ATELIER%'": len(people),
        "Email LIKE 'a%'": sum(one.email.startswith("a") for one in people),
        "Alias LIKE '_a%'": sum(one.username[1] == "a" for one in people),
        "Profile.Name = 'Sales User'": sum(one.profile == "Sales User" for one in people),
        "(Profile.Name = 'Sales User' OR Profile.Name = 'Visitor') AND IsActive = true": sum(
            one.profile in {"Sales User", "Visitor"} and one.active for one in people
        ),
        "UserRoleId = null": len(people),
        "UserRoleId != null": 0,
        "LastLoginDate > 2026-11-23T00:00:00Z": 1,
        "LastLoginDate = TODAY": 1,
        "LastLoginDate = LAST_N_DAYS:30": len(people),
        "LastLoginDate < LAST_N_DAYS:30": 0,
        f"Id = '{people[3].id[:15]}'": 1,
        f"Id IN ('{people[3].id}', '{people[4].id[:15]}')": 2,
        "Id IN (SELECT AssigneeId FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Event_Editing')": sum(
            "Event_Editing" in one.sets for one in people
        ),
        "Id NOT IN (SELECT UserId FROM UserLogin WHERE IsFrozen = true)": sum(not one.frozen for one in people),
    }
    assert {condition: count(world, condition) for condition in expected} == expected


def test_rights_come_from_profiles_and_sets(world: World) -> None:
    person = next(one for one in world.people if "Event_Editing" in one.sets)
    rows = run(
        world,
        "SELECT PermissionSet.Name, PermissionSet.IsOwnedByProfile, PermissionSet.PermissionsEditEvent "
        f"FROM PermissionSetAssignment WHERE AssigneeId = '{person.id}'",
    ).rows
    assert [
        (row["PermissionSet"]["IsOwnedByProfile"], row["PermissionSet"]["PermissionsEditEvent"]) for row in rows
    ] == [
        (True, False),
        (False, True),
    ]


def test_order_limit_offset_and_shape(world: World) -> None:
    every = [row["Name"] for row in run(world, "SELECT Name FROM User ORDER BY Name").rows]
    assert every == sorted((one.name for one in world.people), key=str.lower)
    some = run(world, "select id, name, profile.name from user order by name desc nulls last limit 3 offset 2").rows
    assert [row["Name"] for row in some] == every[::-1][2:5]
    assert some[0]["attributes"] == {"type": "User", "url": f"/services/data/v68.0/sobjects/User/{some[0]['Id']}"}
    assert some[0]["Profile"]["attributes"]["type"] == "Profile"


def test_groups_and_aggregates(world: World) -> None:
    rows = run(world, "SELECT Email, COUNT(Id) n FROM User GROUP BY Email HAVING COUNT(Id) > 1").rows
    assert {row["Email"]: row["n"] for row in rows} == {
        email: len(people) for email, people in world.by_email.items() if len(people) > 1
    }
    (row,) = run(world, "SELECT COUNT(Id), MAX(Username) last FROM User").rows
    assert (row["expr0"], row["last"]) == (400, max(one.username for one in world.people))


def test_tooling_objects_are_only_there(world: World) -> None:
    rows = run(world, "SELECT SiteName, EndpointUrl, IsActive FROM RemoteProxy", tooling=True).rows
    assert {"https://www.googleapis.com"} < {row["EndpointUrl"] for row in rows}
    with pytest.raises(SoqlError):
        run(world, "SELECT Id FROM RemoteProxy")


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("", "MALFORMED_QUERY"),
        ("SELECT FROM User", "MALFORMED_QUERY"),
        ("SELECT * FROM User", "MALFORMED_QUERY"),
        ("SELECT Id User", "MALFORMED_QUERY"),
        ("SELECT Id FROM User;", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE IsActive", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE Name = Anne", "MALFORMED_QUERY"),
        ('SELECT Id FROM User WHERE Name = "Anne"', "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE Name = 'O'Neill'", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE Name = 'a\\q'", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE Name IN ()", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE Name LIKE", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE Name = 'a' AND NOT Name = 'b'", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE (Name = 'a'", "MALFORMED_QUERY"),
        ("SELECT Id FROM User LIMIT -1", "MALFORMED_QUERY"),
        ("SELECT Id FROM User LIMIT x", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE LastLoginDate = LAST_N_DAYS", "MALFORMED_QUERY"),
        ("SELECT SUM(Id) FROM User", "MALFORMED_QUERY"),
        ("SELECT Name, COUNT(Id) FROM User GROUP BY Email", "MALFORMED_QUERY"),
        ("SELECT COUNT(Id) FROM SetupAuditTrail", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE IsActive > null", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE Id IN (SELECT Name FROM User)", "MALFORMED_QUERY"),
        ("SELECT Foo FROM User", "INVALID_FIELD"),
        ("SELECT Id, id FROM User", "INVALID_FIELD"),
        ("SELECT Id FROM User WHERE Foo = 1", "INVALID_FIELD"),
        ("SELECT Id FROM User ORDER BY Foo", "INVALID_FIELD"),
        ("SELECT Manager.Name FROM User", "INVALID_FIELD"),
        ("SELECT Profile.Foo FROM User", "INVALID_FIELD"),
        ("SELECT Id FROM User WHERE IsActive = 'true'", "INVALID_FIELD"),
        ("SELECT Id FROM User WHERE Name = 5", "INVALID_FIELD"),
        ("SELECT Id FROM User WHERE Name = true", "INVALID_FIELD"),
        ("SELECT Id FROM User WHERE CreatedDate > '2026-01-01'", "INVALID_FIELD"),
        ("SELECT Id FROM User WHERE CreatedDate > 2026-01-01", "INVALID_FIELD"),
        ("SELECT Id FROM SetupAuditTrail WHERE Display LIKE '%Sync%'", "INVALID_FIELD"),
        ("SELECT Id FROM SetupAuditTrail WHERE Section = 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Users", "INVALID_TYPE"),
        ("SELECT Id FROM ActivityUsrConnectionStatus", "INVALID_TYPE"),
        ("SELECT Id FROM User WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM User WHERE IsActive > true", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM User WHERE IsActive LIKE 't%'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM User OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
    ],
)
def test_what_is_refused(world: World, soql: str, code: str) -> None:
    with pytest.raises(SoqlError) as caught:
        run(world, soql)
    assert caught.value.code == code


def test_strings_survive_escaping() -> None:
    rng = random.Random(5)
    alphabet = "ab'\"\\\n\r\té\u202e\x1b%_ "
    for _number in range(300):
        text = "".join(rng.choice(alphabet) for _letter in range(rng.randrange(12)))
        escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
        assert unquote(f"'{escaped}'") == text
    assert unquote(r"'\u00e9\%'") == "é\\%"


def test_like_takes_escaped_wildcards_literally(world: World) -> None:
    assert count(world, r"Name LIKE '%\%%'") == 0
    assert count(world, r"Name LIKE '%[/]%'") == 1


@pytest.mark.parametrize("table", ["Contact", "Event"])
def test_everybody_owns_contacts_and_events_the_same_ones_at_every_question(world: World, table: str) -> None:
    ann, ben = world.people[3], world.people[4]
    counts = [count(world, f"OwnerId = '{one.id}'", table) for one in (ann, ben, ann)]
    assert counts[0] == counts[2] != counts[1]
    assert all(8 <= number <= 420 for number in counts)
    rows = run(world, f"SELECT Id, OwnerId, Owner.Name FROM {table} WHERE OwnerId = '{ann.id[:15]}'").rows
    assert len({row["Id"] for row in rows}) == len(rows) == counts[0]
    assert {(row["OwnerId"], row["Owner"]["Name"]) for row in rows} == {(ann.id, ann.name)}
    private = count(world, f"IsPrivate = true AND OwnerId = '{ann.id}'", "Event")
    assert 0 < private < count(world, f"OwnerId = '{ann.id}'", "Event")
    either = count(world, f"OwnerId = '{ann.id}' OR OwnerId = '{ben.id}'", table)
    assert either == counts[0] + counts[1]
