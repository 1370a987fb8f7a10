"""`passerelle errors` and `overview`: their forms and exit statuses."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cli.conftest import ANNE, NOW, ORG, PAUL, REFUSED, Run, Scene, overview, report, row
from tui.journal.store import Journal
from tui.model import ErrorType, Status


def test_errors_as_json_are_the_contracts(run: Run, scene: Scene) -> None:
    scene.report = report(row(1))
    (record,) = run("errors", "--json").records
    assert record == {
        "schema": 1,
        "id": "row1",
        "at": f"{NOW - timedelta(days=1):%Y-%m-%dT%H:%M:%S}Z",
        "user": {"id": ANNE.id, "name": ANNE.name},
        "type": "connection",
        "type_label": "Connexion",
        "text": "error 1",
        "row": {"Date": "x", "Texte": "error 1"},
    }


def test_errors_can_be_chosen(run: Run, scene: Scene) -> None:
    nameless = replace(row(4, PAUL), user_id=None)
    timeless = replace(row(5), at=None)
    scene.report = report(row(1), row(2, PAUL, kind=ErrorType.USER_MAPPING), row(3, days=90), nameless, timeless)

    def chosen(*options: str) -> list[str]:
        return [record["id"] for record in run("errors", "--json", *options).records]

    assert chosen() == ["row1", "row2", "row3", "row4", "row5"]
    assert chosen("--type", "user_mapping") == ["row2"]
    assert chosen("--user", PAUL.email) == ["row2", "row4"]
    since = f"{NOW - timedelta(days=30):%Y-%m-%d}"
    assert chosen("--since", since) == ["row1", "row2", "row4", "row5"]
    assert chosen("--since", since, "--user", ANNE.id, "--type", "connection") == ["row1", "row5"]


def test_errors_need_attention_while_one_is_open(run: Run, scene: Scene) -> None:
    scene.report = report(row(1))
    assert run("errors").status == 1
    scene.report = report(row(1, days=90))
    assert run("errors").status == 0
    scene.report = replace(scene.report, complete=False, total=5000)
    ran = run("errors")
    assert ran.status == 3
    assert "was not read whole" in ran.err
    assert "1 of 5,000 rows" in ran.err


def test_an_acknowledged_error_is_not_open(run: Run, scene: Scene, config: object) -> None:
    scene.report = report(row(1))
    journal = Journal(f"sqlite:///{config.parent}/journal.sqlite3")  # type: ignore[attr-defined]
    journal.acknowledge(ORG.id, ANNE.id, "marie", "seen", NOW)
    journal.close()
    assert run("errors").status == 0


def test_errors_as_csv_hold_no_formula(run: Run, scene: Scene) -> None:
    evil = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", '"=1"', "a=1")
    scene.report = report(*(replace(row(n), text=text, user_name=text) for n, text in enumerate(evil)))
    table = list(csv.DictReader(io.StringIO(run("errors", "--csv").out)))
    assert list(table[0]) == ["id", "at", "user_id", "user_name", "type", "type_label", "text"]
    texts = [line["text"] for line in table]
    assert texts == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "' =1", "' =1", '"=1"', "a=1"]
    assert [line["user_name"] for line in table] == texts


def test_errors_as_text_are_aligned_and_say_how_complete_they_are(run: Run, scene: Scene) -> None:
    scene.report = report(row(1), row(2, PAUL, days=90))
    ran = run("errors")
    first, second = ran.out.splitlines()
    assert first.startswith("✗ open  ")
    assert second.startswith("– old   ")
    assert first.index("Connexion") == second.index("Connexion")
    assert ran.err == "2 listed, 1 open; 2 of 2 rows read as admin@acme.example.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--user", "nobody"), "Nobody is called nobody."),
        (("--type", "other"), "'other' is not one of"),
        (("--since", "yesterday"), "“yesterday” is not a date such as 2026-01-31."),
        (("--csv", "--json"), "give one of them"),
    ],
)
def test_errors_asked_wrongly(run: Run, scene: Scene, arguments: tuple[str, ...], said: str) -> None:
    ran = run("errors", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize("command", ["errors", "overview"])
def test_without_access_there_is_a_sentence(run: Run, scene: Scene, command: str) -> None:
    scene.trouble = REFUSED
    for form in ((), ("--json",)):
        ran = run(command, *form)
        assert (ran.status, ran.out, ran.err) == (3, "", "Salesforce does not know this client.\n")


def test_overview_as_json_is_the_contracts(run: Run, scene: Scene) -> None:
    rows = report(row(1), row(2, kind=ErrorType.OTHER), replace(row(3), at=None))
    scene.overview = overview(Status.PASS, Status.WARN, rows=rows)
    (record,) = run("overview", "--json").records
    assert list(record) == [
        *("schema", "org", "product", "checklist", "capabilities", "configurations", "errors", "report", "api")
    ]
    assert record["org"] == {
        "id": ORG.id,
        "name": "Acme",
        "instance": "EU42",
        "sandbox": False,
        "acting_user": "admin@acme.example",
    }
    assert record["checklist"][1] == {"step": "step1", "status": "warn", "summary": "said", "link": ""}
    assert record["capabilities"] == [{"id": "report", "status": "readable", "summary": "The report can be read."}]
    assert record["configurations"][0] == {
        "name": "Sales",
        "active": True,
        "users": [],
        "profiles": [],
        "contacts": {"direction": "both", "match": ""},
        "events": {"direction": "both", "which": "all"},
        "data_set": {},
    }
    month = f"{NOW - timedelta(days=1):%Y-%m}"
    assert record["errors"] == {"connection": 2, "user_mapping": 0, "other": 1, "by_month": {month: 2}}
    assert record["report"] == {"rows": 3, "total": 3, "complete": True, "as_user": "admin@acme.example"}
    assert record["api"] == {"used": 12, "limit": 15000}


def test_a_report_that_was_not_read_is_not_a_report_without_errors(run: Run, scene: Scene) -> None:
    scene.overview = overview(Status.PASS)
    ran = run("overview", "--json")
    assert (ran.records[0]["errors"], ran.records[0]["report"], ran.status) == (None, None, 3)
    assert "The error report could not be read" in run("overview").out


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        ((Status.PASS, Status.WARN, Status.UNKNOWN), 0),
        ((Status.PASS, Status.FAIL), 1),
    ],
)
def test_overview_needs_attention_where_a_step_fails(
    run: Run, scene: Scene, statuses: tuple[Status, ...], status: int
) -> None:
    scene.overview = overview(*statuses, rows=report())
    assert run("overview").status == status


def test_overview_as_text_names_the_org_and_whom_we_are(run: Run, scene: Scene) -> None:
    scene.overview = overview(Status.PASS, Status.FAIL, rows=report(row(1)))
    lines = run("overview").out.splitlines()
    assert lines[0] == "Acme  PRACTICE  EU42  Lightning Sync"
    assert lines[1].startswith("as admin@acme.example, ")
    assert "  ✗ failed  Step 1  said" in lines
    assert "  ✓ readable  report  The report can be read." in lines
    assert "  Sales  active  users: 0, profiles: 0  contacts: both directions  events: both directions" in lines
    assert "  1 of 1 rows read as admin@acme.example." in lines
    assert lines[-1] == "API calls today: 12 of 15,000"
