"""What to do about a check, a step each and by whom: the leading cause first, nothing twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tui.model import CheckResult, Finding, Status, Verdict
from tui.triage import catalogue, story
from tui.triage.catalogue import By

LEAVER = 2
"""The rule of a leaver: only the closed account decides what to do, whatever else fails because of it."""
_CLOSED = "salesforce.user."


@dataclass(frozen=True, slots=True)
class ToDo:
    """One step. `by` is who takes it, None where the text says so itself; `links` are the pages to open for it."""

    by: By | None
    text: str
    links: tuple[str, ...] = ()


def to_do(result: CheckResult) -> tuple[ToDo, ...]:
    """The steps that the causes of the verdict ask for, in the order in which to take them."""
    found = deciding(result)
    by_support = result.judgement.verdict is Verdict.CONTACT_SUPPORT  # which says itself how: no step need lead there
    steps: list[ToDo] = []
    for finding in found:
        steps += [
            replace(step, links=finding.links) if not n else step
            for n, step in enumerate(steps_of(finding, by_support))
        ]
    return tuple(_each_once(steps))


def deciding(result: CheckResult) -> list[Finding]:
    """The first finding of each cause that decided, the leading one first; then what has no cause."""
    judgement = result.judgement
    firsts = {finding.cause: finding for finding in reversed(result.steps) if finding.cause and finding.fix}
    causes = judgement.causes
    if judgement.rule == LEAVER:
        causes = tuple(cause for cause in causes if cause.startswith(_CLOSED)) or causes
        bare = []
    else:
        bare = [one for one in result.steps if one.cause is None and one.fix and _decides(one)]
    found = [firsts[cause] for cause in causes if cause in firsts] + bare
    lead = story.leading(judgement, result.steps)
    return sorted(found, key=lambda finding: lead is None or (finding.cause, finding.id) != (lead.cause, lead.id))


def _decides(finding: Finding) -> bool:
    return finding.status is Status.FAIL or (finding.status is Status.UNKNOWN and finding.required)


def steps_of(finding: Finding, by_support: bool = False) -> list[ToDo]:
    """What its cause asks for, without what only leads to support where that is turned to in any case; in its own words
    where the catalogue does not have it."""
    if finding.cause in catalogue.FACTS:
        fix = catalogue.cause(finding.cause or "", finding.evidence).fix
        return [ToDo(step.by, step.text) for step in fix if not (by_support and step.support)]
    told = ((text, catalogue.step_of(text)) for text in finding.fix)
    return [ToDo(None, text) if step is None else ToDo(step.by, step.text) for text, step in told]


def _each_once(steps: Iterable[ToDo]) -> list[ToDo]:
    """The steps without those that another one says as well, in the same words or with more behind them."""
    kept: list[ToDo] = []
    for step in steps:
        place = next((n for n, other in enumerate(kept) if _says_both(other, step)), None)
        if place is None:
            kept.append(step)
        else:
            longer = max(kept[place], step, key=lambda one: len(one.text))
            kept[place] = replace(longer, links=tuple(dict.fromkeys((*kept[place].links, *step.links))))
    return kept


def _says_both(one: ToDo, other: ToDo) -> bool:
    short, long = sorted((one.text.rstrip(". "), other.text.rstrip(". ")), key=len)
    return one.by == other.by and long.startswith(short)
