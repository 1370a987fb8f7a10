"""When an action is allowed: a guard looks at the scene and returns an empty text, or the sentence why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui.kinds import Verdict
from tui.words import _


@dataclass(frozen=True, slots=True)
class Scene:
    """What guards may look at: where the person stands, and what is going on there."""

    screen: str
    connected: bool = False
    armed: bool = False
    has_row: bool = False
    rows: int = 0
    can_open: bool = False
    in_columns: bool = False
    checking: bool = False
    resetting: bool = False
    user_known: bool = False
    verdict: Verdict | None = None
    unfinished: int = 0
    changed: bool = False
    choice: bool = False
    removable: bool = False
    copies: bool = False
    links: bool = False
    exports: bool = False
    writing: bool = False
    marked: int = 0
    failed: bool = False
    letters: bool = False
    offline: bool = False
    step: int = 0
    steps: int = 1
    complete: bool = False
    started: bool = False
    connecting: bool = False


Guard = Callable[[Scene], str]


def always(_scene: Scene) -> str:
    return ""


def started(scene: Scene) -> str:
    return "" if scene.started else _("There is no org to look at yet: Esc, then Enter or i.")


def connected(scene: Scene) -> str:
    if not scene.connected and scene.connecting:
        return _("Connecting to Salesforce: one moment, please.")
    return "" if scene.connected else _("Not connected to Salesforce: press r to try again.")


def has_row(scene: Scene) -> str:
    return "" if scene.has_row else _("There is nothing under the cursor.")


def row_connected(scene: Scene) -> str:
    return has_row(scene) or connected(scene)


def can_open(scene: Scene) -> str:
    return "" if scene.can_open else _("There is no more to show about this line.")


def in_columns(scene: Scene) -> str:
    return "" if scene.in_columns else _("The page has one column: a wider terminal shows two.")


def idle(scene: Scene) -> str:
    if scene.resetting:
        return _("A reset is under way: wait until it ends.")
    return _("A check is running: x stops it.") if scene.checking else connected(scene)


def checking(scene: Scene) -> str:
    if scene.resetting:
        return _("A reset that has started is not stopped: Salesforce carries it on in any case.")
    return "" if scene.checking else _("Nothing is running that can be stopped.")


def may_reset(scene: Scene) -> str:
    if busy := idle(scene):
        return busy
    if not scene.user_known or scene.verdict is None:
        return _("Check this user first (c).")
    return ""


def reset(scene: Scene) -> str:
    if not_now := may_reset(scene) or write(scene):
        return not_now
    if scene.verdict is not Verdict.RESET:
        return _("The verdict does not call for a reset; :overrule resets anyway.")
    return ""


def overrule(scene: Scene) -> str:
    if not_now := may_reset(scene):
        return not_now
    if scene.verdict is Verdict.RESET:
        return _("The verdict is a reset: press R.")
    return write(scene)


def write(scene: Scene) -> str:
    return "" if scene.armed else _("The console is read-only: type :write to allow changes for 15 minutes.")


def known(scene: Scene) -> str:
    return idle(scene) or ("" if scene.user_known else _("Check this user first (c)."))


def failed(scene: Scene) -> str:
    return idle(scene) or ("" if scene.failed else _("No step failed: c runs the whole check again."))


def letters(scene: Scene) -> str:
    if scene.verdict is None:
        return _("Check this user first (c).")
    if not scene.letters:
        return _("Nothing to send: the person has left, and Google has nothing to change.")
    return ""


def unfinished(scene: Scene) -> str:
    return "" if scene.unfinished else _("No reset was left unfinished.")


def marked(scene: Scene) -> str:
    return "" if scene.marked else _("No row is marked: the space bar marks.")


def idle_setup(scene: Scene) -> str:
    return _("One moment, please: this step is being tried.") if scene.checking else ""


def step_ahead(scene: Scene) -> str:
    return idle_setup(scene) or ("" if scene.step < scene.steps else _("This is the last step: w writes the file."))


def step_behind(scene: Scene) -> str:
    return "" if scene.step > 1 else _("This is the first step.")


def changed(scene: Scene) -> str:
    return "" if scene.changed else _("Nothing has been changed.")


def choice(scene: Scene) -> str:
    return "" if scene.choice else _("This is not a choice: Enter edits it.")


def removable(scene: Scene) -> str:
    if scene.screen == "configuration" and not scene.removable:
        return _("Only an entry of a list can be removed here.")
    return has_row(scene)


def armed(scene: Scene) -> str:
    return "" if scene.armed else _("The console is read-only already.")


def copies(scene: Scene) -> str:
    return "" if scene.copies else _("There is nothing to copy here.")


def links(scene: Scene) -> str:
    return "" if scene.links else _("There is no link under the cursor.")


def exports(scene: Scene) -> str:
    return "" if scene.exports else _("There is no list here that could be written to a file.")


def not_writing(scene: Scene) -> str:
    if scene.writing:
        return _("A reset is under way, and nobody would watch it: wait until it ends.")
    return ""


# Where the footer has a use for an action.


def everywhere(_scene: Scene) -> bool:
    return True


def not_editing(scene: Scene) -> bool:
    """Whether one looks around, rather than at what is to be saved, or at errors that are marked."""
    return scene.screen not in {"configurations", "configuration", "users_list"} and unmarked(scene)


def to_choose_from(scene: Scene) -> bool:
    """Whether marking is what the list is there for."""
    return scene.screen == "users_list"


def to_be_written(scene: Scene) -> bool:
    """Whether the file of the set-up is in question: nothing lacks any more, or its step is in front."""
    return scene.complete or scene.step == scene.steps


def not_as_enter(scene: Scene) -> bool:
    """Whether a check does more than Enter does: of one error they do the same."""
    return scene.screen != "errors" or scene.marked > 0


def unmarked(scene: Scene) -> bool:
    """Whether no error is marked: once one is, what can be done with those that are comes first."""
    return scene.screen != "errors" or not scene.marked


def has_rows(scene: Scene) -> bool:
    """Whether there are rows, whatever the filter."""
    return scene.rows > 0


def reset_asked(scene: Scene) -> bool:
    """Whether the verdict asks for a reset."""
    return scene.verdict is Verdict.RESET


def no_way_in(scene: Scene) -> bool:
    """Whether there is no org to look at: nothing is set up, or what is does not let us in."""
    return scene.screen == "start" or scene.offline
