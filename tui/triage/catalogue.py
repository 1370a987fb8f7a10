"""The catalogue of causes: `FACTS` is the same in every language, the texts stand in causes/<language>.toml.

The texts may name what was found, as `{placeholder}`: the value comes from a finding's evidence, cleaned; where the
evidence lacks it, the neutral wording of the language's `[neutral]` table stands there instead. Placeholders are plain
names and nothing else, so no text from outside can reach a format string.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from tui import figures
from tui.model import EMPTY, Finding, Phase, Status
from tui.sanitise import one_line, redact
from tui.triage.status_pages import GOOGLE as _GOOGLE_STATUS
from tui.triage.status_pages import SALESFORCE as _SALESFORCE_STATUS
from tui.words import language

By = Literal["salesforce_admin", "google_admin", "user", "host_admin"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a cause in every language.

    `sub_step` is the sub-step of set-up step 6 that puts it right (1 remote site, 2 key and delegation, 3 test;
    0: none of them, it is this person's Google account; None: elsewhere). `shared` marks a fault of the organisation
    rather than of one user. `links` are names of Setup pages (see `LINK_NAMES`) and full addresses."""

    id: str
    severity: Status
    sub_step: int | None
    shared: bool
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a fix; `by` says who can take it (`who` has the words). `support`: it only leads to Salesforce
    Support."""

    by: By
    text: str
    support: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause in the language in use, its placeholders filled. `side` is "salesforce" or "google"."""

    id: str
    phase: Phase
    severity: Status
    side: str
    sub_step: int | None
    shared: bool
    title: str
    meaning: str
    why: str
    proof: str
    fix: tuple[Step, ...]
    links: tuple[str, ...]


# Setup pages that tui.salesforce knows how to link to; every other link of a cause is a full address.
LINK_NAMES = frozenset(
    {
        "audit_trail",
        "company",
        "eac_settings",
        "external_client_apps",
        "gmail_sync_settings",
        "lightning_sync_status",
        "permission_sets",
        "remote_sites",
        "report",
        "user",
        "users",
    }
)
_DELEGATION = "https://admin.google.com/ac/owl/domainwidedelegation"
_GOOGLE_USERS = "https://admin.google.com/ac/users"
_KEYS = "https://console.cloud.google.com/iam-admin/serviceaccounts"
_CALENDAR_API = "https://console.cloud.google.com/apis/library/calendar-json.googleapis.com"
_PEOPLE_API = "https://console.cloud.google.com/apis/library/people.googleapis.com"
_DELEGATION_HELP = "https://support.google.com/a/answer/162106"

_FAIL, _WARN, _WAIT, _UNKNOWN = Status.FAIL, Status.WARN, Status.WAIT, Status.UNKNOWN
_SYNC, _STATUS = "gmail_sync_settings", "lightning_sync_status"

_ACCESS = (
    Facts("salesforce.network.unreachable", _FAIL, None, True, (_SALESFORCE_STATUS,)),
    Facts("salesforce.auth.bad_client", _FAIL, None, True, ("external_client_apps",)),
    Facts("salesforce.auth.bad_audience", _FAIL, None, True),
    Facts("salesforce.auth.bad_assertion", _FAIL, None, True, ("external_client_apps",)),
    Facts("salesforce.auth.not_approved", _FAIL, None, True, ("external_client_apps", "permission_sets")),
    Facts("salesforce.auth.user_inactive", _FAIL, None, True, ("users",)),
    Facts("salesforce.api.disabled", _FAIL, None, True, ("company",)),
    Facts("salesforce.api.limit", _FAIL, None, True, ("company",)),
    Facts("salesforce.rights.missing", _FAIL, None, True, ("permission_sets", "users")),
    Facts("salesforce.service.unavailable", _FAIL, None, True, (_SALESFORCE_STATUS,)),
)
_CONNECTION = (
    Facts("salesforce.sync.disabled", _FAIL, None, True, (_SYNC, "audit_trail")),
    Facts("salesforce.connection.not_configured", _FAIL, 2, True, (_SYNC, _STATUS)),
    Facts("salesforce.connection.remote_site", _FAIL, 1, True, ("remote_sites", _SYNC)),
    Facts("google.network.unreachable", _UNKNOWN, None, True, (_GOOGLE_STATUS,)),
    Facts("google.clock.skew", _UNKNOWN, None, True),
    Facts("google.key.unreadable", _UNKNOWN, 2, True, (_KEYS,)),
    Facts("google.key.revoked", _FAIL, 2, True, (_KEYS, _SYNC)),
    Facts("google.account.missing", _FAIL, 2, True, (_KEYS, _DELEGATION, _SYNC)),
    Facts("google.account.disabled", _FAIL, 2, True, (_KEYS, _SYNC)),
    Facts("google.scope.invalid", _FAIL, 2, True, (_DELEGATION, _DELEGATION_HELP)),
    Facts("google.delegation.unauthorized", _FAIL, 2, True, (_DELEGATION, _DELEGATION_HELP)),
    Facts("google.delegation.scope_missing", _FAIL, 2, True, (_DELEGATION, _DELEGATION_HELP)),
    Facts("google.policy.enforced", _FAIL, 2, True, ("https://admin.google.com/ac/owl", _DELEGATION)),
    Facts("google.api.calendar_disabled", _FAIL, 2, True, (_CALENDAR_API,)),
    Facts("google.api.contacts_disabled", _FAIL, 2, True, (_PEOPLE_API,)),
    Facts("google.quota.exceeded", _UNKNOWN, None, True, (_CALENDAR_API, _PEOPLE_API)),
    Facts("google.service.unavailable", _UNKNOWN, None, True, (_GOOGLE_STATUS,)),
    Facts("google.user.deleted", _FAIL, 0, False, (_GOOGLE_USERS, "user", _SYNC)),
    Facts("google.user.suspended", _FAIL, 0, False, (_GOOGLE_USERS, _SYNC)),
    Facts("google.user.unknown", _FAIL, 0, False, (_GOOGLE_USERS, "user")),
    Facts("google.user.alias", _FAIL, 0, False, ("user", _GOOGLE_USERS, _STATUS)),
    Facts("google.calendar.off", _FAIL, 0, False, (_GOOGLE_USERS,)),
    Facts("google.error.unclassified", _UNKNOWN, None, True, (_GOOGLE_STATUS,)),
    Facts("salesforce.connection.no_linked_users", _FAIL, 3, True, (_SYNC, _STATUS)),
    Facts("salesforce.connection.stalled", _FAIL, 3, True, (_SYNC, _STATUS, _SALESFORCE_STATUS)),
)
_USER = (
    Facts("salesforce.user.inactive", _FAIL, None, False, ("user", _SYNC)),
    Facts("salesforce.user.frozen", _FAIL, None, False, ("user",)),
    Facts("salesforce.email.duplicate", _FAIL, None, False, ("user", "users", _STATUS)),
    Facts("salesforce.email.mismatch", _FAIL, None, False, ("user", _STATUS)),
    Facts("salesforce.assignment.missing", _FAIL, None, False, (_SYNC, _STATUS)),
    Facts("salesforce.assignment.inactive", _FAIL, None, False, (_SYNC, _STATUS)),
    Facts("salesforce.assignment.overridden", _WARN, None, False, (_SYNC,)),
    Facts("salesforce.assignment.direction", _FAIL, None, False, (_SYNC, _STATUS)),
    Facts("salesforce.dataset.contacts_empty", _WARN, None, False, (_SYNC,)),
    Facts("salesforce.rights.events", _FAIL, None, False, ("user", "permission_sets")),
    Facts("salesforce.link.failed", _FAIL, None, False, (_STATUS, "user", _GOOGLE_USERS)),
    Facts("salesforce.sync.resetting", _WAIT, None, False, (_STATUS,)),
    Facts("salesforce.sync.initial", _WAIT, None, False, (_STATUS,)),
    Facts("salesforce.sync.failing", _FAIL, None, False, (_STATUS, "report")),
    Facts("salesforce.data.rejected", _WARN, None, False, ("report", "user")),
    Facts("salesforce.page.unrecognised", _UNKNOWN, None, True, (_STATUS,)),
    Facts("salesforce.page.no_access", _UNKNOWN, None, True, (_STATUS, "external_client_apps", "users")),
    Facts("salesforce.report.unavailable", _UNKNOWN, None, True, ("report",)),
    Facts("eac.license.missing", _FAIL, None, False, ("user", "permission_sets", "eac_settings")),
    Facts("eac.terms.pending", _FAIL, None, False, ("eac_settings",)),
    Facts("eac.onboarding.failed", _FAIL, None, False, ("eac_settings", "user")),
    Facts("eac.user.disabled", _FAIL, None, False, ("eac_settings", "user")),
    Facts("eac.org.attention", _FAIL, None, True, ("eac_settings",)),
    Facts("eac.user.attention", _FAIL, None, False, ("eac_settings", "user")),
    Facts("eac.onboarding.pending", _WAIT, None, False, ("eac_settings",)),
)

_PHASES = ((Phase.ACCESS, _ACCESS), (Phase.CONNECTION, _CONNECTION), (Phase.STATUS, _USER))
FACTS: Mapping[str, Facts] = {facts.id: facts for _, rows in _PHASES for facts in rows}
PHASE: Mapping[str, Phase] = {facts.id: phase for phase, rows in _PHASES for facts in rows}
ORDER: tuple[str, ...] = tuple(FACTS)
"""Every cause id, in the order in which causes are listed (by phase, then as in the reference of causes)."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_STARTS = re.compile(r"(?:^|[.!?] )\Z")
_LONGEST_VALUE = 300


def cause(cause_id: str, evidence: Mapping[str, Any] = EMPTY) -> Cause:
    """The cause in the language in use, its texts filled from `evidence`. Raises KeyError for an id that is none."""
    facts, texts = FACTS[cause_id], _texts(language())
    entry, neutral = texts[cause_id], texts["neutral"]
    evidence = {**evidence, "error": _answer(evidence)}

    def filled(text: str) -> str:
        return fill(text, evidence, neutral)

    return Cause(
        id=cause_id,
        phase=PHASE[cause_id],
        severity=facts.severity,
        side="google" if cause_id.startswith("google.") else "salesforce",
        sub_step=facts.sub_step,
        shared=facts.shared,
        title=filled(entry["title"]),
        meaning=filled(entry["meaning"]),
        why=filled(entry["why"]),
        proof=filled(entry["proof"]),
        fix=tuple(Step(step["by"], filled(step["text"]), step.get("support", False)) for step in entry["fix"]),
        links=facts.links,
    )


def who(by: By) -> str:
    """Who takes a step, in the language in use."""
    return str(_texts(language())["by"][by])


def step_line(step: Step) -> str:
    """A step of a fix with the one who takes it, on one line."""
    return str(_texts(language())["by"]["line"]).replace("{by}", who(step.by)).replace("{text}", step.text)


def step_of(line: str) -> Step | None:
    """The step that `step_line` told in this language; None where nobody is named who takes it."""
    for by in get_args(By):
        before, _text, after = step_line(Step(by, "\0")).partition("\0")
        if line.startswith(before) and line.endswith(after):
            return Step(by, line.removeprefix(before).removesuffix(after))
    return None


def finding(
    step_id: str,
    phase: Phase,
    cause_id: str,
    *,
    evidence: Mapping[str, Any] = EMPTY,
    status: Status | None = None,
    summary: str | None = None,
    required: bool = False,
    ms: int = 0,
    links: Iterable[str] = (),
    link: Callable[[str], str] | None = None,
) -> Finding:
    """The finding that a step makes when it meets this cause.

    `status` is the cause's own severity and `summary` its title where they are not given. `links` come first; the
    cause's own follow: full addresses as they are, names of Setup pages as `link` resolves them (left out without it,
    or where it answers nothing)."""
    told = cause(cause_id, evidence)
    resolved = (name if name.startswith("https://") else link(name) if link else "" for name in told.links)
    return Finding(
        id=step_id,
        phase=phase,
        status=told.severity if status is None else status,
        summary=told.title if summary is None else summary,
        cause=cause_id,
        evidence=dict(evidence),
        fix=tuple(step_line(step) for step in told.fix),
        links=tuple(dict.fromkeys(address for address in (*links, *resolved) if address)),
        ms=ms,
        required=required,
    )


def fill(text: str, evidence: Mapping[str, Any], neutral: Mapping[str, str]) -> str:
    """`text` with each `{placeholder}` replaced by the evidence of that name, else by its neutral wording.

    One pass: a value that holds braces is shown as it is. Never raises."""

    def value(match: re.Match[str]) -> str:
        said = plain(evidence.get(match[1]))
        if not said:
            said = neutral.get(match[1], "…")
            said = said[:1].upper() + said[1:] if _STARTS.search(text, 0, match.start()) else said
        return said.rstrip(". ") if text.startswith(".", match.end()) else said

    return _PLACEHOLDER.sub(value, text)


def plain(value: Any) -> str:
    """A value of the evidence as words on one line, cleaned; "" where there is nothing that can be said in words."""
    if isinstance(value, datetime):
        return figures.utc(value)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return one_line(redact(str(value)), limit=_LONGEST_VALUE).strip()
    if isinstance(value, list | tuple | set | frozenset):
        words = (plain(item) for item in (sorted(value, key=str) if isinstance(value, set | frozenset) else value))
        return one_line(", ".join(word for word in words if word), limit=_LONGEST_VALUE)
    return ""


def _answer(evidence: Mapping[str, Any]) -> str:
    """What the service said, in one piece: its code and its words, without saying anything twice."""
    told = ""
    for word in (plain(evidence.get(key)) for key in ("error", "error_description", "code", "message")):
        if word and word not in told:
            told = f"{told}: {word}" if told else word
    return told


@cache
def _texts(chosen: str) -> Mapping[str, Any]:
    return tomllib.loads(files("tui.triage").joinpath("causes", f"{chosen}.toml").read_text("utf-8"))
