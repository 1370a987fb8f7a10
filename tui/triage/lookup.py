"""Those whom the declared configurations name, as Salesforce knows them: users, and how many have a profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.model import Configuration, Resolution, ServiceError, User
from tui.triage.resolve import resolve

if TYPE_CHECKING:
    from tui.salesforce.client import Salesforce


@dataclass(frozen=True, slots=True)
class Lookup:
    """What Salesforce says of those whom the configurations name. `named` is entry -> whom it names, `profiles` is
    profile, as `plain` has it, -> how many active users have it; None is what could not be read, for `problem`."""

    named: Mapping[str, Resolution] | None = None
    profiles: Mapping[str, int] | None = None
    problem: str = ""

    def users(self, configuration: Configuration) -> list[User]:
        """The users that the configuration names, inactive ones too, each once."""
        found = [self.named[entry] for entry in configuration.users if entry in self.named] if self.named else []
        return list({user.id: user for one in found for user in one.users}.values())


def plain(profile: str) -> str:
    """A profile's name, as two of them are compared."""
    return profile.strip().casefold()


async def look_up(salesforce: Salesforce, configurations: Sequence[Configuration]) -> Lookup:
    """Ask for everybody named, and for how many users each profile has: few requests. What is refused is said."""
    entries = list(dict.fromkeys(entry for each in configurations for entry in each.users))
    named: Mapping[str, Resolution] | None = None
    profiles: Mapping[str, int] | None = None
    problem = ""
    try:
        profiles = {plain(name): people for name, people in (await salesforce.active_by_profile()).items()}
    except ServiceError as error:
        problem = error.message
    try:
        named = dict(zip(entries, await resolve(salesforce, entries), strict=True))
    except ServiceError as error:
        problem = error.message
    return Lookup(named, profiles, problem)
