"""What the text of an error usually means, what became of a row, and how a type reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tui.model import ErrorRow, ErrorType, History, Past, RowState, Verdict
from tui.sandbox.texts import ERRORS
from tui.triage import catalogue, reading
from tui.triage.rows import is_open, row_state

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("unauthorized_client: Client is unauthorized to retrieve access tokens", "google.delegation.unauthorized"),
        ("invalid_grant: Invalid email or User ID", "google.user.unknown"),
        ("invalid_grant: Not a valid email.", "google.user.unknown"),
        ("invalid_grant: The account has been deleted", "google.user.deleted"),
        ("invalid_grant: account not found", "google.account.missing"),
        ("an account not found in a list", ""),
        ("invalid_grant: Invalid JWT Signature.", "google.key.revoked"),
        ("access_denied: Account restricted", "google.policy.enforced"),
        ("Google Calendar API has not been used in project 1 before", "google.api.calendar_disabled"),
        ("People API has not been used in project 1 before", "google.api.contacts_disabled"),
        ("403 userRateLimitExceeded", "google.quota.exceeded"),
        ("The user must be signed up for Google Calendar.", "google.calendar.off"),
        ("User can't be linked because another user has the same email address.", "salesforce.email.duplicate"),
        ("The user isn't in any active configuration.", "salesforce.assignment.missing"),
        ("The user is in an active configuration.", ""),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION: End must be after start.", "salesforce.data.rejected"),
        ("INSUFFICIENT_ACCESS_OR_READONLY: no", "salesforce.data.rejected"),
        ("UNABLE_TO_LOCK_ROW: unable to obtain exclusive access", "limit.lock"),
        ("STORAGE_LIMIT_EXCEEDED", "limit.storage"),
        ("An event with more than 50 attendees wasn't synced.", "limit.attendees"),
        ("We couldn't connect to the mailbox a@b.example.", "mailbox.unreachable"),
        ("Something else entirely.", ""),
        ("", ""),
    ],
)
def test_what_a_text_is_about(text: str, about: str) -> None:
    assert reading.about(text) == about
    read = reading.read(text)
    assert (read is None) == (about == "")
    if read is not None:
        assert read.about == about
        assert read.title == reading.title(about) != ""
        assert read.meaning
        assert read.steps


def test_every_reading_is_a_cause_or_has_words_of_its_own() -> None:
    for name, words, pattern in reading.PATTERNS:
        assert (name in catalogue.FACTS) is (name not in reading.OWN)
        assert all(word == word.lower() for word in words)
        assert pattern == pattern.lower() or "\\" in pattern


@pytest.mark.parametrize("code", reading.CODES)
def test_every_code_says_what_it_is(code: str) -> None:
    read = reading.read(f"Could not save: {code}: x")
    assert read is not None
    assert read.meaning == reading.CODES[code]


def test_a_text_reads_the_same_in_both_languages() -> None:
    for texts in ERRORS.values():
        for text in texts:
            assert reading.about(text["en"]) == reading.about(text["fr"])


def row(**changes: object) -> ErrorRow:
    made = ErrorRow("r", NOW - timedelta(days=2), "005A", "Ann", ErrorType.CONNECTION, "Connection", "invalid_scope")
    return replace(made, **changes)  # type: ignore[arg-type]  # the tests name fields that there are


CHECKED = Past(
    "005A", "Ann", checked_at=NOW - timedelta(days=1), verdict=Verdict.RESET, causes=("google.calendar.off",)
)
ACKNOWLEDGED = Past("005A", history=History(acknowledged_at=NOW - timedelta(days=1)))
RESET = Past("005A", history=History(reset_after=NOW - timedelta(days=1)))


@pytest.mark.parametrize(
    ("at", "past", "new", "gone", "state"),
    [
        (2, None, True, False, RowState.NEW),
        (2, None, False, False, RowState.SEEN),
        (2, CHECKED, True, False, RowState.CHECKED),
        (0, CHECKED, True, False, RowState.NEW),
        (2, ACKNOWLEDGED, True, False, RowState.ACKNOWLEDGED),
        (0, ACKNOWLEDGED, False, False, RowState.SEEN),
        (2, RESET, True, False, RowState.OLD),
        (0, RESET, True, False, RowState.NEW),
        (40, None, True, False, RowState.OLD),
        (40, ACKNOWLEDGED, False, False, RowState.ACKNOWLEDGED),
        (None, None, True, False, RowState.OLD),
        (2, ACKNOWLEDGED, True, True, RowState.GONE),
    ],
)
def test_what_became_of_a_row(at: int | None, past: Past | None, new: bool, gone: bool, state: RowState) -> None:
    told = row(at=None if at is None else NOW - timedelta(days=at))
    assert row_state(told, past, NOW, 30, new=new, gone=gone) is state
    assert is_open(told, past, NOW, 30) is (state in {RowState.NEW, RowState.SEEN, RowState.CHECKED})


def test_a_check_that_came_after_beats_the_text() -> None:
    assert reading.cause_of(row(), CHECKED) == "google.calendar.off"
    assert reading.cause_of(row(at=NOW), CHECKED) == "google.scope.invalid"
    assert reading.cause_of(row(), None) == "google.scope.invalid"


def test_both_readings_of_a_type_and_what_checks_found() -> None:
    two, none = reading.of_type(ErrorType.CONNECTION, ())
    assert "two readings" in two
    assert "None of the users" in none
    pasts = [replace(CHECKED, assigned=assigned) for assigned in (True, True, False, None)]
    _two, counted = reading.of_type(ErrorType.CONNECTION, pasts)
    assert counted == "Of 3 users with this type who were checked here, 2 are in an active configuration."
    assert "malfunctions" in reading.of_type(ErrorType.USER_MAPPING, ())[0]
    assert reading.of_type(ErrorType.OTHER, pasts) == ()
