"""Brings the catalogues in line with the sources: `python translate.py`.

Reads every text that the sources mark, adds it to each `tui/locale/*/LC_MESSAGES/passerelle.po`, drops what no source
says any more, compiles, and says what is left to translate. The order is that of the sources, without line numbers,
so that a change of code changes no catalogue.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent
SOURCES = ("tui", "screens")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def catalogues(root: Path = ROOT) -> list[Path]:
    """The catalogues that people edit, one for each language but English."""
    return sorted(root.glob("tui/locale/*/LC_MESSAGES/passerelle.po"))


def extracted(root: Path = ROOT) -> Catalog:
    """Every text that the sources mark for translation."""
    found = Catalog()
    for folder in SOURCES:
        texts = extract_from_dir(root / folder, [("**.py", "python")], keywords=KEYWORDS)
        for file, line, text, comments, context in sorted(texts, key=lambda one: one[:2]):
            found.add(text, None, [(f"{folder}/{file}", line)], auto_comments=comments, context=context)
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
