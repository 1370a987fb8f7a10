"""The guided connection test: its messages by side and outcome, never by a whole sentence; its results for 24 hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.triage.fakes import NOW, ORG, World, org_rows, person, refusal, user_rows
from tui.model import CheckResult, Finding, PageReading, Status, User, Verdict
from tui.triage import saved_page
from tui.triage.guided import outcome


@pytest.mark.parametrize(
    ("side", "message", "ok"),
    [
        ("calendar", "Calendar: the test was successful.", True),
        ("calendar", "We connected to Google Calendar successfully", True),
        ("contacts", "Le test des contacts a réussi.", True),
        ("calendar", "Agenda : connexion réussie", True),
        ("contacts", "ok", True),
        ("calendar", "Failed to access the calendar", False),
        ("calendar", "The calendar test was not successful", False),
        ("contacts", "We could not access contacts", False),
        ("contacts", "Échec de l'accès aux contacts", False),
        ("contacts", "Les contacts n'ont pas réussi", False),
        ("calendar", "unsuccessful", False),
        ("calendar", "Successful, with errors", None),
        ("calendar", "No error in the calendar", None),
        ("calendar", "The contacts test succeeded", None),  # it speaks of the other side
        ("calendar", "Hmm", None),
        ("calendar", "", None),
    ],
)
def test_a_message_is_matched_by_side_and_outcome(side: str, message: str, ok: bool | None) -> None:
    assert outcome(side, message) is ok


@given(st.sampled_from(["calendar", "contacts"]), st.text())
def test_any_message_has_an_outcome_or_none(side: str, message: str) -> None:
    assert outcome(side, message) in (True, False, None)


Make = Callable[..., World]

# ---- in a check --------------------------------------------------------------------------------------------------

GOOD = (("calendar", "Calendar: success", None), ("contacts", "Contacts : réussi", None))


async def checked(world: World, user: User | None = None) -> tuple[CheckResult, dict[str, Finding]]:
    (result,) = await world.session.check([("asked", user or world.user)])
    return result, {step.id: step for step in result.steps}


async def test_without_google_a_recorded_success_is_the_connection_test(world_of: Make) -> None:
    world = world_of(google=False)
    result, steps = await checked(world)
    assert result.judgement.verdict is Verdict.UNDETERMINED
    assert steps["google.guided"].status is Status.SKIP
    await world.session.record_guided(world.user.id, world.user.name, GOOD)
    result, steps = await checked(world)
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND
    assert {steps[f"google.guided.{side}"].status for side in ("calendar", "contacts")} == {Status.PASS}
    assert steps["google.guided.calendar"].evidence["message"] == "Calendar: success"
    assert "just now" in steps["google.guided.calendar"].summary
    assert steps["google.call.contacts"].status is Status.SKIP
    world.later(23 * 3600)
    _result, steps = await checked(world)
    assert "23 h ago" in steps["google.guided.contacts"].summary
    world.later(2 * 3600)
    _result, steps = await checked(world)
    assert "google.guided.calendar" not in steps
    assert steps["google.call.contacts"].status is Status.UNKNOWN


async def test_one_side_alone_leaves_the_other_unknown(world_of: Make) -> None:
    world = world_of(google=False)
    await world.session.record_guided(world.user.id, world.user.name, GOOD[:1])
    result, steps = await checked(world)
    assert result.judgement.verdict is Verdict.UNDETERMINED
    assert (steps["google.token.calendar"].status, steps["google.token.contacts"].status) == (
        Status.SKIP,
        Status.UNKNOWN,
    )


async def test_a_failure_is_a_fault_of_the_connection_for_the_person_it_was_made_with(world_of: Make) -> None:
    other = person(2)
    world = world_of(person(), other, google=False)
    await world.session.record_guided(world.user.id, world.user.name, (GOOD[0], ("contacts", "Échec", None)))
    result, steps = await checked(world)
    assert (result.judgement.verdict, result.judgement.sub_step) == (Verdict.REVIEW_CONNECTION, 3)
    assert steps["google.guided.contacts"].fix
    assert "Salesforce's own test of contacts failed" in result.sentence
    result, steps = await checked(world, other)
    assert result.judgement.verdict is Verdict.UNDETERMINED
    assert "make it with this person too" in steps["google.guided.contacts"].summary
    assert steps["google.guided.calendar"].status is Status.PASS


async def test_unknown_words_stay_unknown_and_are_kept(world_of: Make) -> None:
    world = world_of(google=False)
    (kept,) = await world.session.record_guided(
        world.user.id, world.user.name, [("calendar", "Wunderbar\x1b[31m", None)]
    )
    assert (kept.ok, kept.message) == (None, "Wunderbar\N{REPLACEMENT CHARACTER}[31m")
    result, steps = await checked(world)
    assert (result.judgement.verdict, steps["google.guided.calendar"].status) == (Verdict.UNDETERMINED, Status.UNKNOWN)
    await world.session.record_guided(world.user.id, world.user.name, [("calendar", "Wunderbar", True)])
    _result, steps = await checked(world)
    assert steps["google.guided.calendar"].status is Status.PASS


async def test_with_google_it_proves_salesforces_own_key_beside_ours(world_of: Make) -> None:
    world = world_of()
    await world.session.record_guided(world.user.id, world.user.name, [("calendar", "?", None)])
    result, steps = await checked(world)
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND  # optional here: our own key was asked
    assert steps["google.call.calendar"].status is Status.PASS
    await world.session.record_guided(world.user.id, world.user.name, [("calendar", "failed", None)])
    result, _steps = await checked(world)
    assert result.judgement.verdict is Verdict.REVIEW_CONNECTION


# ---- the page by hand --------------------------------------------------------------------------------------------


async def test_a_page_by_hand_stands_in_for_the_live_one(world_of: Make) -> None:
    world = world_of()
    world.page.org = refusal("salesforce.page.no_access")
    world.page.rows[world.user.id] = refusal("salesforce.page.no_access")
    result, _steps = await checked(world)
    assert result.judgement.verdict is Verdict.UNDETERMINED
    saved = PageReading((*org_rows(activity=None), *user_rows()), world.user.name, source=saved_page.SOURCE)
    (result,) = await world.session.check([("asked", world.user)], page=saved)
    assert result.judgement.verdict is Verdict.NO_FAULT_FOUND
    (result,) = await world.session.check([("asked", world.user)], page=replace(saved, shown_name="Somebody Else"))
    assert result.judgement.verdict is Verdict.UNDETERMINED


async def test_a_page_by_hand_ends_no_reset(world_of: Make) -> None:
    world = world_of()
    write = world.journal.begin_write(ORG, "marie", world.user, {}, NOW)
    world.journal.pressed(write, NOW)
    world.later(3600)
    saved = PageReading((*org_rows(activity=None), *user_rows()), world.user.name, source=saved_page.SOURCE)
    await world.session.check([("asked", world.user)], page=saved)
    assert world.journal.write(write).stage == "pressed"
    await world.session.check([("asked", world.user)])
    assert world.journal.write(write).stage == "ended"
