"""The error report, counted: by type and month, who has an open error, and since when there are more than usual.

Plain functions over the rows, made for a hundred thousand of them: the engine counts, the screen only shows."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median_low

from tui.model import Course, ErrorReport, ErrorRow, ErrorType, History, Since, Tally
from tui.triage.verdict import open_errors

DAY = timedelta(days=1)
WINDOW = 90
"""Days looked back for what is usual: a jump shows as one for as long as it fills less than half of them."""
TIMES, MORE = 3, 5
"""So many times the usual errors of a day, and at least so many more, are a jump."""
MONTHS = 24

Histories = Callable[[str], History]


def tally(report: ErrorReport, histories: Histories, now: datetime, open_days: int) -> Tally:
    """The report, counted. `histories` gives what the journal knows of a user: by id, or by name where the report has
    no id. It may raise JournalError."""
    opened = open_by_user(report.rows, histories, now, open_days)
    dated = [row for row in report.rows if row.at is not None]
    return Tally(
        by_type=Counter(row.type for row in report.rows),
        open_by_type=Counter(row.type for rows in opened.values() for row in rows),
        months=by_month(dated, now),
        newest=max((row.at for row in dated if row.at), default=None),
        erring=len(opened),
        undated=len(report.rows) - len(dated),
        since=since(dated, now, whole=_whole(report, now)),
    )


def open_by_user(
    rows: Iterable[ErrorRow], histories: Histories, now: datetime, open_days: int
) -> dict[str, list[ErrorRow]]:
    """The open rows by user: the id, or the name of a user whom the report gives no id for. In the order of `rows`.
    Each user's history is asked for once."""
    recent: dict[str, list[ErrorRow]] = defaultdict(list)
    for row in open_errors(rows, History(), now, open_days):
        recent[who(row)].append(row)
    still = {user: open_errors(of_user, histories(user), now, open_days) for user, of_user in recent.items()}
    return {user: list(of_user) for user, of_user in still.items() if of_user}


def who(row: ErrorRow) -> str:
    """What tells the people of the report apart."""
    return row.user_id or row.user_name


def by_month(rows: Iterable[ErrorRow], now: datetime) -> Mapping[str, Mapping[ErrorType, int]]:
    """Errors of each month (UTC) and type: the present month last, at most MONTHS of them, none left out between."""
    found: dict[str, Counter[ErrorType]] = defaultdict(Counter)
    for row in rows:
        if row.at is not None:
            at = row.at.astimezone(UTC)
            found[f"{at.year:04}-{at.month:02}"][row.type] += 1
    today = now.astimezone(UTC)
    last = today.year * 12 + today.month - 1
    names = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(last - MONTHS + 1, last + 1)]
    first = next((place for place, name in enumerate(names) if name in found), len(names) - 1)
    return {name: found[name] for name in names[first:]}


def _whole(report: ErrorReport, now: datetime) -> bool:
    """Whether every row of the time looked at was read."""
    if report.complete:
        return True
    return report.gap_before is not None and report.gap_before <= now - WINDOW * DAY


def since(rows: Sequence[ErrorRow], now: datetime, *, whole: bool = True) -> Since:
    """Since when there are more errors than usual.

    Errors are counted in days back from now. A day with far more than the usual ones (the median) belongs to a jump;
    where a usual day has none, every day with errors belongs to a streak. The days nearest to now count."""
    times = sorted(
        (row.at, who(row)) for row in rows if row.at is not None and timedelta(0) <= now - row.at < WINDOW * DAY
    )
    days = Counter((now - at) // DAY for at, _who in times)
    usual = median_low([days[day] for day in range(WINDOW)])
    enough = max(TIMES * usual, usual + MORE) if usual else 1
    length = next((day for day in range(WINDOW) if days[day] < enough), WINDOW)
    if not length:
        last = [one for one in times if now - one[0] < DAY]
        course = Course.STEADY if last else Course.QUIET
        return Since(course, None, len(last), _people(last), usual, whole)
    course = Course.JUMP if max(days[day] for day in range(length)) >= usual + MORE else Course.STREAK
    present = times[bisect_left(times, (now - length * DAY, "")) :]
    begun = present[_turn([at for at, _who in present], usual) :]
    return Since(course, begun[0][0], len(begun), _people(begun), usual, whole)


def _people(times: Sequence[tuple[datetime, str]]) -> int:
    return len({user for _at, user in times})


def _turn(times: Sequence[datetime], usual: int) -> int:
    """Where among these the errors began to come faster: the lowest point of their number less what twice the usual
    would have brought by then."""
    faster = max(2 * usual, 1)
    return min(range(len(times)), key=lambda place: place - faster * ((times[place] - times[0]) / DAY))
