"""Which org the engine works for: logging in, changing to another, making its config file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from screens import engine as said
from screens.engine import set_up
from tui.engine_room.sentences import access
from tui.model import ServiceError
from tui.sanitise import one_line
from tui.words import _

if TYPE_CHECKING:
    from tui.engine_room.thread import EngineRoom


async def connect(room: EngineRoom, ticket: int, _request: said.Connect) -> None:
    session = await room.session()
    room.post(said.Connecting(ticket, urlsplit(session.settings.salesforce.domain).netloc))
    org = await session.connect()
    room.post(said.Connected(ticket, org))
    if writes := session.unfinished():
        room.post(said.Unfinished(ticket, writes))


async def listed(room: EngineRoom, ticket: int, _request: said.ListOrgs) -> None:
    from tui.config import orgs

    room.post(said.OrgsListed(ticket, orgs()))


async def switch(room: EngineRoom, ticket: int, request: said.SwitchOrg) -> None:
    """The other org's file is opened first: where it will not do, this org stays as it is."""
    from tui.config import config_path, orgs

    if request.name not in (known := orgs()):
        raise LookupError(
            _("There is no org {name}; there are: {known}.").format(
                name=one_line(request.name, limit=40), known=", ".join(known) or _("none")
            )
        )
    await _change(room, ticket, config_path(request.name))


async def make(room: EngineRoom, ticket: int, request: set_up.Request) -> None:
    """The set-up assistant; the file that it has written is the one that is worked with from then on."""
    from tui.config import ConfigError

    if room.writing and isinstance(request, set_up.SaveSetup):
        raise ValueError(_("A reset is under way: wait until it ends, then write the file."))
    try:
        event = await room.setup.answer(ticket, request)
    except ConfigError as error:
        raise ValueError(" ".join(map(str, error.problems))) from None
    room.post(event)
    if isinstance(event, set_up.SetupSaved):
        await _change(room, ticket, Path(event.path))


async def _change(room: EngineRoom, ticket: int, path: Path) -> None:
    await room.change(ticket, path)
    room.post(said.OrgSwitched(ticket, path.stem))
    try:
        await connect(room, ticket, said.Connect())
    except ServiceError as error:
        room.post(said.NotConnected(ticket, access(error)))
