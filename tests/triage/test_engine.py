"""The engine: order, gates, streaming, cancellation, and what becomes of a check that breaks down."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tui.http import LISTENING
from tui.model import Call, Finding, Phase, Status
from tui.triage.engine import Check, run_checks, to_run_again

World = dict[str, Status]


def finding(name: str, status: Status = Status.PASS) -> Finding:
    return Finding(
        name, Phase.STATUS, status, f"{name} {status.value}", cause="a.cause" if status is Status.FAIL else None
    )


def check(
    name: str,
    status: Status = Status.PASS,
    *,
    needs: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    seconds: float = 0,
    also: tuple[tuple[str, Status], ...] = (),
    required: bool = False,
) -> Check[list[str]]:
    async def run(started: list[str]) -> Sequence[Finding]:
        started.append(name)
        await asyncio.sleep(seconds)
        return [finding(name, status), *(finding(other, state) for other, state in also)]

    return Check(name, name, Phase.STATUS, run, needs=needs, after=after, required=required)


async def run(*checks: Check[list[str]]) -> tuple[list[Finding], list[str], list[str]]:
    """The findings, the checks that ran in the order in which they started, and the ids as they were streamed."""
    started: list[str] = []
    streamed: list[str] = []
    findings = await run_checks(checks, started, lambda step, found: streamed.append(f"{step}:{found.id}"))
    return findings, started, streamed


async def test_findings_come_in_the_order_of_the_checks_and_stream_as_they_come() -> None:
    findings, _started, streamed = await run(check("slow", seconds=0.05), check("quick"))
    assert [one.id for one in findings] == ["slow", "quick"]
    assert streamed == ["quick:quick", "slow:slow"]


@pytest.mark.parametrize("status", [Status.FAIL, Status.SKIP])
async def test_a_closed_gate_skips_what_needs_it_and_what_needs_that(status: Status) -> None:
    findings, started, _streamed = await run(
        check("gate", status), check("behind", needs=("gate",)), check("further", needs=("behind",)), check("beside")
    )
    assert started == ["gate", "beside"]
    assert [one.status for one in findings] == [status, Status.SKIP, Status.SKIP, Status.PASS]
    assert [one.evidence.get("behind") for one in findings] == [None, "gate", "gate", None]
    assert all(one.cause is None for one in findings[1:])


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.WARN, Status.WAIT, Status.PASS])
async def test_nothing_else_closes_a_gate(status: Status) -> None:
    findings, started, _streamed = await run(check("gate", status), check("behind", needs=("gate",)))
    assert started == ["gate", "behind"]
    assert findings[1].status is Status.PASS


async def test_a_gate_may_be_one_finding_of_a_check_with_several() -> None:
    page = check("page", also=(("page.linked", Status.FAIL), ("page.activity", Status.PASS)))
    findings, started, _streamed = await run(
        page, check("rows", needs=("page.linked",)), check("other", needs=("page.activity",))
    )
    assert started == ["page", "other"]
    assert {one.id: one.status for one in findings}["rows"] is Status.SKIP


async def test_soft_order_waits_and_closes_nothing() -> None:
    findings, started, _streamed = await run(check("first", Status.FAIL, seconds=0.02), check("then", after=("first",)))
    assert started == ["first", "then"]
    assert findings[1].status is Status.PASS


async def test_what_can_run_side_by_side_does() -> None:
    all_of_them = asyncio.Barrier(8)  # nobody passes before the last one has come

    async def meet(_started: list[str]) -> Sequence[Finding]:
        async with asyncio.timeout(30):
            await all_of_them.wait()
        await asyncio.sleep(0.1)
        return [finding("met", Status.PASS)]

    checks = [Check(f"n{number}", "", Phase.STATUS, meet) for number in range(8)]
    findings, _started, _streamed = await run(*checks)
    assert [one.status for one in findings] == [Status.PASS] * 8
    assert all(one.ms >= 90 for one in findings)


async def test_a_check_that_breaks_down_is_unknown_and_redacted_and_stops_nothing() -> None:
    async def broken(_context: list[str]) -> Sequence[Finding]:
        raise ValueError("Bearer abcdefgh12345678 was \x1b[31mrefused")

    bad = Check("bad", "bad", Phase.CONNECTION, broken, required=True)
    findings, started, _streamed = await run(bad, check("behind", needs=("bad",)))
    assert started == ["behind"]
    assert findings[0].status is Status.UNKNOWN
    assert findings[0].required
    assert findings[0].phase is Phase.CONNECTION
    assert "ValueError" in findings[0].summary
    assert "abcdefgh12345678" not in str(findings[0])
    assert "\x1b" not in str(findings[0])


async def test_cancelling_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    running = asyncio.create_task(run(check("long", seconds=60), check("waits", after=("long",))))
    await asyncio.sleep(0.02)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert asyncio.all_tasks() == before


async def test_something_cancelled_that_a_check_waits_for_is_that_check_s_own_failure() -> None:
    async def gone(_context: list[str]) -> Sequence[Finding]:
        raise asyncio.CancelledError

    findings, started, _streamed = await run(Check("gone", "gone", Phase.STATUS, gone), check("then", after=("gone",)))
    assert [one.status for one in findings] == [Status.UNKNOWN, Status.PASS]
    assert started == ["then"]


async def test_needing_what_stands_behind_is_a_mistake_of_the_table() -> None:
    with pytest.raises(ValueError, match="does not stand before"):
        await run(check("early", needs=("late",)), check("late"))


async def test_a_finding_that_says_how_long_it_took_keeps_it() -> None:
    async def timed(_context: list[str]) -> Sequence[Finding]:
        return [Finding("timed", Phase.STATUS, Status.PASS, "ok", ms=1234)]

    findings, _started, _streamed = await run(Check("timed", "timed", Phase.STATUS, timed))
    assert findings[0].ms == 1234


# ---- what was asked, and going on from a failure -------------------------------------------------------------------


async def test_each_check_keeps_the_calls_that_it_made_itself() -> None:
    def asking(name: str) -> Check[list[str]]:
        async def heard() -> None:
            listening = LISTENING.get()
            assert listening is not None
            listening.append(Call(datetime.now(UTC), "google", "GET", f"/{name}", 200, 5))

        async def run(_started: list[str]) -> Sequence[Finding]:
            await asyncio.gather(heard(), asyncio.sleep(0.01))  # in a task of its own
            return [finding(name), finding(f"{name}.more")]

        return Check(name, name, Phase.STATUS, run)

    findings, _started, _streamed = await run(asking("one"), asking("two"), check("silent"))
    assert [[call.path for call in found.calls] for found in findings] == [["/one"], [], ["/two"], [], []]


async def test_what_is_kept_is_not_run_and_still_streamed_and_closes_gates() -> None:
    checks = [check("gate"), check("behind", needs=("gate",)), check("other")]
    started: list[str] = []
    streamed: list[str] = []
    kept = {"gate": [finding("gate", Status.FAIL)]}
    findings = await run_checks(checks, started, lambda step, _found: streamed.append(step), kept=kept)
    assert started == ["other"]
    assert sorted(streamed) == ["behind", "gate", "other"]
    assert [found.status for found in findings] == [Status.FAIL, Status.SKIP, Status.PASS]


def test_what_failed_and_all_that_waits_for_it_is_run_again() -> None:
    checks = [
        check("well"),
        check("broken"),
        check("behind", needs=("broken",)),
        check("after", after=("behind",)),
        check("beside", after=("well",)),
        check("never"),
    ]
    found = {
        "well": [finding("well"), finding("well.more", Status.WARN)],
        "broken": [finding("broken", Status.UNKNOWN)],
        "behind": [finding("behind", Status.SKIP)],
        "after": [finding("after")],
        "beside": [finding("beside")],
    }
    assert to_run_again(checks, found) == {"broken", "behind", "after", "never"}
