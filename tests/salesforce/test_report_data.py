"""Reports as real organisations answered them, and shapes of our own: which column is what, and every row kept."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.salesforce.reports import described, error_run
from tui.model import ErrorType
from tui.salesforce.report_columns import columns_of, error_type, match
from tui.salesforce.report_rows import Unreadable, error_rows, moment, read_table

DATA = Path(__file__).parent / "data"
PARIS = ZoneInfo("Europe/Paris")


def real(name: str) -> Any:
    return json.loads((DATA / name).read_text())


def test_a_real_tabular_run_is_read_without_loss() -> None:
    run = real("tabular_run_v29.json")
    table = read_table(run)
    assert (len(table.rows), table.total, table.complete) == (20, 20, True)
    names = run["reportMetadata"]["detailColumns"]
    raw = [[cell["value"] for cell in row["dataCells"]] for row in run["factMap"]["T!T"]["rows"]]
    assert [[row[name].value for name in names] for row in table.rows] == raw
    shown = [cell["label"] for row in run["factMap"]["T!T"]["rows"] for cell in row["dataCells"]]
    errors = error_rows(table, columns_of(run), {}, {}, None)
    assert [cell for row in errors for cell in row.cells.values()] == shown
    assert len({row.id for row in errors}) == 20
    first = table.rows[0]
    assert first["SALUTATION"].label == "Ms."
    assert (first["FIRST_NAME"].label, first["FIRST_NAME"].value) == ("Edna", "003580000025sonAAA")
    assert (first["ADDRESS2_CITY"].label, first["ADDRESS2_CITY"].value) == ("-", None)


def test_a_real_summary_run_has_its_group_in_every_row() -> None:
    run = real("summary_run_v29.json")
    table = read_table(run)
    assert (len(table.rows), table.total, table.complete) == (13, 13, True)
    assert [row["TYPE"].value for row in table.rows] == ["Customer - Direct"] * 8 + ["Customer - Channel"] * 5
    in_groups = run["factMap"]["0!T"]["rows"] + run["factMap"]["1!T"]["rows"]
    names = run["reportMetadata"]["detailColumns"]
    assert [[row[name].label for name in names] for row in table.rows] == [
        [cell["label"] for cell in row["dataCells"]] for row in in_groups
    ]
    columns = columns_of(run)
    assert [column.name for column in columns] == [*names, "TYPE"]
    rows = error_rows(table, columns, {}, {}, None)
    assert len({row.id for row in rows}) == 13
    assert all(set(row.cells) == {column.label for column in columns} for row in rows)


@pytest.mark.parametrize("name", ["tabular_run_v29.json", "summary_run_v29.json"])
def test_every_cell_of_a_real_run_survives(name: str) -> None:
    """Value, label, row and order, down to the error rows; and nothing that was not there."""
    run = real(name)
    facts = run["factMap"]
    groups = run["groupingsDown"]["groupings"]
    held = [(group, row) for group in groups for row in facts[f"{group['key']}!T"]["rows"]]
    held = held or [(None, row) for row in facts["T!T"]["rows"]]
    table, columns = read_table(run), columns_of(run)
    names = run["reportMetadata"]["detailColumns"]
    down = [group["name"] for group in run["reportMetadata"]["groupingsDown"]]
    raw = [
        dict(zip(names, row["dataCells"], strict=True)) | ({down[0]: group} if group is not None else {})
        for group, row in held
    ]
    assert sum(map(len, raw)) > 30
    assert [{name: (cell.value, cell.label) for name, cell in row.items()} for row in table.rows] == [
        {name: (cell["value"], cell["label"]) for name, cell in row.items()} for row in raw
    ]
    labels = {column.name: column.label for column in columns}
    rows = error_rows(table, columns, {}, {}, None)
    assert [dict(row.cells) for row in rows] == [
        {labels[name]: cell["label"] for name, cell in row.items()} for row in raw
    ]
    count = run["reportMetadata"]["aggregates"].index("RowCount")
    assert facts["T!T"]["aggregates"][count]["value"] == table.total == len(rows)
    for group in groups:
        told = facts[f"{group['key']}!T"]["aggregates"][count]["value"]
        assert told == sum(row[down[0]].value == group["value"] for row in table.rows)


def test_real_descriptions_give_their_columns() -> None:
    tabular = columns_of(real("tabular_describe_v47.json"))
    assert [column.name for column in tabular][:3] == ["OPPORTUNITY_NAME", "AMOUNT", "LEAD_SOURCE"]
    assert {column.name: column.data_type for column in tabular}["FULL_NAME"] == "string lookup"
    summary = columns_of(real("summary_describe_v47.json"))
    assert [column.label for column in summary][:2] == ["Owner Role", "Opportunity Owner"]
    kinds = next(column for column in summary if column.name == "TYPE")
    assert kinds.values == {"existing business", "new business"}
    assert "type" not in match([column for column in tabular if column.name == "AMOUNT"], {})[0]


@pytest.mark.parametrize(
    ("labels", "entities"),
    [
        (("Error Date", "User: Full Name", "Error Type", "Error Message"), ("", "", "", "")),
        (("Date de l'erreur", "Utilisateur", "Type d'erreur", "Message d'erreur"), ("", "", "", "")),
        (("Created Date", "Full Name", "Type", "Details"), ("S2X.CreatedDate", "User.Name", "S2X.ErrorType", "S2X.T")),
        (("Date de création", "Nom complet", "Type", "Texte"), ("", "User.Name", "", "")),
        (("Heure", "Nom de l'utilisateur", "Type de l’erreur", "Erreur"), ("", "", "", "")),
    ],
)
def test_columns_are_found_in_both_languages(labels: tuple[str, ...], entities: tuple[str, ...]) -> None:
    columns = columns_of(described(labels=labels, entities=entities))
    found, wrong = match(columns, {})
    assert {meaning: column.name for meaning, column in found.items()} == {
        "at": "AT",
        "user": "WHO",
        "type": "KIND",
        "text": "TEXT",
    }
    assert wrong == []


def test_columns_that_only_look_alike_are_not_taken() -> None:
    more = {
        "OWNER": ("Owner", "string"),
        "CREATED_BY": ("Created By", "string"),
        "MODIFIED": ("Last Modified Date", "datetime"),
        "USER_TYPE": ("User Type", "picklist"),
        "LOGIN": ("Last Login", "datetime"),
    }
    found, _wrong = match(columns_of(described(first=more)), {})
    assert {meaning: column.name for meaning, column in found.items()} == {
        "at": "AT",
        "user": "WHO",
        "type": "KIND",
        "text": "TEXT",
    }
    only = columns_of(described(first=more))[:5]
    assert not {"type", "user"} & set(match(only, {})[0])


def test_the_config_names_columns_by_name_or_label() -> None:
    columns = columns_of(described(labels=("Alpha", "Bravo", "Charlie", "Delta"), types=("string",) * 4))
    assert match(columns, {})[0].keys() <= {"text"}
    found, wrong = match(columns, {"at": "AT", "user": "bravo", "type": "CHARLIE", "text": "Echo"})
    assert {meaning: column.name for meaning, column in found.items()} == {"at": "AT", "user": "WHO", "type": "KIND"}
    assert wrong == ["text"]


def test_a_grouping_by_month_is_no_moment() -> None:
    description = described()
    description["reportMetadata"]["detailColumns"].remove("AT")
    description["reportMetadata"]["groupingsDown"] = [{"name": "AT", "dateGranularity": "Month"}]
    assert "at" not in match(columns_of(description), {})[0]
    description["reportMetadata"]["groupingsDown"][0]["dateGranularity"] = "Day"
    assert match(columns_of(description), {})[0]["at"].grouping


ROWS = [
    ("2026-11-22T13:00:00Z", "005000000000001AAA", "Jane Doe", "Connection", "Connexion", "first"),
    ("2026-11-21T13:00:00.000+0000", "005000000000002AAA", "Élise <b>", "UserMapping", "Mapping", "second"),
    ("2026-11-22T13:00:00Z", "005000000000001AAA", "Jane Doe", "Connection", "Connexion", "first"),
    (None, None, "-", "Sync", "Sync", None),
]


def read(run: dict[str, Any], declared: dict[str, tuple[str, ...]] | None = None) -> Any:
    columns = columns_of(run)
    return error_rows(read_table(run), columns, match(columns, {})[0], declared or {}, PARIS)


def test_rows_become_errors() -> None:
    rows = read(error_run(ROWS))
    assert [row.at for row in rows] == [
        datetime(2026, 11, 22, 13, tzinfo=UTC),
        datetime(2026, 11, 21, 13, tzinfo=UTC),
        datetime(2026, 11, 22, 13, tzinfo=UTC),
        None,
    ]
    assert (rows[0].user_id, rows[0].user_name) == ("005000000000001AAA", "Jane Doe")
    assert (rows[3].user_id, rows[3].user_name, rows[3].text) == (None, "", "")
    assert [row.type for row in rows] == [
        ErrorType.CONNECTION,
        ErrorType.USER_MAPPING,
        ErrorType.CONNECTION,
        ErrorType.OTHER,
    ]
    assert rows[0].type_label == "Connexion"
    assert list(rows[0].cells) == ["Error Date", "User: Full Name", "Error Type", "Error Message"]


def test_equal_rows_are_kept_and_told_apart_and_their_ids_are_stable() -> None:
    rows = read(error_run(ROWS))
    assert len({row.id for row in rows}) == 4
    assert rows[0].id.removesuffix("-1") == rows[2].id.removesuffix("-2")
    relabelled = copy.deepcopy(error_run(ROWS))
    for row in relabelled["factMap"]["T!T"]["rows"]:
        row["dataCells"][2]["label"] = "in another language"
    assert [row.id for row in read(relabelled)] == [row.id for row in rows]


def test_control_characters_of_a_cell_do_not_pass() -> None:
    rows = read(error_run([("2026-11-22T13:00:00Z", "x", "\x1b[2JEvil", "Connection", "C", "a\x1b]52;c;x\x07b[/]")]))
    assert "\x1b" not in rows[0].user_name + rows[0].text + "".join(rows[0].cells.values())
    assert rows[0].text.endswith("[/]")


def test_two_columns_of_one_label_keep_both_cells() -> None:
    run = error_run(ROWS[:1], labels=("Date", "Name", "Type", "Name"))
    assert read(run)[0].cells["Name"] == "Jane Doe"
    assert read(run)[0].cells["Name (2)"] == "first"


def test_a_summary_by_type_and_a_matrix_join_their_groups() -> None:
    run = error_run([])
    run["reportMetadata"]["detailColumns"] = ["AT", "WHO", "TEXT"]
    run["reportMetadata"]["groupingsDown"] = [{"name": "KIND", "dateGranularity": "None"}]
    cells = [{"label": "22/11/2026", "value": "2026-11-22T13:00:00Z"}, {"label": "Jane", "value": "005000000000001"}]
    row = {"dataCells": [*cells, {"label": "text"}]}
    run["groupingsDown"] = {
        "groupings": [
            {"key": "0", "label": "Connexion", "value": "Connection", "groupings": []},
            {"key": "1", "label": "Mapping", "value": "UserMapping", "groupings": []},
        ]
    }
    run["factMap"] = {
        "1!T": {"rows": [row], "aggregates": []},
        "T!T": {"rows": [], "aggregates": [{"label": "3", "value": 3}]},
        "0!T": {"rows": [row, row], "aggregates": []},
    }
    found = read(run)
    assert [item.type for item in found] == [ErrorType.CONNECTION, ErrorType.CONNECTION, ErrorType.USER_MAPPING]
    assert found[0].user_id == "005000000000001AAA"
    assert found[0].text == "text"
    run["reportMetadata"]["groupingsAcross"] = [{"name": "REGION"}]
    run["reportExtendedMetadata"]["groupingColumnInfo"]["REGION"] = {"label": "Region", "dataType": "string"}
    run["groupingsAcross"] = {"groupings": [{"key": "0", "label": "North", "value": "N", "groupings": []}]}
    run["factMap"] = {
        "0!0": {"rows": [row], "aggregates": []},
        "0!T": {"rows": [row], "aggregates": []},
        "T!T": {"rows": [], "aggregates": [{"label": "1", "value": 1}]},
    }
    (matrix,) = read(run)
    assert (matrix.type, matrix.cells["Region"]) == (ErrorType.CONNECTION, "North")


@pytest.mark.parametrize(
    ("all_data", "count", "complete", "total"),
    [(True, 4, True, 4), (False, 2345, False, 2345), (True, 2345, False, 2345), (True, None, True, None)],
)
def test_a_cut_is_seen(all_data: bool, count: int | None, complete: bool, total: int | None) -> None:
    run = error_run(ROWS)
    run["allData"] = all_data
    run["factMap"]["T!T"]["aggregates"] = [] if count is None else [{"label": "n", "value": count}]
    table = read_table(run)
    assert (table.complete, table.total, len(table.rows)) == (complete, total, 4)


@pytest.mark.parametrize("spoil", ["factMap", "reportMetadata", "allData", "cells", "columns"])
def test_a_wrong_shape_is_refused(spoil: str) -> None:
    run = error_run(ROWS)
    if spoil == "cells":
        run["factMap"]["T!T"]["rows"][1]["dataCells"].pop()
    elif spoil == "columns":
        run["reportMetadata"]["detailColumns"] = None
    else:
        del run[spoil]
    with pytest.raises(Unreadable):
        read_table(run)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-22T13:00:00Z", datetime(2026, 11, 22, 13, tzinfo=UTC)),
        ("2026-11-22T14:00:00+01:00", datetime(2026, 11, 22, 13, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 21, 23, tzinfo=UTC)),
        ("2026-11-22T13:00:00", None),
        ("22/11/2026 13:00", None),
        ("", None),
        (None, None),
        (20261122, None),
    ],
)
def test_only_iso_values_are_moments(value: object, expected: datetime | None) -> None:
    assert moment(value, PARIS) == expected


@pytest.mark.parametrize(
    ("value", "label", "expected"),
    [
        ("Connection", "Connexion", "connection"),
        ("", "Connexion", "connection"),
        ("UserMapping", "x", "user_mapping"),
        ("User Mapping", "", "user_mapping"),
        ("", "Mappage d'utilisateur", "user_mapping"),
        ("", "Mise en correspondance de l’utilisateur", "user_mapping"),
        ("", "Erreur de connexion", "connection"),
        ("Connection lost by server", "", "other"),
        ("Sync", "Synchronisation", "other"),
        ("", "", "other"),
    ],
)
def test_types_are_told_by_value_then_label(value: str, label: str, expected: str) -> None:
    assert error_type(value, label, {}) == expected


def test_the_config_s_types_come_first() -> None:
    declared = {"connection": ("CNX-01",), "user_mapping": ("Connexion",)}
    assert error_type("cnx 01", "", declared) is ErrorType.CONNECTION
    assert error_type("", "connexion", declared) is ErrorType.USER_MAPPING
