"""Key files: only a regular file of ours that is closed to everyone else is read, and never through a link."""

from __future__ import annotations

import json
import os
import shlex
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.config.test_broken_files import Problems, salesforce
from tui import keyfile
from tui.keyfile import KeyFileProblem


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "it's a key.pem"
    path.write_bytes(b"content")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_closed_file_of_ours_is_read(key: Path, mode: int) -> None:
    key.chmod(mode)

    assert keyfile.read(key) == b"content"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o610, 0o601, 0o602])
def test_a_file_open_to_others_is_refused_with_the_command_that_closes_it(key: Path, mode: int) -> None:
    key.chmod(mode)

    with pytest.raises(KeyFileProblem) as caught:
        keyfile.read(key)

    assert f"mode {mode:04o}" in caught.value.sentence
    command = caught.value.sentence[caught.value.sentence.index("chmod") :]
    assert shlex.split(command) == ["chmod", "600", str(key)]
    os.chmod(key, int(shlex.split(command)[1], 8))
    assert keyfile.read(key) == b"content"


def test_a_link_is_not_followed(key: Path) -> None:
    link = key.with_name("link")
    link.symlink_to(key)

    with pytest.raises(KeyFileProblem, match="symbolic link"):
        keyfile.read(link)


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)

    with pytest.raises(KeyFileProblem, match="not a regular file"):
        keyfile.read(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (".", "is a folder"),
        ("nowhere", "no key file"),
        ("it's a key.pem/x", "no key file"),
        ("a\0b", "cannot be opened"),
    ],
)
def test_what_is_no_file_is_a_sentence(key: Path, name: str, words: str) -> None:
    with pytest.raises(KeyFileProblem, match=words):
        keyfile.read(key.parent / name)


@pytest.mark.parametrize("owner", ["other", "root"])
def test_a_file_of_another_user_is_refused_and_one_of_root_is_not(
    key: Path, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fstat
    us = os.geteuid() or 1000
    monkeypatch.setattr(os, "geteuid", lambda: us)
    uid = {"other": us + 1, "root": 0}[owner]

    def fstat(descriptor: int) -> os.stat_result:
        about = list(real(descriptor))
        about[stat.ST_UID] = uid
        return os.stat_result(about)

    monkeypatch.setattr(os, "fstat", fstat)
    if owner == "root":
        assert keyfile.read(key) == b"content"
    else:
        with pytest.raises(KeyFileProblem, match="belongs to another user"):
            keyfile.read(key)


def test_no_key_is_that_large(key: Path) -> None:
    key.write_bytes(b"x" * (64 * 1024 + 1))

    with pytest.raises(KeyFileProblem, match="64 KiB"):
        keyfile.read(key)


def test_no_descriptor_is_left_open(key: Path) -> None:
    key.chmod(0o644)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with pytest.raises(KeyFileProblem):
            keyfile.read(key)

    assert len(os.listdir("/proc/self/fd")) == before


# ---- what is in it -----------------------------------------------------------------------------------------------


def pem(kind: str) -> bytes:
    made: Any = ec.generate_private_key(ec.SECP256R1()) if kind == "elliptic" else rsa.generate_private_key(65537, 2048)
    forms = {
        "pkcs8": (serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        "pkcs1": (serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()),
        "elliptic": (serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()),
        "openssh": (serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()),
        "encrypted": (serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"x")),
        "encrypted pkcs1": (
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.BestAvailableEncryption(b"x"),
        ),
    }
    if kind == "public":
        public: bytes = made.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return public
    private: bytes = made.private_bytes(serialization.Encoding.PEM, *forms[kind])
    return private


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("pkcs8", ""),
        ("pkcs1", ""),
        ("elliptic", "not an RSA key"),
        ("openssh", "OpenSSH"),
        ("encrypted", "passphrase"),
        ("encrypted pkcs1", "passphrase"),
        ("public", "public half"),
    ],
)
def test_a_look_at_a_private_key(kind: str, words: str) -> None:
    sentence = keyfile.private_key_problem(pem(kind))

    assert words in sentence
    assert bool(sentence) is bool(words)


def test_a_key_between_other_lines_is_found() -> None:
    assert keyfile.private_key_problem(b"Bag Attributes\r\n" + pem("pkcs8").replace(b"\n", b"\r\n")) == ""
    assert "begin with" in keyfile.private_key_problem(b"\xff\xfe garbage")


FIELDS = {
    "type": "service_account",
    "client_email": "sync@acme.iam.gserviceaccount.com",
    "client_id": "1",
    "private_key_id": "k",
    "private_key": "-----BEGIN PRIVATE KEY-----\nSECRET\n",
}


def test_the_fields_of_googles_file_are_read_and_the_key_is_in_no_repr() -> None:
    found = keyfile.service_account(json.dumps(FIELDS).encode())

    assert (found.client_email, found.client_id, found.private_key_id) == (
        "sync@acme.iam.gserviceaccount.com",
        "1",
        "k",
    )
    assert "SECRET" not in repr(found)
    assert keyfile.service_account(json.dumps({**FIELDS, "private_key_id": None}).encode()).private_key_id == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"\x30\x82P12", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a Google key"),
        (b"{}", "service_account"),
        (json.dumps({**FIELDS, "type": "authorized_user"}).encode(), "authorized_user"),
        (json.dumps({"type": "service_account"}).encode(), "client_email, client_id, private_key"),
        (json.dumps({**FIELDS, "private_key": None}).encode(), "lacks private_key"),
        (json.dumps({**FIELDS, "client_id": 12}).encode(), "lacks client_id"),
    ],
)
def test_another_file_than_googles_is_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(KeyFileProblem) as caught:
        keyfile.service_account(content)

    assert words in caught.value.sentence
    assert "SECRET" not in caught.value.sentence


def test_the_config_refuses_an_open_key_file_with_the_command(folder: Path, problems: Problems) -> None:
    (folder / "salesforce.key").chmod(0o644)
    (folder / "google.json").chmod(0o640)

    found = problems(salesforce() + '[google]\nkey = "google.json"\n')

    assert found == {
        "salesforce.key": f"The key file {folder}/salesforce.key is open to other users (mode 0644): "
        f"close it with: chmod 600 {folder}/salesforce.key",
        "google.key": f"The key file {folder}/google.json is open to other users (mode 0640): "
        f"close it with: chmod 600 {folder}/google.json",
    }
