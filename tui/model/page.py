"""The Lightning Sync Status page as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tui.model.people import User


class RowKind(StrEnum):
    """What a row of the Lightning Sync Status page is about."""

    CONNECTION_METHOD = "connection_method"
    SERVICE_ACCOUNT = "service_account"
    OUTLOOK_INTEGRATION = "outlook_integration"
    LINKED_USERS = "linked_users"
    LAST_SYNC_ACTIVITY = "last_sync_activity"
    SYNC_ENABLED = "sync_enabled"
    ASSIGNED = "assigned"
    RESET = "reset"
    LINKED = "linked"
    SALESFORCE_TO_GOOGLE = "salesforce_to_google"
    GOOGLE_TO_SALESFORCE = "google_to_salesforce"


class Word(StrEnum):
    """What the value of such a row means. A value that is none of these has no word (None)."""

    YES = "yes"
    NO = "no"
    LINKED = "linked"
    DUPLICATE_ADDRESS = "duplicate_address"
    NOT_LINKED = "not_linked"
    NOT_STARTED = "not_started"
    INITIAL_IN_PROGRESS = "initial_in_progress"
    INITIAL_COMPLETED = "initial_completed"
    IN_SYNC = "in_sync"
    NOT_THIS_DIRECTION = "not_this_direction"
    NOTHING_TO_SYNC = "nothing_to_sync"
    UNABLE = "unable"
    RESETTING = "resetting"


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row of a table of the page. `table` is the element id that it was recognised by;
    `kind` and `word` are None where label or value are words that we do not know."""

    table: str
    label: str
    value: str
    kind: RowKind | None = None
    word: Word | None = None
    number: int | None = None
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageReading:
    """One reading of the Lightning Sync Status page (or of its saved or pasted copy).

    `problem` is empty when the page is the page we know; otherwise the sentence that says why not.
    `shown_name` is the name the page answers about, None when it shows no user."""

    rows: tuple[PageRow, ...] = ()
    shown_name: str | None = None
    problem: str = ""
    read_at: datetime | None = None
    source: str = "page"
    can_check: bool = False
    can_reset: bool = False

    def first(self, kind: RowKind, table: str | None = None) -> PageRow | None:
        """The first row of that kind, in that table if one is named."""
        for row in self.rows:
            if row.kind is kind and (table is None or row.table == table):
                return row
        return None


@dataclass(frozen=True, slots=True)
class ProofSample:
    """One reading shown to the admin for Proof: who, why this person, and what we read.

    `error` is this person's newest row of the error report as its columns were matched: (column, value), in pairs."""

    kind: str  # "well" | "unwell" | "left"
    user: User
    reading: PageReading
    error: tuple[tuple[str, str], ...] = ()
