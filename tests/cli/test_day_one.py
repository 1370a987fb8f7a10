"""`errors --from FILE` and `check --page FILE`: without a login, without a config; broken files are a sentence each."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Ran, Run
from tests.salesforce import pages
from tests.salesforce.saved.writer import FOOTER, HEADINGS, archive, changed, csv_text, xlsx
from tui.model import ServiceError
from tui.sandbox.options import FEWEST_USERS, Options
from tui.sandbox.serve import Running, start
from tui.triage import saved_page

RECENT = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d %H:%M}"
OLD = "2025-01-31 10:00"
ROWS = [
    (RECENT, "Anne Martin", "Connection", "a"),
    (OLD, "Paul Petit", "UserMapping", "b"),
]


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No config file of anybody's is found, and nothing is asked of the network."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def read(run: Run, tmp_path: Path) -> Callable[..., Ran]:
    """`errors --from` on a file of that content, without a config."""

    def go(content: str | bytes, *options: str, named: bool = False) -> Ran:
        path = tmp_path / "export"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return run("errors", "--from", str(path), *options, named=named)

    return go


def page_of(**more: Any) -> str:
    body = pages.organisation("fr", "Google") + pages.of_user("fr", "Google", **more)
    return pages.page(body, name="Anne Martin")


# ---- the report --------------------------------------------------------------------------------------------------


def test_an_export_is_listed_like_the_live_report(read: Callable[..., Ran]) -> None:
    export = csv_text(HEADINGS["en"], ROWS)
    ran = read(export)
    first, second = ran.out.splitlines()
    assert first.startswith("✗ open  ")
    assert second.startswith("– old   ")
    assert ran.status == 1
    assert "2 listed, 1 open; 2 of 2 rows read from" in ran.err
    assert "an open error may be dealt with already" in ran.err
    record = read(export, "--json").records[1]
    assert record == {
        "schema": 1,
        "id": record["id"],
        "at": "2025-01-31T10:00:00Z",
        "user": {"id": None, "name": "Paul Petit"},
        "type": "user_mapping",
        "type_label": "UserMapping",
        "text": "b",
        "row": dict(zip(HEADINGS["en"], ROWS[1], strict=True)),
    }


def test_an_export_is_filtered_like_the_live_report(read: Callable[..., Ran]) -> None:
    export = csv_text(HEADINGS["en"], ROWS)

    def names(*options: str) -> list[str]:
        return [record["user"]["name"] for record in read(export, "--json", *options).records]

    assert names("--type", "connection") == ["Anne Martin"]
    assert names("--since", "2026-01-01") == ["Anne Martin"]
    assert names("--user", "paul  petit") == ["Paul Petit"]
    assert read(export, "--user", "paul petit").status == 0
    nobody = read(export, "--user", "Zoe")
    assert (nobody.status, nobody.out) == (0, "")
    assert "No row of this file is about Zoe." in nobody.err
    address = read(export, "--user", "paul@acme.example")
    assert (address.status, address.out) == (2, "")
    assert "holds no addresses" in address.err
    by_address = csv_text((*HEADINGS["en"], "Email"), [(*row, f"{row[3]}@acme.example") for row in ROWS])
    (record,) = read(by_address, "--user", "B@acme.example", "--json").records
    assert record["user"]["name"] == "Paul Petit"


def test_rows_without_a_time_are_never_a_green_light(read: Callable[..., Ran]) -> None:
    ran = read(csv_text(HEADINGS["en"], [("03/04/2025 10:00", *ROWS[0][1:])]))
    assert ran.status == 3
    assert "could be either" in ran.err
    assert "1 row has no time that can be read." in ran.err
    cut = read(csv_text(HEADINGS["en"], ROWS[1:]).replace("(1 records)", "(5,000 records)"))
    assert cut.status == 3
    assert "1 of 5000 rows" in cut.err


def test_a_formula_is_never_exported_as_one(read: Callable[..., Ran]) -> None:
    evil = ("=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1")
    export = csv_text(HEADINGS["en"], [(RECENT, text, "Connection", text) for text in evil])
    for content in (export.encode(), export.encode("utf-16")):
        table = list(csv.DictReader(io.StringIO(read(content, "--csv").out)))
        assert len(table) == len(evil)
        assert all(line[name].startswith("'") for line in table for name in ("user_name", "text"))


def test_a_config_file_is_used_where_there_is_one(read: Callable[..., Ran], config: Path) -> None:
    config.write_text(
        config.read_text() + '\n[salesforce.error_types]\nconnection = ["Verbindung"]\n[triage]\nopen_days = 1\n'
    )
    ran = read(csv_text(HEADINGS["en"], [(RECENT, "Anne", "Verbindung", "")]), "--json", named=True)
    assert (ran.status, ran.records[0]["type"]) == (0, "connection")
    config.write_text("[salesforce]\n")
    broken = read(csv_text(HEADINGS["en"], ROWS), named=True)
    assert (broken.status, broken.out) == (2, "")
    usual = Path(os.environ["XDG_CONFIG_HOME"]) / "passerelle" / "config.toml"
    usual.parent.mkdir(parents=True)
    usual.write_text("[salesforce]\n")
    ran = read(csv_text(HEADINGS["en"], ROWS))
    assert ran.status == 1
    assert "is left aside" in ran.err


# ---- the page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def judge(run: Run, tmp_path: Path) -> Callable[..., Ran]:
    """`check --page` on a file of that content."""

    def go(content: str | bytes, *options: str, named: bool = False) -> Ran:
        path = tmp_path / "page.html"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return run("check", *options, "--page", str(path), named=named)

    return go


@pytest.mark.parametrize(
    ("more", "status", "verdict", "causes"),
    [
        ({}, 3, "undetermined", []),
        ({"assigned": False}, 1, "review_configuration", ["salesforce.assignment.missing"]),
        ({"linked": "Unable to link due to an unknown issue"}, 1, "review_configuration", ["salesforce.link.failed"]),
        ({"linked": "Not linked: paul@acme.example"}, 1, "review_configuration", ["salesforce.link.failed"]),
        ({"out": "Unable to sync: server error"}, 1, "review_configuration", ["salesforce.sync.failing"]),
        ({"out": "Gibberish"}, 3, "undetermined", []),
        ({"resetting": True}, 3, "undetermined", []),
    ],
)
def test_a_page_is_judged_as_far_as_it_goes(
    judge: Callable[..., Ran], more: dict[str, Any], status: int, verdict: str, causes: list[str]
) -> None:
    for encoding in ("utf-8", "utf-16", "cp1252"):
        ran = judge(page_of(**more).encode(encoding), "--json")
        (record,) = ran.records
        assert (ran.status, record["verdict"], record["causes"]) == (status, verdict, causes)
        assert record["user"] == {"query": "Anne Martin", "id": None, "name": "Anne Martin", "email": None}
        unknown = {step["id"] for step in record["steps"] if step["evidence"] == {"reason": "no login"}}
        assert {"google.token.calendar", "google.call.contacts", "salesforce.user", "salesforce.errors"} <= unknown


def test_a_fault_of_the_organisation_is_seen_without_a_user(judge: Callable[..., Ran]) -> None:
    page = pages.page(pages.organisation("en", "Google", method="No"))
    assert judge(page).status == 2
    (record,) = judge(page, "anne@acme.example", "--json").records
    assert (record["verdict"], record["causes"]) == ("review_connection", ["salesforce.connection.not_configured"])


def test_who_the_page_is_about(judge: Callable[..., Ran]) -> None:
    other = judge(page_of(assigned=False), "Paul Petit", "--json")
    (record,) = other.records
    assert (other.status, record["verdict"]) == (3, "undetermined")
    assert any("answered about Anne Martin, not about Paul Petit" in step["summary"] for step in record["steps"])
    told = judge(page_of(assigned=False), "anne@acme.example")
    assert told.status == 1
    assert "that this is anne@acme.example rests on your word" in told.out
    assert "Not asked, as there is no login: " in told.out
    assert "Google Calendar answers" in told.out


def test_a_mailbox_of_another_is_seen_where_the_address_is_known(judge: Callable[..., Ran]) -> None:
    page = page_of(linked="Not linked: paul@acme.example")
    (record,) = judge(page, "anne@acme.example", "--json").records
    assert record["causes"] == ["salesforce.email.mismatch"]


def test_the_declaration_explains_where_there_is_a_config(judge: Callable[..., Ran], config: Path) -> None:
    declared = '\n[[configurations]]\nname = "Sales"\nactive = false\nusers = ["anne@acme.example"]\n'
    config.write_text(config.read_text() + declared)
    (record,) = judge(page_of(assigned=False), "anne@acme.example", "--json", named=True).records
    assert record["causes"] == ["salesforce.assignment.inactive"]
    links = [link for step in record["steps"] for link in step["links"]]
    assert any(link.startswith("https://acme.lightning.force.com/") for link in links)


PASTED = """Connection method configured\tOAuth 2.0
Users with linked Google and Salesforce email addresses\t12
User\tAnne Martin
User assigned to active Lightning Sync configuration\tYes
Contacts
Salesforce and Google email addresses linked\tLinked
Salesforce to Google sync status\tIn sync
Google to Salesforce sync status\tIn sync
Events
Salesforce and Google email addresses linked\tLinked
Salesforce to Google sync status\tIn sync
Google to Salesforce sync status\tUnable to sync: server error
"""


def test_pasted_text_comes_by_the_standard_input_too(
    judge: Callable[..., Ran], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PASTED.encode())))
    ran = run("check", "--page", "-", "--json", named=False)
    assert (ran.status, ran.records[0]["causes"]) == (1, ["salesforce.sync.failing"])
    assert judge(PASTED, "--json").records[0]["causes"] == ["salesforce.sync.failing"]


# ---- what cannot be used -----------------------------------------------------------------------------------------

BOOK = xlsx(HEADINGS["en"], ROWS)
GOOD = csv_text(HEADINGS["en"], ROWS)
BOMB = b"<worksheet>" + b" " * 300_000_000
MACROS = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData>&b;</sheetData></worksheet>'
CELL = '<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
WIDE = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    + "".join(CELL.format(place=f"{letter}1", text=text) for letter, text in zip("ABCD", HEADINGS["en"], strict=True))
    + "</row>"
    + "".join(f'<row r="{n}">{CELL.format(place=f"XFD{n}", text="x")}</row>' for n in range(2, 300))
    + "</sheetData></worksheet>"
).encode()
SHEET = "xl/worksheets/sheet1.xml"

BROKEN: dict[str, tuple[str, Callable[[], str | bytes], int, str]] = {
    "empty": ("errors", lambda: b"", 3, "it is empty"),
    "blank": ("errors", lambda: b"\xef\xbb\xbf\r\n \r\n", 3, "it is empty"),
    "binary": ("errors", lambda: bytes(range(256)) * 4, 2, "it is not text"),
    "old excel": ("errors", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 2, "old or an encrypted Excel"),
    "pdf": ("errors", lambda: b"%PDF-1.7\n%\xe2\xe3", 2, "it is a PDF"),
    "a web page as xls": ("errors", lambda: "<html><table><tr><td>Error Date</td></tr></table>", 2, "web page"),
    "another report": ("errors", lambda: csv_text(("Account", "Owner", "Amount"), [("a", "b", "1")]), 2, "Account | O"),
    "prose": ("errors", lambda: "Dear all,\nthe sync does not work.\n", 2, "no row of headings"),
    "cut in a quote": ("errors", lambda: GOOD[: GOOD.index("Petit")], 3, "may be cut short"),
    "cells too many": ("errors", lambda: "Error Date,User,Error Type\n2026-01-01,a,b,c\n", 3, "more cells than"),
    "a cell without end": ("errors", lambda: GOOD.replace('"a"', f'"{"a" * 1_100_000}"'), 3, "not valid CSV"),
    "a zip": ("errors", lambda: archive(readme=b"x"), 2, "no XLSX workbook"),
    "a cut zip": ("errors", lambda: BOOK[: len(BOOK) // 2], 3, "the workbook is damaged"),
    "macros": ("errors", lambda: changed(BOOK, "[Content_Types].xml", MACROS), 2, "it holds macros"),
    "macros inside": ("errors", lambda: changed(BOOK, "", add=("xl/vbaProject.bin", b"x")), 2, "it holds macros"),
    "a bomb": ("errors", lambda: changed(BOOK, SHEET, BOMB), 3, "far more than a report"),
    "entities": ("errors", lambda: changed(BOOK, SHEET, LAUGHS), 3, "declarations that no workbook has"),
    "a broken sheet": ("errors", lambda: changed(BOOK, SHEET, b"<worksheet><sheetData><row"), 3, "is damaged"),
    "a sheet too wide": ("errors", lambda: changed(BOOK, SHEET, WIDE), 3, "more than 200000 rows"),
    "no workbook part": ("errors", lambda: changed(BOOK, "xl/workbook.xml"), 2, "another kind"),
    "a page: empty": ("check", lambda: "", 3, "it is empty"),
    "a page: a login page": ("check", lambda: "<html><body><form>Log In</form></body></html>", 3, "is in a frame"),
    "a page: prose": ("check", lambda: "It does not work.", 3, "copy the whole page"),
    "a page: a workbook": ("check", lambda: BOOK, 2, "ZIP archive"),
    "a page: a picture": ("check", lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), 2, "picture"),
    "a page: a web archive": ("check", lambda: b"bplist00" + bytes(200), 2, "web archive"),
    "a page: too large": ("check", lambda: "<html>" + " " * 17_000_000, 3, "larger than 16 MB"),
    "a page: nobody": ("check", lambda: pages.page(pages.organisation("en", "Google")), 2, "names nobody"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_a_sentence_and_a_status(
    read: Callable[..., Ran], judge: Callable[..., Ran], case: str
) -> None:
    command, content, status, said = BROKEN[case]
    ran = (read if command == "errors" else judge)(content(), "--json")
    assert (ran.status, ran.out) == (status, "")
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert ran.err.rstrip().endswith((".", "FILE"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("errors", "--from", "/no/where.csv"), "No such file"),
        (("errors", "--from", "/"), "Is a directory"),
        (("errors", "--from", "/dev/zero"), "larger than 64 MB"),
        (("check", "--page", "/no/where.html"), "No such file"),
        (("check", "a", "b", "--page", "x"), "A page is about one person"),
        (("check", "--all", "--page", "x"), "A page is about one person"),
        (("check", "-", "--page", "x"), "the standard input is for the page"),
    ],
)
def test_asked_wrongly(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*arguments, named=False)
    assert (ran.status, ran.out) == (3 if "zero" in arguments[-1] else 2, "")
    assert said in ran.err


PIECES = [*PASTED.splitlines(), "<table id=orgConfigInfo>", "<tr><td>", "</td><td>", "<html>", "\x00"]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES)).map("\n".join)))
def test_whatever_a_page_holds_it_is_judged_or_a_sentence(text: str) -> None:
    refused: list[str] = []

    def problem(reason: str) -> Exception:
        refused.append(reason)
        return ServiceError("", reason)

    with suppress(ServiceError):
        reading = saved_page.read(text, None, problem)
    assert all(reason.strip() for reason in refused)
    if refused:
        return
    now = datetime.now(UTC)
    result = asyncio.run(saved_page.judge(reading, "Anne Martin", None, reported=False, now=now))
    assert result.judgement.verdict not in ("no_fault_found", "reset")
    assert not [step for step in result.steps if "broke down" in step.summary]


# ---- the practice org's own report and pages ---------------------------------------------------------------------


ZONES = {"en": "America/New_York", "fr": "Europe/Paris"}


def shown_twice(moment: str, zone: str) -> bool:
    """Whether clocks there show that time twice, as in autumn: an export leaves open which of the two it was."""
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


@pytest.fixture(scope="module")
def orgs() -> Iterator[dict[str, Running]]:
    with (
        start(Options(users=FEWEST_USERS, errors=200, lang="en")) as english,
        start(Options(users=FEWEST_USERS, errors=200, lang="fr")) as french,
    ):
        yield {"en": english, "fr": french}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_practice_orgs_report_says_the_same_when_it_is_exported(
    run: Run, read: Callable[..., Ran], orgs: dict[str, Running], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = run("errors", "--config", str(orgs[lang].dir / "config.toml"), "--json", named=False)
    heading = list(live.records[0]["row"])
    rows = [list(record["row"].values()) for record in live.records]
    world = json.loads((orgs[lang].dir / "world.json").read_text(encoding="utf-8"))
    assert len(rows) == world["errors"]
    monkeypatch.setenv("TZ", ZONES[lang])
    separator = ";" if lang == "fr" else ","
    exports = (
        csv_text(heading, rows, lang=lang, separator=separator).encode("utf-8-sig"),
        xlsx(heading, rows, lang=lang),
        xlsx(heading, rows, lang=lang, formatted=True),
    )
    for content in exports:
        ran = read(content, "--json")
        assert ran.status == live.status
        for found, meant in zip(ran.records, live.records, strict=True):
            certain = None if shown_twice(meant["at"], ZONES[lang]) else meant["at"][:16]  # it shows no seconds
            assert (found["at"] and found["at"][:16]) == certain
            assert (found["user"]["name"], found["type"], found["text"]) == (
                meant["user"]["name"],
                meant["type"],
                meant["text"],
            )
        assert FOOTER[lang][1] not in ran.out


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_practice_orgs_pages_say_the_same_when_they_are_saved(
    run: Run, judge: Callable[..., Ran], orgs: dict[str, Running], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = json.loads((orgs[lang].dir / "world.json").read_text(encoding="utf-8"))
    names = [user["name"] for user in world["users"]]
    wanted = {
        tuple(user["causes"]): user
        for user in world["users"]
        if names.count(user["name"]) == 1 and user["name"].isprintable() and user["verdict"] == "review_configuration"
        if all(
            cause.startswith(("salesforce.assignment.missing", "salesforce.link", "salesforce.sync"))
            for cause in user["causes"]
        )
    }
    assert len(wanted) >= 3
    seen: list[str] = []
    import tui.salesforce.setup_page as live

    real = live.read_html
    monkeypatch.setattr(live, "read_html", lambda text, **more: (seen.append(text), real(text, **more))[1])
    config = ["--config", str(orgs[lang].dir / "config.toml")]
    for causes, user in wanted.items():
        seen.clear()
        run("check", *config, user["id"], named=False)
        (record,) = judge(seen[-1], user["email"], *config, "--json").records
        assert record["user"]["name"] == user["name"]
        assert (record["verdict"], tuple(record["causes"])) == ("review_configuration", causes)
