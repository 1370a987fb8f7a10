"""The practice Salesforce over its sockets: log-in, scopes, paging, reports, SOAP."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sandbox.practice import GRANT, VERSION, Practice
from tui.sandbox import analytics

AT, KIND, USER = (f"LightningSyncError.{name}" for name in ("CreatedDate", "ErrorType", "User"))


def stranger() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_a_good_assertion_gives_a_token(practice: Practice) -> None:
    answer = practice.login()
    body = answer.json()
    assert answer.status_code == 200
    assert body["token_type"] == "Bearer"
    assert set(body["scope"].split()) == {"api", "web"}
    assert body["instance_url"] == practice.base
    assert body["access_token"].startswith("00D")


@pytest.mark.parametrize(
    ("changes", "error", "description"),
    [
        ({"iss": "nobody"}, "invalid_client_id", "client identifier invalid"),
        ({"iss": None}, "invalid_client_id", "client identifier invalid"),
        ({"aud": "https://test.salesforce.com"}, "invalid_grant", "audience is invalid"),
        ({"aud": None}, "invalid_grant", "invalid assertion"),
        ({"sub": "nobody@example.com"}, "invalid_grant", "user hasn't approved this consumer"),
        ({"sub": None}, "invalid_grant", "invalid assertion"),
        ({"exp": int(time.time()) - 10}, "invalid_grant", "expired assertion"),
        ({"exp": int(time.time()) + 4000}, "invalid_grant", "invalid assertion"),
        ({"exp": None}, "invalid_grant", "invalid assertion"),
        ({"key": stranger()}, "invalid_grant", "invalid assertion"),
        ({"key": b"x" * 40, "algorithm": "HS256"}, "invalid_grant", "invalid assertion"),
    ],
)
def test_a_bad_assertion_is_refused(
    practice: Practice, changes: dict[str, object], error: str, description: str
) -> None:
    answer = practice.login(**changes)
    assert answer.status_code == 400
    assert answer.json() == {"error": error, "error_description": description}


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": "password"}, {"grant_type": GRANT}, {"grant_type": GRANT, "assertion": "x"}]
)
def test_a_bad_token_request_is_refused(practice: Practice, form: dict[str, str]) -> None:
    answer = practice.http.post("/services/oauth2/token", data=form)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "error_description"}


@pytest.mark.parametrize(
    ("scenario", "error"),
    [
        ("salesforce.auth.bad_client", "invalid_client_id"),
        ("salesforce.auth.bad_audience", "invalid_grant"),
        ("salesforce.auth.bad_assertion", "invalid_grant"),
        ("salesforce.auth.not_approved", "invalid_grant"),
        ("salesforce.auth.user_inactive", "inactive_user"),
    ],
)
def test_login_scenarios(other: Callable[..., Practice], scenario: str, error: str) -> None:
    answer = other(scenario=scenario).login()
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    ("scenario", "status", "code"),
    [
        ("salesforce.api.disabled", 403, "API_DISABLED_FOR_ORG"),
        ("salesforce.api.limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("salesforce.rights.missing", 403, "INSUFFICIENT_ACCESS"),
    ],
)
def test_data_scenarios(other: Callable[..., Practice], scenario: str, status: int, code: str) -> None:
    answer = other(scenario=scenario).query("SELECT Id FROM User")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)


def test_an_org_that_is_down_says_so_everywhere(other: Callable[..., Practice]) -> None:
    down = other(scenario="salesforce.service.unavailable")
    for path in ("/services/data", f"{VERSION}/query?q=x", "/s2x/resetExchangeSyncUser.apexp"):
        answer = down.http.get(path)
        assert answer.status_code == 503
        assert "Maintenance" in answer.text
    assert down.login().status_code == 503


def test_a_token_is_needed(practice: Practice) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": practice.token}):
        answer = practice.http.get(f"{VERSION}/query?q=SELECT+Id+FROM+User", headers=headers)
        assert answer.status_code == 401
        assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_versions_need_no_token_and_are_negotiable(practice: Practice) -> None:
    versions = practice.http.get("/services/data/").json()
    assert versions[-1] == {"label": "Winter '27", "url": VERSION, "version": "68.0"}
    answer = practice.http.get(
        "/services/data/v21.0/query", params={"q": "SELECT Id FROM User"}, headers=practice.bearer
    )
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def test_paging_and_the_limit_header(practice: Practice) -> None:
    answer = practice.query("SELECT Id FROM User ORDER BY Id", **{"Sforce-Query-Options": "batchSize=200"})
    first = answer.json()
    assert answer.headers["sforce-limit-info"].startswith("api-usage=")
    assert (first["totalSize"], first["done"], len(first["records"])) == (400, False, 200)
    second = practice.http.get(first["nextRecordsUrl"], headers=practice.bearer).json()
    assert (second["totalSize"], second["done"], len(second["records"])) == (400, True, 200)
    assert len({one["Id"] for one in first["records"] + second["records"]}) == 400
    wrong = practice.http.get(f"{VERSION}/query/01gXXX-200", headers=practice.bearer)
    assert (wrong.status_code, wrong.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


def test_errors_come_as_a_list(practice: Practice) -> None:
    answer = practice.query("SELECT Foo FROM User")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")
    long = practice.query("SELECT Id FROM User WHERE Name IN ('" + "x" * 17_000 + "')")
    assert long.status_code == 414


def test_describe(practice: Practice) -> None:
    names = {one["name"] for one in practice.get("/sobjects/").json()["sobjects"]}
    assert {"User", "SetupAuditTrail"} <= names
    assert "RemoteProxy" not in names
    for name in names:
        fields = [one["name"] for one in practice.get(f"/sobjects/{name}/describe").json()["fields"]]
        assert practice.query(f"SELECT {', '.join(fields)} FROM {name}").status_code == 200
    missing = practice.get("/sobjects/ActivityUsrConnectionStatus/describe")
    assert (missing.status_code, missing.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def report(practice: Practice) -> str:
    (row,) = practice.records("SELECT Id FROM Report WHERE Name = 'Google sync errors'")
    return f"/analytics/reports/{row['Id']}"


def post(practice: Practice, path: str, metadata: dict[str, object], **params: str) -> object:
    return practice.http.post(
        f"{VERSION}{path}", json={"reportMetadata": metadata}, params=params, headers=practice.bearer
    )


def test_the_report_is_cut_at_2000_rows(practice: Practice) -> None:
    answer = practice.get(report(practice), includeDetails="true").json()
    rows = answer["factMap"]["T!T"]["rows"]
    assert (answer["allData"], len(rows)) == (False, 2000)
    assert answer["factMap"]["T!T"]["aggregates"] == [{"label": "3,000", "value": 3000}]
    columns = answer["reportMetadata"]["detailColumns"]
    cells = dict(zip(columns, rows[0]["dataCells"], strict=True))
    moments = [row["dataCells"][columns.index(AT)]["value"] for row in rows]
    assert moments == sorted(moments, reverse=True)
    ids = {one["id"] for one in practice.world["users"]}
    assert {row["dataCells"][columns.index(USER)]["value"] for row in rows} <= ids | {None}
    assert cells[KIND]["value"] in {"Connection", "UserMapping", "Sync"}
    assert list(answer["reportExtendedMetadata"]["detailColumnInfo"]) != columns


def test_slices_by_date_hold_every_row_once(practice: Practice) -> None:
    path, metadata = report(practice), practice.get(f"{report(practice)}/describe").json()["reportMetadata"]
    year = datetime.now(UTC).year
    total = 0
    for first, last in ((f"{year - 1}-01-01", f"{year - 1}-12-31"), (f"{year}-01-01", f"{year}-12-31")):
        window = {"column": AT, "durationValue": "CUSTOM", "startDate": first, "endDate": last}
        answer = post(practice, path, {**metadata, "standardDateFilter": window}, includeDetails="true").json()
        assert answer["allData"]
        total += len(answer["factMap"]["T!T"]["rows"])
    assert total == practice.world["errors"]
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    empty = {"column": AT, "durationValue": "CUSTOM", "startDate": tomorrow, "endDate": tomorrow}
    assert post(practice, path, {"standardDateFilter": empty}).json()["factMap"]["T!T"]["rows"] == []


def test_filters_and_groupings(practice: Practice) -> None:
    path = report(practice)
    only = [{"column": KIND, "operator": "equals", "value": "Connection"}]
    filtered = post(practice, path, {"reportFilters": only}, includeDetails="true").json()
    rows = filtered["factMap"]["T!T"]["rows"]
    place = filtered["reportMetadata"]["detailColumns"].index(KIND)
    assert rows
    assert {row["dataCells"][place]["value"] for row in rows} == {"Connection"}
    groups = [
        {"name": KIND, "sortOrder": "Asc", "dateGranularity": "None"},
        {"name": AT, "sortOrder": "Asc", "dateGranularity": "Month"},
    ]
    grouped = post(practice, path, {"groupingsDown": groups}, includeDetails="false").json()
    tops = {one["value"]: one for one in grouped["groupingsDown"]["groupings"]}
    assert set(tops) == {"Connection", "UserMapping", "Sync"}
    for one in tops.values():
        whole = grouped["factMap"][f"{one['key']}!T"]["aggregates"][0]["value"]
        parts = [grouped["factMap"][f"{inner['key']}!T"]["aggregates"][0]["value"] for inner in one["groupings"]]
        assert whole == sum(parts)
        assert "rows" not in grouped["factMap"][f"{one['key']}!T"]
    assert not set(grouped["reportMetadata"]["detailColumns"]) & {KIND, AT}


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        (
            {"standardDateFilter": {"column": AT, "durationValue": "CUSTOM", "startDate": "x"}},
            "start date x is invalid",
        ),
        ({"standardDateFilter": {"column": AT, "durationValue": "SOON"}}, "duration SOON is invalid"),
        ({"standardDateFilter": {"column": KIND, "durationValue": "THIS_YEAR"}}, "cannot be a standard date filter"),
        ({"detailColumns": ["FOO"]}, "FOO is invalid"),
        ({"reportFilters": [{"column": KIND, "operator": "near", "value": "x"}]}, "operator near is invalid"),
        ({"sortBy": [{"sortColumn": AT}, {"sortColumn": KIND}]}, "Only one sort column"),
        ({"nonsense": 1}, "Unrecognized field"),
    ],
)
def test_a_bad_run_is_refused(practice: Practice, metadata: dict[str, object], said: str) -> None:
    answer = post(practice, report(practice), metadata)
    assert answer.status_code == 400
    assert said in answer.json()[0]["message"]


def test_asynchronous_runs(practice: Practice) -> None:
    path = report(practice)
    asked = post(practice, f"{path}/instances", {}, includeDetails="true").json()
    assert asked["status"] == "New"
    assert asked["completionDate"] is None
    result = practice.http.get(asked["url"], headers=practice.bearer).json()
    assert result["attributes"]["status"] == "Success"
    assert len(result["factMap"]["T!T"]["rows"]) == 2000
    assert asked["id"] in {one["id"] for one in practice.get(f"{path}/instances").json()}
    assert practice.get(f"{path}/instances/0LGnothing").status_code == 404
    bodiless = practice.http.post(f"{VERSION}{path}/instances", headers=practice.bearer)
    assert bodiless.json()["status"] == "New"
    wrong = practice.http.post(f"{VERSION}{path}/instances", content=b"x=1", headers=practice.bearer)
    assert wrong.status_code == 415


def test_report_types_and_lists(practice: Practice) -> None:
    for path in ("/analytics/report-types", "/analytics/reportTypes"):
        types = [one for group in practice.get(path).json() for one in group["reportTypes"]]
        assert "Lightning Sync Errors" in {one["label"] for one in types}
    (listed,) = practice.get("/analytics/reports").json()
    assert listed["name"] == "Google sync errors"
    assert practice.get("/analytics/reports/00O000000000000AAA").status_code == 404


def test_the_report_can_be_missing(other: Callable[..., Practice]) -> None:
    without = other(scenario="salesforce.report.unavailable")
    assert not without.records("SELECT Id FROM Report WHERE Name = 'Google sync errors'")


def soap(practice: Practice, session: str, name: str = "EmailIntegration") -> object:
    body = (
        '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:m="http://soap.sforce.com/2006/04/metadata"><env:Header><m:SessionHeader><m:sessionId>'
        f"{session}</m:sessionId></m:SessionHeader></env:Header><env:Body><m:readMetadata>"
        f"<m:type>EmailIntegrationSettings</m:type><m:fullNames>{name}</m:fullNames></m:readMetadata></env:Body>"
        "</env:Envelope>"
    )
    headers = {"SOAPAction": '""', "Content-Type": "text/xml; charset=UTF-8"}
    return practice.http.post("/services/Soap/m/68.0", content=body, headers=headers)


def test_metadata(practice: Practice, other: Callable[..., Practice]) -> None:
    assert "<enableContactAndEventSync>true<" in soap(practice, practice.token).text
    assert 'xsi:nil="true"' in soap(practice, practice.token, "Other").text
    refused = soap(practice, "x")
    assert refused.status_code == 500
    assert "INVALID_SESSION_ID" in refused.text
    off = other(scenario="salesforce.sync.disabled")
    assert "<enableContactAndEventSync>false<" in soap(off, off.token).text


def test_remote_sites(practice: Practice, other: Callable[..., Practice]) -> None:
    soql = "SELECT EndpointUrl, IsActive FROM RemoteProxy"
    closed = other(scenario="salesforce.connection.remote_site")
    for one, active in ((practice, True), (closed, False)):
        rows = one.get("/tooling/query", q=soql).json()["records"]
        assert [row["IsActive"] for row in rows if "googleapis" in row["EndpointUrl"]] == [active]


def test_the_runs_of_an_hour_are_counted_and_end(
    other: Callable[..., Practice], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(analytics.RUNS_AN_HOUR, "synchronously", 2)
    practice = other()
    (report,) = practice.get("/analytics/reports").json()

    def run() -> httpx.Response:
        return practice.get(f"/analytics/reports/{report['id']}", includeDetails="false")

    def left() -> int:
        return int(practice.get("/limits").json()["HourlySyncReportRuns"]["Remaining"])

    assert (left(), run().status_code, left(), run().status_code, left()) == (2, 200, 1, 200, 0)
    refused = run()
    assert refused.status_code == 403
    assert "can't run more than 2 reports synchronously" in refused.json()[0]["message"]
    assert practice.get("/limits").json()["HourlyAsyncReportRuns"]["Remaining"] == 1200


def test_a_report_that_is_not_saved_is_run(practice: Practice) -> None:
    def run(metadata: dict[str, object]) -> httpx.Response:
        body = {"reportMetadata": metadata}
        return practice.http.post(f"{VERSION}/analytics/reports/query", json=body, headers=practice.bearer)

    kind = {"type": "LightningSyncError"}
    answer = run({"reportType": kind, "detailColumns": [AT, USER], "reportFormat": "TABULAR"}).json()
    assert len(answer["factMap"]["T!T"]["rows"][0]["dataCells"]) == 2
    assert "reportId" not in answer["attributes"]
    for wrong in ({"detailColumns": [AT]}, {"reportType": kind}, {"reportType": {"type": "Opportunity"}}):
        assert run(wrong).status_code == 400
    assert practice.http.post(f"{VERSION}/analytics/reports/query", json={}).status_code == 401


def test_the_error_report_s_type_is_closed_with_it(other: Callable[..., Practice]) -> None:
    practice = other(scenario="salesforce.report.unavailable")
    listed = practice.get("/analytics/report-types").json()
    assert "LightningSyncError" not in str(listed)
    assert practice.get("/analytics/report-types/LightningSyncError").status_code == 404
    body = {"reportMetadata": {"reportType": {"type": "LightningSyncError"}, "detailColumns": [AT]}}
    answer = practice.http.post(f"{VERSION}/analytics/reports/query", json=body, headers=practice.bearer)
    assert answer.status_code == 404


# ---- client credentials ------------------------------------------------------------------------------------------


def credentials(practice: Practice, **changes: str) -> dict[str, str]:
    secret = (practice.dir / "salesforce.secret").read_text().strip()
    return {
        "grant_type": "client_credentials",
        "client_id": practice.salesforce["client_id"],
        "client_secret": secret,
    } | changes


def test_client_credentials_give_a_token_for_the_api_alone(practice: Practice) -> None:
    form = credentials(practice)
    basic = practice.http.post(
        "/services/oauth2/token",
        data={"grant_type": form["grant_type"]},
        auth=(form["client_id"], form["client_secret"]),
    )
    for answer in (practice.http.post("/services/oauth2/token", data=form), basic):
        assert answer.status_code == 200, answer.text
        assert answer.json()["scope"] == "api"
        bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        me = answer.json()["id"].rpartition("/")[2]
        found = practice.http.get(
            "/services/data/v68.0/query", params={"q": f"SELECT Username FROM User WHERE Id = '{me}'"}, headers=bearer
        )
        assert found.json()["records"][0]["Username"] == practice.salesforce["username"]
        door = practice.http.post("/services/oauth2/singleaccess", headers=bearer)
        assert (door.status_code, door.json()["error"]) == (403, "invalid_scope")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"client_id": "wrong"}, "invalid_client_id"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_wrong_client_credentials_are_refused(practice: Practice, changes: dict[str, str], error: str) -> None:
    answer = practice.http.post("/services/oauth2/token", data=credentials(practice, **changes))

    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_an_app_without_a_user_to_run_as_gives_no_token(other: Callable[..., Practice]) -> None:
    closed = other(scenario="salesforce.auth.not_approved")

    answer = closed.http.post("/services/oauth2/token", data=credentials(closed))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_the_secret_is_closed_to_others_and_nowhere_in_the_config(practice: Practice) -> None:
    file = practice.dir / "salesforce.secret"

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().strip() not in (practice.dir / "config.toml").read_text()
