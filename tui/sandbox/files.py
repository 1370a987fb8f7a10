"""The files of a practice organisation: config file, keys, world.json; all 0600 in a 0700 folder."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import tomli_w

from tui.sandbox.keys import Keys
from tui.sandbox.state import CALENDAR_SCOPE, CONTACTS_SCOPE, SyncConfiguration, World

AUDIENCE = "https://login.salesforce.com"
CLOSED = "http://127.0.0.1:1"  # tcpmux: nobody listens there
CONFIG, WORLD, SALESFORCE_KEY, GOOGLE_KEY = "config.toml", "world.json", "salesforce.pem", "google.json"
SECRET = "salesforce.secret"


def prepare(folder: Path) -> Path:
    """The folder, made if it is not there, closed to others. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder.resolve()


def write(path: Path, content: str | bytes) -> None:
    """Replaces the file at once: who reads it sees the old content or the new, never a part. Raises OSError."""
    data = content.encode() if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_world(folder: Path, content: dict[str, Any]) -> None:
    write(folder / WORLD, json.dumps(content, ensure_ascii=False, indent=1))


def write_config(folder: Path, world: World, keys: Keys, base: str) -> None:
    """The keys and the config file of a console that looks after this organisation at `base`.

    The config signs in with the key; the app's secret stands beside it, for whoever practises client credentials.
    Where the scenario is a fault of the config's own side (wrong client, key, audience, address), it is put here."""
    scenario = world.scenario
    key = keys.stranger if scenario == "salesforce.auth.bad_assertion" and keys.stranger else keys.salesforce
    write(folder / SALESFORCE_KEY, key.pem())
    write(folder / SECRET, f"{keys.secret}\n")
    write(folder / GOOGLE_KEY, keys.service_account(scenario))
    domain = CLOSED if scenario == "salesforce.network.unreachable" else base
    google = f"{CLOSED if scenario == 'google.network.unreachable' else base}/google"
    contacts = CONTACTS_SCOPE.rstrip("s") + "z" if scenario == "google.scope.invalid" else CONTACTS_SCOPE
    content: dict[str, Any] = {
        "salesforce": {
            "domain": domain,
            "auth": "jwt",
            "client_id": f"{keys.consumer}x" if scenario == "salesforce.auth.bad_client" else keys.consumer,
            "username": world.admin.username,
            "key": str(folder / SALESFORCE_KEY),
            "login_url": domain,
            "audience": "https://login.example.com" if scenario == "salesforce.auth.bad_audience" else AUDIENCE,
            "api_version": "auto",
            "product": "lightning_sync",
            "report": world.report_name,
        },
        "google": {
            "key": str(folder / GOOGLE_KEY),
            "scopes": {"calendar": [CALENDAR_SCOPE], "contacts": [contacts]},
            "admin": world.admin.email,
            "urls": {
                "token": f"{google}/token",
                "tokeninfo": f"{google}/tokeninfo",
                "certificates": f"{google}/service_accounts/v1/metadata/x509",
                "calendar": f"{google}/calendar/v3",
                "people": f"{google}/people/v1",
                "directory": f"{google}/admin/directory/v1",
            },
        },
        "configurations": [_declaration(world, one) for one in world.configurations.values()],
        "journal": {"url": f"sqlite:///{folder / 'journal.sqlite3'}"},
        "ui": {"language": world.lang},
    }
    write(folder / CONFIG, tomli_w.dumps(content))


def _declaration(world: World, configuration: SyncConfiguration) -> dict[str, Any]:
    return {
        "name": configuration.name,
        "active": configuration.active,
        "users": [
            _argument(world, person.id, person.username, person.email)
            for person in world.people
            if configuration.name in person.listed
        ],
        "profiles": list(configuration.profiles),
        "contacts": {"direction": configuration.contacts, "match": configuration.match},
        "events": {"direction": configuration.events, "which": configuration.which},
        "data_set": dict(configuration.data_set),
    }


def _argument(world: World, id_: str, username: str, email: str) -> str:
    """A user as a config file may name one: by address, username or id in turn; by address only where it is unique."""
    ways = (email if len(world.by_email[email.lower()]) == 1 else username, username, id_)
    return ways[sum(map(ord, id_)) % len(ways)]
