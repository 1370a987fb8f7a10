"""What can be read of Setup and of Google's side, each thing optional and each refusal in its own words; on fakes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.triage.fakes import CALENDAR, CONTACTS, NOW, ORG, World, person, refusal
from tui.model import Readable
from tui.salesforce.client import Licence
from tui.triage.support import packet

Make = Callable[..., World]
CHANGE = {
    "Action": "lsConfig",
    "Section": "Lightning Sync",
    "Display": "Changed Lightning Sync configuration | Sales",
    "CreatedDate": "2026-11-20T08:30:00.000+0000",
    "CreatedBy": {"Name": "Anne Martin"},
}


async def found(world: World) -> dict[str, tuple[Readable, str]]:
    overview = await world.session.overview()
    return {one.id: (one.status, one.summary) for one in overview.capabilities}


async def test_the_ids_and_their_order_stay(world_of: Make) -> None:
    assert list(await found(world_of())) == [
        "error_report", "sync_switch", "remote_sites", "status_page", "frozen", "event_rights", "audit_trail",
        "my_rights", "licences", "eac_settings", "directory", "google_scopes", "google_certificates", "clock",
        "configurations", "salesforce_key",
    ]  # fmt: skip


async def test_rights_held_and_lacking_are_named(world_of: Make) -> None:
    world = world_of()
    world.salesforce.held = {"ViewSetup": True, "ManageExchangeConfig": False}
    world.salesforce.more = {"ApiUserOnly": True, "StdAutomaticActivityCapture": True}
    status, summary = (await found(world))["my_rights"]
    assert status is Readable.READABLE
    for part in ("holds ViewSetup", "lacks ManageExchangeConfig", "API-only user", "StdAutomaticActivityCapture"):
        assert part in summary
    world.salesforce.held = {}
    assert (await found(world))["my_rights"][0] is Readable.NOT_WITH_THESE_RIGHTS


async def test_licences_with_their_seats(world_of: Make) -> None:
    world = world_of()
    assert "none" in (await found(world))["licences"][1]
    world.salesforce.seats = [
        Licence("StandardEinsteinActivityCapturePsl", "Standard EAC", 100, 42, True),
        Licence("Other", "", None, None, False),
    ]
    summary = (await found(world))["licences"][1]
    assert "Standard EAC: 42 of 100 used, one by the acting user" in summary
    assert "Other: ? of ? used" in summary


@pytest.mark.parametrize(
    ("switches", "said", "status"),
    [
        ({"enableActivityCapture": True}, "it is on", Readable.READABLE),
        ({"enableActivityCapture": False}, "it is off", Readable.READABLE),
        ({}, "does not say", Readable.NOT_WITH_THESE_RIGHTS),
    ],
)
async def test_the_switches_of_activity_capture(
    world_of: Make, switches: dict[str, bool], said: str, status: Readable
) -> None:
    world = world_of()
    world.salesforce.eac = switches
    shown = (await found(world))["eac_settings"]
    assert (shown[0], said in shown[1]) == (status, True)


async def test_the_scopes_are_shown_as_somebody_or_as_the_account_itself(world_of: Make) -> None:
    world = world_of(configurations=[])
    summary = (await found(world))["google_scopes"][1]
    assert CALENDAR in summary
    assert "proves no delegation" in summary
    world = world_of()
    assert f"as {person().email}" in (await found(world))["google_scopes"][1]
    world.google.tokens = {(CONTACTS, person().email): refusal("google.delegation.unauthorized")}
    assert "proves no delegation" in (await found(world))["google_scopes"][1]
    world.google.key_error = refusal("google.key.revoked", "Google does not take the key")
    status, summary = (await found(world))["google_scopes"]
    assert (status, "does not take the key" in summary) == (Readable.NOT_WITH_THESE_RIGHTS, True)


async def test_a_key_that_google_does_not_publish_is_said_and_fails_nothing(world_of: Make) -> None:
    world = world_of()
    assert "key-1 is published, 90 days old" in (await found(world))["google_certificates"][1]
    world.google.published = {"key-1": NOW - timedelta(days=800)}
    assert "consider a new one" in (await found(world))["google_certificates"][1]
    world.google.published = {"key-1": None}
    assert "age cannot be read" in (await found(world))["google_certificates"][1]
    world.google.published = {"another": NOW}
    overview = await world.session.overview()
    shown = next(one for one in overview.capabilities if one.id == "google_certificates")
    assert shown.status is Readable.READABLE
    assert "key-1 is not among the 1" in shown.summary
    assert not any(finding.cause for finding in overview.findings)


async def test_the_clock_against_both_services(world_of: Make) -> None:
    world = world_of()
    world.google.clock_offset = timedelta(seconds=-1020)
    summary = (await found(world))["clock"][1]
    assert "-1020 s against Google" in summary
    assert "+2 s against Salesforce" in summary
    world.google.clock_offset = world.salesforce.clock_offset = None
    assert (await found(world))["clock"][0] is Readable.NOT_WITH_THESE_RIGHTS


async def test_without_a_google_section_nothing_of_google_is_asked(world_of: Make) -> None:
    world = world_of(google=False)
    shown = await found(world)
    for name in ("directory", "google_scopes", "google_certificates"):
        assert shown[name][0] is Readable.NOT_WITH_THESE_RIGHTS
        assert "optional" in shown[name][1]
    assert world.google.asked == []
    assert world.google.called == []


async def test_changes_stand_in_the_overview_and_in_the_packet(world_of: Make) -> None:
    world = world_of()
    world.salesforce.trail = [CHANGE, CHANGE | {"Action": "x", "Display": "Froze a user", "Section": "Users"}]
    overview = await world.session.overview()
    assert overview.changes is not None
    assert [change.by for change in overview.changes] == ["Anne Martin"]
    (result,) = await world.session.check([("x", person())])
    text = await packet(world.session, person(), result)
    assert r"Changed Lightning Sync configuration \| Sales (Anne Martin, `lsConfig`)" in text
    assert "Froze a user" not in text
    world.salesforce.broken["changes"] = refusal("", "the trail is closed")
    overview = await world.session.overview()
    assert overview.changes is None
    assert "the trail is closed" in await packet(world.session, person(), result)


async def test_matched_columns_are_named_and_not_confirmed_until_proof(world_of: Make) -> None:
    world = world_of()
    assert "not confirmed here" in (await found(world))["error_report"][1]
    world.journal.confirm(ORG.id, "page", "tester", {world.user.id: True}, NOW)
    assert "not confirmed" not in (await found(world))["error_report"][1]
