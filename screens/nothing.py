"""Why a list is empty: what happened, what that means, what to do. Every list of the console says it this way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from screens.glyphs import glyph
from screens.state import Reading, Store
from screens.widgets.ink import Line, Span, wrap
from screens.words import number
from tui import figures
from tui.model import Finding, Status
from tui.words import _, ngettext

NO_RIGHTS = frozenset({"salesforce.rights.missing", "salesforce.report.unavailable", "salesforce.page.no_access"})
"""Causes that say: somebody must grant something; nothing is broken."""


MEASURE = 110
"""Cells after which a line of prose breaks, however wide the list is."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """`sign` is a state's glyph; `steps` are what to do, in order."""

    what: str
    sign: Status
    ink: str
    meaning: str = ""
    steps: tuple[str, ...] = ()

    def lines(self, width: int) -> list[Line]:
        """As it stands in the list, in that many cells."""
        room = max(20, min(width, MEASURE) - 5)
        lines: list[Line] = _beside((f" {glyph(self.sign)}  ", self.ink), (self.what, "strong"), room)
        if self.meaning:
            lines += _beside(("    ", ""), (self.meaning, ""), room)
        if self.steps:
            lines.append(())
        for n, step in enumerate(self.steps, 1):
            sign = f" {n}. " if len(self.steps) > 1 else f" {glyph('arrow')}  "
            lines += _beside((sign, "accent"), (step, ""), room)
        return lines


def _beside(sign: Span, text: Span, width: int) -> list[Line]:
    pieces = wrap((text,), width)
    return [(sign, *pieces[0]), *((("    ", ""), *piece) for piece in pieces[1:])]


def reading(what: str, meaning: str = "") -> Nothing:
    """It is being read."""
    return Nothing(what, Status.WAIT, "wait", meaning)


def none(what: str, meaning: str = "", *steps: str, well: bool = False) -> Nothing:
    """There is none, and that is the answer."""
    return Nothing(what, Status.PASS if well else Status.SKIP, "ok" if well else "dim", meaning, steps)


def filtered(rows: int) -> Nothing:
    """There are rows, but the filter lets none through."""
    return Nothing(
        _("No row matches the filter."),
        Status.SKIP,
        "dim",
        ngettext("It hides the only row.", "It hides all {n} rows.", rows).format(n=number(rows)),
        (_("Esc shows everything again; / changes the filter."),),
    )


def offline(store: Store) -> Nothing:
    """Salesforce has not let us in."""
    if store.connecting:
        return reading(_("Connecting to Salesforce…"), _("This screen is read as soon as it answers."))
    why = store.not_connected
    return Nothing(
        _("Not connected to Salesforce."),
        Status.FAIL,
        "bad",
        why.summary if why else "",
        (*(why.fix[:3] if why else ()), _("r tries again; 1 shows the connection.")),
    )


def failed(sentence: str, finding: Finding | None) -> Nothing:
    """It was asked for, and not given: for want of a right, or because something broke."""
    again = _("r reads again; @ shows what was called and answered.")
    if finding is None:
        return Nothing(_("This could not be read."), Status.FAIL, "bad", sentence, (again,))
    lacking = finding.cause in NO_RIGHTS
    meaning = sentence.removeprefix(figures.pair(finding.summary.rstrip("."), "")).removeprefix(finding.summary)
    return Nothing(
        finding.summary,
        Status.WARN if lacking else Status.FAIL,
        "warn" if lacking else "bad",
        meaning,
        (*finding.fix[:3], again),
    )


def of(store: Store, what: Reading[Any], reading_now: Nothing) -> Nothing | None:
    """Why a list that is read on request has not come; None when it has been read."""
    if what.problem and not what.under_way:
        return failed(what.problem, what.finding)
    if what.under_way:
        return reading_now
    return offline(store) if not store.connected else None
