"""The judges, installed once, and the recording of everything that the program asks, made once."""

from __future__ import annotations

import asyncio

import pytest

from tests.judges import journey as way
from tests.judges.journey import Journey
from tests.judges.node import MissingError, Node, installed


@pytest.fixture(scope="session")
def node() -> Node:
    """Node with the packages of package.json; skips where they cannot be had."""
    try:
        return Node(installed())
    except MissingError as reason:
        pytest.skip(f"the judges that run on Node are left out: {reason}")


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """The whole recording."""
    return asyncio.run(way.whole(tmp_path_factory.mktemp("journey")))
