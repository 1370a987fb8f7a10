"""The way to the Lightning Sync Status page, the page, its view state, and what a reset does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.sandbox.practice import PAGE, Practice

ASSIGNED, RESETTING = "User assigned to active Lightning Sync configuration", "Reset sync status"
LINKED = "Salesforce and Google email addresses linked"
STATE = "com.salesforce.visualforce.ViewState"


def test_the_front_door_opens_once_and_both_ways(practice: Practice) -> None:
    ways = set()
    for _number in range(2):
        practice.http.cookies.clear()
        uri = practice.front_door()
        assert uri.startswith(f"{practice.base}/secur/frontdoor.jsp?otp=")
        assert practice.token not in uri
        first = practice.http.get(uri)
        assert first.cookies["sid"]
        ways.add(first.status_code)
        assert PAGE in (first.headers.get("location") or first.text.replace("\\/", "/"))
        practice.http.cookies.clear()
        again = practice.http.get(uri)
        assert "type='password'" in again.text
        assert not again.cookies
    assert ways == {302, 200}


def test_without_a_session_there_is_no_page(practice: Practice) -> None:
    practice.http.cookies.clear()
    answer = practice.http.get(PAGE)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/?ec=302")
    assert "password" in practice.http.get(answer.headers["location"]).text


@pytest.mark.parametrize("start", ["//evil.example/x", "https://evil.example/"])
def test_the_bridge_leads_nowhere_else(practice: Practice, start: str) -> None:
    answer = practice.http.post("/services/oauth2/singleaccess", data={"redirect_uri": start}, headers=practice.bearer)
    assert answer.status_code == 400


def test_the_bridge_needs_scope_web(practice: Practice, other: Callable[..., Practice]) -> None:
    closed = other(scenario="salesforce.page.no_access")
    assert closed.login().json()["scope"] == "api"
    for one, headers, status in ((closed, closed.bearer, 403), (practice, {"Authorization": "Bearer x"}, 401)):
        assert one.http.post("/services/oauth2/singleaccess", headers=headers).status_code == status


def test_the_organisation_stands_on_the_page_before_anyone_is_asked_for(practice: Practice) -> None:
    page = practice.enter()
    rows = page.rows("orgConfigInfo")
    assert rows["Connection method configured"] == "OAuth 2.0"
    assert int(rows["Users with linked Google and Salesforce email addresses"]) > 300
    for table in ("orgContacts", "orgEvents"):
        datetime.strptime(page.rows(table)["Last sync activity"], "%m/%d/%Y %I:%M %p")
    assert page.rows("configSetup") == {}
    assert page.name == ""


def test_every_field_of_the_form_must_come_back(practice: Practice) -> None:
    page = practice.enter()
    name = practice.user("no_fault_found")["name"]
    assert page.check(name).rows("configSetup")
    fields = page.fields
    assert len([one for one in fields if one.startswith("com.salesforce.visualforce.")]) == 4
    assert len(fields) > 6
    for field in fields:
        refused = page.press("checkStatusButton", name, **{field: None})
        assert refused.message, field
        assert not refused.rows("configSetup"), field
    for field in (STATE, f"{STATE}Version", f"{STATE}MAC", f"{STATE}CSRF"):
        assert page.press("checkStatusButton", name, **{field: fields[field][:-2] + "xy"}).message, field


def test_a_view_state_belongs_to_its_session(practice: Practice) -> None:
    page = practice.enter()
    name = practice.user("no_fault_found")["name"]
    practice.enter()
    assert page.check(name).message
    assert not page.check(name).rows("configSetup")


def test_who_cannot_be_shown(practice: Practice) -> None:
    page = practice.enter()
    assert "No user" in page.check("Nobody At-All").message
    assert "More than one" in page.check(practice.user("undetermined")["name"]).message
    assert page.check("").message
    assert not page.check("Nobody At-All").rows("configSetup")


def test_odd_names_come_back_whole(practice: Practice) -> None:
    page = practice.enter()
    odd = [one["name"] for one in practice.world["users"] if set(one["name"]) & set("[=\x1b\u202e<")]
    assert len(odd) == 6
    for name in odd:
        shown = page.check(name)
        assert shown.name == name
        assert shown.rows("configSetup")[ASSIGNED] == "Yes"
        assert "<b>" not in shown.text


@pytest.mark.parametrize(
    ("user", "table", "label", "value"),
    [
        (("review_configuration", "salesforce.assignment.missing"), "configSetup", ASSIGNED, "No"),
        (("review_configuration", "salesforce.email.duplicate"), "userContacts", LINKED, "another user has the same"),
        (("contact_support", "salesforce.link.failed"), "userEvents", LINKED, "another user has the same"),
        (("review_configuration", "salesforce.email.mismatch"), "userEvents", LINKED, "@atelier-lumiere.example"),
        (("review_configuration", "salesforce.link.failed"), "userEvents", LINKED, "Can't be linked"),
        (
            ("review_configuration", "salesforce.sync.failing"),
            "userEvents",
            "Google to Salesforce sync status",
            "Unable to sync",
        ),
        (
            ("review_configuration", "salesforce.assignment.direction"),
            "userContacts",
            "Salesforce to Google sync status",
            "not configured in this direction",
        ),
    ],
)
def test_what_is_wrong_stands_on_the_page(
    practice: Practice, user: tuple[str, ...], table: str, label: str, value: str
) -> None:
    found = practice.user(*user)
    shown = practice.enter().check(found["name"])
    assert value in shown.rows(table)[label]
    if user[1] == "salesforce.assignment.missing":
        assert shown.rows("userContacts") == shown.rows("userEvents") == {}


@pytest.mark.parametrize(("after", "more"), [("no_fault_found", 0), ("contact_support", 1)])
def test_a_reset_takes_some_readings(other: Callable[..., Practice], after: str, more: int) -> None:
    practice = other()
    before = practice.world
    person = practice.user("reset", after=after)
    page = practice.enter().check(person["name"])
    assert RESETTING not in page.rows("configSetup")
    page = page.reset()
    assert RESETTING in page.rows("configSetup")
    assert page.name == person["name"]
    readings = 0
    while RESETTING in page.rows("configSetup"):
        assert page.rows("userEvents")["Google to Salesforce sync status"] == "Not started"
        page = page.check()
        readings += 1
    done = datetime.now(UTC)
    assert 2 <= readings <= 5
    assert page.rows("userEvents")["Google to Salesforce sync status"] == "In sync"
    assert practice.world["errors"] == before["errors"] + more
    (row,) = practice.records("SELECT Id FROM Report WHERE Name = 'Google sync errors'")
    rows = practice.get(f"/analytics/reports/{row['Id']}").json()["factMap"]["T!T"]["rows"]
    newer = [cells for cells in rows if datetime.fromisoformat(cells["dataCells"][0]["value"]) > done]
    assert [cells["dataCells"][1]["value"] for cells in newer] == [person["id"]] * more


def test_a_reset_of_nobody_does_nothing(other: Callable[..., Practice]) -> None:
    practice = other()
    page = practice.enter()
    assert "More than one" in page.reset(practice.user("undetermined")["name"]).message
    missing = practice.user("review_configuration", "salesforce.assignment.missing")["name"]
    assert RESETTING not in page.reset(missing).rows("configSetup")


def test_french(other: Callable[..., Practice]) -> None:
    practice = other(lang="fr")
    page = practice.enter().check(practice.user("no_fault_found")["name"])
    assert "Oui" in page.rows("configSetup").values()
    assert page.rows("userEvents")["Adresses e-mail Salesforce et Google liées"] == "Liées"
    datetime.strptime(page.rows("orgEvents")["Dernière activité de synchronisation"], "%d/%m/%Y %H:%M")
    (row,) = practice.records("SELECT LanguageLocaleKey, LocaleSidKey FROM User WHERE Profile.Name LIKE 'System%'")
    assert (row["LanguageLocaleKey"], row["LocaleSidKey"]) == ("fr", "fr_FR")


@pytest.mark.parametrize(
    ("scenario", "table", "value"),
    [
        ("salesforce.sync.disabled", "orgConfigInfo", "No"),
        ("salesforce.connection.not_configured", "orgConfigInfo", "No"),
        ("salesforce.connection.no_linked_users", "orgConfigInfo", "0"),
    ],
)
def test_the_page_of_a_broken_organisation(
    other: Callable[..., Practice], scenario: str, table: str, value: str
) -> None:
    assert value in other(scenario=scenario).enter().rows(table).values()


def test_a_stalled_organisation(other: Callable[..., Practice]) -> None:
    shown = other(scenario="salesforce.connection.stalled").enter().rows("orgEvents")["Last sync activity"]
    assert (datetime.now() - datetime.strptime(shown, "%m/%d/%Y %I:%M %p")).days in {2, 3}


def test_a_page_that_is_another(other: Callable[..., Practice]) -> None:
    page = other(scenario="salesforce.page.unrecognised").enter()
    assert "Lightning Sync Status" in page.text
    assert not page.document.xpath("//*[@id='orgConfigInfo' or @id='resetExchangeSyncUser']")
