"""Signing in as the config file says: by the JWT bearer flow or client credentials (salesforce-api.md 8.4), or with the
session of the Salesforce CLI. Keys and secrets are read when they are needed and kept nowhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tui import keyfile, secret, ssh_agent
from tui.config import SalesforceSettings
from tui.http import Answer, Forbidden, Http, NotJson, Unreachable
from tui.model import ServiceError
from tui.salesforce import errors, hosts, sf_cli
from tui.ssh_agent import AgentKey
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
    username: str = ""


class Auth:
    """Obtains access tokens. `identity` is what the last token answer said."""

    def __init__(self, settings: SalesforceSettings, http: Http, *, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._http = http
        self._now = now
        self.identity: Identity | None = None
        self._given = b""  # the digest of the session that sf gave last

    async def obtain(self) -> str:
        """A new access token. Raises ServiceError with an access cause, or with none where Salesforce was not asked; no
        text of it holds a secret."""
        if self._settings.auth == "sf_cli":
            return await self._borrowed()
        return await self._granted(await (self._credentials() if self._settings.client_secret else self._signed()))

    async def _signed(self) -> dict[str, str]:
        """The form of the JWT bearer flow."""
        claims = {
            "iss": self._settings.client_id,
            "sub": self._settings.username,
            "aud": self._settings.audience,
            "exp": int((self._now() + LIFETIME).timestamp()),
        }
        key = self._settings.key
        if isinstance(key, AgentKey):
            assertion = await _signed_by_agent(claims, key)
        else:
            assertion = jwt.encode(claims, _key(keyfile_bytes(self._settings)), algorithm="RS256")
        return {"grant_type": GRANT, "assertion": assertion}

    async def _credentials(self) -> dict[str, str]:
        """The form of the client credentials flow."""
        place = self._settings.client_secret
        assert place is not None  # noqa: S101 - this flow's settings have one
        try:
            word = secret.read(place)
        except keyfile.KeyFileProblem as problem:
            raise errors.sign_in(problem.sentence) from None
        return {"grant_type": "client_credentials", "client_id": self._settings.client_id, "client_secret": word}

    async def _borrowed(self) -> str:
        """The token of the session that sf has. Asked for again and given the same, it is over."""
        name, domain = self._settings.username, self._settings.domain
        session = await sf_cli.session(name, domain)
        digest = hashlib.sha256(session.token.encode()).digest()
        if digest == self._given:
            raise sf_cli.over(name, domain)
        self._given = digest
        self.identity = Identity(session.instance, session.org_id, "", frozenset(), session.username)
        return session.token

    async def _granted(self, form: Mapping[str, str]) -> str:
        url = self._settings.login_url + TOKEN_PATH
        try:
            answer = await self._http.send(
                "POST",
                url,
                service=errors.SERVICE,
                hosts=hosts.pinned(url),
                safe=True,
                form=form,
                again=errors.again,
                limit=1 << 20,
            )
        except (Unreachable, Forbidden) as problem:
            raise errors.unreachable(problem, asked=TOKEN_PATH) from None
        if answer.status != 200:
            raise self._refused(answer)
        return self._accepted(answer)

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


async def _signed_by_agent(claims: Mapping[str, Any], key: AgentKey) -> str:
    """A JWT (RFC 7519) of these claims with the RS256 signature of the SSH agent's key."""
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in ({"alg": "RS256", "typ": "JWT"}, claims)]
    signed = b".".join(map(_base64url, parts))
    try:
        signature = await ssh_agent.beside(lambda: ssh_agent.sign(key, signed))
    except ssh_agent.AgentProblem as problem:
        raise errors.sign_in(problem.sentence, key=key) from None
    return b".".join((signed, _base64url(signature))).decode("ascii")


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def keyfile_bytes(settings: SalesforceSettings) -> bytes:
    """The content of the key file; raises ServiceError with a sentence that says what to do."""
    assert isinstance(settings.key, Path)  # noqa: S101 - a key of an agent is not read
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
