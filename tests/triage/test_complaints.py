"""What the person complains of: told, asked about, and held against the configuration."""

from __future__ import annotations

import pytest

from tests.triage.fakes import World, person, row_of_report
from tui.model import (
    CheckResult,
    Complaint,
    Configuration,
    ContactSync,
    Direction,
    EventSync,
    Missing,
    ServiceError,
    Verdict,
)
from tui.triage import complaints

TO_SALESFORCE, TO_GOOGLE = Direction.GOOGLE_TO_SALESFORCE, Direction.SALESFORCE_TO_GOOGLE


@pytest.mark.parametrize("missing", Missing)
@pytest.mark.parametrize("direction", [Direction.BOTH, TO_GOOGLE])
def test_every_complaint_is_told_and_names_what_is_not_tested(missing: Missing, direction: Direction) -> None:
    complaint = Complaint(missing, direction)
    told = complaints.told(complaint)
    assert told.startswith("Reported: ")
    assert ("Salesforce to Google" in told) == (direction is TO_GOOGLE)
    assert all(line.startswith("Not tested: ") for line in complaints.not_tested(complaint))
    assert complaints.not_tested(complaint)


def test_one_event_and_contacts_have_questions_the_rest_has_none() -> None:
    asked = {missing: complaints.questions(Complaint(missing)) for missing in Missing}
    assert any("50 attendees" in question for question in asked[Missing.ONE_EVENT])
    assert any("50,000" in question for question in asked[Missing.CONTACTS])
    assert asked[Missing.NOTHING_SYNCS] == asked[Missing.ALL_EVENTS] == complaints.questions(None) == ()


def test_it_concerns_the_steps_of_its_side() -> None:
    events, contacts = Complaint(Missing.ALL_EVENTS), Complaint(Missing.CONTACTS)
    for step, of in (("google.token.calendar", events), ("salesforce.sync_status.events.x", events),
                     ("google.call.contacts", contacts), ("salesforce.link.contacts", contacts)):  # fmt: skip
        assert [complaints.concerns(one, step) for one in (events, contacts)] == [of is events, of is contacts]
    assert not complaints.concerns(Complaint(Missing.NOTHING_SYNCS), "google.token.calendar")
    assert not complaints.concerns(None, "google.token.calendar")


@pytest.mark.parametrize(
    ("complaint", "said"),
    [
        (Complaint(Missing.ALL_EVENTS, TO_SALESFORCE), True),
        (Complaint(Missing.ALL_EVENTS, TO_GOOGLE), False),
        (Complaint(Missing.ALL_EVENTS), False),
        (Complaint(Missing.CONTACTS), True),
        (Complaint(Missing.NOTHING_SYNCS), False),
        (None, False),
    ],
)
def test_what_is_not_configured_cannot_be_missed(complaint: Complaint | None, said: bool) -> None:
    declared = Configuration("Sales", events=EventSync(TO_GOOGLE), contacts=ContactSync(Direction.NONE))
    assert ("“Sales”" in complaints.not_configured(complaint, declared)) is said
    assert complaints.not_configured(complaint, None) == ""


async def test_a_check_with_a_complaint_counts_as_reported_and_is_kept_in_the_journal() -> None:
    world = World()
    complaint = Complaint(Missing.ONE_EVENT, TO_SALESFORCE)
    (result,) = await world.session.check([("asked", world.user)], complaint=complaint)
    assert (result.reported, result.complaint) == (True, complaint)
    assert result.judgement.verdict is Verdict.CONTACT_SUPPORT
    assert complaints.not_tested(complaint)[0] in result.not_tested
    (kept,) = world.journal.checks(world.session.org.id if world.session.org else "", person().id)
    assert kept.reported
    assert "one event does not sync (Google to Salesforce)" in kept.sentence
    world.close()


async def test_a_complaint_counts_as_reported_where_salesforce_cannot_be_asked() -> None:
    world = World()
    world.salesforce.broken["connect"] = ServiceError("salesforce.network.unreachable", "No way there.")
    (result,) = await world.session.check_queries(["asked"], complaint=Complaint(Missing.ONE_EVENT))
    assert isinstance(result, CheckResult)
    assert result.reported
    world.close()


async def test_the_story_says_what_happened_without_saying_what_to_do() -> None:
    world = World()
    world.salesforce.rows = [row_of_report(world.user)]
    (result,) = await world.session.check([("asked", world.user)])
    assert result.story.startswith("The connection test and the status check passed")
    assert "1 error is open." in result.story
    assert "Next:" not in result.story
    world.close()


async def test_the_story_begins_with_what_is_not_meant_to_sync() -> None:
    one_way = Configuration("All", profiles=("Sales User",), events=EventSync(TO_GOOGLE))
    world = World(configurations=(one_way,))
    for direction, said in ((TO_SALESFORCE, True), (TO_GOOGLE, False)):
        complaint = Complaint(Missing.ALL_EVENTS, direction)
        (result,) = await world.session.check([("asked", world.user)], complaint=complaint)
        assert result.story.startswith("What is missing is not configured: “All” syncs events") is said
    world.close()
