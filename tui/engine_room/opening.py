"""Opening the session that the engine room works with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.engine_room.sentences import not_logged_in
from tui.model import Finding
from tui.sanitise import one_line, redact
from tui.words import _

if TYPE_CHECKING:
    from tui.journal.store import Journal
    from tui.triage.session import Session


class NotOpenedError(Exception):
    """There is no session: the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.summary)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Opened:
    """A session and the journal it writes to."""

    session: Session
    journal: Journal


def open_session(path: Path) -> Opened:
    """A session on that config file. Raises NotOpenedError with every problem of the file."""
    from tui.config import ConfigError, load
    from tui.journal.store import Journal, JournalError
    from tui.triage.session import Session

    try:
        settings = load(path)
        journal = Journal(settings.journal.url, org=settings.path.stem, keep_days=settings.journal.keep_days)
    except ConfigError as error:
        problems = tuple(str(problem) for problem in error.problems)
        raise NotOpenedError(
            not_logged_in(_("The config file cannot be used. What is wrong in it:"), problems)
        ) from None
    except (JournalError, OSError) as error:
        raise NotOpenedError(not_logged_in(one_line(redact(str(error))))) from None
    return Opened(Session(settings, journal), journal)
