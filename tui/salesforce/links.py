"""Pages of Setup that an admin is sent to (salesforce-api.md 7.2). A table, so that `[links]` of the config file can
correct a path without a release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote

from tui.salesforce import hosts

Side = Literal["lightning", "my"]

STATUS_PAGE = "/s2x/resetExchangeSyncUser.apexp"
_SETUP = "/lightning/setup"
_GMAIL = f"{_SETUP}/LightningForGmailAndSyncSettings/home"

# name -> which host serves it, and the path; {id} is filled from the arguments of `address`.
PAGES: Mapping[str, tuple[Side, str]] = {
    "gmail_sync_settings": ("lightning", _GMAIL),
    "remote_sites": ("lightning", _GMAIL),  # its first step has the button that opens Remote Site Settings
    "lightning_sync_status": ("my", STATUS_PAGE),
    "eac_settings": ("lightning", f"{_SETUP}/ActivitySyncEngineSettingsMain/home"),
    "audit_trail": ("lightning", f"{_SETUP}/SecurityEvents/home"),
    "users": ("lightning", f"{_SETUP}/ManageUsers/home"),
    "user": ("lightning", f"{_SETUP}/ManageUsers/page?address=%2F{{id}}%3Fnoredirect%3D1%26isUserEntityOverride%3D1"),
    "permission_sets": ("lightning", f"{_SETUP}/PermSets/home"),
    "profiles": ("lightning", f"{_SETUP}/Profiles/home"),
    "report_types": ("lightning", f"{_SETUP}/CustomReportTypes/home"),
    "report": ("lightning", "/lightning/r/Report/{id}/view"),
    "record": ("lightning", "/{id}"),
    "activity_settings": ("lightning", f"{_SETUP}/HomeActivitiesSetupPage/home"),
    "connected_apps": ("lightning", f"{_SETUP}/ConnectedAppsUsage/home"),
    "external_client_apps": ("lightning", f"{_SETUP}/ExternalClientApplicationSettings/home"),
    "company": ("lightning", f"{_SETUP}/CompanyProfileInfo/home"),
}
# Where a page about one record goes when no record is named.
_WITHOUT_ID: Mapping[str, str] = {"user": "users", "report": "report_types"}


def address(name: str, instance: str, overrides: Mapping[str, str], *, id: str = "") -> str:  # noqa: A002 - Salesforce's own word
    """The address of the page of that name in the organisation at `instance`; "" for a name that is not in the table.

    `overrides`: name -> path (on the page's own host) or whole address; a page about one record that is asked for
    without its id leads to the list."""
    if not id and name in _WITHOUT_ID:
        name = _WITHOUT_ID[name]
    side, path = PAGES.get(name, ("lightning", ""))
    path = overrides.get(name, path)
    if not path or ("{id}" in path and not id):
        return ""
    path = path.replace("{id}", quote(id, safe=""))
    if not path.startswith("/"):
        return path
    return (hosts.lightning(instance) if side == "lightning" else hosts.origin(instance)) + path
