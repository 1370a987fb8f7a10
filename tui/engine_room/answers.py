"""The answer to each request, from the modules that hold them by subject."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, get_args

from screens import engine as room
from screens.engine import declaring, set_up
from tui.engine_room import by_hand, checking, files, orgs, reading, resetting

if TYPE_CHECKING:
    from tui.engine_room.thread import EngineRoom

ANSWERS: dict[type, Callable[[EngineRoom, int, Any], Awaitable[None]]] = {
    room.Connect: orgs.connect,
    room.ListOrgs: orgs.listed,
    room.SwitchOrg: orgs.switch,
    **dict.fromkeys(get_args(set_up.Request), orgs.make),
    room.LoadOverview: reading.overview,
    room.LoadErrors: reading.errors,
    room.LoadLookAgain: reading.look_again,
    room.Acknowledge: reading.acknowledge,
    room.FindUsers: checking.find,
    room.CheckUser: checking.check,
    room.CheckMany: checking.check_many,
    room.PlanReset: resetting.plan,
    room.StartReset: resetting.start,
    room.RecordReset: resetting.record,
    room.ResumeWrite: resetting.resume,
    room.DropWrite: resetting.drop,
    room.LoadGuided: by_hand.guided,
    room.RecordGuided: by_hand.record_guided,
    room.LoadProof: by_hand.proof,
    room.AnswerProof: by_hand.proved,
    room.SavePacket: files.packet,
    room.WriteFile: files.rows,
    **dict.fromkeys(get_args(declaring.Request), files.declaration),
}
