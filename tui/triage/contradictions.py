"""What does not fit in the declared configurations, each thing with a sentence that explains it.

Salesforce's rules on assignments stand in `assignment`, the conditions of a broken one in `checks.declaration`: here
they are only asked, for everybody at once. Nothing here is a fault by itself: the status page has the last word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from tui import figures
from tui.model import EMPTY, Configuration, Contradiction, Finding, User
from tui.triage.assignment import effective
from tui.triage.checks import declaration
from tui.triage.lookup import Lookup, plain
from tui.words import _, ngettext

Configurations = Sequence[Configuration]
Rule = Callable[[Configurations, Lookup], Iterator[Contradiction]]


def contradictions(
    configurations: Configurations,
    known: Lookup,
    findings: Sequence[Finding] = (),
    said: Mapping[str, bool] = EMPTY,
) -> tuple[Contradiction, ...]:
    """All of them, the gravest kinds first; `known` is what Salesforce says of those who are named. What the status
    page says otherwise comes from `findings`, of the users tested with just now, and from `said`: user id -> whether
    the last check found the user in an active configuration."""
    found = [one for rule in RULES for one in rule(configurations, known)]
    found += _page_says(configurations, known, said)
    now = [finding.summary for finding in findings if finding.id == f"{declaration.ASSIGNMENT}.declaration"]
    told = [one.sentence for one in found]
    fresh = [sentence for sentence in dict.fromkeys(now) if not any(one.endswith(sentence) for one in told)]
    return (*found, *(Contradiction((), sentence) for sentence in fresh))


def _page_says(configurations: Configurations, known: Lookup, said: Mapping[str, bool]) -> Iterator[Contradiction]:
    """Users who are named, and of whom the status page said otherwise when they were last checked."""
    told: dict[str, list[User]] = defaultdict(list)
    for user, own in _each(configurations, known):
        found = effective(user, own, page_assigned=said.get(user.id))
        if found.disagrees:
            told[found.why].append(user)
    for why, users in told.items():
        yield _about((), why, [user.name or user.email for user in users])


def _each(configurations: Configurations, known: Lookup) -> Iterator[tuple[User, Configurations]]:
    """Every user who is named, with the configurations as if they named nobody else: thousands may be named."""
    people = [{user.id: user for user in known.users(each)} for each in configurations]
    for user in {identifier: user for found in people for identifier, user in found.items()}.values():
        yield (
            user,
            [
                replace(each, users=(user.id,) if user.id in found else ())
                for each, found in zip(configurations, people, strict=True)
            ],
        )


def _none_active(configurations: Configurations, _known: Lookup) -> Iterator[Contradiction]:
    if configurations and not any(each.active for each in configurations):
        yield Contradiction((), _("Not one of the declared configurations is active: nobody syncs by this file."))


def _empty(configurations: Configurations, _known: Lookup) -> Iterator[Contradiction]:
    for each in configurations:
        if each.active and not each.users and not each.profiles:
            sentence = _("“{name}” is active, but nobody is assigned to it: no user and no profile.")
            yield Contradiction((each.name,), sentence.format(name=each.name))


def _no_direction(configurations: Configurations, _known: Lookup) -> Iterator[Contradiction]:
    for each in configurations:
        if declaration.syncs_nothing(each):
            sentence = _("“{name}” syncs neither contacts nor events in any direction: whoever is in it does not sync.")
            yield Contradiction((each.name,), sentence.format(name=each.name))


def _no_contacts(configurations: Configurations, _known: Lookup) -> Iterator[Contradiction]:
    for each in configurations:
        if declaration.keeps_contacts_out(each):
            sentence = _(
                "“{name}” has “Selected Contacts” without “User's Records” in its data set: no contact syncs. Choose "
                "both, or “All Contacts”."
            )
            yield Contradiction((each.name,), sentence.format(name=each.name))


def _same_name(configurations: Configurations, _known: Lookup) -> Iterator[Contradiction]:
    names: dict[str, list[str]] = defaultdict(list)
    for each in configurations:
        names[each.name.strip().casefold()].append(each.name)
    for same in names.values():
        if len(same) > 1:
            sentence = _(
                "{n} configurations are called “{name}”; in Salesforce a name is unique, so one of them is not there."
            )
            yield Contradiction((same[0],), sentence.format(n=len(same), name=same[0]))


def _claimed_twice(configurations: Configurations, known: Lookup) -> Iterator[Contradiction]:
    """Users whom several configurations name, or name beside the one of their profile: which of them counts, and why.
    Those for whom the same is true stand together."""
    told: dict[tuple[tuple[str, ...], str], list[User]] = defaultdict(list)
    for user, own in _each(configurations, known):
        found = effective(user, own, page_assigned=None)
        if found.overridden is not None:
            told[tuple(each.name for each in found.declared_in), found.why].append(user)
    for (names, why), users in told.items():
        yield _about(names, why, [user.name or user.email for user in users])


def _profiles_twice(configurations: Configurations, _known: Lookup) -> Iterator[Contradiction]:
    for profile in {plain(profile): profile for each in configurations for profile in each.profiles}.values():
        anybody = User(id="", name="", username="", email="", active=True, profile=profile)
        found = effective(anybody, configurations, page_assigned=None)
        if found.overridden is not None:
            sentence = _("Profile “{profile}”: {why}").format(profile=profile, why=found.why)
            yield Contradiction(tuple(each.name for each in found.declared_in), sentence)


def _inactive(configurations: Configurations, _known: Lookup) -> Iterator[Contradiction]:
    for each in configurations:
        if not each.active and (each.users or each.profiles):
            sentence = _(
                "“{name}” is not active, and people are assigned to it: it does not sync them. Salesforce advises"
                " against it; take them out, or activate it."
            )
            yield Contradiction((each.name,), sentence.format(name=each.name))


def _unknown_users(configurations: Configurations, known: Lookup) -> Iterator[Contradiction]:
    for each in configurations:
        entries = dict.fromkeys(each.users)
        for entry in entries:
            if known.named and entry in known.named and known.named[entry].problem:
                yield Contradiction((each.name,), figures.pair(figures.quoted(each.name), known.named[entry].problem))


def _leavers(configurations: Configurations, known: Lookup) -> Iterator[Contradiction]:
    for each in configurations:
        left = [user.name or user.email for user in known.users(each) if not user.active]
        if left:
            sentence = ngettext(
                "“{name}” names a user who is not active in Salesforce.",
                "“{name}” names {n} users who are not active in Salesforce.",
                len(left),
            )
            yield _about((each.name,), sentence.format(name=each.name, n=len(left)), left)


def _named_twice(configurations: Configurations, known: Lookup) -> Iterator[Contradiction]:
    """The same user twice in one configuration: by address and by id, say."""
    for each in configurations:
        entries = [(known.named or {}).get(entry) for entry in each.users]
        times = Counter(one.users[0].id for one in entries if one is not None and len(one.users) == 1)
        twice = sorted({user.name or user.email for user in known.users(each) if times[user.id] > 1})
        if twice:
            sentence = _("“{name}” names the same user more than once.").format(name=each.name)
            yield _about((each.name,), sentence, twice)


def _unknown_profiles(configurations: Configurations, known: Lookup) -> Iterator[Contradiction]:
    for each in configurations if known.profiles is not None else ():
        for profile in dict.fromkeys(each.profiles):
            if not (known.profiles or {}).get(plain(profile)):
                sentence = _(
                    "“{name}”: no active user has the profile “{profile}”. Its name is spelt differently, or it brings"
                    " nobody."
                )
                yield Contradiction((each.name,), sentence.format(name=each.name, profile=profile))


RULES: tuple[Rule, ...] = (
    _none_active,
    _no_direction,
    _no_contacts,
    _empty,
    _claimed_twice,
    _profiles_twice,
    _inactive,
    _same_name,
    _unknown_users,
    _unknown_profiles,
    _leavers,
    _named_twice,
)


def _about(names: tuple[str, ...], why: str, who: Sequence[str]) -> Contradiction:
    sentence = ngettext("{who}: {why}", "{who} and {others} more: {why}", len(who))
    return Contradiction(names, sentence.format(who=who[0], others=len(who) - 1, why=why), tuple(who))
