"""Runs of the report, one at a time or a few side by side, counted against Salesforce's limit of runs an hour.

Facts: 500 runs an org and hour, two minutes each; an asynchronous run has neither that time-out nor a share in that
number (salesforce-api.md 3.1, 3.2).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tui.model import ServiceError
from tui.salesforce import errors
from tui.salesforce.report_ask import ReportInfo, Slice, counts, details, echoed, forms, obeyed
from tui.salesforce.report_columns import Column
from tui.salesforce.report_rows import Table, Unreadable, read_table
from tui.salesforce.rest import Rest
from tui.words import _

AT_ONCE = 4
_RUN_SECONDS = 130.0  # Salesforce gives a run two minutes
_PAUSES = (1.0, 2.0, 3.0, 5.0, *[10.0] * 28)  # between looks at an asynchronous run: five minutes in all
_INSTANCE = re.compile(r"0LG[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?")
_LIMIT_WORDS = re.compile(r"can.t run more than|HourlySyncReportRuns", re.IGNORECASE)


class Missed(Exception):  # noqa: N818 - reads as what happened
    """A run whose rows did not come, or are not those that were asked for. The text is a sentence."""


class Runs:
    """Runs one report. `made` counts what was asked for; once Salesforce's limit is reached, nothing
    more is asked for."""

    def __init__(self, rest: Rest, info: ReportInfo, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep):
        self.info = info
        self.made = 0
        self.form = next(forms(info))
        self._rest = rest
        self._sleep = sleep
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._left: int | None = None
        self._stopped = ""

    async def first(self, part: Slice) -> tuple[Mapping[str, Any], Table]:
        """The first run. A form of the request that Salesforce refuses as such (400) is followed by the next plainer
        one, and what it takes is kept for the runs that follow. Raises ServiceError."""
        offered = list(forms(self.info))
        for number, form in enumerate(offered, start=1):
            self.form = form
            try:
                run = await self._run(details(self.info, form, part))
                break
            except ServiceError as problem:
                if problem.cause or problem.status != 400 or number == len(offered):
                    raise
        return run, _table(run)

    async def rows(self, part: Slice) -> tuple[Mapping[str, Any], Table]:
        """A run with the rows of that part. Raises Missed."""
        run = await self._admitted(details(self.info, self.form, part), part)
        try:
            table = read_table(run)
        except Unreadable as problem:
            raise Missed(odd(problem).message) from None
        if not obeyed(table, part):
            raise Missed(_("Salesforce did not use the filter that was asked for."))
        return run, table

    async def count(self, part: Slice, *groups: Column) -> Mapping[str, Any]:
        """A run that only counts the rows of that part, in groups. Raises Missed."""
        return await self._admitted(counts(self.info, self.form, part, groups), part, include="false")

    async def look_at_limit(self) -> None:
        """Learn how many runs this hour still has, where Salesforce tells."""
        try:
            limits = await self._rest.get(self._rest.path("limits"))
        except ServiceError:
            return  # then Salesforce's refusal tells
        entry = limits.get("HourlySyncReportRuns") if isinstance(limits, dict) else None
        left = entry.get("Remaining") if isinstance(entry, dict) else None
        if isinstance(left, int) and not isinstance(left, bool):
            self._left = max(0, left)

    async def _admitted(self, body: Mapping[str, Any], part: Slice, *, include: str = "true") -> Mapping[str, Any]:
        async with self._slots:
            if self._left == 0 and not self._stopped:
                self._stopped = _(
                    "Salesforce's runs of reports for this hour are used up: what is missing can be read in an hour."
                )
            if self._stopped:
                raise Missed(self._stopped)
            if self._left is not None:
                self._left -= 1
            try:
                run = await self._run(body, include=include)
            except ServiceError as problem:
                if limited(problem):
                    self._stopped = self._stopped or problem.message
                raise Missed(self._stopped or problem.message) from None
        if not echoed(run, self.form, part):
            raise Missed(_("Salesforce did not use the dates that were asked for."))
        return run

    async def _run(self, body: Mapping[str, Any], *, include: str = "true") -> Mapping[str, Any]:
        self.made += 1
        params = {"includeDetails": include}
        try:
            run = await self._rest.ask(self._rest.path(self.info.path), body, params, deadline=_RUN_SECONDS)
        except ServiceError as problem:
            if not self.info.id or not (problem.code == errors.TIMED_OUT or problem.cause == errors.UNAVAILABLE):
                raise
            run = await self._by_instance(body, params, problem)
        if not isinstance(run, dict):
            raise odd("?")
        return run

    async def _by_instance(self, body: Mapping[str, Any], params: Mapping[str, str], why: ServiceError) -> Any:
        """The same run once more, asynchronously; `why` is raised where that does not help either."""
        path = self._rest.path(f"{self.info.path}/instances")
        try:
            started = await self._rest.ask(path, body, params, deadline=30.0)
            instance = started.get("id") if isinstance(started, dict) else None
            if not isinstance(instance, str) or not _INSTANCE.fullmatch(instance):
                raise why
            for pause in _PAUSES:
                found = await self._rest.get(f"{path}/{instance}")
                attributes = found.get("attributes") if isinstance(found, dict) else None
                status = attributes.get("status") if isinstance(attributes, dict) else None
                if status not in {"New", "Running"}:
                    if status != "Success":
                        raise why
                    return found
                await self._sleep(pause)
        except ServiceError as problem:
            raise problem if limited(problem) else why from None
        raise why


def limited(problem: ServiceError) -> bool:
    """Whether a refusal is about how much is asked, so that asking on would be wrong."""
    return problem.cause == errors.API_LIMIT or problem.status == 403 or bool(_LIMIT_WORDS.search(problem.message))


def odd(detail: object) -> ServiceError:
    """The ServiceError for an answer that is not what is documented."""
    return errors.error(errors.REPORT, _("its answer is not as documented ({detail})").format(detail=detail))


def _table(run: Mapping[str, Any]) -> Table:
    try:
        return read_table(run)
    except Unreadable as problem:
        raise odd(problem) from None
