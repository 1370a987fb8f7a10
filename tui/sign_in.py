"""How the program signs in, as the config file says it: the fields of each way, and what must be true of them.

As in `tui.settings`, a validator raises ValueError with a sentence for the person, and files are opened only when a
config file is loaded (pydantic's context then names its folder).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, StrictStr, ValidationInfo
from pydantic_core import PydanticCustomError

from tui import keyfile, secret, ssh_agent
from tui.sanitise import one_line
from tui.secret import Secret
from tui.ssh_agent import AgentKey
from tui.words import N_, _

# The fields that each way of signing in needs; those of the other ways are refused.
_NEEDED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "jwt": frozenset({"client_id", "username", "key"}),
        "client_credentials": frozenset({"client_id", "client_secret"}),
        "sf_cli": frozenset({"username"}),
    }
)

T = TypeVar("T")


class Section(BaseModel):
    """What all sections of the file have in common: no unknown key, no change, no value in an error's text."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False, hide_input_in_errors=True)


def a_path(value: object, info: ValidationInfo) -> object:
    """A path as the file names it: ~ is a home folder, and a relative one stands beside the config file."""
    if not isinstance(value, str):
        return value  # a Path given by a program, or pydantic's to refuse
    if not value.strip():
        raise ValueError(_("This must not be empty."))
    if "\n" in value or "-----BEGIN" in value or value.lstrip().startswith("{") or len(value) > 1000:
        raise ValueError(_("Give the path of a file here: secrets never go in this file."))
    try:
        found = Path(value).expanduser()
    except RuntimeError:
        raise ValueError(_("The home folder in this path cannot be found: write the path in full.")) from None
    return (info.context or {}).get("folder", Path()) / found


def a_file(value: object, info: ValidationInfo) -> Path:
    """`a_path` for a value that can be nothing else."""
    path = a_path(value, info)
    if not isinstance(path, Path):
        raise ValueError(_("This must be a text in quotes."))
    return path


def private_key(value: object, info: ValidationInfo) -> Path | AgentKey | None:
    """The RSA key that signs for Salesforce: a PEM file, or a key of the SSH agent."""
    if value is None or isinstance(value, AgentKey):
        return value
    if isinstance(value, str) and value.startswith(ssh_agent.PREFIX):
        return agent_key(value)
    path = a_file(value, info)
    if info.context is not None and (sentence := keyfile.private_key_problem(content(path))):
        raise ValueError(sentence)
    return path


def agent_key(value: object) -> AgentKey:
    """`ssh-agent:NAME`; whether the agent holds such a key is found out when it first has to sign."""
    if isinstance(value, AgentKey):
        return value
    name = value.removeprefix(ssh_agent.PREFIX).strip() if isinstance(value, str) else ""
    if not isinstance(value, str) or not value.startswith(ssh_agent.PREFIX) or not ssh_agent.NAME.fullmatch(name):
        raise ValueError(_('Write "ssh-agent:" and the key\'s fingerprint or comment, as ssh-add -l shows them.'))
    return AgentKey(name)


def google_key(value: object, info: ValidationInfo) -> Path | GoogleAgentKey:
    """The service account's key: its JSON file, or a key of the SSH agent with the account that it belongs to."""
    if isinstance(value, GoogleAgentKey):
        return value
    if isinstance(value, Mapping):
        return GoogleAgentKey.model_validate(value)
    if isinstance(value, str) and value.startswith(ssh_agent.PREFIX):
        raise ValueError(
            _(
                "The agent holds the key alone: also name the account,"
                ' key = { agent = "ssh-agent:…", client_email = "…", client_id = "…" }.'
            )
        )
    path = a_file(value, info)
    if info.context is not None:
        try:
            keyfile.service_account(content(path))
        except keyfile.KeyFileProblem as problem:
            raise ValueError(problem.sentence) from None
    return path


def client_secret(value: object, info: ValidationInfo) -> Secret | None:
    """Where the client secret is; it is read once when a config file is loaded, to tell what is wrong with it."""
    if value is None or isinstance(value, Secret):
        return value
    if not isinstance(value, str):
        raise ValueError(_("This must be a text in quotes."))
    found = secret.place(value.strip(), (info.context or {}).get("folder", Path()))
    if info.context is not None:
        try:
            secret.read(found)
        except keyfile.KeyFileProblem as problem:
            raise ValueError(problem.sentence) from None
    return found


def of_this_way(value: T, info: ValidationInfo) -> T:
    """A field that only some ways of signing in use: there where it is needed, and nowhere else."""
    auth = info.data.get("auth")
    if auth is None or info.field_name is None:  # auth itself is wrong, and is told
        return value
    used = info.field_name in _NEEDED[auth]
    if used and not value:
        raise PydanticCustomError("missing", "missing")
    if not used and value:
        ways = " / ".join(f'"{way}"' for way, fields in _NEEDED.items() if info.field_name in fields)
        raise ValueError(
            _('auth = "{auth}" does not use this: remove the line. It belongs to auth = {ways}.').format(
                auth=auth, ways=ways
            )
        )
    return value


def content(path: Path) -> bytes:
    """What is in the key file. Raises ValueError with the sentence that says why it will not do."""
    try:
        return keyfile.read(path)
    except keyfile.KeyFileProblem as problem:
        raise ValueError(problem.sentence) from None


def login_url(value: str, info: ValidationInfo) -> str:
    """Where tokens are asked for; client credentials are taken at My Domain only (salesforce-api.md 8.4)."""
    if info.data.get("auth") == "client_credentials" and value != info.data.get("domain", value):
        raise ValueError(
            _("Salesforce takes client credentials at the org's own domain only: remove the line, or set it to domain.")
        )
    return value


def address(value: str) -> str:
    """One e-mail address."""
    if not re.fullmatch(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+", value):
        raise ValueError(_("This must be one e-mail address, such as admin@example.com."))
    return value


class GoogleAgentKey(Section):
    """`key` of `[google]` where an SSH agent holds it: the key, and the account that a key file would name."""

    agent: Annotated[AgentKey, PlainValidator(agent_key)] = Field(
        description=N_("ssh-agent: and the key's fingerprint or comment")
    )
    client_email: Annotated[StrictStr, AfterValidator(address)] = Field(
        description=N_("the service account's address, as the key file named it")
    )
    client_id: Annotated[StrictStr, Field(min_length=1, max_length=64), AfterValidator(one_line)] = Field(
        description=N_("the service account's numeric client ID, the one that was delegated")
    )
    key_id: Annotated[StrictStr, Field(max_length=128), AfterValidator(one_line)] = ""
