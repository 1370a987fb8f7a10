"""The Lightning Sync Status page driven over HTTP: opening, asking, resetting, and every reason not to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path

import pytest

from tests.http.server import Reply
from tests.salesforce.org import NOW, PAGE, FakeOrg, org_and_client
from tests.salesforce.pages import of_user, page
from tui.http import Http
from tui.model import RowKind, ServiceError, User, Word
from tui.salesforce.client import Salesforce
from tui.salesforce.hosts import instance_allowed, own_page

Three = tuple[FakeOrg, Salesforce, Http]


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Three]:
    async with org_and_client(tmp_path) as found:
        yield found


def user(name: str) -> User:
    return User("005000000000001AAA", name, "u@acme.com", "u@acme.com", True, raw_name=name)


@pytest.mark.parametrize("script", [True, False])
async def test_the_page_opens_through_the_bridge(three: Three, script: bool) -> None:
    org, client, http = three
    org.script_redirect = script
    found = await client.page().organisation()
    assert (found.problem, found.source, found.read_at) == ("", "page", NOW)
    assert found.first(RowKind.CONNECTION_METHOD) is not None
    bridge = next(request for request in org.server.seen if request.path.endswith("singleaccess"))
    assert bridge.form == {"redirect_uri": PAGE}
    assert not [call for call in http.calls if "otp" in call.path]
    await client.page().organisation()
    assert org.server.count("/services/oauth2/singleaccess") == 1


@pytest.mark.parametrize("name", ["Jane Doe", "Élise O'Neil", 'a & b <i> "q" +%20', "[/] \u4e2d\u6587"])
async def test_a_user_is_asked_about_by_name(three: Three, name: str) -> None:
    org, client, _http = three
    found = await client.page().status(user(name))
    assert (found.shown_name, found.can_reset) == (name, True)
    linked = found.first(RowKind.LINKED, "userEvents")
    assert linked is not None
    assert linked.word is Word.LINKED
    assert org.presses == []


async def test_many_users_share_three_tabs(three: Three) -> None:
    org, client, _http = three
    names = [f"Person {number}" for number in range(20)]
    found = await asyncio.gather(*(client.page().status(user(name)) for name in names))
    assert [reading.shown_name for reading in found] == names
    assert org.server.count("/services/oauth2/singleaccess") == 3
    assert sum(request.method == "POST" and request.path == PAGE for request in org.server.seen) == 20


@pytest.mark.parametrize("over", ["session", "view state"])
async def test_a_tab_that_is_over_is_opened_anew_once(three: Three, over: str) -> None:
    org, client, _http = three
    await client.page().status(user("Jane Doe"))
    (org.cookies if over == "session" else org.states).clear()
    assert (await client.page().status(user("John Doe"))).shown_name == "John Doe"
    assert org.server.count("/services/oauth2/singleaccess") == 2


async def test_a_page_that_shows_nobody_says_nobody(three: Three) -> None:
    org, client, _http = three
    org.shown_as = lambda _name: ""
    found = await client.page().status(user("Jane Doe"))
    assert (found.shown_name, found.can_reset) == (None, False)


LOGIN = "<html><head><title>Login</title></head><form><input type='password' name='pw'></form></html>"
NO_ACCESS, UNKNOWN = "salesforce.page.no_access", "salesforce.page.unrecognised"


@pytest.mark.parametrize(
    ("prefix", "reply", "cause"),
    [
        (PAGE, Reply(200, LOGIN), NO_ACCESS),
        (PAGE, Reply(403, "<html>no</html>"), NO_ACCESS),
        (PAGE, Reply(200, "<html><title>Insufficient Privileges</title></html>"), NO_ACCESS),
        (PAGE, Reply(302, headers={"location": "https://evil.example/x"}), NO_ACCESS),
        (PAGE, Reply(302, headers={"location": "http://127.0.0.1:1/x"}), NO_ACCESS),
        (PAGE, Reply(302, headers={"location": PAGE}), NO_ACCESS),
        (PAGE, Reply(200, "<html><script>window.location = 'https://evil.example/'</script></html>"), NO_ACCESS),
        (PAGE, Reply(200, "<html><meta http-equiv='refresh' content='0;url=https://evil.example/'></html>"), NO_ACCESS),
        (PAGE, Reply(200, "<html><title>Another page</title><form method='post'></form></html>"), UNKNOWN),
        (PAGE, Reply(404, "<html>URL No Longer Exists</html>"), UNKNOWN),
        (PAGE, Reply(200, b"\x00\xff\xfe"), UNKNOWN),
        (PAGE, Reply(200, b""), UNKNOWN),
        (PAGE, Reply(200, {"User assigned to active Lightning Sync configuration": "Yes"}), UNKNOWN),
        (
            PAGE,
            Reply(200, "User assigned to active Lightning Sync configuration\tYes\nLast sync activity\tNone"),
            UNKNOWN,
        ),
        (PAGE, Reply(503, "<html>Maintenance</html>"), "salesforce.service.unavailable"),
        (PAGE, Reply(500, "<html>An internal server error</html>"), "salesforce.service.unavailable"),
        (PAGE, Reply(fault="huge"), "salesforce.service.unavailable"),
        (PAGE, Reply(fault="reset"), "salesforce.network.unreachable"),
        ("/secur", Reply(200, "<html><title>Verify Your Identity</title></html>"), NO_ACCESS),
        ("/services/oauth2/singleaccess", Reply(403, {"error": "insufficient_scope"}), NO_ACCESS),
        ("/services/oauth2/singleaccess", Reply(200, {"odd": 1}), NO_ACCESS),
        ("/services/oauth2/singleaccess", Reply(200, [1]), NO_ACCESS),
        ("/services/oauth2/singleaccess", Reply(200, {"frontdoor_uri": "https://evil.example/?otp=1"}), NO_ACCESS),
        ("/services/oauth2/singleaccess", Reply(404, [{"errorCode": "NOT_FOUND", "message": ""}]), NO_ACCESS),
        ("/services/oauth2/singleaccess", Reply(503, b""), "salesforce.service.unavailable"),
        ("/services/oauth2/singleaccess", Reply(200, "<html>Maintenance"), "salesforce.service.unavailable"),
    ],
)
async def test_a_page_that_cannot_be_had_has_its_cause(three: Three, prefix: str, reply: Reply, cause: str) -> None:
    org, client, _http = three
    await client.connect()
    org.fix(prefix, reply)
    for ask in (client.page().organisation, lambda: client.page().status(user("Jane"))):
        with pytest.raises(ServiceError) as caught:
            await ask()
        assert caught.value.cause == cause
        assert "otp" not in str(caught.value)
    assert len(org.server.seen) < 40


async def test_a_token_without_the_web_scope_has_no_page(three: Three) -> None:
    org, client, _http = three
    org.scope = "api"
    with pytest.raises(ServiceError) as caught:
        await client.page().status(user("Jane"))
    assert caught.value.cause == NO_ACCESS


# ---- reset -------------------------------------------------------------------------------------------------------


async def test_reset_is_pressed_once_for_the_very_name(three: Three) -> None:
    org, client, _http = three
    after = await client.page().reset(user("Zoé O'Neil"))
    assert org.presses == ["Zoé O'Neil"]
    row = after.first(RowKind.RESET)
    assert row is not None
    assert row.word is Word.RESETTING
    # the tab goes on with the form of that answer
    assert (await client.page().status(user("Zoé O'Neil"))).first(RowKind.RESET) is not None


async def test_a_reset_under_way_is_not_pressed_again(three: Three) -> None:
    org, client, _http = three
    org.resetting.add("Jane Doe")
    with pytest.raises(ServiceError) as caught:
        await client.page().reset(user("Jane Doe"))
    assert (caught.value.cause, caught.value.evidence["pressed"]) == ("salesforce.sync.resetting", "no")
    assert org.presses == []


@pytest.mark.parametrize("shown", ["jane doe", "Jane Doe Jr", "Jane D\u043ee", "", "Jane\u200b Doe"])
async def test_another_name_is_never_reset(three: Three, shown: str) -> None:
    org, client, _http = three
    org.shown_as = lambda _name: shown
    with pytest.raises(ServiceError) as caught:
        await client.page().reset(user("Jane Doe"))
    assert (caught.value.cause, caught.value.evidence["pressed"]) == (UNKNOWN, "no")
    assert org.presses == []


@pytest.mark.parametrize(
    "html",
    [
        page(of_user("en", "Google"), name="Jane Doe", reset=False),
        page(of_user("en", "Google"), name="Jane Doe", action="https://evil.example/steal"),
        "<html><title>Another page</title></html>",
        page(of_user("en", "Google"), name="Jane Doe").replace('method="post"', 'method="get"'),
    ],
)
async def test_a_page_that_is_not_ours_is_never_pressed(three: Three, html: str) -> None:
    org, client, _http = three
    await client.page().organisation()
    org.fix(PAGE, Reply(200, html))
    with pytest.raises(ServiceError) as caught:
        await client.page().reset(user("Jane Doe"))
    assert caught.value.evidence["pressed"] == "no"
    assert b"resetButton" not in b"".join(request.body for request in org.server.seen)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(fault="reset"),
        Reply(fault="stall"),
        Reply(200, "<html>half", fault="cut"),
        Reply(503, "<html>Maintenance</html>"),
        Reply(200, LOGIN),
        Reply(200, "<html><title>Another page</title></html>"),
        Reply(302, headers={"location": "https://evil.example/"}),
    ],
)
async def test_a_press_whose_end_is_unknown_is_not_repeated(three: Three, reply: Reply) -> None:
    org, client, _http = three
    plain = org.handle
    pressed = 0

    def handle(request):  # type: ignore[no-untyped-def]  # as FakeOrg.handle
        nonlocal pressed
        if request.path == PAGE and b"resetButton" in request.body:
            pressed += 1
            return reply
        return plain(request)

    org.server.handler = handle
    with pytest.raises(ServiceError) as caught:
        await client.page().reset(user("Jane Doe"))
    assert pressed == 1
    assert caught.value.evidence["pressed"] == "perhaps"
    org.server.handler = plain
    assert (await client.page().status(user("Jane Doe"))).shown_name == "Jane Doe"


async def test_a_cancelled_question_leaves_the_tabs_usable(three: Three) -> None:
    org, client, _http = three
    await client.page().organisation()
    plain = org.handle
    org.server.handler = lambda _request: Reply(fault="stall")
    tasks = [asyncio.create_task(client.page().status(user("Jane Doe"))) for _ in range(5)]
    await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    org.server.handler = plain
    assert (await client.page().status(user("Jane Doe"))).shown_name == "Jane Doe"


async def test_a_name_with_markup_stays_a_name(three: Three) -> None:
    _org, client, _http = three
    evil = "<script>x</script>\x1b]52;c;eA==\x07[/]"
    found = await client.page().status(user(evil))
    assert found.shown_name is not None
    assert "\x1b" not in found.shown_name
    assert escape(evil) != found.shown_name


# ---- whose hosts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://acme.my.salesforce.com/x", True),
        ("https://acme.lightning.force.com/x", True),
        ("https://acme.my.salesforce-setup.com/x", True),
        ("https://acme--c.vf.force.com/x", True),
        ("https://acme--c.visualforce.com/x", True),
        ("http://acme.my.salesforce.com/x", False),
        ("https://acme.my.salesforce.com:8443/x", False),
        ("https://acme.evil.com/x", False),
        ("https://acmeevil.my.salesforce.com/x", False),
        ("https://evil.my.salesforce.com/x", False),
        ("https://login.salesforce.com/x", False),
        ("https://acme.my.salesforce.com@evil.com/x", False),
        ("https://acme.my.salesforce.com.evil.com/x", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_the_organisation_s_own_pages(url: str, own: bool) -> None:
    assert own_page(url, "https://acme.my.salesforce.com") is own


@pytest.mark.parametrize(
    ("instance", "domain", "allowed"),
    [
        ("https://acme.my.salesforce.com", "https://acme.my.salesforce.com", True),
        ("https://na1.salesforce.com", "https://acme.my.salesforce.com", True),
        ("https://evil.example", "https://acme.my.salesforce.com", False),
        ("http://acme.my.salesforce.com", "https://acme.my.salesforce.com", False),
        ("http://127.0.0.1:99", "https://acme.my.salesforce.com", False),
        ("http://127.0.0.1:99", "http://127.0.0.1:80", True),
        ("https://evil.salesforce.com", "http://127.0.0.1:80", False),
        ("nonsense", "http://127.0.0.1:80", False),
    ],
)
def test_only_salesforce_s_own_instances(instance: str, domain: str, allowed: bool) -> None:
    assert instance_allowed(instance, domain) is allowed
