"""Options and faults: what is taken, and the sentence for what is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui.sandbox.options import FAULTS, SCENARIOS, Fault, Options, parse_faults


def test_faults_are_read() -> None:
    assert parse_faults("/services/data=503*2, /google/token=reset") == (
        Fault("/services/data", "503", 2),
        Fault("/google/token", "reset", None),
    )
    assert parse_faults("") == ()
    for fault in FAULTS:
        assert parse_faults(f"/={fault}") == (Fault("/", fault, None),)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("services=503", "PATH_PREFIX=FAULT"),
        ("/services", "PATH_PREFIX=FAULT"),
        ("/services=503*", "PATH_PREFIX=FAULT"),
        ("/services=503*0", "1 or more"),
        ("/services=200", "400 to 599"),
        ("/services=999", "400 to 599"),
        ("/services=resett", "nearest is “reset”"),
        ("/services=stal*3", "nearest is “stall”"),
        ("/a=503,/b=hugee", "nearest is “huge”"),
    ],
)
def test_a_bad_fault_is_a_sentence(spec: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        Options(faults=spec)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"scenario": "google.key.revokd"}, "nearest is “google.key.revoked”"),
        ({"scenario": "google.user.deleted"}, "not a cause of a whole organisation"),
        ({"product": "einstein_activity_capture"}, "Lightning Sync only"),
        ({"product": "outlook"}, "not a product"),
        ({"lang": "de"}, "en or fr"),
        ({"port": 70000}, "not a port"),
        ({"users": 3}, "--users 3"),
        ({"errors": -1}, "--errors -1"),
        ({"latency_ms": -5}, "--latency -5"),
    ],
)
def test_a_bad_option_is_a_sentence(options: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        Options(**options)
    assert str(caught.value).endswith(".")


def test_every_cause_of_the_organisation_is_a_scenario() -> None:
    """The list is causes.md's: the access phase whole, and of the others what concerns everyone."""
    assert len(SCENARIOS) == len(set(SCENARIOS)) == 33
    assert all(Options(scenario=one, dir=Path("x")).scenario == one for one in SCENARIOS)
