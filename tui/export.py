"""Lists written to a file for somebody else: CSV in which nothing is a formula, or JSON, one object a line."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tui.output import SCHEMA, csv_lines, jsonable
from tui.words import _

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the computer."""


def place(text: str) -> Path:
    """The file that a person means: `~` stands for the home folder. Raises ValueError with a sentence."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise ValueError(_("{path}: there is no such home folder.").format(path=text)) from None


def write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, replace: bool = False) -> int:
    """Write the rows to `path`, in the form that its ending names, readable for nobody else; how many they were.

    Raises FileExistsError where there is such a file and it is not to be replaced, ValueError with a sentence where
    the name will not do, OSError."""
    counted = _Counted(rows)
    lines = _lines(path, headings, counted)
    if replace:
        _replace(path, lines)
    else:
        _create(path, lines)
    return counted.number


def write_text(path: Path, text: str, *, replace: bool = False) -> None:
    """Write a text to `path`, readable for nobody else. Raises as `write`."""
    if replace:
        _replace(path, [text])
    else:
        _create(path, [text])


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            self.number += 1
            yield row


def _lines(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    match path.suffix.lower():
        case ".csv":
            return _csv(headings, rows)
        case ".json" | ".jsonl":
            return _json(headings, rows)
        case _:
            raise ValueError(_("The ending of the name says the form: .csv or .json."))


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield BOM
    for line in csv_lines([headings]):
        yield line + "\n"
    for line in csv_lines([_cell(value) for value in row] for row in rows):
        yield line + "\n"


def _cell(value: Any) -> str:
    plain = jsonable(value)
    return "" if plain is None else str(plain)


def _json(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    for row in rows:
        record = jsonable({"schema": SCHEMA, **dict(zip(headings, row, strict=True))})
        yield json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def _create(path: Path, lines: Iterable[str]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _replace(path: Path, lines: Iterable[str]) -> None:
    if path.exists() and not stat.S_ISREG(path.lstat().st_mode):
        raise ValueError(_("{path} is not an ordinary file: nothing was written.").format(path=path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
