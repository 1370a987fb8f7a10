"""A small organisation in memory for each test that asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.triage.fakes import World


@pytest.fixture
def world_of() -> Iterator[Callable[..., World]]:
    """Makes organisations, and closes their journals after the test."""
    made: list[World] = []

    def make(*people: Any, **changes: Any) -> World:
        made.append(World(people, **changes))
        return made[-1]

    yield make
    for world in made:
        world.close()
