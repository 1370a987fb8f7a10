"""The error report, as the doctor judges it: found, on the right type, its columns matched, its cells as expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tui import figures
from tui.model import ErrorReport, ErrorType, ServiceError, Status
from tui.triage.doctor.facts import Fact, assumption, proof
from tui.triage.doctor.org import Seen
from tui.words import _

MOST_EXAMPLES = 12


def report(seen: Seen) -> Iterator[Fact]:
    """Found, on the right type, its columns matched: the last two are unknown where an earlier one failed."""
    found, asked = seen.report, "analytics/reports/…/describe"
    if found is None:
        return
    names = (("report", _("Error report")), ("report_type", _("Report type")), ("report_columns", _("Report columns")))
    if isinstance(found, ServiceError):
        broken = "report_type" if "report_type" in found.evidence else "report"
        broken = "report_columns" if "missing_columns" in found.evidence else broken
        before = True
        for name, title in names:
            if name == broken:
                before = False
                yield assumption(name, Status.FAIL, title, found.message, asked, **proof(found))
            elif before:
                yield assumption(name, Status.PASS, title, _("There is nothing against it."), asked)
            else:
                told = _("Not looked at: the report cannot be used.")
                yield assumption(name, Status.UNKNOWN, title, told, asked)
        return
    yield assumption(
        "report",
        Status.PASS,
        names[0][1],
        found.note or _("The report {name} was found.").format(name=found.name),
        asked,
        id=found.id,
        columns=[f"{one.label} [{one.name}] {one.data_type}" for one in found.columns],
    )
    told = _("The report is based on the type {label}.").format(label=found.type_label or "?")
    yield assumption("report_type", Status.PASS, names[1][1], told, asked, label=found.type_label)
    matched = {meaning: f"{column.label} [{column.name}]" for meaning, column in found.meanings.items()}
    told = ", ".join(f"{meaning}: {column}" for meaning, column in matched.items())
    status = Status.PASS if "text" in found.meanings else Status.WARN
    if status is Status.WARN:
        told += ". " + _("No column looks like the error's text.")
    yield assumption("report_columns", status, names[2][1], told, asked, matched=matched)


def cells(seen: Seen) -> Iterator[Fact]:
    name, title, asked = "report_cells", _("Cells of the report"), "analytics/reports/…"
    if seen.errors is None:
        return
    if isinstance(seen.errors, ServiceError):
        status = Status.UNKNOWN if isinstance(seen.report, ServiceError) else Status.FAIL
        yield assumption(name, status, title, seen.errors.message, asked, **proof(seen.errors))
        return
    rows = seen.errors.rows
    if not rows:
        told = _("The report is empty, so nothing can be said of its cells.")
        yield assumption(name, Status.SKIP, title, told, asked, total=seen.errors.total)
        return
    answered = _counted(seen.errors)
    wrong = [
        text
        for text, number in (
            (_("rows without a time that can be read: {n}"), answered["without_time"]),
            (_("rows that name nobody: {n}"), answered["without_user"]),
            (_("rows of a type that is not known, which is all of them: {n}"), answered["all_of_unknown_type"]),
        )
        for text in ([text.format(n=figures.number(number))] if number else [])
    ]
    if wrong:
        told = _("The cells are not as expected: {what}.").format(what="; ".join(wrong))
        yield assumption(name, Status.WARN, title, told, asked, **answered)
    else:
        told = _("Each row has a time, a user and a type that can be read ({n} in all).").format(
            n=figures.number(len(rows))
        )
        yield assumption(name, Status.PASS, title, told, asked, **answered)


def _counted(report: ErrorReport) -> dict[str, Any]:
    rows = report.rows
    others = Counter(row.type_label for row in rows if row.type is ErrorType.OTHER)
    return {
        "rows": len(rows),
        "total": report.total,
        "complete": report.complete,
        "without_time": sum(row.at is None for row in rows),
        "without_user": sum(row.user_id is None and not row.user_name for row in rows),
        "by_name_only": sum(row.user_id is None and bool(row.user_name) for row in rows),
        "without_text": sum(not row.text for row in rows),
        "types": dict(Counter(row.type_label for row in rows).most_common(MOST_EXAMPLES)),
        "other_types": dict(others.most_common(MOST_EXAMPLES)),
        "all_of_unknown_type": len(rows) if sum(others.values()) == len(rows) else 0,
    }
