"""A Google key that an SSH agent holds: the assertions are Google's own, and no key file is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.auth import jwt

from tests.agents import RealAgent, needs_agent, real_agent
from tests.google.conftest import ACCOUNT, CALENDAR, Clock
from tests.google.fake import FakeGoogle
from tui.config import GoogleSettings
from tui.google.client import Google
from tui.http import Http
from tui.model import ServiceError
from tui.sign_in import GoogleAgentKey
from tui.ssh_agent import AgentKey

pytestmark = needs_agent
USER = "ann@acme.example"


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[RealAgent]:
    with real_agent() as running:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(running.path))
        yield running


def held(settings: GoogleSettings, name: str, key_id: str = "0123456789abcdef") -> GoogleSettings:
    """The settings with the key in an agent, and no key file any more."""
    if isinstance(settings.key, Path):
        settings.key.unlink()
    key = GoogleAgentKey(agent=AgentKey(name), client_email=ACCOUNT, client_id="104857600000000000001", key_id=key_id)
    return settings.model_copy(update={"key": key})


@pytest.mark.parametrize("key_id", ["0123456789abcdef", ""])
async def test_the_assertion_is_what_googles_own_library_verifies(
    agent: RealAgent, settings: GoogleSettings, http: Http, fake: FakeGoogle, clock: Clock, pem: str, public_pem: bytes,
    key_id: str,
) -> None:  # fmt: skip
    google = Google(held(settings, agent.add(pem.encode()), key_id), http, now=clock)
    google.load_key()
    assert (google.account, google.client_id, google.key_id) == (ACCOUNT, "104857600000000000001", key_id)

    await google.token(CALENDAR, USER)

    (asked,) = fake.at("/token")
    claims = jwt.decode(asked.form["assertion"], certs=public_pem, audience="https://oauth2.googleapis.com/token")
    assert (claims["iss"], claims["sub"], claims["scope"]) == (ACCOUNT, USER, CALENDAR)
    header = {"typ": "JWT", "alg": "RS256"} | ({"kid": key_id} if key_id else {})
    assert jwt.decode_header(asked.form["assertion"]) == header


async def test_a_key_that_leaves_the_agent_is_unreadable(
    agent: RealAgent, settings: GoogleSettings, http: Http, pem: str
) -> None:
    fingerprint = agent.add(pem.encode())
    google = Google(held(settings, fingerprint), http)
    first = await google.token(CALENDAR, USER)
    google.load_key()
    assert await google.token(CALENDAR, USER) == first

    agent.run("-D")
    with pytest.raises(ServiceError, match="shows no key") as caught:
        google.load_key()
    assert caught.value.cause == "google.key.unreadable"
    assert caught.value.evidence["key"] == f"ssh-agent:{fingerprint}"
    with pytest.raises(ServiceError, match="shows no key") as caught:
        await google.token(CALENDAR, "other@acme.example")
    assert caught.value.cause == "google.key.unreadable"


async def test_a_declined_confirmation_is_unreadable(
    agent: RealAgent, settings: GoogleSettings, http: Http, fake: FakeGoogle, pem: str
) -> None:
    google = Google(held(settings, agent.add(pem.encode(), "-c")), http)
    google.load_key()  # looking asks nobody

    with pytest.raises(ServiceError, match="ssh-add -c") as caught:
        await google.token(CALENDAR, USER)
    assert caught.value.cause == "google.key.unreadable"
    assert fake.at("/token") == []
