"""Starts the practice organisation: in this process (`run`, `serve`), or as a process of its own (`start`)."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tui.sandbox.options import SCENARIOS, Fault, Options, parse_faults
from tui.words import _

if TYPE_CHECKING:
    from tui.sandbox.wire import Wire

__all__ = ["SCENARIOS", "Fault", "Options", "Running", "parse_faults", "run", "serve", "start"]

GOOGLE_CLOCK_AHEAD = timedelta(minutes=17)
START_SECONDS = 60.0


def run(options: Options) -> int:
    """Serves until SIGINT or SIGTERM, and says `ready DIR/config.toml` on stdout when it listens. Returns 0.

    Raises OSError when the port is taken or the folder cannot be written."""
    asyncio.run(serve(options))
    return 0


async def serve(options: Options) -> None:
    """As `run`, inside a loop that runs already; ends when cancelled, too."""
    import uvicorn

    from tui.sandbox.wire import Protocol

    class Server(uvicorn.Server):
        """uvicorn would raise a signal again after the end; here the end is the answer to it."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    leaving = asyncio.Event()
    with _signals(leaving), _folder(options) as folder, _listening(options.port) as listener:
        config = uvicorn.Config(
            application(options, folder, f"http://127.0.0.1:{listener.getsockname()[1]}"),
            http=Protocol,
            ws="none",
            lifespan="off",
            log_level="critical",
            access_log=False,
            date_header=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        server = Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        print(f"ready {folder / 'config.toml'}", flush=True)  # noqa: T201 - the contract's line on stdout
        try:
            await leaving.wait()
        finally:
            server.should_exit = True
            await serving


@contextmanager
def _signals(leaving: asyncio.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set `leaving`, where this thread may catch them."""
    loop = asyncio.get_running_loop()
    caught = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    for number in caught:
        loop.add_signal_handler(number, leaving.set)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)


@contextmanager
def _folder(options: Options) -> Iterator[Path]:
    from tui.sandbox import files

    if options.dir is not None:
        yield files.prepare(options.dir)
        return
    folder = Path(tempfile.mkdtemp(prefix="passerelle-practice-"))
    try:
        yield files.prepare(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    # Named as TCP, or asyncio leaves Nagle's algorithm on, which costs each answer 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(512)
        yield listener


def application(options: Options, folder: Path, base: str) -> Wire:
    """The whole organisation as one application; writes its files into `folder`."""
    from starlette.applications import Starlette

    from tui.sandbox import derive, files
    from tui.sandbox.bridge import Bridge
    from tui.sandbox.google import Google
    from tui.sandbox.keys import Keys
    from tui.sandbox.quirks import quirky, shape
    from tui.sandbox.salesforce import Salesforce
    from tui.sandbox.sessions import Sessions
    from tui.sandbox.wire import Wire
    from tui.sandbox.world import build

    world = build(
        seed=options.seed,
        users=options.users,
        errors=options.errors,
        lang=options.lang,
        scenario=options.scenario,
        now=datetime.now(UTC),
    )
    world = shape(world, options.quirks)
    keys, sessions = Keys.new(world), Sessions(world.org_id)

    def save() -> None:
        files.write_world(folder, derive.whole(world, datetime.now(UTC)))

    save()
    files.write_config(folder, world, keys, base)
    salesforce = Salesforce(world, keys, sessions, base, options.daily_calls)
    bridge = Bridge(world, sessions, base, salesforce.down, save)
    app = Starlette(routes=[*salesforce.routes(), *bridge.routes(), *Google(world, keys).routes()])

    def skew(path: str) -> timedelta:
        ahead = world.scenario == "google.clock.skew" and path.startswith("/google/")
        return GOOGLE_CLOCK_AHEAD if ahead else timedelta()

    return Wire(
        quirky(app, options.quirks), faults=parse_faults(options.faults), latency=options.latency_ms / 1000, skew=skew
    )


@dataclass(slots=True)
class Running:
    """A practice organisation in a process of its own; it also ends when this process does, however it ends."""

    config: Path
    process: subprocess.Popen[str] = field(repr=False)

    @property
    def dir(self) -> Path:
        return self.config.parent

    def stop(self) -> None:
        """Ends it and waits until it has ended. May be called twice."""
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()


def start(options: Options) -> Running:
    """Starts the practice organisation beside this process and waits until it listens.

    The options go over a pipe; when that pipe closes, the process ends. Raises RuntimeError with a sentence."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-m", "tui.sandbox.serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    assert process.stdin is not None  # noqa: S101 - asked for as pipes
    assert process.stdout is not None  # noqa: S101
    assert process.stderr is not None  # noqa: S101
    values = asdict(options) | {"dir": None if options.dir is None else str(options.dir)}
    overdue = threading.Timer(START_SECONDS, process.kill)
    overdue.start()
    try:
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(values) + "\n")
            process.stdin.flush()
        line = process.stdout.readline()
    finally:
        overdue.cancel()
    if line.startswith("ready "):
        return Running(Path(line.removeprefix("ready ").rstrip("\n")), process)
    process.kill()
    why = (process.stderr.read().strip().splitlines() or [_("it ended without a word")])[-1]
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        with suppress(OSError):
            stream.close()
    raise RuntimeError(_("The practice org did not start: {why}.").format(why=why.rstrip(".")))


def _child() -> int:
    """The process that `start` makes: options from the first line of stdin; the end of stdin is the end of it all."""
    values = json.loads(sys.stdin.readline())
    values |= {"dir": None if values["dir"] is None else Path(values["dir"]), "quirks": tuple(values["quirks"])}
    options = Options(**values)

    def follow() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, daemon=True).start()
    try:
        return run(options)
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201 - read by `start`
        return 2


if __name__ == "__main__":
    sys.exit(_child())
