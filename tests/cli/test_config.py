"""`passerelle config` and `support`: files that are wrong, logins that fail, packets that are written."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import ANNE, ORG, PAUL, REFUSED, Run, Scene, overview
from tui.model import Capability, Readable, Resolution, Status, Verdict


def test_path_is_said_whether_the_file_is_there_or_not(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "passerelle"
    assert run("config", "path", named=False).out == f"{folder}/config.toml\n"
    assert run("config", "path", "--org", "acme", named=False).out == f"{folder}/acme.toml\n"
    assert run("--org", "acme", "config", "path", named=False).out == f"{folder}/acme.toml\n"
    assert run("config", "--org", "acme", "path", "--json", named=False).records == [
        {"schema": 1, "path": f"{folder}/acme.toml"}
    ]
    assert run("config", "path", "--config", "x.toml", named=False).out == f"{Path.cwd()}/x.toml\n"


def test_the_default_path_is_the_configs_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.commands.common import org_file
    from tui.config import config_path

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert [org_file(org) for org in (None, "acme")] == [config_path(org) for org in (None, "acme")]


@pytest.mark.parametrize("command", [("config", "path"), ("overview",), ("config", "check")])
def test_an_orgs_name_stays_in_the_config_folder(run: Run, scene: Scene, command: tuple[str, ...]) -> None:
    ran = run(*command, "--org", "../../etc/passwd", named=False)
    assert (ran.status, ran.out) == (2, "")
    assert "org's name" in ran.err


def test_org_and_config_are_two_names_for_one_thing(run: Run) -> None:
    ran = run("--org", "acme", "config", "path")
    assert (ran.status, ran.out) == (2, "")
    assert "--config and --org" in ran.err


@pytest.mark.parametrize("command", [("overview",), ("errors",), ("check", "x"), ("reset", "--yes", "x")])
def test_without_a_config_file_there_is_a_sentence(
    run: Run, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    ran = run(*command, named=False)
    assert (ran.status, ran.out, scene.calls) == (2, "", [])
    assert "There is no config file" in ran.err
    assert "passerelle --sandbox" in ran.err


def test_every_problem_of_the_file_is_said_at_once(run: Run, scene: Scene, config: Path) -> None:
    config.write_text(
        '[salesforce]\ndomain = "http://acme.my.salesforce.com"\nclientid = "x"\nusername = ""\nkey = "nowhere"\n'
    )
    ran = run("config", "check")
    assert ran.status == 2
    assert len(ran.out.splitlines()) >= 4
    assert all(line.startswith("✗ failed  ") for line in ran.out.splitlines())
    (record,) = run("config", "check", "--json").records
    keys = {problem["key"] for problem in record["problems"]}
    assert {"salesforce.domain", "salesforce.key"} <= keys
    other = run("overview")
    assert (other.status, other.out) == (2, "")
    assert len(other.err.splitlines()) == len(ran.out.splitlines())


def test_a_key_open_to_others_is_refused_with_the_chmod(run: Run, scene: Scene, config: Path) -> None:
    key = config.parent / "salesforce.pem"
    key.chmod(0o644)
    for command in (("config", "check"), ("check", ANNE.email)):
        ran = run(*command)
        assert ran.status == 2
        assert f"chmod 600 {key}" in ran.out + ran.err


def test_check_logs_in_and_says_how_and_what_can_be_read(run: Run, scene: Scene, config: Path) -> None:
    scene.overview = overview(Status.PASS)
    ran = run("config", "check")
    assert ran.status == 0
    assert ran.out.splitlines() == [
        "✓ passed  The file is in order.",
        "✓ passed  Salesforce lets it in: Acme (PRACTICE) as admin@acme.example, with a signed token and the key file"
        f" {config.parent}/salesforce.pem.",
        "✓ readable  report  The report can be read.",
    ]
    (record,) = run("config", "check", "--json").records
    assert (record["problems"], record["org"]["id"], record["org"]["kind"]) == ([], ORG.id, "PRACTICE")


def test_check_says_which_right_is_lacking(run: Run, scene: Scene) -> None:
    lacking = Capability("metadata", Readable.NOT_WITH_THESE_RIGHTS, "Customize Application is not held.")
    setup = Capability("configurations", Readable.ONLY_IN_SETUP, "No API gives them.")
    scene.overview = overview(Status.PASS, capabilities=(setup,))
    assert run("config", "check").status == 0
    scene.overview = replace(scene.overview, capabilities=(lacking, setup))
    ran = run("config", "check")
    assert ran.status == 1
    assert "! not with these rights  metadata" in ran.out


def test_what_the_file_leaves_out_lacks_no_right(run: Run, scene: Scene) -> None:
    unasked = Capability("directory", Readable.NOT_WITH_THESE_RIGHTS, "The config file has no [google] section.")
    scene.overview = overview(Status.PASS, capabilities=(unasked,))
    assert run("config", "check").status == 0


def test_check_says_why_salesforce_does_not_let_it_in(run: Run, scene: Scene, config: Path) -> None:
    scene.trouble = REFUSED
    ran = run("config", "check")
    assert ran.status == 3
    assert ran.out.splitlines() == [
        "✓ passed  The file is in order.",
        "✗ failed  Salesforce does not know this client. Signing in with a signed token and the key file"
        f" {config.parent}/salesforce.pem.",
    ]
    assert run("config", "check", "--json").records[0]["login"]["cause"] == "salesforce.auth.bad_client"


def test_init_without_a_terminal_says_what_it_needs(run: Run, config: Path) -> None:
    before = config.read_bytes()
    ran = run("config", "init")
    assert (ran.status, ran.out) == (2, "")
    assert "no terminal" in ran.err
    assert config.read_bytes() == before


# ---- support -----------------------------------------------------------------------------------------------------


@pytest.fixture
def packet(monkeypatch: pytest.MonkeyPatch) -> str:
    text = "# Anne Martin\n\nété\n"

    async def made(*_: object) -> str:
        return text

    monkeypatch.setattr("tui.triage.support.packet", made)
    return text


def test_the_packet_is_for_the_owner_alone(run: Run, scene: Scene, packet: str, tmp_path: Path) -> None:
    file = tmp_path / "packet.md"
    ran = run("support", ANNE.email, "-o", str(file))
    assert ran.status == 0
    assert file.read_text(encoding="utf-8") == packet
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert str(file) in ran.out


def test_an_undetermined_packet_says_so_by_its_status(run: Run, scene: Scene, packet: str, tmp_path: Path) -> None:
    scene.verdicts[ANNE.id] = Verdict.UNDETERMINED
    assert run("support", ANNE.email, "-o", str(tmp_path / "packet.md")).status == 3
    assert (tmp_path / "packet.md").exists()


def test_a_file_that_is_there_is_not_overwritten(run: Run, scene: Scene, packet: str, tmp_path: Path) -> None:
    file, link = tmp_path / "packet.md", tmp_path / "link.md"
    file.write_text("mine")
    link.symlink_to(tmp_path / "nowhere")
    for there in (file, link):
        ran = run("support", ANNE.email, "-o", str(there))
        assert (ran.status, scene.calls) == (2, [])
        assert "already exists and is not overwritten" in ran.err
    assert file.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("place", ["no/such/folder/x.md", "x" * 300])
def test_a_place_that_takes_no_file_is_said(run: Run, scene: Scene, tmp_path: Path, place: str) -> None:
    ran = run("support", ANNE.email, "-o", f"{tmp_path}/{place}")
    assert (ran.status, ran.out) == (2, "")
    assert "cannot be written" in ran.err


def test_nothing_is_left_where_no_packet_was_made(run: Run, scene: Scene, packet: str, tmp_path: Path) -> None:
    file = tmp_path / "packet.md"
    scene.named["shared@acme.example"] = Resolution("shared@acme.example", (ANNE, PAUL))
    for query, said in (("nobody", "Nobody is called nobody."), ("shared@acme.example", "matches several users")):
        ran = run("support", query, "-o", str(file))
        assert (ran.status, file.exists()) == (2, False)
        assert said in ran.err
    scene.trouble = REFUSED
    assert run("support", ANNE.email, "-o", str(file)).status == 3
    assert not file.exists()
