"""Files that are written for the admin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SavePacket:
    """Write the support packet of this user's last check to the file at `path` (`~` stands for the home folder).
    Answered by PacketSaved, by FileExists unless it may be replaced, or by Failed."""

    user_id: str
    path: str
    replace: bool = False


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Write a list to the file at `path` (`~` stands for the home folder), as CSV or JSON, as its ending says. `rows`
    is called beside the loop. Answered by FileWritten, by FileExists unless it may be replaced, or by Failed."""

    path: str
    headings: tuple[str, ...]
    rows: Callable[[], Iterable[Sequence[Any]]]
    replace: bool = False


Request = SavePacket | WriteFile


@dataclass(frozen=True, slots=True)
class PacketSaved:
    ticket: int
    path: str


@dataclass(frozen=True, slots=True)
class FileWritten:
    ticket: int
    path: str
    rows: int


@dataclass(frozen=True, slots=True)
class FileExists:
    """Nothing was written: there is such a file."""

    ticket: int
    path: str


Event = PacketSaved | FileWritten | FileExists
