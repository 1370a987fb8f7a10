"""Clients that others wrote do ordinary work here: Google's own, and simple-salesforce."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceExpiredSession, SalesforceMalformedRequest

from tests.sandbox.practice import CALENDAR, CONTACTS, Practice


class Loopback(HTTPAdapter):
    """simple-salesforce speaks https only: what it sends goes to the practice org instead, with a time-out."""

    def __init__(self, base: str) -> None:
        self.base = urlsplit(base)
        super().__init__()

    def send(self, request: Any, **arguments: Any) -> requests.Response:
        parts = urlsplit(request.url)
        request.url = parts._replace(scheme=self.base.scheme, netloc=self.base.netloc).geturl()
        return super().send(request, **{**arguments, "timeout": 10})


def session(practice: Practice) -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    made.mount("https://", Loopback(practice.base))
    return made


def test_simple_salesforce(practice: Practice) -> None:
    with session(practice) as made:
        client = Salesforce(
            username=practice.salesforce["username"],
            consumer_key=practice.salesforce["client_id"],
            privatekey=Path(practice.salesforce["key"]).read_text(),
            domain="login",
            instance_url="practice.my",
            session=made,
            version="68.0",
        )
        answer = client.query_all("SELECT Id, Name, Profile.Name FROM User ORDER BY Name")
        assert answer["totalSize"] == len(answer["records"]) == 400
        client.headers["Sforce-Query-Options"] = "batchSize=200"
        assert len(list(client.query_all_iter("SELECT Id FROM User"))) == 400
        assert client.User.describe()["name"] == "User"
        assert {one["name"] for one in client.describe()["sobjects"]} >= {"User", "Report"}
        assert client.limits()["DailyApiRequests"]["Max"] > 0
        (report,) = client.query("SELECT Id FROM Report WHERE Name = 'Google sync errors'")["records"]
        ran = client.restful(f"analytics/reports/{report['Id']}", {"includeDetails": "true"})
        assert ran["allData"] is False
        assert len(ran["factMap"]["T!T"]["rows"]) == 2000
        assert client.api_usage["api-usage"].used > 0
        with pytest.raises(SalesforceMalformedRequest):
            client.query("SELECT Nothing FROM User")
        with pytest.raises(SalesforceExpiredSession):
            Salesforce(instance="practice.my.salesforce.com", session_id="x", session=made, version="68.0").limits()


def service(practice: Practice, name: str, version: str, scope: str, subject: str) -> Any:
    urls = practice.google["urls"]
    credentials = service_account.Credentials.from_service_account_file(practice.google["key"], scopes=[scope])
    root = {"calendar": f"{urls['calendar']}/", "people": urls["people"].removesuffix("v1")}[name]
    return build(
        name,
        version,
        credentials=credentials.with_subject(subject).with_token_uri(urls["token"]),
        static_discovery=True,
        client_options={"api_endpoint": root},
    )


def test_google_s_own_client(practice: Practice) -> None:
    admin = practice.google["admin"]
    with service(practice, "calendar", "v3", CALENDAR, admin) as calendar:
        assert calendar.calendarList().get(calendarId="primary").execute()["id"] == admin
        events = calendar.events()
        request, seen = events.list(calendarId="primary", maxResults=1), []
        answer = request.execute()
        seen += answer["items"]
        assert len(seen) == 1
        assert answer["accessRole"] == "owner"
        assert answer["nextPageToken"]
        assert re.fullmatch(r"\w+/\w+", calendar.settings().get(setting="timezone").execute()["value"])
    with service(practice, "people", "v1", CONTACTS, admin) as people:
        assert people.contactGroups().list(pageSize=1).execute()["totalItems"] == 2
        found = people.people().connections().list(resourceName="people/me", personFields="metadata").execute()
        assert found["totalItems"] == 23


def test_google_s_own_client_reads_our_refusals(practice: Practice) -> None:
    off = practice.user("review_connection", "google.calendar.off")["email"]
    with service(practice, "calendar", "v3", CALENDAR, off) as calendar, pytest.raises(HttpError) as refused:
        calendar.calendarList().get(calendarId="primary").execute()
    assert refused.value.error_details[0]["reason"] == "notACalendarUser"
    gone = practice.user("review_connection", "google.user.deleted")["email"]
    with service(practice, "people", "v1", CONTACTS, gone) as people, pytest.raises(RefreshError) as dead:
        people.contactGroups().list().execute()
    assert dead.value.args[1] == {"error": "invalid_grant", "error_description": "The account has been deleted"}
