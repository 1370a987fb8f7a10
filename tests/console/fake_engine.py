"""An engine that follows a script: which events answer which request. What the script leaves out waits to be posted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from screens import engine as room

Answer = Callable[[int, Any], Iterable[room.Event]]


@dataclass
class FakeEngine:
    """`script` maps a kind of request to what answers it; `asked` holds every request with its ticket."""

    script: dict[type, Answer]
    asked: list[tuple[int, room.Request]] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    writing: bool = False
    post: Callable[[room.Event], None] = lambda _event: None

    def start(self, post: Callable[[room.Event], None]) -> FakeEngine:
        self.post = post
        return self

    def ask(self, request: room.Request) -> int:
        ticket = len(self.asked) + 1
        self.asked.append((ticket, request))
        answer = self.script.get(type(request))
        for event in answer(ticket, request) if answer else ():
            self.post(event)
        return ticket

    def cancel(self, ticket: int) -> None:
        self.cancelled.append(ticket)

    def last(self, kind: type) -> tuple[int, Any]:
        """The newest request of that kind, with its ticket."""
        return next(pair for pair in reversed(self.asked) if isinstance(pair[1], kind))

    def count(self, kind: type) -> int:
        return sum(isinstance(request, kind) for _ticket, request in self.asked)
