"""What the person complains of: in words, what of the check it concerns, and what no check here can look at."""

from __future__ import annotations

from collections.abc import Mapping

from tui.configuration_settings import DIRECTIONS
from tui.model import Complaint, Configuration, Direction, Missing
from tui.words import N_, _

_TOLD: Mapping[Missing, str] = {
    Missing.NOTHING_SYNCS: N_("Reported: nothing syncs."),
    Missing.ALL_EVENTS: N_("Reported: no event syncs."),
    Missing.ONE_EVENT: N_("Reported: one event does not sync."),
    Missing.CONTACTS: N_("Reported: contacts do not sync."),
}
_TOLD_ONE_WAY: Mapping[Missing, str] = {
    Missing.NOTHING_SYNCS: N_("Reported: nothing syncs ({direction})."),
    Missing.ALL_EVENTS: N_("Reported: no event syncs ({direction})."),
    Missing.ONE_EVENT: N_("Reported: one event does not sync ({direction})."),
    Missing.CONTACTS: N_("Reported: contacts do not sync ({direction})."),
}
DIRECTION: Mapping[Direction, str] = {**DIRECTIONS, Direction.NONE: N_("not at all")}
"""As a sentence says it."""
_SIDE = {Missing.ALL_EVENTS: "events", Missing.ONE_EVENT: "events", Missing.CONTACTS: "contacts"}
_OF_SIDE = {"events": ("calendar", "events", "rights"), "contacts": ("contacts", "data_set")}

# Limits of Lightning Sync that keep a single record out although all is well (lightning-sync.md, behaviour limits).
_ONE_EVENT = (
    N_("Is it in the person's primary calendar at Google, or in another one?"),
    N_("Who organises it? Where that is nobody whose calendar syncs, it comes over differently, or not at all."),
    N_("Does it have more than 50 attendees? That is the limit for an event."),
    N_("Is it marked private? Private events come over only where the data set says so."),
    N_("Is it a series, or one day of a series? Compare one occurrence on both sides."),
    N_("Does it begin before the date from which the data set takes events?"),
    N_("Was it made in Salesforce before the sync began, and never changed since?"),
    N_("Does the configuration sync only events that users select, and was this one selected?"),
    N_("Is only its attachment missing? Attachments never sync; invitations come from Google alone."),
)
# The same as far as the person can know it.
_ASK_ONE_EVENT = (
    N_("Is it in your main calendar at Google, or in another one?"),
    N_("Who organises it?"),
    N_("Does it have more than 50 attendees?"),
    N_("Is it marked private?"),
    N_("Is it a series, or one day of a series?"),
    N_("Is only an attachment missing? Attachments are never synchronised."),
)
_ASK_CONTACTS = (
    N_("Do the contacts carry the label “Salesforce Sync” at Google? Others may be left alone."),
    N_("Do you have more than 50,000 contacts?"),
    N_("Was the contact deleted on one side? It is then made again from the other."),
)
_CONTACTS = (
    N_("Do the contacts carry the label “Salesforce Sync” at Google? Others are left alone."),
    N_("Do the filters of the data set let them through?"),
    N_("Does the person have more than 50,000 contacts? Those above wait for a free place."),
    N_("Was it deleted on one side? It is made again from the other; no deletion is carried over."),
)


def told(complaint: Complaint) -> str:
    """The complaint as a sentence."""
    if complaint.direction is Direction.BOTH:
        return _(_TOLD[complaint.missing])
    return _(_TOLD_ONE_WAY[complaint.missing]).format(direction=_(DIRECTION[complaint.direction]))


def questions(complaint: Complaint | None) -> tuple[str, ...]:
    """What to look at before blaming the sync, a question each; nothing of it is tested here."""
    if complaint is None:
        return ()
    asked = {Missing.ONE_EVENT: _ONE_EVENT, Missing.CONTACTS: _CONTACTS}.get(complaint.missing, ())
    return tuple(_(question) for question in asked)


def asked_of_person(complaint: Complaint | None) -> tuple[str, ...]:
    """What the person can be asked about what is missing, in their words."""
    if complaint is None:
        return ()
    asked = {Missing.ONE_EVENT: _ASK_ONE_EVENT, Missing.CONTACTS: _ASK_CONTACTS}.get(complaint.missing, ())
    return tuple(_(question) for question in asked)


def concerns(complaint: Complaint | None, step_id: str) -> bool:
    """Whether that step is about the side of which the person complains."""
    side = _SIDE.get(complaint.missing) if complaint else None
    return side is not None and any(part in step_id.split(".") for part in _OF_SIDE[side])


def not_configured(complaint: Complaint | None, configuration: Configuration | None) -> str:
    """That what is missing is not meant to sync at all, as a sentence; "" where it is, or where that is not known."""
    if complaint is None or configuration is None or complaint.missing not in _SIDE:
        return ""
    events = _SIDE[complaint.missing] == "events"
    declared = configuration.events.direction if events else configuration.contacts.direction
    wanted = complaint.direction
    if declared in {Direction.BOTH, wanted} or (wanted is Direction.BOTH and declared is not Direction.NONE):
        return ""
    text = (
        _("What is missing is not configured: “{name}” syncs events {direction}.")
        if events
        else _("What is missing is not configured: “{name}” syncs contacts {direction}.")
    )
    return text.format(name=configuration.name, direction=_(DIRECTION[declared]))


def not_tested(complaint: Complaint | None) -> tuple[str, ...]:
    """What of the complaint no check here looks at, a sentence each."""
    if complaint is None:
        return ()
    lines = {
        Missing.ONE_EVENT: _("Not tested: the one event that is missing. Go through the questions about it."),
        Missing.CONTACTS: _("Not tested: which contacts are missing. Go through the questions about them."),
        Missing.ALL_EVENTS: _("Not tested: whether the person's events differ between the two sides."),
        Missing.NOTHING_SYNCS: _("Not tested: whether anything of this person's differs between the two sides."),
    }
    return (lines[complaint.missing],)
