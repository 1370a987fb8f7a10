"""Users, and what they may do: rows of User, UserLogin and PermissionSetAssignment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tui.model import ServiceError, User
from tui.salesforce import errors
from tui.salesforce.rest import Rest, chunks, soql, together
from tui.sanitise import one_line
from tui.words import _

_USERS = "SELECT Id, Name, Username, Email, IsActive, UserType, ProfileId, Profile.Name FROM User WHERE "
_BY: Mapping[str, str] = {
    "Id": _USERS + "Id IN {values}",
    "Email": _USERS + "Email IN {values}",
    "Username": _USERS + "Username IN {values}",
    "Name": _USERS + "Name IN {values}",
}
_PROFILES = "SELECT Name FROM Profile WHERE Name IN {values}"
_FROZEN = "SELECT UserId, IsFrozen FROM UserLogin WHERE UserId IN {values}"
_BY_PROFILE = (
    "SELECT Profile.Name, COUNT(Id) people FROM User "
    "WHERE IsActive = TRUE AND UserType = 'Standard' GROUP BY Profile.Name"
)
_LICENCES = (
    "SELECT Id, DeveloperName, MasterLabel, TotalLicenses, UsedLicenses FROM PermissionSetLicense "
    "WHERE DeveloperName LIKE '%ActivityCapture%'"
)
_ID = re.compile(r"005[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # cannot stand in a query

# Rights of the acting user that parts of the program need -> the field of PermissionSet (salesforce-api.md 1.1).
MY_RIGHTS: Mapping[str, str] = {
    "ManageUsers": "PermissionsManageUsers",
    "ManageExchangeConfig": "PermissionsManageExchangeConfig",
    "ViewSetup": "PermissionsViewSetup",
    "RunReports": "PermissionsRunReports",
    "ApiEnabled": "PermissionsApiEnabled",
}

# Rights that are worth knowing and that nothing here needs: what Einstein Activity Capture takes (their names stand in
# Salesforce's published object model, v59), and the one that keeps a user out of every page of Setup.
MORE_RIGHTS: Mapping[str, str] = {
    "AutomaticActivityCapture": "PermissionsAutomaticActivityCapture",
    "StdAutomaticActivityCapture": "PermissionsStdAutomaticActivityCapture",
    "ApiUserOnly": "PermissionsApiUserOnly",
}


@dataclass(frozen=True, slots=True)
class EventRights:
    """Whether a user may read and edit events, by profile or by any permission set."""

    read: bool
    edit: bool


def id18(value: str) -> str:
    """The 18-character form of a 15- or 18-character id; other texts as they are."""
    if not re.fullmatch(r"[A-Za-z0-9]{15}", value):
        return value
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    parts = (value[start : start + 5] for start in (0, 5, 10))
    return value + "".join(letters[sum(1 << n for n, char in enumerate(part) if char.isupper())] for part in parts)


def user_id(value: object) -> str | None:
    """The 18-character user id that the value is, else None."""
    return id18(value) if isinstance(value, str) and _ID.fullmatch(value) else None


async def find(rest: Rest, field: str, values: Iterable[str]) -> list[User]:
    """The users, inactive ones included, whose `field` (Id, Email, Username or Name) is one of the values; each once,
    in the order of Salesforce's answers. Values that can match nothing are not asked for. Raises ServiceError."""
    if field == "Id":
        wanted = [found for value in values if (found := user_id(value.strip()))]
    else:
        wanted = [value for value in values if value and not _NO_TEXT.search(value)]
    try:
        pages = await together(rest.query(soql(_BY[field], values=part)) for part in chunks(wanted))
    except ServiceError as problem:
        raise errors.required(problem, _("reading users")) from None
    rows = {str(row["Id"]): row for page in pages for row in page if isinstance(row.get("Id"), str)}
    frozen = await _frozen(rest, rows)
    return [_user(row, frozen) for row in rows.values()]


async def profiles(rest: Rest, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that a profile has, as Salesforce writes them. Raises ServiceError (cause "" where profiles
    are closed to us)."""
    wanted = [name for name in names if name and not _NO_TEXT.search(name)]
    pages = await together(rest.query(soql(_PROFILES, values=part)) for part in chunks(wanted))
    return tuple(dict.fromkeys(one_line(row["Name"]) for page in pages for row in page if row.get("Name")))


async def _frozen(rest: Rest, ids: Iterable[str]) -> dict[str, bool]:
    """Who is frozen, for whom it can be read: {} where UserLogin is closed to us, which is optional."""
    try:
        pages = await together(rest.query(soql(_FROZEN, values=part)) for part in chunks(ids))
    except ServiceError as problem:
        if problem.cause:
            raise
        return {}
    return {
        id18(str(row.get("UserId"))): row["IsFrozen"]
        for page in pages
        for row in page
        if isinstance(row.get("IsFrozen"), bool)
    }


def _user(row: Mapping[str, Any], frozen: Mapping[str, bool]) -> User:
    profile = row.get("Profile")
    name = row.get("Name") if isinstance(row.get("Name"), str) else ""
    identifier = id18(str(row["Id"]))
    return User(
        id=one_line(identifier),
        name=one_line(name),
        username=one_line(row.get("Username")),
        email=one_line(row.get("Email")),
        active=row.get("IsActive") is True,
        frozen=frozen.get(identifier),
        profile_id=one_line(row.get("ProfileId")),
        profile=one_line(profile.get("Name")) if isinstance(profile, Mapping) else "",
        user_type=one_line(row.get("UserType")),
        raw_name=str(name),
    )


async def active_by_profile(rest: Rest) -> dict[str, int]:
    """Profile -> how many active users of the standard kind have it; a profile without any is left out. Raises
    ServiceError."""
    try:
        rows = await rest.query(_BY_PROFILE)
    except ServiceError as problem:
        raise errors.required(problem, _("reading users")) from None
    counted = [(one_line(row.get("Name")), _count(row.get("people"))) for row in rows]
    return {name: people for name, people in counted if people is not None}


async def event_rights(rest: Rest, ids: Iterable[str]) -> dict[str, EventRights]:
    """The event rights of each user who has an assignment that we may read. Raises ServiceError (cause "" where it
    is closed to us)."""
    template = (
        "SELECT AssigneeId, PermissionSet.PermissionsActivitiesAccess, PermissionSet.PermissionsEditEvent "
        "FROM PermissionSetAssignment WHERE AssigneeId IN {values}"
    )
    wanted = [found for value in ids if (found := user_id(value))]
    rights: dict[str, EventRights] = {}
    for page in await together(rest.query(soql(template, values=part)) for part in chunks(wanted)):
        for row in page:
            held = row.get("PermissionSet")
            assignee = user_id(row.get("AssigneeId"))
            if not isinstance(held, Mapping) or assignee is None:
                continue
            before = rights.get(assignee, EventRights(False, False))
            rights[assignee] = EventRights(
                read=before.read or held.get("PermissionsActivitiesAccess") is True,
                edit=before.edit or held.get("PermissionsEditEvent") is True,
            )
    return rights


async def rights_of(rest: Rest, identifier: str, rights: Mapping[str, str] = MY_RIGHTS) -> dict[str, bool]:
    """Which of these rights that user holds; a right whose field this org does not have is left out. {} where the
    assignments cannot be read. Raises ServiceError for trouble of access only."""
    try:
        return await _held(rest, identifier, rights)
    except ServiceError as problem:
        if problem.code != "INVALID_FIELD":
            if problem.cause:
                raise
            return {}
    held: dict[str, bool] = {}
    for name, field in rights.items():
        try:
            held |= await _held(rest, identifier, {name: field})
        except ServiceError as problem:
            if problem.cause:
                raise
    return held


async def _held(rest: Rest, identifier: str, rights: Mapping[str, str]) -> dict[str, bool]:
    fields = ", ".join(f"PermissionSet.{field}" for field in rights.values())
    query = soql(f"SELECT {fields} FROM PermissionSetAssignment WHERE AssigneeId = {{user}}", user=identifier)  # noqa: S608 - fields of the table above
    sets = [held for row in await rest.query(query) if isinstance(held := row.get("PermissionSet"), Mapping)]
    return {name: any(held.get(field) is True for held in sets) for name, field in rights.items()} if sets else {}


@dataclass(frozen=True, slots=True)
class Licence:
    """A permission set licence that has to do with activity capture, and how many of its seats are taken."""

    name: str
    label: str
    total: int | None
    used: int | None
    mine: bool


async def licences(rest: Rest, identifier: str) -> list[Licence]:
    """The licences of Einstein Activity Capture that the organisation has (StandardEinsteinActivityCapturePsl and the
    like), each with whether that user holds one. Raises ServiceError (cause "" where they are closed to us)."""
    owned = "SELECT PermissionSetLicenseId FROM PermissionSetLicenseAssign WHERE AssigneeId = {user}"
    rows, mine = await together([rest.query(_LICENCES), rest.query(soql(owned, user=identifier))])
    held = {id18(str(row.get("PermissionSetLicenseId"))) for row in mine}
    return [
        Licence(
            name=one_line(row.get("DeveloperName"), limit=100),
            label=one_line(row.get("MasterLabel"), limit=200),
            total=_count(row.get("TotalLicenses")),
            used=_count(row.get("UsedLicenses")),
            mine=id18(str(row.get("Id"))) in held,
        )
        for row in rows
    ]


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
