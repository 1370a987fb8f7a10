"""The keys in force: the table's own, changed as `[ui.keys]` of the config says, with everything that is wrong in it.

Also what can be typed after `:`, with the words that complete what was typed so far.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, format_key, key_to_character

from screens.actions import ACTIONS, ANY, GROUPS, Action
from screens.guards import Scene
from screens.key_names import key_name
from screens.widgets.prompt import Offer
from screens.widgets.query import plain
from tui.words import _

KEPT = {"colon": "command", "escape": "back", "ctrl+c": "quit"}
"""Keys that stay with their action: without them one would be locked in."""
HELD = frozenset({"ctrl", "shift", "alt", "super", "meta", "hyper"})
NAMED = frozenset(key.value for key in Keys)


class Registry:
    """The actions with the keys in force. `problems` has a sentence for everything that is wrong in `keys`; what is
    wrong there changes nothing."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        wanted, problems = _wanted(keys)
        clashes = _settle(wanted)
        self.problems = (*problems, *clashes)
        self.keys: Mapping[str, str] = wanted
        self.actions = _with(wanted)
        self.by_id = {action.id: action for action in self.actions}

    def on(self, screen: str) -> tuple[Action, ...]:
        """The actions of that screen, by group, then in the table's order."""
        here = (action for action in self.actions if screen in action.where)
        return tuple(sorted(here, key=lambda action: GROUPS.index(action.group)))

    def command(self, word: str, screen: str) -> Action | None:
        """The action of that id, alias or label, first of all one that this screen has."""
        typed = plain(word)
        fitting = (action for action in self.actions if typed in map(plain, names(action)))
        return min(fitting, key=lambda action: (screen not in action.where, action.id != typed), default=None)

    def near(self, word: str) -> str:
        """The command that looks most like what was typed, "" where none does."""
        known = {plain(name): name for action in self.actions for name in names(action)}
        return next((known[name] for name in difflib.get_close_matches(plain(word), known, 1)), "")

    def offers(self, typed: str, scene: Scene) -> list[Offer]:
        """The commands that what was typed may become, the best first: those that begin so, then those that hold it;
        what is refused after what is allowed. Before anything is typed, those of this screen that have no key."""
        typed = plain(typed)
        found: list[tuple[tuple[bool, bool, int], Offer]] = []
        for number, action in enumerate(self.actions):
            if not typed and (action.keys or scene.screen not in action.where):
                continue
            words = sorted(names(action), key=lambda word: word != _(action.label).casefold())
            word = next((word for word in words if plain(word).startswith(typed)), "")
            begins = bool(word)
            word = word or next((word for word in words if typed in plain(word)), "")
            if word:
                refused = refusal(action, scene)
                found.append(((bool(refused), not begins, number), Offer(word, refused)))
        return [offer for _rank, offer in sorted(found, key=lambda pair: pair[0])]


def refusal(action: Action, scene: Scene) -> str:
    """Why this is not for here and now; "" where it is."""
    if scene.screen not in action.where:
        return _("“{action}” has no use on this screen.").format(action=_(action.label))
    return action.allowed(scene)


def names(action: Action) -> tuple[str, ...]:
    """What names an action on the command line: its id, its label where that is one word, its aliases."""
    label = _(action.label).casefold()
    return tuple(dict.fromkeys((action.id, *(() if " " in label else (label,)), *action.aliases)))


def _with(keys: Mapping[str, str]) -> tuple[Action, ...]:
    return tuple(replace(action, keys=keys.get(action.id, action.keys)) for action in ACTIONS)


# What is wrong in [ui.keys].


def _wanted(keys: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The entries that mean something, as Textual writes keys, and what is wrong in the others."""
    known = {action.id for action in ACTIONS}
    wanted: dict[str, str] = {}
    problems: list[str] = []
    for id_, text in keys.items():
        names = [_named(name.strip()) for name in text.split(",")]
        wrong = [name for name in names if not _exists(name)]
        taken = [name for name in names if KEPT.get(name, id_) != id_]
        if id_ not in known:
            near = difflib.get_close_matches(id_, known, 1)
            hint = _(" Did you mean {word}?").format(word=near[0]) if near else ""
            problems.append(_("[ui.keys]: there is no action {id}.").format(id=id_) + hint)
        elif wrong:
            problems.append(
                _("[ui.keys] {id}: there is no key “{key}”; write f5, ctrl+r or x, several with commas.").format(
                    id=id_, key=wrong[0]
                )
            )
        elif taken:
            problems.append(
                _("[ui.keys] {id}: the key {key} stays with “{action}”.").format(
                    id=id_, key=key_name(taken[0]), action=KEPT[taken[0]]
                )
            )
        else:
            kept = (key for key, owner in KEPT.items() if owner == id_)
            wanted[id_] = ",".join(dict.fromkeys((*names, *kept)))
    return wanted, problems


def _named(key: str) -> str:
    """A key as Textual names it: `/` is slash."""
    if len(key) != 1 or key.isalnum():
        return key
    name = unicodedata.name(key, key).replace("-", "_").replace(" ", "_").lower()
    return KEY_NAME_REPLACEMENTS.get(name, name)


def _exists(key: str) -> bool:
    """Whether a terminal can send that key."""
    *held, last = key.split("+")
    if not set(held) <= HELD or not last:
        return False
    if last in NAMED:
        return True
    if held and last != last.lower():  # ctrl+A comes as ctrl+shift+a, if at all
        return False
    return len(format_key(last)) == 1 or (key_to_character(last) or "\0").isprintable()


def _settle(wanted: dict[str, str]) -> list[str]:
    """Take out of `wanted` what would give a key to two actions of one screen; a sentence for each."""
    problems: list[str] = []
    while clash := next(_clashes(_with(wanted)), None):
        key, first, second = clash
        given = second if second in wanted else first
        problems.append(
            _("[ui.keys] {id}: the key {key} is already used for “{other}”.").format(
                id=given, key=key_name(key), other=first if given == second else second
            )
        )
        if given not in wanted:  # the table itself: shown, and caught by a test
            break
        del wanted[given]
    return problems


def _clashes(actions: Sequence[Action]) -> Iterator[tuple[str, str, str]]:
    """Each key that two actions of one screen claim, with the two."""
    for screen in sorted(ANY):
        taken: dict[str, str] = {}
        for action in actions:
            if screen not in action.where:
                continue
            for key in filter(None, action.keys.split(",")):
                first = taken.setdefault(key, action.id)
                if first != action.id:
                    yield key, first, action.id
