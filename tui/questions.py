"""What a person is asked when a config file is made: stages of questions, as both ways in draw them. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tui.model import Finding


class Stand(StrEnum):
    """How far a stage has come."""

    OPEN = "open"
    WORKS = "works"
    FAILED = "failed"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that is offered: what stands in the file, and what it means."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to answer. `value` is the answer as text, "" where there is none yet; `free` whether another answer
    than the choices will do; `looked_up` whether there are more choices to ask the services or the agent for;
    `lines` are to be copied as they are; `problem` says what is wrong with the answer."""

    id: str
    label: str
    help: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    free: bool = True
    optional: bool = False
    looked_up: bool = False
    lines: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Questions that belong together and are tried together. `why` is what they are for, paragraph by paragraph;
    `copy` what is to be copied elsewhere (what it is, the text); `findings` what the last trial found."""

    id: str
    title: str
    why: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    stand: Stand = Stand.OPEN
    findings: tuple[Finding, ...] = ()
    copy: tuple[tuple[str, str], ...] = ()

    @property
    def problems(self) -> tuple[Question, ...]:
        """The questions whose answer will not do."""
        return tuple(question for question in self.questions if question.problem)
