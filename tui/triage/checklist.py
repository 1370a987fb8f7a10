"""The guide's set-up checklist with its live state: each step rests on what the checks of the organisation found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tui.model import ChecklistItem, Configuration, Finding, Status, User
from tui.triage.checks import google_key, organisation, setup
from tui.words import _, ngettext

PERSONAL = ("google.user.", "google.calendar.")
"""Causes that concern the user tested with, and nobody else."""

_TEST = ("google.token.", "google.call.")
# The worst of several findings stands for them all.
_WORST = (Status.FAIL, Status.UNKNOWN, Status.WARN, Status.WAIT, Status.SKIP, Status.PASS)
_SHOWN = {Status.WAIT: Status.WARN, Status.SKIP: Status.UNKNOWN}


def checklist(
    configurations: Sequence[Configuration],
    by_id: Mapping[str, Finding],
    findings: Sequence[Finding],
    samples: Sequence[User],
    link: Callable[[str], str],
    contradictions: int = 0,
) -> tuple[ChecklistItem, ...]:
    """The steps of the guide, in its order. `link` gives the address of a Setup page; `contradictions` is how many were
    found in the configurations."""
    sync = [by_id[step] for step in (setup.SYNC, organisation.SYNC_ENABLED) if step in by_id]
    key = [by_id[step] for step in (google_key.KEY, google_key.ACCOUNT, google_key.CLOCK) if step in by_id]
    method = [by_id.get(organisation.METHOD, by_id[organisation.PAGE])]
    state = [by_id[step] for step in (organisation.LINKED, organisation.ACTIVITY) if step in by_id]
    test = [finding for finding in findings if finding.id.startswith(_TEST) and finding.id != google_key.ACCOUNT]
    return (
        _item("google_key", _("Google private key"), key, link("gmail_sync_settings")),
        _item("lightning_sync", _("Lightning Sync switched on"), sync, link("gmail_sync_settings")),
        _item("remote_site", _("Step 6.1: Google registered"), [by_id[setup.REMOTE_SITE]], link("remote_sites")),
        _item("key_uploaded", _("Step 6.2: key uploaded"), method, link("gmail_sync_settings")),
        _item("connection_test", _("Step 6.3: connection tested"), test, link("gmail_sync_settings"), samples),
        _configurations(configurations, contradictions, link("gmail_sync_settings")),
        _item("status", _("Status verified"), state or method, link("lightning_sync_status")),
    )


def _item(step: str, title: str, findings: Sequence[Finding], link: str, samples: Sequence[User] = ()) -> ChecklistItem:
    if not findings:
        summary = _("Not tested: no user of an active configuration is known to test with.")
        return ChecklistItem(step, title, Status.UNKNOWN, summary, link)
    worst = min(findings, key=lambda finding: _WORST.index(finding.status))
    status, summary = _SHOWN.get(worst.status, worst.status), worst.summary
    if (worst.cause or "").startswith(PERSONAL):
        status = Status.WARN
        summary = _("{summary} This concerns the user tested with, not the organisation.").format(summary=summary)
    elif worst.status is Status.PASS and samples:
        summary = _("Tested here with our copy of the key, as {user}.").format(user=worst.evidence.get("user", "?"))
    elif worst.status is Status.PASS and len(findings) > 1:
        summary = " ".join(finding.summary for finding in findings if finding.status is Status.PASS)
    return ChecklistItem(step, title, status, summary, link, tuple(findings))


def _configurations(configurations: Sequence[Configuration], contradictions: int, link: str) -> ChecklistItem:
    """No API can read them: what stands in the config file is all that is known."""
    active = [each for each in configurations if each.active]
    title = _("Active configurations")
    if not configurations:
        summary = _("None is declared in the config file, and no API can read them: declare them there.")
        return ChecklistItem("configurations", title, Status.UNKNOWN, summary, link)
    if not active:
        summary = _("Not one of the configurations declared in the config file is active.")
        return ChecklistItem("configurations", title, Status.WARN, summary, link)
    empty = [each.name for each in active if not each.users and not each.profiles]
    if empty:
        summary = _("Declared active, but with nobody assigned: {names}.").format(names=", ".join(empty))
        return ChecklistItem("configurations", title, Status.WARN, summary, link)
    if contradictions:
        summary = ngettext("{n} inconsistency in them.", "{n} inconsistencies in them.", contradictions)
        return ChecklistItem("configurations", title, Status.WARN, summary.format(n=contradictions), link)
    summary = ngettext("{n} active configuration is declared.", "{n} active configurations are declared.", len(active))
    return ChecklistItem("configurations", title, Status.PASS, summary.format(n=len(active)), link)
