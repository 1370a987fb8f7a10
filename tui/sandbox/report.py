"""The error report of the practice organisation, as the Analytics REST API describes it (report_run.py runs it).

The report type's API name and its columns' names are our own: the real ones are not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tui.sandbox.state import ErrorRecord, World
from tui.sandbox.texts import DIRECTION_LABELS, TYPE_LABELS

TYPE = "LightningSyncError"
ENTITY = "S2XSandmanError"
AT, USER, KIND, TEXT, WAY = (f"{TYPE}.{name}" for name in ("CreatedDate", "User", "ErrorType", "Message", "Direction"))
DETAIL = (AT, USER, KIND, WAY, TEXT)


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    entity: str
    kind: str
    label: Mapping[str, str]
    cell: Callable[[World, ErrorRecord], tuple[Any, str]]


def _at(world: World, error: ErrorRecord) -> tuple[Any, str]:
    return error.at.strftime("%Y-%m-%dT%H:%M:%SZ"), world.written(error.at)


def _user(world: World, error: ErrorRecord) -> tuple[Any, str]:
    return error.user_id, error.name


COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column(AT, "CreatedDate", "datetime", {"en": "Error Date", "fr": "Date de l'erreur"}, _at),
        Column(USER, "User", "string", {"en": "User", "fr": "Utilisateur"}, _user),
        Column(
            KIND,
            "ErrorType",
            "picklist",
            {"en": "Error Type", "fr": "Type d'erreur"},
            lambda world, error: (error.type, TYPE_LABELS[error.type][world.lang]),
        ),
        Column(
            WAY,
            "Direction",
            "picklist",
            {"en": "Sync Direction", "fr": "Sens de synchronisation"},
            lambda world, error: (error.direction, DIRECTION_LABELS[error.direction][world.lang]),
        ),
        Column(
            TEXT,
            "Message",
            "textarea",
            {"en": "Error Message", "fr": "Message d'erreur"},
            lambda world, error: (error.text, error.text),
        ),
    )
}
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "string": ("equals", "notEqual", "contains", "notContain", "startsWith"),
    "textarea": ("contains", "notContain", "startsWith"),
    "picklist": ("equals", "notEqual"),
    "datetime": ("equals", "notEqual", "lessThan", "greaterThan", "lessOrEqual", "greaterOrEqual"),
}
_TYPE_LABEL = {"en": "Lightning Sync Errors", "fr": "Erreurs Lightning Sync"}
_COUNT = {"en": "Record Count", "fr": "Nombre d'enregistrements"}


def info(world: World, column: Column) -> dict[str, Any]:
    return {
        "label": column.label[world.lang],
        "dataType": column.kind,
        "entityColumnName": f"{ENTITY}.{column.entity}",
        "isLookup": column.name == USER,
    }


def today(world: World, now: datetime) -> date:
    return now.astimezone(world.zone).date()


def metadata(world: World, now: datetime) -> dict[str, Any]:
    """The report's own `reportMetadata`: tabular, newest first, this and the previous year."""
    year = today(world, now).year
    return {
        "id": world.report_id,
        "name": world.report_name,
        "developerName": "Google_sync_errors",
        "description": None,
        "folderId": world.report_id.replace("00O", "00l", 1),
        "reportFormat": "TABULAR",
        "reportType": {"type": TYPE, "label": _TYPE_LABEL[world.lang]},
        "detailColumns": list(DETAIL),
        "aggregates": ["RowCount"],
        "groupingsDown": [],
        "groupingsAcross": [],
        "reportFilters": [],
        "reportBooleanFilter": None,
        "crossFilters": [],
        "scope": "organization",
        "standardDateFilter": {
            "column": AT,
            "durationValue": "CUSTOM",
            "startDate": f"{year - 1}-01-01",
            "endDate": f"{year}-12-31",
        },
        "standardFilters": [],
        "sortBy": [{"sortColumn": AT, "sortOrder": "Desc"}],
        "hasDetailRows": True,
        "hasRecordCount": True,
        "showGrandTotal": True,
        "showSubtotals": True,
        "currency": None,
        "chart": None,
    }


def attributes(world: World, version: str) -> dict[str, str]:
    base = f"/services/data/v{version}/analytics/reports/{world.report_id}"
    return {
        "type": "Report",
        "reportId": world.report_id,
        "reportName": world.report_name,
        "describeUrl": f"{base}/describe",
        "instancesUrl": f"{base}/instances",
    }


def durations(world: World, now: datetime) -> dict[str, tuple[str, date, date]]:
    """Duration value -> label and the first and last day it stands for."""
    day = today(world, now)
    year = day.year
    fr = world.lang == "fr"
    return {
        "THIS_YEAR": ("AC actuelle" if fr else "Current CY", date(year, 1, 1), date(year, 12, 31)),
        "LAST_YEAR": ("AC précédente" if fr else "Previous CY", date(year - 1, 1, 1), date(year - 1, 12, 31)),
        "TODAY": ("Aujourd'hui" if fr else "Today", day, day),
        "LAST_N_DAYS:30": ("30 derniers jours" if fr else "Last 30 Days", day - timedelta(days=30), day),
    }


def report_type(world: World, now: datetime) -> dict[str, Any]:
    """`reportTypeMetadata`: every column, its filter values, operators and date durations."""
    labels = {KIND: TYPE_LABELS, WAY: DIRECTION_LABELS}
    columns = {
        column.name: {
            **info(world, column),
            "filterable": True,
            "filterValues": [
                {"name": name, "label": label[world.lang]} for name, label in labels.get(column.name, {}).items()
            ],
        }
        for column in COLUMNS.values()
    }
    return {
        "categories": [{"label": _TYPE_LABEL[world.lang], "columns": columns}],
        "dataTypeFilterOperatorMap": {
            kind: [{"name": name, "label": name} for name in names] for kind, names in OPERATORS.items()
        },
        "standardDateFilterDurationGroups": [
            {
                "label": "Année civile" if world.lang == "fr" else "Calendar Year",
                "standardDateFilterDurations": [
                    {"value": value, "label": label, "startDate": str(first), "endDate": str(last)}
                    for value, (label, first, last) in durations(world, now).items()
                ],
            }
        ],
        "scopeInfo": {"defaultValue": "organization", "values": []},
        "standardFilterInfos": {},
        "objects": [{"name": ENTITY, "label": _TYPE_LABEL[world.lang]}],
    }


def describe(world: World, now: datetime, version: str) -> dict[str, Any]:
    own = metadata(world, now)
    return {
        "attributes": attributes(world, version),
        "reportMetadata": own,
        "reportTypeMetadata": report_type(world, now),
        "reportExtendedMetadata": extended(world, own),
    }


def report_types(world: World, version: str) -> list[dict[str, Any]]:
    """The list of report types, by category."""
    base = f"/services/data/v{version}/analytics/report-types"

    def one(type_: str, label: str) -> dict[str, Any]:
        return {
            "type": type_,
            "label": label,
            "description": None,
            "describeUrl": f"{base}/{type_}",
            "isHidden": False,
            "isHistorical": False,
            "supportsJoinedFormat": True,
        }

    own = _TYPE_LABEL[world.lang]
    return [
        {"label": "Opportunities", "reportTypes": [one("Opportunity", "Opportunities")]},
        {"label": "Administrative Reports", "reportTypes": [one("UserList", "Users"), one(TYPE, own)]},
    ]


def extended(world: World, report: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "detailColumnInfo": {name: info(world, COLUMNS[name]) for name in sorted(report["detailColumns"])},
        "aggregateColumnInfo": {"RowCount": {"label": _COUNT[world.lang], "dataType": "int"}},
        "groupingColumnInfo": {
            grouping["name"]: {**info(world, COLUMNS[grouping["name"]]), "groupingLevel": level}
            for level, grouping in enumerate(report["groupingsDown"])
        },
    }
