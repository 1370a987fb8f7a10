"""What Google's token endpoint answers when it refuses (reference: google-api.md), for every row of its table."""

from __future__ import annotations

UNAUTHORISED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the "
    "scopes requested."
)
SHORT_LIVED = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "

# error, description, HTTP status, cause when acting for a user, the same without `sub`, tries
TOKEN_ROWS: list[tuple[str, str | None, int, str, str, int]] = [
    ("unauthorized_client", UNAUTHORISED, 401, "google.delegation.unauthorized", "google.error.unclassified", 1),
    (
        "unauthorized_client",
        "Unauthorized client or scope in request.",
        401,
        "google.delegation.unauthorized",
        "google.error.unclassified",
        1,
    ),
    (
        "access_denied",
        "Requested client not authorized.",
        403,
        "google.delegation.unauthorized",
        "google.error.unclassified",
        1,
    ),
    ("access_denied", None, 403, "google.delegation.unauthorized", "google.error.unclassified", 1),
    ("access_denied", "Account restricted", 403, "google.policy.enforced", "google.policy.enforced", 1),
    ("admin_policy_enforced", None, 400, "google.policy.enforced", "google.policy.enforced", 1),
    ("invalid_grant", "Invalid email or User ID", 400, "google.user.unknown", "google.account.missing", 1),
    ("invalid_grant", "Not a valid email or user ID.", 400, "google.user.unknown", "google.account.missing", 1),
    ("invalid_grant", "The account has been deleted", 400, "google.user.deleted", "google.account.missing", 1),
    ("invalid_grant", "Invalid grant: account not found", 400, "google.account.missing", "google.account.missing", 1),
    ("invalid_grant", "Invalid JWT Signature.", 400, "google.key.revoked", "google.key.revoked", 1),
    (
        "invalid_grant",
        "Invalid JWT: No valid verifier found for issuer.",
        400,
        "google.key.revoked",
        "google.key.revoked",
        2,
    ),
    (
        "invalid_grant",
        SHORT_LIVED + "Check your iat and exp values in the JWT claim.",
        400,
        "google.clock.skew",
        "google.clock.skew",
        1,
    ),
    (
        "invalid_grant",
        SHORT_LIVED
        + "Check your iat and exp values and use a clock with skew to account for clock differences between systems.",
        400,
        "google.clock.skew",
        "google.clock.skew",
        1,
    ),
    (
        "invalid_grant",
        "Invalid JWT: Failed audience check.",
        400,
        "google.error.unclassified",
        "google.error.unclassified",
        1,
    ),
    ("invalid_grant", "Bad Request", 400, "google.error.unclassified", "google.error.unclassified", 1),
    ("invalid_grant", None, 400, "google.error.unclassified", "google.error.unclassified", 1),
    (
        "invalid_request",
        "Invalid impersonation &quot;sub&quot; field: not a valid email",
        400,
        "google.user.unknown",
        "google.account.missing",
        1,
    ),
    (
        "invalid_request",
        "Invalid impersonation prn email address.",
        400,
        "google.user.unknown",
        "google.account.missing",
        1,
    ),
    (
        "invalid_request",
        "Missing required parameter: assertion",
        400,
        "google.error.unclassified",
        "google.error.unclassified",
        1,
    ),
    (
        "invalid_scope",
        "Invalid OAuth scope or ID token audience provided.",
        400,
        "google.scope.invalid",
        "google.scope.invalid",
        1,
    ),
    ("disabled_client", "The OAuth client was disabled.", 401, "google.account.disabled", "google.account.disabled", 1),
    ("deleted_client", "The OAuth client was deleted.", 401, "google.account.disabled", "google.account.disabled", 1),
    ("invalid_client", "The OAuth client was not found.", 401, "google.account.disabled", "google.account.disabled", 1),
    ("org_internal", None, 403, "google.account.disabled", "google.account.disabled", 1),
    ("invalid_account", "Forbidden", 403, "google.error.unclassified", "google.error.unclassified", 1),
    ("internal_failure", None, 500, "google.service.unavailable", "google.service.unavailable", 3),
    ("internal_failure", "Backend Error", 400, "google.service.unavailable", "google.service.unavailable", 3),
    ("server_error", None, 500, "google.service.unavailable", "google.service.unavailable", 3),
    ("temporarily_unavailable", None, 503, "google.service.unavailable", "google.service.unavailable", 3),
    ("something_new", "that nobody has described", 400, "google.error.unclassified", "google.error.unclassified", 1),
    ("something_new", None, 503, "google.service.unavailable", "google.service.unavailable", 3),
    ("something_new", None, 429, "google.quota.exceeded", "google.quota.exceeded", 3),
]
