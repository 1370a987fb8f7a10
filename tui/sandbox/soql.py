"""SOQL, as much of it as a triage needs, and no more lenient than the real one: text in, a parsed query out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


class SoqlError(Exception):
    """A query that Salesforce would refuse. `code` is its error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def malformed(message: str) -> SoqlError:
    return SoqlError("MALFORMED_QUERY", message)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """COUNT() has no field; COUNT(Id) has. `alias` is "" where the query gives none."""

    function: str
    field: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value of the query. `kind`: string, number, boolean, null, datetime, date, or word (LAST_N_DAYS:30)."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    left: str | Aggregate
    operator: str
    right: Literal | tuple[Literal, ...] | Query


@dataclass(frozen=True, slots=True)
class Not:
    inner: Condition


@dataclass(frozen=True, slots=True)
class Junction:
    """`parts` joined by `word` (AND or OR)."""

    word: str
    parts: tuple[Condition, ...]


Condition = Comparison | Not | Junction


@dataclass(frozen=True, slots=True)
class Order:
    field: str
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    select: tuple[str | Aggregate, ...]
    table: str
    where: Condition | None = None
    group: tuple[str, ...] = ()
    having: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0


_TOKEN = re.compile(
    r"""\s+
    | (?P<string>'(?:[^'\\]|\\.)*')
    | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
    | (?P<date>\d{4}-\d\d-\d\d)
    | (?P<number>[+-]?\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    | (?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,|:)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_RESERVED = {"SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"}
_DATE_WORDS = {"TODAY", "YESTERDAY", "TOMORROW", "THIS_YEAR", "LAST_YEAR", "THIS_MONTH", "LAST_MONTH"}
_DATE_RANGES = {"LAST_N_DAYS", "NEXT_N_DAYS", "N_DAYS_AGO"}
SIGNS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
ID_LENGTHS = (15, 18)


def parse(text: str) -> Query:
    """The query. Raises SoqlError (MALFORMED_QUERY) for whatever the grammar does not have."""
    parser = _Parser(_tokens(text))
    query = parser.query()
    if parser.kind != "end":
        raise malformed(f"unexpected token: '{parser.text}'")
    return query


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise malformed(f"unexpected token: '{text[place : place + 20]}'")
        if match.lastgroup:
            tokens.append((match.lastgroup, match.group()))
        place = match.end()
    return [*tokens, ("end", "<EOF>")]


def unquote(quoted: str) -> str:
    """The text of a quoted string; wildcards of LIKE keep their backslash. Raises SoqlError on an unknown escape."""

    def one(match: re.Match[str]) -> str:
        code, letter = match[1], match[2]
        if code:
            return chr(int(code, 16))
        if letter in "%_":
            return "\\" + letter
        if letter.lower() not in _ESCAPES:
            raise malformed(f"Invalid string literal '\\{letter}'. Illegal character sequence.")
        return _ESCAPES[letter.lower()]

    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", one, quoted[1:-1], flags=re.DOTALL)


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.place][0]

    @property
    def text(self) -> str:
        return self.tokens[self.place][1]

    def is_word(self, *words: str) -> bool:
        return self.kind == "name" and self.text.upper() in words

    def is_sign(self, sign: str) -> bool:
        return self.kind == "sign" and self.text == sign

    def take(self) -> str:
        text = self.text
        self.place += 1
        return text

    def word(self, *words: str) -> None:
        if not self.is_word(*words):
            raise malformed(f"unexpected token: '{self.text}' (expecting {' or '.join(words)})")
        self.place += 1

    def sign(self, sign: str) -> None:
        if not self.is_sign(sign):
            raise malformed(f"unexpected token: '{self.text}' (expecting '{sign}')")
        self.place += 1

    def name(self) -> str:
        if self.kind != "name" or self.text.upper() in _RESERVED:
            raise malformed(f"unexpected token: '{self.text}'")
        return self.take()

    def query(self) -> Query:
        self.word("SELECT")
        select = self.listed(self.selected)
        self.word("FROM")
        table = self.name()
        where = group = having = None
        order: tuple[Order, ...] = ()
        if self.is_word("WHERE"):
            self.take()
            where = self.condition(self.plain_left)
        if self.is_word("GROUP"):
            self.take()
            self.word("BY")
            group = self.listed(self.name)
            if self.is_word("HAVING"):
                self.take()
                having = self.condition(self.having_left)
        if self.is_word("ORDER"):
            self.take()
            self.word("BY")
            order = self.listed(self.ordering)
        limit = self.number("LIMIT")
        offset = self.number("OFFSET")
        return Query(select, table, where, group or (), having, order, limit, offset or 0)

    def listed(self, one: Any) -> tuple[Any, ...]:
        items = [one()]
        while self.is_sign(","):
            self.take()
            items.append(one())
        return tuple(items)

    def selected(self) -> str | Aggregate:
        name = self.name()
        if not self.is_sign("("):
            return name
        aggregate = self.aggregate(name)
        if self.kind == "name" and not self.is_word("FROM"):
            aggregate = Aggregate(aggregate.function, aggregate.field, self.name())
        return aggregate

    def aggregate(self, function: str) -> Aggregate:
        if function.upper() not in {"COUNT", "MIN", "MAX", "COUNT_DISTINCT"}:
            raise malformed(f"unknown function: '{function}'")
        self.sign("(")
        field = "" if self.is_sign(")") else self.name()
        self.sign(")")
        if not field and function.upper() != "COUNT":
            raise malformed(f"unexpected token: ')' in {function}()")
        return Aggregate(function.upper(), field)

    def plain_left(self) -> str:
        return self.name()

    def having_left(self) -> str | Aggregate:
        name = self.name()
        return self.aggregate(name) if self.is_sign("(") else name

    def condition(self, left: Any) -> Condition:
        """One level of conditions: all AND, all OR, or one NOT; to mix them takes parentheses, as in Salesforce."""
        if self.is_word("NOT"):
            self.take()
            inner: Condition = Not(self.term(left))
            if self.is_word("AND", "OR"):
                raise malformed(f"unexpected token: '{self.text}'")
            return inner
        parts = [self.term(left)]
        joined = ""
        while self.is_word("AND", "OR"):
            word = self.take().upper()
            if joined and word != joined:
                raise malformed(f"unexpected token: '{word}'")
            joined = word
            parts.append(self.term(left))
        return Junction(joined, tuple(parts)) if joined else parts[0]

    def term(self, left: Any) -> Condition:
        if self.is_sign("("):
            self.take()
            inner = self.condition(left)
            self.sign(")")
            return inner
        return self.comparison(left)

    def comparison(self, left: Any) -> Comparison:
        field = left()
        if self.kind == "sign" and self.text in SIGNS:
            return Comparison(field, SIGNS[self.take()], self.literal())
        if self.is_word("LIKE"):
            self.take()
            return Comparison(field, "LIKE", self.literal())
        negated = self.is_word("NOT")
        if negated:
            self.take()
        self.word("IN")
        self.sign("(")
        values: Query | tuple[Literal, ...] = self.query() if self.is_word("SELECT") else self.listed(self.literal)
        self.sign(")")
        return Comparison(field, "NOT IN" if negated else "IN", values)

    def literal(self) -> Literal:
        kind, text = self.kind, self.text
        if kind == "string":
            self.take()
            return Literal("string", unquote(text))
        if kind == "number":
            self.take()
            return Literal("number", float(text) if "." in text else int(text))
        if kind in {"date", "datetime"}:
            self.take()
            return Literal(kind, text)
        upper = text.upper()
        if kind == "name" and upper in {"TRUE", "FALSE"}:
            self.take()
            return Literal("boolean", upper == "TRUE")
        if kind == "name" and upper == "NULL":
            self.take()
            return Literal("null", None)
        if kind == "name" and upper in _DATE_WORDS:
            self.take()
            return Literal("word", (upper, 0))
        if kind == "name" and upper in _DATE_RANGES:
            self.take()
            self.sign(":")
            if self.kind != "number" or not self.text.isdigit():
                raise malformed(f"unexpected token: '{self.text}'")
            return Literal("word", (upper, int(self.take())))
        raise malformed(f"unexpected token: '{text}'")

    def ordering(self) -> Order:
        field = self.name()
        descending = self.is_word("DESC")
        if self.is_word("ASC", "DESC"):
            self.take()
        nulls_last = False
        if self.is_word("NULLS"):
            self.take()
            nulls_last = self.is_word("LAST")
            self.word("FIRST", "LAST")
        return Order(field, descending, nulls_last)

    def number(self, word: str) -> int | None:
        if not self.is_word(word):
            return None
        self.take()
        if self.kind != "number" or not self.text.isdigit():
            raise malformed(f"unexpected token: '{self.text}'")
        return int(self.take())
