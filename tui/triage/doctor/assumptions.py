"""Which of our assumptions about Salesforce held in this organisation, each with what was asked and what came back.

What we believe of the status page, the report and the answers was never seen in a real organisation (the reference has
it from public sources); here it is compared with what this one says. Nothing is judged that was not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tui.model import Finding, PageReading, PageRow, RowKind, ServiceError, Status
from tui.salesforce.links import STATUS_PAGE
from tui.salesforce.rest import NEWEST, OLDEST
from tui.salesforce.status_page import CHECK, INPUT, RESET, TABLES
from tui.triage.doctor import report
from tui.triage.doctor.facts import Fact, assumption, proof
from tui.triage.doctor.org import Seen
from tui.words import _

LANGUAGES = ("en", "fr")
MOST_EXAMPLES = 12
# Refusals that are well known for what is closed to us: no news for whoever maintains the program.
_KNOWN_CODES = ("INSUFFICIENT_ACCESS", "INVALID_TYPE", "INVALID_FIELD", "NOT_FOUND", "FORBIDDEN", "RESERVE")
_USER_TABLES = TABLES[3:]
_MEASURED = frozenset({RowKind.LINKED_USERS, RowKind.LAST_SYNC_ACTIVITY})


def facts(seen: Seen) -> list[Fact]:
    """Every assumption, in the order in which one rests on another."""
    return [found for judge in _JUDGES for found in judge(seen)]


# ---- the API ---------------------------------------------------------------------------------------------------------


def _versions(seen: Seen) -> Iterator[Fact]:
    name, title, asked = "api_version", _("API version"), "/services/data/"
    if isinstance(seen.versions, ServiceError):
        yield assumption(name, Status.UNKNOWN, title, seen.versions.message, asked, **proof(seen.versions))
        return
    used = "" if isinstance(seen.org, ServiceError) else seen.org.api_version
    offered = seen.versions
    numbers = [float(one) for one in offered]
    if not any(OLDEST <= number <= NEWEST for number in numbers):
        told = _("Salesforce offers none of the versions that this program knows ({oldest} to {newest}).")
        status = Status.FAIL
    elif used and used not in offered:
        told, status = _("The config file asks for version {used}, which Salesforce does not offer."), Status.FAIL
    else:
        told, status = _("Version {used} is used, which both sides know."), Status.PASS
    told = told.format(oldest=OLDEST, newest=NEWEST, used=used or "?")
    yield assumption(name, status, title, told, asked, offered=offered[-8:], used=used)


def _web_pages(seen: Seen) -> Iterator[Fact]:
    """Data are answered with data, not with a page of something on the way."""
    name, title = "data", _("Data come as data")
    errors: list[ServiceError] = [
        one for one in (seen.org, seen.versions, seen.report, seen.errors) if isinstance(one, ServiceError)
    ]
    pages = [one for one in errors if "title" in one.evidence or "<html" in str(one.evidence).lower()]
    # a page of Setup is asked for as a page
    data = [one for one in _findings(seen) if not one.id.startswith("salesforce.page")]
    found: list[ServiceError | Finding] = [*pages, *(one for one in data if "title" in one.evidence)]
    if not found:
        if isinstance(seen.org, ServiceError):
            return  # why Salesforce does not let us in is said already
        yield assumption(name, Status.PASS, title, _("No web page came where data were asked for."))
        return
    first = found[0]
    said = first.message if isinstance(first, ServiceError) else first.summary
    told = _("A web page came where data were asked for: a proxy, a log-in page, or maintenance. {said}")
    asked, evidence = str(first.evidence.get("asked", "")), dict(first.evidence)
    yield assumption(name, Status.FAIL, title, told.format(said=said), asked, evidence=evidence)


def _language(seen: Seen) -> Iterator[Fact]:
    if isinstance(seen.org, ServiceError):
        return
    name, title, found = "language", _("Language of the acting user"), seen.org.language
    good = found[:2].lower() in LANGUAGES
    told = (
        _("Salesforce speaks {language} to the acting user, whose words are known here.")
        if good
        else _(
            "Salesforce speaks {language} to the acting user, and the words of its pages are known here in English and "
            "French only: set that user's language to English, or teach the words under [salesforce.labels]."
        )
    )
    status = Status.PASS if good else Status.WARN
    told = told.format(language=found or "?")
    yield assumption(name, status, title, told, "User.LanguageLocaleKey", language=found, locale=seen.org.locale)


def _organisation(seen: Seen) -> Iterator[Fact]:
    """There is something to look at: an empty organisation proves nothing, and may be the wrong one."""
    if seen.overview is None:
        return
    name, title = "organisation", _("Something to look at")
    row = seen.page.first(RowKind.LINKED_USERS) if isinstance(seen.page, PageReading) else None
    linked = row.number if row else None
    rows = None if isinstance(seen.errors, ServiceError) or seen.errors is None else len(seen.errors.rows)
    declared = len(seen.overview.configurations)
    answered = {"linked_users": linked, "errors": rows, "configurations": declared}
    asked = f"{STATUS_PAGE}, analytics/reports/…"
    if linked == 0 and not rows:
        told = _(
            "This organisation looks empty: nobody is linked to a Google account, and there is no error. Is it the "
            "right one? What has no rows here could not be compared with what is expected."
        )
        yield assumption(name, Status.WARN, title, told, asked, **answered)
        return
    told = _("Users linked: {linked}; errors read: {rows}; configurations declared: {declared}.").format(
        linked="?" if linked is None else linked, rows="?" if rows is None else rows, declared=declared
    )
    yield assumption(name, Status.PASS, title, told, asked, **answered)


# ---- the status page -------------------------------------------------------------------------------------------------


def _web_scope(seen: Seen) -> Iterator[Fact]:
    name, title, asked = "web_scope", _("Scope “web”"), "/services/oauth2/token"
    if isinstance(seen.org, ServiceError):
        return
    scopes = sorted(seen.scopes)
    if not scopes:
        told, status = _("Salesforce does not say which scopes it granted."), Status.UNKNOWN
    elif {"web", "full"} & seen.scopes:
        told, status = _("The scope “web” is granted, which the status page needs."), Status.PASS
    else:
        told, status = (
            _("The scope “web” is not granted, so no page of Setup opens: add it to the app in Salesforce."),
            Status.FAIL,
        )
    yield assumption(name, status, title, told, asked, scopes=scopes)


def _pages_open(seen: Seen) -> Iterator[Fact]:
    """The acting user may open pages of Setup at all."""
    if seen.page is None:
        return
    name, title = "setup_pages", _("Pages of Setup open")
    refused = isinstance(seen.page, ServiceError) and seen.page.cause == "salesforce.page.no_access"
    if seen.api_only:
        told = _("The acting user is an API-only user, for whom no page of Setup opens: take another user.")
        known = proof(seen.page) if isinstance(seen.page, ServiceError) else {}
        yield assumption(name, Status.FAIL, title, told, "PermissionSet.PermissionsApiUserOnly", api_only=True, **known)
    elif refused and isinstance(seen.page, ServiceError):
        status = Status.FAIL if {"web", "full"} & seen.scopes else Status.UNKNOWN
        yield assumption(name, status, title, seen.page.message, STATUS_PAGE, **proof(seen.page))
    elif isinstance(seen.page, ServiceError) and seen.page.cause != "salesforce.page.unrecognised":
        yield assumption(name, Status.UNKNOWN, title, seen.page.message, STATUS_PAGE, **proof(seen.page))
    else:
        told = _("A page of Setup opens for the acting user.")
        yield assumption(name, Status.PASS, title, told, STATUS_PAGE, api_only=seen.api_only)


def _page_ids(seen: Seen) -> Iterator[Fact]:
    if seen.page is None:
        return
    name, title = "page_ids", _("Parts of the status page")
    if isinstance(seen.page, ServiceError):
        known = seen.page.cause == "salesforce.page.unrecognised"
        status = Status.FAIL if known else Status.UNKNOWN
        yield assumption(name, status, title, seen.page.message, STATUS_PAGE, **proof(seen.page))
        return
    person = seen.person if isinstance(seen.person, PageReading) else None
    tables = [
        one for one in TABLES if one in {row.table for row in (*seen.page.rows, *(person.rows if person else ()))}
    ]
    lacking = [one for one in TABLES[:3] if one not in tables]
    if not seen.page.can_check:
        lacking += [INPUT, CHECK]
    if person is not None and "configSetup" not in tables:
        lacking.append("configSetup")
    if person is not None and not person.can_reset:
        lacking.append(RESET)
    answered = {"found": tables, "not_found": lacking, "check": seen.page.can_check}
    linked = seen.page.first(RowKind.LINKED_USERS)
    if lacking == [INPUT, CHECK] and linked is not None and linked.number == 0:
        told = _("The page has no field for a name, which is to be expected while nobody is linked.")
        yield assumption(name, Status.SKIP, title, told, STATUS_PAGE, **answered)
    elif lacking:
        told = _(
            "The status page lacks parts that it is known by: {ids}. What it does not show is not judged, and nothing "
            "is pressed on it."
        ).format(ids=", ".join(lacking))
        yield assumption(name, Status.FAIL, title, told, STATUS_PAGE, **answered)
    elif isinstance(seen.person, ServiceError):
        yield assumption(name, Status.FAIL, title, seen.person.message, STATUS_PAGE, **answered, **proof(seen.person))
    else:
        told = _("Every part that the page is known by is present.")
        yield assumption(name, Status.PASS, title, told, STATUS_PAGE, **answered)


def _page_words(seen: Seen) -> Iterator[Fact]:
    if not isinstance(seen.page, PageReading):
        return
    name, title = "page_words", _("Words of the status page")
    person = seen.person if isinstance(seen.person, PageReading) else None
    rows = [*(row for row in seen.page.rows if row.table not in _USER_TABLES), *(person.rows if person else ())]
    labels = [f"{row.table}: {row.label}" for row in rows if row.kind is None]
    values = [f"{row.label}: {row.value}" for row in rows if row.kind is not None and not _understood(row)]
    answered = {
        "rows": len(rows),
        "unknown_labels": labels[:MOST_EXAMPLES],
        "unknown_values": values[:MOST_EXAMPLES],
        "known": {row.label: str(row.kind) for row in rows if row.kind is not None},
    }
    if labels or values:
        told = _(
            "The status page uses words that are not known here: {words}. Teach them under [salesforce.labels]; until "
            "then what they say is unknown, never guessed."
        ).format(words="; ".join([*labels, *values][:MOST_EXAMPLES]))
        yield assumption(name, Status.WARN, title, told, STATUS_PAGE, **answered)
    elif person is None:
        told = _("The words of the organisation's rows are known; no user's rows could be looked at.")
        yield assumption(name, Status.PASS, title, told, STATUS_PAGE, **answered)
    else:
        yield assumption(name, Status.PASS, title, _("Every word of the page is known."), STATUS_PAGE, **answered)


def _understood(row: PageRow) -> bool:
    return (
        row.word is not None
        or row.number is not None
        or row.time is not None
        or (row.kind in _MEASURED and not any(sign.isalnum() for sign in row.value))
    )


# ---- the catalogue ---------------------------------------------------------------------------------------------------


def _undescribed(seen: Seen) -> Iterator[Fact]:
    """Answers that no row of the catalogue describes, whole and redacted."""
    if seen.overview is None:
        return
    name, title = "catalogue", _("Answers that the catalogue describes")
    odd: list[Mapping[str, Any]] = []
    for finding in _findings(seen):
        code = str(finding.evidence.get("code") or "")
        # what a row of the catalogue describes has that row's advice
        nameless = finding.status is Status.UNKNOWN and finding.cause is None and not finding.fix
        unheard = nameless and code and not code.startswith(_KNOWN_CODES)
        if unheard or (finding.cause == "google.error.unclassified" and finding.evidence.get("http_status")):
            odd.append({"step": finding.id, "summary": finding.summary, **finding.evidence})
    if odd:
        steps = ", ".join(str(one["step"]) for one in odd)
        told = _("Answers came that no row of the catalogue describes ({steps}); they are kept whole as proof.")
        yield assumption(name, Status.WARN, title, told.format(steps=steps), steps, answers=odd)
    else:
        yield assumption(name, Status.PASS, title, _("Every answer was one that the catalogue describes."))


def _findings(seen: Seen) -> Iterable[Finding]:
    return seen.overview.findings if seen.overview else ()


_JUDGES: tuple[Callable[[Seen], Iterator[Fact]], ...] = (
    _versions,
    _web_pages,
    _language,
    _organisation,
    _web_scope,
    _pages_open,
    _page_ids,
    _page_words,
    report.report,
    report.cells,
    _undescribed,
)
