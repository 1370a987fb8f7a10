"""The declared configurations in the config file: read to be edited, checked, written back; the rest of it stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tui import config, config_file, figures
from tui.config import ConfigError, Problem
from tui.config_file import ConfigFile, FileChangedError, Written
from tui.declaration import Declaration, Section
from tui.words import _

_KEY = "configurations"


def load(path: Path) -> Declaration:
    """What the file at `path` declares. Raises ConfigError, also where anything in the file is wrong."""
    former = config_file.read(path)
    config.settings_of(former.data, path)
    return Declaration(figures.place(path), tuple(former.data.get(_KEY, ())), former.has_comments)


def problems(path: Path, sections: Sequence[Section]) -> tuple[Problem, ...]:
    """What is wrong in these configurations, were they in that file. Raises ConfigError where it cannot be read."""
    try:
        config.settings_of(_with(config_file.read(path), sections), path)
    except ConfigError as error:
        return tuple(problem for problem in error.problems if problem.key.startswith(_KEY))
    return ()


def save(path: Path, before: Sequence[Section], sections: Sequence[Section]) -> Written:
    """Put these configurations into the file, in the place of `before`. Raises FileChangedError where others stand
    there by now (what else has changed in the file stays as it is now), and as `config_file.write` does."""
    former = config_file.read(path)
    if list(former.data.get(_KEY, ())) != list(before):
        sentence = _(
            "The configurations in {path} were changed by someone else meanwhile, so nothing was written: "
            "read them again."
        )
        raise FileChangedError([Problem("", sentence.format(path=figures.place(path)))])
    return config_file.write(former, _with(former, sections))


def _with(former: ConfigFile, sections: Sequence[Section]) -> Mapping[str, Any]:
    """The file's content with these configurations."""
    kept = {key: value for key, value in former.data.items() if key != _KEY}
    return {**kept, _KEY: [dict(section) for section in sections]} if sections else kept
