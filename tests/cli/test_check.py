"""`passerelle check`: whom, in which order, in which form, with which exit status."""

from __future__ import annotations

import asyncio
import io
import sys

import pytest

from tests.cli.conftest import ANNE, NOW, PAUL, REFUSED, Run, Scene, report, row
from tui.model import Resolution, Verdict

KEYS = {
    "schema",
    "user",
    "product",
    "reported",
    "verdict",
    "causes",
    "steps",
    "open_errors",
    "look_again_at",
    "checked_at",
}
STEP = {"id", "phase", "status", "cause", "summary", "evidence", "fix", "links", "ms"}


def test_json_is_the_contracts(run: Run, scene: Scene) -> None:
    scene.verdicts[ANNE.id] = Verdict.REVIEW_CONNECTION
    ran = run("check", "--json", "--reported", ANNE.email)
    (record,) = ran.records
    assert set(record) == KEYS
    assert next(iter(record)) == "schema"
    assert record["schema"] == 1
    assert record["user"] == {"query": ANNE.email, "id": ANNE.id, "name": ANNE.name, "email": ANNE.email}
    assert (record["product"], record["reported"]) == ("lightning_sync", True)
    assert (record["verdict"], record["causes"]) == ("review_connection", ["google.delegation.unauthorized"])
    assert (record["open_errors"], record["look_again_at"]) == (2, None)
    assert record["checked_at"] == f"{NOW:%Y-%m-%dT%H:%M:%S}Z"
    fail, there = record["steps"]
    assert set(fail) == set(there) == STEP
    assert (fail["phase"], fail["status"], fail["ms"]) == ("connection", "fail", 123)
    assert fail["evidence"] == {"scope": "calendar", "at": f"{NOW:%Y-%m-%dT%H:%M:%S}Z"}
    assert fail["fix"] == ["Google admin: delegate the scopes.", "Google admin: wait."]
    assert (there["cause"], there["fix"], there["links"]) == (None, [], [])


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.NO_FAULT_FOUND, 0),
        (Verdict.REVIEW_CONNECTION, 1),
        (Verdict.REVIEW_CONFIGURATION, 1),
        (Verdict.RESET, 1),
        (Verdict.WAIT, 1),
        (Verdict.CONTACT_SUPPORT, 1),
        (Verdict.UNDETERMINED, 3),
    ],
)
def test_the_exit_status_of_one(run: Run, scene: Scene, verdict: Verdict, status: int) -> None:
    scene.verdicts[ANNE.id] = verdict
    assert run("check", ANNE.email).status == status


@pytest.mark.parametrize(
    ("anne", "paul", "more", "status"),
    [
        (Verdict.NO_FAULT_FOUND, Verdict.NO_FAULT_FOUND, (), 0),
        (Verdict.NO_FAULT_FOUND, Verdict.UNDETERMINED, (), 3),
        (Verdict.UNDETERMINED, Verdict.RESET, (), 1),
        (Verdict.UNDETERMINED, Verdict.RESET, ("nobody",), 2),
    ],
)
def test_the_exit_status_of_several(
    run: Run, scene: Scene, anne: Verdict, paul: Verdict, more: tuple[str, ...], status: int
) -> None:
    scene.verdicts |= {ANNE.id: anne, PAUL.id: paul}
    assert run("check", ANNE.email, PAUL.email, *more).status == status


def test_an_argument_that_names_nobody_stops_nobody_else(run: Run, scene: Scene) -> None:
    ran = run("check", "--json", "nobody", ANNE.email)
    assert [record["user"]["query"] for record in ran.records] == [ANNE.email]
    assert (ran.status, ran.err) == (2, "Nobody is called nobody.\n")


def test_results_come_in_the_order_of_the_input(run: Run, scene: Scene) -> None:
    scene.delays[ANNE.id] = 0.05
    scene.named["shared@acme.example"] = Resolution("shared@acme.example", (PAUL, ANNE))
    ran = run("check", "--json", ANNE.email, "shared@acme.example", PAUL.id, ANNE.email)
    asked = [(record["user"]["query"], record["user"]["id"]) for record in ran.records]
    shared = "shared@acme.example"
    assert asked == [
        (ANNE.email, ANNE.id),
        (shared, PAUL.id),
        (shared, ANNE.id),
        (PAUL.id, PAUL.id),
        (ANNE.email, ANNE.id),
    ]


def test_a_result_is_written_as_soon_as_the_earlier_ones_are(
    run: Run, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paul is told while Anne, who was named after him, is still being checked."""
    told: list[tuple[str, float]] = []
    scene.delays[ANNE.id] = 0.2
    monkeypatch.setattr(
        "tui.output.record", lambda values: told.append((values["user"]["id"], asyncio.get_running_loop().time()))
    )
    run("check", "--json", PAUL.email, ANNE.email)
    assert [user for user, _ in told] == [PAUL.id, ANNE.id]
    assert told[1][1] - told[0][1] > 0.1


def test_without_access_every_user_is_undetermined(run: Run, scene: Scene) -> None:
    scene.trouble = REFUSED
    ran = run("check", "--json", ANNE.email, "whoever")
    assert ran.status == 3
    assert [record["verdict"] for record in ran.records] == ["undetermined"] * 2
    assert [record["user"]["id"] for record in ran.records] == [None, None]
    assert [record["causes"] for record in ran.records] == [["salesforce.auth.bad_client"]] * 2
    assert all(set(record) == KEYS for record in ran.records)


def test_users_are_read_from_stdin(run: Run, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"\n  {PAUL.email}  \r\n{ANNE.email}"))
    ran = run("check", "--json", "-")
    assert [record["user"]["id"] for record in ran.records] == [PAUL.id, ANNE.id]


def test_an_empty_stdin_names_nobody(run: Run, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    ran = run("check", "-")
    assert (ran.status, ran.err) == (2, "Nobody was named on the standard input.\n")


def test_all_are_those_with_open_errors(run: Run, scene: Scene) -> None:
    scene.report = report(row(1, PAUL), row(2, ANNE), row(3, PAUL))
    ran = run("check", "--all", "--json")
    assert [record["user"]["id"] for record in ran.records] == [PAUL.id, ANNE.id]


def test_all_says_when_rows_are_missing(run: Run, scene: Scene) -> None:
    scene.report = report(row(1, PAUL), complete=False)
    assert run("check", "--all").err == "The error report was not read whole, so users may be missing here.\n"
    scene.report = report(row(1, PAUL))
    assert run("check", "--all").err == ""


def test_all_of_nobody_is_said_and_done(run: Run, scene: Scene) -> None:
    ran = run("check", "--all")
    assert (ran.status, ran.out, ran.err) == (0, "", "No user has an open error.\n")


def test_all_without_access_is_a_sentence(run: Run, scene: Scene) -> None:
    scene.trouble = REFUSED
    ran = run("check", "--all")
    assert (ran.status, ran.out, ran.err) == (3, "", "Salesforce does not know this client.\n")


@pytest.mark.parametrize("arguments", [(), ("--all", "anne@acme.example")])
def test_users_or_all_one_of_the_two(run: Run, scene: Scene, arguments: tuple[str, ...]) -> None:
    ran = run("check", *arguments)
    assert ran.status == 2
    assert "Name the users to check, or give --all" in ran.err


@pytest.mark.parametrize("option", ["--from"])
def test_an_option_of_later_is_no_option_yet(run: Run, scene: Scene, option: str) -> None:
    ran = run("check", option, "file", ANNE.email)
    assert ran.status == 2
    assert f"No such option: {option}" in ran.err or f"No such option '{option}'" in ran.err


def test_text_tells_the_verdict_the_steps_and_the_numbered_fix(run: Run, scene: Scene) -> None:
    scene.verdicts[ANNE.id] = Verdict.REVIEW_CONNECTION
    lines = run("check", ANNE.email).out.splitlines()
    assert lines[0] == "✗ Review the connection between Google and Salesforce: Anne Martin <anne@acme.example>"
    assert lines[1] == f"  {ANNE.email}: review_connection."
    assert "    ✗ failed  google.token.calendar  Google does not let this key act." in lines
    assert "    ✓ passed  salesforce.user  The user is there." in lines
    first = lines.index("    1. Google admin: delegate the scopes.")
    assert lines[first - 1] == "  What to do: Google does not let this key act."
    assert lines[first + 1] == "    2. Google admin: wait."
    assert "    see https://admin.google.com/ac/owl/domainwidedelegation" in lines
    assert "  2 errors are open." in lines
    assert "  No test of X." in lines


def test_the_one_who_reads_may_leave(run: Run, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_values: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("tui.output.record", gone)
    monkeypatch.setattr("tui.cli.reader_gone", lambda: None)
    ran = run("check", "--json", ANNE.email, PAUL.email)
    assert (ran.status, ran.err) == (141, "")
    assert scene.calls[-1] == ("closed",)
