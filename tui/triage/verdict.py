"""From findings to a verdict: every rule and exception, as data and plain functions. No network, no disk, no texts.

The order is the guide's: connection test, then status check, then reset, then support. The first rule of `RULES` that
answers decides; its number is kept in the judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.model import ErrorRow, Finding, History, Judgement, Phase, Status, Verdict
from tui.triage.catalogue import FACTS, ORDER

OPEN_DAYS = 30
STALLED_AFTER = timedelta(hours=24)
"""Without a sync activity for longer than this, the organisation's sync stands still."""
EVIDENTLY_ALIVE = timedelta(hours=2)
"""A sync activity younger than this shows that Salesforce's own key works."""
SAME_FAULT_AFTER = timedelta(hours=24)
"""A fault that still stands this long after a completed reset is Salesforce Support's."""
LOOK_AGAIN = {"salesforce.sync.resetting": timedelta(hours=1), "salesforce.sync.initial": timedelta(days=1)}
NEXT_DAY = timedelta(days=1)

_PERSONAL = ("google.user.", "google.calendar.off")
_OWN_TEST = "google.guided."
_OUR_KEY = ("google.key.", "google.account.")
_LEAVER = frozenset({"salesforce.user.inactive", "salesforce.user.frozen"})
_RANK = {cause: rank for rank, cause in enumerate(ORDER)}


@dataclass(frozen=True, slots=True)
class _Case:
    """All that the rules look at."""

    findings: Sequence[Finding]
    reported: bool
    open_errors: Sequence[datetime]
    history: History
    now: datetime
    support_now: bool
    open_days: int

    def fails(self, phase: Phase | None = None) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.status is Status.FAIL and phase in (None, f.phase))

    def unknowns(self) -> tuple[Finding, ...]:
        """Required facts that could not be found out."""
        return tuple(f for f in self.findings if f.status is Status.UNKNOWN and f.required)


def _access(case: _Case) -> Verdict | None:
    lost = any(finding.phase is Phase.ACCESS for finding in (*case.fails(), *case.unknowns()))
    return Verdict.UNDETERMINED if lost else None


def _leaver(case: _Case) -> Verdict | None:
    causes = [finding.cause or "" for finding in case.fails()]
    google = [cause for cause in causes if cause.startswith("google.")]
    gone = not _LEAVER.isdisjoint(causes) and all(cause.startswith(_PERSONAL) for cause in google)
    return Verdict.REVIEW_CONFIGURATION if gone else None


def _connection(case: _Case) -> Verdict | None:
    return Verdict.REVIEW_CONNECTION if case.fails(Phase.CONNECTION) else None


def _status(case: _Case) -> Verdict | None:
    fails = case.fails(Phase.STATUS)
    if not fails:
        return None
    reset = case.history.reset_after
    again = any(finding.cause in case.history.fails_at_reset for finding in fails)
    stands = reset is not None and again and case.now - reset > SAME_FAULT_AFTER
    return Verdict.CONTACT_SUPPORT if stands or case.support_now else Verdict.REVIEW_CONFIGURATION


def _unknown(case: _Case) -> Verdict | None:
    return Verdict.UNDETERMINED if case.unknowns() else None


def _wait(case: _Case) -> Verdict | None:
    return Verdict.WAIT if any(finding.status is Status.WAIT for finding in case.findings) else None


def _open_error(case: _Case) -> Verdict | None:
    if not case.open_errors:
        return None
    reset = case.history.reset_after
    recent = reset is not None and case.now - reset <= timedelta(days=case.open_days)
    in_vain = reset is not None and recent and any(at > reset for at in case.open_errors)
    return Verdict.CONTACT_SUPPORT if in_vain else Verdict.RESET


def _reported(case: _Case) -> Verdict | None:
    return Verdict.CONTACT_SUPPORT if case.reported else None


def _nothing(case: _Case) -> Verdict | None:
    return Verdict.NO_FAULT_FOUND


RULES: tuple[Callable[[_Case], Verdict | None], ...] = (
    _access,  # 1: Salesforce itself cannot be reached or will not answer
    _leaver,  # 2: inactive or frozen, and nothing but this person's account fails at Google
    _connection,  # 3: a fault of the connection
    _status,  # 4: a fault of the user's status
    _unknown,  # 5: a required fact is not known
    _wait,  # 6: under way
    _open_error,  # 7: both tests passed, and there is an open error
    _reported,  # 8: the person reports what the report does not show
    _nothing,  # 9: no fault found
)


def judge(
    findings: Sequence[Finding],
    *,
    reported: bool,
    open_errors: Sequence[datetime],
    history: History,
    now: datetime,
    support_now: bool = False,
    open_days: int = OPEN_DAYS,
) -> Judgement:
    """The verdict on one user.

    `open_errors` are the times of the rows that `open_errors()` gave. `support_now`: the page says that another user
    has the address, and no other user has it. `open_days` is `[triage] open_days`: an older reset is forgotten."""
    case = _Case(findings, reported, open_errors, history, now, support_now, open_days)
    rule, verdict = next((n, told) for n, decide in enumerate(RULES, 1) if (told := decide(case)) is not None)
    deciding = case.fails() + (case.unknowns() if verdict is Verdict.UNDETERMINED else ())
    return Judgement(
        verdict=verdict,
        causes=causes_in_order(finding.cause for finding in deciding),
        rule=rule,
        sub_step=_sub_step(case.fails(Phase.CONNECTION)) if verdict is Verdict.REVIEW_CONNECTION else None,
        look_again_at=_look_again(findings, now) if verdict is Verdict.WAIT else None,
        open_errors=len(open_errors),
    )


def causes_in_order(causes: Iterable[str | None]) -> tuple[str, ...]:
    """Cause ids by phase, then as the catalogue lists them, each once; ids that it lacks come last."""
    return tuple(sorted({cause for cause in causes if cause}, key=lambda cause: (_RANK.get(cause, len(ORDER)), cause)))


def _sub_step(fails: Sequence[Finding]) -> int | None:
    """The first sub-step of set-up step 6 to go through; 0 when nothing but this person's Google account fails."""
    causes = (finding.cause or "" for finding in fails)
    steps = {FACTS[cause].sub_step for cause in causes if cause in FACTS}
    if any(finding.id.startswith(_OWN_TEST) for finding in fails):
        steps.add(3)
    of_the_set_up = [step for step in steps if step]
    return min(of_the_set_up) if of_the_set_up else 0 if steps == {0} else None


def _look_again(findings: Iterable[Finding], now: datetime) -> datetime:
    return now + min(LOOK_AGAIN.get(f.cause or "", NEXT_DAY) for f in findings if f.status is Status.WAIT)


# ---- errors ------------------------------------------------------------------------------------------------------


def open_errors(rows: Iterable[ErrorRow], history: History, now: datetime, open_days: int) -> tuple[ErrorRow, ...]:
    """The rows of one user that are open: newer than the last completed reset and the last acknowledgement, and not
    older than `open_days`. A row without a readable time is never open: see `undated`."""
    oldest = now - timedelta(days=open_days)
    return tuple(row for row in rows if counts(row, history, oldest))


def counts(row: ErrorRow, history: History, oldest: datetime) -> bool:
    """Whether one row is open; `oldest` is the moment before which none is."""
    at, reset, acknowledged = row.at, history.reset_after, history.acknowledged_at
    if at is None or at < oldest:
        return False
    return (reset is None or at > reset) and (acknowledged is None or at > acknowledged)


def undated(rows: Iterable[ErrorRow]) -> tuple[ErrorRow, ...]:
    """The rows whose time could not be read: they decide nothing, and must be said."""
    return tuple(row for row in rows if row.at is None)


# ---- evidence that overrules -------------------------------------------------------------------------------------


def overrule_key_refusal(cause: str | None, last_activity: datetime | None, now: datetime) -> bool:
    """Whether a refusal of our key or service account is `unknown` rather than a fail: the organisation synced within
    the last two hours, so Salesforce evidently holds another key than ours.

    None is a last activity that is not known. One that lies as far in the future was misread, and proves nothing."""
    if last_activity is None or not (cause or "").startswith(_OUR_KEY):
        return False
    return abs(now - last_activity) < EVIDENTLY_ALIVE


def stalled(last_activity: datetime | None, now: datetime, *, none_at_all: bool = False) -> bool:
    """Whether the organisation's sync stands still: no activity for 24 hours, or (`none_at_all`) the page shows none.

    A last activity of None is one that could not be read: not stalled, not known."""
    return none_at_all or (last_activity is not None and now - last_activity > STALLED_AFTER)


def duplicate_severity(page_says_linked: bool) -> Status:
    """How grave an address is that another user has as well: only worth saying while the page says linked."""
    return Status.WARN if page_says_linked else Status.FAIL


def direction_severity(*, declared_none: bool, page_none: bool) -> Status:
    """How grave it is that nothing syncs: a fail where the declaration has `none` on both sides and all four rows of
    the page say so too, worth saying where only one of them does."""
    return (Status.PASS, Status.WARN, Status.FAIL)[declared_none + page_none]


def shared_causes(results: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The causes of the organisation that every one of these users' cause lists has; () for fewer than two users."""
    lists = [frozenset(causes) for causes in results]
    common = frozenset[str]().union(*lists).intersection(*lists) if len(lists) > 1 else frozenset[str]()
    return causes_in_order(cause for cause in common if cause in FACTS and FACTS[cause].shared)
