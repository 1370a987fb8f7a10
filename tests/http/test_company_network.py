"""A company's network: TLS with an authority of its own, and a proxy that every connection has to go through."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tui.http import Answer, Http, Unreachable

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The authority's certificate, and a file with the key and certificate of 127.0.0.1 that it signed."""
    folder, now = tmp_path_factory.mktemp("ca"), datetime.now(UTC)

    def certificate(name: str, key: Any, issuer: str, signer: Any, *, ca: bool) -> x509.Certificate:
        def called(text: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

        made = (
            x509.CertificateBuilder()
            .subject_name(called(name))
            .issuer_name(called(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        )
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
             "decipher_only", "crl_sign"), False
        )  # fmt: skip
        usage |= {"digital_signature": not ca, "key_cert_sign": ca}
        made = made.add_extension(x509.KeyUsage(**usage), critical=True)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        other = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        return made.add_extension(other, critical=False).sign(signer, hashes.SHA256())

    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    ca, server = folder / "ca.pem", folder / "server.pem"
    ca.write_bytes(certificate("Acme Root", root, "Acme Root", root, ca=True).public_bytes(pem))
    key = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    server.write_bytes(key + certificate("127.0.0.1", own, "Acme Root", root, ca=False).public_bytes(pem))
    return ca, server


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def service(certificate: Path) -> AsyncIterator[int]:
    """A service behind TLS on loopback, which says `{}`; yields its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER)
            await writer.drain()
        await _closed(writer)

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def proxy(asked: list[str], *, refuses: bool = False) -> AsyncIterator[int]:
    """A proxy that knows CONNECT only; what it was asked for stands in `asked`. Yields its port."""
    pipes: set[asyncio.Task[None]] = set()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
        await _closed(writer)

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, *_headers = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        asked.append(line)
        if refuses:
            writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            await _closed(writer)
            return
        host, port = line.split()[1].rsplit(":", 1)
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        for task in (pipe(reader, far_writer), pipe(far_reader, writer)):
            pipes.add(asyncio.ensure_future(task))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.wait_for(asyncio.gather(*pipes), 5)


async def ask(http: Http, port: int) -> Answer:
    try:
        return await http.send(
            "GET", f"https://127.0.0.1:{port}/x", service="test", hosts=frozenset({f"127.0.0.1:{port}"}), safe=False
        )
    finally:
        await http.aclose()


async def test_the_company_s_authority_is_trusted_when_it_is_named(authority: tuple[Path, Path]) -> None:
    ca, server = authority
    async with service(server) as port:
        assert (await ask(Http(ca_file=ca), port)).body == b"{}"


async def test_an_authority_that_is_not_named_is_a_sentence_that_says_where(
    authority: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ca, server = authority
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))  # the environment is not read
    async with service(server) as port:
        with pytest.raises(Unreachable, match=r"not trusted here.*ca_file") as failed:
            await ask(Http(), port)
    assert not failed.value.maybe_sent


async def test_everything_goes_through_the_proxy_and_is_still_encrypted_to_the_service(
    authority: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ca, server = authority
    monkeypatch.setenv("NO_PROXY", "*")
    asked: list[str] = []
    async with service(server) as port, proxy(asked) as gate:
        assert (await ask(Http(ca_file=ca, proxy=f"http://127.0.0.1:{gate}"), port)).status == 200
        assert asked == [f"CONNECT 127.0.0.1:{port} HTTP/1.1"]


async def test_a_proxy_of_the_environment_is_not_used(
    authority: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ca, server = authority
    asked: list[str] = []
    async with service(server) as port, proxy(asked) as gate:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{gate}")
        assert (await ask(Http(ca_file=ca), port)).status == 200
    assert asked == []


async def test_a_proxy_that_refuses_and_one_that_is_gone_are_sentences(authority: tuple[Path, Path]) -> None:
    ca, server = authority
    asked: list[str] = []
    async with service(server) as port:
        async with proxy(asked, refuses=True) as gate:
            with pytest.raises(Unreachable, match="proxy did not let the connection"):
                await ask(Http(ca_file=ca, proxy=f"http://127.0.0.1:{gate}"), port)
        with pytest.raises(Unreachable, match=r"through the proxy of section \[http\]"):
            await ask(Http(ca_file=ca, proxy=f"http://127.0.0.1:{gate}"), port)


async def test_the_calls_of_a_run_are_counted_by_service(authority: tuple[Path, Path]) -> None:
    ca, server = authority
    http = Http(ca_file=ca)
    async with service(server) as port:
        await ask(http, port)
    assert http.made == {"test": 1}
