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
class Person:
    """Asked for with `t`: the first user of the practice org of whom a correct triage finds this."""

    verdict: str
    causes: tuple[str, ...] = ()
    after_reset: str = ""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture, taken when nothing is under way any more; with `running`, as soon as something is."""

    name: str
    running: bool = False


Step = str | Text | Person | Shot


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
SLOW = Options(latency_ms=400)
SUSPENDED = Person("review_connection", ("google.user.suspended",))
RESET = Person("reset", after_reset="no_fault_found")

README = (
    Story("overview", (Shot("overview"),)),
    Story("errors", ("2", "down", Shot("errors"))),
    Story("troubleshoot", (SUSPENDED, Shot("troubleshoot"))),
)
"""The pictures of the README."""

ALL = (
    Story("start", (Shot("start"), "i", Shot("set-up"), "l", "n", Shot("set-up-file")), first=True),
    Story("small", (Shot("too-small"),), narrow=True),
    Story("connecting", (Shot("connecting", running=True),), Options(latency_ms=5000)),
    Story("offline", (Shot("offline"), "2", Shot("errors-offline")), Options(scenario="salesforce.auth.bad_client")),
    Story(
        "overview",
        (Shot("overview"), "pagedown", Shot("overview-2"), "pagedown", Shot("overview-3"), "G", Shot("overview-end")),
    ),
    Story(
        "broken",
        (Shot("overview-broken"), Person("review_connection"), Shot("verdict-organisation")),
        Options(scenario="google.delegation.unauthorized"),
    ),
    Story(
        "errors",
        (
            *("2", Shot("errors"), "down", "plus", "plus", Shot("errors-detail"), "minus", "minus"),
            *("slash", Text("mar"), Shot("errors-filtering"), "enter", Shot("errors-filtered"), "escape"),
            *("slash", Text("zzz"), "enter", Shot("errors-no-match"), "escape"),
            *("space", "space", "space", Shot("errors-marked"), "a", Shot("errors-acknowledging"), "escape", "u"),
            *("b", Shot("groups-user"), "b", Shot("groups-type"), "b", Shot("groups-cause"), "escape"),
        ),
    ),
    Story("checks", ("2", "space", "space", "space", "space", "c", Shot("checks"))),
    Story("finder", ("t", Shot("finder-empty"), Text("mart"), Shot("finder"), Text("zz@"), Shot("finder-nobody"))),
    Story("running", (SUSPENDED, Shot("troubleshoot-running", running=True)), SLOW),
    *(
        Story(name, (who, Shot(name), "G", Shot(f"{name}-end")))
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
            *(SUSPENDED, "p", Shot("complaint"), "escape", "m", Shot("letter-asked"), "g", Shot("letter"), "escape"),
            *("T", Shot("guided"), "escape", "P", Shot("page-asked"), "escape", "y", Shot("copy"), "escape"),
            *(
                *["down"] * 11,
                "o",
                Shot("links"),
                "escape",
                "question_mark",
                Shot("help"),
                "escape",
                "at",
                Shot("calls"),
                "escape",
            ),
            *("colon", Shot("commands"), "escape", "colon", Text("messages"), "enter", Shot("messages")),
        ),
    ),
    Story(
        "reset",
        (
            *(RESET, "R", Shot("reset-read-only"), *WRITE, "R", Shot("proof"), *PROVE, Shot("reset-plan")),
            *("y", Shot("reset-running", running=True), Shot("reset-done"), "w", Shot("look-again")),
        ),
    ),
    Story("nobody", ("w", Shot("look-again-nobody"))),
    Story(
        "unread",
        (Person("undetermined"), Shot("page-unrecognised"), "P", Shot("page-given")),
        Options(scenario="salesforce.page.unrecognised"),
    ),
    Story(
        "configurations",
        (
            *("d", Shot("configurations"), "enter", Shot("configuration"), "down", "down", "space"),
            *("s", Shot("configuration-saving"), "escape", "escape", "l", Shot("list-asked")),
        ),
    ),
)
"""Every screen and state that the practice org can show."""
