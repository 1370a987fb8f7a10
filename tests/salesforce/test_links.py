"""Deep links: every page has an address, on the right host, correctable from the config file."""

from __future__ import annotations

import pytest

from tui.salesforce.links import PAGES, address

ACME = "https://acme.my.salesforce.com"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_has_an_address(name: str) -> None:
    found = address(name, ACME, {}, id="005000000000001AAA")
    assert found.startswith(("https://acme.lightning.force.com/", "https://acme.my.salesforce.com/s2x/"))
    assert "{" not in found
    for other in ("https://acme--sbx.sandbox.my.salesforce.com", "http://127.0.0.1:8080"):
        host = other.replace(".my.salesforce.com", "")
        assert address(name, other, {}, id="005000000000001AAA").startswith(host)


def test_a_page_about_one_record_without_its_id_is_the_list() -> None:
    assert address("user", ACME, {}) == address("users", ACME, {})
    assert address("record", ACME, {}) == ""
    assert "%2F005%2F" in address("user", ACME, {}, id="005/..")


def test_the_config_corrects_a_path_or_a_whole_address() -> None:
    assert address("audit_trail", ACME, {"audit_trail": "/a"}) == "https://acme.lightning.force.com/a"
    assert address("lightning_sync_status", ACME, {"lightning_sync_status": "/b"}) == f"{ACME}/b"
    assert address("company", ACME, {"company": "https://x.example/y"}) == "https://x.example/y"
    assert address("nonsense", ACME, {}) == ""
    assert address("nonsense", ACME, {"nonsense": "/c"}) == "https://acme.lightning.force.com/c"
