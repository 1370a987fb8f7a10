"""What Passerelle needs of the computer it runs on. Asks nothing of the network; works with a broken config or none."""

from __future__ import annotations

import locale
import os
import platform
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tui.config import ConfigError, GoogleSettings, GoogleUrls, Settings
from tui.model import Status
from tui.triage.doctor.facts import Fact, Group, fact
from tui.words import _

OLDEST_PYTHON = (3, 11)
PACKAGES = ("passerelle", "textual", "httpx", "google-auth", "simple-salesforce", "lxml", "cryptography", "SQLAlchemy")
_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


def facts(
    settings: Settings | None,
    path: Path,
    problem: ConfigError | None,
    *,
    environment: Mapping[str, str] = os.environ,
    size: tuple[int, int] | None = None,
) -> list[Fact]:
    """Everything about the host. `settings` is None where the config file at `path` has a `problem`; `size` is the
    terminal's (columns, lines), None without one."""
    return [
        _python(),
        _terminal(environment, size),
        _locale(environment),
        _zones(),
        *_config(path, problem),
        *_keys(settings),
        _umask(),
        _hosts(settings),
        _proxy(settings, environment),
        _authorities(settings, environment),
    ]


def _python() -> Fact:
    found = sys.version_info[:3]
    good = found >= OLDEST_PYTHON
    told = _("Python {found}, which is recent enough.") if good else _("Python {found} is too old: 3.11 is needed.")
    return fact(
        Group.HOST,
        "python",
        Status.PASS if good else Status.FAIL,
        _("Python"),
        told.format(found=".".join(map(str, found))),
        "sys.version_info",
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        packages={name: _installed(name) for name in PACKAGES},
    )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def _terminal(environment: Mapping[str, str], size: tuple[int, int] | None) -> Fact:
    seen = {name: environment.get(name, "") for name in ("TERM", "COLORTERM", "NO_COLOR", "TMUX", "STY")}
    title, asked = _("Terminal"), "stdin, stderr, TERM"
    if size is None:
        told = _("Run here without a terminal: every command works, the console does not.")
        return fact(Group.HOST, "terminal", Status.SKIP, title, told, asked, **seen)
    shown = f"{size[0]}x{size[1]}"
    if seen["TERM"] in ("", "dumb", "unknown"):
        told = _("TERM is “{term}”, with which the console cannot draw: set it to what your terminal is.")
        told = told.format(term=seen["TERM"])
        return fact(Group.HOST, "terminal", Status.FAIL, title, told, asked, size=shown, **seen)
    if size < (60, 15) or size[1] < 15:
        told = _("The terminal has {size} cells: the console needs 60x15, and is made for 80x24.").format(size=shown)
        return fact(Group.HOST, "terminal", Status.WARN, title, told, asked, size=shown, **seen)
    colours = _("no colours") if seen["NO_COLOR"] else _("256 colours") if _many(seen) else _("16 colours")
    told = _("The console can be drawn: {size} cells, {colours}.").format(size=shown, colours=colours)
    return fact(Group.HOST, "terminal", Status.PASS, title, told, asked, size=shown, **seen)


def _many(seen: Mapping[str, str]) -> bool:
    return "256" in seen["TERM"] or "direct" in seen["TERM"] or seen["COLORTERM"] in ("truecolor", "24bit")


def _locale(environment: Mapping[str, str]) -> Fact:
    encoding = locale.getpreferredencoding(do_setlocale=False)
    seen = {name: environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")}
    good = encoding.replace("-", "").lower() == "utf8"
    told = (
        _("Text is written in UTF-8.")
        if good
        else _("Text is written in {encoding}: signs and accents are lost. Set LANG, such as en_GB.UTF-8.")
    )
    status = Status.PASS if good else Status.WARN
    return fact(Group.HOST, "locale", status, _("Locale"), told.format(encoding=encoding), "LC_ALL, LANG", **seen)


def _zones() -> Fact:
    try:
        ZoneInfo("Europe/Paris")
    except (ZoneInfoNotFoundError, OSError):
        told = _("This host has no time zone data, so the times of the status page cannot be read: install tzdata.")
        return fact(Group.HOST, "zones", Status.WARN, _("Time zones"), told, "Europe/Paris")
    return fact(Group.HOST, "zones", Status.PASS, _("Time zones"), _("Time zone data is available."), "Europe/Paris")


def _config(path: Path, problem: ConfigError | None) -> Iterator[Fact]:
    title = _("Config file")
    try:
        mode = f"{stat.S_IMODE(path.stat().st_mode):04o}"
    except (OSError, ValueError):
        mode = ""
    asked = str(path)
    if problem is not None:
        told = _("The config file will not do, so no organisation was asked: {problems}")
        told = told.format(problems=" ".join(str(one) for one in problem.problems))
        said = [{"key": one.key, "sentence": one.sentence} for one in problem.problems]
        yield fact(Group.HOST, "config", Status.FAIL, title, told, asked, mode=mode, problems=said)
    elif mode and int(mode, 8) & 0o022:
        told = _("The config file can be changed by other users (mode {mode}): close it with chmod 600.")
        yield fact(Group.HOST, "config", Status.WARN, title, told.format(mode=mode), asked, mode=mode)
    else:
        yield fact(Group.HOST, "config", Status.PASS, title, _("The config file is in order."), asked, mode=mode)


def _keys(settings: Settings | None) -> Iterator[Fact]:
    """The key files: whether they are closed to others was judged when the file was loaded; here are their modes."""
    if settings is None:
        return
    named = {"salesforce": settings.salesforce.key, "google": settings.google.key if settings.google else None}
    modes = {}
    for name, key in named.items():
        if isinstance(key, Path):
            try:
                modes[name] = f"{stat.S_IMODE(key.stat().st_mode):04o}"
            except OSError as error:
                modes[name] = error.strerror or "?"
    told = _("The key files are closed to other users.") if modes else _("No key lies in a file.")
    yield fact(Group.HOST, "keys", Status.PASS, _("Key files"), told, "stat", modes=modes)


def _umask() -> Fact:
    before = os.umask(0o077)
    os.umask(before)
    good = before & 0o077 == 0o077
    told = (
        _("Files that are written are for you alone.") if good else _("Files that are written can be read by others.")
    )
    status = Status.PASS if good else Status.WARN
    return fact(Group.HOST, "umask", status, _("New files"), told, "umask", umask=f"{before:04o}")


# ---- the way out -----------------------------------------------------------------------------------------------------


def hosts(settings: Settings | None) -> list[str]:
    """host:port of every service that is asked, as a firewall needs them; without a config file the usual ones."""
    if settings is None:
        urls: Sequence[str] = ["https://login.salesforce.com", *_urls(GoogleUrls())]
        return ["MY-DOMAIN.my.salesforce.com:443", *dict.fromkeys(map(_host, urls))]
    google: GoogleSettings | None = settings.google
    urls = [settings.salesforce.domain, settings.salesforce.login_url, *(_urls(google.urls) if google else ())]
    return list(dict.fromkeys(map(_host, filter(None, urls))))


def _urls(urls: GoogleUrls) -> list[str]:
    values: dict[str, Any] = urls.model_dump()
    return [str(value) for value in values.values()]


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _hosts(settings: Settings | None) -> Fact:
    proxy = settings.http.proxy if settings else None
    wanted = hosts(settings)
    told = _("The proxy must let these through (CONNECT): {hosts}") if proxy else _("Open in the firewall: {hosts}")
    return fact(
        Group.HOST,
        "hosts",
        Status.PASS,
        _("Hosts"),
        told.format(hosts=", ".join(wanted)),
        "[salesforce] domain, login_url; [google.urls]",
        hosts=wanted,
        proxy=_host(proxy) if proxy else "",
    )


def _proxy(settings: Settings | None, environment: Mapping[str, str]) -> Fact:
    title, asked = _("Proxy"), "[http] proxy"
    named = [name for name in _PROXIES if environment.get(name)]
    if settings is not None and settings.http.proxy:
        told = _("Everything goes through {proxy}.").format(proxy=_host(settings.http.proxy))
        return fact(Group.HOST, "proxy", Status.PASS, title, told, asked)
    if named:
        told = _(
            "The environment names a proxy ({names}), which is not read here: if it is needed, put it into proxy, "
            "section [http] of the config file."
        ).format(names=", ".join(named))
        return fact(Group.HOST, "proxy", Status.SKIP, title, told, asked, environment=named)
    return fact(Group.HOST, "proxy", Status.PASS, title, _("No proxy is used."), asked)


def _authorities(settings: Settings | None, environment: Mapping[str, str]) -> Fact:
    title, asked = _("Certificate authorities"), "[http] ca_file"
    named = [name for name in _TRUST if environment.get(name)]
    if settings is not None and settings.http.ca_file is not None:
        count = settings.http.ca_file.read_bytes().count(b"-----BEGIN CERTIFICATE")
        told = _("The certificates of ca_file ({n}) are trusted beside the usual ones.").format(n=count)
        return fact(Group.HOST, "authorities", Status.PASS, title, told, asked, file=str(settings.http.ca_file))
    if named:
        told = _(
            "The environment names certificates ({names}), which are not read here: if they are needed, put the file "
            "into ca_file, section [http] of the config file."
        ).format(names=", ".join(named))
        return fact(Group.HOST, "authorities", Status.SKIP, title, told, asked, environment=named)
    told = _("The usual certificate authorities are trusted.")
    return fact(Group.HOST, "authorities", Status.PASS, title, told, asked)
