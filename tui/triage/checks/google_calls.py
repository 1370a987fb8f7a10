"""The connection test of one user at Google: a token per scope, then one harmless call per side.

Calendar and contacts are judged apart, as Salesforce's own test judges them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from tui.model import Finding, Phase, ServiceError, Status
from tui.triage.checks import guided
from tui.triage.checks.facts import UserFacts, told
from tui.triage.checks.google_key import google_refused, not_configured, tried
from tui.words import _

CALENDAR, CONTACTS = "calendar", "contacts"
DIRECTORY = "google.directory"
UNAUTHORISED = "google.delegation.unauthorized"
SCOPE_MISSING = "google.delegation.scope_missing"
ALIAS = "google.user.alias"
SUSPENDED = "google.user.suspended"
_ASK_DIRECTORY = frozenset({"google.user.unknown", "google.calendar.off"})


def token_step(side: str) -> str:
    """The id of the step that asks for a side's tokens."""
    return f"google.token.{side}"


def call_step(side: str) -> str:
    """The id of the step that calls a side's API."""
    return f"google.call.{side}"


async def token(facts: UserFacts, side: str) -> Sequence[Finding]:
    """Google lets the key act for this user, in every scope of this side."""
    return [await _asked(facts, side, token_step(side), partial(_token, facts, side))]


async def call(facts: UserFacts, side: str) -> Sequence[Finding]:
    """With that token, Google's API of this side answers for this user."""
    behind = facts.google_steps.get(token_step(side))
    if behind is not None and behind.status is Status.UNKNOWN:
        # No gate is closed by what is unknown, but without a token there is nothing to call with: the same reason.
        finding = replace(behind, id=call_step(side), evidence={**behind.evidence, "behind": behind.id}, ms=0)
        return [finding]
    return [await _asked(facts, side, call_step(side), partial(_CALLS[side], facts))]


async def _asked(facts: UserFacts, side: str, step: str, run: Callable[[], Awaitable[Finding]]) -> Finding:
    if not facts.syncs(side):
        configuration = facts.assignment.configuration
        name = configuration.name if configuration else ""
        summary = _("The configuration “{name}” does not sync this side.").format(name=name)
        finding = told(step, Phase.CONNECTION, Status.SKIP, summary)
    elif facts.org.google is None and guided.step_of(side) in facts.guided:
        summary = _("Salesforce's own connection test covers it.")
        finding = told(step, Phase.CONNECTION, Status.SKIP, summary)
    elif facts.org.google is None:
        finding = not_configured(step, required=True)
    else:
        finding = await facts.org.repeats.ask(facts, step, facts.domain, run)
    facts.google_steps[step] = finding
    return finding


# ---- tokens ------------------------------------------------------------------------------------------------------


def _scopes(facts: UserFacts) -> Mapping[str, Sequence[str]]:
    google = facts.org.settings.google
    return {str(side): scopes for side, scopes in google.scopes.items()} if google else {}


async def _outcomes(facts: UserFacts, scopes: Sequence[str]) -> dict[str, ServiceError | None]:
    async def one(scope: str) -> ServiceError | None:
        try:
            await facts.token(scope)
        except ServiceError as error:
            return error
        return None

    return dict(zip(scopes, await asyncio.gather(*map(one, scopes)), strict=True))


async def _token(facts: UserFacts, side: str) -> Finding:
    step, scopes = token_step(side), _scopes(facts).get(side, ())
    evidence = {"user": facts.user.email, "scopes": list(scopes)}
    outcomes = await _outcomes(facts, scopes)
    errors = {scope: error for scope, error in outcomes.items() if error is not None}
    if not scopes:
        summary = _("The config file names no scope for this side, so it could not be tested.")
        return told(step, Phase.CONNECTION, Status.UNKNOWN, summary, required=True)
    if not errors:
        summary = _("Google lets the key act for this user ({side}).").format(side=side_name(side))
        return told(step, Phase.CONNECTION, Status.PASS, summary, evidence | tried(facts.org))
    error = next(iter(errors.values()))
    cause, more = await _explained(facts, error)
    if cause == UNAUTHORISED:
        cause, more = await _compared(facts)
    known = {**evidence, "scope": ", ".join(errors), "refused": list(errors), **more}
    return google_refused(facts, step, error, cause=cause, required=True, evidence=known)


async def _compared(facts: UserFacts) -> tuple[str, dict[str, Any]]:
    """Which of the two it is: no scope is granted, or some are. Every configured scope is asked, only to tell; all of
    them are what the delegation needs."""
    scopes = list(dict.fromkeys(scope for side in _scopes(facts).values() for scope in side))
    outcomes = await _outcomes(facts, scopes)
    granted = [scope for scope, error in outcomes.items() if error is None]
    refused = [scope for scope, error in outcomes.items() if error is not None]
    return SCOPE_MISSING if granted else UNAUTHORISED, {"granted": granted, "missing": refused, "scopes": scopes}


async def _explained(facts: UserFacts, error: ServiceError) -> tuple[str, dict[str, Any]]:
    """A refusal that concerns the person, told apart by the Directory where the config names an admin for it."""
    google = facts.org.settings.google
    if error.cause not in _ASK_DIRECTORY or google is None or not google.admin:
        return error.cause, {}
    try:
        found = await facts.directory()
    except ServiceError as problem:
        return error.cause, {"directory": problem.message}
    if found is None:
        return error.cause, {"directory": _("The Directory knows no such user.")}
    seen = {"primary_email": found.primary_email, "suspended": found.suspended, "archived": found.archived}
    if found.suspended or found.archived:
        return SUSPENDED, seen
    if not _same(found.primary_email, facts.user.email):
        return ALIAS, seen
    return error.cause, seen


# ---- calls -------------------------------------------------------------------------------------------------------


async def _calendar(facts: UserFacts) -> Finding:
    step = call_step(CALENDAR)
    evidence: dict[str, Any] = {"user": facts.user.email}
    try:
        answer = await facts.google.calendar(await facts.token(_scopes(facts)[CALENDAR][0]))
    except ServiceError as error:
        return await _call_refused(facts, step, error, evidence)
    evidence |= {"calendar": answer.id, "access_role": answer.access_role, "via": answer.via, **tried(facts.org)}
    if "@" in answer.id and not _same(answer.id, facts.user.email):
        alias = ServiceError(ALIAS, _("The calendar answers to another address than the user's."))
        known = {**evidence, "primary_email": answer.id}
        return google_refused(facts, step, alias, required=True, evidence=known)
    summary = _("Google Calendar answers for this user.")
    return told(step, Phase.CONNECTION, Status.PASS, summary, evidence)


async def _contacts(facts: UserFacts) -> Finding:
    step = call_step(CONTACTS)
    evidence: dict[str, Any] = {"user": facts.user.email}
    try:
        groups = await facts.google.contacts(await facts.token(_scopes(facts)[CONTACTS][0]))
    except ServiceError as error:
        return await _call_refused(facts, step, error, evidence)
    summary = _("Google Contacts answers for this user.")
    return told(step, Phase.CONNECTION, Status.PASS, summary, {"groups": groups, **evidence, **tried(facts.org)})


_CALLS: dict[str, Callable[[UserFacts], Awaitable[Finding]]] = {CALENDAR: _calendar, CONTACTS: _contacts}


async def _call_refused(facts: UserFacts, step: str, error: ServiceError, evidence: Mapping[str, Any]) -> Finding:
    cause, more = await _explained(facts, error)
    return google_refused(facts, step, error, cause=cause, required=True, evidence={**evidence, **more})


# ---- the Directory -----------------------------------------------------------------------------------------------


async def directory(facts: UserFacts) -> Sequence[Finding]:
    """What the Directory says: asked where a refusal calls for it, and for one person, who is shown beside the
    Salesforce user. Optional: it needs a scope that the sync does not, so a refusal of it breaks nothing."""
    google = facts.org.settings.google
    if google is None or not google.admin:
        summary = _("No admin for the Directory is configured.")
        return [told(DIRECTORY, Phase.CONNECTION, Status.SKIP, summary)]
    works = any(step.status is Status.PASS for step in facts.google_steps.values())
    if not facts.directory_asked and not (works and len(facts.org.users) == 1):
        return [told(DIRECTORY, Phase.CONNECTION, Status.SKIP, _("The Directory was not needed."))]
    try:
        found = await facts.directory()
    except ServiceError as error:
        known = {"error": error.message, "code": error.code, "http_status": error.status, **error.evidence}
        summary = _("The Directory could not be asked: {problem}").format(problem=error.message)
        return [told(DIRECTORY, Phase.CONNECTION, Status.UNKNOWN, summary, known)]
    if found is None:
        summary = _("The Directory knows no user with this address.")
        return [told(DIRECTORY, Phase.CONNECTION, Status.WARN, summary, {"address": facts.user.email})]
    evidence = {
        "primary_email": found.primary_email,
        "name": found.name,
        "aliases": list(found.aliases),
        "suspended": found.suspended,
        "archived": found.archived,
    }
    summary = _("The Directory knows this user as {address}.").format(address=found.primary_email)
    return [told(DIRECTORY, Phase.CONNECTION, Status.PASS, summary, evidence)]


def side_name(side: str) -> str:
    """A side as a person reads it."""
    return _("calendar") if side == CALENDAR else _("contacts")


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
