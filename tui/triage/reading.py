"""What the text of an error usually means, in plain words, and what to do about it.

The texts of Lightning Sync's own report are not documented; the codes in them are Salesforce's and Google's, which are.
So a text is read by what it holds: the patterns stand in `PATTERNS`, the first that is found wins. What most of them
mean stands in the catalogue of causes; for the rest the words stand here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from tui.model import ErrorRow, ErrorType, Past
from tui.triage import catalogue
from tui.words import N_, _, language, ngettext

REJECTED = (
    "FIELD_CUSTOM_VALIDATION_EXCEPTION|REQUIRED_FIELD_MISSING|DUPLICATES_DETECTED|CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    r"|CANNOT_EXECUTE_FLOW_TRIGGER|STRING_TOO_LONG|INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST|INSUFFICIENT_ACCESS\w*"
)
"""Error codes of Salesforce's rules and automations, as its API documents them."""

PATTERNS: Sequence[tuple[str, tuple[str, ...], str]] = (
    ("salesforce.data.rejected", tuple(code.removesuffix(r"\w*").lower() for code in REJECTED.split("|")), ""),
    ("limit.lock", ("unable_to_lock_row",), ""),
    ("limit.storage", ("storage_limit_exceeded",), ""),
    ("limit.attendees", ("50 attendees", "50 participants", "50 invités"), ""),
    ("google.delegation.unauthorized", ("unauthorized_client",), ""),
    ("google.user.deleted", ("account has been deleted",), ""),
    ("google.user.unknown", ("invalid email or user id", "not a valid email", "invalid impersonation"), ""),
    ("google.account.missing", ("account not found",), r"invalid_grant"),
    ("google.key.revoked", ("invalid jwt signature", "no valid verifier"), ""),
    ("google.clock.skew", ("must be a short-lived token",), ""),
    ("google.scope.invalid", ("invalid_scope",), ""),
    ("google.policy.enforced", ("admin_policy_enforced", "account restricted"), ""),
    ("google.api.contacts_disabled", ("people api has not been used",), ""),
    ("google.api.calendar_disabled", ("calendar api has not been used",), ""),
    ("google.quota.exceeded", ("ratelimitexceeded", "quotaexceeded"), ""),
    ("google.calendar.off", ("notacalendaruser", "must be signed up for google calendar"), ""),
    (
        "salesforce.email.duplicate",
        ("same email", "same e-mail", "même adresse", "même e-mail"),
        r"\b(?:another|autre)\b",
    ),
    (
        "salesforce.assignment.missing",
        ("active configuration", "active lightning sync configuration", "configuration active"),
        r"\b(?:isn.t|not|aucune)\b",
    ),
    (
        "salesforce.link.failed",
        ("linked", "mapping", "mise en correspondance"),
        r"\bnot linked\b|\bcan.t be linked\b|\bmapping\b|\bmise en correspondance\b",
    ),
    (
        "mailbox.unreachable",
        ("connect", "connexion impossible"),
        r"\b(?:couldn.t|can.t|cannot|could not|unable to) connect\b|\bconnexion impossible\b",
    ),
)
"""What a text is about, what it holds then, and which pattern it must fit besides; all in lower case. Most texts hold
none of the words, so they are looked for first: a hundred thousand texts are read in a blink."""

CODES: Mapping[str, str] = {
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": N_("A validation rule, or an Apex trigger, refused the event or contact."),
    "REQUIRED_FIELD_MISSING": N_("A field that is required in Salesforce is empty in what the sync brings."),
    "DUPLICATES_DETECTED": N_("A duplicate rule that blocks found a record like it."),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": N_("An Apex trigger stopped with an error while the sync was saving."),
    "CANNOT_EXECUTE_FLOW_TRIGGER": N_("A flow stopped with an error while the sync was saving."),
    "STRING_TOO_LONG": N_("A text from Google is longer than its field in Salesforce."),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": N_("A value is not among those that a restricted picklist allows."),
    "INSUFFICIENT_ACCESS": N_("The sync acts as this person, and this person lacks a right to the record or field."),
}


_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")

MEANINGS: Mapping[str, str] = {
    "salesforce.link.failed": N_(
        "The link between the user and the Google account is broken: a different address, one shared by two users, or"
        " an account that does not exist."
    ),
}
"""What is said in place of the catalogue's meaning, which speaks of more than a text can show."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said where the catalogue of causes has no entry."""

    title: str
    meaning: str
    steps: tuple[str, ...]


OWN: Mapping[str, Words] = {
    "limit.lock": Words(
        N_("Another process held the record."),
        N_("Two processes wanted to save the same record, or records below one account, at the same moment."),
        (N_("Nothing, if it stays rare: the sync tries again. If it repeats at one hour, spread the mass loads."),),
    ),
    "limit.storage": Words(
        N_("The organisation's data storage is full."),
        N_("Salesforce saves no new record for anybody until there is room."),
        (N_("Salesforce admin: in Setup, Storage Usage, see what fills it; delete, archive, or buy storage."),),
    ),
    "limit.attendees": Words(
        N_("The event has more than 50 attendees."),
        N_("Lightning Sync does not sync such an event. It is a limit, not a fault."),
        (N_("Nothing to repair: keep the event in Google, or invite through a group."),),
    ),
    "mailbox.unreachable": Words(
        N_("Salesforce could not reach this person's Google account."),
        N_("The key or its delegation, the address in Salesforce, or the account itself: the text does not say which."),
        (N_("Check this user: the connection test names the one that fails."),),
    ),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """`about` is a cause of the catalogue or a name of `OWN`; `code` is what was found in the text."""

    about: str
    code: str
    title: str
    meaning: str
    steps: tuple[str, ...]


@lru_cache(maxsize=20_000)
def about(text: str) -> str:
    """What the text is about, "" where it holds nothing that is known."""
    return _found(text)[0]


def _found(text: str) -> tuple[str, str]:
    """What the text is about, and the words that say so."""
    low = text.lower()
    for name, words, pattern in PATTERNS:
        for word in words:
            if word in low and (not pattern or re.search(pattern, low)):
                return name, word
    return "", ""


def title(name: str) -> str:
    """What `about` answered, in words."""
    return _title(name, language())


@cache
def _title(name: str, _language: str) -> str:
    if name in OWN:
        return _(OWN[name].title)
    return catalogue.cause(name).title if name in catalogue.FACTS else ""


def read(text: str) -> Reading | None:
    """What the text usually means; None where it is not known."""
    name, code = _found(text)
    if not name:
        return None
    if name in OWN:
        words = OWN[name]
        return Reading(name, code, _(words.title), _(words.meaning), tuple(map(_, words.steps)))
    address = _ADDRESS.search(text)
    cause = catalogue.cause(name, {"text": text, "code": code} | ({"user": address[0]} if address else {}))
    known = next((said for start, said in CODES.items() if start.lower() == code), MEANINGS.get(name, ""))
    steps = tuple(catalogue.step_line(step) for step in cause.fix)
    return Reading(name, code, cause.title, _(known) if known else cause.meaning, steps)


def cause_of(row: ErrorRow, past: Past | None) -> str:
    """The cause of this error as far as it is known: what a later check of its user found, else what its text says."""
    if past is not None and past.causes and past.checked_at and row.at and row.at <= past.checked_at:
        return past.causes[0]
    return about(row.text)


def of_type(kind: ErrorType, pasts: Sequence[Past]) -> tuple[str, ...]:
    """How the type of an error can be read, and what the checks of the users who have such errors found (`pasts`:
    those users, each once)."""
    if kind is ErrorType.CONNECTION:
        two = _(
            "“Connection” has two readings: the user is in no configuration (the guide), or Salesforce's call to the"
            " Google account fails (what the name suggests)."
        )
    elif kind is ErrorType.USER_MAPPING:
        two = _(
            "“UserMapping”, says the guide: the user is in an active configuration, but something malfunctions. The"
            " name suggests the link between the user and the Google account."
        )
    else:
        return ()
    known = [past.assigned for past in pasts if past.assigned is not None]
    if not known:
        return two, _("None of the users with this type was checked here yet: a check decides.")
    return two, ngettext(
        "Of {n} user with this type who was checked here, {m} is in an active configuration.",
        "Of {n} users with this type who were checked here, {m} are in an active configuration.",
        len(known),
    ).format(n=len(known), m=sum(known))
