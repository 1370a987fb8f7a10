"""The whole triage in French, by keyboard alone: the guide's users work in it, on an org that speaks it too."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import practising
from tests.e2e.test_console import stages


def test_from_the_overview_to_a_verified_reset(tmp_path: Path) -> None:
    with practising(tmp_path, lang="fr") as practice, practice.console("--lang", "fr") as terminal:
        user = practice.to_reset("no_fault_found")
        terminal.wait_for("Étapes du paramétrage", "ENTRAÎNEMENT", "LECTURE SEULE", seconds=60)
        terminal.press("2")
        terminal.wait_for("Erreurs", "Date ↓", "UserMapping", seconds=30)
        terminal.press("/")
        terminal.type(user["name"])
        terminal.wait_for(f"/{user['name']}"[:30], " sur ")
        terminal.press("enter", "enter")
        terminal.wait_for("Dépannage", "! Réinitialiser", "À faire maintenant", seconds=40)
        terminal.press("R")
        terminal.wait_for("Lecture seule", ":write")
        terminal.command("write")
        terminal.wait_for("ÉCRITURE 15\u00a0min")
        terminal.press("R")
        for sample in ("1 sur 3", "2 sur 3", "3 sur 3"):
            terminal.wait_for(f"Preuve  {sample}", "Identique dans la Configuration", seconds=40)
            terminal.press("y")
        screen = terminal.wait_for("Ce que fera la réinitialisation", "y oui", seconds=40)
        assert f"Réinitialiser {user['name']} (ENTRAÎNEMENT" in screen
        terminal.press("y")
        screen = terminal.wait_for("La réinitialisation est faite.", "Aucun défaut constaté", seconds=60)
        assert "avant et après" in screen
        terminal.press("q")
        assert terminal.wait_end() == 0
        assert stages(practice) == [(True, True, "done")]
