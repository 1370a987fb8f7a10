"""The engine room: all network work, the triage and the journal, on an asyncio loop in a thread of their own.

The screen may stop (a terminal that no longer reads blocks its loop for seconds); what runs here goes on. Requests come
in through `call_soon_threadsafe`, events go out through `post`, which never waits. Config, clients and journal are
imported in the thread, after the screen's first frame, for they cost a third of a second.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, get_args

from screens import engine as room
from screens import set_up
from tui.daemons import Daemons
from tui.model import CheckResult, Finding, PageReading, Phase, ResetResult, ServiceError, Status, StepPlan, User
from tui.sanitise import one_line, redact
from tui.setup_room import SetupRoom
from tui.words import _

if TYPE_CHECKING:
    from tui import declaring
    from tui.journal.store import Journal
    from tui.triage.session import Session

Post = Callable[[room.Event], None]

GRACE = 0.8
"""Seconds that quitting may take while no write is on its way."""
LOG_PAUSE = 0.3
"""Seconds between two looks at the calls made: a burst of them becomes one event."""


class NotOpenedError(Exception):
    """There is no session: the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.summary)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Opened:
    """A session and the journal it writes to."""

    session: Session
    journal: Journal


def open_session(path: Path) -> Opened:
    """A session on that config file. Raises NotOpenedError with every problem of the file."""
    from tui.config import ConfigError, load
    from tui.journal.store import Journal, JournalError
    from tui.triage.session import Session

    try:
        settings = load(path)
        journal = Journal(settings.journal.url, org=settings.path.stem, keep_days=settings.journal.keep_days)
    except ConfigError as error:
        problems = tuple(str(problem) for problem in error.problems)
        raise NotOpenedError(_finding(_("The config file cannot be used. What is wrong in it:"), problems)) from None
    except (JournalError, OSError) as error:
        raise NotOpenedError(_finding(one_line(redact(str(error))))) from None
    return Opened(Session(settings, journal), journal)


class EngineRoom:
    """The engine as screens.engine describes it. `start` begins; `stop` ends it, in safety."""

    def __init__(
        self,
        locate: Callable[[], Path],
        post: Post,
        *,
        opener: Callable[[Path], Opened] = open_session,
    ) -> None:
        """`locate` names the config file. It is called beside the loop and may take its time (it may start the
        practice org)."""
        self._locate, self._post, self._opener = locate, post, opener
        self._tickets = itertools.count(1)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._writes: set[int] = set()
        self._opened: Opened | None = None
        self._read_before: tuple[datetime | None] | None = None
        """When the report was last read before this session; nothing until it was read in this one."""
        self._opening = asyncio.Lock()
        self._setup = SetupRoom(lambda: self._locate())
        self._log_due = False
        self._deadline = 0.0
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="engine room")

    def start(self) -> EngineRoom:
        self._thread.start()
        return self

    # What the screen's thread calls.

    def ask(self, request: room.Request) -> int:
        """Queue a request; returns its ticket at once. After `stop` nothing comes of it."""
        ticket = next(self._tickets)
        if isinstance(request, room.StartReset | room.ResumeWrite):
            self._writes.add(ticket)
        self._soon(self._begin, ticket, request)
        return ticket

    def cancel(self, ticket: int) -> None:
        """Stop what that request started, unless it is a write."""
        if ticket not in self._writes:
            self._soon(self._cancel, ticket)

    @property
    def writing(self) -> bool:
        """Whether a reset is under way: asked for here, and not yet seen to its end."""
        return bool(self._writes)

    def stop(self, deadline: float) -> bool:
        """End the thread. A press of Reset that is on its way may take up to `deadline` seconds to be safely in the
        journal; whatever else runs is cancelled. A reset that is only watched is left to the next start. Returns
        whether the thread has ended. May be called from any thread, more than once."""
        self._deadline = monotonic() + deadline
        self._soon(self._stopping.set)
        if self._thread.is_alive():
            self._thread.join(deadline + GRACE)
        return not self._thread.is_alive()

    def _soon(self, what: Callable[..., object], *arguments: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed: the engine has stopped
            self._loop.call_soon_threadsafe(what, *arguments)

    # The thread.

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_default_executor(Daemons())
        try:
            self._loop.run_until_complete(self._live())
        finally:
            self._loop.close()

    async def _live(self) -> None:
        await self._stopping.wait()
        await self._end(list(self._tasks.values()))
        if self._opened is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._left):
                    await self._opened.session.aclose()
            self._opened.journal.close()
        await self._end([task for task in asyncio.all_tasks() if task is not asyncio.current_task()])

    async def _end(self, tasks: list[asyncio.Task[Any]]) -> None:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=self._left)

    @property
    def _left(self) -> float:
        return max(GRACE / 3, self._deadline - monotonic())

    def _begin(self, ticket: int, request: room.Request) -> None:
        task = self._loop.create_task(self._answer(ticket, request))
        self._tasks[ticket] = task
        task.add_done_callback(lambda _task: self._ended(ticket))

    def _ended(self, ticket: int) -> None:
        self._tasks.pop(ticket, None)
        self._writes.discard(ticket)

    def _cancel(self, ticket: int) -> None:
        if (task := self._tasks.get(ticket)) is not None:
            task.cancel()

    # Answers.

    async def _answer(self, ticket: int, request: room.Request) -> None:
        """Carry a request out; whatever goes wrong becomes a sentence on the screen."""
        try:
            await _ANSWERS[type(request)](self, ticket, request)
        except NotOpenedError as error:
            self._not_opened(ticket, request, error.finding)
        except ServiceError as error:
            if isinstance(request, room.Connect):
                self._post(room.NotConnected(ticket, _access(error)))
            else:
                self._post(room.Failed(ticket, error.message, _access(error)))
        except Exception as error:  # noqa: BLE001 - a fault of our own must reach the person, not end the engine
            self._post(room.Failed(ticket, _sentence(error)))

    def _not_opened(self, ticket: int, request: room.Request, finding: Finding) -> None:
        if isinstance(request, room.Connect):
            self._post(room.NotConnected(ticket, finding))
        else:
            self._post(room.Failed(ticket, " ".join((finding.summary, *finding.fix[:2]))))

    async def _session(self) -> Session:
        """The session; opened by the first request, and again after a failure. Raises NotOpenedError."""
        async with self._opening:
            if self._opened is None:
                try:
                    path = await self._loop.run_in_executor(None, self._locate)
                except (OSError, RuntimeError, ValueError) as error:
                    raise NotOpenedError(_finding(one_line(redact(str(error))))) from error
                self._take(self._opener(path))
        assert self._opened is not None  # noqa: S101 - taken just now
        return self._opened.session

    def _take(self, opened: Opened) -> None:
        self._opened = opened
        opened.session.http.on_call = lambda _call: self._note()

    def _note(self) -> None:
        """A call was made: the log follows in a moment."""
        if not self._log_due:
            self._log_due = True
            self._loop.call_later(LOG_PAUSE, self._log)

    def _log(self) -> None:
        self._log_due = False
        if self._opened is not None:
            self._post(room.Called(0, tuple(self._opened.session.calls)))

    async def _connect(self, ticket: int, _request: room.Connect) -> None:
        session = await self._session()
        org = await session.connect()
        self._post(room.Connected(ticket, org))
        if writes := session.unfinished():
            self._post(room.Unfinished(ticket, writes))

    async def _overview(self, ticket: int, _request: room.LoadOverview) -> None:
        session = await self._session()
        seen = await session.overview(lambda so_far: self._post(room.OverviewLoaded(ticket, so_far)))
        self._post(room.OverviewLoaded(ticket, seen))

    async def _errors(self, ticket: int, _request: room.LoadErrors) -> None:
        from tui.journal.store import JournalError

        session = await self._session()
        report = await session.errors()
        self._post(room.ErrorsLoaded(ticket, report))
        if self._read_before is None:
            with suppress(JournalError):  # said by what comes next, which reads the same journal
                self._read_before = (session.read_before(report.read_at),)
        self._remember(0, session)

    def _remember(self, ticket: int, session: Session) -> None:
        """Say what the journal knows of everybody, or why it does not."""
        from tui.journal.store import JournalError

        before = self._read_before[0] if self._read_before else None
        try:
            self._post(room.PastLoaded(ticket, session.pasts(), session.settings.triage.open_days, before))
        except JournalError as error:
            self._post(room.Failed(ticket, str(error)))

    async def _acknowledge(self, ticket: int, request: room.Acknowledge) -> None:
        session = await self._session()
        await session.acknowledge(request.users, request.note, request.until)
        self._remember(ticket, session)

    async def _check_many(self, ticket: int, request: room.CheckMany) -> None:
        session = await self._session()
        answers = await session.check_queries(
            request.users, on_result=lambda result: self._post(room.Checked(ticket, result))
        )
        problems = tuple(answer.problem for answer in answers if not isinstance(answer, CheckResult))
        self._post(room.ManyDone(ticket, problems))
        self._remember(0, session)

    async def _find(self, ticket: int, request: room.FindUsers) -> None:
        session = await self._session()
        [found] = await session.resolve([request.text])
        users = found.users
        if not users:  # a full name that fits several people names nobody, but one of them may be picked
            users = tuple(await session.salesforce.users_by_names([request.text]))
        self._post(room.UsersFound(ticket, users, found.problem))

    async def _check(self, ticket: int, request: room.CheckUser) -> None:
        session = await self._session()
        checked: list[str] = []

        def step(user: User, planned: str, finding: Finding) -> None:
            if not checked:
                checked.append(user.id)
                self._post(room.StepsPlanned(ticket, user, _plan(session)))
            if user.id == checked[0]:  # an address that several share names them all: the first one is shown
                self._post(room.StepDone(ticket, planned, finding))

        page = self._page_by_hand(session, request)
        [result, *_others] = await session.check_queries(
            [request.query],
            reported=request.reported,
            on_step=step,
            page=page,
            complaint=request.complaint,
            retry=request.retry,
        )
        if isinstance(result, CheckResult):
            self._post(room.CheckDone(ticket, result))
            self._remember(0, session)
        else:
            self._post(room.Failed(ticket, result.problem))

    def _page_by_hand(self, session: Session, request: room.CheckUser) -> PageReading | None:
        """The page that the admin gave with the request. Raises ValueError with a sentence."""
        from tui.salesforce.saved.file import FileProblem
        from tui.triage import saved_page

        try:
            if request.page_file:
                return saved_page.load(Path(request.page_file).expanduser(), session.settings)
            return saved_page.pasted(request.page_text, session.settings) if request.page_text else None
        except FileProblem as problem:
            raise ValueError(str(problem)) from None

    async def _guided(self, ticket: int, _request: room.LoadGuided) -> None:
        self._post(room.GuidedLoaded(ticket, *await (await self._session()).guided_tests()))

    async def _record_guided(self, ticket: int, request: room.RecordGuided) -> None:
        session = await self._session()
        tests = await session.record_guided(request.user_id, request.user_name, request.messages)
        self._post(room.GuidedRecorded(ticket, tests))

    async def _look_again(self, ticket: int, _request: room.LoadLookAgain) -> None:
        self._post(room.LookAgainLoaded(ticket, await (await self._session()).look_again()))

    async def _save_packet(self, ticket: int, request: room.SavePacket) -> None:
        """The packet of the last check; of a fresh one where that was somebody else's."""
        from tui import export

        session, path = await self._session(), export.place(request.path)
        if path.exists() and not request.replace:  # before the report is read, which takes a while
            self._post(room.FileExists(ticket, str(path)))
            return
        text = await session.packet(request.user_id)
        try:
            await self._loop.run_in_executor(None, lambda: export.write_text(path, text, replace=request.replace))
        except FileExistsError:
            self._post(room.FileExists(ticket, str(path)))
        else:
            self._post(room.PacketSaved(ticket, str(path)))

    async def _plan_reset(self, ticket: int, request: room.PlanReset) -> None:
        self._post(
            room.ResetPlanned(ticket, await (await self._session()).plan_reset(request.user_id, request.overrule))
        )

    async def _reset(self, ticket: int, request: room.StartReset) -> None:
        session = await self._session()
        await self._follow(
            ticket,
            session,
            lambda progress, keep: session.reset(
                request.user_id, overrule=request.overrule, on_progress=progress, on_result=keep
            ),
        )

    async def _record_reset(self, ticket: int, request: room.RecordReset) -> None:
        session = await self._session()
        result = await session.record_reset(request.user_id, done=request.done, overrule=request.overrule)
        self._post(room.ResetDone(ticket, result))
        await self._check(ticket, room.CheckUser(request.user_id))

    async def _resume(self, ticket: int, request: room.ResumeWrite) -> None:
        session = await self._session()
        await session.connect()
        await self._follow(ticket, session, lambda progress, keep: session.resume(request.write_id, progress, keep))

    async def _follow(
        self,
        ticket: int,
        session: Session,
        write: Callable[[Callable[[str, int], None], Callable[[CheckResult], None]], Awaitable[ResetResult]],
    ) -> None:
        """A reset to its end, then the check that verifies it: the session's own, or a new one where it made none."""
        checks: list[CheckResult] = []
        result = await write(lambda text, seconds: self._post(room.ResetProgress(ticket, text, seconds)), checks.append)
        self._writes.discard(ticket)
        self._post(room.ResetDone(ticket, result))
        if not checks:
            user_id = result.user.id if result.user else result.query
            await self._check(ticket, room.CheckUser(user_id))
            return
        check = checks[-1]
        if check.user is not None:
            self._post(room.StepsPlanned(ticket, check.user, _plan(session)))
        for finding in check.steps:
            self._post(room.StepDone(ticket, _planned(finding.id, session), finding))
        self._post(room.CheckDone(ticket, check))
        self._remember(0, session)

    async def _proof(self, ticket: int, request: room.LoadProof) -> None:
        self._post(room.ProofLoaded(ticket, await (await self._session()).proof_samples(request.user_id)))

    async def _proved(self, ticket: int, request: room.AnswerProof) -> None:
        self._post(room.ProofRecorded(ticket, (await self._session()).answer_proof(dict(request.answers))))

    async def _drop(self, ticket: int, request: room.DropWrite) -> None:
        session = await self._session()
        session.drop(request.write_id)
        self._post(room.Unfinished(ticket, session.unfinished()))

    async def _orgs(self, ticket: int, _request: room.ListOrgs) -> None:
        from tui.config import orgs

        self._post(room.OrgsListed(ticket, orgs()))

    async def _switch(self, ticket: int, request: room.SwitchOrg) -> None:
        """The other org's file is opened first: where it will not do, this org stays as it is."""
        from tui.config import config_path, orgs

        if request.name not in (known := orgs()):
            raise LookupError(
                _("There is no org {name}; there are: {known}.").format(
                    name=one_line(request.name, limit=40), known=", ".join(known) or _("none")
                )
            )
        await self._change(ticket, config_path(request.name))

    async def _change(self, ticket: int, path: Path) -> None:
        """Leave the org, if there is one, for the one of that file. Raises NotOpenedError, ValueError: all is as it
        was then."""
        async with self._opening:
            if self.writing:
                raise ValueError(_("A reset is under way: wait for its end, then change the org."))
            before, opened = self._opened, self._opener(path)
            for number, task in self._tasks.items():
                if number != ticket:
                    task.cancel()
            self._locate, self._read_before = (lambda: path), None
            self._setup = SetupRoom(lambda: path)
            self._take(opened)
        if before is not None:
            await before.session.aclose()
            before.journal.close()
        self._post(room.OrgSwitched(ticket, path.stem))
        try:
            await self._connect(ticket, room.Connect())
        except ServiceError as error:
            self._post(room.NotConnected(ticket, _access(error)))

    async def _set_up(self, ticket: int, request: set_up.Request) -> None:
        from tui.config import ConfigError

        if self.writing and isinstance(request, set_up.SaveSetup):
            raise ValueError(_("A reset is under way: wait for its end, then write the file."))
        try:
            said = await self._setup.answer(ticket, request)
        except ConfigError as error:
            raise ValueError(" ".join(map(str, error.problems))) from None
        self._post(said)
        if isinstance(said, set_up.SetupSaved):
            await self._change(ticket, Path(said.path))

    async def _write_file(self, ticket: int, request: room.WriteFile) -> None:
        from tui import export

        def write() -> int:
            return export.write(path, request.headings, request.rows(), replace=request.replace)

        path = export.place(request.path)
        try:
            rows = await self._loop.run_in_executor(None, write)
        except FileExistsError:
            self._post(room.FileExists(ticket, str(path)))
        else:
            self._post(room.FileWritten(ticket, str(path), rows))

    async def _declare(self, ticket: int, request: declaring.Request) -> None:
        from tui.declaring import answer

        self._post(await answer(await self._session(), ticket, request))


_ANSWERS: dict[type, Callable[[EngineRoom, int, Any], Awaitable[None]]] = {
    room.Connect: EngineRoom._connect,
    room.LoadOverview: EngineRoom._overview,
    room.LoadErrors: EngineRoom._errors,
    room.Acknowledge: EngineRoom._acknowledge,
    room.CheckMany: EngineRoom._check_many,
    room.FindUsers: EngineRoom._find,
    room.CheckUser: EngineRoom._check,
    room.LoadGuided: EngineRoom._guided,
    room.RecordGuided: EngineRoom._record_guided,
    room.LoadLookAgain: EngineRoom._look_again,
    room.SavePacket: EngineRoom._save_packet,
    room.PlanReset: EngineRoom._plan_reset,
    room.StartReset: EngineRoom._reset,
    room.RecordReset: EngineRoom._record_reset,
    room.ResumeWrite: EngineRoom._resume,
    room.LoadProof: EngineRoom._proof,
    room.AnswerProof: EngineRoom._proved,
    room.DropWrite: EngineRoom._drop,
    room.ListOrgs: EngineRoom._orgs,
    room.SwitchOrg: EngineRoom._switch,
    **dict.fromkeys(get_args(set_up.Request), EngineRoom._set_up),
    room.WriteFile: EngineRoom._write_file,
    room.LoadDeclaration: EngineRoom._declare,
    room.CheckDeclaration: EngineRoom._declare,
    room.SaveDeclaration: EngineRoom._declare,
    room.CompareList: EngineRoom._declare,
}


def _plan(session: Session) -> tuple[StepPlan, ...]:
    return tuple(StepPlan(step.id, step.title, step.phase) for step in session.plan())


def _planned(finding_id: str, session: Session) -> str:
    """The planned step that a finding belongs to: the longest id at or above its own."""
    owners = [step.id for step in session.plan() if finding_id == step.id or finding_id.startswith(f"{step.id}.")]
    return max(owners, key=len, default=finding_id)


def _finding(summary: str, fix: tuple[str, ...] = ()) -> Finding:
    return Finding("salesforce.login", Phase.ACCESS, Status.FAIL, summary, fix=fix, required=True)


def _access(error: ServiceError) -> Finding:
    """Why Salesforce cannot be asked, with what to do about it."""
    from tui.triage import catalogue

    if error.cause not in catalogue.FACTS:
        return _finding(error.message)
    return catalogue.finding(
        "salesforce.login",
        Phase.ACCESS,
        error.cause,
        evidence={**error.evidence, "error": error.message},
        status=Status.FAIL,
        required=True,
    )


def _sentence(error: Exception) -> str:
    """What to tell a person about an exception: its own sentence where it was made for people."""
    from tui.journal.store import JournalError

    text = one_line(redact(str(error.args[0]) if error.args else ""), limit=500)
    if isinstance(error, JournalError | LookupError | OSError | ValueError) and text:
        return text if not isinstance(error, OSError) else one_line(redact(str(error)), limit=500)
    return _("Passerelle met a fault of its own, and this request was given up: {kind}: {text}").format(
        kind=type(error).__name__, text=text
    )
