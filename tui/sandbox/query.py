"""Runs a parsed SOQL query over the tables of the practice organisation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cmp_to_key
from typing import Any

from tui.sandbox.objects import TABLES, Row, Table
from tui.sandbox.soql import ID_LENGTHS, Aggregate, Comparison, Condition, Junction, Literal, Not, Query, SoqlError
from tui.sandbox.state import World

Getter = Callable[[Row], Any]
_TEXTS = {"string", "email"}
_IDS = {"id", "reference"}
_EXPECTED = {"boolean": "boolean", "datetime": "dateTime", "string": "string", "email": "string", "id": "string",
             "reference": "string"}  # fmt: skip


class Run:
    """One query over one world. `rows` are ready for JSON; `total` is what COUNT() gives."""

    def __init__(self, world: World, query: Query, now: datetime, version: str, *, tooling: bool = False) -> None:
        self.world = world
        self.now = now
        self.version = version
        self.tooling = tooling
        self.indices: dict[str, dict[str, Row]] = {}
        self.table = self._table(query.table)
        found = self._found(query)
        self.rows: list[Row]
        counts = [one for one in query.select if isinstance(one, Aggregate)]
        if len(query.select) == 1 and counts and not counts[0].field:
            if query.group:
                raise SoqlError("MALFORMED_QUERY", "COUNT() cannot be used with GROUP BY")
            self.rows, self.total = [], len(found)
            return
        if counts or query.group:
            shown = self._grouped(query, found)
        else:
            self._no_duplicates(query)
            paths = [(str(name), self._field(self.table, str(name))[0]) for name in query.select]
            shown = [self._shape(row, paths) for row in found]
        if not query.group and not counts:
            shown = self._cut(query, shown)
        self.rows, self.total = shown, len(shown)

    def _cut(self, query: Query, rows: list[Row]) -> list[Row]:
        if query.offset > 2000:
            raise SoqlError("NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000")
        return rows[query.offset : None if query.limit is None else query.offset + query.limit]

    def _found(self, query: Query) -> list[Row]:
        test = self._test(query.where, self._plain) if query.where else None
        rows = [row for row in self._candidates(query.where) if test is None or test(row)]
        if query.order and not query.group:
            ordering = [(self._field(self.table, one.field), one) for one in query.order]

            def compare(a: Row, b: Row) -> int:
                for (getter, kind), one in ordering:
                    left, right = _same(getter(a), kind), _same(getter(b), kind)
                    if left == right:
                        continue
                    if left is None or right is None:
                        first = (left is None) != one.nulls_last
                        return -1 if first else 1
                    return (-1 if left < right else 1) * (-1 if one.descending else 1)
                return 0

            rows.sort(key=cmp_to_key(compare))
        return rows

    def _candidates(self, where: Condition | None) -> Iterable[Row]:
        """The rows among which the query looks: those of one owner, where it can be about no other's."""
        owner = _owner(where) if self.table.owned else None
        if self.table.owned is None or owner is None:
            return self.table.rows(self.world)
        return (
            row
            for person in self.world.people
            if person.id[:15] == owner[:15]
            for row in self.table.owned(self.world, person)
        )

    # Names

    def _table(self, name: str) -> Table:
        table = TABLES.get(name.lower())
        if table is None or (table.tooling and not self.tooling):
            raise SoqlError(
                "INVALID_TYPE",
                f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to "
                "append the '__c' after the entity name. Please reference your WSDL or the describe call for the "
                "appropriate names.",
            )
        return table

    def _field(self, table: Table, path: str) -> tuple[Getter, str]:
        """How to get a field's value out of a row, and its type. Raises INVALID_FIELD."""
        first, _dot, rest = path.partition(".")
        if not rest:
            name = next((name for name in table.fields if name.lower() == first.lower()), None)
            if name is None:
                raise SoqlError(
                    "INVALID_FIELD",
                    f"No such column '{first}' on entity '{table.name}'. If you are attempting to use a custom field, "
                    "be sure to append the '__c' after the custom field name.",
                )
            return (lambda row: row[name]), table.fields[name]
        if first.lower() == table.name.lower():
            return self._field(table, rest)
        relation = next((name for name in table.parents if name.lower() == first.lower()), None)
        if relation is None:
            raise SoqlError("INVALID_FIELD", f"Didn't understand relationship '{first}' in field path.")
        key, target = table.parents[relation]
        parent = TABLES[target.lower()]
        inner, kind = self._field(parent, rest)
        index = self._index(parent)

        def through(row: Row) -> Any:
            other = index.get(row[key] or "")
            return None if other is None else inner(other)

        return through, kind

    def _index(self, table: Table) -> dict[str, Row]:
        if table.name not in self.indices:
            self.indices[table.name] = {row["Id"]: row for row in table.rows(self.world)}
        return self.indices[table.name]

    def _no_duplicates(self, query: Query) -> None:
        names = [str(name).lower() for name in query.select]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise SoqlError("INVALID_FIELD", f"duplicate field selected: {twice}")

    # Conditions

    def _plain(self, left: str | Aggregate) -> tuple[Getter, str]:
        getter, kind = self._field(self.table, str(left))
        name = str(left).lower()
        if any(hidden.lower() == name for hidden in self.table.hidden):
            raise SoqlError("INVALID_FIELD", f"field '{left}' can not be filtered in a query call")
        return getter, kind

    def _test(
        self, condition: Condition, left: Callable[[str | Aggregate], tuple[Getter, str]]
    ) -> Callable[[Row], bool]:
        if isinstance(condition, Not):
            inner = self._test(condition.inner, left)
            return lambda row: not inner(row)
        if isinstance(condition, Junction):
            parts = [self._test(part, left) for part in condition.parts]
            every = all if condition.word == "AND" else any
            return lambda row: every(part(row) for part in parts)
        getter, kind = left(condition.left)
        matches = self._matches(condition, kind)
        return lambda row: matches(getter(row))

    def _matches(self, condition: Comparison, kind: str) -> Callable[[Any], bool]:
        right, operator = condition.right, condition.operator
        if isinstance(right, Query):
            allowed = {_same(value, kind) for value in self._column(right)}
        elif isinstance(right, tuple):
            allowed = {_same(self._value(one, kind, condition), kind) for one in right}
        else:
            return self._single(condition, right, kind)
        return (
            (lambda value: _same(value, kind) in allowed)
            if operator == "IN"
            else (lambda value: _same(value, kind) not in allowed)
        )

    def _single(self, condition: Comparison, right: Literal, kind: str) -> Callable[[Any], bool]:
        operator = condition.operator
        if operator == "LIKE":
            if kind not in _TEXTS or right.kind != "string":
                raise SoqlError("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on {kind} field: LIKE")
            pattern = _like(str(right.value))
            return lambda value: value is not None and pattern.fullmatch(value) is not None
        if right.kind == "word":
            return _in_range(operator, *_range(right.value, self.now, self.world.zone))
        if right.kind == "null":
            if operator not in {"=", "!="}:
                raise SoqlError("MALFORMED_QUERY", "null can only be compared with = or !=")
            return (lambda value: value is None) if operator == "=" else (lambda value: value is not None)
        wanted = _same(self._value(right, kind, condition), kind)
        if operator == "=":
            return lambda value: _same(value, kind) == wanted
        if operator == "!=":
            return lambda value: _same(value, kind) != wanted
        if kind == "boolean":
            raise SoqlError("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on boolean field: {operator}")
        order = _ORDER[operator]
        return lambda value: value is not None and order(_same(value, kind), wanted)

    def _value(self, literal: Literal, kind: str, condition: Comparison) -> Any:
        fits = {
            "boolean": {"boolean"},
            "datetime": {"datetime"},
            "number": {"number"},
        }.get(kind, {"string"})
        if literal.kind not in fits | {"null"}:
            name = condition.left if isinstance(condition.left, str) else condition.left.field
            enclosed = "should not be" if literal.kind == "string" else "should be"
            raise SoqlError(
                "INVALID_FIELD",
                f"value of filter criterion for field '{name}' must be of type {_EXPECTED.get(kind, kind)} and "
                f"{enclosed} enclosed in quotes",
            )
        if kind in _IDS and literal.value is not None and not _is_id(literal.value):
            raise SoqlError("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {literal.value}")
        return literal.value

    def _column(self, query: Query) -> Iterable[Any]:
        if len(query.select) != 1 or isinstance(query.select[0], Aggregate):
            raise SoqlError("MALFORMED_QUERY", "a subquery in a condition must select one field")
        inner = Run.__new__(Run)
        inner.world, inner.now, inner.version, inner.tooling, inner.indices = (
            self.world, self.now, self.version, self.tooling, self.indices,
        )  # fmt: skip
        inner.table = inner._table(query.table)
        getter, kind = inner._field(inner.table, query.select[0])
        if kind not in _IDS:
            raise SoqlError("MALFORMED_QUERY", f"the subquery must select an id, not '{query.select[0]}'")
        return [getter(row) for row in inner._cut(query, inner._found(query))]

    # Shapes

    def _shape(self, row: Row, paths: list[tuple[str, Getter]]) -> Row:
        shown: Row = {"attributes": self._attributes(self.table, row)}
        for path, getter in paths:
            self._put(shown, self.table, row, path, getter(row))
        return shown

    def _put(self, shown: Row, table: Table, row: Row, path: str, value: Any) -> None:
        first, _dot, rest = path.partition(".")
        if rest and first.lower() == table.name.lower():
            self._put(shown, table, row, rest, value)
            return
        if not rest:
            shown[next(name for name in table.fields if name.lower() == first.lower())] = value
            return
        relation = next(name for name in table.parents if name.lower() == first.lower())
        key, target = table.parents[relation]
        parent = TABLES[target.lower()]
        other = self._index(parent).get(row[key] or "")
        if other is None:
            shown[relation] = None
            return
        inner = shown.setdefault(relation, {"attributes": self._attributes(parent, other)})
        self._put(inner, parent, other, rest, value)

    def _attributes(self, table: Table, row: Row) -> Mapping[str, str]:
        kind = "tooling/sobjects" if table.tooling else "sobjects"
        return {"type": table.name, "url": f"/services/data/v{self.version}/{kind}/{table.name}/{row['Id']}"}

    def _grouped(self, query: Query, found: list[Row]) -> list[Row]:
        keys = [self._field(self.table, name) for name in query.group]
        allowed = {name.lower() for name in query.group}
        for one in query.select:
            if isinstance(one, str) and one.lower() not in allowed:
                raise SoqlError("MALFORMED_QUERY", f"Field must be grouped or aggregated: {one}")
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in found:
            groups.setdefault(tuple(_same(getter(row), kind) for getter, kind in keys), []).append(row)
        if not query.group:
            groups = {(): found}
        shown = []
        for rows in groups.values():
            members = {"rows": rows}
            if query.having is not None and not self._test(query.having, self._aggregated)(members):
                continue
            result: Row = {"attributes": {"type": "AggregateResult"}}
            number = 0
            for one in query.select:
                if isinstance(one, str):
                    result[one.rpartition(".")[2]] = self._field(self.table, one)[0](rows[0])
                    continue
                result[one.alias or f"expr{number}"] = self._aggregated(one)[0](members)
                number += not one.alias
            shown.append(result)
        return self._cut(query, shown)

    def _aggregated(self, left: str | Aggregate) -> tuple[Getter, str]:
        if isinstance(left, str):
            getter, kind = self._field(self.table, left)
            return (lambda group: getter(group["rows"][0])), kind
        if not left.field:
            return (lambda group: len(group["rows"])), "number"
        if self.table.name == "SetupAuditTrail":
            raise SoqlError("MALFORMED_QUERY", "field does not support aggregate operator COUNT")
        getter, kind = self._field(self.table, left.field)

        def values(group: Row) -> list[Any]:
            return [value for value in map(getter, group["rows"]) if value is not None]

        functions: dict[str, tuple[Getter, str]] = {
            "COUNT": (lambda group: len(values(group)), "number"),
            "COUNT_DISTINCT": (lambda group: len({_same(value, kind) for value in values(group)}), "number"),
            "MIN": (lambda group: min(values(group), default=None), kind),
            "MAX": (lambda group: max(values(group), default=None), kind),
        }
        return functions[left.function]


_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def _owner(condition: Condition | None) -> str | None:
    """The owner that every row must have to meet the condition; None where it does not name one alone."""
    if isinstance(condition, Junction) and condition.word == "AND":
        return next((owner for part in condition.parts if (owner := _owner(part))), None)
    if isinstance(condition, Comparison) and str(condition.left).lower() == "ownerid" and condition.operator == "=":
        right = condition.right
        return str(right.value) if isinstance(right, Literal) and right.kind == "string" else None
    return None


def _same(value: Any, kind: str) -> Any:
    """What two values of a field are compared by: ids by 15 characters, texts without case, moments as moments."""
    if value is None:
        return None
    if kind in _IDS:
        return value[:15]
    if kind in _TEXTS:
        return value.lower()
    return _moment(value) if kind == "datetime" else value


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and value.isalnum() and value.isascii() and len(value) in ID_LENGTHS


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise SoqlError("MALFORMED_QUERY", f"line 1: invalid date time: '{text}'") from None


def _like(pattern: str) -> re.Pattern[str]:
    wild = {"%": ".*", "_": "."}
    parts = re.findall(r"\\[%_]|.", pattern, flags=re.DOTALL)
    text = "".join(wild.get(part) or re.escape(part[-1]) for part in parts)
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def _range(word: tuple[str, int], now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first moment of a date word's range, and the first after it, in the acting user's days."""
    name, number = word
    day = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    one = timedelta(days=1)
    month = day.replace(day=1)
    ranges: dict[str, tuple[datetime, datetime]] = {
        "TODAY": (day, day + one),
        "YESTERDAY": (day - one, day),
        "TOMORROW": (day + one, day + 2 * one),
        "THIS_YEAR": (day.replace(month=1, day=1), day.replace(year=day.year + 1, month=1, day=1)),
        "LAST_YEAR": (day.replace(year=day.year - 1, month=1, day=1), day.replace(month=1, day=1)),
        "THIS_MONTH": (month, (month + 32 * one).replace(day=1)),
        "LAST_MONTH": ((month - one).replace(day=1), month),
        "LAST_N_DAYS": (day - number * one, day + one),
        "NEXT_N_DAYS": (day + one, day + (number + 1) * one),
        "N_DAYS_AGO": (day - number * one, day - (number - 1) * one),
    }
    first, end = ranges[name]
    return first.astimezone(UTC), end.astimezone(UTC)


def _in_range(operator: str, first: datetime, end: datetime) -> Callable[[Any], bool]:
    tests: dict[str, Callable[[datetime], bool]] = {
        "=": lambda moment: first <= moment < end,
        "!=": lambda moment: not first <= moment < end,
        "<": lambda moment: moment < first,
        ">": lambda moment: moment >= end,
        "<=": lambda moment: moment < end,
        ">=": lambda moment: moment >= first,
    }
    test = tests[operator]
    return lambda value: value is not None and test(_moment(value))
