"""The command line against the practice org: real sockets, real refusals, each a sentence and an exit status."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.cli.conftest import Ran, Run
from tui.journal.store import Journal
from tui.model import Outcome
from tui.sandbox.options import FEWEST_USERS, Options
from tui.sandbox.serve import Running, start

REPOSITORY = Path(__file__).parents[2]

Serve = Callable[..., Running]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """Practice orgs, each started once for its options."""
    running: dict[str, Running] = {}
    with ExitStack() as stack:

        def go(**options: Any) -> Running:
            key = json.dumps(options, sort_keys=True)
            if key not in running:
                running[key] = stack.enter_context(start(Options(users=FEWEST_USERS, errors=200, **options)))
            return running[key]

        yield go


@pytest.fixture
def practice(serve: Serve, tmp_path: Path) -> Path:
    """A config file of one's own for the practice org that works, with its keys and an empty journal."""
    return own(serve(), tmp_path)


def own(org: Running, folder: Path) -> Path:
    for name in ("config.toml", "salesforce.pem", "google.json"):
        shutil.copy(org.dir / name, folder / name)
        (folder / name).chmod(0o600)
    path = folder / "config.toml"
    path.write_text(path.read_text().replace(str(org.dir), str(folder)))
    return path


def users(org: Running) -> list[dict[str, Any]]:
    world = json.loads((org.dir / "world.json").read_text(encoding="utf-8"))
    return list(world["users"])


def first(org: Running, wanted: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    return next(user for user in users(org) if wanted(user))


def test_verdicts_and_causes_are_those_of_the_world(run: Run, practice: Path, serve: Serve) -> None:
    some = {(user["verdict"], *user["causes"]): user for user in users(serve())}.values()
    ran = run("check", "--config", str(practice), "--json", *(user["id"] for user in some), named=False)
    found = [(record["user"]["id"], record["verdict"], record["causes"]) for record in ran.records]
    assert found == [(user["id"], user["verdict"], user["causes"]) for user in some]
    assert (ran.status, ran.err) == (1, "")


def test_errors_and_overview_are_read(run: Run, practice: Path, serve: Serve) -> None:
    errors = run("errors", "--config", str(practice), "--json", named=False)
    world = json.loads((serve().dir / "world.json").read_text(encoding="utf-8"))
    assert (len(errors.records), errors.status) == (world["errors"], 1)
    (seen,) = run("overview", "--config", str(practice), "--json", named=False).records
    assert (seen["report"]["rows"], seen["report"]["complete"]) == (world["errors"], True)
    assert sum(seen["errors"]["by_month"].values()) == world["errors"]


def test_all_are_those_with_an_open_error(run: Run, practice: Path) -> None:
    ran = run("check", "--config", str(practice), "--all", "--json", named=False)
    assert len(ran.records) > 10
    assert all(record["open_errors"] > 0 for record in ran.records)


def test_names_with_escapes_and_markup_are_drawn_as_text(run: Run, practice: Path, serve: Serve) -> None:
    """`run` itself asserts that no ESC is in any output."""
    evil = [user for user in users(serve()) if re.search(r"[\x00-\x1f\[\u202e]", user["name"])]
    assert {"Ana[/] Balise", "\x1b[31mRouge Échappe"} <= {user["name"] for user in evil}
    asked = [user["id"] for user in evil]
    ran = run("check", "--config", str(practice), *asked, named=False)
    assert "Ana[/] Balise <" in ran.out
    assert "\N{REPLACEMENT CHARACTER}[31mRouge Échappe <" in ran.out
    records = run("check", "--config", str(practice), "--json", *asked, named=False).records
    assert [record["verdict"] for record in records] == [user["verdict"] for user in evil]


def test_a_name_that_fits_two_people_names_nobody(run: Run, practice: Path, serve: Serve) -> None:
    names = [user["name"] for user in users(serve())]
    twice = next(name for name in names if names.count(name) == 2)
    for command in (("check",), ("reset", "--yes"), ("errors", "--user")):
        ran = run(*command, twice, "--config", str(practice), named=False)
        assert ran.status == 2
        assert f"2 users are called {twice}; say which by username or id" in ran.out + ran.err


def test_a_key_open_to_others(run: Run, practice: Path) -> None:
    (practice.parent / "google.json").chmod(0o640)
    ran = run("check", "--config", str(practice), "x", named=False)
    assert (ran.status, ran.out) == (2, "")
    assert f"chmod 600 {practice.parent}/google.json" in ran.err


def wrong_client(path: Path) -> None:
    path.write_text(re.sub(r'client_id = "\w+', 'client_id = "3MVGexpired', path.read_text()))


def wrong_key(path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    (path.parent / "salesforce.pem").write_bytes(pem)


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [(wrong_client, "salesforce.auth.bad_client"), (wrong_key, "salesforce.auth.bad_assertion")],
)
def test_salesforce_does_not_let_us_in(run: Run, practice: Path, spoil: Callable[[Path], None], cause: str) -> None:
    spoil(practice)
    (record,) = run("check", "--config", str(practice), "--json", "x", named=False).records
    assert (record["verdict"], record["causes"], record["user"]["id"]) == ("undetermined", [cause], None)
    assert record["steps"][0]["fix"]
    for command in (("check", "x"), ("overview",), ("errors",), ("reset", "--yes", "x"), ("config", "check")):
        ran = run(*command, "--config", str(practice), named=False)
        assert ran.status == 3
        sentence(ran)


def sentence(ran: Ran) -> None:
    """Something was said, and it is no traceback."""
    assert re.search(r"[A-Z][^\n]+\.", ran.out + ran.err)
    assert "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("options", "status", "verdict", "causes"),
    [
        ({"scenario": "google.key.revoked"}, 1, "review_connection", ["google.key.revoked"]),
        ({"scenario": "salesforce.page.unrecognised"}, 3, "undetermined", ["salesforce.page.unrecognised"]),
        ({"faults": "/services/oauth2/token=html"}, 3, "undetermined", ["salesforce.service.unavailable"]),
        ({"faults": "/google/token=html"}, 3, "undetermined", ["google.service.unavailable"]),
    ],
    ids=["revoked key", "a page that is not ours", "HTML from Salesforce", "HTML from Google"],
)
def test_answers_that_are_not_what_they_should_be(
    run: Run, serve: Serve, tmp_path: Path, options: dict[str, str], status: int, verdict: str, causes: list[str]
) -> None:
    org = serve(**options)
    config = own(org, tmp_path)
    well = first(org, lambda user: user["name"].isascii() and not user["after_reset"])
    ran = run("check", "--config", str(config), "--json", well["id"], named=False)
    (record,) = ran.records
    if "scenario" in options:
        assert (record["verdict"], record["causes"]) == (well["verdict"], well["causes"])
    assert (ran.status, record["verdict"], record["causes"]) == (status, verdict, causes)
    sentence(run("check", "--config", str(config), well["id"], named=False))


def test_support_writes_what_was_found(run: Run, practice: Path, serve: Serve, tmp_path: Path) -> None:
    user = first(serve(), lambda user: user["verdict"] == "contact_support")
    file = tmp_path / "packet.md"
    ran = run("support", user["email"], "-o", str(file), "--config", str(practice), named=False)
    assert ran.status == 0
    text = file.read_text(encoding="utf-8")
    assert user["id"] in text
    assert "PRIVATE KEY" not in text


def test_a_reset_at_a_terminal_from_proof_to_verification(practice: Path, serve: Serve) -> None:
    org = serve(seed=2)
    config = own(org, practice.parent)
    user = first(org, lambda user: (user["after_reset"] or {}).get("verdict") == "no_fault_found")
    arguments = ["-m", "tui", "--config", str(config), "reset", "--wait", user["id"]]
    with pexpect.spawn(sys.executable, arguments, cwd=str(REPOSITORY), encoding="utf-8", timeout=90) as person:
        samples = 0
        while person.expect(["Type yes or no: ", "Type yes: "]) == 0:
            samples += 1
            person.sendline("yes")
        person.sendline("yes")
        person.expect("Checked again: No fault found")
        person.expect(pexpect.EOF)
    assert samples >= 2
    assert person.exitstatus == 0
    journal = Journal(f"sqlite:///{config.parent}/journal.sqlite3")
    write = journal.write(1)
    assert (write.user_id, write.stage, write.outcome) == (user["id"], "ended", Outcome.DONE)
    assert journal.confirmed(write.org_id, "page")
    journal.close()


def test_control_c_leaves_a_reset_that_the_next_run_follows(run: Run, practice: Path, serve: Serve) -> None:
    config = own(serve(seed=2), practice.parent)
    helped = [user for user in users(serve(seed=2)) if (user["after_reset"] or {}).get("verdict") == "no_fault_found"]
    user = helped[-1]
    (seen,) = run("overview", "--config", str(config), "--json", named=False).records
    journal = Journal(f"sqlite:///{config.parent}/journal.sqlite3")
    journal.confirm(seen["org"]["id"], "page", "marie", {user["id"]: True}, datetime.now(UTC))
    reset = ["--config", str(config), "reset", "--yes", "--wait", user["id"]]
    with pexpect.spawn(
        sys.executable, ["-m", "tui", *reset], cwd=str(REPOSITORY), encoding="utf-8", timeout=90
    ) as first:
        first.expect("The page shows the reset under way")
        first.sendintr()
        first.expect(f"passerelle reset --wait {user['id']}")
        first.expect("Interrupted")
        first.expect(pexpect.EOF)
    assert first.exitstatus == 130
    assert [write.stage for write in journal.unfinished(seen["org"]["id"])] == ["pressed"]
    (record,) = run(*reset, "--json", named=False).records
    assert (record["outcome"], record["after"]["verdict"]) == ("done", "no_fault_found")
    assert len(journal.writes(seen["org"]["id"], user["id"])) == 1
    journal.close()


def test_without_proof_yes_resets_nobody(run: Run, practice: Path, serve: Serve) -> None:
    user = first(serve(), lambda user: user["after_reset"])
    ran = run("reset", "--yes", "--json", user["id"], "--config", str(practice), named=False)
    (record,) = ran.records
    assert (ran.status, record["outcome"]) == (1, "refused")
    assert "has not been confirmed" in record["reason"]
