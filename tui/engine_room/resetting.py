"""Resets: planned, carried out, recorded, taken up again; each one followed to the check that verifies it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from screens import engine as said
from tui.engine_room import checking
from tui.engine_room.reading import remember
from tui.model import CheckResult, ResetResult

if TYPE_CHECKING:
    from tui.engine_room.thread import EngineRoom
    from tui.triage.session import Session

Write = Callable[[Callable[[str, int], None], Callable[[CheckResult], None]], Awaitable[ResetResult]]
"""A write, given what to tell of its progress, and what takes the checks that it makes."""


async def plan(room: EngineRoom, ticket: int, request: said.PlanReset) -> None:
    planned = await (await room.session()).plan_reset(request.user_id, request.overrule)
    room.post(said.ResetPlanned(ticket, planned))


async def start(room: EngineRoom, ticket: int, request: said.StartReset) -> None:
    session = await room.session()
    await _follow(
        room,
        ticket,
        session,
        lambda progress, keep: session.reset(
            request.user_id, overrule=request.overrule, on_progress=progress, on_result=keep
        ),
    )


async def record(room: EngineRoom, ticket: int, request: said.RecordReset) -> None:
    session = await room.session()
    result = await session.record_reset(request.user_id, done=request.done, overrule=request.overrule)
    room.post(said.ResetDone(ticket, result))
    if result.unread:  # a check from here could not know more
        remember(room, 0, session, result.user)
    else:
        await checking.check(room, ticket, said.CheckUser(request.user_id))


async def resume(room: EngineRoom, ticket: int, request: said.ResumeWrite) -> None:
    session = await room.session()
    await session.connect()
    await _follow(room, ticket, session, lambda progress, keep: session.resume(request.write_id, progress, keep))


async def drop(room: EngineRoom, ticket: int, request: said.DropWrite) -> None:
    session = await room.session()
    session.drop(request.write_id)
    room.post(said.Unfinished(ticket, session.unfinished()))


async def _follow(room: EngineRoom, ticket: int, session: Session, write: Write) -> None:
    """A reset to its end, then the check that verifies it: the session's own, or a new one where it made none."""
    checks: list[CheckResult] = []
    result = await write(lambda text, seconds: room.post(said.ResetProgress(ticket, text, seconds)), checks.append)
    room.written(ticket)
    room.post(said.ResetDone(ticket, result))
    if checks:
        checking.tell(room, ticket, session, checks[-1])
    else:
        await checking.check(room, ticket, said.CheckUser(result.user.id if result.user else result.query))
