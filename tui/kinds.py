"""The kinds that things come in. `tui.model` has them too, with the nouns that they belong to; they are apart because
the first frame of the console needs no noun, and all those dataclasses would cost it a tenth of its time."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Where a finding stands in the guide's order."""

    ACCESS = "access"
    CONNECTION = "connection"
    STATUS = "status"


class Status(StrEnum):
    """The severity of a finding (verdict.md)."""

    PASS = "pass"
    WARN = "warn"
    WAIT = "wait"
    FAIL = "fail"
    SKIP = "skip"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What to do about one user."""

    REVIEW_CONNECTION = "review_connection"
    REVIEW_CONFIGURATION = "review_configuration"
    RESET = "reset"
    WAIT = "wait"
    CONTACT_SUPPORT = "contact_support"
    NO_FAULT_FOUND = "no_fault_found"
    UNDETERMINED = "undetermined"


class Product(StrEnum):
    LIGHTNING_SYNC = "lightning_sync"
    EINSTEIN_ACTIVITY_CAPTURE = "einstein_activity_capture"


class Direction(StrEnum):
    """Which way a side of a configuration syncs."""

    BOTH = "both"
    GOOGLE_TO_SALESFORCE = "google_to_salesforce"
    SALESFORCE_TO_GOOGLE = "salesforce_to_google"
    NONE = "none"


class ErrorType(StrEnum):
    CONNECTION = "connection"
    USER_MAPPING = "user_mapping"
    OTHER = "other"


class OrgKind(StrEnum):
    PRODUCTION = "PRODUCTION"
    SANDBOX = "SANDBOX"
    PRACTICE = "PRACTICE"


class Outcome(StrEnum):
    """How a write to Salesforce ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Readable(StrEnum):
    """Whether something can be read in this org (design.md)."""

    READABLE = "readable"
    NOT_WITH_THESE_RIGHTS = "not_with_these_rights"
    ONLY_IN_SETUP = "only_in_setup"


class Course(StrEnum):
    """How the errors came in of late."""

    JUMP = "jump"
    STREAK = "streak"
    STEADY = "steady"
    QUIET = "quiet"


class Stage(StrEnum):
    """How far the reading of an overview has come: some checks have answered, all have, or everything was asked."""

    SO_FAR = "so_far"
    ANSWERED = "answered"
    WHOLE = "whole"


class RowState(StrEnum):
    """What has become of a row of the error report; the first that holds stands."""

    GONE = "gone"
    ACKNOWLEDGED = "acknowledged"
    OLD = "old"
    CHECKED = "checked"
    NEW = "new"
    SEEN = "seen"
