"""`passerelle overview`: the set-up checklist, what can be read, the configurations, the errors counted."""

from __future__ import annotations

import asyncio

from tui import figures, output
from tui.commands import shapes, words
from tui.commands.common import Asked, Exit, opened, say_unfinished
from tui.model import Configuration, Direction, ErrorType, Overview, Status
from tui.terms import ORG_KIND
from tui.triage import briefing
from tui.words import N_, _, pgettext

CHANGES_SHOWN = 10
_DIRECTION = {
    Direction.BOTH: N_("both directions"),
    Direction.GOOGLE_TO_SALESFORCE: N_("Google to Salesforce"),
    Direction.SALESFORCE_TO_GOOGLE: N_("Salesforce to Google"),
    Direction.NONE: N_("not synced"),
}


def overview(asked: Asked) -> int:
    """Exit status: 1 when a step of the checklist fails, 3 when the error report could not be read."""
    return asyncio.run(_overview(asked))


async def _overview(asked: Asked) -> Exit:
    async with opened(asked) as all_of_it:
        await all_of_it.session.connect()
        seen = await all_of_it.session.overview()
        say_unfinished(all_of_it.session)
    if asked.json:
        output.record(shapes.overview(seen))
    else:
        for line in _lines(seen):
            output.line(line)
    if any(item.status is Status.FAIL for item in seen.checklist):
        return Exit.ATTENTION
    return Exit.UNKNOWN if seen.report is None else Exit.DONE


def _lines(seen: Overview) -> list[str]:
    org = seen.org
    head = f"{org.name}  {_(ORG_KIND[org.kind])}  {org.instance}  {words.PRODUCT[seen.product]}"
    lines = [head, _("as {user}, {time}").format(user=org.acting_user, time=output.shown(seen.read_at)), ""]
    lines += _answer(seen)
    lines += [_("Set-up checklist")]
    lines += output.columns(
        [(words.state(item.status), item.title, _linked(item.summary, item.link)) for item in seen.checklist],
        indent="  ",
    )
    lines += ["", _("What can be read")]
    lines += output.columns(
        [(words.state(*words.READABLE[item.status]), item.id, item.summary) for item in seen.capabilities], indent="  "
    )
    lines += ["", _("Configurations (as the config file declares them)")]
    lines += output.columns([_declared(item) for item in seen.configurations], indent="  ") or [f"  {_('none')}"]
    if seen.roster.contradictions:
        lines += ["", _("Inconsistencies in them")]
        lines += [f"  {words.state(Status.WARN)}  {one.sentence}" for one in seen.roster.contradictions]
    lines += ["", _("Errors of this year and last")]
    lines += [f"  {line}" for line in _counted(seen)]
    lines += ["", _("Recent changes in Setup that concern the sync")]
    lines += [f"  {line}" for line in _changes(seen)]
    if seen.api_used is not None:
        limit = _("unknown") if seen.api_limit is None else figures.number(seen.api_limit)
        line = _("API calls today: {used} of {limit}")
        if seen.api_stops_at is not None:
            line = _("API calls today: {used} of {limit} (bulk work stops at {stop})")
        stop = figures.number(seen.api_stops_at or 0)
        lines += ["", line.format(used=figures.number(seen.api_used), limit=limit, stop=stop)]
    if seen.calls:
        made = ", ".join(f"{service} {figures.number(number)}" for service, number in sorted(seen.calls.items()))
        lines += [_("Calls made by this run: {calls}").format(calls=made)]
    return lines


def _answer(seen: Overview) -> list[str]:
    """Whether it is broken for everybody, and what follows from it."""
    if seen.answer is None:
        return []
    told = [
        (_("Since"), briefing.since(seen, figures.utc)),
        (_("People"), briefing.people(seen)),
        (_("Type"), briefing.open_kinds(seen)),
        (_("Last sync"), briefing.last_worked(seen.answer, seen.read_at, figures.utc)),
        (_("Deadline"), briefing.deadline(seen.product, seen.read_at)),
        *((page.service, page.address) for page in seen.status_pages),
    ]
    head = f"{words.state(seen.answer.status)}  {seen.answer.sentence}"
    return [head, *output.columns(told, indent="  "), ""]


def _changes(seen: Overview) -> list[str]:
    if seen.changes is None:
        return [words.state(Status.UNKNOWN) + "  " + _("The audit trail could not be read.")]
    rows = [(output.shown(one.at) or "?", one.by, one.text or one.action) for one in seen.changes[:CHANGES_SHOWN]]
    more = len(seen.changes) - len(rows)
    return [
        *(output.columns(rows) or [_("none")]),
        *([_("… and {number} more.").format(number=figures.number(more))] if more else []),
    ]


def _linked(summary: str, link: str) -> str:
    return f"{summary}  {link}" if link else summary


def _declared(item: Configuration) -> tuple[str, ...]:
    return (
        item.name,
        pgettext("configuration", "active") if item.active else pgettext("configuration", "inactive"),
        _("users: {users}, profiles: {profiles}").format(users=len(item.users), profiles=len(item.profiles)),
        _("contacts: {direction}").format(direction=_(_DIRECTION[item.contacts.direction])),
        _("events: {direction}").format(direction=_(_DIRECTION[item.events.direction])),
    )


def _counted(seen: Overview) -> list[str]:
    if seen.report is None:
        return [words.state(Status.UNKNOWN) + "  " + _("The error report could not be read: see the checklist.")]
    found = shapes.counts(seen.report.rows)
    by_type = (figures.pair(_(words.ERROR_TYPE[kind]), figures.number(found[kind.value])) for kind in ErrorType)
    lines = ["  ".join(by_type)]
    lines += output.columns(
        [(figures.month(month), figures.number(number)) for month, number in found["by_month"].items()]
    )
    total = _("unknown") if seen.report.total is None else figures.number(seen.report.total)
    cut = "" if seen.report.complete else " " + _("It was not read whole: errors are missing here.")
    read = _("{read} of {total} rows read as {user}.").format(
        read=figures.number(len(seen.report.rows)), total=total, user=seen.report.as_user
    )
    return [*lines, read + cut, *filter(None, [seen.report.note])]
