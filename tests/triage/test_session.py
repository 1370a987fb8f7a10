"""The session on fakes: who is meant, batches, one fault of many, the reserve of API calls, access, the journal."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.triage.fakes import CALENDAR, CONTACTS, NOW, ORG, World, person, refusal, row_of_report, user_rows
from tui.journal.store import JournalError
from tui.model import CheckResult, Finding, Outcome, PageReading, Status, User, Verdict, Word
from tui.triage.checking import AT_ONCE

Make = Callable[..., World]


def people(number: int, **changes: Any) -> list[User]:
    return [person(one, **changes) for one in range(1, number + 1)]


async def check_all(world: World, **more: Any) -> list[CheckResult]:
    return await world.session.check([(user.id, user) for user in world.salesforce.people], **more)


# ---- who is meant ------------------------------------------------------------------------------------------------


async def test_a_user_is_named_by_address_username_id_or_unique_name(world_of: Make) -> None:
    one, two = person(1), person(2)
    world = world_of(one, two)
    queries = [one.email.upper(), two.username, one.id, one.id[:15], " Person 2 ", "person 1"]
    found = await world.session.resolve(queries)
    assert [resolution.users for resolution in found] == [(one,), (two,), (one,), (one,), (two,), (one,)]
    assert [resolution.query for resolution in found] == queries
    assert sum(count for name, count in world.salesforce.asked.items() if name.startswith("users_")) == 4


async def test_an_address_that_several_share_names_them_all_a_name_names_nobody(world_of: Make) -> None:
    one, two = person(1), person(2, email=person(1).email, name="Person 1", active=False)
    world = world_of(one, two)
    by_address, by_name, nobody, empty = await world.session.resolve([one.email, "Person 1", "no\x1b[31mbody", " "])
    assert by_address.users == (one, two)
    assert by_name.users == ()
    assert one.username in by_name.problem
    assert two.id in by_name.problem
    assert nobody.problem
    assert "\x1b" not in nobody.problem
    assert empty.problem


async def test_results_come_in_the_order_of_the_queries_with_problems_in_their_place(world_of: Make) -> None:
    world = world_of(person(1), person(2), person(3, email=person(1).email))
    answers = await world.session.check_queries(["Person 2", "nobody", person(1).email, "Person 2"])
    assert [type(answer).__name__ for answer in answers] == [
        "CheckResult", "Resolution", "CheckResult", "CheckResult", "CheckResult"
    ]  # fmt: skip
    assert [answer.query for answer in answers] == ["Person 2", "nobody", person(1).email, person(1).email, "Person 2"]
    assert [answer.user.name for answer in answers if isinstance(answer, CheckResult) and answer.user] == [
        "Person 2", "Person 1", "Person 3", "Person 2"
    ]  # fmt: skip


# ---- many --------------------------------------------------------------------------------------------------------


async def test_many_users_cost_few_queries(world_of: Make) -> None:
    world = world_of(*people(200))
    results = await check_all(world)
    assert len(results) == 200
    assert [result.user for result in results] == world.salesforce.people
    once = {
        "email_integration",
        "remote_sites",
        "errors",
        "users_by_emails",
        "users_by_names",
        "event_rights",
        "connect",
    }
    assert dict(world.salesforce.asked) == dict.fromkeys(once, 1)
    assert [scope for scope, subject in world.google.asked if subject is None] == [CALENDAR]
    assert len(world.page.asked) == 200


async def test_findings_and_results_are_streamed(world_of: Make) -> None:
    world = world_of(*people(3))
    steps: list[tuple[str, str]] = []
    done: list[str] = []

    def on_step(user: User, planned: str, finding: Finding) -> None:
        assert user.name not in done
        assert finding.id == planned or finding.id.startswith(f"{planned}.")
        steps.append((user.name, finding.id))

    results = await check_all(
        world, on_step=on_step, on_result=lambda result: done.append(result.user.name if result.user else "")
    )
    assert sorted(done) == ["Person 1", "Person 2", "Person 3"]
    for result in results:
        assert result.user
        assert sorted(step for name, step in steps if name == result.user.name) == sorted(
            step.id for step in result.steps
        )


async def test_users_are_checked_side_by_side(world_of: Make) -> None:
    world = world_of(*people(AT_ONCE * 2))
    inside = most = 0
    before = world.page.status

    async def slow(user: User) -> Any:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.01)
        inside -= 1
        return await before(user)

    world.page.status = slow  # type: ignore[method-assign]  # a slower page
    await check_all(world)
    assert most == AT_ONCE


async def test_cancelling_many_leaves_nothing_running(world_of: Make) -> None:
    world = world_of(*people(50))

    async def never(user: User) -> PageReading:
        await asyncio.sleep(60)
        return PageReading()

    world.page.status = never  # type: ignore[method-assign]  # a page that does not answer
    before = asyncio.all_tasks()
    running = asyncio.create_task(check_all(world))
    await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert asyncio.all_tasks() == before


# ---- one fault of many -------------------------------------------------------------------------------------------


async def test_a_fault_of_the_organisation_is_not_asked_of_everyone(world_of: Make) -> None:
    world = world_of(*people(100))
    world.google.every = {scope: refusal("google.delegation.unauthorized") for scope in (CALENDAR, CONTACTS)}
    results = await check_all(world)
    assert {result.judgement.causes for result in results} == {("google.delegation.unauthorized",)}
    assert len({subject for _scope, subject in world.google.asked if subject}) <= AT_ONCE + 4
    last = next(step for step in results[-1].steps if step.id == "google.token.calendar")
    assert last.evidence["asked"] is False
    assert last.evidence["tested_on_users"] >= 4
    assert last.evidence["user"] == person(100).email
    assert last.status is Status.FAIL


async def test_one_who_passes_makes_everyone_be_asked(world_of: Make) -> None:
    world = world_of(*people(60))
    world.google.tokens = {
        (scope, user.email): refusal("google.delegation.unauthorized")
        for user in world.salesforce.people[1:]
        for scope in (CALENDAR, CONTACTS)
    }
    results = await check_all(world)
    assert results[0].judgement.causes == ()
    assert len({subject for _scope, subject in world.google.asked if subject}) == 60


@pytest.mark.parametrize("cause", ["google.user.unknown", "google.quota.exceeded", "google.error.unclassified"])
async def test_a_fault_of_a_person_is_asked_of_each(world_of: Make, cause: str) -> None:
    world = world_of(*people(60), admin=None)
    world.google.every = {scope: refusal(cause) for scope in (CALENDAR, CONTACTS)}
    await check_all(world)
    assert len({subject for _scope, subject in world.google.asked if subject}) == 60


async def test_each_mail_domain_is_tested_for_itself(world_of: Make) -> None:
    here, there = people(60), [person(one, email=f"p{one}@there.example") for one in range(101, 161)]
    world = world_of(*here, *there)
    world.google.tokens = {
        (scope, user.email): refusal("google.delegation.unauthorized")
        for user in here
        for scope in (CALENDAR, CONTACTS)
    }
    results = await check_all(world)
    assert {result.judgement.causes for result in results[:60]} == {("google.delegation.unauthorized",)}
    assert {result.judgement.causes for result in results[60:]} == {()}


async def test_a_side_that_is_not_synced_stays_out_of_a_fault_of_many(world_of: Make) -> None:
    from tests.triage.test_checks import ONE_SIDE

    world = world_of(*people(40), configurations=[ONE_SIDE])
    world.google.every = {scope: refusal("google.policy.enforced") for scope in (CALENDAR, CONTACTS)}
    results = await check_all(world)
    states = {
        (step.id, step.status) for result in results for step in result.steps if step.id.startswith("google.token.con")
    }
    assert states == {("google.token.contacts", Status.SKIP)}


# ---- access and limits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cause", ["salesforce.auth.bad_client", "salesforce.network.unreachable", "salesforce.api.limit"]
)
async def test_without_access_each_query_is_undetermined_with_the_cause(world_of: Make, cause: str) -> None:
    world = world_of(*people(2))
    world.salesforce.broken["connect"] = refusal(cause, "Salesforce said no")
    heard: list[CheckResult] = []
    answers = await world.session.check_queries(["a", "b"], on_result=heard.append)
    assert heard == answers
    for query, answer in zip(["a", "b"], answers, strict=True):
        assert isinstance(answer, CheckResult)
        assert (answer.query, answer.user) == (query, None)
        assert (answer.judgement.verdict, answer.judgement.causes) == (Verdict.UNDETERMINED, (cause,))
        assert [(step.id, step.status, step.cause) for step in answer.steps] == [
            ("salesforce.login", Status.FAIL, cause)
        ]
        assert answer.steps[0].fix
    assert sum(count for name, count in world.salesforce.asked.items() if name != "connect") == 0


async def test_trouble_that_is_no_known_cause_is_undetermined_too(world_of: Make) -> None:
    world = world_of()
    world.salesforce.broken["users_by_names"] = refusal("", "something odd")
    (answer,) = await world.session.check_queries(["Person 1"])
    assert isinstance(answer, CheckResult)
    assert (answer.judgement.verdict, answer.judgement.causes) == (Verdict.UNDETERMINED, ())
    assert "something odd" in answer.sentence


async def test_bulk_work_stops_at_the_reserve_of_calls(world_of: Make) -> None:
    world = world_of(*people(60))
    world.salesforce.api_used = 780
    before = world.page.status

    async def costly(user: User) -> Any:
        world.salesforce.api_used = (world.salesforce.api_used or 0) + 1
        return await before(user)

    world.page.status = costly  # type: ignore[method-assign]  # each reading costs a call
    results = await check_all(world)
    stopped = [result for result in results if result.judgement.causes == ("salesforce.api.limit",)]
    assert 60 - 21 - AT_ONCE <= len(stopped) <= 60 - 21
    for result in stopped:
        assert result.judgement.verdict is Verdict.UNDETERMINED
        assert [(step.id, step.status) for step in result.steps] == [("salesforce.api", Status.UNKNOWN)]
        assert "API calls" in result.steps[0].summary
    (alone,) = await world.session.check([("one", world.user)])
    assert alone.judgement.verdict is Verdict.NO_FAULT_FOUND


# ---- the journal -------------------------------------------------------------------------------------------------


async def test_every_check_is_in_the_journal(world_of: Make) -> None:
    world = world_of(*people(3))
    await check_all(world)
    assert [len(world.journal.checks(ORG.id, user.id)) for user in world.salesforce.people] == [1, 1, 1]
    assert world.journal.checks(ORG.id, world.user.id)[0].by == "tester"


async def test_a_journal_that_cannot_be_written_is_said_and_stops_nothing(world_of: Make, monkeypatch: Any) -> None:
    world = world_of()

    def full(*_arguments: Any) -> None:
        raise JournalError("the disk is full")

    monkeypatch.setattr(world.journal, "record_check", full)
    (result,) = await check_all(world)
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND
    assert any("the disk is full" in line for line in result.not_tested)


async def test_a_journal_that_cannot_be_read_leaves_the_errors_undecided(world_of: Make, monkeypatch: Any) -> None:
    world = world_of()
    world.salesforce.rows = [row_of_report(world.user)]

    def broken(*_arguments: Any) -> None:
        raise JournalError("the journal is damaged")

    monkeypatch.setattr(world.journal, "histories", broken)
    (result,) = await check_all(world)
    assert result.judgement.verdict is Verdict.UNDETERMINED
    assert any(step.summary == "the journal is damaged" for step in result.steps)


async def test_an_acknowledged_error_is_not_open(world_of: Make) -> None:
    world = world_of()
    world.salesforce.rows = [row_of_report(world.user)]
    world.journal.acknowledge(ORG.id, world.user.id, "tester", "known", NOW - timedelta(days=1))
    (result,) = await check_all(world)
    assert (result.judgement.verdict, result.judgement.open_errors) == (Verdict.NO_FAULT_FOUND, 0)
    assert await world.session.with_open_errors() == []
    world.salesforce.rows.append(row_of_report(world.user, at=NOW - timedelta(hours=2)))
    assert await world.session.with_open_errors() == [world.user.id]


async def test_an_acknowledgement_counts_up_to_its_moment_and_is_kept_for_all_or_none(world_of: Make) -> None:
    world = world_of()
    world.salesforce.rows = [row_of_report(world.user)]
    with pytest.raises(LookupError):
        await world.session.acknowledge([world.user.id, "nobody@acme.example"], "known", NOW)
    assert await world.session.with_open_errors() == [world.user.id]
    await world.session.acknowledge([world.user.id, world.user.id], "known", NOW)
    assert await world.session.with_open_errors() == []
    (past,) = world.session.pasts()
    assert (past.user_id, past.note, past.acknowledged_by) == (world.user.id, "known", world.session.by)
    assert past.history.acknowledged_at == NOW


async def test_whoever_is_listed_is_checked_on_the_report_that_listed_them_once(world_of: Make) -> None:
    world = world_of()
    world.salesforce.rows = [row_of_report(world.user)]
    assert await world.session.with_open_errors() == [world.user.id]
    assert world.session.listed_whole
    world.salesforce.rows = []
    (listed,) = await check_all(world)
    (later,) = await check_all(world)
    assert (listed.judgement.verdict, later.judgement.verdict) == (Verdict.RESET, Verdict.NO_FAULT_FOUND)
    world.salesforce.rows, world.salesforce.complete = [row_of_report(world.user)], False
    await world.session.with_open_errors()
    assert not world.session.listed_whole


async def test_users_with_open_errors_come_newest_first_each_once(world_of: Make) -> None:
    one, two, three, four = people(4)
    world = world_of(one, two, three, four, person(5, name=four.name))
    world.salesforce.rows = [
        row_of_report(one, at=NOW - timedelta(days=3)),
        row_of_report(two, at=NOW - timedelta(days=1)),
        row_of_report(one, at=NOW - timedelta(days=2)),
        row_of_report(three, at=NOW - timedelta(days=5), by_name=True),
        row_of_report(four, by_name=True),
        row_of_report(two, at=NOW - timedelta(days=90)),
    ]
    assert await world.session.with_open_errors() == [two.id, one.id, three.id]


async def test_a_reset_seen_to_be_over_is_closed_and_its_errors_are_old(world_of: Make) -> None:
    world = world_of()
    user = world.user
    world.salesforce.rows = [row_of_report(user, at=NOW - timedelta(hours=5))]
    write = world.journal.begin_write(ORG, "tester", user, {"fails": []}, NOW - timedelta(hours=1))
    world.journal.pressed(write, NOW - timedelta(hours=1))
    world.page.rows[user.id] = user_rows(resetting=True)
    (result,) = await check_all(world)
    assert result.judgement.verdict is Verdict.WAIT
    assert world.journal.write(write).stage == "pressed"
    world.page.rows[user.id] = user_rows()
    (result,) = await check_all(world)
    assert (result.judgement.verdict, result.judgement.open_errors) == (Verdict.NO_FAULT_FOUND, 0)
    closed = world.journal.write(write)
    assert (closed.stage, closed.outcome) == ("ended", Outcome.DONE)
    assert closed.after["rows"]


@pytest.mark.parametrize(
    ("pressed", "rows"),
    [
        (NOW - timedelta(seconds=20), user_rows()),  # the page may not show it yet
        (NOW - timedelta(hours=1), refusal("salesforce.page.no_access")),  # it cannot be seen
        (None, user_rows()),  # it may never have been pressed
    ],
)
async def test_a_reset_whose_end_was_not_seen_stays_open(world_of: Make, pressed: Any, rows: Any) -> None:
    world = world_of()
    write = world.journal.begin_write(ORG, "tester", world.user, {}, NOW - timedelta(hours=1))
    if pressed:
        world.journal.pressed(write, pressed)
    world.page.rows[world.user.id] = rows
    await check_all(world)
    assert [one.id for one in world.session.unfinished()] == [write]


async def test_a_fault_that_outlives_a_reset_by_a_day_goes_to_support(world_of: Make) -> None:
    world = world_of()
    user = world.user
    world.page.rows[user.id] = user_rows(words={"contacts.salesforce_to_google": Word.UNABLE})
    for hours, fails, verdict in (
        (20, ["salesforce.sync.failing"], Verdict.REVIEW_CONFIGURATION),
        (30, ["salesforce.link.failed"], Verdict.REVIEW_CONFIGURATION),
        (30, ["salesforce.sync.failing"], Verdict.CONTACT_SUPPORT),
    ):
        write = world.journal.begin_write(ORG, "tester", user, {"fails": fails}, NOW - timedelta(hours=hours))
        world.journal.pressed(write, NOW - timedelta(hours=hours))
        world.journal.end_write(write, Outcome.DONE, "", {}, NOW - timedelta(hours=hours))
        (result,) = await check_all(world)
        assert result.judgement.verdict is verdict


# ---- the module --------------------------------------------------------------------------------------------------


async def test_a_session_closes_what_it_opened(world_of: Make) -> None:
    world = world_of()
    assert world.session.calls == []
    assert world.session.unfinished() == ()  # before the login nothing is known
    assert not world.session.answer_proof({world.user.id: True})
    await world.session.aclose()


def test_the_triage_imports_without_textual() -> None:
    program = (
        "import sys\n"
        "class Ban:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name.split('.')[0] in ('textual', 'rich', 'screens'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, Ban())\n"
        "import tui.triage.session, tui.triage.support, tui.triage.overview\n"
        "assert not {'textual', 'rich', 'screens'} & {name.split('.')[0] for name in sys.modules}\n"
        "print('fine')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "fine\n", done.stderr


# ---- going on from the step that failed ----------------------------------------------------------------------------


async def test_a_retry_asks_again_only_from_the_failed_step_on(world_of: Make) -> None:
    world = world_of()
    me = world.user
    world.google.calendars[me.email] = refusal("google.service.unavailable")
    (before,) = await check_all(world)
    assert before.judgement.verdict is Verdict.UNDETERMINED
    del world.google.calendars[me.email]
    reports, asked, called = world.salesforce.asked["errors"], len(world.google.asked), len(world.google.called)
    (after,) = await check_all(world, retry=True)
    assert reports == world.salesforce.asked["errors"]
    assert [scope for scope, _subject in world.google.asked[asked:]] == [CALENDAR, "directory"]
    assert len(world.google.called) == called + 1
    kept = {step.id for step in after.steps if step.kept_from is not None}
    assert kept == {
        "salesforce.login", "salesforce.sync", "salesforce.page.organisation", "salesforce.remote_site", "google.key",
        "google.token.service_account", "salesforce.report", "salesforce.page.user", "google.token.calendar",
        "google.token.contacts", "google.call.contacts",
        *(f"salesforce.page.organisation.{row}" for row in ("connection_method", "linked_users", "last_activity")),
    }  # fmt: skip
    assert {step.kept_from for step in after.steps} == {None, before.checked_at}
    assert after.judgement == (await check_all(world))[0].judgement


async def test_a_retry_after_a_quarter_of_an_hour_asks_everything(world_of: Make) -> None:
    world = world_of()
    world.google.calendars[world.user.email] = refusal("google.service.unavailable")
    await check_all(world)
    world.later(16 * 60)
    (after,) = await check_all(world, retry=True)
    assert not [step for step in after.steps if step.kept_from is not None]


async def test_a_retry_of_somebody_else_or_of_a_page_by_hand_keeps_nothing(world_of: Make) -> None:
    world = world_of(person(1), person(2))
    one, two = world.salesforce.people
    await world.session.check([(one.id, one)])
    (after,) = await world.session.check([(two.id, two)], retry=True)
    assert not [step for step in after.steps if step.kept_from is not None]
    await world.session.check([(two.id, two)], page=PageReading(rows=user_rows(), source="saved"))
    (after,) = await world.session.check([(two.id, two)], retry=True)
    assert not [step for step in after.steps if step.kept_from is not None]
