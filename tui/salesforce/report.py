"""The error report: found, described, its columns matched, and read for this and last year (salesforce-api.md 3).

The report itself is never changed: dates and order are overridden for the one run.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from tui.config import SalesforceSettings
from tui.model import EMPTY, ErrorReport, Org, ServiceError
from tui.salesforce import errors
from tui.salesforce.report_columns import REQUIRED, Column, columns_of, match, plain
from tui.salesforce.report_rows import Table, Unreadable, error_rows, read_table
from tui.salesforce.report_type import speaks_of_errors
from tui.salesforce.rest import Rest, soql
from tui.sanitise import one_line
from tui.words import _

NAMES = ("google sync errors", "lightning sync errors", "erreurs de synchronisation google", "erreurs lightning sync")
_TYPE = re.compile(r"lightning ?sync|exchange ?sync|sync.*(error|erreur)|(error|erreur).*sync")
_ID = re.compile(r"00O[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?")
_FIELDS = "SELECT Id, Name, DeveloperName, FolderName, LastRunDate FROM Report"
_NAMED = _FIELDS + " WHERE Name = {name} OR DeveloperName = {name}"
_SEARCH = _FIELDS + " WHERE Name LIKE '%sync%' ORDER BY LastRunDate DESC NULLS LAST LIMIT 50"
_MOST_DESCRIBED = 10
_RUN_SECONDS = 130.0  # Salesforce gives a run two minutes


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """The report, described. `meanings`: type, at, user, text -> its column; `note` says what an admin should know of
    how it was found; `described` is Salesforce's own answer."""

    id: str
    name: str
    type_label: str
    columns: tuple[Column, ...]
    meanings: Mapping[str, Column]
    described: Mapping[str, Any]
    note: str = ""


async def find(rest: Rest, settings: SalesforceSettings) -> ReportInfo:
    """The report that the config names by id, developer name or name; where it names none, or none is found, the one
    that is called like an error report or stands on its report type. Raises ServiceError, always with the cause
    salesforce.report.unavailable; the cause underneath stands in the evidence as `because`."""
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
    rows = [row for row in await rest.query(_SEARCH) if _ID.fullmatch(str(row.get("Id")))]
    rows.sort(key=lambda row: plain(row.get("Name")) not in NAMES)
    refused: ServiceError | None = None
    for row in rows[:_MOST_DESCRIBED]:
        try:
            found = await _described(rest, settings, str(row["Id"]), "")
        except ServiceError as problem:
            refused = problem
            continue
        if plain(row.get("Name")) in NAMES or _TYPE.search(plain(found.type_label)):
            note = _("The report {wanted} was not found; {name} is read in its place.") if wanted else ""
            note = note.format(wanted=one_line(wanted), name=found.name)
            return ReportInfo(
                found.id, found.name, found.type_label, found.columns, found.meanings, found.described, note
            )
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
                "the report {report} stands on the report type {label}, which does not look like the one of sync "
                "errors. Name the right report in the config file, or, if it is the right one, name its columns in "
                "the section [salesforce.columns]"
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
    rest: Rest, settings: SalesforceSettings, info: ReportInfo, org: Org, zone: ZoneInfo | None, now: datetime
) -> ErrorReport:
    """The errors of this and last year (in the acting user's time zone), newest first where the report allows it, up
    to the 2,000 rows that a run gives. Raises ServiceError(salesforce.report.unavailable)."""
    year = (now.astimezone(zone) if zone else now).year
    period = (f"{year - 1}-01-01", f"{year}-12-31")
    try:
        run = await _run(rest, info, period)
        table = read_table(run)
    except ServiceError as problem:
        raise errors.recast(problem, errors.REPORT) from None
    except Unreadable as problem:
        raise _unavailable(_("its answer is not as documented ({detail})").format(detail=problem)) from None
    columns = columns_of(run if _repeats(run) else info.described)
    dated = _echoed(run) == period
    notes = [info.note, *_notes(info, table, dated)]
    return ErrorReport(
        rows=error_rows(table, columns, info.meanings, settings.error_types, zone),
        total=table.total,
        complete=table.complete and dated,
        as_user=org.acting_user,
        read_at=now,
        report_id=info.id,
        report_name=info.name,
        columns=MappingProxyType({meaning: column.label for meaning, column in info.meanings.items()}),
        note=" ".join(filter(None, notes)),
    )


async def _run(rest: Rest, info: ReportInfo, period: tuple[str, str]) -> Mapping[str, Any]:
    """One run. A form of the request that Salesforce refuses as such (400) is followed by the next plainer one."""
    path = rest.path(f"analytics/reports/{info.id}")
    forms = list(_requests(info, period))
    for number, body in enumerate(forms, start=1):
        try:
            run = await rest.ask(path, body, {"includeDetails": "true"}, deadline=_RUN_SECONDS)
        except ServiceError as problem:
            if problem.cause or problem.status != 400 or number == len(forms):
                raise
            continue
        if isinstance(run, dict):
            return run
        break
    raise _unavailable(_("its answer is not as documented ({detail})").format(detail="?"))


def _requests(info: ReportInfo, period: tuple[str, str]) -> Iterator[dict[str, Any]]:
    """Bodies for the run, best first: the whole metadata with our dates and order; without the order; the dates
    alone; each with the column of the error's time, then with the report's own date column."""
    metadata = info.described["reportMetadata"]
    at = info.meanings["at"]
    own = metadata.get("standardDateFilter")
    dates = [at.name, own.get("column") if isinstance(own, dict) else None]
    for column in dict.fromkeys(name for name in dates if isinstance(name, str)):
        window = {"column": column, "durationValue": "CUSTOM", "startDate": period[0], "endDate": period[1]}
        whole = copy.deepcopy(dict(metadata)) | {"standardDateFilter": window, "hasDetailRows": True}
        if not at.grouping:
            yield {"reportMetadata": whole | {"sortBy": [{"sortColumn": at.name, "sortOrder": "Desc"}]}}
        yield {"reportMetadata": whole}
        yield {"reportMetadata": {"standardDateFilter": window}}


def _echoed(run: Mapping[str, Any]) -> tuple[str, str] | None:
    """The dates that Salesforce says it used."""
    metadata = run.get("reportMetadata")
    used = metadata.get("standardDateFilter") if isinstance(metadata, dict) else None
    return (str(used.get("startDate")), str(used.get("endDate"))) if isinstance(used, dict) else None


def _repeats(run: Mapping[str, Any]) -> bool:
    extended = run.get("reportExtendedMetadata")
    return isinstance(extended, dict) and bool(extended.get("detailColumnInfo"))


def _notes(info: ReportInfo, table: Table, dated: bool) -> Iterator[str]:
    if not dated:
        yield _("Salesforce did not confirm the period asked for (this and last year): rows may be missing.")
    if not table.complete:
        yield _("Salesforce cut the report after {count} rows: the rest is not here.").format(count=len(table.rows))
    if "text" not in info.meanings:
        yield _("The report has no column that looks like the error's text.")
    if info.meanings["at"].data_type == "date":
        yield _("The report gives dates without the time of day.")


def _unavailable(detail: str, evidence: Mapping[str, Any] = EMPTY) -> ServiceError:
    return errors.error(errors.REPORT, detail, **evidence)
