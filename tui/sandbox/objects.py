"""The sObjects of the practice organisation: their fields, and their rows made from the world when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tui.sandbox.belongings import contacts, events
from tui.sandbox.state import Person, World, salesforce_id, utc

Row = dict[str, Any]
GOOGLE_SITE = "https://www.googleapis.com"


@dataclass(frozen=True, slots=True)
class Table:
    """An sObject. `fields`: name -> type; `parents`: relationship -> (id field, table); `hidden` cannot be filtered;
    `owned` makes the rows of one owner, where there are too many to make them all for a query about one."""

    name: str
    label: str
    prefix: str
    fields: Mapping[str, str]
    rows: Callable[[World], Iterable[Row]]
    parents: Mapping[str, tuple[str, str]]
    hidden: frozenset[str] = frozenset()
    tooling: bool = False
    owned: Callable[[World, Person], Iterable[Row]] | None = None


def _stamp(world: World, days: int = 400) -> str:
    return utc(world.started - timedelta(days=days))


def _bare(world: World, number: int, prefix: str) -> str:
    """An id for what has no id in the world, the same whenever it is asked."""
    return salesforce_id(prefix, world.seed * 1_000_000 + number)


def _user(world: World, person: Person) -> Row:
    profile = world.profiles[person.profile]
    admin = person is world.admin
    return {
        "Id": person.id,
        "Username": person.username,
        "LastName": person.last,
        "FirstName": person.first,
        "Name": person.name,
        "Email": person.email,
        "Alias": person.username[:8],
        "IsActive": person.active,
        "ProfileId": profile.id,
        "UserType": "Standard",
        "UserRoleId": None,
        "FederationIdentifier": None,
        "LanguageLocaleKey": "fr" if world.lang == "fr" else "en_US",
        "LocaleSidKey": world.locale,
        "TimeZoneSidKey": world.zone_name,
        "LastLoginDate": utc(world.started - timedelta(hours=1)) if admin else _stamp(world, 3),
        "CreatedDate": _stamp(world),
        "LastModifiedDate": _stamp(world, 20),
        "SystemModstamp": _stamp(world, 20),
    }


def _users(world: World) -> Iterable[Row]:
    return (_user(world, person) for person in world.people)


def _logins(world: World) -> Iterable[Row]:
    for number, person in enumerate(world.people):
        yield {
            "Id": _bare(world, number, "0Yw"),
            "UserId": person.id,
            "IsFrozen": person.frozen,
            "IsPasswordLocked": False,
            "LastModifiedDate": _stamp(world, 20),
            "LastModifiedById": world.admin.id,
        }


def _organisation(world: World) -> Iterable[Row]:
    yield {
        "Id": world.org_id,
        "Name": "Atelier Lumière (practice)",
        "InstanceName": "PRACTICE1",
        "IsSandbox": False,
        "OrganizationType": "Developer Edition",
        "LanguageLocaleKey": "fr" if world.lang == "fr" else "en_US",
        "DefaultLocaleSidKey": world.locale,
        "TimeZoneSidKey": world.zone_name,
        "NamespacePrefix": None,
        "TrialExpirationDate": None,
        "PrimaryContact": world.admin.name,
        "CreatedDate": _stamp(world, 900),
    }


def _profiles(world: World) -> Iterable[Row]:
    for profile in world.profiles.values():
        yield {"Id": profile.id, "Name": profile.name, "UserType": "Standard", "Description": None}


PERMISSIONS = (
    "EditEvent",
    "ActivitiesAccess",
    "ManageUsers",
    "ManageExchangeConfig",
    "ViewSetup",
    "RunReports",
    "ApiEnabled",
    "ApiUserOnly",
    "AutomaticActivityCapture",
    "StdAutomaticActivityCapture",
)


def _sets(world: World) -> Iterable[Row]:
    for profile in world.profiles.values():
        yield {
            "Id": profile.set_id,
            "Name": f"X{profile.id}",
            "Label": profile.id[:15],
            "IsOwnedByProfile": True,
            "ProfileId": profile.id,
            "Type": "Profile",
            **{f"Permissions{name}": name in profile.permissions for name in PERMISSIONS},
        }
    for one in world.sets.values():
        yield {
            "Id": one.id,
            "Name": one.name,
            "Label": one.label,
            "IsOwnedByProfile": False,
            "ProfileId": None,
            "Type": "Regular",
            **{f"Permissions{name}": name in one.permissions for name in PERMISSIONS},
        }


def _assignments(world: World) -> Iterable[Row]:
    number = 0
    for person in world.people:
        for set_id in (world.profiles[person.profile].set_id, *(world.sets[name].id for name in person.sets)):
            number += 1
            yield {
                "Id": _bare(world, number, "0Pa"),
                "AssigneeId": person.id,
                "PermissionSetId": set_id,
                "PermissionSetGroupId": None,
                "IsActive": True,
                "ExpirationDate": None,
            }


_LICENCES = (
    ("StandardEinsteinActivityCapturePsl", "Standard Einstein Activity Capture", 100),
    ("SalesUserPsl", "Sales User", 500),
)


def _licences(world: World) -> Iterable[Row]:
    """Nobody has a seat yet: the organisation still has Lightning Sync."""
    for number, (developer, label, seats) in enumerate(_LICENCES):
        yield {
            "Id": _bare(world, number, "0PL"),
            "DeveloperName": developer,
            "MasterLabel": label,
            "TotalLicenses": seats,
            "UsedLicenses": 0,
            "Status": "Active",
        }


def _reports(world: World) -> Iterable[Row]:
    others = (("Open opportunities", "Open_opportunities"), ("Sync of price lists", "Sync_of_price_lists"))
    for number, (name, developer) in enumerate(others):
        yield _report(world, _bare(world, number, "00O"), name, developer)
    if world.scenario != "salesforce.report.unavailable":
        yield _report(world, world.report_id, world.report_name, "Google_sync_errors")


def _report(world: World, id_: str, name: str, developer: str) -> Row:
    return {
        "Id": id_,
        "Name": name,
        "DeveloperName": developer,
        "Description": None,
        "FolderName": "Public Reports",
        "Format": "Tabular",
        "OwnerId": world.admin.id,
        "LastRunDate": _stamp(world, 1),
        "CreatedDate": _stamp(world),
        "LastModifiedDate": _stamp(world, 40),
    }


def _audit(world: World) -> Iterable[Row]:
    for record in world.audit:
        yield {
            "Id": record.id,
            "Action": record.action,
            "Section": record.section,
            "Display": record.display,
            "CreatedDate": utc(record.at),
            "CreatedById": record.by,
            "DelegateUser": None,
            "CreatedByContext": None,
            "CreatedByIssuer": None,
            "ResponsibleNamespacePrefix": None,
        }


def _remote_sites(world: World) -> Iterable[Row]:
    yield _site(world, 1, "Maps", "https://maps.example.com", active=True)
    yield _site(world, 2, "Google", GOOGLE_SITE, active=world.scenario != "salesforce.connection.remote_site")


def _site(world: World, number: int, name: str, url: str, *, active: bool) -> Row:
    return {
        "Id": _bare(world, number, "0rp"),
        "SiteName": name,
        "EndpointUrl": url,
        "IsActive": active,
        "DisableProtocolSecurity": False,
        "Description": None,
    }


def _owned(of: Callable[[World, Person], Iterable[Row]]) -> Callable[[World], Iterable[Row]]:
    return lambda world: (row for person in world.people for row in of(world, person))


def _none(world: World) -> Iterable[Row]:
    return ()


_S, _B, _D, _I = "string", "boolean", "datetime", "id"


def _fields(**types: str) -> Mapping[str, str]:
    """Fields by type, each a blank-separated list; `Id` first."""
    return {"Id": _I} | {name: kind for kind, names in types.items() for name in names.split()}


TABLES: Mapping[str, Table] = {
    table.name.lower(): table
    for table in (
        Table(
            "User",
            "User",
            "005",
            _fields(
                string="Username LastName FirstName Name Alias UserType FederationIdentifier LanguageLocaleKey "
                "LocaleSidKey TimeZoneSidKey",
                email="Email",
                boolean="IsActive",
                reference="ProfileId UserRoleId",
                datetime="LastLoginDate CreatedDate LastModifiedDate SystemModstamp",
            ),
            _users,
            {"Profile": ("ProfileId", "Profile")},
        ),
        Table(
            "UserLogin",
            "User Login",
            "0Yw",
            _fields(
                reference="UserId LastModifiedById", boolean="IsFrozen IsPasswordLocked", datetime="LastModifiedDate"
            ),
            _logins,
            {},
        ),
        Table(
            "Organization",
            "Organization",
            "00D",
            _fields(
                string="Name InstanceName OrganizationType LanguageLocaleKey DefaultLocaleSidKey TimeZoneSidKey "
                "NamespacePrefix PrimaryContact",
                boolean="IsSandbox",
                datetime="TrialExpirationDate CreatedDate",
            ),
            _organisation,
            {},
        ),
        Table("Profile", "Profile", "00e", _fields(string="Name UserType Description"), _profiles, {}),
        Table(
            "PermissionSet",
            "Permission Set",
            "0PS",
            _fields(
                string="Name Label Type",
                reference="ProfileId",
                boolean="IsOwnedByProfile " + " ".join(f"Permissions{name}" for name in PERMISSIONS),
            ),
            _sets,
            {"Profile": ("ProfileId", "Profile")},
        ),
        Table(
            "PermissionSetAssignment",
            "Permission Set Assignment",
            "0Pa",
            _fields(
                reference="AssigneeId PermissionSetId PermissionSetGroupId", boolean="IsActive",
                datetime="ExpirationDate",
            ),
            _assignments,
            {"PermissionSet": ("PermissionSetId", "PermissionSet"), "Assignee": ("AssigneeId", "User")},
        ),
        Table(
            "PermissionSetLicense",
            "Permission Set License",
            "0PL",
            _fields(string="DeveloperName MasterLabel Status", int="TotalLicenses UsedLicenses"),
            _licences,
            {},
        ),
        Table(
            "PermissionSetLicenseAssign",
            "Permission Set License Assignment",
            "2LA",
            _fields(reference="AssigneeId PermissionSetLicenseId"),
            _none,
            {
                "PermissionSetLicense": ("PermissionSetLicenseId", "PermissionSetLicense"),
                "Assignee": ("AssigneeId", "User"),
            },
        ),
        Table(
            "Report",
            "Report",
            "00O",
            _fields(
                string="Name DeveloperName Description FolderName Format",
                reference="OwnerId",
                datetime="LastRunDate CreatedDate LastModifiedDate",
            ),
            _reports,
            {},
        ),
        Table(
            "SetupAuditTrail",
            "Setup Audit Trail Entry",
            "0Ym",
            _fields(
                string="Action Section Display DelegateUser CreatedByContext CreatedByIssuer "
                "ResponsibleNamespacePrefix",
                reference="CreatedById",
                datetime="CreatedDate",
            ),
            _audit,
            {"CreatedBy": ("CreatedById", "User")},
            hidden=frozenset({"Section", "Display"}),
        ),
        Table(
            "Event",
            "Event",
            "00U",
            _fields(
                string="Subject", reference="OwnerId WhoId WhatId CreatedById",
                datetime="StartDateTime EndDateTime CreatedDate LastModifiedDate", boolean="IsAllDayEvent IsPrivate",
            ),
            _owned(events),
            {"Owner": ("OwnerId", "User")},
            owned=events,
        ),
        Table(
            "Contact",
            "Contact",
            "003",
            _fields(
                string="FirstName LastName Name Phone", email="Email", reference="OwnerId",
                datetime="CreatedDate LastModifiedDate",
            ),
            _owned(contacts),
            {"Owner": ("OwnerId", "User")},
            owned=contacts,
        ),
        Table(
            "RemoteProxy",
            "Remote Site",
            "0rp",
            _fields(string="SiteName EndpointUrl Description", boolean="IsActive DisableProtocolSecurity"),
            _remote_sites,
            {},
            tooling=True,
        ),
    )
}  # fmt: skip
