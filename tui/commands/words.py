"""The words and signs that several commands use for the same things."""

from __future__ import annotations

from screens.glyphs import glyph
from tui.model import ErrorType, Outcome, Phase, Product, Readable, Status, User, Verdict
from tui.words import N_, _

STATUS = {
    Status.PASS: N_("passed"),
    Status.WARN: N_("warning"),
    Status.WAIT: N_("wait"),
    Status.FAIL: N_("failed"),
    Status.SKIP: N_("skipped"),
    Status.UNKNOWN: N_("unknown"),
}
VERDICT = {
    Verdict.REVIEW_CONNECTION: Status.FAIL,
    Verdict.REVIEW_CONFIGURATION: Status.FAIL,
    Verdict.RESET: Status.WARN,
    Verdict.WAIT: Status.WAIT,
    Verdict.CONTACT_SUPPORT: Status.WARN,
    Verdict.NO_FAULT_FOUND: Status.PASS,
    Verdict.UNDETERMINED: Status.UNKNOWN,
}
PHASE = {
    Phase.ACCESS: N_("Access to Salesforce"),
    Phase.CONNECTION: N_("Connection test"),
    Phase.STATUS: N_("Status check"),
}
ERROR_TYPE = {
    ErrorType.CONNECTION: N_("Connection"),
    ErrorType.USER_MAPPING: N_("UserMapping"),
    ErrorType.OTHER: N_("other"),
}
READABLE = {
    Readable.READABLE: (Status.PASS, N_("readable")),
    Readable.NOT_WITH_THESE_RIGHTS: (Status.WARN, N_("not with these rights")),
    Readable.ONLY_IN_SETUP: (Status.SKIP, N_("only in Setup")),
}
OUTCOME = {
    Outcome.DONE: (Status.PASS, N_("The reset is done.")),
    Outcome.REFUSED: (Status.WARN, N_("The reset was refused: nothing was changed.")),
    Outcome.FAILED: (Status.FAIL, N_("The reset failed.")),
    Outcome.UNKNOWN: (Status.UNKNOWN, N_("How the reset ended is not known.")),
}
SIGN_IN = {
    "jwt": N_("a signed token and the key file {key}"),
    "agent": N_("a signed token and the key {key} of the SSH agent"),
    "client_credentials": N_("client credentials (the API only, no page of Setup)"),
    "sf_cli": N_("the session of the Salesforce CLI, sf, for {username}"),
}
PRODUCT = {
    Product.LIGHTNING_SYNC: "Lightning Sync",
    Product.EINSTEIN_ACTIVITY_CAPTURE: "Einstein Activity Capture",
}


def state(status: Status, word: str = "") -> str:
    """Sign and word of a state: the sign never stands alone."""
    return f"{glyph(status)} {_(word or STATUS[status])}"


def person(query: str, user: User | None) -> str:
    """Who it is: name and address, or what was asked where that could not be found out."""
    return f"{user.name} <{user.email}>" if user else query
