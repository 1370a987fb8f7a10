"""The triage as the two ways in use it: one organisation, one acting user, one journal.

Used on one event loop. Nothing here writes to Salesforce but `reset`."""

from __future__ import annotations

import asyncio
import getpass
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Unpack

from tui.clock import utc_now
from tui.config import Settings
from tui.google.client import Google
from tui.http import Http
from tui.journal.store import Journal
from tui.model import (
    Call,
    CheckResult,
    ErrorReport,
    GuidedTest,
    LookAgain,
    Org,
    Outcome,
    Overview,
    PageReading,
    Past,
    ProofSample,
    ResetPlan,
    ResetResult,
    Resolution,
    StepPlan,
    User,
    Write,
)
from tui.records import Records
from tui.salesforce.client import Salesforce
from tui.sanitise import one_line
from tui.triage import checking, guided, look_again, overview, proof, reset, support
from tui.triage.checking import Examined, How, Left, OnResult
from tui.triage.checks.facts import OrgFacts
from tui.triage.reset_plan import prepare
from tui.triage.resolve import resolve
from tui.words import _

OnProgress = Callable[[str, int], None]


def _local_user() -> str:
    try:
        return one_line(getpass.getuser())
    except (KeyError, OSError):  # a user without an entry in the password file
        return "?"


class Session:
    """`by` is the local user, for the journal. `salesforce` and `google` are made from the settings unless given;
    an `http` that is given stays the caller's to close. `sleep` and `timer` pace the watching of a reset."""

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        *,
        http: Http | None = None,
        now: Callable[[], datetime] = utc_now,
        by: str | None = None,
        salesforce: Salesforce | None = None,
        google: Google | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.journal = journal
        self.by = by or _local_user()
        self.now = now
        self.sleep = sleep
        self.timer = timer
        self._own_http = http is None
        self.http = http or Http(ca_file=settings.http.ca_file, proxy=settings.http.proxy)
        self.salesforce = salesforce or Salesforce(settings.salesforce, self.http, links=settings.links, now=now)
        if google is None and settings.google is not None:
            google = Google(settings.google, self.http, now=now)
        self.google = google
        self.org: Org | None = None
        self.presses: set[asyncio.Task[reset.Pressed]] = set()
        self.left = Left()

    async def connect(self) -> Org:
        """Log in and say who answers; later calls answer at once. Raises ServiceError with an access cause."""
        if self.org is None:
            self.org = await self.salesforce.connect()
        return self.org

    def clock(self) -> datetime:
        """Salesforce's clock where it has told the time, else ours."""
        return self.salesforce.server_now or self.now()

    @property
    def writing(self) -> bool:
        """Whether a press of Reset is on its way to Salesforce."""
        return bool(self.presses)

    @property
    def api_stops_at(self) -> int | None:
        """How many of the day's API calls may be used before bulk work stops; None where the limit is not known."""
        limit = self.salesforce.api_limit
        return int(limit * (1 - self.settings.triage.api_reserve)) if limit else None

    @property
    def api_nearly_used_up(self) -> int | None:
        """The API calls left of the day where they are fewer than the reserve, else None."""
        used, limit = self.salesforce.api_used, self.salesforce.api_limit
        if used is None or not limit or limit - used >= limit * self.settings.triage.api_reserve:
            return None
        return max(0, limit - used)

    @property
    def calls_made(self) -> Mapping[str, int]:
        """How many calls this session made, by service."""
        return dict(self.http.made)

    @property
    def calls(self) -> list[Call]:
        """The newest calls made to the services, oldest first."""
        return list(self.http.calls)

    async def aclose(self) -> None:
        """Wait for a write that is on its way, then close the connections."""
        if self.presses:
            await asyncio.wait(self.presses)
        if self._own_http:
            await self.http.aclose()

    # ---- who ---------------------------------------------------------------------------------------------------------

    async def resolve(self, queries: Sequence[str]) -> list[Resolution]:
        """Whom each query names, in the order of the queries. Raises ServiceError."""
        await self.connect()
        return await resolve(self.salesforce, queries)

    async def user(self, user_id: str) -> User:
        """The user with this id, freshly read. Raises ServiceError; LookupError with a sentence where there is none."""
        await self.connect()
        for user in await self.salesforce.users_by_ids([user_id]):
            return user
        raise LookupError(_("There is no user with the id {id} in this organisation.").format(id=one_line(user_id)))

    async def with_open_errors(self) -> list[str]:
        """The ids of the users who have an open error, newest error first, each once. A row that gives only a name
        counts where the name is unique. Raises ServiceError, JournalError."""
        return await checking.with_open_errors(self)

    @property
    def listed_whole(self) -> bool:
        """Whether the report that `with_open_errors` read was whole."""
        return self.left.listed is None or self.left.listed.complete

    # ---- checking ----------------------------------------------------------------------------------------------------

    def plan(self) -> tuple[StepPlan, ...]:
        """The steps of a check, in the order in which they are shown."""
        return checking.plan()

    async def check(self, users: Sequence[tuple[str, User]], **how: Unpack[How]) -> list[CheckResult]:
        """Check the users, each with the query that named them; the results in the same order. Trouble of access makes
        undetermined results; nothing is raised for it."""
        if (page := how.get("page")) is not None:
            self.left.by_hand = (users[0][1].id, self.clock(), page) if users else None
        return [result for result, _facts in await self.examine(users, **how)]

    async def check_queries(self, queries: Sequence[str], **how: Unpack[How]) -> list[CheckResult | Resolution]:
        """Log in, find out who is meant, check: the results in the order of the queries, a Resolution with a problem
        where a query named nobody."""
        return await checking.check_queries(self, queries, **how)

    async def examine(self, users: Sequence[tuple[str, User]], **how: Unpack[How]) -> list[Examined]:
        """`check`, each result with the facts that it rests on (None where Salesforce could not be asked)."""
        return await checking.examine(self, users, **how)

    def facts(self, org: Org, users: Sequence[User]) -> OrgFacts:
        """What is read once for all these users; nothing is read yet."""
        return OrgFacts(
            org=org,
            settings=self.settings,
            salesforce=self.salesforce,
            page=self.salesforce.page(),
            google=self.google,
            journal=self.journal,
            now=self.now,
            users=users,
        )

    async def packet(self, user_id: str) -> str:
        """The support packet of this user's last check, as Markdown; of a fresh check where the last was of somebody
        else. Raises ServiceError, LookupError."""
        user = await self.user(user_id)
        last = self.left.last
        if last is None or last.user is None or last.user.id != user.id:
            (last,) = await self.check([(user_id, user)])
        return await support.packet(self, user, last)

    # ---- the organisation --------------------------------------------------------------------------------------------

    async def errors(self) -> ErrorReport:
        """The error report. Raises ServiceError."""
        await self.connect()
        return await self.salesforce.errors(self.clock())

    def pasts(self) -> tuple[Past, ...]:
        """What the journal knows of each user of this organisation; () before the login. Raises JournalError."""
        return self.journal.pasts(self.org.id) if self.org else ()

    def records(self, user_id: str) -> Records:
        """What the journal holds of this user; nothing before the login. Raises JournalError."""
        if self.org is None:
            return Records(user_id)
        org_id = self.org.id
        return Records(user_id, self.journal.checks(org_id, user_id), self.journal.writes(org_id, user_id))

    def read_before(self, at: datetime) -> datetime | None:
        """When the local user last read the error report; from now on that is `at`. Raises JournalError."""
        return self.journal.read_before(self.org.id, self.by, at) if self.org else None

    async def acknowledge(self, queries: Sequence[str], note: str, until: datetime) -> None:
        """Keep that somebody looked at these users' errors up to then. Raises LookupError with a sentence before
        anything is kept where one cannot be found; ServiceError, JournalError."""
        org = await self.connect()
        found = await self.resolve(queries)
        if problems := [resolution.problem for resolution in found if resolution.problem]:
            raise LookupError(problems[0])
        for user_id in dict.fromkeys(user.id for resolution in found for user in resolution.users):
            self.journal.acknowledge(org.id, user_id, self.by, note, until)

    async def overview(self, on_stage: overview.OnStage | None = None) -> Overview:
        """The guide's checklist with its live state, and what can be read; `on_stage` gets what is known before the
        end. Raises ServiceError without a login."""
        return await overview.read(self, on_stage)

    # ---- reset and proof ---------------------------------------------------------------------------------------------

    async def plan_reset(self, user_id: str, overrule: str = "") -> ResetPlan:
        """What a reset of this user would do, or why it is refused; checks the user afresh. `overrule` is the admin's
        reason where the verdict is another. Raises ServiceError, LookupError."""
        return (await prepare(self, user_id, overrule)).plan

    async def reset(
        self,
        user_id: str,
        *,
        wait: bool = True,
        overrule: str = "",
        on_progress: OnProgress | None = None,
        on_result: OnResult | None = None,
    ) -> ResetResult:
        """Check afresh, and reset where verdict.md allows it; `wait` follows it to its end and checks again (that
        result goes to `on_result`). Once it has started it goes on to a safe end even if the caller is cancelled.
        Raises ServiceError and LookupError before anything was written, JournalError."""
        return await reset.start(
            self, user_id, wait=wait, overrule=overrule, on_progress=on_progress, on_result=on_result
        )

    async def record_reset(self, user_id: str, *, done: bool, overrule: str = "") -> ResetResult:
        """Keep in the journal that an admin pressed Reset in Setup, by hand (`done`: Setup took it). Raises as
        `reset`."""
        recorded = await reset.record(self, user_id, done=done, overrule=overrule)
        self.left.by_hand = None  # it shows the page as it was before
        return recorded

    def page_by_hand(self, user_id: str) -> PageReading | None:
        """The page that an admin gave for this user a moment ago."""
        return checking.page_by_hand(self, user_id)

    async def resume(
        self, write_id: int, on_progress: OnProgress | None = None, on_result: OnResult | None = None
    ) -> ResetResult:
        """Go on with an unfinished write: look, follow, close it; never press again. Raises as `reset`."""
        return await reset.resume(self, write_id, on_progress=on_progress, on_result=on_result)

    def drop(self, write_id: int) -> None:
        """Leave an unfinished write as it is; it is closed with the outcome `unknown`. Raises JournalError."""
        reason = _("Left as it was: nobody looked how it ended.")
        self.journal.end_write(write_id, Outcome.UNKNOWN, reason, {}, self.clock())

    async def look_again(self) -> tuple[LookAgain, ...]:
        """The people to look at again, what is due first first. Raises ServiceError, JournalError."""
        org = await self.connect()
        since = self.clock() - look_again.FORGOTTEN_AFTER
        journal = self.journal
        return look_again.people(
            journal.latest_checks(org.id, since),
            journal.writes_since(org.id, since),
            journal.acknowledged_since(org.id, since),
        )

    def unfinished(self) -> tuple[Write, ...]:
        """The writes of this organisation that were begun and never ended; () before the login."""
        return self.journal.unfinished(self.org.id) if self.org else ()

    async def guided_tests(self) -> tuple[str, tuple[GuidedTest, ...]]:
        """Where in Setup the connection test is, and what was recorded of it in the last 24 hours, newest first.
        Raises ServiceError, JournalError."""
        org = await self.connect()
        link = self.salesforce.link("gmail_sync_settings")
        return link, self.journal.connection_tests(org.id, self.clock() - guided.COUNTS_FOR)

    async def record_guided(
        self, user_id: str, user_name: str, messages: Sequence[tuple[str, str, bool | None]]
    ) -> tuple[GuidedTest, ...]:
        """Keep what Salesforce's own connection test said with this user: the side, its message, and the outcome as the
        admin saw it (None: as the message says it). Raises ServiceError, JournalError."""
        return await guided.record(self, user_id, user_name, messages)

    async def proof_samples(self, user_id: str) -> tuple[ProofSample, ...]:
        """Readings of the status page for an admin to compare with Setup. Raises ServiceError, LookupError."""
        return await proof.samples(self, user_id)

    def answer_proof(self, answers: Mapping[str, bool]) -> bool:
        """Keep what the admin saw (user id -> the same or not); True when the reading now counts as confirmed."""
        if self.org is None:
            return False
        return self.journal.confirm(self.org.id, proof.PAGE, self.by, answers, self.clock())
