"""Organisations that are not as expected: each quirk breaks one assumption that a client may rest on. For tests; no
option of the command line. A quirk changes what goes out, so the world behind it, and what is true of it, stays."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tui.sandbox.state import World

_V = r"/services/data/v[\d.]+"


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer on its way out."""

    status: int
    kind: str
    body: bytes


Change = Callable[[Sent], Sent]


def _words(*pairs: tuple[str, str]) -> Change:
    """Texts put in the place of others."""

    def change(sent: Sent) -> Sent:
        text = sent.body.decode()
        for old, new in pairs:
            text = text.replace(old, new)
        return replace(sent, body=text.encode())

    return change


def _patterns(*pairs: tuple[str, str]) -> Change:
    def change(sent: Sent) -> Sent:
        text = sent.body.decode()
        for old, new in pairs:
            text = re.sub(old, new, text, flags=re.DOTALL)
        return replace(sent, body=text.encode())

    return change


def _instead(status: int, kind: str, body: str) -> Change:
    return lambda _sent: Sent(status, kind, body.encode())


def _refusal(status: int, code: str, message: str) -> Change:
    return _instead(status, "application/json", json.dumps([{"errorCode": code, "message": message}]))


_LOGIN = "<!DOCTYPE html><html><head><title>Login | Salesforce</title></head><body><form name='login' method='post'>\
<input id='username' name='username' /><input id='password' name='pw' type='password' /></form></body></html>"
_PORTAL = "<!DOCTYPE html><html><head><title>Guest network</title></head><body><h1>Accept the terms</h1></body></html>"
_FAULT = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:sf="http://soap.sforce.com/2006/04/metadata"><soapenv:Body><soapenv:Fault><faultcode>sf:INSUFFICIENT_ACCESS'
    "</faultcode><faultstring>INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or "
    "ModifyMetadata permissions</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
)
_REPORT, _PAGE = rf"{_V}/analytics/reports/.*", r"/s2x/.*"
# German, a wording of our own: what an organisation in a third language would show is not known.
_GERMAN = (
    ("Connection method configured", "Verbindungsmethode konfiguriert"),
    ("Google service account provided", "Google-Dienstkonto angegeben"),
    ("Users with linked Google and Salesforce email addresses", "Benutzer mit verknüpften E-Mail-Adressen"),
    ("Last sync activity", "Letzte Synchronisierungsaktivität"),
    ("User assigned to active Lightning Sync configuration", "Benutzer einer aktiven Konfiguration zugewiesen"),
    ("Reset sync status", "Status der Zurücksetzung"),
    ("Salesforce and Google email addresses linked", "E-Mail-Adressen verknüpft"),
    ("Salesforce to Google sync status", "Status von Salesforce nach Google"),
    ("Google to Salesforce sync status", "Status von Google nach Salesforce"),
    (">Linked<", ">Verknüpft<"),
    (">In sync<", ">Synchronisiert<"),
    ('alt="Yes"', 'alt="Ja"'),
    ('alt="No"', 'alt="Nein"'),
)
_GERMAN_REPORT = (
    ('"label":"Error Date"', '"label":"Fehlerdatum"'),
    ('"label":"User"', '"label":"Benutzer"'),
    ('"label":"Error Type"', '"label":"Fehlertyp"'),
    ('"label":"Error Message"', '"label":"Fehlermeldung"'),
    ('"label":"Lightning Sync Errors"', '"label":"Lightning Sync-Fehler"'),
)

# quirk -> (path, what happens to its answers), in this order.
QUIRKS: Mapping[str, tuple[tuple[str, Change], ...]] = {
    "column_renamed": (
        (
            _REPORT,
            _patterns(
                (r'"label":"Error Type"', '"label":"Kind"'),
                (r"LightningSyncError\.ErrorType", "LightningSyncError.Kind"),
                (r"S2XSandmanError\.ErrorType", "S2XSandmanError.Kind"),
                (r'"dataType":"picklist"', '"dataType":"string"'),
                (r'"filterValues":\[[^\]]*\]', '"filterValues":[]'),
            ),
        ),
    ),
    "label_unknown": (
        (
            _PAGE,
            _words(
                ("User assigned to active Lightning Sync configuration", "Sync membership"),
                (">In sync<", ">All good<"),
            ),
        ),
    ),
    "no_input": ((_PAGE, _patterns((r'<input id="resetExchangeSyncUser"[^>]*/>', ""))),),
    "no_web_scope": (
        (r"/services/oauth2/token", _words(('"scope":"web api"', '"scope":"api"'))),
        (
            r"/services/oauth2/singleaccess",
            _instead(403, "application/json", '{"error":"invalid_scope","error_description":"no UI session"}'),
        ),
    ),
    "api_only": (
        (r"/secur/frontdoor.jsp", _instead(200, "text/html", _LOGIN)),
        (rf"{_V}/query", _words(('"PermissionsApiUserOnly":false', '"PermissionsApiUserOnly":true'))),
    ),
    "report_closed": (
        (_REPORT, _refusal(403, "INSUFFICIENT_ACCESS", "You don't have access to the folder of this report.")),
    ),
    "metadata_forbidden": ((r"/services/Soap/.*", _instead(500, "text/xml", _FAULT)),),
    "other_language": (
        (_PAGE, _words(*_GERMAN)),
        (_REPORT, _words(*_GERMAN_REPORT)),
        (
            rf"{_V}/query",
            _words(('"LanguageLocaleKey":"en_US"', '"LanguageLocaleKey":"de"'), ('"en_US"', '"de_DE"')),
        ),
    ),
    "other_report_type": (
        (
            _REPORT,
            _patterns(
                (r'"LightningSyncError"', '"Activity"'),
                (r'"label":"Lightning Sync Errors"', '"label":"Tasks and Events"'),
                (r'"label":"Error Type"', '"label":"Type"'),
                (r'"label":"Error Date"', '"label":"Created Date"'),
                (r'"label":"Error Message"', '"label":"Description"'),
                (r'"(UserMapping|Connection|Sync)"', '"Call"'),
            ),
        ),
    ),
    "web_pages": ((rf"{_V}/.*", _instead(200, "text/html", _PORTAL)),),
    "old_api": (
        (
            r"/services/data/?",
            _instead(
                200,
                "application/json",
                json.dumps(
                    [
                        {"label": f"v{number}", "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
                        for number in range(31, 59)
                    ]
                ),
            ),
        ),
    ),
    "empty_org": (),  # a world of its own: see `shape`
}


def shape(world: World, quirks: tuple[str, ...]) -> World:
    """The world that these quirks are played on: an organisation in which nothing is set up yet for `empty_org`."""
    if "empty_org" not in quirks:
        return world
    world.people, world.errors, world.audit, world.configurations = [world.admin], [], [], {}
    world.admin.real, world.admin.listed = "", ()
    world.scenario = "salesforce.connection.no_linked_users"
    for index in (world.by_name, world.by_email, world.by_id):
        index.clear()
    world.__post_init__()
    return world


def quirky(app: ASGIApp, quirks: tuple[str, ...]) -> ASGIApp:
    """The application with these quirks; itself without any. Raises KeyError for one that there is not."""
    changes = [(re.compile(path), change) for quirk in quirks for path, change in QUIRKS[quirk]]
    if not changes:
        return app

    async def changed(scope: Scope, receive: Receive, send: Send) -> None:
        wanted = [change for path, change in changes if path.fullmatch(scope.get("path", ""))]
        if scope["type"] != "http" or not wanted:
            await app(scope, receive, send)
            return
        start: Message = {}
        parts: list[bytes] = []

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            headers = dict(start["headers"])
            sent = Sent(start["status"], headers.get(b"content-type", b"").decode(), b"".join(parts))
            for change in wanted:
                sent = change(sent)
            headers |= {b"content-type": sent.kind.encode(), b"content-length": str(len(sent.body)).encode()}
            # a dict would lose the second of two cookies
            cookies = [(name, value) for name, value in start["headers"] if name == b"set-cookie"]
            rest = [(name, value) for name, value in headers.items() if name != b"set-cookie"]
            await send({**start, "status": sent.status, "headers": [*rest, *cookies]})
            await send({"type": "http.response.body", "body": sent.body})

        await app(scope, receive, hold)

    return changed
