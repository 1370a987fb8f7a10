"""`passerelle check`: every user checked, told in the order in which they were named, each as soon as it can be."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Sequence

from tui import figures, output
from tui.commands import shapes, words
from tui.commands.common import Asked, Exit, UsageError, opened, overall, say_unfinished
from tui.model import CheckResult, Finding, Resolution, ServiceError, Status, Verdict
from tui.triage import story
from tui.words import _, ngettext

_STATUS = {Verdict.NO_FAULT_FOUND: Exit.DONE, Verdict.UNDETERMINED: Exit.UNKNOWN}
_REPAIRABLE = (Status.FAIL, Status.UNKNOWN)


def check(asked: Asked, users: Sequence[str], *, everyone: bool, reported: bool) -> int:
    """`users` as contracts.md's USER, `-` for those on stdin; `everyone`: all who have an open error."""
    return asyncio.run(_check(asked, read_users(users), everyone, reported))


def read_users(users: Sequence[str]) -> list[str]:
    """The users named, with the lines of stdin in the place of `-`. Raises UsageError where nobody is named there."""
    found: list[str] = []
    for user in users:
        found += [line.strip() for line in sys.stdin if line.strip()] if user == "-" else [user]
    if users and not found:
        raise UsageError(_("Nobody was named on the standard input."))
    return found


async def _check(asked: Asked, queries: Sequence[str], everyone: bool, reported: bool) -> Exit:
    from tui.triage.checks.run import without_access

    async with opened(asked) as all_of_it:
        session = all_of_it.session
        try:
            if everyone:
                queries = await session.with_open_errors()
                if not session.listed_whole:
                    output.note(_("The error report was not read whole, so users may be missing here."))
            resolutions = await session.resolve(queries)
        except ServiceError as error:
            if everyone:
                raise
            lost = [without_access(query, None, error, reported=reported, now=session.clock()) for query in queries]
            return overall([tell_result(asked, result) for result in lost])
        if not queries:
            output.note(_("No user has an open error."))
        orderly = InOrder(resolutions, lambda answer: tell_result(asked, answer))
        users = [(found.query, user) for found in resolutions for user in found.users]
        await session.check(users, reported=reported, on_result=orderly.came)
        say_unfinished(session)
        return overall(orderly.statuses)


class InOrder:
    """Passes answers on in the order of the input: a later one waits for the earlier ones."""

    def __init__(self, resolutions: Sequence[Resolution], tell: Callable[[CheckResult | Resolution], Exit]) -> None:
        self.statuses: list[Exit] = []
        self._tell = tell
        self._ahead: deque[Resolution | tuple[str, str]] = deque()
        self._arrived: defaultdict[tuple[str, str], deque[CheckResult]] = defaultdict(deque)
        for found in resolutions:
            self._ahead += [found] if found.problem else [(found.query, user.id) for user in found.users]
        self._forward()

    def came(self, result: CheckResult) -> None:
        """One more result is there; what can be told is told."""
        self._arrived[result.query, result.user.id if result.user else ""].append(result)
        self._forward()

    def _forward(self) -> None:
        while self._ahead:
            first = self._ahead[0]
            if isinstance(first, Resolution):
                self.statuses.append(self._tell(first))
            elif self._arrived[first]:
                self.statuses.append(self._tell(self._arrived[first].popleft()))
            else:
                return
            self._ahead.popleft()


def tell_result(asked: Asked, answer: CheckResult | Resolution) -> Exit:
    if isinstance(answer, Resolution):
        output.note(answer.problem)
        return Exit.USAGE
    if asked.json:
        output.record(shapes.check(answer))
    else:
        for line in [*told(answer), ""]:
            output.line(line)
    return _STATUS.get(answer.judgement.verdict, Exit.ATTENTION)


def told(result: CheckResult) -> list[str]:
    """One check as lines: the verdict in a sentence, the steps, the fixes and by whom, what was not tested."""
    judgement = result.judgement
    head = words.state(words.VERDICT[judgement.verdict], story.headline(judgement.verdict))
    lines = [figures.pair(head, words.person(result.query, result.user)), f"  {result.sentence}"]
    for phase, title in words.PHASE.items():
        steps = [step for step in result.steps if step.phase is phase]
        if steps:
            lines.append(f"  {_(title)}")
            lines += output.columns(
                [(words.state(step.status), step.id, step.summary) for step in steps], indent="    "
            )
    lead = story.leading(judgement, result.steps)
    broken = [step for step in result.steps if step.status in _REPAIRABLE and step.cause in judgement.causes]
    by_cause: dict[str | None, Finding] = {}
    for step in [lead, *broken] if lead else broken:
        by_cause.setdefault(step.cause, step)
    for step in by_cause.values():
        lines += _fix(step)
    if judgement.open_errors:
        told_errors = ngettext("{n} error is open.", "{n} errors are open.", judgement.open_errors)
        lines.append("  " + told_errors.format(n=judgement.open_errors))
    if judgement.look_again_at:
        lines.append("  " + _("Look again after {time}.").format(time=output.shown(judgement.look_again_at)))
    return lines + [f"  {text}" for text in result.not_tested]


def _fix(step: Finding) -> list[str]:
    """The fix of one cause, numbered; each step says who takes it."""
    if not step.fix:
        return []
    lines = ["  " + _("What to do: {what}").format(what=step.summary)]
    lines += [f"    {number}. {text}" for number, text in enumerate(step.fix, 1)]
    return lines + [f"    {_('see')} {link}" for link in step.links]
