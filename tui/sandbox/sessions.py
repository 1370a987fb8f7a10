"""What the practice Salesforce has given out: access tokens, one-time passwords of the UI bridge, browser sessions."""

from __future__ import annotations

import secrets
import string
import time
from dataclasses import dataclass, field

TOKEN_SECONDS = 7200.0
OTP_SECONDS = 60.0
_LETTERS = string.ascii_letters + string.digits


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _number in range(length))


@dataclass(slots=True)
class Sessions:
    """Everything ends by itself; an OTP also by its first use."""

    org_id: str
    tokens: dict[str, tuple[frozenset[str], float]] = field(default_factory=dict)
    otps: dict[str, float] = field(default_factory=dict)
    sids: dict[str, float] = field(default_factory=dict)

    def token(self, scopes: frozenset[str]) -> str:
        token = f"{self.org_id[:15]}!AQ0A{_random(92)}"
        self.tokens[token] = (scopes, time.monotonic() + TOKEN_SECONDS)
        return token

    def scopes(self, token: str) -> frozenset[str] | None:
        """The scopes of a token that is good; None for any other."""
        scopes, until = self.tokens.get(token, (frozenset(), 0.0))
        return scopes if until > time.monotonic() else None

    def otp(self) -> str:
        otp = _random(64)
        self.otps[otp] = time.monotonic() + OTP_SECONDS
        return otp

    def enter(self, otp: str) -> str | None:
        """A browser session for an OTP, which is used up by it; None when the OTP is not good."""
        if self.otps.pop(otp, 0.0) <= time.monotonic():
            return None
        sid = f"{self.org_id[:15]}!AQ0B{_random(92)}"
        self.sids[sid] = time.monotonic() + TOKEN_SECONDS
        return sid

    def browsing(self, sid: str) -> bool:
        return self.sids.get(sid, 0.0) > time.monotonic()
