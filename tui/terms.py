"""The words for states and outcomes, once for screens and command line; marked here, translated where shown."""

from __future__ import annotations

from tui.kinds import ErrorType, OrgKind, Outcome, Phase, Product, Readable, Status
from tui.words import N_

STATUS = {
    Status.PASS: N_("passed"),
    Status.WARN: N_("warning"),
    Status.WAIT: N_("wait"),
    Status.FAIL: N_("failed"),
    Status.SKIP: N_("skipped"),
    Status.UNKNOWN: N_("unknown"),
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
    Readable.READABLE: N_("readable"),
    Readable.NOT_WITH_THESE_RIGHTS: N_("not with these rights"),
    Readable.ONLY_IN_SETUP: N_("only in Setup"),
}
OUTCOME = {
    Outcome.DONE: N_("The reset is done."),
    Outcome.REFUSED: N_("The reset was refused: nothing was changed."),
    Outcome.FAILED: N_("The reset failed."),
    Outcome.UNKNOWN: N_("How the reset ended is not known."),
}
ORG_KIND = {
    OrgKind.PRODUCTION: N_("PRODUCTION"),
    OrgKind.SANDBOX: N_("SANDBOX"),
    OrgKind.PRACTICE: N_("PRACTICE"),
}
PRODUCT = {
    Product.LIGHTNING_SYNC: "Lightning Sync",
    Product.EINSTEIN_ACTIVITY_CAPTURE: "Einstein Activity Capture",
}
