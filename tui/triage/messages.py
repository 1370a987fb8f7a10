"""Texts that are ready to send: to the administrator of Google, and to the person. Plain text, and no secret in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tui import figures
from tui.model import CheckResult, Finding, Status, Verdict
from tui.sanitise import one_line, redact, sanitise
from tui.triage import catalogue, complaints
from tui.triage.to_do import LEAVER, deciding, steps_of, to_do
from tui.words import N_, _

DELEGATION = "https://admin.google.com/ac/owl/domainwidedelegation"
_DELEGATED = frozenset({"google.delegation.unauthorized", "google.delegation.scope_missing"})
_PERSON: Mapping[Verdict, str] = {
    Verdict.REVIEW_CONNECTION: N_("The connection between Google and Salesforce needs to be put right."),
    Verdict.REVIEW_CONFIGURATION: N_("A setting of your account needs to be put right."),
    Verdict.RESET: N_(
        "The synchronisation of your account will be started afresh. Your events and contacts stay as they are; until "
        "they are matched again, which can take a day, changes may come late."
    ),
    Verdict.WAIT: N_("The synchronisation of your account is under way; it needs time, up to a day or more."),
    Verdict.CONTACT_SUPPORT: N_("We found nothing to put right ourselves, and are asking Salesforce Support."),
    Verdict.NO_FAULT_FOUND: N_("We found no fault so far, and need an example from you."),
    Verdict.UNDETERMINED: N_("We do not know the cause yet, and are still looking into it."),
}
_OWN_ACCOUNT = N_("The link between your Google account and Salesforce needs to be put right.")
_OURS = frozenset({Verdict.REVIEW_CONNECTION, Verdict.REVIEW_CONFIGURATION, Verdict.UNDETERMINED})
"""What others than the person have to deal with."""
_MOVE_OUT = N_("Before that, please move events that should not be synchronised to another calendar of yours.")
_EXAMPLE = (
    N_("Which event or contact is missing: its title or name, and its date and time?"),
    N_("On which side is it, in Google or in Salesforce?"),
    N_("Since when?"),
)


def for_google_admin(result: CheckResult) -> str:
    """What the Google administrator is to change, with the exact client ID, scopes and page; "" where nothing is."""
    steps = [step for step in to_do(result) if step.by == "google_admin"]
    if not steps:
        return ""
    found = [one for one in deciding(result) if any(step.by == "google_admin" for step in steps_of(one))]
    address = result.user.email if result.user else result.query
    paragraphs = [
        [_subject(found).format(what=found[0].summary.rstrip("."), address=address)],
        [_("Hello,")],
        [_fails(found).format(address=address)],
        [_("What we found:"), *(f"- {one.summary}" for one in found)],
        [_("Please:"), *(f"{n}. {step.text}" for n, step in enumerate(steps, 1))],
        _exactly(found),
        _answered(found),
        [_("Checked on {time} with Passerelle, our console for this synchronisation. Please tell us when it is done: "
           "we will check again.").format(time=figures.utc(result.checked_at))],
        [_("Thank you.")],
    ]  # fmt: skip
    return _text(paragraphs)


def _subject(found: Sequence[Finding]) -> str:
    """The subject of the letter: it names the address where the fault is that person's alone."""
    if any(_shared(one) for one in found):
        return _("Subject: {what} (Google Workspace and Salesforce)")
    return _("Subject: {what} ({address}; Google Workspace and Salesforce)")


def _fails(found: Sequence[Finding]) -> str:
    """For whom the synchronisation fails; `{address}` stands for the person that was tested with."""
    if all(one.status is Status.UNKNOWN for one in found):
        return _(
            "Salesforce synchronises calendars and contacts with Google Workspace. We wanted to test this for "
            "{address}, and could not."
        )
    if any(_shared(one) for one in found):
        return _(
            "Salesforce synchronises calendars and contacts with Google Workspace. At present this fails, probably for "
            "everybody; we tested it with {address}."
        )
    return _(
        "Salesforce synchronises calendars and contacts with Google Workspace. At present this fails for {address}."
    )


def for_person(result: CheckResult) -> str:
    """What the person should know and can do, without a technical term; "" for somebody who has left."""
    verdict = result.judgement.verdict
    if result.judgement.rule == LEAVER:
        return ""
    own = [step.text for step in to_do(result) if step.by == "user"]
    asked = complaints.asked_of_person(result.complaint)
    name = result.user.name if result.user else result.query
    paragraphs: list[list[str]] = [
        [_("Subject: Your Google calendar and contacts in Salesforce")],
        [_("Hello {name},").format(name=name)],
        [_("We looked into why your calendar and contacts do not synchronise between Google and Salesforce.")],
        [_(_OWN_ACCOUNT if result.judgement.sub_step == 0 else _PERSON[verdict])],
    ]
    if verdict is Verdict.RESET:
        paragraphs.append([_(_MOVE_OUT)])
    if own:
        paragraphs.append([_("Please:"), *(f"{n}. {text}" for n, text in enumerate(own, 1))])
    if asked or verdict in {Verdict.NO_FAULT_FOUND, Verdict.CONTACT_SUPPORT}:
        questions = (*(_(line) for line in _EXAMPLE), *asked)
        paragraphs.append([_("Please tell us:"), *(f"- {line}" for line in questions)])
    if result.judgement.look_again_at is not None:
        time = figures.minute(result.judgement.look_again_at)
        paragraphs.append([_("We will look at it again on {time}.").format(time=time)])
    elif verdict is Verdict.RESET:
        paragraphs.append([_("We will look at it again the day after.")])
    elif not own and not asked and verdict in _OURS:
        paragraphs.append([_("There is nothing that you need to do: we will tell you when it works again.")])
    paragraphs.append([_("Thank you.")])
    return _text(paragraphs)


def _exactly(found: Sequence[Finding]) -> list[str]:
    """Which key it is about, where it is about one; with the page and the scopes where the delegation is wrong."""
    one = next((one for one in found if (one.cause or "").startswith("google.") and _shared(one)), None)
    if one is None:
        return []
    delegated, scopes = one.cause in _DELEGATED, _scopes(one.evidence)
    lines = [_("Page: {link}").format(link=DELEGATION)] if delegated else []
    if client := catalogue.plain(one.evidence.get("client_id")):
        lines.append(_("Client ID: {id}").format(id=client))
    if account := catalogue.plain(one.evidence.get("service_account")):
        lines.append(_("Service account: {account}").format(account=account))
    if key := catalogue.plain(one.evidence.get("key_id")):
        lines.append(_("Key: {id}").format(id=key))
    if delegated and scopes:
        lines += [_("Scopes, exactly (keep those that the entry has):"), ",".join(scopes)]
    return lines


def _shared(finding: Finding) -> bool:
    """Whether what was found concerns the organisation rather than one person."""
    return finding.cause in catalogue.FACTS and catalogue.FACTS[finding.cause or ""].shared


def _scopes(known: Mapping[str, Any]) -> list[str]:
    """Every scope that the side needs: those granted already and those refused."""
    names = [*known.get("granted", ()), *known.get("missing", ())] or known.get("scopes", ())
    names = names.split(", ") if isinstance(names, str) else names
    return [one_line(str(name)) for name in dict.fromkeys(names)]


def _answered(found: Sequence[Finding]) -> list[str]:
    """What Google answered, in its own words."""
    asked = [one for one in found if (one.cause or "").startswith("google.")]
    said = dict.fromkeys(catalogue.plain(one.evidence.get("error")) for one in asked)
    return [_("Google's answer: {error}").format(error=error) for error in said if error][:3]


def _text(paragraphs: Iterable[Sequence[str]]) -> str:
    """The paragraphs with an empty line between them; every line cleaned."""
    lines = ("\n".join(one_line(redact(line), limit=2000) for line in one) for one in paragraphs if one)
    return sanitise("\n\n".join(lines), limit=20_000) + "\n"
