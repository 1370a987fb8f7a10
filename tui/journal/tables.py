"""The journal's tables. Times are kept as text in UTC, which sorts as it reads and loses no time zone in SQLite."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import JSON, Boolean, Column, Dialect, Index, Integer, MetaData, String, Table, Text, TypeDecorator

SCHEMA = 4
"""1: the first. 2: with `connection_tests`. 3: with `readings`. 4: a check with `look_again_at`."""


class Moment(TypeDecorator[datetime]):
    """A timezone-aware datetime, in and out in UTC."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()

version = Table("passerelle_schema", metadata, Column("version", Integer, nullable=False))

checks = Table(
    "checks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org_id", String(18), nullable=False),
    Column("user_id", String(18), nullable=False),  # empty where Salesforce could not be asked who that is
    Column("user_name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("acting_user", Text, nullable=False),
    Column("reported", Boolean, nullable=False),
    Column("verdict", String(40), nullable=False),
    Column("causes", JSON, nullable=False),
    Column("steps", JSON, nullable=False),  # step id -> status; what they were shown by is the support packet's
    Column("open_errors", Integer, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Column("look_again_at", Moment),
    Index("checks_of_user", "org_id", "user_id", "checked_at"),
)

writes = Table(
    "writes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org_id", String(18), nullable=False),
    Column("user_id", String(18), nullable=False),
    Column("user_name", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("acting_user", Text, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("pressed_at", Moment),
    Column("running_at", Moment),
    Column("ended_at", Moment),
    Column("outcome", String(10)),
    Column("reason", Text, nullable=False, default=""),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False, default=dict),
    Index("writes_of_user", "org_id", "user_id", "id"),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org_id", String(18), nullable=False),
    Column("what", String(40), nullable=False),
    Column("by", Text, nullable=False),
    Column("same", Boolean, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org_id", String(18), nullable=False),
    Column("user_id", String(18), nullable=False),
    Column("by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("acknowledgements_of_user", "org_id", "user_id"),
)

connection_tests = Table(
    "connection_tests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org_id", String(18), nullable=False),
    Column("user_id", String(18), nullable=False),  # with whom it was made
    Column("user_name", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("side", String(10), nullable=False),
    Column("ok", Boolean),  # null: a wording that is not known
    Column("message", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("connection_tests_of_org", "org_id", "at"),
)

readings = Table(
    "readings",  # when somebody last read the error report: what came later is new to them
    metadata,
    Column("org_id", String(18), primary_key=True),
    Column("by", String(80), primary_key=True),
    Column("at", Moment, nullable=False),
)

ADDED = ((4, checks.c.look_again_at),)
"""The columns that a later form added to a table of the first: the form, and the column, empty in older rows."""
