"""Overview: is it broken for everybody, what is set up and what not, what can be read here, how old is each figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from textual.widget import Widget

from screens.actions import Scene, bindings
from screens.base import ConsoleScreen, path
from screens.glyphs import glyph
from screens.pieces import Copy
from screens.widgets.document import Block, Document, blank, heading
from screens.widgets.ink import Line
from screens.words import ERROR_TYPE, READABLE, as_of, number, stamp, state
from tui.kinds import Direction, ErrorType, Product, Status
from tui.words import N_, _, ngettext

if TYPE_CHECKING:
    from screens import engine as room
    from tui.model import ChecklistItem, Configuration, ErrorReport, Finding, Overview, SetupChange

RETIRES = date(2027, 4, 1)
"""Lightning Sync retires in April 2027 for Google; Salesforce gives the month, not the day: we count to its first."""

PRODUCT = {
    Product.LIGHTNING_SYNC: N_("Lightning Sync"),
    Product.EINSTEIN_ACTIVITY_CAPTURE: N_("Einstein Activity Capture"),
}
DIRECTION = {
    Direction.BOTH: N_("both ways"),
    Direction.GOOGLE_TO_SALESFORCE: N_("Google to Salesforce"),
    Direction.SALESFORCE_TO_GOOGLE: N_("Salesforce to Google"),
    Direction.NONE: N_("not synced"),
}
LABEL = 14
CHANGES_SHOWN = 8


class OverviewScreen(ConsoleScreen):
    name_ = "overview"
    BINDINGS = bindings("overview")

    def body(self) -> Iterator[Widget]:
        yield Document(id="overview")

    @property
    def page(self) -> Document:
        return self.query_one("#overview", Document)

    def crumb(self) -> Line:
        return path(_("Overview"))

    def aside(self) -> Line:
        overview = self.store.overview.value
        if overview is None:
            return ()
        return ((as_of(overview.read_at, self.store.now()) + " ", "dim"),)

    def going_on(self) -> tuple[str, int] | None:
        store = self.store
        if store.connecting and store.connecting_since:
            return _("connecting to Salesforce"), _seconds(store.connecting_since, store.now())
        if store.overview.under_way and store.overview.asked_at:
            return _("reading the overview"), _seconds(store.overview.asked_at, store.now())
        return super().going_on()

    def scene(self) -> Scene:
        return Scene(
            self.name_,
            connected=self.store.connected,
            armed=self.store.armed,
            has_row=True,
            can_open=self.page.can_open,
            unfinished=len(self.store.unfinished),
        )

    def draw(self) -> None:
        store = self.store
        blocks: list[Block] = []
        if store.not_connected is not None:
            blocks += _trouble(store.not_connected)
        elif store.overview.problem:
            blocks += [
                Block("problem", ((_("The last reading failed: {why}").format(why=store.overview.problem), "warn"),))
            ]
        overview = store.overview.value
        if overview is not None:
            blocks += _overview(overview, store.now())
        elif not blocks:
            blocks.append(Block("wait", ((_("Connecting: what can be read will stand here in a moment."), "dim"),)))
        self.page.show(blocks)

    def do_open(self) -> None:
        self.page.toggle()
        self.cursor_moved()

    def do_refresh(self) -> None:
        if not self.store.connected:
            self.host.connect()
        else:
            self.host.load_overview()

    def hear(self, event: room.Event) -> None:
        from screens import engine as room

        if isinstance(event, room.Failed) and event.ticket and self.store.overview.problem == event.sentence:
            self.flash(event.sentence, "warn")


def _seconds(since: datetime, now: datetime) -> int:
    return int((now - since).total_seconds())


def _trouble(finding: Finding) -> list[Block]:
    """Not connected: what happened, and what to do."""
    blocks = [
        Block("trouble", (*state(Status.FAIL), (_("Not connected to Salesforce"), "strong"))),
        Block("trouble.what", ((f"  {finding.summary}", ""),), hang=2),
        *(
            Block(f"trouble.fix.{n}", ((f"  {n}. ", "accent"), (text, "")), hang=5)
            for n, text in enumerate(finding.fix, 1)
        ),
        *(Block(f"trouble.link.{n}", ((f"  {link}", "accent"),), hang=2) for n, link in enumerate(finding.links)),
        *(
            Block(f"trouble.evidence.{name}", ((f"  {name}: ", "dim"), (str(value), "dim")), hang=4)
            for name, value in finding.evidence.items()
        ),
        Block("trouble.again", ((_("  Press r to try again."), "dim"),)),
    ]
    return [*blocks, blank("trouble.end")]


def _overview(overview: Overview, now: datetime) -> list[Block]:
    return [
        *_findings(overview),
        *_facts(overview, now),
        *heading("checklist", _("Set-up checklist")),
        *(_item(item) for item in overview.checklist),
        *_configurations(overview.configurations),
        *heading("capabilities", _("What can be read here")),
        *(
            Block(
                f"capability.{capability.id}",
                (
                    (f"  {_(READABLE[capability.status][0]):<24}", READABLE[capability.status][1]),
                    (capability.summary, ""),
                ),
                hang=26,
            )
            for capability in overview.capabilities
        ),
        *_changes(overview.changes),
    ]


def _changes(changes: tuple[SetupChange, ...] | None) -> list[Block]:
    """The newest changes in Setup that concern the sync; who made one and Salesforce's own code behind Enter."""
    if not changes:  # that the trail could not be read stands among what can be read
        return []
    return [
        *heading("changes", _("Recent changes in Setup")),
        *(
            Block(
                f"change.{number_}",
                ((f"  {stamp(change.at) if change.at else '?':<18}", "dim"), (change.text or change.action, "")),
                18,
                (((f"{'':<18}{change.by} {glyph('dot')} {change.section} {glyph('dot')} {change.action}", "dim"),),),
                18,
            )
            for number_, change in enumerate(changes[:CHANGES_SHOWN])
        ),
    ]


def _facts(overview: Overview, now: datetime) -> list[Block]:
    """What an admin wants to know first, one labelled line each."""
    org = overview.org
    facts: list[tuple[str, str, Line]] = [
        ("org", _("Organisation"), ((f"{org.name} ({org.id}, {org.instance})", ""),)),
        ("product", _("Product"), _product(overview.product, now)),
        *_errors(overview.report, now),
    ]
    if overview.api_used is not None and overview.api_limit:
        left = overview.api_limit - overview.api_used
        share = round(100 * left / overview.api_limit)
        text = _("{left} of {limit} left today ({share} %)").format(
            left=number(left), limit=number(overview.api_limit), share=share
        )
        made = ", ".join(f"{service} {number(calls)}" for service, calls in sorted(overview.calls.items()))
        if overview.api_stops_at is not None:
            text += _(", bulk work stops at {number}").format(number=number(overview.api_stops_at))
        run = _(" {dot} made here: {calls}").format(dot=glyph("dot"), calls=made) if made else ""
        facts.append(("api", _("API calls"), ((text, "warn" if share < 20 else ""), (run, "dim"))))
    return [Block(f"fact.{key}", ((f"{label:<{LABEL}}", "dim"), *line), hang=LABEL) for key, label, line in facts]


def _product(product: Product, now: datetime) -> Line:
    name = (_(PRODUCT[product]), "")
    if product is not Product.LIGHTNING_SYNC:
        return (name,)
    days = (RETIRES - now.astimezone(UTC).date()).days
    if days <= 0:
        return (name, (_(": its retirement was announced for April 2027"), "bad"))
    text = ngettext(": retires in April 2027, {n} day left", ": retires in April 2027, {n} days left", days)
    return (name, (text.format(n=days), "warn" if days < 180 else ""))


def _errors(report: ErrorReport | None, now: datetime) -> list[tuple[str, str, Line]]:
    if report is None:
        return [("errors", _("Errors"), ((_("the report could not be read"), "warn"),))]
    counts = Counter(row.type for row in report.rows)
    parts = [f"{_(ERROR_TYPE[kind])} {number(counts[kind])}" for kind in ErrorType if counts[kind]]
    newest = max((row.at for row in report.rows if row.at), default=None)
    lines: list[tuple[str, str, Line]] = [
        (
            "errors",
            _("Errors"),
            (
                (number(len(report.rows)), "strong"),
                (_(", this year and last: "), ""),
                (f" {glyph('dot')} ".join(parts), ""),
            ),
        ),
        ("report", _("Report"), completeness(report, now)),
    ]
    if newest is not None:
        lines.insert(1, ("newest", _("Newest error"), ((stamp(newest), ""),)))
    return lines


def completeness(report: ErrorReport, now: datetime) -> Line:
    """How much of the report was read, as which user, and when."""
    rows = number(len(report.rows))
    if report.complete:
        text, ink = _("as {user}, all {rows} rows").format(user=report.as_user, rows=rows), ""
    elif report.total is None:
        text, ink = _("as {user}, {rows} rows: cut").format(user=report.as_user, rows=rows), "warn"
    else:
        text = _("as {user}, {rows} of {total} rows: cut").format(
            user=report.as_user, rows=rows, total=number(report.total)
        )
        ink = "warn"
    note = f" {glyph('dot')} {report.note}" if report.note else ""
    return ((text, ink), (note, "dim"), (f" {glyph('dot')} {as_of(report.read_at, now)}", "dim"))


def _item(item: ChecklistItem) -> Block:
    """One step: what is well in a line, what is not with its reason; the whole behind Enter."""
    pad = " " * 11
    told: Line = ((f": {item.summary}", "dim"),) if item.summary and item.status is not Status.PASS else ()
    detail: list[Line] = [((pad, ""), (item.summary, "dim"))] if item.summary and not told else []
    if item.link:
        detail.append(((pad, ""), (item.link, "accent")))
    return Block(f"step.{item.step}", (*state(item.status), (item.title, ""), *told), 11, tuple(detail), 11)


def _findings(overview: Overview) -> list[Block]:
    """What is wrong for everybody, beyond the checklist, with what to do behind Enter."""
    wrong = [finding for finding in overview.findings if finding.status not in {Status.PASS, Status.SKIP}]
    if not wrong:
        return []
    blocks: list[Block] = [*heading("findings", _("For the whole organisation"))]
    for finding in wrong:
        detail = tuple(((f"           {n}. ", "accent"), (text, "")) for n, text in enumerate(finding.fix, 1)) + tuple(
            (("           ", ""), (link, "accent")) for link in finding.links
        )
        cause = (Copy("cause", finding.cause or ""),)
        told = (*state(finding.status), (finding.summary, ""))
        blocks.append(Block(f"finding.{finding.id}", told, 11, detail, 14, cause))
    return [*blocks[1:], blank("findings.end")]


def _configurations(configurations: tuple[Configuration, ...]) -> list[Block]:
    blocks: list[Block] = [*heading("configurations", _("Configurations, as the config file declares them"))]
    if not configurations:
        blocks.append(Block("configurations.none", ((_("  none declared"), "dim"),)))
    for number_, configuration in enumerate(configurations):
        members = ", ".join(
            part
            for part in (
                ngettext("{n} user", "{n} users", len(configuration.users)).format(n=len(configuration.users))
                if configuration.users
                else "",
                _("profiles {names}").format(names=", ".join(configuration.profiles)) if configuration.profiles else "",
            )
            if part
        )
        blocks.append(
            Block(
                f"configuration.{number_}",
                (
                    (
                        f"  {_('active') if configuration.active else _('inactive'):<9}",
                        "" if configuration.active else "warn",
                    ),
                    (configuration.name, "strong"),
                    (f"  {members or _('nobody assigned')}", "dim"),
                ),
                hang=11,
                detail=_settings(configuration),
                detail_hang=13,
            )
        )
    return blocks


def _settings(configuration: Configuration) -> tuple[Line, ...]:
    pairs = [
        (_("contacts"), _(DIRECTION[configuration.contacts.direction])),
        (_("events"), f"{_(DIRECTION[configuration.events.direction])} ({configuration.events.which})"),
        *((f"{name}", str(value)) for name, value in configuration.data_set.items()),
        *([(_("users"), ", ".join(configuration.users))] if configuration.users else []),
    ]
    return tuple(((f"           {name}: ", "dim"), (value, "")) for name, value in pairs)
