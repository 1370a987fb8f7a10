"""A column of dates whose locale nobody names: the order of day and month is what all its cells allow.

A file made on an admin's computer gives times in that person's time zone without naming it: they are read in this
computer's, and that is said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tui.salesforce import times
from tui.salesforce.saved.sheets import Value

ORDERS = ("DMY", "MDY", "YMD")
_HALF = re.compile(r"[ap]\.?\s?m", re.IGNORECASE)
_MIDNIGHT = " 00:00"
_FUTURE = timedelta(days=1)
_EVEN = ZoneInfo("UTC")
"""A zone whose clocks show no time twice."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The moments of a column: text of a cell -> its moment in UTC, for those that are certain. `unsure` are the texts
    in which day and month, or the half of the day, may be either; `whole_days`: the column gives no time of day."""

    moments: Mapping[str, datetime]
    unsure: frozenset[str]
    whole_days: bool


def local_zone() -> ZoneInfo | None:
    """This computer's time zone: `TZ`, else the system's, else UTC."""
    system = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").lstrip(":"), system, "UTC"):
        if zone := times.zone_of(name):
            return zone
    return None


def text_of(value: Value) -> str:
    """A cell as text; a spreadsheet's own date in ISO."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat()
    return value.isoformat() if isinstance(value, date) else value.strip()


def is_date(text: str) -> bool:
    """Whether the text has the form of a date, with or without a time."""
    return len(text) <= 60 and (times.is_time(text) or times.is_time(text + _MIDNIGHT))


def read(texts: Sequence[str], zone: ZoneInfo | None, now: datetime) -> Dates:
    """The moments of a column. An order counts where it reads every text that any order reads, and makes no error lie
    in the future; where several do, what they read differently is unsure."""
    whole_days = not any(times.is_time(text) and not text.endswith("T00:00:00") for text in texts)
    full = {text: text if times.is_time(text) else text + _MIDNIGHT for text in dict.fromkeys(texts) if is_date(text)}
    # Where the column shows an hour past noon, or midnight, without AM or PM, its clock has 24 hours.
    twelve = not any(_of_24_hours(whole) for whole in full.values())
    # Which order it is, is looked for without the zone: an hour that its clocks show twice speaks against no order.
    forms = {order: _by(order, full, _EVEN, twelve=False) for order in ORDERS}
    readable = set().union(*forms.values())
    possible = [
        order
        for order, found in forms.items()
        if found and len(found) == len(readable) and all(at <= now + _FUTURE for at in found.values())
    ] or list(ORDERS)
    if twelve and "MDY" in possible:  # those who write the month first write AM and PM, or may have lost them
        readable &= _by("MDY", full, _EVEN, twelve=True).keys() | (readable - forms["MDY"].keys())
    by_order = {order: _by(order, full, zone, twelve=False) for order in possible}
    moments = {
        text: moment
        for text in readable
        if (moment := _agreed([by_order[order].get(text) for order in possible if text in forms[order]])) is not None
    }
    return Dates(moments, frozenset(full) - moments.keys(), whole_days)


def _agreed(readings: Sequence[datetime | None]) -> datetime | None:
    """The moment that all readings give; None where one gives none or another."""
    first = readings[0] if readings else None
    return first if all(other == first for other in readings) else None


def _of_24_hours(text: str) -> bool:
    read = (times.moment_in(text, (order,), _EVEN, twelve=True) for order in ORDERS)
    return not _HALF.search(text) and any(at is not None for at in read)


def _by(order: str, full: Mapping[str, str], zone: ZoneInfo | None, *, twelve: bool) -> dict[str, datetime]:
    read = ((text, times.moment_in(whole, (order,), zone, twelve=twelve)) for text, whole in full.items())
    return {text: at for text, at in read if at is not None}
