"""A small client of a practice org for these tests: signs assertions, asks for tokens, reads and posts the page."""

from __future__ import annotations

import json
import time
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import jwt
from lxml import html

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
VERSION = "/services/data/v68.0"
PAGE = "/s2x/resetExchangeSyncUser.apexp"
BUTTON = "thePage:theForm:thePageBlock:pageBlock:"
CALENDAR = "https://www.googleapis.com/auth/calendar"
CONTACTS = "https://www.googleapis.com/auth/contacts"
DIRECTORY = "https://www.googleapis.com/auth/admin.directory.user.readonly"


class Practice:
    """A practice org in a process of its own, or (with `http`) an application in this one."""

    def __init__(self, config: Path, http: httpx.Client | None = None) -> None:
        self.dir = config.parent
        self.config: dict[str, Any] = tomllib.loads(config.read_text())
        self.salesforce = self.config["salesforce"]
        self.google = self.config["google"]
        self.http = http or httpx.Client(base_url=self.base, timeout=10, trust_env=False)

    @property
    def base(self) -> str:
        return str(self.config["google"]["urls"]["token"]).removesuffix("/google/token")

    @property
    def world(self) -> dict[str, Any]:
        return json.loads((self.dir / "world.json").read_text())

    def user(self, verdict: str, *causes: str, after: str | None = None) -> dict[str, Any]:
        return next(
            one
            for one in self.world["users"]
            if one["verdict"] == verdict
            and one["causes"] == list(causes)
            and (after is None or (one["after_reset"] or {}).get("verdict") == after)
        )

    # Salesforce

    def login(self, key: bytes | None = None, algorithm: str = "RS256", **changes: Any) -> httpx.Response:
        claims = {
            "iss": self.salesforce["client_id"],
            "sub": self.salesforce["username"],
            "aud": self.salesforce["audience"],
            "exp": int(time.time()) + 180,
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        assertion = jwt.encode(claims, key or Path(self.salesforce["key"]).read_bytes(), algorithm)
        return self.http.post("/services/oauth2/token", data={"grant_type": GRANT, "assertion": assertion})

    @cached_property
    def token(self) -> str:
        return str(self.login().json()["access_token"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(f"{VERSION}{path}", params=params, headers=self.bearer)

    def query(self, soql: str, **headers: str) -> httpx.Response:
        return self.http.get(f"{VERSION}/query", params={"q": soql}, headers=self.bearer | headers)

    def records(self, soql: str) -> list[dict[str, Any]]:
        answer = self.query(soql)
        assert answer.status_code == 200, answer.text
        return answer.json()["records"]

    # The page

    def front_door(self, path: str = PAGE) -> str:
        answer = self.http.post("/services/oauth2/singleaccess", data={"redirect_uri": path}, headers=self.bearer)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["frontdoor_uri"])

    def enter(self) -> Page:
        self.http.cookies.clear()
        self.http.get(self.front_door())
        return Page(self, self.http.get(PAGE).text)

    # Google

    def assertion(self, scope: str, sub: str | None, key: bytes | None = None, kid: str = "", **changes: Any) -> str:
        info = json.loads(Path(self.google["key"]).read_text())
        now = int(time.time())
        claims = {
            "iss": info["client_email"],
            "scope": scope,
            "aud": "https://oauth2.googleapis.com/token",
            "iat": now,
            "exp": now + 3600,
            "sub": sub,
        } | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": kid or info["private_key_id"]}
        return jwt.encode(claims, key or info["private_key"], "RS256", headers=headers)

    def exchange(self, assertion: str) -> httpx.Response:
        return self.http.post("/google/token", data={"grant_type": GRANT, "assertion": assertion})

    def google_token(self, scope: str, sub: str | None) -> dict[str, str]:
        answer = self.exchange(self.assertion(scope, sub))
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


class Page:
    """One answer of the page: its rows by table, and its form ready to be posted again."""

    def __init__(self, practice: Practice, text: str) -> None:
        self.practice = practice
        self.text = text
        self.document = html.document_fromstring(text.encode())

    @property
    def fields(self) -> dict[str, str]:
        inputs = self.document.xpath("//form//input[@name and not(@type='submit')]")
        return {one.get("name"): one.get("value") or "" for one in inputs}

    def rows(self, table: str) -> dict[str, str]:
        lines = self.document.xpath("//table[@id=$table]//tr", table=table)
        return {
            line.xpath("string(th)"): line.xpath("string(td)") or line.xpath("string(td//img/@alt)") for line in lines
        }

    @property
    def name(self) -> str:
        return str(self.document.xpath("string(//input[@id='resetExchangeSyncUser']/@value)"))

    @property
    def message(self) -> str:
        return str(self.document.xpath("string(//div[@class='messageText'])"))

    def press(self, button: str, name: str | None = None, **changes: str | None) -> Page:
        fields: dict[str, str | None] = {**self.fields, f"{BUTTON}{button}": button}
        if name is not None:
            fields["resetExchangeSyncUser"] = name
        fields |= changes
        data = {key: value for key, value in fields.items() if value is not None}
        return Page(self.practice, self.practice.http.post(PAGE, data=data).text)

    def check(self, name: str | None = None) -> Page:
        return self.press("checkStatusButton", name)

    def reset(self, name: str | None = None) -> Page:
        return self.press("resetButton", name)
