"""What the pictures tell: which keys are pressed on which practice org, and when a picture is taken."""

from __future__ import annotations

from dataclasses import dataclass

from tui.sandbox.options import Options

USUAL = Options()


@dataclass(frozen=True, slots=True)
class Text:
    """Typed, character by character."""

    text: str


@dataclass(frozen=True, slots=True)
class Paste:
    """Pasted into the terminal; `{person}` is who was asked for last, `{0[email]}` what the first user has,
    `{salesforce[domain]}` what the org's own config file says."""

    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """Asked for with `t`: the first user of the practice org of whom a correct triage finds this."""

    verdict: str
    causes: tuple[str, ...] = ()
    after_reset: str = ""


@dataclass(frozen=True, slots=True)
class Down:
    """Down to the block of that key, on a page."""

    to: str


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture, taken when nothing is under way any more; with `running`, as soon as something is."""

    name: str
    running: bool = False


@dataclass(frozen=True, slots=True)
class Connected:
    """Salesforce has let us in, and what is to be seen is being read."""


Step = str | Text | Paste | Person | Down | Shot | Connected


@dataclass(frozen=True, slots=True)
class Story:
    """Keys and pictures, from a fresh console on. `first`: there is no config file yet. `narrow`: a terminal that is
    too small, whatever the size asked for."""

    name: str
    steps: tuple[Step, ...]
    org: Options = USUAL
    first: bool = False
    narrow: bool = False


PROVE = ("y", "y", "y")
"""The same in Setup, for each of the samples."""
WRITE = ("colon", Text("write"), "enter")
OVERRULE = ("colon", Text("overrule"), "enter")
SLOW = Options(latency_ms=1500)
SUSPENDED = Person("review_connection", ("google.user.suspended",))
RESET = Person("reset", after_reset="no_fault_found")

DOMAIN, CLIENT = Paste("{salesforce[domain]}"), Paste("{salesforce[client_id]}")
USERNAME, KEY, GOOGLE = Paste("{salesforce[username]}"), Paste("~/org/salesforce.pem"), Paste("~/org/google.json")
"""What the practice org's own config file answers to the set-up."""

LIST = Paste(
    "Name\tEmail\n{0[name]}\t{0[email]}\n{1[name]}\t{1[email]}\n{2[name]}\t{2[email]}\nNobody\tnobody@example.com\n-\t-\n"
)
PAGE = Paste(
    "Lightning Sync Status\nConnection method configured\tOAuth 2.0\n"
    "Contacts\nLast sync activity\t2026-11-24T09:00:00Z\nEvents\nLast sync activity\t2026-11-24T09:00:00Z\n"
    "User: {person}\nUser assigned to active Lightning Sync configuration\tYes\n"
    "Contacts\nSalesforce and Google email addresses linked\tLinked\nSalesforce to Google sync status\tIn sync\n"
    "Google to Salesforce sync status\tIn sync\n"
    "Events\nSalesforce and Google email addresses linked\tLinked\nSalesforce to Google sync status\tIn sync\n"
    "Google to Salesforce sync status\tIn sync\n"
)
"""The text of the status page of somebody for whom everything passes."""

README = (
    Story("overview", (Shot("overview"),)),
    Story("errors", ("2", "down", Shot("errors"))),
    Story("troubleshoot", (SUSPENDED, Shot("troubleshoot"))),
)
"""The pictures of the README."""

ALL = (
    Story(
        "start",
        (
            *(Shot("start"), "question_mark", Shot("help-start"), "escape", "i", Shot("set-up")),
            *("enter", Text("acme"), Shot("set-up-answering"), "enter", "c", Shot("set-up-refused")),
            *("l", Shot("set-up-google"), "l", Shot("set-up-report"), "l", Shot("set-up-configurations"), "l"),
            *(Shot("set-up-file"), "w", Shot("set-up-file-refused")),
        ),
        first=True,
    ),
    Story(
        "set-up",
        (
            *("i", "enter", DOMAIN, "enter", "enter", "enter", "enter", Text("3MVG9nobody"), "enter"),
            *("enter", USERNAME, "enter", "enter", KEY, Shot("set-up-key"), "enter", Shot("set-up-login-refused")),
            *("g", *["down"] * 6, "enter", "ctrl+u", CLIENT, "enter", "c", Shot("set-up-login"), "n"),
            *("enter", Text("1"), "enter", "enter", GOOGLE, "enter", Shot("set-up-google-key"), "G"),
            *(Shot("set-up-google-given"), "g", *["down"] * 4, "enter", "ctrl+u", Text("3"), "enter"),
            *(Shot("set-up-google-tried"), "n", "c", Shot("set-up-report-tried"), "n", "enter", Text("Sales"), "enter"),
            *(Shot("set-up-configuration"), "n", Shot("set-up-file-ready"), "w", Shot("set-up-writing")),
            *("y", Shot("set-up-written")),
        ),
        first=True,
    ),
    Story("small", (Shot("too-small"),), narrow=True),
    Story("connecting", (Shot("connecting", running=True),), Options(latency_ms=5000)),
    Story("offline", (Shot("offline"), "2", Shot("errors-offline")), Options(scenario="salesforce.auth.bad_client")),
    Story(
        "reading",
        (
            Connected(),
            Shot("overview-reading", running=True),
            "2",
            Shot("errors-read"),
            "r",
            Shot("errors-reading", running=True),
        ),
        SLOW,
    ),
    Story(
        "overview",
        (
            *(Shot("overview"), "enter", Shot("overview-opened"), "enter"),
            *("pagedown", Shot("overview-2"), "pagedown", Shot("overview-3"), "G", Shot("overview-end")),
            *("question_mark", Shot("help-overview"), "G", Shot("help-overview-end")),
        ),
    ),
    Story(
        "broken",
        (
            *(Shot("overview-broken"), "pagedown", Shot("overview-broken-2"), Person("review_connection")),
            *(Shot("verdict-organisation"), "at", "slash", Text("status:401"), "enter"),
            *(Shot("calls-refused"), "enter", Shot("calls-opened")),
        ),
        Options(scenario="google.delegation.unauthorized"),
    ),
    Story(
        "no-rights",
        (Shot("overview-no-rights"), "pagedown", Shot("overview-no-rights-2"), "2", Shot("errors-no-rights")),
        Options(scenario="salesforce.report.unavailable"),
    ),
    Story("limit", (Shot("overview-limit"), "2", Shot("errors-limit")), Options(scenario="salesforce.api.limit")),
    Story("unlinked", (Shot("overview-unlinked"),), Options(scenario="salesforce.connection.no_linked_users")),
    Story("quiet", (Shot("overview-quiet"),), Options(errors=0)),
    Story(
        "day-one",
        (Shot("overview-day-one"), "pagedown", Shot("overview-day-one-2"), "2", Shot("errors-none")),
        Options(quirks=("empty_org",)),
    ),
    Story(
        "errors",
        (
            *("2", Shot("errors"), "down", "plus", "plus", Shot("errors-detail"), "minus", "minus"),
            *("p", Shot("errors-no-detail"), "p", "s", Shot("errors-sorting"), "u", Shot("errors-sorted"), "g"),
            *("slash", Text("mar"), Shot("errors-filtering"), "enter", Shot("errors-filtered"), "escape"),
            *("slash", Text("zzz"), "enter", Shot("errors-no-match"), "escape"),
            *("space", "space", "space", Shot("errors-marked"), "a", Shot("errors-noting"), Text("seen"), "enter"),
            *(Shot("errors-acknowledging"), "y", Shot("errors-acknowledged"), "u"),
            *("y", Shot("errors-copy"), "e", Shot("errors-copied"), "escape", "E", Shot("errors-export"), "escape"),
            *("b", Shot("groups-user"), "b", Shot("groups-type"), "b", Shot("groups-cause"), "escape"),
            *("question_mark", Shot("help-errors"), "escape", "colon", Text("c"), Shot("completing")),
        ),
    ),
    Story("checks", ("2", "space", "space", "space", "space", "c", Shot("checks"), "enter", Shot("checks-opened"))),
    Story(
        "checking",
        ("2", "asterisk", "c", Shot("checks-running", running=True), "x", Shot("checks-stopped")),
        Options(latency_ms=200),
    ),
    Story("finder", ("t", Shot("finder-empty"), Text("mart"), Shot("finder"), Text("zz@"), Shot("finder-nobody"))),
    Story(
        "pick",
        (
            "t",
            Text("martin"),
            "down",
            "down",
            Shot("finder-down"),
            "ctrl+u",
            Text("Yūki Léger"),
            "enter",
            Shot("picked"),
        ),
    ),
    Story(
        "running",
        (SUSPENDED, Shot("troubleshoot-running", running=True), "x", Shot("troubleshoot-stopped")),
        SLOW,
    ),
    *(
        Story(
            name,
            (who, Shot(name), "pagedown", Shot(f"{name}-2"), "pagedown", Shot(f"{name}-3"), "G", Shot(f"{name}-end")),
        )
        for name, who in {
            "verdict-connection": SUSPENDED,
            "verdict-configuration": Person("review_configuration", ("salesforce.assignment.missing",)),
            "verdict-leaver": Person("review_configuration", ("salesforce.user.inactive",)),
            "verdict-reset": RESET,
            "verdict-wait": Person("wait"),
            "verdict-support": Person("contact_support", ("salesforce.link.failed",)),
            "verdict-no-fault": Person("no_fault_found"),
            "verdict-undetermined": Person("undetermined"),
        }.items()
    ),
    Story(
        "user",
        (
            *(SUSPENDED, "p", Shot("complaint"), "o", Shot("complaint-event"), "1", Shot("complained")),
            *("m", Shot("letter-asked"), "g", Shot("letter-google"), "escape", "m", "u", Shot("letter-user"), "escape"),
            *("T", Shot("guided-asked"), "escape", "P", Shot("page-asked"), "f", Shot("page-file-asked"), "escape"),
            *("y", Shot("copy"), "escape", "question_mark", Shot("help"), "G", Shot("help-end"), "escape"),
            *(
                Down("step.google.token.calendar.0"),
                "enter",
                Shot("step-opened"),
                "o",
                Shot("links"),
                "escape",
                "at",
                Shot("calls"),
                "escape",
            ),
            *(
                "E",
                Shot("export"),
                "escape",
                "colon",
                Shot("commands"),
                Text("nosuch"),
                "enter",
                Shot("command-unknown"),
            ),
            *("colon", Text("messages"), "enter", Shot("messages"), "escape"),
            *("R", Shot("reset-refused-read-only")),
        ),
    ),
    Story("guided", (RESET, "T", Shot("guided-question"), "y", Shot("guided"), "escape")),
    Story(
        "reset",
        (
            *(
                RESET,
                "R",
                Shot("reset-read-only"),
                *WRITE,
                Shot("armed"),
                "R",
                Shot("proof"),
                *PROVE,
                Shot("reset-plan"),
            ),
            *("G", Shot("reset-plan-end"), "g", "y", Shot("reset-running", running=True), Shot("reset-done")),
            *("pagedown", Shot("reset-done-2"), "w", Shot("look-again"), "enter", Shot("looked-again")),
        ),
    ),
    Story("refused", (SUSPENDED, *WRITE, "R", Shot("reset-refused"), *OVERRULE, Shot("overruling"), "escape")),
    Story("nobody", ("w", Shot("look-again-nobody"))),
    Story(
        "unread",
        (Person("undetermined"), Shot("page-unrecognised"), "P", Shot("page-given")),
        Options(scenario="salesforce.page.unrecognised"),
    ),
    Story(
        "by-hand",
        (
            *(RESET, Shot("page-closed"), "P", PAGE, Shot("page-pasted"), *WRITE, "R", Shot("by-hand")),
            *("G", Shot("by-hand-end"), "y", Shot("by-hand-done")),
        ),
        Options(quirks=("no_web_scope",)),
    ),
    Story(
        "configurations",
        (
            *("d", Shot("configurations"), "l", Shot("list-asked"), LIST, Shot("list-of-which"), "enter", Shot("list")),
            *("escape", "a", Shot("configuration-adding"), "escape"),
            *("enter", Shot("configuration"), "G", Shot("configuration-end"), "g", "down", "down", "space"),
            *("s", Shot("configuration-saving"), "escape", "escape", Shot("configurations-changed"), "escape"),
            *(Shot("configurations-leaving"),),
        ),
    ),
)
"""Every screen and state that the practice org can show."""
