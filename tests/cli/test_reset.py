"""`passerelle reset`: nobody is reset without the verdict, the Proof and a yes."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.conftest import ANNE, NOW, PAUL, REFUSED, Run, Scene, everyone, overview
from tui.journal.store import JournalError
from tui.model import Outcome, Resolution, ServiceError, Verdict, Write


@pytest.fixture
def scene(scene: Scene) -> Scene:
    scene.verdicts |= {ANNE.id: Verdict.RESET, PAUL.id: Verdict.RESET}
    return scene


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A person at a terminal: types these answers, one a question; questions beyond them meet the end of the input."""
    answers: list[str] = []
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return answers.pop(0) if answers else ""

    monkeypatch.setattr("tui.output.terminal", lambda: True)
    monkeypatch.setattr("tui.output.ask", ask)
    yield answers
    assert answers == [], f"not asked for; asked was {asked}"


def resets(scene: Scene) -> list[Any]:
    return [call[1] for call in scene.calls if call[0] == "reset"]


def test_json_is_the_contracts(run: Run, scene: Scene) -> None:
    ran = run("reset", "--yes", "--wait", "--json", ANNE.email)
    assert ran.records == [
        {
            "schema": 1,
            "user": {"query": ANNE.email, "id": ANNE.id, "name": ANNE.name, "email": ANNE.email},
            "method": "setup_page",
            "outcome": "done",
            "reason": "The reset row is gone.",
            "before": {"a": "b"},
            "after": {"a": "c"},
        }
    ]
    assert ran.status == 0
    assert "Anne Martin: The page shows the reset under way. (3 s)" in ran.err
    assert ("reset", ANNE.id, True) in scene.calls


def test_wait_is_asked_for(run: Run, scene: Scene) -> None:
    run("reset", "--yes", ANNE.email)
    assert ("reset", ANNE.id, False) in scene.calls


@pytest.mark.parametrize(
    ("outcome", "status", "told"),
    [
        (Outcome.DONE, 0, "✓ The reset is done."),
        (Outcome.REFUSED, 1, "! The reset was refused: nothing was changed."),
        (Outcome.FAILED, 1, "✗ The reset failed."),
        (Outcome.UNKNOWN, 3, "? How the reset ended is not known."),
    ],
)
def test_the_outcome_is_the_exit_status(run: Run, scene: Scene, outcome: Outcome, status: int, told: str) -> None:
    scene.outcomes[ANNE.id] = outcome
    ran = run("reset", "--yes", ANNE.email)
    assert ran.status == status
    assert ran.out.splitlines() == [f"{told} Anne Martin <anne@acme.example>", "  The reset row is gone."]


@pytest.mark.parametrize(
    ("verdict", "status"), [(Verdict.NO_FAULT_FOUND, 1), (Verdict.REVIEW_CONNECTION, 1), (Verdict.UNDETERMINED, 3)]
)
def test_only_the_verdict_reset_is_reset(run: Run, scene: Scene, verdict: Verdict, status: int) -> None:
    scene.verdicts[ANNE.id] = verdict
    ran = run("reset", "--yes", "--json", ANNE.email)
    assert (ran.status, resets(scene)) == (status, [])
    (record,) = ran.records
    assert record["outcome"] == "refused"
    assert f"{ANNE.email}: {verdict}." in record["reason"]


def test_a_shared_address_is_refused_and_the_others_go_on(run: Run, scene: Scene) -> None:
    scene.named["shared@acme.example"] = Resolution("shared@acme.example", (ANNE, PAUL))
    ran = run("reset", "--yes", "--json", "shared@acme.example", PAUL.email, "nobody")
    assert [record["outcome"] for record in ran.records] == ["refused", "done", "refused"]
    assert "the address of several users" in ran.records[0]["reason"]
    assert (ran.records[2]["user"]["id"], ran.records[2]["reason"]) == (None, "Nobody is called nobody.")
    assert (ran.status, resets(scene)) == (2, [PAUL.id])


def test_without_a_terminal_it_takes_yes(run: Run, scene: Scene) -> None:
    ran = run("reset", ANNE.email)
    assert (ran.status, ran.out, scene.calls) == (2, "", [])
    assert "a reset needs --yes" in ran.err


def test_with_yes_and_no_proof_it_is_refused(run: Run, scene: Scene) -> None:
    scene.proven = False
    ran = run("reset", "--yes", ANNE.email)
    assert (ran.status, resets(scene)) == (1, [])
    assert "Compare the page with Setup first." in ran.out


def test_a_plan_that_is_refused_is_not_asked_about(run: Run, scene: Scene, terminal: list[str]) -> None:
    scene.refusals[ANNE.id] = "The name is not unique."
    ran = run("reset", ANNE.email)
    assert (ran.status, resets(scene)) == (1, [])
    assert "The name is not unique." in ran.out


def test_yes_has_to_be_typed(run: Run, scene: Scene, terminal: list[str]) -> None:
    terminal += ["yes"]
    ran = run("reset", ANNE.email, PAUL.email)
    assert (ran.status, resets(scene)) == (0, [ANNE.id, PAUL.id])
    assert "Reset: Anne Martin <anne@acme.example>" in ran.err
    assert ran.err.count("It takes hours.") == 1


@pytest.mark.parametrize("answer", ["", "y", "no", "yes please"])
def test_anything_else_is_a_no(run: Run, scene: Scene, terminal: list[str], answer: str) -> None:
    terminal += [answer]
    ran = run("reset", "--json", ANNE.email)
    assert (ran.status, resets(scene)) == (1, [])
    assert ran.records[0]["reason"] == "You did not say yes: nothing was done."


@pytest.mark.parametrize(
    ("answer", "done"), [("yes", 0), ("11", 0), ("11 Acme", 11), (" 11  Acme ", 11), ("12 Acme", 0)]
)
def test_more_than_ten_take_their_number_and_the_orgs_name(
    run: Run, scene: Scene, terminal: list[str], answer: str, done: int
) -> None:
    users = everyone(11)
    scene.verdicts |= {user.id: Verdict.RESET for user in users}
    scene.named |= {user.email: Resolution(user.email, (user,)) for user in users}
    terminal += [answer.strip()]
    run("reset", *(user.email for user in users))
    assert len(resets(scene)) == done


def test_proof_shows_the_samples_and_asks_for_each(run: Run, scene: Scene, terminal: list[str]) -> None:
    scene.proven = False
    terminal += ["yes", "yes", "yes"]
    ran = run("reset", ANNE.email)
    assert ("proof", {ANNE.id: True, PAUL.id: True}) in scene.calls
    assert (ran.status, resets(scene)) == (0, [ANNE.id])
    assert "Anne Martin <anne@acme.example>, the one in question:" in ran.err
    assert "  user, contacts  Etat  OK" in ran.err


def test_a_sample_that_differs_keeps_the_reset_locked(run: Run, scene: Scene, terminal: list[str]) -> None:
    scene.proven = False
    terminal += ["yes", "no"]
    ran = run("reset", ANNE.email)
    assert ("proof", {ANNE.id: True, PAUL.id: False}) in scene.calls
    assert (ran.status, resets(scene)) == (1, [])
    assert "Not confirmed" in ran.err


def unfinished(stage: str = "pressed") -> Write:
    return Write(7, "00D", ANNE.id, ANNE.name, "marie", "admin", stage, NOW, NOW)


def test_a_reset_left_unfinished_is_followed_and_not_pressed_again(run: Run, scene: Scene) -> None:
    scene.left = (unfinished(),)
    ran = run("reset", "--yes", "--wait", "--json", ANNE.email)
    assert (ran.status, resets(scene)) == (0, [])
    assert ("resume", 7) in scene.calls
    assert ran.records[0]["user"]["query"] == ANNE.email
    assert ran.records[0]["reason"] == "It had ended."


def test_trouble_with_one_leaves_the_others_their_turn(run: Run, scene: Scene) -> None:
    scene.outcomes[ANNE.id] = ServiceError("salesforce.network.unreachable", "No answer.")
    ran = run("reset", "--yes", "--json", ANNE.email, PAUL.email)
    assert next((record["outcome"], record["reason"]) for record in ran.records) == ("refused", "No answer.")
    assert (ran.records[1]["outcome"], ran.status) == ("done", 3)


def test_a_journal_that_fails_stops_everything(run: Run, scene: Scene) -> None:
    scene.outcomes[ANNE.id] = JournalError("The disk is full.")
    ran = run("reset", "--yes", ANNE.email, PAUL.email)
    assert (ran.status, ran.out, resets(scene)) == (3, "", [ANNE.id])
    assert ran.err.endswith("The disk is full.\n")


def test_without_access_there_is_a_sentence(run: Run, scene: Scene) -> None:
    scene.trouble = REFUSED
    ran = run("reset", "--yes", ANNE.email)
    assert (ran.status, ran.out, ran.err) == (3, "", "Salesforce does not know this client.\n")


def test_users_come_from_stdin_only_with_yes(run: Run, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PAUL.email}\n"))
    assert run("reset", "-").status == 2
    assert run("reset", "--yes", "-").status == 0
    assert resets(scene) == [PAUL.id]


@pytest.mark.parametrize("command", [("check", ANNE.email), ("overview",)])
def test_a_reset_left_unfinished_is_named_by_other_commands(run: Run, scene: Scene, command: tuple[str, ...]) -> None:
    scene.overview = overview()
    scene.left = (unfinished(),)
    ran = run(*command, "--json")
    assert f"passerelle reset --wait {ANNE.id}" in ran.err
    assert len(ran.records) == 1
