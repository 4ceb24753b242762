"""One call ends within its limits, whatever the other side does; and goes only where it may."""

import base64
import hashlib
import hmac
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.errors import InvalidInput
from referrals.services.outgoing import addresses, signing
from referrals.services.outgoing.calling import LIMITS, Limits, NotAnswered, post
from referrals.services.outgoing.sending import FIRST_GAP
from tests.factories.outgoing import (
    GARBAGE,
    HUGE_BODY,
    HUGE_HEAD,
    TRICKLES,
    Behaviour,
    a_system,
    answers,
    closes,
    hangs,
    late,
    read_request,
)

#: For systems that answer, however busy this machine is; and for those that do not.
PATIENT = Limits(connect=2, silence=2, total=3, answer_bytes=4_000)
SHORT = Limits(connect=0.2, silence=0.2, total=0.3)
#: Seconds that a call may take beyond its limit on a machine with other work.
GRACE = 1.0


def called(url: str, limits: Limits = PATIENT) -> int:
    return post(url, body=b"{}", headers={"X-Of": "test"}, limits=limits)


@pytest.mark.parametrize("status", [200, 202, 302, 404, 410, 500, 503])
def test_the_status_is_what_the_other_side_says(status: int) -> None:
    with a_system(answers(status, "Location: /elsewhere\r\n")) as system:
        assert called(system.url) == status
    [asked] = system.received
    assert asked.first_line == "POST /hooks?for=lodestar HTTP/1.1"
    assert asked.headers["host"] == system.url.split("/")[2]
    assert (asked.headers["x-of"], asked.body) == ("test", b"{}")


@pytest.mark.parametrize(
    ("behaviour", "limits", "words"),
    [
        (hangs, SHORT, "No answer within 0.3 seconds"),
        (late(0.6), SHORT, "No answer within 0.3 seconds"),
        (TRICKLES, SHORT, "No answer within 0.3 seconds"),
        (closes, PATIENT, "It closed the connection without an answer"),
        (GARBAGE, PATIENT, "It did not answer as a web server does"),
        (HUGE_HEAD, PATIENT, "It did not answer as a web server does"),
    ],
    ids=["hangs", "answers late", "trickles", "closes", "garbage", "huge head"],
)
def test_whatever_it_does_the_call_ends_in_time(
    behaviour: Behaviour, limits: Limits, words: str
) -> None:
    with a_system(behaviour) as system:
        begun = time.monotonic()
        with pytest.raises(NotAnswered, match=words):
            called(system.url, limits)
        assert time.monotonic() - begun < limits.total + GRACE


def test_a_head_that_comes_byte_by_byte_does_not_outlast_the_whole() -> None:
    """Each byte comes well within the limit for silence: only the whole is too long."""
    silent_for_long = Limits(connect=2, silence=2, total=0.3)
    with a_system(TRICKLES) as system:
        begun = time.monotonic()
        with pytest.raises(NotAnswered, match="No answer within"):
            called(system.url, silent_for_long)
        assert time.monotonic() - begun < silent_for_long.total + GRACE


def test_an_answer_is_its_head_and_a_huge_body_is_left_unread() -> None:
    with a_system(HUGE_BODY) as system:
        assert called(system.url) == 200


def test_nobody_listens() -> None:
    with a_system(hangs) as system:
        pass
    with pytest.raises(NotAnswered, match="Nothing answers at this address"):
        called(system.url)


def test_a_name_that_takes_for_ever_to_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(5) and [])
    begun = time.monotonic()
    with pytest.raises(NotAnswered, match="No answer within"):
        called("https://slow.example.invalid/", SHORT)
    over.set()
    assert time.monotonic() - begun < SHORT.total + GRACE


def test_the_gap_after_a_failure_is_longer_than_any_attempt() -> None:
    assert 2 * LIMITS.total < FIRST_GAP


# --- Where it may go --------------------------------------------------------------------------


@pytest.fixture
def outside(settings: object) -> None:
    """As a force has it: nothing private, nothing unencrypted."""
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_PLAIN_HTTP = [], False  # type: ignore[attr-defined]


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://partner.example.org/", "https"),
        ("ftp://partner.example.org/", "https"),
        ("//partner.example.org/", "https"),
        ("https:///path", "https"),
        ("https://partner.example.org:port/", "not a web address"),
        ("https://user:word@partner.example.org/", "user name"),
        ("https://partner.example.org/a b", "https"),
        ("https://127.0.0.1/", "private"),
        ("https://10.1.2.3/", "private"),
        ("https://169.254.169.254/latest/", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
        ("https://[64:ff9b::a00:1]/", "private"),
        ("https://[2002:a00:1::1]/", "private"),
        ("https://0.0.0.0/", "private"),
        ("https://224.0.0.1/", "private"),
    ],
)
def test_addresses_that_are_refused_when_typed(url: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refusal:
        addresses.checked(url, field="webhook_url")
    assert refusal.value.field == "webhook_url"


@pytest.mark.usefixtures("outside")
def test_addresses_that_may_be_kept() -> None:
    for url in ("https://partner.example.org/hooks?a=1", "https://93.184.215.14:8443/"):
        assert addresses.checked(f" {url} ", field="webhook_url") == url


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.8", "::1", "::ffff:192.168.0.4"])
def test_a_public_name_that_leads_inside_is_not_called(
    number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (number, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("called"))
    with pytest.raises(NotAnswered, match="private network"):
        called("https://partner.example.org/")


def test_the_number_that_was_looked_at_is_the_one_that_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name may answer differently the second time: it is asked once."""
    with a_system(answers(200)) as system:
        port = system.listening.getsockname()[1]
        asked = []

        def look_up(host: str, *_: object, **__: object) -> list[object]:
            asked.append(host)
            return [(0, 0, 0, "", ("127.0.0.1", port))]

        real = socket.getaddrinfo
        with monkeypatch.context() as patched:
            patched.setattr(
                socket,
                "getaddrinfo",
                lambda host, *a, **k: (look_up if host[0].isalpha() else real)(host, *a, **k),
            )
            assert called(f"http://partner.example.org:{port}/") == 200
    assert asked == ["partner.example.org"]
    assert system.received[0].headers["host"] == f"partner.example.org:{port}"


def test_a_network_that_the_settings_name_may_be_called(settings: object) -> None:
    settings.WEBHOOK_NETWORKS = ["10.20.0.0/16"]  # type: ignore[attr-defined]
    assert addresses.may_call(ip_address("10.20.3.4"))
    assert not addresses.may_call(ip_address("10.21.3.4"))
    assert not addresses.may_call(ip_address("127.0.0.1"))


# --- Certificates ---------------------------------------------------------------------------------


def a_certificate(folder: Path) -> Path:
    """One for the name localhost that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "localhost.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


def over_tls(file: Path, behaviour: Behaviour) -> Behaviour:
    """The behaviour behind a handshake with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def behave(line: socket.socket, over: threading.Event) -> None:
        with context.wrap_socket(line, server_side=True) as secure:
            read_request(secure)
            behaviour(secure, over)

    return behave


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_certificate(tmp_path)
    with a_system(over_tls(file, answers(200))) as system:
        monkeypatch.setattr("tests.factories.outgoing.read_request", lambda line: None)
        port = system.listening.getsockname()[1]
        with pytest.raises(NotAnswered, match="certificate is not to be trusted"):
            called(f"https://localhost:{port}/")
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert called(f"https://localhost:{port}/") == 200
        with pytest.raises(NotAnswered, match="certificate is not to be trusted"):
            called(f"https://127.0.0.1:{port}/")


def test_a_handshake_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.factories.outgoing.read_request", lambda line: None)
    with a_system(hangs) as system:
        begun = time.monotonic()
        with pytest.raises(NotAnswered, match="No answer within"):
            called(system.url.replace("http:", "https:"), SHORT)
        assert time.monotonic() - begun < SHORT.total + GRACE


# --- Signatures -----------------------------------------------------------------------------------


def test_the_signature_is_what_receivers_compute() -> None:
    """Computed here as docs/webhooks.md tells receivers to."""
    key, at = UUID(int=7), datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    secret = signing.new_secret()
    sent = signing.headers(secret=secret, key=key, body=b'{"type":"test"}', at=at)
    signed = f"{key}.{int(at.timestamp())}.".encode() + b'{"type":"test"}'
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(raw, signed, hashlib.sha256)).decode()
    assert len(raw) == 32
    assert sent["webhook-signature"] == f"v1,{expected}"
    assert (sent["webhook-id"], sent["webhook-timestamp"]) == (str(key), "1795428000")


def test_two_secrets_are_never_the_same() -> None:
    assert len({signing.new_secret() for _ in range(50)}) == 50
