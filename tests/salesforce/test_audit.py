"""Which rows of the Setup audit trail concern the sync: by words of two languages, and by codes learned from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tui.salesforce.audit import choose


def entry(action: str, display: str, section: str = "", at: str = "2026-11-20T08:30:00.000+0000") -> dict[str, Any]:
    return {
        "Action": action,
        "Section": section,
        "Display": display,
        "CreatedDate": at,
        "CreatedBy": {"Name": "Anne Martin"},
    }


@pytest.mark.parametrize(
    "display",
    [
        "Changed Lightning Sync configuration Sales",
        "Configuration Lightning Sync « Ventes » modifiée",
        "Enabled Gmail integration",
        "Intégration de messagerie activée",
        "Intégration d’e-mail activée",
        "Capture d'activités Einstein désactivée",
        "Changed Einstein Activity Capture settings",
        "Changed remote site Maps",
        "Site distant Cartes modifié",
        "Permission set license StandardEinsteinActivityCapturePsl assigned to Anne",
        "Turned on syncing of contacts",
        "Synchronisation des événements désactivée",
        "EXCHANGE SYNC turned off",
    ],
)
def test_words_of_both_languages(display: str) -> None:
    assert [change.text for change in choose([entry("x", display)]).changes] == [display]


@pytest.mark.parametrize(
    "display",
    [
        "Froze user anne",
        "Changed profile Sales User",
        "Ensemble d'autorisations attribué à Anne",
        "",
        "Syncopated theme",
    ],
)
def test_what_does_not_concern_the_sync(display: str) -> None:
    assert choose([entry("x", display)]).changes == ()


def test_a_code_is_learned_from_rows_that_speak_of_the_sync() -> None:
    rows = [entry("lsConfig", "Changed Lightning Sync configuration A"), entry("lsConfig", "Konfiguration B geändert")]
    found = choose(rows)
    assert [change.text for change in found.changes] == [
        "Changed Lightning Sync configuration A",
        "Konfiguration B geändert",
    ]
    assert found.codes == ("lsConfig",)


def test_a_code_that_stands_for_much_else_is_not_learned() -> None:
    rows = [entry("PermSetAssign", f"Permission set {name} assigned") for name in ("Gmail", "Sales", "Service")]
    found = choose(rows)
    assert [change.text for change in found.changes] == ["Permission set Gmail assigned"]
    assert found.codes == ()


def test_rows_without_a_code_teach_nothing() -> None:
    rows = [entry("", "Lightning Sync on"), entry("", "Something else")]
    assert len(choose(rows).changes) == 1


def test_what_a_change_holds_is_harmless() -> None:
    row = entry("a\x1b[2J", "Lightning Sync\u202e on\nnow", "Sync\x07")
    (change,) = choose([row | {"CreatedBy": None}]).changes
    assert change.at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert change.by == ""
    assert not {"\x1b", "\n", "\x07", "\u202e"} & set(change.text + change.action + change.section)
    assert choose([row | {"CreatedDate": "gestern"}]).changes[0].at is None
