"""The organisation, as the doctor sees it: whether it lets us in, what can be read, what our assumptions rest on."""

from __future__ import annotations

from dataclasses import dataclass

from tui import figures
from tui.model import ErrorReport, Org, Overview, PageReading, Readable, ServiceError, Status, User
from tui.salesforce.report import ReportInfo
from tui.terms import ORG_KIND
from tui.triage.doctor.facts import Fact, Group, fact
from tui.triage.overview import find_samples
from tui.triage.session import Session
from tui.words import _

_READABLE = {
    Readable.READABLE: Status.PASS,
    Readable.NOT_WITH_THESE_RIGHTS: Status.WARN,
    Readable.ONLY_IN_SETUP: Status.SKIP,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was asked once, for all the assumptions to be judged by. A ServiceError stands where it was refused; `page`
    and `person` are readings of the status page, `person` None where there was nobody to ask about."""

    versions: list[str] | ServiceError
    org: Org | ServiceError
    scopes: frozenset[str] = frozenset()
    overview: Overview | None = None
    report: ReportInfo | ServiceError | None = None
    errors: ErrorReport | ServiceError | None = None
    page: PageReading | ServiceError | None = None
    person: PageReading | ServiceError | None = None
    api_only: bool | None = None
    people: tuple[User, ...] = ()


async def look(session: Session) -> Seen:
    """Ask everything, each thing once; nothing is raised for a refusal."""
    try:
        org: Org | ServiceError = await session.connect()
    except ServiceError as error:
        org = error
    try:
        versions: list[str] | ServiceError = await session.salesforce.versions()
    except ServiceError as error:
        versions = error
    if isinstance(org, ServiceError):
        return Seen(versions, org)
    try:
        overview = await session.overview()
    except ServiceError as error:  # it was let in a moment ago
        return Seen(versions, error)
    report, errors = await _report(session, overview)
    people = await _people(session, org, errors)
    page, person = await _page(session, people)
    return Seen(
        versions,
        org,
        session.salesforce.scopes,
        overview,
        report,
        errors,
        page,
        person,
        await _api_only(session),
        tuple(people),
    )


async def _report(session: Session, overview: Overview) -> tuple[ReportInfo | ServiceError, ErrorReport | ServiceError]:
    try:
        info = await session.salesforce.report()
    except ServiceError as error:
        return error, error
    try:
        return info, overview.report or await session.errors()
    except ServiceError as error:
        return info, error


async def _people(session: Session, org: Org, errors: ErrorReport | ServiceError) -> list[User]:
    """Whom to ask the status page about: somebody of a configuration, somebody with an error, else the acting user;
    nobody whose name another user has, too."""
    ids = [] if isinstance(errors, ServiceError) else [row.user_id for row in errors.rows[:20] if row.user_id]
    try:
        found = await find_samples(session)
        found += await session.salesforce.users_by_ids(list(dict.fromkeys(ids))[:3])
        found += await session.salesforce.users_by_ids([org.acting_user_id])
        named = await session.salesforce.users_by_names([user.raw_name or user.name for user in found])
    except ServiceError:
        return []
    names = [user.name.casefold() for user in named]
    unique = {user.id: user for user in found if names.count(user.name.casefold()) == 1}
    return list(unique.values())


async def _page(
    session: Session, people: list[User]
) -> tuple[PageReading | ServiceError, PageReading | ServiceError | None]:
    page = session.salesforce.page()
    try:
        reading = await page.organisation()
    except ServiceError as error:
        return error, None
    if not people:
        return reading, None
    try:
        return reading, await page.status(people[0])
    except ServiceError as error:
        return reading, error


async def _api_only(session: Session) -> bool | None:
    """Whether the acting user is one for the API only; None where that cannot be read."""
    try:
        return (await session.salesforce.more_rights()).get("ApiUserOnly")
    except ServiceError:
        return None


def facts(seen: Seen) -> list[Fact]:
    """The login, and every capability."""
    title = _("Login to Salesforce")
    if isinstance(seen.org, ServiceError):
        error = seen.org
        known = dict(error.evidence)
        asked = str(known.pop("asked", ""))
        answered = {"cause": error.cause, "code": error.code, "evidence": known}
        return [fact(Group.ORG, "login", Status.FAIL, title, error.message, asked, **answered)]
    org, overview = seen.org, seen.overview
    told = _("Salesforce lets us in: {org} ({kind}) as {user}.")
    told = told.format(org=org.name, kind=_(ORG_KIND[org.kind]), user=org.acting_user)
    found = [
        fact(
            Group.ORG,
            "login",
            Status.PASS,
            title,
            told,
            "/services/oauth2/token, Organization, User",
            organisation=org.id,
            instance=org.instance,
            edition=org.edition,
            locale=org.locale,
            time_zone=org.time_zone,
            scopes=sorted(seen.scopes),
        )
    ]
    if overview is None:
        return found
    found += [
        fact(Group.ORG, one.id, _READABLE[one.status], one.id, one.summary, answered=one.status.value)
        for one in overview.capabilities
    ]
    if overview.api_used is not None and overview.api_limit:
        told = _("{used} of {limit} of the day used; bulk work stops at {stop}; made by this run: {calls}.").format(
            used=figures.number(overview.api_used),
            limit=figures.number(overview.api_limit),
            stop=figures.number(overview.api_stops_at or 0),
            calls=", ".join(f"{name} {figures.number(calls)}" for name, calls in sorted(overview.calls.items())) or "-",
        )
        found.append(
            fact(Group.ORG, "api_calls", Status.PASS, _("API calls"), told, "Sforce-Limit-Info, [triage] api_reserve")
        )
    return found
