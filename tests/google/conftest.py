"""A key, a little Google on loopback, and the client that is to ask it."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.google.fake import FakeGoogle
from tui.config import GoogleSettings, GoogleUrls
from tui.google.client import Google
from tui.http import Http

ACCOUNT = "sync@acme.iam.gserviceaccount.com"
CALENDAR = "https://www.googleapis.com/auth/calendar"
CONTACTS = "https://www.googleapis.com/auth/contacts"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    time: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture(scope="session")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def pem(private_key: rsa.RSAPrivateKey) -> str:
    return private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture(scope="session")
def public_pem(private_key: rsa.RSAPrivateKey) -> bytes:
    return private_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@pytest.fixture
def key_file(tmp_path: Path, pem: str) -> Callable[..., Path]:
    """Writes the key file with these fields changed."""

    def write(**fields: object) -> Path:
        content = {
            "type": "service_account",
            "project_id": "acme-sync",
            "private_key_id": "0123456789abcdef",
            "private_key": pem,
            "client_email": ACCOUNT,
            "client_id": "104857600000000000001",
            "token_uri": "http://127.0.0.1:9/evil",
        } | fields
        path = tmp_path / "google.json"
        path.write_text(json.dumps(content))
        path.chmod(0o600)
        return path

    return write


@pytest.fixture
async def fake() -> AsyncIterator[FakeGoogle]:
    google = FakeGoogle()
    server = await asyncio.start_server(google.serve, "127.0.0.1", 0)
    google.port = server.sockets[0].getsockname()[1]
    count = iter(range(10_000))
    google.on(
        "/token",
        lambda asked: (200, {"access_token": f"ya29.{next(count)}", "expires_in": 3599, "token_type": "Bearer"}),
    )
    yield google
    server.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@pytest.fixture
async def http(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Http]:
    """The real one, without its pauses; the certificates, which take most of a test's time to load, are loaded once."""
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_options: tls)

    async def no_sleep(_seconds: float) -> None:
        await asyncio.sleep(0)

    client = Http(sleep=no_sleep)
    yield client
    await client.aclose()


@pytest.fixture
def settings(fake: FakeGoogle, key_file: Callable[..., Path]) -> GoogleSettings:
    base = f"http://127.0.0.1:{fake.port}"
    urls = GoogleUrls(
        token=f"{base}/token",
        calendar=f"{base}/calendar/v3",
        people=f"{base}/v1",
        directory=f"{base}/admin/directory/v1",
    )
    return GoogleSettings(key=key_file(), urls=urls, admin="admin@acme.example")


@pytest.fixture
def google(settings: GoogleSettings, http: Http, clock: Clock) -> Google:
    return Google(settings, http, now=clock)
