"""A list of users taken into the configurations at a plain terminal: what it would change is shown, and asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tui import figures
from tui.commands import asking, words
from tui.commands.asking import say
from tui.declaration import Comparison, Difference, Kind, Listing
from tui.model import Status
from tui.salesforce.saved.file import FileProblem
from tui.sanitise import one_line
from tui.triage.declaration import lists
from tui.triage.setup.assistant import Assistant
from tui.words import N_, _, ngettext

_SAID = {
    Kind.ADDED: N_("+ {who}, into “{target}”"),
    Kind.MOVED: N_("~ {who}, from {former} into “{target}”"),
    Kind.REMOVED: N_("- {who}, out of {former}"),
    Kind.UNKNOWN: N_("? {who}"),
    Kind.AMBIGUOUS: N_("? {who}"),
}
_SHOWN = 40
"""Differences listed at most: a longer list is counted, and read in the file that it came from."""


def from_text(assistant: Assistant) -> None:
    """A list that is pasted. Raises click.Abort."""
    text = asking.pasted(
        _("Paste the assigned users, as Setup lists them (names, addresses, usernames, profiles); then an empty line.")
    )
    _take(assistant, lists.pasted(text))


def from_file(assistant: Assistant) -> None:
    """A list in a file. Raises click.Abort."""
    text = asking.typed(_("The file (CSV or XLSX), such as Setup's list of Lightning Sync users:"))
    if not text:
        return
    try:
        listing = lists.read(Path(text).expanduser())
    except (FileProblem, RuntimeError) as problem:
        _refuse(str(problem))
        return
    _take(assistant, listing)


def _take(assistant: Assistant, listing: Listing) -> None:
    for left in listing.left_out[:_SHOWN]:
        say(_("Line {line} was left out ({why}): {text}").format(line=left.line, why=left.why, text=left.text), hang=4)
    if not listing.entries:
        _refuse(_("No user and no profile was found in that."))
        return
    configuration = ""
    if listing.needs_configuration and not listing.whole:
        names = [str(one.get("name", "")) for one in assistant.draft.configurations]
        say(_("Which configuration is this the list of?") + (f" ({', '.join(map(one_line, names))})" if names else ""))
        configuration = asking.typed(_("Its name:"))
        if not configuration:
            return
    if accepted := _agreed(asyncio.run(assistant.compare(listing, configuration))):
        assistant.accept(accepted)


def _agreed(comparison: Comparison) -> Sequence[Difference]:
    """Show what would change, and ask. Raises click.Abort."""
    say()
    if not comparison.looked_up:
        say(_("Salesforce could not be asked who they are, so only addresses, usernames and ids are compared."))
    for difference in comparison.differences[:_SHOWN]:
        _tell(difference)
    if (more := len(comparison.differences) - _SHOWN) > 0:
        say(ngettext("{n} more difference.", "{n} more differences.", more).format(n=more))
    same = ngettext("{n} is as declared.", "{n} are as declared.", comparison.unchanged)
    say(same.format(n=comparison.unchanged))
    if comparison.new:
        say(
            _("New: {names}. What they sync is asked about with e, change one.").format(names=", ".join(comparison.new))
        )
    acceptable = [one for one in comparison.differences if one.acceptable]
    certain = [one for one in acceptable if not one.doubtful]
    if not acceptable:
        say(_("There is nothing to change."))
        return ()
    choices = {"a": _("accept what is certain ({n})").format(n=len(certain))} if certain else {}
    choices |= {"o": _("decide one by one"), "n": _("change nothing")}
    match asking.choose(_("What now?"), choices, "a" if certain else "o"):
        case "a":
            return certain
        case "o":
            return [one for one in acceptable if _wanted(one)]
    return ()


def _wanted(difference: Difference) -> bool:
    _tell(difference)
    return asking.typed(_("Accept this? Type yes or no:")).casefold() in ("yes", "y", _("yes"))


def _tell(difference: Difference) -> None:
    former = ", ".join(figures.quoted(one_line(name)) for name, _text in difference.former)
    text = _(_SAID[difference.kind]).format(
        who=one_line(difference.label), target=one_line(difference.target), former=former
    )
    say("  " + " ".join(filter(None, [text, f"({difference.why})" if difference.why else ""])), hang=4)


def _refuse(sentence: str) -> None:
    say(f"{words.state(Status.FAIL)}  {sentence}", hang=4)
