"""The overview, the samples for Proof and the support packet, on fakes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.triage.fakes import CALENDAR, CONTACTS, NOW, ORG, World, org_rows, person, refusal, row_of_report, user_rows
from tui.model import ChecklistItem, Configuration, Outcome, Overview, Readable, ServiceError, Stage, Status, Word
from tui.triage.support import packet

Make = Callable[..., World]


async def items(world: World) -> dict[str, ChecklistItem]:
    return {item.step: item for item in (await world.session.overview()).checklist}


# ---- overview ----------------------------------------------------------------------------------------------------


async def test_the_guide_s_steps_in_order_all_well(world_of: Make) -> None:
    world = world_of()
    world.journal.confirm(ORG.id, "page", "tester", {"x": True}, NOW)
    overview = await world.session.overview()
    assert [item.step for item in overview.checklist] == [
        "google_key", "lightning_sync", "remote_site", "key_uploaded", "connection_test", "configurations", "status"
    ]  # fmt: skip
    assert {item.status for item in overview.checklist} == {Status.PASS}
    assert all(item.title and item.summary for item in overview.checklist)
    assert person().email in overview.checklist[4].summary
    assert (overview.api_used, overview.api_limit) == (100, 1000)
    assert overview.org == ORG
    assert overview.report is not None
    assert world.journal.checks(ORG.id, person().id) == ()  # looking at the whole is no check of a person


async def test_each_step_shows_what_is_wrong_with_it(world_of: Make) -> None:
    world = world_of()
    world.salesforce.switches = {"enableContactAndEventSync": False}
    world.salesforce.sites = []
    world.google.every = {CALENDAR: refusal("google.delegation.unauthorized")}
    found = await items(world)
    assert [found[step].status for step in ("lightning_sync", "remote_site", "connection_test")] == [Status.FAIL] * 3
    assert found["key_uploaded"].status is Status.UNKNOWN  # the page was not asked behind the switch that is off
    world = world_of()
    world.page.org = org_rows(method=Word.NO)
    found = await items(world)
    assert (found["key_uploaded"].status, found["status"].status) == (Status.FAIL, Status.FAIL)
    world = world_of()
    world.page.org = org_rows(activity=NOW - timedelta(days=2))
    assert (await items(world))["status"].status is Status.FAIL
    world = world_of()
    world.google.key_error = refusal("google.key.unreadable")
    assert (await items(world))["google_key"].status is Status.UNKNOWN


async def test_the_account_of_the_user_tested_with_does_not_condemn_the_connection(world_of: Make) -> None:
    world = world_of(person(1), person(2), admin=None)
    world.google.tokens = {(scope, person(1).email): refusal("google.user.unknown") for scope in (CALENDAR, CONTACTS)}
    found = await items(world)
    assert found["connection_test"].status is Status.PASS
    assert person(2).email in found["connection_test"].summary
    world.google.every = {scope: refusal("google.user.unknown") for scope in (CALENDAR, CONTACTS)}
    assert (await items(world))["connection_test"].status is Status.WARN


async def test_without_anybody_to_test_with_the_test_is_not_called_passed(world_of: Make) -> None:
    world = world_of(configurations=())
    found = await items(world)
    assert found["connection_test"].status is Status.UNKNOWN
    assert found["configurations"].status is Status.UNKNOWN
    assert found["google_key"].status is Status.PASS


@pytest.mark.parametrize(
    ("configurations", "status"),
    [
        ([Configuration("Off", active=False, users=("x@y.example",))], Status.WARN),
        ([Configuration("Empty")], Status.WARN),
        ([Configuration("On", users=(person().email,))], Status.PASS),
    ],
)
async def test_the_declared_configurations(world_of: Make, configurations: Any, status: Status) -> None:
    assert (await items(world_of(configurations=configurations)))["configurations"].status is status


@pytest.mark.parametrize(
    ("method", "capability"),
    [
        ("errors", "error_report"),
        ("email_integration", "sync_switch"),
        ("remote_sites", "remote_sites"),
        ("event_rights", "event_rights"),
        ("changes", "audit_trail"),
        ("eac_settings", "eac_settings"),
        ("licences", "licences"),
        ("my_rights", "my_rights"),
    ],
)
async def test_a_right_that_is_missing_shows_and_stops_nothing(world_of: Make, method: str, capability: str) -> None:
    world = world_of(configurations=[Configuration("C", users=(person().email,))])
    world.salesforce.broken[method] = refusal("", "insufficient access")
    overview = await world.session.overview()
    closed = {one.id for one in overview.capabilities if one.status is Readable.NOT_WITH_THESE_RIGHTS}
    assert capability in closed
    assert all(one.summary for one in overview.capabilities)
    assert (overview.report is None) is (method == "errors")


async def test_a_page_that_cannot_be_read_is_only_in_setup(world_of: Make) -> None:
    world = world_of()
    world.page.org = refusal("salesforce.page.no_access", "no session")
    overview = await world.session.overview()
    page = next(one for one in overview.capabilities if one.id == "status_page")
    assert (page.status, "no session" in page.summary) == (Readable.ONLY_IN_SETUP, True)


async def test_without_a_login_there_is_no_overview(world_of: Make) -> None:
    world = world_of()
    world.salesforce.broken["connect"] = refusal("salesforce.auth.not_approved")
    with pytest.raises(ServiceError):
        await world.session.overview()


async def test_the_answer_comes_before_all_else_has_been_asked(world_of: Make) -> None:
    world = world_of()
    stages: list[Overview] = []
    whole = await world.session.overview(stages.append)
    (answered,) = stages
    assert (answered.stage, whole.stage) == (Stage.ANSWERED, Stage.WHOLE)
    assert answered.answer == whole.answer
    assert answered.checklist == whole.checklist
    assert answered.capabilities == ()
    assert len(whole.capabilities) > 10


async def test_a_service_that_takes_its_time_does_not_hold_up_what_is_known(
    world_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.triage.overview.SOON", 0.05)
    world, answers = world_of(), asyncio.Event()

    async def slow(_scope: str, _subject: str | None) -> str:
        await answers.wait()
        return "token x y"

    world.google.token = slow  # type: ignore[method-assign]
    stages: list[Overview] = []

    def hear(seen: Overview) -> None:
        stages.append(seen)
        answers.set()

    whole = await world.session.overview(hear)
    so_far = stages[0]
    assert [one.stage for one in stages] == [Stage.SO_FAR, Stage.ANSWERED]
    assert so_far.answer is not None
    assert so_far.answer.sentence == (
        "Not broken for everybody: sync was active in the last 24 hours. The connection is not tested: The key "
        "may act (calendar): not answered yet."
    )
    assert {item.step: item.status for item in so_far.checklist}["connection_test"] is Status.UNKNOWN
    assert {item.status for item in whole.checklist} == {Status.PASS}


async def test_an_overview_that_is_given_up_leaves_nothing_running(world_of: Make) -> None:
    world = world_of()

    async def never(_scope: str, _subject: str | None) -> str:
        await asyncio.Event().wait()
        return ""

    world.google.token = never  # type: ignore[method-assign]
    reading = asyncio.create_task(world.session.overview(lambda _seen: None))
    await asyncio.sleep(0.05)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert asyncio.all_tasks() == {asyncio.current_task()}


# ---- proof -------------------------------------------------------------------------------------------------------


async def test_samples_are_the_person_one_well_and_one_who_left(world_of: Make) -> None:
    erring, namesake, waiting, well, left = (
        person(2), person(3, name="Person 9"), person(4), person(5), person(6, active=False)
    )  # fmt: skip
    world = world_of(person(1), erring, namesake, person(9, name="Person 9"), waiting, well, left)
    world.salesforce.rows = [row_of_report(person(1)), row_of_report(erring)]
    world.page.rows[waiting.id] = user_rows(words={"events.google_to_salesforce": Word.NOT_STARTED})
    samples = await world.session.proof_samples(person(1).id)
    assert [(sample.kind, sample.user) for sample in samples] == [("unwell", person(1)), ("well", well), ("left", left)]
    assert [value for _column, value in samples[0].error][1:3] == [person(1).name, "UserMapping"]
    assert [sample.error for sample in samples[1:]] == [(), ()]
    assert namesake.id not in world.page.asked
    assert erring.id not in world.page.asked


async def test_one_who_has_left_stands_for_those_who_left(world_of: Make) -> None:
    world = world_of(person(1, active=False), person(2), person(3, active=False))
    samples = await world.session.proof_samples(person(1).id)
    assert [(sample.kind, sample.user.id) for sample in samples] == [("left", person(1).id), ("well", person(2).id)]


async def test_samples_need_the_person_s_own_page(world_of: Make) -> None:
    world = world_of(person(1), person(2))
    world.page.rows[person(1).id] = refusal("salesforce.page.no_access")
    with pytest.raises(ServiceError):
        await world.session.proof_samples(person(1).id)
    world = world_of(person(1), person(2, name="Person 1"))
    with pytest.raises(LookupError, match="not unique"):
        await world.session.proof_samples(person(1).id)
    assert world.page.asked == []


# ---- the support packet ------------------------------------------------------------------------------------------


async def test_the_packet_holds_what_support_asks_for(world_of: Make) -> None:
    world = world_of()
    world.salesforce.rows = [
        row_of_report(world.user, text="cannot sync | this"),
        row_of_report(world.user, at=NOW - timedelta(days=300), text="an old one"),
        row_of_report(person(7), text="another person's"),
    ]
    world.salesforce.broken["event_rights"] = refusal("", "closed to us")
    write = world.journal.begin_write(ORG, "tester", world.user, {}, NOW - timedelta(days=200))
    world.journal.end_write(write, Outcome.DONE, "over", {}, NOW - timedelta(days=200))
    (result,) = await world.session.check([("p", world.user)])
    text = await packet(world.session, world.user, result)
    for part in (
        ORG.id, ORG.name, world.user.id, world.user.email, "lightning_sync", "reset", "key-1", "sa@project",
        "68.0", "cannot sync \\| this", "an old one", "userContacts", "tester", "over", "closed to us", "2026-11-21",
    ):  # fmt: skip
        assert part in text, part
    assert "another person's" not in text
    assert text.startswith("# ")
    assert text.endswith("\n")


async def test_the_packet_is_redacted_and_harmless(world_of: Make) -> None:
    user = person(name="Eve \x1b[31m| `x` <img src=x> [a](http://b)")
    world = world_of(user)
    secret = "Bearer abcdefgh12345678 eyJhbGciOi.eyJzdWIiOi.c2ln "
    secret += "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"
    world.salesforce.rows = [row_of_report(user, text=secret)]
    world.google.tokens = {(CALENDAR, user.email): refusal("google.error.unclassified", secret, answer=secret)}
    (result,) = await world.session.check([("p", user)])
    text = await packet(world.session, user, result)
    for part in ("abcdefgh12345678", "MIIE", "eyJ", "\x1b", " <img", "| `x`"):
        assert part not in text, part


async def test_the_packet_says_that_the_report_cannot_be_read(world_of: Make) -> None:
    world = world_of()
    world.salesforce.broken["errors"] = refusal("salesforce.report.unavailable", "no such report")
    (result,) = await world.session.check([("p", world.user)])
    assert "no such report" in await packet(world.session, world.user, result)
    assert "undetermined" in await packet(world.session, replace(world.user), result)
