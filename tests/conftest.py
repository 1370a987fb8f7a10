"""What every test stands on: catalogues that are compiled from what is in the tree."""

from __future__ import annotations

import pytest

import translate


def pytest_configure(config: pytest.Config) -> None:
    """Once for a test run: its workers start when the catalogues stand."""
    if not hasattr(config, "workerinput"):
        translate.compile_all()
