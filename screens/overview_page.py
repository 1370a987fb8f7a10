"""What the Overview shows of what was read: trouble first, then the page, in the order of an admin's questions."""

from __future__ import annotations

from datetime import datetime

from screens import overview_answer as top
from screens import overview_setup as rest
from screens.overview_chart import chart
from screens.state import Store
from screens.widgets.columns import column
from screens.widgets.document import Block, Flows
from screens.words import as_of
from tui.model import Overview
from tui.triage.status_pages import pages
from tui.words import _


def flows(store: Store, width: int) -> Flows:
    """Everything; what was read before stays, and says that it was before. `width`: the cells of a line."""
    now, overview = store.now(), store.overview.value
    found: list[Block] = []
    if store.not_connected is not None:
        found += top.trouble(store.not_connected, pages(store.org))
    elif store.overview.problem:
        said = _("The last reading failed: {why}").format(why=store.overview.problem)
        found.append(Block("problem", ((said, "warn"),)))
    if overview is None:
        return found, (), ()
    if found:
        before = _("What was seen before ({when}):").format(when=as_of(overview.read_at, now))
        found.append(Block("before", ((before, "dim"),)))
    head, left, right = page(overview, now, width, status_pages=store.not_connected is None)
    return [*found, *head], left, right


def page(overview: Overview, now: datetime, width: int, *, status_pages: bool = True) -> Flows:
    """The whole page: what an admin asks first; then what was set up; then what came of it. `width` is how many cells
    a line has; `status_pages` whether both companies' own pages are not on the screen already."""
    narrow = column(width)
    head = [
        *([top.answered(overview.answer, now, overview.read_at)] if overview.answer else []),
        *top.facts(overview, now),
    ]
    set_up = [
        *rest.checklist(overview, now, narrow, beside=narrow < width),
        *rest.others(overview, beside=narrow < width),
        *(top.status_pages(overview.status_pages) if status_pages else []),
        *rest.configurations(overview.configurations, overview.roster),
    ]
    seen = [
        *(chart(overview.tally, narrow) if overview.tally else []),
        *rest.changes(overview.changes),
        *rest.capabilities(overview.capabilities),
        *rest.organisation(overview.org),
    ]
    return head, set_up, seen
