"""The facts for whoever maintains Passerelle: names, addresses, ids and hosts replaced by placeholders, the same one
for the same thing throughout, so that what belongs together still shows and nobody can be told from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from tui.model import ServiceError
from tui.sanitise import one_line, redact, sanitise
from tui.triage.doctor.facts import Fact, Group
from tui.triage.doctor.org import Seen
from tui.words import N_, _

# Hosts that are the same for everybody say nothing of anybody.
_COMMON = re.compile(
    r"(?:(?:login|test)\.salesforce\.com|(?:[\w-]+\.)*googleapis\.com|(?:accounts|admin|console)\.google\.com"
    r"|console\.(?:cloud|developers)\.google\.com|127\.0\.0\.1|localhost)(?::\d+)?",
    re.IGNORECASE,
)
_TOPS = "com|net|org|io|eu|fr|de|uk|be|ch|ca|lu|example|local|internal|lan|corp"
# What is found by its form, in this order: an address holds a host, a key id looks like an id.
_FORMS_OF_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("host", re.compile(r"(?<=://)[^\s/\"',;)\]]+")),
    ("address", re.compile(r"[\w.+'%-]+@[\w-]+(?:\.[\w-]+)+")),
)
"""Before the known names, which may be parts of them."""
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("host", re.compile(rf"\b(?:[a-z0-9](?:[\w-]*[a-z0-9])?\.)+(?:{_TOPS})\b(?::\d+)?", re.IGNORECASE)),
    ("key", re.compile(r"\b[0-9a-f]{32,64}\b")),
    ("id", re.compile(r"\b(?=\w*\d)[a-zA-Z0-9]{3}[0-9A-Za-z]{12}(?:[A-Z0-5]{3})?\b")),
    ("number", re.compile(r"\b\d{10,}\b")),
    ("path", re.compile(r"(?<![\w.:/])(?:/[\w.@~ -]+){2,}(?=[\s,;)'\"]|$)")),
)
SHORTEST = 3  # a shorter name would be found everywhere
_OWN_PATHS = ("/services/", "/lightning/", "/s2x/", "/secur/")
_GROUPS = {
    Group.HOST: N_("This computer"),
    Group.ORG: N_("What can be read here"),
    Group.ASSUMPTION: N_("Assumptions"),
}


_AS_WRITTEN = ("configuration", "profile")  # whose names may be ordinary words


class Masks:
    """Puts placeholders in place of what would name somebody. `known` is (kind, text) of what has no form of its own,
    such as names."""

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self._given: dict[tuple[str, str], str] = {}
        kinds = {text.strip(): kind for kind, text in known if len(text.strip()) >= SHORTEST}
        self._kinds = {text.casefold(): kind for text, kind in kinds.items()}
        parts = [
            re.escape(text) if kinds[text] in _AS_WRITTEN else f"(?i:{re.escape(text)})"
            for text in sorted(kinds, key=len, reverse=True)
        ]
        self._known = re.compile(rf"(?<![\w<])(?:{'|'.join(parts)})(?!\w)") if parts else None

    def __call__(self, text: str) -> str:
        for kind, form in _FORMS_OF_NAMES:
            text = self._put(kind, form, text)
        if self._known is not None:
            text = self._known.sub(lambda hit: self._for(self._kinds[hit[0].casefold()], hit[0]), text)
        for kind, form in _FORMS:
            text = self._put(kind, form, text)
        return text

    def _put(self, kind: str, form: re.Pattern[str], text: str) -> str:
        return form.sub(lambda hit: hit[0] if _harmless(kind, hit[0]) else self._for(kind, hit[0]), text)

    def _for(self, kind: str, text: str) -> str:
        """The placeholder of that text: numbered by when it was first met, whatever its case. The port of a host and
        the last three characters of an id make no difference."""
        plain = text.casefold()
        key = (kind, plain[:15] if kind == "id" else plain.partition(":")[0] if kind == "host" else plain)
        if key not in self._given:
            number = 1 + sum(1 for known, _text in self._given if known == kind)
            self._given[key] = f"<{kind} {number}>"
        return self._given[key]


def _harmless(kind: str, text: str) -> bool:
    return bool(kind == "host" and _COMMON.fullmatch(text)) or (kind == "path" and text.startswith(_OWN_PATHS))


def known_names(seen: Seen | None, hosts: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """What names this organisation and its people, as far as it was read, and the hosts of the config file."""
    yield from (("host", host) for host in hosts if not _COMMON.fullmatch(host))
    if seen is None:
        return
    if not isinstance(seen.org, ServiceError):
        org = seen.org
        yield from (("organisation", org.name), ("id", org.id), ("id", org.acting_user_id), ("instance", org.instance))
        yield ("address", org.acting_user)
    for person in seen.people:
        yield from (("person", person.name), ("address", person.email), ("address", person.username))
    if seen.errors is not None and not isinstance(seen.errors, ServiceError):
        yield from (("person", row.user_name) for row in seen.errors.rows)
    if seen.overview is not None:
        for configuration in seen.overview.configurations:
            yield ("configuration", configuration.name)
            yield from (("profile", name) for name in configuration.profiles)
        yield from (("person", change.by) for change in seen.overview.changes or ())


def markdown(facts: Sequence[Fact], seen: Seen | None, hosts: Iterable[str], now: datetime) -> str:
    """The report as Markdown in the language in use, redacted and masked; `hosts` (host:port) are masked, too."""
    masks = Masks(known_names(seen, hosts))
    lines = [
        "# " + _("Field report of Passerelle"),
        "",
        _("passerelle {version}, {time} UTC").format(version=_version(), time=f"{now.astimezone(UTC):%Y-%m-%d %H:%M}"),
        "",
        _("Names, addresses, ids and hosts are replaced by placeholders. Read it before you send it."),
    ]
    for group, title in _GROUPS.items():
        lines += ["", f"## {_(title)}", ""]
        for fact in (one for one in facts if one.group is group):
            lines.append(
                f"- **{fact.status.value}** `{fact.id}` {_cell(masks, fact.title)}: {_cell(masks, fact.summary)}"
            )
            if fact.asked:
                lines.append(f"    - {_('asked')}: {_cell(masks, fact.asked)}")
            lines += [
                f"    - {_cell(masks, name)}: {_cell(masks, _plain(value))}" for name, value in fact.answered.items()
            ]
    return redact(sanitise("\n".join(lines), limit=1_000_000)) + "\n"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _cell(masks: Masks, text: str) -> str:
    """One line that breaks no page it is shown on; the placeholders' signs are escaped, too, and show as they are."""
    cleaned = masks(one_line(redact(text), limit=2000))
    for sign in ("\\", "|", "`", "<", "["):
        cleaned = cleaned.replace(sign, f"\\{sign}")
    return cleaned


def _version() -> str:
    try:
        return version("passerelle")
    except PackageNotFoundError:
        return "?"
