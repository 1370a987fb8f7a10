"""Writes the reference pages of keys from the registry of actions: `python docs/keys.py`."""

from __future__ import annotations

from pathlib import Path

import translate
from screens import reference
from tui import words

DOCS = Path(__file__).resolve().parent
PAGES = {"en": "keys.md", "fr": "touches.md"}


def pages() -> dict[Path, str]:
    """Every page by its file: English, and each language that is complete or has its page already."""
    before, written = words.language(), {}
    for language, name in PAGES.items():
        words.use(language)
        if language == "en" or reference.translated() or (DOCS / name).exists():
            written[DOCS / name] = reference.page()
    words.use(before)
    return written


if __name__ == "__main__":
    translate.compile_all()
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
