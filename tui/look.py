"""How the console looks: `[ui]` of the config file, read on its own so that the first frame need not wait for the rest.

Imports the standard library only. `tui.config.load` reads the section again, strictly, and says what is wrong in it.
"""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Look:
    """Language (`en`, `fr`, or None: as the environment says), theme ("" for the usual one), mouse, keys."""

    language: str | None = None
    theme: str = ""
    ascii: bool = False
    mouse: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)  # action id -> key


def read_look(path: Path | None) -> Look:
    """The look that the file at `path` asks for; whatever cannot be read or is wrong is as if it were not there.

    Never raises: the strict reading that follows says what is wrong."""
    ui = _section(path)
    language, theme, keys = ui.get("language"), ui.get("theme"), ui.get("keys")
    return Look(
        language=language if language in ("en", "fr") else None,
        theme=theme if isinstance(theme, str) else "",
        ascii=ui.get("ascii") is True,
        mouse=ui.get("mouse") is True,
        keys={name: key for name, key in keys.items() if isinstance(key, str)} if isinstance(keys, dict) else {},
    )


def _section(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST:
            return {}
        ui = tomllib.loads(path.read_bytes().decode("utf-8-sig")).get("ui")
    except (
        OSError,
        ValueError,
        RecursionError,
    ):  # ValueError: no TOML, not UTF-8, a NUL in the path, a number too long
        return {}
    return ui if isinstance(ui, dict) else {}
