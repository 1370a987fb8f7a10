"""Which org is worked with."""

from __future__ import annotations

from dataclasses import dataclass

from tui.model import Finding, Org


@dataclass(frozen=True, slots=True)
class Connect:
    """Log in, and say who answers. Answered by Connecting, then by Connected or NotConnected, then by Unfinished if a
    write was left."""


@dataclass(frozen=True, slots=True)
class ListOrgs:
    """Which orgs have a config file. Answered by OrgsListed."""


@dataclass(frozen=True, slots=True)
class SwitchOrg:
    """Leave this org for the one of that name: everything else that was asked is given up. Answered by OrgSwitched,
    then as Connect; or by Failed, and nothing has changed: no such file, a file that is wrong, a write in flight."""

    name: str


Request = Connect | ListOrgs | SwitchOrg


@dataclass(frozen=True, slots=True)
class Connecting:
    """`where` is the domain that is being asked."""

    ticket: int
    where: str


@dataclass(frozen=True, slots=True)
class Connected:
    ticket: int
    org: Org


@dataclass(frozen=True, slots=True)
class NotConnected:
    ticket: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class OrgsListed:
    ticket: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrgSwitched:
    """From here on every event is about that org."""

    ticket: int
    name: str


Event = Connecting | Connected | NotConnected | OrgsListed | OrgSwitched
