"""A file that a person hands over: its bytes, what kind of file it is, its text in whatever encoding it was saved."""

from __future__ import annotations

import codecs
import re
import sys
from pathlib import Path

from tui.reasons import why
from tui.sanitise import one_line
from tui.words import N_, _

STDIN = Path("-")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 4000

# The first bytes of files that are no report and no page -> what to do. "" is never told: its reader is asked.
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", ""),
    (b"PK\x05\x06", ""),
    (
        b"\xd0\xcf\x11\xe0",
        N_("it is an old or an encrypted Excel file (.xls): export it as CSV or as XLSX, without a password"),
    ),
    (b"%PDF", N_("it is a PDF: save it as a web page or copy its text; export a report as CSV or XLSX")),
    (b"bplist", N_("it is a web archive: save the page as HTML, or copy its text")),
    (b"\x1f\x8b", N_("it is compressed: unpack it first")),
    (b"\x89PNG", N_("it is a picture: save the page as HTML, or copy its text")),
    (b"\xff\xd8\xff", N_("it is a picture: save the page as HTML, or copy its text")),
)


class FileProblem(Exception):  # noqa: N818 - reads as what happened
    """A file that cannot be used. The text is a sentence. `damaged`: it is of a kind that is read here, but nothing
    certain can be read from it; otherwise it is the wrong file."""

    def __init__(self, sentence: str, *, damaged: bool = False) -> None:
        super().__init__(sentence)
        self.damaged = damaged


def name_of(path: Path) -> str:
    """The file as sentences name it."""
    return _("the standard input") if path == STDIN else one_line(path, limit=300)


def problem(path: Path, reason: str, *, damaged: bool = False) -> FileProblem:
    """The problem of that file, for a reason in a few words."""
    return FileProblem(_("{file} cannot be used: {reason}.").format(file=name_of(path), reason=reason), damaged=damaged)


def read(path: Path, largest: int) -> bytes:
    """The whole file, `-` being the standard input. Raises FileProblem, also for one of more than `largest` bytes."""
    try:
        if path == STDIN:
            content = sys.stdin.buffer.read(largest + 1)
        else:
            with path.open("rb") as file:
                content = file.read(largest + 1)
    except (OSError, ValueError) as error:
        raise problem(path, why(error)) from None
    if len(content) > largest:
        limit = largest // 1_000_000
        raise problem(path, _("it is larger than {limit} MB").format(limit=limit), damaged=True)
    if not content.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise problem(path, _("it is empty"), damaged=True)
    return content


def is_zip(content: bytes) -> bool:
    """Whether it is a ZIP archive, which an XLSX is."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def text_of(path: Path, content: bytes) -> str:
    """The content as text: UTF-8 or UTF-16 with or without a mark, else Windows-1252, else ISO-8859-1. Raises
    FileProblem for what is no text."""
    for start, reason in _KINDS:
        if content.startswith(start):
            raise problem(path, _(reason) if reason else _("it is a ZIP archive"))
    text = _decoded(content)
    if text is None or _CONTROL.search(text[:_SAMPLE]):
        raise problem(path, _("it is not text"))
    return text


def _decoded(content: bytes) -> str | None:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\x00" in content[:_SAMPLE]:
        # A text in Latin letters has a zero in every second byte of UTF-16: behind its letter, or before it.
        sample = content[:_SAMPLE]
        after, before = sample[1::2].count(0), sample[0::2].count(0)
        if len(content) % 2 or max(after, before) * 4 < len(sample):
            return None
        return content.decode("utf-16-le" if after > before else "utf-16-be", "replace")
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
