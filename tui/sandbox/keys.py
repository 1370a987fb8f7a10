"""The practice organisation's keys: made anew at every start, one for Salesforce's JWT login, one for Google."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tui.sandbox.state import ACCOUNT, World


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A 2048-bit RSA key with a certificate of its own."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls, name: str, now: datetime) -> KeyPair:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=90))
            .not_valid_after(now + timedelta(days=3650))
            .sign(key, hashes.SHA256())
        )
        return cls(key, certificate)

    def pem(self, passphrase: bytes | None = None) -> bytes:
        """The private key as PKCS#8 PEM, encrypted where a passphrase is given."""
        encryption = (
            serialization.NoEncryption() if passphrase is None else serialization.BestAvailableEncryption(passphrase)
        )
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)

    def certificate_pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


@dataclass(frozen=True, slots=True)
class Keys:
    """What the two services know: Salesforce its app's certificate and secret, Google the key ids of the account."""

    salesforce: KeyPair
    google: KeyPair
    google_id: str
    google_client: str
    consumer: str
    secret: str
    stranger: KeyPair | None = None

    @classmethod
    def new(cls, world: World) -> Keys:
        rng, now = random.Random(world.seed), datetime.now(UTC)
        return cls(
            salesforce=KeyPair.new("passerelle practice", now),
            google=KeyPair.new(ACCOUNT, now),
            google_id=f"{rng.getrandbits(160):040x}",
            google_client=str(rng.randrange(10**20, 10**21)),
            consumer=f"3MVG9{rng.getrandbits(256):064x}",
            secret=f"{rng.getrandbits(256):064X}",
            stranger=KeyPair.new("stranger", now)
            if world.scenario in {"salesforce.auth.bad_assertion", "google.key.revoked"}
            else None,
        )

    def service_account(self, scenario: str | None) -> str:
        """The service account's key file, as Google gives it."""
        passphrase = b"nobody knows" if scenario == "google.key.unreadable" else None
        content: dict[str, Any] = {
            "type": "service_account",
            "project_id": "practice-sync",
            "private_key_id": self.google_id,
            "private_key": self.google.pem(passphrase).decode(),
            "client_email": ACCOUNT,
            "client_id": self.google_client,
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": "https://oauth2.googleapis.com/token",
            "universe_domain": "googleapis.com",
        }
        return json.dumps(content, indent=2)
