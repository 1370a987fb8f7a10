"""The user's configuration: the page's word, held against what the config file declares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.model import Configuration, Direction, Finding, Phase, RowKind, Status, Word
from tui.triage.checks.facts import UserFacts, caused, told
from tui.triage.checks.status_page import DIRECTIONS, TABLES
from tui.triage.verdict import direction_severity
from tui.words import N_, _

ASSIGNMENT = "salesforce.assignment"
DATA_SET = "salesforce.data_set"
RIGHTS = "salesforce.rights"

_RIGHTS = {"read": N_("read events"), "edit": N_("edit events")}
_NEEDS = {
    Direction.BOTH: ("read", "edit"),
    Direction.SALESFORCE_TO_GOOGLE: ("read",),
    Direction.GOOGLE_TO_SALESFORCE: ("edit",),
}


async def assignment(facts: UserFacts) -> Sequence[Finding]:
    """In an active configuration or not: the page decides, the declaration explains and is corrected by it."""
    found = facts.assignment
    findings = [_page_says(facts)]
    if found.disagrees:
        findings.append(told(f"{ASSIGNMENT}.declaration", Phase.STATUS, Status.WARN, found.why))
    if found.overridden:
        cause, name = "salesforce.assignment.overridden", found.configuration.name if found.configuration else ""
        known = {"configuration": name, "overridden": found.overridden.name, "why": found.why}
        findings.append(caused(facts, f"{ASSIGNMENT}.overridden", Phase.STATUS, cause, known))
    return [*findings, *_direction(facts)]


def _page_says(facts: UserFacts) -> Finding:
    found = facts.assignment
    name = found.configuration.name if found.configuration else None
    known: dict[str, Any] = {"configuration": name, "via": found.via, "declared": found.why}
    if found.configuration:
        known |= {
            "events": found.configuration.events.direction.value,
            "contacts": found.configuration.contacts.direction.value,
        }
    if facts.reading is None:
        summary = _("The page was not read. {why}").format(why=found.why)
        return told(ASSIGNMENT, Phase.STATUS, Status.SKIP, summary, known)
    row = facts.reading.first(RowKind.ASSIGNED)
    known |= {"row": row.label if row else None, "value": row.value if row else None}
    if facts.page_assigned is None:
        summary = _("The page does not say whether the user is in an active configuration.")
        return told(ASSIGNMENT, Phase.STATUS, Status.UNKNOWN, summary, known, required=True)
    if facts.page_assigned:
        summary = _("The user is in an active configuration. {why}").format(why=found.why)
        return told(ASSIGNMENT, Phase.STATUS, Status.PASS, summary, known, required=True)
    cause = "salesforce.assignment.inactive" if found.inactive_only else "salesforce.assignment.missing"
    known["configuration"] = [each.name for each in found.declared_in]
    return caused(facts, ASSIGNMENT, Phase.STATUS, cause, known, required=True)


def _direction(facts: UserFacts) -> list[Finding]:
    """Nothing syncs in any direction: broken where page and declaration both say so."""
    configuration = facts.assignment.configuration
    declared = configuration is not None and syncs_nothing(configuration)
    rows = [facts.reading.first(way, table) for table in TABLES.values() for way in DIRECTIONS] if facts.reading else []
    shown = bool(rows) and all(row is not None and row.word is Word.NOT_THIS_DIRECTION for row in rows)
    status = direction_severity(declared_none=declared, page_none=shown)
    if status is Status.PASS:
        return []
    known = {"configuration": configuration.name if configuration else None, "declared_none": declared}
    step, cause = f"{ASSIGNMENT}.direction", "salesforce.assignment.direction"
    return [caused(facts, step, Phase.STATUS, cause, {"page_says_none": shown, **known}, status=status)]


def syncs_nothing(configuration: Configuration) -> bool:
    """Whether neither side of it syncs in any direction."""
    return {configuration.events.direction, configuration.contacts.direction} == {Direction.NONE}


def keeps_contacts_out(configuration: Configuration) -> bool:
    """Whether its data set lets no contact through, though its contacts sync."""
    chosen, own = configuration.data_set.get("contacts"), configuration.data_set.get("users_records")
    return configuration.contacts.direction is not Direction.NONE and chosen == "selected" and own is False


async def data_set(facts: UserFacts) -> Sequence[Finding]:
    """“Selected Contacts” without “User's Records” syncs no contact at all."""
    configuration = facts.assignment.configuration
    if configuration is None:
        return [told(DATA_SET, Phase.STATUS, Status.SKIP, _("No declared configuration applies to this user."))]
    chosen, own = configuration.data_set.get("contacts"), configuration.data_set.get("users_records")
    known = {"configuration": configuration.name, "contacts": chosen, "users_records": own}
    if keeps_contacts_out(configuration):
        return [caused(facts, DATA_SET, Phase.STATUS, "salesforce.dataset.contacts_empty", known)]
    summary = _("Nothing in the declared data set of “{name}” keeps everything out.").format(name=configuration.name)
    return [told(DATA_SET, Phase.STATUS, Status.PASS, summary, known)]


async def rights(facts: UserFacts) -> Sequence[Finding]:
    """The user's rights on events, as far as the declared direction needs them: the sync acts as the user."""
    configuration = facts.assignment.configuration
    needed = _NEEDS.get(configuration.events.direction, ()) if configuration else ()
    if configuration is None or not needed:
        summary = _("No declared configuration syncs this user's events.")
        return [told(RIGHTS, Phase.STATUS, Status.SKIP, summary)]
    held = (await facts.org.rights()).get(facts.user.id)
    if held is None:
        summary = _("The user's rights on events could not be read.")
        return [told(RIGHTS, Phase.STATUS, Status.UNKNOWN, summary)]
    missing = [right for right in needed if not getattr(held, right)]
    known = {
        "direction": configuration.events.direction.value,
        "needed": list(needed),
        "right": [_(_RIGHTS[right]) for right in missing],
    }
    if missing:
        return [caused(facts, RIGHTS, Phase.STATUS, "salesforce.rights.events", known)]
    summary = _("The user holds the rights on events that the configuration needs.")
    return [told(RIGHTS, Phase.STATUS, Status.PASS, summary, known)]
