"""The sources can be translated, and what is translated says the same, as a French reader would have it printed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message

import translate

SOURCES = sorted(file for folder in translate.SOURCES for file in (translate.ROOT / folder).rglob("*.py"))
MARKS = {"_": 1, "N_": 1, "ngettext": 2, "pgettext": 2}
"""The functions that translate, and how many texts each takes."""


def messages() -> list[Message]:
    """What is translated so far, in every catalogue."""
    found = [one for path in translate.catalogues() for one in translate.read(path) if one.id and any(said(one))]
    assert found
    return found


def asked(one: Message) -> tuple[str, ...]:
    return one.id if isinstance(one.id, tuple) else (one.id,)


def said(one: Message) -> tuple[str, ...]:
    return one.string if isinstance(one.string, tuple) else (one.string,)


def is_format_of_a_time(text: str) -> bool:
    return text.startswith("%")


def fields(text: str) -> list[str]:
    return sorted({name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None})


# ---- the sources -------------------------------------------------------------------------------------------------


def marked(file: Path) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Every call of a function that translates, with the texts that it is given."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield node, node.args[: MARKS[node.func.id]]


def test_no_text_is_put_together_before_it_is_translated() -> None:
    """A catalogue can only hold what stands in the source as one piece."""
    assert not [
        f"{file.relative_to(translate.ROOT)}:{call.lineno}"
        for file in SOURCES
        for call, texts in marked(file)
        if any(is_put_together(text) for text in texts)
    ]


def is_put_together(text: ast.expr) -> bool:
    if isinstance(text, ast.Call):
        return isinstance(text.func, ast.Attribute) and text.func.attr in {"format", "join"}
    return isinstance(text, ast.JoinedStr | ast.BinOp)


def test_placeholders_have_names() -> None:
    wrong = []
    for one in translate.extracted():
        for text in asked(one):
            if one.id and not is_format_of_a_time(text):
                wrong += [text for name in fields(text) if not name or name.isdigit()]
    assert not wrong


# ---- the translations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", translate.catalogues(), ids=lambda path: path.parts[-3])
def test_the_catalogue_stands_as_translate_py_writes_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^#[~:]", text, re.MULTILINE), "no leftovers, no line numbers"
    assert "Plural-Forms: nplurals=2; plural=(n > 1);" in text


def test_placeholders_are_the_same() -> None:
    wrong = []
    for one in messages():
        if not is_format_of_a_time(asked(one)[0]):
            wrong += [(asked(one)[0], text) for text in said(one) if fields(text) != fields(asked(one)[-1])]
    assert not wrong


def test_both_ends_are_the_same() -> None:
    """Blanks at the ends, and what ends a sentence: what stands before and after rests on them."""

    def ends(text: str) -> tuple[str, str, str]:
        bare = text.strip(" \n")
        closing = re.search(r"[.:?!…;,]*$", bare)
        return (
            text[: len(text) - len(text.lstrip(" \n"))],
            closing[0] if closing else "",
            text[len(text.rstrip(" \n")) :],
        )

    wrong = []
    for one in messages():
        for source, text in zip(asked(one), said(one), strict=True):
            if source not in NO_SENTENCE and ends(source) != ends(text):
                wrong.append((source, text))
    assert not wrong


NO_SENTENCE = {","}
"""Signs that the languages write differently."""


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        (
            "a no-break space before ; ! ? » and %",
            r"(?<=[^\u00a0\s(“«:])[!?»](?=[\s\u00a0.,)]|$)|\w;|[\w}][ ]?%(?!\w)| [;!?»]",
        ),
        ("a no-break space before a colon", r"[ ]:(?!\w)|(?<=[\w})])(?<!https)(?<!http):(?=\s|$)"),
        ("a no-break space after «", r"«(?!\u00a0)"),
        ("French quotation marks", r"[“”]"),
        ("an ellipsis of one sign", r"\.\.\."),
        ("a curved apostrophe", r"(?<=\w)'(?=\w)"),
    ],
)
def test_french_typography(rule: str, broken: str) -> None:
    wrong = [text for one in messages() for text in said(one) if re.search(broken, text) and text not in NO_SENTENCE]
    assert not [text for text in wrong if not is_format_of_a_time(text)], rule
