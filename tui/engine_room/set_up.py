"""The set-up assistant in the engine room: requests of the screen answered, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from screens.engine import set_up as said
from tui.figures import place

if TYPE_CHECKING:
    from tui.triage.setup.assistant import Assistant


class SetupRoom:
    """One file being made; begun by the first request, over when it is written."""

    def __init__(self, locate: Callable[[], Path]) -> None:
        """`locate` names the file; it may take its time."""
        self._locate = locate
        self._assistant: Assistant | None = None
        self._busy = asyncio.Lock()

    async def answer(self, ticket: int, request: said.Request) -> said.Event:
        """What comes of a request. Raises ConfigError: nothing was written then."""
        async with self._busy:
            assistant = await self._begun()
            match request:
                case said.BeginSetup():
                    assistant.reread()
                case said.AnswerSetup(id=id_, text=text):
                    assistant.answer(id_, text)
                case said.LookUpSetup(ids=ids):
                    for id_ in ids:
                        await assistant.look_up(id_)
                case said.TrySetup(stage=stage):
                    await assistant.attempt(stage)
                case said.LeaveSetup(stage=stage):
                    assistant.leave(stage)
                case said.SaveSetup():
                    written = assistant.save()
                    self._assistant = None
                    kept = place(written.backup) if written.backup else ""
                    return said.SetupSaved(ticket, str(assistant.file.path), kept)
            return said.SetupShown(ticket, assistant.seen)

    async def _begun(self) -> Assistant:
        if self._assistant is None:
            from tui.triage.setup.assistant import begin

            self._assistant = begin(await asyncio.to_thread(self._locate))
        return self._assistant
