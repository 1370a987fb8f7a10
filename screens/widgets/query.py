"""What a filter asks for: words that must be there or must not, in the whole row or in one column.

    ann zola            both words
    -ann  !ann          rows without it
    user:ann            in the column of that title, or id
    type:=connection    the whole cell
    "not linked"        words that stand together; also user:"ann zola"

Letters are compared without case and accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


class _Plain(dict[int, int]):
    """Each letter's plain form, worked out when it is first met. One letter stays one letter, so that places in the
    plain text are places in the text."""

    def __missing__(self, point: int) -> int:
        letters = [letter for letter in unicodedata.normalize("NFKD", chr(point)) if not unicodedata.combining(letter)]
        low = "".join(letters).lower()
        self[point] = ord(low) if len(low) == 1 else point
        return self[point]


_PLAIN = _Plain({ord('"'): ord("'")})  # so that a value that holds quotes can be quoted


_FOREIGN = re.compile(r"[^\x00-\x7f]")


def plain(text: str) -> str:
    """The text in lower case and without accents, as long as it was."""
    if not text.isascii():
        text = _FOREIGN.sub(lambda letter: letter[0].translate(_PLAIN), text)
        if not text.isascii():
            return text.translate(_PLAIN)
    return text.lower().replace('"', "'")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `text` is plain; `field` is the id of a column, "" for the whole row; `exact`: the whole cell."""

    text: str
    field: str = ""
    unwanted: bool = False
    exact: bool = False

    def among(self, texts: Sequence[str], left: Iterable[int]) -> list[int]:
        """Which of these places hold a text (plain) that meets the condition."""
        word = self.text
        if self.exact:
            return [place for place in left if (texts[place] == word) is not self.unwanted]
        if self.unwanted:
            return [place for place in left if word not in texts[place]]
        return [place for place in left if word in texts[place]]


_TERM = re.compile(
    r"""(?P<no>[-!]?)
        (?:(?P<field>[^\s:"]+):(?P<exact>=?))?
        (?: "(?P<quoted>[^"]*)"? | (?P<word>\S*) )""",
    re.VERBOSE,
)


def terms(text: str, fields: Mapping[str, str]) -> tuple[Term, ...]:
    """The conditions that the filter names. `fields` maps what a column may be called, plain and without blanks, to
    its id; a word before a colon that is none of them is a part of what is looked for."""
    found = []
    for match in _TERM.finditer(unicodedata.normalize("NFC", text)):
        name, value = match["field"], match["quoted"] if match["quoted"] is not None else match["word"]
        field = fields.get(plain(name), "") if name else ""
        if name and not field:
            value = f"{name}:{match['exact']}{value}"
        exact = bool(field and match["exact"])
        if value or exact:
            found.append(Term(plain(value), field, bool(match["no"]), exact))
    return tuple(found)


def quoted(value: str) -> str:
    """A value as it stands behind `field:=`."""
    return '"' + value.replace('"', "'") + '"'


def places(text: str, wanted: Iterable[str]) -> list[tuple[int, int]]:
    """Where these plain words stand in the text: start and end, in order, without overlaps."""
    low = plain(text)
    hits: list[tuple[int, int]] = []
    for word in wanted:
        start = low.find(word) if word else -1
        while start >= 0:
            hits.append((start, start + len(word)))
            start = low.find(word, start + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(hits):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
