"""Words that several screens use for the same things: states, verdicts, times."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from screens.glyphs import glyph
from screens.widgets.ink import Line
from tui import figures, terms
from tui.kinds import Outcome, Readable, Status, Verdict
from tui.words import N_, _

if TYPE_CHECKING:
    from tui.model import ErrorReport

_INKS = {
    Status.PASS: "ok",
    Status.WARN: "warn",
    Status.WAIT: "wait",
    Status.FAIL: "bad",
    Status.SKIP: "dim",
    Status.UNKNOWN: "warn",
}
STATUS = {status: (terms.STATUS[status], ink) for status, ink in _INKS.items()}
VERDICT = {
    Verdict.REVIEW_CONNECTION: (N_("Review the connection"), "bad"),
    Verdict.REVIEW_CONFIGURATION: (N_("Review the configuration"), "bad"),
    Verdict.RESET: (N_("Reset the sync"), "accent"),
    Verdict.WAIT: (N_("Wait"), "wait"),
    Verdict.CONTACT_SUPPORT: (N_("Contact Salesforce support"), "warn"),
    Verdict.NO_FAULT_FOUND: (N_("No fault found"), "strong"),  # never the colour of what passed
    Verdict.UNDETERMINED: (N_("Undetermined"), "warn"),
}
PHASE = terms.PHASE
ERROR_TYPE = terms.ERROR_TYPE
READABLE = {
    readable: (terms.READABLE[readable], ink) for readable, ink in zip(Readable, ("ok", "warn", "dim"), strict=True)
}
OUTCOME = {
    outcome: (terms.OUTCOME[outcome], ink) for outcome, ink in zip(Outcome, ("ok", "warn", "bad", "warn"), strict=True)
}

number = figures.number


def state(status: Status, width: int = 9) -> Line:
    """Sign and word of a state, each in its colour, padded so that what follows is aligned."""
    word, ink = STATUS[status]
    return ((f"{glyph(status)} ", ink), (f"{_(word):<{width}}", ink))


def clock(moment: datetime | None) -> str:
    """The time of day here, as HH:MM."""
    return figures.clock(moment) if moment else "--:--"


def stamp(moment: datetime | None) -> str:
    """Date and time here, 16 cells; a dash where there is none."""
    return figures.minute(moment) if moment else glyph("bullet")


def since(moment: datetime, now: datetime) -> str:
    """A moment in few cells: the time of day if it is less than a day ago, else the date."""
    return clock(moment) if (now - moment).days == 0 else figures.day(moment)


def as_of(moment: datetime, now: datetime) -> str:
    """When a figure was read, and how old it is."""
    return _("read {time}, {age}").format(time=clock(moment), age=figures.age(moment, now))


def checked(moment: datetime, now: datetime) -> str:
    """When a user was checked, and how long ago."""
    return _("checked {time}, {age}").format(time=clock(moment), age=figures.age(moment, now))


def completeness(report: ErrorReport, now: datetime) -> Line:
    """How much of the report was read, as which user, and when."""
    rows = number(len(report.rows))
    if report.complete:
        text, ink = _("as {user}, all {rows} rows").format(user=report.as_user, rows=rows), ""
    elif report.total is None:
        text, ink = _("as {user}, {rows} rows: cut").format(user=report.as_user, rows=rows), "warn"
    else:
        text = _("as {user}, {rows} of {total} rows: cut").format(
            user=report.as_user, rows=rows, total=number(report.total)
        )
        ink = "warn"
    note = f" {glyph('dot')} {report.note}" if report.note else ""
    return ((text, ink), (note, "dim"), (f" {glyph('dot')} {as_of(report.read_at, now)}", "dim"))
