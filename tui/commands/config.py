"""`passerelle config`: what is wrong in the file, whether it logs in, and what can be read with it."""

from __future__ import annotations

import asyncio
from typing import Any

from tui import output
from tui.commands import words
from tui.commands.common import Asked, Exit, opened
from tui.model import Readable, ServiceError, Status
from tui.words import _


def path(asked: Asked) -> int:
    """Where the config file is looked for, whether it is there or not."""
    found = str(asked.path().absolute())
    if asked.json:
        output.record({"path": found})
    else:
        output.line(found)
    return Exit.DONE


def check(asked: Asked) -> int:
    """Exit status: 2 when the file is wrong, 3 when Salesforce does not let us in, 1 when a right lacks, else 0."""
    from tui.config import ConfigError

    try:
        return asyncio.run(_check(asked))
    except ConfigError as error:
        problems = [{"key": problem.key, "sentence": problem.sentence} for problem in error.problems]
        _tell(asked, {"problems": problems}, [words.state(Status.FAIL) + f"  {problem}" for problem in error.problems])
        return Exit.USAGE


async def _check(asked: Asked) -> Exit:
    async with opened(asked) as all_of_it:
        good = words.state(Status.PASS) + "  " + _("The file is in order.")
        try:
            org = await all_of_it.session.connect()
        except ServiceError as error:
            login = {"problems": [], "login": {"cause": error.cause, "sentence": error.message}}
            _tell(asked, login, [good, f"{words.state(Status.FAIL)}  {error.message}"])
            return Exit.UNKNOWN
        seen = await all_of_it.session.overview()
    values = {
        "problems": [],
        "login": {"cause": None, "sentence": ""},
        "org": {"id": org.id, "name": org.name, "kind": org.kind, "acting_user": org.acting_user},
        "capabilities": [{"id": item.id, "status": item.status, "summary": item.summary} for item in seen.capabilities],
    }
    entered = _("Salesforce lets it in: {org} ({kind}) as {user}.").format(
        org=org.name, kind=org.kind.value, user=org.acting_user
    )
    rights = output.columns(
        [(words.state(*words.READABLE[item.status]), item.id, item.summary) for item in seen.capabilities]
    )
    _tell(asked, values, [good, words.state(Status.PASS) + "  " + entered, *rights])
    lacking = any(item.status is Readable.NOT_WITH_THESE_RIGHTS for item in seen.capabilities)
    return Exit.ATTENTION if lacking else Exit.DONE


def _tell(asked: Asked, values: dict[str, Any], lines: list[str]) -> None:
    if asked.json:
        output.record({"config": str(asked.path()), **values})
        return
    for line in lines:
        output.line(line)
