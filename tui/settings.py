"""The sections of the config file: what may stand in each, what it means, and what it is when it is left out.

The field names are the file's keys. A validator of ours raises ValueError with a sentence for the person. Files are
opened only when a config file is loaded (pydantic's context then names its folder), not if a program builds one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
)

from tui import addresses, sign_in
from tui.model import Configuration, ContactSync, Direction, EventSync, RowKind, Word
from tui.problems import choose, nearest
from tui.sanitise import one_line
from tui.secret import Secret
from tui.sign_in import GoogleAgentKey, Section
from tui.ssh_agent import AgentKey
from tui.words import N_, _

SCOPES: Mapping[Literal["calendar", "contacts"], tuple[str, ...]] = MappingProxyType(
    {
        "calendar": ("https://www.googleapis.com/auth/calendar",),
        "contacts": ("https://www.googleapis.com/auth/contacts",),
    }
)
_LARGEST = 1 << 20

# ---- values ------------------------------------------------------------------------------------------------------


def _certificates(path: Path) -> Path:
    try:
        with path.open("rb") as file:
            if path.is_file() and b"-----BEGIN CERTIFICATE" in file.read(_LARGEST):
                return path
    except (OSError, ValueError):
        raise ValueError(_("The file {path} cannot be read.").format(path=one_line(path, limit=400))) from None
    raise ValueError(_("The file {path} holds no certificate in PEM.").format(path=one_line(path, limit=400)))


def _product(value: object) -> object:
    if value == "einstein_activity_capture":
        raise ValueError(_("This version looks after Lightning Sync only: “auto” or “lightning_sync”."))
    return value


def _api_version(value: str) -> str:
    if value != "auto" and not re.fullmatch(r"[1-9]\d{1,2}\.0", value):
        raise ValueError(_('This must be "auto" or a version such as "68.0".'))
    return value


def _label(value: str) -> str:
    if value not in _LABELS:
        raise ValueError(choose(value, _LABELS))
    return value


_LABELS = tuple(dict.fromkeys([*Word, *RowKind]))


def _scope(value: str) -> str:
    if re.search(r"[\s,]", value):
        raise ValueError(_("One scope in each text, without commas or spaces: the list holds several texts."))
    if not re.fullmatch(r"https://www\.google(apis)?\.com/[!-~]+", value):
        near = nearest(value.rpartition("/")[2], ("calendar", "contacts"))
        raise ValueError(
            _("This is not a Google scope: write it exactly as it was delegated, such as {scope}").format(
                scope=SCOPES["contacts" if near == "contacts" else "calendar"][0]
            )
        )
    return value


def _side(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError(
            _("An empty list asks Google for nothing: name what was delegated, or leave out scopes for the usual two.")
        )
    return tuple(dict.fromkeys(value))


def _scopes(value: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    if lacking := [side for side in SCOPES if side not in value]:
        raise ValueError(
            _("No scope is given for {side}: name what was delegated, or leave out scopes for the usual two.").format(
                side=lacking[0]
            )
        )
    return MappingProxyType(dict(value))


def _journal_url(value: str) -> str:
    if "://" not in value:
        raise ValueError(_("This must be a database address such as sqlite:////home/me/passerelle.db"))
    if re.search(r"://[^/@]*:[^/]*@|[?&](password|passwd|pwd)=", value, re.IGNORECASE):
        raise ValueError(
            _("Leave out the password, which never goes in this file: the database's own password file can hold it.")
        )
    return value


def _link(value: str) -> str:
    """A path (shown behind the org's own host) or a whole address; either may have a query."""
    path = value.partition("?")[0]
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError(_("This must be a path such as /lightning/setup/ManageUsers/home, or a whole address."))
    if path.startswith("/") and not path.startswith("//"):
        return value
    addresses.base(path)
    return value


def _empty() -> Any:
    return MappingProxyType({})  # not a plain default: pydantic would copy it, which a proxy refuses


def _frozen(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(value))


Text = Annotated[StrictStr, Field(min_length=1, max_length=1000), AfterValidator(str.strip), AfterValidator(one_line)]
MaybeText = Annotated[StrictStr, Field(max_length=1000), AfterValidator(str.strip), AfterValidator(one_line)]
Texts = tuple[Text, ...]
Scopes = Annotated[tuple[Annotated[StrictStr, AfterValidator(_scope)], ...], AfterValidator(_side)]
Origin = Annotated[StrictStr, AfterValidator(addresses.origin)]
BaseUrl = Annotated[StrictStr, AfterValidator(addresses.base)]
Table = AfterValidator(_frozen)
Link = Literal[
    "gmail_sync_settings",
    "remote_sites",
    "lightning_sync_status",
    "eac_settings",
    "audit_trail",
    "users",
    "user",
    "permission_sets",
    "profiles",
    "report_types",
    "report",
    "record",
    "activity_settings",
    "connected_apps",
    "external_client_apps",
    "company",
]

# ---- sections ----------------------------------------------------------------------------------------------------


class SalesforceSettings(Section):
    """`[salesforce]`. `domain`, `login_url` are origins without a slash; `key` is the path of the RSA private
    key (PEM) or a key of the SSH agent; `username` is "" with client credentials and may be an alias with sf_cli;
    `labels` maps a word of the status page to the value of a `model.Word` or `model.RowKind`."""

    domain: Annotated[StrictStr, AfterValidator(addresses.salesforce)] = Field(
        description=N_("the org's My Domain, such as https://acme.my.salesforce.com")
    )
    auth: Literal["jwt", "client_credentials", "sf_cli"] = "jwt"
    client_id: Annotated[MaybeText, AfterValidator(sign_in.of_this_way)] = Field(
        default="", validate_default=True, description=N_("the consumer key of the app")
    )
    username: Annotated[MaybeText, AfterValidator(sign_in.of_this_way)] = Field(
        default="", validate_default=True, description=N_("the Salesforce username to act as")
    )
    key: Annotated[
        Path | AgentKey | None, PlainValidator(sign_in.private_key), BeforeValidator(sign_in.of_this_way)
    ] = Field(
        default=None,
        validate_default=True,
        description=N_("the path of the private key whose certificate the app holds, or ssh-agent: and its name"),
    )
    client_secret: Annotated[
        Secret | None, PlainValidator(sign_in.client_secret), BeforeValidator(sign_in.of_this_way)
    ] = Field(
        default=None,
        validate_default=True,
        description=N_("where the app's consumer secret is: env:NAME, or the path of a file that only you can read"),
    )
    login_url: Annotated[Origin, AfterValidator(sign_in.login_url)] = Field(
        default_factory=lambda fields: fields["domain"]
    )
    audience: BaseUrl = Field(default_factory=lambda fields: addresses.audience(fields["domain"]))
    api_version: Annotated[StrictStr, AfterValidator(_api_version)] = "auto"
    product: Annotated[Literal["auto", "lightning_sync"], BeforeValidator(_product)] = "auto"
    report: Annotated[StrictStr, AfterValidator(one_line)] = ""
    columns: Annotated[Mapping[Literal["at", "user", "type", "text"], Text], Table] = Field(default_factory=_empty)
    error_types: Annotated[Mapping[Literal["connection", "user_mapping"], Texts], Table] = Field(default_factory=_empty)
    labels: Annotated[Mapping[Text, Annotated[StrictStr, AfterValidator(_label)]], Table] = Field(
        default_factory=_empty
    )


class GoogleUrls(Section):
    """`[google.urls]`: where Google is asked, each without a slash at the end."""

    token: BaseUrl = "https://oauth2.googleapis.com/token"
    tokeninfo: BaseUrl = "https://oauth2.googleapis.com/tokeninfo"
    certificates: BaseUrl = "https://www.googleapis.com/service_accounts/v1/metadata/x509"
    calendar: BaseUrl = "https://www.googleapis.com/calendar/v3"
    people: BaseUrl = "https://people.googleapis.com/v1"
    directory: BaseUrl = "https://admin.googleapis.com/admin/directory/v1"


class GoogleSettings(Section):
    """`[google]`. `scopes` has the keys calendar and contacts, each with at least one scope, exactly as delegated."""

    key: Annotated[Path | GoogleAgentKey, PlainValidator(sign_in.google_key)] = Field(
        description=N_("the path of the service account's key file (JSON), the one that Salesforce was given")
    )
    scopes: Annotated[Mapping[Literal["calendar", "contacts"], Scopes], AfterValidator(_scopes)] = Field(
        default_factory=lambda: SCOPES
    )
    admin: Annotated[StrictStr, AfterValidator(sign_in.address)] | None = None
    urls: GoogleUrls = Field(default_factory=GoogleUrls)


class TriageSettings(Section):
    open_days: Annotated[StrictInt, Field(ge=1, le=731)] = 30
    api_reserve: Annotated[StrictFloat, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.2


class HttpSettings(Section):
    ca_file: Annotated[Path, BeforeValidator(sign_in.a_path), AfterValidator(_certificates)] | None = None
    proxy: Annotated[StrictStr, AfterValidator(addresses.proxy)] | None = None


class JournalSettings(Section):
    url: Annotated[StrictStr, AfterValidator(_journal_url)] | None = None
    keep_days: Annotated[StrictInt, Field(ge=1, le=36500)] = 400


class UiSettings(Section):
    """`[ui]`; `tui.look.Look` is the same, read before anything else."""

    language: Literal["fr", "en"] | None = None
    theme: Annotated[StrictStr, AfterValidator(one_line)] = ""
    ascii: StrictBool = False
    mouse: StrictBool = False
    keys: Annotated[Mapping[Text, Text], Table] = Field(default_factory=_empty)


class _Contacts(Section):
    direction: Direction = Direction.BOTH
    match: Annotated[StrictStr, AfterValidator(one_line)] = ""


class _Events(Section):
    direction: Direction = Direction.BOTH
    which: Literal["all", "selected"] = "all"


class DataSet(Section):
    """The keys that the triage reads; a data set may hold more, which is kept as it is."""

    model_config = ConfigDict(extra="allow")

    contacts: Literal["all", "selected"] | None = None
    users_records: StrictBool | None = None
    events_from: Annotated[date, Field(strict=True)] | None = None
    private_events: StrictBool | None = None


class _Configuration(Section):
    name: Text = Field(description=N_("the configuration's name in Setup"))
    active: StrictBool = True
    users: Texts = ()
    profiles: Texts = ()
    contacts: _Contacts = Field(default_factory=_Contacts)
    events: _Events = Field(default_factory=_Events)
    data_set: DataSet = Field(default_factory=DataSet)

    def noun(self) -> Configuration:
        return Configuration(
            name=self.name,
            active=self.active,
            users=self.users,
            profiles=self.profiles,
            contacts=ContactSync(self.contacts.direction, self.contacts.match),
            events=EventSync(self.events.direction, self.events.which),
            data_set=MappingProxyType(self.data_set.model_dump(exclude_unset=True)),
        )


class File(Section):
    salesforce: SalesforceSettings = Field(description=N_("the section that says which org this is, and who signs in"))
    google: GoogleSettings | None = None
    configurations: tuple[_Configuration, ...] = ()
    triage: TriageSettings = Field(default_factory=TriageSettings)
    http: HttpSettings = Field(default_factory=HttpSettings)
    journal: JournalSettings = Field(default_factory=JournalSettings)
    ui: UiSettings = Field(default_factory=UiSettings)
    links: Annotated[Mapping[Link, Annotated[StrictStr, AfterValidator(_link)]], Table] = Field(default_factory=_empty)
