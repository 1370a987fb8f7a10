"""Day one, without a login: `errors --from FILE` and `check --page FILE`. A config file is used where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tui import output
from tui.commands.check import tell_result
from tui.commands.common import Asked, Exit, UsageError, settings_if_any
from tui.commands.errors import say_undated, tell, wanted
from tui.model import ErrorReport, ErrorRow, History
from tui.words import _


def errors(
    asked: Asked, path: Path, *, kind: str | None, user: str | None, since: datetime | None, as_csv: bool
) -> int:
    """The rows of an exported report. Exit status: 1 when a listed error is open, else 3 when rows are missing or have
    no time that can be read, else 0; 2 for a file that is no such report, 3 for a damaged one."""
    from tui.salesforce.saved import dates, export, file, sheets
    from tui.triage import verdict

    settings = settings_if_any(asked)
    now = datetime.now(UTC)
    try:
        report = export.read_export(
            path,
            file.read(path, sheets.LARGEST),
            zone=dates.local_zone(),
            now=now,
            columns=settings.salesforce.columns if settings else {},
            error_types=settings.salesforce.error_types if settings else {},
        )
    except file.FileProblem as problem:
        return _refused(problem.damaged, str(problem))
    rows = [row for row in report.rows if wanted(row, kind, since.replace(tzinfo=UTC) if since else None)]
    rows = _about(user, rows, report) if user else rows
    days = settings.triage.open_days if settings else verdict.OPEN_DAYS
    alive = {row.id for row in verdict.open_errors(rows, History(), now, days)}
    tell(asked, rows, alive, as_csv=as_csv)
    _say_what_was_read(report, len(rows), len(alive))
    if alive:
        return Exit.ATTENTION
    return Exit.DONE if report.complete and all(row.at for row in rows) else Exit.UNKNOWN


def _about(query: str, rows: Sequence[ErrorRow], report: ErrorReport) -> list[ErrorRow]:
    """The rows of a user named by an id, a full name, or by an address or username that stands in a cell. Raises
    UsageError where the file can name nobody like that."""
    said = " ".join(query.split()).casefold()

    def named(row: ErrorRow) -> bool:
        if row.user_id and row.user_id[:15] == query.strip()[:15]:
            return True
        return said == " ".join(row.user_name.split()).casefold() or (
            "@" in said and any(said == cell.strip().casefold() for cell in row.cells.values())
        )

    if "@" in said and not any(
        "@" in cell and " " not in cell.strip() for row in report.rows for cell in row.cells.values()
    ):
        raise UsageError(
            _(
                "This file holds no addresses, so it names nobody by {query}: give the full name as written in it."
            ).format(query=query)
        )
    found = [row for row in rows if named(row)]
    if not any(map(named, report.rows)):
        output.note(_("No row of this file is about {query}.").format(query=query))
    return found


def _say_what_was_read(report: ErrorReport, listed: int, alive: int) -> None:
    total = _("unknown") if report.total is None else str(report.total)
    output.note(
        _("{listed} listed, {alive} open; {read} of {total} rows read from {file}.").format(
            listed=listed, alive=alive, read=len(report.rows), total=total, file=report.report_name
        )
    )
    if not report.complete:
        output.note(_("The file states more rows than it holds, so errors are missing here: export the report again."))
    if report.note:
        output.note(report.note)
    output.note(
        _("Resets and acknowledgements are not known without a login: an open error may be dealt with already.")
    )
    say_undated(report.rows)


def check(asked: Asked, path: Path, query: str, *, reported: bool) -> int:
    """The triage of a saved page or its pasted text, as far as it goes. Without a `query` the page names the person.
    Exit status as `check`; 2 for a file that cannot be a page, 3 for one that is not the page we know."""
    from tui.salesforce.saved import file
    from tui.triage import saved_page

    if query == "-":
        raise UsageError(
            _("Beside --page, name the person as an argument; the standard input is for the page: --page -")
        )
    settings = settings_if_any(asked)
    try:
        saved = saved_page.load(path, settings)
        if not query and not saved.shown_name:
            raise UsageError(
                _("{file} names nobody: say whom it is about, as in: passerelle check USER --page FILE").format(
                    file=file.name_of(path)
                )
            )
    except file.FileProblem as problem:
        return _refused(problem.damaged, str(problem))
    result = asyncio.run(saved_page.judge(saved, query, settings, reported=reported, now=datetime.now(UTC)))
    return tell_result(asked, result)


def _refused(damaged: bool, sentence: str) -> Exit:
    """What to say about a file that cannot be used, and the status: 2 the wrong file, 3 one that cannot be read."""
    output.note(sentence)
    return Exit.UNKNOWN if damaged else Exit.USAGE
