"""`passerelle doctor`: with a config that is in order, with a broken one, with none; its exit statuses and its file."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.test_practice import own
from tui.sandbox.options import FEWEST_USERS, Options
from tui.sandbox.serve import Running, start


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with start(Options(dir=tmp_path_factory.mktemp("org"), users=FEWEST_USERS, errors=50)) as running:
        yield running


@pytest.fixture
def practice(org: Running, tmp_path: Path) -> Path:
    return own(org, tmp_path)


def facts(out: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(out)["facts"]}


def test_all_well_is_0_and_one_record(run: Run, practice: Path) -> None:
    ran = run("doctor", "--config", str(practice), "--json", named=False)
    found = facts(ran.out)
    assert (ran.status, ran.err, len(ran.records)) == (0, "", 1)
    assert {one["status"] for one in found.values()} == {"pass", "skip"}
    assert {one["group"] for one in found.values()} == {"host", "org", "assumption"}
    assert found["org.login"]["answered"]["scopes"] == ["api", "web"]
    assert found["host.hosts"]["answered"]["hosts"] == [ran.records[0]["facts"][7]["summary"].split()[-1]]
    assert "token" not in str(found["org.login"]["answered"])


def test_it_is_told_in_both_languages(run: Run, practice: Path) -> None:
    ran = run("doctor", "--config", str(practice), named=False)
    assert ran.status == 0
    for title in ("This computer", "What can be read here", "What we assume of Salesforce"):
        assert title in ran.out
    assert run("--lang", "fr", "doctor", "--config", str(practice), named=False).status == 0


def test_without_a_config_file_the_host_is_looked_at(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    ran = run("doctor", "--json", named=False)
    found = facts(ran.out)
    assert (ran.status, found["host.config"]["status"]) == (2, "fail")
    assert "There is no config file" in found["host.config"]["summary"]
    assert "oauth2.googleapis.com:443" in found["host.hosts"]["answered"]["hosts"]
    assert {one["group"] for one in found.values()} == {"host"}


def test_every_problem_of_a_broken_config_is_said(run: Run, practice: Path) -> None:
    practice.write_text(practice.read_text().replace("client_id", "client_di").replace("audience", "audiense"))
    ran = run("doctor", "--config", str(practice), named=False)
    assert ran.status == 2
    assert "client_di" in ran.out
    assert "audiense" in ran.out
    assert "Python" in ran.out


def test_a_refused_login_is_3_and_names_its_cause(run: Run, practice: Path) -> None:
    practice.write_text(practice.read_text().replace('client_id = "', 'client_id = "x'))
    ran = run("doctor", "--config", str(practice), "--json", named=False)
    found = facts(ran.out)
    assert (ran.status, found["org.login"]["status"]) == (3, "fail")
    assert found["org.login"]["answered"]["cause"] == "salesforce.auth.bad_client"
    assert "x3MVG9" not in ran.out


def test_a_journal_that_cannot_be_opened_stops_nothing(run: Run, practice: Path, tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3").write_text("no database at all, but a text that is long enough to be read as one")
    ran = run("doctor", "--config", str(practice), "--json", named=False)
    found = facts(ran.out)
    assert (ran.status, found["host.journal"]["status"], found["org.login"]["status"]) == (1, "fail", "pass")


def test_the_field_report_is_new_closed_and_names_nobody(run: Run, practice: Path, tmp_path: Path) -> None:
    file = tmp_path / "field.md"
    ran = run("doctor", "--config", str(practice), "--field-report", str(file), named=False)
    assert ran.status == 0
    assert str(file) in ran.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text("utf-8")
    assert "atelier" not in text.lower()
    assert "`assumption.report_columns`" in text
    again = run("doctor", "--config", str(practice), "--field-report", str(file), named=False)
    assert (again.status, again.out) == (2, "")
    assert "already exists" in again.err
    assert file.read_text("utf-8") == text
    link = tmp_path / "link.md"
    link.symlink_to(tmp_path / "elsewhere.md")
    assert run("doctor", "--config", str(practice), "--field-report", str(link), named=False).status == 2
    assert not (tmp_path / "elsewhere.md").exists()


def test_a_field_report_without_a_config_still_says_what_the_host_has(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "field.md"
    config = tmp_path / "no" / "acme.toml"
    ran = run("doctor", "--config", str(config), "--field-report", str(file), "--json", named=False)
    assert (ran.status, ran.records[0]["field_report"]) == (2, str(file))
    assert "`host.python`" in file.read_text()
    assert "acme.toml" not in file.read_text()
