"""The practice Workspace: assertions, delegation, error bodies, and answers that Google's own documents describe."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.sandbox.discovery import complaints, method
from tests.sandbox.practice import CALENDAR, CONTACTS, DIRECTORY, Practice
from tests.sandbox.test_salesforce import stranger

NOW = int(time.time())
ENTRY = "/google/calendar/v3/users/me/calendarList/primary"
EVENTS = "/google/calendar/v3/calendars/primary/events"
GROUPS = "/google/people/v1/contactGroups"
USERS = "/google/admin/directory/v1/users"


def well(practice: Practice) -> str:
    return str(practice.google["admin"])


def test_tokens_with_and_without_a_person(practice: Practice) -> None:
    for scope, sub in (
        (CALENDAR, None),
        ("https://www.googleapis.com/auth/userinfo.email", None),
        (CONTACTS, well(practice)),
    ):
        answer = practice.exchange(practice.assertion(scope, sub))
        body = answer.json()
        assert answer.status_code == 200
        assert body["token_type"] == "Bearer"
        assert body["access_token"].startswith("ya29.")
        info = practice.http.get("/google/tokeninfo", params={"access_token": body["access_token"]}).json()
        assert info["scope"] == scope
        assert info.get("email") == sub
    assert practice.http.get("/google/tokeninfo", params={"access_token": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("changes", "status", "error", "description"),
    [
        (
            {"iss": "gone@practice-sync.iam.gserviceaccount.com"},
            400,
            "invalid_grant",
            "Invalid grant: account not found",
        ),
        ({"key": stranger()}, 400, "invalid_grant", "Invalid JWT Signature"),
        ({"kid": "0" * 40}, 400, "invalid_grant", "Invalid JWT Signature"),
        ({"aud": "https://example.com"}, 400, "invalid_grant", "Invalid JWT: Failed audience check"),
        ({"iat": NOW, "exp": NOW + 7200}, 400, "invalid_grant", "Invalid JWT: Token must be a short-lived token"),
        (
            {"iat": NOW - 7200, "exp": NOW - 3600},
            400,
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token",
        ),
        (
            {"iat": NOW + 7200, "exp": NOW + 9000},
            400,
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token",
        ),
        ({"scope": ""}, 400, "invalid_scope", "Invalid OAuth scope"),
        ({"scope": f"{CALENDAR},{CONTACTS}"}, 400, "invalid_scope", "Invalid OAuth scope"),
        ({"sub": "nobody@atelier-lumiere.example"}, 400, "invalid_grant", "Invalid email or User ID"),
        ({"sub": "someone@gmail.com"}, 401, "unauthorized_client", "Client is unauthorized"),
        ({"scope": f"{CALENDAR}.readonly"}, 401, "unauthorized_client", "Client is unauthorized"),
    ],
)
def test_a_bad_assertion_is_refused(
    practice: Practice, changes: dict[str, object], status: int, error: str, description: str
) -> None:
    arguments = {"scope": CALENDAR, "sub": well(practice)} | changes
    answer = practice.exchange(practice.assertion(**arguments))
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"].startswith(description)


def test_nonsense_is_refused(practice: Practice) -> None:
    assert practice.exchange("x.y.z").json()["error"] == "invalid_grant"
    assert practice.exchange("").json()["error"] == "invalid_request"
    assert (
        practice.http.post("/google/token", data={"grant_type": "password"}).json()["error"] == "unsupported_grant_type"
    )


@pytest.mark.parametrize(
    ("scenario", "sub", "error"),
    [
        ("google.clock.skew", None, "invalid_grant"),
        ("google.key.revoked", None, "invalid_grant"),
        ("google.account.missing", None, "invalid_grant"),
        ("google.account.disabled", None, "disabled_client"),
        ("google.delegation.unauthorized", "admin", "unauthorized_client"),
        ("google.policy.enforced", "admin", "admin_policy_enforced"),
        ("google.error.unclassified", "admin", "unexpected_condition"),
    ],
)
def test_token_scenarios(other: Callable[..., Practice], scenario: str, sub: str | None, error: str) -> None:
    practice = other(scenario=scenario)
    answer = practice.exchange(practice.assertion(CALENDAR, sub and well(practice)))
    assert answer.json()["error"] == error
    if sub:
        assert practice.exchange(practice.assertion(CALENDAR, None)).status_code == 200
    if scenario == "google.key.revoked":
        email = "lightning-sync@practice-sync.iam.gserviceaccount.com"
        assert practice.http.get(f"/google/service_accounts/v1/metadata/x509/{email}").status_code == 200


def test_one_scope_of_two(other: Callable[..., Practice]) -> None:
    practice = other(scenario="google.delegation.scope_missing")
    assert practice.exchange(practice.assertion(CALENDAR, well(practice))).status_code == 200
    for scope in (CONTACTS, f"{CALENDAR} {CONTACTS}"):
        assert practice.exchange(practice.assertion(scope, well(practice))).status_code == 401


def test_the_configured_scope_can_be_a_typing_error(other: Callable[..., Practice]) -> None:
    practice = other(scenario="google.scope.invalid")
    (scope,) = practice.google["scopes"]["contacts"]
    assert practice.exchange(practice.assertion(scope, well(practice))).json()["error"] == "invalid_scope"


@pytest.mark.parametrize(
    ("path", "scope", "params"),
    [
        (ENTRY, CALENDAR, {}),
        (ENTRY, CALENDAR, {"fields": "id,primary,accessRole,timeZone"}),
        (EVENTS, CALENDAR, {"maxResults": "1"}),
        (EVENTS, CALENDAR, {"maxResults": "250"}),
        (EVENTS, CALENDAR, {"maxResults": "1", "fields": "accessRole,timeZone,updated,items(id,updated)"}),
        ("/google/calendar/v3/users/me/settings/timezone", CALENDAR, {}),
        (GROUPS, CONTACTS, {}),
        (GROUPS, CONTACTS, {"pageSize": "1"}),
        ("/google/people/v1/people/me/connections", CONTACTS, {"personFields": "metadata", "pageSize": "1"}),
        (f"{USERS}/{{}}", DIRECTORY, {}),
        (f"{USERS}/{{}}", DIRECTORY, {"projection": "basic", "fields": "primaryEmail,aliases,suspended,archived"}),
    ],
)
def test_answers_are_what_google_describes(practice: Practice, path: str, scope: str, params: dict[str, str]) -> None:
    path = path.format(well(practice))
    answer = practice.http.get(path, params=params, headers=practice.google_token(scope, well(practice)))
    assert answer.status_code == 200
    _empty, _google, first, rest = path.split("/", 3)
    service = "directory" if first == "admin" else first
    below = rest.removeprefix("v3/").removeprefix("v1/").removeprefix("directory/v1/")
    assert complaints(service, "GET", below, params, answer.json()) == []
    assert answer.json()
    found = method(service, "GET", below)
    assert found is not None
    assert scope in found.scopes | {DIRECTORY}
    if "fields" in params:
        assert set(answer.json()) <= set(params["fields"].replace("(id", ",").split(","))


def test_the_oracle_complains() -> None:
    """The validator itself: an unknown path, parameter, field and a wrong type are each a complaint."""
    path = "users/me/calendarList/primary"
    assert complaints("calendar", "GET", path, {}, {"id": "a", "primary": True}) == []
    assert complaints("calendar", "GET", "users/me/nothing/primary/x", {}, {})
    assert complaints("calendar", "GET", path, {"pageSize": "1"}, {})
    assert complaints("calendar", "GET", path, {}, {"owner": "a"})
    assert complaints("calendar", "GET", path, {}, {"primary": "yes"})
    assert complaints("calendar", "GET", path, {}, {"defaultReminders": [{"minutes": True}]})
    assert complaints("directory", "GET", "users/x", {"projection": "everything"}, {})


def test_a_bad_selection_of_fields(practice: Practice) -> None:
    headers = practice.google_token(CALENDAR, well(practice))
    for fields in ("id,nonsense", "id(", "", "items(id", "id)"):
        answer = practice.http.get(ENTRY, params={"fields": fields}, headers=headers)
        assert answer.status_code == 400, fields
        assert "errors" in answer.json()["error"], fields
    path = practice.http.get(EVENTS, params={"fields": "items/id"}, headers=headers)
    assert path.json() == {"items": [{"id": f"practice{number:08d}"} for number in range(3)]}


def test_scopes_are_enforced_in_each_shape(practice: Practice) -> None:
    calendar, contacts = (practice.google_token(scope, well(practice)) for scope in (CALENDAR, CONTACTS))
    front = practice.http.get(ENTRY, headers=contacts)
    people = practice.http.get(GROUPS, headers=calendar)
    directory = practice.http.get(f"{USERS}/{well(practice)}", headers=calendar)
    for answer in (front, people, directory):
        error = answer.json()["error"]
        assert answer.status_code == 403
        assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert front.json()["error"]["errors"][0]["reason"] == "insufficientPermissions"
    assert "errors" not in people.json()["error"]
    for path in (ENTRY, GROUPS):
        answer = practice.http.get(path, headers={"Authorization": "Bearer ya29.none"})
        assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("cause", "token_says", "calendar_says"),
    [
        ("google.user.deleted", "The account has been deleted", ""),
        ("google.user.unknown", "", ""),
        ("google.calendar.off", None, "notACalendarUser"),
    ],
)
def test_people_in_trouble(practice: Practice, cause: str, token_says: str | None, calendar_says: str) -> None:
    person = practice.user("review_connection", cause)
    answer = practice.exchange(practice.assertion(CALENDAR, person["email"]))
    if token_says is not None:
        assert answer.status_code == 400
        assert token_says in answer.json()["error_description"]
        return
    headers = practice.google_token(CALENDAR, person["email"])
    refused = practice.http.get(ENTRY, headers=headers).json()["error"]
    assert refused["errors"][0]["reason"] == calendar_says
    assert "status" not in refused
    assert practice.http.get(GROUPS, headers=practice.google_token(CONTACTS, person["email"])).status_code == 200


def test_the_directory_tells_who_it_is(practice: Practice) -> None:
    headers = practice.google_token(DIRECTORY, well(practice))

    def told(cause: str) -> list[dict[str, object]]:
        people = [one for one in practice.world["users"] if one["causes"] == [cause]]
        answers = [practice.http.get(f"{USERS}/{one['email']}", headers=headers) for one in people]
        return [{"status": answer.status_code, "asked": one["email"], **answer.json()}
                for one, answer in zip(people, answers, strict=True)]  # fmt: skip

    assert all(one["suspended"] or one["archived"] for one in told("google.user.suspended"))
    assert all(
        one["primaryEmail"] != one["asked"] and one["asked"] in one["aliases"] for one in told("google.user.alias")
    )
    assert {one["status"] for one in told("google.user.unknown")} == {404}
    someone = practice.user("reset")["email"]
    refused = practice.http.get(f"{USERS}/{someone}", headers=practice.google_token(DIRECTORY, someone))
    assert refused.status_code == 403
    assert refused.json()["error"]["errors"][0]["reason"] == "forbidden"


@pytest.mark.parametrize(
    ("scenario", "calendar", "contacts"),
    [
        ("google.api.calendar_disabled", (403, "SERVICE_DISABLED"), (200, "")),
        ("google.api.contacts_disabled", (200, ""), (403, "SERVICE_DISABLED")),
        ("google.quota.exceeded", (403, "RATE_LIMIT_EXCEEDED"), (429, "RATE_LIMIT_EXCEEDED")),
    ],
)
def test_call_scenarios(
    other: Callable[..., Practice], scenario: str, calendar: tuple[int, str], contacts: tuple[int, str]
) -> None:
    practice = other(scenario=scenario)
    for path, scope, (status, reason) in ((ENTRY, CALENDAR, calendar), (GROUPS, CONTACTS, contacts)):
        answer = practice.http.get(path, headers=practice.google_token(scope, well(practice)))
        assert answer.status_code == status
        assert not reason or answer.json()["error"]["details"][0]["reason"] == reason


def test_a_workspace_that_is_down(other: Callable[..., Practice]) -> None:
    practice = other(scenario="google.service.unavailable")
    answer = practice.exchange(practice.assertion(CALENDAR, None))
    assert answer.status_code == 503
    assert "html" in answer.headers["content-type"]
