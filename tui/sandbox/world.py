"""Builds the practice organisation from a seed: the same seed, size, language and start give the same world."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tui.sandbox.kinds import CONFIGURATIONS, KINDS, PROFILES, SETS, WELL, Kind
from tui.sandbox.names import address, pairs
from tui.sandbox.state import (
    DOMAIN,
    OPEN_DAYS,
    AuditRecord,
    ErrorRecord,
    PermissionSet,
    Person,
    Profile,
    World,
    salesforce_id,
)
from tui.sandbox.texts import AUDIT, ERRORS

_NORMAL_USERS = 400
_LONG_RESET = timedelta(days=30)
_MANY_ERRORS = 10_000  # from here on the report has one day of 15 % of its rows, and rows that are equal to others
_BUSY_DAY_AGO = timedelta(days=100)
_OLD_TYPES = ("Connection", "UserMapping", "UserMapping", "Sync")
_OLD_TEXTS = {"Connection": "connection", "UserMapping": "user_mapping", "Sync": "other"}


def build(*, seed: int, users: int, errors: int, lang: str, scenario: str | None, now: datetime) -> World:
    """The world of these options at that moment (UTC). At least the people of every kind are there."""
    return _Builder(seed, lang, now).build(users, errors, scenario)


class _Builder:
    def __init__(self, seed: int, lang: str, now: datetime) -> None:
        self.rng = random.Random(seed)
        self.seed = seed
        self.lang = lang
        self.now = now.astimezone(UTC).replace(microsecond=0)
        self.ids = itertools.count(self.rng.randrange(62**5, 62**6))
        self.names = pairs(self.rng)
        self.addresses: set[str] = set()
        self.people: list[Person] = []
        self.errors: list[ErrorRecord] = []

    def id(self, prefix: str) -> str:
        return salesforce_id(prefix, next(self.ids))

    def build(self, users: int, errors: int, scenario: str | None) -> World:
        org_id, report_id = self.id("00D"), self.id("00O")
        profiles = {
            name: Profile(name, self.id("00e"), self.id("0PS"), permissions) for name, permissions in PROFILES.items()
        }
        sets = {
            name: PermissionSet(name, label, self.id("0PS"), permissions) for name, (label, permissions) in SETS.items()
        }
        admin = self.person(
            "Camille",
            "Rousseau",
            "admin",
            {"profile": "System Administrator", "listed": (CONFIGURATIONS[0].name,), "real": CONFIGURATIONS[0].name},
        )
        share = min(1.0, users / _NORMAL_USERS)
        for kind in KINDS:
            self.kind(kind, max(1, round(kind.count * share)))
        self.well(users - len(self.people))
        others = self.people[1:]
        self.rng.shuffle(others)
        self.people = [admin, *others]
        self.old_errors(errors - len(self.errors), errors if errors >= _MANY_ERRORS else 0)
        self.errors.sort(key=lambda error: (error.at, error.id), reverse=True)
        return World(
            seed=self.seed,
            lang=self.lang,
            scenario=scenario,
            started=self.now,
            org_id=org_id,
            report_id=report_id,
            people=self.people,
            profiles=profiles,
            sets=sets,
            configurations={configuration.name: configuration for configuration in CONFIGURATIONS},
            errors=self.errors,
            audit=list(self.audit(admin)),
            quiet=_quiet(scenario),
            admin=admin,
        )

    # People

    def person(self, first: str, last: str, kind: str, changes: Mapping[str, Any]) -> Person:
        local = unique = address(first, last)
        for number in itertools.count(2):
            if unique not in self.addresses:
                break
            unique = f"{local}{number}"
        self.addresses.add(unique)
        email = f"{unique}@{DOMAIN}"
        person = Person(
            id=self.id("005"),
            first=first,
            last=last,
            email=email,
            username=f"{unique}@practice.{DOMAIN}",
            **{"kind": kind, "primary": email, **changes},
        )
        if person.mailbox in {"alias", "alias_late"}:
            person.primary = f"{unique.replace('.', '')}@{DOMAIN}"
        if person.link == "mismatch":
            person.linked_to = f"{unique.split('.')[-1]}.old@{DOMAIN}"
        self.people.append(person)
        return person

    def kind(self, kind: Kind, count: int) -> None:
        names = iter(kind.names)
        for _number in range(max(count, len(kind.names))):
            first, last = next(names, None) or next(self.names)
            person = self.person(first, last, kind.name, kind.changes)
            if kind.resetting:
                person.resetting_until = self.now + _LONG_RESET
            if kind.partner is not None:
                shared, changes = kind.partner
                same_name = shared == "name"
                other = self.person(*((first, last) if same_name else next(self.names)), kind.name, changes)
                if not same_name:
                    other.email, other.primary = person.email, person.primary
            for _error in range(kind.open):
                age = timedelta(days=self.rng.uniform(0.3, OPEN_DAYS - 5))
                self.error(person, self.now - age, kind.type, kind.text, by_name=kind.by_name)

    def well(self, count: int) -> None:
        ways = [changes for weight, changes in WELL for _number in range(weight)]
        for _number in range(count):
            self.person(*next(self.names), "well", self.rng.choice(ways))

    # Errors

    def error(self, person: Person, at: datetime, type_: str, text: str, *, by_name: bool = False) -> None:
        self.errors.append(
            ErrorRecord(
                id=self.id("0Gw"),
                at=at.replace(microsecond=0),
                user_id=None if by_name else person.id,
                name=person.name,
                type=type_,
                text=self.rng.choice(ERRORS[text])[self.lang].format(email=person.email),
                direction=self.rng.choice(("salesforce_to_google", "google_to_salesforce")),
            )
        )

    def old_errors(self, count: int, many: int) -> None:
        """Errors too old to be open. Of `many` errors, one day has 15 % and 1 % are there twice."""
        first = datetime(self.now.year - 1, 1, 2, tzinfo=UTC)
        span = self.now - timedelta(days=OPEN_DAYS + 5) - first
        busy, twice = many * 3 // 20, many // 100
        for _number in range(max(0, count - busy - twice)):
            self.old_error(first, span)
        if many:
            # from noon in Greenwich, eight hours are of one day in both of the org's time zones
            noon = (self.now - _BUSY_DAY_AGO).replace(hour=12, minute=0, second=0)
            for _number in range(busy):
                self.old_error(noon, timedelta(hours=8))
            old = self.errors[twice - count :]
            self.errors += [replace(error, id=self.id("0Gw")) for error in self.rng.sample(old, twice)]

    def old_error(self, first: datetime, span: timedelta) -> None:
        type_ = self.rng.choice(_OLD_TYPES)
        at = first + timedelta(seconds=self.rng.uniform(0, span.total_seconds()))
        self.error(self.rng.choice(self.people), at, type_, _OLD_TEXTS[type_], by_name=self.rng.random() < 0.04)

    def audit(self, admin: Person) -> Iterator[AuditRecord]:
        at = self.now
        for action, section, display in AUDIT * 6:
            at -= timedelta(hours=self.rng.uniform(5, 120))
            subject = self.rng.choice(self.people)
            text = display[self.lang].format(name=subject.name, username=subject.username)
            yield AuditRecord(self.id("0Ym"), at.replace(microsecond=0), admin.id, action, section[self.lang], text)


def _quiet(scenario: str | None) -> timedelta:
    """How long ago the organisation last synced: minutes when it works, hours when it is broken."""
    if scenario is None:
        return timedelta(minutes=4)
    return timedelta(days=3) if scenario == "salesforce.connection.stalled" else timedelta(hours=5)
