"""The engine's answers about the declared configurations: read, checked, saved, and held against a list of users."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from screens import engine as said
from tui.config import ConfigError, Problem
from tui.declaration import Listing
from tui.salesforce.saved.file import FileProblem
from tui.triage.declaration import compare, in_file, lists, people
from tui.words import _

if TYPE_CHECKING:
    from tui.triage.session import Session

Request = said.LoadDeclaration | said.CheckDeclaration | said.SaveDeclaration | said.CompareList


async def answer(session: Session, ticket: int, request: Request) -> said.Event:
    """What there is to say to the request. Raises ValueError with a sentence, ServiceError."""
    path = session.settings.path
    try:
        match request:
            case said.LoadDeclaration():
                return said.DeclarationLoaded(ticket, await to_thread(in_file.load, path))
            case said.CheckDeclaration(sections=sections):
                return said.DeclarationChecked(ticket, _places(await to_thread(in_file.problems, path, sections)))
            case said.SaveDeclaration():
                return await _save(session, ticket, request)
            case said.CompareList():
                return await _compare(session, ticket, request)
    except (ConfigError, FileProblem) as error:
        raise ValueError(str(error).replace("\n", " ")) from None


async def _save(session: Session, ticket: int, request: said.SaveDeclaration) -> said.Event:
    """What was written counts from here on; the connection and all that was read stay."""
    path = session.settings.path
    try:
        written = await to_thread(in_file.save, path, request.before, request.sections)
    except ConfigError as error:
        if not (places := _places(error.problems)):
            raise
        return said.DeclarationChecked(ticket, places)
    session.settings = replace(session.settings, configurations=written.settings.configurations)
    return said.DeclarationSaved(ticket, await to_thread(in_file.load, path), written.sentence)


async def _compare(session: Session, ticket: int, request: said.CompareList) -> said.Event:
    listing = await to_thread(_listing, request)
    if listing.needs_configuration and not request.configuration:
        return said.ListOpen(ticket, listing)
    known = await people.look_up(session.salesforce, listing, request.sections) if session.org is not None else None
    found = compare.compare(listing, request.sections, configuration=request.configuration, known=known)
    return said.ListCompared(ticket, found)


def _listing(request: said.CompareList) -> Listing:
    if request.file:
        return lists.read(Path(request.file).expanduser())
    listing = lists.pasted(request.text)
    if not listing.entries:
        raise ValueError(_("No user and no profile was found in what was pasted."))
    return listing


def _places(problems: Iterable[Problem]) -> tuple[tuple[str, str], ...]:
    """The problems that have a place among the configurations."""
    return tuple((problem.key, problem.sentence) for problem in problems if problem.key.startswith("configurations"))
