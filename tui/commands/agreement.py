"""What a person at the terminal is shown and asked before a reset: Proof, and the yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui import output
from tui.model import PageReading, ProofSample, ResetPlan
from tui.terms import ORG_KIND
from tui.words import N_, _, ngettext

if TYPE_CHECKING:
    from tui.triage.session import Session

MANY = 10
"""More users than this at once: their number and the org's name have to be typed."""

_KINDS = {
    "well": N_("somebody without a fault"),
    "unwell": N_("the one in question"),
    "left": N_("somebody who has left"),
}
# The tables of the page by their element ids: labels repeat from table to table.
_TABLES = {
    "orgConfigInfo": N_("organisation"),
    "orgContacts": N_("organisation, contacts"),
    "orgEvents": N_("organisation, events"),
    "configSetup": N_("user"),
    "userContacts": N_("user, contacts"),
    "userEvents": N_("user, events"),
}


async def proven(session: Session, plan: ResetPlan) -> bool:
    """Show the samples of the status page beside their place in Setup, and ask for each whether Setup shows the same.

    The answers go to the journal; True when the reading now counts as confirmed in this org."""
    samples = await session.proof_samples(plan.user.id)
    output.note(
        _(
            "Before the first reset in {org} ({kind}): this console reads a page of Setup that Salesforce does not"
            " document. Open Setup, “Lightning Sync Status”, check each of these people there, and compare."
        ).format(org=plan.org.name, kind=_(ORG_KIND[plan.org.kind]))
    )
    answers = {}
    for sample in samples:
        for line in _shown(sample):
            output.note(line)
        answers[sample.user.id] = _yes(output.ask(_("Does Setup show the same? Type yes or no:")))
    confirmed = session.answer_proof(answers)
    if not confirmed:
        output.note(_("Not confirmed: the reset stays locked. Reset this user in Setup, and report what differed."))
    return confirmed


def _shown(sample: ProofSample) -> list[str]:
    head = _("{name} <{email}>, {kind}:").format(
        name=sample.user.name, email=sample.user.email, kind=_(_KINDS.get(sample.kind, sample.kind))
    )
    error = output.columns([(_("newest error"), column, value) for column, value in sample.error], indent="  ")
    return ["", head, *_rows(sample.reading), *error]


def _rows(reading: PageReading) -> list[str]:
    if reading.problem:
        return [f"  {reading.problem}"]
    rows = [(_(_TABLES.get(row.table, row.table)), row.label, row.value) for row in reading.rows]
    return output.columns(rows, indent="  ") or ["  " + _("The page shows no rows for this person.")]


def agreed(plans: Sequence[ResetPlan]) -> bool:
    """Say whom a reset would concern, in which org, and what it does; True when the person typed what was asked for."""
    org, number = plans[0].org, len(plans)
    output.note("")
    for plan in plans:
        output.note(_("Reset: {name} <{email}>").format(name=plan.user.name, email=plan.user.email))
    for warning in dict.fromkeys(warning for plan in plans for warning in plan.warnings):
        output.note(f"  {warning}")
    question = ngettext(
        "Reset the sync of {n} user in {org} ({kind})?", "Reset the sync of {n} users in {org} ({kind})?", number
    ).format(n=number, org=org.name, kind=_(ORG_KIND[org.kind]))
    if number > MANY:
        typed = f"{number} {org.name}"
        answer = output.ask(
            _("{question} Type their number and the org's name, {typed}:").format(question=question, typed=typed)
        )
        return " ".join(answer.split()) == " ".join(typed.split())
    return _yes(output.ask(_("{question} Type yes:").format(question=question)))


def _yes(answer: str) -> bool:
    return answer.casefold() in ("yes", _("yes"))
