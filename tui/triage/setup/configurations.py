"""The stage “configurations”: who syncs how, as Setup has it and no API can read it; tried by looking for the users."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tui.config import ConfigError
from tui.configuration_settings import DIRECTIONS
from tui.model import Finding, Phase, ServiceError, Status
from tui.questions import Choice, Question
from tui.triage.resolve import resolve
from tui.triage.setup.draft import Draft, Field, at, drop, problem_at, put, read_list
from tui.triage.setup.trial import salesforce, told
from tui.words import N_, _, ngettext

TITLE = N_("The configurations")
WHY = (
    N_(
        "A user syncs with the settings of a Lightning Sync configuration. No API can read them, so the file declares"
        " them: their names, and which users and profiles are assigned (Setup, Lightning Sync Configurations)."
    ),
    N_("You can leave this for later: the status page tells who is in an active configuration, though not in which."),
)
STEP = "configurations"
NEW = f"{STEP}.new"
"""The question whose answer is the name of another configuration."""
_MOST_NAMED = 5
_YES = ("yes", "no")


def _directions(_draft: Draft) -> Sequence[Choice]:
    return [Choice(str(name), _(label)) for name, label in DIRECTIONS.items()]


def _yes_or_no(_draft: Draft) -> Sequence[Choice]:
    return [Choice("yes", _("yes")), Choice("no", _("no"))]


def _all_or_selected(_draft: Draft) -> Sequence[Choice]:
    return [Choice("all", _("all")), Choice("selected", _("selected"))]


def _read_yes(value: Any) -> str:
    return _YES[not value] if isinstance(value, bool) else ""


def _write_list(text: str) -> list[str]:
    parts = re.split(r"[;,\n]", text)
    words = text.replace(",", " ").replace(";", " ").split()
    if all("@" in word for word in words):  # a column of addresses that was pasted on one line
        parts = words
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


# The places are those inside of one configuration.
FIELDS = (
    Field("name", N_("Name"), N_("The configuration's name, as in Setup."), ("name",)),
    Field(
        "active",
        N_("Active"),
        N_("Whether it is active in Setup."),
        ("active",),
        choices=_yes_or_no,
        free=False,
        default=lambda _draft: "yes",
        read=_read_yes,
        write=lambda text: text == "yes",
    ),
    Field(
        "users",
        N_("Users assigned"),
        N_("Addresses, usernames or ids of the users who are assigned one by one, separated by commas."),
        ("users",),
        optional=True,
        read=read_list,
        write=_write_list,
    ),
    Field(
        "profiles",
        N_("Profiles assigned"),
        N_("Names of profiles, separated by commas."),
        ("profiles",),
        optional=True,
        read=read_list,
        write=_write_list,
    ),
    Field(
        "contacts",
        N_("Contacts sync"),
        N_("The direction in which contacts sync."),
        ("contacts", "direction"),
        choices=_directions,
        free=False,
        default=lambda _draft: "both",
    ),
    Field(
        "events",
        N_("Events sync"),
        N_("The direction in which events sync."),
        ("events", "direction"),
        choices=_directions,
        free=False,
        default=lambda _draft: "both",
    ),
    Field(
        "data_set",
        N_("Contacts in the data set"),
        N_("Which of the user's contacts sync: all, or selected ones."),
        ("data_set", "contacts"),
        choices=_all_or_selected,
        free=False,
        default=lambda _draft: "all",
    ),
)
_BY_ID = {one.id: one for one in FIELDS}


def questions(draft: Draft, number: int, problems: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions about that configuration, with what is wrong with each answer."""
    declared = draft.configurations[number]
    name = declared.get("name")
    return tuple(
        Question(
            id=f"{STEP}.{number}.{one.id}",
            label=_(one.label),
            help=_(one.help),
            value=one.read(at(declared, one.place)) or one.default(draft),
            choices=tuple(one.choices(draft)),
            free=one.free,
            optional=one.optional,
            group=name if isinstance(name, str) and name else "?",
            problem=problem_at((STEP, number, *one.place), problems),
        )
        for one in FIELDS
    )


def every(draft: Draft, problems: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions about all of them, and the one that adds another."""
    asked = [one for number in range(len(draft.configurations)) for one in questions(draft, number, problems)]
    help_ = _("The name of a configuration to add, as in Setup. Emptying a name removes that configuration.")
    return (*asked, Question(NEW, _("Add one: its name"), help_, optional=True, group=_("Another")))


def answer(draft: Draft, id_: str, text: str) -> None:
    """Take an answer: `configurations.NUMBER.FIELD`, or the name of a new one; without a name it is declared no more.
    Raises KeyError."""
    if id_ == NEW:
        draft.configurations += [{"name": text}] if text else []
        return
    _step, number, name = id_.split(".")
    one, declared = _BY_ID[name], draft.configurations[int(number)]
    if name == "name" and not text:
        del draft.configurations[int(number)]
    drop(declared, one.place)
    if text:
        put(declared, one.place, one.write(text))


def line(declared: Mapping[str, Any]) -> str:
    """A configuration in a line."""
    users, profiles = (declared.get(name) for name in ("users", "profiles"))
    counted = [
        ngettext("{n} user", "{n} users", len(users)).format(n=len(users)) if isinstance(users, list) else "",
        ngettext("{n} profile", "{n} profiles", len(profiles)).format(n=len(profiles))
        if isinstance(profiles, list)
        else "",
        _("not active") if declared.get("active") is False else "",
    ]
    return ", ".join([str(declared.get("name", "")), *filter(None, counted)])


async def attempt(draft: Draft) -> list[Finding]:
    """Look in Salesforce for the users who are named. Raises ConfigError."""
    if not draft.configurations:
        summary = _("No configuration is declared. They can be added later.")
        return [told(STEP, Phase.STATUS, Status.PASS, summary)]
    named = [user for one in draft.configurations for user in one.get("users", ()) if isinstance(user, str)]
    names = list(dict.fromkeys(named))
    if not names:
        told_all = ngettext(
            "{n} configuration, and no user named in it.",
            "{n} configurations, and no user named in them.",
            len(draft.configurations),
        )
        return [told(STEP, Phase.STATUS, Status.PASS, told_all.format(n=len(draft.configurations)))]
    try:
        async with salesforce(draft) as client:
            found = await resolve(client, names)
    except (ServiceError, ConfigError) as error:
        reason = error.message if isinstance(error, ServiceError) else _("Salesforce is not set up yet.")
        summary = _("Whether these users exist could not be looked up: {reason}").format(reason=reason)
        return [told(STEP, Phase.STATUS, Status.UNKNOWN, summary)]
    unknown = [one for one in found if one.problem]
    if not unknown:
        told_all = ngettext("{n} user is named, and exists.", "{n} users are named, and all exist.", len(names))
        return [told(STEP, Phase.STATUS, Status.PASS, told_all.format(n=len(names)))]
    findings = [told(f"{STEP}.user", Phase.STATUS, Status.WARN, one.problem) for one in unknown[:_MOST_NAMED]]
    if len(unknown) > _MOST_NAMED:
        more = ngettext("{n} more user was not found.", "{n} more users were not found.", len(unknown) - _MOST_NAMED)
        findings.append(told(STEP, Phase.STATUS, Status.WARN, more.format(n=len(unknown) - _MOST_NAMED)))
    return findings
