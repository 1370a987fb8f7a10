"""The triage of a saved or pasted status page, without a login: the same checks and verdict, as far as they go.

Nothing is asked of Salesforce or Google. What only they could say is unknown, with that reason; a page that shows a
fault is enough for a verdict all the same (verdict.md, rule 4 before rule 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from tui.config import SalesforceSettings, Settings
from tui.model import (
    CheckResult,
    Finding,
    Org,
    PageReading,
    Phase,
    Product,
    RowKind,
    ServiceError,
    Status,
    User,
)
from tui.salesforce import links
from tui.salesforce.saved import file
from tui.salesforce.status_page import LARGEST, read_page
from tui.triage import engine, story
from tui.triage.checks import declaration, run, status_page
from tui.triage.checks.access import LOGIN
from tui.triage.checks.facts import OrgFacts, UserFacts, told
from tui.triage.checks.organisation import PAGE as ORGANISATION
from tui.triage.engine import Check
from tui.triage.verdict import judge as judged
from tui.words import _

SOURCE = "saved"
_USER_TABLES = frozenset({"configSetup", "userContacts", "userEvents"})
_ID = re.compile(r"005[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?")
_NO_LOGIN = {"reason": "no login"}
# Checks that look at nothing but the page and the declaration.
_OF_THE_PAGE = frozenset(
    {
        ORGANISATION,
        status_page.LINK,
        status_page.SYNC_STATUS,
        status_page.RESET_STATE,
        declaration.ASSIGNMENT,
        declaration.DATA_SET,
    }
)


def load(path: Path, settings: Settings | None) -> PageReading:
    """The page in that file. Raises FileProblem for a file that is no text, or no Lightning Sync Status page."""
    text = file.text_of(path, file.read(path, LARGEST * 4))
    return read(text, settings, lambda reason: file.problem(path, reason, damaged=True))


def pasted(text: str, settings: Settings | None) -> PageReading:
    """The page in a text that was pasted. Raises FileProblem."""
    return read(text, settings, lambda reason: file.FileProblem(f"{reason}."))


def read(text: str, settings: Settings | None, problem: Callable[[str], Exception]) -> PageReading:
    """The page in that text; raises what `problem` makes of the reason why it is none.

    When the page was saved is not known, so its times say nothing that is certain: they are left aside."""
    labels = settings.salesforce.labels if settings else {}
    reading = read_page(text, labels=labels, source=SOURCE)
    if reading.problem:
        hint = _(
            "In Setup the page is in a frame: open the frame alone and save it, or mark all of its text and copy it"
        )
        raise problem(f"{reading.problem.rstrip('.')}. {hint}")
    rows = (replace(row, time=None) for row in reading.rows)
    return replace(reading, rows=tuple(rows), can_check=False, can_reset=False)


class ByHand:
    """Stands where the page's client would: it answers with the reading that an admin gave."""

    def __init__(self, reading: PageReading) -> None:
        self._reading = reading

    async def organisation(self) -> PageReading:
        return self._reading

    async def status(self, _user: User) -> PageReading:
        return self._reading


async def judge(
    reading: PageReading, query: str, settings: Settings | None, *, reported: bool, now: datetime
) -> CheckResult:
    """The page judged for the person named by `query`, or by itself where `query` is empty."""
    user = _user(reading, query)
    facts = UserFacts(_organisation(reading, settings, now), user)
    checks = [_without_login(check, reading) for check in run.checks_for(facts.org)]
    found = await engine.run_checks(checks, facts, lambda _step, _finding: None, explain=_explain)
    findings = sorted(found, key=lambda finding: run.RANK[finding.phase])
    judgement = judged(findings, reported=reported, open_errors=(), history=run.NO_HISTORY, now=now)
    query = query or user.name
    return CheckResult(
        query=query,
        user=user,
        product=Product.LIGHTNING_SYNC,
        reported=reported,
        judgement=judgement,
        steps=tuple(findings),
        checked_at=now,
        sentence=story.sentence(judgement, findings, user, query),
        story=story.story(judgement, findings),
        not_tested=(*_limits(reading, user, query), _not_asked(checks, findings), *_rest(findings)),
    )


def _user(reading: PageReading, query: str) -> User:
    """The person, as far as the page and the argument name them. An address or id says nothing of the page's name."""
    said = query.strip()
    address, identifier = said if "@" in said else "", said if _ID.fullmatch(said) else ""
    name = said if said and not address and not identifier else reading.shown_name or said
    return User(identifier, name, address, address, True, raw_name=name)


def _not_asked(checks: Sequence[Check[UserFacts]], findings: Sequence[Finding]) -> str:
    missing = {finding.id for finding in findings if finding.evidence == _NO_LOGIN}
    titles = "; ".join(_(check.title) for check in checks if check.id in missing)
    return _("Not asked, as there is no login: {steps}.").format(steps=titles)


def _rest(findings: Sequence[Finding]) -> tuple[str, ...]:
    return story.unsettled([one for one in findings if one.evidence != _NO_LOGIN and one.id != LOGIN])


def _limits(reading: PageReading, user: User, query: str) -> list[str]:
    told_limits = [
        _("Only a saved page was read: neither Salesforce nor Google was asked, and how old the page is is not known."),
        _("Not known: whether another user has the same full name; the page would answer about either."),
    ]
    if reading.shown_name is None:
        told_limits.append(_("The page names nobody: that it is about {query} rests on your word.").format(query=query))
    elif user.name == reading.shown_name and user.name != query:
        told_limits.append(
            _("The page is about {name}: that this is {query} rests on your word.").format(
                name=reading.shown_name, query=query
            )
        )
    return told_limits


# ---- checks without a login --------------------------------------------------------------------------------------


class _NoLoginError(ServiceError):
    def __init__(self) -> None:
        super().__init__("", _("no login"))


class _Nobody:
    """Stands where the clients would: every question is answered with "no login"."""

    server_now = None

    def __init__(self, reading: PageReading, settings: Settings | None) -> None:
        self._reading = reading
        self._settings = settings

    def link(self, name: str, *, id: str = "") -> str:  # noqa: A002 - as the client's
        settings = self._settings
        return links.address(name, settings.salesforce.domain, settings.links, id=id) if settings else ""

    async def organisation(self) -> PageReading:
        return self._reading

    def __getattr__(self, name: str) -> Any:
        async def refuse(*_arguments: object) -> Any:
            raise _NoLoginError

        return refuse


def _organisation(reading: PageReading, settings: Settings | None, now: datetime) -> OrgFacts:
    nobody = cast(Any, _Nobody(reading, settings))
    nowhere = settings or Settings(
        Path(), SalesforceSettings.model_construct(domain="", login_url="", audience="", labels={})
    )
    org = Org("", "", "", False, False, nowhere.salesforce.domain, "", "")
    return OrgFacts(org, nowhere, nobody, nobody, None, nobody, lambda: now)


def _without_login(check: Check[UserFacts], reading: PageReading) -> Check[UserFacts]:
    if check.id in _OF_THE_PAGE:
        return check

    async def refuse(_facts: UserFacts) -> Sequence[Finding]:
        raise _NoLoginError

    async def login(_facts: UserFacts) -> Sequence[Finding]:
        return [told(LOGIN, Phase.ACCESS, Status.SKIP, _("No login: a saved page is judged."))]

    async def page(facts: UserFacts) -> Sequence[Finding]:
        return [_accepted(facts, reading)]

    return replace(check, run={LOGIN: login, status_page.PAGE: page}.get(check.id, refuse))


def _accepted(facts: UserFacts, reading: PageReading) -> Finding:
    shown = any(row.table in _USER_TABLES and row.kind is not None for row in reading.rows)
    if shown or reading.first(RowKind.ASSIGNED):
        return status_page.accept(facts, reading)
    summary = _("The saved page shows no rows of a user: type the name, press Check Status, and save it then.")
    return told(status_page.PAGE, Phase.STATUS, Status.UNKNOWN, summary, required=True)


def _explain(check: Check[UserFacts], error: Exception) -> Finding:
    if not isinstance(error, _NoLoginError):
        return engine.own_failure(check, error)
    summary = _("{title}: not asked, there is no login.").format(title=_(check.title))
    return told(check.id, check.phase, Status.UNKNOWN, summary, _NO_LOGIN, required=check.required)
