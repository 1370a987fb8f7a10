"""What stands behind Enter of a finding: what it means, what was asked and what came back, how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from screens.telling.evidence import called
from screens.telling.rows import plain
from screens.widgets.ink import Line, Span
from screens.words import clock, number
from tui import figures
from tui.words import _

if TYPE_CHECKING:
    from tui.model import Call, Finding

INDENT = 6


def behind(finding: Finding, indent: int = INDENT, *, summary: bool = True) -> tuple[Line, ...]:
    """In words first, then the technical terms; every line begins with `indent` blanks. `summary`: what was found is
    not told yet."""
    pad = " " * indent
    lines: list[Line] = [((pad, ""), (finding.summary, ""))] if summary else []
    if finding.cause:
        for label, text in _explained(finding.cause, finding.evidence):
            lines.append(((pad, ""), (f"{label} ", "dim"), (text, "")))
    lines += [((pad, ""), *line) for line in _asked(finding)]
    for name, value in finding.evidence.items():
        lines += [((pad, ""), *line) for line in _evidence(name, value)]
    lines += [((pad, ""), (link, "accent")) for link in finding.links]
    if finding.cause:
        lines.append(((pad, ""), (_("Cause: "), "dim"), (finding.cause, "")))
    lines.append(((pad, ""), (_("Step: "), "dim"), (finding.id, "dim")))
    return tuple(lines)


def _evidence(name: str, value: object) -> list[Line]:
    """A piece of evidence, a line for each of its parts where it has several."""
    label: Span = (figures.label(called(name)), "dim")
    if isinstance(value, Mapping) and len(value) > 1:
        return [(label,), *((("  ", ""), (plain({part: told}), "")) for part, told in value.items())]
    return [(label, (" ", ""), (plain(value), ""))]


def _asked(finding: Finding) -> list[Line]:
    """The calls that the step made, each with what came back and how long it took."""
    if finding.kept_from is not None:
        told = _("at {time}, and not again.").format(time=clock(finding.kept_from))
        return [((_("Asked: "), "dim"), (told, ""))]
    lines: list[Line] = [((_("Asked: "), "dim"), (_call(call), ""), (_answer(call), "dim")) for call in finding.calls]
    if finding.calls:
        lines.append(((_("Took: "), "dim"), (_("{n} ms in all").format(n=number(finding.ms)), "")))
    return lines


def _call(call: Call) -> str:
    return f"{call.service} {call.method} {call.path}"


def _answer(call: Call) -> str:
    status = str(call.status) if call.status is not None else _("no answer")
    told = _("  answered {status}, {n} ms").format(status=status, n=number(call.ms))
    return f"{told}, {call.note}" if call.note else told


def _explained(cause_id: str, evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    from tui.triage import catalogue  # its texts are read when they are first needed, not at start

    if cause_id not in catalogue.ORDER:
        return []
    cause = catalogue.cause(cause_id, evidence)
    return [
        (_("What it means:"), cause.meaning),
        (_("Why we think so:"), cause.why),
        (_("How to prove it:"), cause.proof),
    ]
