"""Draws the pictures of the console: the real program on the practice org, driven by keys, at a fixed moment.

    python docs/screenshots.py              the README's pictures, into docs/pictures
    python docs/screenshots.py --all DIR    every screen and state, each size, look and language, into DIR

It needs the extra `docs` (`pip install -e '.[docs]'`); where resvg-py is installed, --all writes a PNG beside each SVG.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import multiprocessing
import os
import re
import signal
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import time_machine
from stories import ALL, README, Connected, Down, Paste, Person, Shot, Step, Story, Text
from textual import events
from textual.pilot import Pilot

import translate
from screens import engine as room
from screens import glyphs
from screens.console import Console, Welcome
from screens.widgets.document import Document
from tui import words
from tui.engine_room import EngineRoom
from tui.look import Look
from tui.sandbox.options import Options

DOCS = Path(__file__).resolve().parent
MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PORT = 8437
SIZES = ("80x24", "120x40", "200x60")
LANGUAGES = ("en", "fr")
LOOKS = {
    "dark": Look(theme="dark"),
    "light": Look(theme="light"),
    "ansi": Look(theme="ansi"),
    "ascii": Look(theme="dark", ascii=True),
    "nocolor": Look(),
}
WORN = ("dark", "light", "ansi")
"""Looks that one console can wear in turn; the others are there from its start."""
SMALL = (50, 12)
PATIENCE = 60.0
CHARACTERS = {"slash": "/", "colon": ":", "at": "@", "question_mark": "?", "space": " ", "plus": "+", "minus": "-"}
NAMES = {character: name for name, character in CHARACTERS.items()} | {".": "full_stop"}
FONT = re.compile(r"\s*@font-face \{.*?\}\n", re.DOTALL)
"""Of a picture: it asks for a font from the network. The terminal's own will do."""


def _serve(options: Options) -> None:
    """The practice org, in a process of its own that ends with this one, at the moment of the pictures."""
    from tui.sandbox import serve

    def follow() -> None:
        if (parent := multiprocessing.parent_process()) is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, daemon=True).start()
    with time_machine.travel(MOMENT, tick=False), redirect_stdout(io.StringIO()):
        serve.run(options)


@contextmanager
def practice(options: Options) -> Iterator[Path]:
    """The folder of a practice org that runs."""
    with tempfile.TemporaryDirectory(prefix="passerelle-pictures-") as folder:
        served = replace(options, dir=Path(folder) / "org")
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(served,), daemon=True)
        process.start()
        until = time.monotonic() + PATIENCE
        while not (Path(folder) / "org" / "config.toml").exists():
            if not process.is_alive() or time.monotonic() > until:
                raise click.ClickException(f"The practice org did not start; is port {options.port} taken?")
            time.sleep(0.05)
        try:
            yield Path(folder) / "org"
        finally:
            process.terminate()
            process.join()


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen in a state, in a look, at a size."""

    shot: str
    look: str
    size: str
    svg: str

    @property
    def png(self) -> bytes:
        """The same drawn; empty where the renderer is not installed."""
        try:
            import resvg_py
        except ImportError:
            return b""
        font = "DejaVu Sans Mono"
        return bytes(resvg_py.svg_to_bytes(svg_string=self.svg, font_family=font, monospace_family=font))


class Camera:
    """One console on a practice org, and the hand that presses its keys."""

    def __init__(self, app: Console, pilot: Pilot[Any], org: Path) -> None:
        self.app, self.pilot = app, pilot
        self._users = json.loads((org / "world.json").read_text(encoding="utf-8"))["users"]
        self._settings = tomllib.loads((org / "config.toml").read_text(encoding="utf-8"))
        self._person = ""

    async def press(self, key: str) -> None:
        self.app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
        await self.pilot.pause(0.1)

    async def type(self, text: str) -> None:
        for character in text:
            self.app.post_message(events.Key(NAMES.get(character, character), character))
        await self.pilot.pause(0.1)

    async def find(self, person: Person) -> None:
        await self.settle()
        await self.press("t")
        found = [user for user in self._users if _is(user, person)]
        if not found:
            raise click.ClickException(f"Nobody in this practice org is {person}.")
        self._person = found[0]["name"]
        await self.type(found[0]["email"])
        await self.press("enter")
        await self.until(lambda: any(case.ticket or case.result for case in self.app.store.cases))

    async def down(self, key: str) -> None:
        """Down to that block of the page."""
        page = self.app.screen.query_one(Document)
        for _row in range(page.count):
            if page.current_key == key:
                return
            await self.press("down")
        raise click.ClickException(f"No line {key} below the cursor.")

    @property
    def busy(self) -> bool:
        """Whether something is under way that will change what is shown."""
        store, front = self.app.store, self.app.front
        reading = store.overview.under_way or store.errors.under_way
        under_way = store.connecting or reading or self.app.orgs.changing
        return bool(under_way or (front is not None and front.going_on()))

    async def until(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > until:
                raise click.ClickException(f"Waited in vain on the screen {type(self.app.screen).__name__}.")
            await self.pilot.pause(0.03)

    async def settle(self) -> None:
        """Nothing under way, and nothing new for a moment: the detail follows the cursor a little later."""
        for _twice in range(2):
            await self.until(lambda: not self.busy)
            await self.pilot.pause(0.2)

    async def shots(self, shot: Shot, looks: Sequence[str], sizes: Iterable[tuple[int, int]]) -> list[Picture]:
        """The picture at each size, in each look."""
        taken: list[Picture] = []
        for size in sizes:
            if shot.running and not taken:
                await self.until(lambda: self.busy)
            if size != tuple(self.app.size):
                await self.pilot.resize_terminal(*size)
            await (self.pilot.pause(0.3) if shot.running else self.settle())
            if shot.running and not self.busy:
                raise click.ClickException(f"{shot.name} at {size[0]}x{size[1]}: nothing is under way any more.")
            for look in looks:
                if len(looks) > 1:
                    self.app.wear(look)
                    await self.pilot.pause(0.05)
                svg = self.app.export_screenshot(simplify=True)
                taken.append(Picture(shot.name, look, f"{size[0]}x{size[1]}", FONT.sub("", svg)))
        return taken

    async def take(self, step: Step, *, at_once: bool) -> None:
        """One step; a key waits for what is under way, unless it is to be pressed `at_once`."""
        match step:
            case Text(text=text):
                await self.type(text)
            case Paste(text=text):
                known = text.format(*self._users, person=self._person, **self._settings)
                self.app.post_message(events.Paste(known))
                await self.pilot.pause(0.1)
            case Person():
                await self.find(step)
            case Down(to=key):
                await self.down(key)
            case Connected():
                await self.until(lambda: self.app.store.connected)
            case str():
                if not at_once:
                    await self.until(lambda: not self.busy)
                await self.press(step)


def _is(user: dict[str, Any], person: Person) -> bool:
    after = (user["after_reset"] or {}).get("verdict", "")
    found = user["verdict"] == person.verdict and after == person.after_reset
    return found and (not person.causes or tuple(user["causes"]) == person.causes)


async def tell(story: Story, org: Path, looks: Sequence[str], sizes: Sequence[tuple[int, int]]) -> list[Picture]:
    """Go through a story, and hand back what was taken: keys are pressed at the smallest size, the one designed for."""
    rooms: list[EngineRoom] = []

    def on(config: Path) -> Callable[[Callable[[room.Event], None]], room.Engine]:
        def start(post: Callable[[room.Event], None]) -> room.Engine:
            rooms.append(EngineRoom(lambda: config, post).start())
            return rooms[-1]

        return start

    start, make = on(org / "config.toml"), on(org.parent / ".config" / "passerelle" / "config.toml")
    kind, begin = (Welcome, None) if story.first else (Console, start)
    app = kind(begin, start, make=make, look=LOOKS[looks[0]])
    sizes, taken = [SMALL] if story.narrow else sorted(sizes, reverse=True), []
    try:
        async with app.run_test(size=sizes[-1]) as pilot:
            camera = Camera(app, pilot, org)
            await camera.until(lambda: story.first or app.store.started)
            for before, step in itertools.pairwise((None, *story.steps)):
                if isinstance(step, Shot):
                    taken += await camera.shots(step, looks, sizes)
                elif step is not None:
                    await camera.take(step, at_once=isinstance(before, Shot) and before.running)
    finally:
        for opened in rooms:
            opened.stop(1)
    return taken


def draw(story: Story, language: str, looks: Sequence[str], sizes: Sequence[str]) -> list[Picture]:
    """The pictures of a story, in that language, in each look (one console has them all) at each size."""
    grids = [(int(columns), int(rows)) for columns, _x, rows in (size.partition("x") for size in sizes)]
    try:
        with practice(replace(story.org, lang=language)) as org, time_machine.travel(MOMENT, tick=False):
            _environment(org.parent, no_color="nocolor" in looks)
            words.use(language)
            return asyncio.run(tell(story, org, looks, grids))
    finally:
        glyphs.use(ascii_only=False)


def together(looks: Sequence[str]) -> list[list[str]]:
    """The looks by the console that shows them."""
    worn = [look for look in looks if look in WORN]
    return [*([worn] if worn else []), *([look] for look in looks if look not in WORN)]


def _environment(folder: Path, *, no_color: bool) -> None:
    """The same for everybody who draws: UTC, all colours, no state and no config of their own."""
    os.environ.pop("NO_COLOR", None)
    os.environ |= {"TZ": "UTC", "COLORTERM": "truecolor", "TERM": "xterm-256color", "SSH_AUTH_SOCK": ""}
    os.environ |= {"HOME": str(folder)}
    os.environ |= {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / ".config")}
    if no_color:
        os.environ["NO_COLOR"] = "1"
    time.tzset()


@click.command(help=__doc__)
@click.option("--all", "folder", type=click.Path(path_type=Path), help="Every screen and state, into this folder.")
@click.option("--into", type=click.Path(path_type=Path), default=DOCS / "pictures", help="Where the README's go.")
@click.option("--size", "sizes", multiple=True, metavar="80x24", help="Columns and rows; may be repeated.")
@click.option("--look", "looks", multiple=True, type=click.Choice(list(LOOKS)), help="May be repeated.")
@click.option("--lang", "languages", multiple=True, type=click.Choice(LANGUAGES), help="May be repeated.")
@click.option("--only", multiple=True, metavar="STORY", help="These stories alone; may be repeated.")
@click.option("--port", default=PORT, show_default=True, help="Where the practice org listens; 0: any free port.")
def main(folder: Path | None, into: Path, sizes: tuple[str, ...], looks: tuple[str, ...], languages: tuple[str, ...],
         only: tuple[str, ...], port: int) -> None:  # fmt: skip
    translate.compile_all()
    known = ALL if folder else README
    if unknown := set(only) - {story.name for story in known}:
        raise click.UsageError(f"No such story: {', '.join(sorted(unknown))}.")
    stories = [replace(story, org=replace(story.org, port=port)) for story in known if not only or story.name in only]
    usual = (LANGUAGES, tuple(LOOKS), SIZES) if folder else (LANGUAGES, ("dark",), ("100x30",))
    told = itertools.product(stories, languages or usual[0], together(looks or usual[1]))
    for story, language, worn in told:
        for picture in draw(story, language, worn, sizes or usual[2]):
            parts = (picture.shot, language, picture.look, picture.size) if folder else (picture.shot, language)
            file = (folder or into) / f"{'.'.join(parts)}.svg"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(picture.svg, encoding="utf-8")
            if folder and (png := picture.png):
                file.with_suffix(".png").write_bytes(png)
            click.echo(str(file))


if __name__ == "__main__":
    main()
