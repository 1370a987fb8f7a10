"""`passerelle errors`: the rows of the error report, filtered; an open one needs attention."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import partial

from tui import figures, output
from tui.commands import shapes, words
from tui.commands.common import Asked, Exit, Opened, UsageError, opened
from tui.model import ErrorReport, ErrorRow, Status, User
from tui.triage.tally import open_by_user
from tui.words import _, ngettext, pgettext

_HEADINGS = ("id", "at", "user_id", "user_name", "type", "type_label", "text")


def errors(asked: Asked, *, kind: str | None, user: str | None, since: datetime | None, as_csv: bool) -> int:
    """Exit status: 1 when a listed error is open (verdict.md); else 3 when rows are missing, 0 when none is."""
    return asyncio.run(_errors(asked, kind, user, since.replace(tzinfo=UTC) if since else None, as_csv))


async def _errors(asked: Asked, kind: str | None, user: str | None, since: datetime | None, as_csv: bool) -> Exit:
    async with opened(asked) as all_of_it:
        org = await all_of_it.session.connect()
        users = await _named(all_of_it, user) if user else None
        report = await all_of_it.session.errors()
        rows = [row for row in report.rows if wanted(row, kind, since) and _of(row, users)]
        histories, days = partial(all_of_it.journal.history, org.id), all_of_it.settings.triage.open_days
        opened_rows = open_by_user(rows, histories, datetime.now(UTC), days)
        alive = {row.id for of_user in opened_rows.values() for row in of_user}
    tell(asked, rows, alive, as_csv=as_csv)
    _say_what_was_read(report, len(rows), len(alive))
    if alive:
        return Exit.ATTENTION
    return Exit.DONE if report.complete else Exit.UNKNOWN


def tell(asked: Asked, rows: Sequence[ErrorRow], alive: Collection[str], *, as_csv: bool) -> None:
    """The rows in the form that was asked for; `alive` are the ids of those that are open."""
    if asked.json:
        for row in rows:
            output.record(shapes.error(row))
    elif as_csv:
        for line in output.csv_lines([_HEADINGS, *map(_cells, rows)]):
            output.line(line)
    else:
        for line in output.columns([_told(row, row.id in alive) for row in rows]):
            output.line(line)


async def _named(all_of_it: Opened, query: str) -> tuple[User, ...]:
    (resolution,) = await all_of_it.session.resolve([query])
    if resolution.problem:
        raise UsageError(resolution.problem)
    return resolution.users


def wanted(row: ErrorRow, kind: str | None, since: datetime | None) -> bool:
    """Whether the row is of that type and not older. One without a time is never left out: it may be newer."""
    if kind is not None and row.type.value != kind:
        return False
    return since is None or row.at is None or row.at >= since


def _of(row: ErrorRow, users: Collection[User] | None) -> bool:
    if users is None:
        return True
    return any(row.user_id == user.id if row.user_id else row.user_name == user.name for user in users)


def _cells(row: ErrorRow) -> tuple[str, ...]:
    at = output.stamp(row.at) if row.at else ""
    return (row.id, at, row.user_id or "", row.user_name, row.type.value, row.type_label, row.text)


def _told(row: ErrorRow, alive: bool) -> tuple[str, ...]:
    state = (
        words.state(Status.FAIL, pgettext("error", "open"))
        if alive
        else words.state(Status.SKIP, pgettext("error", "old"))
    )
    label = row.type_label or _(words.ERROR_TYPE[row.type])
    return (state, output.shown(row.at) or _("no time"), row.user_name, label, row.text)


def _say_what_was_read(report: ErrorReport, listed: int, alive: int) -> None:
    """How complete the list is, and as whom it was read: said beside every list."""
    total = _("unknown") if report.total is None else figures.number(report.total)
    output.note(
        _("{listed} listed, {alive} open; {read} of {total} rows read as {user}.").format(
            listed=figures.number(listed),
            alive=figures.number(alive),
            read=figures.number(len(report.rows)),
            total=total,
            user=report.as_user,
        )
    )
    if not report.complete:
        output.note(_("The report was not read whole: errors are missing here."))
    if report.note:
        output.note(report.note)
    say_undated(report.rows)


def say_undated(rows: Sequence[ErrorRow]) -> None:
    """How many rows have no time, which may be open all the same."""
    unknown = sum(row.at is None for row in rows)
    if unknown:
        told = ngettext("{n} row has no time that can be read.", "{n} rows have no time that can be read.", unknown)
        output.note(told.format(n=figures.number(unknown)))
