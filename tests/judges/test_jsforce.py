"""jsforce, a client that others wrote, works on the practice org and reads what our own client reads there."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.judges.journey import Journey
from tests.judges.node import Node
from tests.sandbox.practice import Practice
from tui.config import load
from tui.http import Http
from tui.model import ErrorReport, ErrorType, Org, User
from tui.salesforce.client import RemoteSite, ReportInfo, Salesforce
from tui.sandbox.options import Options
from tui.sandbox.serve import start
from tui.sanitise import one_line, sanitise

VERSION = "68.0"
USERS = "SELECT Id, Name, Username, Email, IsActive, Profile.Name FROM User ORDER BY Id"
TYPE = "Connection"


@dataclass(frozen=True)
class Ours:
    """What our own client reads."""

    org: Org
    report: ReportInfo
    errors: ErrorReport
    records: list[dict[str, Any]]
    users: dict[str, User]
    sites: list[RemoteSite]
    used: int
    limit: int


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    with start(Options(dir=tmp_path_factory.mktemp("jsforce"))) as running:
        made = Practice(running.config)
        yield made
        made.http.close()


@pytest.fixture(scope="module")
def ours(practice: Practice) -> Ours:
    async def read() -> Ours:
        http = Http()
        try:
            client = Salesforce(load(practice.dir / "config.toml").salesforce, http)
            records = await client.query(USERS)
            found = await client.users_by_ids([record["Id"] for record in records])
            return Ours(
                org=await client.connect(),
                report=await client.report(),
                errors=await client.errors(datetime.now(UTC)),
                records=records,
                users={user.id: user for user in found},
                sites=await client.remote_sites(),
                used=client.api_used or 0,
                limit=client.api_limit or 0,
            )
        finally:
            await http.aclose()

    return asyncio.run(read())


@pytest.fixture(scope="module")
def theirs(node: Node, practice: Practice, ours: Ours) -> dict[str, Any]:
    """What jsforce reads, with a login of its own."""
    claims = {
        "iss": practice.salesforce["client_id"],
        "sub": practice.salesforce["username"],
        "aud": practice.salesforce["audience"],
        "exp": int(time.time()) + 180,
    }
    year = datetime.now(UTC).year
    found: dict[str, Any] = node.ask(
        "jsforce.cjs",
        {
            "base": practice.base,
            "version": VERSION,
            "client_id": practice.salesforce["client_id"],
            "assertion": jwt.encode(claims, Path(practice.salesforce["key"]).read_bytes(), "RS256"),
            "users": USERS,
            "email": next(iter(ours.users.values())).email,
            "report": ours.report.id,
            "dates": {
                "column": ours.report.meanings["at"].name,
                "durationValue": "CUSTOM",
                "startDate": f"{year - 1}-01-01",
                "endDate": f"{year}-12-31",
            },
            "type_column": ours.report.meanings["type"].name,
            "type_value": TYPE,
        },
    )
    return found


def bare(record: Any) -> Any:
    """A record without Salesforce's `attributes`."""
    if isinstance(record, dict):
        return {name: bare(value) for name, value in record.items() if name != "attributes"}
    return record


def cells_of(run: dict[str, Any], ours: Ours) -> Counter[tuple[object, ...]]:
    """The rows of a run as jsforce has it: time, user, name, type's value and label, text."""
    order = run["reportMetadata"]["detailColumns"]
    places = {meaning: order.index(column.name) for meaning, column in ours.report.meanings.items()}
    rows = []
    for row in run["factMap"]["T!T"]["rows"]:
        cell = {meaning: row["dataCells"][place] for meaning, place in places.items()}
        rows.append(
            (
                datetime.fromisoformat(cell["at"]["value"]),
                cell["user"]["value"],
                one_line(cell["user"]["label"]),
                one_line(cell["type"]["label"]),
                sanitise(cell["text"]["label"]) if cell["text"]["value"] is not None else "",
            )
        )
    return Counter(rows)


def cells_of_ours(ours: Ours) -> Counter[tuple[object, ...]]:
    return Counter((row.at, row.user_id, row.user_name, row.type_label, row.text) for row in ours.errors.rows)


def test_the_login_names_the_same_people(theirs: dict[str, Any], ours: Ours, practice: Practice) -> None:
    assert theirs["instance"] == practice.base
    assert theirs["identity"]["id"] == ours.org.acting_user_id
    assert theirs["identity"]["organizationId"] == ours.org.id


def test_a_query_is_read_page_by_page_to_its_end(theirs: dict[str, Any], ours: Ours) -> None:
    users = theirs["users"]
    assert users["sizes"] == [200, 200]
    assert users["total"] == len(ours.users) == 400
    assert theirs["fetched"] == users["records"]
    assert [bare(one) for one in users["records"]] == ours.records
    for record in users["records"]:
        user = ours.users[record["Id"]]
        assert (user.raw_name, user.username, user.email, user.active, user.profile) == (
            record["Name"],
            record["Username"],
            record["Email"],
            record["IsActive"],
            record["Profile"]["Name"],
        )


def test_a_statement_that_jsforce_writes_itself_is_understood(theirs: dict[str, Any], ours: Ours) -> None:
    email = next(iter(ours.users.values())).email.casefold()
    same = sorted(user.id for user in ours.users.values() if user.email.casefold() == email)
    assert sorted(record["Id"] for record in theirs["built"]) == same
    assert same


def test_what_describe_offers_is_what_is_asked_for(theirs: dict[str, Any], journey: Journey) -> None:
    assert set(theirs["objects"]) >= {"User", "UserLogin", "Organization", "PermissionSetAssignment", "Report"}
    fields = {one["name"] for one in theirs["describe"]["fields"]}
    asked = next(one for one in journey.statements if one.endswith(")") and "FROM User WHERE Id IN" in one)
    selected = asked.removeprefix("SELECT ").partition(" FROM")[0].split(", ")
    assert {name for name in selected if "." not in name} <= fields
    references = {one["relationshipName"] for one in theirs["describe"]["fields"]}
    assert {name.partition(".")[0] for name in selected if "." in name} <= references


def test_limits_and_remote_sites(theirs: dict[str, Any], ours: Ours) -> None:
    day = theirs["limits"]["DailyApiRequests"]
    assert day["Max"] == theirs["usage"]["apiUsage"]["limit"] == ours.limit
    assert ours.used < theirs["usage"]["apiUsage"]["used"] <= day["Max"]
    sites = {(one["EndpointUrl"], one["IsActive"]) for one in theirs["tooling"]}
    assert sites == {(site.url, site.active) for site in ours.sites}


def test_the_report_is_found_and_described_alike(theirs: dict[str, Any], ours: Ours) -> None:
    assert [(one["id"], one["name"]) for one in theirs["reports"]] == [(ours.report.id, ours.report.name)]
    assert theirs["described"] == ours.report.described
    kinds = {one["type"]: one["label"] for group in theirs["types"] for one in group["reportTypes"]}
    assert ours.report.type_label in kinds.values()
    assert theirs["type"]["reportMetadata"]["reportType"]["type"] in kinds
    offered = [name for one in theirs["type"]["reportTypeMetadata"]["categories"] for name in one["columns"]]
    assert {column.name for column in ours.report.columns} <= set(offered)


def test_the_report_s_rows_are_the_same(theirs: dict[str, Any], ours: Ours) -> None:
    own = cells_of_ours(ours)
    for name in ("plain", "dated", "instance_of_run"):
        run = theirs[name]
        rows = cells_of(run, ours)
        assert (run["allData"], rows.total()) == (False, 2000), name
        assert not rows - own, name  # the newest 2,000, each as often as we have it
        assert run["factMap"]["T!T"]["aggregates"][0]["value"] == ours.errors.total == 3000, name
    assert "rows" not in theirs["counted"]["factMap"]["T!T"]
    assert theirs["counted"]["factMap"]["T!T"]["aggregates"] == theirs["plain"]["factMap"]["T!T"]["aggregates"]
    assert theirs["instances"][0]["status"] == "Success"


def test_a_filter_leaves_the_rows_that_we_call_the_same(theirs: dict[str, Any], ours: Ours) -> None:
    run = theirs["filtered"]
    rows = cells_of(run, ours)
    assert run["allData"] is True
    assert rows.total() == run["factMap"]["T!T"]["aggregates"][0]["value"]
    own = Counter(
        (row.at, row.user_id, row.user_name, row.type_label, row.text)
        for row in ours.errors.rows
        if row.type is ErrorType.CONNECTION
    )
    assert own.total() > 100
    assert not own - rows
    assert not rows - cells_of_ours(ours) or not ours.errors.complete


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("field", "INVALID_FIELD"),
        ("query", "MALFORMED_QUERY"),
        ("object", "NOT_FOUND"),
        ("locator", "INVALID_QUERY_LOCATOR"),
        ("report", "NOT_FOUND"),
        ("filter", "BAD_REQUEST"),
        ("session", "INVALID_SESSION_ID"),
        ("login", "invalid_grant"),
    ],
)
def test_its_refusals_are_understood(theirs: dict[str, Any], what: str, code: str) -> None:
    assert theirs["refusals"][what] is not None, "it was accepted"
    assert theirs["refusals"][what]["code"] == code
    assert theirs["refusals"][what]["message"]
