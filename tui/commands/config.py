"""`passerelle config`: what is wrong in the file, whether it logs in, and what can be read with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tui import output
from tui.commands import words
from tui.commands.common import Asked, Exit, opened
from tui.model import Readable, ServiceError, Status
from tui.sanitise import one_line
from tui.terms import ORG_KIND
from tui.words import _

if TYPE_CHECKING:
    from tui.config import GoogleSettings, Settings
    from tui.triage.session import Session


def path(asked: Asked) -> int:
    """Where the config file is looked for, whether it is there or not."""
    found = str(asked.path().absolute())
    if asked.json:
        output.record({"path": found})
    else:
        output.line(found)
    return Exit.DONE


def check(asked: Asked) -> int:
    """Exit status: 2 when the file is wrong, 3 when Salesforce does not let us in, 1 when a right lacks for something
    that the file asks for, else 0."""
    from tui.config import ConfigError

    try:
        return asyncio.run(_check(asked))
    except ConfigError as error:
        problems = [{"key": problem.key, "sentence": problem.sentence} for problem in error.problems]
        _tell(asked, {"problems": problems}, [words.state(Status.FAIL) + f"  {problem}" for problem in error.problems])
        return Exit.USAGE


async def _check(asked: Asked) -> Exit:
    async with opened(asked) as all_of_it:
        good = words.state(Status.PASS) + "  " + _("The file is in order.")
        used, way = _way(all_of_it.settings)
        try:
            org = await all_of_it.session.connect()
        except ServiceError as error:
            login = {"problems": [], "login": {"cause": error.cause or None, "sentence": error.message, **used}}
            tried = _("Signing in with {way}.").format(way=way)
            _tell(asked, login, [good, f"{words.state(Status.FAIL)}  {error.message} {tried}"])
            return Exit.UNKNOWN
        google, key = _google_key(all_of_it.settings.google, all_of_it.session)
        seen = await all_of_it.session.overview()
    values = {
        "problems": [],
        "login": {"cause": None, "sentence": "", **used},
        "google": google,
        "org": {"id": org.id, "name": org.name, "kind": org.kind, "acting_user": org.acting_user},
        "capabilities": [{"id": item.id, "status": item.status, "summary": item.summary} for item in seen.capabilities],
    }
    entered = _("Salesforce lets it in: {org} ({kind}) as {user}, with {way}.").format(
        org=org.name, kind=_(ORG_KIND[org.kind]), user=org.acting_user, way=way
    )
    rights = output.columns(
        [(words.state(*words.READABLE[item.status]), item.id, item.summary) for item in seen.capabilities]
    )
    _tell(asked, values, [good, words.state(Status.PASS) + "  " + entered, *key, *rights])
    unasked = _unasked(all_of_it.settings.google)
    lacking = any(
        item.status is Readable.NOT_WITH_THESE_RIGHTS and item.id not in unasked for item in seen.capabilities
    )
    return Exit.ATTENTION if lacking or (google and google["sentence"]) else Exit.DONE


def _way(settings: Settings) -> tuple[dict[str, str], str]:
    """How the file signs in to Salesforce: for JSON (`auth`, and where a key or secret is kept), and in words."""
    from tui.ssh_agent import AgentKey

    found = settings.salesforce
    name = "agent" if isinstance(found.key, AgentKey) else found.auth
    kept = {"jwt": "file", "agent": "ssh-agent", "client_credentials": "env", "sf_cli": "sf"}[name]
    if found.client_secret is not None and found.client_secret.path is not None:
        kept = "file"
    key = found.key.name if isinstance(found.key, AgentKey) else found.key
    way = _(words.SIGN_IN[name]).format(key=one_line(key, limit=400), username=one_line(found.username))
    return {"auth": found.auth, "kept": kept}, way


def _unasked(google: GoogleSettings | None) -> frozenset[str]:
    """The capabilities that the file leaves out: they lack no right."""
    if google is None:
        return frozenset({"directory", "google_scopes", "google_certificates"})
    return frozenset() if google.admin else frozenset({"directory"})


def _google_key(settings: GoogleSettings | None, session: Session) -> tuple[dict[str, str] | None, list[str]]:
    """Whether the key for Google can be used, as far as this host tells: for JSON and in words."""
    if settings is None or session.google is None:
        return None, []
    from tui.sign_in import GoogleAgentKey

    kept = "ssh-agent" if isinstance(settings.key, GoogleAgentKey) else "file"
    try:
        session.google.load_key()
    except ServiceError as error:
        return {"kept": kept, "sentence": error.message}, [f"{words.state(Status.FAIL)}  {error.message}"]
    where = _("the SSH agent") if kept == "ssh-agent" else _("its file")
    told = _("Google's key can be used: {account}, from {where}.").format(account=session.google.account, where=where)
    return {"kept": kept, "sentence": ""}, [f"{words.state(Status.PASS)}  {told}"]


def _tell(asked: Asked, values: dict[str, Any], lines: list[str]) -> None:
    if asked.json:
        output.record({"config": str(asked.path()), **values})
        return
    for line in lines:
        output.line(line)
