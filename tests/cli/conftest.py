"""The command line run in this process against a session that a test fills, on a config file that is in order."""

from __future__ import annotations

import asyncio
import json
import os
import resource
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from screens import glyphs
from tui import words
from tui.cli import main
from tui.model import (
    Capability,
    ChecklistItem,
    CheckResult,
    Configuration,
    ErrorReport,
    ErrorRow,
    ErrorType,
    Finding,
    Judgement,
    Org,
    Outcome,
    Overview,
    PageReading,
    PageRow,
    Phase,
    Product,
    ProofSample,
    Readable,
    ResetPlan,
    ResetResult,
    Resolution,
    ServiceError,
    Status,
    User,
    Verdict,
    Write,
)

NOW = datetime.now(UTC).replace(microsecond=0)
ORG = Org("00D000000000001AAA", "Acme", "EU42", False, True, "http://127.0.0.1:1", "admin@acme.example", "005A")
ANNE = User("005000000000002AAA", "Anne Martin", "anne@acme.example.sf", "anne@acme.example", True)
PAUL = User("005000000000003AAA", "Paul Petit", "paul@acme.example.sf", "paul@acme.example", True)
REFUSED = ServiceError("salesforce.auth.bad_client", "Salesforce does not know this client.")

KEY = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
CONFIG = """
[salesforce]
domain = "https://acme.my.salesforce.com"
client_id = "3MVG9"
username = "admin@acme.example"
key = "salesforce.pem"

[journal]
url = "sqlite:///{folder}/journal.sqlite3"
"""


def checked(query: str, user: User | None, verdict: Verdict, **more: Any) -> CheckResult:
    """A check with that verdict, with one step of each phase that a test can look for."""
    fail = Finding(
        "google.token.calendar",
        Phase.CONNECTION,
        Status.FAIL,
        "Google does not let this key act.",
        cause="google.delegation.unauthorized",
        evidence=MappingProxyType({"scope": "calendar", "at": NOW}),
        fix=("Google admin: delegate the scopes.", "Google admin: wait."),
        links=("https://admin.google.com/ac/owl/domainwidedelegation",),
        ms=123,
    )
    there = Finding("salesforce.user", Phase.STATUS, Status.PASS, "The user is there.")
    causes = ("google.delegation.unauthorized",) if verdict is Verdict.REVIEW_CONNECTION else ()
    judgement = Judgement(verdict, causes, 3, 2, None, 2)
    steps = (fail, there) if causes else (there,)
    result = CheckResult(
        query, user, Product.LIGHTNING_SYNC, False, judgement, steps, NOW, f"{query}: {verdict}.", ("No test of X.",)
    )
    return replace(result, **more)


def row(number: int, user: User = ANNE, *, days: int = 1, kind: ErrorType = ErrorType.CONNECTION) -> ErrorRow:
    at = NOW - timedelta(days=days)
    text = f"error {number}"
    return ErrorRow(f"row{number}", at, user.id, user.name, kind, "Connexion", text, {"Date": "x", "Texte": text})


def report(*rows: ErrorRow, complete: bool = True) -> ErrorReport:
    return ErrorReport(rows, len(rows), complete, "admin@acme.example", NOW)


@dataclass
class Scene:
    """What the session of a test answers, and what was asked of it."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)  # user id -> verdict
    named: dict[str, Resolution] = field(default_factory=dict)
    delays: dict[str, float] = field(default_factory=dict)
    trouble: ServiceError | None = None
    report: ErrorReport = field(default_factory=report)
    overview: Overview | None = None
    outcomes: dict[str, Outcome | Exception] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    proven: bool = True
    left: tuple[Write, ...] = ()
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    raises: BaseException | None = None


class FakeSession:
    scene: Scene

    def __init__(self, settings: Any, journal: Any) -> None:
        self.settings, self.journal, self.org = settings, journal, None

    async def connect(self) -> Org:
        if self.scene.raises:
            raise self.scene.raises
        if self.scene.trouble:
            raise self.scene.trouble
        return ORG

    def clock(self) -> datetime:
        return NOW

    async def resolve(self, queries: Sequence[str]) -> list[Resolution]:
        await self.connect()
        known = {query: Resolution(query, (user,)) for user in (ANNE, PAUL) for query in (user.email, user.id)}
        known |= self.scene.named
        return [known.get(query, Resolution(query, problem=f"Nobody is called {query}.")) for query in queries]

    async def with_open_errors(self) -> list[str]:
        await self.connect()
        return list(dict.fromkeys(str(row.user_id) for row in self.scene.report.rows))

    async def check(
        self,
        users: Sequence[tuple[str, User]],
        *,
        reported: bool = False,
        on_step: Any = None,
        on_result: Callable[[CheckResult], None] | None = None,
    ) -> list[CheckResult]:
        self.scene.calls.append(("check", tuple(query for query, _ in users), reported))

        async def one(query: str, user: User) -> CheckResult:
            await asyncio.sleep(self.scene.delays.get(user.id, 0))
            verdict = self.scene.verdicts.get(user.id, Verdict.NO_FAULT_FOUND)
            result = checked(query, user, verdict, reported=reported)
            if on_result:
                on_result(result)
            return result

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(query, user)) for query, user in users]
        return [task.result() for task in tasks]

    async def errors(self) -> ErrorReport:
        return self.scene.report

    @property
    def listed_whole(self) -> bool:
        return self.scene.report.complete

    async def overview(self) -> Overview:
        assert self.scene.overview is not None
        return self.scene.overview

    async def plan_reset(self, user_id: str) -> ResetPlan:
        user = ANNE if user_id == ANNE.id else next((u for u in everyone() if u.id == user_id), PAUL)
        unproven = not self.scene.proven
        refusal = self.scene.refusals.get(user_id, "") or ("Compare the page with Setup first." if unproven else "")
        return ResetPlan(user, ORG, refusal, unproven, ("It takes hours.",), {"rows": {"Sync": "ok"}})

    async def reset(self, user_id: str, *, wait: bool = True, on_progress: Any = None) -> ResetResult:
        self.scene.calls.append(("reset", user_id, wait))
        outcome = self.scene.outcomes.get(user_id, Outcome.DONE)
        if isinstance(outcome, Exception):
            raise outcome
        if on_progress:
            on_progress("The page shows the reset under way.", 3)
        return ResetResult(user_id, None, "setup_page", outcome, "The reset row is gone.", {"a": "b"}, {"a": "c"})

    async def resume(self, write_id: int, on_progress: Any = None) -> ResetResult:
        self.scene.calls.append(("resume", write_id))
        return ResetResult(ANNE.id, ANNE, "setup_page", Outcome.DONE, "It had ended.")

    def unfinished(self) -> tuple[Write, ...]:
        return self.scene.left

    async def proof_samples(self, user_id: str) -> tuple[ProofSample, ...]:
        reading = PageReading((PageRow("userContacts", "Etat", "OK"),), "Anne Martin")
        return (ProofSample("unwell", ANNE, reading), ProofSample("well", PAUL, reading))

    def answer_proof(self, answers: Mapping[str, bool]) -> bool:
        self.scene.calls.append(("proof", dict(answers)))
        self.scene.proven = all(answers.values())
        return self.scene.proven

    async def aclose(self) -> None:
        self.scene.calls.append(("closed",))


def everyone(number: int = 30) -> list[User]:
    return [
        replace(ANNE, id=f"0050000000001{n:02}AAA", name=f"User {n}", email=f"u{n}@acme.example") for n in range(number)
    ]


def overview(*statuses: Status, rows: ErrorReport | None = None, **more: Any) -> Overview:
    checklist = tuple(ChecklistItem(f"step{n}", f"Step {n}", status, "said", "") for n, status in enumerate(statuses))
    capabilities = (Capability("report", Readable.READABLE, "The report can be read."),)
    seen = Overview(
        ORG, Product.LIGHTNING_SYNC, checklist, capabilities, (Configuration("Sales"),), rows, 12, 15000, NOW
    )
    return replace(seen, **more)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The session that commands open answers as this scene says."""
    made = Scene()
    monkeypatch.setattr(FakeSession, "scene", made, raising=False)
    monkeypatch.setattr("tui.triage.session.Session", FakeSession)
    return made


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config file that is in order, its key closed to others."""
    key = tmp_path / "salesforce.pem"
    key.write_text(KEY)
    key.chmod(0o600)
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(folder=tmp_path))
    return path


@dataclass(frozen=True)
class Ran:
    """What one run of the command line left."""

    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], config: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs the command line with the arguments given, on the config file; no byte of any output may be ESC."""
    umask, cores = os.umask(0o022), resource.getrlimit(resource.RLIMIT_CORE)
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)  # the test process keeps its own limit
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "PASSERELLE_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def go(*arguments: str, named: bool = True) -> Ran:
        capsys.readouterr()
        status = main([*(["--config", str(config)] if named else []), *arguments])
        out, err = capsys.readouterr()
        assert "\x1b" not in out + err
        return Ran(status, out, err)

    yield go
    os.umask(umask)
    assert resource.getrlimit(resource.RLIMIT_CORE) == cores
    words.use("en")
    glyphs.use(ascii_only=False)
