"""Compiles the gettext catalogues (tui/locale/*/LC_MESSAGES/*.po) while the package is built or installed in place."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own examples leave it open
    """Writes a .mo beside every .po, so that only the .po is kept under version control."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        runpy.run_path(str(root / "translate.py"))["compile_all"](root)
