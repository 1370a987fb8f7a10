"""A judgement told in plain words: the headline, one sentence on the user, what to do now, and what was not tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui import figures
from tui.model import Complaint, Finding, Judgement, Phase, Status, User, Verdict
from tui.triage import complaints
from tui.triage.catalogue import FACTS
from tui.words import N_, _, ngettext

_HEADLINES: Mapping[Verdict, str] = {
    Verdict.REVIEW_CONNECTION: N_("Review the connection between Google and Salesforce"),
    Verdict.REVIEW_CONFIGURATION: N_("Review this user's configuration"),
    Verdict.RESET: N_("Reset this user's sync"),
    Verdict.WAIT: N_("Wait, and look again"),
    Verdict.CONTACT_SUPPORT: N_("Contact Salesforce Support"),
    Verdict.NO_FAULT_FOUND: N_("No fault found by these tests"),
    Verdict.UNDETERMINED: N_("Could not be determined"),
}
_SUB_STEPS: Mapping[int, str] = {
    0: N_("not set-up step 6: this person's Google account"),
    1: N_("set-up step 6, its first step: the remote site"),
    2: N_("set-up step 6, its second step: the key and its delegation"),
    3: N_("set-up step 6, its third step: the test"),
}
# What to do now, by the verdict and the rule that decided; the first fix of the leading cause stands in for the others.
_NEXT: Mapping[tuple[Verdict, int], str] = {
    (Verdict.CONTACT_SUPPORT, 4): N_(
        "Contact Salesforce Support with the support packet: the fault has outlived a reset by more than a day, or the "
        "page speaks of a duplicate address that no other user has."
    ),
    (Verdict.RESET, 7): N_(
        "Reset this user's sync once, after moving out events that must not sync; look again tomorrow."
    ),
    (Verdict.CONTACT_SUPPORT, 7): N_(
        "Do not reset again: an error came back after the last reset. Contact Salesforce Support with the support "
        "packet."
    ),
    (Verdict.CONTACT_SUPPORT, 8): N_(
        "Contact Salesforce Support with the support packet: what the person reports is not in the error report."
    ),
    (Verdict.NO_FAULT_FOUND, 9): N_(
        "Nothing to repair was found. Read what was not tested; if the person still sees a fault, check again and mark "
        "it as reported."
    ),
}

# Why support, and not what the finding alone would ask for.
_WHY_SUPPORT: Mapping[int, str] = {
    4: N_(
        "This has outlived a reset by more than a day, or no other user has the address that the page calls a"
        " duplicate."
    ),
    7: N_("An error came back after the last reset: another reset would not help."),
}
# What happened, where the rule that decided says more than a single cause does.
_HAPPENED: Mapping[int, str] = {
    2: N_("This person's account is closed, so nothing can sync as them."),
    7: N_("The connection test and the status check passed, yet the error report still names this user."),
    8: N_("The connection test and the status check passed, and what the person reports is in no report."),
    9: N_("The connection test and the status check passed, and no error is open. That is not proof of health."),
}
# The same where something of it is not known: that nothing fails is then all there is to say.
_IN_PART: Mapping[int, str] = {
    7: N_(
        "The connection test and the status check found no fault, but not all could be looked at; the error report "
        "still names this user."
    ),
    8: N_(
        "The connection test and the status check found no fault, but not all could be looked at; what the person "
        "reports is in no report."
    ),
    9: N_(
        "The connection test and the status check found no fault, but not all could be looked at; no error is open. "
        "That is not proof of health."
    ),
}
_TESTS = frozenset({Phase.CONNECTION, Phase.STATUS})


def headline(verdict: Verdict) -> str:
    """The verdict in a few words."""
    return _(_HEADLINES[verdict])


def sub_step(judgement: Judgement) -> str:
    """Which part of the set-up to go back to; "" where the verdict is another or no part stands out."""
    return "" if judgement.sub_step is None else _(_SUB_STEPS[judgement.sub_step])


def leading(judgement: Judgement, findings: Sequence[Finding]) -> Finding | None:
    """The finding to begin with: the first cause, a leaver's own state (rule 2), or the first cause that belongs to
    the named part of the set-up (rule 3); a fail that has no cause of its own where
    there is none. None where nothing was found."""
    causes = judgement.causes
    if judgement.rule == 2:
        causes = tuple(cause for cause in causes if cause.startswith("salesforce.user.")) or causes
    elif judgement.rule == 3:
        apt = (None, judgement.sub_step)
        causes = tuple(c for c in causes if c not in FACTS or FACTS[c].sub_step in apt) or causes
    deciding = {finding.cause: finding for finding in reversed(findings) if _decides(finding)}
    bare = next((finding for finding in findings if finding.status is Status.FAIL and finding.cause is None), None)
    return next((deciding[cause] for cause in causes if cause in deciding), bare)


def what_now(judgement: Judgement, findings: Sequence[Finding]) -> str:
    """The one thing to do next."""
    known = _NEXT.get((judgement.verdict, judgement.rule))
    if known:
        return _(known)
    if judgement.verdict is Verdict.WAIT and judgement.look_again_at is not None:
        return _("Do not reset. Look again after {time}.").format(time=figures.utc(judgement.look_again_at))
    lead = leading(judgement, findings)
    if lead is not None and lead.fix:
        return lead.fix[0]
    if judgement.verdict is Verdict.UNDETERMINED:
        return _("Find out what is missing (see the steps marked unknown), by hand if need be, and check again.")
    return _("Follow the steps of the fix, and check again.")


def sentence(
    judgement: Judgement,
    findings: Sequence[Finding],
    user: User | None,
    query: str = "",
    complaint: Complaint | None = None,
) -> str:
    """Who, what, where, and what to do next, in a line or two. `query` names the person where `user` is not known."""
    who = (user.name or user.email or user.username) if user is not None else query
    place, lead = sub_step(judgement), leading(judgement, findings)
    what = headline(judgement.verdict)
    parts = [_closed(f"{what} ({place})" if place else what)]
    if complaint is not None:
        parts.append(complaints.told(complaint))
    parts += _found(judgement, findings, lead)
    parts.append(_("Next: {step}").format(step=_closed(what_now(judgement, findings))))
    text = " ".join(parts)
    return _("{who}: {text}").format(who=who, text=text) if who else text


def story(judgement: Judgement, findings: Sequence[Finding]) -> str:
    """What happened, in a few sentences: what is broken or well, and what is open."""
    happened = _happened(judgement, findings)
    parts = [_(happened)] if happened else []
    parts += _found(judgement, findings, leading(judgement, findings))
    if judgement.verdict is Verdict.CONTACT_SUPPORT and judgement.rule in _WHY_SUPPORT:
        parts.append(_(_WHY_SUPPORT[judgement.rule]))
    return " ".join(parts)


def _happened(judgement: Judgement, findings: Sequence[Finding]) -> str:
    """What happened, by the rule that decided; "" where the causes say it."""
    in_part = any(finding.phase in _TESTS and finding.status is Status.UNKNOWN for finding in findings)
    told = {**_HAPPENED, **_IN_PART} if in_part else _HAPPENED
    return told.get(judgement.rule, "")


def _found(judgement: Judgement, findings: Sequence[Finding], lead: Finding | None) -> list[str]:
    """What leads, how much there is beside it, and what is open, a sentence each."""
    parts: list[str] = []
    if lead is not None:
        parts.append(_closed(lead.summary))
        others = len(judgement.causes) - 1
        if others > 0:
            told = ngettext("{n} more cause was found.", "{n} more causes were found.", others)
            parts.append(told.format(n=others))
    elif judgement.verdict is Verdict.UNDETERMINED:
        parts += [_closed(finding.summary) for finding in findings if _is_missing(finding)][:1]
    elif judgement.verdict is Verdict.WAIT:
        parts += [_closed(finding.summary) for finding in findings if finding.status is Status.WAIT][:1]
    if judgement.open_errors:
        told = ngettext("{n} error is open.", "{n} errors are open.", judgement.open_errors)
        parts.append(told.format(n=figures.number(judgement.open_errors)))
    return parts


def not_tested(
    findings: Sequence[Finding], *, google_configured: bool, key_id: str = "", service_account: str = ""
) -> tuple[str, ...]:
    """What the verdict does not rest on, a sentence each: the key that was tried, what was left out, what is not known.

    Never empty: even where nothing is missing, Salesforce's own copy of the key and the single events and contacts
    were not tested."""
    lines = [_key(findings, google_configured, key_id, service_account), *unsettled(findings)]
    return tuple(dict.fromkeys(lines))


def unsettled(findings: Sequence[Finding]) -> tuple[str, ...]:
    """What was left out, what is not known, and what no check looks at, a sentence each."""
    return (
        *left_out(findings),
        _("Not tested: individual events and contacts; none was compared between Google and Salesforce."),
    )


def left_out(findings: Sequence[Finding]) -> tuple[str, ...]:
    """What the steps left out, and what they could not find out, a sentence each."""
    lines = [
        _("Not tested: {what}").format(what=_closed(finding.summary))
        for finding in findings
        if finding.status is Status.SKIP
    ]
    for finding in findings:
        if finding.status is Status.UNKNOWN:
            text = _("Not known, and needed: {what}") if finding.required else _("Not known: {what}")
            lines.append(text.format(what=_closed(finding.summary)))
    return tuple(dict.fromkeys(lines))


def _key(findings: Sequence[Finding], configured: bool, key_id: str, service_account: str) -> str:
    own = _(
        "Salesforce's own copy of a key is proved only by its own Test button (“Gmail Integration and Sync”, third "
        "step): one message for contacts, one for the calendar."
    )
    met = {finding.status for finding in findings if finding.id.startswith("google.")} - {Status.SKIP}
    if not configured:
        told = _("Google was not asked: the config has no [google] section.")
    elif not met:
        told = _("Google was not asked in this check.")
    elif key_id and service_account:
        told = _("Google was asked with this console's key, {key_id} of {service_account}.")
        told = told.format(key_id=key_id, service_account=service_account)
    elif met == {Status.UNKNOWN}:
        told = _("Google gave no answer in this check.")
    else:
        told = _("Google was asked with the key in this console's config.")
    return f"{told} {own}"


def _is_missing(finding: Finding) -> bool:
    return finding.status is Status.UNKNOWN and finding.required


def _decides(finding: Finding) -> bool:
    return finding.status is Status.FAIL or _is_missing(finding)


def _closed(text: str) -> str:
    """`text` with a full stop, if it has no end of its own."""
    text = text.strip()
    return text if not text or text.rstrip(")»”\u00a0")[-1:] in ".!?…" else f"{text}."
