"""The config file: read, checked as a whole, and turned into `Settings`.

`load` reports every problem of a file at once. The sections stand in `tui.settings`, the sentences in `tui.problems`.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import platformdirs
from pydantic import ValidationError

from tui.model import Configuration
from tui.problems import Problem, dotted, nearest, problems_of
from tui.reasons import why
from tui.sanitise import one_line
from tui.settings import (
    DataSet,
    File,
    GoogleSettings,
    GoogleUrls,
    HttpSettings,
    JournalSettings,
    SalesforceSettings,
    TriageSettings,
    UiSettings,
)
from tui.words import _

__all__ = [
    "ConfigError",
    "GoogleSettings",
    "GoogleUrls",
    "HttpSettings",
    "JournalSettings",
    "Problem",
    "SalesforceSettings",
    "Settings",
    "TriageSettings",
    "UiSettings",
    "config_path",
    "content",
    "load",
    "orgs",
    "parse",
    "settings_of",
    "state_folder",
]

_APP = "passerelle"
_LARGEST = 1 << 20
_ORG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class ConfigError(Exception):
    """A config file that will not do: everything that is wrong in it. The text is one line for each problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Settings:
    """A config file that passed. `google` is None where the file has no such section (then the test is guided)."""

    path: Path
    salesforce: SalesforceSettings
    google: GoogleSettings | None = None
    configurations: tuple[Configuration, ...] = ()
    triage: TriageSettings = field(default_factory=TriageSettings)
    http: HttpSettings = field(default_factory=HttpSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    ui: UiSettings = field(default_factory=UiSettings)
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


# ---- the file ----------------------------------------------------------------------------------------------------


def load(path: Path) -> Settings:
    """The settings in the file at `path`. Raises ConfigError with every problem of the file."""
    return settings_of(parse(content(path)), path)


def settings_of(data: Mapping[str, Any], path: Path) -> Settings:
    """The settings that `data`, the content of a config file, makes at `path` (paths in it are relative to its
    folder). Raises ConfigError with every problem."""
    problems: list[Problem] = []
    file = None
    try:
        file = File.model_validate(data, context={"folder": path.absolute().parent})
    except ValidationError as error:
        problems = problems_of(error, File, data)
    problems += _between_fields(data)
    if file is None or problems:
        raise ConfigError(problems)
    sections = {name: getattr(file, name) for name in File.model_fields}
    return Settings(path=path, **sections | {"configurations": tuple(item.noun() for item in file.configurations)})


def config_path(org: str | None = None) -> Path:
    """Where the config file of that org stands (`NAME.toml`, without a name `config.toml`). Raises ConfigError for a
    name that could lead out of the config folder."""
    if org is not None and not _ORG.fullmatch(org):
        raise ConfigError(
            [Problem("--org", _("An org's name is made of letters, digits, dots, dashes and underscores."))]
        )
    return Path(platformdirs.user_config_path(_APP)) / f"{org or 'config'}.toml"


def orgs() -> tuple[str, ...]:
    """The names that `--org` takes: the files of the config folder, in order. Empty where there is none."""
    folder = config_path().parent
    try:
        return tuple(
            sorted(path.stem for path in folder.glob("*.toml") if _ORG.fullmatch(path.stem) and path.is_file())
        )
    except OSError:
        return ()


def state_folder() -> Path:
    """The folder of the journal (it may not exist yet)."""
    return Path(platformdirs.user_state_path(_APP))


def content(path: Path) -> bytes:
    """The bytes of the config file at `path`. Raises ConfigError."""
    shown = one_line(path, limit=400)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise _whole(_("{path} is not a file that can be read (a folder, a pipe or a device).").format(path=shown))
        if about.st_size > _LARGEST:
            raise _whole(_("{path} is larger than 1 MiB: that is not a config file.").format(path=shown))
        return path.read_bytes()
    except FileNotFoundError:
        others = ", ".join(orgs()) if path.absolute().parent == config_path().parent else ""
        raise _whole(
            _(
                "There is no config file {path}. Make one with: passerelle config init. Or practise with: "
                "passerelle --sandbox"
            ).format(path=shown)
            + ("\n" + _("Other orgs have a file there: {names}.").format(names=others) if others else "")
        ) from None
    except (OSError, ValueError) as problem:
        sentence = _("The config file {path} cannot be read: {reason}.")
        raise _whole(sentence.format(path=shown, reason=why(problem))) from None


def parse(text: bytes) -> dict[str, Any]:
    """What a config file of these bytes holds, not looked at any further. Raises ConfigError where it is no TOML."""
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        line = text.count(b"\n", 0, problem.start) + 1
        raise _whole(_("Line {line} is not UTF-8: save the file in that encoding.").format(line=line)) from None
    except (ValueError, RecursionError) as problem:  # ValueError alone: a number of thousands of digits
        raise _whole(_syntax(str(problem))) from None


def _syntax(message: str) -> str:
    place = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", message)
    detail = one_line(re.sub(r"\s*\(at [^)]*\)$", "", message), limit=200)
    if place and place[1]:
        return _("Line {line}, column {column}: this is not valid TOML ({detail}).").format(
            line=place[1], column=place[2], detail=detail
        )
    if place:
        return _("The file ends too early: a quote or a bracket is not closed ({detail}).").format(detail=detail)
    return _("This is not valid TOML: it is nested too deeply, or holds a number that is too long.")


def _between_fields(data: Mapping[str, Any]) -> list[Problem]:
    """What no single field shows: names given twice, and misspelt keys of a data set (which may hold others)."""
    listed = data.get("configurations")
    problems: list[Problem] = []
    names: set[str] = set()
    for index, row in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(row, dict):
            continue
        name, data_set = row.get("name"), row.get("data_set")
        if isinstance(name, str) and (plain := name.strip().casefold()):
            if plain in names:
                sentence = _("Two configurations are named “{name}”: each needs a name of its own.")
                sentence = sentence.format(name=one_line(name, limit=60))
                problems.append(Problem(dotted(("configurations", index, "name")), sentence))
            names.add(plain)
        for key in data_set if isinstance(data_set, dict) else ():
            if key not in DataSet.model_fields and (near := nearest(key, DataSet.model_fields, 0.85)):
                sentence = _("There is no such key. Did you mean {near}?").format(near=near)
                problems.append(Problem(dotted(("configurations", index, "data_set", key)), sentence))
    return problems


def _whole(sentence: str) -> ConfigError:
    return ConfigError([Problem("", sentence)])
