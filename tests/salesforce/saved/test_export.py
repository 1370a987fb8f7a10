"""Exported reports: every encoding, separator and language gives the same errors; sums and legal lines are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.salesforce.saved.writer import HEADINGS, changed, csv_text, xlsx
from tui.model import ErrorReport, ErrorType
from tui.salesforce.saved import dates
from tui.salesforce.saved.export import read_export
from tui.salesforce.saved.file import FileProblem

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
FILE = Path("export.csv")
TEXT = 'refusé : "trop long"\nsuite, et ; fin\tœuvre'
ROWS = {
    "en": [
        ("11/22/2026 3:15 PM", "Zoë Œuvrard", "Connection", TEXT),
        ("10/3/2026 9:05 AM", "Paul", "UserMapping", "x"),
    ],
    "fr": [("22/11/2026 15:15", "Zoë Œuvrard", "Connexion", TEXT), ("03/10/2026 09:05", "Paul", "UserMapping", "x")],
}
MOMENTS = [datetime(2026, 11, 22, 14, 15, tzinfo=UTC), datetime(2026, 10, 3, 7, 5, tzinfo=UTC)]


def read(content: bytes | str, **more: object) -> ErrorReport:
    raw = content.encode() if isinstance(content, str) else content
    options = {"zone": PARIS, "now": NOW, **more}
    return read_export(FILE, raw, **options)  # type: ignore[arg-type]  # options of several types


def same(report: ErrorReport) -> None:
    """The two errors of ROWS, whole."""
    assert [row.at for row in report.rows] == MOMENTS
    assert [row.user_name for row in report.rows] == ["Zoë Œuvrard", "Paul"]
    assert [row.type for row in report.rows] == [ErrorType.CONNECTION, ErrorType.USER_MAPPING]
    assert [row.text for row in report.rows] == [TEXT, "x"]
    assert all(row.user_id is None and list(row.cells.values())[1] == row.user_name for row in report.rows)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-15"]
)
def test_every_encoding_separator_and_language(lang: str, separator: str, encoding: str) -> None:
    content = csv_text(HEADINGS[lang], ROWS[lang], lang=lang, separator=separator).encode(encoding)
    if encoding == "iso-8859-15":  # read as ISO-8859-1: only the œ of it is another sign
        content = csv_text(
            HEADINGS[lang], [tuple(cell.replace("Œ", "Oe").replace("œ", "oe") for cell in row) for row in ROWS[lang]],
            lang=lang, separator=separator,
        ).encode(encoding)  # fmt: skip
        report = read(content)
        assert [row.user_name for row in report.rows] == ["Zoë Oeuvrard", "Paul"]
        assert [row.at for row in report.rows] == MOMENTS
    else:
        report = read(content)
        same(report)
    assert (report.total, report.complete) == (2, True)
    assert "6 lines that are no errors" in report.note


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("formatted", [False, True])
def test_workbooks(lang: str, formatted: bool) -> None:
    report = read(xlsx(HEADINGS[lang], ROWS[lang], formatted=formatted, lang=lang))
    same(report)
    assert report.total == (2 if formatted else None)


def test_dates_that_a_workbook_holds_as_dates() -> None:
    moments = [datetime(2026, 11, 22, 15, 15), datetime(2026, 10, 3, 9, 5)]
    rows = [(at, *row[1:]) for at, row in zip(moments, ROWS["en"], strict=True)]
    same(read(xlsx(HEADINGS["en"], rows)))
    days = read(xlsx(HEADINGS["en"], [(date(2026, 11, 22), *ROWS["en"][0][1:])]))
    assert [row.at for row in days.rows] == [datetime(2026, 11, 21, 23, tzinfo=UTC)]
    assert "without the time of day" in days.note


def test_a_formatted_export_by_groups_has_the_group_in_every_row() -> None:
    heading = ("Error Type  ↑", "Error Date", "User", "Message")
    rows = [
        ("Connection", "11/22/2026 3:15 PM", "Anne", "a"),
        ("", "11/21/2026 3:15 PM", "Paul", "b"),
        ("Subtotal", "Count", 2),
        ("UserMapping", "11/20/2026 3:15 PM", "Anne", "c"),
        ("Subtotal", "Count", 1),
    ]
    book = xlsx(heading, rows, formatted=True)
    report = read(book)
    assert [row.type.value for row in report.rows] == ["connection", "connection", "user_mapping"]
    assert [row.text for row in report.rows] == ["a", "b", "c"]
    assert report.total == 5  # what the writer of this test states: more than there are
    assert not report.complete


def test_equal_rows_are_all_kept_and_ids_tell_users() -> None:
    heading = (*HEADINGS["en"], "User ID", "Created By ID")
    row = (*ROWS["en"][0], "005000000000002AAA", "005000000000009AAA")
    report = read(csv_text(heading, [row, row]))
    assert len({error.id for error in report.rows}) == 2
    assert {error.user_id for error in report.rows} == {"005000000000002AAA"}
    assert {error.user_name for error in report.rows} == {"Zoë Œuvrard"}


def test_a_formula_stays_text() -> None:
    evil = [("11/22/2026 3:15 PM", "=HYPERLINK(1)", "Connection", "=1+1")]
    for content in (csv_text(HEADINGS["en"], evil).encode(), xlsx(HEADINGS["en"], evil)):
        (row,) = read(content).rows
        assert (row.user_name, row.text) == ("=HYPERLINK(1)", "=1+1")


def test_a_report_without_rows_is_empty() -> None:
    for lang in ("en", "fr"):
        report = read(csv_text(HEADINGS[lang], [], lang=lang))
        assert (report.rows, report.total, report.complete) == ((), 0, True)


def test_declared_columns_and_types_count() -> None:
    heading, rows = ("Wann", "Wer", "Was", "Text"), [("2026-11-22 15:15", "Paul", "Verbindung", "x")]
    with pytest.raises(FileProblem, match=r"Wann \| Wer \| Was"):
        read(csv_text(heading, rows))
    columns = {"at": "Wann", "user": "Wer", "type": "Was", "text": "TEXT"}
    report = read(csv_text(heading, rows), columns=columns, error_types={"connection": ("verbindung",)})
    assert [(row.type, row.at) for row in report.rows] == [(ErrorType.CONNECTION, MOMENTS[0])]


@pytest.mark.parametrize(
    ("texts", "known"),
    [
        (["03/10/2026 09:05", "22/11/2026 15:15"], 2),  # one day past the twelfth decides
        (["10/3/2026 9:05 AM", "11/22/2026 3:15 PM"], 2),
        (["03/10/2026 09:05", "04/11/2026 15:15"], 0),  # either
        (["03/10/2026 09:05", "05/05/2026 15:15"], 1),  # the same day in both orders
        (["03/12/2026 09:05", "04/11/2026 15:15"], 2),  # no error lies in the future: not 3 December
        (["03/10/26 09:05", "22/11/26 15:15"], 0),  # 22 may be a year
        (["2026-10-03 09:05", "2026-11-22T15:15:00Z"], 2),
        (["22/11/2026 15:15", "11/22/2026 15:15"], 2),  # each certain by itself
        (["11/22/2026 3:15", "10/13/2026 9:05"], 0),  # morning or afternoon
        (["11/22/2026 13:15", "10/13/2026 9:05"], 2),
        (["22 nov. 2026", "?"], 0),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_whole_column(texts: list[str], known: int) -> None:
    read_them = dates.read(texts, PARIS, NOW)
    assert len(read_them.moments) == known
    rows = [(text, "Paul", "Connection", "x") for text in texts]
    report = read(csv_text(HEADINGS["en"], rows))
    assert [row.at for row in report.rows] == [read_them.moments.get(text) for text in texts]
    assert ("could be either" in report.note) == bool(read_them.unsure)


def test_the_zone_is_this_computers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Paris")
    assert dates.local_zone() == PARIS
    monkeypatch.setenv("TZ", "No/Where")
    assert dates.local_zone() is not None
    assert "Europe/Paris (TZ sets another)" in read(csv_text(HEADINGS["en"], ROWS["en"])).note


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=300), st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=8)))
def test_whatever_the_file_holds_it_is_a_report_or_a_sentence(content: bytes | list[list[str]]) -> None:
    kinds: list[bytes] = []
    if isinstance(content, bytes):
        kinds = [content, changed(BOOK, "xl/worksheets/sheet1.xml", content), BOOK[: len(content)] + content]
    else:
        rows = [row for row in content if row]
        kinds = [
            csv_text(HEADINGS["en"], rows).encode("utf-8", "replace"),
            csv_text(rows[0] if rows else [], rows).encode("utf-16"),
        ]
    for kind in kinds:
        try:
            report = read(kind)
        except FileProblem:
            continue
        assert len(report.rows) <= 10


BOOK = xlsx(HEADINGS["en"], ROWS["en"])


def test_a_moment_of_the_future_is_none_of_an_errors() -> None:
    later = dates.read(["25/11/2026 10:00"], PARIS, NOW - timedelta(days=30))
    assert later.moments  # the only reading there is
    assert replace(later).unsure == frozenset()
