"""What an admin does in Setup, by hand, and says here: the guided connection test, and Proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens import engine as said

if TYPE_CHECKING:
    from tui.engine_room.thread import EngineRoom


async def guided(room: EngineRoom, ticket: int, _request: said.LoadGuided) -> None:
    room.post(said.GuidedLoaded(ticket, *await (await room.session()).guided_tests()))


async def record_guided(room: EngineRoom, ticket: int, request: said.RecordGuided) -> None:
    session = await room.session()
    tests = await session.record_guided(request.user_id, request.user_name, request.messages)
    room.post(said.GuidedRecorded(ticket, tests))


async def proof(room: EngineRoom, ticket: int, request: said.LoadProof) -> None:
    room.post(said.ProofLoaded(ticket, await (await room.session()).proof_samples(request.user_id)))


async def proved(room: EngineRoom, ticket: int, request: said.AnswerProof) -> None:
    room.post(said.ProofRecorded(ticket, (await room.session()).answer_proof(dict(request.answers))))
