"""Bulk work leaves the configured share of the day's API calls alone, however far it has come."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tui.config import load
from tui.journal.store import Journal
from tui.model import CheckResult, ServiceError, Verdict
from tui.salesforce.rest import sparing
from tui.sandbox.options import FEWEST_USERS, Options
from tui.sandbox.serve import start
from tui.triage.session import Session

USED_BEFORE = 1204  # by others, as the practice org has it
SHARE = 0.2


@pytest.mark.parametrize("allowed", [8, 11, 40])
async def test_a_bulk_check_stops_before_the_reserve_in_the_middle_of_its_run(allowed: int, tmp_path: Path) -> None:
    limit = round((USED_BEFORE + allowed) / (1 - SHARE))
    options = Options(dir=tmp_path / "practice", users=FEWEST_USERS, errors=200, daily_calls=limit)
    with start(options) as running:
        users = json.loads((running.dir / "world.json").read_text("utf-8"))["users"][::3]
        journal = Journal("sqlite://")
        session = Session(load(running.config), journal, by="tester")
        try:
            org = await session.connect()
            people = await session.salesforce.users_by_ids([user["id"] for user in users])
            by_id = {person.id: person for person in people}
            results = await session.check([(user["id"], by_id[user["id"]]) for user in users])
            used = session.salesforce.api_used
            assert used is not None
            assert used <= limit * (1 - SHARE)  # never more than the share
            verdicts = {user["id"]: Verdict(user["verdict"]) for user in users}
            left_out = [one for one in results if one.judgement.verdict is Verdict.UNDETERMINED]
            for one in results:
                assert one.judgement.verdict in (verdicts[one.query], Verdict.UNDETERMINED), one.sentence
            assert (
                len(left_out) > len([one for one in verdicts.values() if one is Verdict.UNDETERMINED]) or allowed == 40
            )
            # one person may still be asked about: somebody waits for it
            (alone,) = await session.check([(people[0].id, people[0])])
            assert isinstance(alone, CheckResult)
            assert alone.judgement.verdict is verdicts[people[0].id]
            assert org.id
        finally:
            await session.aclose()
            journal.close()


async def test_what_is_on_its_way_counts_and_other_work_is_not_held_up(tmp_path: Path) -> None:
    limit = round((USED_BEFORE + 12) / (1 - SHARE))
    options = Options(dir=tmp_path / "practice", users=FEWEST_USERS, errors=200, daily_calls=limit, latency_ms=50)
    with start(options) as running:
        journal = Journal("sqlite://")
        session = Session(load(running.config), journal, by="tester")
        try:
            await session.connect()
            query = "SELECT Id FROM Organization"

            async def bulk() -> int:
                with sparing(SHARE):
                    answers = await asyncio.gather(
                        *(session.salesforce.query(query) for _ in range(30)), return_exceptions=True
                    )
                refused = [one for one in answers if isinstance(one, ServiceError)]
                assert all(one.cause == "salesforce.api.limit" and "api_reserve" in one.message for one in refused)
                return len(answers) - len(refused)

            async def beside() -> int:
                return len(await session.salesforce.query(query))

            went, alone = await asyncio.gather(bulk(), beside())
            assert 0 < went < 30
            assert alone == 1
            assert session.salesforce.api_used is not None
            assert session.salesforce.api_used <= limit * (1 - SHARE)
        finally:
            await session.aclose()
            journal.close()
