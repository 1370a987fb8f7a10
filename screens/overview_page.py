"""What the Overview shows of what was read: trouble first, then the page, in the order of an admin's questions."""

from __future__ import annotations

from datetime import datetime

from screens import overview_answer as top
from screens import overview_setup as rest
from screens.overview_chart import chart
from screens.state import Store
from screens.widgets.document import Block, heading
from screens.words import as_of
from tui.model import Overview
from tui.triage.status_pages import pages
from tui.words import _


def blocks(store: Store, width: int) -> list[Block]:
    """Everything; what was read before stays, and says that it was before. `width`: the cells of a line."""
    now, overview = store.now(), store.overview.value
    found: list[Block] = []
    if store.not_connected is not None:
        found += top.trouble(store.not_connected, pages(store.org))
    elif store.overview.problem:
        said = _("The last reading failed: {why}").format(why=store.overview.problem)
        found.append(Block("problem", ((said, "warn"),)))
    if overview is None:
        return found
    if found:
        before = _("What was seen before ({when}):").format(when=as_of(overview.read_at, now))
        found.append(Block("before", ((before, "dim"),)))
    return [*found, *page(overview, now, width)]


def page(overview: Overview, now: datetime, width: int) -> list[Block]:
    """The whole page, what an admin asks first at its top; `width` is how many cells a line has."""
    return [
        *([top.answered(overview.answer, now, overview.read_at)] if overview.answer else []),
        *top.facts(overview, now),
        *rest.checklist(overview, now, width),
        *rest.others(overview.findings, overview.answer),
        *heading("pages", _("Status pages of Salesforce and Google")),
        *top.status_pages(overview.status_pages),
        *rest.configurations(overview.configurations, overview.roster),
        *(chart(overview.tally) if overview.tally else []),
        *rest.changes(overview.changes),
        *rest.capabilities(overview.capabilities),
        *rest.organisation(overview.org),
    ]
