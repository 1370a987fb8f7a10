"""The smallest Textual app that draws something: what the console's first frame is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("READ-ONLY")


if __name__ == "__main__":
    Minimal().run(mouse=False)
