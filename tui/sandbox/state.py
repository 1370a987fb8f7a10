"""The practice organisation as plain data: what exists, and what is broken in it. Nothing here answers a request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SIDES = ("contacts", "events")
TO_GOOGLE, TO_SALESFORCE = "salesforce_to_google", "google_to_salesforce"
DOMAIN = "atelier-lumiere.example"
ACCOUNT = "lightning-sync@practice-sync.iam.gserviceaccount.com"
PROJECT = "482910375516"
OPEN_DAYS = 30
CALENDAR_SCOPE = "https://www.googleapis.com/auth/calendar"
CONTACTS_SCOPE = "https://www.googleapis.com/auth/contacts"
DIRECTORY_SCOPE = "https://www.googleapis.com/auth/admin.directory.user.readonly"

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def salesforce_id(prefix: str, number: int) -> str:
    """An 18-character id: three characters of key prefix, then the number in base 62, then the case check."""
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    body = prefix + digits.rjust(12, "0")
    check = "".join(
        _CHECK[sum(1 << place for place, letter in enumerate(body[start : start + 5]) if letter.isupper())]
        for start in (0, 5, 10)
    )
    return body + check


@dataclass(frozen=True, slots=True)
class SyncConfiguration:
    """A Lightning Sync configuration as the organisation has it; directions as in the config file."""

    name: str
    active: bool
    profiles: tuple[str, ...]
    contacts: str
    events: str
    data_set: Mapping[str, object]
    which: str = "all"
    match: str = "Has the most recent activity"

    def direction(self, side: str) -> str:
        return self.contacts if side == "contacts" else self.events

    def syncs(self, side: str, way: str) -> bool:
        """Whether that side is synced that way (TO_GOOGLE or TO_SALESFORCE)."""
        return self.direction(side) in {"both", way}


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile with the user permissions that its hidden permission set holds."""

    name: str
    id: str
    set_id: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class PermissionSet:
    name: str
    label: str
    id: str
    permissions: frozenset[str]


@dataclass(slots=True)
class Person:
    """One Salesforce user, and what is true of this person on both sides.

    `real` is the active configuration that really applies ("" for none); `listed` are the configurations whose
    declaration names the person. `mailbox` is a key of derive.MAILBOX, `link` and `sync` are words of the page."""

    id: str
    first: str
    last: str
    email: str
    username: str
    profile: str
    kind: str
    active: bool = True
    frozen: bool = False
    listed: tuple[str, ...] = ()
    real: str = ""
    sets: tuple[str, ...] = ()
    mailbox: str = "ok"
    primary: str = ""
    link: str = "linked"
    linked_to: str = ""
    sync: str = "in_sync"
    reset_helps: bool = True
    resetting_until: datetime | None = None
    polls_left: int = 0
    resets: int = 0

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()

    def resetting(self, now: datetime) -> bool:
        """Whether a reset of this person's sync is under way."""
        return self.polls_left > 0 or (self.resetting_until is not None and now < self.resetting_until)


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """One row of the error report. `user_id` is None where the report only has a name."""

    id: str
    at: datetime
    user_id: str | None
    name: str
    type: str
    text: str
    direction: str


@dataclass(frozen=True, slots=True)
class AuditRecord:
    id: str
    at: datetime
    by: str
    action: str
    section: str
    display: str


@dataclass(slots=True)
class World:
    """The whole practice organisation. `scenario` is the cause of the whole organisation, or None when it works;
    `quiet` is how long ago it last synced, at any moment."""

    seed: int
    lang: str
    scenario: str | None
    started: datetime
    org_id: str
    report_id: str
    people: list[Person]
    profiles: dict[str, Profile]
    sets: dict[str, PermissionSet]
    configurations: dict[str, SyncConfiguration]
    errors: list[ErrorRecord]
    audit: list[AuditRecord]
    quiet: timedelta
    admin: Person
    by_name: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_email: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for person in self.people:
            self.by_name[person.name.lower()].append(person)
            self.by_email[person.email.lower()].append(person)
            self.by_id[person.id] = person

    @property
    def locale(self) -> str:
        return "fr_FR" if self.lang == "fr" else "en_US"

    @property
    def zone_name(self) -> str:
        return "Europe/Paris" if self.lang == "fr" else "America/New_York"

    @property
    def zone(self) -> tzinfo:
        """The acting user's time zone; where the host has no time zone data, its winter offset."""
        try:
            return ZoneInfo(self.zone_name)
        except ZoneInfoNotFoundError:
            return timezone(timedelta(hours=1 if self.lang == "fr" else -5))

    @property
    def report_name(self) -> str:
        return "Erreurs de synchronisation Google" if self.lang == "fr" else "Google sync errors"

    def written(self, moment: datetime) -> str:
        """A moment as Salesforce writes it for the acting user: to the minute, in that locale and time zone."""
        local = moment.astimezone(self.zone)
        if self.lang == "fr":
            return local.strftime("%d/%m/%Y %H:%M")
        return f"{local.month}/{local.day}/{local.year} {local.hour % 12 or 12}:{local:%M %p}"

    def owner(self, error: ErrorRecord) -> Person | None:
        """Whom a row is about: by id, else by its name when only one user has it."""
        if error.user_id is not None:
            return self.by_id.get(error.user_id)
        named = self.by_name.get(error.name.lower(), [])
        return named[0] if len(named) == 1 else None


def utc(moment: datetime) -> str:
    """A moment as the REST API writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
