"""Error reports as an organisation of tests describes and runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LABELS = ("Error Date", "User: Full Name", "Error Type", "Error Message")
TYPES = ("datetime", "string", "picklist", "string")
NAMES = ("AT", "WHO", "KIND", "TEXT")


def described(
    *,
    labels: Sequence[str] = LABELS,
    types: Sequence[str] = TYPES,
    entities: Sequence[str] = ("", "", "", ""),
    first: Mapping[str, tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """A describe with the columns AT, WHO, KIND, TEXT behind those of `first` (name -> label and type)."""
    details = {name: {"label": label, "dataType": kind} for name, (label, kind) in (first or {}).items()}
    details |= {
        name: {"label": label, "dataType": kind, "entityColumnName": entity}
        for name, label, kind, entity in zip(NAMES, labels, types, entities, strict=True)
    }
    return {
        "attributes": {"type": "Report"},
        "reportMetadata": {
            "id": "00O000000000001AAA",
            "name": "Google sync errors",
            "developerName": "Google_sync_errors",
            "reportFormat": "TABULAR",
            "reportType": {"type": "LightningSyncErrors", "label": "Lightning Sync Errors"},
            "detailColumns": list(details),
            "aggregates": ["RowCount"],
            "groupingsDown": [],
            "groupingsAcross": [],
            "hasDetailRows": True,
            "standardDateFilter": {
                "column": "AT",
                "durationValue": "THIS_YEAR",
                "startDate": "2026-01-01",
                "endDate": "",
            },
            "sortBy": [],
        },
        "reportExtendedMetadata": {
            # in another order than detailColumns, as real answers have it
            "detailColumnInfo": dict(sorted(details.items())),
            "aggregateColumnInfo": {"RowCount": {"label": "Record Count", "dataType": "int"}},
            "groupingColumnInfo": {},
        },
        "reportTypeMetadata": {"categories": []},
    }


def error_run(rows: Sequence[tuple[Any, ...]], *, labels: Sequence[str] = LABELS) -> dict[str, Any]:
    """A run with rows of (time, user id, user name, type, type's label, text)."""
    answer = described(labels=labels)
    cells = [
        [
            {"label": "-" if at is None else f"le {at}", "value": at},
            {"label": name, "value": who},
            {"label": label, "value": kind},
            {"label": "-" if text is None else text, "value": text},
        ]
        for at, who, name, kind, label, text in rows
    ]
    return answer | {
        "allData": True,
        "hasDetailRows": True,
        "groupingsDown": {"groupings": []},
        "groupingsAcross": {"groupings": []},
        "factMap": {
            "T!T": {
                "aggregates": [{"label": str(len(rows)), "value": len(rows)}],
                "rows": [{"dataCells": row} for row in cells],
            }
        },
    }
