"""How an sObject of the practice organisation describes itself."""

from __future__ import annotations

from typing import Any

from tui.sandbox.objects import Table


def describe(table: Table) -> dict[str, Any]:
    """The describe answer of an sObject, as far as a reader of fields uses it."""
    return {
        "name": table.name,
        "label": table.label,
        "labelPlural": f"{table.label}s",
        "keyPrefix": table.prefix,
        "queryable": True,
        "createable": False,
        "updateable": False,
        "custom": False,
        "childRelationships": [],
        "recordTypeInfos": [],
        "fields": [
            {
                "name": name,
                "label": name,
                "type": kind,
                "length": 18 if kind in {"id", "reference"} else 255 if kind in {"string", "email"} else 0,
                "nillable": name != "Id",
                "filterable": name not in table.hidden,
                "sortable": True,
                "groupable": kind != "datetime" and name not in table.hidden,
                "relationshipName": next((one for one, (key, _) in table.parents.items() if key == name), None),
                "referenceTo": [target for key, target in table.parents.values() if key == name],
                "picklistValues": [],
                "custom": False,
            }
            for name, kind in table.fields.items()
        ],
    }


def summary(table: Table) -> dict[str, Any]:
    """The entry of an sObject in the list of all."""
    base = f"/sobjects/{table.name}"
    return {
        "name": table.name,
        "label": table.label,
        "labelPlural": f"{table.label}s",
        "keyPrefix": table.prefix,
        "queryable": True,
        "custom": False,
        "urls": {"sobject": base, "describe": f"{base}/describe", "rowTemplate": f"{base}/{{ID}}"},
    }
