"""Each check on small answers: which finding, which cause, what it leaves out. Through the session, one user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.triage.fakes import (
    CALENDAR,
    CONTACTS,
    NOW,
    World,
    org_rows,
    person,
    refusal,
    row_of_report,
    user_rows,
)
from tui.google.client import DirectoryUser
from tui.model import (
    CheckResult,
    Configuration,
    ContactSync,
    Direction,
    EventSync,
    Finding,
    RowKind,
    Status,
    Verdict,
    Word,
)
from tui.salesforce.client import EventRights, RemoteSite

Make = Callable[..., World]
PASS, FAIL, SKIP, UNKNOWN, WAIT, WARN = (
    Status.PASS, Status.FAIL, Status.SKIP, Status.UNKNOWN, Status.WAIT, Status.WARN
)  # fmt: skip
ME = person().email
UNAUTHORISED = refusal("google.delegation.unauthorized", error="unauthorized_client")


async def check(world: World, **more: Any) -> tuple[CheckResult, dict[str, Finding]]:
    """The result for the first person, and its steps by id."""
    (result,) = await world.session.check([("asked", world.user)], **more)
    return result, {step.id: step for step in result.steps}


def state(finding: Finding) -> tuple[Status, str | None]:
    return finding.status, finding.cause


# ---- well --------------------------------------------------------------------------------------------------------


async def test_a_well_user_passes_everything(world_of: Make) -> None:
    result, steps = await check(world_of())
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND
    assert {step.status for step in steps.values()} == {PASS, SKIP}
    assert [step.id for step in steps.values() if step.status is SKIP] == ["google.guided"]
    assert result.not_tested
    assert result.sentence
    phases = [step.phase for step in result.steps]
    assert phases == sorted(phases, key=["access", "connection", "status"].index)


async def test_every_planned_step_is_found_and_no_other(world_of: Make) -> None:
    world = world_of()
    _result, steps = await check(world)
    planned = [step.id for step in world.session.plan()]
    assert len(planned) == len(set(planned))
    assert all(step.title for step in world.session.plan())
    for name in steps:
        assert any(name == step or name.startswith(f"{step}.") for step in planned), name
    for step in planned:
        assert any(name == step or name.startswith(f"{step}.") for name in steps), step


# ---- Setup -------------------------------------------------------------------------------------------------------


async def test_the_switch_that_is_off_skips_the_page_and_not_google(world_of: Make) -> None:
    world = world_of()
    world.salesforce.switches = {"enableContactAndEventSync": False}
    result, steps = await check(world)
    assert state(steps["salesforce.sync"]) == (FAIL, "salesforce.sync.disabled")
    assert {steps[name].status for name in ("salesforce.page.organisation", "salesforce.page.user")} == {SKIP}
    assert {steps[name].status for name in ("salesforce.link", "salesforce.sync_status", "salesforce.assignment")} == {
        SKIP
    }
    assert steps["google.call.calendar"].status is PASS
    assert world.page.asked == []
    assert result.judgement.verdict is Verdict.REVIEW_CONNECTION


@pytest.mark.parametrize("error", [refusal("", "closed"), refusal("salesforce.rights.missing"), None])
async def test_a_switch_that_cannot_be_read_decides_nothing(world_of: Make, error: Any) -> None:
    world = world_of()
    if error:
        world.salesforce.broken["email_integration"] = error
    else:
        world.salesforce.switches = {}
    result, steps = await check(world)
    assert state(steps["salesforce.sync"]) == (UNKNOWN, None)
    assert steps["salesforce.page.user"].status is PASS
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND


@pytest.mark.parametrize(
    "sites",
    [
        [],
        [RemoteSite("https://www.googleapis.com", False)],
        [RemoteSite("https://www.googleapis.com.evil.example", True)],
        [RemoteSite("https://people.googleapis.com", True)],
    ],
)
async def test_no_active_remote_site_for_google_fails_and_skips_nothing(
    world_of: Make, sites: list[RemoteSite]
) -> None:
    world = world_of()
    world.salesforce.sites = sites
    result, steps = await check(world)
    assert state(steps["salesforce.remote_site"]) == (FAIL, "salesforce.connection.remote_site")
    assert {step.status for name, step in steps.items() if name != "salesforce.remote_site"} == {PASS, SKIP}
    assert result.judgement.sub_step == 1


# ---- the organisation's rows -------------------------------------------------------------------------------------


async def test_without_a_connection_method_nothing_more_of_the_page_is_read(world_of: Make) -> None:
    world = world_of()
    world.page.org = org_rows(method=Word.NO, linked=0)
    result, steps = await check(world)
    assert result.judgement.causes == ("salesforce.connection.not_configured",)
    assert "salesforce.page.organisation.linked_users" not in steps
    assert steps["salesforce.page.user"].status is SKIP
    assert world.page.asked == []


async def test_nobody_linked_leaves_out_the_activity_and_the_user(world_of: Make) -> None:
    world = world_of()
    world.page.org = org_rows(linked=0, activity=NOW - timedelta(days=9))
    result, steps = await check(world)
    assert result.judgement.causes == ("salesforce.connection.no_linked_users",)
    assert "salesforce.page.organisation.last_activity" not in steps
    assert steps["salesforce.page.user"].status is SKIP


@pytest.mark.parametrize(
    ("activity", "shown", "expected"),
    [
        (NOW - timedelta(hours=23), "x 1", (PASS, None)),
        (NOW - timedelta(hours=25), "x 1", (FAIL, "salesforce.connection.stalled")),
        (None, "", (FAIL, "salesforce.connection.stalled")),
        (None, "-", (FAIL, "salesforce.connection.stalled")),
        (None, "22. listopadu", (UNKNOWN, None)),
        (None, "a few minutes ago", (UNKNOWN, None)),
    ],
)
async def test_the_last_activity(world_of: Make, activity: Any, shown: str, expected: Any) -> None:
    world = world_of()
    world.page.org = org_rows(activity=activity, shown=shown)
    _result, steps = await check(world)
    assert state(steps["salesforce.page.organisation.last_activity"]) == expected
    assert steps["salesforce.page.user"].status is PASS


async def test_the_newer_activity_of_the_two_sides_counts(world_of: Make) -> None:
    world = world_of()
    rows = org_rows(activity=NOW - timedelta(days=3))
    world.page.org = (*rows[:3], replace(rows[3], time=NOW - timedelta(hours=1)))
    _result, steps = await check(world)
    assert steps["salesforce.page.organisation.last_activity"].status is PASS


async def test_the_page_may_say_that_sync_is_off(world_of: Make) -> None:
    world = world_of()
    first = replace(org_rows()[0], kind=RowKind.SYNC_ENABLED, word=Word.NO, label="Sync enabled")
    world.page.org = (first, *org_rows())
    result, steps = await check(world)
    assert result.judgement.causes == ("salesforce.sync.disabled",)
    assert steps["salesforce.page.user"].status is SKIP


# ---- Google ------------------------------------------------------------------------------------------------------


async def test_a_key_that_cannot_be_read_leaves_all_of_google_unknown(world_of: Make) -> None:
    world = world_of()
    world.google.key_error = refusal("google.key.unreadable")
    result, steps = await check(world)
    google = [step for name, step in steps.items() if name.startswith(("google.key", "google.token", "google.call"))]
    assert {state(step) for step in google} == {(UNKNOWN, "google.key.unreadable")}
    assert len(google) == 6
    assert (result.judgement.verdict, result.judgement.causes) == (Verdict.UNDETERMINED, ("google.key.unreadable",))


@pytest.mark.parametrize("cause", ["google.key.revoked", "google.account.missing", "google.account.disabled"])
async def test_a_refused_key_fails_and_nothing_is_asked_behind_it(world_of: Make, cause: str) -> None:
    world = world_of()
    world.page.org = org_rows(activity=NOW - timedelta(hours=5))
    world.google.tokens = {(scope, None): refusal(cause) for scope in (CALENDAR, CONTACTS)}
    result, steps = await check(world)
    assert state(steps["google.token.service_account"]) == (FAIL, cause)
    assert {
        steps[f"google.{kind}.{side}"].status for kind in ("token", "call") for side in ("calendar", "contacts")
    } == {SKIP}
    assert (result.judgement.verdict, result.judgement.causes) == (Verdict.REVIEW_CONNECTION, (cause,))
    assert all(subject is None for _scope, subject in world.google.asked)
    assert steps["google.token.service_account"].evidence["key_id"] == "key-1"


async def test_a_refused_key_is_unknown_while_the_organisation_syncs(world_of: Make) -> None:
    world = world_of()
    world.google.tokens = {
        (scope, who): refusal("google.key.revoked") for scope in (CALENDAR, CONTACTS) for who in (None, ME)
    }
    result, steps = await check(world)
    for name in ("google.token.service_account", "google.token.calendar", "google.call.contacts"):
        assert state(steps[name]) == (UNKNOWN, "google.key.revoked")
    assert "another key" in steps["google.token.calendar"].evidence["why_not_a_fail"]
    assert (ME in {subject for _scope, subject in world.google.asked}) is True
    assert (result.judgement.verdict, result.judgement.causes) == (Verdict.UNDETERMINED, ("google.key.revoked",))


async def test_one_misspelt_scope_does_not_condemn_the_key(world_of: Make) -> None:
    world = world_of()
    world.google.tokens = {(CALENDAR, who): refusal("google.scope.invalid") for who in (None, ME)}
    result, steps = await check(world)
    assert steps["google.token.service_account"].status is PASS
    assert state(steps["google.token.calendar"]) == (FAIL, "google.scope.invalid")
    assert steps["google.call.calendar"].status is SKIP
    assert steps["google.call.contacts"].status is PASS
    assert result.judgement.causes == ("google.scope.invalid",)


async def test_a_wrong_clock_is_said(world_of: Make) -> None:
    world = world_of()
    world.google.clock_offset = timedelta(seconds=-31)
    result, steps = await check(world)
    assert state(steps["google.clock"]) == (UNKNOWN, "google.clock.skew")
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND


async def test_every_scope_refused_is_one_thing_some_refused_another(world_of: Make) -> None:
    world = world_of()
    world.google.tokens = {(CALENDAR, ME): UNAUTHORISED, (CONTACTS, ME): UNAUTHORISED}
    _result, steps = await check(world)
    assert (
        steps["google.token.calendar"].cause == steps["google.token.contacts"].cause == "google.delegation.unauthorized"
    )
    for side in ("calendar", "contacts"):  # the entry that is to be made needs the scopes of both sides
        assert steps[f"google.token.{side}"].evidence["scopes"] == [CALENDAR, CONTACTS]
        assert any(f"{CALENDAR}, {CONTACTS}" in line for line in steps[f"google.token.{side}"].fix)
    world = world_of()
    world.google.tokens = {(CONTACTS, ME): UNAUTHORISED}
    result, steps = await check(world)
    assert steps["google.token.calendar"].status is PASS
    assert state(steps["google.token.contacts"]) == (FAIL, "google.delegation.scope_missing")
    assert steps["google.token.contacts"].evidence["granted"] == [CALENDAR]
    assert steps["google.call.contacts"].status is SKIP
    assert result.judgement.causes == ("google.delegation.scope_missing",)


ONE_SIDE = Configuration("Calendar only", profiles=("Sales User",), contacts=ContactSync(Direction.NONE))


async def test_a_side_that_is_not_synced_is_skipped_and_asked_only_to_tell(world_of: Make) -> None:
    world = world_of(configurations=[ONE_SIDE])
    _result, steps = await check(world)
    assert steps["google.token.contacts"].status is SKIP
    assert steps["google.call.contacts"].status is SKIP
    assert (CONTACTS, ME) not in world.google.asked
    world = world_of(configurations=[ONE_SIDE])
    world.google.tokens = {(CALENDAR, ME): UNAUTHORISED}
    result, steps = await check(world)
    assert (CONTACTS, ME) in world.google.asked
    assert steps["google.token.contacts"].status is SKIP
    assert result.judgement.causes == ("google.delegation.scope_missing",)


async def test_where_the_page_contradicts_the_declaration_both_sides_are_judged(world_of: Make) -> None:
    world = world_of(configurations=[ONE_SIDE])
    world.page.rows[person().id] = user_rows(assigned=Word.NO)
    _result, steps = await check(world)
    assert steps["google.call.contacts"].status is PASS


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        (DirectoryUser(ME, (), True, False), "google.user.suspended"),
        (DirectoryUser(ME, (), False, True), "google.user.suspended"),
        (DirectoryUser("other@acme.example", (ME,), False, False), "google.user.alias"),
        (DirectoryUser(ME.upper(), (), False, False), "google.user.unknown"),
        (None, "google.user.unknown"),
        (refusal("google.error.unclassified"), "google.user.unknown"),
    ],
)
async def test_the_directory_tells_what_an_unknown_user_is(world_of: Make, found: Any, cause: str) -> None:
    world = world_of()
    world.google.people[ME] = found
    world.google.tokens = {(scope, ME): refusal("google.user.unknown") for scope in (CALENDAR, CONTACTS)}
    result, steps = await check(world)
    assert result.judgement.causes == (cause,)
    assert steps["google.directory"].status is (UNKNOWN if isinstance(found, Exception) else PASS if found else WARN)
    assert world.google.asked.count(("directory", ME)) == 1
    assert result.judgement.sub_step == 0


async def test_the_directory_is_asked_about_one_person_and_its_refusal_breaks_nothing(world_of: Make) -> None:
    world = world_of()
    world.google.people[ME] = DirectoryUser(ME, ("other@acme.example",), False, False, "Person One")
    _result, steps = await check(world)
    assert steps["google.directory"].evidence["name"] == "Person One"
    assert steps["google.directory"].evidence["aliases"] == ["other@acme.example"]
    world.google.people[ME] = UNAUTHORISED
    result, steps = await check(world)
    assert steps["google.directory"].status is UNKNOWN
    assert (result.judgement.verdict, result.judgement.causes) == (Verdict.NO_FAULT_FOUND, ())


async def test_the_directory_is_not_asked_about_many_nor_without_a_token(world_of: Make) -> None:
    many = world_of(person(1), person(2))
    await many.session.check([("asked", user) for user in many.salesforce.people])
    assert not [asked for asked in many.google.asked if asked[0] == "directory"]
    refused = world_of()
    refused.google.tokens = {(scope, ME): UNAUTHORISED for scope in (CALENDAR, CONTACTS)}
    await check(refused)
    assert not [asked for asked in refused.google.asked if asked[0] == "directory"]


async def test_without_an_admin_the_directory_is_not_asked(world_of: Make) -> None:
    world = world_of(admin=None)
    world.google.tokens = {(scope, ME): refusal("google.user.unknown") for scope in (CALENDAR, CONTACTS)}
    result, steps = await check(world)
    assert result.judgement.causes == ("google.user.unknown",)
    assert steps["google.directory"].status is SKIP


async def test_a_calendar_of_another_address_is_an_alias(world_of: Make) -> None:
    world = world_of()
    world.google.calendars[ME] = "someone.else@acme.example"
    result, steps = await check(world)
    assert state(steps["google.call.calendar"]) == (FAIL, "google.user.alias")
    assert result.judgement.causes == ("google.user.alias",)
    for same in (ME.upper(), ""):  # another spelling; a client that could ask for the events only
        world.google.calendars[ME] = same
        _result, steps = await check(world)
        assert steps["google.call.calendar"].status is PASS


async def test_a_calendar_that_is_off_and_contacts_that_answer_are_judged_apart(world_of: Make) -> None:
    world = world_of()
    world.google.calendars[ME] = refusal("google.calendar.off")
    world.google.people[ME] = DirectoryUser(ME, (), False, False)
    result, steps = await check(world)
    assert state(steps["google.call.calendar"]) == (FAIL, "google.calendar.off")
    assert steps["google.call.contacts"].status is PASS
    assert result.judgement.sub_step == 0


async def test_a_token_that_nobody_could_get_leaves_the_call_unknown_for_the_same_reason(world_of: Make) -> None:
    world = world_of()
    world.google.tokens = {(CALENDAR, ME): refusal("google.service.unavailable")}
    result, steps = await check(world)
    assert state(steps["google.call.calendar"]) == (UNKNOWN, "google.service.unavailable")
    assert steps["google.call.calendar"].evidence["behind"] == "google.token.calendar"
    assert steps["google.call.contacts"].status is PASS
    assert result.judgement.causes == ("google.service.unavailable",)


async def test_without_a_google_section_the_connection_is_not_called_tested(world_of: Make) -> None:
    world = world_of(google=False)
    result, steps = await check(world)
    assert steps["google.token.calendar"].status is UNKNOWN
    assert "Test button" in steps["google.token.calendar"].summary
    assert (result.judgement.verdict, result.judgement.causes) == (Verdict.UNDETERMINED, ())


# ---- the user ----------------------------------------------------------------------------------------------------


async def test_inactive_and_frozen_fail_and_close_nothing(world_of: Make) -> None:
    world = world_of(person(active=False, frozen=True))
    result, steps = await check(world)
    assert state(steps["salesforce.user"]) == (FAIL, "salesforce.user.inactive")
    assert state(steps["salesforce.user.frozen"]) == (FAIL, "salesforce.user.frozen")
    assert steps["salesforce.link.contacts"].status is PASS
    assert result.judgement.rule == 2
    _result, steps = await check(world_of(person(frozen=None)))
    assert state(steps["salesforce.user.frozen"]) == (UNKNOWN, None)


async def test_a_name_that_two_have_is_never_given_to_the_page(world_of: Make) -> None:
    world = world_of(person(1), person(2, name="PERSON 1", active=False))
    result, steps = await check(world)
    assert state(steps["salesforce.page.user"]) == (UNKNOWN, None)
    assert world.page.asked == []
    assert steps["salesforce.page.user"].evidence["others"][0].startswith("PERSON 1, p2@")
    assert (result.judgement.verdict, result.judgement.causes) == (Verdict.UNDETERMINED, ())


async def test_where_it_cannot_be_known_whether_a_name_is_unique_the_page_is_not_asked(world_of: Make) -> None:
    world = world_of()
    world.salesforce.broken["users_by_names"] = refusal("salesforce.service.unavailable")
    result, steps = await check(world)
    assert state(steps["salesforce.page.user"]) == (UNKNOWN, "salesforce.service.unavailable")
    assert world.page.asked == []
    assert result.judgement.verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize("cause", ["salesforce.page.unrecognised", "salesforce.page.no_access"])
async def test_a_page_that_cannot_be_read_is_unknown(world_of: Make, cause: str) -> None:
    world = world_of()
    world.page.org = world.page.rows[person().id] = refusal(cause)
    result, steps = await check(world)
    assert state(steps["salesforce.page.organisation"]) == (UNKNOWN, None)
    assert state(steps["salesforce.page.user"]) == (UNKNOWN, cause)
    assert {steps[name].status for name in ("salesforce.link", "salesforce.sync_status", "salesforce.reset_state")} == {
        SKIP
    }
    assert (result.judgement.verdict, result.judgement.causes) == (Verdict.UNDETERMINED, (cause,))


@pytest.mark.parametrize("shown", ["Somebody Else", None])
async def test_an_answer_about_somebody_else_is_left_aside(world_of: Make, shown: str | None) -> None:
    world = world_of()
    world.page.shown[person().id] = shown
    world.page.rows[person().id] = user_rows(assigned=Word.NO)
    result, steps = await check(world)
    assert state(steps["salesforce.page.user"]) == (UNKNOWN, None)
    assert steps["salesforce.assignment"].status is SKIP
    assert result.judgement.verdict is Verdict.UNDETERMINED


# ---- rows of the user --------------------------------------------------------------------------------------------


def configured(**changes: Any) -> list[Configuration]:
    return [Configuration("Paused", active=False, users=(ME,)), Configuration("Other", profiles=("Other",), **changes)]


async def test_not_assigned(world_of: Make) -> None:
    for configurations, cause in ((configured(), "inactive"), ((), "missing")):
        world = world_of(configurations=configurations)
        world.page.rows[person().id] = user_rows(assigned=Word.NO)
        result, steps = await check(world)
        assert state(steps["salesforce.assignment"]) == (FAIL, f"salesforce.assignment.{cause}")
        assert steps["salesforce.link"].status is SKIP
        assert steps["salesforce.sync_status"].status is SKIP
        assert result.judgement.causes == (f"salesforce.assignment.{cause}",)


async def test_assigned_though_declared_nowhere_is_a_warning(world_of: Make) -> None:
    result, steps = await check(world_of(configurations=configured()))
    assert steps["salesforce.assignment"].status is PASS
    assert state(steps["salesforce.assignment.declaration"]) == (WARN, None)
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND


async def test_words_that_nobody_knows_are_unknown_and_shown(world_of: Make) -> None:
    for rows, step in (
        (user_rows(assigned=None), "salesforce.assignment"),
        (user_rows(linked=None, text="Verknüpft"), "salesforce.link.contacts"),
        (user_rows(words={"events.google_to_salesforce": None}), "salesforce.sync_status.events.google_to_salesforce"),
    ):
        world = world_of()
        world.page.rows[person().id] = rows
        result, steps = await check(world)
        assert state(steps[step]) == (UNKNOWN, None)
        assert (result.judgement.verdict, result.judgement.causes) == (Verdict.UNDETERMINED, ())


async def test_a_row_that_is_missing_is_unknown_unless_its_side_is_not_synced(world_of: Make) -> None:
    rows = tuple(row for row in user_rows() if row.table != "userContacts")
    world = world_of()
    world.page.rows[person().id] = rows
    result, steps = await check(world)
    assert state(steps["salesforce.link.contacts"]) == (UNKNOWN, None)
    assert result.judgement.verdict is Verdict.UNDETERMINED
    world = world_of(configurations=[ONE_SIDE])
    world.page.rows[person().id] = rows
    result, steps = await check(world)
    assert steps["salesforce.link.contacts"].status is SKIP
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND


async def test_the_page_says_duplicate(world_of: Make) -> None:
    duplicate = user_rows(linked=Word.DUPLICATE_ADDRESS, text="another user has the same email address")
    world = world_of(person(1), person(2, email=ME.upper(), active=False))
    world.page.rows[person().id] = duplicate
    result, steps = await check(world)
    assert state(steps["salesforce.link.contacts"]) == (FAIL, "salesforce.email.duplicate")
    assert state(steps["salesforce.email"]) == (FAIL, "salesforce.email.duplicate")
    assert steps["salesforce.sync_status.contacts.salesforce_to_google"].status is SKIP
    assert (result.judgement.verdict, result.judgement.causes) == (
        Verdict.REVIEW_CONFIGURATION, ("salesforce.email.duplicate",)
    )  # fmt: skip


async def test_the_page_says_duplicate_and_nobody_has_the_address(world_of: Make) -> None:
    world = world_of()
    world.page.rows[person().id] = user_rows(linked=Word.DUPLICATE_ADDRESS, text="another user has it")
    result, steps = await check(world)
    assert state(steps["salesforce.link.events"]) == (FAIL, "salesforce.link.failed")
    assert (result.judgement.verdict, result.judgement.causes) == (Verdict.CONTACT_SUPPORT, ("salesforce.link.failed",))
    world.salesforce.broken["users_by_emails"] = refusal("salesforce.service.unavailable")
    result, steps = await check(world)
    assert steps["salesforce.link.events"].cause == "salesforce.email.duplicate"
    assert state(steps["salesforce.email"]) == (UNKNOWN, None)
    assert result.judgement.verdict is Verdict.REVIEW_CONFIGURATION


async def test_a_duplicate_while_linked_is_a_warning_and_a_fail_where_the_page_says_nothing(world_of: Make) -> None:
    world = world_of(person(1), person(2, email=ME))
    result, steps = await check(world)
    assert state(steps["salesforce.email"]) == (WARN, "salesforce.email.duplicate")
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND
    world.page.rows[person().id] = refusal("salesforce.page.no_access")
    result, steps = await check(world)
    assert state(steps["salesforce.email"]) == (FAIL, "salesforce.email.duplicate")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Not linked: the mailbox is old.name@acme.example.", "salesforce.email.mismatch"),
        (f"Not linked: {ME} was refused", "salesforce.link.failed"),
        ("Not linked", "salesforce.link.failed"),
    ],
)
async def test_not_linked(world_of: Make, text: str, cause: str) -> None:
    world = world_of()
    world.page.rows[person().id] = user_rows(
        linked=Word.NOT_LINKED, text=text, words={"events.google_to_salesforce": Word.UNABLE}
    )
    result, _steps = await check(world)
    assert (result.judgement.verdict, result.judgement.causes) == (Verdict.REVIEW_CONFIGURATION, (cause,))


@pytest.mark.parametrize(
    ("word", "expected", "verdict"),
    [
        (Word.UNABLE, (FAIL, "salesforce.sync.failing"), Verdict.REVIEW_CONFIGURATION),
        (Word.NOT_STARTED, (WAIT, "salesforce.sync.initial"), Verdict.WAIT),
        (Word.INITIAL_IN_PROGRESS, (WAIT, "salesforce.sync.initial"), Verdict.WAIT),
        (Word.RESETTING, (WAIT, "salesforce.sync.resetting"), Verdict.WAIT),
        (Word.INITIAL_COMPLETED, (PASS, None), Verdict.NO_FAULT_FOUND),
        (Word.NOT_THIS_DIRECTION, (SKIP, None), Verdict.NO_FAULT_FOUND),
        (Word.NOTHING_TO_SYNC, (SKIP, None), Verdict.NO_FAULT_FOUND),
        (Word.YES, (UNKNOWN, None), Verdict.UNDETERMINED),
    ],
)
async def test_the_word_of_one_direction(world_of: Make, word: Word, expected: Any, verdict: Verdict) -> None:
    world = world_of()
    world.page.rows[person().id] = user_rows(words={"contacts.salesforce_to_google": word})
    result, steps = await check(world)
    assert state(steps["salesforce.sync_status.contacts.salesforce_to_google"]) == expected
    assert result.judgement.verdict is verdict


async def test_a_reset_row_is_a_wait_of_an_hour(world_of: Make) -> None:
    world = world_of()
    world.page.rows[person().id] = user_rows(resetting=True)
    result, steps = await check(world)
    assert state(steps["salesforce.reset_state"]) == (WAIT, "salesforce.sync.resetting")
    assert result.judgement.verdict is Verdict.WAIT
    assert result.judgement.look_again_at == NOW + timedelta(hours=1)
    assert result.judgement.causes == ()


NOTHING = Configuration(
    "Paused", profiles=("Sales User",), contacts=ContactSync(Direction.NONE), events=EventSync(Direction.NONE)
)
ALL_NONE = {
    f"{side}.{way}": Word.NOT_THIS_DIRECTION
    for side in ("contacts", "events")
    for way in ("salesforce_to_google", "google_to_salesforce")
}


async def test_no_direction_at_all(world_of: Make) -> None:
    world = world_of(configurations=[NOTHING])
    result, steps = await check(world)
    assert state(steps["salesforce.assignment.direction"]) == (WARN, "salesforce.assignment.direction")
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND
    world.page.rows[person().id] = user_rows(words=ALL_NONE)
    result, _steps = await check(world)
    assert (result.judgement.verdict, result.judgement.causes) == (
        Verdict.REVIEW_CONFIGURATION, ("salesforce.assignment.direction",)
    )  # fmt: skip


# ---- the declaration ---------------------------------------------------------------------------------------------


async def test_an_individual_assignment_beats_the_profile_s(world_of: Make) -> None:
    two = [Configuration("By profile", profiles=("Sales User",)), Configuration("By name", users=(ME,))]
    result, steps = await check(world_of(configurations=two))
    assert state(steps["salesforce.assignment.overridden"]) == (WARN, "salesforce.assignment.overridden")
    assert steps["salesforce.assignment.overridden"].evidence["overridden"] == "By profile"
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND


async def test_selected_contacts_without_users_records(world_of: Make) -> None:
    empty = Configuration("Empty", profiles=("Sales User",), data_set={"contacts": "selected", "users_records": False})
    _result, steps = await check(world_of(configurations=[empty]))
    assert state(steps["salesforce.data_set"]) == (WARN, "salesforce.dataset.contacts_empty")
    full = replace(empty, data_set={"contacts": "selected", "users_records": True})
    _result, steps = await check(world_of(configurations=[full]))
    assert steps["salesforce.data_set"].status is PASS


@pytest.mark.parametrize(
    ("direction", "held", "status"),
    [
        (Direction.BOTH, EventRights(True, True), PASS),
        (Direction.BOTH, EventRights(True, False), FAIL),
        (Direction.BOTH, EventRights(False, True), FAIL),
        (Direction.SALESFORCE_TO_GOOGLE, EventRights(True, False), PASS),
        (Direction.SALESFORCE_TO_GOOGLE, EventRights(False, True), FAIL),
        (Direction.GOOGLE_TO_SALESFORCE, EventRights(False, True), PASS),
        (Direction.GOOGLE_TO_SALESFORCE, EventRights(True, False), FAIL),
        (Direction.NONE, EventRights(False, False), SKIP),
    ],
)
async def test_rights_on_events(world_of: Make, direction: Direction, held: EventRights, status: Status) -> None:
    world = world_of(configurations=[Configuration("C", profiles=("Sales User",), events=EventSync(direction))])
    world.salesforce.rights[person().id] = held
    result, steps = await check(world)
    assert steps["salesforce.rights"].status is status
    assert (result.judgement.causes == ("salesforce.rights.events",)) is (status is FAIL)


async def test_rights_that_cannot_be_read_are_optional(world_of: Make) -> None:
    world = world_of()
    world.salesforce.broken["event_rights"] = refusal("", "closed to us")
    result, steps = await check(world)
    assert state(steps["salesforce.rights"]) == (UNKNOWN, None)
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND


# ---- the report --------------------------------------------------------------------------------------------------


async def test_an_open_error_leads_to_a_reset(world_of: Make) -> None:
    world = world_of()
    world.salesforce.rows = [
        row_of_report(person()),
        row_of_report(person(2)),
        row_of_report(person(), at=NOW - timedelta(days=31)),
    ]
    result, steps = await check(world)
    assert (result.judgement.verdict, result.judgement.open_errors) == (Verdict.RESET, 1)
    assert steps["salesforce.errors"].evidence["rows"] == 2


async def test_a_row_by_name_counts_for_a_unique_name_only(world_of: Make) -> None:
    world = world_of(person(), person(2))
    world.salesforce.rows = [row_of_report(person(), by_name=True)]
    assert (await check(world))[0].judgement.open_errors == 1
    world = world_of(person(), person(2, name="person 1"))
    world.salesforce.rows = [row_of_report(person(), by_name=True)]
    assert (await check(world))[0].judgement.open_errors == 0


async def test_without_the_report_it_is_undetermined(world_of: Make) -> None:
    world = world_of()
    world.salesforce.broken["errors"] = refusal("salesforce.report.unavailable", report="Sync errors")
    result, steps = await check(world)
    assert state(steps["salesforce.report"]) == (UNKNOWN, "salesforce.report.unavailable")
    assert steps["salesforce.errors"].status is SKIP
    assert (result.judgement.verdict, result.judgement.causes) == (
        Verdict.UNDETERMINED, ("salesforce.report.unavailable",)
    )  # fmt: skip


async def test_a_report_that_was_cut_too_early_leaves_it_open(world_of: Make) -> None:
    world = world_of()
    world.salesforce.complete = False
    world.salesforce.rows = [row_of_report(person(2), at=NOW - timedelta(days=day)) for day in (1, 5)]
    result, steps = await check(world)
    assert state(steps["salesforce.errors"]) == (UNKNOWN, None)
    assert result.judgement.verdict is Verdict.UNDETERMINED
    world.salesforce.rows.append(row_of_report(person(2), at=NOW - timedelta(days=60)))
    result, steps = await check(world)
    assert steps["salesforce.errors"].status is PASS
    assert "not read whole" in steps["salesforce.report"].summary
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND
    for gap, verdict in ((10, Verdict.UNDETERMINED), (40, Verdict.NO_FAULT_FOUND)):  # older rows say nothing of a gap
        world.salesforce.gap_before = NOW - timedelta(days=gap)
        result, steps = await check(world)
        assert result.judgement.verdict is verdict


@pytest.mark.parametrize(
    "code",
    ["FIELD_CUSTOM_VALIDATION_EXCEPTION", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "DUPLICATES_DETECTED"],
)
async def test_an_error_text_that_names_a_rule(world_of: Make, code: str) -> None:
    world = world_of()
    world.salesforce.rows = [row_of_report(person(), text=f"save failed: {code}: no")]
    result, steps = await check(world)
    assert state(steps["salesforce.data"]) == (WARN, "salesforce.data.rejected")
    assert steps["salesforce.data"].evidence["codes"] == [code]
    assert result.judgement.verdict is Verdict.RESET
    world.salesforce.rows = [row_of_report(person(), text=f"save failed: {code}: no", at=NOW - timedelta(days=40))]
    _result, steps = await check(world)
    assert "salesforce.data" not in steps


async def test_a_reported_fault_without_an_error_goes_to_support(world_of: Make) -> None:
    result, _steps = await check(world_of(), reported=True)
    assert result.judgement.verdict is Verdict.CONTACT_SUPPORT
    assert result.reported


async def test_hostile_words_are_harmless_in_every_finding(world_of: Make) -> None:
    world = world_of()
    nasty = "bad \x1b]52;c;AAAA\x07 Bearer abcdefgh12345678 [/]\u202e"
    world.page.rows[person().id] = user_rows(linked=Word.NOT_LINKED, text=nasty)
    world.google.tokens = {(CALENDAR, ME): refusal("google.error.unclassified", nasty, error=nasty)}
    world.salesforce.broken["remote_sites"] = refusal("", nasty, answer=nasty)
    result, _steps = await check(world)
    for step in result.steps:
        text = f"{step.summary}{step.evidence}{step.fix}"
        assert "\x1b" not in text, step
        assert "\\x1b" not in text, step
        assert "abcdefgh12345678" not in text, step
