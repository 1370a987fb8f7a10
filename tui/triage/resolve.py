"""Who is meant: a USER argument (email, username, id, or a full name that nobody else has) turned into users."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from tui.model import Resolution, User
from tui.sanitise import one_line
from tui.words import _

if TYPE_CHECKING:
    from tui.salesforce.client import Salesforce

_ID = re.compile(r"005[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?")
_CORE = 15
_NAMED_AT_MOST = 5

Find = Callable[[Sequence[str]], Awaitable[list[User]]]


async def resolve(salesforce: Salesforce, queries: Sequence[str]) -> list[Resolution]:
    """Whom each query names, in the order of the queries; inactive users too. Few requests for many queries.

    An address that several users share names them all; a full name that several have is a problem that names them.
    Raises ServiceError where Salesforce does not answer."""
    asked = [query.strip() for query in queries]
    by_id = await _found(salesforce.users_by_ids, filter(_is_id, asked), lambda user: user.id[:_CORE])
    addresses = [query for query in asked if "@" in query]
    by_email = await _found(salesforce.users_by_emails, addresses, lambda user: user.email.casefold())
    # A username looks like an address, and may be somebody else's: the address counts first.
    rest = [query for query in addresses if query.casefold() not in by_email]
    by_username = await _found(salesforce.users_by_usernames, rest, lambda user: user.username.casefold())
    names = [query for query in asked if query and "@" not in query and not (_is_id(query) and query[:_CORE] in by_id)]
    by_name = await _found(salesforce.users_by_names, names, lambda user: (user.raw_name or user.name).casefold())

    def one(query: str, text: str) -> Resolution:
        if _is_id(text) and text[:_CORE] in by_id:
            return Resolution(query, tuple(by_id[text[:_CORE]]))
        if "@" in text:
            users = by_email.get(text.casefold()) or by_username.get(text.casefold(), [])
        else:
            users = by_name.get(text.casefold(), [])
            if len(users) > 1:
                return Resolution(query, problem=_several(text, users))
        return Resolution(query, tuple(users)) if users else Resolution(query, problem=_nobody(text))

    return [one(query, text) for query, text in zip(queries, asked, strict=True)]


async def _found(find: Find, wanted: Iterable[str], key: Callable[[User], str]) -> dict[str, list[User]]:
    """The users found, by the key that they were looked for with; asks nothing where nothing is wanted."""
    values = list(dict.fromkeys(wanted))
    groups: dict[str, list[User]] = defaultdict(list)
    for user in await find(values) if values else ():
        groups[key(user)].append(user)
    return groups


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def _nobody(text: str) -> str:
    if not text:
        return _("An empty argument names nobody.")
    return _("Nobody in this Salesforce organisation has this address, username, id or full name: {query}").format(
        query=one_line(text, limit=200)
    )


def _several(text: str, users: Sequence[User]) -> str:
    shown = ", ".join(f"{user.username} ({user.id})" for user in users[:_NAMED_AT_MOST])
    more = len(users) - _NAMED_AT_MOST
    if more > 0:
        shown += " " + _("and {number} more").format(number=more)
    return _("{number} users are called {name}; say which by username or id: {users}").format(
        number=len(users), name=one_line(text, limit=200), users=shown
    )
