"""Set-up: a config file made, or changed, by questions; a step at a time, each tried for real."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from textual.widget import Widget

from screens import engine as room
from screens import setup_page
from screens.actions import bindings
from screens.base import ConsoleScreen, path
from screens.engine import set_up
from screens.guards import Scene
from screens.pieces import Copy
from screens.widgets.document import Block, Document, blank
from screens.widgets.ink import Line
from tui.figures import label
from tui.model import Status
from tui.questions import Question, SetUp, Stage, Stand
from tui.words import _

QUESTION = "question."


class SetupScreen(ConsoleScreen):
    name_ = "setup"
    BINDINGS = bindings("setup")

    def __init__(self) -> None:
        super().__init__()
        self._setup: SetUp | None = None
        self._at = 0
        self._why: set[str] = set()
        self._asked: dict[int, tuple[str, datetime]] = {}
        self._answered: tuple[int, str] = (0, "")
        self._known: frozenset[str] = frozenset()
        self._trying = 0
        self._problem = ""

    def body(self) -> Iterator[Widget]:
        yield Document(id="setup")

    def on_mount(self) -> None:
        self._ask(set_up.BeginSetup(), _("reading the config file"))
        super().on_mount()

    def _ask(self, request: set_up.Request, doing: str = "") -> int:
        """Ask the engine; what it says to somebody else's question is not for this screen. `doing` says what takes its
        time."""
        self._asked[ticket := self.host.ask(request)] = doing, self.store.now()
        return ticket

    @property
    def _page(self) -> Document:
        return self.query_one("#setup", Document)

    @property
    def _stage(self) -> Stage | None:
        """The step in front; None at the file, and before anything is known."""
        return self._setup.stages[self._at] if self._setup and self._at < len(self._setup.stages) else None

    @property
    def _question(self) -> Question | None:
        """The question under the cursor, or the one whose problem stands there."""
        key = self._page.current_key
        return next((one for one in self._stage.questions if key.endswith(f".{one.id}")), None) if self._stage else None

    def crumb(self) -> Line:
        if self._setup is None:
            return path(_("Set-up"))
        return path(_("Set-up"), self._stage.name if self._stage else _("The file"))

    def aside(self) -> Line:
        scene = self.scene()
        told = _("step {n} of {count}").format(n=scene.step, count=scene.steps)
        return ((told, "dim"), (" ", "")) if scene.step else ()

    def going_on(self) -> tuple[str, int] | None:
        asked = next(((doing, since) for doing, since in self._asked.values() if doing), None)
        if asked is None:
            return super().going_on()
        doing, since = asked
        return doing, int((self.store.now() - since).total_seconds())

    def scene(self) -> Scene:
        can = self._question is not None or self._page.current_key.partition(".")[0] in {"why", "stage"}
        scene = Scene(self.name_, self.store.connected, self.store.armed, can_open=can, checking=self._trying != 0)
        if self._setup is None:
            return scene
        steps = len(self._setup.stages) + 1
        return replace(scene, step=self._at + 1, steps=steps, complete=not self._setup.problems)

    def copies(self) -> Sequence[Copy]:
        """What is under the cursor; then what a Google administrator is to be given."""
        return (*super().copies(), *map(setup_page.to_give, self._stage.copy if self._stage else ()))

    # Drawing.

    def draw(self) -> None:
        if self._setup is None:
            self._page.show([Block("wait", ((self._problem or "…", "warn" if self._problem else "dim"),))])
            return
        if self._stage is None:
            blocks = setup_page.file(self._setup)
        else:
            why = self._stage.id in self._why
            blocks = setup_page.stage(self._setup, self._at, current=self._current(), why=why)
        if self._problem:
            blocks += [blank("refused.space"), Block("refused", ((self._problem, "warn"),))]
        self._page.show(blocks)

    def _current(self) -> str:
        return f"{QUESTION}{self._question.id}" if self._question else ""

    def cursor_moved(self) -> None:
        self.draw()
        super().cursor_moved()

    def _stand_on(self, key: str) -> None:
        """Put the cursor on that block."""
        page = self._page
        index = next((n for n in range(page.count) if page.key(n) == f"{key}#0"), None)
        if index is not None:
            page.go(index)

    def _arrive(self, at: int) -> None:
        """Go to that step: to its first question that is open; what it is for is shown in full on the first visit."""
        self._at, self._problem = at, ""
        self.flash("")
        stage = self._stage
        if stage is None:
            self.refresh_all()
            self._stand_on("path")
            return
        if stage.stand is Stand.OPEN and not any(question.value for question in stage.questions[:1]):
            self._why.add(stage.id)
        if looked_up := tuple(
            question.id for question in stage.questions if question.looked_up and not question.choices
        ):
            self._ask(set_up.LookUpSetup(looked_up), _("looking up the choices"))
        self.refresh_all()
        first = next((one for one in stage.questions if one.problem), next(iter(stage.questions), None))
        self._stand_on(f"{QUESTION}{first.id}" if first else "why")
        self.refresh_all()

    # What the engine says.

    def hear(self, event: room.Event) -> None:
        if event.ticket not in self._asked:
            return
        del self._asked[event.ticket]
        match event:
            case set_up.SetupShown(ticket=ticket, setup=setup):
                first, self._setup = self._setup is None, setup
                if first:
                    self._arrive(0)
                elif ticket == self._trying:
                    self._tried()
                elif ticket == self._answered[0]:
                    self._after_answer(self._answered[1])
            case room.Failed(sentence=sentence):
                self._trying, self._problem = 0, sentence
        self.refresh_all()

    def _after_answer(self, answered: str) -> None:
        """On to the next question, the first that came with this answer before all; at the last one the step is tried,
        if nothing speaks against it."""
        stage = self._stage
        if stage is None:
            return
        ids = [question.id for question in stage.questions]
        self.refresh_all()
        question = next((one for one in stage.questions if one.id == answered), None)
        if question is None or question.problem:
            return
        come = (question.id for question in stage.questions if question.id not in self._known and not question.value)
        after = [*come, *ids[ids.index(answered) + 1 :]]
        if after:
            self._stand_on(f"{QUESTION}{after[0]}")
        elif not stage.problems:
            self.do_try_step()

    def _tried(self) -> None:
        self._trying = 0
        self.refresh_all()
        stage = self._stage
        if stage is None:
            return
        if stage.problems:
            self._stand_on(f"{QUESTION}{stage.problems[0].id}")
            self.flash(_("This step cannot be tried yet: {what}").format(what=stage.problems[0].label), "warn")
            return
        worst = next((n for n, one in enumerate(stage.findings) if one.status is not Status.PASS), None)
        self._stand_on(f"found.{worst or 0}")
        if stage.stand is Stand.WORKS:
            self.flash(_("This works: n goes on to the next step."), "ok")
        else:
            self.flash(_("This does not work yet: correct the answers, or l leaves it for later."), "warn")

    # Actions.

    def do_answer(self) -> None:
        stage, question, key = self._stage, self._question, self._page.current_key
        if question is not None:
            choices = [choice.value for choice in question.choices if choice.value]
            self.prompt.ask(
                label(question.label), lambda text: self._answer(question, text), value=question.value, choices=choices
            )
        elif stage is not None and key.startswith("why"):
            self._why ^= {stage.id}
            self.refresh_all()
            self._stand_on("why")
        elif key.startswith("stage."):
            self._arrive(int(key.removeprefix("stage.")))

    def _answer(self, question: Question, text: str) -> None:
        number = int(text) if text.isascii() and text.isdigit() else 0
        if 1 <= number <= len(question.choices):
            text = question.choices[number - 1].value
        self._problem = ""
        if self._stage is not None:
            self._why.discard(self._stage.id)  # it has been read; the room is wanted
            self._known = frozenset(question.id for question in self._stage.questions)
        self._answered = self._ask(set_up.AnswerSetup(question.id, text)), question.id

    def do_try_step(self) -> None:
        if self._stage is not None:
            self._problem = ""
            self._trying = self._ask(set_up.TrySetup(self._stage.id), _("trying"))
            self.refresh_bars()

    def do_next_step(self) -> None:
        if self._setup is not None and self._stage is not None:
            self._arrive(self._at + 1)

    def do_previous_step(self) -> None:
        if self._setup is not None and self._at > 0:
            self._arrive(self._at - 1)

    def do_later(self) -> None:
        if self._stage is not None:
            self._ask(set_up.LeaveSetup(self._stage.id))
            self._arrive(self._at + 1)

    def do_save(self) -> None:
        if self._setup is None:
            return
        self._arrive(len(self._setup.stages))
        if self._setup.problems:
            self.flash(_("The file cannot be written yet: what is missing is listed above."), "warn")
            return
        self.confirm.ask(
            _("Write this file?"),
            {"y": (_("yes"), self.host.orgs.save), "n": (_("no"), lambda: None)},
            lambda: None,
        )

    def do_back(self) -> None:
        """A step back, on the first one out: what was answered is still there when one comes again."""
        if self._trying:
            self.host.cancel(self._trying)
            self._asked.pop(self._trying, None)
            self._trying = 0
        if self._at > 0:
            self.do_previous_step()
        else:
            self.host.leave_screen()
