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
    `lines` are to be copied as they are; `group` is what several questions are about, where a stage has several such;
    `problem` says what is wrong with the answer."""

    id: str
    label: str
    help: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    free: bool = True
    optional: bool = False
    looked_up: bool = False
    lines: tuple[str, ...] = ()
    group: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HandOut:
    """A text to be given to somebody else: what it is, and whether it is the address of a page."""

    what: str
    text: str
    link: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """Questions that belong together and are tried together. `name` is a word for it, `why` what the questions are
    for, paragraph by paragraph; `copy` what is to be copied elsewhere; `findings` what the last trial found."""

    id: str
    name: str
    title: str
    why: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    stand: Stand = Stand.OPEN
    findings: tuple[Finding, ...] = ()
    copy: tuple[HandOut, ...] = ()

    @property
    def problems(self) -> tuple[Question, ...]:
        """The questions whose answer will not do."""
        return tuple(question for question in self.questions if question.problem)


@dataclass(frozen=True, slots=True)
class SetUp:
    """A config file being made. `there` says whether there is such a file already, `comments` whether it has some,
    which a file that is written anew cannot keep; `problems` why it cannot be written yet."""

    path: str
    stages: tuple[Stage, ...]
    problems: tuple[str, ...] = ()
    there: bool = False
    comments: bool = False
