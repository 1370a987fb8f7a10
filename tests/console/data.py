"""An invented organisation for the console's tests: fixed in time, so that pictures of the screen stay the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from screens import engine as room
from screens.engine import set_up
from tui.declaration import Comparison, Declaration, Difference, Kind, LeftOut, Listing
from tui.model import (
    Answer,
    Call,
    Capability,
    ChecklistItem,
    CheckResult,
    Configuration,
    Contradiction,
    ErrorReport,
    ErrorRow,
    ErrorType,
    Finding,
    History,
    Judgement,
    LookAgain,
    LookAgainFor,
    Members,
    Org,
    Outcome,
    Overview,
    PageReading,
    PageRow,
    Past,
    Phase,
    Product,
    ProofSample,
    Readable,
    ResetPlan,
    ResetResult,
    Roster,
    RowKind,
    Stage,
    Status,
    StepPlan,
    Tally,
    User,
    Verdict,
    Word,
    Write,
)
from tui.records import CheckRecord, Records
from tui.triage.status_pages import pages
from tui.triage.tally import tally

NOW = datetime(2026, 11, 22, 13, 0, 30, tzinfo=UTC)
ORG = Org(
    id="00D000000000001AAA",
    name="Acme Practice",
    instance="NA00",
    sandbox=False,
    practice=True,
    domain="http://127.0.0.1:8500",
    acting_user="admin@acme.example",
    acting_user_id="005000000000001AAA",
)
NAMES = ("Ann Example", "Bernard Lévêque", "Chen Wei", "Dorothée Müller", "Émile Zola-Nguyen van den Bergh")
TEXTS = (
    "We can't connect to this user's Google account. Check the connection and the assignment, then try again.",
    "Salesforce couldn't sync this event: FIELD_CUSTOM_VALIDATION_EXCEPTION, End must be after start.",
    "The user's email address is not linked to a Google Workspace account.",
)


def user(number: int = 0, **changes: Any) -> User:
    name = NAMES[number % len(NAMES)]
    address = f"user{number}@acme.example"
    facts: dict[str, Any] = {
        "id": f"005000000000{number:03d}AAA",
        "name": name,
        "username": address,
        "email": address,
        "active": True,
        "frozen": False,
        "profile": "Standard User",
    }
    return User(**{**facts, **changes})


def row(number: int, **changes: Any) -> ErrorRow:
    facts: dict[str, Any] = {
        "id": f"row{number}",
        "at": NOW - timedelta(hours=number + 1),
        "user_id": user(number % 5).id,
        "user_name": user(number % 5).name,
        "type": (ErrorType.CONNECTION, ErrorType.USER_MAPPING)[number % 2],
        "type_label": ("Connection", "UserMapping")[number % 2],
        "text": TEXTS[number % 3],
        "cells": {"Error Time": "x", "Assigned To": user(number % 5).name, "Sync Direction": "Google to Salesforce"},
    }
    return ErrorRow(**{**facts, **changes})


def report(
    rows: int | tuple[ErrorRow, ...] = 60, *, total: int | None = None, complete: bool = True, **changes: Any
) -> ErrorReport:
    held = tuple(row(number) for number in range(rows)) if isinstance(rows, int) else rows
    facts: dict[str, Any] = {
        "rows": held,
        "total": len(held) if total is None else total,
        "complete": complete,
        "as_user": ORG.acting_user,
        "read_at": NOW - timedelta(minutes=3),
        "report_name": "Google sync errors",
    }
    return ErrorReport(**{**facts, **changes})


@cache
def cut_report() -> ErrorReport:
    return report(2000, total=3104, complete=False)


def counted(held: ErrorReport) -> Tally:
    return tally(held, lambda _who: History(), NOW, 30)


@cache
def cut_tally() -> Tally:
    return counted(cut_report())


@cache
def years_of_errors() -> ErrorReport:
    """Two years, every type, a jump in the last hours."""
    old = tuple(
        row(n, id=f"old{n}", at=NOW - timedelta(days=n * 0.37), type=tuple(ErrorType)[n % 3]) for n in range(1800)
    )
    return report((*(row(n, at=NOW - timedelta(minutes=9 * n)) for n in range(40)), *old))


SITE = "Salesforce does not have Google registered as a remote site."


def overview(**changes: Any) -> Overview:
    items = (
        ("key", "Google private key", Status.PASS, "key 1a2b, sync@acme.iam.gserviceaccount.com"),
        ("enabled", "Lightning Sync switched on", Status.PASS, ""),
        ("remote_site", "6.1 Register the remote site", Status.FAIL, "no active remote site for www.googleapis.com"),
        ("upload", "6.2 Upload the key", Status.WARN, "configured; which key it holds cannot be read"),
        ("test", "6.3 Test the connection", Status.UNKNOWN, "the calendar service did not answer"),
        ("configurations", "Active configurations", Status.PASS, "2 active, 1 inactive"),
        ("status", "Status verified", Status.WAIT, "a first sync is under way"),
    )
    broken = finding(
        "salesforce.remote_site",
        Status.FAIL,
        SITE,
        cause="salesforce.connection.remote_site",
        phase=Phase.CONNECTION,
        fix=("Salesforce admin: register https://www.googleapis.com as a remote site.",),
    )
    facts: dict[str, Any] = {
        "org": ORG,
        "product": Product.LIGHTNING_SYNC,
        "checklist": tuple(
            ChecklistItem(
                step, title, status, summary, f"http://127.0.0.1:8500/setup/{step}", (broken,) * (step == "remote_site")
            )
            for step, title, status, summary in items
        ),
        "capabilities": (
            Capability("report", Readable.READABLE, "error report “Google sync errors”"),
            Capability("metadata", Readable.NOT_WITH_THESE_RIGHTS, "integration settings (Modify Metadata)"),
            Capability("configurations", Readable.ONLY_IN_SETUP, "configurations and their assignments"),
        ),
        "configurations": (
            Configuration("Sales", users=("user0@acme.example",), profiles=("Standard User", "Sales")),
            Configuration("Old pilot", active=False),
        ),
        "report": cut_report(),
        "api_used": 1234,
        "api_limit": 100000,
        "read_at": NOW - timedelta(minutes=3),
        "findings": (broken, finding("google.clock", Status.UNKNOWN, "Google gave no time.", phase=Phase.CONNECTION)),
        "answer": Answer(
            Status.FAIL, f"Broken for everybody: {SITE}", broken, last_worked=NOW - timedelta(hours=5, minutes=12)
        ),
        "tally": cut_tally(),
        "roster": Roster(
            members=(Members(1, (("Standard User", 310), ("Sales", 69)), 380), Members(0, (), 0)),
            contradictions=(
                Contradiction(("Sales",), "“Sales”: no active user has the profile “Sals”."),
                Contradiction(
                    ("Sales", "Old pilot"), "Ann Example and 1 more: Assigned to “Sales”.", ("Ann Example", "Chen Wei")
                ),
            ),
            active=402,
            assigned=380,
        ),
        "status_pages": pages(ORG),
        "api_stops_at": 80000,
        "calls": {"salesforce": 40, "google": 10},
        "confirmed": False,
    }
    return Overview(**{**facts, **changes})


def past(number: int = 0, **changes: Any) -> Past:
    """User 0 was checked after some of the errors; older ones of user 1 were acknowledged."""
    facts: dict[str, Any] = {
        "user_id": user(number).id,
        "user_name": user(number).name,
        "checked_at": NOW - timedelta(hours=5),
        "verdict": Verdict.RESET,
        "assigned": True,
    }
    return Past(**{**facts, **changes})


def pasts(*users: Past, ticket: int = 0) -> room.PastLoaded:
    acknowledged = Past(
        user(1).id,
        user(1).name,
        history=History(acknowledged_at=NOW - timedelta(hours=4)),
        acknowledged_by="lea",
        note="known outage",
    )
    return room.PastLoaded(ticket, users or (past(), acknowledged), 30, NOW - timedelta(hours=1, minutes=30))


STEPS = (
    StepPlan("salesforce.user", "The user in Salesforce", Phase.STATUS),
    StepPlan("google.token.calendar", "A token for the calendar", Phase.CONNECTION),
    StepPlan("google.token.contacts", "A token for the contacts", Phase.CONNECTION),
    StepPlan("google.calendar", "The user's calendar", Phase.CONNECTION),
    StepPlan("salesforce.page", "The Lightning Sync status page", Phase.STATUS),
    StepPlan("salesforce.rights", "Rights to events", Phase.STATUS),
)


def finding(step: str, status: Status, summary: str, **changes: Any) -> Finding:
    facts: dict[str, Any] = {"id": step, "phase": Phase.STATUS, "status": status, "summary": summary, "ms": 120}
    return Finding(**{**facts, **changes})


REFUSED = finding(
    "google.token.calendar",
    Status.FAIL,
    "Google does not let this key act for this person",
    phase=Phase.CONNECTION,
    cause="google.delegation.unauthorized",
    evidence={"error": "unauthorized_client", "scope": "https://www.googleapis.com/auth/calendar"},
    fix=("Google admin: open domain-wide delegation.", "Google admin: add the client id with both scopes."),
    links=("https://admin.google.com/ac/owl/domainwidedelegation",),
)


def check(verdict: Verdict, *, steps: tuple[Finding, ...] | None = None, **changes: Any) -> CheckResult:
    """A result with that verdict, its steps fitting it."""
    passed = tuple(
        finding(step.id, Status.PASS, step.title, phase=step.phase)
        for step in STEPS
        if step.id != "google.token.calendar"
    )
    broken = verdict is Verdict.REVIEW_CONNECTION
    second = REFUSED if broken else finding("google.token.calendar", Status.PASS, "A token for the calendar")
    judgement = Judgement(
        verdict,
        causes=("google.delegation.unauthorized",) if broken else (),
        rule=3 if broken else 7,
        sub_step=2 if broken else None,
        look_again_at=NOW + timedelta(hours=1) if verdict is Verdict.WAIT else None,
        open_errors=2,
    )
    facts: dict[str, Any] = {
        "query": user().id,
        "user": user(),
        "product": Product.LIGHTNING_SYNC,
        "reported": False,
        "judgement": judgement,
        "steps": steps if steps is not None else (passed[0], second, *passed[1:]),
        "checked_at": NOW,
        "sentence": SENTENCE[verdict],
        "not_tested": ("Whether individual events were left out by the person's own settings.",),
    }
    return CheckResult(**{**facts, **changes})


SENTENCE = {
    Verdict.REVIEW_CONNECTION: "Ann Example's calendar and contacts do not sync because Google does not let this key "
    "act for anyone: the delegation is missing.",
    Verdict.REVIEW_CONFIGURATION: "Ann Example is in no active configuration.",
    Verdict.RESET: "Connection and status are well, and 2 errors are open: reset the sync of Ann Example.",
    Verdict.WAIT: "A first sync is under way.",
    Verdict.CONTACT_SUPPORT: "An error came back after the reset: this is for Salesforce support.",
    Verdict.NO_FAULT_FOUND: "No fault was found in what was tested.",
    Verdict.UNDETERMINED: "Google did not answer, so nothing can be said.",
}


def checked(verdict: Verdict) -> Callable[[int, Any], list[room.Event]]:
    """Answers a check with plan, steps and this verdict."""

    def answer(ticket: int, _request: Any) -> list[room.Event]:
        result = check(verdict)
        return [
            room.StepsPlanned(ticket, user(), STEPS),
            *(room.StepDone(ticket, step.id, step) for step in result.steps),
            room.CheckDone(ticket, result),
        ]

    return answer


BEFORE = {"Events": {"Salesforce to Google": "Unable to sync", "Google to Salesforce": "In sync"}}
AFTER = {"Events": {"Salesforce to Google": "In sync", "Google to Salesforce": "In sync"}}


def plan(**changes: Any) -> ResetPlan:
    facts: dict[str, Any] = {
        "user": user(),
        "org": ORG,
        "before": BEFORE,
        "warnings": ("Events that the person does not want synced should be moved out first.",),
    }
    return ResetPlan(**{**facts, **changes})


def reset(outcome: Outcome = Outcome.DONE, reason: str = "") -> ResetResult:
    return ResetResult(user().id, user(), "setup_page", outcome, reason, before=BEFORE, after=AFTER)


def sample(number: int, kind: str) -> ProofSample:
    rows = (
        PageRow("configSetup", "Assigned to a configuration", "Yes", RowKind.ASSIGNED, Word.YES),
        PageRow(
            "userContacts", "Contacts: Google to Salesforce", "In sync", RowKind.GOOGLE_TO_SALESFORCE, Word.IN_SYNC
        ),
        PageRow(
            "userEvents", "Events: Google to Salesforce", "Unable to sync", RowKind.GOOGLE_TO_SALESFORCE, Word.UNABLE
        ),
    )
    return ProofSample(kind, user(number), PageReading(rows=rows, shown_name=user(number).name, read_at=NOW))


SAMPLES = (sample(0, "unwell"), sample(1, "well"), sample(2, "left"))


def records(*verdicts: Verdict) -> Records:
    """A check for each verdict, a day apart, the newest of today; between the first two of them a reset."""
    checks = tuple(
        CheckRecord(
            id=len(verdicts) - days,
            org_id=ORG.id,
            user_id=user().id,
            user_name=user().name,
            query=user().id,
            by="marie",
            acting_user=ORG.acting_user,
            reported=False,
            verdict=verdict,
            causes=("google.delegation.unauthorized",) if verdict is Verdict.REVIEW_CONNECTION else (),
            steps={},
            open_errors=2,
            sentence=SENTENCE[verdict],
            checked_at=NOW - timedelta(days=days),
        )
        for days, verdict in enumerate(verdicts)
    )
    reset = replace(
        WRITE,
        by="paul",
        stage="ended",
        planned_at=NOW - timedelta(hours=12),
        ended_at=NOW - timedelta(hours=11),
        outcome=Outcome.DONE,
        reason="The page no longer shows the reset.",
        before=BEFORE,
        after=AFTER,
    )
    return Records(user().id, checks, (reset,))


WRITE = Write(
    id=7,
    org_id=ORG.id,
    user_id=user().id,
    user_name=user().name,
    by="lea",
    acting_user=ORG.acting_user,
    stage="pressed",
    planned_at=NOW - timedelta(minutes=40),
)
AGAIN = (
    LookAgain(user(2).id, user(2).name, NOW - timedelta(hours=5), LookAgainFor.RESET, NOW - timedelta(hours=29),
              Verdict.NO_FAULT_FOUND, NOW - timedelta(hours=28)),
    LookAgain(user(3).id, user(3).name, NOW + timedelta(minutes=40), LookAgainFor.WAIT, NOW - timedelta(minutes=20),
              Verdict.WAIT, NOW - timedelta(minutes=20)),
    LookAgain(user(4).id, user(4).name, NOW + timedelta(hours=20), LookAgainFor.ACKNOWLEDGED, NOW - timedelta(hours=4)),
)  # fmt: skip
WELL_AT_GOOGLE = (
    finding("google.call.calendar", Status.PASS, "Google Calendar answers", phase=Phase.CONNECTION,
            evidence={"calendar": "ann.example@acme.example"}),
    finding("google.directory", Status.PASS, "The Directory knows this user", phase=Phase.CONNECTION,
            evidence={"primary_email": "ann.example@acme.example", "name": "Ann Example",
                      "aliases": ["user0@acme.example"], "suspended": False, "archived": False}),
)  # fmt: skip
ASSIGNED = finding(
    "salesforce.assignment",
    Status.PASS,
    "The user is in an active configuration.",
    evidence={"configuration": "Sales", "declared": "Assigned to “Sales” individually, which beats the profile's.",
              "events": "both", "contacts": "google_to_salesforce"},
)  # fmt: skip
DISAGREES = finding(
    "salesforce.assignment.declaration", Status.WARN, "The status page says otherwise: the file is out of date."
)


def told(verdict: Verdict, *more: Finding) -> Callable[[int, Any], list[room.Event]]:
    """Answers a check with this verdict, and with further steps that it found."""

    def answer(ticket: int, request: Any) -> list[room.Event]:
        result = check(verdict)
        steps = (*result.steps, *more)
        plan = (*STEPS, *(StepPlan(one.id, one.summary, one.phase) for one in more if one is not DISAGREES))
        owners = {DISAGREES.id: ASSIGNED.id}
        return [
            room.StepsPlanned(ticket, user(), plan),
            *(room.StepDone(ticket, owners.get(step.id, step.id), step) for step in steps),
            room.CheckDone(ticket, replace(result, steps=steps, complaint=request.complaint)),
        ]

    return answer


SKIPPED = finding("google.call.calendar", Status.SKIP, "Calendars are not synced here.", phase=Phase.CONNECTION)
BY_HAND = {
    "refusal": "Refused: the page shows no Reset button (it requires Manage Users and Manage Lightning Sync).",
    "by_hand": True,
    "link": "http://127.0.0.1:8500/s2x/resetExchangeSyncUser.apexp",
    "owned": (("Contact", 1234, ""), ("Event", None, "the query took too long")),
}
CALLS = (
    *(
        Call(NOW - timedelta(seconds=40 - n), "salesforce", "GET", f"/services/data/v64.0/query/{n}", 200, 80 + n)
        for n in range(30)
    ),
    Call(NOW, "google", "POST", "/token", 401, 50, "unauthorized_client"),
    Call(NOW, "google", "POST", "/token", None, 5000),
)


def acknowledged(user_id: str, request: room.Acknowledge) -> Past:
    return Past(user_id, history=History(acknowledged_at=request.until), acknowledged_by="lea", note=request.note)


def checked_many(ticket: int, request: room.CheckMany) -> list[room.Event]:
    verdicts = (Verdict.RESET, Verdict.REVIEW_CONNECTION, Verdict.NO_FAULT_FOUND)
    results = [
        check(verdicts[n % 3], query=query, user=next((user(i) for i in range(5) if user(i).id == query), None))
        for n, query in enumerate(request.users)
    ]
    return [*(room.Checked(ticket, result) for result in results), room.ManyDone(ticket)]


DECLARATION = Declaration(
    "/home/marie/.config/passerelle/config.toml",
    (
        {
            "name": "Sales and partners",
            "users": ["ann@acme.example", "chen.wei@acme.example.crm"],
            "profiles": ["Sales User"],
            "contacts": {"direction": "both", "match": "Has the most recent activity"},
            "data_set": {"contacts": "selected", "users_records": True, "chatter": "followed"},
        },
        {"name": "Field visits", "active": False, "events": {"direction": "google_to_salesforce", "which": "selected"}},
    ),
    comments=True,
)
COMPARISON = Comparison(
    Listing(
        "users.csv",
        whole=True,
        entries=(),
        understood=(("name", "User"), ("email", "Email"), ("configuration", "Sync Configuration")),
        ignored=("Role",),
        left_out=(LeftOut(40, "1 - 25 of 30", "it names no user and no profile"),),
    ),
    (
        Difference(Kind.ADDED, "Dorothée Müller", entry="dorothee@acme.example", target="Field visits", line=3),
        Difference(Kind.ADDED, "Support", True, entry="Support", target="Service desk", line=4),
        Difference(
            Kind.MOVED,
            "Chen Wei",
            entry="chen.wei@acme.example.crm",
            target="Field visits",
            former=(("Sales and partners", "chen.wei@acme.example.crm"),),
            line=5,
        ),
        Difference(
            Kind.REMOVED,
            "Ann Example",
            former=(("Sales and partners", "ann@acme.example"),),
            why="It may be one of the lines that could not be told.",
            doubtful=True,
        ),
        Difference(Kind.UNKNOWN, "nobody@acme.example", line=9, why="Salesforce has no such user."),
        Difference(Kind.AMBIGUOUS, "Jean Martin", line=10, why="Several users fit: Jean Martin (a), Jean Martin (b)."),
    ),
    unchanged=31,
    new=("Service desk",),
    looked_up=True,
)


def saved(ticket: int, request: Any) -> list[room.Event]:
    declaration = Declaration(DECLARATION.path, request.sections)
    return [room.DeclarationSaved(ticket, declaration, f"Written to {DECLARATION.path}.")]


def script(**changes: Any) -> dict[type, Any]:
    """A whole organisation that answers: connection, overview, errors, a verdict of a reset."""
    answers: dict[type, Any] = {
        room.Connect: lambda t, _r: [room.Connected(t, ORG), room.Called(0, CALLS)],
        room.LoadOverview: lambda t, _r: [room.OverviewLoaded(t, overview())],
        room.LoadErrors: lambda t, _r: [room.ErrorsLoaded(t, report()), pasts()],
        room.Acknowledge: lambda t, r: [pasts(*(acknowledged(user_id, r) for user_id in r.users), ticket=t)],
        room.CheckMany: checked_many,
        room.FindUsers: lambda t, _r: [room.UsersFound(t, (user(),))],
        room.CheckUser: checked(Verdict.RESET),
        room.PlanReset: lambda t, _r: [room.ResetPlanned(t, plan())],
        room.LoadLookAgain: lambda t, _r: [room.LookAgainLoaded(t, AGAIN)],
        room.LoadDeclaration: lambda t, _r: [room.DeclarationLoaded(t, DECLARATION)],
        room.CheckDeclaration: lambda t, _r: [room.DeclarationChecked(t, ())],
        room.SaveDeclaration: saved,
        room.CompareList: lambda t, _r: [room.ListCompared(t, COMPARISON)],
        room.LoadProof: lambda t, _r: [room.ProofLoaded(t, SAMPLES)],
        room.AnswerProof: lambda t, r: [room.ProofRecorded(t, all(same for _id, same in r.answers))],
    }
    named = {**vars(set_up), **vars(room)}
    return {**answers, **{named[name]: answer for name, answer in changes.items()}}


def well(**changes: Any) -> Overview:
    """An organisation in which everything works, with two years of errors."""
    seen = overview()
    active = finding("salesforce.page.organisation.last_activity", Status.PASS, "It synced less than 24 hours ago.")
    sentence = "Not broken for everybody: the connection test passes, and sync was active in the last 24 hours."
    return replace(
        seen,
        **{
            "checklist": tuple(replace(item, status=Status.PASS) for item in seen.checklist),
            "findings": (),
            "answer": Answer(Status.PASS, sentence, active, last_worked=NOW - timedelta(minutes=4)),
            "report": years_of_errors(),
            "tally": counted(years_of_errors()),
            "roster": replace(seen.roster, contradictions=()),
            "confirmed": True,
            **changes,
        },
    )


def blind(**changes: Any) -> Overview:
    """An organisation of which next to nothing can be read."""
    seen = overview()
    closed = finding(
        "salesforce.page.organisation",
        Status.UNKNOWN,
        "The console is not allowed to open the Setup page “Lightning Sync Status”.",
        cause="salesforce.page.no_access",
        phase=Phase.CONNECTION,
    )
    return replace(
        seen,
        **{
            "checklist": tuple(replace(item, status=Status.UNKNOWN, summary=closed.summary) for item in seen.checklist),
            "capabilities": tuple(replace(one, status=Readable.NOT_WITH_THESE_RIGHTS) for one in seen.capabilities),
            "configurations": (),
            "findings": (closed,),
            "answer": Answer(
                Status.UNKNOWN,
                f"Not known whether it is broken for everybody: {closed.summary}",
                closed,
                last_worked_why=closed.summary,
            ),
            "report": None,
            "tally": None,
            "roster": Roster(problem="reading users; Salesforce says INSUFFICIENT_ACCESS"),
            "api_used": None,
            "api_limit": None,
            "api_stops_at": None,
            "calls": {},
            **changes,
        },
    )


def so_far() -> Overview:
    """What is known after a few seconds where Google takes its time."""
    waited = finding("google.call.calendar", Status.UNKNOWN, "Google Calendar answers: not answered yet.")
    return blind(
        findings=(replace(waited, phase=Phase.CONNECTION),),
        answer=Answer(Status.UNKNOWN, f"Not known whether it is broken for everybody: {waited.summary}", waited),
        capabilities=(),
        roster=Roster(active=402, assigned=380),
        stage=Stage.SO_FAR,
    )
