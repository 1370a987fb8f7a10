"""The judgement in plain words: who, what, where, what next; and what no verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tui import words
from tui.model import Finding, History, Judgement, Phase, Status, User, Verdict
from tui.triage import catalogue, story, verdict

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
ALICE = User("005A0000001abCdIAE", "Alice Martin", "alice@acme.com", "alice@acme.com", True)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = words.language()
    words.use("en")
    yield
    words.use(before)


def cause(cause_id: str, **how: object) -> Finding:
    return catalogue.finding("step", catalogue.PHASE[cause_id], cause_id, **how)  # type: ignore[arg-type]  # as given


def judged(*findings: Finding, errors: int = 0, reported: bool = False, history: History | None = None) -> Judgement:
    times = [NOW - timedelta(hours=n + 1) for n in range(errors)]
    return verdict.judge(findings, reported=reported, open_errors=times, history=history or History(), now=NOW)


def sentence(*findings: Finding, **known: object) -> str:
    return story.sentence(judged(*findings, **known), findings, ALICE)  # type: ignore[arg-type]  # as given


@pytest.mark.parametrize("which", Verdict)
def test_every_verdict_has_its_headline(which: Verdict) -> None:
    assert len(story.headline(which)) > 8
    assert "healthy" not in story.headline(which)


@pytest.mark.parametrize(
    ("findings", "known", "words_said"),
    [
        (
            ("google.key.revoked",),
            {},
            ("Review the connection", "step 6, its second step", "no longer accepts this private"),
        ),
        (("salesforce.connection.remote_site",), {}, ("step 6, its first step", "remote site")),
        (("google.user.unknown",), {}, ("this person's Google account", "does not know this person's address")),
        (("salesforce.assignment.missing",), {}, ("Review this user's configuration", "in no active configuration")),
        (("salesforce.sync.resetting",), {}, ("Wait", "2026-11-22 14:00 UTC", "Do not reset")),
        (("salesforce.sync.initial",), {}, ("2026-11-23 13:00 UTC",)),
        ((), {"errors": 1}, ("Reset this user's sync", "1 error is open", "look again tomorrow")),
        ((), {"errors": 3}, ("3 errors are open",)),
        ((), {"errors": 1, "history": History(NOW - timedelta(days=2))}, ("Contact Salesforce Support", "came back")),
        ((), {"reported": True}, ("Contact Salesforce Support", "not in the error report")),
        ((), {}, ("No fault found", "not tested")),
        (("salesforce.network.unreachable",), {}, ("Could not be determined", "does not answer", "port 443")),
        (("google.key.revoked", "salesforce.rights.events"), {}, ("1 more cause was found",)),
        (("google.key.revoked", "salesforce.rights.events", "salesforce.link.failed"), {}, ("2 more causes",)),
        (("google.user.unknown", "salesforce.user.inactive"), {}, ("This user is inactive", "take them out")),
        (("google.user.unknown", "salesforce.connection.stalled"), {}, ("third step", "standstill")),
    ],
)
def test_the_sentence(findings: tuple[str, ...], known: dict[str, object], words_said: tuple[str, ...]) -> None:
    told = sentence(*map(cause, findings), **known)
    assert told.startswith("Alice Martin: ")
    assert told.endswith(".")
    assert ".." not in told
    assert "\n" not in told
    assert all(word in told for word in words_said), told


def test_the_next_step_is_the_first_of_the_leading_cause() -> None:
    found = cause("google.delegation.unauthorized")
    assert story.what_now(judged(found), [found]) == found.fix[0]


def test_the_finding_that_leads_is_one_that_decides() -> None:
    passing = Finding("a", Phase.CONNECTION, Status.PASS, "All well.", cause="google.key.revoked")
    failing = cause("google.key.revoked")
    assert story.leading(judged(passing, failing), [passing, failing]) is failing
    assert story.leading(judged(), []) is None


def test_what_is_not_known_is_named_where_no_cause_is() -> None:
    gone = Finding("page", Phase.STATUS, Status.UNKNOWN, "The name is not unique", required=True)
    told = sentence(gone)
    assert "The name is not unique." in told
    assert "by hand" in told


def test_a_fail_without_a_known_fix_still_says_what_to_do() -> None:
    odd = Finding("x", Phase.STATUS, Status.FAIL, "Something odd", cause="no.such.cause")
    assert "Follow the steps of the fix" in story.what_now(judged(odd), [odd])


@pytest.mark.parametrize(
    ("user", "query", "start"),
    [
        (None, "alice@acme.com", "alice@acme.com: Could"),
        (None, "", "Could"),
        (User("005", "", "u@x", "", True), "q", "u@x: Could"),
    ],
)
def test_who_is_named(user: User | None, query: str, start: str) -> None:
    found = cause("salesforce.network.unreachable")
    assert story.sentence(judged(found), [found], user, query).startswith(start)


def test_braces_in_a_name_stay_braces() -> None:
    odd = User("005", "{who} {0.__class__}", "u@x", "u@x", True)
    assert story.sentence(judged(), [], odd).startswith("{who} {0.__class__}: No fault")


@pytest.mark.parametrize(("rule", "why"), [(4, "outlived a reset"), (7, "came back after the last reset")])
def test_why_it_is_for_support_is_told(rule: int, why: str) -> None:
    judgement = Judgement(Verdict.CONTACT_SUPPORT, (), rule)
    assert why in story.story(judgement, [])
    assert why not in story.story(replace(judgement, verdict=Verdict.RESET), [])


# ---- what was not tested -----------------------------------------------------------------------------------------

ASKED = Finding("google.token.calendar", Phase.CONNECTION, Status.PASS, "Granted.")


@pytest.mark.parametrize("status", [Status.PASS, Status.FAIL, Status.UNKNOWN])
def test_the_key_that_was_tried_is_always_named(status: Status) -> None:
    asked = Finding("google.account", Phase.CONNECTION, status, "Asked.")
    told = story.not_tested([asked], google_configured=True, key_id="abc", service_account="sa@p.iam")
    assert "key, abc of sa@p.iam" in told[0]
    assert "own Test button" in told[0]


@pytest.mark.parametrize(
    ("findings", "configured", "said"),
    [
        ([ASKED], False, "no [google] section"),
        ([], True, "not asked in this check"),
        ([Finding("google.token", Phase.CONNECTION, Status.SKIP, "Behind.")], True, "not asked in this check"),
        ([Finding("google.key", Phase.CONNECTION, Status.UNKNOWN, "Unreadable.")], True, "gave no answer"),
        ([ASKED], True, "the key in this console's config"),
    ],
)
def test_what_is_said_of_google(findings: list[Finding], *, configured: bool, said: str) -> None:
    told = story.not_tested(findings, google_configured=configured)
    assert said in told[0]
    assert "own Test button" in told[0]


def test_what_was_left_out_and_what_is_not_known_is_listed_once() -> None:
    skipped = Finding("google.contacts", Phase.CONNECTION, Status.SKIP, "Contacts do not sync")
    optional = Finding("google.directory", Phase.CONNECTION, Status.UNKNOWN, "No admin is configured")
    needed = Finding("salesforce.report", Phase.STATUS, Status.UNKNOWN, "No report.", required=True)
    told = story.not_tested([ASKED, skipped, skipped, optional, needed], google_configured=True)
    assert told[1:-1] == (
        "Not tested: Contacts do not sync.",
        "Not known: No admin is configured.",
        "Not known, and needed: No report.",
    )
    assert "individual events and contacts" in told[-1]


def test_even_a_clean_result_says_what_it_does_not_prove() -> None:
    assert len(story.not_tested([ASKED], google_configured=True)) == 2


@pytest.mark.parametrize("rule", [7, 8, 9])
def test_nothing_is_called_passed_where_something_is_unknown(rule: int) -> None:
    judgement = Judgement(Verdict.RESET, (), rule)
    passed = Finding("one", Phase.STATUS, Status.PASS, "Fine.")
    unknown = Finding("two", Phase.STATUS, Status.UNKNOWN, "Not known.")
    assert "passed" in story.story(judgement, [passed])
    assert "passed" not in story.story(judgement, [passed, unknown])
