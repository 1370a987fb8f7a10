"""Every row of the two tables of Google's errors, as an answer on loopback, becomes its cause with its evidence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.google import bodies, token_rows
from tests.google.conftest import ACCOUNT, CALENDAR
from tests.google.fake import FakeGoogle
from tui.google.client import Google
from tui.model import ServiceError
from tui.triage import catalogue

USER = "ann@acme.example"
PATHS = {
    "calendar": "/calendar/v3/users/me/calendarList/primary",
    "contacts": "/v1/contactGroups",
    "directory": f"/admin/directory/v1/users/{USER}",
}


@pytest.mark.parametrize("subject", [USER, None])
@pytest.mark.parametrize(
    "row", token_rows.TOKEN_ROWS, ids=lambda row: f"{row[0]}: {(row[1] or 'none')[:40]} ({row[2]})"
)
async def test_a_refused_token(
    row: tuple[str, str | None, int, str, str, int], subject: str | None, google: Google, fake: FakeGoogle
) -> None:
    error, description, status, for_user, for_itself, tries = row
    body = {"error": error} | ({"error_description": description} if description else {})
    fake.on("/token", (status, body))

    with pytest.raises(ServiceError) as caught:
        await google.token(CALENDAR, subject)

    refused = caught.value
    assert refused.cause == (for_user if subject else for_itself)
    assert (refused.code, refused.status) == (error, status)
    assert len(fake.at("/token")) == tries
    evidence = refused.evidence
    assert (evidence["service"], evidence["http_status"], evidence["scope"]) == ("token", status, CALENDAR)
    assert evidence["error"].startswith(error)
    assert evidence.get("user") == subject
    assert (evidence["key_id"], evidence["service_account"]) == ("0123456789abcdef", ACCOUNT)
    assert "&quot;" not in str(evidence)
    assert ("answer" in evidence) is (refused.cause == "google.error.unclassified")
    assert_holds_no_secret(refused, fake)


@pytest.mark.parametrize("name", bodies.API_ROWS)
async def test_a_refused_call(name: str, google: Google, fake: FakeGoogle) -> None:
    service, status, body, headers, cause, tries = bodies.API_ROWS[name]
    fake.on(PATHS[service], (status, body, headers))

    with pytest.raises(ServiceError) as caught:
        await ask(google, service)

    refused = caught.value
    assert refused.cause == cause
    assert refused.status == status
    assert len(fake.at(PATHS[service])) == (2 if status == 401 else tries)
    assert refused.evidence["service"] == service
    assert refused.evidence["http_status"] == status
    assert ("answer" in refused.evidence) is (cause == "google.error.unclassified" or not isinstance(body, dict))
    assert_holds_no_secret(refused, fake)


async def test_the_project_and_the_link_of_a_disabled_api_are_evidence(google: Google, fake: FakeGoogle) -> None:
    _service, status, body, _headers, _cause, _tries = bodies.API_ROWS["people API off"]
    fake.on(PATHS["contacts"], (status, body))

    with pytest.raises(ServiceError) as caught:
        await ask(google, "contacts")

    assert caught.value.evidence["project"] == bodies.PROJECT
    assert caught.value.evidence["link"].startswith(
        "https://console.developers.google.com/apis/api/people.googleapis.com"
    )


async def test_the_scopes_that_would_do_are_evidence(google: Google, fake: FakeGoogle) -> None:
    _service, status, body, headers, _cause, _tries = bodies.API_ROWS["people scope, header only"]
    fake.on(PATHS["contacts"], (status, body, headers))

    with pytest.raises(ServiceError) as caught:
        await ask(google, "contacts")

    assert caught.value.evidence["accepted_scopes"].split()[0] == "https://www.googleapis.com/auth/contacts"


async def test_what_nobody_described_is_kept_whole_and_without_secrets(google: Google, fake: FakeGoogle) -> None:
    body = {
        "error": "odd",
        "error_description": "\x1b[31mred Bearer abcdefghij123",
        "id_token": "SECRET",
        "more": [{"access_token": "SECRET", "why": "eyJhbGciOi.eyJpc3Mi.c2ln"}],
    }
    fake.on("/token", (400, body))

    with pytest.raises(ServiceError) as caught:
        await google.token(CALENDAR, USER)

    shown = json.dumps(caught.value.evidence) + str(caught.value)
    assert caught.value.cause == "google.error.unclassified"
    assert caught.value.evidence["answer"]["more"] == [{"access_token": "[hidden]", "why": "[JWT]"}]
    for secret in ("SECRET", "abcdefghij123", "eyJhbGciOi", "\x1b", "\\u001b"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "google.error.unclassified"),
        (b'{"access_tok', "google.error.unclassified"),
        (b"null", "google.error.unclassified"),
        (b'{"access_token": 3}', "google.error.unclassified"),
        (b'{"access_token": "a b\\r\\nx: y"}', "google.error.unclassified"),
        (b'{"access_token": "x", "expires_in": "soon"}', "google.error.unclassified"),
        (b'{"access_token": "x", "token_type": "mac"}', "google.error.unclassified"),
        (bodies.HTML, "google.service.unavailable"),
    ],
)
async def test_a_token_answer_that_is_none(content: bytes, cause: str, google: Google, fake: FakeGoogle) -> None:
    fake.on("/token", (200, content, {"content-type": "text/html"} if content == bodies.HTML else {}))

    with pytest.raises(ServiceError) as caught:
        await google.token(CALENDAR, USER)

    assert caught.value.cause == cause
    assert caught.value.status == 200


@pytest.mark.parametrize("service", PATHS)
@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "google.error.unclassified"),
        (b'{"id": "x"', "google.error.unclassified"),
        (b"[]", "google.error.unclassified"),
        (b'{"unexpected": true}', "google.error.unclassified"),
        (b"x" * ((1 << 20) + 1), "google.error.unclassified"),
        (bodies.HTML, "google.service.unavailable"),
    ],
)
async def test_an_answer_that_is_something_else(
    service: str, content: bytes, cause: str, google: Google, fake: FakeGoogle
) -> None:
    fake.on(PATHS[service], (200, content))

    with pytest.raises(ServiceError) as caught:
        await ask(google, service)

    assert caught.value.cause == cause


async def test_no_answer_is_a_cause_of_its_own(google: Google, fake: FakeGoogle) -> None:
    await google.token(CALENDAR, USER)
    fake.on("/token", (200, b"", {"content-length": "100"}))

    with pytest.raises(ServiceError) as caught:
        await google.token(CALENDAR, "bob@acme.example")

    assert caught.value.cause == "google.network.unreachable"
    assert caught.value.evidence["host"] == "127.0.0.1"
    assert caught.value.evidence["scope"] == CALENDAR


def test_every_cause_that_the_tables_give_is_one_of_the_catalogue() -> None:
    causes = {cause for row in token_rows.TOKEN_ROWS for cause in row[3:5]} | {
        row[4] for row in bodies.API_ROWS.values()
    }

    assert causes <= set(catalogue.ORDER)


async def ask(google: Google, service: str) -> Any:
    """The call that belongs to the service."""
    if service == "directory":
        return await google.directory(USER)
    token = await google.token(CALENDAR, USER)
    return await (google.calendar(token) if service == "calendar" else google.contacts(token))


def assert_holds_no_secret(refused: ServiceError, fake: FakeGoogle) -> None:
    """Neither assertion nor token stands anywhere in the error."""
    shown = repr(refused) + str(refused) + json.dumps(refused.evidence)
    for asked in fake.asked:
        for secret in (asked.form.get("assertion"), asked.headers.get("authorization", "").removeprefix("Bearer ")):
            assert not secret or secret not in shown
    assert "PRIVATE KEY" not in shown
    assert "\x1b" not in shown
