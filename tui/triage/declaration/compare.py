"""A list held against the declaration.

The list counts more than the declaration (and less than the status page): what it says is proposed, nothing is changed
by itself. Settings of a configuration are never in a list: those that are declared stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui import figures
from tui.declaration import Comparison, Difference, Entry, Kind, Listing, Section
from tui.model import User
from tui.sanitise import one_line
from tui.triage import assignment
from tui.triage.declaration.people import Known, Match, People
from tui.words import _

_NAMED_AT_MOST = 5

_Place = tuple[str, str]
"""A configuration, and how it names somebody."""


def compare(
    listing: Listing, declared: Sequence[Section], *, configuration: str = "", known: Known | None = None
) -> Comparison:
    """What the list would change in the declaration.

    `configuration` is the one that entries belong to which name none; `known` what Salesforce says of who they are,
    None where it was not asked: then only addresses, usernames and ids can be compared."""
    work = _Work(listing, declared, configuration, People(known) if known is not None else None)
    differences = [*work.said(), *work.missing()]
    order = list(Kind)
    return Comparison(
        listing=listing,
        differences=tuple(sorted(differences, key=lambda found: (order.index(found.kind), found.target.casefold()))),
        unchanged=work.unchanged,
        new=tuple(
            dict.fromkeys(
                found.target for found in differences if found.target and found.target.casefold() not in work.names
            )
        ),
        looked_up=known is not None,
    )


class _Work:
    """One comparison. It keeps which declared entries the list has accounted for: the others are missing in it."""

    def __init__(
        self, listing: Listing, declared: Sequence[Section], configuration: str, people: People | None
    ) -> None:
        self._listing, self._declared, self._people = listing, declared, people
        self.names = {str(section["name"]).casefold(): str(section["name"]) for section in declared}
        self._configuration = configuration
        self.unchanged = 0
        self._listed: dict[str, None] = {}  # the fields of a configuration that the list is known to speak of
        self._open = False  # whether a line could not be told
        self._kept: set[tuple[str, _Place]] = set()

    def said(self) -> Iterator[Difference]:
        """What the list says otherwise than the declaration, each user and profile once."""
        met: dict[str, list[tuple[Entry, Match]]] = {}
        for entry in self._listing.entries:
            match = self._match(entry)
            met.setdefault(_who(entry, match), []).append((entry, match))
        for alike in met.values():
            entry, match = alike[0]
            targets = dict.fromkeys(self._target(each) for each, _match in alike)
            if len(targets) > 1:
                yield self._contradicted(entry, match, targets)
            else:
                yield from self._said_of(entry, match)

    def missing(self) -> Iterator[Difference]:
        """What is declared and not in the list: in the configurations that the list is about, and of the kind that it
        lists (a list of users says nothing about profiles)."""
        about = set(self.names.values()) if self._listing.whole else set(map(self._target, self._listing.entries))
        for field in self._listed:
            for name, text, section in self._all(field):
                if name in about and (field, (name, text)) not in self._kept:
                    yield self._removed(field, name, text, active=section.get("active", True) is True)

    def _removed(self, field: str, name: str, text: str, *, active: bool) -> Difference:
        why = ""
        if not active:
            why = _("The configuration is not active, and the list may leave such ones out.")
        elif self._open:
            why = _("It may be one of the lines that could not be told.")
        elif not self._listing.whole:
            why = _("Only if the list is whole.")
        label = (self._people.called(text) if self._people is not None and field == "users" else "") or text
        return Difference(Kind.REMOVED, label, field == "profiles", former=((name, text),), why=why, doubtful=bool(why))

    def _said_of(self, entry: Entry, match: Match) -> Iterator[Difference]:
        if match.user is None and match.several:
            yield self._several(entry, match)
        elif match.profile:
            if match.user is not None:  # who is in it through a profile may be declared by name: that is no difference
                self._keep("users", self._places_of(match.user, entry))
            if entry.kind != "user":  # the profiles that users are in it by need not be all
                self._listed["profiles"] = None
            yield from self._profile(entry, match.profile)
        elif match.user is not None or (self._people is None and entry.kind == "user" and entry.texts):
            yield from self._user(entry, match.user)
        else:
            yield self._nobody(entry)

    def _match(self, entry: Entry) -> Match:
        """Who is meant; `profile` is set where the entry is about one, or about a user who is in it by profile."""
        if self._people is None:
            return Match(profile=entry.profile if entry.kind == "profile" or entry.via_profile else "")
        match = self._people.find(entry)
        if match.user is not None and entry.via_profile:
            return Match(match.user, entry.profile or match.user.profile)
        return match

    def _target(self, entry: Entry) -> str:
        """The configuration that an entry belongs to, as the declaration spells it; "" where that is open."""
        name = entry.configuration or self._configuration
        return self.names.get(name.casefold(), name)

    def _user(self, entry: Entry, user: User | None) -> Iterator[Difference]:
        label, target = user.name if user else entry.shown, self._target(entry)
        self._listed["users"] = None
        places = self._places_of(user, entry)
        self._keep("users", places)
        here, others = (tuple(place for place in places if (place[0] == target) is same) for same in (True, False))
        # A list of everybody that says nothing of configurations agrees with whatever one somebody is declared in.
        anywhere = self._listing.whole and not entry.configuration
        if here and others and not anywhere:
            why = _("The list has them in “{name}” only.").format(name=one_line(target, limit=80))
            yield Difference(Kind.REMOVED, label, former=others, line=entry.line, why=why)
        elif here or (anywhere and places) or (not places and self._covered(user, "" if anywhere else target)):
            self.unchanged += 1
        elif not target:
            yield _placeless(label, entry)
        else:
            kind, text = (Kind.MOVED, places[0][1]) if places else (Kind.ADDED, self._written(entry, user))
            why = "" if user is None or user.active else _("The user is inactive in Salesforce.")
            yield Difference(kind, label, entry=text, target=target, former=others, line=entry.line, why=why)

    def _covered(self, user: User | None, target: str) -> bool:
        """Whether the user is in that configuration ("": in any) through their profile."""
        return user is not None and any(
            text.casefold() == user.profile.casefold() and (not target or name == target)
            for name, text, _section in self._all("profiles")
        )

    def _profile(self, entry: Entry, profile: str) -> Iterator[Difference]:
        target = self._target(entry)
        places = [(name, text) for name, text, _section in self._all("profiles") if _same(text, profile)]
        if not self._listing.whole:  # a list of one configuration does not say whether others have the profile too
            places = [place for place in places if place[0] == target]
        self._keep("profiles", places)
        if any(name == target or not target for name, _text in places):
            self.unchanged += 1
        elif not target:
            yield _placeless(profile, entry)
        else:
            kind, former = (Kind.MOVED, tuple(places)) if places else (Kind.ADDED, ())
            yield Difference(kind, profile, True, entry=profile, target=target, former=former, line=entry.line)

    def _several(self, entry: Entry, match: Match) -> Difference:
        """Several may be meant: they are named, nobody is written down, and none of them is taken away."""
        self._open = True
        for user in match.several:
            self._keep("users", self._places_of(user, entry))
        if match.either:
            why = _("It is the name of a user and of a profile.")
        else:
            names = ", ".join(f"{user.name} ({user.username})" for user in match.several[:_NAMED_AT_MOST])
            why = _("Several users match: {names}. Name the right one by username.").format(names=names)
        return Difference(Kind.AMBIGUOUS, entry.shown, line=entry.line, why=why)

    def _contradicted(self, entry: Entry, match: Match, targets: Iterable[str]) -> Difference:
        """The list has the same one in several configurations."""
        if match.profile:
            self._keep(
                "profiles", [(name, text) for name, text, _ in self._all("profiles") if _same(text, match.profile)]
            )
            why = _("The list has this profile in several configurations: {names}.")
        else:
            self._keep("users", self._places_of(match.user, entry))
            why = _("The list has them in several configurations, of which Salesforce keeps one: {names}.")
        named = ", ".join(figures.quoted(one_line(name, limit=60)) for name in targets)
        label = match.profile or (match.user.name if match.user else entry.shown)
        return Difference(Kind.AMBIGUOUS, label, bool(match.profile), line=entry.line, why=why.format(names=named))

    def _nobody(self, entry: Entry) -> Difference:
        self._open = self._open or not entry.texts
        self._keep("users", self._places_of(None, entry))
        if self._people is None:
            why = _("A name alone says nothing while Salesforce cannot be asked whose it is.")
        elif entry.kind == "profile":
            why = _("Salesforce has no such profile.")
        elif entry.kind:
            why = _("Salesforce has no such user.")
        else:
            why = _("Salesforce has no such user and no such profile.")
        return Difference(Kind.UNKNOWN, entry.shown, entry.kind == "profile", line=entry.line, why=why)

    def _places_of(self, user: User | None, entry: Entry) -> list[_Place]:
        """Where the declaration has that user by name."""
        return [
            (name, text)
            for name, text, _section in self._all("users")
            if any(_same(text, known) for known in entry.texts)
            or (user is not None and assignment.listed((text,), user))
        ]

    def _all(self, field: str) -> Iterator[tuple[str, str, Section]]:
        """Every declared user (or profile), with the configuration that it stands in."""
        for section in self._declared:
            for text in section.get(field, ()):
                yield str(section["name"]), text, section

    def _keep(self, field: str, places: Iterable[_Place]) -> None:
        """These declared ones are in the list."""
        self._kept |= {(field, place) for place in places}

    def _written(self, entry: Entry, user: User | None) -> str:
        """How the config file names the user: by the address that the list gives where it is theirs alone, else by the
        username."""
        if user is None or self._people is None:
            return entry.username or entry.email or entry.address or entry.id
        listed = any(_same(user.email, text) for text in entry.texts)
        return user.email if listed and self._people.has_alone(user.email) else user.username


def _who(entry: Entry, match: Match) -> str:
    """The same text for entries that mean the same user or profile."""
    if match.profile:
        return f"profile {match.profile.casefold()}"
    if match.user is not None:
        return f"user {match.user.id}"
    return f"text {entry.texts[0].casefold()}" if entry.texts else f"line {entry.line}"


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _placeless(label: str, entry: Entry) -> Difference:
    why = _("Its line names no configuration.")
    return Difference(Kind.AMBIGUOUS, label, entry.kind == "profile", line=entry.line, why=why)
