"""`:org`: one org is left for another, and nothing of the one is shown, asked or armed in the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from screens import engine as room
from tests.console import data
from tests.console.conftest import Open
from tui.model import Verdict

OTHER = replace(data.ORG, id="00D000000000002AAA", name="Other Company", acting_user="other@acme.example")


def listed(ticket: int, _request: Any) -> list[room.Event]:
    return [room.OrgsListed(ticket, ("acme", "config", "uat"))]


def switched(ticket: int, request: Any) -> list[room.Event]:
    return [room.OrgSwitched(ticket, request.name), room.Connected(ticket, OTHER)]


async def test_a_name_is_asked_for_with_those_that_there_are(console: Open) -> None:
    async with console(ListOrgs=listed, SwitchOrg=switched) as driven:
        await driven.command("org")
        assert "Org (acme, config, uat):" in driven.grid
        await driven.type("u")
        await driven.rest(0.3)
        await driven.press("right", "enter")
        assert driven.engine.last(room.SwitchOrg)[1] == room.SwitchOrg("uat")
        assert "Other Company" in driven.grid


async def test_everything_of_the_former_org_is_forgotten(console: Open) -> None:
    async with console(SwitchOrg=switched) as driven:
        await driven.command("write")
        await driven.press("2", "enter")
        assert (driven.shown, driven.app.store.armed) == ("troubleshoot", True)
        reads = driven.engine.count(room.LoadErrors)

        await driven.command("org acme")

        assert driven.shown == "overview"
        assert "other@acme.example" in driven.grid
        assert "READ-ONLY" in driven.grid
        store = driven.app.store
        assert (store.org, store.armed, store.cases, store.connecting) == (OTHER, False, [], 0)
        assert driven.engine.count(room.LoadErrors) == reads + 1


async def test_between_two_orgs_nothing_can_be_asked(console: Open) -> None:
    async with console() as driven:
        write = data.WRITE
        await driven.post(room.Unfinished(0, (write,)))
        await driven.press("escape")
        await driven.command("org acme")
        ticket, _request = driven.engine.last(room.SwitchOrg)
        assert "Changing to acme" in driven.grid
        asked = len(driven.engine.asked)

        await driven.post(room.Unfinished(0, (write,)))
        assert not driven.app.front.confirm.open  # type: ignore[union-attr] # a screen is in front
        for key in ("U", "2", "t", "r", "R", "c", "enter", "colon"):
            await driven.press(key)
        assert "Changing the org: one moment, please." in driven.grid
        assert len(driven.engine.asked) == asked

        await driven.post(room.OrgSwitched(ticket, "acme"))
        assert "Acme Practice" not in driven.grid  # until the other one answers, no org is named
        assert "No reset was left" in driven.app.registry.by_id["unfinished"].allowed(driven.app.front.scene())  # type: ignore[union-attr] # the same
        await driven.post(room.Connected(ticket, OTHER))
        assert "Other Company" in driven.grid
        await driven.press("2")
        assert driven.shown == "errors"


async def test_an_org_that_cannot_be_opened_changes_nothing(console: Open) -> None:
    async with console() as driven:
        await driven.command("write")
        await driven.command("org acne")
        ticket, _request = driven.engine.last(room.SwitchOrg)
        await driven.post(room.Failed(ticket, "There is no org acne: the folder holds acme."))

        assert "There is no org acne" in driven.grid
        assert (driven.app.store.org, driven.app.store.armed) == (data.ORG, True)
        await driven.press("2")
        assert driven.shown == "errors"


async def test_an_org_that_does_not_let_us_in_shows_why(console: Open) -> None:
    async with console() as driven:
        await driven.command("org acme")
        ticket, _request = driven.engine.last(room.SwitchOrg)
        finding = data.finding("salesforce.login", data.Status.FAIL, "The SSH agent shows no key")
        await driven.post(room.OrgSwitched(ticket, "acme"), room.NotConnected(ticket, finding))

        assert "The SSH agent shows no key" in driven.flat
        assert driven.app.store.org is None


async def test_a_write_in_flight_refuses(console: Open) -> None:
    async with console(CheckUser=data.checked(Verdict.RESET)) as driven:
        driven.engine.writing = True
        await driven.command("org acme")

        assert "A reset is under way" in driven.grid
        assert driven.engine.count(room.SwitchOrg) == 0


async def test_without_any_file_it_is_said_where_they_belong(console: Open) -> None:
    async with console(ListOrgs=lambda ticket, _request: [room.OrgsListed(ticket, ())]) as driven:
        await driven.command("org")
        assert "passerelle config path" in driven.flat


async def test_the_start_screen_has_no_org_to_leave(console: Open) -> None:
    async with console(first=True) as driven:
        await driven.command("org acme")
        assert driven.engine.asked == []
