"""Is it broken for everybody: the sentence for every state of the organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.triage.fakes import NOW, ORG
from tui.model import Course, Finding, Phase, Roster, Since, Status
from tui.triage.catalogue import FACTS
from tui.triage.checks import organisation
from tui.triage.outage import answer
from tui.triage.status_pages import pages

PASS, FAIL, UNKNOWN, SKIP = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.SKIP
HOUR = timedelta(hours=1)


def finding(step: str, status: Status, cause: str | None = None, summary: str = "") -> Finding:
    phase = Phase.STATUS if (cause or "").startswith("salesforce.user") else Phase.CONNECTION
    return Finding(step, phase, status, summary or f"What {cause or step} says.", cause)


def google(calendar: Status = PASS, contacts: Status = PASS, cause: str | None = None) -> list[Finding]:
    return [
        finding(f"google.{step}.{side}", status if step == "token" or status is not FAIL else SKIP, cause)
        for side, status in (("calendar", calendar), ("contacts", contacts))
        for step in ("token", "call")
    ]


def activity(status: Status = PASS, cause: str | None = None) -> Finding:
    return finding(organisation.ACTIVITY, status, cause)


WELL = [finding(organisation.PAGE, PASS), activity(), *google()]
UNLINKED = [finding(organisation.LINKED, FAIL, "salesforce.connection.no_linked_users")]
JUMP = Since(Course.JUMP, NOW - HOUR, 40, 30, 3)


@pytest.mark.parametrize(
    ("findings", "known", "status", "sentence"),
    [
        (WELL, {}, PASS, "Not broken for everybody: the connection test passes, and sync was active"),
        (
            [*WELL[:2], *google(FAIL, FAIL, "google.delegation.unauthorized")],
            {},
            FAIL,
            "Broken for everybody: What google.delegation.unauthorized says.",
        ),
        (
            [*WELL[:2], *google(FAIL, PASS, "google.api.calendar_disabled")],
            {},
            FAIL,
            "Calendars are broken for everybody: What google.api.calendar_disabled says.",
        ),
        (
            [*WELL[:2], *google(PASS, FAIL, "google.delegation.scope_missing")],
            {},
            FAIL,
            "Contacts are broken for everybody: What google.delegation.scope_missing says.",
        ),
        (  # a side that is not synced does not make the other one's fault half a fault
            [*WELL[:2], *google(FAIL, SKIP, "google.api.calendar_disabled")],
            {},
            FAIL,
            "Broken for everybody: What google.api.calendar_disabled says.",
        ),
        (  # the first fault by the order of causes stands in the sentence
            [
                finding("salesforce.remote_site", FAIL, "salesforce.connection.remote_site"),
                activity(FAIL, "salesforce.connection.stalled"),
                *google(),
            ],
            {},
            FAIL,
            "Broken for everybody: What salesforce.connection.remote_site says.",
        ),
        (
            [activity(), finding("google.guided.calendar", FAIL)],
            {},
            FAIL,
            "Broken for everybody: What google.guided.calendar says.",
        ),
        (
            [*WELL[:2], *google(FAIL, FAIL, "google.user.unknown")],
            {},
            Status.WARN,
            "Not broken for everybody: sync was active in the last 24 hours. The connection is not tested: the Google "
            "account of the user tested with has a fault of its own.",
        ),
        (
            [*WELL[:2], *google(UNKNOWN, UNKNOWN, "google.network.unreachable")],
            {},
            Status.WARN,
            "Not broken for everybody: sync was active in the last 24 hours. The connection is not tested: What",
        ),
        (
            [activity(UNKNOWN), *google()],
            {},
            UNKNOWN,
            "Perhaps not broken for everybody: the connection test passes, but when sync last worked is unknown.",
        ),
        ([activity(UNKNOWN)], {}, UNKNOWN, "Not known whether it is broken for everybody: What salesforce.page"),
        (
            [finding(organisation.PAGE, UNKNOWN), *google(UNKNOWN, UNKNOWN, "google.service.unavailable")],
            {},
            UNKNOWN,
            "Not known whether it is broken for everybody: What google.service.unavailable says.",
        ),
        ([], {}, UNKNOWN, "Not known whether it is broken for everybody: no user of an active configuration"),
        (
            WELL,
            {"since": JUMP, "roster": Roster(active=90, assigned=60)},
            Status.WARN,
            "Perhaps broken for everybody: no test fails, but 30 of 60 people have had an error since the errors"
            " jumped.",
        ),
        (WELL, {"since": JUMP, "roster": Roster(active=90, assigned=61)}, PASS, "Not broken for everybody"),
        (WELL, {"since": JUMP}, PASS, "Not broken for everybody"),
        (WELL, {"api_left": 12}, Status.WARN, "Not broken for everybody, but the day's API calls are nearly used up"),
        (UNLINKED, {"never_erred": True}, FAIL, "Nobody syncs here yet: What salesforce.connection.no_linked_users"),
        (UNLINKED, {"never_erred": True, "last_worked": NOW - 9 * HOUR}, FAIL, "Broken for everybody: What"),
        (UNLINKED, {}, FAIL, "Broken for everybody: What"),
        ([*WELL, finding("salesforce.user", FAIL, "salesforce.user.inactive")], {}, PASS, "Not broken for everybody"),
    ],
)
def test_the_sentence(findings: Sequence[Finding], known: Any, status: Status, sentence: str) -> None:
    said = answer(findings, NOW, **known)
    assert (said.status, said.sentence[: len(sentence)]) == (status, sentence)


SHARED = [
    cause
    for cause, facts in FACTS.items()
    if facts.shared and facts.severity is FAIL and cause.startswith(("google.", "salesforce."))
]


@pytest.mark.parametrize("cause", SHARED)
def test_every_fault_of_the_organisation_is_named(cause: str) -> None:
    said = answer([*WELL, finding("any.step", FAIL, cause)], NOW)
    assert (said.status, said.deciding and said.deciding.cause) == (FAIL, cause)
    assert f"What {cause} says." in said.sentence


@pytest.mark.parametrize(("ago", "told"), [(HOUR, True), (3 * HOUR, False)])
def test_a_fault_that_has_only_just_begun(ago: timedelta, told: bool) -> None:
    fault = finding("salesforce.remote_site", FAIL, "salesforce.connection.remote_site")
    said = answer([*WELL, fault], NOW, last_worked=NOW - ago)
    assert ("may have only just begun" in said.sentence) is told
    assert (said.last_worked, said.last_worked_why) == (NOW - ago, "")


def test_why_it_is_not_known_when_sync_last_worked() -> None:
    closed = finding(organisation.METHOD, FAIL, "salesforce.connection.not_configured")
    assert answer([finding(organisation.PAGE, PASS), closed], NOW).last_worked_why == closed.summary
    assert answer([activity(UNKNOWN)], NOW).last_worked_why == activity(UNKNOWN).summary
    assert answer([], NOW).last_worked_why == "The status page was not asked."


def test_the_status_pages_are_those_of_the_instance_and_say_why_they_are_not_asked() -> None:
    real = replace(ORG, practice=False, instance="EU 42/x")
    assert [page.address for page in pages(real)] == [
        "https://status.salesforce.com/instances/EU%2042%2Fx",
        "https://www.google.com/appsstatus/dashboard/",
    ]
    assert pages(ORG)[0].address == pages(None)[0].address
    assert all("Not asked from here" in page.why for page in pages(None))
