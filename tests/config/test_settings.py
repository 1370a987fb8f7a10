"""A good config file becomes settings: defaults, paths, configurations; and the sample file shows all that there is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from tests.config.test_broken_files import GOOGLE, SALESFORCE, salesforce
from tui import secret, settings
from tui.config import ConfigError, Settings, config_path, load, orgs, state_folder
from tui.model import ContactSync, Direction, EventSync
from tui.salesforce import links
from tui.sign_in import GoogleAgentKey
from tui.ssh_agent import AgentKey

Loaded = Callable[[str | bytes], Settings]
SAMPLE = Path(__file__).parents[2] / "sample_config.toml"


def test_the_least_file_has_every_default(loaded: Loaded, folder: Path) -> None:
    found = loaded(SALESFORCE)

    assert found.path == folder / "config.toml"
    assert found.google is None
    assert found.configurations == ()
    assert found.salesforce.key == folder / "salesforce.key"
    assert (found.salesforce.login_url, found.salesforce.audience) == (
        "https://acme.my.salesforce.com",
        "https://login.salesforce.com",
    )
    assert (found.salesforce.api_version, found.salesforce.product, found.salesforce.report) == ("auto", "auto", "")
    assert (found.triage.open_days, found.triage.api_reserve) == (30, 0.2)
    assert (found.journal.url, found.journal.keep_days) == (None, 400)
    assert (found.http.ca_file, found.http.proxy) == (None, None)


@pytest.mark.parametrize(
    ("domain", "origin", "audience"),
    [
        ("https://Acme.my.salesforce.com/", "https://acme.my.salesforce.com", "login"),
        ("https://acme--uat.sandbox.my.salesforce.com", "https://acme--uat.sandbox.my.salesforce.com", "test"),
        ("https://acme--uat.my.salesforce.com:443", "https://acme--uat.my.salesforce.com", "test"),
        ("https://a-b-123.scratch.my.salesforce.com", "https://a-b-123.scratch.my.salesforce.com", "test"),
        ("https://acme-dev-ed.develop.my.salesforce.com", "https://acme-dev-ed.develop.my.salesforce.com", "login"),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123", "login"),
        ("http://[::1]:8123", "http://[::1]:8123", "login"),
        ("http://localhost:80", "http://localhost", "login"),
    ],
)
def test_the_audience_follows_from_the_domain(loaded: Loaded, domain: str, origin: str, audience: str) -> None:
    found = loaded(salesforce(domain=f'"{domain}"')).salesforce

    assert (found.domain, found.login_url) == (origin, origin)
    assert found.audience == f"https://{audience}.salesforce.com"


def test_paths_are_relative_to_the_file_and_know_the_home_folder(
    loaded: Loaded, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("HOME", str(folder))

    found = loaded(salesforce(key='"~/salesforce.key"') + '[google]\nkey = "./google.json"\n')

    assert found.salesforce.key == folder / "salesforce.key"
    assert found.google is not None
    assert found.google.key == folder / "google.json"


def test_google_is_asked_for_the_two_usual_scopes_at_its_own_addresses(loaded: Loaded) -> None:
    google = loaded(SALESFORCE + GOOGLE).google

    assert google is not None
    assert dict(google.scopes) == {
        "calendar": ("https://www.googleapis.com/auth/calendar",),
        "contacts": ("https://www.googleapis.com/auth/contacts",),
    }
    assert google.urls.model_dump() == {
        "token": "https://oauth2.googleapis.com/token",
        "tokeninfo": "https://oauth2.googleapis.com/tokeninfo",
        "certificates": "https://www.googleapis.com/service_accounts/v1/metadata/x509",
        "calendar": "https://www.googleapis.com/calendar/v3",
        "people": "https://people.googleapis.com/v1",
        "directory": "https://admin.googleapis.com/admin/directory/v1",
    }
    assert google.admin is None


@pytest.mark.parametrize("name", ["sync@acme", "SHA256:UNFUkzEiSAjPZJqk4ckyL9IUFgWlaN4mM5mvKJhd1zE", "two words"])
def test_keys_of_an_agent_are_named_and_not_opened(loaded: Loaded, name: str) -> None:
    account = 'client_email = "sync@acme.iam.gserviceaccount.com", client_id = "1048"'
    found = loaded(
        salesforce(key=f'"ssh-agent:{name}"') + f'[google]\nkey = {{agent = "ssh-agent:{name}", {account}}}\n'
    )

    assert found.salesforce.key == AgentKey(name)
    assert found.google is not None
    assert found.google.key == GoogleAgentKey(
        agent=AgentKey(name), client_email="sync@acme.iam.gserviceaccount.com", client_id="1048", key_id=""
    )


@pytest.mark.parametrize("how", ["env", "file"])
def test_a_client_secret_is_somewhere_else(
    loaded: Loaded, folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("ACME_SECRET", "hunter2hunter2")
    (folder / "app.secret").write_text("hunter2hunter2\n")
    (folder / "app.secret").chmod(0o600)
    named = "env:ACME_SECRET" if how == "env" else "app.secret"
    found = loaded(salesforce(auth='"client_credentials"', username="", key="", client_secret=f'"{named}"')).salesforce

    assert found.client_secret is not None
    assert secret.read(found.client_secret) == "hunter2hunter2"
    assert "hunter2" not in repr(found) + str(found.client_secret)
    assert (found.username, found.key) == ("", None)


def test_the_session_of_sf_takes_a_name_only(loaded: Loaded) -> None:
    found = loaded(salesforce(auth='"sf_cli"', client_id="", key="", username='"acme-prod"')).salesforce

    assert (found.auth, found.username, found.client_id, found.key) == ("sf_cli", "acme-prod", "", None)


def test_configurations_become_nouns(loaded: Loaded) -> None:
    found = loaded(
        SALESFORCE
        + """
[[configurations]]
name = " Sales "
active = false
users = ["ann@acme.example"]
profiles = ["Sales Team"]
contacts = {direction = "none", match = "Was last updated"}
events = {direction = "google_to_salesforce", which = "selected"}
data_set = {contacts = "selected", events_from = 2026-01-01, relate_events = true}
[[configurations]]
name = "Support"
users = ["ann@acme.example"]
"""
    )

    first, second = found.configurations
    assert (first.name, first.active, first.users, first.profiles) == (
        "Sales",
        False,
        ("ann@acme.example",),
        ("Sales Team",),
    )
    assert first.contacts == ContactSync(Direction.NONE, "Was last updated")
    assert first.events == EventSync(Direction.GOOGLE_TO_SALESFORCE, "selected")
    assert dict(first.data_set) == {"contacts": "selected", "events_from": date(2026, 1, 1), "relate_events": True}
    assert (second.active, second.contacts, second.events, dict(second.data_set)) == (
        True,
        ContactSync(),
        EventSync(),
        {},
    )


def test_a_byte_order_mark_and_windows_lines_do_no_harm(loaded: Loaded) -> None:
    found = loaded(b"\xef\xbb\xbf" + SALESFORCE.replace("\n", "\r\n").encode())

    assert found.salesforce.client_id == "3MVG"


def test_settings_cannot_be_changed(loaded: Loaded) -> None:
    found = loaded(SALESFORCE + '[salesforce.labels]\n"Oui" = "yes"\n')

    with pytest.raises(Exception, match="frozen"):
        found.salesforce.username = "x"
    with pytest.raises(TypeError):
        found.salesforce.labels["Non"] = "no"  # type: ignore[index] # the very thing that must fail


@pytest.mark.parametrize("make", ["missing", "folder", "pipe"])
def test_a_file_that_cannot_be_read_is_a_sentence(make: str, tmp_path: Path) -> None:
    import os

    path = tmp_path / "config.toml"
    if make == "folder":
        path.mkdir()
    elif make == "pipe":
        os.mkfifo(path)

    with pytest.raises(ConfigError) as caught:
        load(path)

    (problem,) = caught.value.problems
    assert problem.key == ""
    assert str(path) in problem.sentence
    assert {"missing": "passerelle config init", "folder": "not a file", "pipe": "not a file"}[make] in problem.sentence


def test_paths_follow_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "s"))

    assert config_path() == tmp_path / "c" / "passerelle" / "config.toml"
    assert config_path("acme-uat") == tmp_path / "c" / "passerelle" / "acme-uat.toml"
    assert state_folder() == tmp_path / "s" / "passerelle"


@pytest.mark.parametrize("name", ["", "../acme", "/etc/passwd", ".hidden", "a/b", "a\nb", "a" * 65, "é"])
def test_an_org_name_cannot_lead_out_of_the_folder(name: str) -> None:
    with pytest.raises(ConfigError, match="--org"):
        config_path(name)


def test_the_orgs_are_the_files_of_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert orgs() == ()
    folder = tmp_path / "passerelle"
    folder.mkdir()
    for name in ("uat.toml", "config.toml", "acme.toml", "acme.toml.bak", ".hidden.toml", "é.toml"):
        (folder / name).touch()
    (folder / "folder.toml").mkdir()

    assert orgs() == ("acme", "config", "uat")
    with pytest.raises(ConfigError, match=r"Other orgs have a file there: acme, config, uat"):
        load(config_path("acne"))


# ---- the sample --------------------------------------------------------------------------------------------------


def filled() -> dict[str, Any]:
    """The sample with every commented line in use."""
    return tomllib.loads(re.sub(r"^#(?=\S)", "", SAMPLE.read_text("utf-8"), flags=re.MULTILINE))


def test_the_sample_loads_as_it_stands_and_with_every_line_in_use(loaded: Loaded) -> None:
    text = SAMPLE.read_text("utf-8")

    assert loaded(text).salesforce.domain == "https://acme.my.salesforce.com"
    found = loaded(re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE))

    assert found.google is not None
    assert found.google.admin == "admin@acme.example"
    assert found.configurations[0].name == "Sales"


def test_the_sample_shows_every_key_that_there_is() -> None:
    shown = set(_keys(filled()))

    for line in alternatives():
        shown |= set(_keys({"salesforce": tomllib.loads(line)})) | set(_keys({"google": tomllib.loads(line)}))

    assert set(_fields(settings.File)) <= shown


def alternatives() -> list[str]:
    """The lines of the sample that may stand in the place of others."""
    return re.findall(r"^# or: (.*)$", SAMPLE.read_text("utf-8"), re.MULTILINE)


def test_the_other_lines_of_the_sample_may_stand_in_the_place_of_theirs(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSERELLE_CLIENT_SECRET", "hunter2")
    credentials, sf_cli, key, client_secret, google = alternatives()
    text = SAMPLE.read_text("utf-8")

    agents = text.replace('key = "salesforce.key"', key).replace('key = "google.json"', google)
    assert isinstance(loaded(agents).salesforce.key, AgentKey)
    app = text.replace('auth = "jwt"', credentials).replace('key = "salesforce.key"', client_secret)
    assert loaded(re.sub(r"^username.*", "", app, flags=re.MULTILINE)).salesforce.client_secret is not None
    session = re.sub(r'^(client_id|key = "salesforce).*', "", text.replace('auth = "jwt"', sf_cli), flags=re.MULTILINE)
    assert loaded(session).salesforce.auth == "sf_cli"


def test_the_defaults_in_the_sample_are_the_defaults(loaded: Loaded) -> None:
    plain, full = loaded(SALESFORCE + GOOGLE), filled()

    assert plain.google is not None
    assert full["google"]["urls"] == plain.google.urls.model_dump()
    assert {side: tuple(scopes) for side, scopes in full["google"]["scopes"].items()} == plain.google.scopes
    assert full["triage"] == plain.triage.model_dump()
    assert full["journal"]["keep_days"] == plain.journal.keep_days


def test_the_links_are_those_that_salesforce_offers() -> None:
    assert set(get_args(settings.Link)) == set(links.PAGES)
    assert filled()["links"] == {name: path for name, (_side, path) in links.PAGES.items()}


def _keys(data: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, value in data.items():
        inner = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        yield above + name
        if isinstance(inner, dict):
            yield from _keys(inner, f"{above}{name}.")


def _fields(model: type[BaseModel], above: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield above + name
        for inner in _models(field.annotation):
            yield from _fields(inner, f"{above}{name}.")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
