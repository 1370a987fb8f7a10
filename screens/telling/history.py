"""What was done for one user before: checks and resets, newest first, each with what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from screens.telling.resetting import differences
from screens.widgets.document import Block, heading
from screens.widgets.ink import Line, Span, fit
from screens.words import VERDICT, stamp
from tui.kinds import Outcome, Verdict
from tui.model import CheckResult, Write
from tui.records import CheckRecord, Records
from tui.words import N_, _, ngettext

SHOWN = 12
"""How many checks and resets are listed."""
BY = 12
INDENT = 4

RESET = {
    Outcome.DONE: (N_("Reset: done"), "ok"),
    Outcome.REFUSED: (N_("Reset: refused"), "warn"),
    Outcome.FAILED: (N_("Reset: failed"), "bad"),
    Outcome.UNKNOWN: (N_("Reset: end not known"), "warn"),
    None: (N_("Reset: left unfinished"), "warn"),
}


def history(records: Records, shown: CheckResult | None = None) -> list[Block]:
    """The newest checks and resets of this user; nothing where there is none but the check that is `shown`."""
    past = [check for check in records.checks if shown is None or check.checked_at != shown.checked_at]
    if not past and not records.resets:
        return []
    lines = [(check.checked_at, _check(check)) for check in records.checks]
    lines += [(write.planned_at, _reset(write)) for write in records.resets]
    lines.sort(key=lambda pair: pair[0], reverse=True)
    return [*heading("history", _("Checks and resets of this user")), *(block for _at, block in lines[:SHOWN])]


def before(records: Records, checked_at: datetime) -> Verdict | None:
    """The verdict of the last check before that one."""
    return next((check.verdict for check in records.checks if check.checked_at < checked_at), None)


def _check(check: CheckRecord) -> Block:
    word, ink = VERDICT[check.verdict]
    more: list[Line] = [((check.sentence, ""),)] if check.sentence else []
    more += [((_("Cause: "), "dim"), (_title(cause), ""), (f"  {cause}", "dim")) for cause in check.causes]
    more += [((_("Reported by the person."), "dim"),)] if check.reported else []
    count = ngettext("{n} open error", "{n} open errors", check.open_errors).format(n=check.open_errors)
    more.append(((count, "dim"), (f"  {_as(check)}", "dim")))
    return _line(f"check.{check.id}", check.checked_at, check.by, (_(word), ink), more)


def _reset(write: Write) -> Block:
    word, ink = RESET[write.outcome]
    more: list[Line] = [((write.reason, ""),)] if write.reason else []
    if why := write.before.get("overruled"):
        more.append(((_("Asked for anyway: "), "dim"), (str(why), "")))
    more += differences(write.before, write.after)
    more.append(((_as(write), "dim"),))
    return _line(f"reset.{write.id}", write.planned_at, write.by, (_(word), ink), more)


def _line(key: str, at: datetime, by: str, what: Span, more: Sequence[Line]) -> Block:
    line: Line = ((f"  {stamp(at)}  ", "dim"), (f"{fit(by, BY)}  ", ""), what)
    detail = tuple(((" " * INDENT, ""), *one) for one in more)
    return Block(f"history.{key}", line, INDENT, detail, INDENT)


def _as(record: CheckRecord | Write) -> str:
    return _("Asked as {user}").format(user=record.acting_user)


def _title(cause: str) -> str:
    from tui.triage import catalogue  # its texts are read when they are first needed, not at start

    return catalogue.cause(cause).title if cause in catalogue.FACTS else ""
