"""A small Salesforce of the tests' own, on a real socket: signs in, answers queries, runs a report, shows the page.

It shares no code with the client; it is not the practice org, which has its own words and its own tests."""

from __future__ import annotations

import contextlib
import itertools
import re
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.http.server import Reply, Request, Server, serving
from tests.salesforce.pages import of_user, organisation, page
from tests.salesforce.reports import described, error_run
from tui.config import SalesforceSettings
from tui.http import Http
from tui.salesforce.client import Salesforce

PAGE = "/s2x/resetExchangeSyncUser.apexp"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ORG_ID, ME = "00D000000000001EAA", "005000000000009AAA"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def person(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "attributes": {"type": "User"},
        "Id": f"005{number:012d}AAA",
        "Name": name,
        "Username": f"u{number}@acme.com",
        "Email": f"u{number}@acme.com",
        "IsActive": True,
        "UserType": "Standard",
        "ProfileId": "00e000000000001AAA",
        "Profile": {"attributes": {"type": "Profile"}, "Name": "Sales"},
        **more,
    }


@dataclass
class Fixed:
    """An answer that stands in front of the org's own for paths that begin with `prefix`, `times` times."""

    prefix: str
    reply: Reply
    times: int = 1_000_000


class FakeOrg:
    """What it does is in its attributes, so that a test can break one thing."""

    def __init__(self) -> None:
        self.server: Server
        self.people = [person(1, "Jane Doe"), person(2, "Élise O'Neil"), person(3, "Gone Person", IsActive=False)]
        self.frozen: dict[str, bool] | None = {"005000000000002AAA": True}
        self.rows: list[tuple[Any, ...]] = [
            ("2026-11-22T13:00:00Z", "005000000000001AAA", "Jane Doe", "Connection", "Connexion", "no"),
        ]
        self.reports = [
            {"Id": "00O000000000001AAA", "Name": "Google sync errors", "DeveloperName": "Google_sync_errors"},
        ]
        self.description = described()
        self.versions = ["30.0", "66.0", "68.0", "71.0"]
        self.page_size = 2
        self.tokens: set[str] = set()
        self.token_requests = 0
        self.instance: str | None = None
        self.scope = "api web"
        self.fixed: list[Fixed] = []
        self.cookies: set[str] = set()
        self.states: set[str] = set()
        self.otps: set[str] = set()
        self.presses: list[str] = []
        self.resetting: set[str] = set()
        self.shown_as: Callable[[str], str] = lambda name: name
        self.script_redirect = True
        self.locale = "en_US"
        self.takes_dates = True
        self._numbers = itertools.count(1)

    def fix(self, prefix: str, reply: Reply, times: int = 1_000_000) -> None:
        self.fixed.append(Fixed(prefix, reply, times))

    def handle(self, request: Request) -> Reply:
        for fixed in self.fixed:
            if request.path.startswith(fixed.prefix) and fixed.times > 0:
                fixed.times -= 1
                return fixed.reply
        if request.path == "/services/oauth2/token":
            return self.token(request)
        if request.path == PAGE or request.path == "/secur/frontdoor.jsp":
            return self.browser(request)
        if request.path.startswith("/services/Soap"):
            return self.soap(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return Reply(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}])
        reply = self.data(request)
        reply.headers = {
            **reply.headers,
            "sforce-limit-info": "api-usage=18/5000",
            "date": "Mon, 23 Nov 2026 10:00:05 GMT",
        }
        return reply

    def token(self, request: Request) -> Reply:
        self.token_requests += 1
        claims = jwt.decode(
            request.form["assertion"],
            KEY.public_key(),
            algorithms=["RS256"],
            audience="https://login.salesforce.com",
            options={"verify_exp": False},
        )
        assert set(claims) == {"iss", "sub", "aud", "exp"}
        assert NOW.timestamp() < claims["exp"] <= NOW.timestamp() + 180
        token = f"00D000000000001!AQ.{uuid.uuid4().hex}"
        self.tokens = {token}
        return Reply(
            200,
            {
                "access_token": token,
                "scope": self.scope,
                "instance_url": self.instance or self.server.url,
                "id": f"https://login.salesforce.com/id/{ORG_ID}/{ME}",
                "token_type": "Bearer",
            },
        )

    # ---- data ----------------------------------------------------------------------------------------------------

    def data(self, request: Request) -> Reply:
        path = request.path
        if path == "/services/data/":
            return Reply(200, [{"version": version, "url": f"/services/data/v{version}"} for version in self.versions])
        if path == "/services/oauth2/singleaccess":
            return self.bridge(request)
        if "/analytics/reports/" in path:
            return self.report(request)
        if path.endswith("/query"):
            return self.page_of(self.select(request.query["q"]), 0)
        if found := re.search(r"/query/01g(\d+)-(\d+)$", path):
            return self.page_of(self.kept[int(found[1])], int(found[2]), int(found[1]))
        return Reply(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])

    kept: dict[int, list[dict[str, Any]]] = {}  # noqa: RUF012 - query results by locator, for this process

    def page_of(self, records: list[dict[str, Any]] | Reply, start: int, locator: int = 0) -> Reply:
        if isinstance(records, Reply):
            return records
        if not locator:
            locator = next(self._numbers)
            self.kept[locator] = records
        end = start + self.page_size
        answer = {"totalSize": len(records), "done": end >= len(records), "records": records[start:end]}
        if end < len(records):
            answer["nextRecordsUrl"] = f"/services/data/v68.0/query/01g{locator}-{end}"
        return Reply(200, answer)

    def select(self, soql: str) -> list[dict[str, Any]] | Reply:
        values = [value.replace("\\'", "'") for value in re.findall(r"'((?:[^'\\]|\\.)*)'", soql)]
        if "FROM Organization" in soql:
            return [
                {"Id": ORG_ID, "Name": "Acme", "InstanceName": "FRA1", "OrganizationType": "Enterprise Edition",
                 "IsSandbox": False}
            ]  # fmt: skip
        if "FROM UserLogin" in soql:
            if self.frozen is None:
                return Reply(
                    400, [{"errorCode": "INVALID_TYPE", "message": "sObject type 'UserLogin' is not supported."}]
                )
            return [{"UserId": key, "IsFrozen": value} for key, value in self.frozen.items() if key in values]
        if "LocaleSidKey" in soql:
            return [
                {"Id": ME, "Name": "Admin", "Username": "admin@acme.com", "LanguageLocaleKey": "en_US",
                 "LocaleSidKey": self.locale, "TimeZoneSidKey": "Europe/Paris"}
            ]  # fmt: skip
        if found := re.search(r"FROM User WHERE (\w+) IN", soql):
            wanted = {value.casefold() for value in values}
            return [row for row in self.people if str(row[found[1]]).casefold() in wanted]
        if "FROM Report" in soql:
            if "LIKE" in soql:
                return self.reports
            return [row for row in self.reports if {row["Name"], row["DeveloperName"]} & set(values)]
        if "PermissionsEditEvent" in soql:
            sets = [(True, False), (False, True)]
            return [
                {
                    "AssigneeId": value,
                    "PermissionSet": {"PermissionsActivitiesAccess": read, "PermissionsEditEvent": edit},
                }
                for value in values
                if value != "005000000000003AAA"
                for read, edit in (sets if value == "005000000000001AAA" else sets[:1])
            ]
        if "PermissionsManageExchangeConfig" in soql and "," in soql:
            return Reply(400, [{"errorCode": "INVALID_FIELD", "message": "No such column"}])
        if found := re.search(r"SELECT PermissionSet\.(\w+) FROM PermissionSetAssignment", soql):
            if found[1] == "PermissionsManageExchangeConfig":
                return Reply(400, [{"errorCode": "INVALID_FIELD", "message": "No such column"}])
            return [{"PermissionSet": {found[1]: found[1] == "PermissionsApiEnabled"}}]
        if "FROM RemoteProxy" in soql:
            return [{"EndpointUrl": "https://www.googleapis.com", "IsActive": True}]
        return Reply(400, [{"errorCode": "MALFORMED_QUERY", "message": "unexpected token"}])

    def report(self, request: Request) -> Reply:
        if request.path.endswith("/describe"):
            return Reply(200, self.description)
        wanted = request.json()["reportMetadata"]
        undated = {"column": "AT", "operator": "equals", "value": ""} in wanted.get("reportFilters", [])
        run = error_run([row for row in self.rows if (row[0] is None) is undated])
        if self.takes_dates:
            run["reportMetadata"] |= request.json()["reportMetadata"]
        return Reply(200, run)

    def soap(self, request: Request) -> Reply:
        session = re.search(rb"sessionId>([^<]*)<", request.body)
        assert session is not None
        xml = {"content-type": "text/xml"}
        if session[1].decode() not in self.tokens:
            fault = "<faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: Invalid</faultstring>"
            return Reply(500, self.envelope(f"<soapenv:Fault>{fault}</soapenv:Fault>"), xml)
        return Reply(
            200,
            self.envelope(
                '<readMetadataResponse xmlns="http://soap.sforce.com/2006/04/metadata"><result>'
                '<records xsi:type="EmailIntegrationSettings"><fullName>EmailIntegration</fullName>'
                "<enableContactAndEventSync>true</enableContactAndEventSync>"
                "<enableGmailIntegration>false</enableGmailIntegration></records></result></readMetadataResponse>"
            ),
            xml,
        )

    @staticmethod
    def envelope(body: str) -> bytes:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:sf="urn:fault">'
            f"<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
        ).encode()

    # ---- pages ---------------------------------------------------------------------------------------------------

    def bridge(self, request: Request) -> Reply:
        if "web" not in self.scope.split():
            return Reply(403, {"error": "insufficient_scope", "error_description": "no web scope"})
        otp = uuid.uuid4().hex
        self.otps.add(otp)
        target = request.form["redirect_uri"]
        return Reply(200, {"frontdoor_uri": f"{self.server.url}/secur/frontdoor.jsp?otp={otp}&startURL={target}"})

    def browser(self, request: Request) -> Reply:
        if request.path == "/secur/frontdoor.jsp":
            if request.query["otp"] not in self.otps:
                return Reply(200, "<html><head><title>Login</title></head><input type='password'></html>")
            self.otps.discard(request.query["otp"])
            sid = uuid.uuid4().hex
            self.cookies.add(sid)
            cookies = (
                f"sid={sid}; Path=/; Secure; HttpOnly",
                "BrowserId=b; Domain=.salesforce.com",
                "gone=; Max-Age=0",
            )
            if self.script_redirect:
                target = PAGE.replace("/", r"\/")
                script = f"<html><script>window.location.replace('{target}');</script></html>"
                return Reply(200, script, cookies=cookies)
            return Reply(302, headers={"location": PAGE}, cookies=cookies)
        session = re.search(r"sid=(\w+)", request.headers.get("cookie", ""))
        sid = session[1] if session else ""
        if sid not in self.cookies:
            return Reply(302, headers={"location": "/login.jsp"})
        body, name = organisation("en", "Google"), ""
        if request.method == "POST":
            form = request.form
            if form["com.salesforce.visualforce.ViewState"] not in self.states:
                return Reply(200, "<html><title>Error</title>The view state has expired</html>")
            assert (form["ticked"], form["size"], form["note"]) == ("on", "m", "line")
            assert not {"unticked", "off"} & set(form)
            self.states.discard(form["com.salesforce.visualforce.ViewState"])
            prefix = "thePage:theForm:thePageBlock:pageBlock:"
            name = form[f"{prefix}user"]
            (pressed,) = {f"{prefix}resetButton", f"{prefix}checkStatusButton"} & set(form)
            if pressed.endswith("resetButton"):
                self.presses.append(name)
                self.resetting.add(name)
            name = self.shown_as(name)
            body += of_user("en", "Google", resetting=name in self.resetting)
        state = uuid.uuid4().hex
        self.states.add(state)
        return Reply(200, page(body, name=name, state=state))


@contextlib.asynccontextmanager
async def org_and_client(folder: Path, **more: Any) -> AsyncIterator[tuple[FakeOrg, Salesforce, Http]]:
    """The org, listening, and a client for it; `more` are settings."""
    key = folder / "key.pem"
    key.write_bytes(PEM)
    key.chmod(0o600)
    org = FakeOrg()

    async def no_pause(_seconds: float) -> None:
        return None

    http = Http(sleep=no_pause, read_seconds=0.6)
    async with serving(org.handle) as org.server:
        settings = SalesforceSettings(
            domain=org.server.url, client_id="3MVG-client", username="admin@acme.com", key=key, **more
        )
        yield org, Salesforce(settings, http, now=lambda: NOW), http
        await http.aclose()
