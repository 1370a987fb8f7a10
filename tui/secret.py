"""A secret that the config file names and never holds: the value of an environment variable, or a file of ours."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from tui import keyfile
from tui.keyfile import KeyFileProblem
from tui.sanitise import one_line
from tui.words import _

PREFIX = "env:"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


@dataclass(frozen=True, slots=True)
class Secret:
    """Where the secret is: exactly one of the two is given."""

    env: str = ""
    path: Path | None = None

    def __str__(self) -> str:
        return f"{PREFIX}{self.env}" if self.path is None else str(self.path)


def place(text: str, folder: Path) -> Secret:
    """The place that the config file names, `env:NAME` or a path (relative to `folder`). Raises ValueError with a
    sentence that does not repeat the text: it may be the very secret."""
    if text.startswith(PREFIX):
        name = text.removeprefix(PREFIX)
        if not _NAME.fullmatch(name):
            raise ValueError(_("After env: comes the name of an environment variable: letters, digits, underscores."))
        return Secret(env=name)
    try:
        path = folder / Path(text).expanduser()
        there = len(text) <= 1000 and path.exists()
    except (RuntimeError, OSError, ValueError):
        there = False
    if not there:
        raise ValueError(
            _(
                'There is no such file. Give "env:NAME" (an environment variable) or the path of a file here: secrets'
                " never go in this file."
            )
        )
    return Secret(path=path)


def read(secret: Secret) -> str:
    """The secret itself, read anew. Raises KeyFileProblem with a sentence: where it is not, what to do."""
    if secret.path is None:
        value = os.environ.get(secret.env, "").strip()
        if not value:
            raise KeyFileProblem(
                _("The environment variable {name}, which is to hold the client secret, is not set.").format(
                    name=secret.env
                )
            )
        shown = secret.env
    else:
        shown = one_line(secret.path, limit=400)
        value = keyfile.read(secret.path).decode("utf-8", "replace").strip()
    if not re.fullmatch(r"[!-~]{1,1000}", value):
        raise KeyFileProblem(
            _("{place} does not hold a client secret: one word of letters, digits and signs is expected.").format(
                place=shown
            )
        )
    return value
