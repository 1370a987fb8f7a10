"""One person on both sides: what Salesforce says of the user, and what Google says of the account, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.model import Finding, Status, User
from tui.triage.catalogue import plain
from tui.words import N_, _

_CALENDAR, _DIRECTORY, _ANSWERS = "google.call.calendar", "google.directory", "google.call."
_ASKED = ("google.token.", "google.call.")
_KEY_REFUSED = ("google.key.", "google.account.", "google.delegation.")
_CLOSED: Mapping[str, str] = {
    "google.user.suspended": N_("suspended"),
    "google.user.deleted": N_("deleted"),
    "google.user.unknown": N_("not known"),
}


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that both sides may say of the person, "" where a side says nothing of it. `differs`: they contradict
    each other."""

    id: str
    salesforce: str
    google: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """The state of the person's account on one side. `ok` is None where it is not known."""

    word: str
    ok: bool | None


@dataclass(frozen=True, slots=True)
class Identities:
    """`traits` are name, address, mailbox, aliases, username and profile, as far as anything is known of each."""

    salesforce: Account
    google: Account
    traits: tuple[Trait, ...]

    @property
    def differs(self) -> bool:
        """Whether the sides contradict each other: one account is open and the other is not, or a trait differs."""
        return any(trait.differs for trait in self.traits) or (
            None not in (self.salesforce.ok, self.google.ok) and self.salesforce.ok != self.google.ok
        )

    def trait(self, id_: str) -> Trait:
        """The trait of that id; an empty one where nothing is known."""
        return next((trait for trait in self.traits if trait.id == id_), Trait(id_, "", ""))


def identities(user: User, findings: Sequence[Finding]) -> Identities:
    """What the findings say of the person's Google account, beside the Salesforce user. Before they come, Google's
    side is not known."""
    by_id = {finding.id: finding for finding in findings}
    directory = _evidence(by_id.get(_DIRECTORY))
    calendar = _evidence(by_id.get(_CALENDAR))
    refused = next((one.evidence for one in findings if one.cause == "google.user.alias"), {})
    mailbox = plain(calendar.get("calendar"))
    address = plain(directory.get("primary_email")) or plain(refused.get("primary_email"))
    address = address or (mailbox if "@" in mailbox else "")
    name = plain(directory.get("name"))
    traits = (
        Trait("name", user.name, name, bool(name) and not _same(name, user.name)),
        Trait("address", user.email, address, bool(address) and not _same(address, user.email)),
        Trait("mailbox", "", mailbox, "@" in mailbox and not _same(mailbox, user.email)),
        Trait("aliases", "", plain(directory.get("aliases"))),
        Trait("username", user.username, ""),
        Trait("profile", user.profile, ""),
    )
    return Identities(
        _salesforce(user), _google(findings, directory), tuple(t for t in traits if t.salesforce or t.google)
    )


def _salesforce(user: User) -> Account:
    if not user.active:
        return Account(_("inactive"), False)
    return Account(_("frozen"), False) if user.frozen else Account(_("active"), True)


def _google(findings: Sequence[Finding], directory: Mapping[str, object]) -> Account:
    closed = next((one.cause for one in findings if one.cause in _CLOSED and one.status is Status.FAIL), None)
    if directory.get("suspended") is True:
        return Account(_("suspended"), False)
    if directory.get("archived") is True:
        return Account(_("archived"), False)
    if closed is not None:
        return Account(_(_CLOSED[closed]), False)
    if any(one.id.startswith(_ANSWERS) and one.status is Status.PASS for one in findings) or directory:
        return Account(_("active"), True)
    if any((one.cause or "").startswith(_KEY_REFUSED) for one in findings):
        return Account(_("key refused"), None)
    asked = any(one.id.startswith(_ASKED) and one.status in {Status.FAIL, Status.UNKNOWN} for one in findings)
    return Account(_("no answer"), None) if asked else Account(_("not asked"), None)


def _evidence(finding: Finding | None) -> Mapping[str, object]:
    """What a finding holds; nothing where it only repeats what another one met."""
    return finding.evidence if finding is not None and finding.status is not Status.SKIP else {}


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
