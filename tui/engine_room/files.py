"""Files of the admin's own: lists, the support packet, the declared configurations."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from screens import engine as said

if TYPE_CHECKING:
    from tui.engine_room import declaring
    from tui.engine_room.thread import EngineRoom


async def rows(room: EngineRoom, ticket: int, request: said.WriteFile) -> None:
    from tui import export

    def write() -> int:
        return export.write(path, request.headings, request.rows(), replace=request.replace)

    path = export.place(request.path)
    try:
        written = await asyncio.to_thread(write)
    except FileExistsError:
        room.post(said.FileExists(ticket, str(path)))
    else:
        room.post(said.FileWritten(ticket, str(path), written))


async def packet(room: EngineRoom, ticket: int, request: said.SavePacket) -> None:
    """The packet of the last check; of a fresh one where that was somebody else's."""
    from tui import export

    session, path = await room.session(), export.place(request.path)
    if path.exists() and not request.replace:  # before the report is read, which takes a while
        room.post(said.FileExists(ticket, str(path)))
        return
    text = await session.packet(request.user_id)
    try:
        await asyncio.to_thread(export.write_text, path, text, replace=request.replace)
    except FileExistsError:
        room.post(said.FileExists(ticket, str(path)))
    else:
        room.post(said.PacketSaved(ticket, str(path)))


async def declaration(room: EngineRoom, ticket: int, request: declaring.Request) -> None:
    from tui.engine_room.declaring import answer

    room.post(await answer(await room.session(), ticket, request))
