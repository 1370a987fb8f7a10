"""Addresses as the config file may name them: https, or http on loopback; no user, no query, nothing hidden in them.

Every function takes the text as it stands in the file, returns it in its normal form, and raises ValueError with a
sentence for the person. No sentence repeats a user or a password that stands in an address.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from tui.sanitise import one_line
from tui.words import _

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PRODUCTION_LOGIN = "https://login.salesforce.com"
SANDBOX_LOGIN = "https://test.salesforce.com"

_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
_VISIBLE = re.compile(
    r"[!-\[\]-~]+"
)  # ASCII without spaces, control characters and the backslash, which browsers read as /
_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")
_DEFAULT_PORTS = {"https": 443, "http": 80}
# Salesforce hosts that serve pages, but no API: ending -> the ending of the same org's API host.
_PAGE_HOSTS = {".lightning.force.com": ".my.salesforce.com", ".my.salesforce-setup.com": ".my.salesforce.com"}
_LOGIN_HOSTS = ("login.salesforce.com", "test.salesforce.com", "www.salesforce.com")


def origin(value: str) -> str:
    """`https://host[:port]`, in lower case, without a slash at the end."""
    parts = _split(value)
    if parts.path not in ("", "/"):
        raise ValueError(
            _("This must be an origin only, without a path: {origin}").format(
                origin=one_line(_origin(parts), limit=200)
            )
        )
    return _origin(parts)


def base(value: str) -> str:
    """An address that paths are put behind: an origin and perhaps a path, without a slash at the end."""
    parts = _split(value)
    return _origin(parts) + parts.path.rstrip("/")


def salesforce(value: str) -> str:
    """The origin of an org's own host (My Domain), the one that serves its API."""
    name = value.strip().lower().removeprefix("https://").removesuffix("/")
    if _WORD.fullmatch(name) and name not in LOOPBACK:  # the name alone, as Setup asks for it on the page My Domain
        raise _not_in_full(f"{name}.my.salesforce.com")
    result = origin(value)
    host = urlsplit(result).hostname or ""
    for ending, right in _PAGE_HOSTS.items():
        if host.endswith(ending):
            raise ValueError(
                _("{host} serves pages, not the API: use the org's My Domain, https://{right}").format(
                    host=one_line(host), right=one_line(host.removesuffix(ending) + right)
                )
            )
    if host in _LOGIN_HOSTS:
        raise ValueError(
            _(
                "{host} is the same for every org: use this org's My Domain, such as https://acme.my.salesforce.com"
            ).format(host=host)
        )
    return result


def audience(domain: str) -> str:
    """The `aud` of a JWT for that My Domain: the login host for sandboxes and scratch orgs, or that for all others."""
    labels = (urlsplit(domain).hostname or "").split(".")
    return SANDBOX_LOGIN if "--" in labels[0] or {"sandbox", "scratch"} & set(labels[1:]) else PRODUCTION_LOGIN


def proxy(value: str) -> str:
    """The address of a proxy. http:// is right for any host here: what passes through it is encrypted end to end."""
    return _origin(_split(value, plain=True))


def _split(value: str, *, plain: bool = False) -> SplitResult:
    text = value.strip()
    if not _VISIBLE.fullmatch(text):
        raise ValueError(
            _("This is not an address: it is empty, or holds spaces or characters that an address cannot have.")
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(_("This is not an address: its host or port cannot be read.")) from None
    if "@" in parts.netloc:
        raise ValueError(_("Leave out the user and password before the @: secrets never go in this file."))
    if parts.scheme not in ("https", "http") or not parts.netloc:
        if "://" not in text and _HOST.fullmatch(text.split("/")[0].split(":")[0].lower()):
            raise _not_in_full(text)
        raise ValueError(_("The address must begin with https://"))
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError(_("Leave out what follows the ? or # of the address."))
    if not host or port == 0 or not (_HOST.fullmatch(host) or _is_ip(host)):
        raise ValueError(_("This is not an address: its host or port cannot be read."))
    if parts.scheme == "http" and not plain and host not in LOOPBACK:
        raise ValueError(
            _("http:// is for this machine only ({loopback}): use https://").format(
                loopback=", ".join(sorted(LOOPBACK))
            )
        )
    return parts


def _not_in_full(rest: str) -> ValueError:
    return ValueError(_("Write the address in full: https://{rest}").format(rest=one_line(rest, limit=200)))


def _origin(parts: SplitResult) -> str:
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host.removesuffix(".")
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}"


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
