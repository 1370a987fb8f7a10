"""What an admin does in Setup, by hand, and says here: the guided connection test, and Proof."""

from __future__ import annotations

from dataclasses import dataclass

from tui.model import GuidedTest, ProofSample


@dataclass(frozen=True, slots=True)
class LoadGuided:
    """Where Salesforce's own connection test is, and what was recorded of it. Answered by GuidedLoaded or Failed."""


@dataclass(frozen=True, slots=True)
class RecordGuided:
    """Keep the messages of that test, made with this user: side, message, and the outcome as it was seen (None: as the
    message says it). Answered by GuidedRecorded or Failed."""

    user_id: str
    user_name: str
    messages: tuple[tuple[str, str, bool | None], ...]


@dataclass(frozen=True, slots=True)
class LoadProof:
    """Read samples of the status page for Proof, this user's among them. Answered by ProofLoaded or Failed."""

    user_id: str


@dataclass(frozen=True, slots=True)
class AnswerProof:
    """What the admin saw in Setup for each sample: user id -> same or not. Answered by ProofRecorded."""

    answers: tuple[tuple[str, bool], ...]


Request = LoadGuided | RecordGuided | LoadProof | AnswerProof


@dataclass(frozen=True, slots=True)
class GuidedLoaded:
    """`tests` are those of the last 24 hours, newest first."""

    ticket: int
    link: str
    tests: tuple[GuidedTest, ...]


@dataclass(frozen=True, slots=True)
class GuidedRecorded:
    ticket: int
    tests: tuple[GuidedTest, ...]


@dataclass(frozen=True, slots=True)
class ProofLoaded:
    ticket: int
    samples: tuple[ProofSample, ...]


@dataclass(frozen=True, slots=True)
class ProofRecorded:
    ticket: int
    confirmed: bool


Event = GuidedLoaded | GuidedRecorded | ProofLoaded | ProofRecorded
