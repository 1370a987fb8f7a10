"""The stage “Salesforce”: through which app, as whom, with which key; tried by signing in and opening the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from tui import ssh_agent
from tui.model import Finding, Org, Phase, ServiceError, Status
from tui.problems import choose
from tui.questions import Choice
from tui.salesforce.client import Salesforce
from tui.sanitise import one_line
from tui.terms import ORG_KIND
from tui.triage.setup.draft import Draft, Field
from tui.triage.setup.trial import met, salesforce, told
from tui.words import N_, _

TITLE = N_("Salesforce: who signs in")
WHY = (
    N_(
        "Passerelle signs in through an External Client App (Setup, External Client App Manager, New External Client"
        " App; enable OAuth). A Connected App that is there already works too."
    ),
    N_(
        "OAuth scopes: api, for users, reports and limits; web, for the Lightning Sync Status page. Without web, status"
        " and reset are done by hand."
    ),
    N_(
        "Act as an administrator who opens Setup: Manage Users, Manage Lightning Sync, View Setup and Configuration,"
        " Run Reports. Not as an API-only user."
    ),
    N_(
        "English is the best language for that user: the status page speaks the user's language, and its English words"
        " are known best."
    ),
)
WAYS: Mapping[str, str] = MappingProxyType(
    {
        "jwt": N_("a token signed with a key of Passerelle's own (the JWT bearer flow): all that there is works"),
        "client_credentials": N_("the app's own secret: for the API only, so status and reset by hand"),
        "sf_cli": N_("the session of the Salesforce CLI, sf, of this user of this computer"),
    }
)
LOGIN, PAGE, RIGHTS, LANGUAGE = "salesforce.login", "salesforce.page", "salesforce.rights", "salesforce.language"


def _auth(draft: Draft) -> str:
    return draft.value("salesforce.auth")


def _ways(_draft: Draft) -> Sequence[Choice]:
    return [Choice(name, _(label)) for name, label in WAYS.items()]


def _make_a_key(draft: Draft) -> tuple[str, ...]:
    """The commands that make a key pair: shown, never run from here."""
    folder = _typed(draft.folder)
    key, certificate = (_typed(draft.folder / f"salesforce.{ending}") for ending in ("key", "crt"))
    return (
        f"mkdir -p -m 700 {folder}",
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 730 -subj /CN=passerelle -keyout {key} -out {certificate}",
        f"chmod 600 {key}",
    )


def _typed(path: Path) -> str:
    """A path as it is typed in a shell, short where it is in the home folder."""
    with suppress(ValueError, RuntimeError):
        return f"~/{shlex.quote(str(path.relative_to(Path.home())))}"
    return shlex.quote(str(path))


async def agent_keys(_draft: Draft) -> Sequence[Choice]:
    """The RSA keys that the SSH agent holds; none where there is no agent."""
    try:
        held = await ssh_agent.beside(ssh_agent.held)
    except ssh_agent.AgentProblem:
        return ()
    return [
        Choice(f"{ssh_agent.PREFIX}{key.fingerprint}", _("{name}, in the SSH agent").format(name=one_line(key.comment)))
        for key in held
        if key.kind == "ssh-rsa"
    ]


def _known_way(text: str) -> str:
    return choose(text, WAYS) if text and text not in WAYS else ""


FIELDS = (
    Field(
        "salesforce.domain",
        N_("My Domain of the org"),
        N_("The address of the org, as Setup, My Domain has it: https://acme.my.salesforce.com"),
        ("salesforce", "domain"),
    ),
    Field(
        "salesforce.auth",
        N_("How to sign in"),
        N_("jwt is the usual one. It needs a certificate, which is uploaded to the app (Use digital signatures)."),
        ("salesforce", "auth"),
        choices=_ways,
        free=False,
        default=lambda _draft: "jwt",
        check=_known_way,
    ),
    Field(
        "salesforce.client_id",
        N_("Consumer key of the app"),
        N_("The app's settings have it beside the consumer secret, which is not asked for. It begins with 3MVG9."),
        ("salesforce", "client_id"),
        when=lambda draft: _auth(draft) in {"jwt", "client_credentials"},
    ),
    Field(
        "salesforce.username",
        N_("Username to act as"),
        N_("The Salesforce username of the administrator (with sf: the username or alias that sf knows)."),
        ("salesforce", "username"),
        when=lambda draft: _auth(draft) in {"jwt", "sf_cli"},
    ),
    Field(
        "salesforce.key",
        N_("Private key"),
        N_(
            "The path of the private key (RSA, PEM) whose certificate the app holds, or a key of the SSH agent. No key"
            " yet? Make a pair in another terminal with the commands below, then upload salesforce.crt to the app and,"
            " in its policies, pre-authorize the user's profile or a permission set."
        ),
        ("salesforce", "key"),
        when=lambda draft: _auth(draft) == "jwt",
        look=agent_keys,
        lines=_make_a_key,
    ),
    Field(
        "salesforce.client_secret",
        N_("Where the app's secret is"),
        N_(
            "Not the secret itself: env:NAME for an environment variable, or the path of a file that holds it, for you"
            " alone (chmod 600)."
        ),
        ("salesforce", "client_secret"),
        when=lambda draft: _auth(draft) == "client_credentials",
        hidden=True,
    ),
)


async def attempt(draft: Draft) -> list[Finding]:
    """Sign in, then look whether the page opens, which rights are held, and in which language Salesforce speaks.
    Raises ConfigError."""
    async with salesforce(draft) as client:
        try:
            org = await client.connect()
        except ServiceError as error:
            acting = {"acting_user": draft.value("salesforce.username")}
            return [met(LOGIN, Phase.ACCESS, error, evidence=acting, link=client.link, status=Status.FAIL)]
        entered = _("Salesforce lets us in: {name} ({kind}) as {user}.")
        entered = entered.format(name=org.name, kind=_(ORG_KIND[org.kind]), user=org.acting_user)
        return [
            told(LOGIN, Phase.ACCESS, Status.PASS, entered),
            await _page(client, org),
            *await _rights(client, org),
            _language(org),
        ]


async def _page(client: Salesforce, org: Org) -> Finding:
    try:
        reading = await client.page().organisation()
        if reading.problem:
            raise ServiceError("salesforce.page.unrecognised", reading.problem)
    except ServiceError as error:
        acting = {"acting_user": org.acting_user}
        return met(PAGE, Phase.STATUS, error, evidence=acting, link=client.link, status=Status.WARN)
    return told(PAGE, Phase.STATUS, Status.PASS, _("The Lightning Sync Status page opens."))


async def _rights(client: Salesforce, org: Org) -> list[Finding]:
    try:
        held, more = await client.my_rights(), await client.more_rights()
    except ServiceError as error:
        return [told(RIGHTS, Phase.ACCESS, Status.UNKNOWN, error.message)]
    found = []
    if more.get("ApiUserOnly"):
        summary = _("{user} is an API-only user, for whom no page of Setup opens: act as another administrator.")
        found.append(told(f"{RIGHTS}.api_only", Phase.ACCESS, Status.FAIL, summary.format(user=org.acting_user)))
    if lacking := [name for name, yes in held.items() if not yes]:
        summary = _("{user} lacks permissions, so some things will have to be done by hand: {names}.")
        summary = summary.format(user=org.acting_user, names=", ".join(lacking))
        found.append(told(RIGHTS, Phase.ACCESS, Status.WARN, summary))
    elif held:
        summary = _("{user} holds the permissions that Passerelle uses.").format(user=org.acting_user)
        found.append(told(RIGHTS, Phase.ACCESS, Status.PASS, summary))
    else:
        summary = _("Which permissions {user} holds cannot be read.").format(user=org.acting_user)
        found.append(told(RIGHTS, Phase.ACCESS, Status.UNKNOWN, summary))
    return found


def _language(org: Org) -> Finding:
    match org.language[:2].lower():
        case "en":
            return told(LANGUAGE, Phase.ACCESS, Status.PASS, _("Salesforce speaks English to this user."))
        case "fr":
            summary = _("Salesforce speaks French to this user. Its words are known here; English ones are known best.")
            return told(LANGUAGE, Phase.ACCESS, Status.PASS, summary)
    summary = _("Salesforce speaks {language} to this user, whose words are not known here: set that user to English.")
    return told(LANGUAGE, Phase.ACCESS, Status.WARN, summary.format(language=org.language or "?"))
