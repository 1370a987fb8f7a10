"""The console in French at 80x24: its own words all translated where they are drawn, and none of them cut."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import translate
from screens.widgets import ink
from tests.console.conftest import Open
from tests.console.test_snapshots import STATES
from tui import words

HERE = Path(__file__).parent
INVENTED = "".join(file.read_text(encoding="utf-8") for file in sorted(HERE.glob("*.py")))
"""The texts of the engine that stands in for the real one: in English always."""


def told() -> dict[str, str]:
    """What the program says on its own in more than a word: English and French."""
    found = {}
    for path in translate.catalogues():
        for one in translate.read(path):
            if isinstance(one.id, str) and isinstance(one.string, str):
                found[one.id.strip()] = one.string.strip()
    return found


TOLD = told()
ENGLISH = {
    text for text, french in TOLD.items() if " " in text and "{" not in text and text != french and text not in INVENTED
}
FRENCH = {french for french in TOLD.values() if french and "{" not in french and not french.endswith(".")}
"""Labels; a sentence in a cell of a list may go on behind Enter."""


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Words of the program that had not the room they need."""
    found: list[str] = []
    fit: Callable[[str, int], str] = ink.fit

    def watched(text: str, width: int) -> str:
        fitted = fit(text, width)
        if text.strip() in FRENCH and text.strip() not in fitted:
            found.append(text.strip())
        return fitted

    for module in [one for name, one in sys.modules.items() if name.startswith("screens")]:
        if getattr(module, "fit", None) is fit:
            monkeypatch.setattr(module, "fit", watched)
    return found


@pytest.mark.parametrize("name", STATES)
async def test_every_word_is_french_and_has_its_room(name: str, console: Open, cuts: list[str]) -> None:
    words.use("fr")
    state = STATES[name]
    async with state.opened(console) as driven:
        await driven.press(*state.keys)
        if state.command:
            await driven.command(state.command)
        await driven.press(*state.then)
        await driven.rest()
        drawn = driven.flat
        assert not [text for text in ENGLISH if text in drawn and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", drawn)]
        assert not cuts
        foot = driven.grid.splitlines()[-1]
        assert foot.rstrip().endswith("q quitter") or driven.app.screen.asking is not None
