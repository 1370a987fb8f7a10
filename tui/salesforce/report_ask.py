"""What a run of the report is asked for, and whether the answer says that it was asked for just that.

The report itself is never changed: dates, order, filters and groupings are given for the one run
(salesforce-api.md 3.4).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tui.salesforce.report_columns import Column
from tui.salesforce.report_rows import Table
from tui.sanitise import sanitise


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """The report, described. `id` is "" for a report that is not saved. `meanings`: type, at, user, text -> its
    column; `note` says what an admin should know of how it was found; `described` is Salesforce's own answer."""

    id: str
    name: str
    type_label: str
    columns: tuple[Column, ...]
    meanings: Mapping[str, Column]
    described: Mapping[str, Any]
    note: str = ""

    @property
    def path(self) -> str:
        """Where it is run, below the version's path."""
        return f"analytics/reports/{self.id or 'query'}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose column equals one of the values; the value "" stands for an empty cell, and stands alone."""

    column: str
    values: tuple[str, ...]

    @property
    def sent(self) -> dict[str, str]:
        joined = ",".join(f'"{value}"' if "," in value else value for value in self.values)
        return {"column": self.column, "operator": "equals", "value": joined}


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the report: from the first to the last day (None: whatever the date, none included), filtered.
    `expected` is how many rows it should have, where that is known."""

    first: date | None
    last: date | None
    filters: tuple[Filter, ...] = ()
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """How a run is asked for. `column`: whose dates are limited; `whole`: the report's whole metadata goes along;
    `ordered`: newest first."""

    column: str
    whole: bool
    ordered: bool


def forms(info: ReportInfo) -> Iterator[Form]:
    """Forms of the request, best first: the whole metadata with our dates and order; without the order; the dates
    alone; each with the column of the error's time, then with the report's own date column."""
    at = info.meanings["at"]
    own = info.described["reportMetadata"].get("standardDateFilter")
    dates = [at.name, own.get("column") if isinstance(own, dict) else None]
    for column in dict.fromkeys(name for name in dates if isinstance(name, str)):
        if not at.grouping:
            yield Form(column, whole=True, ordered=True)
        yield Form(column, whole=True, ordered=False)
        if info.id:
            yield Form(column, whole=False, ordered=False)


def details(info: ReportInfo, form: Form, part: Slice) -> dict[str, Any]:
    """The body of a run that gives the rows of `part`."""
    metadata = _metadata(info, form, part)
    if form.whole:
        metadata["hasDetailRows"] = True
    if form.ordered:
        metadata["sortBy"] = [{"sortColumn": info.meanings["at"].name, "sortOrder": "Desc"}]
    return {"reportMetadata": metadata}


def counts(info: ReportInfo, form: Form, part: Slice, groups: Sequence[Column]) -> dict[str, Any]:
    """The body of a run that only counts the rows of `part`, grouped by these columns, a date and time by its day."""
    grouped = [column.name for column in groups]
    own = info.described["reportMetadata"].get("detailColumns")
    metadata = _metadata(info, form, part) | {
        "reportFormat": "SUMMARY" if groups else "TABULAR",
        "groupingsDown": [
            {
                "name": column.name,
                "sortOrder": "Desc",
                "dateGranularity": "Day" if column.data_type.startswith("date") else "None",
            }
            for column in groups
        ],
        "groupingsAcross": [],
        "aggregates": ["RowCount"],
        "sortBy": [],
        "hasDetailRows": False,
        "detailColumns": [name for name in own or [] if name not in grouped],
    }
    if metadata.get("chart"):
        metadata["chart"] = None  # it would stand on groupings that are not there
    return {"reportMetadata": metadata}


def _metadata(info: ReportInfo, form: Form, part: Slice) -> dict[str, Any]:
    own = info.described["reportMetadata"]
    metadata: dict[str, Any] = copy.deepcopy(dict(own)) if form.whole else {}
    metadata["standardDateFilter"] = {
        "column": form.column,
        "durationValue": "CUSTOM",
        "startDate": part.first and part.first.isoformat(),
        "endDate": part.last and part.last.isoformat(),
    }
    if part.filters:
        filters = [*(own.get("reportFilters") or []), *(one.sent for one in part.filters)]
        metadata["reportFilters"] = copy.deepcopy(filters)
        if logic := own.get("reportBooleanFilter"):
            ours = range(len(filters) - len(part.filters) + 1, len(filters) + 1)
            metadata["reportBooleanFilter"] = " AND ".join([f"({logic})", *map(str, ours)])
    return metadata


def echoed(run: Mapping[str, Any], form: Form, part: Slice) -> bool:
    """Whether Salesforce says that it used our dates, on our column."""
    metadata = run.get("reportMetadata")
    used = metadata.get("standardDateFilter") if isinstance(metadata, dict) else None
    return (
        isinstance(used, dict)
        and used.get("column") == form.column
        and (used.get("startDate") or None) == (part.first and part.first.isoformat())
        and (used.get("endDate") or None) == (part.last and part.last.isoformat())
    )


def obeyed(table: Table, part: Slice) -> bool:
    """Whether every row is one that the filters let through. (A filter that lets too little through shows in the
    sum of all rows.)"""
    for one in part.filters:
        wanted = {sanitise(value) for value in one.values}
        for row in table.rows:
            cell = row.get(one.column)
            if cell is None or not {str(cell.value), cell.label, "" if cell.value is None else cell.label} & wanted:
                return False
    return True
