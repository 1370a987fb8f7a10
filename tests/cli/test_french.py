"""The command line in French, on a practice org that speaks French: not one sentence of it is left in English."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tui.sandbox.options import FEWEST_USERS, Options
from tui.sandbox.serve import Running, start

ENGLISH = re.compile(
    r"(?<![\w./@=-])(?:the|this|that|is|are|was|were|be|been|not|and|or|of|with|without|for|from|by|to|in|it|its|has|have"
    r"|can|cannot|could|must|read|written|user|users|yes|file|day|days|unknown|failed|passed|warning|error|errors|see"
    r"|usage|show|give|page|check|reset|found|asked|nobody|somebody|none|all)(?![\w./@=*-])",
    re.IGNORECASE,
)
"""Words that no French sentence has, and that hardly an English one does without."""
NAMED = re.compile(
    r"«[^»]*»|`[^`]*`|\"[^\"]*\"|'[^']*'|https?://\S+|/\S+|--?[a-z][\w-]*|\[[\w.\[\]|-]+\]|\S+@\S+|passerelle( \w+)*"
    r"|[a-z_]+\.[a-z_.]+|\w+_\w+|\b(?:at|user|type|text): |Standard Einstein Activity Capture|ssh-\S+|sf( [a-z]+)+"
)
"""What is called so in every language: quotations, addresses, paths, options, commands, ids, names of products."""
FRENCH_TOO = {"page", "or", "and"}  # « or » and « page » are French; an English "and" stands in names of people's teams


def english(text: str) -> list[str]:
    """The lines that hold an English word, with it."""
    found = []
    for line in text.splitlines():
        words = [word for word in ENGLISH.findall(NAMED.sub(" ", line)) if word.lower() not in FRENCH_TOO]
        if words:
            found.append(f"{words}: {line}")
    return found


@pytest.fixture(scope="module")
def org() -> Iterator[Running]:
    with start(Options(users=FEWEST_USERS, errors=200, lang="fr")) as running:
        yield running


@pytest.mark.parametrize(
    "arguments",
    [
        *((*command, "--help") for command in ((), ("check",), ("errors",), ("reset",), ("support",), ("doctor",))),
        *((*command, "--help") for command in (("overview",), ("config",), ("config", "check"), ("sandbox", "serve"))),
    ],
    ids=" ".join,
)
def test_help(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run("--lang", "fr", *arguments, named=False)
    assert ran.status == 0
    assert "Utilisation\u00a0: passerelle" in ran.out
    assert not english(re.sub(r"(?m)^  [a-z]+ {2,}", "", ran.out))


@pytest.mark.parametrize(
    "arguments",
    [
        ("chek",),
        ("--nonsense",),
        ("check",),
        ("check", "--all", "x"),
        ("reset",),
        ("support", "x"),
        ("config",),
        ("errors", "--since", "hier"),
        ("errors", "--type", "x"),
        ("errors", "--csv", "--json"),
        ("sandbox", "serve", "--port", "x"),
        ("sandbox", "serve", "--users", "1"),
        ("--write", "overview"),
        ("overview", "more"),
        ("errors", "--from", "/nowhere/export.csv"),
        ("--config", "/nowhere/config.toml", "overview"),
        ("--org", "../x", "overview"),
    ],
    ids=" ".join,
)
def test_what_is_asked_wrongly(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run("--lang", "fr", *arguments, named=False)
    assert ran.status == 2
    assert re.search(r"Erreur\u00a0:|Utilisation\u00a0:|\w", ran.err)
    assert not english(re.sub(r"(?m)^  [a-z]+ {2,}", "", ran.out + ran.err))


def test_every_verdict(run: Run, org: Running) -> None:
    world = json.loads((org.dir / "world.json").read_text(encoding="utf-8"))
    some = {(user["verdict"], *user["causes"]): user["id"] for user in world["users"]}
    ran = run("--lang", "fr", "--config", str(org.config), "check", *some.values(), named=False)
    assert ran.status == 1
    assert len(re.findall(r"(?m)^\S ", ran.out)) == len(some)
    assert not english(without_answers(ran.out) + ran.err)


def without_answers(text: str) -> str:
    """The text without what Google and Salesforce said, who speak as they like."""
    return re.sub(r"(?m)(?:a répondu|a refusé|{|error_description|UNABLE_TO|FIELD_).*$", "", text)


def without_ids(text: str) -> str:
    """The text without the ids of what can be read, which stand behind the state."""
    return re.sub(r"(?m)^(\s*\S (?:lisible|réussi|ignoré|dans la Configuration) +)[a-z_]+ ", r"\1", text)


def test_lists_and_doctor(run: Run, org: Running, tmp_path: Path) -> None:
    shared = ("--lang", "fr", "--config", str(org.config))
    for command in (("config", "check"), ("overview",), ("doctor",)):
        ran = run(*shared, *command, named=False)
        assert not english(without_ids(ran.out) + ran.err)
    errors = run(*shared, "errors", named=False)
    assert re.search(r"ouverte +\d\d/\d\d/20\d\d \d\d:\d\d UTC  ", errors.out)
    assert not english(errors.err)
    since = re.search(r"\d\d/\d\d/20\d\d", errors.out)
    assert since is not None
    chosen = run(*shared, "errors", "--since", since[0], named=False)
    assert 0 < len(chosen.out.splitlines()) <= len(errors.out.splitlines())
    user = json.loads((org.dir / "world.json").read_text(encoding="utf-8"))["users"][0]
    packet = tmp_path / "dossier.md"
    assert run(*shared, "support", user["id"], "-o", str(packet), named=False).status in (0, 1)
    assert packet.read_text(encoding="utf-8").startswith("# Dossier de support\u00a0: ")
