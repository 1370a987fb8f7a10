"""What is read of the organisation as a whole, and what the journal adds to it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from screens import engine as said

if TYPE_CHECKING:
    from tui.engine_room.thread import EngineRoom
    from tui.model import User
    from tui.triage.session import Session


async def overview(room: EngineRoom, ticket: int, _request: said.LoadOverview) -> None:
    session = await room.session()
    seen = await session.overview(lambda so_far: room.post(said.OverviewLoaded(ticket, so_far)))
    room.post(said.OverviewLoaded(ticket, seen))


async def errors(room: EngineRoom, ticket: int, _request: said.LoadErrors) -> None:
    from tui.journal.store import JournalError

    session = await room.session()
    report = await session.errors()
    room.post(said.ErrorsLoaded(ticket, report))
    if room.read_before is None:
        with suppress(JournalError):  # said by what comes next, which reads the same journal
            room.read_before = (session.read_before(report.read_at),)
    remember(room, 0, session)


async def look_again(room: EngineRoom, ticket: int, _request: said.LoadLookAgain) -> None:
    room.post(said.LookAgainLoaded(ticket, await (await room.session()).look_again()))


async def acknowledge(room: EngineRoom, ticket: int, request: said.Acknowledge) -> None:
    session = await room.session()
    await session.acknowledge(request.users, request.note, request.until)
    remember(room, ticket, session)


def remember(room: EngineRoom, ticket: int, session: Session, user: User | None = None) -> None:
    """Say what the journal knows of everybody, and all it holds of this user; or why it does not."""
    from tui.journal.store import JournalError

    before = room.read_before[0] if room.read_before else None
    try:
        room.post(said.PastLoaded(ticket, session.pasts(), session.settings.triage.open_days, before))
        if user is not None:
            room.post(said.RecordsLoaded(ticket, session.records(user.id)))
    except JournalError as error:
        room.post(said.Failed(ticket, str(error)))
