"""How a report of more rows than a run gives is cut into slices. Pure: counts in, slices out.

A run gives 2,000 rows (salesforce-api.md 3.2). Slices are windows of whole days, newest first, without a gap between
them, so that together they are the whole period whatever the counts said; a day of more rows is cut by type, and a type
of more rows by user.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tui.salesforce.report_ask import Filter, Slice
from tui.salesforce.report_columns import Column

MOST = 2000
ROOM = 1980  # rows planned for a slice: a few may come between the counting and the reading
_EVEN = 1500  # rows planned for a slice where only the sum is known
_LONGEST = 4000  # characters of a filter's value
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a run that counts: its value, its label, its rows, and the groups in it."""

    value: Any
    label: str
    count: int
    inner: tuple[Group, ...]


def groups_of(run: Mapping[str, Any]) -> tuple[tuple[Group, ...], int] | None:
    """The groups of a run and its count of all rows; None where they are not as documented, or do not add up."""
    facts, metadata, top = run.get("factMap"), run.get("reportMetadata"), run.get("groupingsDown")
    names = metadata.get("aggregates") if isinstance(metadata, dict) else None
    if not isinstance(facts, dict) or not isinstance(names, list) or "RowCount" not in names:
        return None
    place = names.index("RowCount")

    def count(key: str) -> int:
        value = facts[f"{key}!T"]["aggregates"][place]["value"]
        if not isinstance(value, int | float) or isinstance(value, bool) or value != int(value) or value < 0:
            raise ValueError(value)
        return int(value)

    def walk(listed: Any) -> tuple[Group, ...]:
        return tuple(
            Group(one.get("value"), str(one.get("label") or ""), count(one["key"]), walk(one.get("groupings") or []))
            for one in listed
        )

    def sound(listed: tuple[Group, ...], total: int) -> bool:
        return sum(one.count for one in listed) == total and all(
            sound(one.inner, one.count) for one in listed if one.inner
        )

    try:
        found, total = walk(top.get("groupings") if isinstance(top, dict) else []), count("T")
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None
    return (found, total) if not found or sound(found, total) else None


def days_of(groups: Iterable[Group], first: date, last: date) -> dict[date, int] | None:
    """Rows of each day, newest first; None where a group is no day of the period."""
    counted: Counter[date] = Counter()
    for group in groups:
        try:
            day = date.fromisoformat(group.value)
        except (TypeError, ValueError):
            return None
        if not first <= day <= last:
            return None
        counted[day] += group.count
    return dict(sorted(counted.items(), reverse=True))


def held_from(counted: Mapping[date, int], read: Mapping[date, int]) -> date | None:
    """The oldest day from which on a run that was cut holds every row, newest first; None where it does not tell.
    `read` are the rows of each day in that run; its oldest day may be cut."""
    if not read:
        return None
    oldest = min(read)
    whole = {day: count for day, count in counted.items() if day > oldest}
    if not whole or whole != {day: count for day, count in read.items() if day > oldest}:
        return None
    return oldest + _DAY


def windows(counted: Mapping[date, int], first: date, last: date) -> list[Slice]:
    """Slices from the last day back to the first, without a gap; only a slice of one day with rows is too large."""
    found: list[Slice] = []
    upper, start, rows = last, last, 0
    for day, count in counted.items():
        if rows and rows + count > ROOM:
            found.append(Slice(start, upper, expected=rows))
            upper, rows = start - _DAY, 0
        if count:
            rows, start = rows + count, day
    if rows or not found:
        found.append(Slice(start, upper, expected=rows))
    return [*found[:-1], replace(found[-1], first=first)]


def halves(part: Slice, total: int | None) -> list[Slice]:
    """A window of several days in windows of equally many days: two, or as many as so many rows should need."""
    if part.first is None or part.last is None:
        return []
    days = (part.last - part.first).days + 1
    pieces = min(days, max(2, -(-(total or 0) // _EVEN)))
    bounds = [part.first + timedelta(days=days * number // pieces) for number in range(pieces + 1)]
    return [
        replace(part, first=bounds[number], last=bounds[number + 1] - _DAY, expected=None)
        for number in reversed(range(pieces))
    ]


def of_a_day(day: Slice, types: Sequence[Group], kind: Column, user: Column) -> list[Slice]:
    """A day's slices by type, as many types in each as fit; a type of too many rows by user."""
    found = [_narrow(day, kind, values, rows) for values, rows in _packed(_values(types, kind))]
    for group in types:
        if group.count > ROOM:
            (value, _rows) = next(iter(_values([group], kind).items()))
            alone = _narrow(day, kind, (value,), group.count)
            found += [
                _narrow(alone, user, values, rows) for values, rows in _packed(_values(group.inner, user), last=True)
            ]
    return found


def _narrow(part: Slice, column: Column, values: tuple[str, ...], rows: int) -> Slice:
    return replace(part, filters=(*part.filters, Filter(column.name, values)), expected=rows)


def _values(groups: Iterable[Group], column: Column) -> dict[str, int]:
    """What a filter says for each group -> its rows. A picklist is asked for by its value; anything else by what is
    shown, which two people of one name share."""
    found: Counter[str] = Counter()
    for group in groups:
        by_value = "picklist" in column.data_type and isinstance(group.value, str)
        found["" if group.value is None and group.label in {"", "-"} else group.value if by_value else group.label] += (
            group.count
        )
    return dict(found)


def _packed(counted: Mapping[str, int], *, last: bool = False) -> Iterator[tuple[tuple[str, ...], int]]:
    """The values, the largest first, in lots of at most ROOM rows. What is more by itself is left out, unless there is
    no finer way (`last`)."""
    lots: list[tuple[list[str], int]] = []
    for value, count in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        if count > ROOM and not last:
            continue
        for number, (values, rows) in enumerate(lots):
            fits = rows + count <= ROOM and sum(map(len, values)) + len(values) * 3 + len(value) < _LONGEST
            if fits and value and values != [""]:
                values.append(value)
                lots[number] = values, rows + count
                break
        else:
            lots.append(([value], count))
    for values, rows in lots:
        yield tuple(values), rows
