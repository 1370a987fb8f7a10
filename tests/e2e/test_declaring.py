"""A configuration is edited in a real terminal: the file on disk, the overview and the next start agree."""

from __future__ import annotations

import stat
import tomllib

from tests.e2e.conftest import Practice


def test_an_edited_configuration_stands_in_the_file_and_in_the_overview(practice: Practice) -> None:
    before = practice.config.read_bytes()
    first = tomllib.loads(before.decode())["configurations"][0]
    with practice.console() as terminal:
        terminal.wait_for("Set-up checklist", "PRACTICE", seconds=60)
        terminal.press("d")
        terminal.wait_for("Overview › Configurations", first["name"], gone="Set-up checklist")
        terminal.press("enter")
        terminal.wait_for("Data set: private events")
        terminal.press("enter")
        terminal.wait_for(f"Name: {first['name']}")
        terminal.type(" 2")
        terminal.press("enter")
        terminal.wait_for("not saved")
        terminal.press("s")
        terminal.wait_for("y writes to", first["name"])
        terminal.press("y")
        terminal.wait_for("Saved, and in force", ".bak")
        terminal.press("1")
        terminal.wait_for("Set-up checklist", seconds=40)
        for _page in range(9):
            if f"{first['name']} 2" in terminal.text:
                break
            terminal.press("pagedown")
            terminal.read(0.5)
        assert f"{first['name']} 2" in terminal.text
        terminal.press("q")
        assert terminal.wait_end() == 0

    after = tomllib.loads(practice.config.read_text())
    assert after["configurations"][0] == {**first, "name": f"{first['name']} 2"}
    assert stat.S_IMODE(practice.config.stat().st_mode) == 0o600
    [backup] = practice.config.parent.glob("config.toml.*.bak")
    assert backup.read_bytes() == before
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
