"""What a reset of one user would do, and every guard that may refuse it. Presses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui import figures
from tui.model import CheckResult, ResetPlan, ServiceError, Status, User, Verdict, Write
from tui.salesforce.client import OWNED
from tui.sanitise import one_line
from tui.triage import proof
from tui.triage.checks import status_page
from tui.triage.checks.facts import UserFacts
from tui.triage.checks.past import NOT_YET_SHOWN, rows_of
from tui.words import _

if TYPE_CHECKING:
    from tui.triage.session import Session


@dataclass(frozen=True)
class Case:
    """One user, freshly checked, and what a reset of them would do. `unread`: the page could not be read just now."""

    plan: ResetPlan
    result: CheckResult
    facts: UserFacts | None
    unread: bool = False


async def prepare(session: Session, user_id: str, overrule: str = "") -> Case:
    """Check the user afresh, and say what a reset would do or why it is refused. Writes nothing to Salesforce.

    `overrule` is the admin's reason for a reset that the verdict does not ask for: it opens that one guard, no other.
    Raises ServiceError where Salesforce cannot be asked, LookupError where there is no such user."""
    org = await session.connect()
    user = await session.user(user_id)
    result, facts = (await session.examine([(user_id, user)]))[0]
    by_hand = session.page_by_hand(user.id)
    unread = facts is None or facts.reading is None
    if unread and by_hand is not None:
        result, facts = (await session.examine([(user_id, user)], page=by_hand))[0]
    guards = [guard for guard in _GUARDS if guard is not _not_the_verdict or not overrule]
    refusal, guard = next(
        ((told, guard) for guard in guards if (told := guard(result, facts, session))), ("", _not_the_page)
    )
    in_setup = bool(refusal) and guard is _not_the_page
    if in_setup and unread and by_hand is not None:
        refusal = _("The page is known here from what was pasted or saved: the button is for you to press in Setup.")
    unproven = not refusal and not session.journal.confirmed(org.id, proof.PAGE)
    if unproven:
        refusal = _(
            "The reading of this page has not been confirmed in this organisation: compare it with Setup first (Proof)."
        )
    plan = ResetPlan(
        user=user,
        org=org,
        refusal=refusal,
        needs_proof=unproven,
        warnings=(*_warnings(), *_left_open(session, user)),
        before=_snapshot(result, facts) | ({"overruled": one_line(overrule, limit=500)} if overrule else {}),
        owned=await _owned(session, user) if not refusal or in_setup else (),
        by_hand=in_setup,
        link=session.salesforce.link("lightning_sync_status"),
    )
    return Case(plan, result, facts, unread)


def _under_way(result: CheckResult, facts: UserFacts | None, session: Session) -> str:
    waits = [step for step in result.steps if step.status is Status.WAIT]
    if waits:
        return _("Refused: {what} Look again later.").format(what=waits[0].summary)
    pressed = [write for write in open_writes(session, result.user) if write.stage == "pressed"]
    if pressed and pressed[0].pressed_at and session.clock() - pressed[0].pressed_at < NOT_YET_SHOWN:
        return _("Refused: Reset was pressed for this user a moment ago. Check the user again in a minute.")
    return ""


def _not_unique(result: CheckResult, facts: UserFacts | None, session: Session) -> str:
    step = next((step for step in result.steps if step.id == status_page.PAGE), None)
    if step is None or "others" not in step.evidence:
        return ""
    return _("Refused: the page takes only a full name, and this one is not unique: {others}").format(
        others="; ".join(step.evidence["others"])
    )


def _other_name(result: CheckResult, facts: UserFacts | None, session: Session) -> str:
    step = next((step for step in result.steps if step.id == status_page.PAGE), None)
    shown = facts.reading.shown_name if facts and facts.reading else step.evidence.get("shown_name") if step else None
    if result.user is None or shown is None or shown.split() == result.user.name.split():
        return ""
    return _("Refused: the page answered about {shown}, not about {name}.").format(shown=shown, name=result.user.name)


def _not_the_page(result: CheckResult, facts: UserFacts | None, session: Session) -> str:
    if facts is None or facts.reading is None:
        return _("Refused: the status page was not read for this user. {sentence}").format(sentence=result.sentence)
    if facts.reading.shown_name is None:
        return _("Refused: the page does not show whom it answers about.")
    if not facts.reading.can_reset:
        return _("Refused: the page shows no Reset button (it requires Manage Users and Manage Lightning Sync).")
    return ""


def _not_the_verdict(result: CheckResult, facts: UserFacts | None, session: Session) -> str:
    if result.judgement.verdict is Verdict.RESET:
        return ""
    return _("Refused: a reset is for a user whose tests pass and who has an open error. {sentence}").format(
        sentence=result.sentence
    )


_Guard = Callable[[CheckResult, UserFacts | None, "Session"], str]
# The more telling sentence comes first; the verdict's own would hide it.
_GUARDS: tuple[_Guard, ...] = (_under_way, _not_unique, _other_name, _not_the_verdict, _not_the_page)


def _warnings() -> tuple[str, ...]:
    return (
        _(
            "A reset clears the links between this user's Google items and Salesforce records, then builds them again. "
            "The records themselves stay as they are."
        ),
        _("It begins with the next sync cycle and cannot be stopped; with many items it takes hours, a day or more."),
        _("Events that the user does not want synced should be moved out of the calendar first."),
    )


async def _owned(session: Session, user: User) -> tuple[tuple[str, int | None, str], ...]:
    """How many records a reset may have to link again: those that the user owns. What cannot be counted is not known,
    and why."""
    owned: list[tuple[str, int | None, str]] = []
    for kind in OWNED:
        try:
            owned.append((kind, await session.salesforce.owned(kind, user.id), ""))
        except ServiceError as error:
            owned.append((kind, None, error.message))
    return tuple(owned)


def open_writes(session: Session, user: User | None) -> list[Write]:
    return [write for write in session.unfinished() if user is not None and write.user_id == user.id]


def _left_open(session: Session, user: User) -> list[str]:
    """What to say of earlier writes for this user whose end is not known."""
    return [
        _("An earlier reset, of {time} by {by}, was left without a known end.").format(
            time=figures.utc(write.planned_at), by=write.by
        )
        for write in open_writes(session, user)
    ]


def _snapshot(result: CheckResult, facts: UserFacts | None) -> dict[str, Any]:
    """What is kept of a check: the status rows, the verdict, and the cause ids that fail."""
    return {
        "rows": rows_of(facts.reading if facts else None),
        "verdict": result.judgement.verdict.value,
        "causes": list(result.judgement.causes),
        "fails": sorted({step.cause for step in result.steps if step.status is Status.FAIL and step.cause}),
    }
