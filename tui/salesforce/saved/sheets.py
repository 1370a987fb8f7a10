"""The tables in an exported file, as plain rows: CSV by each separator that it may have, XLSX by openpyxl.

Nothing in a file is carried out: formulas stay the text that they are, links to other files are not followed, files
with macros are refused.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tui.salesforce.saved import file
from tui.words import _

SEPARATORS = (",", ";", "\t")
LARGEST = 64_000_000  # bytes
LARGEST_UNPACKED = 256_000_000
MOST_PARTS = 2_000
MOST_SHEETS = 10
MOST_ROWS = 200_000
MOST_CELLS = 4_000_000
_LONGEST_CELL = 1_000_000

Value = str | datetime | date
Row = tuple[Value, ...]
"""The cells of a row; an empty cell is ""."""


def csv_rows(path: Path, text: str, separator: str) -> Iterator[Row]:
    """The rows of a CSV text, blank ones included. Raises FileProblem where its quotes do not match, or where it is
    too large."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from _limited(path, map(tuple, reader))
    except csv.Error as error:
        reason = _("line {line} is not valid CSV ({detail}); the file may be cut short: export it again")
        raise file.problem(path, reason.format(line=reader.line_num, detail=error), damaged=True) from None


def xlsx_sheets(path: Path, content: bytes) -> Iterator[Iterator[Row]]:
    """The rows of each sheet of a workbook. Raises FileProblem for an archive that is none, one with macros, one that
    is damaged or unpacks to more than a report can be."""
    _examine(path, content)
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which do not matter here
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        except Exception:  # noqa: BLE001 - on a damaged file the library breaks down in many ways
            raise _damaged(path) from None
        try:
            for sheet in book.worksheets[:MOST_SHEETS]:
                yield _limited(path, _sheet_rows(path, sheet))
        finally:
            book.close()


def _sheet_rows(path: Path, sheet: Any) -> Iterator[Row]:
    try:
        sheet.reset_dimensions()  # what the file says of its own size may be anything
        for row in sheet.iter_rows(values_only=True):
            yield tuple(map(_value, row))
    except Exception:  # noqa: BLE001 - on a damaged file the library breaks down in many ways
        raise _damaged(path) from None


def _value(value: object) -> Value:
    if isinstance(value, str | datetime | date):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", None) or value)  # `text`: the formula of an array


def _limited(path: Path, rows: Iterable[Row]) -> Iterator[Row]:
    cells = 0
    for number, row in enumerate(rows, 1):
        cells += len(row)
        if number > MOST_ROWS or cells > MOST_CELLS:
            reason = _("it has more than {rows} rows or {cells} cells").format(rows=MOST_ROWS, cells=MOST_CELLS)
            raise file.problem(path, reason, damaged=True)
        yield row


def _examine(path: Path, content: bytes) -> None:
    """Look at the archive before anything in it is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if any(part.flag_bits & 1 for part in parts):
                raise file.problem(path, _("it is protected by a password: export it again without one"))
            types = _start(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
            if not any(name.startswith("xl/") for name in names) or not types:
                raise file.problem(path, _("it is a ZIP archive, but no XLSX workbook"))
            if b"macroenabled" in types.lower() or any("vbaproject" in name.lower() for name in names):
                raise file.problem(path, _("it holds macros, which no exported report has: export it again as XLSX"))
            if "xl/workbook.xml" not in names:
                raise file.problem(path, _("it is a workbook of another kind: export it as XLSX or CSV"))
            # The sizes that the archive states are the most that is ever unpacked of each part.
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise file.problem(path, _("it unpacks to far more than a report can be"), damaged=True)
            for part in parts:
                if re.search(r"\.(xml|rels)$", part.filename) and b"<!DOCTYPE" in _start(archive, part.filename):
                    raise file.problem(path, _("it holds declarations that no workbook has"), damaged=True)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        raise _damaged(path) from None


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(1 << 16).replace(b"\x00", b"")


def _damaged(path: Path) -> file.FileProblem:
    return file.problem(path, _("the workbook is damaged: export it again"), damaged=True)
