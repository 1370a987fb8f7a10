"""Taking things away: the copy menu, links, the pager, a list in a file."""

from __future__ import annotations

import webbrowser
from typing import Any

import pytest

from screens import engine as room
from screens.pieces import Copy, keyed, links_in
from tests.console import data
from tests.console.conftest import Driven, Open

LONG = "https://acme.my.salesforce.example/lightning/setup/page?address=" + "x" * 150


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent to the terminal's clipboard."""
    texts: list[str] = []
    monkeypatch.setattr("textual.app.App.copy_to_clipboard", lambda _app, text: texts.append(text))
    return texts


def one_row(**changes: Any) -> dict[str, Any]:
    return {"LoadErrors": lambda t, _r: [room.ErrorsLoaded(t, data.report(rows=(data.row(0, **changes),)))]}


async def test_the_copy_menu_of_an_error_offers_its_pieces_and_shows_what_was_sent(
    console: Open, sent: list[str]
) -> None:
    async with console() as driven:
        await driven.press("2", "y")
        assert "e error text" in driven.flat
        assert "i id" in driven.flat
        await driven.press("e")
        assert sent == [data.TEXTS[0]]
        assert "If nothing arrives, select this:" in driven.grid
        assert data.TEXTS[0].replace(" ", "") in driven.grid.replace("\n", "").replace(" ", "")
        await driven.press("escape")
        assert "select this" not in driven.grid
        assert driven.shown == "errors"


async def test_a_menu_that_does_not_fit_the_foot_line_is_a_list_above_it(console: Open, sent: list[str]) -> None:
    async with console((60, 24)) as driven:
        await driven.press("2", "y")
        assert driven.app.front is not None
        assert driven.app.front.sheet.open
        for name in ("error text", "name", "id", "whole line", "whole record"):
            assert name in driven.grid
        await driven.press("j")  # no letter of the menu: it stays
        assert driven.app.front.sheet.open
        await driven.press("i")
        assert sent == [data.user(0).id]


async def test_a_key_puts_the_shown_text_away_and_still_works(console: Open, sent: list[str]) -> None:
    async with console() as driven:
        await driven.press("2", "y", "e", "at")
        assert driven.shown == "log"
        await driven.press("escape")
        assert "select this" not in driven.grid


async def test_a_call_is_shown_whole(console: Open) -> None:
    async with console() as driven:
        await driven.press("2", "at", "enter")
        assert driven.app.front is not None
        shown = driven.app.front.sheet.text
        call = driven.app.store.calls[-1]
        for part in ("Google", call.method, "none", f"{call.ms:,} ms"):
            assert part in shown
        assert f"\n{call.path}" in shown


async def test_a_long_value_is_shown_whole_from_the_edge_on(console: Open, sent: list[str]) -> None:
    async with console(**one_row(text=LONG)) as driven:
        await driven.press("2", "y", "e")
        assert LONG in "".join(line for line in driven.grid.splitlines())
        assert any(line.startswith("https://acme.my") for line in driven.grid.splitlines())


async def test_what_is_copied_is_harmless_and_holds_no_secret(console: Open, sent: list[str]) -> None:
    async with console(**one_row(text="\x1b]52;c;ZXZpbA==\x07 Bearer abcdefghijklmnop")) as driven:
        await driven.press("2", "y", "e")
        assert len(sent) == 1
        assert "\x1b" not in sent[0]
        assert "abcdefghijklmnop" not in sent[0]


async def test_a_link_is_shown_whole_copied_and_never_opened(
    console: Open, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url, *_rest, **_named: opened.append(url))
    async with console(**one_row(text=f"See {LONG}.")) as driven:
        await driven.press("2", "o")
        assert sent == [LONG]
        assert LONG in driven.grid.replace("\n", "")
        driven.app.open_url("https://example.com/elsewhere")
        await driven.rest()
        assert sent[1:] == ["https://example.com/elsewhere"]
        assert "https://example.com/elsewhere" in driven.grid
    assert opened == []


async def test_a_terminal_that_can_gets_a_link_to_follow(
    console: Open, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    async with console(**one_row(text=f"See {LONG}.")) as driven:
        await driven.press("2", "o")
        assert _links_drawn(driven) == {LONG}
    monkeypatch.setenv("TERM", "linux")
    async with console(**one_row(text=f"See {LONG}.")) as driven:
        await driven.press("2", "o")
        assert _links_drawn(driven) == set()


def _links_drawn(driven: Driven) -> set[str]:
    strips = driven.app.screen._compositor.render_strips()
    return {segment.style.link for strip in strips for segment in strip if segment.style and segment.style.link}


async def test_several_links_are_all_shown_and_a_number_copies_one(console: Open, sent: list[str]) -> None:
    async with console(**one_row(text="https://a.example/1 and https://b.example/2.")) as driven:
        await driven.press("2", "o")
        assert "https://a.example/1" in driven.grid
        assert "https://b.example/2" in driven.grid
        assert sent == []
        await driven.press("2")
        assert sent == ["https://b.example/2"]
        assert driven.shown == "errors"


async def test_where_there_is_nothing_to_take_that_is_said(console: Open, sent: list[str]) -> None:
    nothing = {"LoadErrors": lambda t, _r: [room.ErrorsLoaded(t, data.report(0))]}
    async with console(**nothing) as driven:
        await driven.press("2", "y")
        assert "nothing to copy" in driven.grid
        await driven.press("o")
        assert "no link under the cursor" in driven.grid
        await driven.press("1", "E")
        assert "no list here" in driven.grid


async def test_where_the_terminal_cannot_be_lent_the_pager_says_so(
    console: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", "cat")
    async with console() as driven:
        await driven.press("2", "e")
        assert "cannot be lent to a pager" in driven.flat


@pytest.mark.parametrize(
    ("pager", "said"), [("no-such-pager -R", "PAGER names no-such-pager"), ("", "There is no pager here")]
)
async def test_without_a_pager_that_is_said(
    pager: str, said: str, console: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", pager)
    monkeypatch.setenv("PATH", "")
    async with console() as driven:
        await driven.press("2", "e")
        assert said in driven.flat


async def test_the_pager_gets_every_row_and_every_detail(console: Open) -> None:
    async with console() as driven:
        await driven.press("2")
        assert driven.app.front is not None
        text = driven.app.front.page_text()
        assert text.count("FIELD_CUSTOM_VALIDATION_EXCEPTION") == 20
        assert all(len(line) == len(line.rstrip()) for line in text.splitlines())
        await driven.press("1")
        overview = driven.app.front.page_text()
        assert "register https://www.googleapis.com as a remote site" in " ".join(overview.split())


async def test_a_list_is_written_by_the_engine_where_it_was_asked_to(console: Open) -> None:
    written = {"WriteFile": lambda t, r: [room.FileWritten(t, r.path, len(list(r.rows())))]}
    async with console(**written) as driven:
        await driven.press("2", "slash")
        await driven.type("chen")
        await driven.press("enter", "E")
        assert "~/errors-acme-practice-20261122-1300.csv" in driven.grid
        await driven.press("enter")
        _ticket, request = driven.engine.last(room.WriteFile)
        assert request.path == "~/errors-acme-practice-20261122-1300.csv"
        assert not request.replace
        assert request.headings[:4] == ("id", "at", "user_id", "user_name")
        assert {row[3] for row in request.rows()} == {"Chen Wei"}
        assert "12 rows written to" in driven.grid


@pytest.mark.parametrize(("answer", "writes"), [("y", 2), ("n", 1), ("enter", 1)])
async def test_a_file_that_exists_is_replaced_only_after_a_yes(answer: str, writes: int, console: Open) -> None:
    def write(ticket: int, request: room.WriteFile) -> list[room.Event]:
        if request.replace:
            return [room.FileWritten(ticket, request.path, 60)]
        return [room.FileExists(ticket, "/home/ann/x.csv")]

    async with console(WriteFile=write) as driven:
        await driven.press("2", "E", "enter")
        assert "/home/ann/x.csv exists already. Replace it?" in driven.grid
        await driven.press(answer)
        assert driven.engine.count(room.WriteFile) == writes
        assert ("60 rows written" in driven.grid) == (writes == 2)


async def test_why_a_file_could_not_be_written_is_said(console: Open) -> None:
    async with console(WriteFile=lambda t, _r: [room.Failed(t, "No space left on the device.")]) as driven:
        await driven.press("2", "E", "enter")
        assert "No space left on the device." in driven.grid


def test_the_letters_of_a_menu() -> None:
    menu = keyed([Copy("id", "1"), Copy("id", "2"), Copy("id", "2"), Copy("name", ""), Copy("link", "https://x")])
    assert {key: copy.text for key, copy in menu.items()} == {"i": "1", "1": "2", "o": "https://x"}


def test_links_end_where_the_sentence_goes_on() -> None:
    assert links_in("Scope: https://www.googleapis.com/auth/calendar") == ()
    assert links_in("See https://a.b/c?d=e, (https://f.g/h). https://a.b/c?d=e") == (
        "https://a.b/c?d=e",
        "https://f.g/h",
    )
