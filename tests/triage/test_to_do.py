"""What to do and by whom, both identities, and the texts that are ready to send: out of findings, without a network."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.triage.fakes import NOW, person
from tui.model import CheckResult, Complaint, Finding, Judgement, Missing, Phase, Product, Status, Verdict
from tui.triage import catalogue, messages
from tui.triage.identities import identities
from tui.triage.to_do import to_do

ME = person()
EVIDENCE = {
    "user": ME.email,
    "client_id": "1234567890",
    "service_account": "sync@acme.iam.gserviceaccount.com",
    "scopes": ["https://www.googleapis.com/auth/calendar"],
    "missing": ["https://www.googleapis.com/auth/calendar", "https://www.googleapis.com/auth/contacts"],
    "error": "unauthorized_client",
}


def of(cause: str, step: str = "", **changes: Any) -> Finding:
    phase = catalogue.PHASE[cause]
    found = catalogue.finding(step or f"step.{cause}", phase, cause, evidence=EVIDENCE)
    return replace(found, **changes)


def result(verdict: Verdict, rule: int, *findings: Finding, **changes: Any) -> CheckResult:
    causes = tuple(dict.fromkeys(one.cause for one in findings if one.cause and one.status is Status.FAIL))
    usual = CheckResult(
        ME.email, ME, Product.LIGHTNING_SYNC, False, Judgement(verdict, causes, rule), findings, NOW, "", ()
    )
    return replace(usual, **changes)


# ---- what to do ----------------------------------------------------------------------------------------------------


def test_steps_say_who_takes_them_and_carry_the_pages_of_their_cause() -> None:
    (first, *others) = to_do(result(Verdict.REVIEW_CONNECTION, 3, of("google.user.alias")))
    assert first.by == "salesforce_admin"
    assert [step.by for step in others] == ["user", "salesforce_admin"]
    assert first.links
    assert not any(step.links for step in others)


def test_what_two_causes_ask_for_in_the_same_words_stands_once_with_all_its_pages() -> None:
    steps = to_do(result(Verdict.REVIEW_CONNECTION, 3, of("google.user.deleted"), of("google.user.suspended")))
    left = [step for step in steps if step.text.startswith("If the person has left")]
    assert len(left) == 1
    assert "deactivate the Salesforce user" in left[0].text
    assert left[0].by == "salesforce_admin"


def test_a_cause_that_several_steps_meet_is_told_once() -> None:
    twice = [of("google.user.deleted", step) for step in ("google.token.calendar", "google.token.contacts")]
    steps = to_do(result(Verdict.REVIEW_CONNECTION, 3, *twice))
    assert len(steps) == len({step.text for step in steps}) == 3


def test_a_leaver_is_not_asked_to_be_assigned() -> None:
    found = [
        of(cause) for cause in ("google.user.suspended", "salesforce.user.inactive", "salesforce.assignment.missing")
    ]
    steps = to_do(result(Verdict.REVIEW_CONFIGURATION, 2, *found))
    assert [step.text for step in steps] == [
        step.text for step in catalogue.cause("salesforce.user.inactive", EVIDENCE).fix
    ]


def test_a_fail_without_a_cause_keeps_the_words_of_its_own_fix() -> None:
    own = Finding("google.guided.calendar", Phase.CONNECTION, Status.FAIL, "failed", fix=("Go through step 6.",))
    assert [(step.by, step.text) for step in to_do(result(Verdict.REVIEW_CONNECTION, 3, own))] == [
        (None, "Go through step 6.")
    ]


def test_nothing_broken_asks_for_nothing() -> None:
    assert to_do(result(Verdict.NO_FAULT_FOUND, 9)) == ()


# ---- both identities -----------------------------------------------------------------------------------------------


def directory(**evidence: Any) -> Finding:
    return Finding("google.directory", Phase.CONNECTION, Status.PASS, "known", evidence=evidence)


def calendar(mailbox: str, status: Status = Status.PASS) -> Finding:
    return Finding("google.call.calendar", Phase.CONNECTION, status, "answers", evidence={"calendar": mailbox})


def test_before_google_was_asked_its_side_is_not_known() -> None:
    found = identities(ME, ())
    assert (found.salesforce.word, found.salesforce.ok) == ("active", True)
    assert (found.google.word, found.google.ok) == ("not asked", None)
    assert found.trait("address").google == ""
    assert not found.differs


def test_the_directory_knows_primary_address_name_and_aliases() -> None:
    found = identities(ME, [directory(primary_email="a.b@acme.example", name="A. B.", aliases=[ME.email])])
    assert (found.trait("address").google, found.trait("address").differs) == ("a.b@acme.example", True)
    assert (found.trait("name").google, found.trait("name").differs) == ("A. B.", True)
    assert found.trait("aliases").google == ME.email
    assert found.differs


def test_without_the_directory_the_calendar_says_which_mailbox_it_is() -> None:
    same = identities(ME, [calendar(ME.email.upper())])
    assert (same.google.ok, same.trait("mailbox").differs, same.differs) == (True, False, False)
    other = identities(ME, [calendar("x@acme.example")])
    assert (other.trait("address").google, other.trait("mailbox").differs) == ("x@acme.example", True)


@pytest.mark.parametrize(
    ("finding", "word"),
    [
        (of("google.user.suspended"), "suspended"),
        (of("google.user.deleted"), "deleted"),
        (of("google.user.unknown"), "not known"),
        (directory(primary_email=ME.email, suspended=True), "suspended"),
        (directory(primary_email=ME.email, archived=True), "archived"),
    ],
)
def test_an_account_that_is_closed_on_one_side_only_differs(finding: Finding, word: str) -> None:
    found = identities(ME, [finding])
    assert (found.google.word, found.google.ok, found.differs) == (word, False, True)
    assert not identities(replace(ME, active=False), [finding]).differs


@pytest.mark.parametrize(
    ("cause", "word"),
    [("google.delegation.unauthorized", "key refused"), ("google.service.unavailable", "no answer")],
)
def test_a_google_that_was_asked_in_vain_is_not_called_unasked(cause: str, word: str) -> None:
    google = identities(ME, [of(cause, "google.token.calendar")]).google
    assert (google.word, google.ok) == (word, None)


def test_a_frozen_user_is_no_open_account() -> None:
    assert identities(replace(ME, frozen=True), ()).salesforce.word == "frozen"


# ---- texts ---------------------------------------------------------------------------------------------------------


def test_the_google_admin_is_told_the_exact_client_id_scopes_and_page() -> None:
    text = messages.for_google_admin(result(Verdict.REVIEW_CONNECTION, 3, of("google.delegation.unauthorized")))
    assert "https://admin.google.com/ac/owl/domainwidedelegation\n" in text
    assert "Client ID: 1234567890" in text
    assert "https://www.googleapis.com/auth/calendar,https://www.googleapis.com/auth/contacts\n" in text
    assert "unauthorized_client" in text
    assert "Salesforce administrator" not in text
    assert ME.email in text


def test_the_google_admin_is_told_of_a_suspended_account_and_nothing_of_delegation() -> None:
    text = messages.for_google_admin(result(Verdict.REVIEW_CONNECTION, 3, of("google.user.suspended")))
    assert "1. Find out why it is suspended." in text
    assert "Client ID" not in text


@pytest.mark.parametrize("cause", catalogue.ORDER)
def test_the_text_for_the_google_admin_says_what_was_found_and_for_whom(cause: str) -> None:
    found = of(cause, required=True)
    text = messages.for_google_admin(result(Verdict.REVIEW_CONNECTION, 3, found))
    asked = any(step.by == "google_admin" for step in catalogue.cause(cause).fix)
    assert bool(text) is (asked and found.status is Status.FAIL)
    if text:
        assert f"What we found:\n- {found.summary}\n" in text
        assert ("probably for everybody" in text) is catalogue.FACTS[cause].shared
        assert ("Google's answer: " in text) is cause.startswith("google.")


def test_a_test_that_could_not_be_done_is_not_called_a_failure() -> None:
    found = of("google.key.unreadable", required=True)
    judgement = Judgement(Verdict.UNDETERMINED, ("google.key.unreadable",), 5)
    text = messages.for_google_admin(result(Verdict.UNDETERMINED, 5, found, judgement=judgement))
    assert f"We wanted to test this for {ME.email}, and could not." in text
    assert "fails" not in text


def test_where_google_has_nothing_to_change_there_is_no_text() -> None:
    assert messages.for_google_admin(result(Verdict.REVIEW_CONFIGURATION, 4, of("salesforce.assignment.missing"))) == ""


@pytest.mark.parametrize("verdict", Verdict)
def test_the_person_gets_a_text_for_every_verdict(verdict: Verdict) -> None:
    text = messages.for_person(result(verdict, 9))
    assert text.startswith("Subject: Your Google calendar and contacts in Salesforce\n")
    assert f"\nHello {ME.name},\n" in text
    assert text.endswith("Thank you.\n")
    assert all(word not in text for word in ("google.", "salesforce.", "client", "scope", "https://"))


def test_the_person_is_asked_about_the_one_event_and_told_when_it_is_looked_at_again() -> None:
    asked = result(Verdict.CONTACT_SUPPORT, 8, complaint=Complaint(Missing.ONE_EVENT))
    assert "- Does it have more than 50 attendees?" in messages.for_person(asked)
    judgement = Judgement(Verdict.WAIT, (), 6, look_again_at=NOW + timedelta(hours=1))
    assert "We will look at it again on " in messages.for_person(result(Verdict.WAIT, 6, judgement=judgement))
    assert "move events that should not" in messages.for_person(result(Verdict.RESET, 7))
    assert "1. Confirm the change" in messages.for_person(result(Verdict.REVIEW_CONNECTION, 3, of("google.user.alias")))


def test_the_person_is_asked_in_their_own_words() -> None:
    for missing in (Missing.ONE_EVENT, Missing.CONTACTS):
        text = messages.for_person(result(Verdict.REVIEW_CONNECTION, 3, complaint=Complaint(missing)))
        assert "Which event or contact is missing" in text
        assert "the person" not in text
        assert "data set" not in text
        assert "nothing that you need to do" not in text
    assert "nothing that you need to do" in messages.for_person(result(Verdict.REVIEW_CONNECTION, 3))


def test_what_is_not_known_says_what_to_do_about_it() -> None:
    homonym = Finding("salesforce.page.user", Phase.STATUS, Status.UNKNOWN, "two", fix=("Rename one.",), required=True)
    assert [step.text for step in to_do(result(Verdict.UNDETERMINED, 5, homonym))] == ["Rename one."]
    assert to_do(result(Verdict.UNDETERMINED, 5, replace(homonym, required=False))) == ()


def test_somebody_who_has_left_gets_no_text() -> None:
    left = result(Verdict.REVIEW_CONFIGURATION, 2, of("salesforce.user.inactive"))
    assert messages.for_person(left) == messages.for_google_admin(left) == ""


def test_what_comes_from_outside_cannot_break_the_text() -> None:
    nasty = replace(ME, name="Ann\n\x1b[31mBob", email="a@b\x07c")
    text = messages.for_person(result(Verdict.RESET, 7, user=nasty))
    assert "\x1b" not in text
    assert text.splitlines()[2].startswith("Hello Ann")


def test_a_step_without_a_cause_is_given_to_whom_it_names() -> None:
    line = catalogue.step_line(catalogue.Step("salesforce_admin", "Rename one."))
    homonym = Finding("step.page", Phase.STATUS, Status.UNKNOWN, "Two have it.", fix=(line,), required=True)
    (step,) = to_do(result(Verdict.UNDETERMINED, 5, homonym))
    assert (step.by, step.text) == ("salesforce_admin", "Rename one.")
    leaver = of("salesforce.user.inactive")
    assert "Rename one." not in [each.text for each in to_do(result(Verdict.REVIEW_CONFIGURATION, 2, leaver, homonym))]


def test_support_is_not_turned_to_twice() -> None:
    found = of("salesforce.link.failed")
    own = to_do(result(Verdict.REVIEW_CONFIGURATION, 4, found))
    with_support = to_do(result(Verdict.CONTACT_SUPPORT, 4, found))
    assert "contact Salesforce Support" in own[-1].text
    assert with_support == own[:-1]
