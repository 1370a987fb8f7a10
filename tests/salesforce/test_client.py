"""The client against a Salesforce of the tests' own: signing in, queries, users, rights, the report, the metadata."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.http.server import Reply
from tests.salesforce.org import ME, NOW, ORG_ID, FakeOrg, org_and_client, person
from tests.salesforce.reports import described
from tui.http import Http
from tui.model import OrgKind, ServiceError
from tui.salesforce.client import EventRights, RemoteSite, Salesforce
from tui.salesforce.users import id18

Three = tuple[FakeOrg, Salesforce, Http]


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Three]:
    async with org_and_client(tmp_path) as found:
        yield found


def refused(code: str, message: str = "no") -> list[dict[str, Any]]:
    return [{"errorCode": code, "message": message}]


async def test_connect_says_which_org_and_who(three: Three) -> None:
    org, client, _http = three
    found, again = await asyncio.gather(client.connect(), client.connect())
    assert found is again
    assert (found.id, found.name, found.instance, found.sandbox) == (ORG_ID, "Acme", "FRA1", False)
    assert (found.acting_user, found.acting_user_id) == ("admin@acme.com", ME)
    assert (found.locale, found.time_zone, found.api_version) == ("en_US", "Europe/Paris", "68.0")
    assert found.kind is OrgKind.PRACTICE
    assert org.token_requests == 1
    assert (client.api_used, client.api_limit) == (18, 5000)
    assert client.server_now is not None
    assert client.server_now.second == 5


async def test_the_newest_version_that_both_know_is_used(three: Three) -> None:
    org, client, _http = three
    org.versions = ["59.0", "66.0", "67.0", "99.0", "nonsense"]
    assert (await client.connect()).api_version == "67.0"


async def test_an_org_of_another_age_is_a_sentence(three: Three) -> None:
    org, client, _http = three
    org.versions = ["30.0"]
    with pytest.raises(ServiceError, match="no version") as caught:
        await client.connect()
    assert caught.value.cause == "salesforce.service.unavailable"


async def test_the_config_s_version_overrides(tmp_path: Path) -> None:
    async with org_and_client(tmp_path, api_version="66.0") as (org, client, _http):
        assert (await client.connect()).api_version == "66.0"
        assert not org.server.count("/services/data/")


OAUTH = [
    ("invalid_client_id", "client identifier invalid", "bad_client"),
    ("invalid_client", "invalid client credentials", "bad_client"),
    ("invalid_grant", "authentication failure - invalid client credentials", "bad_client"),
    ("invalid_grant", "audience is invalid", "bad_audience"),
    ("invalid_grant", "invalid assertion", "bad_assertion"),
    ("invalid_grant", "expired access/refresh token", "bad_assertion"),
    ("invalid_grant", "user hasn't approved this consumer", "not_approved"),
    ("invalid_app_access", "user is not admin approved to access this app", "not_approved"),
    ("inactive_user", "", "user_inactive"),
    ("invalid_grant", "user is locked", "user_inactive"),
]


@pytest.mark.parametrize(("error", "description", "cause"), OAUTH)
async def test_a_refused_sign_in_has_its_cause(three: Three, error: str, description: str, cause: str) -> None:
    org, client, _http = three
    org.fix("/services/oauth2/token", Reply(400, {"error": error, "error_description": description}))
    with pytest.raises(ServiceError) as caught:
        await client.connect()
    assert caught.value.cause == f"salesforce.auth.{cause}"
    assert (caught.value.code, caught.value.status) == (error, 400)
    assert org.server.count("/services/oauth2/token") == 1


async def test_an_unknown_refusal_of_the_sign_in_keeps_its_words(three: Three) -> None:
    org, client, _http = three
    said = {"error": "invalid_grant", "error_description": "ip restricted; access_token=00D000000000001!SECRET.x"}
    org.fix("/services/oauth2/token", Reply(400, said, {"date": "Mon, 23 Nov 2026 09:00:00 GMT"}))
    with pytest.raises(ServiceError) as caught:
        await client.connect()
    assert caught.value.cause == "salesforce.rights.missing"
    assert "ip restricted" in caught.value.evidence["answer"]
    assert caught.value.evidence["clock_ahead_seconds"] == 3600
    assert "SECRET" not in repr(caught.value.evidence) + str(caught.value)


API = [
    (Reply(403, refused("API_DISABLED_FOR_ORG")), "salesforce.api.disabled", 1),
    (Reply(403, refused("API_CURRENTLY_DISABLED")), "salesforce.api.disabled", 1),
    (Reply(403, refused("REQUEST_LIMIT_EXCEEDED")), "salesforce.api.limit", 1),
    (Reply(503, refused("REQUEST_LIMIT_EXCEEDED")), "salesforce.api.limit", 1),
    (Reply(403, refused("INSUFFICIENT_ACCESS")), "salesforce.rights.missing", 1),
    (Reply(400, refused("INVALID_TYPE")), "salesforce.rights.missing", 1),
    (Reply(401, refused("INVALID_SESSION_ID")), "salesforce.rights.missing", 2),
    (Reply(401, b""), "salesforce.rights.missing", 2),
    (Reply(503, refused("SERVER_UNAVAILABLE")), "salesforce.service.unavailable", 3),
    (Reply(500, refused("UNKNOWN_EXCEPTION")), "salesforce.service.unavailable", 1),
    (Reply(502, b""), "salesforce.service.unavailable", 3),
    (Reply(503, "<html><title>Maintenance</title></html>"), "salesforce.service.unavailable", 3),
    (Reply(200, "<!DOCTYPE html><title>Maintenance</title>"), "salesforce.service.unavailable", 3),
    (Reply(200, b""), "salesforce.service.unavailable", 3),
    (Reply(200, b'{"records":['), "salesforce.service.unavailable", 1),
    (Reply(200, {"what": "ever"}), "salesforce.service.unavailable", 1),
    (Reply(200, b"42"), "salesforce.service.unavailable", 3),
    (Reply(302, headers={"location": "https://evil.example/"}), "salesforce.service.unavailable", 1),
    (Reply(429, b""), "salesforce.service.unavailable", 3),
    (Reply(fault="reset"), "salesforce.network.unreachable", 3),
    (Reply(200, {"records": []}, fault="cut"), "salesforce.network.unreachable", 3),
    (Reply(fault="stall"), "salesforce.network.unreachable", 2),
    (Reply(fault="huge"), "salesforce.service.unavailable", 1),
]


@pytest.mark.parametrize(("reply", "cause", "tries"), API)
async def test_trouble_of_access_has_its_cause(three: Three, reply: Reply, cause: str, tries: int) -> None:
    org, client, _http = three
    org.fix("/services/data/", reply)
    with pytest.raises(ServiceError) as caught:
        await client.connect()
    assert caught.value.cause == cause
    assert caught.value.message
    assert org.server.count("/services/data/") == tries


@pytest.mark.parametrize("code", ["UNABLE_TO_LOCK_ROW", "QUERY_TIMEOUT"])
async def test_what_may_pass_is_tried_again(three: Three, code: str) -> None:
    org, client, _http = three
    await client.connect()
    org.fix("/services/data/v68.0/query", Reply(400, refused(code)), 2)
    assert len(await client.users_by_ids(["005000000000001"])) == 1


async def test_a_foreign_instance_is_not_followed(three: Three) -> None:
    org, client, _http = three
    org.instance = "https://evil.example"
    with pytest.raises(ServiceError) as caught:
        await client.connect()
    assert caught.value.evidence["host"] == "evil.example:443"


@pytest.mark.parametrize("content", [b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
async def test_a_key_that_cannot_sign_is_a_sentence(three: Three, tmp_path: Path, content: bytes) -> None:
    _org, client, _http = three
    (tmp_path / "key.pem").write_bytes(content)
    with pytest.raises(ServiceError, match="RSA") as caught:
        await client.connect()
    assert caught.value.cause == "salesforce.auth.bad_assertion"
    (tmp_path / "key.pem").chmod(0o644)
    with pytest.raises(ServiceError, match="chmod 600"):
        await client.connect()


async def test_a_session_that_ends_in_mid_run_is_renewed_once(three: Three) -> None:
    org, client, _http = three
    await client.connect()
    org.tokens.clear()
    found = await asyncio.gather(*(client.users_by_ids(["005000000000001"]) for _ in range(10)))
    assert {len(users) for users in found} == {1}
    assert org.token_requests == 2


async def test_a_query_has_all_its_pages(three: Three) -> None:
    org, client, _http = three
    org.people = [person(number, f"Person {number}") for number in range(1, 8)]
    rows = await client.query(f"SELECT Id FROM User WHERE Id IN ({', '.join(repr(row['Id']) for row in org.people)})")
    assert [row["Id"] for row in rows] == [row["Id"] for row in org.people]
    assert "attributes" not in json.dumps(rows)


async def test_a_lost_locator_restarts_the_query_once(three: Three) -> None:
    org, client, _http = three
    org.people = [person(number, f"Person {number}") for number in range(1, 8)]
    org.fix("/services/data/v68.0/query/", Reply(400, refused("INVALID_QUERY_LOCATOR")), 1)
    assert len(await client.users_by_names([str(row["Name"]) for row in org.people])) == 7
    org.fix("/services/data/v68.0/query/", Reply(400, refused("INVALID_QUERY_LOCATOR")))
    with pytest.raises(ServiceError):
        await client.users_by_names([str(row["Name"]) for row in org.people])


@pytest.mark.parametrize("following", ["/services/data/v68.0/query/01g1-2", "https://evil.example/", "/../x", 7])
async def test_pages_that_do_not_end_or_lead_away_are_refused(three: Three, following: object) -> None:
    org, client, _http = three
    await client.connect()
    org.fix("/services/data/v68.0/query", Reply(200, {"done": False, "records": [], "nextRecordsUrl": following}))
    with pytest.raises(ServiceError, match="do not end"):
        await client.query("SELECT Id FROM User")
    assert len(org.server.seen) < 20


async def test_users_are_found_by_each_of_their_names(three: Three) -> None:
    org, client, _http = three
    (jane,) = await client.users_by_ids(["005000000000001", "not an id", "'; DROP", ""])
    assert (jane.id, jane.name, jane.profile, jane.active, jane.frozen) == (
        "005000000000001AAA",
        "Jane Doe",
        "Sales",
        True,
        None,
    )
    (elise,) = await client.users_by_names(["Élise O'Neil", "x\x00y"])
    assert (elise.raw_name, elise.frozen) == ("Élise O'Neil", True)
    assert [user.id for user in await client.users_by_emails(["U1@ACME.com"])] == [jane.id]
    (gone,) = await client.users_by_usernames(["u3@acme.com"])
    assert not gone.active
    assert await client.users_by_emails([]) == []
    org.frozen = None
    assert (await client.users_by_ids([elise.id]))[0].frozen is None


async def test_names_with_quotes_and_wild_signs_are_quoted(three: Three) -> None:
    org, client, _http = three
    name = 'O\'Brien \\ "x" %_ {y} \n\x1b[/]'
    await client.users_by_names([name])
    asked = org.server.seen[-1].query["q"]
    assert "IN ('O\\'Brien \\\\ \\\"x\\\" %_ {y} \\n\x1b[/]')" in asked
    before = len(org.server.seen)
    assert await client.users_by_names(["x\x00y", "\ud800"]) == []  # no such name can be asked for
    assert len(org.server.seen) == before


async def test_text_from_salesforce_is_made_harmless(three: Three) -> None:
    org, client, _http = three
    org.people = [person(6, "Eve\x1b]52;c;x\x07\u202e[/]", Email=None, Profile=None)]
    (eve,) = await client.users_by_ids(["005000000000006"])
    assert "\x1b" not in eve.name
    assert eve.raw_name == "Eve\x1b]52;c;x\x07\u202e[/]"
    assert (eve.email, eve.profile) == ("", "")
    assert "\x1b" not in repr(eve)


async def test_many_users_are_asked_for_in_parts_that_fit_an_address(three: Three) -> None:
    org, client, _http = three
    org.page_size = 2000
    org.people = [person(number, f"Per Sőn {number}") for number in range(1, 701)]
    found = await client.users_by_names([str(row["Name"]) for row in org.people])
    assert len({user.id for user in found}) == 700
    assert all(len(request.target) < 12_000 for request in org.server.seen)


async def test_event_rights_add_up_over_permission_sets(three: Three) -> None:
    _org, client, _http = three
    rights = await client.event_rights(["005000000000001AAA", "005000000000002AAA", "005000000000003AAA"])
    assert rights == {
        "005000000000001AAA": EventRights(read=True, edit=True),
        "005000000000002AAA": EventRights(read=True, edit=False),
    }


async def test_my_rights_leave_out_what_this_org_does_not_have(three: Three) -> None:
    org, client, _http = three
    assert await client.my_rights() == {
        "ManageUsers": False,
        "ViewSetup": False,
        "RunReports": False,
        "ApiEnabled": True,
    }
    org.fix("/services/data/v68.0/query", Reply(400, refused("INVALID_TYPE")))
    assert await client.my_rights() == {}


async def test_optional_reads_that_are_closed_have_no_cause(three: Three) -> None:
    org, client, _http = three
    await client.connect()
    org.fix("/services/data/v68.0/", Reply(400, refused("INVALID_TYPE", "sObject type 'X' is not supported.")))
    for ask in (client.remote_sites(), client.event_rights(["005000000000001AAA"])):
        with pytest.raises(ServiceError) as caught:
            await ask
        assert (caught.value.cause, caught.value.code) == ("", "INVALID_TYPE")
    with pytest.raises(ServiceError) as caught:
        await client.users_by_ids(["005000000000001AAA"])
    assert caught.value.cause == "salesforce.rights.missing"
    assert caught.value.evidence["right"]


async def test_remote_sites_and_switches(three: Three) -> None:
    org, client, _http = three
    assert await client.remote_sites() == [RemoteSite("https://www.googleapis.com", True)]
    assert await client.email_integration() == {"enableContactAndEventSync": True, "enableGmailIntegration": False}
    org.tokens.clear()  # SOAP says so with status 500
    assert (await client.email_integration())["enableContactAndEventSync"]
    assert org.token_requests == 2


SOAP_FAULT = FakeOrg.envelope(
    "<soapenv:Fault><faultcode>sf:INSUFFICIENT_ACCESS</faultcode>"
    "<faultstring>INSUFFICIENT_ACCESS: the right is missing</faultstring></soapenv:Fault>"
)


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        (Reply(500, SOAP_FAULT, {"content-type": "text/xml"}), ""),
        (Reply(200, FakeOrg.envelope("<readMetadataResponse/>")), ""),
        (Reply(200, "<html>maintenance"), "salesforce.service.unavailable"),
        (Reply(200, b""), "salesforce.service.unavailable"),
        (
            Reply(200, b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
            "salesforce.service.unavailable",
        ),
        (Reply(503, b""), "salesforce.service.unavailable"),
    ],
)
async def test_metadata_that_cannot_be_read(three: Three, reply: Reply, cause: str) -> None:
    org, client, _http = three
    org.fix("/services/Soap", reply)
    with pytest.raises(ServiceError) as caught:
        await client.email_integration()
    assert caught.value.cause == cause
    assert "root:" not in str(caught.value)


# ---- the report --------------------------------------------------------------------------------------------------


async def test_the_report_is_run_for_this_and_last_year(three: Three) -> None:
    org, client, _http = three
    found = await client.errors(NOW)
    assert (found.report_id, found.report_name, found.as_user) == (
        "00O000000000001AAA",
        "Google sync errors",
        "admin@acme.com",
    )
    assert (len(found.rows), found.total, found.complete, found.note) == (1, 1, True, "")
    assert found.columns == {
        "at": "Error Date",
        "user": "User: Full Name",
        "type": "Error Type",
        "text": "Error Message",
    }
    sent, undated = (request.json()["reportMetadata"] for request in org.server.seen[-2:])
    assert undated["standardDateFilter"] | {"startDate": None, "endDate": None} == undated["standardDateFilter"]
    assert sent["standardDateFilter"] == {
        "column": "AT",
        "durationValue": "CUSTOM",
        "startDate": "2025-01-01",
        "endDate": "2026-12-31",
    }
    assert sent["sortBy"] == [{"sortColumn": "AT", "sortOrder": "Desc"}]
    assert org.server.seen[-1].query == {"includeDetails": "true"}
    assert not [request for request in org.server.seen if request.method in {"PATCH", "DELETE"}]


@pytest.mark.parametrize(
    "wanted", ["00O000000000001", "00O000000000001AAA", "Google_sync_errors", "Google sync errors", ""]
)
async def test_the_report_is_found(tmp_path: Path, wanted: str) -> None:
    async with org_and_client(tmp_path, report=wanted) as (_org, client, _http):
        assert (await client.report()).name == "Google sync errors"


async def test_a_report_of_another_name_is_found_by_its_type_and_that_is_said(tmp_path: Path) -> None:
    async with org_and_client(tmp_path, report="Mes erreurs") as (org, client, _http):
        org.reports[0] |= {"Name": "Suivi de la sync", "DeveloperName": "x"}
        found = await client.errors(NOW)
        assert "Mes erreurs" in found.note


@pytest.mark.parametrize("label", ["Opportunities", ""])
async def test_a_report_of_another_type_is_not_taken(three: Three, label: str) -> None:
    org, client, _http = three
    org.reports[0]["Name"] = "Sync of opportunities"
    org.description["reportMetadata"]["reportType"]["label"] = label
    with pytest.raises(ServiceError) as caught:
        await client.report()
    assert caught.value.cause == "salesforce.report.unavailable"


async def test_two_reports_of_one_name_must_be_told_apart(tmp_path: Path) -> None:
    async with org_and_client(tmp_path, report="Google sync errors") as (org, client, _http):
        org.reports.append({"Id": "00O000000000002AAA", "Name": "Google sync errors", "DeveloperName": "other"})
        with pytest.raises(ServiceError, match="00O000000000002AAA"):
            await client.report()


async def test_columns_that_do_not_match_are_listed(three: Three) -> None:
    org, client, _http = three
    org.description = described(labels=("Alpha", "Bravo", "Charlie", "Delta"), types=("string",) * 4)
    with pytest.raises(ServiceError) as caught:
        await client.errors(NOW)
    assert caught.value.cause == "salesforce.report.unavailable"
    assert "Charlie [KIND]" in caught.value.message


@pytest.mark.parametrize(
    ("prefix", "reply"),
    [
        ("/services/data/v68.0/analytics", Reply(404, refused("NOT_FOUND"))),
        ("/services/data/v68.0/analytics", Reply(403, refused("INSUFFICIENT_ACCESS"))),
        ("/services/data/v68.0/analytics", Reply(503, "<html>")),
        ("/services/data/v68.0/analytics", Reply(200, {"odd": 1})),
        ("/services/data/v68.0/analytics", Reply(200, [])),
        ("/services/data/v68.0/analytics", Reply(fault="reset")),
        ("/services/data/v68.0/analytics/reports/00O000000000001AAA", Reply(200, {"factMap": {}})),
    ],
)
async def test_a_report_that_cannot_be_read_has_one_cause(three: Three, prefix: str, reply: Reply) -> None:
    org, client, _http = three
    await client.connect()
    if prefix.endswith("AAA"):
        await client.report()
    org.fix(prefix, reply)
    with pytest.raises(ServiceError) as caught:
        await client.errors(NOW)
    assert caught.value.cause == "salesforce.report.unavailable"


async def test_a_refused_order_or_date_is_asked_for_more_plainly(three: Three) -> None:
    org, client, _http = three
    await client.report()
    org.fix("/services/data/v68.0/analytics", Reply(400, refused("BAD_REQUEST", "sort column is invalid")), 2)
    found = await client.errors(NOW)
    assert found.complete
    assert set(org.server.seen[-2].json()["reportMetadata"]) == {"standardDateFilter"}


async def test_a_limit_is_not_run_into_again(three: Three) -> None:
    org, client, _http = three
    await client.report()
    before = len(org.server.seen)
    org.fix("/services/data/v68.0/analytics", Reply(403, refused("REQUEST_LIMIT_EXCEEDED")))
    with pytest.raises(ServiceError) as caught:
        await client.errors(NOW)
    assert caught.value.evidence["because"] == "salesforce.api.limit"
    assert len(org.server.seen) == before + 1


async def test_dates_that_were_not_taken_are_said(three: Three) -> None:
    org, client, _http = three
    org.takes_dates = False
    found = await client.errors(NOW)
    assert not found.complete
    assert "period" in found.note
    assert len(org.rows) == len(found.rows)


async def test_nothing_that_is_kept_or_thrown_shows_a_token(three: Three) -> None:
    org, client, http = three
    await client.connect()
    (token,) = org.tokens
    org.fix("/services/data/v68.0/query", Reply(500, refused("ODD", f"your session {token} Bearer {token}")))
    with pytest.raises(ServiceError) as caught:
        await client.users_by_ids(["005000000000001"])
    shown = "".join(map(repr, (caught.value, caught.value.evidence, caught.value.__dict__, client, http, http.calls)))
    assert token not in shown
    assert "eyJ" not in shown
    assert {call.service for call in http.calls} == {"salesforce"}
    assert not [call for call in http.calls if "?" in call.path or "SELECT" in call.path]


def test_id18_is_salesforce_s_own_algorithm() -> None:
    assert id18("00O58000000qu8X") == "00O58000000qu8XEAQ"
    assert id18("003580000025son") == "003580000025sonAAA"
    letters = random.Random(1)
    for _ in range(50):
        value = "".join(letters.choice("abcXYZ019") for _ in range(15))
        assert id18(value)[:15] == value
        assert id18(id18(value)) == id18(value)
