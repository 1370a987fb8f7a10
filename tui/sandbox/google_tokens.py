"""Google's token endpoint, tokeninfo and public certificates, over the practice world.

Descriptions and statuses as reference/google-api.md gives them."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tui.sandbox.forms import read_form
from tui.sandbox.keys import Keys
from tui.sandbox.state import ACCOUNT, CALENDAR_SCOPE, CONTACTS_SCOPE, DIRECTORY_SCOPE, DOMAIN, Person, World

AUDIENCE = "https://oauth2.googleapis.com/token"
LIFETIME = 3599
TOKEN_LEEWAY = 300
_AUTH = "https://www.googleapis.com/auth/"
KNOWN_SCOPES = {
    *(f"{CALENDAR_SCOPE}{end}" for end in ("", ".readonly", ".events", ".events.readonly", ".calendarlist",
      ".calendarlist.readonly", ".settings.readonly")),
    *(f"{CONTACTS_SCOPE}{end}" for end in ("", ".readonly")),
    DIRECTORY_SCOPE, f"{_AUTH}admin.directory.user", f"{_AUTH}userinfo.email", "openid", "email",
}  # fmt: skip
DELEGATED = {CALENDAR_SCOPE, CONTACTS_SCOPE, DIRECTORY_SCOPE}

# What the token endpoint says about a `sub`, by the state of the mailbox.
SUB_ERRORS = {
    "deleted": ("invalid_grant", "The account has been deleted"),
    "suspended": ("invalid_grant", "Invalid email or User ID"),
    "archived": ("invalid_grant", "Invalid email or User ID"),
    "unknown": ("invalid_grant", "Invalid email or User ID"),
    "alias": ("invalid_grant", "Invalid email or User ID"),
    "malformed": ("invalid_grant", "Not a valid email or user ID."),
    "impersonation": ("invalid_request", "Invalid impersonation &quot;sub&quot; field: not a valid address"),
}
UNAUTHORISED = (
    "unauthorized_client",
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the "
    "scopes requested.",
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for: whose (None: the service account's own), which scopes, until when."""

    email: str | None
    scopes: frozenset[str]
    until: float


class RefusedError(Exception):
    """An error body to send instead of an answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("refused")
        self.response = response


def oauth_error(error: str, description: str, status: int | None = None) -> Response:
    """The token endpoint's shape. 401 for unauthorized_client, 403 for access_denied, else 400."""
    codes = {"unauthorized_client": 401, "access_denied": 403}
    return JSONResponse({"error": error, "error_description": description}, status or codes.get(error, 400))


class Tokens:
    """Who may have a token, and what the tokens that were given out stand for."""

    def __init__(self, world: World, keys: Keys) -> None:
        self.world = world
        self.keys = keys
        self.grants: dict[str, Grant] = {}
        self.certificates = {keys.google_id: keys.google.certificate_pem()}
        if world.scenario == "google.key.revoked" and keys.stranger:
            self.certificates = {keys.google_id[::-1]: keys.stranger.certificate_pem()}

    def person(self, address: str) -> Person | None:
        """Whose mailbox that address is, by its Salesforce address or its own."""
        found = self.world.by_email.get(address.lower())
        if found:
            return found[0]
        return next((one for one in self.world.people if one.primary.lower() == address.lower()), None)

    async def token(self, request: Request) -> Response:
        form = await read_form(request) or {}
        if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return oauth_error("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
        assertion = form.get("assertion")
        if not assertion:
            return oauth_error("invalid_request", "Missing required parameter: assertion")
        claims = self._claims(assertion)
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes or not scopes <= KNOWN_SCOPES:
            return oauth_error("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        subject = claims.get("sub")
        if subject is not None and subject != ACCOUNT:
            self._delegated(str(subject), scopes)
        token = f"ya29.c.{secrets.token_urlsafe(96)}"
        email = None if subject is None or subject == ACCOUNT else str(subject)
        self.grants[token] = Grant(email, scopes, time.time() + LIFETIME)
        return JSONResponse({"access_token": token, "expires_in": LIFETIME, "token_type": "Bearer"})

    def _claims(self, assertion: str) -> dict[str, Any]:
        """The claims of a verified assertion; raises RefusedError with what the token endpoint says otherwise."""
        late = (
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
            "Check your iat and exp values in the JWT claim."
        )
        try:
            header = jwt.get_unverified_header(assertion)
            unverified: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.InvalidTokenError:
            raise RefusedError(oauth_error("invalid_grant", "Bad Request")) from None
        scenario = self.world.scenario
        if unverified.get("iss") != ACCOUNT or scenario == "google.account.missing":
            raise RefusedError(oauth_error("invalid_grant", "Invalid grant: account not found"))
        if scenario == "google.account.disabled":
            raise RefusedError(oauth_error("disabled_client", "The OAuth client was disabled.", 401))
        if header.get("kid", self.keys.google_id) not in self.certificates or header.get("alg") != "RS256":
            raise RefusedError(oauth_error("invalid_grant", "Invalid JWT Signature."))
        try:
            claims: dict[str, Any] = jwt.decode(
                assertion,
                self.keys.google.key.public_key(),
                algorithms=["RS256"],
                audience=AUDIENCE,
                leeway=TOKEN_LEEWAY,
                options={"require": ["exp", "iat", "aud", "iss"]},
            )
        except jwt.InvalidSignatureError:
            raise RefusedError(oauth_error("invalid_grant", "Invalid JWT Signature.")) from None
        except jwt.InvalidAudienceError:
            raise RefusedError(oauth_error("invalid_grant", "Invalid JWT: Failed audience check.")) from None
        except jwt.InvalidTokenError:
            raise RefusedError(oauth_error("invalid_grant", late)) from None
        if not 0 < int(claims["exp"]) - int(claims["iat"]) <= 3600 or scenario == "google.clock.skew":
            raise RefusedError(oauth_error("invalid_grant", late))
        return claims

    def _delegated(self, subject: str, scopes: frozenset[str]) -> None:
        """Raises RefusedError unless the client may act for `subject` with every one of the scopes."""
        scenario = self.world.scenario
        if scenario == "google.delegation.unauthorized":
            raise RefusedError(oauth_error(*UNAUTHORISED))
        if scenario == "google.policy.enforced":
            raise RefusedError(oauth_error("admin_policy_enforced", "This app is not allowed by your administrator."))
        if scenario == "google.error.unclassified":
            # Wording of our own: an answer that no table describes.
            raise RefusedError(oauth_error("unexpected_condition", "Something that nobody has described yet."))
        person = self.person(subject)
        if person is None and subject.endswith(f"@{DOMAIN}"):
            raise RefusedError(oauth_error("invalid_grant", "Invalid email or User ID"))
        by_alias = person is not None and subject.lower() != person.primary.lower()
        if person is not None and person.mailbox in SUB_ERRORS and (by_alias or person.mailbox != "alias"):
            raise RefusedError(oauth_error(*SUB_ERRORS[person.mailbox]))
        delegated = DELEGATED - ({CONTACTS_SCOPE} if scenario == "google.delegation.scope_missing" else set())
        if person is None or not scopes <= delegated:
            raise RefusedError(oauth_error(*UNAUTHORISED))

    async def tokeninfo(self, request: Request) -> Response:
        grant = self.grants.get(request.query_params.get("access_token", ""))
        if grant is None or grant.until < time.time():
            return oauth_error("invalid_token", "Invalid Value")
        info = {
            "azp": self.keys.google_client,
            "aud": self.keys.google_client,
            "scope": " ".join(sorted(grant.scopes)),
            "exp": str(int(grant.until)),
            "expires_in": str(int(grant.until - time.time())),
            "access_type": "online",
        }
        return JSONResponse(info if grant.email is None else {**info, "email": grant.email, "email_verified": "true"})

    async def x509(self, request: Request) -> Response:
        if request.path_params["email"] != ACCOUNT or self.world.scenario == "google.account.missing":
            return JSONResponse({"error": {"code": 404, "message": "Not found.", "status": "NOT_FOUND"}}, 404)
        return JSONResponse(self.certificates)
