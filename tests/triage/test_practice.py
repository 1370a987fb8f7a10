"""The triage against the practice organisation, a separate process on real sockets: exactly what world.json says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tui.config import load
from tui.journal.store import Journal
from tui.model import CheckResult, Outcome, Status, Verdict
from tui.sandbox.options import SCENARIOS, Options
from tui.sandbox.serve import Running, start
from tui.triage.identities import identities
from tui.triage.session import Session

FEW = 12


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with start(Options(dir=tmp_path_factory.mktemp("practice"))) as running:
        yield running


@asynccontextmanager
async def session_on(running: Running, journal: Path) -> AsyncIterator[Session]:
    kept = Journal(f"sqlite:///{journal}")
    session = Session(load(running.config), kept, by="tester")
    try:
        yield session
    finally:
        await session.aclose()
        kept.close()


def expected(running: Running) -> list[dict[str, Any]]:
    users: list[dict[str, Any]] = json.loads((running.dir / "world.json").read_text("utf-8"))["users"]
    return users


def found(result: object) -> tuple[str, list[str]]:
    assert isinstance(result, CheckResult), result
    return result.judgement.verdict.value, list(result.judgement.causes)


def differences(users: list[dict[str, Any]], results: list[Any]) -> list[str]:
    return [
        f"{user['name']}: world {user['verdict']} {user['causes']}, triage {found(result)}"
        for user, result in zip(users, results, strict=True)
        if found(result) != (user["verdict"], user["causes"])
    ]


async def test_every_user_is_found_as_the_world_is(practice: Running, tmp_path: Path) -> None:
    users = expected(practice)
    assert len(users) == 400
    async with session_on(practice, tmp_path / "journal.db") as session:
        streamed: list[str] = []
        results = await session.check_queries(
            [user["id"] for user in users], on_result=lambda result: streamed.append(result.query)
        )
        assert not differences(users, results)
        assert sorted(streamed) == sorted(user["id"] for user in users)
        org = await session.connect()
        assert all(len(session.journal.checks(org.id, user["id"])) == 1 for user in users[:20])
    # every verdict and every cause that can concern one user is among them
    assert {user["verdict"] for user in users} == {verdict.value for verdict in Verdict}


async def test_no_step_leaks_a_secret_or_breaks_a_line(practice: Running, tmp_path: Path) -> None:
    async with session_on(practice, tmp_path / "journal.db") as session:
        results = await session.check_queries([user["id"] for user in expected(practice)[:60]])
        for result in results:
            assert isinstance(result, CheckResult)
            text = json.dumps([(step.summary, dict(step.evidence), step.fix) for step in result.steps], default=str)
            assert "PRIVATE KEY" not in text
            assert "eyJ" not in text
            assert "\\u001b" not in text
            assert all("\n" not in step.summary for step in result.steps)
            assert all(step.status is not Status.FAIL or step.fix for step in result.steps)


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_a_fault_of_the_organisation(scenario: str, tmp_path: Path) -> None:
    with start(Options(dir=tmp_path / "practice", scenario=scenario)) as running:
        users = expected(running)
        some = users[:: len(users) // FEW]
        async with session_on(running, tmp_path / "journal.db") as session:
            results = await session.check_queries([user["id"] for user in some])
            assert not differences(some, results)


async def test_one_fault_of_many_gives_what_asking_each_would_give(tmp_path: Path) -> None:
    with start(Options(dir=tmp_path / "practice", scenario="google.delegation.unauthorized")) as running:
        users = expected(running)
        async with session_on(running, tmp_path / "journal.db") as session:
            results = await session.check_queries([user["id"] for user in users])
            assert not differences(users, results)
            steps = [step for result in results if isinstance(result, CheckResult) for step in result.steps]
            given = [step for step in steps if step.evidence.get("asked") is False]
            assert len(given) > 500
            tokens = [call for call in session.calls if call.path == "/google/token"]
            assert len(tokens) < 150  # of about 800 that asking for each side of each user takes


@pytest.mark.parametrize(
    "faults", ["/google/token=503*2", "/services/data=reset*1", "/s2x=503*2", "/google/people=reset*1"]
)
async def test_a_passing_fault_changes_nothing(faults: str, tmp_path: Path) -> None:
    with start(Options(dir=tmp_path / "practice", users=150, faults=faults)) as running:
        some = expected(running)[:6]
        async with session_on(running, tmp_path / "journal.db") as session:
            assert not differences(some, await session.check_queries([user["id"] for user in some]))


@pytest.mark.parametrize(
    ("faults", "causes"),
    [
        ("/google/token=html", ["google.service.unavailable"]),
        ("/google/calendar=500", ["google.service.unavailable"]),
        ("/s2x=html", ["salesforce.page.unrecognised"]),
        ("/s2x=empty", ["salesforce.page.unrecognised"]),
    ],
)
async def test_a_lasting_fault_makes_it_undetermined(faults: str, causes: list[str], tmp_path: Path) -> None:
    with start(Options(dir=tmp_path / "practice", users=150, faults=faults)) as running:
        well = next(user for user in expected(running) if user["verdict"] == "no_fault_found")
        async with session_on(running, tmp_path / "journal.db") as session:
            results = await session.check_queries([well["id"]])
            assert found(results[0]) == ("undetermined", causes)


async def test_resets_end_as_the_world_says(tmp_path: Path) -> None:
    """One that helps, one that does not, each with its own kind of row, watched to the end."""
    with start(Options(dir=tmp_path / "practice")) as running:
        users = [user for user in expected(running) if user["after_reset"]]
        helped = [user for user in users if user["after_reset"]["verdict"] == "no_fault_found"]
        in_vain = [user for user in users if user["after_reset"]["verdict"] == "contact_support"]
        async with session_on(running, tmp_path / "journal.db") as session:
            org = await session.connect()
            assert session.journal.confirm(org.id, "page", "tester", {users[0]["id"]: True}, datetime.now(UTC))
            for user in (*helped[:3], *in_vain[:3]):
                said: list[str] = []

                def progress(text: str, _seconds: int, said: list[str] = said) -> None:
                    said.append(text)

                result = await session.reset(user["id"], on_progress=progress)
                assert result.outcome is Outcome.DONE, result
                assert said
                assert result.before["verdict"] == "reset"
            await session.sleep(2.1)  # an error after a reset that did not help is dated a little after its end
            ids = [user["id"] for user in (*helped[:3], *in_vain[:3])]
            results = await session.check_queries(ids)
            want = [user["after_reset"] for user in (*helped[:3], *in_vain[:3])]
            assert [found(result) for result in results] == [(one["verdict"], one["causes"]) for one in want]
            assert session.unfinished() == ()


async def test_a_reset_that_nobody_waited_for_is_closed_by_a_later_check(tmp_path: Path) -> None:
    with start(Options(dir=tmp_path / "practice", users=150)) as running:
        user = next(one for one in expected(running) if (one["after_reset"] or {}).get("verdict") == "no_fault_found")
        async with session_on(running, tmp_path / "journal.db") as session:
            org = await session.connect()
            session.journal.confirm(org.id, "page", "tester", {user["id"]: True}, datetime.now(UTC))
            result = await session.reset(user["id"], wait=False)
            assert result.outcome is Outcome.UNKNOWN
            assert "under way" in result.reason
            assert [write.stage for write in session.unfinished()] == ["pressed"]
            verdicts = [found((await session.check_queries([user["id"]]))[0])[0] for _check in range(5)]
            assert verdicts[0] == "wait"
            assert verdicts[-1] == "no_fault_found"
            assert session.unfinished() == ()
            assert session.journal.writes(org.id, user["id"])[0].outcome is Outcome.DONE


async def test_what_may_not_be_reset_is_not_pressed(practice: Running, tmp_path: Path) -> None:
    users = expected(practice)
    kinds = {user["verdict"]: user for user in users}
    async with session_on(practice, tmp_path / "journal.db") as session:
        org = await session.connect()
        locked = await session.plan_reset(kinds["reset"]["id"])
        assert locked.needs_proof
        assert locked.refusal
        session.journal.confirm(org.id, "page", "tester", {users[0]["id"]: True}, datetime.now(UTC))
        for verdict, user in kinds.items():
            plan = await session.plan_reset(user["id"])
            assert bool(plan.refusal) is (verdict != "reset"), (verdict, plan.refusal)
            if plan.refusal:
                assert (await session.reset(user["id"])).outcome is Outcome.REFUSED
        assert session.journal.unfinished(org.id) == ()
        assert all(not session.journal.writes(org.id, user["id"]) for user in kinds.values())


async def test_proof_shows_one_unwell_one_well_one_who_left(practice: Running, tmp_path: Path) -> None:
    user = next(user for user in expected(practice) if user["verdict"] == "reset")
    async with session_on(practice, tmp_path / "journal.db") as session:
        samples = await session.proof_samples(user["id"])
        assert [sample.kind for sample in samples] == ["unwell", "well", "left"]
        assert samples[0].user.id == user["id"]
        assert not samples[2].user.active
        assert all(sample.reading.shown_name for sample in samples)
        assert session.answer_proof({sample.user.id: True for sample in samples})
        assert (await session.plan_reset(user["id"])).refusal == ""
        assert not session.answer_proof({samples[0].user.id: True, samples[1].user.id: False})
        assert (await session.plan_reset(user["id"])).needs_proof


async def test_overview_of_an_organisation_that_works(practice: Running, tmp_path: Path) -> None:
    async with session_on(practice, tmp_path / "journal.db") as session:
        overview = await session.overview()
        assert [(item.step, item.status) for item in overview.checklist] == [
            ("google_key", Status.PASS),
            ("lightning_sync", Status.PASS),
            ("remote_site", Status.PASS),
            ("key_uploaded", Status.PASS),
            ("connection_test", Status.PASS),
            ("configurations", Status.WARN),  # users whom two of its configurations claim
            ("status", Status.PASS),
        ]
        assert {one.id: one.status.value for one in overview.capabilities if one.status.value != "readable"} == {
            "configurations": "only_in_setup",
            "salesforce_key": "only_in_setup",
        }
        assert overview.report is not None
        assert overview.report.total == 3000
        assert overview.api_limit


async def test_the_users_with_open_errors_are_those_that_the_world_would_reset_among_others(
    practice: Running, tmp_path: Path
) -> None:
    async with session_on(practice, tmp_path / "journal.db") as session:
        found_ids = await session.with_open_errors()
        assert len(found_ids) == len(set(found_ids))
        assert {user["id"] for user in expected(practice) if user["verdict"] == "reset"} <= set(found_ids)
        assert not {user["id"] for user in expected(practice) if user["verdict"] == "no_fault_found"} & set(found_ids)


async def test_one_user_on_the_wire_what_was_asked_the_retry_and_the_packet(practice: Running, tmp_path: Path) -> None:
    user = next(one for one in expected(practice) if one["causes"] == ["google.calendar.off"])
    async with session_on(practice, tmp_path / "journal.sqlite3") as session:
        await session.connect()
        person = await session.user(user["id"])
        (first,) = await session.check([(person.id, person)])
        assert found(first) == (user["verdict"], user["causes"])
        asked = {step.id: [call.path for call in step.calls] for step in first.steps}
        assert any(path.endswith("/calendarList/primary") for path in asked["google.call.calendar"])
        assert any(path.endswith(f"/users/{person.email}") for path in asked["google.call.calendar"])
        assert any("resetExchangeSyncUser" in path for path in asked["salesforce.page.user"])
        assert not any("?" in path for paths in asked.values() for path in paths)
        (again,) = await session.check([(person.id, person)], retry=True)
        assert found(again) == found(first)
        kept = {step.id for step in again.steps if step.kept_from is not None}
        assert {"salesforce.report", "salesforce.page.user", "google.token.calendar"} <= kept
        assert not {"google.call.calendar", "salesforce.user", "salesforce.errors"} & kept
        assert all([await session.salesforce.owned(kind, person.id) > 0 for kind in ("Contact", "Event")])
        packet = await session.packet(person.id)
        assert "google GET" in packet
        assert "calendarList/primary" in packet


async def test_the_google_account_is_read_beside_the_salesforce_user(practice: Running, tmp_path: Path) -> None:
    user = next(one for one in expected(practice) if one["causes"] == ["google.user.alias"])
    async with session_on(practice, tmp_path / "journal.sqlite3") as session:
        await session.connect()
        person = await session.user(user["id"])
        (result,) = await session.check([(person.id, person)])
        both = identities(person, result.steps)
        assert both.trait("address").differs
        assert (both.trait("name").google, both.trait("name").differs) == (person.name, False)
        assert person.email in both.trait("aliases").google
        assert (both.salesforce.ok, both.google.ok) == (True, True)
