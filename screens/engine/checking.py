"""Finding people and checking them."""

from __future__ import annotations

from dataclasses import dataclass

from tui.model import CheckResult, Complaint, Finding, StepPlan, User


@dataclass(frozen=True, slots=True)
class FindUsers:
    """`text` as contracts.md's USER. Answered by UsersFound."""

    text: str


@dataclass(frozen=True, slots=True)
class CheckUser:
    """Run the triage of one user. Answered by StepsPlanned, StepDone…, CheckDone; or Failed."""

    query: str
    reported: bool = False
    page_file: str = ""
    """A file that holds the status page of this user, saved; judged in place of the live page."""
    page_text: str = ""
    """The same, as its text was pasted."""
    complaint: Complaint | None = None
    """What the person complains of; with it the check counts as reported."""
    retry: bool = False
    """Go on from the step at which the last check of this user failed."""


@dataclass(frozen=True, slots=True)
class CheckMany:
    """Check these users. Answered by Checked… as they come, ManyDone and PastLoaded; or Failed."""

    users: tuple[str, ...]


Request = FindUsers | CheckUser | CheckMany


@dataclass(frozen=True, slots=True)
class UsersFound:
    """`problem` is the sentence to show when nobody or too many were found."""

    ticket: int
    users: tuple[User, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StepsPlanned:
    ticket: int
    user: User
    steps: tuple[StepPlan, ...]


@dataclass(frozen=True, slots=True)
class StepDone:
    """`finding.id` is the id of a planned step, or of a further finding below it (`planned` names the step)."""

    ticket: int
    planned: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class CheckDone:
    ticket: int
    result: CheckResult


@dataclass(frozen=True, slots=True)
class Checked:
    """One of many is checked."""

    ticket: int
    result: CheckResult


@dataclass(frozen=True, slots=True)
class ManyDone:
    """All are checked that could be; `problems` are sentences about those who could not be found."""

    ticket: int
    problems: tuple[str, ...] = ()


Event = UsersFound | StepsPlanned | StepDone | CheckDone | Checked | ManyDone
