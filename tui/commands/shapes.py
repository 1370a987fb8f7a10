"""The JSON of the command line, as contracts.md has it: our nouns in, plain mappings out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from tui.model import CheckResult, Configuration, ErrorRow, ErrorType, Finding, Overview, ResetResult, User


def user(query: str, found: User | None) -> dict[str, Any]:
    return {
        "query": query,
        "id": (found.id or None) if found else None,
        "name": (found.name or None) if found else None,
        "email": (found.email or None) if found else None,
    }


def step(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "phase": finding.phase,
        "status": finding.status,
        "cause": finding.cause,
        "summary": finding.summary,
        "evidence": finding.evidence,
        "fix": finding.fix,
        "links": finding.links,
        "ms": finding.ms,
    }


def check(result: CheckResult) -> dict[str, Any]:
    return {
        "user": user(result.query, result.user),
        "product": result.product,
        "reported": result.reported,
        "verdict": result.judgement.verdict,
        "causes": result.judgement.causes,
        "steps": [step(finding) for finding in result.steps],
        "open_errors": result.judgement.open_errors,
        "look_again_at": result.judgement.look_again_at,
        "checked_at": result.checked_at,
    }


def error(row: ErrorRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "user": {"id": row.user_id, "name": row.user_name},
        "type": row.type,
        "type_label": row.type_label,
        "text": row.text,
        "row": row.cells,
    }


def configuration(declared: Configuration) -> dict[str, Any]:
    return {
        "name": declared.name,
        "active": declared.active,
        "users": declared.users,
        "profiles": declared.profiles,
        "contacts": {"direction": declared.contacts.direction, "match": declared.contacts.match},
        "events": {"direction": declared.events.direction, "which": declared.events.which},
        "data_set": declared.data_set,
    }


def counts(rows: Iterable[ErrorRow]) -> dict[str, Any]:
    """How many errors of each type, and of each month (a row without a time is in no month)."""
    kept = tuple(rows)
    types, months = Counter(row.type for row in kept), Counter(_month(row) for row in kept if row.at)
    return {**{kind.value: types[kind] for kind in ErrorType}, "by_month": dict(sorted(months.items()))}


def _month(row: ErrorRow) -> str:
    return f"{row.at.astimezone(UTC):%Y-%m}" if row.at else ""


def overview(seen: Overview) -> dict[str, Any]:
    """`errors` and `report` are null where the report could not be read: no count is not a count of none."""
    org, report = seen.org, seen.report
    return {
        "org": {
            "id": org.id,
            "name": org.name,
            "instance": org.instance,
            "sandbox": org.sandbox,
            "acting_user": org.acting_user,
        },
        "product": seen.product,
        "checklist": [
            {"step": item.step, "status": item.status, "summary": item.summary, "link": item.link}
            for item in seen.checklist
        ],
        "capabilities": [{"id": item.id, "status": item.status, "summary": item.summary} for item in seen.capabilities],
        "configurations": [configuration(declared) for declared in seen.configurations],
        "errors": counts(report.rows) if report else None,
        "report": {
            "rows": len(report.rows),
            "total": report.total,
            "complete": report.complete,
            "as_user": report.as_user,
        }
        if report
        else None,
        "api": {"used": seen.api_used, "limit": seen.api_limit},
    }


def reset(result: ResetResult) -> dict[str, Any]:
    return {
        "user": user(result.query, result.user),
        "method": result.method,
        "outcome": result.outcome,
        "reason": result.reason,
        "before": result.before,
        "after": result.after,
    }
