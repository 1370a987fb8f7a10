"""The error report read whole: one run where its rows fit into one, else slices side by side, checked against the
report's own count.

Runs: one that shows that the rows are too many (its newest days are used), one that counts them by day, one for each
slice; for a day that overflows one more that counts it by type and user, and its slices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tui.model import ErrorRow
from tui.salesforce import report_plan as plan
from tui.salesforce.report_ask import Filter, Slice, echoed
from tui.salesforce.report_columns import columns_of
from tui.salesforce.report_rows import Table, error_rows, numbered
from tui.salesforce.report_runs import Missed, Runs
from tui.salesforce.rest import together
from tui.words import _, ngettext

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Whole:
    """What was read, newest first. `notes` say what is missing and why, `gap_before` is as in ErrorReport."""

    rows: tuple[ErrorRow, ...]
    total: int | None
    complete: bool
    notes: tuple[str, ...]
    gap_before: datetime | None = None


@dataclass(slots=True)
class Reader:
    """Reads one report once. `declared` are the config file's error types, `known` rows of a former reading: one that
    comes again as it was is not kept twice."""

    runs: Runs
    declared: Mapping[Any, tuple[str, ...]]
    zone: ZoneInfo | None
    now: datetime
    known: Mapping[str, ErrorRow] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    lost: list[tuple[Slice, str]] = field(default_factory=list)

    async def read(self, first: date, last: date) -> Whole:
        """The rows of that period. Raises ServiceError where not even the first run can be read."""
        period = Slice(first, last)
        run, table = await self.runs.first(period)
        rows = self._rows(run, table)
        if table.complete or not echoed(run, self.runs.form, period):
            found = self._as_it_came(period, run, table, rows)
        else:
            await self.runs.look_at_limit()
            found = await self._in_slices(first, last, table, rows)
        return await self._with_undated(found)

    def _as_it_came(self, period: Slice, run: Mapping[str, Any], table: Table, rows: tuple[ErrorRow, ...]) -> Whole:
        dated = echoed(run, self.runs.form, period)
        notes = []
        if not dated:
            notes.append(
                _("Salesforce did not confirm the period asked for (this and last year): rows may be missing.")
            )
        if not table.complete:
            notes.append(
                _("Salesforce cut the report after {count} rows: the rest is not here.").format(count=len(rows))
            )
        return Whole(rows, table.total, table.complete and dated, tuple(notes))

    # ---- slices ------------------------------------------------------------------------------------------------------

    async def _in_slices(self, first: date, last: date, table: Table, newest: tuple[ErrorRow, ...]) -> Whole:
        slices, total, held = await self._planned(first, last, table, newest)
        parts = await together([self._slice(part) for part in slices])
        rows = numbered(row for part in (held, *parts) for row in part)
        notes = list(self._missing())
        if len(rows) < len(newest):
            cut = _("Salesforce cut the report after {count} rows: the rest is not here.").format(count=len(newest))
            return Whole(newest, table.total, False, (cut, *notes))
        if self.lost:
            return Whole(rows, total, False, tuple(notes), max(map(self._end, (part for part, _why in self.lost))))
        if total is not None and len(rows) != total:
            total = await self._recounted(Slice(first, last), total)  # errors may have come meanwhile
        if total is not None and len(rows) != total:
            told = _("{rows} rows were read, but the report counts {total}: some may be missing.")
            return Whole(rows, total, False, (told.format(rows=len(rows), total=total),), self.now)
        return Whole(rows, len(rows) if total is None else total, True, ())

    async def _planned(
        self, first: date, last: date, table: Table, newest: tuple[ErrorRow, ...]
    ) -> tuple[list[Slice], int | None, tuple[ErrorRow, ...]]:
        """The slices still to be read, the report's count, and the rows of the first run that need no slice."""
        try:
            run = await self.runs.count(Slice(first, last), self.runs.info.meanings["at"])
            groups = plan.groups_of(run)
        except Missed:
            groups = None
        counted = plan.days_of(groups[0], first, last) if groups and groups[0] else None
        if groups is None or counted is None:
            return plan.halves(Slice(first, last), table.total), table.total, ()
        start = plan.held_from(counted, self._days(newest))
        if start is None or start <= first:
            return plan.windows(counted, first, last), groups[1], ()
        older = {day: count for day, count in counted.items() if day < start}
        held = tuple(row for row in newest if row.at is not None and self._day(row.at) >= start)
        return plan.windows(older, first, start - timedelta(days=1)), groups[1], held

    def _day(self, at: datetime) -> date:
        """The day of a moment, as Salesforce groups it: in the acting user's time zone."""
        return at.astimezone(self.zone).date()

    def _days(self, rows: Iterable[ErrorRow]) -> Mapping[date, int]:
        return Counter(self._day(row.at) for row in rows if row.at is not None) if self.zone else {}

    async def _slice(self, part: Slice) -> tuple[ErrorRow, ...]:
        """The rows of a slice, cut further where it is too large; what cannot be read is in `lost`."""
        if (part.expected or 0) > plan.MOST and (narrower := await self._narrower(part)):
            return await self._all(narrower)
        try:
            run, table = await self.runs.rows(part)
        except Missed as problem:
            self.lost.append((part, str(problem)))
            return ()
        if not table.complete:
            several = not part.filters and part.first != part.last
            narrower = plan.halves(part, table.total) if several else await self._narrower(part)
            if narrower:
                return await self._all(narrower)
            cut = _("Salesforce gives {count} rows of {total} and no way to the rest")
            total = "?" if table.total is None else table.total
            self.lost.append((part, cut.format(count=len(table.rows), total=total)))
        return self._rows(run, table)

    async def _all(self, parts: Iterable[Slice]) -> tuple[ErrorRow, ...]:
        found = await together([self._slice(part) for part in parts])
        return tuple(sorted((row for rows in found for row in rows), key=_newest_first))

    async def _narrower(self, part: Slice) -> list[Slice]:
        """Slices by type, then by user; [] where that cannot be."""
        kind, user = (self.runs.info.meanings[meaning] for meaning in ("type", "user"))
        if len(part.filters) > 1:
            return []
        try:
            groups = plan.groups_of(await self.runs.count(part, kind, user))
        except Missed:
            return []
        return plan.of_a_day(part, groups[0], kind, user) if groups else []

    def _rows(self, run: Mapping[str, Any], table: Table) -> tuple[ErrorRow, ...]:
        extended = run.get("reportExtendedMetadata")
        repeats = isinstance(extended, dict) and bool(extended.get("detailColumnInfo"))
        info = self.runs.info
        columns = columns_of(run if repeats else info.described)
        rows = error_rows(table, columns, info.meanings, self.declared, self.zone, self.texts)
        return (
            tuple(former if (former := self.known.get(row.id)) == row else row for row in rows) if self.known else rows
        )

    async def _recounted(self, period: Slice, total: int) -> int:
        try:
            groups = plan.groups_of(await self.runs.count(period))
        except Missed:
            return total
        return groups[1] if groups else total

    # ---- what is missing ---------------------------------------------------------------------------------------------

    def _missing(self) -> Iterator[str]:
        """A sentence for each reason, with the days that it cost."""
        reasons: dict[str, list[Slice]] = {}
        for part, why in self.lost:
            reasons.setdefault(why, []).append(part)
        for why, parts in reasons.items():
            days = [f"{part.first}" if part.first == part.last else f"{part.first} – {part.last}" for part in parts]
            spans = ", ".join(sorted(set(days), reverse=True)[:_MOST_NAMED])
            more = "…" if len(set(days)) > _MOST_NAMED else ""
            yield _("Rows are missing ({days}): {why}").format(days=spans + more, why=why)

    def _end(self, part: Slice) -> datetime:
        """The moment after a slice's last day; without a known time zone, the latest that it can be."""
        if part.last is None:
            return self.now
        day = part.last + timedelta(days=1)
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone or UTC)
        return midnight.astimezone(UTC) if self.zone else midnight + timedelta(hours=12)

    # ---- rows without a date -----------------------------------------------------------------------------------------

    async def _with_undated(self, found: Whole) -> Whole:
        """A period leaves out the rows without a date: they are asked for by themselves. A record's CreatedDate is
        never empty."""
        at = self.runs.info.meanings["at"]
        if at.entity.endswith("createddate") or not found.complete:
            return found
        part = Slice(None, None, (Filter(at.name, ("",)),))
        try:
            run, table = await self.runs.rows(part)
        except Missed as problem:
            told = _("Whether the report has rows without a date could not be found out: {why}").format(why=problem)
            return replace(found, notes=(*found.notes, told))
        if not table.rows:
            return found
        rows, notes = (*found.rows, *self._rows(run, table)), found.notes
        if not table.complete:
            notes = (*notes, _("Salesforce cut the rows without a date after {count}.").format(count=len(table.rows)))
        total = None if found.total is None else found.total + (table.total or len(table.rows))
        told = ngettext("{n} row of the report has no date.", "{n} rows of the report have no date.", len(table.rows))
        notes = (*notes, told.format(n=len(table.rows)))
        gap = None if table.complete else self.now
        return Whole(numbered(rows), total, found.complete and table.complete, notes, gap)


def _newest_first(row: ErrorRow) -> tuple[bool, float]:
    return (row.at is None, -row.at.timestamp() if row.at else 0.0)
