"""Every SOQL statement that the program can send, before two parsers and Salesforce's published object model."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.judges.journey import HOSTILE, Journey
from tests.judges.model import TOOLING, complaint, extract, named, published
from tests.judges.node import Node
from tests.judges.statements import ROOT, Template, of_module, templates
from tui.salesforce.rest import soql
from tui.sandbox.objects import TABLES
from tui.sandbox.soql import unquote

ALPHABET = "ab'\"\\%_{}()[];:,-/*?!0 nrtbfuNRTBFU\n\r\t\b\f\x01\x0b\x1b\x7f\x85\xa0"
ALPHABET += "é山\u200d\u202e\u2028\u2029\ufeff\U0001f469"


def judged(node: Node, statements: list[str]) -> list[dict[str, Any]]:
    verdicts: list[dict[str, Any]] = node.ask("soql.cjs", statements)
    assert len(verdicts) == len(statements)
    return verdicts


def refused(statements: list[str], verdicts: list[dict[str, Any]]) -> list[str]:
    return [
        f"{statement[:300]!r}: Salesforce {verdict['salesforce']}, Jetstream {verdict['jetstream']}"
        for statement, verdict in zip(statements, verdicts, strict=True)
        if verdict["salesforce"] or verdict["jetstream"]
    ]


# ---- collected -------------------------------------------------------------------------------------------------------


def test_every_statement_of_the_source_was_sent(journey: Journey) -> None:
    known = templates()
    assert len(known) >= 16
    unsent = [f"{one.where}: {one.shown}" for one in known if not any(map(one.matches, journey.statements))]
    assert unsent == [], "tests/judges/journey.py does not make the program send these"


def test_every_statement_sent_stands_in_the_source(journey: Journey) -> None:
    known = templates()
    assert [one for one in journey.statements if not any(template.matches(one) for template in known)] == []


def test_statements_are_found_however_they_are_written() -> None:
    source = """
PART = "SELECT Id FROM A"
WHOLE = PART + " LIMIT 1"
TABLE: dict[str, str] = {"x": PART + " WHERE B = {b}"}
def f(n):
    "SELECTed words in a docstring"
    first = "SELECT C " "FROM D"
    return g(f"SELECT {n} FROM E WHERE F = {{f}}", "  SELECT G FROM H", n + " select")
"""
    assert [one.shown for one in of_module(source, "m.py")] == [
        "SELECT Id FROM A LIMIT 1",
        "SELECT Id FROM A WHERE B = …",
        "SELECT C FROM D",
        "SELECT … FROM E WHERE F = …",
        "SELECT G FROM H",
    ]
    assert Template("", "SELECT \x00 FROM E").matches("SELECT a,\nb FROM E")
    assert not Template("", "SELECT \x00 FROM E").matches("SELECT a FROM E LIMIT 1")
    assert not any("sandbox" in one.where for one in templates(ROOT))


def test_many_values_are_cut_into_statements_that_fit_an_address(journey: Journey) -> None:
    lengths = {one: len(quote(one)) for one in journey.statements}
    assert max(lengths.values()) < 16_000
    by_email = [one for one in journey.statements if "long.address." in one]
    assert len(by_email) > 1
    assert sum(one.count("@example.com") for one in by_email) == 150


# ---- parsed ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def verdicts(node: Node, journey: Journey) -> list[dict[str, Any]]:
    """What the parsers say of each statement of the journey."""
    return judged(node, journey.statements)


def test_both_parsers_accept_every_statement(journey: Journey, verdicts: list[dict[str, Any]]) -> None:
    assert len(journey.statements) > 80
    assert refused(journey.statements, verdicts) == []


BROKEN = (
    "SELECT",
    "SELECT FROM User",
    "SELECT Id, FROM User",
    "SELECT * FROM User",
    "SELECT Id FROM User WHERE",
    "SELECT Id FROM User WHERE Name = 'O'Brien'",
    "SELECT Id FROM User WHERE Name = 'a",
    "SELECT Id FROM User WHERE Name = 'a\\q'",
    "SELECT Id FROM User WHERE Name = 'a\\'",
    "SELECT Id FROM User WHERE Name = 'line\nbreak'",
    'SELECT Id FROM User WHERE Name = "a"',
    "SELECT Id FROM User WHERE Name = :bind",
    "SELECT Id FROM User WHERE Id IN ()",
    "SELECT Id FROM User WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
    "SELECT Id FROM User WHERE IsActive = TRUE AND NOT Name = 'a'",
    "SELECT Id FROM User WHERE CreatedDate > LAST_N_DAYS",
    "SELECT Id FROM User ORDER LastName",
    "SELECT Id FROM User LIMIT -1",
    "SELECT Id FROM User LIMIT 1; DROP TABLE User",
    "UPDATE User SET Name = 'a'",
)


def test_the_parsers_refuse_what_is_broken(node: Node) -> None:
    verdicts = judged(node, list(BROKEN))
    assert [one for one, verdict in zip(BROKEN, verdicts, strict=True) if not refused([one], [verdict])] == []
    # why both are asked: each alone misses something
    assert {bool(verdict["salesforce"]) for verdict in verdicts} == {True, False}
    assert {bool(verdict["jetstream"]) for verdict in verdicts} == {True, False}


def test_any_text_is_one_value_and_comes_back_as_it_was(node: Node) -> None:
    """No text ends its quotes early: each parser reads a statement of one value, and that value is the text."""
    chance = random.Random(20261122)
    texts = [*HOSTILE, *("".join(chance.choices(ALPHABET, k=chance.randint(1, 24))) for _each in range(600))]
    statements = [soql("SELECT Id FROM User WHERE Name IN {values}", values=[text]) for text in texts]
    verdicts = judged(node, statements)
    assert refused(statements, verdicts) == []
    for text, verdict in zip(texts, verdicts, strict=True):
        condition = verdict["tree"]["where"]
        assert set(condition) == {"left"}, text
        (value,) = condition["left"]["value"]
        assert unquote(value) == text, text
    together = soql("SELECT Id FROM User WHERE Name IN {values}", values=texts[-200:])
    (verdict,) = judged(node, [together])
    assert refused([together], [verdict]) == []
    assert [unquote(value) for value in verdict["tree"]["where"]["left"]["value"]] == texts[-200:]


def test_what_the_parsers_read_differently_is_written_by_its_code() -> None:
    assert soql("{text}", text="a\bb\fc\u2028d\u2029e") == r"'a\u0008b\u000cc\u2028d\u2029e'"
    assert soql("{text}", text="\\b \\f \n \\\b") == r"'\\b \\f \n \\\u0008'"


# ---- objects and fields ----------------------------------------------------------------------------------------------


def unknown(pairs: Iterator[tuple[str, str]]) -> list[str]:
    model = extract()
    return [
        said
        for name, path in dict.fromkeys(pairs)
        if name not in TOOLING or path not in TOOLING[name]
        if (said := complaint(model, name, path))
    ]


def test_every_object_and_field_is_one_that_salesforce_publishes(verdicts: list[dict[str, Any]]) -> None:
    pairs = dict.fromkeys(pair for verdict in verdicts for pair in named(verdict["tree"]))
    assert ("User", "Profile.Name") in pairs
    assert ("PermissionSetAssignment", "PermissionSet.PermissionsActivitiesAccess") in pairs
    assert unknown(iter(pairs)) == [], "python -m tests.judges.model OBJECT adds an object to the extract"
    assert {name for name, _path in pairs} & set(TOOLING) == set(TOOLING)


def test_the_tooling_objects_are_asked_for_at_the_tooling_api(journey: Journey) -> None:
    asked = {one.path.rsplit("/", 2)[-2] for one in journey.exchanges if "RemoteProxy" in one.statement}
    assert asked == {"tooling"}


def test_the_extract_is_what_salesforce_published(node: Node) -> None:
    model = extract()
    assert published(node.place, model) == model
    assert published(node.place, TOOLING) == {}, "described after all: take it out of the exceptions"


def test_the_practice_org_invents_no_object_and_no_field(node: Node) -> None:
    tables = {table.name: set(table.fields) for table in TABLES.values()}
    model = published(node.place, tables)
    assert set(tables) - set(model) == set(TOOLING)
    assert {name: tables[name] - set(fields) for name, fields in model.items() if tables[name] - set(fields)} == {}


def test_the_model_refuses_what_is_not_there(node: Node) -> None:
    statements = [
        "SELECT Id, Nickname FROM User WHERE Profil.Name = 'a' ORDER BY LastSeen",
        "SELECT Id FROM Users WHERE Id IN (SELECT UserId FROM UserLogin WHERE Frozen = TRUE)",
        "SELECT Assignee.Name FROM PermissionSetAssignment WHERE PermissionSet.PermissionsNothing = TRUE",
    ]
    said = [unknown(named(verdict["tree"])) for verdict in judged(node, statements)]
    assert said == [
        ["User has no field Nickname", "User has no reference Profil", "User has no field LastSeen"],
        ["there is no object Users", "UserLogin has no field Frozen"],
        ["PermissionSet has no field PermissionsNothing"],
    ]
