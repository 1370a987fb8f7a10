"""The client: tokens and their cache, the three readings, and what stays secret."""

from __future__ import annotations

import asyncio
import threading
import traceback
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

import pytest
from google.auth import crypt, jwt

from tests.google import bodies, discovery, token_rows
from tests.google.conftest import CALENDAR, CONTACTS, Clock
from tests.google.fake import Asked, FakeGoogle
from tui.config import GoogleSettings
from tui.google.client import DIRECTORY_SCOPE, CalendarAnswer, DirectoryUser, Google
from tui.http import Http
from tui.model import ServiceError

USER = "ann@acme.example"
LIST = "/calendar/v3/users/me/calendarList/primary"
EVENTS = "/calendar/v3/calendars/primary/events"
GROUPS = "/v1/contactGroups"
PERSON = f"/admin/directory/v1/users/{USER}"
ENTRY = {"id": USER, "primary": True, "accessRole": "owner", "timeZone": "Europe/Paris"}
EVENT_LIST = {"accessRole": "owner", "timeZone": "Europe/Paris", "updated": "2026-11-22T13:00:00.000Z"}
GROUP_LIST = {
    "contactGroups": [
        {
            "resourceName": "contactGroups/myContacts",
            "groupType": "SYSTEM_CONTACT_GROUP",
            "name": "myContacts",
            "formattedName": "My Contacts",
            "memberCount": 12,
        }
    ],
    "totalItems": 10,
    "nextPageToken": "x",
}
ACCOUNT_OF_ANN = {
    "primaryEmail": "ann.b@acme.example",
    "aliases": [USER],
    "nonEditableAliases": ["ann@acme.test-google-a.com"],
    "suspended": False,
    "archived": True,
}


# ---- tokens ------------------------------------------------------------------------------------------------------


async def test_a_token_is_kept_until_a_minute_before_it_expires(google: Google, fake: FakeGoogle, clock: Clock) -> None:
    first = await google.token(CALENDAR, USER)
    clock.move(seconds=3599 - 61)
    assert await google.token(CALENDAR, USER) == first
    assert len(fake.at("/token")) == 1

    clock.move(seconds=1)

    assert await google.token(CALENDAR, USER) != first
    assert len(fake.at("/token")) == 2


async def test_each_scope_and_each_person_has_a_token_of_its_own(
    google: Google, fake: FakeGoogle, public_pem: bytes
) -> None:
    asked = [(CALENDAR, USER), (CONTACTS, USER), (CALENDAR, "bob@acme.example"), (CALENDAR, None)]

    tokens = [await google.token(*one) for one in asked]

    assert len(set(tokens)) == 4
    claims = [jwt.decode(one.form["assertion"], certs=public_pem, verify=False) for one in fake.at("/token")]
    assert [(claim["scope"], claim.get("sub")) for claim in claims] == asked


async def test_many_who_want_the_same_token_ask_once(google: Google, fake: FakeGoogle) -> None:
    tokens = await asyncio.gather(*(google.token(CALENDAR, USER) for _ in range(20)))

    assert len(set(tokens)) == 1
    assert len(fake.at("/token")) == 1


async def test_a_refusal_is_not_kept(google: Google, fake: FakeGoogle) -> None:
    granted = fake.replies["/token"][0]
    fake.on("/token", (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}), granted)
    with pytest.raises(ServiceError):
        await google.token(CALENDAR, USER)

    assert await google.token(CALENDAR, USER)


async def test_a_signature_that_fails_is_raised_and_tried_anew(
    google: Google, fake: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = threading.get_ident()
    signed_in: list[int] = []

    def fail(_signer: object, _message: bytes) -> bytes:
        signed_in.append(threading.get_ident())
        raise MemoryError

    google.load_key()
    with monkeypatch.context() as broken:
        broken.setattr(crypt.RSASigner, "sign", fail)
        ends = await asyncio.gather(*(google.token(CALENDAR, USER) for _ in range(2)), return_exceptions=True)
    assert [type(end) for end in ends] == [MemoryError] * 2
    assert loop not in signed_in  # nobody waits for a signature but who needs it
    assert fake.at("/token") == []
    assert await google.token(CALENDAR, USER)


@pytest.mark.parametrize("failures", [1, 2])
async def test_a_passing_trouble_of_google_is_no_error(failures: int, google: Google, fake: FakeGoogle) -> None:
    granted = fake.replies["/token"][0]
    fake.on("/token", *[(503, {"error": "internal_failure"})] * failures, granted)

    assert await google.token(CALENDAR, USER)
    assert len(fake.at("/token")) == failures + 1


async def test_a_key_just_made_is_tried_once_more(google: Google, fake: FakeGoogle) -> None:
    granted = fake.replies["/token"][0]
    verifier = {"error": "invalid_grant", "error_description": "Invalid JWT: No valid verifier found for issuer."}
    fake.on("/token", (400, verifier), granted)

    assert await google.token(CALENDAR, USER)


# ---- readings ----------------------------------------------------------------------------------------------------


async def test_the_calendar_is_asked_for_its_entry(google: Google, fake: FakeGoogle) -> None:
    fake.on(LIST, (200, ENTRY))

    answer = await google.calendar(await google.token(CALENDAR, USER))

    assert answer == CalendarAnswer(USER, True, "owner", "Europe/Paris", "calendarList")
    judge("calendar.v3", fake.at(LIST)[0], ENTRY, CALENDAR)


async def test_a_token_for_events_only_is_asked_for_events(google: Google, fake: FakeGoogle) -> None:
    details = bodies.info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", method="calendar.v3.CalendarList.Get")
    message = "Request had insufficient authentication scopes."
    refused = bodies.front_end(403, "PERMISSION_DENIED", "insufficientPermissions", message, details)
    fake.on(LIST, (403, refused))
    fake.on(EVENTS, (200, EVENT_LIST))

    answer = await google.calendar(await google.token(f"{CALENDAR}.events", USER))

    assert answer == CalendarAnswer("", True, "owner", "Europe/Paris", "events")
    assert fake.at(EVENTS)[0].query["maxResults"] == "1"
    judge("calendar.v3", fake.at(EVENTS)[0], EVENT_LIST, f"{CALENDAR}.events")


async def test_any_other_refusal_does_not_fall_back(google: Google, fake: FakeGoogle) -> None:
    refused = bodies.backend(403, "calendar", "notACalendarUser", "The user must be signed up for Google Calendar.")
    fake.on(LIST, (403, refused))

    with pytest.raises(ServiceError) as caught:
        await google.calendar(await google.token(CALENDAR, USER))

    assert caught.value.cause == "google.calendar.off"
    assert fake.at(EVENTS) == []


async def test_contacts_are_counted_by_their_groups(google: Google, fake: FakeGoogle) -> None:
    fake.on(GROUPS, (200, GROUP_LIST))

    assert await google.contacts(await google.token(CONTACTS, USER)) == 10
    judge("people.v1", fake.at(GROUPS)[0], GROUP_LIST, CONTACTS)


async def test_the_directory_is_asked_as_the_admin(google: Google, fake: FakeGoogle, public_pem: bytes) -> None:
    fake.on(PERSON, (200, ACCOUNT_OF_ANN))

    found = await google.directory(USER)

    assert found == DirectoryUser("ann.b@acme.example", (USER, "ann@acme.test-google-a.com"), False, True)
    claims = jwt.decode(fake.at("/token")[0].form["assertion"], certs=public_pem, verify=False)
    assert (claims["sub"], claims["scope"]) == ("admin@acme.example", DIRECTORY_SCOPE)
    judge("admin.directory_v1", fake.at(PERSON)[0], ACCOUNT_OF_ANN, DIRECTORY_SCOPE)


@pytest.mark.parametrize(
    "body",
    [
        bodies.backend(404, "global", "notFound", "Resource Not Found: userKey"),
        bodies.newer(404, "NOT_FOUND", "Resource Not Found: userKey"),
    ],
)
async def test_nobody_in_the_directory_is_none(body: dict[str, Any], google: Google, fake: FakeGoogle) -> None:
    fake.on(PERSON, (404, body))

    assert await google.directory(USER) is None


async def test_an_address_cannot_leave_its_place_in_the_path(google: Google, fake: FakeGoogle) -> None:
    with pytest.raises(ServiceError):
        await google.directory("../groups/x?projection=full#@acme.example")

    assert fake.asked[-1].path == "/admin/directory/v1/users/..%2Fgroups%2Fx%3Fprojection%3Dfull%23@acme.example"
    assert fake.asked[-1].query["projection"] == "basic"


async def test_without_an_admin_the_directory_is_not_asked(
    settings: GoogleSettings, http: Http, fake: FakeGoogle
) -> None:
    google = Google(settings.model_copy(update={"admin": None}), http)

    with pytest.raises(ServiceError, match="admin"):
        await google.directory(USER)

    assert fake.asked == []


async def test_a_token_that_google_forgot_is_renewed_once(google: Google, fake: FakeGoogle) -> None:
    stale = await google.token(CALENDAR, USER)
    refused = bodies.front_end(401, "UNAUTHENTICATED", "authError", "Invalid Credentials")
    fake.on(LIST, (401, refused), (200, ENTRY))

    assert (await google.calendar(stale)).id == USER

    sent = [asked.headers["authorization"] for asked in fake.at(LIST)]
    assert sent[0] == f"Bearer {stale}"
    assert sent[1] == f"Bearer {await google.token(CALENDAR, USER)}" != sent[0]


async def test_a_token_that_google_never_takes_is_an_error_that_says_so(google: Google, fake: FakeGoogle) -> None:
    fake.on(LIST, (401, bodies.front_end(401, "UNAUTHENTICATED", "authError", "Invalid Credentials")))

    with pytest.raises(ServiceError) as caught:
        await google.calendar(await google.token(CALENDAR, USER))

    assert caught.value.cause == "google.error.unclassified"
    assert "every step of the set-up" in caught.value.evidence["note"]
    assert caught.value.evidence["answer"]["error"]["message"] == "Invalid Credentials"
    assert len(fake.at(LIST)) == 2
    assert len(fake.at("/token")) == 2


# ---- clock, secrets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("offset", [-95, 0, 3600])
async def test_the_clock_is_compared_with_googles(offset: int, google: Google, fake: FakeGoogle, clock: Clock) -> None:
    assert google.clock_offset is None
    theirs = format_datetime(clock(), usegmt=True)
    short_lived = {
        "error": "invalid_grant",
        "error_description": token_rows.SHORT_LIVED + "Check your iat and exp values.",
    }
    fake.on("/token", (400, short_lived, {"date": theirs}))
    clock.move(seconds=offset)

    with pytest.raises(ServiceError) as caught:
        await google.token(CALENDAR, USER)

    assert google.clock_offset is not None
    assert google.clock_offset.total_seconds() == offset
    assert caught.value.cause == "google.clock.skew"
    assert caught.value.evidence["seconds"] == offset


async def test_no_secret_is_in_a_repr_a_call_or_a_traceback(
    google: Google, fake: FakeGoogle, http: Http, pem: str, settings: GoogleSettings
) -> None:
    token = await google.token(CALENDAR, USER)
    fake.on(LIST, (403, bodies.backend(403, "global", "forbidden", "no")))
    try:
        await google.calendar(token)
    except ServiceError as error:
        text = "".join(traceback.format_exception(error)) + repr(error.__dict__)

    text += repr(google) + repr(vars(google)) + repr(http.calls) + repr(settings)
    assertion = fake.at("/token")[0].form["assertion"]
    for secret in (token, assertion, assertion.split(".")[2], pem.splitlines()[1]):
        assert secret not in text
    assert [(call.method, call.path, call.status) for call in http.calls] == [
        ("POST", "/token", 200),
        ("GET", LIST, 403),
    ]


async def test_a_redirect_is_not_followed(google: Google, fake: FakeGoogle) -> None:
    fake.on(LIST, (302, b"", {"location": f"http://127.0.0.1:{fake.port}/elsewhere"}))

    with pytest.raises(ServiceError):
        await google.calendar(await google.token(CALENDAR, USER))

    assert fake.at("/elsewhere") == []


def judge(document: str, asked: Asked, body: dict[str, Any], scope: str) -> None:
    """Google's discovery document knows the request, its parameters and scope, and the answer that we understood."""
    method = discovery.check_request(document, asked.method, asked.path, asked.query, scope)
    discovery.check_answer(document, method, body)


def test_the_judge_is_no_pushover() -> None:
    asked = Asked("GET", LIST, {"fields": "id"}, {}, {})
    judge("calendar.v3", asked, ENTRY, CALENDAR)

    for wrong, body, scope in (
        (replace(asked, path=LIST + "s/x/y"), ENTRY, CALENDAR),
        (replace(asked, query={"maxresults": "1"}), ENTRY, CALENDAR),
        (replace(asked, query={"fields": "mail"}), ENTRY, CALENDAR),
        (asked, ENTRY, CONTACTS),
        (asked, {**ENTRY, "mail": "x"}, CALENDAR),
        (asked, {**ENTRY, "primary": "yes"}, CALENDAR),
    ):
        with pytest.raises(AssertionError):
            judge("calendar.v3", wrong, body, scope)
