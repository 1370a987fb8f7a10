"""The stage “Google”: the service account that Salesforce uses, or none; tried by acting for one named person."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from tui import keyfile, sign_in
from tui.google.client import DIRECTORY_SCOPE, Google
from tui.model import EMPTY, Finding, Phase, ServiceError, Status
from tui.problems import choose
from tui.questions import Choice, HandOut
from tui.settings import SCOPES, GoogleSettings
from tui.triage.setup.draft import GOOGLE_KEYS, Draft, Field, read_list
from tui.triage.setup.salesforce import agent_keys
from tui.triage.setup.trial import met, network, told
from tui.words import N_, _

TITLE = N_("Google: the service account")
WHY = (
    N_(
        "Passerelle makes Salesforce's connection test itself, with the same service account: the key (JSON) that was"
        " uploaded in Setup, Gmail Integration and Sync, second step."
    ),
    N_(
        "A Google super administrator must have delegated exactly the scopes below to that account's client ID"
        " (domain-wide delegation). The link further down opens that form already filled in."
    ),
    N_(
        "Without the key, choose none: the file gets no [google] section, and the connection test is guided (you press"
        " Salesforce's own Test button, and tell the console what it said)."
    ),
)
WAYS: Mapping[str, str] = MappingProxyType(
    {
        "file": N_("the service account's key file (JSON)"),
        "agent": N_("the same key, in the SSH agent"),
        "none": N_("no key here: the connection test is guided"),
    }
)
KEY, ACCOUNT, GUIDED = "google.key", "google.token.service_account", "google.guided"
_UNAUTHORISED, _SCOPE_MISSING = "google.delegation.unauthorized", "google.delegation.scope_missing"
_DELEGATION = "https://admin.google.com/ac/owl/domainwidedelegation"


def way(draft: Draft) -> str:
    return draft.value("google.way")


def _usual_way(draft: Draft) -> str:
    """What the file that is there says."""
    section = draft.base.get("google")
    key = section.get("key") if isinstance(section, Mapping) else None
    if key is not None:
        return "agent" if isinstance(key, Mapping) else "file"
    return "none" if draft.base.get("salesforce") and section is None else ""


def _by_key(draft: Draft) -> bool:
    return way(draft) in GOOGLE_KEYS


def _by_agent(draft: Draft) -> bool:
    return way(draft) == "agent"


def _split(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _known_way(text: str) -> str:
    return choose(text, WAYS) if text and text not in WAYS else ""


def _an_address(text: str) -> str:
    try:
        sign_in.address(text) if text else ""
    except ValueError as problem:
        return str(problem)
    return ""


_WAY = Field(
    "google.way",
    N_("Which key"),
    N_("Where the private key of the service account is."),
    choices=lambda _draft: [Choice(name, _(label)) for name, label in WAYS.items()],
    free=False,
    default=_usual_way,
    check=_known_way,
)
FIELDS = (
    _WAY,
    Field(
        "google.key",
        N_("Key file (JSON)"),
        N_("The path of the file that Google gave out, closed to others (chmod 600)."),
        ("google", "key"),
        when=lambda draft: way(draft) == "file",
    ),
    Field(
        "google.agent",
        N_("Key of the SSH agent"),
        N_("ssh-agent: and the key's fingerprint or comment."),
        ("google", "key", "agent"),
        when=_by_agent,
        look=agent_keys,
    ),
    Field(
        "google.client_email",
        N_("Address of the service account"),
        N_("client_email of the key file, such as sync@acme.iam.gserviceaccount.com"),
        ("google", "key", "client_email"),
        when=_by_agent,
    ),
    Field(
        "google.client_id",
        N_("Client ID of the service account"),
        N_("client_id of the key file: digits only. It is what the scopes were delegated to."),
        ("google", "key", "client_id"),
        when=_by_agent,
    ),
    Field(
        "google.key_id",
        N_("Id of the key"),
        N_("private_key_id of the key file. It lets Passerelle look whether Google still publishes the key."),
        ("google", "key", "key_id"),
        when=_by_agent,
        optional=True,
    ),
    Field(
        "google.calendar",
        N_("Scopes for the calendar"),
        N_("Exactly as they were delegated; several separated by commas."),
        ("google", "scopes", "calendar"),
        when=_by_key,
        default=lambda _draft: SCOPES["calendar"][0],
        read=read_list,
        write=_split,
    ),
    Field(
        "google.contacts",
        N_("Scopes for contacts"),
        N_("Exactly as they were delegated; several separated by commas."),
        ("google", "scopes", "contacts"),
        when=_by_key,
        default=lambda _draft: SCOPES["contacts"][0],
        read=read_list,
        write=_split,
    ),
    Field(
        "google.test_user",
        N_("Person to try it with"),
        N_(
            "The address of somebody who syncs. One small reading of that person's calendar and contacts is made; the"
            " address is not kept."
        ),
        when=_by_key,
        check=_an_address,
    ),
    Field(
        "google.admin",
        N_("Directory administrator"),
        N_(
            "Optional: an administrator's address, to tell suspended people and aliases apart. It takes one more"
            " delegated scope, https://www.googleapis.com/auth/admin.directory.user.readonly"
        ),
        ("google", "admin"),
        when=_by_key,
        optional=True,
    ),
)


def client_id(draft: Draft) -> str:
    """The client ID that is delegated, as far as it is known."""
    if _by_agent(draft):
        return draft.value("google.client_id")
    text = draft.value("google.key")
    if way(draft) != "file" or not text:
        return ""
    try:
        return keyfile.service_account(keyfile.read(draft.folder / Path(text).expanduser())).client_id
    except (keyfile.KeyFileProblem, RuntimeError):
        return ""


def to_copy(draft: Draft) -> tuple[HandOut, ...]:
    """What a Google administrator needs: the client ID, the scopes, and the form that has both filled in.

    The form could also be told to replace an entry that is there; that would take away its other scopes."""
    identifier = client_id(draft)
    if not _by_key(draft) or not identifier:
        return ()
    scopes = list(dict.fromkeys(scope for side in SCOPES for scope in _split(draft.value(f"google.{side}"))))
    if draft.value("google.admin"):
        scopes.append(DIRECTORY_SCOPE)
    listed = ",".join(scopes)
    query = urlencode({"clientScopeToAdd": listed, "clientIdToAdd": identifier}, safe=":/,")
    return (
        HandOut(_("Client ID"), identifier),
        HandOut(_("Scopes"), listed),
        HandOut(_("Domain-wide delegation, filled in"), f"{_DELEGATION}?{query}", link=True),
    )


async def attempt(draft: Draft) -> list[Finding]:
    """The key, then each scope for the person, then one call for each side. Raises ConfigError."""
    if not _by_key(draft):
        summary = _("No Google key here: the connection test is guided, and the file has no [google] section.")
        return [told(GUIDED, Phase.CONNECTION, Status.PASS, summary)]
    settings = draft.section(GoogleSettings)
    async with network(draft) as http:
        return await _Trial(Google(settings, http), settings, draft.value("google.test_user")).run()


class _Trial:
    """One trial with one person."""

    def __init__(self, google: Google, settings: GoogleSettings, user: str) -> None:
        self._google, self._settings, self._user = google, settings, user
        self._scopes = {str(side): scopes for side, scopes in settings.scopes.items()}

    async def run(self) -> list[Finding]:
        try:
            self._google.load_key()
        except ServiceError as error:
            return [self._met(KEY, error)]
        if refused := await self._alone():
            return [refused]
        account = _("Google accepts the key of {account}.").format(account=self._google.account)
        found = [told(ACCOUNT, Phase.CONNECTION, Status.PASS, account)]
        every = list(dict.fromkeys(scope for scopes in self._scopes.values() for scope in scopes))
        answers = dict(zip(every, await asyncio.gather(*map(self._refusal, every)), strict=True))
        for side, scopes in self._scopes.items():
            wrong = next((scope for scope in scopes if answers[scope] is not None), None)
            found.append(self._refused(side, wrong, answers) if wrong else await self._call(side, scopes[0]))
        if self._settings.admin:
            found.append(await self._directory(self._settings.admin))
        return found

    async def _alone(self) -> Finding | None:
        """Why Google refuses the service account itself; None where it does not, or where only a scope is wrong."""
        try:
            await self._google.token(next(iter(self._scopes.values()))[0], None)
        except ServiceError as error:
            return None if error.cause == "google.scope.invalid" else self._met(ACCOUNT, error)
        return None

    async def _refusal(self, scope: str) -> ServiceError | None:
        try:
            await self._google.token(scope, self._user)
        except ServiceError as error:
            return error
        return None

    def _refused(self, side: str, scope: str, answers: Mapping[str, ServiceError | None]) -> Finding:
        error = answers[scope]
        assert error is not None  # noqa: S101 - it was chosen for that
        missing = [one for one, answer in answers.items() if answer is not None]
        granted = [one for one in answers if one not in missing]
        cause = _SCOPE_MISSING if error.cause == _UNAUTHORISED and granted else error.cause
        known = {"scope": scope, "granted": granted, "missing": missing}
        return self._met(f"google.token.{side}", error, known, cause=cause)

    async def _call(self, side: str, scope: str) -> Finding:
        step = f"google.call.{side}"
        try:
            token = await self._google.token(scope, self._user)
            if side == "calendar":
                answer = await self._google.calendar(token)
                if "@" in answer.id and answer.id.casefold() != self._user.casefold():
                    alias = ServiceError("google.user.alias", _("The calendar answers to another address."))
                    return self._met(step, alias, {"primary_email": answer.id})
                summary = _("Google Calendar answers for {user}.")
            else:
                await self._google.contacts(token)
                summary = _("Google Contacts answers for {user}.")
        except ServiceError as error:
            return self._met(step, error)
        return told(step, Phase.CONNECTION, Status.PASS, summary.format(user=self._user))

    async def _directory(self, admin: str) -> Finding:
        try:
            await self._google.directory(self._user)
        except ServiceError as error:
            return self._met("google.directory", error, {"user": admin}, status=Status.WARN)
        return told("google.directory", Phase.CONNECTION, Status.PASS, _("Google's Directory can be asked."))

    def _met(
        self,
        step: str,
        error: ServiceError,
        more: Mapping[str, Any] = EMPTY,
        *,
        cause: str = "",
        status: Status | None = None,
    ) -> Finding:
        known = {
            "user": self._user,
            "key_id": self._google.key_id,
            "service_account": self._google.account,
            "client_id": self._google.client_id,
            "scopes": ", ".join(dict.fromkeys(sum(self._scopes.values(), ()))),
            **more,
        }
        return met(step, Phase.CONNECTION, error, cause=cause, evidence=known, status=status)
