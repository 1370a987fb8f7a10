"""Broken config files: each with every problem that must be named, by key, and words that its sentence must hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

Problems = Callable[[str | bytes], dict[str, str]]

SALESFORCE = """
[salesforce]
domain = "https://acme.my.salesforce.com"
client_id = "3MVG"
username = "admin@acme.example"
key = "salesforce.key"
"""
GOOGLE = """
[google]
key = "google.json"
"""
SECRET = "hunter2hunter2"


def salesforce(**lines: str) -> str:
    """The section [salesforce] with these lines changed (or, if None, left out)."""
    found = dict(re.findall(r"^(\w+) = (.*)$", SALESFORCE, re.MULTILINE)) | lines
    return "[salesforce]\n" + "".join(f"{name} = {value}\n" for name, value in found.items() if value)


BROKEN: dict[str, tuple[str | bytes, dict[str, str]]] = {
    "empty": ("", {"salesforce": "which org"}),
    "nothing in the section": (
        "[salesforce]\n",
        {
            "salesforce.domain": "My Domain",
            "salesforce.client_id": "consumer key",
            "salesforce.username": "act as",
            "salesforce.key": "private key",
        },
    ),
    "no TOML": ("[salesforce]\ndomain = https://x\n", {"": r"Line 2, column 10: this is not valid TOML"}),
    "an open quote": ('[salesforce]\ndomain = """https://x\n', {"": "ends too early"}),
    "a key twice": (SALESFORCE + 'username = "b"\n', {"": r"Line 7, column \d+: .*overwrite"}),
    "a section twice": (SALESFORCE + "[http]\n[http]\n", {"": r"Line 8, column \d+"}),
    "nested too deeply": ("a = " + "[" * 20_000, {"": "nested too deeply"}),
    "a number of thousands of digits": ("a = " + "1" * 9000, {"": "a number that is too long"}),
    "not UTF-8": ('[salesforce]\ndomain = "h\xe9"'.encode("latin-1"), {"": "Line 2 is not UTF-8"}),
    "UTF-16": (SALESFORCE.encode("utf-16"), {"": "Line 1 is not UTF-8"}),
    "larger than any config": (b"#" * (1 << 20) + b"\n", {"": "larger than 1 MiB"}),
    "misspelt keys everywhere": (
        salesforce(client_id="", clientid='"x"')
        + "[gogle]\n[triage]\nopen_day = 3\n[ui]\nlangage = 'fr'\n[http]\nproxi = 'x'\n"
        + "[journal]\nkeep = 3\n[links]\nuser_s = '/x'\n",
        {
            "salesforce.client_id": "missing",
            "salesforce.clientid": "Did you mean client_id",
            "gogle": "Did you mean google",
            "triage.open_day": "Did you mean open_days",
            "ui.langage": "Did you mean language",
            "http.proxi": "Did you mean proxy",
            "journal.keep": "Did you mean keep_days|Known here: url, keep_days",
            "links.user_s": "Did you mean users?",
        },
    ),
    "a key above the sections": ("open_days = 3\n" + SALESFORCE, {"open_days": r"belongs under \[triage\]"}),
    "wrong types": (
        salesforce(username="3", report="[1]")
        + "[triage]\nopen_days = '30'\napi_reserve = 'a fifth'\n[ui]\nascii = 1\nkeys = 'q'\n"
        + "[journal]\nkeep_days = 1.5\n[http]\nproxy = 3128\n",
        {
            "salesforce.username": "text in quotes",
            "salesforce.report": "text in quotes",
            "triage.open_days": "whole number",
            "triage.api_reserve": "a number",
            "ui.ascii": "true or false",
            "ui.keys": "table",
            "journal.keep_days": "whole number",
            "http.proxy": "text in quotes",
        },
    ),
    "numbers out of bounds": (
        SALESFORCE + "[triage]\nopen_days = 0\napi_reserve = 1\n[journal]\nkeep_days = -1\n",
        {"triage.open_days": "1 or more", "triage.api_reserve": "less than 1", "journal.keep_days": "1 or more"},
    ),
    "no ordinary number": (SALESFORCE + "[triage]\napi_reserve = nan\n", {"triage.api_reserve": "ordinary number"}),
    "a Lightning address": (
        salesforce(domain='"https://acme.lightning.force.com"'),
        {"salesforce.domain": "pages, not the API.*https://acme.my.salesforce.com"},
    ),
    "a login host": (salesforce(domain='"https://login.salesforce.com"'), {"salesforce.domain": "My Domain"}),
    "a name only": (salesforce(domain='" Acme "'), {"salesforce.domain": "https://acme.my.salesforce.com$"}),
    "a name behind https": (
        salesforce(domain='"https://acme/"'),
        {"salesforce.domain": "https://acme.my.salesforce.com$"},
    ),
    "a host only": (salesforce(domain='"acme.my.salesforce.com"'), {"salesforce.domain": "https://acme.my"}),
    "a path behind the domain": (
        salesforce(domain='"https://acme.my.salesforce.com/lightning/page/home"'),
        {"salesforce.domain": "origin only.*https://acme.my.salesforce.com$"},
    ),
    "http beyond this machine": (
        salesforce(domain='"http://acme.my.salesforce.com"', login_url='"http://127.0.0.1.evil.example"')
        + GOOGLE
        + '[google.urls]\ntoken = "http://localhost.evil.example/token"\n',
        {"salesforce.domain": "http://", "salesforce.login_url": "http://", "google.urls.token": "http://"},
    ),
    "no addresses at all": (
        salesforce(domain='"https://a b.example"', login_url='"ftp://x.example"', audience='"https://x:99999"'),
        {
            "salesforce.domain": "not an address",
            "salesforce.login_url": "https://",
            "salesforce.audience": "not an address",
        },
    ),
    "secrets in addresses": (
        salesforce(domain=f'"https://me:{SECRET}@acme.my.salesforce.com"')
        + f'[http]\nproxy = "http://me:{SECRET}@proxy:3128"\n[journal]\nurl = "postgresql://me:{SECRET}@h/db"\n',
        {"salesforce.domain": "before the @", "http.proxy": "before the @", "journal.url": "password"},
    ),
    "secrets as values": (
        salesforce(
            key=f'"""-----BEGIN PRIVATE KEY-----\n{SECRET}"""', client_secret=f'"{SECRET}"', password=f'"{SECRET}"'
        )
        + f'[google]\nkey = \'{{"private_key": "{SECRET}"}}\'\n',
        {
            "salesforce.key": "path of a file",
            "salesforce.client_secret": 'auth = "jwt" does not use this.*client_credentials',
            "salesforce.password": "secrets never go",
            "google.key": "path of a file",
        },
    ),
    "a key of an agent without a name": (
        salesforce(key='"ssh-agent: "')
        + '[google]\nkey = {agent = "salesforce.key", client_email = "a", keyid = "1"}\n',
        {
            "salesforce.key": "fingerprint or comment",
            "google.key.agent": "ssh-agent:",
            "google.key.client_email": "e-mail address",
            "google.key.client_id": "numeric client ID",
            "google.key.keyid": "Did you mean key_id",
        },
    ),
    "a Google key of an agent without its account": (
        SALESFORCE + '[google]\nkey = "ssh-agent:sync"\n',
        {"google.key": "name the account"},
    ),
    "keys of other types": (
        salesforce(key="3") + "[google]\nkey = true\n",
        {"salesforce.key": "text in quotes", "google.key": "text in quotes"},
    ),
    "client credentials without their fields": (
        '[salesforce]\ndomain = "https://acme.my.salesforce.com"\nauth = "client_credentials"\n',
        {"salesforce.client_id": "consumer key", "salesforce.client_secret": "env:NAME"},
    ),
    "client credentials with a key, a user and another host": (
        salesforce(auth='"client_credentials"', client_secret='"env:PATH"', login_url='"https://login.salesforce.com"'),
        {
            "salesforce.username": "does not use this",
            "salesforce.key": "does not use this",
            "salesforce.login_url": "own domain only",
        },
    ),
    "the secret itself": (
        salesforce(auth='"client_credentials"', username="", key="", client_secret=f'"{SECRET}"'),
        {"salesforce.client_secret": "There is no such file.*env:NAME"},
    ),
    "the secret behind env:": (
        salesforce(auth='"client_credentials"', username="", key="", client_secret=f'"env:{SECRET}!"'),
        {"salesforce.client_secret": "name of an environment variable"},
    ),
    "a secret that is not there": (
        salesforce(auth='"client_credentials"', username="", key="", client_secret='"env:NO_SUCH_VARIABLE"'),
        {"salesforce.client_secret": "NO_SUCH_VARIABLE.*not set"},
    ),
    "a secret in the wrong file": (
        salesforce(auth='"client_credentials"', username="", key="", client_secret='"salesforce.key"'),
        {"salesforce.client_secret": "salesforce.key does not hold a client secret"},
    ),
    "a secret open to others": (
        salesforce(auth='"client_credentials"', username="", key="", client_secret='"authorities.pem"'),
        {"salesforce.client_secret": "chmod 600 .*authorities.pem"},
    ),
    "sf with the fields of an app": (
        salesforce(auth='"sf_cli"', username=""),
        {
            "salesforce.client_id": 'does not use this.*"jwt" / "client_credentials"',
            "salesforce.username": "act as",
            "salesforce.key": "does not use this",
        },
    ),
    "a product of later": (
        salesforce(product='"einstein_activity_capture"'),
        {"salesforce.product": "Lightning Sync only"},
    ),
    "unknown words": (
        salesforce(auth='"jtw"', product='"lightning-sync"', api_version='"sixty"')
        + '[ui]\nlanguage = "french"\n[salesforce.labels]\n"Lié" = "linkd"\n',
        {
            "salesforce.auth": "“jtw” is not one of: “jwt”, “client_credentials”, “sf_cli”",
            "salesforce.product": "Did you mean “lightning_sync”",
            "salesforce.api_version": "68.0",
            "ui.language": "“fr”, “en”",
            'salesforce.labels."Lié"': "Did you mean “linked”",
        },
    ),
    "unknown columns and types": (
        SALESFORCE
        + '[salesforce.columns]\nusr = "x"\n[salesforce.error_types]\nconnexion = ["x"]\nuser_mapping = "x"\n',
        {
            "salesforce.columns.usr": "Did you mean user",
            "salesforce.error_types.connexion": "Did you mean connection",
            "salesforce.error_types.user_mapping": "list in square brackets",
        },
    ),
    "no scopes": (
        SALESFORCE + GOOGLE + 'scopes = {calendar = [], contacts = ["contacts", "a,b"]}\nadmin = "nobody"',
        {
            "google.scopes.calendar": "empty list",
            "google.scopes.contacts[0]": "https://www.googleapis.com/auth/contacts$",
            "google.scopes.contacts[1]": "One scope in each text",
            "google.admin": "e-mail address",
        },
    ),
    "scopes of one side": (
        SALESFORCE + GOOGLE + 'scopes = {calendar = ["https://www.googleapis.com/auth/calendar"]}',
        {"google.scopes": "No scope is given for contacts"},
    ),
    "scopes of a third side": (
        SALESFORCE + GOOGLE + 'scopes = {calender = ["https://www.googleapis.com/auth/calendar"], contacts = ["x"]}',
        {"google.scopes.calender": "Did you mean calendar", "google.scopes.contacts[0]": "not a Google scope"},
    ),
    "configurations": (
        SALESFORCE
        + """
[[configurations]]
name = "Sales"
events = {direction = "bothh", wich = "all"}
[[configurations]]
name = "sales "
users = "ann@acme.example"
data_set = {events_form = 2026-01-01, contacts = "al", delete_events = true}
[[configurations]]
active = "yes"
contacts = "both"
[[configurations]]
name = ""
users = [""]
data_set = {events_from = "last year"}
""",
        {
            "configurations[0].events.direction": "Configuration “Sales”: “bothh” is not one of.*mean “both”",
            "configurations[0].events.wich": "Did you mean which",
            "configurations[1].name": "Two configurations are named",
            "configurations[1].users": "list in square brackets",
            "configurations[1].data_set.contacts": "Did you mean “all”",
            "configurations[1].data_set.events_form": "Did you mean events_from",
            "configurations[2].name": "Configuration 3: This is missing: the configuration's name",
            "configurations[2].active": "true or false",
            "configurations[2].contacts": "table",
            "configurations[3].name": "not be empty",
            "configurations[3].users[0]": "not be empty",
            "configurations[3].data_set.events_from": "a date such as 2026-01-31",
        },
    ),
    "configurations in single brackets": (
        SALESFORCE + '[configurations]\nname = "Sales"\n',
        {"configurations": r"\[\[configurations\]\]"},
    ),
    "files that are not there": (
        salesforce(key='"nowhere.key"')
        + '[google]\nkey = "~nobody-of-that-name/g.json"\n[http]\nca_file = "nowhere.pem"\n',
        {"salesforce.key": "no key file .*nowhere.key", "google.key": "home folder", "http.ca_file": "cannot be read"},
    ),
    "files of the wrong kind": (
        salesforce(key='"google.json"') + '[google]\nkey = "salesforce.key"\n[http]\nca_file = "salesforce.key"\n',
        {"salesforce.key": "is JSON", "google.key": "not JSON", "http.ca_file": "no certificate"},
    ),
    "links that lead nowhere": (
        SALESFORCE + '[links]\nusers = "javascript:alert(1)"\nprofiles = "//elsewhere.example"\ncompany = ""\n',
        {"links.users": "https://", "links.profiles": "https://", "links.company": "path such as"},
    ),
    "escape sequences": (
        SALESFORCE + '"\\u001b]0;x\\u0007" = 1\n[ui]\nlanguage = "\\u001b[31m[/]"\n',
        {'salesforce."\ufffd]0;x\ufffd"': "no such key", "ui.language": "\ufffd\\[31m"},
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_problem_of_a_broken_file_is_named(name: str, problems: Problems) -> None:
    content, expected = BROKEN[name]

    found = problems(content)

    assert found.keys() == expected.keys()
    for key, words in expected.items():
        assert re.search(words, found[key], re.DOTALL), (key, found[key])
    text = " ".join(found.values())
    assert SECRET not in text
    assert "\x1b" not in text + " ".join(found)
    assert "pydantic" not in text
    assert "Input should" not in text


def test_the_error_is_one_line_for_each_problem(loaded: Callable[[str], Any]) -> None:
    from tui.config import ConfigError

    with pytest.raises(ConfigError) as caught:
        loaded(salesforce(auth='"jtw"', username="3"))

    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["salesforce.auth", "salesforce.username"]
    assert caught.value.__cause__ is None
