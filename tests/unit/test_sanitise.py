"""What may be shown: nothing that a terminal would obey, nothing that opens a door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import sanitise as sanitising
from tui.sanitise import REPLACEMENT, one_line, redact, safe, sanitise

OBEYED = [
    "\x1b]52;c;aGk=\x07",
    "\x9b31m",
    "\x1b[2J",
    "\u202egpj.exe",
    "\u2066x\u2069",
    "a\u200bb",
    "\ufeffx",
    "x\ufe0f",
    "\x00",
    "\x7f",
    "a\u2028b",
]


@pytest.mark.parametrize("text", OBEYED)
def test_what_a_terminal_obeys_is_replaced(text: str) -> None:
    shown = sanitise(text)
    assert REPLACEMENT in shown
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or 0x202A <= ord(c) <= 0x202E for c in shown)


@given(st.text())
def test_any_text_is_harmless_short_and_stable(text: str) -> None:
    shown = sanitise(text, limit=50)
    assert len(shown) <= 50
    assert all(c in "\n\t" or not (ord(c) < 32 or 127 <= ord(c) < 160) for c in shown)
    assert sanitise(shown, limit=50) == shown
    assert not set("\n\t\r") & set(one_line(text))


@pytest.mark.parametrize("text", ["Élodie D’Août-Née", "[/] [link=http://x]", "李雷", "Ann\tB\nC", "=1+1"])
def test_ordinary_text_stays(text: str) -> None:
    assert sanitise(text) == text


SECRETS = [
    ("-----BEGIN PRIVATE KEY-----\nMIIEv\n-----END PRIVATE KEY-----", "MIIEv"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEcut", "MIIEcut"),
    ("assertion=eyJhbGciOi.eyJpc3MiOi.c2lnbmF0", "eyJ"),
    ("see eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0", "eyJ"),
    ("Bearer ya29.a0AfH6SMBx", "a0AfH6"),
    ("token ya29.c.b0Aaekm1", "b0Aaekm"),
    ("00D5g000004ABCD!AQEAQH.secret", "AQEAQH"),
    ("Authorization: Bearer 00Dabcdefghijkl!xyz", "xyz"),
    ("/secur/frontdoor.jsp?otp=abc.def&startURL=/x", "abc.def"),
    ('{"access_token": "hush-hush", "x": 1}', "hush-hush"),
    ("client_secret=s3cr3t&grant_type=x", "s3cr3t"),
    ("Cookie: sid=00Dxx; BrowserId=1", "00Dxx"),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_secrets_are_hidden(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert secret not in str(safe({"deep": [text]}))


def test_words_around_a_secret_stay() -> None:
    assert redact("grant_type=x&assertion=abc&y=1") == "grant_type=x&assertion=[hidden]&y=1"
    assert redact("the token was refused: invalid_grant") == "the token was refused: invalid_grant"


SECRETIVE = ["access_token", "OTP", "ſid", "sıd", "-----BEGIN RSA PRIVATE KEY-----", "eyJhbGciOi.x", "ya29.a", "Bearer"]
PIECES = [*SECRETIVE, "oauth", "00Dabcdefghij!x", "=", ":", " ", "a", "é", "abcdefgh", '"']


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_no_secret_passes_because_it_was_not_looked_for(text: str) -> None:
    thorough = text
    for pattern, replacement in sanitising._SECRETS:
        thorough = pattern.sub(replacement, thorough)
    assert redact(text) == thorough


def test_safe_keeps_the_shape_of_json() -> None:
    assert safe({"a": [1, None, True, 2.5, ("x", {"y"})]}) == {"a": [1, None, True, 2.5, ["x", ["y"]]]}
    assert safe({"\x1b": "\x1b"}) == {REPLACEMENT: REPLACEMENT}
