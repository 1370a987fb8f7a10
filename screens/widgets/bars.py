"""The one-line bars around every screen: which org, which keys work, what just happened, what is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from rich.cells import cell_len
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from screens import glyphs
from screens.actions import Action
from screens.guards import Scene
from screens.key_names import key_name
from screens.state import Store
from screens.widgets.ink import Bar, Line, Span, fit, width_of, wrap
from tui.kinds import OrgKind
from tui.sanitise import one_line
from tui.terms import ORG_KIND
from tui.words import _, pgettext

KIND_INK = {OrgKind.PRODUCTION: "production", OrgKind.SANDBOX: "sandbox", OrgKind.PRACTICE: "practice"}


class TopBar(Bar):
    """Which org, of which kind, as which user, and whether anything can be changed: on every screen."""

    def __init__(self) -> None:
        super().__init__(base="bar")

    def tell(self, store: Store, width: int) -> None:
        badge: Span = (
            (_(" WRITE {minutes} min ").format(minutes=store.armed_minutes), "write")
            if store.armed
            else (_(" READ-ONLY "), "readonly")
        )
        room = width - cell_len(badge[0]) - 1
        org, api = _org(store, room), _api(store)
        if width_of(org) + cell_len(api) > room:  # who acts matters more than how many calls are left
            api = ""
        self.say(org, ((f"{api} ", "dim"), badge))


ACTING = 12
"""Cells kept for the acting user, whatever the organisation is called."""


def _org(store: Store, width: int) -> Line:
    if store.org is None:
        return ((f" {one_line(store.where) or _('Passerelle')} ", "strong"),)
    kind = f" {_(ORG_KIND[store.org.kind])} "
    name = one_line(store.org.name)
    room = max(8, width - cell_len(kind) - 3)
    if cell_len(name) > room - ACTING:
        name = fit(name, room - ACTING)
    acting = _acting(one_line(store.org.acting_user), room - cell_len(name))
    return ((" ", ""), (name, "strong"), (" ", ""), (kind, KIND_INK[store.org.kind]), (f" {acting}", "dim"))


def _acting(user: str, width: int) -> str:
    """As which user: the part before the @ where the whole does not fit, and what fits of it in the worst case."""
    short = user.partition("@")[0]
    told = (*(_("as {user}").format(user=name) for name in (user, short)), short)
    return next((text for text in told if cell_len(text) <= width), fit(short, width))


def _api(store: Store) -> str:
    overview = store.overview.value
    if overview is None or overview.api_used is None or not overview.api_limit:
        return ""
    left = max(0, overview.api_limit - overview.api_used)
    return _(" API calls left: {share}%").format(share=100 * left // overview.api_limit)


HINTS, EVERY = 8, 14
"""How many keys the footer names at 80 columns, and for how many columns more it names another one."""
ENDS = ("help", "quit")
"""What stands at the right of every footer."""


class Keys(Bar):
    """The footer: what can be done here and now; the most useful actions come in first, as long as there is room."""

    def __init__(self) -> None:
        super().__init__(base="bar")

    def tell(self, actions: Sequence[Action], scene: Scene, width: int) -> None:
        ends = tuple(span for action in actions if action.id in ENDS for span in _hint(action, scene))
        wanted = sorted((action for action in actions if _named(action, scene)), key=lambda action: action.footer)
        room, left = width - width_of(ends), HINTS - len(ENDS) + max(0, width - 80) // EVERY
        spans: list[Span] = []
        for action in wanted:
            hint = _hint(action, scene)
            if left and width_of(hint) <= room:
                spans += hint
                left, room = left - 1, room - width_of(hint)
        self.say(tuple(spans), ends)

    def only(self, keys: Sequence[tuple[str, str]]) -> None:
        """These keys alone, each with its word."""
        self.say(tuple(span for key, word in keys for span in ((f" {key_name(key)}", "key"), (f" {word} ", ""))))


def _named(action: Action, scene: Scene) -> bool:
    """Whether the footer has a use for it: not where one is already, nor for what is refused and does not stay."""
    if action.id in ENDS or action.id == scene.screen != "troubleshoot":
        return False
    if not action.footer or not action.useful(scene):
        return False
    return action.dimmed or not action.allowed(scene)


def _hint(action: Action, scene: Scene) -> Line:
    refused = bool(action.allowed(scene))
    return (
        (f" {action.shown_keys[0]}", "dim" if refused else "key"),
        (f" {_(action.label)} ", "dim" if refused else ""),
    )


class Flash(Bar):
    """A message of one line. The newest replaces the one before; but a warning stands for a second, unless a key shows
    that somebody goes on."""

    SECONDS = 12.0
    WARNING = 1.0
    GRAVE = frozenset({"warn", "bad"})

    def __init__(self) -> None:
        super().__init__()
        self._timer: Timer | None = None
        self._until = 0.0
        self._next: tuple[str, str] | None = None

    def go_on(self) -> None:
        """A key was pressed: what it brings about is said at once."""
        self._until = 0.0

    def tell(self, sentence: str, ink: str = "") -> None:
        wait = self._until - monotonic()
        if wait > 0 and ink not in self.GRAVE:
            if self._next is None:
                self.set_timer(wait, self._follow)
            self._next = (sentence, ink)
            return
        self._until = monotonic() + self.WARNING if ink in self.GRAVE else 0.0
        self._show(sentence, ink)

    def _follow(self) -> None:
        """The warning has stood long enough: what was said since."""
        if self._next is not None:
            (sentence, ink), self._next = self._next, None
            self._show(sentence, ink)

    def _show(self, sentence: str, ink: str) -> None:
        if self._timer is not None:
            self._timer.stop()
        self.say(((" ", ""), (sentence, ink)))
        self._timer = self.set_timer(self.SECONDS, self.clear)

    def clear(self) -> None:
        self.say(())


class Asking(Message):
    """Something is asked now, or no longer: other keys work."""


def to_front(widget: Widget) -> None:
    """Of the widgets that share a place, show this one alone."""
    for sibling in widget.parent.children if isinstance(widget.parent, Widget) else ():
        sibling.display = sibling is widget
    widget.post_message(Asking())


class Spinner(Bar):
    """One moving cell, what is going on, and for how many seconds; nothing when nothing is."""

    PER_SECOND = 4

    def __init__(self) -> None:
        super().__init__()
        self._timer: Timer | None = None
        self._turn = 0
        self._what: Callable[[], tuple[str, int] | None] = lambda: None

    def watch_over(self, what: Callable[[], tuple[str, int] | None]) -> None:
        """`what` says what goes on and for how long, None when nothing does; it is asked four times a second."""
        self._what = what
        self.turn()
        if self._timer is None and what() is not None:
            self._timer = self.set_interval(1 / self.PER_SECOND, self.turn)

    def turn(self) -> None:
        now = self._what()
        if now is None:
            self._show(())
            if self._timer is not None:
                self._timer.stop()
                self._timer = None
            return
        self._turn += 1
        text, seconds = now
        self._show(
            ((f" {glyphs.spin(self._turn)} ", "accent"), (f"{text} ", ""), (_("{n} s ").format(n=seconds), "dim"))
        )

    def _show(self, line: Line) -> None:
        self.say(line)
        if self.styles.width is None or self.styles.width.value != width_of(line):
            self.styles.width = width_of(line)


Choices = dict[str, tuple[str, Callable[[], None]]]
"""What may be answered: a key, its word, and what it does."""


class ConfirmBar(Bar):
    """A question of one line. Only the keys that it names answer; Enter, Esc and n mean no, unless it says otherwise.

    `passes` tells the keys that are for the screen behind it, unless the question names them, so that what is asked
    about can be read."""

    def __init__(self, passes: Callable[[str], bool]) -> None:
        super().__init__(base="question")
        self._passes = passes
        self.display = False
        self._answers: dict[str, Callable[[], None]] = {}
        self._named: frozenset[str] = frozenset()
        self._lines: list[Line] = []

    def ask(self, question: str, answers: Choices, no: Callable[[], None]) -> None:
        """`answers` maps a key to its word and what it does; every way of saying no calls `no`."""
        self._answers = dict.fromkeys(("n", "N", "escape", "enter", "q", "ctrl+c"), no)
        self._answers |= {key: act for key, (_word, act) in answers.items()}
        self._named = frozenset(answers)
        self.say(*_asked(question, answers))
        self._lay()
        to_front(self)

    def _lay(self) -> None:
        """A question that leaves no room for its answers stands above them, whole."""
        width = self.screen.size.width
        whole = width_of(self._left) + width_of(self._right) <= width
        self._lines = [] if whole else [*wrap(self._left, width, hang=1), self._right]
        if self.styles.height is None or self.styles.height.value != (len(self._lines) or 1):
            self.styles.height = len(self._lines) or 1
        self.refresh()

    def on_resize(self) -> None:
        if self.open:
            self._lay()

    def render_line(self, y: int) -> Strip:
        if y < len(self._lines):
            return self.strip(self._lines[y], self.size.width, self._base)
        return super().render_line(y)

    def fits(self, question: str, answers: Choices) -> bool:
        """Whether question and answers can be read whole in one line."""
        return sum(width_of(line) for line in _asked(question, answers)) <= self.screen.size.width

    def names(self, keys: str) -> bool:
        """Whether the question names one of these keys for an answer."""
        return any(key in self._named for key in keys.split(","))

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """The key worth a hint, with its word, that it does not name itself."""
        return () if self.names("escape") else (("escape", pgettext("key", "cancel")),)

    @property
    def open(self) -> bool:
        return bool(self.display)

    def press(self, key: str, character: str | None) -> bool:
        """A key was pressed; whether it stops here: every key does, but those that pass."""
        act = self._answers.get(key) or self._answers.get(character or "")
        if act is None:
            return not self._passes(key)
        self.close()
        act()
        return True

    def close(self) -> None:
        to_front(self.screen.query_one(Flash))


def _asked(question: str, answers: Choices) -> tuple[Line, Line]:
    choices: list[Span] = []
    for key, (word, _act) in answers.items():
        choices += [(f" {key_name(key)}", "key"), (f" {word} ", "")]
    return ((" ", ""), (question, "strong"), ("  ", "")), tuple(choices)
