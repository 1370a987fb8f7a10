"""Everything that a whole run sends to Google, and every answer that it gets, before Google's discovery documents."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import jwt
import pytest

from tests.google import discovery
from tests.judges.journey import Journey
from tests.judges.recording import Exchange
from tests.sandbox.discovery import complaints

# The practice org's root of a service -> the service, its document, its root at Google.
SERVICES = {
    "/google/calendar/v3/": ("calendar", "calendar.v3", "/calendar/v3/"),
    "/google/people/v1/": ("people", "people.v1", "/v1/"),
    "/google/admin/directory/v1/": ("directory", "admin.directory_v1", "/admin/directory/v1/"),
}
TOKEN = "/google/token"
# Token endpoint, token information and certificates stand in no discovery document.
UNDESCRIBED = (TOKEN, "/google/tokeninfo", "/google/service_accounts/")


def to_google(journey: Journey) -> list[Exchange]:
    return [one for one in journey.exchanges if one.path.startswith("/google/")]


def scopes(journey: Journey) -> dict[str, str]:
    """Access token -> the scope that it was asked for with."""
    return {
        json.loads(one.answered)["access_token"]: claims(one)["scope"]
        for one in to_google(journey)
        if one.path == TOKEN and one.status == 200
    }


def claims(asked: Exchange) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(asked.form["assertion"], options={"verify_signature": False})
    return found


def said_against(one: Exchange, scope: str) -> list[str]:
    """What the documents say against a request with a token of that scope, and against its answer."""
    root = next((root for root in SERVICES if one.path.startswith(root)), None)
    if root is None:
        return [f"{one.path} belongs to no service"]
    short, full, own = SERVICES[root]
    below = one.path.removeprefix(root)
    body = json.loads(one.answered) if one.status == 200 else {}  # the documents describe no refusals
    said = complaints(short, one.method, below, one.params, body)
    try:
        discovery.check_answer(full, discovery.check_request(full, one.method, own + below, one.params, scope), body)
    except AssertionError as problem:
        said.append(str(problem))
    return [f"{one.method} {one.path} {one.params}: {each}" for each in said]


def test_every_request_and_answer_is_one_that_google_describes(journey: Journey) -> None:
    known = scopes(journey)
    calls = [one for one in to_google(journey) if not one.path.startswith(UNDESCRIBED)]
    assert [
        said for one in calls for said in said_against(one, known[one.headers["authorization"].removeprefix("Bearer ")])
    ] == []
    seen = Counter((next(root for root in SERVICES if one.path.startswith(root)), one.status) for one in calls)
    assert all(seen[root, 200] for root in SERVICES), "nothing was judged of a service"
    assert all(one.method == "GET" for one in calls)
    assert {one.path.rsplit("/", 1)[-1] for one in calls} >= {"primary", "events", "contactGroups"}


def test_every_token_is_asked_for_as_google_documents(journey: Journey) -> None:
    """The form and the claims of the server-to-server flow; an assertion lives an hour at most."""
    asked = [one for one in to_google(journey) if one.path == TOKEN]
    assert len(asked) > 100
    for one in asked:
        assert set(one.form) == {"grant_type", "assertion"}
        assert one.form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        assert one.headers["content-type"] == "application/x-www-form-urlencoded"
        header = jwt.get_unverified_header(one.form["assertion"])
        assert (header["alg"], header["typ"]) == ("RS256", "JWT")
        held = claims(one)
        assert set(held) - {"sub"} == {"iss", "scope", "aud", "iat", "exp"}
        assert held["aud"] == "https://oauth2.googleapis.com/token"
        assert 0 < held["exp"] - held["iat"] <= 3600


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "/google/calendar/v3/users/me/calendarList/primary/acl"},
        {"path": "/google/drive/v3/files"},
        {"params": {"maxResult": "1"}},
        {"method": "PATCH", "path": "/google/people/v1/contactGroups"},
        {"answered": b'{"id": 1}'},
        {"answered": b'{"ident": "a"}'},
        {"scope": "https://www.googleapis.com/auth/drive"},
    ],
)
def test_the_documents_refuse_what_is_not_there(journey: Journey, wrong: dict[str, Any]) -> None:
    one = next(one for one in to_google(journey) if one.path.endswith("/calendarList/primary") and one.status == 200)
    scope = "https://www.googleapis.com/auth/calendar"
    assert said_against(one, scope) == []
    given = {name: getattr(one, name) for name in Exchange.__slots__}
    assert said_against(Exchange(**(given | {name: value for name, value in wrong.items() if name != "scope"})),
                        wrong.get("scope", scope))  # fmt: skip
