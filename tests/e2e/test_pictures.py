"""The pictures of the README: there, harmless, and drawn by a script that runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[2]
PORT = re.compile(r"127\.0\.0\.1:\d+")
TOOK = re.compile(r"\b\d+([.,]\d)?\s(ms|s)\b")
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


def shown(picture: Path) -> str:
    """The text of a picture, whatever port the practice org had, and however long a step took: in ms or in seconds."""
    root = ET.parse(picture).getroot()
    texts = " ".join(text for text in root.itertext() if "font-family" not in text)
    return "".join(TOOK.sub("", PORT.sub("127.0.0.1", texts)).split())


def test_how_long_a_step_took_makes_no_other_picture(tmp_path: Path) -> None:
    told = [tmp_path / f"{number}.svg" for number in range(3)]
    for file, took in zip(told, ("  34\xa0ms ", "\xa01.1\xa0s\xa0", " 1,1 s"), strict=True):
        file.write_text(f"<svg><text>passed</text><text>{took}</text><text>Overview</text></svg>", encoding="utf-8")
    assert {shown(file) for file in told} == {"passedOverview"}
