"""The language that is chosen, and what happens without a catalogue."""

import pytest

from tui import words


@pytest.mark.parametrize(
    ("asked", "environment", "chosen"),
    [
        ("fr", {"LANG": "en_US.UTF-8"}, "fr"),
        (None, {"LANG": "fr_FR.UTF-8"}, "fr"),
        (None, {"LC_ALL": "C", "LANG": "fr_CA"}, "fr"),
        (None, {"LC_ALL": "en_GB.UTF-8", "LANG": "fr_FR"}, "en"),
        (None, {"LANG": "de_DE"}, "en"),
        ("xx", {}, "en"),
        (None, {}, "en"),
    ],
)
def test_choice(asked: str | None, environment: dict[str, str], chosen: str) -> None:
    assert words.choose(asked, environment) == chosen


def test_a_text_without_a_translation_is_its_own() -> None:
    try:
        words.use("fr")
        assert words.language() == "fr"
        assert words._("no such text in any catalogue") == "no such text in any catalogue"
        assert words.ngettext("one thing", "many things", 2) == "many things"
    finally:
        words.use("en")
