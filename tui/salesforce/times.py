"""Times as a page of Salesforce writes them: in the acting user's locale and time zone. What could mean two moments is
None: a date read wrong would call a healthy organisation stalled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Order of day, month and year: by locale, else by its language. Locales that are not here are read only where the
# figures leave no choice.
ORDERS: Mapping[str, str] = {
    "en_US": "MDY",
    "en_PH": "MDY",
    "es_US": "MDY",
    "es_PR": "MDY",
    "en_CA": "YMD",
    "fr_CA": "YMD",
    "en_ZA": "YMD",
    **dict.fromkeys(("en_GB", "en_AU", "en_NZ", "en_IE", "en_IN", "en_SG", "en_HK", "en_MT"), "DMY"),
    **dict.fromkeys(("fr", "es", "it", "pt", "de", "nl", "da", "nb", "no", "fi", "pl", "cs", "ro", "tr", "ru"), "DMY"),
    **dict.fromkeys(("ja", "zh", "ko", "sv", "hu", "lt"), "YMD"),
}
# Locales whose clock has twelve hours: without AM or PM an hour up to 12 may mean two moments.
_TWELVE = frozenset({"en_US", "en_PH", "en_CA", "en_AU", "en_NZ", "en_IN", "en_SG", "en_HK", "es_US", "es_PR"})

_TIME = re.compile(
    r"(?P<a>\d{1,4})[/.\- ](?P<b>\d{1,2})[/.\- ](?P<c>\d{1,4})\.?,?\s+(?:(?:at|à|a)\s+)?"
    r"(?P<hour>\d{1,2})[:h.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\.?)?(?:\s*(?P<zone>UTC|GMT|Z))?",
    re.IGNORECASE,
)
_DAY_MONTH_YEAR = {"DMY": (0, 1, 2), "MDY": (1, 0, 2), "YMD": (2, 1, 0)}


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of that name; None where this machine does not know it."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def moment(text: str, locale: str, zone: ZoneInfo | None) -> datetime | None:
    """The moment in UTC that the whole text names, or None where that is not certain. ISO with its offset is read in
    every locale."""
    text = re.sub(r"\s+", " ", text).strip()  # \s covers the narrow spaces that some locales put before PM
    if re.match(r"\d{4}-\d{2}-\d{2}T", text):
        try:
            iso = datetime.fromisoformat(text)
        except ValueError:
            return None
        return iso.astimezone(UTC) if iso.tzinfo else _placed(iso, zone)
    found = _TIME.fullmatch(text)
    if not found:
        return None
    figures = [found["a"], found["b"], found["c"]]
    return _read(found, _orders(figures, locale), locale in _TWELVE, zone)


def is_time(text: str) -> bool:
    """Whether the text has the form of a date with its time, in whatever order of figures."""
    text = re.sub(r"\s+", " ", text).strip()
    return bool(_TIME.fullmatch(text) or re.match(r"\d{4}-\d{2}-\d{2}T", text))


def moment_in(text: str, orders: Iterable[str], zone: ZoneInfo | None, *, twelve: bool = False) -> datetime | None:
    """`moment` where not the locale is known but the order ("DMY", "MDY", "YMD") may be one of these. `twelve`: the
    clock may be one of twelve hours, of which AM or PM is left out."""
    text = re.sub(r"\s+", " ", text).strip()
    found = _TIME.fullmatch(text)
    if not found:
        return moment(text, "", zone)
    by_year = len(found["a"]) == 4
    return _read(found, ("YMD",) if by_year else orders, twelve and not by_year, zone)


def _read(found: re.Match[str], orders: Iterable[str], twelve: bool, zone: ZoneInfo | None) -> datetime | None:
    hour = _hour(int(found["hour"]), (found["half"] or "").lower(), twelve)
    figures = [found["a"], found["b"], found["c"]]
    dates = {date for order in orders if (date := _date(figures, order))}
    if hour is None or len(dates) != 1:
        return None
    try:
        local = datetime(*dates.pop(), hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None
    return local.replace(tzinfo=UTC) if found["zone"] else _placed(local, zone)


def _orders(figures: list[str], locale: str) -> tuple[str, ...]:
    if len(figures[0]) == 4:
        return ("YMD",)
    order = ORDERS.get(locale) or ORDERS.get(locale.partition("_")[0])
    if order is not None:
        return (order,)
    return ("DMY", "MDY") if len(figures[2]) == 4 else ()


def _date(figures: list[str], order: str) -> tuple[int, int, int] | None:
    day, month, year = (figures[place] for place in _DAY_MONTH_YEAR[order])
    if len(day) > 2 or len(month) > 2 or len(year) not in {2, 4}:
        return None
    found = (int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    try:
        datetime(*found)
    except ValueError:
        return None
    return found


def _hour(hour: int, half: str, twelve: bool) -> int | None:
    if half:
        return hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else None
    if twelve and 1 <= hour <= 12:
        return None
    return hour


def _placed(local: datetime, zone: ZoneInfo | None) -> datetime | None:
    """That time in the zone, in UTC; None in the hour that a clock change repeats."""
    if zone is None:
        return None
    early, late = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return early.astimezone(UTC) if early.utcoffset() == late.utcoffset() else None
