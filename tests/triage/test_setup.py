"""The set-up assistant without a screen: answers kept and refused, trials against the practice org, what is written."""

from __future__ import annotations

import asyncio
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.agents import needs_agent, real_agent
from tui.config import ConfigError, load
from tui.model import Finding, Status
from tui.questions import Stage, Stand
from tui.sandbox import serve
from tui.triage.setup.assistant import Assistant, begin
from tui.triage.setup.trial import meaning

PEM = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
FILE = """# by hand
[salesforce]
domain = "https://acme.my.salesforce.com"
client_id = "3MVG9"
username = "admin@acme.example"
key = "salesforce.key"
login_url = "https://acme.my.salesforce.com"
audience = "https://login.salesforce.com"
columns = { at = "Date" }

[google]
key = "google.json"
scopes = { calendar = ["https://www.googleapis.com/auth/calendar"], contacts = ["https://www.google.com/m8/feeds"] }
urls = { people = "https://people.example.com" }

[[configurations]]
name = "Sales"
users = ["ann@acme.example"]
data_set = { contacts = "selected", events_from = 2026-01-01, other = 3 }

[triage]
open_days = 14
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A config file that somebody wrote, with its keys."""
    path = tmp_path / "acme.toml"
    path.write_text(FILE)
    (tmp_path / "salesforce.key").write_text(PEM)
    (tmp_path / "google.json").write_text(
        '{"type": "service_account", "client_email": "s@acme.iam.gserviceaccount.com", "client_id": "104", '
        f'"private_key_id": "abc", "private_key": "{PEM}"}}'.replace("\n", "\\n")
    )
    for one in tmp_path.iterdir():
        one.chmod(0o600)
    return path


@contextmanager
def practice(folder: Path, *quirks: str, **options: Any) -> Iterator[tuple[Assistant, dict[str, Any]]]:
    """An assistant on a file of its own, and what the practice org's file says."""
    with serve.start(serve.Options(dir=folder / "p", users=150, errors=50, quirks=quirks, **options)) as running:
        content = tomllib.loads(running.config.read_text())
        assistant = begin(folder / "mine.toml")
        for name in ("domain", "client_id", "username", "key"):
            assistant.answer(f"salesforce.{name}", content["salesforce"][name])
        yield assistant, content


def found(stage: Stage, *statuses: Status) -> list[Finding]:
    return [finding for finding in stage.findings if finding.status in statuses]


def test_a_file_that_is_there_is_the_starting_point(file: Path) -> None:
    assistant = begin(file)
    assert assistant.problems == ()
    values = {one.id: one.value for stage in assistant.stages for one in stage.questions}
    assert values["salesforce.domain"] == "https://acme.my.salesforce.com"
    assert values["google.way"] == "file"
    assert values["google.contacts"] == "https://www.google.com/m8/feeds"


def test_what_is_not_asked_about_stays_in_the_file(file: Path) -> None:
    assistant = begin(file)
    assert assistant.answer("salesforce.username", "other@acme.example") == ""
    written = assistant.save()
    before, after = tomllib.loads(FILE), tomllib.loads(file.read_text())
    assert after == {**before, "salesforce": {**before["salesforce"], "auth": "jwt", "username": "other@acme.example"}}
    assert written.backup is not None
    assert written.backup.read_text() == FILE
    assert file.stat().st_mode & 0o777 == 0o600


def test_another_domain_takes_the_addresses_of_the_former_one_along(file: Path) -> None:
    assistant = begin(file)
    assistant.answer("salesforce.domain", "https://acme--test.sandbox.my.salesforce.com")
    assistant.save()
    assert load(file).salesforce.audience == "https://test.salesforce.com"
    assert load(file).salesforce.login_url == "https://acme--test.sandbox.my.salesforce.com"


def test_what_was_typed_outlives_another_way_of_signing_in(file: Path) -> None:
    assistant = begin(file)
    assistant.answer("salesforce.auth", "sf_cli")
    assert [one.id for one in assistant.stage("salesforce").questions] == [
        "salesforce.domain",
        "salesforce.auth",
        "salesforce.username",
    ]
    assert set(assistant.draft.data()["salesforce"]) & {"key", "client_id"} == set()
    assert assistant.problems == ()
    assistant.answer("salesforce.auth", "jwt")
    assert assistant.draft.data()["salesforce"]["key"] == "salesforce.key"


def test_a_stage_left_for_later_keeps_what_the_file_has_and_what_was_typed(file: Path) -> None:
    assistant = begin(file)
    assistant.answer("google.key", "nowhere.json")
    assert assistant.problems
    assistant.leave("google")
    assert assistant.problems == ()
    assert assistant.draft.data()["google"] == tomllib.loads(FILE)["google"]
    assert assistant.question("google.key").value == "nowhere.json"
    assistant.reopen("google")
    assert "nowhere.json" in assistant.problems[0]


def test_google_left_for_later_where_there_was_none_is_no_section(tmp_path: Path) -> None:
    assistant = begin(tmp_path / "new.toml")
    assistant.answer("google.way", "file")
    assistant.leave("google")
    assert "google" not in assistant.draft.data()


def test_without_google_the_section_goes_and_is_kept_in_the_former_file(file: Path) -> None:
    assistant = begin(file)
    assistant.answer("google.way", "none")
    backup = assistant.save().backup
    assert load(file).google is None
    assert backup is not None
    assert load(backup).google is not None


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("salesforce.key", PEM),
        ("google.key", '{"private_key": "s3cr3t"}'),
        ("salesforce.client_secret", "6A3F0B1C9E7D5A4B"),
    ],
)
def test_a_secret_is_refused_and_forgotten(file: Path, field: str, text: str) -> None:
    assistant = begin(file)
    if field.endswith("client_secret"):
        assistant.answer("salesforce.auth", "client_credentials")
    problem = assistant.answer(field, text)
    assert "secrets never go in this file" in problem
    assert text not in str((assistant.draft.values, assistant.draft.data(), problem))


def test_a_secret_in_the_environment_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = begin(file)
    assistant.answer("salesforce.auth", "client_credentials")
    assert "not set" in assistant.answer("salesforce.client_secret", "env:ACME_SECRET")
    monkeypatch.setenv("ACME_SECRET", "word")
    assert assistant.answer("salesforce.client_secret", "env:ACME_SECRET") == ""
    assert "ACME_SECRET" in str(assistant.draft.data())


def test_a_file_changed_meanwhile_is_not_overwritten(file: Path) -> None:
    assistant = begin(file)
    file.write_text(FILE + "# mine\n")
    with pytest.raises(ConfigError, match="changed by someone else"):
        assistant.save()
    assert file.read_text() == FILE + "# mine\n"


def test_a_file_changed_meanwhile_is_taken_up_with_the_answers_given(file: Path) -> None:
    assistant = begin(file)
    assistant.answer("salesforce.username", "other@acme.example")
    file.write_text(FILE.replace("3MVG9", "3MVG8").replace("open_days = 14", "open_days = 20"))
    assistant.reread()
    assistant.save()
    assert (load(file).salesforce.username, load(file).salesforce.client_id) == ("other@acme.example", "3MVG8")
    assert load(file).triage.open_days == 20


def test_a_pasted_column_of_addresses_is_a_list(file: Path) -> None:
    assistant = begin(file)
    assert assistant.answer("configurations.0.users", "ann@acme.example\nbob@acme.example carol@acme.example") == ""
    assistant.answer("configurations.0.profiles", "Sales Team; Service Team")
    assistant.answer("configurations.new", "Service")
    assert assistant.answer("configurations.1.events", "sideways")
    assert assistant.answer("configurations.1.events", "none") == ""
    assistant.save()
    first, second = load(file).configurations
    assert first.users == ("ann@acme.example", "bob@acme.example", "carol@acme.example")
    assert first.profiles == ("Sales Team", "Service Team")
    assert first.data_set["other"] == 3
    assert (second.name, second.events.direction) == ("Service", "none")
    assistant.answer("configurations.0.name", "")
    assert [one["name"] for one in assistant.draft.configurations] == ["Service"]


def test_a_file_that_is_no_toml_is_no_starting_point(file: Path) -> None:
    file.write_text("[salesforce")
    with pytest.raises(ConfigError, match="ends too early"):
        begin(file)


def test_the_commands_shown_make_a_key_that_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    assistant = begin(folder / "acme.toml")
    for line in assistant.question("salesforce.key").lines:
        subprocess.run(line, shell=True, check=True, capture_output=True)
    assert assistant.answer("salesforce.key", "salesforce.key") == ""
    assert "BEGIN CERTIFICATE" in (folder / "salesforce.crt").read_text()


def test_the_delegation_form_is_filled_in(file: Path) -> None:
    assistant = begin(file)
    given = assistant.stage("google").copy
    copied = {one.what: one.text for one in given}
    calendar, contacts = "https://www.googleapis.com/auth/calendar", "https://www.google.com/m8/feeds"
    assert copied["Client ID"] == "104"
    assert copied["Scopes"] == f"{calendar},{contacts}"
    assert copied["Domain-wide delegation, filled in"] == (
        f"https://admin.google.com/ac/owl/domainwidedelegation?clientScopeToAdd={calendar},{contacts}&clientIdToAdd=104"
    )
    assert [one.what for one in given if one.link] == ["Domain-wide delegation, filled in"]


@needs_agent
def test_the_keys_of_the_agent_are_offered_and_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with real_agent() as agent, practice(tmp_path) as (assistant, content):
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent.path))
        fingerprint = agent.add(Path(content["salesforce"]["key"]).read_bytes())
        [choice] = asyncio.run(assistant.look_up("salesforce.key")).choices
        assert choice.value == f"ssh-agent:{fingerprint}"
        assert assistant.answer("salesforce.key", choice.value) == ""
        assert asyncio.run(assistant.attempt("salesforce")).stand is Stand.WORKS


@pytest.mark.parametrize(
    ("quirk", "stand", "told"),
    [
        ("no_web_scope", Stand.WORKS, "not allowed to open the Setup page"),
        ("api_only", Stand.FAILED, "API-only user"),
        ("other_language", Stand.WORKS, "set that user to English"),
    ],
)
async def test_what_this_user_or_app_lacks_is_said(tmp_path: Path, quirk: str, stand: Stand, told: str) -> None:
    with practice(tmp_path, quirk) as (assistant, _content):
        stage = await assistant.attempt("salesforce")
        assert stage.stand is stand
        assert told in " ".join(one.summary for one in found(stage, Status.WARN, Status.FAIL))


async def test_a_refusal_is_explained_with_its_cause(tmp_path: Path) -> None:
    with practice(tmp_path, scenario="salesforce.auth.not_approved") as (assistant, content):
        stage = await assistant.attempt("salesforce")
        [refused] = stage.findings
        assert (stage.stand, refused.cause) == (Stand.FAILED, "salesforce.auth.not_approved")
        assert content["salesforce"]["username"] in meaning(refused)
        assert refused.fix


async def test_answers_that_will_not_do_are_not_tried(tmp_path: Path) -> None:
    assistant = begin(tmp_path / "new.toml")
    stage = await assistant.attempt("salesforce")
    assert (stage.stand, stage.findings) == (Stand.OPEN, ())
    assert "salesforce.domain" in {question.id for question in stage.problems}


@pytest.mark.parametrize(
    ("scenario", "cause"),
    [
        ("google.delegation.unauthorized", "google.delegation.unauthorized"),
        ("google.key.revoked", "google.key.revoked"),
        ("google.api.contacts_disabled", "google.api.contacts_disabled"),
    ],
)
async def test_google_is_tried_for_one_person(tmp_path: Path, scenario: str, cause: str) -> None:
    with practice(tmp_path, scenario=scenario) as (assistant, content):
        assistant.draft.base = {"google": {"urls": content["google"]["urls"]}}
        assistant.answer("google.way", "file")
        assistant.answer("google.key", content["google"]["key"])
        assistant.answer("google.test_user", content["google"]["admin"])
        stage = await assistant.attempt("google")
        assert stage.stand is Stand.FAILED
        assert cause in {one.cause for one in stage.findings}


async def test_a_report_that_nobody_may_read_is_explained(tmp_path: Path) -> None:
    with practice(tmp_path, scenario="salesforce.report.unavailable") as (assistant, _content):
        stage = await assistant.attempt("report")
        assert (stage.stand, stage.findings[0].cause) == (Stand.FAILED, "salesforce.report.unavailable")
        assistant.answer("report.report", "whatever")
        assert assistant.stage("report").stand is Stand.OPEN
