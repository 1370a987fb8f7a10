"""The pictures of the README: there, harmless, and drawn by a script that runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[2]
PORT = re.compile(r"127\.0\.0\.1:\d+")
TOOK = re.compile(r"\s*[\d,]+\s+ms")
PICTURES = re.compile(r"\((docs/pictures/[^)]+)\)")


def test_the_readmes_pictures_are_there_and_only_pictures() -> None:
    named = set(PICTURES.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    assert named == {str(file.relative_to(ROOT)) for file in (ROOT / "docs" / "pictures").iterdir()}
    for name in named:
        for element in ET.parse(ROOT / name).iter():
            assert element.tag.rpartition("}")[2] in {"svg", "style", "defs", "clipPath", "rect", "text", "g", "circle"}
            assert not [key for key in element.attrib if key.startswith("on") or key.endswith("href")]
            assert "http" not in (element.text or "") or not element.tag.endswith("style"), "asks the network"


def test_the_readmes_pictures_are_what_the_program_shows(tmp_path: Path) -> None:
    script = [sys.executable, str(ROOT / "docs" / "screenshots.py"), "--into", str(tmp_path), "--port", "0"]
    ran = subprocess.run(script, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    kept = sorted((ROOT / "docs" / "pictures").iterdir())
    assert [file.name for file in kept] == sorted(file.name for file in tmp_path.iterdir())
    for file in kept:
        assert shown(tmp_path / file.name) == shown(file), "stale: python docs/screenshots.py draws it again"


def shown(picture: Path) -> list[str]:
    """The texts of a picture, whatever port the practice org had, and however long a step took."""
    root = ET.parse(picture).getroot()
    return [
        TOOK.sub("ms", PORT.sub("127.0.0.1", text))
        for text in root.itertext()
        if text.strip() and "font-family" not in text
    ]
