"""The support packet: one Markdown file with all that was found out about one user, redacted.

What Salesforce Support asks for is nowhere listed for Lightning Sync; the parts are those of lightning-sync.md §5."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from tui.journal.store import JournalError
from tui.model import CheckResult, ErrorRow, Finding, Org, ServiceError, Status, User
from tui.salesforce.audit import DAYS
from tui.sanitise import one_line, redact, sanitise
from tui.terms import ORG_KIND
from tui.triage.checks.facts import UserFacts
from tui.triage.checks.google_key import tried
from tui.words import _

if TYPE_CHECKING:
    from tui.triage.session import Session

ROWS_AT_MOST = 200
CHANGES_AT_MOST = 50
_LONGEST = 1_000_000


async def packet(session: Session, user: User, result: CheckResult) -> str:
    """The packet for this user and this check, as Markdown in the language in use.

    Reads the error report again, so that it holds this and last year's rows; where it cannot be read, that is said.
    No key, token or session is in it: only the id of the key that was tried. Raises ServiceError without a login."""
    org = await session.connect()
    parts = [
        _head(session, org, user, result),
        *_verdict(result),
        *_steps(result.steps),
        *await _rows(session, org, user),
        *_history(session, org, user),
        *await _changes(session),
        *_missing(result),
        *_by_hand(),
    ]
    return redact(sanitise("\n".join(parts), limit=_LONGEST)) + "\n"


def _head(session: Session, org: Org, user: User, result: CheckResult) -> str:
    facts = UserFacts(session.facts(org, [user]), user)
    key = tried(facts.org)
    configuration = facts.assignment
    lines = [
        _("# Support packet: {name}").format(name=_cell(user.name)),
        "",
        *_table(
            {
                _("Organisation"): f"{org.name} ({org.id})",
                _("Kind, edition, instance"): f"{_(ORG_KIND[org.kind])}, {org.edition}, {org.instance}",
                _("Product"): result.product.value,
                _("User"): f"{user.name}, {user.username}, {user.id}",
                _("Address"): user.email,
                _("Profile"): user.profile,
                _("Active, frozen"): f"{user.active}, {'?' if user.frozen is None else user.frozen}",
                _("Configuration"): configuration.why,
                _("Checked at"): _time(result.checked_at),
                _("Asked as"): f"{org.acting_user} ({org.locale}, {org.time_zone})",
                _("Google key tried"): f"{key.get('key_id', '-')} ({key.get('service_account', '-')})",
                _("Reported by the person"): str(result.reported),
                _("Versions"): f"passerelle {_version()}, API {org.api_version}, Python {platform.python_version()}",
            }
        ),
    ]
    return "\n".join(lines)


def _verdict(result: CheckResult) -> Iterator[str]:
    yield _section(_("Verdict"))
    yield f"**{result.judgement.verdict.value}**: {_cell(result.sentence)}"
    yield ""
    for cause in result.judgement.causes:
        yield f"- `{cause}`"
    if result.judgement.look_again_at:
        yield _("- Look again after {time}").format(time=_time(result.judgement.look_again_at))


def _steps(steps: Iterable[Finding]) -> Iterator[str]:
    yield _section(_("Steps"))
    for step in steps:
        cause = f" `{step.cause}`" if step.cause else ""
        yield f"- **{step.status.value}** `{step.id}`{cause} ({step.ms} ms): {_cell(step.summary)}"
        for key, value in step.evidence.items():
            yield f"    - {_cell(key)}: {_cell(_plain(value))}"
        for call in step.calls:
            answer = "-" if call.status is None else call.status
            yield f"    - {_cell(f'{call.service} {call.method} {call.path}')}: {answer}, {call.ms} ms"


async def _rows(session: Session, org: Org, user: User) -> Iterator[str]:
    facts = session.facts(org, [user])
    title = _section(_("Rows of the error report, this year and last"))
    try:
        report, rows = await facts.report(), await facts.rows_of(user)
    except ServiceError as error:
        return iter([title, _("The report could not be read: {problem}").format(problem=_cell(error.message))])
    complete = _("complete") if report.complete else _("not whole: {why}").format(why=_cell(report.note))
    read = _(
        "{name}: {rows} rows read of {total} ({state}), as {user}, at {time}. Of these {own} are this user's."
    ).format(
        name=_cell(report.report_name),
        rows=len(report.rows),
        total="?" if report.total is None else report.total,
        state=complete,
        user=_cell(report.as_user),
        time=_time(report.read_at),
        own=len(rows),
    )
    return iter([title, read, *_row_lines(rows)])


def _row_lines(rows: list[ErrorRow]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"| {_('Time')} | {_('Type')} | {_('Text')} |"
    yield "|---|---|---|"
    for row in rows[:ROWS_AT_MOST]:
        yield f"| {_time(row.at)} | {_cell(row.type_label)} | {_cell(row.text)} |"
    if len(rows) > ROWS_AT_MOST:
        yield _("… and {number} more.").format(number=len(rows) - ROWS_AT_MOST)


def _history(session: Session, org: Org, user: User) -> Iterator[str]:
    yield _section(_("What was checked and reset before"))
    try:
        checks, writes = session.journal.checks(org.id, user.id), session.journal.writes(org.id, user.id)
    except JournalError as error:
        yield _cell(str(error))
        return
    if not checks and not writes:
        yield _("Nothing is known of this user in the journal.")
    for check in checks:
        yield f"- {_time(check.checked_at)}: {check.verdict.value} {' '.join(check.causes)} ({_cell(check.by)})"
    for write in writes:
        outcome = write.outcome.value if write.outcome else write.stage
        told = _("reset, {outcome}: {reason} ({by})")
        told = told.format(outcome=outcome, reason=_cell(write.reason), by=_cell(write.by))
        yield f"- {_time(write.planned_at)} – {_time(write.ended_at)}: {told}"


async def _changes(session: Session) -> Iterator[str]:
    """What was changed in Setup about the sync, newest first."""
    title = _section(_("Recent changes in Setup that concern the sync"))
    try:
        trail = await session.salesforce.changes()
    except ServiceError as error:
        return iter([title, _("The audit trail could not be read: {problem}").format(problem=_cell(error.message))])
    lines = [
        f"- {_time(one.at)}: {_cell(one.text or one.action)} ({_cell(one.by)}, `{_cell(one.action)}`)"
        for one in trail.changes[:CHANGES_AT_MOST]
    ]
    return iter([title, *(lines or [_("None in the last {days} days.").format(days=DAYS)])])


def _missing(result: CheckResult) -> Iterator[str]:
    yield _section(_("What could not be found out"))
    unknown = [step for step in result.steps if step.status is Status.UNKNOWN]
    for step in unknown:
        yield f"- `{step.id}`: {_cell(step.summary)}"
    for line in result.not_tested:
        yield f"- {_cell(line)}"
    if not unknown and not result.not_tested:
        yield _("Nothing is missing.")


def _by_hand() -> Iterator[str]:
    """What support is likely to ask for and no check can give."""
    yield _section(_("To add by hand"))
    for line in (
        _("Two or three sample records of both sides: Salesforce event id, Google event id, expected and actual."),
        _("The two messages of Salesforce's own connection test (contacts, calendar)."),
        _("Recent changes of rules and automations on Event and Contact."),
        _("Since when, how many users, and what it keeps them from doing."),
        _("Grant Account Login Access to Salesforce Support, for the admin and for this user."),
    ):
        yield f"- {line}"


def _section(title: str) -> str:
    return f"\n## {title}\n"


def _table(rows: Mapping[str, str]) -> Iterator[str]:
    yield "| | |"
    yield "|---|---|"
    for label, value in rows.items():
        yield f"| {label} | {_cell(value)} |"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _cell(text: str) -> str:
    """A text on one line that can break neither a table nor the page it is shown on."""
    cleaned = one_line(redact(text), limit=1000)
    for sign in ("\\", "|", "`", "<", "["):
        cleaned = cleaned.replace(sign, f"\\{sign}")
    return cleaned


def _time(moment: datetime | None) -> str:
    return "?" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _version() -> str:
    try:
        return version("passerelle")
    except PackageNotFoundError:
        return "?"
