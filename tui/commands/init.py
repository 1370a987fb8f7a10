"""`passerelle config init`: a config file made by questions, each step tried for real as soon as it is filled in."""

from __future__ import annotations

import asyncio

import click

from screens.glyphs import glyph
from tui import figures, output
from tui.commands import asking, listing, words
from tui.commands.asking import Back, Later, say
from tui.commands.common import Asked, Exit, UsageError
from tui.config import ConfigError
from tui.model import Finding, Status
from tui.questions import Question, Stage, Stand
from tui.sanitise import one_line
from tui.triage.setup import configurations
from tui.triage.setup.assistant import Assistant, begin
from tui.triage.setup.trial import meaning
from tui.words import N_, _

_SIGNS = {
    Stand.OPEN: (Status.UNKNOWN, N_("not tried")),
    Stand.WORKS: (Status.PASS, N_("works")),
    Stand.FAILED: (Status.FAIL, N_("does not work yet")),
    Stand.LATER: (Status.SKIP, N_("left for later")),
}


def init(asked: Asked) -> int:
    """Exit status: 0 when the file is written and everything worked, 1 when something was left open, 2 without a
    terminal or with a file that cannot be read, 130 when it was left before the end."""
    if not output.terminal():
        raise UsageError(
            _(
                "config init asks questions, and there is no terminal here to ask them on (over SSH use `ssh -t`)."
                " Without one, copy sample_config.toml to {path} and fill it in."
            ).format(path=one_line(asked.path()))
        )
    assistant = begin(asked.path())
    asking.begin()
    try:
        return _Conversation(assistant, asked).run()
    except (click.Abort, KeyboardInterrupt):
        output.note("")
        say(_("Left before the end: nothing was written."))
        return Exit.INTERRUPTED


class _Conversation:
    """The way through the stages, and back."""

    def __init__(self, assistant: Assistant, asked: Asked) -> None:
        self._assistant = assistant
        self._asked = asked
        self._explained: set[str] = set()

    def run(self) -> int:
        path = one_line(self._assistant.file.path)
        say(_("Passerelle's set-up assistant, for the file {path}").format(path=path))
        if self._assistant.file.content is not None:
            say(_("The file is there: what it says is offered as the answer. It stays as it is until the end."))
        say(
            _(
                "Enter keeps what is in brackets; ? explains again, - empties the answer, < goes one step back, !"
                " leaves the whole step for later. Ctrl+C leaves: nothing is written before the end."
            )
        )
        stages, number = [stage.id for stage in self._assistant.stages], 0
        while number < len(stages):
            number = max(0, number + self._take(stages[number], number + 1, len(stages) + 1))
        while True:
            chosen = self._overview(stages)
            if chosen is not None:
                self._take(stages[chosen], chosen + 1, len(stages) + 1)
            elif (status := self._save()) is not None:
                return status

    # One stage.

    def _take(self, id_: str, number: int, count: int) -> int:
        """Ask and try one stage; where to go from here: 1 step on, or 1 back."""
        stage = self._assistant.stage(id_)
        asking.title(f"{number}/{count}  {stage.title}")
        for paragraph in stage.why:
            say(f"{glyph('bullet')} {paragraph}", hang=2)
        while True:
            try:
                self._configurations() if id_ == "configurations" else self._questions(id_)
                return self._try(id_)
            except Back:
                return -1
            except Later:
                self._assistant.leave(id_)
                return 1
            except _Again:
                continue

    def _questions(self, id_: str) -> None:
        """Every question of a stage. Which are asked may depend on the answers before."""
        at = 0
        while at < len(questions := self._assistant.stage(id_).questions):
            try:
                self._ask(questions[at])
                at += 1
            except Back:
                if at == 0:
                    raise
                at -= 1

    def _ask(self, question: Question) -> None:
        """One question until its answer will do. Raises Back, Later."""
        if question.looked_up:
            question = asyncio.run(self._assistant.look_up(question.id))
        while problem := self._assistant.answer(question.id, self._answer(question)):
            _wrong(problem)
            question = self._assistant.question(question.id)

    def _answer(self, question: Question, *, skippable: bool = True) -> str:
        """An answer to a question that is explained the first time only."""
        explained = question.id in self._explained
        self._explained.add(question.id)
        return asking.ask(question, explained=explained, skippable=skippable)

    def _try(self, id_: str) -> int:
        while True:
            self._to_copy(self._assistant.stage(id_))
            output.progress(_("Trying it…"))
            stage = asyncio.run(self._assistant.attempt(id_))
            output.progress_over()
            say()
            for question in stage.problems:
                say(f"{words.state(Status.FAIL)}  {figures.pair(question.label, question.problem)}", hang=4)
            for finding in stage.findings:
                _tell(finding)
            works = stage.stand is Stand.WORKS
            if works and all(finding.status is Status.PASS for finding in stage.findings):
                return 1
            choices = {
                "c": _("correct the answers"),
                "t": _("try again"),
                "k": _("keep it like this and go on"),
                "l": _("leave this step for later: the file keeps what it has there"),
                "b": _("one step back"),
            }
            match asking.choose(_("What now?"), choices, "k" if works else "c"):
                case "c":
                    raise _Again
                case "k":
                    return 1
                case "l":
                    raise Later
                case "b":
                    raise Back

    @staticmethod
    def _to_copy(stage: Stage) -> None:
        if stage.copy:
            say()
            say(_("For the Google administrator, to copy:"))
            for one in stage.copy:
                output.note(f"  {figures.label(one.what)}")
                output.note(f"    {one.text}")

    # The configurations, which are a list.

    def _configurations(self) -> None:
        draft = self._assistant.draft
        while True:
            say()
            for number, declared in enumerate(draft.configurations, 1):
                say(f"{number}  {configurations.line(declared)}", indent=2)
            choices = {
                "a": _("add one, by questions"),
                "p": _("paste the assigned users, as Setup lists them"),
                "f": _("read them from a file: the list of Lightning Sync users, CSV or XLSX"),
            }
            if draft.configurations:
                choices |= {"e": _("change one"), "d": _("take one out")}
            choices |= {"g": _("go on"), "l": _("leave this step for later"), "b": _("one step back")}
            match asking.choose(_("Configurations:"), choices, "g"):
                case "a":
                    draft.configurations.append({})
                    self._one(len(draft.configurations) - 1)
                case "p":
                    listing.from_text(self._assistant)
                case "f":
                    listing.from_file(self._assistant)
                case "e":
                    if (one := self._which()) is not None:
                        self._one(one)
                case "d":
                    if (one := self._which()) is not None:
                        self._assistant.answer(f"configurations.{one}.name", "")
                case "g":
                    return
                case "l":
                    raise Later
                case "b":
                    raise Back

    def _which(self) -> int | None:
        draft = self._assistant.draft
        if len(draft.configurations) == 1:
            return 0
        text = asking.typed(_("Its number:"))
        known = text.isascii() and text.isdigit() and 1 <= int(text) <= len(draft.configurations)
        return int(text) - 1 if known else None

    def _one(self, number: int) -> None:
        """The questions about one configuration. Without a name it is declared no more."""
        at = 0
        while at < len(questions := self._assistant.configuration(number)):
            question = questions[at]
            try:
                text = self._answer(question, skippable=False)
            except Back:
                if at > 0:
                    at -= 1
                    continue
                if question.value:
                    return
                text = ""
            if at == 0 and not text:
                self._assistant.answer(question.id, "")
                return
            if problem := self._assistant.answer(question.id, text):
                _wrong(problem)
            else:
                at += 1

    # The end.

    def _overview(self, stages: list[str]) -> int | None:
        """What is to become of it: the number of a stage to go back to, None to write the file."""
        asking.title(f"{len(stages) + 1}/{len(stages) + 1}  {_('The file')}")
        for line in output.columns(
            [
                (str(number), words.state(*_SIGNS[stage.stand]), stage.title)
                for number, stage in enumerate(self._assistant.stages, 1)
            ],
            indent="  ",
        ):
            output.note(line)
        problems = self._assistant.problems
        if problems:
            say(_("The file cannot be written yet:"))
            for problem in problems:
                say(f"{words.state(Status.FAIL)}  {problem}", hang=4)
        elif self._assistant.file.has_comments:
            say(_("The comments of the file that is there are not carried over: they stay in the copy that is kept."))
        choices = {str(number): _("back to step {n}").format(n=number) for number in range(1, len(stages) + 1)}
        if not problems:
            choices["w"] = _("write {path}").format(path=one_line(self._assistant.file.path))
        choices["q"] = _("leave, and write nothing")
        match asking.choose(_("What now?"), choices, "" if problems else "w"):
            case "q":
                raise click.Abort
            case "w":
                return None
            case number:
                return int(number) - 1

    def _save(self) -> int | None:
        """Write the file; None where that did not come about, which is said."""
        try:
            written = self._assistant.save()
        except ConfigError as error:
            for problem in error.problems:
                say(f"{words.state(Status.FAIL)}  {problem}", hang=4)
            self._assistant.reread()
            return None
        path = str(self._assistant.file.path)
        backup = str(written.backup) if written.backup is not None else None
        if self._asked.json:
            output.record({"config": path, "backup": backup})
        else:
            output.line(_("Written: {path}").format(path=one_line(path)))
            if backup is not None:
                output.line(_("The previous file is kept: {path}").format(path=one_line(backup)))
            say(_("Next: passerelle config check, which says all that can be read; then passerelle, the console."))
        done = all(stage.stand is Stand.WORKS for stage in self._assistant.stages)
        return Exit.DONE if done else Exit.ATTENTION


class _Again(Exception):  # noqa: N818 - reads as what was asked for
    """Ask the same stage once more."""


def _wrong(problem: str) -> None:
    """Say what is wrong with an answer; the rest of something that was pasted is no answer to what comes next."""
    say(f"{words.state(Status.FAIL)}  {problem}", hang=4)
    asking.forget_what_follows()


def _tell(finding: Finding) -> None:
    """A finding: what was found, what that means, and what to do."""
    say(f"{words.state(finding.status)}  {finding.summary}", hang=4)
    if finding.cause is None:
        return
    say(meaning(finding), indent=4)
    if answer := str(finding.evidence.get("error", "")):
        say(_("It answered: {error}").format(error=one_line(answer)), indent=4)
    for number, step in enumerate(finding.fix, 1):
        say(f"{number}. {step}", indent=4, hang=3)
    for link in finding.links:
        output.note(f"    {_('see')} {link}")
