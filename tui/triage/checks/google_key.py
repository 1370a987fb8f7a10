"""Our copy of the Google key: readable, alive, and the clock it is used by. It proves our key, never Salesforce's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tui.model import Finding, Phase, ServiceError, Status
from tui.triage.checks.facts import OrgFacts, UserFacts, caused, refused, told
from tui.triage.verdict import overrule_key_refusal
from tui.words import _

KEY = "google.key"
ACCOUNT = "google.token.service_account"
CLOCK = "google.clock"
MOST_SKEW = timedelta(seconds=30)


def tried(facts: OrgFacts) -> dict[str, Any]:
    """Which key was tried: its id and its service account, as far as the key could be read."""
    google = facts.google
    if google is None:
        return {}
    try:
        return {"key_id": google.key_id, "service_account": google.account, "client_id": google.client_id}
    except (ServiceError, AttributeError, KeyError):
        return {}


def not_configured(step: str, *, required: bool) -> Finding:
    """What a Google step finds where the config file has no [google] section."""
    summary = _(
        "The config file has no [google] section, so this was not tested here. Use the Test button on Salesforce's "
        "Gmail Integration and Sync page: it answers once for contacts and once for the calendar."
    )
    return told(step, Phase.CONNECTION, Status.UNKNOWN, summary, required=required)


def google_refused(
    facts: OrgFacts | UserFacts,
    step: str,
    error: ServiceError,
    *,
    cause: str | None = None,
    required: bool,
    evidence: Mapping[str, Any],
) -> Finding:
    """The finding for what Google refused, with the key that was tried.

    A refusal of our key while the organisation evidently syncs is unknown: Salesforce then holds another key."""
    org = facts if isinstance(facts, OrgFacts) else facts.org
    name = cause or error.cause
    known = {**tried(org), **evidence}
    if not overrule_key_refusal(name, org.last_activity, org.clock()):
        return refused(facts, step, Phase.CONNECTION, error, cause=name, required=required, evidence=known)
    known["why_not_a_fail"] = _(
        "The organisation synced less than two hours ago, so Salesforce evidently holds another key than this one."
    )
    known["last_activity"] = org.last_activity
    return refused(
        facts, step, Phase.CONNECTION, error, cause=name, status=Status.UNKNOWN, required=required, evidence=known
    )


async def key(facts: OrgFacts) -> Sequence[Finding]:
    """The key file of the config can be read, and its private key can sign."""
    if facts.google is None:
        return [not_configured(KEY, required=False)]
    try:
        facts.google.load_key()
    except ServiceError as error:
        return [google_refused(facts, KEY, error, required=False, evidence={})]
    summary = _("The Google key of the config file can be read; Salesforce's own copy cannot be seen from here.")
    return [told(KEY, Phase.CONNECTION, Status.PASS, summary, tried(facts))]


async def service_account(facts: OrgFacts) -> Sequence[Finding]:
    """Google accepts the key for the service account itself: this separates a bad key from a bad delegation.

    Any one scope will do for that, so a misspelt one is left to the side that it belongs to."""
    if facts.google is None or facts.settings.google is None:
        return [not_configured(ACCOUNT, required=False)]
    scopes = [scope for side in facts.settings.google.scopes.values() for scope in side]
    error = ServiceError("google.scope.invalid", _("No scope is configured."))
    for scope in scopes:
        try:
            await facts.google.token(scope, None)
        except ServiceError as problem:
            error = problem
            if problem.cause != "google.scope.invalid":
                break
        else:
            summary = _("Google accepts the key for the service account.")
            return [told(ACCOUNT, Phase.CONNECTION, Status.PASS, summary, {"scope": scope, **tried(facts)})]
    return [google_refused(facts, ACCOUNT, error, required=False, evidence={"scopes": scopes})]


async def clock(facts: OrgFacts) -> Sequence[Finding]:
    """Our host's clock against Google's Date header: assertions of a wrong clock are refused."""
    offset = facts.google.clock_offset if facts.google else None
    if offset is None:
        return [told(CLOCK, Phase.CONNECTION, Status.SKIP, _("Google gave no time to compare our clock with."))]
    seconds = round(offset.total_seconds())
    if abs(offset) > MOST_SKEW:
        return [
            caused(facts, CLOCK, Phase.CONNECTION, "google.clock.skew", {"seconds": seconds, "offset_seconds": seconds})
        ]
    summary = _("Our clock agrees with Google's (within {seconds} s).").format(seconds=abs(seconds) or 1)
    return [told(CLOCK, Phase.CONNECTION, Status.PASS, summary, {"offset_seconds": seconds})]
