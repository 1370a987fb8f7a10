"""What all trials of the assistant share: clients on the answers so far, and findings for what they met."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tui.http import Http
from tui.model import EMPTY, Finding, Phase, ServiceError, Status
from tui.salesforce.client import Salesforce
from tui.sanitise import one_line, redact
from tui.settings import HttpSettings, SalesforceSettings
from tui.triage import catalogue
from tui.triage.setup.draft import Draft


@asynccontextmanager
async def network(draft: Draft) -> AsyncIterator[Http]:
    """The network as the file's `[http]` has it. Raises ConfigError."""
    settings = draft.section(HttpSettings)
    http = Http(ca_file=settings.ca_file, proxy=settings.proxy)
    try:
        yield http
    finally:
        await http.aclose()


@asynccontextmanager
async def salesforce(draft: Draft) -> AsyncIterator[Salesforce]:
    """Salesforce with the answers so far. Raises ConfigError."""
    settings = draft.section(SalesforceSettings)
    async with network(draft) as http:
        yield Salesforce(settings, http)


def told(step: str, phase: Phase, status: Status, summary: str) -> Finding:
    """A finding that names no cause."""
    return Finding(step, phase, status, one_line(redact(summary)))


def met(
    step: str,
    phase: Phase,
    error: ServiceError,
    *,
    cause: str = "",
    evidence: Mapping[str, Any] = EMPTY,
    link: Callable[[str], str] | None = None,
    status: Status | None = None,
) -> Finding:
    """The finding for what a service refused: the catalogue's cause with its fix, else the service's own words."""
    name = cause or error.cause
    if name not in catalogue.FACTS:
        return told(step, phase, status or Status.UNKNOWN, error.message)
    known = {**error.evidence, "error": error.message, **evidence}
    return catalogue.finding(step, phase, name, evidence=known, status=status, link=link)


def meaning(finding: Finding) -> str:
    """What a finding means, in the catalogue's words; "" where it names no cause."""
    return catalogue.cause(finding.cause, finding.evidence).meaning if finding.cause else ""
