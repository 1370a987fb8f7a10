"""Faults as a client meets them on the wire, seen with a bare socket or httpx."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email.utils import parsedate_to_datetime

import httpx
import pytest

from tests.patience import patient
from tests.sandbox.practice import CALENDAR, Practice
from tui.sandbox.options import FAULTS
from tui.sandbox.serve import Options, start
from tui.sandbox.wire import HUGE_BYTES

SPEC = ",".join(f"/services/data/{fault}={fault}" for fault in FAULTS)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """One org with every fault under a path of its own, and three that pass."""
    faults = SPEC + ",/services/data=503*2,/services/oauth2=429*1,/google/people=500,/google/token=401*1"
    with ExitStack() as stack:
        running = stack.enter_context(
            start(Options(dir=tmp_path_factory.mktemp("faulty"), users=150, errors=0, faults=faults))
        )
        made = Practice(running.config)
        stack.callback(made.http.close)
        yield made


def raw(practice: Practice, path: str, seconds: float = 5) -> tuple[bytes, str]:
    """What comes over a bare socket, and how it ends: "end", "reset" or "silence"."""
    host, port = practice.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=seconds) as sock:
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        received = b""
        while True:
            try:
                piece = sock.recv(65536)
            except TimeoutError:
                return received, "silence"
            except ConnectionResetError:
                return received, "reset"
            if not piece:
                return received, "end"
            received += piece


def test_reset_is_rst(faulty: Practice) -> None:
    assert raw(faulty, "/services/data/reset") == (b"", "reset")


def test_stall_is_silence(faulty: Practice) -> None:
    assert raw(faulty, "/services/data/stall", 1.0) == (b"", "silence")


def test_truncated_is_shorter_than_it_says(faulty: Practice) -> None:
    received, end = raw(faulty, "/services/data/truncated")
    head, _blank, body = received.partition(b"\r\n\r\n")
    assert end == "end"
    assert b"Content-Length: 4096" in head
    assert 0 < len(body) < 4096
    with pytest.raises(httpx.RemoteProtocolError):
        faulty.http.get("/services/data/truncated")


def test_drip_is_a_byte_at_a_time(faulty: Practice) -> None:
    pieces, started = [], time.monotonic()
    with faulty.http.stream("GET", "/services/data/drip") as answer:
        for piece in answer.iter_raw():
            pieces.append(piece)
            if len(pieces) == 4:
                break
    assert [len(piece) for piece in pieces] == [1] * 4
    assert time.monotonic() - started > 0.8
    assert int(answer.headers["content-length"]) >= 100


def test_huge_is_valid_json_and_huge(faulty: Practice) -> None:
    with faulty.http.stream("GET", "/services/data/huge") as answer:
        assert int(answer.headers["content-length"]) == HUGE_BYTES >= 64 * 1024 * 1024
        assert next(answer.iter_raw()).startswith(b"{}")


def test_html_empty_and_wrong(faulty: Practice) -> None:
    page = faulty.http.get("/services/data/html")
    assert page.status_code == 200
    assert page.text.startswith("<!DOCTYPE html>")
    assert faulty.http.get("/services/data/empty").content == b""
    wrong = faulty.http.get("/services/data/wrong").json()
    assert isinstance(wrong, dict)
    assert not {"records", "error", "errorCode", "access_token"} & set(wrong)


def test_a_status_comes_in_the_service_s_own_shape_and_passes(faulty: Practice) -> None:
    for _number in range(2):
        answer = faulty.http.get("/services/data")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
        assert answer.json()[0]["errorCode"] == "SERVER_UNAVAILABLE"
    assert faulty.http.get("/services/data").status_code == 200
    busy = faulty.login()
    assert busy.status_code == 429
    assert "error" in busy.json()
    assert faulty.login().status_code == 200
    assert faulty.http.get("/google/people/v1/contactGroups").json()["error"]["code"] == 500
    refused = faulty.exchange(faulty.assertion(CALENDAR, None))
    assert refused.status_code == 401
    assert isinstance(refused.json()["error"], str)
    assert faulty.exchange(faulty.assertion(CALENDAR, None)).status_code == 200


def test_it_works_on_after_its_faults(faulty: Practice) -> None:
    for fault in ("reset", "truncated"):
        raw(faulty, f"/services/data/{fault}")
    assert json.loads(faulty.http.get("/services/data").text)


def test_latency(other: Callable[..., Practice]) -> None:
    slow = other(latency_ms=300)
    started = time.monotonic()
    assert slow.http.get("/services/data").status_code == 200
    assert 0.3 <= time.monotonic() - started < patient(3)


def test_the_date_header_and_a_clock_that_is_wrong(practice: Practice, other: Callable[..., Practice]) -> None:
    def ahead(one: Practice, path: str) -> float:
        return parsedate_to_datetime(one.http.get(path).headers["date"]).timestamp() - time.time()

    assert abs(ahead(practice, "/google/tokeninfo")) < 5
    assert abs(ahead(practice, "/services/data")) < 5
    skewed = other(scenario="google.clock.skew")
    assert ahead(skewed, "/google/tokeninfo") > 600
    assert abs(ahead(skewed, "/services/data")) < 5
