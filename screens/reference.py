"""The reference page of keys, in Markdown, from the registry of actions (docs/keys.py writes it)."""

from __future__ import annotations

from collections.abc import Sequence

from screens.actions import ACTIONS, ANY, GROUPS, Action
from screens.keymap import Registry, names
from tui.words import N_, _

SCREENS = {
    "start": N_("start"),
    "overview": N_("overview"),
    "errors": N_("errors"),
    "groups": N_("groups"),
    "look_again": N_("look again"),
    "letter": N_("letter"),
    "checks": N_("check of many"),
    "troubleshoot": N_("user"),
    "guided": N_("guided test"),
    "proof": N_("proof"),
    "configurations": N_("configurations"),
    "configuration": N_("configuration"),
    "users_list": N_("list of users"),
    "pick": N_("choice of a user"),
    "log": N_("calls"),
    "messages": N_("messages"),
    "setup": N_("set-up"),
    "help": N_("help"),
}
"""What the screens are called."""
FEW = 2


def page() -> str:
    """The page in the language in use."""
    lines = [
        f"# {_('Keys')}",
        "",
        _(
            "Every action has a name. Type it after `:`, whether it has a key or not; Tab completes it. In the config"
            ' file, `[ui.keys]` gives an action another key by its first name, for instance `check = "f5"`. On every'
            " screen `?` shows the keys that it has, and why an action is refused there."
        ),
    ]
    actions = Registry({}).actions
    for group in GROUPS:
        lines += ["", f"## {_(group)}", "", *_table([action for action in actions if action.group == group])]
    return "\n".join(lines) + "\n"


def translated() -> bool:
    """Whether the language in use says every help text in its own words."""
    return all(_(action.help) != action.help for action in ACTIONS)


def _table(actions: Sequence[Action]) -> list[str]:
    head = (_("Key"), _("Name"), _("What it does"), _("Where"))
    rows = [head, ("---",) * len(head), *map(_row, actions)]
    return [f"| {' | '.join(row)} |" for row in rows]


def _row(action: Action) -> tuple[str, ...]:
    keys = " ".join(f"`{key}`" for key in action.shown_keys) if action.keys else ""
    argument = f" {_(action.argument)}" if action.argument else ""
    called = " ".join(f"`:{name}{argument}`" for name in names(action))
    return (keys, called, _(action.help).replace("|", "\\|"), _places(action.where))


def _places(where: frozenset[str]) -> str:
    """The screens that it works on; those that it does not, where they are few."""
    others = [_(SCREENS[screen]) for screen in SCREENS if screen in ANY - where]
    if not others:
        return _("everywhere")
    if len(others) <= FEW:
        return _("everywhere but: {places}").format(places=", ".join(others))
    return ", ".join(_(SCREENS[screen]) for screen in SCREENS if screen in where)
