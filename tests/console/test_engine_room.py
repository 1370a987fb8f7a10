"""The engine room on a scripted session: its thread, its answers, cancelling, and its end."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from screens import engine as room
from tests.console import data
from tests.patience import patient
from tui.engine_room import EngineRoom, NotOpenedError, Opened, open_session
from tui.journal.place import JournalError
from tui.model import (
    Complaint,
    Direction,
    Missing,
    Org,
    Outcome,
    Phase,
    Resolution,
    ServiceError,
    Stage,
    Status,
    Verdict,
)


class FakeSession:
    """What the engine asks of a session. `gate` is waited for where a test wants something to take its time."""

    def __init__(self) -> None:
        self.http = SimpleNamespace(on_call=None)
        self.calls = list(data.CALLS)
        self.settings = SimpleNamespace(
            triage=SimpleNamespace(open_days=30), salesforce=SimpleNamespace(domain="https://acme.my.salesforce.com")
        )
        self.acknowledged: list[Any] = []
        self.thread = ""
        self.pressing = self.pressed = self.closed = self.shut = False
        self.over = asyncio.Event()
        self.cancelled = 0
        self.answers: dict[str, Any] = {}
        self.press_seconds = 0.0
        self.overrule = ""
        self.asked: dict[str, Any] = {}
        self.writes: tuple[Any, ...] = ()
        self.salesforce = SimpleNamespace(users_by_names=self._named)

    async def _named(self, _names: list[str]) -> list[Any]:
        return cast("list[Any]", self.answers.get("named", []))

    async def _give(self, what: str, value: Any) -> Any:
        self.thread = threading.current_thread().name
        given = self.answers.get(what, value)
        if isinstance(given, Exception):
            raise given
        if given == "hang":
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        return given

    async def connect(self) -> Org:
        return cast(Org, await self._give("connect", data.ORG))

    def unfinished(self) -> tuple[Any, ...]:
        return self.writes

    async def overview(self, on_stage: Callable[[Any], None]) -> Any:
        on_stage(data.overview(stage=Stage.ANSWERED))
        return await self._give("overview", data.overview())

    async def errors(self) -> Any:
        return await self._give("errors", data.report())

    def pasts(self) -> Any:
        known = self.answers.get("pasts", (data.past(),))
        if isinstance(known, Exception):
            raise known
        return known

    def records(self, _user_id: str) -> Any:
        return data.records(Verdict.RESET)

    def read_before(self, at: datetime) -> datetime:
        return at - timedelta(days=1)

    async def acknowledge(self, users: tuple[str, ...], note: str, until: datetime) -> None:
        self.acknowledged.append((users, note, until))
        await self._give("acknowledge", None)

    async def resolve(self, queries: list[str]) -> list[Resolution]:
        return cast("list[Resolution]", await self._give("resolve", [Resolution(queries[0], (data.user(),))]))

    def plan(self) -> tuple[Any, ...]:
        return data.STEPS

    async def check_queries(
        self,
        queries: list[str],
        *,
        reported: bool = False,
        on_step: Callable[..., None] = lambda *_: None,
        on_result: Callable[..., None] = lambda _: None,
        page: Any = None,
        **asked: Any,
    ) -> list[Any]:
        self.asked = asked
        if len(queries) > 1:
            results = [data.check(Verdict.RESET, query=query) for query in queries[:-1]]
            for result in results:
                on_result(result)
            return [*results, Resolution(queries[-1], problem="Nobody is called so.")]
        result = data.check(Verdict.RESET, reported=reported, query=queries[0])
        for step in result.steps:
            on_step(data.user(), step.id, step)
        return [await self._give("check", result)]

    async def plan_reset(self, _user_id: str, overrule: str = "") -> Any:
        self.overrule = overrule
        return await self._give("plan_reset", data.plan())

    async def reset(self, _user_id: str, *, overrule: str = "", on_progress: Any, on_result: Any) -> Any:
        self.overrule = overrule
        await asyncio.shield(asyncio.ensure_future(self._press()))
        on_progress("under way", 2)
        await self._give("follow", None)
        for result in self.answers.get("after", [data.check(Verdict.NO_FAULT_FOUND)]):
            on_result(result)
        return data.reset()

    async def _press(self) -> None:
        self.pressing = True
        await asyncio.sleep(self.press_seconds)
        self.pressed = True
        self.over.set()

    async def resume(self, _write_id: int, on_progress: Any, on_result: Any) -> Any:
        return await self.reset("", on_progress=on_progress, on_result=on_result)

    def drop(self, _write_id: int) -> None:
        self.writes = ()

    async def look_again(self) -> Any:
        return data.AGAIN

    async def packet(self, user_id: str) -> Any:
        return f"# Packet of {user_id}\n"

    async def record_reset(self, user_id: str, *, done: bool, overrule: str) -> Any:
        return await self._give("recorded", data.reset(Outcome.DONE if done else Outcome.FAILED))

    async def proof_samples(self, _user_id: str) -> Any:
        return data.SAMPLES

    def answer_proof(self, answers: dict[str, bool]) -> bool:
        return all(answers.values())

    async def aclose(self) -> None:
        if self.pressing:
            await self.over.wait()
        self.closed = True

    def close(self) -> None:
        self.shut = True


class Room:
    """An engine room on a fake session, with ears."""

    def __init__(self) -> None:
        self.session = FakeSession()
        self.heard: list[Any] = []
        opened = Opened(cast(Any, self.session), cast(Any, self.session))
        self.engine = EngineRoom(lambda: Path("x.toml"), self.heard.append, opener=lambda _path: opened).start()

    def wait(self, kind: type, seconds: float = 20) -> Any:
        """The first event of that kind."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for event in list(self.heard):
                if isinstance(event, kind):
                    return event
            time.sleep(0.005)
        raise AssertionError(f"no {kind.__name__} in {self.heard}")

    def until(self, what: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end
            time.sleep(0.005)

    def stopped_within(self, seconds: float, *, deadline: float = 0) -> None:
        """Stop it; on a busy machine the thread may need a second look at what it is to leave."""
        start = time.monotonic()
        assert self.engine.stop(deadline) or self.engine.stop(patient(seconds))
        assert time.monotonic() - start < patient(seconds)


@pytest.fixture
def engine() -> Iterator[Room]:
    made = Room()
    yield made
    made.engine.stop(0)


def test_it_works_in_a_thread_of_its_own_that_is_no_daemon(engine: Room) -> None:
    ticket = engine.engine.ask(room.Connect())
    assert engine.wait(room.Connecting) == room.Connecting(ticket, "acme.my.salesforce.com")
    assert engine.wait(room.Connected) == room.Connected(ticket, data.ORG)
    assert engine.session.thread == "engine room"
    assert next(thread for thread in threading.enumerate() if thread.name == "engine room").daemon is False


def test_asking_never_waits(engine: Room) -> None:
    engine.session.answers["connect"] = "hang"
    start = time.monotonic()
    tickets = [engine.engine.ask(room.Connect()) for _ in range(100)]
    assert time.monotonic() - start < patient(0.5)
    assert tickets == sorted(set(tickets))


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (room.LoadOverview(), room.OverviewLoaded),
        (room.LoadErrors(), room.ErrorsLoaded),
        (room.FindUsers("ann"), room.UsersFound),
        (room.PlanReset("005"), room.ResetPlanned),
        (room.LoadProof("005"), room.ProofLoaded),
        (room.LoadLookAgain(), room.LookAgainLoaded),
        (room.RecordReset("005", done=True), room.ResetDone),
        (room.AnswerProof((("005", True),)), room.ProofRecorded),
        (room.DropWrite(7), room.Unfinished),
    ],
)
def test_every_request_is_answered_with_its_ticket(request_: room.Request, kind: type, engine: Room) -> None:
    engine.engine.ask(room.Connect())
    ticket = engine.engine.ask(request_)
    assert engine.wait(kind).ticket == ticket


def test_an_overview_comes_in_stages_of_one_ticket(engine: Room) -> None:
    ticket = engine.engine.ask(room.LoadOverview())
    engine.until(lambda: sum(isinstance(event, room.OverviewLoaded) for event in engine.heard) == 2)
    loaded = [event for event in engine.heard if isinstance(event, room.OverviewLoaded)]
    assert [(event.ticket, event.overview.stage) for event in loaded] == [
        (ticket, Stage.ANSWERED),
        (ticket, Stage.WHOLE),
    ]


def test_an_unfinished_write_is_told_after_the_login(engine: Room) -> None:
    engine.session.writes = (data.WRITE,)
    engine.engine.ask(room.Connect())
    assert engine.wait(room.Unfinished).writes == (data.WRITE,)


def test_a_check_streams_plan_steps_and_result(engine: Room) -> None:
    ticket = engine.engine.ask(room.CheckUser("005", True))
    done = engine.wait(room.CheckDone)
    known = engine.wait(room.RecordsLoaded)
    remembered = engine.wait(room.PastLoaded)
    kinds = [type(event) for event in engine.heard]
    assert kinds == [room.StepsPlanned, *[room.StepDone] * 6, room.CheckDone, room.PastLoaded, room.RecordsLoaded]
    assert {event.ticket for event in engine.heard[:-2]} == {ticket}
    assert known.records == data.records(Verdict.RESET)
    assert remembered.users == (data.past(),)
    assert done.result.reported is True


def test_a_check_is_told_of_the_complaint_and_of_a_retry(engine: Room) -> None:
    complaint = Complaint(Missing.CONTACTS, Direction.GOOGLE_TO_SALESFORCE)
    engine.engine.ask(room.CheckUser("005", complaint=complaint, retry=True))
    engine.wait(room.CheckDone)
    assert engine.session.asked == {"complaint": complaint, "retry": True}


def test_a_packet_is_written_for_its_owner_alone_and_over_nothing_unasked(engine: Room, tmp_path: Path) -> None:
    file = tmp_path / "packet.md"
    ticket = engine.engine.ask(room.SavePacket("005", str(file)))
    assert engine.wait(room.PacketSaved) == room.PacketSaved(ticket, str(file))
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777) == ("# Packet of 005\n", 0o600)
    ticket = engine.engine.ask(room.SavePacket("006", str(file)))
    assert engine.wait(room.FileExists) == room.FileExists(ticket, str(file))
    assert file.read_text("utf-8") == "# Packet of 005\n"
    ticket = engine.engine.ask(room.SavePacket("006", str(file), replace=True))
    engine.until(lambda: room.PacketSaved(ticket, str(file)) in engine.heard)
    assert file.read_text("utf-8") == "# Packet of 006\n"
    engine.engine.ask(room.SavePacket("007", str(tmp_path / "no" / "such" / "folder.md")))
    assert "folder.md" in engine.wait(room.Failed).sentence


def test_a_reset_by_hand_is_recorded_then_the_user_is_checked(engine: Room) -> None:
    ticket = engine.engine.ask(room.RecordReset("005", done=False))
    assert engine.wait(room.ResetDone).result.outcome is Outcome.FAILED
    assert engine.wait(room.CheckDone).ticket == ticket


def test_a_reset_by_hand_is_not_checked_where_the_page_cannot_be_read(engine: Room) -> None:
    engine.session.answers["recorded"] = replace(data.reset(), unread=True)
    ticket = engine.engine.ask(room.RecordReset("005", done=True))
    engine.wait(room.RecordsLoaded)
    assert [(type(event), event.ticket) for event in engine.heard] == [
        (room.ResetDone, ticket),
        (room.PastLoaded, 0),
        (room.RecordsLoaded, 0),
    ]


def test_a_name_that_fits_nobody_fails_with_the_sentence(engine: Room) -> None:
    engine.session.answers["check"] = Resolution("x", problem="Nobody is called x.")
    engine.engine.ask(room.CheckUser("x"))
    assert engine.wait(room.Failed).sentence == "Nobody is called x."


def test_of_people_with_one_name_one_may_be_picked(engine: Room) -> None:
    engine.session.answers["resolve"] = [Resolution("x", problem="Two are called x.")]
    engine.session.answers["named"] = [data.user(0), data.user(1)]
    engine.engine.ask(room.FindUsers("x"))
    found = engine.wait(room.UsersFound)
    assert len(found.users) == 2
    assert found.problem == "Two are called x."


def test_a_service_that_refuses_the_login_becomes_a_finding_with_its_fix(engine: Room) -> None:
    engine.session.answers["connect"] = ServiceError("salesforce.auth.bad_client", "invalid_client_id")
    engine.engine.ask(room.Connect())
    finding = engine.wait(room.NotConnected).finding
    assert finding.cause == "salesforce.auth.bad_client"
    assert finding.status is Status.FAIL
    assert finding.fix


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ServiceError("salesforce.api.limit", "No calls are left."), "No calls are left."),
        (LookupError("There is no such user."), "There is no such user."),
        (ZeroDivisionError("oops Bearer abcdefghijkl"), "a fault of its own"),
    ],
)
def test_whatever_goes_wrong_becomes_a_sentence(error: Exception, sentence: str, engine: Room) -> None:
    engine.session.answers["overview"] = error
    engine.engine.ask(room.LoadOverview())
    failed = engine.wait(room.Failed)
    assert sentence in failed.sentence
    assert "abcdefghijkl" not in failed.sentence


def test_calls_come_in_bursts(engine: Room) -> None:
    engine.engine.ask(room.Connect())
    engine.wait(room.Connected)
    for _ in range(50):
        engine.engine._loop.call_soon_threadsafe(cast(Any, engine.session.http.on_call), data.CALLS[0])
    assert engine.wait(room.Called).calls == data.CALLS
    time.sleep(0.4)
    assert sum(isinstance(event, room.Called) for event in engine.heard) == 1


def test_a_check_is_cancelled(engine: Room) -> None:
    engine.session.answers["check"] = "hang"
    ticket = engine.engine.ask(room.CheckUser("005"))
    engine.wait(room.StepDone)
    engine.engine.cancel(ticket)
    engine.until(lambda: engine.session.cancelled == 1)
    assert not any(isinstance(event, room.Failed | room.CheckDone) for event in engine.heard)


def test_a_reset_reports_its_end_then_the_check_that_verifies_it(engine: Room) -> None:
    engine.session.press_seconds = 0.1
    ticket = engine.engine.ask(room.StartReset("005"))
    assert engine.engine.writing
    done = engine.wait(room.CheckDone)
    assert [type(event) for event in engine.heard][:10] == [
        room.ResetProgress,
        room.ResetDone,
        room.StepsPlanned,
        *[room.StepDone] * 6,
        room.CheckDone,
    ]
    assert {event.ticket for event in engine.heard[:10]} == {ticket}
    assert done.result.judgement.verdict is Verdict.NO_FAULT_FOUND
    assert not engine.engine.writing


def test_the_report_comes_with_what_the_journal_knows_and_when_it_was_read_before(engine: Room) -> None:
    engine.engine.ask(room.LoadErrors())
    first = engine.wait(room.PastLoaded)
    assert first.read_before == data.report().read_at - timedelta(days=1)
    assert first.open_days == 30


def test_a_journal_that_cannot_be_read_takes_no_report_away_and_is_said(engine: Room) -> None:
    engine.session.answers["pasts"] = JournalError("The journal is locked.")
    engine.engine.ask(room.LoadErrors())
    assert engine.wait(room.ErrorsLoaded)
    said = engine.wait(room.Failed)
    assert (said.ticket, said.sentence) == (0, "The journal is locked.")


def test_an_acknowledgement_is_kept_and_answered_with_what_is_known_now(engine: Room) -> None:
    ticket = engine.engine.ask(room.Acknowledge(("005",), "known", data.NOW))
    assert engine.wait(room.PastLoaded).ticket == ticket
    assert engine.session.acknowledged == [(("005",), "known", data.NOW)]


def test_nothing_is_acknowledged_for_somebody_who_cannot_be_found(engine: Room) -> None:
    engine.session.answers["acknowledge"] = LookupError("Nobody is called so.")
    ticket = engine.engine.ask(room.Acknowledge(("Nobody",), "", data.NOW))
    said = engine.wait(room.Failed)
    assert (said.ticket, said.sentence) == (ticket, "Nobody is called so.")


def test_many_are_checked_in_one_go_and_who_was_not_found_is_said(engine: Room) -> None:
    ticket = engine.engine.ask(room.CheckMany(("a", "b", "c")))
    assert engine.wait(room.ManyDone).problems == ("Nobody is called so.",)
    checked = [event for event in engine.heard if isinstance(event, room.Checked)]
    assert [event.result.query for event in checked] == ["a", "b"]
    assert {event.ticket for event in checked} == {ticket}
    assert engine.wait(room.PastLoaded).users == (data.past(),)


def test_a_reset_that_made_no_check_is_verified_by_one(engine: Room) -> None:
    engine.session.answers["after"] = []
    engine.engine.ask(room.ResumeWrite(7))
    assert engine.wait(room.CheckDone).result.judgement.verdict is Verdict.RESET


def test_the_reason_for_overruling_reaches_the_triage(engine: Room) -> None:
    engine.engine.ask(room.PlanReset("005", "because"))
    engine.wait(room.ResetPlanned)
    assert engine.session.overrule == "because"
    engine.engine.ask(room.StartReset("005", "all the same"))
    engine.wait(room.ResetDone)
    assert engine.session.overrule == "all the same"


def test_a_write_is_not_cancelled(engine: Room) -> None:
    engine.session.press_seconds = 0.1
    ticket = engine.engine.ask(room.StartReset("005"))
    engine.engine.cancel(ticket)
    assert engine.wait(room.ResetDone).result.outcome is Outcome.DONE


def test_it_stops_within_a_second_while_checks_run(engine: Room) -> None:
    engine.session.answers["check"] = "hang"
    for _ in range(500):
        engine.engine.ask(room.CheckUser("005"))
    engine.until(lambda: engine.session.thread != "" and len(engine.engine._tasks) == 500)
    engine.stopped_within(1)
    assert engine.session.closed
    assert engine.session.shut


def test_a_reset_that_is_only_watched_is_left_at_once(engine: Room) -> None:
    engine.session.answers["follow"] = "hang"
    engine.engine.ask(room.StartReset("005"))
    engine.wait(room.ResetProgress)
    engine.stopped_within(1, deadline=10)
    assert engine.session.pressed


def test_a_press_on_its_way_is_waited_for(engine: Room) -> None:
    engine.session.press_seconds = 0.6
    engine.engine.ask(room.StartReset("005"))
    engine.until(lambda: engine.session.pressing)
    assert engine.engine.stop(5)
    assert engine.session.pressed
    assert engine.session.shut


def test_a_press_that_never_ends_does_not_hold_the_end_up_for_ever(engine: Room) -> None:
    engine.session.press_seconds = 60
    engine.engine.ask(room.StartReset("005"))
    engine.until(lambda: engine.session.pressing)
    engine.stopped_within(2, deadline=0.5)


def test_after_the_end_nothing_comes_of_a_request(engine: Room) -> None:
    assert engine.engine.stop(0)
    assert engine.engine.ask(room.Connect()) > 0
    assert engine.engine.stop(0)
    assert engine.heard == []


def test_a_look_up_that_hangs_does_not_hold_up_the_end(engine: Room) -> None:
    async def look_up(_on_stage: object) -> None:
        await asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)

    engine.session.overview = look_up  # type: ignore[method-assign]
    engine.engine.ask(room.LoadOverview())
    engine.until(lambda: any(thread.name == "look-up" for thread in threading.enumerate()))
    engine.stopped_within(1)


def test_a_broken_config_file_is_told_with_every_problem(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[salesforce]\ndomain = 7\n[triage]\nopen_dayz = 3\n")
    with pytest.raises(NotOpenedError) as caught:
        open_session(config)
    finding = caught.value.finding
    assert finding.phase is Phase.ACCESS
    assert len(finding.fix) > 1
    assert any("open_dayz" in problem for problem in finding.fix)


def test_a_practice_org_that_does_not_start_is_told() -> None:
    heard: list[Any] = []

    def locate() -> Path:
        raise RuntimeError("The practice org did not start: no port.")

    engine = EngineRoom(locate, heard.append).start()
    engine.ask(room.Connect())
    end = time.monotonic() + 20
    while not heard and time.monotonic() < end:
        time.sleep(0.01)
    engine.stop(0)
    assert heard[0].finding.summary == "The practice org did not start: no port."
