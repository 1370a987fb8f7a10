"""Every way of signing in against a Salesforce of the tests' own: agent, client credentials, the session of sf."""

from __future__ import annotations

import asyncio
import os
import re
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.agents import needs_agent, real_agent
from tests.http.server import Reply, Request, serving
from tests.salesforce.fake_sf import FakeSf, fake_sf
from tests.salesforce.org import KEY, NOW, ORG_ID, PEM, FakeOrg, org_and_client
from tui.config import SalesforceSettings
from tui.http import Http
from tui.model import ServiceError, User
from tui.salesforce import sf_cli
from tui.salesforce.client import Salesforce
from tui.secret import Secret
from tui.ssh_agent import AgentKey

JANE = User("005000000000001AAA", "Jane Doe", "u1@acme.com", "u1@acme.com", True, raw_name="Jane Doe")
TOKEN = "00D000000000001!AQ.first_one"
SECRET = "hunter2hunter2"


@asynccontextmanager
async def signing_in(**fields: Any) -> AsyncIterator[tuple[FakeOrg, Salesforce, Http]]:
    """The org, listening, and a client that signs in with these settings."""
    org, http = FakeOrg(), Http()
    async with serving(org.handle) as org.server:
        settings = SalesforceSettings(domain=org.server.url, **fields)
        yield org, Salesforce(settings, http, now=lambda: NOW), http
        await http.aclose()


def ended(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


async def refusal(client: Salesforce) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await client.connect()
    assert caught.value.__cause__ is None
    for secret in (SECRET, TOKEN, "first_one"):
        assert secret not in repr(caught.value) + str(caught.value) + repr(caught.value.evidence)
    return caught.value


# ---- a key in an agent -------------------------------------------------------------------------------------------


@needs_agent
async def test_a_key_of_an_agent_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with real_agent() as agent:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent.path))
        key = AgentKey(agent.add(PEM))
        async with signing_in(client_id="3MVG", username="admin@acme.com", key=key) as (org, client, _http):
            found = await client.connect()  # the org verifies the assertion with the key's public half
            assert found.acting_user == "admin@acme.com"
            assertion = next(r for r in org.server.seen if r.path.endswith("/token")).form["assertion"]
            assert jwt.get_unverified_header(assertion) == {"alg": "RS256", "typ": "JWT"}
            assert jwt.decode(
                assertion, KEY.public_key(), ["RS256"], options={"verify_aud": False, "verify_exp": False}
            )


async def test_an_agent_that_is_not_there_is_no_cause_of_salesforces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    async with signing_in(client_id="3MVG", username="a@b.c", key=AgentKey("me")) as (org, client, _http):
        problem = await refusal(client)

    assert (problem.cause, org.token_requests) == ("", 0)
    assert "no SSH agent" in problem.message
    assert problem.evidence["key"] == "ssh-agent:me"


# ---- client credentials ------------------------------------------------------------------------------------------


def grant(org: FakeOrg, **more: Any) -> list[dict[str, str]]:
    """Makes the org answer client credentials; what it was sent."""
    forms: list[dict[str, str]] = []
    signed = org.token

    def token(request: Request) -> Reply:
        if request.form["grant_type"] != "client_credentials":
            return signed(request)
        forms.append(dict(request.form))
        org.scope = "api"
        org.tokens = {TOKEN}
        body = {"access_token": TOKEN, "scope": "api", "instance_url": org.server.url, "token_type": "Bearer"}
        return Reply(200, body | {"id": f"https://login.salesforce.com/id/{ORG_ID}/005000000000009AAA"} | more)

    org.token = token  # type: ignore[method-assign] # this org answers otherwise
    return forms


async def test_client_credentials_are_sent_to_the_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_SECRET", SECRET)
    fields = {"auth": "client_credentials", "client_id": "3MVG", "client_secret": Secret(env="ACME_SECRET")}
    async with signing_in(**fields) as (org, client, http):
        forms = grant(org)
        found = await client.connect()

        assert forms == [{"grant_type": "client_credentials", "client_id": "3MVG", "client_secret": SECRET}]
        assert found.acting_user == "admin@acme.com"
        assert SECRET not in repr(list(http.calls)) + repr(client._settings)


async def test_with_client_credentials_the_page_is_closed_and_it_is_said_why(tmp_path: Path) -> None:
    file = tmp_path / "app.secret"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    fields = {"auth": "client_credentials", "client_id": "3MVG", "client_secret": Secret(path=file)}
    async with signing_in(**fields) as (org, client, _http):
        grant(org)
        with pytest.raises(ServiceError, match="session for the API only") as caught:
            await client.page().status(JANE)
        assert caught.value.cause == "salesforce.page.no_access"

        file.chmod(0o644)  # read anew for the next token, and judged anew
        org.tokens = set()
        with pytest.raises(ServiceError, match="chmod 600") as caught:
            await client.query("SELECT Id FROM Organization")
        assert SECRET not in str(caught.value)


async def test_a_token_without_the_scope_web_names_its_scopes(tmp_path: Path) -> None:
    async with org_and_client(tmp_path) as (org, client, _http):
        org.scope = "api refresh_token"
        with pytest.raises(ServiceError, match=r"no scope web \(its scopes: api, refresh_token\)") as caught:
            await client.page().organisation()
        assert caught.value.cause == "salesforce.page.no_access"


@pytest.mark.parametrize(
    ("error", "description", "cause"),
    [
        ("invalid_client", "invalid client credentials", "salesforce.auth.bad_client"),
        ("invalid_client_id", "client identifier invalid", "salesforce.auth.bad_client"),
        ("invalid_grant", "no client credentials user enabled", "salesforce.auth.not_approved"),
        ("invalid_grant", f"client_secret={SECRET} is wrong", "salesforce.rights.missing"),
    ],
)
async def test_client_credentials_that_are_refused(
    monkeypatch: pytest.MonkeyPatch, error: str, description: str, cause: str
) -> None:
    monkeypatch.setenv("ACME_SECRET", SECRET)
    fields = {"auth": "client_credentials", "client_id": "3MVG", "client_secret": Secret(env="ACME_SECRET")}
    async with signing_in(**fields) as (org, client, _http):
        org.fix("/services/oauth2/token", Reply(400, {"error": error, "error_description": description}))
        assert (await refusal(client)).cause == cause


async def test_a_secret_that_has_gone_is_a_sentence() -> None:
    fields = {"auth": "client_credentials", "client_id": "3MVG", "client_secret": Secret(env="NO_SUCH_VARIABLE")}
    async with signing_in(**fields) as (_org, client, _http):
        problem = await refusal(client)
    assert (problem.cause, "NO_SUCH_VARIABLE" in problem.message) == ("", True)


async def test_an_answer_that_does_not_say_as_whom_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_SECRET", SECRET)
    fields = {"auth": "client_credentials", "client_id": "3MVG", "client_secret": Secret(env="ACME_SECRET")}
    async with signing_in(**fields) as (org, client, _http):
        grant(org, id="")
        assert "does not say as whom" in (await refusal(client)).message


# ---- the session of sf -------------------------------------------------------------------------------------------


@asynccontextmanager
async def with_sf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, username: str = "acme"
) -> AsyncIterator[tuple[FakeOrg, Salesforce, FakeSf]]:
    async with signing_in(auth="sf_cli", username=username) as (org, client, _http):
        sf = fake_sf(tmp_path / "bin", org.server.url, TOKEN, ORG_ID, "admin@acme.com")
        org.tokens = {TOKEN}
        monkeypatch.setenv("PATH", str(sf.folder), prepend=os.pathsep)
        yield org, client, sf


async def test_the_session_of_sf_is_used_and_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with with_sf(tmp_path, monkeypatch) as (org, client, sf):
        found = await client.connect()
        assert (found.acting_user, found.id) == ("admin@acme.com", ORG_ID)
        assert org.token_requests == 0
        shown, token = sf.calls
        assert shown[:3] == [["org", "display", "--target-org=acme", "--json"], "1", ""]
        assert token[0] == ["org", "auth", "show-access-token", "--target-org=acme", "--no-prompt", "--json"]

        renewed = TOKEN.replace("first_one", "second_one")
        org.tokens = {renewed}
        sf.says("show", {"accessToken": renewed})
        assert await client.query("SELECT Id FROM Organization")
        assert len(sf.calls) == 4


async def test_a_session_that_sf_cannot_renew_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with with_sf(tmp_path, monkeypatch) as (org, client, _sf):
        await client.connect()
        org.tokens = set()
        with pytest.raises(ServiceError, match=r"session that sf has for acme is over.*sf org login web") as caught:
            await client.query("SELECT Id FROM Organization")
        assert TOKEN not in str(caught.value) + repr(caught.value.evidence)


async def test_the_page_opens_with_the_session_of_sf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with with_sf(tmp_path, monkeypatch) as (_org, client, _sf):
        reading = await client.page().status(JANE)
        assert reading.shown_name == "Jane Doe"
        assert reading.rows


async def test_without_sf_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with with_sf(tmp_path, monkeypatch) as (_org, client, sf):
        (sf.folder / "sf").unlink()
        monkeypatch.setenv("PATH", str(sf.folder))
        assert "not installed" in (await refusal(client)).message
        (sf.folder / "sf").write_text("#!/no/such/interpreter\n")
        (sf.folder / "sf").chmod(0o700)
        assert "cannot be started" in (await refusal(client)).message


HTML = "<!DOCTYPE html><html><title>Proxy</title></html>"
NOT_A_COMMAND = (
    " ›   Warning: org auth show-access-token is not a sf command.\nDid you mean org login access-token? [y/n]"
)


@pytest.mark.parametrize(
    ("command", "answer", "words"),
    [
        ("display", {"out": HTML}, "something else than was asked for .sf org display."),
        ("display", {"out": ""}, "something else"),
        ("display", {"out": "[" * 5000}, "something else"),
        ("display", {"out": '{"status": 0, "result": []}'}, "something else"),
        ("display", {"out": '{"status": 0, "result": {"instanceUrl": 3, "username": "x"}}'}, "something else"),
        ("show", {"out": HTML, "err": "boom"}, "something else than was asked for .sf org auth show-access-token."),
        ("show", {"out": "x" * 3_000_000}, "something else"),
        ("show", {"out": "", "err": NOT_A_COMMAND, "status": 127}, "too old.*sf update"),
        ("show", {"out": NOT_A_COMMAND, "status": 0}, "too old"),
        ("show", {"out": '{"name": "Error", "message": "command org:auth not found"}', "status": 2}, "too old"),
        ("show", {"result": {"accessToken": "[REDACTED] Use 'sf org auth …' to view"}}, "hides the token"),
        ("show", {"result": {"accessToken": ""}}, "something else"),
        ("show", {"result": {"accessToken": "00D000000000001!x\r\nevil: 1"}}, "something else"),
        ("show", {"result": {"accessToken": TOKEN.replace("00D000000000001", "00D000000000777")}}, "of another org"),
        ("display", {"sleep": 30}, "did not answer within"),
    ],
)
async def test_an_sf_that_does_not_answer_as_it_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, answer: dict[str, Any], words: str
) -> None:
    if "sleep" in answer:
        monkeypatch.setattr(sf_cli, "SECONDS", 0.5)
    async with with_sf(tmp_path, monkeypatch) as (_org, client, sf):
        sf.says(command, **answer)
        problem = await refusal(client)
        assert problem.cause == ""
        assert re.search(words, problem.message), problem.message
        for _arguments, _colour, _stdin, number in sf.calls:
            assert ended(number)


@pytest.mark.parametrize(
    ("command", "name", "message", "words"),
    [
        ("display", "NamedOrgNotFoundError", "No authorization information found for acme.", "not logged in to acme"),
        ("display", "NoDefaultEnvError", "No default environment found.", "not logged in"),
        ("show", "RefreshTokenAuthError", "Error authenticating with the refresh token due to: expired", "is over"),
        ("show", "OddError", f"It broke with {TOKEN}\x1b[31m", r"sf refused \(org auth show-access-token\): It broke"),
    ],
)
async def test_what_sf_refuses_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str, message: str, words: str
) -> None:
    async with with_sf(tmp_path, monkeypatch) as (org, client, sf):
        sf.refuses(command, name, message)
        problem = await refusal(client)
        assert re.search(words, problem.message), problem.message
        assert "\x1b" not in problem.message
        assert words.startswith("sf refused") or org.server.url in problem.message


async def test_a_session_of_another_org_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with with_sf(tmp_path, monkeypatch) as (org, client, sf):
        there = {"id": ORG_ID, "username": "a@b.c", "instanceUrl": "https://other.my.salesforce.com"}
        sf.says("display", there)
        problem = await refusal(client)
        assert "another org as acme: https://other.my.salesforce.com" in problem.message
        assert org.server.seen == []
        assert len(sf.calls) == 1  # its token was not even asked for


async def test_a_name_that_looks_like_an_option_stays_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with with_sf(tmp_path, monkeypatch, username="--help; rm -rf /") as (_org, client, sf):
        await client.connect()
        assert all("--target-org=--help; rm -rf /" in call[0] for call in sf.calls)


def test_a_cancelled_sign_in_ends_sf_also_outside_the_main_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sf = fake_sf(tmp_path / "bin", "https://acme.my.salesforce.com", TOKEN, ORG_ID, "a@b.c")
    sf.says("display", {}, sleep=120)
    monkeypatch.setenv("PATH", str(sf.folder), prepend=os.pathsep)

    async def leave() -> None:
        asking = asyncio.ensure_future(sf_cli.session("acme", "https://acme.my.salesforce.com"))
        until = time.monotonic() + 40
        while not sf.calls and time.monotonic() < until:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    thread = threading.Thread(target=lambda: asyncio.run(leave()))
    begun = time.monotonic()
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    assert time.monotonic() - begun < 60
    ((_arguments, _colour, _stdin, number),) = sf.calls
    assert ended(number)
