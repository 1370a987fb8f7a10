"""Dates, times, numbers and places as a person reads them, in the language in use. Machines get ISO 8601 and digits."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from tui.sanitise import one_line
from tui.words import _, ngettext, pgettext


def number(value: int) -> str:
    """A whole number with its thousands apart: 12,345."""
    return f"{value:,}".replace(",", _(","))


def took(ms: int) -> str:
    """How long something took: 113 ms, from a second on 1.1 s."""
    if ms < 1000:
        return _("{n} ms").format(n=ms)
    return _("{n} s").format(n=f"{ms / 1000:.1f}".replace(".", pgettext("decimal", ".")))


def quoted(text: str) -> str:
    """A text between the quotation marks of the language."""
    return _("“{text}”").format(text=text)


def place(path: Path) -> str:
    """Where a file is, written as in a shell: ~ is the home folder."""
    with suppress(ValueError, RuntimeError):  # it is elsewhere, or there is no home
        path = Path("~") / path.absolute().relative_to(Path.home())
    return one_line(path, limit=400)


def label(text: str) -> str:
    """A label and its colon."""
    return _("{label}:").format(label=text)


def pair(name: str, value: str) -> str:
    """A label, a colon, and what it stands for."""
    return _("{label}: {value}").format(label=name, value=value)


def day(moment: datetime) -> str:
    """The date here, 10 cells: 2026-11-25."""
    return moment.astimezone().strftime(_("%Y-%m-%d"))


def minute(moment: datetime) -> str:
    """Date and time here, 16 cells: 2026-11-25 11:51."""
    here = moment.astimezone()
    return f"{_day(here.date(), _('%Y-%m-%d'))} {here.hour:02}:{here.minute:02}"


@lru_cache(maxsize=2000)
def _day(on: date, form: str) -> str:
    """Rows of a long list share their days."""
    return on.strftime(form)


def clock(moment: datetime) -> str:
    """The time of day here: 11:51."""
    return moment.astimezone().strftime("%H:%M")


def utc(moment: datetime) -> str:
    """Date and time in UTC and saying so, 20 cells: 2026-11-25 11:51 UTC."""
    return f"{moment.astimezone(UTC):{_('%Y-%m-%d')} %H:%M} UTC"


def month(name: str) -> str:
    """A month that is named as in ISO 8601, 7 cells: 2026-11."""
    return date.fromisoformat(f"{name}-01").strftime(_("%Y-%m"))


def age(moment: datetime, now: datetime) -> str:
    """How long ago, in one unit: just now, 3 min, 5 h, 2 days ago."""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _("{n} min ago").format(n=seconds // 60)
    if seconds < 86400:
        return _("{n} h ago").format(n=seconds // 3600)
    days = seconds // 86400
    return ngettext("{n} day ago", "{n} days ago", days).format(n=days)
