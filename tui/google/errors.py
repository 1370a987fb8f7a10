"""What Google's refusals mean: its error bodies, in their three shapes, turned into the causes of causes.md. Tables.

A refused token is known by `error`, then by how `error_description` begins (the wording's end varies). A refused call
is known by the reason in `details`, else in `errors`, else by `status`, the scope header, the message, and at last the
HTTP code; `status` first would mislead, for a used-up quota can come as 403 PERMISSION_DENIED.
What no row describes is `google.error.unclassified`, with the whole answer, redacted, as evidence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tui.http import Answer, NotJson
from tui.sanitise import one_line, redact, safe

UNCLASSIFIED = "google.error.unclassified"
UNAVAILABLE = "google.service.unavailable"
UNREACHABLE = "google.network.unreachable"
QUOTA = "google.quota.exceeded"
SCOPE_MISSING = "google.delegation.scope_missing"
UNAUTHORISED = "google.delegation.unauthorized"
KEY_UNREADABLE = "google.key.unreadable"
KEY_REVOKED = "google.key.revoked"
CLOCK = "google.clock.skew"
ACCOUNT_MISSING = "google.account.missing"
ACCOUNT_DISABLED = "google.account.disabled"
USER_UNKNOWN = "google.user.unknown"
POLICY = "google.policy.enforced"

TOKEN, CALENDAR, CONTACTS, DIRECTORY = "token", "calendar", "contacts", "directory"
TOKENINFO, CERTIFICATES = "tokeninfo", "certificates"
TRIES = 3  # the most that tui.http makes of one request


@dataclass(frozen=True, slots=True)
class Row:
    """What an answer means: its cause, and in how many tries it may be asked for again (1: not again)."""

    cause: str
    tries: int = 1


_BUSY = Row(UNAVAILABLE, TRIES)
_QUOTA = Row(QUOTA, TRIES)

# (error, beginning of error_description in lower case) -> meaning, in this order; "" begins every description.
TOKEN_ROWS: tuple[tuple[str, str, Row], ...] = (
    ("unauthorized_client", "", Row(UNAUTHORISED)),
    ("access_denied", "account restricted", Row(POLICY)),
    ("access_denied", "", Row(UNAUTHORISED)),
    ("admin_policy_enforced", "", Row(POLICY)),
    ("invalid_grant", "invalid email or user id", Row(USER_UNKNOWN)),
    ("invalid_grant", "not a valid email", Row(USER_UNKNOWN)),
    ("invalid_grant", "the account has been deleted", Row("google.user.deleted")),
    ("invalid_grant", "invalid grant: account not found", Row(ACCOUNT_MISSING)),
    ("invalid_grant", "account not found", Row(ACCOUNT_MISSING)),
    ("invalid_grant", "invalid jwt signature", Row(KEY_REVOKED)),
    ("invalid_grant", "invalid jwt: no valid verifier", Row(KEY_REVOKED, 2)),  # passing, right after a key is made
    ("invalid_grant", "no valid verifier", Row(KEY_REVOKED, 2)),
    ("invalid_grant", "invalid jwt: token must be a short-lived token", Row(CLOCK)),
    ("invalid_request", "invalid impersonation", Row(USER_UNKNOWN)),
    ("invalid_scope", "", Row("google.scope.invalid")),
    ("disabled_client", "", Row(ACCOUNT_DISABLED)),
    ("deleted_client", "", Row(ACCOUNT_DISABLED)),
    ("invalid_client", "", Row(ACCOUNT_DISABLED)),
    ("org_internal", "", Row(ACCOUNT_DISABLED)),
    ("internal_failure", "", _BUSY),
    ("server_error", "", _BUSY),
    ("temporarily_unavailable", "", _BUSY),
)

# Without `sub` nobody is impersonated: what speaks of "the user" then speaks of the service account itself.
_ITSELF: Mapping[str, str] = {
    USER_UNKNOWN: ACCOUNT_MISSING,
    "google.user.deleted": ACCOUNT_MISSING,
    UNAUTHORISED: UNCLASSIFIED,
}

_DISABLED: Mapping[str, Row] = {
    CALENDAR: Row("google.api.calendar_disabled"),
    CONTACTS: Row("google.api.contacts_disabled"),
}
_SERVICE_OFF: Mapping[str, Row] = {CALENDAR: Row("google.calendar.off")}
_SCOPE = Row(SCOPE_MISSING)

# A reason of `details` or `errors`, or a `status` -> meaning, or the meaning by service (elsewhere: unclassified).
API_REASONS: Mapping[str, Row | Mapping[str, Row]] = {
    "SERVICE_DISABLED": _DISABLED,
    "accessNotConfigured": _DISABLED,
    "notACalendarUser": _SERVICE_OFF,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": _SCOPE,
    "insufficientPermissions": _SCOPE,
    "RATE_LIMIT_EXCEEDED": _QUOTA,
    "rateLimitExceeded": _QUOTA,
    "userRateLimitExceeded": _QUOTA,
    "quotaExceeded": _QUOTA,
    "RESOURCE_EXHAUSTED": _QUOTA,
    "backendError": _BUSY,
    "internalError": _BUSY,
}
# Older bodies carry no reason: beginnings and parts of messages, in lower case.
API_MESSAGES: tuple[tuple[str, Row | Mapping[str, Row]], ...] = (
    ("request had insufficient authentication scopes", _SCOPE),
    ("has not been used in project", _DISABLED),
    ("the authenticated user cannot access this service", _SERVICE_OFF),
)
CODES: Mapping[int, Row] = {408: _BUSY, 429: _QUOTA, **dict.fromkeys(range(500, 600), _BUSY)}

_HIDDEN = re.compile(r"token|secret|assertion|private", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no success, understood. `code` is Google's own word; `evidence` is cleaned and redacted."""

    cause: str
    code: str
    message: str
    evidence: Mapping[str, Any]
    tries: int = 1


def understand(answer: Answer, service: str, *, subject: str | None = None) -> Refusal:
    """What an answer means that is not the success that was asked for. `service` is TOKEN, CALENDAR, CONTACTS or
    DIRECTORY; `subject` the address in whose name a token was asked for, None for the service account itself."""
    try:
        body = answer.json()
    except NotJson:
        return _no_json(answer)
    inner = body.get("error") if isinstance(body, dict) else None
    if isinstance(inner, str):
        return _token(answer, body, inner, subject)
    if isinstance(inner, dict):
        return _api(answer, body, inner, service)
    row = CODES.get(answer.status, Row(UNCLASSIFIED))
    return Refusal(row.cause, "", "", _evidence(answer, row.cause, body), row.tries)


def _token(answer: Answer, body: Mapping[str, Any], error: str, subject: str | None) -> Refusal:
    description = _clean(body.get("error_description"))
    start = description.casefold()
    rows = (row for name, beginning, row in TOKEN_ROWS if name == error and start.startswith(beginning))
    row = next(rows, None) or CODES.get(answer.status) or Row(UNCLASSIFIED)
    cause = row.cause if subject is not None else _ITSELF.get(row.cause, row.cause)
    code = _clean(error)
    evidence = _evidence(answer, cause, body, error=_told(code, description), error_description=description)
    return Refusal(cause, code, description, evidence, row.tries)


def _api(answer: Answer, body: Mapping[str, Any], error: Mapping[str, Any], service: str) -> Refusal:
    message, details = _clean(error.get("message")), list(_objects(error.get("details")))
    reasons = [_clean(item.get("reason")) for item in [*details, *_objects(error.get("errors"))] if item.get("reason")]
    reasons.append(_clean(error.get("status")))
    scope_refused = "insufficient_scope" in answer.headers.get("www-authenticate", "")
    found: list[Row | Mapping[str, Row]] = [API_REASONS[reason] for reason in reasons if reason in API_REASONS]
    found += [_SCOPE] if scope_refused else []
    found += [row for part, row in API_MESSAGES if part in message.casefold()]
    found += [CODES[answer.status]] if answer.status in CODES else []
    first = found[0] if found else Row(UNCLASSIFIED)
    row = first if isinstance(first, Row) else first.get(service, Row(UNCLASSIFIED))
    code = next(filter(None, reasons), "")
    known: dict[str, Any] = {"error": _told(code or str(answer.status), message), "message": message, "reason": code}
    for item in details:
        metadata, links = item.get("metadata"), item.get("links")
        if isinstance(metadata, dict):
            known["project"] = _clean(metadata.get("consumer")).removeprefix("projects/")
            known["method"] = _clean(metadata.get("method"))
        known["link"] = next((_clean(link.get("url")) for link in _objects(links)), known.get("link", ""))
    if accepted := re.search(r'scope="([^"]*)"', answer.headers.get("www-authenticate", "")):
        known["accepted_scopes"] = _clean(accepted[1])
    return Refusal(row.cause, code, message, _evidence(answer, row.cause, body, **known), row.tries)


def _no_json(answer: Answer) -> Refusal:
    text = answer.text()[:2000]
    page = text.lstrip().startswith("<") or "text/html" in answer.headers.get("content-type", "")
    row = _BUSY if page else CODES.get(answer.status, Row(UNCLASSIFIED))
    evidence = _evidence(answer, row.cause, None, error=_told(str(answer.status), _clean(_words(text) if page else "")))
    return Refusal(row.cause, "", "", evidence | {"answer": one_line(redact(text), limit=1000)}, row.tries)


def _evidence(answer: Answer, cause: str, body: Any, **known: str) -> dict[str, Any]:
    evidence: dict[str, Any] = {"http_status": answer.status, **{key: value for key, value in known.items() if value}}
    if cause == UNCLASSIFIED and body is not None:
        evidence["answer"] = safe(_without_secrets(body))
    return evidence


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "[hidden]" if _HIDDEN.search(key) else _without_secrets(item) for key, item in value.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def _objects(value: Any) -> Iterable[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _clean(value: Any) -> str:
    """One line of Google's own words. Some come escaped as in HTML (&quot;)."""
    return one_line(redact(html.unescape(value)), limit=500).strip() if isinstance(value, str) else ""


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL | re.IGNORECASE))


def _told(code: str, message: str) -> str:
    return f"{code}: {message}" if message else code
