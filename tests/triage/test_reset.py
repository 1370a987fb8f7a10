"""Resetting: every guard, the press, the watching, and every point at which it may break off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.triage.fakes import NOW, ORG, World, org_rows, person, refusal, row_of_report, user_rows
from tui.model import CheckResult, Outcome, PageReading, ServiceError, User, Verdict, Word
from tui.triage import reset

Make = Callable[..., World]


def ready(make: Make, *people: User, **changes: Any) -> World:
    """An organisation whose first person may be reset: one open error, the reading of the page confirmed."""
    world = make(*people, **changes)
    world.salesforce.rows = [row_of_report(world.user)]
    world.journal.confirm(ORG.id, "page", "tester", {world.user.id: True}, NOW)
    return world


def ends_after(world: World, sleeps: int) -> None:
    """A reset that is over when it has been waited for so many times."""

    def during() -> None:
        if len(world.slept) >= sleeps:
            world.page.rows[world.user.id] = user_rows()

    world.during_sleep = during


# ---- guards ------------------------------------------------------------------------------------------------------


async def refused(world: World, *, saying: str) -> None:
    """Planned and asked for, it is refused with that in the sentence, and nothing was pressed or written."""
    plan = await world.session.plan_reset(world.user.id)
    assert saying in plan.refusal
    result = await world.session.reset(world.user.id)
    assert (result.outcome, result.reason) == (Outcome.REFUSED, plan.refusal)
    assert world.page.pressed == []
    assert world.journal.writes(ORG.id, world.user.id) == ()


async def test_a_plan_says_what_it_would_do_and_writes_nothing(world_of: Make) -> None:
    world = ready(world_of)
    plan = await world.session.plan_reset(world.user.id)
    assert (plan.refusal, plan.needs_proof) == ("", False)
    assert (plan.user, plan.org) == (world.user, ORG)
    assert len(plan.warnings) == 3
    assert plan.before["verdict"] == "reset"
    assert plan.before["rows"]["configSetup: User assigned"] == "?"
    assert world.page.pressed == []
    assert world.journal.writes(ORG.id, world.user.id) == ()


async def test_refused_while_a_first_sync_or_a_reset_is_under_way(world_of: Make) -> None:
    world = ready(world_of)
    world.page.rows[world.user.id] = user_rows(words={"events.google_to_salesforce": Word.INITIAL_IN_PROGRESS})
    await refused(world, saying="Look again later")
    world.page.rows[world.user.id] = user_rows(resetting=True)
    await refused(world, saying="reset")


async def test_refused_for_a_name_that_is_not_unique(world_of: Make) -> None:
    await refused(ready(world_of, person(1), person(2, name="Person 1", active=False)), saying="not unique")


async def test_refused_where_the_page_answers_about_another_name(world_of: Make) -> None:
    world = ready(world_of)
    world.page.shown[world.user.id] = "Person 1 Junior"
    await refused(world, saying="Person 1 Junior")


async def test_refused_where_the_page_is_not_the_page(world_of: Make) -> None:
    world = ready(world_of)
    world.page.rows[world.user.id] = refusal("salesforce.page.unrecognised")
    await refused(world, saying="Refused")
    world.page.rows[world.user.id] = user_rows()
    world.page.can_reset = False
    await refused(world, saying="no Reset button")


async def test_refused_for_another_verdict(world_of: Make) -> None:
    world = ready(world_of)
    world.salesforce.rows = []
    await refused(world, saying="has an open error")
    world.salesforce.rows = [row_of_report(world.user)]
    world.page.rows[world.user.id] = user_rows(assigned=Word.NO)
    await refused(world, saying="Refused")


async def test_the_admin_may_overrule_the_verdict_and_says_why(world_of: Make) -> None:
    world = ready(world_of)
    world.salesforce.rows = []
    ends_after(world, 1)
    plan = await world.session.plan_reset(world.user.id, "Support asked for it,\ncase 12")
    assert not plan.refusal
    result = await world.session.reset(world.user.id, overrule="Support asked for it,\ncase 12")
    assert result.outcome is Outcome.DONE
    [write] = world.journal.writes(ORG.id, world.user.id)
    assert write.before["overruled"] == "Support asked for it, case 12"
    assert write.before["verdict"] == "no_fault_found"


async def test_no_reason_opens_another_guard_than_the_verdict(world_of: Make) -> None:
    world = ready(world_of)
    world.page.can_reset = False
    assert "no Reset button" in (await world.session.plan_reset(world.user.id, "I insist")).refusal
    world = world_of()
    assert (await world.session.plan_reset(world.user.id, "I insist")).needs_proof
    result = await world.session.reset(world.user.id, overrule="I insist")
    assert result.outcome is Outcome.REFUSED
    assert world.page.pressed == []


async def test_refused_until_the_reading_is_confirmed_here(world_of: Make) -> None:
    world = world_of()
    world.salesforce.rows = [row_of_report(world.user)]
    await refused(world, saying="confirmed")
    assert (await world.session.plan_reset(world.user.id)).needs_proof
    world.journal.confirm("00D-another", "page", "tester", {"x": True}, NOW)
    assert (await world.session.plan_reset(world.user.id)).needs_proof
    world.journal.confirm(ORG.id, "page", "tester", {"x": True, "y": False}, NOW)
    assert (await world.session.plan_reset(world.user.id)).needs_proof
    world.journal.confirm(ORG.id, "page", "tester", {"x": True}, NOW)
    assert not (await world.session.plan_reset(world.user.id)).needs_proof


async def test_proof_is_not_asked_for_where_it_would_be_refused_anyway(world_of: Make) -> None:
    plan = await world_of().session.plan_reset(person().id)
    assert plan.refusal
    assert not plan.needs_proof


async def test_nobody_and_no_access_are_said_before_anything(world_of: Make) -> None:
    world = ready(world_of)
    with pytest.raises(LookupError, match="005000000000999AAA"):
        await world.session.plan_reset("005000000000999AAA")
    world.salesforce.broken["users_by_ids"] = refusal("salesforce.service.unavailable")
    with pytest.raises(ServiceError):
        await world.session.reset(world.user.id)
    assert world.page.pressed == []


# ---- pressed and watched -----------------------------------------------------------------------------------------


async def test_a_reset_that_helps(world_of: Make) -> None:
    world = ready(world_of)
    ends_after(world, 3)
    said: list[tuple[str, int]] = []
    checked: list[CheckResult] = []
    result = await world.session.reset(
        world.user.id, on_progress=lambda text, seconds: said.append((text, seconds)), on_result=checked.append
    )
    assert result.outcome is Outcome.DONE
    assert result.method == "setup_page"
    assert world.page.pressed == [world.user.id]
    assert result.before["verdict"] == "reset"
    assert result.after["verdict"] == "no_fault_found"
    assert result.after["changed"] == {}
    assert [one.judgement.verdict for one in checked] == [Verdict.NO_FAULT_FOUND]
    (write,) = world.journal.writes(ORG.id, world.user.id)
    assert (write.stage, write.outcome) == ("ended", Outcome.DONE)
    assert write.planned_at <= (write.pressed_at or NOW) <= (write.running_at or NOW)
    assert write.running_at
    assert write.ended_at
    assert write.running_at < write.ended_at
    assert write.before["fails"] == []
    assert said
    assert [seconds for _text, seconds in said] == sorted(seconds for _text, seconds in said)
    assert world.slept == [1.0, 1.5, 2.25]
    assert not world.session.writing


async def test_a_reset_that_does_not_help(world_of: Make) -> None:
    world = ready(world_of)

    def during() -> None:
        if len(world.slept) == 2:
            world.page.rows[world.user.id] = user_rows()
            at = world.salesforce.server_now
            assert at
            world.salesforce.rows.append(row_of_report(world.user, at=at + timedelta(seconds=2)))

    world.during_sleep = during
    result = await world.session.reset(world.user.id)
    assert (result.outcome, result.after["verdict"]) == (Outcome.DONE, "contact_support")
    plan = await world.session.plan_reset(world.user.id)
    assert plan.refusal


async def test_the_rows_that_changed_are_named(world_of: Make) -> None:
    world = ready(world_of)

    def during() -> None:
        world.page.rows[world.user.id] = user_rows(words={"contacts.salesforce_to_google": Word.NOT_STARTED})

    world.during_sleep = during
    result = await world.session.reset(world.user.id)
    assert result.after["changed"] == {"userContacts: salesforce_to_google": ["in_sync", "not_started"]}
    assert result.after["verdict"] == "wait"


async def test_pauses_grow_and_watching_ends(world_of: Make) -> None:
    world = ready(world_of)
    result = await world.session.reset(world.user.id)
    assert result.outcome is Outcome.UNKNOWN
    assert "two hours" in result.reason
    assert max(world.slept) == reset.LONGEST_PAUSE
    assert reset.DEADLINE <= world.seconds <= reset.DEADLINE + 2 * reset.LONGEST_PAUSE
    assert [write.stage for write in world.session.unfinished()] == ["pressed"]


async def test_without_waiting_it_is_left_under_way(world_of: Make) -> None:
    world = ready(world_of)
    result = await world.session.reset(world.user.id, wait=False)
    assert result.outcome is Outcome.UNKNOWN
    assert "under way" in result.reason
    assert world.slept == []
    (write,) = world.session.unfinished()
    assert write.stage == "pressed"
    assert write.running_at
    assert (await world.session.plan_reset(world.user.id)).refusal
    world.page.rows[world.user.id] = user_rows()
    (checked,) = await world.session.check([("again", world.user)])
    assert checked.judgement.verdict is Verdict.NO_FAULT_FOUND
    assert world.session.unfinished() == ()


async def test_a_reset_that_the_page_never_showed(world_of: Make) -> None:
    world = ready(world_of)
    world.page.on_reset = lambda user: PageReading(rows=user_rows(), shown_name=user.name)
    result = await world.session.reset(world.user.id)
    assert result.outcome is Outcome.DONE
    assert "never showed" in result.reason
    assert len(world.slept) == reset.UNSEEN_READINGS - 1


async def test_trouble_while_watching_is_waited_out(world_of: Make) -> None:
    world = ready(world_of)

    def during() -> None:
        turns: list[Any] = [
            refusal("salesforce.service.unavailable"),
            user_rows(resetting=True),
            refusal("salesforce.page.no_access"),
        ]
        world.page.rows[world.user.id] = turns[len(world.slept) - 1] if len(world.slept) <= 3 else user_rows()

    world.during_sleep = during
    said: list[str] = []
    result = await world.session.reset(world.user.id, on_progress=lambda text, _seconds: said.append(text))
    assert result.outcome is Outcome.DONE
    assert any("trying again" in text for text in said)


async def test_a_page_that_is_lost_for_good_leaves_the_write_unfinished(world_of: Make) -> None:
    world = ready(world_of)

    def during() -> None:
        world.page.rows[world.user.id] = refusal("salesforce.page.no_access", "the door is shut")

    world.during_sleep = during
    result = await world.session.reset(world.user.id)
    assert result.outcome is Outcome.UNKNOWN
    assert "the door is shut" in result.reason
    assert len(world.slept) == reset.LOST_READINGS
    assert [write.stage for write in world.session.unfinished()] == ["pressed"]


async def test_a_page_that_no_longer_shows_the_name_says_nothing_of_the_end(world_of: Make) -> None:
    world = ready(world_of)

    def during() -> None:
        world.page.rows[world.user.id] = user_rows()
        world.page.shown[world.user.id] = None if len(world.slept) < 4 else world.user.name

    world.during_sleep = during
    result = await world.session.reset(world.user.id)
    assert result.outcome is Outcome.DONE
    assert len(world.slept) == 4


# ---- breaking off ------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here, whatever it was doing."""


async def test_killed_before_the_press_leaves_a_planned_write(world_of: Make) -> None:
    world = ready(world_of)

    def kill(_user: User) -> PageReading:
        raise Killed

    world.page.on_reset = kill
    with pytest.raises(Killed):
        await world.session.reset(world.user.id)
    (write,) = world.session.unfinished()
    assert write.stage == "planned"

    world.page.on_reset = None  # the next start: it was pressed or not, the page shows nothing under way
    pressed = len(world.page.pressed)
    result = await world.session.resume(write.id)
    assert result.outcome is Outcome.UNKNOWN
    assert "not known whether Reset was pressed" in result.reason
    assert len(world.page.pressed) == pressed
    assert result.after["verdict"] == "reset"
    assert world.session.unfinished() == ()


async def test_killed_after_the_press_the_next_start_finds_it_under_way_and_follows(world_of: Make) -> None:
    world = ready(world_of)

    def kill(user: User) -> PageReading:
        world.page.rows[user.id] = user_rows(resetting=True)
        raise Killed

    world.page.on_reset = kill
    with pytest.raises(Killed):
        await world.session.reset(world.user.id)
    (write,) = world.session.unfinished()
    assert write.stage == "planned"
    ends_after(world, 2)
    result = await world.session.resume(write.id)
    assert result.outcome is Outcome.DONE
    assert len(world.page.pressed) == 1
    closed = world.journal.write(write.id)
    assert closed.running_at
    assert closed.outcome is Outcome.DONE


async def test_killed_while_watching_the_next_start_goes_on(world_of: Make) -> None:
    world = ready(world_of)

    def kill() -> None:
        raise Killed

    world.during_sleep = kill
    with pytest.raises(Killed):
        await world.session.reset(world.user.id)
    (write,) = world.session.unfinished()
    assert write.stage == "pressed"
    world.page.rows[world.user.id] = user_rows()
    world.during_sleep = lambda: None
    checked: list[CheckResult] = []
    result = await world.session.resume(write.id, None, checked.append)
    assert result.outcome is Outcome.DONE
    assert result.before == write.before
    assert len(world.page.pressed) == 1
    assert [one.judgement.verdict for one in checked] == [Verdict.NO_FAULT_FOUND]


async def test_a_write_that_has_ended_is_not_touched_again(world_of: Make) -> None:
    world = ready(world_of)
    ends_after(world, 1)
    await world.session.reset(world.user.id)
    (write,) = world.journal.writes(ORG.id, world.user.id)
    asked = len(world.page.asked)
    result = await world.session.resume(write.id)
    assert (result.outcome, result.reason) == (Outcome.DONE, write.reason)
    assert len(world.page.asked) == asked


async def test_dropped_it_is_closed_as_unknown(world_of: Make) -> None:
    world = ready(world_of)
    await world.session.reset(world.user.id, wait=False)
    (write,) = world.session.unfinished()
    world.session.drop(write.id)
    assert world.session.unfinished() == ()
    assert world.journal.write(write.id).outcome is Outcome.UNKNOWN
    assert world.journal.history(ORG.id, world.user.id).reset_after is None


async def test_cancelled_in_mid_press_the_journal_still_learns_what_came_of_it(world_of: Make) -> None:
    world = ready(world_of)
    inside, let_go = asyncio.Event(), asyncio.Event()

    async def slow(user: User) -> PageReading:
        inside.set()
        await let_go.wait()
        world.page.pressed.append(user.id)
        world.page.rows[user.id] = user_rows(resetting=True)
        return await world.page.status(user)

    world.page.reset = slow  # type: ignore[method-assign]  # a slow answer
    running = asyncio.create_task(world.session.reset(world.user.id))
    await inside.wait()
    assert world.session.writing
    running.cancel()
    await asyncio.sleep(0.01)
    assert not running.done()
    let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    (write,) = world.session.unfinished()
    assert (write.stage, world.page.pressed) == ("pressed", [world.user.id])
    assert write.running_at
    assert not world.session.writing


async def test_closing_waits_for_a_press(world_of: Make) -> None:
    world = ready(world_of)
    inside = asyncio.Event()

    async def slow(user: User) -> PageReading:
        inside.set()
        await asyncio.sleep(0.05)
        return PageReading(rows=user_rows(resetting=True), shown_name=user.name)

    world.page.reset = slow  # type: ignore[method-assign]  # a slow answer
    running = asyncio.create_task(world.session.reset(world.user.id, wait=False))
    await inside.wait()
    await world.session.aclose()
    assert [write.stage for write in world.session.unfinished()] == ["pressed"]
    await running


# ---- an answer that is no answer ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "shows", "cause", "outcome", "stage"),
    [
        ("no", False, "salesforce.page.unrecognised", Outcome.REFUSED, "ended"),
        ("perhaps", False, "salesforce.network.unreachable", Outcome.UNKNOWN, "ended"),
        ("perhaps", True, "salesforce.network.unreachable", Outcome.DONE, "ended"),
        ("perhaps", False, "salesforce.page.no_access", Outcome.FAILED, "ended"),
    ],
)
async def test_a_press_without_an_answer_is_looked_after_and_never_repeated(
    world_of: Make, pressed: str, shows: bool, cause: str, outcome: Outcome, stage: str
) -> None:
    world = ready(world_of)

    def lost(user: User) -> PageReading:
        world.page.rows[user.id] = user_rows(resetting=shows)
        raise refusal(cause, "the line broke", pressed=pressed)

    world.page.on_reset = lost
    ends_after(world, 2)
    result = await world.session.reset(world.user.id)
    assert result.outcome is outcome
    assert len(world.page.pressed) == 1
    (write,) = world.journal.writes(ORG.id, world.user.id)
    assert (write.stage, write.outcome) == (stage, outcome)
    assert ("the line broke" in result.reason) is (outcome is not Outcome.DONE)


async def test_neither_the_press_nor_the_page_answers(world_of: Make) -> None:
    world = ready(world_of)

    def lost(user: User) -> PageReading:
        world.page.rows[user.id] = refusal("salesforce.network.unreachable", "still gone")
        raise refusal("salesforce.network.unreachable", "the line broke", pressed="perhaps")

    world.page.on_reset = lost
    result = await world.session.reset(world.user.id)
    assert result.outcome is Outcome.UNKNOWN
    assert "still gone" in result.reason
    assert [write.stage for write in world.session.unfinished()] == ["planned"]


async def test_a_new_reset_closes_an_earlier_one_whose_end_nobody_saw(world_of: Make) -> None:
    world = ready(world_of)
    left = world.journal.begin_write(ORG, "someone", world.user, {}, NOW - timedelta(days=1))
    plan = await world.session.plan_reset(world.user.id)
    assert plan.refusal == ""
    assert "someone" in plan.warnings[-1]
    ends_after(world, 1)
    assert (await world.session.reset(world.user.id)).outcome is Outcome.DONE
    assert world.journal.write(left).outcome is Outcome.UNKNOWN
    assert world.session.unfinished() == ()


async def test_just_pressed_by_another_process_is_not_pressed_again(world_of: Make) -> None:
    world = ready(world_of)
    write = world.journal.begin_write(ORG, "someone", world.user, {}, NOW)
    world.journal.pressed(write, NOW - timedelta(seconds=5))
    result = await world.session.reset(world.user.id)
    assert result.outcome is Outcome.REFUSED
    assert "a moment ago" in result.reason
    assert world.page.pressed == []


# ---- how much, and by hand -----------------------------------------------------------------------------------------


async def test_a_plan_says_how_much_the_user_owns_or_why_that_is_not_known(world_of: Make) -> None:
    world = ready(world_of)
    world.salesforce.counts = {"Contact": 1234, "Event": refusal("salesforce.rights.missing", "no right to Event")}
    plan = await world.session.plan_reset(world.user.id)
    assert plan.owned == (("Contact", 1234, ""), ("Event", None, "no right to Event"))
    assert plan.before.keys() >= {"rows", "verdict", "causes", "fails"}


async def test_where_the_page_has_no_button_it_is_pressed_by_hand_and_recorded(world_of: Make) -> None:
    world = ready(world_of)
    page = PageReading(rows=(*org_rows(), *user_rows()), shown_name=world.user.name, source="saved")
    world.page.org = world.page.rows[world.user.id] = refusal("salesforce.page.no_access", "no")
    (before,) = await world.session.check([(world.user.id, world.user)], page=page)
    assert before.judgement.verdict is Verdict.RESET
    plan = await world.session.plan_reset(world.user.id)
    assert plan.refusal
    assert plan.by_hand
    assert plan.link
    result = await world.session.record_reset(world.user.id, done=True)
    assert (result.method, result.outcome, result.unread) == ("guided", Outcome.DONE, True)
    assert world.session.page_by_hand(world.user.id) is None, "it shows the page as it was before"
    (write,) = world.journal.writes(ORG.id, world.user.id)
    assert (write.outcome, write.before["verdict"]) == (Outcome.DONE, "reset")
    assert [one.user_id for one in await world.session.look_again()] == [world.user.id]
    assert world.page.pressed == []


async def test_a_page_by_hand_is_good_for_a_quarter_of_an_hour(world_of: Make) -> None:
    world = ready(world_of)
    world.page.org = world.page.rows[world.user.id] = refusal("salesforce.page.no_access", "no")
    page = PageReading(rows=(*org_rows(), *user_rows()), shown_name=world.user.name, source="saved")
    await world.session.check([(world.user.id, world.user)], page=page)
    world.later(16 * 60)
    plan = await world.session.plan_reset(world.user.id)
    assert (plan.by_hand, bool(plan.refusal)) == (False, True)


async def test_by_hand_every_other_guard_stands(world_of: Make) -> None:
    world = ready(world_of)
    world.page.rows[world.user.id] = user_rows(resetting=True)
    result = await world.session.record_reset(world.user.id, done=True)
    assert (result.method, result.outcome) == ("guided", Outcome.REFUSED)
    assert world.journal.writes(ORG.id, world.user.id) == ()


async def test_what_setup_refused_is_recorded_as_failed(world_of: Make) -> None:
    world = ready(world_of)
    result = await world.session.record_reset(world.user.id, done=False)
    assert (result.outcome, result.unread) == (Outcome.FAILED, False)
    assert await world.session.look_again() == ()
