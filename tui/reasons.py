"""Why the operating system refused something, in the language in use."""

from __future__ import annotations

from tui.sanitise import one_line
from tui.words import N_, _

COMMON = (
    N_("Address already in use"),
    N_("Connection refused"),
    N_("Exec format error"),
    N_("File exists"),
    N_("File name too long"),
    N_("Is a directory"),
    N_("No space left on device"),
    N_("No such device or address"),
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("Operation not permitted"),
    N_("Permission denied"),
    N_("Read-only file system"),
    N_("Too many levels of symbolic links"),
)
"""What it says most often; anything else is told in its own words."""


def why(error: Exception) -> str:
    """The reason in a few words, harmless to show."""
    said = getattr(error, "strerror", None)
    return one_line(_(said) if said else str(error) or type(error).__name__, limit=200)
