"""All checks of Lightning Sync, in the order in which their steps are shown."""

from __future__ import annotations

from functools import partial
from typing import Any

from tui.model import Phase
from tui.triage.checks import (
    access,
    address,
    declaration,
    errors,
    google_calls,
    google_key,
    guided,
    organisation,
    person,
    setup,
    status_page,
)
from tui.triage.checks.facts import OrgFacts, UserFacts
from tui.triage.engine import Check
from tui.words import N_

_LINK, _STATUS = Phase.CONNECTION, Phase.STATUS
_SYNC_IS_ON = (setup.SYNC, organisation.SYNC_ENABLED)
_ROWS_EXIST = (*_SYNC_IS_ON, organisation.METHOD, organisation.LINKED)

ORG_CHECKS: tuple[Check[OrgFacts], ...] = (
    Check(access.LOGIN, N_("Salesforce login"), Phase.ACCESS, access.login, "org"),
    Check(setup.SYNC, N_("Lightning Sync is on"), _LINK, setup.sync_switch, "org"),
    Check(organisation.PAGE, N_("Status page (organisation)"), _LINK, organisation.page, "org", needs=(setup.SYNC,)),
    Check(setup.REMOTE_SITE, N_("Remote site for Google"), _LINK, setup.remote_site, "org"),
    Check(google_key.KEY, N_("Google key file"), _LINK, google_key.key, "org"),
    Check(
        google_key.ACCOUNT,
        N_("Google accepts the key"),
        _LINK,
        google_key.service_account,
        "org",
        after=(google_key.KEY, organisation.PAGE),
    ),
    Check(google_key.CLOCK, N_("Clock of this computer"), _LINK, google_key.clock, "org", after=(google_key.ACCOUNT,)),
    Check(errors.REPORT, N_("Error report"), _STATUS, errors.report, "org", required=True),
)
"""What concerns the organisation: run once, however many users are checked."""


def _side(kind: str, side: str, title: str) -> Check[UserFacts]:
    step, run, needs = {
        "token": (google_calls.token_step(side), google_calls.token, google_key.ACCOUNT),
        "call": (google_calls.call_step(side), google_calls.call, google_calls.token_step(side)),
    }[kind]
    after: tuple[Any, ...] = (status_page.PAGE, guided.GUIDED)
    return Check(step, title, _LINK, partial(run, side=side), needs=(needs,), after=after, required=True)


USER_CHECKS: tuple[Check[UserFacts], ...] = (
    Check(status_page.PAGE, N_("Status page (user)"), _STATUS, status_page.page, needs=_ROWS_EXIST, required=True),
    Check(guided.GUIDED, N_("Test button in Setup"), _LINK, guided.guided, after=(status_page.PAGE,)),
    _side("token", google_calls.CALENDAR, N_("The key may act (calendar)")),
    _side("token", google_calls.CONTACTS, N_("The key may act (contacts)")),
    _side("call", google_calls.CALENDAR, N_("Google Calendar answers")),
    _side("call", google_calls.CONTACTS, N_("Google Contacts answers")),
    Check(
        google_calls.DIRECTORY,
        N_("Google Directory"),
        _LINK,
        google_calls.directory,
        after=(google_calls.call_step(google_calls.CALENDAR), google_calls.call_step(google_calls.CONTACTS)),
    ),
    Check(person.USER, N_("Salesforce user"), _STATUS, person.person, required=True),
    Check(declaration.ASSIGNMENT, N_("Configuration"), _STATUS, declaration.assignment, after=(status_page.PAGE,)),
    Check(status_page.LINK, N_("Addresses linked"), _STATUS, status_page.link, needs=(status_page.PAGE,)),
    Check(address.EMAIL, N_("Address used once"), _STATUS, address.address, after=(status_page.LINK,)),
    Check(
        status_page.RESET_STATE, N_("No reset under way"), _STATUS, status_page.reset_state, needs=(status_page.PAGE,)
    ),
    Check(status_page.SYNC_STATUS, N_("Sync status"), _STATUS, status_page.sync_status, needs=(status_page.PAGE,)),
    Check(declaration.DATA_SET, N_("Data set"), _STATUS, declaration.data_set, after=(status_page.PAGE,)),
    Check(declaration.RIGHTS, N_("Rights on events"), _STATUS, declaration.rights, after=(status_page.PAGE,)),
    Check(errors.ERRORS, N_("Error report (user)"), _STATUS, errors.errors, after=(status_page.PAGE,), required=True),
)
"""What concerns one user. The page comes first: its word on the assignment decides which sides are judged."""
