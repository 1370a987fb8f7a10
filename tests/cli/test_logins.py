"""Every way in, from the config file to a verdict, against the practice org: an agent, client credentials, sf; and one
file and one journal for each org."""

from __future__ import annotations

import json
import os
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import jwt
import pytest
import tomli_w

from tests.agents import needs_agent, real_agent
from tests.cli.conftest import Run
from tests.salesforce.fake_sf import FakeSf, fake_sf
from tui.sandbox.options import FEWEST_USERS, Options
from tui.sandbox.serve import Running, start

NO_PAGE = "salesforce.page.no_access"


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Running]:
    """A practice org of the test's own, for its files are taken away."""
    with start(Options(dir=tmp_path / "practice", users=FEWEST_USERS, errors=200)) as running:
        yield running


@pytest.fixture
def own(org: Running, tmp_path: Path) -> Callable[..., Path]:
    """Writes a config file of one's own for the practice org, with these fields of [salesforce] (None: left out) and
    this Google key; without a journal of its own, so that the default is used."""

    def write(google: Any = None, /, name: str = "config", **fields: Any) -> Path:
        content = tomllib.loads(org.config.read_text())
        content["salesforce"] = {k: v for k, v in (content["salesforce"] | fields).items() if v is not None}
        if google is not None:
            content["google"]["key"] = google
        del content["journal"]
        folder = tmp_path / "c" / "passerelle"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.toml"
        path.write_text(tomli_w.dumps(content))
        return path

    return write


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home of the test's own: config folder, state folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return tmp_path


def users(org: Running) -> list[dict[str, Any]]:
    return list(json.loads((org.dir / "world.json").read_text())["users"])


def some(org: Running) -> list[dict[str, Any]]:
    """A user of each kind that the world has."""
    return list({(user["verdict"], *user["causes"]): user for user in users(org)}.values())


def checks(journal: Path) -> int:
    with closing(sqlite3.connect(journal)) as opened:
        return int(opened.execute("SELECT count(*) FROM checks").fetchone()[0])


# ---- keys of an agent --------------------------------------------------------------------------------------------


@needs_agent
def test_both_sides_are_signed_by_an_agent_and_no_key_lies_on_disk(
    run: Run, org: Running, own: Callable[..., Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = json.loads((org.dir / "google.json").read_text())
    with real_agent() as agent:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent.path))
        salesforce = agent.add((org.dir / "salesforce.pem").read_bytes())
        google = agent.add(account["private_key"].encode())
        for name in ("salesforce.pem", "google.json", "salesforce.secret"):
            (org.dir / name).unlink()
        own(
            {
                "agent": f"ssh-agent:{google}",
                "client_email": account["client_email"],
                "client_id": account["client_id"],
                "key_id": account["private_key_id"],
            },
            key=f"ssh-agent:{salesforce}",
        )
        (home / "salesforce.pem").unlink()  # of the config file that other tests use
        there = [path for path in home.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
        assert there == []

        ran = run("check", "--json", *(user["id"] for user in some(org)), named=False)
        found = [(record["verdict"], record["causes"]) for record in ran.records]
        assert found == [(user["verdict"], user["causes"]) for user in some(org)]
        tokens = [step for step in ran.records[0]["steps"] if step["id"] == "google.token.service_account"]
        assert [step["status"] for step in tokens] == ["pass"]

        ran = run("config", "check", named=False)
        assert f"a signed token and the key {salesforce} of the SSH agent" in ran.out
        assert f"Google's key can be used: {account['client_email']}, from the SSH agent." in ran.out
        (record,) = run("config", "check", "--json", named=False).records
        assert (record["login"]["auth"], record["login"]["kept"]) == ("jwt", "ssh-agent")
        assert record["google"] == {"kept": "ssh-agent", "sentence": ""}

    ran = run("config", "check", named=False)  # the agent has gone
    assert ran.status == 3
    assert "The SSH agent at" in ran.out
    assert "✗ failed" in ran.out
    (record,) = run("check", "--json", some(org)[0]["id"], named=False).records
    assert (record["verdict"], record["causes"]) == ("undetermined", [])
    assert "SSH agent" in record["steps"][0]["summary"]


@needs_agent
def test_a_google_key_that_is_not_in_the_agent_closes_the_google_side_alone(
    run: Run, org: Running, own: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with real_agent() as agent:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent.path))
        fingerprint = agent.add((org.dir / "salesforce.pem").read_bytes())
        key = {"agent": "ssh-agent:google", "client_email": "a@b.example", "client_id": "1"}
        own(key, key="ssh-agent:(stdin)")
        ran = run("config", "check", named=False)
        assert ran.status == 1
        assert f"The SSH agent holds no key “google”. It holds: (stdin) ({fingerprint})." in ran.out
        well = next(user for user in users(org) if user["verdict"] == "no_fault_found")
        (record,) = run("check", "--json", well["id"], named=False).records
        steps = {step["id"]: step for step in record["steps"]}
        assert (steps["google.key"]["status"], steps["salesforce.login"]["status"]) == ("unknown", "pass")
        assert record["verdict"] == "undetermined"


# ---- client credentials ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["env", "file"])
def test_client_credentials_read_all_but_the_page(
    run: Run, org: Running, own: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    secret = (org.dir / "salesforce.secret").read_text().strip()
    monkeypatch.setenv("PRACTICE_SECRET", secret)
    named = "env:PRACTICE_SECRET" if how == "env" else str(org.dir / "salesforce.secret")
    own(auth="client_credentials", client_secret=named, key=None, username=None)

    ran = run("config", "check", named=False)
    assert ran.status in (0, 1)
    assert "with client credentials (the API only, no page of Setup)." in ran.out
    assert "client credentials give a session for the API only" in ran.out
    errors = run("errors", "--json", named=False)
    assert len(errors.records) == 200
    duplicate = next(user for user in users(org) if user["causes"] == ["salesforce.email.duplicate"])
    failing = next(user for user in users(org) if user["causes"] == ["salesforce.sync.failing"])
    checked = run("check", "--json", duplicate["id"], failing["id"], named=False)
    verdicts = [(record["verdict"], record["causes"]) for record in checked.records]
    assert verdicts == [("review_configuration", ["salesforce.email.duplicate"]), ("undetermined", [NO_PAGE])]
    refused = run("reset", "--yes", failing["id"], named=False)
    assert refused.status != 0
    assert secret not in ran.out + ran.err + errors.out + checked.out + checked.err + refused.out + refused.err


@pytest.mark.parametrize(
    ("changes", "said"), [({"client_id": "3MVGx"}, "client identifier"), ({}, "client credentials")]
)
def test_wrong_client_credentials_are_a_sentence(
    run: Run, own: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], said: str
) -> None:
    monkeypatch.setenv("PRACTICE_SECRET", "hunter2hunter2")
    own(auth="client_credentials", client_secret="env:PRACTICE_SECRET", key=None, username=None, **changes)
    ran = run("config", "check", "--json", named=False)
    assert ran.status == 3
    assert ran.records[0]["login"]["cause"] == "salesforce.auth.bad_client"
    assert said in ran.records[0]["login"]["sentence"]
    assert "hunter2" not in ran.out + ran.err


# ---- sf ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sf(org: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeSf:
    """An sf that is logged in to the practice org: its token comes from a sign-in of the test's own."""
    import time
    import urllib.parse
    import urllib.request

    mine = tomllib.loads(org.config.read_text())["salesforce"]
    claims = {name: mine[key] for name, key in (("iss", "client_id"), ("sub", "username"), ("aud", "audience"))}
    signed = jwt.encode(claims | {"exp": int(time.time()) + 180}, Path(mine["key"]).read_bytes(), "RS256")
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed}
    url, data = f"{mine['domain']}/services/oauth2/token", urllib.parse.urlencode(form).encode()
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, data, timeout=10) as answer:
        token = json.load(answer)["access_token"]
    made = fake_sf(tmp_path / "bin", mine["domain"], token, token[:15] + "AAA", mine["username"])
    monkeypatch.setenv("PATH", str(made.folder), prepend=os.pathsep)
    return made


def test_the_session_of_sf_reads_everything(run: Run, org: Running, own: Callable[..., Path], sf: FakeSf) -> None:
    own(auth="sf_cli", username="practice", client_id=None, key=None)
    (org.dir / "salesforce.pem").unlink()

    ran = run("check", "--json", *(user["id"] for user in some(org)), named=False)
    found = [(record["verdict"], record["causes"]) for record in ran.records]
    assert found == [(user["verdict"], user["causes"]) for user in some(org)]
    told = run("config", "check", named=False)
    assert "the session of the Salesforce CLI, sf, for practice" in told.out
    token = sf.answers["show"]["out"].split('"accessToken": "')[1].split('"')[0]
    assert token not in ran.out + ran.err + told.out + told.err


def test_an_sf_that_is_not_logged_in_is_no_verdict(
    run: Run, own: Callable[..., Path], sf: FakeSf, org: Running
) -> None:
    own(auth="sf_cli", username="practice", client_id=None, key=None)
    sf.refuses("display", "NamedOrgNotFoundError", "No authorization information found for practice.")
    ran = run("check", "--json", some(org)[0]["id"], named=False)
    assert (ran.status, ran.records[0]["verdict"], ran.records[0]["causes"]) == (3, "undetermined", [])
    assert "sf org login web" in ran.records[0]["steps"][0]["summary"]
    (record,) = run("config", "check", "--json", named=False).records
    assert (record["login"]["cause"], record["login"]["kept"]) == (None, "sf")


# ---- one file and one journal for each org -----------------------------------------------------------------------


def test_each_org_has_its_file_and_its_journal(run: Run, org: Running, own: Callable[..., Path], home: Path) -> None:
    for name in ("config", "acme", "acme.uat"):
        own(name=name)
    someone = some(org)[0]["id"]

    assert run("check", someone, "--org", "acme", named=False).status in (0, 1, 3)
    state = home / "s" / "passerelle"
    assert {path.name for path in state.glob("*.sqlite3")} == {"journal-acme.sqlite3"}
    run("check", someone, named=False)
    run("check", someone, "--org", "acme.uat", named=False)
    run("--org", "acme", "check", someone, named=False)

    found = {path.name: checks(path) for path in state.glob("*.sqlite3")}
    assert found == {"journal.sqlite3": 1, "journal-acme.sqlite3": 2, "journal-acme.uat.sqlite3": 1}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in state.glob("*.sqlite3"))


def test_an_org_that_has_no_file_is_said_with_those_that_have(run: Run, own: Callable[..., Path]) -> None:
    own(name="acme")
    own(name="uat")
    ran = run("check", "x", "--org", "acne", named=False)
    assert (ran.status, ran.out) == (2, "")
    assert "Other orgs have a file there: acme, uat." in ran.err
