"""Checking people, one or many: who is meant, what is read once for all of them, and what a check leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

from tui.journal.store import JournalError
from tui.model import CheckResult, Complaint, ErrorReport, Org, PageReading, Resolution, ServiceError, StepPlan, User
from tui.salesforce.rest import sparing
from tui.salesforce.setup_page import SetupPage
from tui.triage import retry as going_on
from tui.triage import saved_page
from tui.triage.checks import run
from tui.triage.checks.facts import UserFacts
from tui.triage.checks.run import OnStep
from tui.triage.checks.table import ORG_CHECKS, USER_CHECKS
from tui.triage.verdict import open_errors
from tui.words import _

if TYPE_CHECKING:
    from tui.triage.session import Session

AT_ONCE = 20
"""Users checked side by side: enough to keep all of Http's requests in flight while some wait for one answer."""

JUST_READ = timedelta(minutes=1)
"""A report as young as this need not be read again for the users that were listed from it."""

OnResult = Callable[[CheckResult], None]
Examined = tuple[CheckResult, UserFacts | None]


class How(TypedDict, total=False):
    """How a check is made. The results are streamed to `on_result` as they come, the steps to `on_step`. `page` is a
    saved page of the one user, judged in place of the live one. With a `complaint` the user counts as `reported`.
    `retry` goes on from the step at which this one user's last check failed, where that is a moment ago."""

    reported: bool
    on_step: OnStep | None
    on_result: OnResult | None
    page: PageReading | None
    complaint: Complaint | None
    retry: bool


@dataclass(slots=True)
class Left:
    """What the checks of a session leave for those that follow: the report that people were `listed` from, the `last`
    check of one user, the same with its facts where it can be gone on from, and a page that was given by hand (of whom,
    when)."""

    listed: ErrorReport | None = None
    last: CheckResult | None = None
    earlier: tuple[CheckResult, UserFacts] | None = None
    by_hand: tuple[str, datetime, PageReading] | None = None


def plan() -> tuple[StepPlan, ...]:
    """The steps of a check, in the order in which they are shown."""
    titled = [(check.id, check.title, check.phase) for check in ORG_CHECKS]
    titled += [(check.id, check.title, check.phase) for check in USER_CHECKS]
    titled.sort(key=lambda step: run.RANK[step[2]])
    return tuple(StepPlan(name, _(title), phase) for name, title, phase in titled)


async def with_open_errors(session: Session) -> list[str]:
    """The ids of the users who have an open error, newest error first, each once."""
    org = await session.connect()
    days, now = session.settings.triage.open_days, session.clock()
    session.left.listed = await session.errors()
    rows = open_errors(session.left.listed.rows, run.NO_HISTORY, now, days)
    names = [row.user_name for row in rows if not row.user_id]
    named = {found.query: found.users for found in await session.resolve(names)}
    meant = [
        (row, user_id)
        for row in rows
        for user_id in ([row.user_id] if row.user_id else [user.id for user in named[row.user_name]])
    ]
    histories = session.journal.histories(org.id, (user_id for _row, user_id in meant))
    return list(dict.fromkeys(user_id for row, user_id in meant if open_errors([row], histories[user_id], now, days)))


async def check_queries(session: Session, queries: Sequence[str], **how: Unpack[How]) -> list[CheckResult | Resolution]:
    """Log in, find out who is meant, check: the results in the order of the queries."""
    try:
        resolutions = await session.resolve(queries)
    except ServiceError as error:
        lost = _lost(session, [(query, None) for query in queries], error, how)
        return [result for result, _facts in lost]
    users = [(found.query, user) for found in resolutions for user in found.users]
    results = iter(await session.check(users, **how))
    answers: list[CheckResult | Resolution] = []
    for found in resolutions:
        answers += [found] if found.problem else [next(results) for _user in found.users]
    return answers


async def examine(session: Session, users: Sequence[tuple[str, User]], **how: Unpack[How]) -> list[Examined]:
    """The results, each with the facts that it rests on (None where Salesforce could not be asked)."""
    try:
        org = await session.connect()
    except ServiceError as error:
        return _lost(session, users, error, how)
    left, one, page = session.left, len(users) == 1, how.get("page")
    reserve = session.settings.triage.api_reserve
    shared = session.facts(org, [user for _query, user in users])
    if left.listed is not None and session.clock() - left.listed.read_at < JUST_READ:
        shared.listed = left.listed
    left.listed = None  # for those who were listed; whoever is checked later is checked on a fresh report
    if page is not None:
        shared.page = cast(SetupPage, saved_page.ByHand(page))
    checks = run.checks_for(shared)
    done: dict[int, Examined] = {}
    waiting = iter(enumerate(users))

    async def worker() -> None:
        for place, (query, user) in waiting:
            facts = UserFacts(shared, user)
            calls_left = None if one else session.api_nearly_used_up
            if calls_left is None:
                earlier = left.earlier if how.get("retry") and left.earlier and _of(left.earlier, user) else None
                result = await run.check_user(
                    facts,
                    checks,
                    query,
                    reported=_reported(how),
                    on_step=how.get("on_step"),
                    complaint=how.get("complaint"),
                    kept=await going_on.carry(earlier, facts, checks) if earlier else {},
                )
            else:
                result = run.stopped(facts, query, reported=_reported(how), left=calls_left, reserve=reserve)
            done[place] = _recorded(session, org, result), facts
            _stream(done[place], how)

    # one person's check may use what is left: somebody waits for it
    with sparing(0.0 if one else reserve):
        async with asyncio.TaskGroup() as group:
            for _worker in range(min(AT_ONCE, len(users))):
                group.create_task(worker())
    left.last = done[0][0] if one else None
    result, of_one = done[0] if one and page is None else (None, None)
    left.earlier = (result, of_one) if result and of_one else None
    return [done[place] for place in range(len(users))]


def page_by_hand(session: Session, user_id: str) -> PageReading | None:
    """The page that an admin gave for this user a moment ago."""
    given = session.left.by_hand
    fresh = given is not None and given[0] == user_id and session.clock() - given[1] <= going_on.FRESH
    return given[2] if given is not None and fresh else None


def _of(earlier: tuple[CheckResult, UserFacts], user: User) -> bool:
    return earlier[1].user.id == user.id


def _reported(how: How) -> bool:
    return how.get("reported", False) or how.get("complaint") is not None


def _stream(examined: Examined, how: How) -> None:
    if (on_result := how.get("on_result")) is not None:
        on_result(examined[0])


def _lost(session: Session, users: Sequence[tuple[str, User | None]], error: ServiceError, how: How) -> list[Examined]:
    """The results where Salesforce could not be asked."""
    results: list[Examined] = [
        (run.without_access(query, user, error, reported=_reported(how), now=session.clock()), None)
        for query, user in users
    ]
    for result in results:
        _stream(result, how)
    return results


def _recorded(session: Session, org: Org, result: CheckResult) -> CheckResult:
    """The result, kept in the journal; where that fails the result says so."""
    try:
        session.journal.record_check(org, session.by, result)
    except JournalError as error:
        told = _("This check is not in the journal: {reason}").format(reason=error)
        return replace(result, not_tested=(*result.not_tested, told))
    return result
