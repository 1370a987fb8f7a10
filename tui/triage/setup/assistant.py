"""The set-up assistant: its stages, the answers given, what the trials found, and the file that comes of it.

Used on one event loop, or between two of them. Nothing is written before `save`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from tui import config_file, figures
from tui.config import ConfigError
from tui.config_file import ConfigFile, Written
from tui.declaration import Comparison, Difference, Listing, accept
from tui.model import Finding, Phase, ServiceError, Status
from tui.questions import Choice, HandOut, Question, SetUp, Stage, Stand
from tui.sanitise import one_line
from tui.triage.declaration import people
from tui.triage.declaration.compare import compare
from tui.triage.setup import configurations, google, report, salesforce
from tui.triage.setup.draft import Draft, Field
from tui.triage.setup.trial import salesforce as salesforce_of
from tui.triage.setup.trial import told
from tui.words import N_, _

_LONGEST = 100_000  # characters of an answer: a list of users may be long
_BAD = frozenset({Status.FAIL, Status.UNKNOWN})


@dataclass(frozen=True, slots=True)
class _Plan:
    """A stage as it is written down: its texts, its fields, and how it is tried."""

    id: str
    name: str
    title: str
    why: tuple[str, ...]
    fields: tuple[Field, ...]
    attempt: Callable[[Draft], Awaitable[list[Finding]]]
    copy: Callable[[Draft], tuple[HandOut, ...]] = lambda _draft: ()


PLANS = (
    _Plan("salesforce", N_("Salesforce"), salesforce.TITLE, salesforce.WHY, salesforce.FIELDS, salesforce.attempt),
    _Plan("google", N_("Google"), google.TITLE, google.WHY, google.FIELDS, google.attempt, google.to_copy),
    _Plan("report", N_("Report"), report.TITLE, report.WHY, report.FIELDS, report.attempt),
    _Plan("configurations", N_("Configurations"), configurations.TITLE, configurations.WHY, (), configurations.attempt),
)
_FIELDS = {one.id: one for plan in PLANS for one in plan.fields}


class Assistant:
    """One config file being made. `file` is the one that is there, or `config_file.new`."""

    def __init__(self, file: ConfigFile) -> None:
        self.file = file
        self.draft = Draft(file.path, tuple(_FIELDS.values()), deepcopy(dict(file.data)))
        self._plans = {plan.id: plan for plan in PLANS}
        self._stands = dict.fromkeys(self._plans, Stand.OPEN)
        self._findings: dict[str, tuple[Finding, ...]] = {}
        self._given: dict[str, str] = {}
        self._looked_up: dict[str, tuple[Choice, ...]] = {}

    def reread(self) -> None:
        """Take up the file as it is now, where somebody else has changed it; the answers given here stay, but for the
        configurations, which are the file's. Raises ConfigError."""
        file = _file(self.file.path)
        if file.content != self.file.content:
            self.file = file
            self.draft = Draft(
                file.path, self.draft.fields, deepcopy(dict(file.data)), dict(self._given), later=self.draft.later
            )

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Every stage as it stands."""
        problems = self.draft.problems()
        return tuple(self._stage(plan, problems) for plan in PLANS)

    @property
    def seen(self) -> SetUp:
        """All of it as it stands, for a screen."""
        return SetUp(
            path=figures.place(self.file.path),
            stages=self.stages,
            problems=self.problems,
            there=self.file.content is not None,
            comments=self.file.has_comments,
        )

    def stage(self, id_: str) -> Stage:
        """One stage as it stands. Raises KeyError."""
        return self._stage(self._plans[id_], self.draft.problems())

    def _stage(self, plan: _Plan, problems: Mapping[str, str]) -> Stage:
        asked = tuple(
            self.draft.question(one, problems, self._looked_up.get(one.id, ()))
            for one in plan.fields
            if one.when(self.draft)
        )
        if plan.id == configurations.STEP:
            asked = configurations.every(self.draft, problems)
        return Stage(
            id=plan.id,
            name=_(plan.name),
            title=_(plan.title),
            why=tuple(map(_, plan.why)),
            questions=asked,
            stand=self._stands[plan.id],
            findings=self._findings.get(plan.id, ()),
            copy=plan.copy(self.draft),
        )

    def question(self, id_: str) -> Question:
        """One question as it stands. Raises KeyError."""
        one = _FIELDS[id_]
        return self.draft.question(one, self.draft.problems(), self._looked_up.get(id_, ()))

    async def look_up(self, id_: str) -> Question:
        """The question with the choices that the services or the SSH agent know; asked anew each time."""
        one = _FIELDS[id_]
        if one.look is not None:
            self._looked_up[id_] = tuple(await one.look(self.draft))
        return self.question(id_)

    def answer(self, id_: str, text: str) -> str:
        """Take an answer, and say what is wrong with it ("" when nothing is). What was found with the answers before
        counts no more. An answer that may be a secret is forgotten where it is wrong. Raises KeyError."""
        if id_.startswith(f"{configurations.STEP}."):
            return self._declare(id_, one_line(text, limit=_LONGEST).strip())
        one, text = _FIELDS[id_], one_line(text, limit=_LONGEST).strip()
        self.draft.later.discard(one.stage)
        if text == self.draft.values.get(id_, ""):
            return self.question(id_).problem
        before, self.draft.values[id_] = self.draft.values.get(id_, ""), text
        self.reopen(one.stage)
        problem = self.question(id_).problem
        if problem and (one.hidden or _like_a_key(text)):
            self.draft.values[id_] = before
        self._given[id_] = self.draft.values[id_]
        return problem

    def _declare(self, id_: str, text: str) -> str:
        configurations.answer(self.draft, id_, text)
        self.reopen(configurations.STEP)
        stage = self.stage(configurations.STEP)
        return next((one.problem for one in stage.questions if one.id == id_ and text), "")

    def configuration(self, number: int) -> tuple[Question, ...]:
        """The questions about that one of the declared configurations."""
        return configurations.questions(self.draft, number, self.draft.problems())

    async def compare(self, listing: Listing, configuration: str) -> Comparison:
        """What a list of users would change in the configurations. Where Salesforce does not answer, or is not set up
        yet, it is not asked who they are."""
        known = None
        with suppress(ServiceError, ConfigError):
            async with salesforce_of(self.draft) as client:
                known = await people.look_up(client, listing)
        return compare(listing, self.draft.configurations, configuration=configuration, known=known)

    def accept(self, differences: Iterable[Difference]) -> None:
        """Carry these differences out."""
        self.draft.configurations = accept(self.draft.configurations, differences)
        self.reopen(configurations.STEP)

    def reopen(self, stage: str) -> None:
        """Something was changed there: it has yet to be tried."""
        self._stands[stage], self._findings[stage] = Stand.OPEN, ()
        self.draft.later.discard(stage)

    def leave(self, stage: str) -> None:
        """Leave a stage for later: the file keeps what it has there; the answers stay for when it is taken up again."""
        self._stands[stage] = Stand.LATER
        self.draft.later.add(stage)

    async def attempt(self, stage: str) -> Stage:
        """Try a stage for real, where its answers are in order."""
        self.draft.later.discard(stage)
        seen = self.stage(stage)
        if not seen.problems:
            try:
                found = await self._plans[stage].attempt(self.draft)
            except ConfigError as error:
                found = [told(stage, Phase.ACCESS, Status.FAIL, str(problem)) for problem in error.problems]
            bad = any(one.status in _BAD for one in found)
            self._findings[stage], self._stands[stage] = tuple(found), Stand.FAILED if bad else Stand.WORKS
        return self.stage(stage)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the file cannot be written yet, each with its key."""
        found = self.draft.problems().items()
        return tuple(figures.pair(key, sentence) if key else sentence for key, sentence in found)

    def save(self) -> Written:
        """Write the file; the former one is kept beside it. Raises ConfigError, and nothing was written then."""
        written = config_file.write(self.file, self.draft.data())
        self.file = config_file.read(self.file.path)
        return written


def _file(path: Path) -> ConfigFile:
    there = path.exists() or path.is_symlink()
    return config_file.read(path) if there else config_file.new(path)


def _like_a_key(text: str) -> bool:
    return "-----BEGIN" in text or text.lstrip().startswith("{")


def begin(path: Path) -> Assistant:
    """The assistant on that file, whether it is there or not. Raises ConfigError where it cannot be read."""
    return Assistant(_file(path))
