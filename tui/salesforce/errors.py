"""What Salesforce says when it refuses, turned into a ServiceError with a cause of causes.md. Tables, no chains.

Three shapes of answers (REST: a JSON array; OAuth: a JSON object; SOAP: a fault) and pages of HTML are read. What no
row of the tables describes keeps its code and message, redacted, as evidence, with the cause "": the caller knows
whether it was something that every check needs (`required` makes it `salesforce.rights.missing`) or something optional.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui.http import Answer, Forbidden, NotJson, TooLarge, Unreachable
from tui.model import EMPTY, ServiceError
from tui.sanitise import one_line, redact
from tui.words import N_, _

SERVICE = "salesforce"
TIMED_OUT = "timed out"  # a code of ours
UNREACHABLE = "salesforce.network.unreachable"
UNAVAILABLE = "salesforce.service.unavailable"
RIGHTS = "salesforce.rights.missing"
BAD_CLIENT = "salesforce.auth.bad_client"
BAD_AUDIENCE = "salesforce.auth.bad_audience"
BAD_ASSERTION = "salesforce.auth.bad_assertion"
NOT_APPROVED = "salesforce.auth.not_approved"
USER_INACTIVE = "salesforce.auth.user_inactive"
API_DISABLED = "salesforce.api.disabled"
API_LIMIT = "salesforce.api.limit"
REPORT = "salesforce.report.unavailable"
SIGN_IN = "sign_in"
"""The code of a sign-in that fell through on our side (no agent, no sf, no secret): Salesforce was not asked, so it is
none of its causes."""
NO_ACCESS = "salesforce.page.no_access"
UNRECOGNISED = "salesforce.page.unrecognised"

# errorCode of REST and SOAP -> cause (salesforce-api.md 8.6). Codes that are not here are the caller's affair.
CODES: Mapping[str, str] = {
    "API_DISABLED_FOR_ORG": API_DISABLED,
    "API_CURRENTLY_DISABLED": API_DISABLED,
    "REQUEST_LIMIT_EXCEEDED": API_LIMIT,
    "INVALID_SESSION_ID": RIGHTS,  # a token just issued: an IP lock or API access control
    "SERVER_UNAVAILABLE": UNAVAILABLE,
}

# (error, part of the description in lower case) -> cause, in this order; "" fits everything (salesforce-api.md 8.5).
OAUTH: tuple[tuple[str, str, str], ...] = (
    ("invalid_client_id", "", BAD_CLIENT),
    ("invalid_client", "", BAD_CLIENT),
    ("", "client identifier invalid", BAD_CLIENT),
    ("", "invalid client credentials", BAD_CLIENT),
    ("invalid_app_access", "", NOT_APPROVED),
    ("", "approved this consumer", NOT_APPROVED),
    ("", "no client credentials user", NOT_APPROVED),  # wording not known for sure: the app has no Run As user
    ("", "not admin approved", NOT_APPROVED),
    ("", "audience", BAD_AUDIENCE),
    ("inactive_user", "", USER_INACTIVE),
    ("", "user is locked", USER_INACTIVE),
    ("", "inactive user", USER_INACTIVE),
    ("", "assertion", BAD_ASSERTION),
    ("", "expired", BAD_ASSERTION),
    ("", "signature", BAD_ASSERTION),
)

# Codes after which a request that changes nothing may help if sent again; REQUEST_LIMIT_EXCEEDED is not among them.
TRANSIENT = frozenset({"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT"})

_SENTENCES: Mapping[str, str] = {
    UNREACHABLE: N_("Salesforce cannot be reached: {detail}."),
    UNAVAILABLE: N_("Salesforce does not answer as it should ({detail}). Try again in a few minutes."),
    RIGHTS: N_("Salesforce lets us in, but not do this ({detail})."),
    BAD_CLIENT: N_("Salesforce does not know the app that client_id names, or its secret is wrong ({detail})."),
    BAD_AUDIENCE: N_("Salesforce says that the sign-in was meant for another place: check audience ({detail})."),
    BAD_ASSERTION: N_("Salesforce does not accept the signed sign-in: key, certificate or clock ({detail})."),
    NOT_APPROVED: N_("This user is not approved for the app in Salesforce ({detail})."),
    USER_INACTIVE: N_("The user that the program signs in as is inactive or locked ({detail})."),
    API_DISABLED: N_("The API is switched off in this Salesforce organisation ({detail})."),
    API_LIMIT: N_("Salesforce's limit of API calls is used up ({detail}). Nothing more is asked for now."),
    REPORT: N_("The error report cannot be read: {detail}."),
    NO_ACCESS: N_("The Lightning Sync Status page cannot be opened: {detail}."),
    UNRECOGNISED: N_("The Lightning Sync Status page is not the page that this program knows: {detail}."),
    "": N_("Salesforce answered: {detail}."),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an answer says in its body: the service's own code and message, not yet redacted; `shape` is rest, oauth
    or soap (whose refusals all come with status 500)."""

    code: str
    message: str
    shape: str = "rest"


def error(cause: str, detail: str, *, code: str = "", status: int | None = None, **evidence: Any) -> ServiceError:
    """A ServiceError of that cause whose message is the cause's sentence with `detail` in it."""
    detail = one_line(redact(detail), limit=500).rstrip(".")
    message = _(_SENTENCES.get(cause, _SENTENCES[""])).format(detail=detail)
    shown = {key: one_line(redact(str(value)), limit=500) for key, value in evidence.items() if value not in ("", None)}
    return ServiceError(cause, message, code=code, status=status, evidence=shown)


def refusals(answer: Answer) -> list[Refusal]:
    """What the answer says went wrong; empty when its body is none of the shapes that Salesforce documents."""
    try:
        body = answer.json()
    except NotJson:
        return _soap_fault(answer)
    if isinstance(body, dict) and isinstance(body.get("error"), str):
        return [Refusal(body["error"], str(body.get("error_description") or ""), "oauth")]
    entries = body if isinstance(body, list) else [body]
    return [
        Refusal(str(entry["errorCode"]), str(entry.get("message") or ""))
        for entry in entries
        if isinstance(entry, dict) and "errorCode" in entry
    ]


def _soap_fault(answer: Answer) -> list[Refusal]:
    text = answer.text()[:20_000]
    code = re.search(r"<faultcode[^>]*>\s*(?:\w+:)?(\w+)\s*</faultcode>", text)
    message = re.search(r"<faultstring[^>]*>([^<]*)</faultstring>", text)
    return [Refusal(code[1], message[1] if message else "", "soap")] if code else []


def is_html(answer: Answer) -> bool:
    """Whether a page came where data was asked for (maintenance, a log-in page, a proxy's own page)."""
    return answer.body[:200].lstrip()[:5].lower() in {b"<html", b"<!doc"} or "text/html" in answer.headers.get(
        "content-type", ""
    )


def again(answer: Answer) -> bool:
    """Whether a request that changes nothing should be tried again: Salesforce decides by its error code, not by the
    status alone; a page of HTML instead of data is maintenance or something on the way."""
    codes = {refusal.code for refusal in refusals(answer)} if answer.status >= 400 else set()
    if "REQUEST_LIMIT_EXCEEDED" in codes:
        return False
    if answer.status == 200:
        return answer.body.lstrip()[:1] not in {b"{", b"["}
    return (
        answer.status in {429, 502, 503, 504} or bool(codes & TRANSIENT) or (answer.status >= 500 and is_html(answer))
    )


def expired(answer: Answer) -> bool:
    """Whether the session is over: 401, or INVALID_SESSION_ID under another status (SOAP answers 500)."""
    if answer.status == 401:
        return True
    return answer.status >= 400 and any(refusal.code == "INVALID_SESSION_ID" for refusal in refusals(answer))


def failure(answer: Answer, *, asked: str) -> ServiceError:
    """The ServiceError for an answer that is not a success (or a success of the wrong shape); `asked` says what was
    asked for, and stands in the evidence with the service's code and message."""
    found = refusals(answer)
    if found:
        first = found[0]
        cause = _oauth_cause(first) if first.shape == "oauth" else CODES.get(first.code, "")
        if not cause and answer.status >= 500 and first.shape != "soap":
            cause = UNAVAILABLE
        detail = f"{first.code}: {first.message}" if first.message else first.code
        return error(
            cause, detail, code=first.code, status=answer.status, asked=asked, status_code=answer.status, answer=detail
        )
    if 300 <= answer.status < 400:
        detail = _("it sends us elsewhere; domain in the config file may not be the organisation's My Domain")
    elif is_html(answer):
        detail = _("a web page came instead of data, status {status}").format(status=answer.status)
    else:
        detail = _("an answer came that is not as documented, status {status}").format(status=answer.status)
    known = answer.status >= 500 or answer.status < 400 or answer.status == 429 or is_html(answer)
    cause = UNAVAILABLE if known else RIGHTS if answer.status == 401 else ""
    title = re.search(r"<title[^>]*>([^<]{1,200})", answer.text()[:20_000], re.IGNORECASE) if is_html(answer) else None
    return error(
        cause,
        detail,
        code=str(answer.status),
        status=answer.status,
        asked=asked,
        status_code=answer.status,
        title=title[1].strip() if title else "",
    )


def _oauth_cause(refusal: Refusal) -> str:
    said = refusal.message.lower()
    for code, part, cause in OAUTH:
        if code in {"", refusal.code} and part in said:
            return cause
    return ""


def unreachable(problem: Unreachable | Forbidden, *, asked: str) -> ServiceError:
    """The ServiceError for an answer that did not come (its code is TIMED_OUT where time ran out), or was dropped for
    its size."""
    code = TIMED_OUT if isinstance(problem, Unreachable) and problem.timed_out else ""
    return error(UNAVAILABLE if isinstance(problem, TooLarge) else UNREACHABLE, str(problem), code=code, asked=asked)


def sign_in(sentence: str, **evidence: Any) -> ServiceError:
    """The ServiceError for a sign-in that our own side cannot make; `sentence` says why and what to do."""
    shown = {key: one_line(redact(str(value)), limit=500) for key, value in evidence.items() if value not in ("", None)}
    return ServiceError("", one_line(redact(sentence), limit=1000), code=SIGN_IN, evidence=shown)


def required(problem: ServiceError, right: str) -> ServiceError:
    """The same refusal where every check needs the thing: what had no cause of its own is a missing right, named."""
    if problem.cause or problem.code == SIGN_IN:
        return problem
    return error(
        RIGHTS,
        _("{right}; Salesforce says {code}").format(right=right, code=problem.code or "?"),
        code=problem.code,
        status=problem.status,
        **{**problem.evidence, "right": right},
    )


def recast(problem: ServiceError, cause: str, detail: str = "", evidence: Mapping[str, Any] = EMPTY) -> ServiceError:
    """The same refusal under the cause of the thing that could not be read; the cause it had stands in the evidence."""
    return error(
        cause,
        detail or problem.message,
        code=problem.code,
        status=problem.status,
        **{**problem.evidence, "because": problem.cause, **evidence},
    )
