"""The key: what it signs, judged by Google's own library, and what is said when it cannot sign."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from google.auth import jwt

from tests.google.conftest import ACCOUNT, CALENDAR, Clock
from tests.google.fake import FakeGoogle
from tui.config import GoogleSettings
from tui.google.client import Google
from tui.http import Http
from tui.model import ServiceError

USER = "ann@acme.example"


# ---- assertions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", [USER, None])
async def test_the_assertion_is_what_googles_own_library_verifies(
    subject: str | None, google: Google, fake: FakeGoogle, clock: Clock, public_pem: bytes
) -> None:
    await google.token(CALENDAR, subject)

    (asked,) = fake.at("/token")
    assert asked.method == "POST"
    assert asked.form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    claims = jwt.decode(asked.form["assertion"], certs=public_pem, audience="https://oauth2.googleapis.com/token")
    now = int(clock().timestamp())
    assert claims == {
        "iss": ACCOUNT,
        "scope": CALENDAR,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
        **({"sub": subject} if subject else {}),
    }
    assert jwt.decode_header(asked.form["assertion"]) == {"typ": "JWT", "alg": "RS256", "kid": "0123456789abcdef"}


async def test_a_key_without_an_id_has_none_in_the_header(
    settings: GoogleSettings, key_file: Callable[..., Path], http: Http, fake: FakeGoogle
) -> None:
    key_file(private_key_id=None)
    google = Google(settings, http)
    await google.token(CALENDAR, None)

    assert "kid" not in jwt.decode_header(fake.at("/token")[0].form["assertion"])
    assert google.key_id == ""


async def test_googles_own_credentials_would_ask_the_same(
    google: Google, fake: FakeGoogle, settings: GoogleSettings, public_pem: bytes
) -> None:
    """google-auth's own service-account credentials, pointed at the same endpoint, send the same grant and claims."""
    from google.auth.transport.requests import Request
    from google.oauth2 import service_account

    await google.token(CALENDAR, USER)
    credentials = service_account.Credentials.from_service_account_file(str(settings.key), scopes=[CALENDAR])
    theirs = credentials.with_subject(USER).with_token_uri(settings.urls.token)
    await asyncio.to_thread(theirs.refresh, Request())

    ours, other = fake.at("/token")
    assert ours.form.keys() == other.form.keys()
    assert ours.form["grant_type"] == other.form["grant_type"]
    read = [
        jwt.decode(asked.form["assertion"], certs=public_pem, verify=True, audience=None) for asked in (ours, other)
    ]
    assert read[0].keys() == read[1].keys()
    assert {**read[0], "iat": 0, "exp": 0} == {**read[1], "iat": 0, "exp": 0}
    assert [claims["exp"] - claims["iat"] for claims in read] == [3600, 3600]


async def test_the_key_files_own_token_address_is_not_followed(google: Google, http: Http, fake: FakeGoogle) -> None:
    await google.token(CALENDAR, USER)

    assert [call.path for call in http.calls] == ["/token"]
    assert len(fake.at("/token")) == 1


# ---- the key -----------------------------------------------------------------------------------------------------


def test_a_key_says_who_it_is_once_it_is_loaded(google: Google) -> None:
    assert (google.key_id, google.account, google.client_id) == ("", "", "")

    google.load_key()

    assert (google.key_id, google.account, google.client_id) == (
        "0123456789abcdef",
        ACCOUNT,
        "104857600000000000001",
    )


def elliptic() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def encrypted() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"x")
    ).decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda pem: {"private_key": elliptic()}, "not a plain RSA key"),
        (lambda pem: {"private_key": encrypted()}, "passphrase"),
        (lambda pem: {"private_key": pem.replace("\n", "\\n")}, r"characters \n"),
        (lambda pem: {"private_key": pem[: len(pem) // 2] + "\n-----END PRIVATE KEY-----\n"}, "damaged"),
        (lambda pem: {"private_key": "garbage"}, "no private key in PEM"),
        (lambda pem: {"private_key": ""}, "lacks private_key"),
        (lambda pem: {"client_email": None}, "lacks client_email"),
        (lambda pem: {"type": "external_account"}, "external_account"),
    ],
)
async def test_a_key_that_cannot_sign_is_a_cause_with_a_sentence(
    change: Callable[[str], dict[str, Any]], words: str, google: Google, key_file: Callable[..., Path], pem: str
) -> None:
    key_file(**change(pem))

    for attempt in (google.load_key, lambda: asyncio.run(google.token(CALENDAR, USER))):
        with pytest.raises(ServiceError) as caught:
            await asyncio.to_thread(attempt)
        assert caught.value.cause == "google.key.unreadable"
        assert words in caught.value.evidence["error"]
        assert words in str(caught.value)
        assert pem.splitlines()[3] not in repr(caught.value) + json.dumps(caught.value.evidence)
        assert caught.value.__cause__ is None


def test_a_file_that_was_opened_to_others_meanwhile_is_refused(google: Google, settings: GoogleSettings) -> None:
    google.load_key()
    settings.key.chmod(0o644)

    with pytest.raises(ServiceError, match="chmod 600"):
        google.load_key()


async def test_a_new_key_in_the_file_forgets_the_tokens_of_the_old_one(
    google: Google, fake: FakeGoogle, key_file: Callable[..., Path]
) -> None:
    first = await google.token(CALENDAR, USER)
    google.load_key()
    assert await google.token(CALENDAR, USER) == first

    key_file(private_key_id="another")
    google.load_key()

    assert await google.token(CALENDAR, USER) != first
    assert google.key_id == "another"
