"""The doctor on twelve organisations that each break one assumption: it is named, and no check says what is not so."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tui.config import load
from tui.journal.store import Journal
from tui.model import CheckResult, Status, Verdict
from tui.sandbox.options import FEWEST_USERS, Options
from tui.sandbox.quirks import QUIRKS
from tui.sandbox.serve import Running, start
from tui.triage.doctor import assumptions, host, masked, org
from tui.triage.doctor.facts import Fact
from tui.triage.session import Session

FAIL, WARN, SKIP = Status.FAIL, Status.WARN, Status.SKIP

# quirk -> what the doctor says of it (and of nothing else): fact -> status.
NAMED: dict[str, dict[str, Status]] = {
    "column_renamed": {"assumption.report_columns": FAIL, "org.error_report": WARN},
    "label_unknown": {"assumption.page_words": WARN},
    "no_input": {"assumption.page_ids": FAIL},
    "no_web_scope": {"assumption.web_scope": FAIL},
    "api_only": {"assumption.setup_pages": FAIL},
    "report_closed": {"assumption.report": FAIL, "org.error_report": WARN},
    "metadata_forbidden": {"org.sync_switch": WARN, "org.eac_settings": WARN},
    "other_language": {"assumption.language": WARN, "assumption.page_words": WARN},
    "other_report_type": {"assumption.report_type": FAIL, "org.error_report": WARN},
    "web_pages": {"assumption.data": FAIL, "org.login": FAIL},
    "old_api": {"assumption.api_version": FAIL, "org.login": FAIL},
    "empty_org": {"assumption.organisation": WARN},
}
# A word that the sentence must have, so that a person knows what is meant.
SAYING = {
    "column_renamed": "Kind",
    "label_unknown": "Sync membership",
    "no_input": "resetExchangeSyncUser",
    "no_web_scope": "web",
    "api_only": "API-only",
    "report_closed": "folder",
    "metadata_forbidden": "Metadata API",
    "other_language": "de",
    "other_report_type": "Tasks and Events",
    "web_pages": "web page",
    "old_api": "60 to 68",
    "empty_org": "empty",
}


@asynccontextmanager
async def session_on(running: Running) -> AsyncIterator[Session]:
    journal = Journal("sqlite://")
    session = Session(load(running.config), journal, by="tester")
    try:
        yield session
    finally:
        await session.aclose()
        journal.close()


async def examined(session: Session) -> tuple[list[Fact], org.Seen]:
    seen = await org.look(session)
    return [*org.facts(seen), *assumptions.facts(seen)], seen


def world(running: Running) -> list[dict[str, Any]]:
    users: list[dict[str, Any]] = json.loads((running.dir / "world.json").read_text("utf-8"))["users"]
    return users


def test_every_quirk_is_tried() -> None:
    assert set(NAMED) == set(SAYING) == set(QUIRKS)
    assert len(QUIRKS) == 12


@pytest.mark.parametrize("quirk", QUIRKS)
async def test_a_broken_assumption_is_named_and_no_verdict_is_false(quirk: str, tmp_path: Path) -> None:
    options = Options(dir=tmp_path / "practice", users=FEWEST_USERS, errors=200, quirks=(quirk,))
    with start(options) as running:
        async with session_on(running) as session:
            facts, seen = await examined(session)
            states = {one.id: one.status for one in facts}
            assert {name: state for name, state in states.items() if state in (FAIL, WARN)} == NAMED[quirk]
            told = " ".join(one.summary for one in facts if one.id in NAMED[quirk])
            assert SAYING[quirk] in told
            assert all(one.asked or one.answered or one.status is Status.PASS for one in facts)
            everyone = world(running)
            some = list({(user["verdict"], *user["causes"]): user for user in everyone}.values())[
                :: 2 if everyone[9:] else 1
            ]
            results = await session.check_queries([user["id"] for user in some])
            for user, result in zip(some, results, strict=True):
                assert isinstance(result, CheckResult)
                found = result.judgement.verdict
                assert found in (Verdict(user["verdict"]), Verdict.UNDETERMINED), (user, result.sentence)
            if quirk in ("metadata_forbidden", "empty_org"):  # nothing that a verdict rests on is missing
                assert [one.judgement.verdict for one in results if isinstance(one, CheckResult)] == [
                    Verdict(user["verdict"]) for user in some
                ]
            text = masked.markdown(facts, seen, host.hosts(session.settings), datetime.now(UTC))
            leaks(text, running, session)


def leaks(text: str, running: Running, session: Session) -> None:
    """Nothing in a field report names anybody or anything of the organisation."""
    said = text.casefold()
    for user in world(running):
        for value in (user["id"][:15], user["name"], user["email"]):
            assert value.casefold() not in said, value
    assert "atelier" not in said
    assert "00d" not in re.sub(r"[^0-9a-z]+", " ", said).split()
    assert str(running.dir) not in text
    assert "private key-----" not in said


async def test_the_practice_org_keeps_every_assumption(tmp_path: Path) -> None:
    with start(Options(dir=tmp_path / "practice", users=FEWEST_USERS, errors=200, lang="fr")) as running:
        async with session_on(running) as session:
            facts, seen = await examined(session)
            assert {one.status for one in facts} == {Status.PASS, Status.SKIP}
            assert {one.id for one in facts if one.status is SKIP} == {"org.configurations", "org.salesforce_key"}
            overview = seen.overview
            assert overview is not None
            assert overview.changes
            assert {change.action for change in overview.changes} == {
                "lightningSyncConfigChanged",
                "remoteSiteSettings",
            }
            assert any("Configuration Lightning Sync" in change.text for change in overview.changes)
            assert set(overview.calls) == {"salesforce", "google"}
            text = masked.markdown(facts, seen, host.hosts(session.settings), datetime.now(UTC))
            leaks(text, running, session)
            assert "`assumption.page_words`" in text


async def test_an_answer_that_no_row_describes_is_kept_whole_and_redacted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scenario = "google.error.unclassified"
    with start(Options(dir=tmp_path / "practice", users=FEWEST_USERS, errors=50, scenario=scenario)) as running:
        async with session_on(running) as session:
            facts, _seen = await examined(session)
    states = {one.id: one for one in facts}
    assert states["assumption.catalogue"].status is WARN
    assert "Something that nobody has described yet." in str(states["assumption.catalogue"].answered)
    assert "ya29" not in str(facts) + caplog.text  # nor is the token of tokeninfo's address in any log
    assert "access_token" not in caplog.text


def test_the_host_without_a_config_and_without_a_terminal(tmp_path: Path) -> None:
    facts = {one.id: one for one in host.facts(None, tmp_path / "none.toml", None, environment={}, size=None)}
    assert facts["host.python"].status is Status.PASS
    assert facts["host.terminal"].status is SKIP
    assert "oauth2.googleapis.com:443" in facts["host.hosts"].summary
    assert "MY-DOMAIN.my.salesforce.com:443" in facts["host.hosts"].summary


@pytest.mark.parametrize(
    ("environment", "size", "status"),
    [
        ({"TERM": "xterm-256color"}, (80, 24), Status.PASS),
        ({"TERM": "dumb"}, (80, 24), FAIL),
        ({}, (80, 24), FAIL),
        ({"TERM": "xterm"}, (50, 24), WARN),
        ({"TERM": "xterm"}, (80, 12), WARN),
    ],
)
def test_the_terminal(environment: dict[str, str], size: tuple[int, int], status: Status) -> None:
    found = host.facts(None, Path("none.toml"), None, environment=environment, size=size)
    assert next(one.status for one in found if one.id == "host.terminal") is status


def test_a_proxy_of_the_environment_is_named_without_its_password() -> None:
    environment = {"HTTPS_PROXY": "http://anne:secret@proxy.acme.example:3128", "SSL_CERT_FILE": "/etc/ca.pem"}
    facts = {one.id: one for one in host.facts(None, Path("none.toml"), None, environment=environment)}
    assert "HTTPS_PROXY" in facts["host.proxy"].summary
    assert "SSL_CERT_FILE" in facts["host.authorities"].summary
    assert "secret" not in str(facts)


def test_looking_at_the_umask_leaves_it_as_it_is() -> None:
    before = os.umask(0o027)
    try:
        facts = {one.id: one for one in host.facts(None, Path("none.toml"), None, environment={})}
        assert (facts["host.umask"].status, os.umask(0o027)) == (WARN, 0o027)
    finally:
        os.umask(before)


def test_masks_are_the_same_for_the_same_thing() -> None:
    mask = masked.Masks([("person", "Anne Martin"), ("organisation", "Acme"), ("host", "acme.my.salesforce.com:443")])
    text = mask(
        "ANNE MARTIN <anne@acme.paris> 005000000000002AAA 005000000000002 at Acme, Anne@acme.paris, "
        "https://acme.my.salesforce.com/x, login.salesforce.com, www.googleapis.com, /home/anne/key.pem, "
        "/services/data/"
    )
    assert text == (
        "<person 1> <<address 1>> <id 1> <id 1> at <organisation 1>, <address 1>, "
        "https://<host 1>/x, login.salesforce.com, www.googleapis.com, <path 1>, /services/data/"
    )
