"""The organisation and its users."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.kinds import OrgKind


@dataclass(frozen=True, slots=True)
class Org:
    """The Salesforce organisation that answers, and the user it knows us as."""

    id: str
    name: str
    instance: str
    sandbox: bool
    practice: bool
    domain: str
    acting_user: str
    acting_user_id: str
    language: str = ""
    locale: str = ""
    time_zone: str = ""
    edition: str = ""
    api_version: str = ""

    @property
    def kind(self) -> OrgKind:
        if self.practice:
            return OrgKind.PRACTICE
        return OrgKind.SANDBOX if self.sandbox else OrgKind.PRODUCTION


@dataclass(frozen=True, slots=True)
class User:
    """One row of Salesforce's User object. `frozen` is None where UserLogin cannot be read."""

    id: str
    name: str
    username: str
    email: str
    active: bool
    frozen: bool | None = None
    profile_id: str = ""
    profile: str = ""
    user_type: str = ""
    raw_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a USER argument names. Exactly one of `users` and `problem` is filled.

    `problem` is a sentence (nobody, or a full name that fits several people): a usage error."""

    query: str
    users: tuple[User, ...] = ()
    problem: str = ""
