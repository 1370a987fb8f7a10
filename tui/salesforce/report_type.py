"""Whether a report stands on the report type of sync errors, as far as a description tells. Its API name is not known
(salesforce-api.md 1.3), and an admin may have made a type of their own; so anything that speaks of it will do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui.salesforce.report_columns import Column, plain

NAMED = re.compile(r"lightning ?sync|exchange ?sync|sync.*(error|erreur)|(error|erreur).*sync")
_VALUE = re.compile(r"user ?mapping")


def speaks_of_errors(api_name: object, label: object, columns: Iterable[Column]) -> bool:
    """Whether the type's name or label says so, or a column offers the value UserMapping."""
    # LightningSyncError: the words of an API name are run together
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(api_name or ""))
    if any(NAMED.search(plain(text)) for text in (words, label or "")):
        return True
    return any(_VALUE.search(value) for column in columns for value in column.values)
