"""The session of the Salesforce CLI (`sf`) of this user of the host, borrowed for each token anew.

Two commands: `sf org display` says which org and which user (and, since version 2.136.8 of May 2026, hides the token);
`sf org auth show-access-token` gives the token, which sf renews by itself. Nothing that sf writes is shown as it is.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tui.model import ServiceError
from tui.reasons import why
from tui.salesforce import errors, hosts
from tui.sanitise import one_line, redact
from tui.words import N_, _

SECONDS = 60.0
"""For one command: sf takes some seconds to start, and may ask Salesforce for a new session."""
_LARGEST = 1 << 20

_DISPLAY = ("org", "display")
_TOKEN = ("org", "auth", "show-access-token")
_SESSION = re.compile(r"00D\w{9,15}![\w.]{8,512}")
# No colours, no update notices and no questions among the JSON.
_QUIET = {"NO_COLOR": "1", "FORCE_COLOR": "0", "SF_SKIP_NEW_VERSION_CHECK": "true", "SF_AUTOUPDATE_DISABLE": "true"}

# (what sf says, by name or message) -> our sentence, in this order.
_REFUSALS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"not a(n)? sf command|command \S+ not found|CommandNotFound", re.IGNORECASE),
        N_("This sf is too old to give out its session (2.136.8 of May 2026 or later does): sf update"),
    ),
    (
        re.compile(
            r"NamedOrgNotFound|NoAuthInfo|NoDefaultEnv|NoTargetEnv|No authorization information|No AuthInfo",
            re.IGNORECASE,
        ),
        N_("sf is not logged in to {org}: sf org login web --instance-url {domain} --alias {org}"),
    ),
    (
        re.compile(
            r"RefreshTokenAuth|expired access/refresh|refresh token|inactive (user|org)|AuthDecrypt", re.IGNORECASE
        ),
        N_("The session that sf has for {org} is over: sf org login web --instance-url {domain} --alias {org}"),
    ),
)


@dataclass(frozen=True, slots=True)
class Session:
    """What sf knows of an org; `username` is the Salesforce username, also where sf was asked by an alias."""

    token: str = field(repr=False)
    instance: str
    org_id: str
    username: str


async def session(org: str, domain: str) -> Session:
    """The session of the org that sf knows as `org` (username or alias), which must be the one at `domain`.

    Raises ServiceError with a sentence: no sf, one that is too old or not logged in, nonsense, or another org."""
    program = shutil.which("sf")
    if program is None:
        raise errors.sign_in(
            _(
                "The Salesforce CLI (sf) is not installed here, or not on the PATH: npm install --global"
                " @salesforce/cli, or choose another auth in [salesforce]."
            )
        )
    shown = await _asked(program, _DISPLAY, org, domain)
    instance, org_id, username = (shown.get(name) for name in ("instanceUrl", "id", "username"))
    if not isinstance(instance, str) or not isinstance(username, str) or not hosts.origin(instance):
        raise _odd(_DISPLAY)
    if hosts.netloc(instance) != hosts.netloc(domain):
        raise errors.sign_in(
            _(
                "sf is logged in to another org as {org}: {other}, and domain says {domain}. Name the right user or"
                " alias under username, or correct domain."
            ).format(org=one_line(org), other=one_line(hosts.origin(instance)), domain=domain)
        )
    token = (await _asked(program, _TOKEN, org, domain)).get("accessToken")
    if isinstance(token, str) and "redacted" in token.lower():
        raise errors.sign_in(
            _(
                "sf hides the token of its session even from the command that is to show it: bring it up to date with"
                " sf update, or choose another auth in [salesforce]."
            )
        )
    if not isinstance(token, str) or not _SESSION.fullmatch(token):
        raise _odd(_TOKEN)
    if isinstance(org_id, str) and org_id and token[:15] != org_id[:15]:
        raise errors.sign_in(
            _(
                "sf gave a session of another org than the one it shows as {org}: log in again with sf org login web."
            ).format(org=one_line(org))
        )
    return Session(
        token, hosts.origin(instance), one_line(org_id or token[:15], limit=18), one_line(username, limit=320)
    )


def over(org: str, domain: str) -> ServiceError:
    """The ServiceError for a session that Salesforce no longer takes and sf gave out again."""
    return errors.sign_in(_(_REFUSALS[2][1]).format(org=one_line(org), domain=domain))


async def _asked(program: str, command: tuple[str, ...], org: str, domain: str) -> Mapping[str, Any]:
    """The `result` of a command about that org. Raises ServiceError."""
    options = ["--no-prompt"] if command == _TOKEN else []
    out, err = await _run([program, *command, f"--target-org={org}", *options, "--json"])
    try:
        answer = json.loads(out)
    except (ValueError, RecursionError):
        answer = None
    result = answer.get("result") if isinstance(answer, dict) else None
    if isinstance(result, dict):
        return result
    said = f"{answer.get('name')}: {answer.get('message')}" if isinstance(answer, dict) else f"{out}\n{err}"
    for pattern, sentence in _REFUSALS:
        if pattern.search(said):
            raise errors.sign_in(_(sentence).format(org=one_line(org), domain=domain))
    if isinstance(answer, dict) and isinstance(answer.get("message"), str):
        raise errors.sign_in(
            _("sf refused ({command}): {reason}").format(
                command=" ".join(command), reason=one_line(redact(answer["message"]), limit=300)
            )
        )
    raise _odd(command)


def _odd(command: tuple[str, ...]) -> ServiceError:
    return errors.sign_in(
        _(
            "sf answered something else than was asked for ({command}). Look at it yourself: sf org display"
            " --target-org NAME, and bring sf up to date with sf update."
        ).format(command="sf " + " ".join(command))
    )


async def _run(arguments: list[str]) -> tuple[str, str]:
    """What the program writes to stdout and stderr. It has no terminal, a session of its own and a time to end in."""
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **_QUIET},
            start_new_session=True,
        )
    except (OSError, ValueError) as problem:
        sentence = _("The Salesforce CLI (sf) cannot be started: {reason}.")
        raise errors.sign_in(sentence.format(reason=why(problem))) from None
    assert process.stdout is not None  # noqa: S101 - asked for as pipes
    assert process.stderr is not None  # noqa: S101
    try:
        async with asyncio.timeout(SECONDS):
            out, err = await asyncio.gather(_bounded(process.stdout), _bounded(process.stderr))
            await process.wait()
    except TimeoutError:
        raise errors.sign_in(
            _("The Salesforce CLI (sf) did not answer within {seconds} seconds: try sf org display by hand.").format(
                seconds=round(SECONDS)
            )
        ) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return out, err


async def _bounded(stream: asyncio.StreamReader) -> str:
    """What the stream holds, of which the first 1 MiB counts: sf says far less."""
    data = bytearray()
    while part := await stream.read(65536):
        if len(data) < _LARGEST:
            data += part
    return data.decode("utf-8", "replace")
