"""The stage “report”: which report holds the errors of the sync; tried by reading it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from tui.config import ConfigError
from tui.figures import number, quoted
from tui.model import Finding, Phase, ServiceError, Status
from tui.questions import Choice
from tui.triage.setup.draft import Draft, Field
from tui.triage.setup.trial import met, salesforce, told
from tui.words import N_, _, ngettext

TITLE = N_("The error report")
WHY = (
    N_(
        "The sync errors are in a report of the type Lightning Sync Errors. Passerelle reads it over this and the"
        " previous year, and never changes it."
    ),
    N_(
        "Leave this empty to have it found: by its usual names and its report type. Where no such report is saved, one"
        " is put together and run without being saved, if the org allows that."
    ),
)
REPORT = "salesforce.report"


async def _reports(draft: Draft) -> Sequence[Choice]:
    """The saved reports that may be it. None where Salesforce cannot be asked: that is the first stage's matter."""
    try:
        async with salesforce(draft) as client:
            found = await client.reports()
    except (ServiceError, ConfigError):
        return ()
    return [Choice(one.id, f"{one.name} ({one.folder})" if one.folder else one.name) for one in found]


FIELDS = (
    Field(
        "report.report",
        N_("Report"),
        N_("Its name, developer name or id; or empty, to have it found."),
        ("salesforce", "report"),
        optional=True,
        look=_reports,
    ),
)


async def attempt(draft: Draft) -> list[Finding]:
    """Find the report and read it. Raises ConfigError."""
    wanted = draft.value("report.report")
    async with salesforce(draft) as client:
        try:
            org = await client.connect()
        except ServiceError as error:
            acting = {"acting_user": draft.value("salesforce.username")}
            return [met("salesforce.login", Phase.ACCESS, error, evidence=acting, link=client.link, status=Status.FAIL)]
        try:
            info = await client.report()
            read = await client.errors(client.server_now or datetime.now(UTC))
        except ServiceError as error:
            known = {"report": wanted, "acting_user": org.acting_user}
            return [met(REPORT, Phase.STATUS, error, evidence=known, link=client.link, status=Status.FAIL)]
    summary = ngettext(
        "The report {name} is read: {n} error of this and the previous year.",
        "The report {name} is read: {n} errors of this and the previous year.",
        len(read.rows),
    ).format(name=quoted(read.report_name or info.name), n=number(len(read.rows)))
    found = [told(REPORT, Phase.STATUS, Status.PASS, summary)]
    if read.note:
        # something else than what was asked for is worth another look; what was left to us is not
        found.append(told(f"{REPORT}.note", Phase.STATUS, Status.WARN if wanted else Status.PASS, read.note))
    if not read.complete:
        summary = _("Not every error could be read: {n} of {total}.")
        summary = summary.format(n=number(len(read.rows)), total="?" if read.total is None else number(read.total))
        found.append(told(f"{REPORT}.whole", Phase.STATUS, Status.WARN, summary))
    return found
