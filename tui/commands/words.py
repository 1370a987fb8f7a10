"""The words and signs that several commands use for the same things."""

from __future__ import annotations

from screens.glyphs import glyph
from tui import terms
from tui.model import Outcome, Readable, Status, User, Verdict
from tui.words import N_, _

VERDICT = {
    Verdict.REVIEW_CONNECTION: Status.FAIL,
    Verdict.REVIEW_CONFIGURATION: Status.FAIL,
    Verdict.RESET: Status.WARN,
    Verdict.WAIT: Status.WAIT,
    Verdict.CONTACT_SUPPORT: Status.WARN,
    Verdict.NO_FAULT_FOUND: Status.PASS,
    Verdict.UNDETERMINED: Status.UNKNOWN,
}
PHASE = terms.PHASE
ERROR_TYPE = terms.ERROR_TYPE
PRODUCT = terms.PRODUCT
READABLE = {
    readable: (status, terms.READABLE[readable])
    for readable, status in zip(Readable, (Status.PASS, Status.WARN, Status.SKIP), strict=True)
}
OUTCOME = {
    outcome: (status, terms.OUTCOME[outcome])
    for outcome, status in zip(Outcome, (Status.PASS, Status.WARN, Status.FAIL, Status.UNKNOWN), strict=True)
}
SIGN_IN = {
    "jwt": N_("a signed token and the key file {key}"),
    "agent": N_("a signed token and the key {key} of the SSH agent"),
    "client_credentials": N_("client credentials (the API only, no page of Setup)"),
    "sf_cli": N_("the session of the Salesforce CLI, sf, for {username}"),
}


def state(status: Status, word: str = "") -> str:
    """Sign and word of a state: the sign never stands alone."""
    return f"{glyph(status)} {_(word or terms.STATUS[status])}"


def person(query: str, user: User | None) -> str:
    """Who it is: name and address, or what was asked where that could not be found out."""
    if user is None:
        return query
    return f"{user.name} <{user.email}>" if user.email else user.name
