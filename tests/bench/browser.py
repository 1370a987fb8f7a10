"""The status of one user: our reading of the page against headless Chromium driving the same page.

Both start from an access token and nothing else. It needs the extra `bench` (Selenium), and Chromium with its driver.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from tests.bench.budget import Measured, at_least, not_measured
from tui import config
from tui.clock import utc_now
from tui.http import Http
from tui.model import User
from tui.salesforce.auth import Auth
from tui.salesforce.client import Salesforce
from tui.salesforce.links import STATUS_PAGE
from tui.salesforce.setup_page import BRIDGE
from tui.salesforce.status_page import CHECK, INPUT
from tui.sandbox import serve

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

WHAT, TIMES, BUDGET = "status of one user, against headless Chromium", 20.0, "at least 20.0x"
ROUNDS = 5
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-quic"),
    *("--disable-background-networking", "--disable-component-update"),
)


def browser() -> Iterator[Measured]:
    """How many times faster, from the token to the answer; beside it, for the next user, with everything open."""
    try:
        import selenium  # noqa: F401 - asked for here, used below
    except ImportError:
        yield not_measured(WHAT, "Selenium is not installed", BUDGET)
        return
    programs = shutil.which("chromium"), shutil.which("chromedriver")
    if not all(programs):
        yield not_measured(WHAT, "no Chromium with its driver", BUDGET)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serve.start(serve.Options(dir=folder)) as running:
            users = _shown(folder)[: ROUNDS + 1]
            ours = [asyncio.run(_ours(running.config, users)) for _round in range(ROUNDS)]
            theirs = [_chromiums(running.config, users, *map(str, programs)) for _round in range(ROUNDS)]
    (we, we_next), (they, they_next) = map(_medians, (ours, theirs))
    more = f" ({we * 1000:.0f} ms; next {they_next / we_next:.0f}x)"
    yield at_least(WHAT, they / we, TIMES, "{:.1f}x", more)


def _shown(folder: Path) -> list[User]:
    """Users of whom the page shows everything, whose names are their own."""
    found = json.loads((folder / "world.json").read_text(encoding="utf-8"))["users"]
    names = [user["name"] for user in found]
    return [
        User(id=user["id"], name=user["name"], email=user["email"], username=user["email"], active=True)
        for user in found
        if user["verdict"] == "no_fault_found" and names.count(user["name"]) == 1
    ]


def _medians(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    first, following = zip(*rounds, strict=True)
    return statistics.median(first), statistics.median(following)


@contextmanager
def _timed(taken: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    taken.append(time.perf_counter() - start)


async def _ours(file: Path, users: list[User]) -> tuple[float, float]:
    """Seconds for the first user, from the token on; the median for each one after."""
    settings = config.load(file)
    taken: list[float] = []
    http = Http()
    try:
        salesforce = Salesforce(settings.salesforce, http)
        await salesforce.connect()
        for user in users:
            with _timed(taken):
                reading = await salesforce.page().status(user)
            assert reading.shown_name == user.name
    finally:
        await http.aclose()
    return taken[0], statistics.median(taken[1:])


def _chromiums(file: Path, users: list[User], chromium: str, driver: str) -> tuple[float, float]:
    """The same through a browser: started, let in by the same bridge, the name typed, the button pressed, the tables
    read."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = chromium
    for argument in ARGUMENTS:
        options.add_argument(argument)
    entrance = _entrance(file)
    taken: list[float] = []
    with _timed(taken):
        open_browser = Chrome(options, ChromeService(driver))
        open_browser.get(entrance)
        _read(open_browser, users[0])
    try:
        for user in users[1:]:
            with _timed(taken):
                _read(open_browser, user)
    finally:
        open_browser.quit()
    return taken[0], statistics.median(taken[1:])


def _entrance(file: Path) -> str:
    """The address by which a browser is let in to the page, once."""
    settings = config.load(file).salesforce

    async def token() -> str:
        http = Http()
        try:
            return await Auth(settings, http, now=utc_now).obtain()
        finally:
            await http.aclose()

    form = {"access_token": asyncio.run(token()), "redirect_uri": STATUS_PAGE}
    return str(httpx.post(f"{settings.domain}{BRIDGE}", data=form).json()["frontdoor_uri"])


def _read(browser: Chrome, user: User) -> None:
    """Ask the page that is open about that user, and read every row of the answer."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.wait import WebDriverWait

    wait = WebDriverWait(browser, 20, poll_frequency=0.005)
    field = wait.until(lambda page: page.find_element(By.ID, INPUT))
    field.clear()
    field.send_keys(user.name)
    browser.find_element(By.CSS_SELECTOR, f"[id$={CHECK}]").click()
    headings = "return [...document.querySelectorAll('h3')].map(heading => heading.innerText)"
    wait.until(lambda page: user.name in page.execute_script(headings))
    rows = browser.execute_script("return [...document.querySelectorAll('tr')].map(row => row.innerText)")
    assert rows
