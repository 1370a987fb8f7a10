"""The sources can be translated, and what is translated says the same, as a French reader would have it printed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from rich.cells import cell_len

import translate
from screens import themes
from tui import words


def messages() -> list[Message]:
    """What is translated so far, in every catalogue; a guess (fuzzy) is not compiled, so it does not count."""
    every = [one for path in translate.catalogues() for one in translate.read(path)]
    found = [one for one in every if one.id and any(said(one)) and not one.fuzzy]
    assert found
    return found


def asked(one: Message) -> tuple[str, ...]:
    return one.id if isinstance(one.id, tuple) else (one.id,)


def said(one: Message) -> tuple[str, ...]:
    return one.string if isinstance(one.string, tuple) else (one.string,)


def is_format_of_a_time(text: str) -> bool:
    return text.startswith("%")


def place(file: Path, line: int) -> str:
    return f"{file.relative_to(translate.ROOT)}:{line}"


def fields(text: str) -> list[str]:
    return sorted({name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_why_an_action_is_refused_fits_in_the_message_line(language: str) -> None:
    guards = translate.ROOT / "screens" / "guards.py"
    words.use(language)
    told = [words._(str(one.id)) for one in translate.marked(guards)]
    words.use("en")
    assert told
    assert not [sentence for sentence in told if cell_len(sentence) > 78]


# ---- the sources -------------------------------------------------------------------------------------------------


def test_no_text_is_put_together_before_it_is_translated() -> None:
    """A catalogue can only hold what stands in the source as one piece."""
    marked = (text for file in translate.sources() for text in translate.marked(file))
    assert not [place(one.file, one.line) for one in marked if any(map(is_put_together, one.texts))]


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


def test_screens_draw_no_word_that_is_not_translated() -> None:
    """A span of text and ink, or what is said to a person, is a call of a function that translates, or no word."""
    assert not [
        place(file, node.lineno)
        for file in translate.sources()
        if {"screens", "commands"} & set(file.parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for text in drawn(node)
        if re.search(r"[^\W\d_]{2,}", text)
    ]


INK = re.compile("|".join(["", *themes.INKS]))
SAY = {"line", "note", "progress", "flash", "ask", "UsageError"}


def drawn(node: ast.AST) -> Iterator[str]:
    """The plain texts that are drawn or said there."""
    match node:
        case ast.Tuple(elts=[text, ast.Constant(value=str(ink))]) if INK.fullmatch(ink):
            yield from plain(text)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[text, *_]) if name in SAY:
            yield from plain(text)


def plain(text: ast.expr) -> Iterator[str]:
    match text:
        case ast.Constant(value=str(said)):
            yield said
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from plain(part)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from plain(one)
            yield from plain(other)


# ---- the translations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", translate.catalogues(), ids=lambda path: path.parts[-3])
def test_the_catalogue_stands_as_translate_py_writes_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^#[~:]", text, re.MULTILINE), "no leftovers, no line numbers"
    assert "Plural-Forms: nplurals=2; plural=(n > 1);" in text


def test_placeholders_are_the_same() -> None:
    """A singular may leave out what the English one leaves out."""
    wrong = []
    for one in messages():
        few, many = fields(asked(one)[0]), fields(asked(one)[-1])
        if not is_format_of_a_time(asked(one)[0]) and asked(one)[0] != NUMBER:
            wrong += [text for text in said(one)[:-1] if fields(text) not in (few, many)]
            wrong += [text for text in said(one)[-1:] if fields(text) != many]
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


NUMBER = "{value!r} is not a valid {number_type}."
"""Of click, whose name of the type is English always; all the numbers of ours are whole."""
NO_SENTENCE = {".", ","}
"""Signs that the languages write differently."""


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        (
            "a no-break space before ; ! ? » and %",
            r"(?<=[^\u00a0\s(“«:])[!?»](?=[\s\u00a0.,)]|$)|\w;|[\w}][ ]?%(?!\w)| [;!?»]",
        ),
        ("a no-break space before a colon", r"[ ]:(?!\w)|(?<=[\w})])(?<!https)(?<!http):(?=[ \n]|$)"),
        ("a no-break space after «", r"«(?!\u00a0)"),
        ("French quotation marks", r"[“”]"),
        ("an ellipsis of one sign", r"(?<![A-Z\]])\.\.\."),
        ("a curved apostrophe", r"(?<=\w)'(?=\w)"),
    ],
)
def test_french_typography(rule: str, broken: str) -> None:
    wrong = [text for one in messages() for text in said(one) if re.search(broken, text) and text not in NO_SENTENCE]
    assert not [text for text in wrong if not is_format_of_a_time(text)], rule


@pytest.mark.parametrize("path", translate.catalogues(), ids=lambda path: path.parts[-3])
def test_every_text_is_translated_and_no_other(path: Path) -> None:
    """Where this fails, `python translate.py` says what is left to translate, and drops what no source says."""
    catalogue, template = translate.read(path), translate.extracted()
    done = {(one.id, one.context) for one in catalogue if one.id and all(said(one)) and not one.fuzzy}
    wanted = {(one.id, one.context) for one in template if one.id}
    assert wanted - done == set(), "not translated"
    assert {(one.id, one.context) for one in catalogue if one.id} - wanted == set(), "no longer said"
