"""The look is read without the rest, whatever the file is, and agrees with the strict reading."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.config.test_broken_files import BROKEN, SALESFORCE
from tui.config import Settings
from tui.look import Look, read_look

UI = '[ui]\nlanguage = "fr"\ntheme = "night"\nascii = true\nmouse = true\n[ui.keys]\nquit = "f10"\n'


def test_the_look_is_that_of_the_settings(folder: Path, loaded: Callable[[str], Settings]) -> None:
    ui = loaded(SALESFORCE + UI).ui

    assert read_look(folder / "config.toml") == Look("fr", "night", True, True, {"quit": "f10"})
    assert Look(ui.language, ui.theme, ui.ascii, ui.mouse, dict(ui.keys)) == read_look(folder / "config.toml")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_raises_nothing(name: str, tmp_path: Path) -> None:
    content = BROKEN[name][0]
    path = tmp_path / "config.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    look = read_look(path)

    assert look.language in (None, "en", "fr")
    assert isinstance(look.ascii, bool)


def test_nothing_there_is_the_usual_look(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (None, tmp_path, tmp_path / "nowhere", tmp_path / "pipe", Path("a\0b")):
        assert read_look(path) == Look()


def test_a_wrong_value_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[ui]\nlanguage = "de"\ntheme = 3\nascii = "yes"\nmouse = 1\nkeys = {quit = 3, help = "f1"}\n')

    assert read_look(path) == Look(keys={"help": "f1"})


def test_reading_the_look_loads_nothing_heavy() -> None:
    script = (
        "import sys, tui.look; print(*sorted(set(sys.modules) & {'pydantic', 'textual', 'platformdirs', 'tui.config'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
