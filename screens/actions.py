"""Every action of the console, once: key bindings, footer, help, the command line, the config's keymap and the
reference page of keys are made from this table (screens/keymap.py has the keys in force).

Guards (screens/guards.py) say when an action is allowed. Screens carry an action out in a method named `do_<id>`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from screens import guards
from screens.key_names import key_name
from tui.words import N_

START = frozenset({"start"})
MAIN = frozenset({"overview", "errors"})
USER = frozenset({"troubleshoot"})
DECLARED = frozenset({"configurations", "configuration", "users_list"})
LISTS = DECLARED | frozenset(
    {
        "overview", "errors", "groups", "checks", "troubleshoot", "look_again", "letter", "pick", "log", "messages",
        "help", "proof", "guided",
    }
)  # fmt: skip
SETUP = frozenset({"setup"})
READING = LISTS | SETUP
ANY = READING | START
OPENING = LISTS - {"help", "messages", "letter", "proof", "guided", "users_list", "configuration"}
FILTERED = frozenset({"errors", "groups", "checks", "look_again", "pick", "log", "users_list"})
READ_AGAIN = MAIN | USER | {"look_again"}
MARKED = frozenset({"errors", "users_list"})
ERRORS = frozenset({"errors"})
BULK = frozenset({"checks"})
GROUPED = frozenset({"errors", "groups"})


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a person can do. `keys` as Textual names them, empty for the command line only.

    `footer` says how soon the footer names it, where it is `useful`: 1 first, then 2, 3, as there is room; 0 never.
    `dimmed`: it stays there, dimmed, when refused. `argument` is what may follow it on the command line, `aliases` its
    other names there."""

    id: str
    keys: str
    label: str
    help: str
    group: str
    where: frozenset[str]
    allowed: guards.Guard = guards.always
    footer: int = 0
    dimmed: bool = False
    argument: str = ""
    aliases: tuple[str, ...] = ()
    useful: Callable[[guards.Scene], bool] = guards.everywhere

    @property
    def shown_keys(self) -> list[str]:
        """The keys as a person would write them; the command where there is no key."""
        return [key_name(key) for key in self.keys.split(",") if key] or [f":{self.id}"]


GO, DO, TAKE, MOVE, PROGRAM = N_("Go to"), N_("Do"), N_("Copy and export"), N_("Move"), N_("Program")
GROUPS = (DO, GO, TAKE, PROGRAM, MOVE)
"""In the order in which help shows them."""

ACTIONS: tuple[Action, ...] = (
    Action(
        "open",
        "enter",
        N_("open"),
        N_("Open the line under the cursor, or show what is behind it."),
        DO,
        OPENING,
        guards.can_open,
        1,
    ),
    Action(
        "edit",
        "enter",
        N_("edit"),
        N_("Change the setting under the cursor: the next choice, or a line to type in; in a list, one more entry."),
        DO,
        frozenset({"configuration"}),
        guards.can_open,
        1,
    ),
    Action("back", "escape", N_("back"), N_("One step back; on a list, clear the filter first."), GO, ANY),
    Action(
        "save_changes",
        "s",
        N_("save"),
        N_("Write to the config file: shows what will change, then asks."),
        DO,
        frozenset({"configurations", "configuration"}),
        guards.changed,
        1,
    ),
    Action(
        "change",
        "space,right",
        N_("change"),
        N_("The next choice."),
        DO,
        frozenset({"configuration"}),
        guards.choice,
        1,
    ),
    Action(
        "change_back",
        "left",
        N_("change back"),
        N_("The choice before."),
        DO,
        frozenset({"configuration"}),
        guards.choice,
    ),
    Action("add", "a", N_("add"), N_("Declare another configuration."), DO, frozenset({"configurations"}), footer=1),
    Action(
        "import",
        "l",
        N_("list of users"),
        N_("Read a list of users from Setup, pasted or in a file, and show what it would change."),
        DO,
        frozenset({"configurations"}),
        footer=1,
    ),
    Action(
        "accept",
        "a",
        N_("accept marked"),
        N_("Accept what is marked; the config file is written only when you save."),
        DO,
        frozenset({"users_list"}),
        guards.marked,
        1,
    ),
    Action(
        "delete",
        "D,delete",
        N_("remove"),
        N_("Remove the configuration from the declaration, or the entry from its list."),
        DO,
        frozenset({"configurations", "configuration"}),
        guards.removable,
        1,
    ),
    Action(
        "overview",
        "1",
        N_("overview"),
        N_("The state of the connection, the set-up checklist, the figures."),
        GO,
        LISTS,
        guards.started,
        2,
        useful=guards.not_editing,
    ),
    Action(
        "errors",
        "2",
        N_("errors"),
        N_("Every error of this year and last."),
        GO,
        LISTS,
        guards.started,
        2,
        useful=guards.not_editing,
    ),
    Action(
        "troubleshoot",
        "t",
        N_("user"),
        N_("Troubleshoot a user: type an address, a name, a username or an id."),
        GO,
        LISTS,
        guards.connected,
        1,
        argument=N_("TEXT"),
        aliases=("user",),
        useful=guards.not_editing,
    ),
    Action(
        "org",
        "",
        N_("org"),
        N_("Change to another org: :org NAME, a file in the config folder."),
        GO,
        LISTS,
        argument=N_("NAME"),
    ),
    Action(
        "look_again",
        "w",
        N_("look again"),
        N_("The people to look at again after a reset, a wait or an acknowledgement; those due first."),
        GO,
        LISTS,
        guards.connected,
    ),
    Action(
        "check",
        "c",
        N_("check"),
        N_("Run the triage of this user again; on Errors, of the marked users, or of the one under the cursor."),
        DO,
        USER | ERRORS,
        guards.idle,
        1,
        useful=guards.not_as_enter,
    ),
    Action("cancel", "x", N_("stop"), N_("Stop the check that is running."), DO, USER | BULK, guards.checking, 1),
    Action(
        "reset",
        "R",
        N_("reset"),
        N_("Reset this user's sync: shows what it will do, then asks."),
        DO,
        USER,
        guards.reset,
        1,
        True,
        useful=guards.reset_asked,
    ),
    Action(
        "overrule",
        "",
        N_("overrule"),
        N_("Reset against the verdict: asks why, and keeps the reason in the journal."),
        DO,
        USER,
        guards.overrule,
    ),
    Action(
        "letter",
        "m",
        N_("letter"),
        N_("A text that is ready to send: to the Google administrator, or to the person."),
        DO,
        USER,
        guards.letters,
        1,
    ),
    Action(
        "retry",
        "f",
        N_("retry"),
        N_("Run the failed steps again, and all that follow them; what was read a moment ago is kept."),
        DO,
        USER,
        guards.failed,
        1,
    ),
    Action(
        "reported",
        "p",
        N_("reported"),
        N_("Say what is missing for the person: the check counts as reported, and looks at that side first."),
        DO,
        USER,
        guards.idle,
        1,
    ),
    Action(
        "guided",
        "T",
        N_("guided test"),
        N_("Salesforce's own connection test, by hand: where to press, and its two messages recorded."),
        DO,
        USER,
        guards.known,
    ),
    Action(
        "page",
        "P",
        N_("page by hand"),
        N_("Check with a saved status page, or with its pasted text, where the page cannot be read from here."),
        DO,
        USER,
        guards.known,
    ),
    Action(
        "filter",
        "slash",
        N_("filter"),
        N_(
            "Show only the lines that hold every word. -word leaves out those that hold it, user:word looks in one "
            "column, user:=word for the whole cell, and quotes keep words together. The arrows up and down bring back "
            "earlier filters."
        ),
        DO,
        FILTERED,
        footer=1,
        useful=guards.has_rows,
    ),
    Action(
        "sort",
        "s",
        N_("sort"),
        N_("Sort by a column: asks which; the same one again reverses the order."),
        DO,
        FILTERED,
        guards.has_row,
        2,
    ),
    Action(
        "mark",
        "space",
        N_("mark"),
        N_("Mark this line, or unmark it, and move down one."),
        DO,
        MARKED,
        guards.has_row,
        1,
        useful=guards.unmarked,
    ),
    Action(
        "mark_all",
        "asterisk",
        N_("mark all"),
        N_("Mark all that the filter shows."),
        DO,
        MARKED,
        guards.has_row,
        2,
        useful=guards.to_choose_from,
    ),
    Action(
        "acknowledge",
        "a",
        N_("acknowledge"),
        N_(
            "Record that the errors of the marked users, or of this one, are dealt with: asks for a note, keeps it"
            " here."
        ),
        DO,
        ERRORS,
        guards.row_connected,
        2,
    ),
    Action(
        "group",
        "b",
        N_("group"),
        N_("Count the errors by user, by type, by cause; Enter shows those of one group."),
        DO,
        GROUPED,
        guards.has_row,
        2,
    ),
    Action(
        "detail", "p", N_("detail"), N_("Hide the detail below the list, or show it again."), DO, ERRORS, guards.has_row
    ),
    Action("larger", "plus", N_("larger detail"), N_("More lines for the detail."), DO, ERRORS, guards.has_row),
    Action("smaller", "minus", N_("smaller detail"), N_("Fewer lines for the detail."), DO, ERRORS, guards.has_row),
    Action(
        "unmark",
        "u",
        N_("unmark"),
        N_("Unmark everything."),
        DO,
        MARKED,
        guards.marked,
        2,
        useful=guards.to_choose_from,
    ),
    Action(
        "refresh",
        "r",
        N_("refresh"),
        N_("Read again. What was read before stays until the answer arrives."),
        DO,
        READ_AGAIN,
        footer=2,
    ),
    Action(
        "unfinished",
        "U",
        N_("unfinished"),
        N_("Go on with a reset that was left unfinished, or leave it."),
        DO,
        LISTS,
        guards.unfinished,
        1,
    ),
    Action(
        "configurations",
        "d",
        N_("configurations"),
        N_("The configurations that the config file declares: look, edit, bring in line with a list of users, save."),
        GO,
        frozenset({"overview"}),
        footer=2,
    ),
    Action(
        "copy",
        "y",
        N_("copy"),
        N_("Copy a piece of what is under the cursor: asks which one, sends it to the terminal, and shows it whole."),
        TAKE,
        ANY,
        guards.copies,
        footer=3,
    ),
    Action(
        "links",
        "o",
        N_("links"),
        N_("Show in full the links of what is under the cursor, and copy one. No browser is started."),
        TAKE,
        ANY,
        guards.links,
        footer=3,
    ),
    Action(
        "pager",
        "e",
        N_("pager"),
        N_("Show everything on this screen in your pager ($PAGER, else less)."),
        TAKE,
        ANY,
        footer=3,
        aliases=("less",),
    ),
    Action(
        "export",
        "E",
        N_("export"),
        N_("Write this list to a file, as CSV or JSON; only the lines that the filter lets through."),
        TAKE,
        LISTS,
        guards.exports,
        footer=3,
    ),
    Action("down", "j,down", N_("down"), N_("One line down."), MOVE, READING),
    Action("up", "k,up", N_("up"), N_("One line up."), MOVE, READING),
    Action("page_down", "pagedown,ctrl+f,ctrl+d", N_("page down"), N_("One page down."), MOVE, READING),
    Action("page_up", "pageup,ctrl+b,ctrl+u", N_("page up"), N_("One page up."), MOVE, READING),
    Action("top", "g,home", N_("first"), N_("The first line."), MOVE, READING),
    Action("bottom", "G,end", N_("last"), N_("The last line."), MOVE, READING),
    Action(
        "across",
        "right,left",
        N_("across"),
        N_("Move to the other column, where the terminal is wide enough for two."),
        MOVE,
        frozenset({"overview", "troubleshoot"}),
        guards.in_columns,
    ),
    Action(
        "log",
        "at",
        N_("calls"),
        N_("Every call made to Salesforce and Google: method, path, status, time. No secrets."),
        PROGRAM,
        LISTS,
        aliases=("calls",),
    ),
    Action(
        "command",
        "colon",
        N_("command"),
        N_(
            "Type a command: write, readonly, quit, or the name of any action. Tab completes it; the arrows up and "
            "down bring back earlier ones."
        ),
        PROGRAM,
        ANY,
    ),
    Action(
        "write",
        "",
        N_("write"),
        N_("Allow actions that change something in Salesforce, for 15 minutes."),
        PROGRAM,
        LISTS,
    ),
    Action(
        "messages",
        "",
        N_("messages"),
        N_("The last 100 messages of the message line, with their time."),
        PROGRAM,
        LISTS,
    ),
    Action(
        "theme",
        "",
        N_("theme"),
        N_("Change the colours for this session: dark, light, or ansi (the terminal's own)."),
        PROGRAM,
        ANY,
        argument=N_("NAME"),
    ),
    Action(
        "suspend",
        "ctrl+z",
        N_("suspend"),
        N_("Back to the shell; fg brings the console back. It is paused meanwhile."),
        PROGRAM,
        ANY,
        guards.not_writing,
    ),
    Action(
        "redraw",
        "ctrl+l",
        N_("redraw"),
        N_("Redraw the whole screen, after another program has written over it."),
        PROGRAM,
        ANY,
    ),
    Action("readonly", "", N_("readonly"), N_("Forbid actions that change something."), PROGRAM, LISTS, guards.armed),
    Action(
        "answer",
        "enter",
        N_("answer"),
        N_("Answer the question under the cursor; elsewhere, show what is behind the line."),
        DO,
        SETUP,
        guards.can_open,
        1,
    ),
    Action(
        "try_step",
        "c",
        N_("try"),
        N_("Try this step for real, with the answers given."),
        DO,
        SETUP,
        guards.step_ahead,
        1,
    ),
    Action("next_step", "n,right", N_("next"), N_("Go to the next step."), GO, SETUP, guards.step_ahead, 1),
    Action(
        "later",
        "l",
        N_("later"),
        N_("Leave this step for later: the file keeps what it has there, and so do the answers."),
        DO,
        SETUP,
        guards.step_ahead,
        2,
    ),
    Action(
        "save",
        "w",
        N_("save"),
        N_("Write the file, and connect with it."),
        DO,
        SETUP,
        guards.idle_setup,
        1,
        useful=guards.to_be_written,
    ),
    Action("previous_step", "p,left", N_("previous"), N_("Go to the previous step."), GO, SETUP, guards.step_behind, 2),
    Action(
        "practice",
        "enter",
        N_("start the practice org"),
        N_("Start the practice org on this computer and connect to it."),
        DO,
        START,
        footer=1,
    ),
    Action(
        "setup",
        "i",
        N_("set-up"),
        N_("Make or change the config file by answering questions; each step is tried for real."),
        GO,
        LISTS | START,
        footer=1,
        useful=guards.no_way_in,
    ),
    Action("help", "question_mark,f1", N_("help"), N_("Every key, and what it does here."), PROGRAM, ANY, footer=1),
    Action(
        "quit",
        "q,ctrl+c",
        N_("quit"),
        N_("Leave. A reset that is under way is first left in a safe state."),
        PROGRAM,
        ANY,
        footer=1,
        aliases=("exit",),
    ),
)


BESIDE = frozenset({"links"})
"""What can be done, besides moving, while a question stands: it helps to answer, and takes the question nowhere."""


def bindings(screen: str) -> list[BindingType]:
    """Textual's bindings for the actions of that screen (the keymap replaces their keys by id)."""
    return [
        Binding(action.keys, f"do('{action.id}')", action.label, show=False, id=action.id)
        for action in ACTIONS
        if action.keys and screen in action.where
    ]
