"""The HTTP client against a real socket that answers well, badly, slowly, without end, or not at all."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.http.server import Reply, Request, Server, serving
from tui.http import Answer, Bearer, Forbidden, Http, NotJson, TooLarge, Unreachable
from tui.model import Call

SECRET = "00D000000000001!AQ.SECRETTOKEN"


class Pauses(list[float]):
    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def http(pauses: Pauses) -> AsyncIterator[Http]:
    client = Http(sleep=pauses, read_seconds=0.5, connect_seconds=1)
    yield client
    await client.aclose()


def in_turn(*replies: Reply) -> Callable[[Request], Reply]:
    """A handler that gives these replies one after the other, the last for ever."""
    left = list(replies)
    return lambda _request: left.pop(0) if len(left) > 1 else left[0]


async def ask(http: Http, server: Server, path: str = "/a", **more: object) -> Answer:
    host = server.url.removeprefix("http://")
    options: dict[str, object] = {"service": "test", "hosts": frozenset({host}), "safe": True, **more}
    method = str(options.pop("method", "GET"))
    return await http.send(method, server.url + path, **options)  # type: ignore[arg-type]  # a test's shorthand


async def test_an_answer_holds_what_came(http: Http) -> None:
    reply = Reply(
        201,
        {"é": 1},
        {"X-One": "1", "Date": "Mon, 23 Nov 2026 10:00:00 GMT"},
        cookies=("a=1; Path=/", "b=2; Expires=Wed, 01 Jan 2031 00:00:00 GMT"),
    )
    async with serving(in_turn(reply)) as server:
        answer = await ask(http, server, params={"q": "a b&c"})
        assert (answer.status, answer.json(), answer.headers["x-one"]) == (201, {"é": 1}, "1")
        assert answer.date == datetime(2026, 11, 23, 10, tzinfo=UTC)
        assert answer.set_cookies == ("a=1; Path=/", "b=2; Expires=Wed, 01 Jan 2031 00:00:00 GMT")
        assert server.seen[0].query == {"q": "a b&c"}


async def test_cookies_are_not_kept_and_redirects_not_followed(http: Http) -> None:
    async with serving(in_turn(Reply(302, headers={"location": "/b"}, cookies=("sid=1",)), Reply())) as server:
        assert (await ask(http, server)).status == 302
        await ask(http, server)
        assert [request.path for request in server.seen] == ["/a", "/a"]
        assert "cookie" not in server.seen[1].headers


async def test_forms_keep_order_and_doubles(http: Http) -> None:
    async with serving(in_turn(Reply())) as server:
        await ask(http, server, method="POST", form=[("a", "1 é"), ("b", "&"), ("a", "2")])
        assert server.seen[0].body == b"a=1+%C3%A9&b=%26&a=2"
        assert server.seen[0].headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_safe_request_is_tried_three_times(http: Http, pauses: Pauses, status: int) -> None:
    async with serving(in_turn(Reply(status))) as server:
        assert (await ask(http, server)).status == status
        assert len(server.seen) == 3
        assert 0.25 <= pauses[0] <= 0.75 <= 2 * pauses[1] <= 3.0


async def test_an_unsafe_request_is_sent_once(http: Http) -> None:
    async with serving(in_turn(Reply(503))) as server:
        assert (await ask(http, server, method="POST", safe=False)).status == 503
        assert len(server.seen) == 1
        server.handler = in_turn(Reply(fault="reset"))
        with pytest.raises(Unreachable) as caught:
            await ask(http, server, method="POST", safe=False)
        assert caught.value.maybe_sent
        assert len(server.seen) == 2


async def test_retry_after_is_honoured_in_seconds_and_as_a_date(http: Http, pauses: Pauses) -> None:
    dates = {"date": "Mon, 23 Nov 2026 10:00:00 GMT", "retry-after": "Mon, 23 Nov 2026 10:00:04 GMT"}
    replies = in_turn(Reply(429, headers={"retry-after": "7"}), Reply(503, headers=dates), Reply())
    async with serving(replies) as server:
        assert (await ask(http, server)).status == 200
    assert 7 <= pauses[0] <= 7.5
    assert 4 <= pauses[1] <= 4.5


async def test_a_long_retry_after_is_not_waited_for(http: Http, pauses: Pauses) -> None:
    async with serving(in_turn(Reply(429, headers={"retry-after": "3600"}))) as server:
        assert (await ask(http, server)).status == 429
        assert len(server.seen) == 1
        assert pauses == []


@pytest.mark.parametrize(("fault", "tries"), [("reset", 3), ("cut", 3), ("stall", 2)])
async def test_broken_answers_are_unreachable(http: Http, fault: str, tries: int) -> None:
    async with serving(in_turn(Reply(body=b"x" * 100, fault=fault))) as server:
        with pytest.raises(Unreachable) as caught:
            await ask(http, server)
        assert caught.value.timed_out == (fault == "stall")
        assert len(server.seen) == tries
        assert caught.value.reason.startswith(("127.0.0.1", "The connection to 127.0.0.1"))


async def test_a_dripping_answer_meets_the_deadline(http: Http) -> None:
    async with serving(in_turn(Reply(body=b"x" * 1000, fault="drip"))) as server:
        began = asyncio.get_running_loop().time()
        with pytest.raises(Unreachable, match="in time"):
            await ask(http, server, deadline=0.3)
        assert asyncio.get_running_loop().time() - began < 2


async def test_an_endless_answer_is_dropped(http: Http) -> None:
    async with serving(in_turn(Reply(fault="huge"))) as server:
        with pytest.raises(TooLarge):
            await ask(http, server, limit=1_000_000)
        assert len(server.seen) == 1


async def test_a_packed_answer_is_bounded_by_its_real_size(http: Http) -> None:
    import gzip

    bomb = Reply(body=gzip.compress(b"0" * 5_000_000), headers={"content-encoding": "gzip"})
    async with serving(in_turn(bomb)) as server:
        with pytest.raises(TooLarge):
            await ask(http, server, limit=1_000_000)
        server.handler = in_turn(Reply(body=b"no gzip", headers={"content-encoding": "gzip"}))
        with pytest.raises(Unreachable, match="unpacked"):
            await ask(http, server)


async def test_refused_connections_and_unknown_names(http: Http) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(Unreachable) as caught:
            await http.send("GET", url, service="test", hosts=frozenset({"127.0.0.1"}), safe=True)
        assert not caught.value.maybe_sent


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://acme.my.salesforce.com/",
        "https://acme.my.salesforce.com.evil.example/",
        "https://user:pass@acme.my.salesforce.com/",
        "https://acme.my.salesforce.com@evil.example/",
        "ftp://acme.my.salesforce.com/",
        "/services",
        "https://[bad",
        "https://acme.my.salesforce.com:8443/",
    ],
)
async def test_only_pinned_hosts_are_asked(http: Http, url: str) -> None:
    pins = frozenset({"acme.my.salesforce.com:443"})
    with pytest.raises(Forbidden) as caught:
        await http.send("GET", url, service="test", hosts=pins, safe=True)
    assert "pass" not in str(caught.value)
    assert not http.calls


async def test_at_most_ten_are_in_flight(http: Http) -> None:
    async with serving(in_turn(Reply(delay=0.02))) as server:
        await asyncio.gather(*(ask(http, server) for _ in range(40)))
        assert server.most_in_flight == 10


async def test_connections_are_kept_for_each_host_whichever_is_asked(http: Http) -> None:
    async with serving(in_turn(Reply())) as one, serving(in_turn(Reply())) as other:
        for _turn in range(3):
            await ask(http, one)
            await ask(http, other)
        assert (one.connections, other.connections) == (1, 1)
        one.handler = other.handler = in_turn(Reply(delay=0.02))
        for _turn in range(3):
            await asyncio.gather(*(ask(http, server) for server in (one, other) for _ in range(20)))
        assert one.connections <= 10
        assert other.connections <= 10


async def test_a_connection_that_the_host_closed_is_made_anew(http: Http) -> None:
    async with serving(in_turn(Reply(headers={"connection": "close"}))) as server:
        for _turn in range(3):
            assert (await ask(http, server, safe=False)).status == 200
        assert server.connections == 3


async def test_a_cancelled_request_frees_its_place(http: Http) -> None:
    async with serving(in_turn(Reply(fault="stall"))) as server:
        tasks = [asyncio.create_task(ask(http, server, deadline=30)) for _ in range(10)]
        await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        assert all(
            isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*tasks, return_exceptions=True)
        )
        server.handler = in_turn(Reply(body=b"fine"))
        assert (await ask(http, server)).body == b"fine"
    assert [call.note for call in http.calls][:10] == ["cancelled"] * 10


class Tokens:
    """A service whose token runs out: only the newest one is taken."""

    def __init__(self) -> None:
        self.valid = 0
        self.obtained = 0
        self.hopeless = False

    async def obtain(self) -> str:
        self.obtained += 1
        await asyncio.sleep(0.02)
        self.valid = self.obtained
        return f"token-{self.obtained}"

    def handler(self, request: Request) -> Reply:
        right = request.headers["authorization"] == f"Bearer token-{self.valid}"
        return Reply(200, {"ok": True}, delay=0.01) if right and not self.hopeless else Reply(401, [])


async def test_an_expired_token_is_renewed_once_for_all(http: Http) -> None:
    tokens = Tokens()
    bearer = Bearer(tokens.obtain)
    async with serving(tokens.handler) as server:
        answers = await asyncio.gather(*(ask(http, server, bearer=bearer) for _ in range(10)))
        assert tokens.obtained == 1
        tokens.valid = 0  # it expires in mid-run
        answers += await asyncio.gather(*(ask(http, server, bearer=bearer, safe=False) for _ in range(10)))
        assert tokens.obtained == 2
        assert {answer.status for answer in answers} == {200}


async def test_401_for_ever_does_not_loop(http: Http) -> None:
    tokens = Tokens()
    tokens.hopeless = True
    async with serving(tokens.handler) as server:
        assert (await ask(http, server, bearer=Bearer(tokens.obtain))).status == 401
        assert (len(server.seen), tokens.obtained) == (2, 2)


async def test_a_failing_renewal_fails_all_that_wait_and_is_tried_anew_later() -> None:
    tries = 0

    async def obtain() -> str:
        nonlocal tries
        tries += 1
        await asyncio.sleep(0.01)
        if tries == 1:
            raise Unreachable("no")
        return "fine"

    bearer = Bearer(obtain)
    ends = await asyncio.gather(*(bearer.get() for _ in range(5)), return_exceptions=True)
    assert [type(end) for end in ends] == [Unreachable] * 5
    assert tries == 1
    assert await bearer.get() == "fine"


async def test_a_cancelled_waiter_does_not_cancel_the_renewal() -> None:
    async def obtain() -> str:
        await asyncio.sleep(0.05)
        return "fine"

    bearer = Bearer(obtain)
    first, second = asyncio.create_task(bearer.get()), asyncio.create_task(bearer.get())
    await asyncio.sleep(0.01)
    first.cancel()
    assert await second == "fine"


async def test_the_log_of_calls_holds_no_secret(http: Http) -> None:
    heard: list[Call] = []
    http.on_call = heard.append
    async with serving(in_turn(Reply(200, {"access_token": SECRET}, {"set-cookie": f"sid={SECRET}"}))) as server:
        answer = await ask(
            http,
            server,
            f"/secur/frontdoor.jsp?otp={SECRET}&sid={SECRET}",
            method="POST",
            headers={"authorization": f"Bearer {SECRET}"},
            form={"assertion": SECRET},
        )
        server.handler = in_turn(Reply(fault="reset"))
        with pytest.raises(Unreachable) as caught:
            await ask(http, server, f"/x/{SECRET}?sid={SECRET}", headers={"authorization": f"Bearer {SECRET}"})
    (call, *others) = http.calls
    assert (call.service, call.method, call.path, call.status) == ("test", "POST", "/secur/frontdoor.jsp", 200)
    assert len(others) == 3
    assert heard == list(http.calls)
    shown = repr(http.calls) + repr(answer) + repr(caught.value) + str(caught.value) + repr(Bearer(Tokens().obtain))
    assert "SECRET" not in shown
    assert "SECRET" not in repr(caught.value.__cause__)


async def test_a_header_that_cannot_be_sent_is_not_quoted(http: Http) -> None:
    async with serving(in_turn(Reply())) as server:
        with pytest.raises(Unreachable) as caught:
            await ask(http, server, headers={"authorization": f"Bearer {SECRET}\nX: y"})
        assert "SECRET" not in str(caught.value)


async def test_the_newest_500_calls_are_kept(http: Http) -> None:
    async with serving(in_turn(Reply())) as server:
        for start in range(0, 510, 10):
            await asyncio.gather(*(ask(http, server, f"/{number}") for number in range(start, start + 10)))
    assert len(http.calls) == 500
    assert "/9" not in {call.path for call in http.calls}


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a":', b"[" * 100_000])
def test_what_is_no_json_says_so(body: bytes) -> None:
    with pytest.raises(NotJson):
        Answer(200, {}, body, "https://x/", 1).json()


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/html; charset=ISO-8859-1", "é".encode("latin-1"), "é"),
        ("text/html", "é".encode(), "é"),
        ("text/html; charset=klingon", "é".encode(), "é"),
        ("text/html; charset=utf-8", b"\xff", "\ufffd"),
    ],
)
def test_text_is_read_in_its_charset(kind: str, body: bytes, text: str) -> None:
    assert Answer(200, {"content-type": kind}, body, "https://x/", 1).text() == text


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026 10:00:00 GMT"])
def test_an_unreadable_date_is_none(date: str) -> None:
    assert Answer(200, {"date": date}, b"", "https://x/", 1).date is None


async def test_a_bad_certificate_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    http = Http(ca_file=tmp_path / "ca.pem")
    with pytest.raises(Unreachable, match="ca_file"):
        await http.send("GET", "http://127.0.0.1/", service="t", hosts=frozenset({"127.0.0.1"}), safe=True)


async def test_a_closed_client_says_so(http: Http) -> None:
    async with serving(in_turn(Reply())) as server:
        await http.aclose()
        with pytest.raises(Unreachable, match="closed"):
            await ask(http, server)
