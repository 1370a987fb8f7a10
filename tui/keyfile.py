"""Private key files: opened without following a link, and refused unless they are ours and closed to everyone else."""

from __future__ import annotations

import errno
import json
import os
import shlex
import stat
from dataclasses import dataclass, field
from pathlib import Path

from tui.reasons import why
from tui.sanitise import one_line
from tui.words import _

_LARGEST = 64 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

# What the first line of a PEM block says -> why it will not do; a block that is not here is taken for a private key.
_WRONG_PEM = {
    "ENCRYPTED PRIVATE KEY": "encrypted",
    "OPENSSH PRIVATE KEY": "openssh",
    "EC PRIVATE KEY": "elliptic",
    "DSA PRIVATE KEY": "elliptic",
    "CERTIFICATE": "certificate",
    "CERTIFICATE REQUEST": "certificate",
    "PUBLIC KEY": "certificate",
    "RSA PUBLIC KEY": "certificate",
}
_KEY_BLOCKS = ("PRIVATE KEY", "RSA PRIVATE KEY")


class KeyFileProblem(Exception):  # noqa: N818 - reads as what happened
    """A key file that will not do. `sentence` says why and what to do; it holds nothing of the file's content."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ServiceAccountKey:
    """The fields of a Google service-account key file (JSON) that are used. The key itself never shows in a repr."""

    client_email: str
    client_id: str
    private_key_id: str  # "" where the file has none
    private_key: str = field(repr=False)


def read(path: Path) -> bytes:
    """The content of the key file at `path`, at most 64 KiB.

    The file is opened without following a link and judged by the very descriptor it is then read from, so that nobody
    can exchange it in between. Raises KeyFileProblem when it is no regular file, not ours (or root's), or open to
    others."""
    try:
        # O_NONBLOCK: a FIFO without a writer would hang the open; O_NOFOLLOW: a link could lead to another's file.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except (OSError, ValueError) as problem:
        raise KeyFileProblem(_cannot_open(path, problem)) from None
    try:
        if sentence := _unsafe(path, os.fstat(descriptor)):
            raise KeyFileProblem(sentence)
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(_LARGEST + 1)
    except OSError as problem:
        raise KeyFileProblem(_cannot_open(path, problem)) from None
    finally:
        os.close(descriptor)
    if len(content) > _LARGEST:
        raise KeyFileProblem(_("The key file {path} is larger than 64 KiB: no key is.").format(path=_shown(path)))
    return content


def private_key_problem(content: bytes) -> str:
    """Why `content` does not look like an RSA private key in PEM, as a sentence; "" when it does.

    Only a look: whether the key can sign is found out when it first has to."""
    text = content.decode("ascii", "replace")
    blocks = [
        line[11:-5]
        for line in map(str.strip, text.splitlines())
        if line.startswith("-----BEGIN ") and line.endswith("-----")
    ]
    if "Proc-Type: 4,ENCRYPTED" in text:
        blocks = ["ENCRYPTED PRIVATE KEY"]
    if any(block in _KEY_BLOCKS for block in blocks):
        return ""
    kind = _WRONG_PEM.get(blocks[0], "") if blocks else "json" if text.lstrip().startswith("{") else ""
    return {
        "encrypted": _(
            "The key is encrypted with a passphrase, which this version cannot ask for: store it decrypted, mode 0600."
        ),
        "openssh": _("The key is in OpenSSH's own format: convert a copy of it with ssh-keygen -p -m PEM -f FILE."),
        "elliptic": _("The key is not an RSA key: signing in takes RS256, so make an RSA key of 2048 bits or more."),
        "certificate": _(
            "This file holds the public half (a certificate or public key): name the file with the private key."
        ),
        "json": _("This file is JSON, perhaps Google's key: name the file with the RSA private key in PEM."),
        "": _("This file holds no private key in PEM: it should begin with -----BEGIN PRIVATE KEY-----."),
    }[kind]


def service_account(content: bytes) -> ServiceAccountKey:
    """The fields of Google's key file with the bytes `content`. Raises KeyFileProblem naming what is wrong."""
    try:
        fields = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise KeyFileProblem(
            _("The file is not JSON: make the key anew as type JSON in Google Cloud (a P12 or PEM file will not do).")
        ) from None
    if not isinstance(fields, dict):
        raise KeyFileProblem(_("The file is JSON, but not a Google key: a service account's key file is expected."))
    if fields.get("type") != "service_account":
        raise KeyFileProblem(
            _('The file is not a service account\'s key ("type" is {type}, not "service_account").').format(
                type=json.dumps(one_line(fields.get("type", ""), limit=40), ensure_ascii=False)
            )
        )
    lacking = [
        name
        for name in ("client_email", "client_id", "private_key")
        if not isinstance(fields.get(name), str) or not fields[name]
    ]
    if lacking:
        raise KeyFileProblem(
            _("The key file lacks {fields}: download the key's JSON again, or make a new key.").format(
                fields=", ".join(lacking)
            )
        )
    key_id = fields.get("private_key_id")
    return ServiceAccountKey(
        client_email=one_line(fields["client_email"], limit=320),
        client_id=one_line(fields["client_id"], limit=64),
        private_key_id=one_line(key_id, limit=128) if isinstance(key_id, str) else "",
        private_key=fields["private_key"],
    )


def _shown(path: Path) -> str:
    return one_line(shlex.quote(str(path)), limit=400)


def _unsafe(path: Path, about: os.stat_result) -> str:
    shown = _shown(path)
    if stat.S_ISDIR(about.st_mode):
        return _("The key file {path} is a folder: name the file in it.").format(path=shown)
    if not stat.S_ISREG(about.st_mode):
        return _("The key file {path} is not a regular file (a pipe or a device): copy the key into a file.").format(
            path=shown
        )
    if about.st_uid not in (os.geteuid(), 0):
        return _(
            "The key file {path} belongs to another user, who could change it: make a copy of your own with: "
            "install -m 600 {path} FILE"
        ).format(path=shown)
    if about.st_mode & _OTHERS:
        return _("The key file {path} is open to other users (mode {mode}): close it with: chmod 600 {path}").format(
            path=shown, mode=f"{stat.S_IMODE(about.st_mode):04o}"
        )
    return ""


def _cannot_open(path: Path, problem: Exception) -> str:
    shown = _shown(path)
    match getattr(problem, "errno", None):
        case errno.ELOOP | errno.EMLINK:
            return _("The key file {path} is a symbolic link, which is not followed: name the file itself.").format(
                path=shown
            )
        case errno.ENOENT | errno.ENOTDIR:
            return _("There is no key file {path}.").format(path=shown)
        case errno.EACCES | errno.EPERM:
            return _("The key file {path} cannot be read with your rights.").format(path=shown)
        case errno.ENXIO:
            return _(
                "The key file {path} is not a regular file (a pipe or a device): copy the key into a file."
            ).format(path=shown)
    reason = why(problem)
    return _("The key file {path} cannot be opened: {reason}.").format(path=shown, reason=reason)
