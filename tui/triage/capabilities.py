"""What can be read in this organisation, each thing probed: readable, not with these rights, or only in Setup.

Nothing here fails because one right is missing: what a service refuses is said in its own words (design.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from tui import figures
from tui.model import Capability, Finding, Readable, ServiceError, SetupChange, Status, User
from tui.triage import proof
from tui.triage.checks import errors, setup
from tui.triage.checks.facts import OrgFacts
from tui.words import N_, _, ngettext

if TYPE_CHECKING:
    from tui.google.client import Google
    from tui.triage.session import Session

OLD_KEY = timedelta(days=365)
"""Google asks to change keys; what age is too old is for the company to say, so ours only adds a word to it."""


@dataclass(frozen=True, slots=True)
class Able:
    """What was found out: the capabilities, in a fixed order, and what one of them read on its way."""

    capabilities: tuple[Capability, ...]
    changes: tuple[SetupChange, ...] | None


@dataclass(frozen=True, slots=True)
class _Known:
    """A capability that a check has probed already: readable where that check found anything out."""

    id: str
    step: str
    what: str


_BY_CHECK = (
    _Known("error_report", errors.REPORT, N_("The error report")),
    _Known("sync_switch", setup.SYNC, N_("The switches of the organisation (Metadata API)")),
    _Known("remote_sites", setup.REMOTE_SITE, N_("Remote sites (Tooling API)")),
)
_ONLY_IN_SETUP = (
    ("configurations", N_("Configurations, their assignments and data sets: declared in the config file.")),
    ("salesforce_key", N_("The key that Salesforce holds: its own Test button proves it.")),
)

Probe = Callable[["Session"], Awaitable[str]]
"""Reads one thing and says what it read ("" for nothing worth adding). Raises ServiceError where it is closed."""


class _NotHere(Exception):  # noqa: N818 - reads as what happened
    """It cannot be read, for a reason that is no refusal: the text says which."""


async def probe(session: Session, facts: OrgFacts, by_id: Mapping[str, Finding]) -> Able:
    """Every capability, probed side by side. Raises ServiceError only where there is no login."""
    await session.connect()
    trail: list[SetupChange] | None = []

    async def audit(session: Session) -> str:
        nonlocal trail
        trail = None
        found = await session.salesforce.changes()
        trail = list(found.changes)
        told = ngettext(
            "{n} change about the sync in half a year", "{n} changes about the sync in half a year", len(trail)
        )
        told = told.format(n=len(trail))
        return _("{changes} (older ones were not read)").format(changes=told) if found.cut else told

    probes: tuple[tuple[str, str, Probe], ...] = (
        ("frozen", N_("Who is frozen"), _frozen),
        ("event_rights", N_("Rights on events"), _event_rights),
        ("audit_trail", N_("The Setup audit trail"), audit),
        ("my_rights", N_("The acting user's rights"), _my_rights),
        ("licences", N_("Licences of Einstein Activity Capture"), _licences),
        ("eac_settings", N_("The switches of Einstein Activity Capture (Metadata API)"), _eac),
        ("directory", N_("Google's Directory"), _directory),
        ("google_scopes", N_("The scopes that Google granted (tokeninfo)"), partial(_scopes, people=facts.users)),
        ("google_certificates", N_("The public keys of the service account"), _certificates),
        ("clock", N_("Our clock"), _clock),
    )
    # the page opens a session of its own; the clock is told by the other answers, so it comes last
    report, *others = (_by_check(known, by_id) for known in _BY_CHECK)
    first = [await _matched(session, facts, report), *others, await _page(session, facts)]
    asked = await asyncio.gather(*(_asked(session, *one) for one in probes[:-1]))
    closed = [Capability(name, Readable.ONLY_IN_SETUP, _(summary)) for name, summary in _ONLY_IN_SETUP]
    last = await _asked(session, *probes[-1])
    return Able((*first, *asked, last, *closed), None if trail is None else tuple(trail))


async def _asked(session: Session, name: str, what: str, ask: Probe) -> Capability:
    try:
        said = await ask(session)
    except ServiceError as error:
        return _capability(name, _(what), error.message)
    except _NotHere as reason:
        return _capability(name, _(what), str(reason))
    return _capability(name, _(what), said=said)


def _capability(name: str, what: str, problem: str = "", said: str = "") -> Capability:
    if problem:
        return Capability(name, Readable.NOT_WITH_THESE_RIGHTS, figures.pair(what, problem))
    if said:
        return Capability(name, Readable.READABLE, _("{what}: {said}.").format(what=what, said=said))
    return Capability(name, Readable.READABLE, _("{what}.").format(what=what))


def _by_check(known: _Known, by_id: Mapping[str, Finding]) -> Capability:
    finding = by_id[known.step]
    unread = finding.status in (Status.UNKNOWN, Status.SKIP)
    if unread and finding.cause == "salesforce.report.unavailable":  # its sentence names the report
        return Capability(known.id, Readable.NOT_WITH_THESE_RIGHTS, finding.summary)
    return _capability(known.id, _(known.what), finding.summary if unread else "")


async def _matched(session: Session, facts: OrgFacts, report: Capability) -> Capability:
    """The error report, with the columns that were matched, as long as nobody has confirmed that reading here."""
    if report.status is not Readable.READABLE or session.journal.confirmed(facts.org.id, proof.PAGE):
        return report
    columns = ", ".join((await facts.report()).columns.values())
    summary = _("{what}: its columns ({columns}) are matched, not confirmed here.")
    return Capability(report.id, report.status, summary.format(what=_("The error report"), columns=columns))


async def _page(session: Session, facts: OrgFacts) -> Capability:
    """The status page, and whether a reset by page is open here."""
    what = _("The Lightning Sync Status page")
    try:
        reading = facts.organisation or await facts.page.organisation()
    except ServiceError as error:
        return Capability("status_page", Readable.ONLY_IN_SETUP, figures.pair(what, error.message))
    if reading.problem:
        return Capability("status_page", Readable.ONLY_IN_SETUP, figures.pair(what, reading.problem))
    if not session.journal.confirmed(facts.org.id, proof.PAGE):
        summary = _("{what}: not confirmed here, so reset by page is locked.").format(what=what)
        return Capability("status_page", Readable.READABLE, summary)
    return _capability("status_page", what)


# ---- Salesforce ------------------------------------------------------------------------------------------------------


async def _frozen(session: Session) -> str:
    org = await session.connect()
    if not any(user.frozen is not None for user in await session.salesforce.users_by_ids([org.acting_user_id])):
        raise _NotHere(_("UserLogin is closed to this user."))
    return ""


async def _event_rights(session: Session) -> str:
    org = await session.connect()
    if not await session.salesforce.event_rights([org.acting_user_id]):
        raise _NotHere(_("permission sets are closed to this user."))
    return ""


async def _my_rights(session: Session) -> str:
    """Which of the rights that parts of the program need are held, and which are not."""
    held = await session.salesforce.my_rights()
    if not held:
        raise _NotHere(_("permission sets are closed to this user."))
    more = await session.salesforce.more_rights()
    lacking = [name for name, yes in held.items() if not yes]
    told = [_("holds {names}").format(names=", ".join(name for name, yes in held.items() if yes) or "-")]
    if lacking:
        told.append(_("lacks {names}").format(names=", ".join(lacking)))
    if more.get("ApiUserOnly"):
        told.append(_("is an API-only user, for whom no page of Setup opens"))
    told += [name for name, yes in more.items() if yes and name != "ApiUserOnly"]
    return "; ".join(told)


async def _licences(session: Session) -> str:
    found = await session.salesforce.licences()
    if not found:
        return _("none in this organisation")
    line, with_mine = _("{name}: {used} of {total} used"), _("{name}: {used} of {total} used, one by the acting user")
    return "; ".join(
        (with_mine if one.mine else line).format(
            name=one.label or one.name, used=_number(one.used), total=_number(one.total)
        )
        for one in found
    )


def _number(value: int | None) -> str:
    return "?" if value is None else str(value)


async def _eac(session: Session) -> str:
    settings = await session.salesforce.eac_settings()
    on = settings.get("enableActivityCapture")
    if on is None:
        raise _NotHere(_("Salesforce does not say whether it is on."))
    return _("it is on") if on else _("it is off")


# ---- Google ----------------------------------------------------------------------------------------------------------


def _google(session: Session) -> Google:
    if session.google is None:
        raise _NotHere(_("the config file has no [google] section (optional)."))
    return session.google


async def _directory(session: Session) -> str:
    google = session.settings.google
    if session.google is None or google is None or not google.admin:
        raise _NotHere(_("the config file names no admin for it (optional)."))
    await session.google.directory(google.admin)
    return ""


async def _scopes(session: Session, people: Sequence[User]) -> str:
    """What Google says that our tokens carry, one for each configured scope: as the first person for whom it gives
    them, else as the service account itself (which needs no delegation, and is said)."""
    client, settings = _google(session), session.settings.google
    wanted = list(dict.fromkeys(scope for side in settings.scopes.values() for scope in side)) if settings else []
    error: ServiceError | None = None
    for subject in [*(user.email for user in people), None]:
        granted: set[str] = set()
        try:
            for scope in wanted:
                granted.update(await client.granted(await client.token(scope, subject)))
        except ServiceError as refusal:
            error = refusal
            continue
        if lacking := [scope for scope in wanted if scope not in granted]:
            raise _NotHere(_("Google did not grant {scopes}").format(scopes=", ".join(lacking)))
        who = subject or _("the service account itself, which proves no delegation")
        return _("{scopes} as {who}").format(scopes=", ".join(sorted(granted)), who=who)
    raise error or _NotHere(_("no scope is configured."))


async def _certificates(session: Session) -> str:
    """Whether Google publishes the key that we hold, and how old it is. A key that is missing there is said, no more:
    what decides is whether Google accepts it."""
    client = _google(session)
    published = await client.published_keys()
    if not client.key_id:
        return _("{n} published; the key file does not name its own").format(n=len(published))
    if client.key_id not in published:
        return _("key {key} is not among the {n} that Google publishes: it was deleted, or is new").format(
            key=client.key_id, n=len(published)
        )
    since = published[client.key_id]
    if since is None:
        return _("key {key} is published; its age cannot be read").format(key=client.key_id)
    age = session.now() - since
    if age > OLD_KEY:
        return _("key {key} is published, {n} days old, so consider a new one").format(key=client.key_id, n=age.days)
    told = ngettext("key {key} is published, {n} day old", "key {key} is published, {n} days old", age.days)
    return told.format(key=client.key_id, n=age.days)


async def _clock(session: Session) -> str:
    """Our clock against each service's Date header, as far as they answered (which is in whole seconds)."""
    offsets = {}
    if session.google is not None and session.google.clock_offset is not None:
        offsets["Google"] = session.google.clock_offset
    if session.salesforce.clock_offset is not None:
        offsets["Salesforce"] = session.salesforce.clock_offset
    if not offsets:
        raise _NotHere(_("no service gave a time to compare it with."))
    line = _("{seconds} s against {service}")
    return ", ".join(
        line.format(seconds=f"{round(offset.total_seconds()):+d}", service=name) for name, offset in offsets.items()
    )
