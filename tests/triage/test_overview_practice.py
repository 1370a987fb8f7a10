"""The overview of the practice organisation: the sentence at its top names the fault that the organisation has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.triage.test_practice import session_on
from tui.model import Course, Status
from tui.sandbox.options import Options
from tui.sandbox.serve import start
from tui.triage.catalogue import cause


@pytest.mark.parametrize(
    ("scenario", "status", "side"),
    [
        ("salesforce.sync.disabled", Status.FAIL, "Broken for everybody"),
        ("salesforce.connection.stalled", Status.FAIL, "Broken for everybody"),
        ("google.delegation.unauthorized", Status.FAIL, "Broken for everybody"),
        ("google.api.calendar_disabled", Status.FAIL, "Calendars are broken for everybody"),
        ("google.key.unreadable", Status.WARN, "Not broken for everybody"),
        ("salesforce.page.no_access", Status.UNKNOWN, "Perhaps not broken for everybody"),
    ],
)
async def test_the_fault_of_the_organisation_stands_in_the_first_sentence(
    scenario: str, status: Status, side: str, tmp_path: Path
) -> None:
    with start(Options(scenario=scenario, users=150, errors=60)) as running:
        async with session_on(running, tmp_path / "journal.db") as session:
            answer = (await session.overview()).answer
    assert answer is not None
    assert (answer.status, answer.sentence.partition(":")[0]) == (status, side)
    assert answer.deciding is not None
    assert answer.deciding.cause == (scenario if status is not Status.UNKNOWN else None)
    if status is Status.FAIL:
        assert cause(scenario, answer.deciding.evidence).title in answer.sentence


async def test_a_well_organisation_is_counted_and_its_configurations_are_held_against_it(tmp_path: Path) -> None:
    with start(Options()) as running:
        async with session_on(running, tmp_path / "journal.db") as session:
            seen = await session.overview()
    assert seen.answer is not None
    assert seen.tally is not None
    assert (seen.answer.status, seen.tally.since.course) == (Status.PASS, Course.STEADY)
    assert sum(seen.tally.by_type.values()) == 3000
    assert seen.roster.active is not None
    assert seen.roster.assigned is not None
    assert 0 < seen.tally.erring <= seen.roster.assigned <= seen.roster.active
    told = " ".join(one.sentence for one in seen.roster.contradictions)
    for part in ("in any direction", "without “User's Records”", "which beats the profile's", "is not active"):
        assert part in told
    assert next(item for item in seen.checklist if item.step == "configurations").status is Status.WARN
