"""Two practice orgs, each with a config file of its own: the console goes from the one to the other."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from screens import engine as room
from tests.e2e.terminal import Terminal
from tui.engine_room import EngineRoom
from tui.sandbox import serve


@dataclass(frozen=True)
class Home:
    """A home with the config files `one` and `two`, and one that is broken."""

    config: Path
    state: Path
    org_ids: dict[str, str]

    def checks(self, name: str) -> set[str]:
        """The org ids of the checks in that org's journal."""
        with closing(sqlite3.connect(self.state / "passerelle" / f"journal-{name}.sqlite3")) as journal:
            return {row[0] for row in journal.execute("SELECT org_id FROM checks")}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    made = Home(tmp_path / "c", tmp_path / "s", {})
    folder = made.config / "passerelle"
    folder.mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(made.config))
    monkeypatch.setenv("XDG_STATE_HOME", str(made.state))
    with ExitStack() as stack:
        for seed, name in enumerate(("one", "two"), start=5):
            options = serve.Options(dir=tmp_path / name, users=150, errors=100 + seed, seed=seed)
            running = stack.enter_context(serve.start(options))
            text = running.config.read_text()
            (folder / f"{name}.toml").write_text(text[: text.index("[journal]")] + text[text.index("[ui]") :])
        (folder / "broken.toml").write_text('[salesforce]\ndomain = "acme"\n')
        yield made
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_from_one_org_to_the_other_in_a_terminal(home: Home) -> None:
    with Terminal(["--org", "one", "--write"], environment={"XDG_CONFIG_HOME": str(home.config)}) as terminal:
        terminal.wait_for("Set-up checklist", "WRITE", "PRACTICE", seconds=60)
        terminal.press("2")
        terminal.wait_for("Errors  105", "UserMapping", seconds=30)
        terminal.command("org broken")
        terminal.wait_for("The config file cannot be used", "salesforce.domain", "WRITE")
        terminal.command("org three")
        terminal.wait_for("There is no org three; there are: broken, one, two.")
        terminal.command("org")
        terminal.wait_for("Org (broken, one, two):")
        terminal.type("two")
        terminal.press("enter")
        terminal.wait_for("Set-up checklist", "READ-ONLY", gone="Changing", seconds=40)
        terminal.press("2")
        terminal.wait_for("Errors  106", "UserMapping", seconds=40)
        terminal.press("q")
        assert terminal.wait_end() == 0


@dataclass
class Listener:
    """What an engine says, kept in order."""

    said: list[room.Event] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def post(self, event: room.Event) -> None:
        with self.changed:
            self.said.append(event)
            self.changed.notify_all()

    def wait(self, ticket: int, *kinds: type[room.Event]) -> room.Event:
        """The first event of these kinds that answers the ticket."""

        def found() -> room.Event | None:
            return next((one for one in self.said if isinstance(one, kinds) and one.ticket == ticket), None)

        with self.changed:
            assert self.changed.wait_for(found, 40), self.said
        event = found()
        assert event is not None
        return event


@pytest.fixture
def engine(home: Home) -> Iterator[tuple[EngineRoom, Listener]]:
    listener = Listener()
    running = EngineRoom(lambda: home.config / "passerelle" / "one.toml", listener.post).start()
    yield running, listener
    assert running.stop(5)


def test_each_org_writes_into_its_own_journal(home: Home, engine: tuple[EngineRoom, Listener]) -> None:
    running, listener = engine
    seen: dict[str, str] = {}
    for name in ("one", "two", "one"):
        ticket = running.ask(room.SwitchOrg(name))
        assert isinstance(listener.wait(ticket, room.OrgSwitched, room.Failed), room.OrgSwitched)
        connected = listener.wait(ticket, room.Connected)
        assert isinstance(connected, room.Connected)
        assert seen.setdefault(name, connected.org.id) == connected.org.id
        errors = listener.wait(running.ask(room.LoadErrors()), room.ErrorsLoaded)
        assert isinstance(errors, room.ErrorsLoaded)
        user = next(row.user_id for row in errors.report.rows if row.user_id)
        listener.wait(running.ask(room.CheckUser(user)), room.CheckDone)
    assert len(set(seen.values())) == 2
    assert {name: home.checks(name) for name in seen} == {name: {org} for name, org in seen.items()}


def test_what_was_asked_of_the_former_org_is_given_up(home: Home, engine: tuple[EngineRoom, Listener]) -> None:
    running, listener = engine
    listener.wait(running.ask(room.Connect()), room.Connected)
    late = running.ask(room.LoadErrors())
    ticket = running.ask(room.SwitchOrg("two"))
    listener.wait(ticket, room.Connected)
    behind = running.ask(room.LoadErrors())
    listener.wait(behind, room.ErrorsLoaded)
    after = listener.said[listener.said.index(listener.wait(ticket, room.OrgSwitched)) :]
    assert not [event for event in after if event.ticket == late]


def test_a_write_in_flight_and_a_wrong_name_are_refused(home: Home, engine: tuple[EngineRoom, Listener]) -> None:
    running, listener = engine
    listener.wait(running.ask(room.Connect()), room.Connected)
    for name, words in (("../one", "There is no org"), ("broken", "salesforce.domain"), ("", "There is no org")):
        failed = listener.wait(running.ask(room.SwitchOrg(name)), room.Failed, room.OrgSwitched)
        assert isinstance(failed, room.Failed)
        assert words in failed.sentence
    started = threading.Event()
    answered = asyncio.Event()

    async def hold(_self: EngineRoom, _ticket: int, _request: room.StartReset) -> None:
        started.set()
        await answered.wait()

    from tui.engine_room.answers import ANSWERS

    before = ANSWERS[room.StartReset]
    ANSWERS[room.StartReset] = hold
    try:
        running.ask(room.StartReset("005"))
        assert started.wait(10)
        failed = listener.wait(running.ask(room.SwitchOrg("two")), room.Failed, room.OrgSwitched)
        assert isinstance(failed, room.Failed)
        assert "A reset is under way" in failed.sentence
        running._soon(answered.set)
    finally:
        ANSWERS[room.StartReset] = before
