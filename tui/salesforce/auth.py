"""Signing in: the JWT bearer flow (salesforce-api.md 8.4). The key is read when it is needed and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tui import keyfile
from tui.config import SalesforceSettings
from tui.http import Answer, Forbidden, Http, NotJson, Unreachable
from tui.model import ServiceError
from tui.salesforce import errors, hosts
from tui.words import _

TOKEN_PATH = "/services/oauth2/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = timedelta(seconds=150)  # Salesforce takes at most three minutes; the rest is for a clock that is slow
SKEW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a token answer says besides the token: where to ask, who we are ("" where it is silent), what we may do."""

    instance: str
    org_id: str
    user_id: str
    scopes: frozenset[str]


class Auth:
    """Obtains access tokens. `identity` is what the last token answer said."""

    def __init__(self, settings: SalesforceSettings, http: Http, *, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._http = http
        self._now = now
        self.identity: Identity | None = None

    async def obtain(self) -> str:
        """A new access token. Raises ServiceError with an access cause; no text of it holds a secret."""
        url = self._settings.login_url + TOKEN_PATH
        try:
            answer = await self._http.send(
                "POST",
                url,
                service=errors.SERVICE,
                hosts=hosts.pinned(url),
                safe=True,
                form={"grant_type": GRANT, "assertion": self._assertion()},
                again=errors.again,
                limit=1 << 20,
            )
        except (Unreachable, Forbidden) as problem:
            raise errors.unreachable(problem, asked=TOKEN_PATH) from None
        if answer.status != 200:
            raise self._refused(answer)
        return self._accepted(answer)

    def _assertion(self) -> str:
        claims = {
            "iss": self._settings.client_id,
            "sub": self._settings.username,
            "aud": self._settings.audience,
            "exp": int((self._now() + LIFETIME).timestamp()),
        }
        return jwt.encode(claims, _key(keyfile_bytes(self._settings)), algorithm="RS256")

    def _accepted(self, answer: Answer) -> str:
        try:
            body = answer.json()
        except NotJson:
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("access_token"), str) or not body["access_token"]:
            raise errors.failure(answer, asked=TOKEN_PATH)
        instance = body.get("instance_url") if isinstance(body.get("instance_url"), str) else self._settings.domain
        if not hosts.instance_allowed(str(instance), self._settings.domain):
            raise errors.error(
                errors.UNAVAILABLE,
                _("its answer to the sign-in names a host that is not Salesforce's own; it was not followed"),
                asked=TOKEN_PATH,
                host=hosts.netloc(str(instance)) or "?",
            )
        ids = re.search(r"/id/(00D\w{12,15})/(005\w{12,15})$", str(body.get("id") or ""))
        self.identity = Identity(
            instance=hosts.origin(str(instance)),
            org_id=ids[1] if ids else "",
            user_id=ids[2] if ids else "",
            scopes=frozenset(str(body.get("scope") or "").split()),
        )
        return str(body["access_token"])

    def _refused(self, answer: Answer) -> ServiceError:
        problem = errors.failure(answer, asked=TOKEN_PATH)
        if not problem.cause:
            # a refusal of the sign-in that no row describes, such as an IP range or log-in hours
            problem = errors.required(problem, _("signing in through the API"))
        now = self._now().astimezone(UTC)
        if answer.date is not None and abs(now - answer.date) > SKEW:
            problem.evidence["clock_ahead_seconds"] = round((now - answer.date).total_seconds())
        return problem


def keyfile_bytes(settings: SalesforceSettings) -> bytes:
    """The content of the key file; raises ServiceError with a sentence that says what to do."""
    try:
        return keyfile.read(settings.key)
    except keyfile.KeyFileProblem as problem:
        raise errors.error(errors.BAD_ASSERTION, problem.sentence, key=settings.key) from None


def _key(content: bytes) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError):  # TypeError: the key is encrypted. Neither text is passed on
        key = None
    except Exception as problem:  # noqa: BLE001 - cryptography raises types of its own for odd keys
        raise errors.error(errors.BAD_ASSERTION, _bad_key(), problem=type(problem).__name__) from None
    if not isinstance(key, RSAPrivateKey):
        raise errors.error(errors.BAD_ASSERTION, _bad_key())
    return key


def _bad_key() -> str:
    return _("the key file holds no RSA private key in PEM that is free of a passphrase")
