"""The journal: what was checked, confirmed and reset, when, by whom, in which org, with what outcome.

A call returns when the database has it on disk (SQLite: WAL, synchronous FULL), so what is planned here before a write
to Salesforce starts is found again after a crash. Checks alone, of which hundreds are made in a row, do not wait for
the disk: they outlast a crash of the program, not one of the machine in the same moment. Several processes may share a
journal. Nothing secret is kept: every text passes `tui.sanitise.safe`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, delete, func, insert, select, update

from tui.clock import utc_now
from tui.journal import tables
from tui.journal.database import default_url, guard, open_engine
from tui.journal.place import JournalError
from tui.model import CheckResult, GuidedTest, History, Org, Outcome, Past, User, Verdict, Write
from tui.records import CheckRecord
from tui.sanitise import safe
from tui.words import _

__all__ = ["Journal", "JournalError"]

T = TypeVar("T")

ASKED_AT_ONCE = 500
"""Users asked about in one statement: databases limit how many values it may have."""


class Journal:
    """One journal, open. `url` is any SQLAlchemy url, None for the default place; checks older than `keep_days` days
    are removed at opening, writes and confirmations never. To be used from one thread at a time.

    Every method raises JournalError, whose text is a sentence."""

    def __init__(
        self,
        url: str | None,
        *,
        org: str = "config",
        keep_days: int = 400,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Without a `url` it is the file that belongs to the config file of the name `org`."""
        self._now = now
        self._engine, self.place = open_engine(url if url is not None else default_url(org))
        try:
            with guard(self.place), self._engine.connect() as connection:
                self._found(connection)
                old = now() - timedelta(days=keep_days)
                connection.execute(delete(tables.checks).where(tables.checks.c.checked_at < old))
                connection.commit()
        except BaseException:
            self._engine.dispose()
            raise

    def close(self) -> None:
        """Let go of the database. The journal is not used after this."""
        self._engine.dispose()

    # ---- checks --------------------------------------------------------------------------------------------------

    def record_check(self, org: Org, by: str, result: CheckResult) -> None:
        """Keep the outcome of one check; `by` is the local user."""
        user = result.user
        self._insert(
            tables.checks,
            on_disk=False,
            org_id=org.id,
            user_id=user.id if user else "",
            user_name=user.name if user else "",
            query=result.query,
            by=by,
            acting_user=org.acting_user,
            reported=result.reported,
            verdict=result.judgement.verdict.value,
            causes=result.judgement.causes,
            steps={step.id: step.status.value for step in result.steps},
            open_errors=result.judgement.open_errors,
            sentence=result.sentence,
            checked_at=result.checked_at,
            look_again_at=result.judgement.look_again_at,
        )

    def checks(self, org_id: str, user_id: str, limit: int = 20) -> tuple[CheckRecord, ...]:
        """The newest checks of a user, newest first."""
        table = tables.checks
        return self._rows(
            select(table)
            .where(table.c.org_id == org_id, table.c.user_id == user_id)
            .order_by(table.c.checked_at.desc(), table.c.id.desc())
            .limit(limit),
            _check,
        )

    def latest_checks(self, org_id: str, since: datetime) -> tuple[CheckRecord, ...]:
        """The newest check of each user of this org since then."""
        table = tables.checks
        newest = (
            select(func.max(table.c.id))
            .where(table.c.org_id == org_id, table.c.checked_at >= since, table.c.user_id != "")
            .group_by(table.c.user_id)
        )
        return self._rows(select(table).where(table.c.id.in_(newest)), _check)

    # ---- writes --------------------------------------------------------------------------------------------------

    def begin_write(self, org: Org, by: str, user: User, before: Mapping[str, Any], at: datetime | None = None) -> int:
        """Say that a write is about to start: call this, then ask Salesforce. Returns the write's id.

        `before` is what was seen; its `fails` (cause ids) come back in `history`. `at` is Salesforce's time where it is
        known, else our clock's."""
        return self._insert(
            tables.writes,
            org_id=org.id,
            user_id=user.id,
            user_name=user.name,
            by=by,
            acting_user=org.acting_user,
            planned_at=at or self._now(),
            before=before,
        )

    def pressed(self, write_id: int, at: datetime) -> None:
        """Salesforce has answered the request, at this time of its clock."""
        self._update_write(write_id, pressed_at=at)

    def running(self, write_id: int, at: datetime) -> None:
        """Salesforce said at this time of its clock that the reset was still under way; the latest one stands."""
        self._update_write(write_id, running_at=at)

    def end_write(self, write_id: int, outcome: Outcome, reason: str, after: Mapping[str, Any], at: datetime) -> None:
        """How the write ended. A write that has ended already keeps its first end."""
        self._update_write(write_id, outcome=outcome.value, reason=reason, after=after, ended_at=at)

    def unfinished(self, org_id: str) -> tuple[Write, ...]:
        """The writes of this org that were begun and never ended, oldest first."""
        table = tables.writes
        return self._rows(
            select(table).where(table.c.org_id == org_id, table.c.ended_at.is_(None)).order_by(table.c.id), _write
        )

    def writes(self, org_id: str, user_id: str) -> tuple[Write, ...]:
        """All writes that concern a user, newest first."""
        table = tables.writes
        return self._rows(
            select(table).where(table.c.org_id == org_id, table.c.user_id == user_id).order_by(table.c.id.desc()),
            _write,
        )

    def writes_since(self, org_id: str, since: datetime) -> tuple[Write, ...]:
        """The writes of this org that were planned since then, newest first."""
        table = tables.writes
        return self._rows(
            select(table).where(table.c.org_id == org_id, table.c.planned_at >= since).order_by(table.c.id.desc()),
            _write,
        )

    def write(self, write_id: int) -> Write:
        """One write by its id."""
        rows = self._rows(select(tables.writes).where(tables.writes.c.id == write_id), _write)
        if not rows:
            raise JournalError(_("The journal {place} holds no write {id}.").format(place=self.place, id=write_id))
        return rows[0]

    def history(self, org_id: str, user_id: str) -> History:
        """What the verdict needs to know of this user's past."""
        return self.histories(org_id, [user_id])[user_id]

    def histories(self, org_id: str, user_ids: Iterable[str]) -> dict[str, History]:
        """`history` of each of these users."""
        asked, acks = list(dict.fromkeys(user_ids)), tables.acknowledgements
        resets: dict[str, Write] = {}
        acknowledged: dict[str, datetime] = {}
        for start in range(0, len(asked), ASKED_AT_ONCE):
            some = asked[start : start + ASKED_AT_ONCE]
            resets |= self._resets(org_id, tables.writes.c.user_id.in_(some))
            seen = select(acks.c.user_id, func.max(acks.c.at).label("at")).group_by(acks.c.user_id)
            found = self._rows(seen.where(acks.c.org_id == org_id, acks.c.user_id.in_(some)), lambda row: row)
            acknowledged |= {row.user_id: row.at for row in found}
        return {user_id: _history(resets.get(user_id), acknowledged.get(user_id)) for user_id in asked}

    def _resets(self, org_id: str, *which: ColumnElement[bool]) -> dict[str, Write]:
        """The last completed reset of each user who had one."""
        table = tables.writes
        done = select(table).where(table.c.org_id == org_id, table.c.outcome == Outcome.DONE.value, *which)
        return {write.user_id: write for write in self._rows(done.order_by(table.c.id), _write)}

    def pasts(self, org_id: str) -> tuple[Past, ...]:
        """What is known of each user of this org that the journal names."""
        checks, acks = tables.checks, tables.acknowledgements
        newest = select(func.max(checks.c.id)).where(checks.c.org_id == org_id).group_by(checks.c.user_id)
        checked = {row.user_id: row for row in self._rows(select(checks).where(checks.c.id.in_(newest)), _check)}
        acknowledged = select(acks).where(acks.c.org_id == org_id).order_by(acks.c.at)
        seen = {row.user_id: row for row in self._rows(acknowledged, lambda row: row)}
        resets = self._resets(org_id)
        return tuple(
            _past(user_id, checked.get(user_id), seen.get(user_id), resets.get(user_id))
            for user_id in sorted({*checked, *seen, *resets} - {""})
        )

    # ---- readings of the report ------------------------------------------------------------------------------------

    def read_before(self, org_id: str, by: str, at: datetime) -> datetime | None:
        """When this person last read the error report; from now on that is `at`."""
        table = tables.readings
        mine = (table.c.org_id == org_id, table.c.by == by[:80])
        before = self._rows(select(table.c.at).where(*mine), lambda row: row.at)
        with self._writing() as connection:
            connection.execute(delete(table).where(*mine))
            connection.execute(insert(table).values(_clean({"org_id": org_id, "by": by[:80], "at": at})))
        return before[0] if before else None

    # ---- confirmations and acknowledgements ------------------------------------------------------------------------

    def confirm(self, org_id: str, what: str, by: str, answers: Mapping[str, bool], at: datetime) -> bool:
        """Keep what an admin answered to each sample (user id -> the same in Setup or not); True when all were the
        same and there was at least one."""
        same = bool(answers) and all(answers.values())
        self._insert(tables.confirmations, org_id=org_id, what=what, by=by, same=same, answers=answers, at=at)
        return same

    def confirmed(self, org_id: str, what: str) -> bool:
        """Whether the last answer in this org was "the same"."""
        table = tables.confirmations
        rows = self._rows(
            select(table.c.same)
            .where(table.c.org_id == org_id, table.c.what == what)
            .order_by(table.c.id.desc())
            .limit(1),
            lambda row: row.same,
        )
        return bool(rows and rows[0])

    def record_connection_test(self, org_id: str, test: GuidedTest) -> None:
        """Keep one message of Salesforce's own connection test."""
        self._insert(
            tables.connection_tests,
            org_id=org_id,
            user_id=test.user_id,
            user_name=test.user_name,
            by=test.by,
            side=test.side,
            ok=test.ok,
            message=test.message,
            at=test.at,
        )

    def connection_tests(self, org_id: str, since: datetime) -> tuple[GuidedTest, ...]:
        """The messages recorded in this org since then, newest first."""
        table = tables.connection_tests
        columns = [table.c[name] for name in ("side", "ok", "message", "user_id", "user_name", "by", "at")]
        return self._rows(
            select(*columns)
            .where(table.c.org_id == org_id, table.c.at >= since)
            .order_by(table.c.at.desc(), table.c.id.desc()),
            lambda row: GuidedTest(**row._mapping),
        )

    def acknowledge(self, org_id: str, user_id: str, by: str, note: str, at: datetime) -> None:
        """This user's errors up to `at` were looked at by a person and decide nothing more."""
        self._insert(tables.acknowledgements, org_id=org_id, user_id=user_id, by=by, note=note, at=at)

    def acknowledged_since(self, org_id: str, since: datetime) -> dict[str, datetime]:
        """User id -> when their errors were last acknowledged, as far as that was since then."""
        table = tables.acknowledgements
        rows = self._rows(
            select(table.c.user_id, table.c.at)
            .where(table.c.org_id == org_id, table.c.at >= since)
            .order_by(table.c.at),
            lambda row: (row.user_id, row.at),
        )
        return dict(rows)

    # ---- the database ----------------------------------------------------------------------------------------------

    def _found(self, connection: Connection) -> None:
        """Make the tables where there are none; refuse those of a newer version, untouched."""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # two processes may meet at a new journal
        tables.version.create(connection, checkfirst=True)
        found = connection.execute(select(tables.version.c.version)).scalar()
        if found is None:
            connection.execute(insert(tables.version).values(version=tables.SCHEMA))
        elif found > tables.SCHEMA:
            raise JournalError(
                _(
                    "The journal {place} was written by a newer Passerelle (its form is {found}, this one"
                    " knows {known}). Use the newer version, or name another file under [journal] url."
                ).format(place=self.place, found=found, known=tables.SCHEMA)
            )
        tables.metadata.create_all(connection)  # a newer form has only ever added tables and columns
        for form, column in tables.ADDED:
            if found is not None and found < form:
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {column.name} {kind}")
        if found is not None and found < tables.SCHEMA:
            connection.execute(update(tables.version).values(version=tables.SCHEMA))

    @contextmanager
    def _writing(self, *, on_disk: bool = True) -> Iterator[Connection]:
        """A transaction, which ends with the scope: on the disk, or else with the next that does so."""
        with guard(self.place), self._engine.begin() as connection:
            level = "FULL" if on_disk else "NORMAL"  # other databases than SQLite decide that for themselves
            if connection.dialect.name == "sqlite" and connection.info.get("synchronous") != level:
                connection.exec_driver_sql(f"PRAGMA synchronous={level}")
                connection.info["synchronous"] = level  # the pool keeps the connection
            yield connection

    def _insert(self, table: Table, *, on_disk: bool = True, **values: Any) -> int:
        with self._writing(on_disk=on_disk) as connection:
            key = connection.execute(insert(table), _clean(values)).inserted_primary_key
            return int(key[0]) if key else 0

    def _update_write(self, write_id: int, **values: Any) -> None:
        table = tables.writes
        with self._writing() as connection:
            changed = connection.execute(
                update(table).where(table.c.id == write_id, table.c.ended_at.is_(None)).values(_clean(values))
            )
            found = changed.rowcount
        if not found:
            self.write(write_id)  # raises where there is no such write

    def _rows(self, statement: Select[Any], make: Callable[[Row[Any]], T]) -> tuple[T, ...]:
        with guard(self.place), self._engine.connect() as connection:
            return tuple(map(make, connection.execute(statement)))


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they may be written: texts without control characters and secrets, times as they are."""
    return {key: value if isinstance(value, datetime) else safe(_plain(value)) for key, value in values.items()}


def _plain(value: Any) -> Any:
    """Any mapping as a dict (evidence may come as a read-only view)."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _history(reset: Write | None, acknowledged_at: datetime | None) -> History:
    return History(
        reset_after=(reset.running_at or reset.pressed_at or reset.planned_at) if reset else None,
        fails_at_reset=frozenset(reset.before.get("fails", ())) if reset else frozenset(),
        acknowledged_at=acknowledged_at,
    )


def _past(user_id: str, check: CheckRecord | None, seen: Row[Any] | None, reset: Write | None) -> Past:
    history = _history(reset, seen.at if seen else None)
    by, note = (seen.by, seen.note) if seen else ("", "")
    if check is None:
        return Past(user_id, reset.user_name if reset else "", history=history, acknowledged_by=by, note=note)
    return Past(
        user_id,
        check.user_name,
        checked_at=check.checked_at,
        verdict=check.verdict,
        causes=check.causes,
        assigned=_assigned(check),
        history=history,
        acknowledged_by=by,
        note=note,
    )


def _assigned(check: CheckRecord) -> bool | None:
    """What the step on the configuration found, where it could tell."""
    return {"pass": True, "fail": False}.get(check.steps.get("salesforce.assignment", ""))


def _check(row: Row[Any]) -> CheckRecord:
    values = dict(row._mapping)
    return CheckRecord(**{**values, "verdict": Verdict(values["verdict"]), "causes": tuple(values["causes"])})


def _write(row: Row[Any]) -> Write:
    values = dict(row._mapping)
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    values["stage"] = "ended" if values["ended_at"] else "pressed" if values["pressed_at"] else "planned"
    return Write(**values)
