"""An error report that nobody has saved: put together from its report type, and run without saving it.

Facts: the list of report types and their columns are in salesforce-api.md 3.1 and 3.4; a report is run unsaved by POST
to analytics/reports/query (developer.salesforce.com, "Get Report Data without Saving Changes to or Creating a Report").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from tui.salesforce.report_ask import ReportInfo
from tui.salesforce.report_columns import REQUIRED, columns_of, match, plain
from tui.salesforce.report_type import NAMED
from tui.salesforce.rest import Rest
from tui.sanitise import one_line
from tui.words import _

_MOST_COLUMNS = 100  # of a report that the API runs (salesforce-api.md 3.2)
_MOST_TYPES = 5


async def assemble(rest: Rest, overrides: Mapping[Any, str]) -> ReportInfo | None:
    """A report on the first report type that is called like sync errors and has the columns; None where there is no
    such type. Raises ServiceError where the types cannot be read."""
    listed = await rest.get(rest.path("analytics/report-types"))
    for name, label in list(_types(listed))[:_MOST_TYPES]:
        described = await rest.get(rest.path(f"analytics/report-types/{quote(name, safe='')}"))
        if isinstance(described, dict) and (found := _report(described, name, label, overrides)):
            return found
    return None


def _types(listed: Any) -> Iterator[tuple[str, str]]:
    for category in listed if isinstance(listed, list) else []:
        entries = category.get("reportTypes") or category.get("report-types") if isinstance(category, dict) else None
        for entry in entries if isinstance(entries, list) else []:
            kind = entry.get("type") if isinstance(entry, dict) else None
            if isinstance(kind, str) and entry.get("isHidden") is not True and NAMED.search(plain(entry.get("label"))):
                yield kind, str(entry.get("label"))


def _report(described: Mapping[str, Any], name: str, label: str, overrides: Mapping[Any, str]) -> ReportInfo | None:
    kind = described.get("reportTypeMetadata")
    categories = kind.get("categories") if isinstance(kind, dict) else None
    if not isinstance(kind, dict) or not isinstance(categories, list):
        return None
    offered = [
        column
        for category in categories
        if isinstance(category, dict) and isinstance(category.get("columns"), dict)
        for column in category["columns"]
    ]
    every = columns_of({"reportMetadata": {"detailColumns": offered}, "reportTypeMetadata": kind})
    meanings, wrong = match(every, overrides)
    if wrong or any(meaning not in meanings for meaning in REQUIRED):
        return None
    needed = [column.name for column in meanings.values()]
    details = list(dict.fromkeys([*needed, *offered]))[:_MOST_COLUMNS]
    own, scopes = described.get("reportMetadata"), kind.get("scopeInfo")
    scope = (own.get("scope") if isinstance(own, dict) else None) or (
        scopes.get("defaultValue") if isinstance(scopes, dict) else None
    )
    metadata: dict[str, Any] = {
        "name": label,
        "reportFormat": "TABULAR",
        "reportType": {"type": name, "label": label},
        "detailColumns": details,
        "aggregates": ["RowCount"],
        "groupingsDown": [],
        "groupingsAcross": [],
        "reportFilters": [],
        "reportBooleanFilter": None,
        "hasDetailRows": True,
        "hasRecordCount": True,
    }
    if scope:
        metadata["scope"] = scope
    shown = one_line(label)
    return ReportInfo(
        id="",
        name=shown,
        type_label=shown,
        columns=tuple(column for column in every if column.name in details),
        meanings=MappingProxyType(meanings),
        described={"reportMetadata": metadata, "reportTypeMetadata": kind},
        note=_("No saved report was found: the report type {type} is read without one.").format(type=shown),
    )
