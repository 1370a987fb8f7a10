"""Is the sync broken for everybody? One sentence with its state, from what the checks of the organisation found.

Plain functions. The order of `_SAYINGS` is the order of certainty: what is shown to be broken, then what looks like it,
then what shows that sync works, then what is not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tui import figures
from tui.model import Answer, Course, Finding, Phase, Roster, Since, Status
from tui.triage.catalogue import FACTS
from tui.triage.checks import google_calls, guided, organisation
from tui.triage.verdict import EVIDENTLY_ALIVE, causes_in_order
from tui.words import N_, _

SIDES = (google_calls.CALENDAR, google_calls.CONTACTS)
_BROKEN = {
    None: N_("Broken for everybody: {fault}"),
    google_calls.CALENDAR: N_("Calendars are broken for everybody: {fault}"),
    google_calls.CONTACTS: N_("Contacts are broken for everybody: {fault}"),
}
_UNLINKED = "salesforce.connection.no_linked_users"
_SETTLED = frozenset({Status.PASS, Status.SKIP})


@dataclass(frozen=True, slots=True)
class _Case:
    """All that the answer looks at."""

    findings: Sequence[Finding]
    now: datetime
    last_worked: datetime | None
    since: Since | None
    roster: Roster
    api_left: int | None
    never_erred: bool

    def by_id(self, *steps: str) -> Finding | None:
        return next((finding for finding in self.findings if finding.id in steps), None)

    def test(self, side: str | None = None) -> list[Finding]:
        """The connection test: the Google steps made for one user, of one side or of both."""
        steps = [
            step(one)
            for one in (SIDES if side is None else (side,))
            for step in (google_calls.token_step, google_calls.call_step, guided.step_of)
        ]
        return [finding for finding in self.findings if finding.id in steps]

    def passes(self, side: str | None = None) -> bool:
        test = self.test(side)
        return any(one.status is Status.PASS for one in test) and all(one.status in _SETTLED for one in test)

    @property
    def active(self) -> bool:
        """Whether the status page shows that sync worked of late."""
        found = self.by_id(organisation.ACTIVITY)
        return found is not None and found.status is Status.PASS


def answer(
    findings: Sequence[Finding],
    now: datetime,
    *,
    last_worked: datetime | None = None,
    since: Since | None = None,
    roster: Roster = Roster(),  # noqa: B008 - frozen
    api_left: int | None = None,
    never_erred: bool = False,
) -> Answer:
    """`findings` are those of the organisation's checks, with the Google steps of one user; `last_worked` is the newest
    sync activity that the page shows; `api_left` how many API calls are left where they are nearly used up;
    `never_erred` whether the error report was read whole and holds no error."""
    case = _Case(findings, now, last_worked, since, roster, api_left, never_erred)
    status, sentence, deciding = next(said for say in _SAYINGS if (said := say(case)) is not None)
    why = "" if last_worked is not None else _unseen(case)
    return Answer(status, sentence, deciding, last_worked, why)


def _unseen(case: _Case) -> str:
    """Why the last sync activity is not known."""
    found = case.by_id(organisation.ACTIVITY) or _page(case)
    return found.summary if found is not None else _("The status page was not asked.")


def _page(case: _Case) -> Finding | None:
    """What came of reading the page: what it shows may have closed the gate before the last sync activity."""
    rows = [finding for finding in case.findings if finding.id.startswith(organisation.PAGE)]
    return next((row for row in rows if row.status not in _SETTLED), rows[0] if rows else None)


_Said = tuple[Status, str, Finding | None]


def _broken(case: _Case) -> _Said | None:
    """A fault of the whole organisation, the first by the order of causes; of one side where the other one passes."""
    fails = [finding for finding in case.findings if finding.status is Status.FAIL and _of_all(finding)]
    causes = causes_in_order(finding.cause for finding in fails)
    first = next((one for cause in causes for one in fails if one.cause == cause), fails[0] if fails else None)
    if first is None:
        return None
    if first.cause == _UNLINKED and case.last_worked is None and case.never_erred:
        return Status.FAIL, _("Nobody syncs here yet: {fault}").format(fault=first.summary), first
    hit = {side for side in SIDES for one in fails if one.id.endswith(f".{side}")}
    beyond = any(not one.id.endswith(SIDES) for one in fails)
    well = [side for side in SIDES if case.passes(side)]
    side = next(iter(hit)) if len(hit) == 1 and well and not beyond else None
    sentence = _(_BROKEN[side]).format(fault=first.summary)
    if case.last_worked is not None and abs(case.now - case.last_worked) < EVIDENTLY_ALIVE:
        sentence += " " + _("Yet there was sync activity in the last two hours: it may have only just begun.")
    return Status.FAIL, sentence, first


def _of_all(finding: Finding) -> bool:
    """Whether what failed concerns everybody: a cause of the organisation, or Salesforce's own connection test."""
    if finding.phase is Phase.STATUS:
        return False
    shared = finding.cause in FACTS and FACTS[finding.cause].shared if finding.cause else False
    return shared or finding.id.startswith(f"{guided.GUIDED}.")


def _many_err(case: _Case) -> _Said | None:
    """No test fails, yet at least half of the people met an error since the errors jumped."""
    people = case.roster.assigned or case.roster.active
    if case.since is None or case.since.course is not Course.JUMP or not people or case.since.people * 2 < people:
        return None
    sentence = _(
        "Perhaps broken for everybody: no test fails, but {n} of {people} people have had an error since the errors"
        " jumped."
    )
    return Status.WARN, sentence.format(n=figures.number(case.since.people), people=figures.number(people)), None


def _budget(case: _Case) -> _Said | None:
    if case.api_left is None or not (case.active or case.passes()):
        return None
    sentence = _("Not broken for everybody, but the day's API calls are nearly used up: {n} are left.")
    return Status.WARN, sentence.format(n=figures.number(case.api_left)), None


def _works(case: _Case) -> _Said | None:
    if not (case.active and case.passes()):
        return None
    sentence = _("Not broken for everybody: the connection test passes, and sync was active in the last 24 hours.")
    return Status.PASS, sentence, case.by_id(organisation.ACTIVITY)


def _active(case: _Case) -> _Said | None:
    if not case.active:
        return None
    sentence = _("Not broken for everybody: sync was active in the last 24 hours. The connection is not tested: {why}")
    untested = _untested(case)
    return Status.WARN, sentence.format(why=_why(untested)), untested


def _passes(case: _Case) -> _Said | None:
    if not case.passes():
        return None
    sentence = _("Perhaps not broken for everybody: the connection test passes, but when sync last worked is unknown.")
    return Status.UNKNOWN, sentence, case.by_id(organisation.ACTIVITY) or _page(case)


def _unknown(case: _Case) -> _Said:
    untested = _untested(case) or _page(case)
    return Status.UNKNOWN, _("Not known whether it is broken for everybody: {why}").format(why=_why(untested)), untested


def _untested(case: _Case) -> Finding | None:
    """What kept the connection test from an answer."""
    return next((finding for finding in case.test() if finding.status not in _SETTLED), None)


def _why(untested: Finding | None) -> str:
    if untested is None:
        return _("no user of an active configuration is known to test with.")
    if untested.status is Status.FAIL:
        return _("the Google account of the user tested with has a fault of its own.")
    return untested.summary


_SAYINGS: tuple[Callable[[_Case], _Said | None], ...] = (
    _broken,
    _many_err,
    _budget,
    _works,
    _active,
    _passes,
    _unknown,
)
