"""A folder with key files of our own, and a way to load a config file that is written into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tui.config import ConfigError, Settings, load


@pytest.fixture(scope="session")
def pem() -> str:
    """An RSA private key in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def folder(tmp_path: Path, pem: str) -> Path:
    """A folder with `salesforce.key`, `google.json` and `authorities.pem`."""
    google = {
        "type": "service_account",
        "client_email": "sync@acme.iam.gserviceaccount.com",
        "client_id": "104857600000000000001",
        "private_key_id": "0123abcd",
        "private_key": pem,
        "token_uri": "https://elsewhere.example/token",
    }
    for name, content in (("salesforce.key", pem), ("google.json", json.dumps(google))):
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o600)
    (tmp_path / "authorities.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    (tmp_path / "authorities.pem").chmod(0o644)
    return tmp_path


@pytest.fixture
def loaded(folder: Path) -> Callable[[str | bytes], Settings]:
    """Loads a config file of that content in `folder`."""

    def load_text(content: str | bytes) -> Settings:
        path = folder / "config.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load(path)

    return load_text


@pytest.fixture
def problems(loaded: Callable[[str | bytes], Settings]) -> Callable[[str | bytes], dict[str, str]]:
    """The problems of a config file of that content: key -> sentence."""

    def problems_of(content: str | bytes) -> dict[str, str]:
        with pytest.raises(ConfigError) as caught:
            loaded(content)
        found = {problem.key: problem.sentence for problem in caught.value.problems}
        assert len(found) == len(caught.value.problems), caught.value
        return found

    return problems_of
