"""What the command line writes: results to stdout, the rest to stderr, every text harmless.

Each line is flushed as it is written, so that a reader at the other end of a pipe has it at once.
"""

from __future__ import annotations

import codecs
import io
import os
import signal
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from tui import figures
from tui.sanitise import PLAIN_SIGNS, one_line, redact, safe, safe_name, safe_text, sanitise
from tui.signals import handling
from tui.words import _

SCHEMA = 1
_AS_IT_IS = (type(None), bool, int)


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(PLAIN_SIGNS.get(sign) or _letter(sign) for sign in signs), error.end


def _letter(sign: str) -> str:
    bare = unicodedata.normalize("NFKD", sign)[0]
    return bare if bare.isascii() else "?"


codecs.register_error("plainly", _plainly)
"""What a terminal's encoding lacks is written in plain letters, one for one, so that columns stay: é as e, ’ as '."""


def line(text: str = "") -> None:
    """One line of a result, to stdout."""
    sys.stdout.write(sanitise(redact(text), limit=100_000) + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Something to say beside the result, to stderr. A stderr that is gone stops nothing."""
    with suppress(OSError, ValueError):
        sys.stderr.write(sanitise(redact(text)) + "\n")
        sys.stderr.flush()


def progress(text: str) -> None:
    """What goes on right now: on a terminal it replaces what it said before, elsewhere it is a note."""
    if not sys.stderr.isatty():
        return note(text)
    with suppress(OSError, ValueError):
        sys.stderr.write(f"\r\x1b[K{one_line(redact(text), limit=200)}")
        sys.stderr.flush()
    return None


def progress_over() -> None:
    """The line that `progress` wrote on a terminal is wiped."""
    if sys.stderr.isatty():
        with suppress(OSError, ValueError):
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def record(values: Mapping[str, Any]) -> None:
    """One JSON object on one line, to stdout, with the number of the schema first (contracts.md)."""
    import json  # here: the console needs neither this nor csv before its first frame

    plain = jsonable({"schema": SCHEMA, **values})
    ascii_only = "utf" not in (getattr(sys.stdout, "encoding", "") or "").lower()
    sys.stdout.write(json.dumps(plain, ensure_ascii=ascii_only, allow_nan=False) + "\n")
    sys.stdout.flush()


def jsonable(value: Any) -> Any:
    """`value` as JSON has it: times as UTC with Z, enumerations as their values, any mapping or sequence; every text in
    it safe."""
    if type(value) in _AS_IT_IS:
        return value
    if type(value) is str:
        return safe_text(value)
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Enum):
        return jsonable(value.value)
    if isinstance(value, Mapping):
        return {safe_name(str(key)): jsonable(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, float) and value - value != 0:  # infinite or not a number: JSON has no such number
        return None
    return safe(value)


def stamp(moment: datetime) -> str:
    """A time as 2026-11-22T13:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown(moment: datetime | None) -> str:
    """A time for a person, in UTC and saying so; empty where there is none."""
    return "" if moment is None else figures.utc(moment)


def columns(rows: Sequence[Sequence[str]], *, indent: str = "") -> list[str]:
    """The rows as aligned lines; the last column is as long as it is."""
    cleaned = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(_cells, cells)) for cells in zip(*(row[:-1] for row in cleaned), strict=True)]
    return [(indent + "".join(map(_padded, row, widths)) + row[-1]).rstrip() for row in cleaned]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _cells(cell) + 2)


def _cells(text: str) -> int:
    """How many cells of a terminal the text takes: East Asian characters two, combining marks none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterable[str]:
    """The rows as lines of CSV, in which no spreadsheet takes a cell for a formula."""
    import csv

    for row in rows:
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow([_no_formula(redact(cell)) for cell in row])
        yield written.getvalue()


def _no_formula(cell: str) -> str:
    """The cell on one line; a quote before what a spreadsheet would calculate (the wide signs count in East Asia)."""
    formula = cell.lstrip(" \n").startswith(("\t", "\r", "=", "+", "-", "@", "＝", "＋", "－", "＠"))
    return f"'{one_line(cell)}" if formula else one_line(cell)


def terminal() -> bool:
    """Whether a person can be asked: stdin and stderr are a terminal."""
    return all(stream and not stream.closed and stream.isatty() for stream in (sys.stdin, sys.stderr))


def no_console() -> str:
    """Why the console cannot be drawn here, "" where it can: Textual would draw on stderr, and wait for ever."""
    if not terminal():
        return _(
            "The console needs a terminal on stdin and stderr, and there is none here. Over SSH use `ssh -t`;"
            " without a terminal use the commands: passerelle --help."
        )
    if os.environ.get("TERM", "") in {"", "dumb"}:
        return _(
            "The console cannot be drawn on this terminal (TERM is dumb or empty). Set TERM, for instance"
            " TERM=xterm-256color, or use the commands: passerelle --help."
        )
    return ""


def ask(question: str) -> str:
    """Ask the person at the terminal; what was typed, without blanks around it. Empty at the end of the input.

    Ctrl+C leaves at once, even from within a running event loop, whose own handler would wait for Enter."""
    with handling({signal.SIGINT: signal.default_int_handler}):
        sys.stderr.write(one_line(redact(question)) + " ")
        sys.stderr.flush()
        return sys.stdin.readline().strip()


def reader_gone() -> None:
    """Whoever read our output has left: nothing more is written, and leaving says nothing about it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
