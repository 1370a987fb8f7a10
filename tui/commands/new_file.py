"""A file that a command writes for a person: new, for its owner alone, never over another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from tui.commands.common import UsageError
from tui.reasons import why
from tui.sanitise import one_line
from tui.words import _


def create(file: Path) -> IO[str]:
    """A new file for the owner alone, never through a link and never over one that is there. Raises UsageError."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise UsageError(
            _("{path} already exists and is not overwritten: name another file.").format(path=one_line(file))
        ) from None
    except (OSError, ValueError) as error:
        raise UsageError(
            _("{path} cannot be written: {reason}.").format(path=one_line(file), reason=why(error))
        ) from None
    return os.fdopen(descriptor, "w", encoding="utf-8")
