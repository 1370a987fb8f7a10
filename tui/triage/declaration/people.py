"""Who in Salesforce the entries of a list are: by id, username or address first, by full name where nothing else is
given. Nobody is guessed at: a name that several people have stays open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.declaration import Entry, Listing, Section
from tui.model import ServiceError, User

if TYPE_CHECKING:
    from tui.salesforce.client import Salesforce

_CORE = 15


@dataclass(frozen=True, slots=True)
class Wanted:
    """What Salesforce is asked for."""

    ids: tuple[str, ...]
    addresses: tuple[str, ...]
    names: tuple[str, ...]
    profiles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What it answered: users, inactive ones included, and those of the names that are profiles' (None: profiles could
    not be read)."""

    users: tuple[User, ...]
    profiles: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Match:
    """What an entry comes to: the one user, or the profile's name; else `several` users, or nobody. `either`: the name
    is a user's and a profile's."""

    user: User | None = None
    profile: str = ""
    several: tuple[User, ...] = ()
    either: bool = False


def wanted(listing: Listing, declared: Sequence[Section] = ()) -> Wanted:
    """What to ask Salesforce for, to know who is meant by the list and by the declaration."""
    entries = listing.entries
    texts = [text for section in declared for text in section.get("users", ())]
    return Wanted(
        ids=_each([*(entry.id for entry in entries), *(text for text in texts if "@" not in text)]),
        addresses=_each(
            [
                *(text for entry in entries for text in (entry.username, entry.email, entry.address)),
                *(text for text in texts if "@" in text),
            ]
        ),
        names=_each(name for entry in entries if not entry.texts for name in full_names(entry.name)),
        profiles=_each(
            name for entry in entries if not entry.texts for name in (entry.profile, "" if entry.kind else entry.name)
        ),
    )


async def look_up(salesforce: Salesforce, listing: Listing, declared: Sequence[Section] = ()) -> Known:
    """Ask Salesforce for everybody whom the list and the declaration name. Raises ServiceError."""
    asked = wanted(listing, declared)
    found = [
        *await salesforce.users_by_ids(asked.ids),
        *await salesforce.users_by_emails(asked.addresses),
        *await salesforce.users_by_usernames(asked.addresses),
        *await salesforce.users_by_names(asked.names),
    ]
    try:
        profiles = await salesforce.profiles(asked.profiles)
    except ServiceError as error:
        if error.cause:
            raise
        profiles = None  # closed to us, which is optional
    return Known(tuple({user.id: user for user in found}.values()), profiles)


def full_names(name: str) -> tuple[str, ...]:
    """The full name as Salesforce has it: as it is given, and turned round where it is given as “Last, First”."""
    last, comma, first = name.partition(",")
    return tuple(filter(None, (name, f"{first.strip()} {last.strip()}" if comma and first.strip() else "")))


class People:
    """The users and profiles that are known, to be asked one entry at a time."""

    def __init__(self, known: Known) -> None:
        self._by_id = _grouped(known.users, lambda user: user.id[:_CORE])
        self._by_username = _grouped(known.users, lambda user: user.username.casefold())
        self._by_email = _grouped(known.users, lambda user: user.email.casefold())
        self._by_name = _grouped(known.users, lambda user: user.name.casefold())
        self._profiles = None if known.profiles is None else {name.casefold(): name for name in known.profiles}

    def find(self, entry: Entry) -> Match:
        """Who or what the entry is."""
        if entry.kind == "profile":
            return Match(profile=self._profile(entry.profile))
        found = self._users(entry)
        profile = "" if entry.kind or entry.texts else self._profile(entry.name, certain=True)
        if found and profile:
            return Match(several=found, either=True)
        if len(found) == 1:
            return Match(user=found[0])
        return Match(profile=profile, several=found)

    def called(self, text: str) -> str:
        """The name of the one user whom the declaration names by that text, "" where that is nobody or several."""
        found = self._users(Entry(0, address=text) if "@" in text else Entry(0, id=text))
        return found[0].name if len(found) == 1 else ""

    def has_alone(self, email: str) -> bool:
        """Whether one user only, of those that are known, has that address."""
        return len(self._by_email.get(email.casefold(), ())) == 1

    def _profile(self, name: str, *, certain: bool = False) -> str:
        """The profile as Salesforce writes its name, "" where there is none; as the list writes it where profiles
        could not be read, unless it must be `certain`."""
        if self._profiles is None:
            return "" if certain else name
        return self._profiles.get(name.casefold(), "")

    def _users(self, entry: Entry) -> tuple[User, ...]:
        """The users who may be meant, narrowed by what else the list says of them."""
        for key, known in (
            (entry.id[:_CORE], self._by_id),
            (entry.username.casefold(), self._by_username),
            (entry.email.casefold(), self._by_email),
            (entry.address.casefold(), self._by_email),
            (entry.address.casefold(), self._by_username),
            (entry.email.casefold(), self._by_username),
            (entry.username.casefold(), self._by_email),
        ):
            if key and (found := known.get(key)):
                return _narrowed(found, entry)
        if entry.texts:
            return ()
        named = [user for name in full_names(entry.name) for user in self._by_name.get(name.casefold(), ())]
        return _narrowed(named, entry)


def _narrowed(users: Sequence[User], entry: Entry) -> tuple[User, ...]:
    names = {name.casefold() for name in full_names(entry.name)}
    tests: tuple[Callable[[User], bool], ...] = (
        lambda user: user.name.casefold() in names,
        lambda user: bool(entry.profile) and user.profile.casefold() == entry.profile.casefold(),
    )
    for fits in tests:
        users = list(filter(fits, users)) or users if len(users) > 1 else users
    return tuple(users)


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))


def _grouped(users: Iterable[User], key: Callable[[User], str]) -> dict[str, list[User]]:
    groups: dict[str, list[User]] = defaultdict(list)
    for user in users:
        groups[key(user)].append(user)
    return groups
