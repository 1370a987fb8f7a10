"""Finding people and checking them: one, step by step, or many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from screens import engine as said
from tui.engine_room.reading import remember
from tui.model import CheckResult, Finding, PageReading, User

if TYPE_CHECKING:
    from tui.engine_room.thread import EngineRoom
    from tui.triage.session import Session


async def find(room: EngineRoom, ticket: int, request: said.FindUsers) -> None:
    session = await room.session()
    [found] = await session.resolve([request.text])
    users = found.users
    if not users:  # a full name that fits several people names nobody, but one of them may be picked
        users = tuple(await session.salesforce.users_by_names([request.text]))
    room.post(said.UsersFound(ticket, users, found.problem))


async def check(room: EngineRoom, ticket: int, request: said.CheckUser) -> None:
    session = await room.session()
    checked: list[str] = []

    def step(user: User, planned: str, finding: Finding) -> None:
        if not checked:
            checked.append(user.id)
            room.post(said.StepsPlanned(ticket, user, session.plan()))
        if user.id == checked[0]:  # an address that several share names them all: the first one is shown
            room.post(said.StepDone(ticket, planned, finding))

    page = _page_by_hand(session, request)
    [result, *_others] = await session.check_queries(
        [request.query],
        reported=request.reported,
        on_step=step,
        page=page,
        complaint=request.complaint,
        retry=request.retry,
    )
    if isinstance(result, CheckResult):
        room.post(said.CheckDone(ticket, result))
        remember(room, 0, session, result.user)
    else:
        room.post(said.Failed(ticket, result.problem))


async def check_many(room: EngineRoom, ticket: int, request: said.CheckMany) -> None:
    session = await room.session()
    answers = await session.check_queries(
        request.users, on_result=lambda result: room.post(said.Checked(ticket, result))
    )
    problems = tuple(answer.problem for answer in answers if not isinstance(answer, CheckResult))
    room.post(said.ManyDone(ticket, problems))
    remember(room, 0, session)


def tell(room: EngineRoom, ticket: int, session: Session, result: CheckResult) -> None:
    """Post a check that was made already, as if its steps came now."""
    if result.user is not None:
        room.post(said.StepsPlanned(ticket, result.user, session.plan()))
    for finding in result.steps:
        room.post(said.StepDone(ticket, _planned(finding.id, session), finding))
    room.post(said.CheckDone(ticket, result))
    remember(room, 0, session, result.user)


def _page_by_hand(session: Session, request: said.CheckUser) -> PageReading | None:
    """The page that the admin gave with the request. Raises ValueError with a sentence."""
    from tui.salesforce.saved.file import FileProblem
    from tui.triage import saved_page

    try:
        if request.page_file:
            return saved_page.load(Path(request.page_file).expanduser(), session.settings)
        return saved_page.pasted(request.page_text, session.settings) if request.page_text else None
    except FileProblem as problem:
        raise ValueError(str(problem)) from None


def _planned(finding_id: str, session: Session) -> str:
    """The planned step that a finding belongs to: the longest id at or above its own."""
    owners = [step.id for step in session.plan() if finding_id == step.id or finding_id.startswith(f"{step.id}.")]
    return max(owners, key=len, default=finding_id)
