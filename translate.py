"""Brings the catalogues in line with the sources: `python translate.py`.

Reads every text that the sources mark, adds it to each `tui/locale/*/LC_MESSAGES/passerelle.po`, drops what no source
says any more, compiles, and says what is left to translate. The order is that of the sources, without line numbers,
so that a change of code changes no catalogue.
"""

from __future__ import annotations

import ast
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent
SOURCES = ("tui", "screens")
CLICK = (
    "Usage:",
    "Options",
    "Commands",
    "Show this message and exit.",
    "required",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "Got unexpected extra argument ({args})",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "Did you mean {possibility}?",
    "Option {name!r} does not take a value.",
    "Option {name!r} requires an argument.",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "{value!r} is not {choice}.",
    "{value!r} is not a valid {number_type}.",
    "Choose from:\n\t{choices}",
)
"""What click itself says to people who use our commands."""
MARKS = {"_": (0, 1), "N_": (0, 1), "ngettext": (0, 2), "pgettext": (1, 2)}
"""The functions that translate, and which of their arguments are texts; what stands before them is the context."""


def catalogues(root: Path = ROOT) -> list[Path]:
    """The catalogues that people edit, one for each language but English."""
    return sorted(root.glob("tui/locale/*/LC_MESSAGES/passerelle.po"))


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a source marks for translation: one, or a singular and a plural."""

    file: Path
    line: int
    texts: tuple[ast.expr, ...]
    context: str | None = None

    @property
    def id(self) -> str | tuple[str, ...] | None:
        """What the catalogue knows it by; None where the source gives something else than plain texts."""
        plain = tuple(one.value for one in self.texts if isinstance(one, ast.Constant) and isinstance(one.value, str))
        return (plain if len(plain) > 1 else plain[0]) if len(plain) == len(self.texts) else None


def marked(file: Path) -> list[Text]:
    """Every text that the file gives to a function that translates, in the order of its lines.

    Read from the syntax tree: the readers of texts that come with gettext see nothing inside an f-string."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            first, last = MARKS[node.func.id]
            context = node.args[0].value if first and isinstance(node.args[0], ast.Constant) else None
            found.append((node.lineno, node.col_offset, Text(file, node.lineno, tuple(node.args[first:last]), context)))
    return [text for _line, _column, text in sorted(found, key=lambda one: one[:2])]


def sources() -> list[Path]:
    """The files of the program that people read texts from."""
    return sorted(file for folder in SOURCES for file in (ROOT / folder).rglob("*.py"))


def extracted() -> Catalog:
    """Every text that the sources mark for translation, and those of click that people meet.

    Raises LookupError for a text that click no longer has."""
    import click  # not there where the package is built, and not needed there

    found = Catalog()
    for number, text in enumerate(text for file in sources() for text in marked(file)):
        if text.id is not None:
            found.add(text.id, locations=[("", number)], context=text.context)
    files = sorted(Path(click.__file__).parent.glob("*.py"))
    clicks = {_first(text.id): text.id for file in files for text in marked(file) if text.id is not None}
    whole = "".join(file.read_text(encoding="utf-8") for file in files)
    for number, known in enumerate(CLICK):
        if known not in clicks and f'"{known}"' not in whole:
            raise LookupError(f"click no longer says: {known}")
        found.add(clicks.get(known, known), locations=[("click", number)])
    return found


def read(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def compile_all(root: Path = ROOT) -> None:
    """Write the .mo beside every .po that is newer. The whole file appears at once, for others may be reading."""
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        unfinished = target.with_suffix(f".{os.getpid()}")
        with unfinished.open("wb") as stream:
            write_mo(stream, read(source))
        unfinished.replace(target)


def update(path: Path, template: Catalog) -> list[str]:
    """Bring one catalogue in line with the sources; what is left to translate in it."""
    head = path.read_text(encoding="utf-8").split("\n\n", 1)[0]  # glossary and header are kept as they were written
    catalogue = read(path)
    catalogue.update(template)
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, ignore_obsolete=True, sort_by_file=True)
    path.write_text(head + "\n\n" + body.getvalue().decode().strip() + "\n", encoding="utf-8")
    return [str(one.id) for one in catalogue if one.id and (one.fuzzy or not all(_texts(one.string)))]


def _first(id_: str | tuple[str, ...]) -> str:
    return id_ if isinstance(id_, str) else id_[0]


def _texts(string: object) -> tuple[str, ...]:
    """The translation in all its plural forms."""
    return tuple(string) if isinstance(string, list | tuple) else (str(string or ""),)


def main() -> int:
    template = extracted()
    left = {path: update(path, template) for path in catalogues()}
    compile_all()
    for path, texts in left.items():
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(template)} texts, {len(texts)} to translate\n")
        sys.stdout.writelines(f"  {text}\n" for text in texts)
    return 1 if any(left.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
