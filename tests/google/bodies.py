"""Google's answers to calls, as they were seen or are documented (google-api.md): one or more for every row."""

from __future__ import annotations

from typing import Any

PROJECT = "104857600000"


def backend(code: int, domain: str, reason: str, message: str) -> dict[str, Any]:
    """The Calendar backend's shape: `errors`, no `status`."""
    entry = {"domain": domain, "reason": reason, "message": message}
    return {"error": {"errors": [entry], "code": code, "message": message}}


def front_end(code: int, status: str, reason: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    """The Calendar front end's shape: `errors`, `status` and `details`."""
    body = backend(code, "usageLimits", reason, message)
    body["error"] |= {"status": status, **({"details": list(details)} if details else {})}
    return body


def newer(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    """The People API's shape: no `errors`."""
    return {
        "error": {"code": code, "message": message, "status": status, **({"details": list(details)} if details else {})}
    }


def info(reason: str, **metadata: str) -> dict[str, Any]:
    """A google.rpc.ErrorInfo."""
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"@type": kind, "reason": reason, "domain": "googleapis.com", "metadata": metadata}


def disabled(service: str, title: str) -> tuple[str, list[dict[str, Any]]]:
    """Message and details of an API that is switched off."""
    url = f"https://console.developers.google.com/apis/api/{service}/overview?project={PROJECT}"
    message = (
        f"{title} has not been used in project {PROJECT} before or it is disabled. Enable it by visiting {url} then "
        "retry. If you enabled this API recently, wait a few minutes for the action to propagate and retry."
    )
    help_ = {
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{"description": "Google developers console API activation", "url": url}],
    }
    return message, [help_, info("SERVICE_DISABLED", consumer=f"projects/{PROJECT}", service=service)]


_CALENDAR_OFF, _CALENDAR_DETAILS = disabled("calendar-json.googleapis.com", "Google Calendar API")
_PEOPLE_OFF, _PEOPLE_DETAILS = disabled("people.googleapis.com", "People API")
_SCOPES = "Request had insufficient authentication scopes."
_CREDENTIALS = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid"
)
_QUOTA = info("RATE_LIMIT_EXCEEDED", consumer=f"projects/{PROJECT}")
_INSUFFICIENT = {
    "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="insufficient_scope", '
    'scope="https://www.googleapis.com/auth/contacts https://www.googleapis.com/auth/contacts.readonly"'
}
HTML = b"<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title><style>x</style><p>That's an error.</html>"

# name -> service, HTTP status, body, headers, cause, tries
API_ROWS: dict[str, tuple[str, int, Any, dict[str, str], str, int]] = {
    "calendar API off": (
        "calendar",
        403,
        front_end(403, "PERMISSION_DENIED", "accessNotConfigured", _CALENDAR_OFF, *_CALENDAR_DETAILS),
        {},
        "google.api.calendar_disabled",
        1,
    ),
    "calendar API off, older body": (
        "calendar",
        403,
        backend(403, "usageLimits", "accessNotConfigured", _CALENDAR_OFF),
        {},
        "google.api.calendar_disabled",
        1,
    ),
    "people API off": (
        "contacts",
        403,
        newer(403, "PERMISSION_DENIED", _PEOPLE_OFF, *_PEOPLE_DETAILS),
        {},
        "google.api.contacts_disabled",
        1,
    ),
    "people API off, older body": (
        "contacts",
        403,
        newer(403, "PERMISSION_DENIED", _PEOPLE_OFF),
        {},
        "google.api.contacts_disabled",
        1,
    ),
    "directory API off": (
        "directory",
        403,
        front_end(
            403,
            "PERMISSION_DENIED",
            "accessNotConfigured",
            "Admin SDK API has not been used in project 1 before or it is disabled.",
        ),
        {},
        "google.error.unclassified",
        1,
    ),
    "no calendar user": (
        "calendar",
        403,
        backend(403, "calendar", "notACalendarUser", "The user must be signed up for Google Calendar."),
        {},
        "google.calendar.off",
        1,
    ),
    "service off for the user": (
        "calendar",
        403,
        backend(403, "global", "forbidden", "The authenticated user cannot access this service."),
        {},
        "google.calendar.off",
        1,
    ),
    "contacts off for the user": (
        "contacts",
        403,
        newer(403, "PERMISSION_DENIED", "The authenticated user cannot access this service."),
        {},
        "google.error.unclassified",
        1,
    ),
    "people scope": (
        "contacts",
        403,
        newer(
            403,
            "PERMISSION_DENIED",
            _SCOPES,
            info(
                "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                method="google.people.v1.PeopleService.ListContactGroups",
                service="people.googleapis.com",
            ),
        ),
        {},
        "google.delegation.scope_missing",
        1,
    ),
    "people scope, older body": (
        "contacts",
        403,
        newer(403, "PERMISSION_DENIED", _SCOPES),
        {},
        "google.delegation.scope_missing",
        1,
    ),
    "people scope, header only": (
        "contacts",
        403,
        newer(403, "PERMISSION_DENIED", "Forbidden"),
        _INSUFFICIENT,
        "google.delegation.scope_missing",
        1,
    ),
    "service accounts may not": (
        "calendar",
        403,
        backend(
            403,
            "calendar",
            "forbiddenForServiceAccounts",
            "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.",
        ),
        {},
        "google.error.unclassified",
        1,
    ),
    "rate limit": (
        "calendar",
        403,
        backend(403, "usageLimits", "rateLimitExceeded", "Rate Limit Exceeded"),
        {},
        "google.quota.exceeded",
        3,
    ),
    "user rate limit": (
        "calendar",
        403,
        backend(403, "usageLimits", "userRateLimitExceeded", "User Rate Limit Exceeded"),
        {},
        "google.quota.exceeded",
        3,
    ),
    "quota": (
        "calendar",
        403,
        backend(403, "usageLimits", "quotaExceeded", "Calendar usage limits exceeded."),
        {},
        "google.quota.exceeded",
        3,
    ),
    "quota as 403 PERMISSION_DENIED": (
        "calendar",
        403,
        front_end(403, "PERMISSION_DENIED", "rateLimitExceeded", "Quota exceeded for quota metric 'Queries'", _QUOTA),
        {},
        "google.quota.exceeded",
        3,
    ),
    "quota of people": (
        "contacts",
        429,
        newer(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Critical read requests'", _QUOTA),
        {},
        "google.quota.exceeded",
        3,
    ),
    "429 without a reason": ("contacts", 429, newer(429, "", "slow down"), {}, "google.quota.exceeded", 3),
    "429 without a body": ("contacts", 429, b"", {}, "google.quota.exceeded", 3),
    "credentials": (
        "calendar",
        401,
        front_end(401, "UNAUTHENTICATED", "authError", "Invalid Credentials"),
        {},
        "google.error.unclassified",
        1,
    ),
    "credentials of people": (
        "contacts",
        401,
        newer(401, "UNAUTHENTICATED", _CREDENTIALS),
        {},
        "google.error.unclassified",
        1,
    ),
    "required access level": (
        "calendar",
        403,
        backend(403, "calendar", "requiredAccessLevel", "You need to have reader access to this calendar."),
        {},
        "google.error.unclassified",
        1,
    ),
    "calendar not found": (
        "calendar",
        404,
        backend(404, "global", "notFound", "Not Found"),
        {},
        "google.error.unclassified",
        1,
    ),
    "sync token gone": (
        "calendar",
        410,
        backend(410, "calendar", "fullSyncRequired", "Sync token is no longer valid, a full sync is required."),
        {},
        "google.error.unclassified",
        1,
    ),
    "precondition": (
        "contacts",
        400,
        newer(400, "FAILED_PRECONDITION", "Mail service not enabled"),
        {},
        "google.error.unclassified",
        1,
    ),
    "no admin": (
        "directory",
        403,
        backend(403, "global", "forbidden", "Not Authorized to access this resource/api"),
        {},
        "google.error.unclassified",
        1,
    ),
    "backend error": (
        "calendar",
        503,
        backend(503, "global", "backendError", "Backend Error"),
        {},
        "google.service.unavailable",
        3,
    ),
    "internal error": (
        "contacts",
        500,
        newer(500, "INTERNAL", "Internal error encountered."),
        {},
        "google.service.unavailable",
        3,
    ),
    "a page": ("calendar", 502, HTML, {"content-type": "text/html; charset=UTF-8"}, "google.service.unavailable", 3),
    "a page that says 404": ("contacts", 404, HTML, {"content-type": "text/html"}, "google.service.unavailable", 3),
    "something new": ("contacts", 418, newer(418, "TEAPOT", "I am"), {}, "google.error.unclassified", 1),
    "an error that is no object": ("contacts", 400, {"error": ["?"]}, {}, "google.error.unclassified", 1),
    "a list": ("contacts", 400, ["?"], {}, "google.error.unclassified", 1),
}
