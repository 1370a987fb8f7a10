"""The little of a browser that a page of Setup needs: cookies, redirects, forms. Never leaves the organisation's own
domains, and keeps its cookies (the session) to itself."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree

from tui.http import Answer, Http
from tui.salesforce import errors, hosts
from tui.salesforce.status_page import INPUT, button, parse, parts
from tui.words import _

HOPS = 10
LIMIT = 4 * 1024 * 1024

# A redirect by script or by a meta element, as the frontdoor may answer with.
_SCRIPT = re.compile(
    r"""(?:window|document|top|self|parent)?\.?location(?:\.href)?\s*(?:=|\.replace\s*\(|\.assign\s*\()\s*(["'])(.+?)\1""",
)
_META = re.compile(r"""<meta[^>]+http-equiv=["']?refresh["']?[^>]*url=["']?([^"'>\s]+)""", re.IGNORECASE)
# The page we know, by the ids of its parts; its bare name also stands in its address.
_KNOWN = re.compile(rf"""\bid\s*=\s*["'](?:[^"']*:)?(?:{INPUT}|orgConfigInfo)["']""", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))")

Fields = list[tuple[str, str]]


class OutOfBounds(Exception):  # noqa: N818 - reads as what happened
    """The page led away from the organisation's own domains. The text names the host only."""


class Browser:
    """One browser tab: cookies of its own, and the address it is at. Raises Unreachable, Forbidden, OutOfBounds."""

    def __init__(self, http: Http, instance: str) -> None:
        self._http = http
        self._instance = instance
        self._cookies: dict[tuple[str, str], str] = {}  # (domain, name) -> value; a domain with a dot: its hosts too
        self.url = ""

    async def get(self, url: str) -> Answer:
        """The page at `url`, redirects followed."""
        return await self._follow("GET", url, None, safe=True)

    async def post(self, url: str, fields: Fields, *, safe: bool) -> Answer:
        """The answer to a form, redirects followed. `safe`: posting it twice does no harm."""
        return await self._follow("POST", url, fields, safe=safe)

    async def _follow(self, method: str, url: str, fields: Fields | None, *, safe: bool) -> Answer:
        for _hop in range(HOPS):
            if not hosts.own_page(url, self._instance):
                raise OutOfBounds(
                    _("it leads to {host}, outside the organisation's own domains; that was not followed").format(
                        host=hosts.netloc(url) or "?"
                    )
                )
            answer = await self._http.send(
                method,
                url,
                service=errors.SERVICE,
                hosts=hosts.pinned(url),
                safe=safe,
                headers=self._headers(url),
                form=fields,
                limit=LIMIT,
            )
            self._keep(answer, url)
            self.url = url
            target = elsewhere(answer)
            if target is None:
                return answer
            url = urljoin(url, target)
            if answer.status not in {307, 308}:
                method, fields, safe = "GET", None, True
        raise OutOfBounds(_("it leads in circles"))

    def _headers(self, url: str) -> dict[str, str]:
        host = urlsplit(url).hostname or ""
        pairs = [
            f"{name}={value}"
            for (domain, name), value in self._cookies.items()
            if host == domain or (domain.startswith(".") and f".{host}".endswith(domain))
        ]
        headers = {"accept": "text/html,application/xhtml+xml"}
        return headers | {"cookie": "; ".join(pairs)} if pairs else headers

    def _keep(self, answer: Answer, url: str) -> None:
        """Cookies of the answer: for its own host, or for a domain above it that is no bare suffix."""
        host = urlsplit(url).hostname or ""
        for line in answer.set_cookies:
            pair, *attributes = line.split(";")
            name, _sep, value = (part.strip() for part in pair.partition("="))
            said = {key.strip().lower(): text.strip() for key, _eq, text in (a.partition("=") for a in attributes)}
            wanted = f".{said['domain'].lstrip('.').lower()}" if said.get("domain") else host
            if not name or (wanted != host and not (f".{host}".endswith(wanted) and wanted.count(".") >= 2)):
                continue
            if not value or said.get("max-age") == "0":
                self._cookies.pop((wanted, name), None)
            else:
                self._cookies[wanted, name] = value


def elsewhere(answer: Answer) -> str | None:
    """Where the answer sends a browser on to: a redirect, or a page that holds a redirect by script and is not itself
    the page we know. None where it stays."""
    if answer.status in {301, 302, 303, 307, 308}:
        return answer.headers.get("location") or None
    if answer.status != 200:
        return None
    text = answer.text()
    if _KNOWN.search(text) or re.search(r"<input[^>]+password", text, re.IGNORECASE):
        return None
    if found := _SCRIPT.search(text):
        return _ESCAPE.sub(_unescaped, found[2])
    if found := _META.search(text):
        return entities.unescape(found[1])
    return None


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else found[3]


def form_of(text: str, name: str) -> tuple[etree._Element, etree._Element] | None:
    """The form of the page that holds the name's field, and the pressable button whose id ends in `name`."""
    document = parse(text)
    if document is None:
        return None
    known = parts(document)
    field, pressed = known.get(INPUT), button(known, name)
    if field is None or pressed is None:
        return None
    form = next(field.iterancestors("form"), None)
    if form is None or form.get("method", "get").lower() != "post" or form not in pressed.iterancestors("form"):
        return None
    return form, pressed


def fields_of(form: etree._Element, pressed: etree._Element, name: str) -> Fields:
    """What a browser posts: every field of the form in its order, view state and all, `name` in the name's field, and
    of the buttons only the one that was pressed."""
    fields: Fields = []
    for element in form.iter("input", "select", "textarea", "button"):
        key = element.get("name") or (element.get("id") if element is pressed else None)
        if not key or "disabled" in element.attrib:
            continue
        if element is pressed:
            fields.append((key, element.get("value", "")))
        elif (element.get("id") or "").split(":")[-1] == INPUT:
            fields.append((key, name))
        else:
            fields += [(key, value) for value in _values(element)]
    return fields


def _values(element: etree._Element) -> Iterator[str]:
    if element.tag == "textarea":
        yield "".join(element.itertext())
    elif element.tag == "select":
        options = [option for option in element.iter("option") if "disabled" not in option.attrib]
        chosen = [option for option in options if "selected" in option.attrib]
        if not chosen and "multiple" not in element.attrib:
            chosen = options[:1]
        for option in chosen:
            yield option.get("value", "".join(option.itertext()))
    elif element.tag == "input":
        kind = element.get("type", "text").lower()
        if kind in {"checkbox", "radio"}:
            if "checked" in element.attrib:
                yield element.get("value", "on")
        elif kind not in {"submit", "button", "image", "reset", "file"}:
            yield element.get("value", "")
