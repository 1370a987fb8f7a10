"""What screens and engine say to each other while a config file is made (see screens/engine.py)."""

from __future__ import annotations

from dataclasses import dataclass

from tui.questions import SetUp


@dataclass(frozen=True, slots=True)
class BeginSetup:
    """Take up the config file, or one that is not there yet; what was answered before in this run is still there.
    This and the next four are answered by SetupShown or Failed."""


@dataclass(frozen=True, slots=True)
class AnswerSetup:
    """An answer to the question with that id."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class LookUpSetup:
    """Ask the services, or the SSH agent, for the choices of these questions."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrySetup:
    """Try that stage for real."""

    stage: str


@dataclass(frozen=True, slots=True)
class LeaveSetup:
    """Leave that stage for later."""

    stage: str


@dataclass(frozen=True, slots=True)
class SaveSetup:
    """Write the file, keep the former one, and connect with it. Answered by SetupSaved, then as SwitchOrg; or by
    Failed: nothing was written, or what was written cannot be connected with."""


Request = BeginSetup | AnswerSetup | LookUpSetup | TrySetup | LeaveSetup | SaveSetup


@dataclass(frozen=True, slots=True)
class SetupShown:
    ticket: int
    setup: SetUp


@dataclass(frozen=True, slots=True)
class SetupSaved:
    """`path` is the file; `backup` says where the former one is kept, "" where there was none."""

    ticket: int
    path: str
    backup: str


Event = SetupShown | SetupSaved
