"""Runs the error report of the practice organisation: date window, filters, sort, groupings, and the cut of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tui.sandbox.report import AT, COLUMNS, OPERATORS, TYPE, Column, attributes, durations, extended, metadata
from tui.sandbox.state import ErrorRecord, World

MOST_ROWS = 2000


class ReportError(Exception):
    """A run that Salesforce would refuse with status 400; the text is its message."""


def run(
    world: World,
    now: datetime,
    version: str,
    *,
    override: Mapping[str, Any] | None = None,
    details: bool = True,
    saved: bool = True,
) -> dict[str, Any]:
    """One run with the metadata of `override` in place of the report's own; of a report that is not `saved`, the
    metadata must name the report type and the columns. Raises ReportError."""
    if not saved:
        _complete(override or {})
    report = _merged(metadata(world, now), override or {})
    tests = _tests(world, now, report)
    rows = [error for error in world.errors if all(test(error) for test in tests)]
    rows = _sorted(world, report, rows)
    kept = rows[:MOST_ROWS]
    fact_map: dict[str, Any] = {}
    groupings = _groups(world, report, kept, rows, fact_map, details=details)
    fact_map["T!T"] = _fact(world, report, [] if report["groupingsDown"] else kept, len(rows), details=details)
    return {
        "attributes": attributes(world, version) if saved else {"type": "Report"},
        "allData": len(rows) <= MOST_ROWS,
        "hasDetailRows": details,
        "factMap": fact_map,
        "groupingsDown": {"groupings": groupings},
        "groupingsAcross": {"groupings": []},
        "reportMetadata": report,
        "reportExtendedMetadata": extended(world, report),
    }


def _complete(unsaved: Mapping[str, Any]) -> None:
    kind = unsaved.get("reportType")
    if not isinstance(kind, Mapping) or kind.get("type") != TYPE:
        raise ReportError("The report type is invalid or you don't have access to it.")
    if not unsaved.get("detailColumns"):
        raise ReportError("Specify at least one column in detailColumns.")


def _merged(own: dict[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name in override if name not in own and name not in {"division", "dashboardSetting",
               "historicalSnapshotDates", "supportsRoleHierarchy", "userOrHierarchyFilterId", "presentationOptions",
               "saveRoleHierarchy"}]  # fmt: skip
    if unknown:
        raise ReportError(f'Unrecognized field "{unknown[0]}" in reportMetadata')
    report = {**own, **override}
    for name in report["detailColumns"]:
        _known(name)
    report["detailColumns"] = [
        name
        for name in report["detailColumns"]
        if name not in {_known(grouping.get("name")) for grouping in report["groupingsDown"]}
    ]
    if report["groupingsAcross"]:
        raise ReportError("The practice org runs tabular and summary reports only.")
    if report["groupingsDown"]:
        report["reportFormat"] = "SUMMARY"
    if not isinstance(report["sortBy"], list) or len(report["sortBy"]) > 1:
        raise ReportError("Only one sort column is allowed.")
    if len(report["reportFilters"]) > 20:
        raise ReportError("A report can have 20 custom filters at most.")
    return report


def _known(name: object) -> str:
    if not isinstance(name, str) or name not in COLUMNS:
        raise ReportError(f"The column {name} is invalid or doesn't exist in the report type.")
    return name


def _tests(world: World, now: datetime, report: Mapping[str, Any]) -> list[Callable[[ErrorRecord], bool]]:
    first, last = _window(world, now, report["standardDateFilter"])
    tests: list[Callable[[ErrorRecord], bool]] = []
    if first is not None and last is not None:
        start, end = _midnight(world, first), _midnight(world, last + timedelta(days=1))
        tests.append(lambda error: start <= error.at < end)
    filters = [_filter(world, one) for one in report["reportFilters"]]
    if report["reportBooleanFilter"]:
        raise ReportError("The practice org joins filters with AND only.")
    return tests + filters


def _midnight(world: World, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=world.zone).astimezone(UTC)


def _window(world: World, now: datetime, chosen: Mapping[str, Any] | None) -> tuple[date | None, date | None]:
    if not chosen:
        return None, None
    if chosen.get("column") != AT:
        raise ReportError(f"The column {chosen.get('column')} cannot be a standard date filter.")
    value = chosen.get("durationValue")
    if value == "CUSTOM":
        return _day(chosen, "startDate", "start"), _day(chosen, "endDate", "end")
    known = durations(world, now)
    if value not in known:
        raise ReportError(f"The duration {value} is invalid.")
    return known[value][1:]


def _day(chosen: Mapping[str, Any], key: str, word: str) -> date | None:
    text = chosen.get(key)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ReportError(f"The specified {word} date {text} is invalid.") from None


def _filter(world: World, one: Mapping[str, Any]) -> Callable[[ErrorRecord], bool]:
    column = COLUMNS[_known(one.get("column"))]
    operator, text = one.get("operator"), str(one.get("value", ""))
    if operator not in OPERATORS[column.kind]:
        raise ReportError(f"The filter operator {operator} is invalid for the column {column.name}.")
    if column.kind == "datetime":
        return _moment_filter(str(operator), text)
    wanted = [part.strip().lower() for part in text.split(",")]

    def found(error: ErrorRecord) -> bool:
        cells = [str(part or "").lower() for part in column.cell(world, error)]
        if operator in {"equals", "notEqual"}:
            hit = any(cell in wanted for cell in cells)
        elif operator == "startsWith":
            hit = any(cell.startswith(part) for cell in cells for part in wanted)
        else:
            hit = any(part in cell for cell in cells for part in wanted)
        return hit != str(operator).startswith("not")

    return found


def _moment_filter(operator: str, text: str) -> Callable[[ErrorRecord], bool]:
    if not text and operator in {"equals", "notEqual"}:
        return lambda _error: operator == "notEqual"  # every error here has its time
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ReportError(f"The filter value {text} is invalid.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    tests: dict[str, Callable[[datetime], bool]] = {
        "equals": lambda at: at == moment,
        "notEqual": lambda at: at != moment,
        "lessThan": lambda at: at < moment,
        "greaterThan": lambda at: at > moment,
        "lessOrEqual": lambda at: at <= moment,
        "greaterOrEqual": lambda at: at >= moment,
    }
    return lambda error: tests[operator](error.at)


def _sorted(world: World, report: Mapping[str, Any], rows: list[ErrorRecord]) -> list[ErrorRecord]:
    for one in report["sortBy"]:
        column = COLUMNS[_known(one.get("sortColumn"))]
        if column.name not in report["detailColumns"] and not report["groupingsDown"]:
            raise ReportError("The sort column must be a selected column.")
        rows = sorted(
            rows,
            key=_key(world, column),
            reverse=one.get("sortOrder") == "Desc",
        )
    return rows


def _key(world: World, column: Column) -> Callable[[ErrorRecord], Any]:
    """What rows are sorted by."""
    if column.kind == "datetime":
        return lambda error: error.at
    return lambda error: str(column.cell(world, error)[1])


def _cells(world: World, report: Mapping[str, Any], error: ErrorRecord) -> list[dict[str, Any]]:
    cells = []
    for name in report["detailColumns"]:
        value, label = COLUMNS[name].cell(world, error)
        cells.append({"label": label or "-", "value": value})
    return cells


def _fact(world: World, report: Mapping[str, Any], rows: list[ErrorRecord], count: int, *, details: bool) -> Any:
    number = f"{count:,}".replace(",", "\u202f" if world.lang == "fr" else ",")
    fact: dict[str, Any] = {"aggregates": [{"label": number, "value": count}]}
    if details:
        fact["rows"] = [{"dataCells": _cells(world, report, error)} for error in rows]
    return fact


def _groups(
    world: World,
    report: Mapping[str, Any],
    kept: list[ErrorRecord],
    rows: list[ErrorRecord],
    fact_map: dict[str, Any],
    *,
    details: bool,
    level: int = 0,
    above: str = "",
) -> list[dict[str, Any]]:
    """The groupings of one level, each with those below it; fills `fact_map` with the facts of each."""
    if level >= len(report["groupingsDown"]):
        return []
    keys: dict[tuple[str, Any], tuple[list[ErrorRecord], list[ErrorRecord]]] = {}
    shown = set(map(id, kept))
    for error in rows:
        value, label = _group_key(world, report["groupingsDown"][level], error)
        every, some = keys.setdefault((label, value), ([], []))
        every.append(error)
        if id(error) in shown:
            some.append(error)
    descending = report["groupingsDown"][level].get("sortOrder") == "Desc"
    groupings = []
    for number, (label, value) in enumerate(sorted(keys, key=lambda one: str(one[1]), reverse=descending)):
        every, some = keys[label, value]
        key = f"{above}{number}"
        inner = _groups(world, report, some, every, fact_map, details=details, level=level + 1, above=f"{key}_")
        fact_map[f"{key}!T"] = _fact(world, report, [] if inner else some, len(every), details=details)
        groupings.append({"key": key, "label": label, "value": value, "groupings": inner})
    return groupings


def _group_key(world: World, grouping: Mapping[str, Any], error: ErrorRecord) -> tuple[Any, str]:
    column = COLUMNS[_known(grouping.get("name"))]
    if column.kind != "datetime":
        return column.cell(world, error)
    day = error.at.astimezone(world.zone).date()
    granularity = grouping.get("dateGranularity") or "None"
    starts = {"None": day, "Day": day, "Month": day.replace(day=1), "Year": day.replace(month=1, day=1)}
    if granularity not in starts:
        raise ReportError(f"The date granularity {granularity} is invalid.")
    return str(starts[granularity]), str(starts[granularity])
