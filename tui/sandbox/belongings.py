"""The contacts and events that the people of the practice organisation own: made when asked, the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tui.sandbox.names import FAMILY, GIVEN, address
from tui.sandbox.state import Person, World, salesforce_id, utc

CONTACTS, EVENTS = (8, 140), (30, 420)
"""How many of each a person owns, at least and at most."""

_MOST = 1000
_SUBJECTS = {
    "fr": ("Point hebdomadaire", "Rendez-vous client", "Démonstration", "Déjeuner", "Visite du chantier", "Appel"),
    "en": ("Weekly meeting", "Customer visit", "Demonstration", "Lunch", "Site visit", "Call"),
}


def contacts(world: World, person: Person) -> Iterator[dict[str, Any]]:
    """What the table Contact holds of this owner."""
    rng = random.Random(f"{world.seed} {person.id} contacts")
    for number in range(rng.randint(*CONTACTS)):
        first, last = rng.choice(GIVEN), rng.choice(FAMILY)
        made = utc(world.started - timedelta(days=rng.uniform(1, 700)))
        yield {
            "Id": _id(person, "003", number),
            "FirstName": first,
            "LastName": last,
            "Name": f"{first} {last}",
            "Phone": None,
            "Email": f"{address(first, last)}@customer.example",
            "OwnerId": person.id,
            "CreatedDate": made,
            "LastModifiedDate": made,
        }


def events(world: World, person: Person) -> Iterator[dict[str, Any]]:
    """What the table Event holds of this owner: of the last year and the next two months, at full hours."""
    rng = random.Random(f"{world.seed} {person.id} events")
    for number in range(rng.randint(*EVENTS)):
        day = world.started.replace(hour=0, minute=0, second=0) + timedelta(days=rng.randint(-365, 60))
        begin = day + timedelta(hours=rng.randint(7, 17))
        made = utc(min(begin - timedelta(days=5), world.started - timedelta(hours=1)))
        yield {
            "Id": _id(person, "00U", number),
            "Subject": rng.choice(_SUBJECTS[world.lang]),
            "OwnerId": person.id,
            "WhoId": None,
            "WhatId": None,
            "CreatedById": person.id,
            "StartDateTime": utc(begin),
            "EndDateTime": utc(begin + timedelta(hours=1)),
            "CreatedDate": made,
            "LastModifiedDate": made,
            "IsAllDayEvent": False,
            "IsPrivate": rng.random() < 0.1,
        }


def _id(person: Person, prefix: str, number: int) -> str:
    return salesforce_id(prefix, int.from_bytes(person.id[9:15].encode()) * _MOST + number)
