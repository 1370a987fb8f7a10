"""What an admin with an outage on the phone asks first, in words: the same for the console and the command line.

Each function takes what the overview found, and gives one short line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from tui import figures, terms
from tui.model import Answer, Course, ErrorReport, ErrorType, Overview, Product, Stage, Status, Tally
from tui.words import _, ngettext

RETIRES = date(2027, 4, 1)
"""Lightning Sync retires in April 2027 for Google; Salesforce gives the month, not the day: we count to its first."""


When = Callable[[datetime], str]
"""How a moment is written: here, or in UTC and saying so."""


def since(overview: Overview, when: When = figures.minute) -> str:
    """Since when it is so: by the errors, else by the last sync activity."""
    tally, answer = overview.tally, overview.answer
    if tally is not None and tally.since.at is not None:
        return _begun(tally, when)
    if answer is not None and answer.status is Status.FAIL and answer.last_worked is not None:
        return _("after {time}, the last sync activity").format(time=when(answer.last_worked))
    if tally is None:
        return _unread(overview)
    if tally.since.course is Course.STEADY:
        text = ngettext(
            "no jump: {n} error in 24 hours, {usual} a day is usual",
            "no jump: {n} errors in 24 hours, {usual} a day is usual",
            tally.since.errors,
        )
        return text.format(n=figures.number(tally.since.errors), usual=figures.number(tally.since.usual))
    if tally.newest is None:
        return _("no error has come in")
    return _("no error in the last 24 hours; the newest is of {time}").format(time=when(tally.newest))


def _begun(tally: Tally, when: When) -> str:
    found = tally.since
    if found.at is None:
        return ""
    time, n, usual = when(found.at), figures.number(found.errors), figures.number(found.usual)
    if found.course is Course.JUMP:
        return _("{time}, when errors jumped: {n} since, {usual} a day before").format(time=time, n=n, usual=usual)
    text = ngettext(
        "{time}: {n} error since, where a usual day has none", "{time}: {n} errors since, where a usual day has none",
        found.errors,
    )  # fmt: skip
    return text.format(time=time, n=n)


def _unread(overview: Overview, *, why: bool = True) -> str:
    """What stands in the place of what the report would tell; `why` it is not known need be said once."""
    if overview.stage is Stage.SO_FAR:
        return _("the error report is being read")
    return _("not known: the error report could not be read") if why else _("not known")


def people(overview: Overview) -> str:
    """For how many people of how many."""
    tally, roster = overview.tally, overview.roster
    if tally is None:
        return _unread(overview, why=False)
    n, assigned, active = tally.erring, roster.assigned, roster.active
    shown = {
        "n": figures.number(n),
        "assigned": figures.number(assigned or 0),
        "active": figures.number(active or 0),
    }
    if active is not None and not any(one.users or one.profiles for one in overview.configurations):
        return _("{n} with an open error; assignments not declared; active users: {active}").format(**shown)
    if assigned is not None and active is not None:
        text = ngettext(
            "{n} with an open error, of {assigned} assigned; active users: {active}",
            "{n} with an open error, of {assigned} assigned; active users: {active}",
            assigned,
        )
        return text.format(**shown)
    if active is not None:
        text = ngettext(
            "{n} with an open error, of {active} active user", "{n} with an open error, of {active} active users",
            active,
        )  # fmt: skip
        return text.format(**shown)
    return _("{n} with an open error; of how many could not be read").format(**shown)


def kinds(counts: Mapping[ErrorType, int]) -> str:
    """How many of which type, the types that there are."""
    return ", ".join(
        f"{_(terms.ERROR_TYPE[kind])} {figures.number(counts[kind])}" for kind in ErrorType if counts[kind]
    )


def open_kinds(overview: Overview) -> str:
    """Of what type the open errors are."""
    if overview.tally is None:
        return _unread(overview, why=False)
    return kinds(overview.tally.open_by_type) or _("no open error")


def last_worked(answer: Answer, now: datetime, when: When = figures.minute) -> str:
    """When sync was last seen to work."""
    if answer.last_worked is None:
        return _("not known: {why}").format(why=answer.last_worked_why)
    return f"{when(answer.last_worked)}, {figures.age(answer.last_worked, now)}"


def read(report: ErrorReport) -> str:
    """How much of the report was read."""
    rows = figures.number(len(report.rows))
    if report.complete:
        return _("{rows} of this year and last, all read").format(rows=rows)
    if report.total is None:
        return _("{rows} read of this year and last: cut").format(rows=rows)
    return _("{rows} read of {total} of this year and last: cut").format(rows=rows, total=figures.number(report.total))


def api(overview: Overview) -> str:
    """How many API calls are left."""
    if overview.api_used is None or not overview.api_limit:
        return _("Salesforce did not say how many are left")
    left = max(0, overview.api_limit - overview.api_used)
    return _("{left} of {limit} left today ({share}%)").format(
        left=figures.number(left), limit=figures.number(overview.api_limit), share=100 * left // overview.api_limit
    )


def api_low(overview: Overview) -> bool:
    """Whether so few API calls are left that checking many people stops."""
    stop = overview.api_stops_at
    return overview.api_used is not None and stop is not None and overview.api_used > stop


def reserve(overview: Overview) -> str:
    """When checking many people stops; "" where the limit is not known."""
    if overview.api_limit is None or overview.api_stops_at is None:
        return ""
    kept = figures.number(overview.api_limit - overview.api_stops_at)
    return _("Checking many people stops when fewer than {kept} are left; checking one does not.").format(kept=kept)


def days_left(now: datetime) -> int:
    """Days until Lightning Sync retires; 0 and less from then on."""
    return (RETIRES - now.astimezone(UTC).date()).days


def deadline(product: Product, now: datetime) -> str:
    """How long Lightning Sync is going to be there."""
    if product is not Product.LIGHTNING_SYNC:
        return _("{product} has none").format(product=terms.PRODUCT[product])
    days = days_left(now)
    if days <= 0:
        return _("Lightning Sync was to retire in April 2027")
    return ngettext(
        "{n} day left: Lightning Sync retires in April 2027",
        "{n} days left: Lightning Sync retires in April 2027",
        days,
    ).format(n=days)


def month(tally: Tally, name: str, *, present: bool) -> str:
    """The errors of a month in words."""
    counts = tally.months.get(name, {})
    n = sum(counts.values())
    if present:
        text = _("{month} so far: {n} ({kinds})") if n else _("{month} so far: none")
    else:
        text = _("{month}: {n} ({kinds})") if n else _("{month}: none")
    return text.format(month=figures.month(name), n=figures.number(n), kinds=kinds(counts))
