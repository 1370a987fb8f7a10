"""What may be shown or written down: text from outside passes `sanitise`, text that may hold a secret `redact`.

Textual passes control sequences of any widget's text straight to the terminal (measured), so a name could otherwise
set the clipboard or redraw a confirmation. Imports the standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONGEST = 4000
_PRINTED = "‘’“”«»…–—·←→\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{REPLACEMENT CHARACTER}"
PLAIN_SIGNS = dict(zip(_PRINTED, '\'\'"""".---<>  ?', strict=True))
"""Signs of print, and what stands for them in ASCII, one for one."""

# C0 except tab and newline, DEL, C1; bidi, zero-width, line separators; variation selectors; tags; surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff]"
)
_NEWLINES = re.compile("\r\n?")

_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
        "[private key]",
    ),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.?[\w-]*"), "[JWT]"),
    (re.compile(r"\bya29\.[\w.~+/-]+"), "[token]"),
    (re.compile(r"\b00D\w{9,15}![\w.]+"), "[session]"),
    (re.compile(r"\b(Bearer|OAuth)\s+[\w.~+/!=-]{8,}", re.IGNORECASE), r"\1 [token]"),
    (
        re.compile(
            r"(?P<name>\b(?:access_token|assertion|client_secret|refresh_token|private_key|sessionId|sid|otp)\b"
            r"[\"']?\s*[=:]\s*[\"']?)[^\s&\"'<>,;]+",
            re.IGNORECASE,
        ),
        r"\g<name>[hidden]",
    ),
)


# A text that holds none of these, in lower case, has no secret of the above kinds; looking for them is cheap.
_SUSPECT = (
    *("begin ", "eyj", "ya29.", "00d", "bearer", "oauth"),
    *("token", "assertion", "secret", "private_key", "sessionid", "sid", "otp"),
)


def sanitise(text: object, *, limit: int = LONGEST) -> str:
    """`text`, harmless to draw: control, bidi and zero-width characters replaced, at most `limit` characters.

    Newlines and tabs stay; use `one_line` where there is room for one line only. Never raises."""
    value = text if isinstance(text, str) else "" if text is None else str(text)
    if value.isascii() and value.isprintable():  # by far the most common, and five times as fast
        return value if len(value) <= limit else value[: limit - 1] + "…"
    value = _UNSAFE.sub(REPLACEMENT, unicodedata.normalize("NFC", _NEWLINES.sub("\n", value)))
    return value if len(value) <= limit else value[: limit - 1] + "…"


def one_line(text: object, *, limit: int = LONGEST) -> str:
    """`sanitise`, with newlines and tabs as single spaces."""
    return sanitise(text, limit=limit).replace("\n", " ").replace("\t", " ")


def redact(text: str) -> str:
    """`text` without what looks like a key, a token, an assertion or a session id."""
    low = text.casefold().replace("ı", "i")  # as a pattern that ignores case compares
    if any(map(low.__contains__, _SUSPECT)):
        for pattern, replacement in _SECRETS:
            text = pattern.sub(replacement, text)
    return text


def safe(value: Any) -> Any:
    """A JSON-like value with every text in it sanitised and redacted; what is no JSON becomes its text."""
    if type(value) is str:  # by far the most common
        return safe_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {safe_name(str(key)): safe(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [safe(item) for item in value]
    return safe_text(str(value))


@lru_cache(maxsize=1024)
def safe_name(name: str) -> str:
    """A key of a JSON-like value, as `safe` has it."""
    return one_line(name)


@lru_cache(maxsize=1024)
def safe_text(text: str) -> str:
    """A text, sanitised and redacted. The same few hundred texts come again with every user who is checked."""
    return sanitise(redact(text))
