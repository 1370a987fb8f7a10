"""A list in a file: its form, its mode, and never over another one unasked."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui import export

HEADINGS = ("at", "text")
ROWS = ((datetime(2026, 11, 22, 13, 0, tzinfo=UTC), "=1+1"), (None, "Lévêque, “quoted”\nnext"))


def test_csv_has_no_formula_and_is_read_right_by_a_spreadsheet(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    assert export.write(file, HEADINGS, ROWS) == 2
    assert file.read_text("utf-8-sig").splitlines() == [
        "at,text",
        "2026-11-22T13:00:00Z,'=1+1",
        ',"Lévêque, “quoted” next"',
    ]
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_json_is_one_object_a_line(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    export.write(file, HEADINGS, ROWS)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines[0] == {"schema": 1, "at": "2026-11-22T13:00:00Z", "text": "=1+1"}
    assert lines[1]["at"] is None


def test_a_file_that_exists_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("mine")
    with pytest.raises(FileExistsError):
        export.write(file, HEADINGS, ROWS)
    assert file.read_text() == "mine"
    export.write(file, HEADINGS, ROWS, replace=True)
    assert file.read_text("utf-8-sig").startswith("at,text")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["list.csv"]


@pytest.mark.parametrize("replace", [False, True])
def test_a_list_that_fails_leaves_nothing_half_written(replace: bool, tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    if replace:
        file.write_text("mine")
    with pytest.raises(ValueError, match="zip"):
        export.write(file, HEADINGS, [("only one",)], replace=replace)
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == ({"list.json": "mine"} if replace else {})


def test_a_name_that_says_no_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="says the form"):
        export.write(tmp_path / "list.xlsx", HEADINGS, ROWS)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "list.csv"
    folder.mkdir()
    with pytest.raises(ValueError, match="not an ordinary file"):
        export.write(folder, HEADINGS, ROWS, replace=True)


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert export.place("~/x.csv") == tmp_path / "x.csv"
    with pytest.raises(ValueError, match="home folder"):
        export.place("~nobody-of-that-name/x.csv")
