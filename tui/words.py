"""Words that a person reads, in the language chosen at start (gettext; catalogues in tui/locale).

`use` is called once, before any module that builds texts at import time is imported.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

DOMAIN = "passerelle"
LANGUAGES = ("en", "fr")
_LOCALE = Path(__file__).parent / "locale"

_translations: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def choose(asked: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The language to use: the one asked for, else the first known of LC_ALL, LC_MESSAGES and LANG, else English."""
    candidates = [asked, *(environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))]
    for candidate in candidates:
        if candidate and candidate[:2].lower() in LANGUAGES:
            return candidate[:2].lower()
    return "en"


def use(language: str) -> None:
    """Speak that language from now on (`en` or `fr`)."""
    global _translations, _language
    _language = language
    _translations = gettext.translation(DOMAIN, _LOCALE, languages=[language], fallback=True)
    # What speaks through the standard gettext by itself, as click does, says it in the same language.
    gettext.bindtextdomain(DOMAIN, str(_LOCALE))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language


def language() -> str:
    """The language in use."""
    return _language


def _(text: str) -> str:
    """`text` in the language in use."""
    return _translations.gettext(text)


def in_every_language(text: str) -> tuple[str, ...]:
    """`text` in the language in use, then in the others."""
    others = (gettext.translation(DOMAIN, _LOCALE, languages=[name], fallback=True) for name in LANGUAGES)
    return tuple(dict.fromkeys((_(text), text, *(other.gettext(text) for other in others))))


def ngettext(one: str, many: str, number: int) -> str:
    """The form of the text that `number` asks for, in the language in use."""
    return _translations.ngettext(one, many, number)


def pgettext(context: str, text: str) -> str:
    """`text` in the language in use, where one English word means several things: `context` says which."""
    return _translations.pgettext(context, text)


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name
    """Marks a text for translation that is translated later, where it is shown."""
    return text
