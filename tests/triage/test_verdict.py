"""Every rule of the verdict and every exception, as tables; and what must hold for any findings whatever."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model import ErrorRow, ErrorType, Finding, History, Judgement, Phase, Status, Verdict
from tui.triage import verdict
from tui.triage.catalogue import FACTS, ORDER, PHASE

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PERSONAL = ("google.user.deleted", "google.user.suspended", "google.user.unknown", "google.user.alias")


def finding(cause: str | None, status: Status, phase: Phase | None = None, *, required: bool = False) -> Finding:
    where = phase or PHASE[cause or "salesforce.sync.failing"]
    return Finding(f"step.{cause}", where, status, "What was found.", cause=cause, required=required)


def fail(cause: str) -> Finding:
    return finding(cause, Status.FAIL)


def unknown(cause: str | None, phase: Phase | None = None, *, required: bool = True) -> Finding:
    return finding(cause, Status.UNKNOWN, phase, required=required)


def wait(cause: str) -> Finding:
    return finding(cause, Status.WAIT)


def judged(
    *findings: Finding,
    reported: bool = False,
    open_errors: Sequence[datetime] = (),
    history: History | None = None,
    support_now: bool = False,
    open_days: int = 30,
) -> Judgement:
    return verdict.judge(
        findings,
        reported=reported,
        open_errors=open_errors,
        history=history or History(),
        now=NOW,
        support_now=support_now,
        open_days=open_days,
    )


PASSED = (
    finding(None, Status.PASS, Phase.ACCESS, required=True),
    finding(None, Status.PASS, Phase.CONNECTION, required=True),
    finding(None, Status.PASS, Phase.STATUS, required=True),
    finding(None, Status.SKIP, Phase.CONNECTION),
    finding("salesforce.assignment.overridden", Status.WARN),
)
OLD_FAIL = History(reset_after=NOW - DAY - timedelta(seconds=1), fails_at_reset=frozenset({"salesforce.sync.failing"}))
NEW_FAIL = History(reset_after=NOW - DAY, fails_at_reset=frozenset({"salesforce.sync.failing"}))
ERROR = (NOW - timedelta(hours=2),)

# what was found, what else is known, the verdict, the rule, the causes
TABLE: list[tuple[str, tuple[Finding, ...], dict[str, object], Verdict, int, tuple[str, ...]]] = [
    (
        "1 no access",
        (fail("salesforce.network.unreachable"),),
        {},
        Verdict.UNDETERMINED,
        1,
        ("salesforce.network.unreachable",),
    ),
    (
        "1 no answer known of a required access fact",
        (unknown("salesforce.api.limit"),),
        {},
        Verdict.UNDETERMINED,
        1,
        ("salesforce.api.limit",),
    ),
    (
        "1 an optional access fact decides nothing",
        (unknown(None, Phase.ACCESS, required=False),),
        {},
        Verdict.NO_FAULT_FOUND,
        9,
        (),
    ),
    (
        "1 wins over a fault of the connection, and lists it",
        (fail("google.key.revoked"), fail("salesforce.rights.missing")),
        {},
        Verdict.UNDETERMINED,
        1,
        ("salesforce.rights.missing", "google.key.revoked"),
    ),
    (
        "2 a leaver",
        (fail("google.user.unknown"), fail("salesforce.user.inactive")),
        {},
        Verdict.REVIEW_CONFIGURATION,
        2,
        ("google.user.unknown", "salesforce.user.inactive"),
    ),
    (
        "2 frozen, calendar off",
        (fail("salesforce.user.frozen"), fail("google.calendar.off")),
        {},
        Verdict.REVIEW_CONFIGURATION,
        2,
        ("google.calendar.off", "salesforce.user.frozen"),
    ),
    (
        "2 nothing fails at Google",
        (fail("salesforce.user.inactive"),),
        {},
        Verdict.REVIEW_CONFIGURATION,
        2,
        ("salesforce.user.inactive",),
    ),
    (
        "2 Salesforce's own connection does not matter to a leaver",
        (fail("salesforce.user.inactive"), fail("salesforce.connection.stalled")),
        {},
        Verdict.REVIEW_CONFIGURATION,
        2,
        ("salesforce.connection.stalled", "salesforce.user.inactive"),
    ),
    (
        "2 wins over what is not known",
        (fail("salesforce.user.inactive"), unknown(None, Phase.CONNECTION)),
        {},
        Verdict.REVIEW_CONFIGURATION,
        2,
        ("salesforce.user.inactive",),
    ),
    (
        "3 wins over a leaver where the key fails too",
        (fail("salesforce.user.inactive"), fail("google.user.unknown"), fail("google.key.revoked")),
        {},
        Verdict.REVIEW_CONNECTION,
        3,
        ("google.key.revoked", "google.user.unknown", "salesforce.user.inactive"),
    ),
    (
        "3 a fault of the connection",
        (fail("google.delegation.unauthorized"),),
        {},
        Verdict.REVIEW_CONNECTION,
        3,
        ("google.delegation.unauthorized",),
    ),
    (
        "3 wins over a fault of the status, and lists it",
        (fail("salesforce.sync.failing"), fail("salesforce.connection.remote_site")),
        {},
        Verdict.REVIEW_CONNECTION,
        3,
        ("salesforce.connection.remote_site", "salesforce.sync.failing"),
    ),
    (
        "3 wins over what is not known, and over support",
        (unknown("salesforce.page.no_access"), fail("google.api.calendar_disabled")),
        {"support_now": True},
        Verdict.REVIEW_CONNECTION,
        3,
        ("google.api.calendar_disabled",),
    ),
    (
        "4 a fault of the status",
        (fail("salesforce.assignment.missing"),),
        {},
        Verdict.REVIEW_CONFIGURATION,
        4,
        ("salesforce.assignment.missing",),
    ),
    (
        "4 wins over what is not known, a wait and an open error",
        (unknown("salesforce.report.unavailable"), wait("salesforce.sync.initial"), fail("salesforce.rights.events")),
        {"open_errors": ERROR},
        Verdict.REVIEW_CONFIGURATION,
        4,
        ("salesforce.rights.events",),
    ),
    (
        "4 the same fault more than a day after a reset",
        (fail("salesforce.sync.failing"),),
        {"history": OLD_FAIL},
        Verdict.CONTACT_SUPPORT,
        4,
        ("salesforce.sync.failing",),
    ),
    (
        "4 the same fault exactly a day after a reset",
        (fail("salesforce.sync.failing"),),
        {"history": NEW_FAIL},
        Verdict.REVIEW_CONFIGURATION,
        4,
        ("salesforce.sync.failing",),
    ),
    (
        "4 another fault than at the reset",
        (fail("salesforce.link.failed"),),
        {"history": OLD_FAIL},
        Verdict.REVIEW_CONFIGURATION,
        4,
        ("salesforce.link.failed",),
    ),
    (
        "4 no reset was completed",
        (fail("salesforce.sync.failing"),),
        {"history": History(fails_at_reset=frozenset({"salesforce.sync.failing"}))},
        Verdict.REVIEW_CONFIGURATION,
        4,
        ("salesforce.sync.failing",),
    ),
    (
        "4 the page names a duplicate that nobody has",
        (fail("salesforce.link.failed"),),
        {"support_now": True},
        Verdict.CONTACT_SUPPORT,
        4,
        ("salesforce.link.failed",),
    ),
    (
        "5 a required fact is not known",
        (unknown("google.service.unavailable"),),
        {"open_errors": ERROR, "reported": True},
        Verdict.UNDETERMINED,
        5,
        ("google.service.unavailable",),
    ),
    (
        "5 not known, for no named cause",
        (unknown(None, Phase.STATUS), unknown("google.quota.exceeded", required=False)),
        {},
        Verdict.UNDETERMINED,
        5,
        (),
    ),
    (
        "5 wins over a wait",
        (wait("salesforce.sync.resetting"), unknown("salesforce.page.unrecognised")),
        {},
        Verdict.UNDETERMINED,
        5,
        ("salesforce.page.unrecognised",),
    ),
    (
        "5 an optional fact is not needed",
        (unknown("google.service.unavailable", required=False),),
        {},
        Verdict.NO_FAULT_FOUND,
        9,
        (),
    ),
    ("6 under way", (wait("salesforce.sync.initial"),), {"open_errors": ERROR}, Verdict.WAIT, 6, ()),
    ("7 an open error", (), {"open_errors": ERROR, "reported": True}, Verdict.RESET, 7, ()),
    (
        "7 an error after a recent reset",
        (),
        {"open_errors": ERROR, "history": History(reset_after=NOW - 3 * DAY)},
        Verdict.CONTACT_SUPPORT,
        7,
        (),
    ),
    (
        "7 an error after a reset of open_days ago",
        (),
        {"open_errors": ERROR, "history": History(reset_after=NOW - 30 * DAY)},
        Verdict.CONTACT_SUPPORT,
        7,
        (),
    ),
    (
        "7 an error after a reset long ago",
        (),
        {"open_errors": ERROR, "history": History(reset_after=NOW - 31 * DAY)},
        Verdict.RESET,
        7,
        (),
    ),
    (
        "7 open_days is the config's",
        (),
        {"open_errors": ERROR, "history": History(reset_after=NOW - 31 * DAY), "open_days": 60},
        Verdict.CONTACT_SUPPORT,
        7,
        (),
    ),
    (
        "7 a rejected record does not change it",
        (finding("salesforce.data.rejected", Status.WARN),),
        {"open_errors": ERROR},
        Verdict.RESET,
        7,
        (),
    ),
    ("8 reported, and nothing in the report", (), {"reported": True}, Verdict.CONTACT_SUPPORT, 8, ()),
    ("9 nothing", (), {}, Verdict.NO_FAULT_FOUND, 9, ()),
    (
        "9 a duplicate while the page says linked",
        (finding("salesforce.email.duplicate", Status.WARN),),
        {},
        Verdict.NO_FAULT_FOUND,
        9,
        (),
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_the_rules(row: tuple[str, tuple[Finding, ...], dict[str, object], Verdict, int, tuple[str, ...]]) -> None:
    _name, findings, known, expected, rule, causes = row
    for order in (findings, findings[::-1]):
        told = judged(*PASSED, *order, **known)  # type: ignore[arg-type]  # a table of keyword arguments
        assert (told.verdict, told.rule, told.causes) == (expected, rule, causes)
        assert (told.look_again_at is not None) is (expected is Verdict.WAIT)
        assert told.sub_step is None or expected is Verdict.REVIEW_CONNECTION


SUB_STEPS = [
    (("salesforce.connection.remote_site",), 1),
    (("salesforce.connection.not_configured",), 2),
    (("google.key.revoked",), 2),
    (("google.account.disabled",), 2),
    (("google.delegation.scope_missing",), 2),
    (("google.api.contacts_disabled",), 2),
    (("salesforce.connection.no_linked_users",), 3),
    (("salesforce.connection.stalled",), 3),
    (("google.calendar.off",), 0),
    (("google.user.alias",), 0),
    (("salesforce.sync.disabled",), None),
    (("google.user.unknown", "google.calendar.off"), 0),
    (("google.user.unknown", "salesforce.connection.stalled"), 3),
    (("google.delegation.unauthorized", "salesforce.connection.remote_site"), 1),
    (("salesforce.sync.disabled", "google.user.unknown"), None),
    (("salesforce.sync.disabled", "google.key.revoked"), 2),
]


@pytest.mark.parametrize(("causes", "expected"), SUB_STEPS)
def test_the_part_of_the_set_up_that_is_named(causes: tuple[str, ...], expected: int | None) -> None:
    assert judged(*map(fail, causes)).sub_step == expected


def test_a_status_fault_never_names_a_part_of_the_set_up() -> None:
    assert judged(fail("google.user.unknown"), fail("salesforce.user.inactive")).sub_step is None


@pytest.mark.parametrize(
    ("causes", "after"),
    [
        (("salesforce.sync.resetting",), timedelta(hours=1)),
        (("salesforce.sync.initial",), timedelta(days=1)),
        (("eac.onboarding.pending",), timedelta(days=1)),
        (("salesforce.sync.initial", "salesforce.sync.resetting"), timedelta(hours=1)),
    ],
)
def test_when_to_look_again(causes: tuple[str, ...], after: timedelta) -> None:
    assert judged(*map(wait, causes)).look_again_at == NOW + after


def test_causes_by_phase_then_by_the_catalogue_each_once() -> None:
    mixed = [*reversed(ORDER), None, "", "no.such.cause", ORDER[3]]
    assert verdict.causes_in_order(mixed) == (*ORDER, "no.such.cause")
    assert verdict.causes_in_order([]) == ()


# ---- open errors -------------------------------------------------------------------------------------------------


def row(at: datetime | None) -> ErrorRow:
    return ErrorRow(f"row {at}", at, "005000000000001AAA", "Alice Martin", ErrorType.CONNECTION, "Connection", "Text")


@pytest.mark.parametrize(
    ("age", "history", "is_open"),
    [
        (timedelta(hours=1), History(), True),
        (timedelta(days=30), History(), True),
        (timedelta(days=30, seconds=1), History(), False),
        (timedelta(hours=1), History(reset_after=NOW - timedelta(hours=2)), True),
        (timedelta(hours=2), History(reset_after=NOW - timedelta(hours=2)), False),
        (timedelta(hours=3), History(reset_after=NOW - timedelta(hours=2)), False),
        (timedelta(hours=3), History(acknowledged_at=NOW - timedelta(hours=2)), False),
        (timedelta(hours=1), History(NOW - 5 * DAY, frozenset(), NOW - timedelta(hours=2)), True),
        (timedelta(days=2), History(NOW - 5 * DAY, frozenset(), NOW - timedelta(hours=2)), False),
        (-timedelta(minutes=5), History(), True),
    ],
)
def test_open_errors(age: timedelta, history: History, *, is_open: bool) -> None:
    one = row(NOW - age)
    assert verdict.open_errors([one], history, NOW, 30) == ((one,) if is_open else ())


def test_a_row_without_a_time_is_never_open_and_always_said() -> None:
    rows = [row(None), row(NOW)]
    assert verdict.open_errors(rows, History(), NOW, 30) == (rows[1],)
    assert verdict.undated(rows) == (rows[0],)


def test_open_days_is_what_the_config_says() -> None:
    old = row(NOW - 40 * DAY)
    assert verdict.open_errors([old], History(), NOW, 60) == (old,)


# ---- evidence that overrules -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cause", "age", "overruled"),
    [
        ("google.key.revoked", timedelta(minutes=119), True),
        ("google.account.missing", timedelta(minutes=1), True),
        ("google.account.disabled", timedelta(0), True),
        ("google.key.revoked", timedelta(hours=2), False),
        ("google.key.revoked", None, False),
        ("google.key.revoked", -timedelta(minutes=2), True),
        ("google.key.revoked", -timedelta(days=30), False),
        ("google.delegation.unauthorized", timedelta(minutes=1), False),
        ("google.user.unknown", timedelta(minutes=1), False),
        (None, timedelta(minutes=1), False),
    ],
)
def test_a_refused_key_while_salesforce_syncs(cause: str | None, age: timedelta | None, *, overruled: bool) -> None:
    assert verdict.overrule_key_refusal(cause, None if age is None else NOW - age, NOW) is overruled


@pytest.mark.parametrize(
    ("age", "none_at_all", "expected"),
    [
        (timedelta(hours=24), False, False),
        (timedelta(hours=24, seconds=1), False, True),
        (timedelta(hours=5), False, False),
        (None, False, False),
        (None, True, True),
        (-timedelta(hours=1), False, False),
    ],
)
def test_stalled(age: timedelta | None, *, none_at_all: bool, expected: bool) -> None:
    assert verdict.stalled(None if age is None else NOW - age, NOW, none_at_all=none_at_all) is expected


def test_a_duplicate_counts_less_while_the_page_says_linked() -> None:
    assert verdict.duplicate_severity(page_says_linked=True) is Status.WARN
    assert verdict.duplicate_severity(page_says_linked=False) is Status.FAIL


@pytest.mark.parametrize(
    ("declared", "page", "expected"),
    [
        (True, True, Status.FAIL),
        (True, False, Status.WARN),
        (False, True, Status.WARN),
        (False, False, Status.PASS),
    ],
)
def test_no_direction_at_all(*, declared: bool, page: bool, expected: Status) -> None:
    assert verdict.direction_severity(declared_none=declared, page_none=page) is expected


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ((), ()),
        ((("google.key.revoked",),), ()),
        ((("google.key.revoked",), ("google.key.revoked", "salesforce.rights.events")), ("google.key.revoked",)),
        ((("google.user.unknown",), ("google.user.unknown",)), ()),
        ((("google.key.revoked",), ()), ()),
        ((("no.such",), ("no.such",)), ()),
    ],
)
def test_one_fault_of_many(lists: tuple[tuple[str, ...], ...], expected: tuple[str, ...]) -> None:
    assert verdict.shared_causes(lists) == expected


# ---- what holds for any findings ---------------------------------------------------------------------------------

FINDINGS = st.lists(
    st.builds(
        lambda cause, status, required: Finding("step", PHASE[cause], status, "x", cause=cause, required=required),
        st.sampled_from(ORDER),
        st.sampled_from(Status),
        st.booleans(),
    ),
    max_size=8,
)
HISTORIES = st.builds(
    History,
    st.none() | st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 22), timezones=st.just(UTC)),
    st.frozensets(st.sampled_from(ORDER), max_size=3),
    st.none(),
)


@given(FINDINGS, st.booleans(), st.booleans(), HISTORIES, st.booleans())
def test_whatever_was_found(
    findings: list[Finding], reported: bool, has_error: bool, history: History, support_now: bool
) -> None:
    told = judged(
        *findings,
        reported=reported,
        open_errors=ERROR if has_error else (),
        history=history,
        support_now=support_now,
    )
    fails = {one.cause for one in findings if one.status is Status.FAIL}
    needed = {one.cause for one in findings if one.status is Status.UNKNOWN and one.required}
    connection = any(one.status is Status.FAIL and one.phase is Phase.CONNECTION for one in findings)

    assert fails <= set(told.causes), "a fail is never left out"
    assert set(told.causes) == (fails | needed if told.verdict is Verdict.UNDETERMINED else fails)
    assert list(told.causes) == sorted(set(told.causes), key=ORDER.index)
    if fails or needed:
        assert told.verdict not in (Verdict.NO_FAULT_FOUND, Verdict.RESET, Verdict.WAIT), "a doubt is never a pass"
    if told.verdict is Verdict.UNDETERMINED and connection:
        assert told.rule == 1
    assert (told.look_again_at is not None) is (told.verdict is Verdict.WAIT)
    assert told.sub_step is None or told.verdict is Verdict.REVIEW_CONNECTION
    assert told.open_errors == (1 if has_error else 0)
    assert judged(
        *reversed(findings),
        reported=reported,
        open_errors=ERROR if has_error else (),
        history=history,
        support_now=support_now,
    ) == (told), "the order of the findings decides nothing"


@given(FINDINGS)
def test_only_unwell_findings_decide(findings: list[Finding]) -> None:
    harmless = [one for one in findings if one.status in (Status.PASS, Status.SKIP, Status.WARN)]
    assert judged(*harmless) == judged()


def test_the_verdict_opens_no_file_and_needs_no_client() -> None:
    script = (
        "import sys, tui.triage.verdict as v;"
        "from tui.triage import catalogue;"
        "assert catalogue._texts.cache_info().currsize == 0;"
        "heavy = {'textual', 'httpx', 'sqlalchemy', 'pydantic', 'lxml', 'google'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_cause_has_facts_that_the_rules_understand() -> None:
    assert {facts.sub_step for facts in FACTS.values()} == {None, 0, 1, 2, 3}
    for facts in FACTS.values():
        personal = facts.id in PERSONAL or facts.id == "google.calendar.off"
        assert (facts.sub_step == 0) is personal
        assert facts.severity in (Status.FAIL, Status.WARN, Status.WAIT, Status.UNKNOWN)
