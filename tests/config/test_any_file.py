"""Whatever stands in a config file, the answer is settings or a ConfigError, never another exception."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, example, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from tui.config import ConfigError, load
from tui.look import read_look
from tui.settings import File

SECTIONS = [*File.model_fields, "saleforce", "a b"]
KEYS = [
    "domain",
    "key",
    "scopes",
    "urls",
    "calendar",
    "name",
    "events",
    "direction",
    "data_set",
    "users",
    "keys",
    "x.y",
    "",
]
LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["https://x", "http://[", "https://a:b@c", "~", "/", "//", "{}", "env:X", "both", "\x1b[2J", "{name}", "%s"]
    ),
    st.dates(date(1900, 1, 1)),
    st.datetimes(datetime(1900, 1, 1)),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
FILES = st.dictionaries(st.sampled_from(SECTIONS), VALUES | st.dictionaries(st.sampled_from(KEYS), VALUES), max_size=6)
PLENTY = budget(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@PLENTY
@given(FILES)
@example({"configurations": [[{}], 3, {"name": 3, "data_set": [1]}], "salesforce": {"scopes": {"{x}": "{y}"}}})
def test_any_toml(tmp_path: Path, data: dict[str, Any]) -> None:
    judge(tmp_path / "config.toml", tomli_w.dumps(data).encode("utf-8", "replace"))


@PLENTY
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    judge(tmp_path / "config.toml", content)


def judge(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    read_look(path)
    with pytest.raises(ConfigError) as caught:  # a file without the key files that it must name is never in order
        load(path)

    assert caught.value.problems
    for problem in caught.value.problems:
        assert problem.sentence
        assert "\x1b" not in str(problem)
        assert "\n" not in str(problem)
