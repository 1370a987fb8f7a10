"""What the journal keeps, and what it answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.journal.conftest import ANNE, NOON, ORG, Clock, result
from tui.journal import store
from tui.journal.store import Journal, JournalError
from tui.model import Finding, Outcome, Phase, Status, Verdict
from tui.sanitise import redact, sanitise

LATER = [NOON + timedelta(minutes=n) for n in range(10)]


def test_a_check_is_kept_with_its_outcome(journal: Journal) -> None:
    journal.record_check(ORG, "marie", result())
    (kept,) = journal.checks(ORG.id, ANNE.id)
    assert (kept.by, kept.acting_user, kept.user_name) == ("marie", "admin@acme.example", "Anne Martin")
    assert (kept.verdict, kept.causes) == (Verdict.REVIEW_CONNECTION, ("google.user.unknown",))
    assert kept.steps == {"google.token.calendar": "fail", "salesforce.user": "pass"}
    assert (kept.open_errors, kept.checked_at) == (2, NOON)


def test_checks_come_newest_first_and_by_org(journal: Journal) -> None:
    for at in (LATER[2], LATER[1], LATER[3]):
        journal.record_check(ORG, "marie", result(checked_at=at))
    assert [kept.checked_at for kept in journal.checks(ORG.id, ANNE.id, limit=2)] == [LATER[3], LATER[2]]
    assert journal.checks("00D000000000009AAA", ANNE.id) == ()


def test_a_check_of_nobody_is_kept_too(journal: Journal) -> None:
    journal.record_check(ORG, "marie", result(user=None))
    assert journal.checks(ORG.id, "")[0].query == "anne"


def test_a_write_goes_through_its_stages(journal: Journal, clock: Clock) -> None:
    write = journal.begin_write(ORG, "marie", ANNE, {"fails": ["salesforce.sync.failing"], "rows": {"a": "b"}})
    planned = journal.write(write)
    assert (planned.stage, planned.planned_at, planned.outcome, planned.after) == ("planned", NOON, None, {})
    journal.pressed(write, LATER[1])
    assert journal.write(write).stage == "pressed"
    journal.running(write, LATER[2])
    journal.running(write, LATER[3])
    journal.end_write(write, Outcome.DONE, "gone", {"rows": {}}, LATER[4])
    ended = journal.write(write)
    assert (ended.stage, ended.outcome, ended.reason) == ("ended", Outcome.DONE, "gone")
    assert (ended.pressed_at, ended.running_at, ended.ended_at) == (LATER[1], LATER[3], LATER[4])
    assert ended.before == {"fails": ["salesforce.sync.failing"], "rows": {"a": "b"}}
    assert ended.after == {"rows": {}}
    assert journal.writes(ORG.id, ANNE.id) == (ended,)


def test_a_write_keeps_its_first_end(journal: Journal) -> None:
    write = journal.begin_write(ORG, "marie", ANNE, {})
    journal.end_write(write, Outcome.DONE, "first", {}, LATER[1])
    journal.end_write(write, Outcome.UNKNOWN, "second", {}, LATER[2])
    journal.running(write, LATER[3])
    kept = journal.write(write)
    assert (kept.outcome, kept.reason, kept.running_at) == (Outcome.DONE, "first", None)


def test_a_write_that_is_not_there_is_said(journal: Journal) -> None:
    for ask in (
        lambda: journal.write(7),
        lambda: journal.pressed(7, NOON),
        lambda: journal.end_write(7, Outcome.DONE, "", {}, NOON),
    ):
        with pytest.raises(JournalError, match="holds no write 7"):
            ask()


def test_unfinished_writes_are_those_without_an_end_in_this_org(journal: Journal) -> None:
    first, second = (journal.begin_write(ORG, "marie", ANNE, {}) for _ in range(2))
    journal.end_write(first, Outcome.FAILED, "", {}, LATER[1])
    assert [write.id for write in journal.unfinished(ORG.id)] == [second]
    assert journal.unfinished("00D000000000009AAA") == ()


@pytest.mark.parametrize(
    ("pressed", "running", "reset_after"),
    [(None, None, NOON), (LATER[1], None, LATER[1]), (LATER[1], LATER[3], LATER[3])],
)
def test_history_takes_the_latest_moment_known_to_lie_before_the_end(
    journal: Journal, pressed: datetime | None, running: datetime | None, reset_after: datetime
) -> None:
    write = journal.begin_write(ORG, "marie", ANNE, MappingProxyType({"fails": ("a.b.c", "d.e.f")}))
    if pressed:
        journal.pressed(write, pressed)
    if running:
        journal.running(write, running)
    assert journal.history(ORG.id, ANNE.id).reset_after is None
    journal.end_write(write, Outcome.DONE, "", {}, LATER[5])
    history = journal.history(ORG.id, ANNE.id)
    assert (history.reset_after, history.fails_at_reset) == (reset_after, frozenset({"a.b.c", "d.e.f"}))


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.REFUSED, Outcome.UNKNOWN])
def test_history_knows_only_resets_that_were_done(journal: Journal, outcome: Outcome) -> None:
    for ending in (Outcome.DONE, outcome):
        write = journal.begin_write(ORG, "marie", ANNE, {"fails": [ending.value]}, at=LATER[1])
        journal.end_write(write, ending, "", {}, LATER[5])
    history = journal.history(ORG.id, ANNE.id)
    assert (history.reset_after, history.fails_at_reset) == (LATER[1], frozenset({"done"}))


def test_the_last_acknowledgement_counts(journal: Journal) -> None:
    for at in (LATER[4], LATER[2]):
        journal.acknowledge(ORG.id, ANNE.id, "marie", "seen", at)
    assert journal.history(ORG.id, ANNE.id).acknowledged_at == LATER[4]
    assert journal.history(ORG.id, "005000000000009AAA").acknowledged_at is None


@pytest.mark.parametrize(
    ("answers", "same"), [({}, False), ({"a": True, "b": True}, True), ({"a": True, "b": False}, False)]
)
def test_a_confirmation_needs_every_sample_to_be_the_same(
    journal: Journal, answers: dict[str, bool], same: bool
) -> None:
    assert not journal.confirmed(ORG.id, "page")
    assert journal.confirm(ORG.id, "page", "marie", answers, NOON) is same
    assert journal.confirmed(ORG.id, "page") is same
    assert not journal.confirmed(ORG.id, "columns")
    assert not journal.confirmed("00D000000000009AAA", "page")


def test_the_last_confirmation_counts(journal: Journal) -> None:
    journal.confirm(ORG.id, "page", "marie", {"a": True}, NOON)
    journal.confirm(ORG.id, "page", "paul", {"a": False}, LATER[1])
    assert not journal.confirmed(ORG.id, "page")


def test_times_come_back_in_utc_and_naive_ones_are_refused(journal: Journal) -> None:
    paris = timezone(timedelta(hours=1))
    write = journal.begin_write(ORG, "marie", ANNE, {}, at=datetime(2026, 11, 22, 13, 0, tzinfo=paris))
    assert journal.write(write).planned_at == NOON
    assert journal.write(write).planned_at.tzinfo is UTC
    with pytest.raises(JournalError, match="without a time zone"):
        journal.pressed(write, datetime(2026, 11, 22, 13, 0))


def test_old_checks_go_at_opening_and_nothing_else(place: Path, journal: Journal, clock: Clock) -> None:
    journal.record_check(ORG, "marie", result())
    journal.record_check(ORG, "marie", result(checked_at=NOON + timedelta(days=2)))
    journal.begin_write(ORG, "marie", ANNE, {})
    done = journal.begin_write(ORG, "marie", ANNE, {})
    journal.end_write(done, Outcome.DONE, "", {}, NOON)
    journal.confirm(ORG.id, "page", "marie", {"a": True}, NOON)
    journal.acknowledge(ORG.id, ANNE.id, "marie", "", NOON)
    journal.close()
    clock.wait(days=11)
    again = Journal(f"sqlite:///{place}", keep_days=10, now=clock)
    assert [kept.checked_at for kept in again.checks(ORG.id, ANNE.id)] == [NOON + timedelta(days=2)]
    assert len(again.unfinished(ORG.id)) == 1
    assert again.history(ORG.id, ANNE.id).reset_after == NOON
    assert again.history(ORG.id, ANNE.id).acknowledged_at == NOON
    assert again.confirmed(ORG.id, "page")
    again.close()


SECRETS = (
    "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----",
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl",
    "ya29.a0AfH6SMBsecret",
    "00D000000000001!AQEAQsecretsecret",
    "access_token=verysecretvalue",
)


def test_no_secret_and_no_control_character_reaches_the_file(place: Path, journal: Journal) -> None:
    for secret in SECRETS:
        journal.record_check(ORG, "marie", result(query=secret, sentence=secret))
        write = journal.begin_write(ORG, "marie", ANNE, {"seen": {"deep": [secret, "\x1b]52;c;x\x07"]}})
        journal.end_write(write, Outcome.FAILED, secret, {"answer": secret}, NOON)
        journal.acknowledge(ORG.id, ANNE.id, "marie", secret, NOON)
        journal.confirm(ORG.id, "page", secret, {"a": True}, NOON)
    journal.close()
    written = b"".join(path.read_bytes() for path in place.parent.iterdir())
    for part in (b"MIIabc", b"c2lnbmF0dXJl", b"a0AfH6SMBsecret", b"AQEAQsecret", b"verysecretvalue", b"\x1b]52"):
        assert part not in written


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=st.text(), key=st.text(), inner=st.text())
def test_any_text_comes_back_as_sanitise_leaves_it(journal: Journal, note: str, key: str, inner: str) -> None:
    write = journal.begin_write(ORG, note, ANNE, {"seen": [{key: inner}]})
    kept = journal.write(write)
    assert kept.by == sanitise(redact(note))
    (values,) = kept.before["seen"]
    assert list(values.values()) == [sanitise(redact(inner))]


# ---- who is looked at again: what it is told from ------------------------------------------------------------------


def test_the_newest_check_of_each_user_of_an_org_since_a_time(journal: Journal) -> None:
    for at in LATER[:3]:
        journal.record_check(ORG, "marie", result(checked_at=at))
    journal.record_check(ORG, "marie", result(user=None, checked_at=LATER[4]))
    assert [kept.checked_at for kept in journal.latest_checks(ORG.id, NOON)] == [LATER[2]]
    assert journal.latest_checks(ORG.id, LATER[3]) == ()
    assert journal.latest_checks("00D000000000009AAA", NOON) == ()


def test_the_writes_and_acknowledgements_since_a_time(journal: Journal) -> None:
    for at in LATER[:2]:
        journal.begin_write(ORG, "marie", ANNE, {}, at)
        journal.acknowledge(ORG.id, ANNE.id, "marie", "seen", at)
    assert [write.planned_at for write in journal.writes_since(ORG.id, LATER[1])] == [LATER[1]]
    assert journal.acknowledged_since(ORG.id, NOON) == {ANNE.id: LATER[1]}
    assert journal.acknowledged_since(ORG.id, LATER[2]) == {}


def test_what_is_known_of_everybody_is_what_is_known_of_each(journal: Journal) -> None:
    bob = replace(ANNE, id="005000000000003AAA", name="Bob Stone")
    assigned = Finding("salesforce.assignment", Phase.STATUS, Status.PASS, "in one")
    journal.record_check(ORG, "marie", result(checked_at=NOON))
    journal.record_check(ORG, "marie", result(checked_at=LATER[1], steps=(assigned,)))
    journal.record_check(ORG, "marie", result(user=bob))
    journal.record_check(ORG, "marie", result(user=None))
    write = journal.begin_write(ORG, "marie", bob, {"fails": ["salesforce.sync.failing"]})
    journal.pressed(write, LATER[1])
    journal.end_write(write, Outcome.DONE, "gone", {}, LATER[2])
    journal.end_write(journal.begin_write(ORG, "marie", ANNE, {}), Outcome.REFUSED, "no", {}, LATER[2])
    journal.acknowledge(ORG.id, ANNE.id, "marie", "first", LATER[2])
    journal.acknowledge(ORG.id, ANNE.id, "luc", "known outage", LATER[3])
    journal.acknowledge(ORG.id, "005000000000009AAA", "luc", "", NOON)
    known = {past.user_id: past for past in journal.pasts(ORG.id)}
    assert set(known) == {ANNE.id, bob.id, "005000000000009AAA"}
    assert (known[ANNE.id].user_name, known[ANNE.id].checked_at) == (ANNE.name, LATER[1])
    assert [known[user_id].assigned for user_id in sorted(known)] == [True, None, None]
    assert known[ANNE.id].causes == ("google.user.unknown",)
    assert (known[ANNE.id].acknowledged_by, known[ANNE.id].note) == ("luc", "known outage")
    for user_id, past in known.items():
        assert past.history == journal.history(ORG.id, user_id)
    assert journal.pasts("00D000000000009AAA") == ()


def test_the_histories_of_many_are_those_of_each(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ASKED_AT_ONCE", 2)
    people = [replace(ANNE, id=f"00500000000001{number}AAA") for number in range(5)]
    for number, person in enumerate(people[:4]):
        for outcome in (Outcome.DONE, Outcome.FAILED)[: number + 1]:
            write = journal.begin_write(ORG, "marie", person, {"fails": [f"cause.{number}"]})
            journal.pressed(write, LATER[number])
            journal.end_write(write, outcome, "", {}, LATER[number])
        journal.acknowledge(ORG.id, person.id, "marie", "", LATER[number])
    journal.acknowledge("00D000000000009AAA", people[4].id, "marie", "", NOON)
    ids = [person.id for person in people]
    known = journal.histories(ORG.id, [*ids, ids[0]])
    assert list(known) == ids
    assert [history.reset_after for history in known.values()] == [*LATER[:4], None]
    assert [history.acknowledged_at for history in known.values()] == [*LATER[:4], None]
    assert known == {user_id: journal.history(ORG.id, user_id) for user_id in ids}
    assert journal.histories(ORG.id, []) == {}


def test_the_last_reading_is_kept_for_each_person_and_org(journal: Journal) -> None:
    assert journal.read_before(ORG.id, "marie", NOON) is None
    assert journal.read_before(ORG.id, "marie", LATER[1]) == NOON
    assert journal.read_before(ORG.id, "luc", LATER[2]) is None
    assert journal.read_before("00D000000000009AAA", "marie", LATER[2]) is None
    assert journal.read_before(ORG.id, "marie", LATER[2]) == LATER[1]


def test_only_checks_do_not_wait_for_the_disk(journal: Journal) -> None:
    def waits() -> bool:
        with journal._engine.connect() as connection:  # the one connection of the pool, as the last call left it
            return connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2

    write = journal.begin_write(ORG, "marie", ANNE, {})
    assert waits()
    journal.record_check(ORG, "marie", result())
    assert not waits()
    journal.pressed(write, LATER[1])
    assert waits()
    journal.record_check(ORG, "marie", result())
    journal.acknowledge(ORG.id, ANNE.id, "marie", "", NOON)
    assert waits()
