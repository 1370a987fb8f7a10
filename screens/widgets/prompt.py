"""A line to type in, at the foot of the screen: a filter, a command, a user."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.suggester import SuggestFromList
from textual.widgets import Input

from screens.widgets.bars import Flash, to_front
from screens.widgets.ink import Bar


class Prompt(Horizontal):
    """Opened with a word in front; Enter hands over what was typed, Esc nothing."""

    DEFAULT_CSS = """
    Prompt { height: 1; }
    Prompt > Bar { width: auto; min-width: 2; }
    Prompt > Input { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
    Prompt > Input:focus { border: none; background: transparent; background-tint: transparent 0%; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._typed: Callable[[str], None] | None = None
        self._done: Callable[[str], None] | None = None
        self._left: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        yield Bar()
        yield Input(compact=True, select_on_focus=False)

    def ask(
        self,
        label: str,
        done: Callable[[str], None],
        *,
        value: str = "",
        typed: Callable[[str], None] | None = None,
        left: Callable[[], None] | None = None,
        choices: Sequence[str] = (),
    ) -> None:
        """`done` gets the text on Enter, `typed` each change of it; `left` is called on Esc. The right arrow completes
        to one of `choices`."""
        self._done, self._typed, self._left = done, None, left
        bar = self.query_one(Bar)
        bar.say(((f" {label} ", "accent"),))
        bar.styles.width = len(label) + 2
        entry = self.query_one(Input)
        entry.suggester = SuggestFromList(choices, case_sensitive=False) if choices else None
        entry.value = value
        entry.cursor_position = len(value)
        self._typed = typed
        to_front(self)
        entry.focus()

    @property
    def open(self) -> bool:
        return bool(self.display)

    def close(self) -> None:
        to_front(self.screen.query_one(Flash))
        self.screen.set_focus(None)

    @on(Input.Changed)
    def _on_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._typed is not None and self.open and event.value == event.input.value:
            self._typed(event.value)

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.close()
        if self._done is not None:
            self._done(event.value.strip())

    def on_key(self, event: events.Key) -> None:
        """Esc and Ctrl+C leave. Keys that the entry has no use for (pages, arrows) reach the list behind it."""
        if event.key in {"escape", "ctrl+c"}:
            event.stop()
            event.prevent_default()
            self.close()
            if self._left is not None:
                self._left()
