"""Lists of users as Setup shows or exports them, read into a `Listing`: pasted text, or a file (CSV, XLSX).

Nothing is dropped silently: a line that nothing can be made of is named with its reason.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tui.declaration import Entry, LeftOut, Listing
from tui.salesforce.saved import dates, file, sheets
from tui.salesforce.users import user_id
from tui.sanitise import one_line
from tui.triage.declaration import headings
from tui.words import _

_SEARCHED = 64
"""Headings of a file are looked for in so many rows."""
_FIRST = 3
"""Whether a pasted text is CSV is told by one of its first lines."""
_LONGEST = 200
_TABS, _BLANKS = re.compile(r"\t"), re.compile(r"[ \xa0]{2,}")
_LETTER = re.compile(r"[^\W\d_]")

_Row = tuple[int, tuple[str, ...]]
"""The number of a line and its cells."""


def pasted(text: str) -> Listing:
    """The list in a text that was copied from a page of Setup: a line each, cells parted by tabs or several blanks.

    It is taken for the list of one configuration, unless it names configurations itself."""
    lines = list(enumerate(text.splitlines(), 1))
    separator = next((sign for sign in ";," if any(_is_csv(line, sign) for _number, line in lines[:_FIRST])), "")
    rows = [(number, _cells(cells)) for number, line in lines for cells in _parted(line, separator)]
    return _listing(_("Pasted text"), rows, whole=False)


def _is_csv(line: str, separator: str) -> bool:
    return "\t" not in line and len(headings.meanings(_cells(line.split(separator)))) > 1


def _parted(line: str, separator: str) -> list[list[str]]:
    """The cells of a pasted line; several lines where it holds addresses parted by commas and nothing else."""
    if separator:
        return list(csv.reader([line], delimiter=separator))
    several = re.split(r"[;,\s]+", line.strip(" ,;"))
    if len(several) > 1 and all(map(headings.is_address, several)):
        return [[address] for address in several]
    return [re.split(_TABS if "\t" in line else _BLANKS, line)]


def read(path: Path) -> Listing:
    """The list in a file, such as the list of Lightning Sync users that Setup offers to download; it is taken for a
    list of the whole organisation. Raises FileProblem."""
    return of_file(path, file.read(path, sheets.LARGEST))


def of_file(path: Path, content: bytes) -> Listing:
    """The same of a file's content."""
    tables = _xlsx(path, content) if file.is_zip(content) else _csv(path, content)
    best = max(tables, key=_understood)
    found = _listing(file.name_of(path), best, whole=True)
    if not found.entries:
        reason = _("no user and no profile was found in it: its lines need a name, an address, a username or an id")
        raise file.problem(path, reason)
    return found


def _xlsx(path: Path, content: bytes) -> list[list[_Row]]:
    return [list(_numbered(rows)) for rows in sheets.xlsx_sheets(path, content)]


def _csv(path: Path, content: bytes) -> list[list[_Row]]:
    text = file.text_of(path, content)
    if re.match(r"\s*<(!doctype|html|\?xml|table|head|body|meta)", text, re.IGNORECASE):
        raise file.problem(path, _("it is a web page: download the list as CSV, or copy and paste its lines"))
    tables, damage = [], None
    for separator in sheets.SEPARATORS:
        try:
            tables.append(list(_numbered(sheets.csv_rows(path, text, separator))))
        except file.FileProblem as problem:  # quotes that do not match, perhaps as this is not the separator
            damage = damage or problem
    if damage and not any(map(_understood, tables)):
        raise damage
    return tables


def _understood(rows: Sequence[_Row]) -> tuple[int, int]:
    """How well the rows can be read: by the columns that their headings name, then by the lines with an address."""
    named = max((len(headings.meanings(cells)) for _number, cells in rows[:_SEARCHED]), default=0)
    return named, sum(any(map(headings.is_address, cells)) for _number, cells in rows)


def _numbered(rows: Iterable[sheets.Row]) -> Iterator[_Row]:
    for number, row in enumerate(rows, 1):
        yield number, _cells(dates.text_of(value) for value in row)


def _cells(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(one_line(text, limit=_LONGEST).strip(' "') for text in texts)


# ---- lines -------------------------------------------------------------------------------------------------------


def _listing(source: str, rows: Iterable[_Row], *, whole: bool) -> Listing:
    columns: Mapping[int, str] = {}
    understood: dict[str, str] = {}
    ignored: dict[str, None] = {}
    kind = ""
    entries: list[Entry] = []
    left_out: list[LeftOut] = []
    for number, cells in rows:
        if not any(cells) or all(headings.is_button(cell) for cell in cells if cell):
            continue
        if titled := headings.section(cells):
            kind, columns = titled, {}
            continue
        named = headings.meanings(cells)
        if named and (not columns or len(named) == sum(map(bool, cells)) > 1):
            columns = named
            understood |= {meaning: cells[place] for place, meaning in named.items() if meaning not in understood}
            unknown = (cell for place, cell in enumerate(cells) if cell and place not in named)
            ignored |= dict.fromkeys(cell for cell in unknown if not headings.is_button(cell))
            continue
        read = _entry(number, cells, columns, kind)
        if isinstance(read, Entry):
            entries.append(read)
        else:
            left_out.append(LeftOut(number, " | ".join(filter(None, cells)), read))
    return Listing(
        source=source,
        whole=whole or any(entry.configuration for entry in entries),
        entries=tuple(entries),
        understood=tuple(understood.items()),
        ignored=tuple(ignored),
        left_out=tuple(left_out),
    )


def _entry(number: int, cells: Sequence[str], columns: Mapping[int, str], kind: str) -> Entry | str:
    """What the line names, or why nothing was made of it."""
    plain_cells = []
    for cell in cells:
        text, other_product = headings.untagged(cell)
        if other_product:
            return _("it is marked as one of Einstein Activity Capture, not of Lightning Sync")
        plain_cells.append(text)
    if columns:
        return _by_headings(number, plain_cells, columns, kind)
    return _by_itself(number, plain_cells, kind)


def _by_headings(number: int, cells: Sequence[str], columns: Mapping[int, str], kind: str) -> Entry | str:
    held = {meaning: cells[place] for place, meaning in columns.items() if place < len(cells) and cells[place]}
    told = held.pop("via", "")
    via, kind = headings.says_profile(told), headings.section([told]) or kind
    name = held.get("name", "") or " ".join(filter(None, (held.get("first"), held.get("last"))))
    found = Entry(
        line=number,
        name=name,
        profile=held.get("profile", ""),
        configuration=held.get("configuration", ""),
        via_profile=via,
    )
    for meaning in ("id", "email", "username"):
        found = _with_text(found, held.get(meaning, ""), meaning)
    if headings.is_address(found.name) or user_id(found.name):
        found = _with_text(replace(found, name=""), found.name, "address")
    if found.texts:
        return replace(found, kind="user")
    if not _LETTER.search(found.name + found.profile):
        return _nobody()
    if via and found.name and not found.profile:  # the name of a line that is about a profile
        return replace(found, kind="profile", profile=found.name, name="", via_profile=False)
    if found.name:
        return replace(found, kind=kind or ("user" if {"first", "last", "profile"} & set(held) else ""))
    return replace(found, kind="profile", via_profile=False)


def _with_text(entry: Entry, text: str, meaning: str) -> Entry:
    """The entry with what one cell says of who it is; what the cell holds counts before its heading."""
    if found := user_id(text):
        return replace(entry, id=found)
    if headings.is_address(text):
        match meaning:
            case "email":
                return replace(entry, email=text)
            case "username":
                return replace(entry, username=text)
        return replace(entry, address=text)
    return replace(entry, name=text) if text and not entry.name else entry


def _by_itself(number: int, cells: Sequence[str], kind: str) -> Entry | str:
    """A line without headings: its address or id, and the first other text, which is then a name."""
    told = [cell for cell in cells if cell and not headings.is_button(cell)]
    if len(told) > 1 and (titled := headings.section(told[:1])):
        kind, told = titled, told[1:]
    addresses = [cell for cell in told if headings.is_address(cell)]
    ids = [cell for cell in told if user_id(cell)]
    names = [cell for cell in told if cell not in addresses and cell not in ids and _LETTER.search(cell)]
    if kind == "profile" and names:
        return Entry(number, "profile", profile=names[0])
    if not (addresses or ids or names):
        return _nobody()
    entry = Entry(number, "user" if addresses or ids else kind, name=names[0] if names else "")
    if ids:
        entry = replace(entry, id=user_id(ids[0]) or "")
    return replace(entry, address=addresses[0]) if addresses else entry


def _nobody() -> str:
    return _("it names no user and no profile")
