"""What the practice org is asked to be: options and their checks. Light to import."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from tui.words import _

ACCESS = (
    "salesforce.network.unreachable",
    "salesforce.auth.bad_client",
    "salesforce.auth.bad_audience",
    "salesforce.auth.bad_assertion",
    "salesforce.auth.not_approved",
    "salesforce.auth.user_inactive",
    "salesforce.api.disabled",
    "salesforce.api.limit",
    "salesforce.rights.missing",
    "salesforce.service.unavailable",
)
SCENARIOS: tuple[str, ...] = (
    *ACCESS,
    "salesforce.sync.disabled",
    "salesforce.connection.not_configured",
    "salesforce.connection.remote_site",
    "google.network.unreachable",
    "google.clock.skew",
    "google.key.unreadable",
    "google.key.revoked",
    "google.account.missing",
    "google.account.disabled",
    "google.scope.invalid",
    "google.delegation.unauthorized",
    "google.delegation.scope_missing",
    "google.policy.enforced",
    "google.api.calendar_disabled",
    "google.api.contacts_disabled",
    "google.quota.exceeded",
    "google.service.unavailable",
    "google.error.unclassified",
    "salesforce.connection.no_linked_users",
    "salesforce.connection.stalled",
    "salesforce.page.unrecognised",
    "salesforce.page.no_access",
    "salesforce.report.unavailable",
)
"""Every cause of the whole organisation under Lightning Sync: what `--scenario` takes."""

FAULTS = ("reset", "stall", "drip", "html", "truncated", "empty", "wrong", "huge")
FEWEST_USERS = 150
_RULE = re.compile(r"(?P<prefix>/[^=\s]*)=(?P<fault>[a-z]+|\d+)(\*(?P<times>\d+))?")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first `times` answers (None: all) under `prefix` become `kind`: one of FAULTS, or a status code as digits."""

    prefix: str
    kind: str
    times: int | None = None


def parse_faults(spec: str) -> tuple[Fault, ...]:
    """The faults of a `PATH_PREFIX=FAULT[*N][,…]` text; empty for an empty text.

    Raises ValueError with a sentence for a person."""
    return tuple(_rule(part.strip()) for part in spec.split(",") if part.strip())


def _rule(part: str) -> Fault:
    match = _RULE.fullmatch(part)
    if match is None:
        raise ValueError(
            _(
                "“{part}” is not a fault: write PATH_PREFIX=FAULT or PATH_PREFIX=FAULT*N, for example"
                " /services/data=503*2 or /google/token=reset."
            ).format(part=part)
        )
    kind, times = match["fault"], match["times"]
    if kind.isdigit():
        if not 400 <= int(kind) <= 599:
            raise ValueError(
                _("{status} is not the status code of a failure: use one from 400 to 599.").format(status=kind)
            )
    elif kind not in FAULTS:
        raise ValueError(
            _("“{fault}” is not a fault that the practice org knows; the nearest is “{near}”. Known: {all}.").format(
                fault=kind, near=_nearest(kind, FAULTS), all=", ".join((*FAULTS, _("a status code")))
            )
        )
    if times is not None and int(times) < 1:
        raise ValueError(_("“{part}”: the number behind * must be 1 or more.").format(part=part))
    return Fault(match["prefix"], kind, None if times is None else int(times))


def _nearest(word: str, known: tuple[str, ...]) -> str:
    return max(known, key=lambda candidate: difflib.SequenceMatcher(None, word, candidate).ratio())


@dataclass(frozen=True, slots=True)
class Options:
    """What to serve. `dir` None means a temporary folder that goes away with the practice org; `port` 0 any free port.
    `quirks` (tui.sandbox.quirks) and `daily_calls`, the API calls of a day, are for tests: no command line has them.

    Creating one checks it: ValueError with a sentence for a person."""

    dir: Path | None = None
    port: int = 0
    seed: int = 1
    users: int = 400
    errors: int = 3000
    lang: str = "en"
    scenario: str | None = None
    latency_ms: int = 0
    faults: str = ""
    product: str = "lightning_sync"
    quirks: tuple[str, ...] = ()
    daily_calls: int = 1_000_000

    def __post_init__(self) -> None:
        if self.product == "einstein_activity_capture":
            raise ValueError(
                _(
                    "This version of the practice org practises Lightning Sync only: "
                    "leave --product out, or give lightning_sync."
                )
            )
        if self.product != "lightning_sync":
            raise ValueError(_("“{product}” is not a product: give lightning_sync.").format(product=self.product))
        if self.lang not in {"en", "fr"}:
            raise ValueError(_("“{lang}” is not a language of the practice org: give en or fr.").format(lang=self.lang))
        if self.scenario is not None and self.scenario not in SCENARIOS:
            raise ValueError(
                _(
                    "“{scenario}” is not a cause of a whole organisation under Lightning Sync; the nearest is “{near}”."
                ).format(scenario=self.scenario, near=_nearest(self.scenario, SCENARIOS))
            )
        if not 0 <= self.port <= 65535:
            raise ValueError(_("{port} is not a port: give a number from 0 to 65535.").format(port=self.port))
        for option, value, low, high in (
            ("--users", self.users, FEWEST_USERS, 60_000),
            ("--errors", self.errors, 0, 200_000),
            ("--latency", self.latency_ms, 0, 60_000),
        ):
            if not low <= value <= high:
                raise ValueError(
                    _("{option} {value}: give a number from {low} to {high}.").format(
                        option=option, value=value, low=low, high=high
                    )
                )
        parse_faults(self.faults)
