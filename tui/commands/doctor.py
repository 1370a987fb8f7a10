"""`passerelle doctor`: what this host needs, what can be read, which assumptions hold here, each with its proof."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui import figures, output
from tui.commands import words
from tui.commands.common import Asked, Exit
from tui.commands.new_file import create
from tui.config import ConfigError, Settings, load
from tui.model import Status
from tui.sanitise import one_line
from tui.triage.doctor import host, masked
from tui.triage.doctor.facts import Fact, Group, fact
from tui.words import N_, _

if TYPE_CHECKING:
    from tui.triage.doctor.org import Seen

_TITLES = {
    Group.HOST: N_("This computer"),
    Group.ORG: N_("What can be read here"),
    Group.ASSUMPTION: N_("What we assume of Salesforce"),
}


def doctor(asked: Asked, field_report: Path | None) -> int:
    """Exit status: 2 when the config file will not do (the host is looked at all the same), 3 when Salesforce does not
    let us in, 1 when something needs attention, 3 when something could not be found out, else 0."""
    stream = create(field_report) if field_report is not None else None  # first: asking takes time
    try:
        facts, seen, settings = asyncio.run(_look(asked))
        if stream is not None:
            with stream:
                stream.write(masked.markdown(facts, seen, host.hosts(settings), datetime.now(UTC)))
    except BaseException:
        if field_report is not None:
            field_report.unlink(missing_ok=True)
        raise
    _tell(asked, facts, field_report)
    return _status(facts)


async def _look(asked: Asked) -> tuple[list[Fact], Seen | None, Settings | None]:
    path = asked.path()
    settings, problem = None, None
    try:
        settings = load(path)
    except ConfigError as error:
        problem = error
    facts = host.facts(settings, path, problem, size=_size())
    if settings is None:
        return facts, None, None
    from tui.triage.doctor import assumptions, org
    from tui.triage.session import Session

    journal, kept = _journal(settings)
    try:
        session = Session(settings, journal)
        try:
            seen = await org.look(session)
        finally:
            await session.aclose()
    finally:
        journal.close()
    return [*facts, kept, *org.facts(seen), *assumptions.facts(seen)], seen, settings


def _journal(settings: Settings) -> tuple[Any, Fact]:
    """The journal, or one in memory where it cannot be opened, and what is to be said of it."""
    from tui.journal.store import Journal, JournalError

    title, asked = _("Journal"), "[journal] url"
    try:
        opened = Journal(settings.journal.url, keep_days=settings.journal.keep_days)
    except JournalError as error:
        return Journal("sqlite://"), fact(Group.HOST, "journal", Status.FAIL, title, str(error), asked)
    return opened, fact(Group.HOST, "journal", Status.PASS, title, _("The journal can be opened."), asked)


def _size() -> tuple[int, int] | None:
    """The terminal that the console would be drawn on; None without one."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    found = shutil.get_terminal_size()
    return found.columns, found.lines


def _status(facts: list[Fact]) -> Exit:
    states = {one.id: one.status for one in facts}
    if states["host.config"] is Status.FAIL:
        return Exit.USAGE
    if states["org.login"] is Status.FAIL:
        return Exit.UNKNOWN
    found = set(states.values())
    if found & {Status.FAIL, Status.WARN}:
        return Exit.ATTENTION
    return Exit.UNKNOWN if Status.UNKNOWN in found else Exit.DONE


def _tell(asked: Asked, facts: list[Fact], field_report: Path | None) -> None:
    if asked.json:
        shown = [
            {
                "id": one.id,
                "group": one.group,
                "status": one.status,
                "title": one.title,
                "summary": one.summary,
                "asked": one.asked,
                "answered": one.answered,
            }
            for one in facts
        ]
        output.record({"facts": shown, "field_report": str(field_report.absolute()) if field_report else None})
        return
    for group, title in _TITLES.items():
        these = [one for one in facts if one.group is group]
        if not these:
            continue
        output.line(("" if group is Group.HOST else "\n") + _(title))
        for line in output.columns([(words.state(one.status), one.title, one.summary) for one in these], indent="  "):
            output.line(line)
        for one in these:
            if one.status in (Status.FAIL, Status.WARN, Status.UNKNOWN):
                _proof(one)
    if field_report is not None:
        output.line("\n" + _("Written: {path}. Read it before you send it.").format(path=one_line(field_report)))


def _proof(one: Fact) -> None:
    """What was asked and what came back, under those that need a look."""
    if not one.asked and not one.answered:
        return
    output.line("    " + _("Proof of {title}: asked {asked}").format(title=one.title, asked=one.asked or "-"))
    for name, value in one.answered.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        output.line("      " + figures.pair(one_line(name), one_line(shown, limit=1000)))
