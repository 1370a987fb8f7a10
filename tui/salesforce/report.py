"""The error report: found, described, its columns matched, and read for this and last year (salesforce-api.md 3).

The report itself is never changed: dates and order are overridden for the one run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from tui.config import SalesforceSettings
from tui.model import EMPTY, ErrorReport, Org, ServiceError
from tui.salesforce import errors
from tui.salesforce.report_ask import ReportInfo
from tui.salesforce.report_columns import REQUIRED, columns_of, match, plain
from tui.salesforce.report_runs import Runs
from tui.salesforce.report_type import NAMED, speaks_of_errors
from tui.salesforce.report_unsaved import assemble
from tui.salesforce.report_whole import Reader
from tui.salesforce.rest import Rest, soql
from tui.sanitise import one_line
from tui.words import _

__all__ = ["ReportInfo", "Saved", "find", "read", "saved"]

NAMES = ("google sync errors", "lightning sync errors", "erreurs de synchronisation google", "erreurs lightning sync")
_ID = re.compile(r"00O[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?")
_FIELDS = "SELECT Id, Name, DeveloperName, FolderName, LastRunDate FROM Report"
_NAMED = _FIELDS + " WHERE Name = {name} OR DeveloperName = {name}"
_SEARCH = _FIELDS + " WHERE Name LIKE '%sync%' ORDER BY LastRunDate DESC NULLS LAST LIMIT 50"
_MOST_DESCRIBED = 10


@dataclass(frozen=True, slots=True)
class Saved:
    """A report that somebody saved, as a list of reports has it."""

    id: str
    name: str
    folder: str


async def saved(rest: Rest) -> list[Saved]:
    """The reports that may be the one of sync errors, those that are called so first. Raises ServiceError."""
    return [
        Saved(str(row["Id"]), one_line(row.get("Name")), one_line(row.get("FolderName")))
        for row in await _candidates(rest)
    ]


async def _candidates(rest: Rest) -> list[dict[str, Any]]:
    rows = [row for row in await rest.query(_SEARCH) if _ID.fullmatch(str(row.get("Id")))]
    rows.sort(key=lambda row: plain(row.get("Name")) not in NAMES)
    return rows


async def find(rest: Rest, settings: SalesforceSettings) -> ReportInfo:
    """The report that the config names by id, developer name or name; where it names none, or none is found, the one
    that is called like an error report or stands on its report type; where there is none either, one on that type that
    is not saved. Raises ServiceError, always with the cause salesforce.report.unavailable; the cause underneath stands
    in the evidence as `because`."""
    try:
        wanted = settings.report.strip()
        if _ID.fullmatch(wanted):
            return await _described(rest, settings, wanted, "")
        named = await rest.query(soql(_NAMED, name=wanted)) if wanted else []
        exact = [row for row in named if row.get("DeveloperName") == wanted] or named
        if len(exact) > 1:
            raise _unavailable(
                _("{count} reports are named {name} ({ids}): put the id of the right one into the config file").format(
                    count=len(exact), name=one_line(wanted), ids=", ".join(one_line(row.get("Id")) for row in exact[:5])
                )
            )
        if exact:
            return await _described(rest, settings, str(exact[0].get("Id")), "")
        return await _searched(rest, settings, wanted)
    except ServiceError as problem:
        if problem.cause == errors.REPORT:
            raise
        raise errors.recast(problem, errors.REPORT) from None


async def _searched(rest: Rest, settings: SalesforceSettings, wanted: str) -> ReportInfo:
    rows = await _candidates(rest)
    refused: ServiceError | None = None
    known = False  # the report is there, but is not as it should be
    for row in rows[:_MOST_DESCRIBED]:
        try:
            found = await _described(rest, settings, str(row["Id"]), "")
        except ServiceError as problem:
            refused = problem
            known = known or (problem.cause == errors.REPORT and plain(row.get("Name")) in NAMES)
            continue
        if plain(row.get("Name")) in NAMES or NAMED.search(plain(found.type_label)):
            note = _("The report {wanted} was not found; {name} is read in its place.") if wanted else ""
            note = note.format(wanted=one_line(wanted), name=found.name)
            return replace(found, note=note)
    if refused is not None and (known or refused.cause not in {"", errors.REPORT}):
        raise refused
    try:
        unsaved = await assemble(rest, settings.columns)
    except ServiceError as problem:
        if problem.cause:
            raise
        unsaved = None  # closed to this user: the sentence below says what is needed
    if unsaved is not None:
        return unsaved
    if refused is not None:
        raise refused
    raise _unavailable(
        _("the report {name} is not there, or not in a folder that this user may open").format(name=one_line(wanted))
        if wanted
        else _("no report of Lightning Sync errors was found: put its name into the config file (report = …)")
    )


async def _described(rest: Rest, settings: SalesforceSettings, identifier: str, note: str) -> ReportInfo:
    described = await rest.get(rest.path(f"analytics/reports/{identifier}/describe"))
    metadata = described.get("reportMetadata") if isinstance(described, dict) else None
    if not isinstance(metadata, dict):
        raise _unavailable(_("its description is not as documented"))
    columns = columns_of(described)
    meanings, wrong = match(columns, settings.columns)
    name = one_line(metadata.get("name") or identifier)
    kind = metadata.get("reportType")
    api_name, label = (kind.get("type"), kind.get("label")) if isinstance(kind, dict) else ("", "")
    # rows of another kind would be taken for errors; whoever names the columns has said that they are
    if isinstance(kind, dict) and not settings.columns and not speaks_of_errors(api_name, label, columns):
        raise _unavailable(
            _(
                "the report {report} is based on the report type {label}, which does not look like the one of sync"
                " errors. Name the right report in the config file, or, if it is the right one, name its columns in the"
                " section [salesforce.columns]"
            ).format(report=name, label=one_line(label)),
            {"report_type": one_line(label) or one_line(api_name)},
        )
    lacking = [meaning for meaning in REQUIRED if meaning not in meanings]
    if wrong or lacking:
        raise _unavailable(
            _(
                "in the report {report} no column was found for: {missing}. Its columns are: {columns}. Name them in "
                "the section [salesforce.columns] of the config file"
            ).format(
                report=name,
                missing=", ".join([*wrong, *lacking]),
                columns=", ".join(f"{column.label} [{one_line(column.name)}]" for column in columns) or "-",
            ),
            {"missing_columns": ", ".join([*wrong, *lacking])},
        )
    return ReportInfo(
        id=one_line(identifier),
        name=name,
        type_label=one_line(kind.get("label")) if isinstance(kind, dict) else "",
        columns=tuple(columns),
        meanings=MappingProxyType(meanings),
        described=described,
        note=note,
    )


async def read(
    rest: Rest,
    settings: SalesforceSettings,
    info: ReportInfo,
    org: Org,
    zone: ZoneInfo | None,
    now: datetime,
    before: ErrorReport | None = None,
) -> ErrorReport:
    """The errors of this and last year (in the acting user's time zone), newest first where the report allows it.
    `before` is a former reading, whose rows are kept where they are the same: a list on the screen and a check share
    them. Raises ServiceError(salesforce.report.unavailable) where nothing of it can be read."""
    year = (now.astimezone(zone) if zone else now).year
    known = {row.id: row for row in before.rows} if before else {}
    reader = Reader(Runs(rest, info), settings.error_types, zone, now, known)
    try:
        found = await reader.read(date(year - 1, 1, 1), date(year, 12, 31))
    except ServiceError as problem:
        if problem.cause == errors.REPORT:
            raise
        raise errors.recast(problem, errors.REPORT) from None
    return ErrorReport(
        rows=found.rows,
        total=found.total,
        complete=found.complete,
        as_user=org.acting_user,
        read_at=now,
        report_id=info.id,
        report_name=info.name,
        columns=MappingProxyType({meaning: column.label for meaning, column in info.meanings.items()}),
        note=" ".join(filter(None, [info.note, *found.notes, *_notes(info)])),
        gap_before=found.gap_before,
    )


def _notes(info: ReportInfo) -> Iterator[str]:
    if "text" not in info.meanings:
        yield _("The report has no column that looks like the error's text.")
    if info.meanings["at"].data_type == "date":
        yield _("The report gives dates without the time of day.")


def _unavailable(detail: str, evidence: Mapping[str, Any] = EMPTY) -> ServiceError:
    return errors.error(errors.REPORT, detail, **evidence)
