"""Which hosts belong to an organisation. Nothing is ever sent elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from tui.http import LOOPBACK

_SUFFIXES = (".salesforce.com", ".force.com", ".salesforce-setup.com", ".visualforce.com")
_LIGHTNING, _MY = ".lightning.force.com", ".my.salesforce.com"


def origin(url: str) -> str:
    """`scheme://host[:port]` of a URL; "" where it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}" if port is not None else f"{parts.scheme}://{host}"


def netloc(url: str) -> str:
    """`host:port` of a URL in lower case, the port always given; "" where it has none."""
    if not origin(url):
        return ""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def pinned(url: str) -> frozenset[str]:
    """The set of hosts for `Http.send` that holds the host of this URL alone."""
    return frozenset({netloc(url)} - {""})


def is_loopback(url: str) -> bool:
    """Whether the URL is on this machine, as the practice org is."""
    return bool(origin(url)) and urlsplit(url).hostname in LOOPBACK


def instance_allowed(instance: str, domain: str) -> bool:
    """Whether the `instance_url` of a token answer may be used: Salesforce's own, or on loopback the same host."""
    if not origin(instance):
        return False
    host = urlsplit(instance).hostname or ""
    if is_loopback(domain):
        return host == urlsplit(domain).hostname
    return urlsplit(instance).scheme == "https" and host.endswith(".salesforce.com")


def own_page(url: str, instance: str) -> bool:
    """Whether a page at `url` belongs to the organisation at `instance`: its own host, or one of the page hosts of the
    same My Domain (Lightning, Setup, Visualforce). On loopback the very same host and port."""
    if not origin(url):
        return False
    if netloc(url) == netloc(instance) and urlsplit(url).scheme == urlsplit(instance).scheme:
        return True
    if is_loopback(instance) or urlsplit(url).scheme != "https" or urlsplit(url).port not in {None, 443}:
        return False
    host, own = urlsplit(url).hostname or "", (urlsplit(instance).hostname or "").split(".")[0]
    first = host.split(".")[0]
    return (first == own or first.startswith(f"{own}--")) and host.endswith(_SUFFIXES)


def lightning(instance: str) -> str:
    """The origin of the same organisation's Lightning pages: my.salesforce.com becomes lightning.force.com."""
    host = urlsplit(instance).hostname or ""
    if host.endswith(_MY):
        return f"https://{host.removesuffix(_MY)}{_LIGHTNING}"
    return origin(instance)
