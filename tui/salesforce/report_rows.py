"""The rows of a report run (tabular, summary or matrix), read without loss, as ErrorRows.

Facts: cells follow reportMetadata.detailColumns; grouping columns are not repeated there; fact map keys are unordered
(salesforce-api.md 3.4).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tui.model import ErrorRow, ErrorType
from tui.salesforce.report_columns import Column, error_type
from tui.salesforce.users import user_id
from tui.sanitise import one_line, sanitise

EMPTY_CELL = "-"  # what a report shows where there is nothing


class Cells(Mapping[str, str]):
    """Column label -> cell label in the report's order; the rows of one reading share the labels."""

    __slots__ = ("_labels", "_values")

    def __init__(self, labels: tuple[str, ...], values: tuple[str, ...]) -> None:
        self._labels = labels
        self._values = values

    def __getitem__(self, label: str) -> str:
        try:
            return self._values[self._labels.index(label)]
        except ValueError:
            raise KeyError(label) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels)

    def __len__(self) -> int:
        return len(self._labels)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Cells):
            return self._values == other._values and self._labels == other._labels
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment] # as a dict's

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `value` is the raw value (None: empty), `label` what the acting user would see."""

    value: Any
    label: str

    @property
    def logic(self) -> str:
        """What to compare with: the value where there is one, as text."""
        return self.value if isinstance(self.value, str) else "" if self.value is None else self.label


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a run: each a mapping from column name to cell. `total` is the report's own row count, None where it
    gives none; `complete` is False where Salesforce says that rows were cut, or counts more than it sent."""

    rows: tuple[Mapping[str, Cell], ...]
    total: int | None
    complete: bool


class Unreadable(ValueError):  # noqa: N818 - reads as what happened
    """The answer is not the shape that the Analytics API documents."""


def read_table(run: Mapping[str, Any]) -> Table:
    """All rows of a run's answer, in the order of its groups. Raises Unreadable."""
    metadata = run.get("reportMetadata")
    facts = run.get("factMap")
    if not isinstance(metadata, dict) or not isinstance(facts, dict) or not isinstance(run.get("allData"), bool):
        raise Unreadable("no reportMetadata, factMap or allData")
    names = metadata.get("detailColumns")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Unreadable("no detailColumns")
    down = _groups(run, metadata, "groupingsDown")
    across = _groups(run, metadata, "groupingsAcross")
    rows = tuple(
        dict(zip(names, cells, strict=True)) | down.get(key[0], {}) | across.get(key[1], {})
        for key, fact in _leaves(facts, down, across)
        for cells in _detail_rows(fact, len(names))
    )
    total = _total(metadata, facts)
    cut = run["allData"] is False or run.get("hasExceededTabularRowLimit") is True
    return Table(rows, total, complete=not cut and (total is None or total <= len(rows)))


def _leaves(
    facts: Mapping[str, Any], down: Mapping[str, Any], across: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
    """The facts that hold rows, in the order of the groups. A sum above a group repeats none of its rows, but should
    one do so, the deepest facts alone count."""
    order = {key: place for place, key in enumerate([*down, "T"])}, {key: place for place, key in enumerate([*across])}
    held = {
        (parts[0], parts[-1]): fact
        for key, fact in facts.items()
        if isinstance(fact, dict) and isinstance(fact.get("rows"), list) and fact["rows"]
        if len(parts := key.split("!")) == 2
    }
    deepest = max((_depth(key) for key in held), default=0)
    for key in sorted(held, key=lambda key: (order[0].get(key[0], len(order[0])), order[1].get(key[1], len(order[1])))):
        if _depth(key) == deepest:
            yield key, held[key]


def _depth(key: tuple[str, str]) -> int:
    return sum(0 if part == "T" else part.count("_") + 1 for part in key)


def _groups(run: Mapping[str, Any], metadata: Mapping[str, Any], way: str) -> dict[str, dict[str, Cell]]:
    """Group key ("0", "0_1") -> the grouping columns' cells, in the groups' order."""
    listed = metadata.get(way)
    levels = [str(entry.get("name")) for entry in listed or [] if isinstance(entry, dict)]
    found: dict[str, dict[str, Cell]] = {}

    def walk(groups: Any, above: dict[str, Cell], level: int) -> None:
        for group in groups if isinstance(groups, list) and level < len(levels) else []:
            if isinstance(group, dict) and isinstance(group.get("key"), str):
                cells = above | {levels[level]: _cell(group)}
                found[group["key"]] = cells
                walk(group.get("groupings"), cells, level + 1)

    top = run.get(way)
    walk(top.get("groupings") if isinstance(top, dict) else None, {}, 0)
    return found


def _detail_rows(fact: Mapping[str, Any], width: int) -> Iterator[list[Cell]]:
    for row in fact["rows"]:
        cells = row.get("dataCells") if isinstance(row, dict) else None
        if not isinstance(cells, list) or len(cells) != width:
            raise Unreadable("a row has not one cell for each column")
        yield [_cell(cell) for cell in cells]


def _cell(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        raise Unreadable("a cell is no object")
    label = cell.get("label")
    shown = sanitise(label if isinstance(label, str) else "" if label is None else str(label))
    return Cell(cell.get("value", shown or None), shown)


def _total(metadata: Mapping[str, Any], facts: Mapping[str, Any]) -> int | None:
    names = metadata.get("aggregates")
    grand = facts.get("T!T")
    sums = grand.get("aggregates") if isinstance(grand, dict) else None
    if not isinstance(names, list) or "RowCount" not in names or not isinstance(sums, list):
        return None
    place = names.index("RowCount")
    value = sums[place].get("value") if place < len(sums) and isinstance(sums[place], dict) else None
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None


def moment(value: Any, zone: ZoneInfo | None) -> datetime | None:
    """An ISO date and time with its offset, in UTC; a date alone is its midnight in the acting user's zone. None for
    anything else: a label is in somebody's locale, and would have to be guessed."""
    if not isinstance(value, str):
        return None
    try:
        if len(value) == 10:
            day = date.fromisoformat(value)
            return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) if zone else None
        found = datetime.fromisoformat(value)
    except (ValueError, OverflowError):
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def error_rows(
    table: Table,
    columns: list[Column],
    meanings: Mapping[str, Column],
    declared: Mapping[Any, tuple[str, ...]],
    zone: ZoneInfo | None,
    texts: dict[str, str] | None = None,
) -> tuple[ErrorRow, ...]:
    """The rows as errors. A row's id is a hash of its raw cells and its number among equal rows, which are all kept.
    `texts` holds what other tables of the same report said: a text that comes again is not kept twice."""
    texts = {} if texts is None else texts
    share = texts.setdefault
    labels = _labels(columns)
    shown = tuple(name for name in max(table.rows, key=len, default={}) if name in labels)
    headings = tuple(labels[name] for name in shown)
    kinds: dict[tuple[str, str], ErrorType] = {}
    counted: Counter[str] = Counter()
    found = []
    for row in table.rows:
        digest = _digest(row)
        counted[digest] += 1
        who, kind, text, at = (
            row.get(meanings[meaning].name) if meaning in meanings else None
            for meaning in ("user", "type", "text", "at")
        )
        said = (kind.logic, kind.label) if kind else ("", "")
        if said not in kinds:
            kinds[said] = error_type(*said, declared)
        name = one_line(who.label) if who and (who.value is not None or who.label != EMPTY_CELL) else ""
        key = user_id(who.value) if who else None
        label = one_line(said[1])
        message = text.label if text and text.value is not None else ""
        found.append(
            ErrorRow(
                id=f"{digest}-{counted[digest]}",
                at=moment(at.value, zone) if at else None,
                user_id=share(key, key) if key else None,
                user_name=share(name, name),
                type=kinds[said],
                type_label=share(label, label),
                text=share(message, message),
                cells=Cells(
                    headings,
                    tuple(share(cell, cell) for cell in (row[name].label if name in row else "" for name in shown)),
                ),
            )
        )
    return tuple(found)


def numbered(rows: Iterable[ErrorRow]) -> tuple[ErrorRow, ...]:
    """The rows of several tables of one report, equal ones numbered over all of them: the same ids as if they had come
    in one table."""
    counted: Counter[str] = Counter()
    found = []
    for row in rows:
        digest, _dash, number = row.id.rpartition("-")
        counted[digest] += 1
        same = number == str(counted[digest])
        found.append(row if same else replace(row, id=f"{digest}-{counted[digest]}"))
    return tuple(found)


def _labels(columns: list[Column]) -> dict[str, str]:
    """Column name -> label; the second of two equal labels carries its number, or one cell would hide the other."""
    seen: Counter[str] = Counter()
    labels = {}
    for column in columns:
        seen[column.label] += 1
        labels[column.name] = column.label if seen[column.label] == 1 else f"{column.label} ({seen[column.label]})"
    return labels


def _digest(row: Mapping[str, Cell]) -> str:
    raw = json.dumps({name: cell.value for name, cell in row.items()}, sort_keys=True, default=str)
    return hashlib.sha256(raw.encode()).hexdigest()[:20]
