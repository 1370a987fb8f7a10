"""The top of the Overview: is it broken for everybody, since when, for how many, what kind, when did it last work.

One labelled line for each; behind Enter stands what it rests on, and how old that is."""

from __future__ import annotations

from datetime import datetime, timedelta

from screens.glyphs import glyph
from screens.pieces import Copy
from screens.telling.behind import behind
from screens.widgets.document import Block, blank, heading
from screens.widgets.ink import Line
from screens.words import as_of, number, stamp, state
from tui.model import Answer, Finding, Overview, Stage, Status, StatusPage
from tui.triage import briefing
from tui.words import _, ngettext

INDENT = "  "
"""What stands before everything that is not a heading."""
STATE = 11
"""Cells of a state, sign and word, and of a label; behind them the text begins."""
TEXT = len(INDENT) + STATE
PAD = " " * TEXT
HANG = len(INDENT) + 2
"""Where a line goes on whose text is too long for the place behind its label."""
REPORT = "salesforce.report"
"""The step that reads the error report."""
TOGETHER = timedelta(minutes=2)
"""What was read so soon one after the other has one age."""
NEAR = 180
"""Days before the end of Lightning Sync from which it is a warning."""


def trouble(finding: Finding, pages: tuple[StatusPage, ...]) -> list[Block]:
    """Not connected: what happened, what it means for the question, and what to do."""
    lead = _("Not connected to Salesforce: whether sync is broken for everybody is not known.")
    again = _("r tries again; i opens the set-up, which tries every step for real.")
    blocks = [
        Block(
            "trouble",
            ((INDENT, ""), *state(Status.UNKNOWN), (lead, "strong")),
            TEXT,
            behind(finding, TEXT)[1:],
            TEXT + 2,
        ),
        Block("trouble.what", ((PAD, ""), (finding.summary, "")), TEXT),
        *heading("trouble.fix", _("What to do now")),
        *(
            Block(f"trouble.fix.{n}", ((f"{INDENT}{n}. ", "accent"), (text, "")), len(INDENT) + 3)
            for n, text in enumerate(finding.fix, 1)
        ),
        Block("trouble.again", ((f"{INDENT}{glyph('dot')}  ", "accent"), (again, "")), len(INDENT) + 3),
        *(Block(f"trouble.link.{n}", ((f"{INDENT}{link}", "accent"),), 4) for n, link in enumerate(finding.links)),
        *status_pages(pages, finding.links),
    ]
    return [*blocks, blank("trouble.end")]


def status_pages(pages: tuple[StatusPage, ...], shown: tuple[str, ...] = ()) -> list[Block]:
    """Where both companies say how they are; those in `shown` stand on the screen already."""
    return [
        *heading("pages", _("Status pages of Salesforce and Google")),
        *(
            Block(
                f"page.{page.service}",
                ((f"{INDENT}{page.service:<18}", "dim"), (page.address, "accent")),
                HANG,
                (((f"{'':<{HANG}}{page.why}", ""),),),
                HANG,
            )
            for page in pages
            if page.address not in shown
        ),
    ]


def answered(answer: Answer, now: datetime, read_at: datetime) -> Block:
    """The answer, its state first; behind Enter the finding that decides, and what to do about it."""
    deciding = answer.deciding
    detail: list[Line] = []
    copies: tuple[Copy, ...] = ()
    if deciding is not None:
        detail += [((f"{PAD}{n}. ", "accent"), (text, "")) for n, text in enumerate(deciding.fix, 1)]
        detail += behind(deciding, TEXT)[deciding.summary in answer.sentence :]
        copies = (Copy("cause", deciding.cause),) if deciding.cause else ()
    detail.append(((PAD, ""), (as_of(read_at, now), "dim")))
    ink = "strong" if answer.status is not Status.UNKNOWN else ""
    line = ((INDENT, ""), *state(answer.status), (answer.sentence, ink))
    return Block("answer", line, TEXT, tuple(detail), TEXT + 3, copies)


def facts(overview: Overview, now: datetime) -> list[Block]:
    """What follows from it, a labelled line each."""
    tally, answer = overview.tally, overview.answer
    lost = tally is None and overview.stage is not Stage.SO_FAR
    unread, quiet = "warn" if lost else "", "dim" if lost else ""
    rows: list[tuple[str, str, Line, list[str]]] = [
        ("since", _("Since"), ((briefing.since(overview), unread),), _behind_since(overview)),
        ("people", _("People"), ((briefing.people(overview), quiet),), _behind_people(overview)),
        ("kind", _("Type"), ((briefing.open_kinds(overview), quiet),), _behind_kind(overview)),
    ]
    if answer is not None:
        doubt = "" if overview.confirmed or answer.last_worked is None else _(" (not confirmed here)")
        worked = (briefing.last_worked(answer, now), "" if answer.last_worked else "warn")
        rows.append(("worked", _("Last sync"), (worked, (doubt, "dim")), _behind_worked(overview)))
    rows += [
        ("report", _("Errors"), *_report(overview, now)),
        (
            "api",
            _("API calls"),
            ((briefing.api(overview), "warn" if briefing.api_low(overview) else ""),),
            _behind_api(overview),
        ),
        (
            "deadline",
            _("Deadline"),
            ((briefing.deadline(overview.product, now), "warn" if briefing.days_left(now) < NEAR else ""),),
            [
                _("Salesforce names the month, not the day: the days are counted to its first."),
                _("From then on nothing syncs; what was synced stays in Salesforce."),
            ],
        ),
    ]
    blocks = []
    for key, label, line, more in rows:
        lines = [*filter(None, more), *([as_of(overview.read_at, now)] if key not in {"report", "deadline"} else [])]
        detail = tuple(((PAD, ""), (text, "dim")) for text in lines)
        blocks.append(Block(f"fact.{key}", ((f"{INDENT}{label:<{STATE}}", "dim"), *line), TEXT, detail, TEXT + 2))
    return blocks


def _behind_since(overview: Overview) -> list[str]:
    tally = overview.tally
    if tally is None:
        return []
    people = ngettext(
        "{n} person has had an error since then.", "{n} people have had an error since then.", tally.since.people
    )
    return [
        people.format(n=number(tally.since.people)) if tally.since.at is not None else "",
        _("Counted in days back from now, over 90 days; usual is the median of a day."),
        "" if tally.since.whole else _("The report was cut: older errors of that time may be missing."),
        _("Newest error: {time}").format(time=stamp(tally.newest)) if tally.newest else "",
        _("{n} errors have no time that could be read; they are in no count by time.").format(n=number(tally.undated))
        if tally.undated
        else "",
    ]


def _behind_people(overview: Overview) -> list[str]:
    roster = overview.roster
    return [
        _("Open is an error that is recent, and newer than the person's last reset and acknowledgement."),
        _("Assigned are the active users whom the active configurations of the config file name or bring by profile.")
        if roster.assigned is not None
        else _("How many are assigned is not known: {why}").format(why=roster.problem or _("nothing is declared")),
    ]


def _behind_kind(overview: Overview) -> list[str]:
    if overview.tally is None:
        return []
    return [_("All of this year and last: {kinds}").format(kinds=briefing.kinds(overview.tally.by_type) or "0")]


def _behind_worked(overview: Overview) -> list[str]:
    return [
        _("The newest “Last sync activity” of the Lightning Sync Status page, contacts and events."),
        ""
        if overview.confirmed
        else _("How the page is read has not been confirmed in this organisation: a reset asks you to do so."),
    ]


def _behind_api(overview: Overview) -> list[str]:
    made = ", ".join(f"{service.capitalize()} {number(calls)}" for service, calls in sorted(overview.calls.items()))
    return [
        briefing.reserve(overview),
        _("Made by this console: {calls}").format(calls=made) if made else "",
    ]


def _report(overview: Overview, now: datetime) -> tuple[Line, list[str]]:
    """How much was read; and how old that is where the rest is younger (the line above the page says how old)."""
    report = overview.report
    if report is None and overview.stage is Stage.SO_FAR:
        return ((briefing.people(overview), ""),), []
    if report is None:
        why = [finding.summary for finding in overview.findings if finding.id == REPORT]
        return ((_("the report could not be read"), "warn"),), [*why, as_of(overview.read_at, now)]
    line: Line = ((briefing.read(report), "" if report.complete else "warn"),)
    if overview.read_at - report.read_at > TOGETHER:
        line = (*line, (f" {glyph('dot')} {as_of(report.read_at, now)}", "dim"))
    named = _("Report “{name}”, read as {user}").format(name=report.report_name, user=report.as_user)
    return line, [named, report.note, as_of(report.read_at, now)]
