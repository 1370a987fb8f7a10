"""Recent changes in Setup that concern the sync, from SetupAuditTrail (salesforce-api.md 5).

`Display` and `Section` cannot be filtered in a query, so it asks by date and the rows are chosen here: by words of two
languages, and by the Action codes that those words single out in this very organisation (no list of them is published).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui.model import SetupChange
from tui.salesforce.report_columns import plain
from tui.salesforce.report_rows import moment
from tui.salesforce.rest import Rest
from tui.sanitise import one_line

DAYS, MOST = 180, 10_000  # of _QUERY: Salesforce keeps at least so many days; so many rows are five pages
_QUERY = (
    "SELECT Action, Section, Display, CreatedDate, CreatedBy.Name FROM SetupAuditTrail "
    "WHERE CreatedDate = LAST_N_DAYS:180 ORDER BY CreatedDate DESC LIMIT 10000"
)

# Words of a change that concerns the sync, in both languages, as `plain` leaves them: product, connection, licences.
KEYWORDS: tuple[str, ...] = (
    r"\blightning sync\b",
    r"\b(exchange|gmail|google)\b",
    r"\bactivity capture\b",
    r"\bcapture d activites?\b|\bcapture des activites\b",
    r"\beinstein activit",
    r"\be ?mail integration\b|\bintegration (d |de |de la )?(e ?mail|messagerie)\b",
    r"\bremote (site|proxy)\b|\bsites? distants?\b",
    r"\bsync(hronization|ed|ing)? (of )?(contacts|events)\b|\b(contacts|events) sync",
    r"\bsynchronisation (des |de )?(contacts|evenements)\b",
    r"activitycapture",
)
_WORDS = re.compile("|".join(KEYWORDS))
# The code may hold the name where the sentence, in a third language, does not.
_CODES = re.compile(
    r"lightningsync|exchangesync|activitycapture|emailintegration|gmail|remoteproxy|remotesite", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Trail:
    """What the trail says of the sync, newest first; `codes` are the Action codes learned in this organisation, `read`
    the rows looked through, `cut` whether older ones of the period were not read."""

    changes: tuple[SetupChange, ...]
    codes: tuple[str, ...]
    read: int
    cut: bool


async def trail(rest: Rest) -> Trail:
    """The changes of the last DAYS days that concern the sync. Raises ServiceError (cause "" where the trail is closed
    to us)."""
    return choose(await rest.query(_QUERY))


def choose(rows: Sequence[Mapping[str, Any]]) -> Trail:
    """The rows that speak of the sync, and those with an Action code of which at least half the rows do so. (One row
    alone would teach a code such as PermSetAssign, which stands for much else.)"""
    speaking = [_speaks(row) for row in rows]
    all_of, spoken = (
        Counter(map(_code, rows)),
        Counter(_code(row) for row, yes in zip(rows, speaking, strict=True) if yes),
    )
    codes = {code for code, number in spoken.items() if code and 2 * number >= all_of[code]}
    chosen = [row for row, yes in zip(rows, speaking, strict=True) if yes or _code(row) in codes]
    return Trail(tuple(map(_change, chosen)), tuple(sorted(codes)), len(rows), cut=len(rows) >= MOST)


def _speaks(row: Mapping[str, Any]) -> bool:
    return bool(_WORDS.search(plain(f"{row.get('Section') or ''} {row.get('Display') or ''}"))) or bool(
        _CODES.search(_code(row))
    )


def _code(row: Mapping[str, Any]) -> str:
    return one_line(row.get("Action"), limit=80)


def _change(row: Mapping[str, Any]) -> SetupChange:
    by = row.get("CreatedBy")
    return SetupChange(
        at=salesforce_time(row.get("CreatedDate")),
        by=one_line(by.get("Name"), limit=200) if isinstance(by, Mapping) else "",
        section=one_line(row.get("Section"), limit=200),
        text=one_line(row.get("Display"), limit=500),
        action=_code(row),
    )


def salesforce_time(value: object) -> datetime | None:
    """A time of the REST API (2026-11-22T13:00:00.000+0000) in UTC, None for anything else."""
    return moment(value, None)
