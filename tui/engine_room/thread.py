"""The thread of the engine room, and its life.

The screen may stop (a terminal that no longer reads blocks its loop for seconds); what runs here goes on. Requests come
in through `call_soon_threadsafe`, events go out through `post`, which never waits.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from screens import engine as said
from tui.daemons import Daemons
from tui.engine_room.answers import ANSWERS
from tui.engine_room.opening import NotOpenedError, Opened, open_session
from tui.engine_room.sentences import access, not_logged_in, sentence
from tui.engine_room.set_up import SetupRoom
from tui.model import Finding, ServiceError
from tui.sanitise import one_line, redact
from tui.words import _

if TYPE_CHECKING:
    from tui.triage.session import Session

Post = Callable[[said.Event], None]

GRACE = 0.8
"""Seconds that quitting may take while no write is on its way."""
LOG_PAUSE = 0.3
"""Seconds between two looks at the calls made: a burst of them becomes one event."""


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
        self._locate, self.post, self._opener = locate, post, opener
        self._tickets = itertools.count(1)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._writes: set[int] = set()
        self._opened: Opened | None = None
        self.read_before: tuple[datetime | None] | None = None
        """When the report was last read before this session; nothing until it was read in this one."""
        self._opening = asyncio.Lock()
        self.setup = SetupRoom(lambda: self._locate())
        self._log_due = False
        self._deadline = 0.0
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="engine room")

    def start(self) -> EngineRoom:
        self._thread.start()
        return self

    # What the screen's thread calls.

    def ask(self, request: said.Request) -> int:
        """Queue a request; returns its ticket at once. After `stop` nothing comes of it."""
        ticket = next(self._tickets)
        if isinstance(request, said.StartReset | said.ResumeWrite):
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

    def _begin(self, ticket: int, request: said.Request) -> None:
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

    async def _answer(self, ticket: int, request: said.Request) -> None:
        """Carry a request out; whatever goes wrong becomes a sentence on the screen."""
        try:
            await ANSWERS[type(request)](self, ticket, request)
        except NotOpenedError as error:
            self._not_opened(ticket, request, error.finding)
        except ServiceError as error:
            if isinstance(request, said.Connect):
                self.post(said.NotConnected(ticket, access(error)))
            else:
                self.post(said.Failed(ticket, error.message, access(error)))
        except Exception as error:  # noqa: BLE001 - a fault of our own must reach the person, not end the engine
            self.post(said.Failed(ticket, sentence(error)))

    def _not_opened(self, ticket: int, request: said.Request, finding: Finding) -> None:
        if isinstance(request, said.Connect):
            self.post(said.NotConnected(ticket, finding))
        else:
            self.post(said.Failed(ticket, " ".join((finding.summary, *finding.fix[:2]))))

    # What answers ask of the room.

    async def session(self) -> Session:
        """The session; opened by the first request, and again after a failure. Raises NotOpenedError."""
        async with self._opening:
            if self._opened is None:
                try:
                    path = await asyncio.to_thread(self._locate)
                except (OSError, RuntimeError, ValueError) as error:
                    raise NotOpenedError(not_logged_in(one_line(redact(str(error))))) from error
                self._take(self._opener(path))
        assert self._opened is not None  # noqa: S101 - taken just now
        return self._opened.session

    def written(self, ticket: int) -> None:
        """The write that was asked for with this ticket has come to its end."""
        self._writes.discard(ticket)

    async def change(self, ticket: int, path: Path) -> None:
        """Leave the org, if there is one, for the one of that file, and give up all that was asked for but `ticket`.
        Raises NotOpenedError, ValueError: all is as it was then."""
        async with self._opening:
            if self.writing:
                raise ValueError(_("A reset is under way: wait until it ends, then change the org."))
            before, opened = self._opened, self._opener(path)
            for number, task in self._tasks.items():
                if number != ticket:
                    task.cancel()
            self._locate, self.read_before = (lambda: path), None
            self.setup = SetupRoom(lambda: path)
            self._take(opened)
        if before is not None:
            await before.session.aclose()
            before.journal.close()

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
            self.post(said.Called(0, tuple(self._opened.session.calls)))
