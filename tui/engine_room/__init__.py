"""The engine room: all network work, the triage and the journal, on an asyncio loop in a thread of their own.

The thread and its life stand in `thread`; what each request of the screens comes to, by subject, in the modules that
`answers` joins. An answer is a coroutine that gets the room, the ticket and the request, and posts events. Config,
clients and journal are imported by the answers, in the thread, after the screen's first frame: they cost a third of a
second.
"""

from tui.engine_room.opening import NotOpenedError as NotOpenedError
from tui.engine_room.opening import Opened as Opened
from tui.engine_room.opening import open_session as open_session
from tui.engine_room.thread import EngineRoom as EngineRoom
