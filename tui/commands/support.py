"""`passerelle support`: one user checked, and all that was found written into one redacted Markdown file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tui import output
from tui.commands.common import Asked, Exit, UsageError, opened
from tui.commands.new_file import create
from tui.model import CheckResult, User, Verdict
from tui.sanitise import one_line
from tui.words import _


def support(asked: Asked, query: str, file: Path) -> int:
    """Exit status: 0 when the file is written, 3 when it is written and the verdict is undetermined."""
    stream = create(file)  # first: a check takes time, and its packet must have a place to go to
    try:
        with stream:
            user, result, text = asyncio.run(_packet(asked, query))
            stream.write(text)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    if asked.json:
        output.record({"file": str(file.absolute()), "user": {"query": query, "id": user.id}})
    else:
        output.line(_("Written: {path}. Read it before you send it.").format(path=one_line(file)))
    return Exit.UNKNOWN if result.judgement.verdict is Verdict.UNDETERMINED else Exit.DONE


async def _packet(asked: Asked, query: str) -> tuple[User, CheckResult, str]:
    async with opened(asked) as all_of_it:
        from tui.triage.support import packet

        session = all_of_it.session
        await session.connect()
        (resolution,) = await session.resolve([query])
        if resolution.problem or len(resolution.users) != 1:
            raise UsageError(resolution.problem or _several(query, [user.username for user in resolution.users]))
        user = resolution.users[0]
        (result,) = await session.check([(query, user)])
        return user, result, await packet(session, user, result)


def _several(query: str, names: list[str]) -> str:
    return _("{query} matches several users, and a packet is about one: {names}. Name one by username or id.").format(
        query=one_line(query), names=", ".join(names)
    )
