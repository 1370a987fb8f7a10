"""What a correct triage finds in the practice organisation: from what was broken, by the rules of the verdict.

A derivation of its own: it shares no code with the triage, so that each can show the other wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tui.sandbox.options import ACCESS
from tui.sandbox.state import OPEN_DAYS, SIDES, TO_GOOGLE, TO_SALESFORCE, Person, SyncConfiguration, World

# The order of causes, as far as Lightning Sync goes.
ORDER: tuple[str, ...] = (
    *ACCESS,
    "salesforce.sync.disabled",
    "salesforce.connection.not_configured",
    "salesforce.connection.remote_site",
    "google.network.unreachable",
    "google.clock.skew",
    "google.key.unreadable",
    "google.key.revoked",
    "google.account.missing",
    "google.account.disabled",
    "google.scope.invalid",
    "google.delegation.unauthorized",
    "google.delegation.scope_missing",
    "google.policy.enforced",
    "google.api.calendar_disabled",
    "google.api.contacts_disabled",
    "google.quota.exceeded",
    "google.service.unavailable",
    "google.user.deleted",
    "google.user.suspended",
    "google.user.unknown",
    "google.user.alias",
    "google.calendar.off",
    "google.error.unclassified",
    "salesforce.connection.no_linked_users",
    "salesforce.connection.stalled",
    "salesforce.user.inactive",
    "salesforce.user.frozen",
    "salesforce.email.duplicate",
    "salesforce.email.mismatch",
    "salesforce.assignment.missing",
    "salesforce.assignment.inactive",
    "salesforce.assignment.direction",
    "salesforce.rights.events",
    "salesforce.link.failed",
    "salesforce.sync.failing",
    "salesforce.page.unrecognised",
    "salesforce.page.no_access",
    "salesforce.report.unavailable",
)
_PLACE = {cause: place for place, cause in enumerate(ORDER)}
_FIRST_OF_STATUS = _PLACE["salesforce.user.inactive"]

# State of a mailbox -> (cause when a token is asked for it, cause when its calendar is read).
MAILBOX: Mapping[str, tuple[str | None, str | None]] = {
    "ok": (None, None),
    "deleted": ("google.user.deleted", None),
    "suspended": ("google.user.suspended", None),
    "suspended_late": (None, "google.user.suspended"),
    "archived": ("google.user.suspended", None),
    "unknown": ("google.user.unknown", None),
    "malformed": ("google.user.unknown", None),
    "impersonation": ("google.user.unknown", None),
    "alias": ("google.user.alias", None),
    "alias_late": (None, "google.user.alias"),
    "calendar_off": (None, "google.calendar.off"),
}

_EVERYTHING_UNKNOWN = {
    "google.network.unreachable",
    "google.clock.skew",
    "google.key.unreadable",
    "google.service.unavailable",
}
_ACCOUNT_FAILS = {"google.key.revoked", "google.account.missing", "google.account.disabled"}
_SIDE_FAILS = {
    "contacts": {"google.delegation.scope_missing", "google.api.contacts_disabled"},
    "events": {"google.api.calendar_disabled"},
}
_TOKENS_FAIL = {"google.delegation.unauthorized", "google.policy.enforced"}
_PAGE_SKIPPED = {
    "salesforce.sync.disabled",
    "salesforce.connection.not_configured",
    "salesforce.connection.no_linked_users",
}
_PAGE_UNKNOWN = {"salesforce.page.unrecognised", "salesforce.page.no_access"}
_ORG_FAILS = _PAGE_SKIPPED | {"salesforce.connection.remote_site", "salesforce.connection.stalled"}


@dataclass(slots=True)
class _Facts:
    """What the checks of one person come to. `unknown` holds required facts only: their cause, or None."""

    fails: set[str] = field(default_factory=set)
    unknown: set[str | None] = field(default_factory=set)
    waits: bool = False
    support: bool = False
    open_errors: bool = False


def expected(world: World, person: Person, now: datetime) -> dict[str, Any]:
    """The entry of one user in world.json: verdict, causes, and what a reset would lead to."""
    verdict, causes = _judge(world, person, now)
    after: dict[str, Any] | None = None
    if verdict == "reset" and _unique(world, person):
        after = {"verdict": "no_fault_found" if person.reset_helps else "contact_support", "causes": []}
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "verdict": verdict,
        "causes": causes,
        "after_reset": after,
    }


def whole(world: World, now: datetime) -> dict[str, Any]:
    """The content of world.json. The organisation's own verdict is that of its admin, who is well, syncs both contacts
    and events, and has no open error."""
    verdict, causes = _judge(world, world.admin, now)
    return {
        "org": {"verdict": verdict, "causes": causes},
        "errors": len(world.errors),
        "users": [expected(world, person, now) for person in world.people],
    }


def _judge(world: World, person: Person, now: datetime) -> tuple[str, list[str]]:
    if world.scenario in ACCESS:
        return "undetermined", [world.scenario]
    facts = _Facts()
    declared = _declared(world, person)
    if world.scenario in _ORG_FAILS:
        facts.fails.add(world.scenario)
    _google(world, person, declared, facts)
    _user(world, person, declared, facts)
    _page(world, person, facts, now)
    if world.scenario == "salesforce.report.unavailable":
        facts.unknown.add(world.scenario)
    else:
        oldest = now - timedelta(days=OPEN_DAYS)
        facts.open_errors = any(error.at >= oldest and world.owner(error) is person for error in _recent(world, now))
    return _rules(person, facts)


def _rules(person: Person, facts: _Facts) -> tuple[str, list[str]]:
    """The rules of verdict.md in their order, for an empty journal and a user who reports nothing."""
    causes = sorted(facts.fails, key=_PLACE.__getitem__)
    connection = [cause for cause in causes if _PLACE[cause] < _FIRST_OF_STATUS]
    google = [cause for cause in connection if cause.startswith("google.")]
    personal = all(cause.startswith("google.user.") or cause == "google.calendar.off" for cause in google)
    if (not person.active or person.frozen) and personal:
        return "review_configuration", causes
    if connection:
        return "review_connection", causes
    if causes:
        return "contact_support" if facts.support else "review_configuration", causes
    if facts.unknown:
        return "undetermined", sorted(filter(None, facts.unknown), key=_PLACE.__getitem__)
    if facts.waits:
        return "wait", []
    return ("reset" if facts.open_errors else "no_fault_found"), []


def _declared(world: World, person: Person) -> SyncConfiguration | None:
    """The active configuration that the declaration gives this person: an individual one before a profile's."""
    active = [world.configurations[name] for name in person.listed if world.configurations[name].active]
    if active:
        return active[-1]
    return next((c for c in world.configurations.values() if c.active and person.profile in c.profiles), None)


def _unique(world: World, person: Person) -> bool:
    return len(world.by_name[person.name.lower()]) == 1


def _page_answers(world: World, person: Person) -> bool:
    return world.scenario not in _PAGE_SKIPPED | _PAGE_UNKNOWN and _unique(world, person)


def _google(world: World, person: Person, declared: SyncConfiguration | None, facts: _Facts) -> None:
    scenario = world.scenario or ""
    if scenario in _ACCOUNT_FAILS:
        facts.fails.add(scenario)
        return
    # The declaration decides which sides count, unless the page contradicts it.
    disagrees = _page_answers(world, person) and bool(person.real) != (declared is not None)
    sides = [side for side in SIDES if declared is None or disagrees or declared.direction(side) != "none"]
    token, calendar = MAILBOX[person.mailbox]
    for side in sides:
        if scenario in _EVERYTHING_UNKNOWN or scenario == "google.error.unclassified":
            facts.unknown.add(scenario)
        elif scenario in _TOKENS_FAIL or (scenario == "google.scope.invalid" and side == "contacts"):
            facts.fails.add(scenario)
        elif token is not None:
            facts.fails.add(token)
        elif scenario in _SIDE_FAILS[side]:
            facts.fails.add(scenario)
        elif scenario == "google.quota.exceeded":
            facts.unknown.add(scenario)
        elif side == "events" and calendar is not None:
            facts.fails.add(calendar)


def _user(world: World, person: Person, declared: SyncConfiguration | None, facts: _Facts) -> None:
    if not person.active:
        facts.fails.add("salesforce.user.inactive")
    if person.frozen:
        facts.fails.add("salesforce.user.frozen")
    # A page that says "linked" turns a shared address into a warning.
    judged_by_page = _page_answers(world, person) and person.real
    if _shares_address(world, person) and not (judged_by_page and person.link == "linked"):
        facts.fails.add("salesforce.email.duplicate")
    if declared is not None and declared.events != "none" and not _needed(declared) <= _rights(world, person):
        facts.fails.add("salesforce.rights.events")


def _shares_address(world: World, person: Person) -> bool:
    return len(world.by_email[person.email.lower()]) > 1


def _needed(configuration: SyncConfiguration) -> set[str]:
    return {
        "both": {"ActivitiesAccess", "EditEvent"},
        TO_GOOGLE: {"ActivitiesAccess"},
        TO_SALESFORCE: {"EditEvent"},
    }[configuration.events]


def _rights(world: World, person: Person) -> set[str]:
    own = (world.sets[name].permissions for name in person.sets)
    return set(world.profiles[person.profile].permissions).union(*own)


def _page(world: World, person: Person, facts: _Facts, now: datetime) -> None:
    if world.scenario in _PAGE_SKIPPED:
        return
    if world.scenario in _PAGE_UNKNOWN:
        facts.unknown.add(world.scenario)
        return
    if not _unique(world, person):
        facts.unknown.add(None)
        return
    if person.resetting(now):
        facts.waits = True
    if not person.real:
        inactive_only = bool(person.listed) and not any(world.configurations[n].active for n in person.listed)
        if inactive_only and _declared(world, person) is None:
            facts.fails.add("salesforce.assignment.inactive")
        else:
            facts.fails.add("salesforce.assignment.missing")
        return
    real = world.configurations[person.real]
    if person.link != "linked":
        nobody = person.link == "duplicate" and not _shares_address(world, person)
        facts.support = nobody
        facts.fails.add(
            {
                "duplicate": "salesforce.link.failed" if nobody else "salesforce.email.duplicate",
                "mismatch": "salesforce.email.mismatch",
                "failed": "salesforce.link.failed",
            }[person.link]
        )
        return
    if real.contacts == real.events == "none":
        facts.fails.add("salesforce.assignment.direction")
    elif person.sync == "unable":
        facts.fails.add("salesforce.sync.failing")
    elif person.sync in {"initial_in_progress", "not_started"}:
        facts.waits = True


def _recent(world: World, now: datetime) -> list[Any]:
    """The rows that can be open; they stand first, newest first, so that this stays cheap with many rows."""
    oldest = now - timedelta(days=OPEN_DAYS)
    recent = []
    for error in world.errors:
        if error.at < oldest:
            break
        recent.append(error)
    return recent
