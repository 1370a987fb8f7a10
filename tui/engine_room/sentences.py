"""What went wrong in the engine room, as a person is told it."""

from __future__ import annotations

from tui.model import Finding, Phase, ServiceError, Status
from tui.sanitise import one_line, redact
from tui.words import _


def not_logged_in(summary: str, fix: tuple[str, ...] = ()) -> Finding:
    return Finding("salesforce.login", Phase.ACCESS, Status.FAIL, summary, fix=fix, required=True)


def access(error: ServiceError) -> Finding:
    """Why Salesforce cannot be asked, with what to do about it."""
    from tui.triage import catalogue

    if error.cause not in catalogue.FACTS:
        return not_logged_in(error.message)
    return catalogue.finding(
        "salesforce.login",
        Phase.ACCESS,
        error.cause,
        evidence={**error.evidence, "error": error.message},
        status=Status.FAIL,
        required=True,
    )


def sentence(error: Exception) -> str:
    """What to tell a person about an exception: its own sentence where it was made for people."""
    from tui.journal.store import JournalError

    text = one_line(redact(str(error.args[0]) if error.args else ""), limit=500)
    if isinstance(error, JournalError | LookupError | OSError | ValueError) and text:
        return text if not isinstance(error, OSError) else one_line(redact(str(error)), limit=500)
    return _("Passerelle hit a fault of its own, and this request was abandoned: {kind}: {text}").format(
        kind=type(error).__name__, text=text
    )
