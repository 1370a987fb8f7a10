"""Reading the Lightning Sync Status page: the live page, a saved copy, or its pasted text. Pure; sends nothing.

A page is recognised by its element ids, never by its labels, which are localised and say Exchange or Google
(lightning-sync.md 2). Only a pasted text, which has no ids, is read by its labels, and it never allows a reset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from lxml import etree

from tui.model import EMPTY, PageReading, PageRow, RowKind
from tui.salesforce import page_words, times
from tui.sanitise import one_line
from tui.words import _

TABLES = ("orgConfigInfo", "orgContacts", "orgEvents", "configSetup", "userContacts", "userEvents")
INPUT, CHECK, RESET = "resetExchangeSyncUser", "checkStatusButton", "resetButton"
LARGEST = 4_000_000  # characters
_NAME_LABEL = re.compile(r"^(user|user name|name|utilisateur|nom|nom (complet|de l utilisateur))$")
_SPACES = re.compile(r"\s+")


def read_page(
    html_or_text: str,
    *,
    labels: Mapping[str, str] = EMPTY,
    locale: str = "",
    time_zone: str = "",
    source: str = "page",
) -> PageReading:
    """What the page says. `labels` is `[salesforce.labels]`; `locale` and `time_zone` are the acting user's, in which
    the page writes times. A page that is not the page we know gives no rows and a `problem`; nothing is raised."""
    if len(html_or_text) > LARGEST or re.search(
        r"<\s*(html|body|form|table|div|!doctype)\b", html_or_text, re.IGNORECASE
    ):
        return read_html(html_or_text, labels=labels, locale=locale, time_zone=time_zone, source=source)
    return _read_text(html_or_text, labels, locale, time_zone, source)


@lru_cache(maxsize=4)
def parse(text: str) -> etree._Element | None:
    """The page as a tree, not to be changed; None where it is none. Nothing is fetched, no script is run.

    The newest are kept: a page is read first for what it says, then for the form to post."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def read_html(
    text: str, *, labels: Mapping[str, str] = EMPTY, locale: str = "", time_zone: str = "", source: str = "page"
) -> PageReading:
    """`read_page` for what must be a web page: nothing is read from it by its words alone."""
    document = parse(text) if len(text) <= LARGEST else None
    if document is None:
        return PageReading(problem=_("It is not a web page, or far larger than the page should be."), source=source)
    known = parts(document)
    tables = {name: known[name] for name in TABLES if name in known}
    field = known.get(INPUT)
    if field is None and "orgConfigInfo" not in tables:
        return PageReading(
            problem=_("None of the parts that the Lightning Sync Status page is known by is in it."), source=source
        )
    zone = times.zone_of(time_zone)
    rows: list[PageRow] = []
    named: list[str] = []
    for name, table in tables.items():
        for label, value in _pairs(table):
            kind = page_words.kind_of(label, name, labels)
            if kind is None and name == "configSetup" and _NAME_LABEL.search(page_words.normal(label)):
                named.append(value)
            rows.append(_row(name, label, value, kind, labels, locale, zone))
    if field is not None and (typed := field.get("value", "").strip()):
        named.append(typed)
    names = {one_line(_SPACES.sub(" ", name)) for name in named if name}
    # Where the page names two people it cannot be said whom it is about. Without configSetup it is about nobody.
    shown = names.pop() if len(names) == 1 and "configSetup" in tables else None
    check, reset = button(known, CHECK), button(known, RESET)
    return PageReading(
        rows=tuple(rows),
        shown_name=shown,
        source=source,
        can_check=field is not None and check is not None,
        can_reset=field is not None and reset is not None and shown is not None,
    )


def parts(document: etree._Element) -> dict[str, etree._Element]:
    """The elements by id, bare or behind the prefixes that Visualforce puts before it ("page:form:…"); the first of
    several counts."""
    found: dict[str, etree._Element] = {}
    for element in document.iter(etree.Element):
        if name := element.get("id"):
            found.setdefault(name.rpartition(":")[2], element)
    return found


def button(known: Mapping[str, etree._Element], name: str) -> etree._Element | None:
    """The button of that name among the page's parts, if it can be pressed."""
    found = known.get(name)
    pressable = found is not None and found.tag in {"input", "button"} and "disabled" not in found.attrib
    return found if pressable else None


def _pairs(table: etree._Element) -> Iterator[tuple[str, str]]:
    """(label, value) of every row: two cells, or four where a page has two columns. Rows of headings have none."""
    for row in table.iter("tr"):
        if row.find(".//tr") is not None:
            continue
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        if all(cell.tag == "th" for cell in cells):
            continue
        for label, value in zip(cells[::2], cells[1::2], strict=False):
            if text := _text(label).rstrip(" :"):
                yield text, _text(value)


def _text(cell: etree._Element) -> str:
    """What a cell says: its text; a picture says its `alt` (yes and no are pictures)."""
    parts = []
    for element in cell.iter():
        if element.tag in {"script", "style"}:
            parts.append(element.tail or "")
            continue
        if element.tag == "img":
            parts.append(f" {element.get('alt', '')} ")
        elif isinstance(element.tag, str):
            parts.append(element.text or "")
        if element is not cell:
            parts.append(
                f" {element.tail or ''}" if element.tag in {"br", "div", "p", "li", "td"} else element.tail or ""
            )
    return _SPACES.sub(" ", "".join(parts)).strip()


def _row(
    table: str,
    label: str,
    value: str,
    kind: RowKind | None,
    labels: Mapping[str, str],
    locale: str,
    zone: ZoneInfo | None,
) -> PageRow:
    return PageRow(
        table=table,
        label=one_line(label, limit=300),
        value=one_line(value, limit=1000),
        kind=kind,
        word=None if kind is None else page_words.word_of(value, kind, labels),
        number=_number(value) if kind is RowKind.LINKED_USERS else None,
        time=times.moment(value, locale, zone) if kind is RowKind.LAST_SYNC_ACTIVITY else None,
    )


def _number(value: str) -> int | None:
    """A whole number, with or without signs between its thousands ("1,234", "1 234"); None for anything else."""
    value = value.strip()
    if not re.fullmatch(r"\d{1,9}|\d{1,3}([\s,.'’]\d{3}){1,3}", value, re.ASCII) and not re.fullmatch(
        r"\d{1,3}(\s\d{3}){1,3}", value
    ):
        return None
    return int(re.sub(r"\D", "", value))


# ---- pasted text -------------------------------------------------------------------------------------------------

_SPLIT = re.compile(r"\s*\t+\s*|\s{2,}|\s*:\s+")
_SIDES = {"orgContacts": ("orgContacts", "orgEvents"), "userContacts": ("userContacts", "userEvents")}


def _read_text(text: str, labels: Mapping[str, str], locale: str, time_zone: str, source: str) -> PageReading:
    """The rows of a text that was copied off the page: a label and its value on one line, or on two. The tables are
    told by the headings Contacts and Events, else by the order in which the page has them (contacts first)."""
    zone = times.zone_of(time_zone)
    lines = [line.strip(" ") for line in text.splitlines() if line.strip()]  # a terminal pastes lines that end in CR
    rows: list[PageRow] = []
    name: str | None = None
    side: int | None = None
    seen: dict[RowKind, int] = {}
    for line, after in pairwise([*lines, ""]):
        label, value = ([part.strip() for part in _SPLIT.split(line, maxsplit=1)] + [""])[:2]
        said = page_words.normal(label)
        if not value and re.fullmatch(r"(user |org\w* )?(contacts?|events?|evenements?)( \w+)?", said):
            side = 0 if "contact" in said else 1
            continue
        if value and _NAME_LABEL.search(said):
            name = one_line(value)
            continue
        kind = page_words.kind_of(label, "", labels)
        if kind is None:
            continue
        if not value and page_words.kind_of(_SPLIT.split(after, maxsplit=1)[0], "", labels) is None:
            value = after.strip()
        table = _table_of(kind, side, seen.get(kind, 0))
        seen[kind] = seen.get(kind, 0) + 1
        rows.append(_row(table, label, value, kind, labels, locale, zone))
    if not rows:
        return PageReading(
            problem=_("No row of the Lightning Sync Status page was found in this text: copy the whole page."),
            source=source,
        )
    return PageReading(rows=tuple(rows), shown_name=name, source=source)


def _table_of(kind: RowKind, side: int | None, before: int) -> str:
    tables = next(tables for _pattern, found, tables in page_words.LABELS if found is kind)
    if tables & page_words.SETUP:
        return "configSetup"
    group = "userContacts" if tables == page_words.USER else "orgContacts"
    if group == "orgContacts" and kind is not RowKind.LAST_SYNC_ACTIVITY:
        return "orgConfigInfo"
    return _SIDES[group][min(before, 1) if side is None else side]
