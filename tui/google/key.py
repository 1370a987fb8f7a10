"""The service account's key: read from its file, or held by an SSH agent, and the assertions that it signs.

The key stays in memory only, and in no repr. google-auth, which takes a while to load, is loaded with the first key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui import keyfile, ssh_agent
from tui.keyfile import KeyFileProblem
from tui.sign_in import GoogleAgentKey
from tui.words import _

AUDIENCE = "https://oauth2.googleapis.com/token"
"""The `aud` of every assertion, wherever the token is asked for: Google's own libraries send no other."""
LIFETIME = 3600  # seconds; Google takes no longer one


@dataclass(frozen=True, slots=True)
class Key:
    """A key that can sign. `key_id` is "" where the file names none."""

    account: str
    client_id: str
    key_id: str
    digest: bytes = field(repr=False)  # of the file that it was made from, or of the agent's public key
    _encode: Callable[[dict[str, Any]], bytes] = field(repr=False)
    waits: bool = False
    """Whether signing asks an agent, which may ask a person: then `assertion` is called beside the loop."""

    def assertion(self, scope: str, subject: str | None, now: datetime) -> str:
        """A signed assertion for that one scope, in the name of `subject`, or of the service account itself (None).

        One scope for each, because a single scope that is not delegated would refuse all the others with it. Raises
        KeyFileProblem when an agent does not sign."""
        issued = int(now.timestamp())
        claims: dict[str, Any] = {"iss": self.account, "scope": scope, "aud": AUDIENCE, "iat": issued}
        claims["exp"] = issued + LIFETIME
        if subject is not None:
            claims["sub"] = subject
        return self._encode(claims).decode("ascii")


def load(source: Path | GoogleAgentKey, known: Key | None = None) -> Key:
    """The key in the JSON file at that path, or the agent's; `known` itself when that was made from the same content.

    Raises KeyFileProblem with a sentence: why the file cannot be read, or why its key cannot sign. The file's own
    `token_uri` is not read: a key file must not decide where an assertion is sent."""
    if isinstance(source, GoogleAgentKey):
        return _of_agent(source, known)
    file = keyfile.read(source)
    digest = hashlib.sha256(file).digest()
    if known is not None and known.digest == digest:
        return known
    content = keyfile.service_account(file)
    pem = content.private_key
    if "\\n" in pem:
        raise KeyFileProblem(
            _(r"The private key holds the two characters \n where its lines should end: download the JSON file again.")
        )
    if sentence := keyfile.private_key_problem(pem.encode("utf-8", "replace")):
        raise KeyFileProblem(sentence)

    from google.auth import crypt, jwt

    try:
        signer = crypt.RSASigner.from_string(pem, content.private_key_id or None)  # type: ignore[no-untyped-call] # theirs
        signer.sign(b"")  # an elliptic key loads, and fails here only
    except TypeError:
        raise KeyFileProblem(_("The private key is not a plain RSA key, so it cannot sign for Google.")) from None
    except ValueError:
        raise KeyFileProblem(
            _("The private key is damaged or cut short: download the JSON file again, or make a new key.")
        ) from None

    def encode(claims: dict[str, Any]) -> bytes:
        return bytes(jwt.encode(signer, claims))  # type: ignore[no-untyped-call] # google-auth's, which has no types

    return Key(content.client_email, content.client_id, content.private_key_id, digest, encode)


def valid_from(certificate: str) -> datetime | None:
    """The moment from which a certificate in PEM is valid, which for a key that Google made is the day it was made;
    None for what is no certificate."""
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(certificate.encode())
    except ValueError:
        return None
    return found.not_valid_before_utc.astimezone(UTC)


def _of_agent(source: GoogleAgentKey, known: Key | None) -> Key:
    """The key that the SSH agent holds, with the account that the config file names beside it."""
    try:
        digest = hashlib.sha256(ssh_agent.find(source.agent).blob).digest()
    except ssh_agent.AgentProblem as problem:
        raise KeyFileProblem(problem.sentence) from None
    if known is not None and known.digest == digest:
        return known

    from google.auth import crypt, jwt

    class Signer(crypt.Signer):
        """As google-auth wants it: RS256 is what it takes every signer for that says nothing else."""

        key_id = source.key_id or None

        def sign(self, message: bytes) -> bytes:
            return ssh_agent.sign(source.agent, message)

    signer = Signer()

    def encode(claims: dict[str, Any]) -> bytes:
        try:
            return bytes(jwt.encode(signer, claims))  # type: ignore[no-untyped-call] # the same
        except ssh_agent.AgentProblem as problem:
            raise KeyFileProblem(problem.sentence) from None

    return Key(source.client_email, source.client_id, source.key_id, digest, encode, waits=True)
