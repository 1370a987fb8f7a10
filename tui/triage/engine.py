"""Runs checks: side by side what can be, in order what must be, streaming each finding as it comes.

Knows no service and no rule: a check is an id, what it needs, and a coroutine that returns findings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from time import monotonic
from typing import Generic, TypeVar

from tui.http import LISTENING
from tui.model import EMPTY, Call, Finding, Phase, Status
from tui.sanitise import one_line, redact
from tui.words import _

C = TypeVar("C")

_CLOSING = frozenset({Status.FAIL, Status.SKIP})
_WELL = frozenset({Status.PASS, Status.WARN, Status.SKIP})


@dataclass(frozen=True, slots=True)
class Check(Generic[C]):
    """One step of the triage. `title` is marked with N_ and translated where it is shown.

    `needs` are ids of findings: one of them failed or skipped makes this check a skip; an unknown one closes nothing.
    `after` are ids of checks that must have ended first, however they ended.
    A finding's id is its check's id, or lies below it. `required`: the fact is one that verdict.md requires.
    """

    id: str
    title: str
    phase: Phase
    run: Callable[[C], Awaitable[Sequence[Finding]]]
    scope: str = "user"
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    required: bool = False


Explain = Callable[[Check[C], Exception], Finding]
OnFinding = Callable[[str, Finding], None]


def own_failure(check: Check[C], error: Exception) -> Finding:
    """The finding for a check that broke down: unknown, with the reason, redacted."""
    reason = one_line(redact(f"{type(error).__name__}: {error}"), limit=500)
    summary = _("This check broke down, so this could not be found out: {reason}").format(reason=reason)
    return Finding(check.id, check.phase, Status.UNKNOWN, summary, evidence={"error": reason}, required=check.required)


async def run_checks(
    checks: Sequence[Check[C]],
    context: C,
    on_finding: OnFinding,
    *,
    explain: Explain[C] = own_failure,
    kept: Mapping[str, Sequence[Finding]] = EMPTY,
) -> list[Finding]:
    """Run the checks; every finding, in the order of the checks.

    `on_finding` gets the check's id and each finding as it comes. `explain` turns an exception of a check into its
    finding. `kept` are check id -> findings of an earlier run that stand: those checks are not run. Cancelled, it
    leaves no task behind. Raises ValueError when a check needs one that stands behind it."""
    waits = _waits(checks)
    ended = {check.id: asyncio.Event() for check in checks}
    found: dict[str, Sequence[Finding]] = {}

    async def one(check: Check[C]) -> None:
        for other in waits[check.id]:
            await ended[other].wait()
        if check.id in kept:
            findings = found[check.id] = list(kept[check.id])
        else:
            findings = found[check.id] = await timed(check)
        for finding in findings:
            on_finding(check.id, finding)
        ended[check.id].set()

    async def timed(check: Check[C]) -> list[Finding]:
        calls: list[Call] = []
        LISTENING.set(calls)  # of this check's own task
        start = monotonic()
        findings = _behind(check, found) or await _run(check, context, explain)
        ms = round((monotonic() - start) * 1000)
        findings = [replace(finding, ms=ms) if ms and not finding.ms else finding for finding in findings]
        if findings and calls:
            findings[0] = replace(findings[0], calls=tuple(calls))
        return findings

    async with asyncio.TaskGroup() as group:
        for check in checks:
            group.create_task(one(check), name=check.id)
    return [finding for check in checks for finding in found[check.id]]


async def _run(check: Check[C], context: C, explain: Explain[C]) -> Sequence[Finding]:
    try:
        return await check.run(context)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        # Nobody cancelled us: something that the check waited for was cancelled, for its own reasons.
        return [explain(check, RuntimeError(_("what it waited for was cancelled")))]
    except Exception as error:  # noqa: BLE001 - whatever breaks in one check must not take the others with it
        return [explain(check, error)]


def to_run_again(checks: Sequence[Check[C]], found: Mapping[str, Sequence[Finding]]) -> frozenset[str]:
    """The ids of the checks that did not end well, and of all that wait for one of them, however far behind."""
    again: set[str] = set()
    waits = _waits(checks)
    for check in checks:
        well = check.id in found and all(finding.status in _WELL for finding in found[check.id])
        if not well or not again.isdisjoint(waits[check.id]):
            again.add(check.id)
    return frozenset(again)


def _behind(check: Check[C], found: Mapping[str, Sequence[Finding]]) -> list[Finding]:
    """The skip of a check that stands behind a closed gate; nothing where all gates are open."""
    for findings in found.values():
        for finding in findings:
            if finding.status in _CLOSING and any(_is_or_above(finding.id, need) for need in check.needs):
                behind = finding.evidence.get("behind", finding.id)
                reason = finding.summary
                if finding.status is Status.FAIL:
                    reason = _("An earlier step failed: {summary}").format(summary=reason)
                return [Finding(check.id, check.phase, Status.SKIP, reason, evidence={"behind": behind})]
    return []


def _waits(checks: Sequence[Check[C]]) -> Mapping[str, tuple[str, ...]]:
    """The ids of the checks that must have ended before each starts."""
    return _owners(tuple((check.id, (*check.needs, *check.after)) for check in checks))


@lru_cache(maxsize=16)
def _owners(asked: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, tuple[str, ...]]:
    """Id -> the ids of those before it that own what it asks for; the same for everybody who is checked."""
    found: dict[str, tuple[str, ...]] = {}
    for name, needs in asked:
        owners = [[other for other in found if _is_or_above(other, need)] for need in needs]
        if not all(owners):
            raise ValueError(f"{name} waits for {needs[owners.index([])]}, which does not stand before it")
        found[name] = tuple(max(several, key=len) for several in owners)
    return found


def _is_or_above(upper: str, lower: str) -> bool:
    return lower == upper or lower.startswith(f"{upper}.")
