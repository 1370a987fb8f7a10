"""Everything that the program can ask Salesforce and Google, asked once of a practice org that records it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.judges.recording import Exchange, recorded
from tui.config import Settings, load
from tui.http import Http
from tui.journal.store import Journal
from tui.model import Configuration, Outcome, ServiceError
from tui.salesforce.client import Salesforce
from tui.sandbox.options import Options
from tui.triage.session import Session

PEOPLE = 150

# Texts that a person may type, paste or have as a name, and that a query must carry as they are.
HOSTILE = (
    "O'Brien",
    "''",
    "\\",
    "ends with \\",
    "\\' OR Name LIKE '%",
    "' OR Id != null OR Name = '",
    "50% off",
    "a_b",
    "\\% \\_ \\n",
    'the "quoted" one',
    "{values} {0} {name!r} %s %(x)s",
    "line one\nline two",
    "return\r\nfeed\ttab",
    "bell\b form\f",
    "control \x01\x02\x1b[2J\x7f\x85",
    "é Ünïcödé Łódź 山田太郎 محمد",
    "family \U0001f469\u200d\U0001f469\u200d\U0001f466 right-to-left \u202egnirts",
    "separators \u2028 \u2029 \u00a0",
    "(SELECT Id FROM User)",
    "a -- b /* c */ // d ; DROP",
    ":bind",
    "x" * 3000,
    "é" * 2000,
)


@dataclass(frozen=True)
class Journey:
    """What the practice org was asked, in its order."""

    exchanges: tuple[Exchange, ...]

    @property
    def statements(self) -> list[str]:
        """The distinct SOQL statements."""
        return list(dict.fromkeys(one.statement for one in self.exchanges if one.statement))


@asynccontextmanager
async def session_on(config: Path, journal: Path, change: Callable[[Settings], Settings]) -> AsyncIterator[Session]:
    """A session with the settings of that file, changed."""
    kept = Journal(f"sqlite:///{journal}")
    session = Session(change(load(config)), kept, by="tester")
    try:
        yield session
    finally:
        await session.aclose()
        kept.close()


def _same(settings: Settings) -> Settings:
    return settings


async def whole(folder: Path) -> Journey:
    """The recording of a check of everybody, the overview, Proof, a reset, every way to say who is meant, reports that
    are and are not there, and an organisation that says less than usual."""
    with recorded(folder / "practice", Options(users=PEOPLE, errors=200)) as (config, org):
        async with session_on(config, folder / "journal.db", _same) as session:
            await _triage(session, config)
            await _names(session)
            await _many(session.salesforce)
        async with session_on(config, folder / "profiles.db", _only_profiles) as session:
            await session.overview()
        await _reports(config)
        org.alter = _reticent
        async with session_on(config, folder / "reticent.db", _same) as session:
            assert (await session.connect()).acting_user_id
            assert len(await session.salesforce.my_rights()) == 4
            assert await session.check_queries([_users(config, "no_fault_found")[0]["id"]])
        return Journey(tuple(org.kept))


async def _triage(session: Session, config: Path) -> None:
    users = _users(config)
    assert len(await session.check_queries([user["id"] for user in users])) == PEOPLE
    await session.overview()
    await session.with_open_errors()
    ill = next(user for user in users if (user["after_reset"] or {}).get("verdict") == "no_fault_found")
    assert await session.proof_samples(ill["id"])
    org = await session.connect()
    session.journal.confirm(org.id, "page", "tester", {ill["id"]: True}, datetime.now(UTC))
    result = await session.reset(ill["id"], wait=False)
    assert result.outcome is Outcome.UNKNOWN
    (write,) = session.unfinished()
    assert (await session.resume(write.id)).outcome is Outcome.DONE


def _users(config: Path, verdict: str = "") -> list[dict[str, Any]]:
    """The users of the practice org's own description, with that verdict."""
    users = json.loads((config.parent / "world.json").read_text("utf-8"))["users"]
    return [user for user in users if verdict in {"", user["verdict"]}]


async def _names(session: Session) -> None:
    """Who is meant, by each kind of query; nobody is, and nobody may be found through a trick."""
    queries = [text + end for text in HOSTILE for end in ("", "@example.com")]
    found = await session.resolve([*queries, "005000000000001", "005000000000001AAA"])
    assert [one.query for one in found if not one.problem] == []


async def _many(salesforce: Salesforce) -> None:
    """So many values that one statement cannot hold them."""
    await salesforce.users_by_ids([f"005{number:012d}" for number in range(450)])
    await salesforce.users_by_emails([f"{'long.address.' * 8}{number}@example.com" for number in range(150)])
    await salesforce.users_by_usernames([f"user-{number}@example.com" for number in range(250)])
    await salesforce.profiles([f"Vertrieb „Süd“ {number}" for number in range(150)])
    await salesforce.users_by_names([f"Élise Müller-Lüdenscheidt {number}" for number in range(250)])
    await salesforce.event_rights([f"005{number:012d}" for number in range(250)])


def _only_profiles(settings: Settings) -> Settings:
    """Configurations that name no users: the overview looks for somebody with the profile."""
    profiles = tuple({profile for one in settings.configurations for profile in one.profiles})
    first: Configuration = settings.configurations[0]
    return replace(settings, configurations=(replace(first, users=(), profiles=profiles or ("Standard User",)),))


async def _reports(config: Path) -> None:
    """Reports named in every odd way: each is asked for, and another is found in its place."""
    settings = load(config)
    http = Http()
    try:
        for name in ("", "00O000000000001AAA", *HOSTILE[:-2]):
            named = settings.salesforce.model_copy(update={"report": name})
            try:
                await Salesforce(named, http).report()
            except ServiceError:
                assert name.startswith("00O")  # an id that is no report's; everything else is searched for
    finally:
        await http.aclose()


def _reticent(path: str, params: dict[str, str], status: int, body: bytes) -> tuple[int, bytes]:
    """An organisation whose token answer names nobody, and that lacks one of the rights' fields; a Workspace that
    delegated a scope for events only."""
    if path.endswith("/oauth2/token"):
        return status, json.dumps(json.loads(body) | {"id": None}).encode()
    if "PermissionsManageExchangeConfig" in params.get("q", ""):
        return 400, json.dumps([{"errorCode": "INVALID_FIELD", "message": "No such column"}]).encode()
    if path.endswith("/calendarList/primary"):
        reason = {"domain": "global", "reason": "insufficientPermissions", "message": "Insufficient Permission"}
        return 403, json.dumps({"error": {"code": 403, "message": reason["message"], "errors": [reason]}}).encode()
    return status, body
