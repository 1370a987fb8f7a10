"""Words that several screens use for the same things: states, verdicts, times."""

from __future__ import annotations

from datetime import datetime

from screens.glyphs import glyph
from screens.widgets.ink import Line
from tui.model import ErrorType, Outcome, Phase, Readable, Status, Verdict
from tui.words import N_, _, ngettext

STATUS = {
    Status.PASS: (N_("passed"), "ok"),
    Status.WARN: (N_("warning"), "warn"),
    Status.WAIT: (N_("wait"), "wait"),
    Status.FAIL: (N_("failed"), "bad"),
    Status.SKIP: (N_("skipped"), "dim"),
    Status.UNKNOWN: (N_("unknown"), "warn"),
}
VERDICT = {
    Verdict.REVIEW_CONNECTION: (N_("Review the connection"), "bad"),
    Verdict.REVIEW_CONFIGURATION: (N_("Review the configuration"), "bad"),
    Verdict.RESET: (N_("Reset the sync"), "accent"),
    Verdict.WAIT: (N_("Wait"), "wait"),
    Verdict.CONTACT_SUPPORT: (N_("Contact Salesforce support"), "warn"),
    Verdict.NO_FAULT_FOUND: (N_("No fault found"), "ok"),
    Verdict.UNDETERMINED: (N_("Undetermined"), "warn"),
}
PHASE = {
    Phase.ACCESS: N_("Access to Salesforce"),
    Phase.CONNECTION: N_("Connection test"),
    Phase.STATUS: N_("Status check"),
}
ERROR_TYPE = {
    ErrorType.CONNECTION: N_("Connection"),
    ErrorType.USER_MAPPING: N_("UserMapping"),
    ErrorType.OTHER: N_("other"),
}
READABLE = {
    Readable.READABLE: (N_("readable"), "ok"),
    Readable.NOT_WITH_THESE_RIGHTS: (N_("not with these rights"), "warn"),
    Readable.ONLY_IN_SETUP: (N_("only in Setup"), "dim"),
}
OUTCOME = {
    Outcome.DONE: (N_("The reset is done."), "ok"),
    Outcome.REFUSED: (N_("The reset was refused: nothing was changed."), "warn"),
    Outcome.FAILED: (N_("The reset failed."), "bad"),
    Outcome.UNKNOWN: (N_("How the reset ended is not known."), "warn"),
}


def state(status: Status, width: int = 9) -> Line:
    """Sign and word of a state, each in its colour, padded so that what follows is aligned."""
    word, ink = STATUS[status]
    return ((f"{glyph(status)} ", ink), (f"{_(word):<{width}}", ink))


def clock(moment: datetime | None) -> str:
    """The time of day here, as HH:MM."""
    return moment.astimezone().strftime("%H:%M") if moment else "--:--"


def stamp(moment: datetime | None) -> str:
    """Date and time here, 16 cells; a dash where there is none."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else glyph("bullet")


def age(moment: datetime, now: datetime) -> str:
    """How long ago, in one unit: 40 s, 3 min, 5 h, 2 d."""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _("{n} min ago").format(n=seconds // 60)
    if seconds < 86400:
        return _("{n} h ago").format(n=seconds // 3600)
    days = seconds // 86400
    return ngettext("{n} day ago", "{n} days ago", days).format(n=days)


def as_of(moment: datetime, now: datetime) -> str:
    """When a figure was read, and how old it is."""
    return _("read {time}, {age}").format(time=clock(moment), age=age(moment, now))


def checked(moment: datetime, now: datetime) -> str:
    """When a user was checked, and how long ago."""
    return _("checked {time}, {age}").format(time=clock(moment), age=age(moment, now))


def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}".replace(",", _(","))
