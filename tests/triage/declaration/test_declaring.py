"""The engine's answers about the declaration, on a real config file and on the practice org."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from screens import engine as room
from tui.config import load
from tui.declaration import Kind, accept
from tui.engine_room.declaring import answer
from tui.journal.store import Journal
from tui.sandbox import serve
from tui.triage.declaration import in_file
from tui.triage.session import Session


@pytest.fixture(scope="module")
def served() -> Iterator[Path]:
    with serve.start(serve.Options(users=150, errors=50)) as running:
        yield running.config


@pytest.fixture
def config(served: Path, tmp_path: Path) -> Path:
    """A config file of one's own for that org (its keys are named by whole paths)."""
    path = tmp_path / "config.toml"
    path.write_bytes(served.read_bytes())
    return path


def ask(config: Path, request: Any, *, session: Any = None) -> Any:
    """What the engine says to that, not connected."""
    return asyncio.run(answer(session or SimpleNamespace(settings=load(config), org=None), 7, request))


def test_what_is_declared_is_read(config: Path) -> None:
    found = ask(config, room.LoadDeclaration()).declaration
    assert [section["name"] for section in found.sections] == [each.name for each in load(config).configurations]
    assert found.path == str(config)
    assert not found.comments


def test_saving_changes_the_file_and_what_counts_from_then_on(config: Path) -> None:
    session = cast(Any, SimpleNamespace(settings=load(config), org=None))
    before = ask(config, room.LoadDeclaration()).declaration.sections
    others = {key: value for key, value in tomllib.loads(config.read_text()).items() if key != "configurations"}
    after = ({**before[0], "active": False}, *before[2:])

    said = ask(config, room.SaveDeclaration(before, after), session=session)

    assert isinstance(said, room.DeclarationSaved)
    assert said.declaration.sections == after
    assert f"Written to {config}" in said.sentence
    assert session.settings.configurations == load(config).configurations
    assert not session.settings.configurations[0].active
    written = tomllib.loads(config.read_text())
    assert written.pop("configurations") == list(after)
    assert written == others

    ask(config, room.SaveDeclaration(after, ()), session=session)
    assert "configurations" not in tomllib.loads(config.read_text())


def test_what_is_wrong_has_its_place_and_nothing_is_written(config: Path) -> None:
    before = ask(config, room.LoadDeclaration()).declaration.sections
    content = config.read_bytes()
    after = ({**before[0], "events": {"direction": "bth"}}, {**before[1], "name": before[0]["name"]}, {"name": ""})

    for request in (room.CheckDeclaration(after), room.SaveDeclaration(before, after)):
        said = ask(config, request)
        assert isinstance(said, room.DeclarationChecked)
        assert [place for place, _sentence in said.problems] == [
            "configurations[0].events.direction",
            "configurations[2].name",
            "configurations[1].name",
        ]
        assert "Did you mean “both”?" in said.problems[0][1]
    assert config.read_bytes() == content
    assert ask(config, room.CheckDeclaration(before)).problems == ()


def test_another_change_of_the_configurations_is_not_lost(config: Path) -> None:
    before = ask(config, room.LoadDeclaration()).declaration.sections
    session = cast(Any, SimpleNamespace(settings=load(config), org=None))
    ask(config, room.SaveDeclaration(before, before[1:]), session=session)

    with pytest.raises(ValueError, match="changed by someone else"):
        ask(config, room.SaveDeclaration(before, before[2:]))
    assert ask(config, room.LoadDeclaration()).declaration.sections == before[1:]


def test_a_change_elsewhere_in_the_file_is_kept(config: Path) -> None:
    before = ask(config, room.LoadDeclaration()).declaration.sections
    config.write_text(config.read_text() + "\n[triage]\nopen_days = 9\n")

    ask(config, room.SaveDeclaration(before, before[1:]))

    assert load(config).triage.open_days == 9
    assert len(load(config).configurations) == len(before) - 1


def test_a_file_that_is_wrong_elsewhere_is_not_edited(config: Path) -> None:
    session = cast(Any, SimpleNamespace(settings=load(config), org=None))
    config.write_text(config.read_text().replace('auth = "jwt"', 'auth = "jtw"'))
    for request in (room.LoadDeclaration(), room.SaveDeclaration((), ())):
        with pytest.raises(ValueError, match=r"jtw|changed by someone else"):
            ask(config, request, session=session)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (room.CompareList((), text="12\n"), "No user and no profile"),
        (room.CompareList((), file="/nowhere/list.csv"), "cannot be used"),
    ],
    ids=["text", "file"],
)
def test_a_list_that_cannot_be_used_is_explained(config: Path, request_: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ask(config, request_)


def test_a_list_that_names_no_configuration_is_asked_about(config: Path) -> None:
    said = ask(config, room.CompareList((), text="ann@acme.example\n"))
    assert isinstance(said, room.ListOpen)
    said = ask(config, room.CompareList((), text="ann@acme.example\n", configuration="New"))
    assert [(each.kind, each.target) for each in said.comparison.differences] == [(Kind.ADDED, "New")]
    assert said.comparison.new == ("New",)
    assert not said.comparison.looked_up


async def test_a_list_is_looked_up_in_the_practice_org(config: Path, tmp_path: Path) -> None:
    """A list of everybody who is declared, by full names, addresses and ids, agrees with the declaration; somebody
    unknown, and a profile's name, are told apart."""
    settings = load(config)
    journal = Journal(f"sqlite:///{tmp_path / 'journal.sqlite3'}", org="x", keep_days=9)
    session = Session(settings, journal)
    try:
        await session.connect()
        declared = in_file.load(config).sections
        home = next(section for section in declared if section["name"] and len(section["users"]) > 5)
        known = {text: user for text in home["users"] for user in (await session.resolve([text]))[0].users}
        lines = [f"{user.name}\t{user.email}\t{user.username}" for user in known.values()]
        text = "\n".join(["Nom complet\tMessagerie\tNom d'utilisateur", *lines, "No Body\tx@nowhere.example\t"])
        asked = room.CompareList(declared, text=text, configuration=home["name"])

        said = await answer(session, 1, asked)

        assert isinstance(said, room.ListCompared)
        assert said.comparison.looked_up
        twice = [section["name"] for section in declared if section != home and {*section["users"]} & {*known}]
        removed, unknown = said.comparison.differences[:-1], said.comparison.differences[-1]
        assert (unknown.kind, unknown.label) == (Kind.UNKNOWN, "No Body")
        assert [name for each in removed for name, _text in each.former] == twice, "who is declared twice, once is left"
        assert said.comparison.unchanged == len(set(known.values())) - len(removed)

        profile = room.CompareList(declared, text="Back Office\n", configuration=home["name"])
        found = await answer(session, 2, profile)
        assert isinstance(found, room.ListCompared)
        [added] = [each for each in found.comparison.differences if each.kind is Kind.ADDED]
        assert (added.profile, added.entry) == (True, "Back Office")
        [changed] = [section for section in accept(declared, [added]) if section not in declared]
        assert changed == {**home, "profiles": [*home["profiles"], "Back Office"]}
    finally:
        await session.aclose()
        journal.close()
