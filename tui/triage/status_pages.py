"""Where Salesforce and Google say whether their own services are well. They are addresses to look at, never asked.

Salesforce's public status API gives way to the My Trust Center API, which wants a personal token of at most 30 days
(developer.salesforce.com/docs/mytrust-api). Google's dashboard offers a file of incidents that its documentation does
not describe. Neither host is one of those that the config file allows, and a firewall is the normal case.
"""

from __future__ import annotations

from urllib.parse import quote

from tui.model import Org, StatusPage
from tui.words import _

SALESFORCE = "https://status.salesforce.com"
GOOGLE = "https://www.google.com/appsstatus/dashboard/"


def pages(org: Org | None) -> tuple[StatusPage, ...]:
    """The status pages of both companies; Salesforce's that of the organisation's instance, where it is known and
    real."""
    known = org is not None and org.instance and not org.practice
    salesforce = f"{SALESFORCE}/instances/{quote(org.instance, safe='')}" if org and known else SALESFORCE
    return (
        StatusPage(
            "Salesforce",
            salesforce,
            _(
                "Not asked from here: Salesforce now gives its status to programs only with a personal token of My "
                "Trust Center. The page needs no login."
            ),
        ),
        StatusPage(
            "Google Workspace",
            GOOGLE,
            _(
                "Not asked from here: this program calls no host but your organisation's and Google's APIs. The page "
                "needs no login; look at the lines Calendar and Contacts."
            ),
        ),
    )
