"""A time-stamping authority (RFC 3161, RFC 5816, CMS) with a throw-away CA, that lies when it is told to. Its DER is made here,
byte by byte, so that it shares no fault with whoever reads it."""

import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TsaLie = Literal["imprint", "nonce", "expired", "stranger", "purpose", "late", "signature", "refused", "page"]
"""Another hash or nonce; a certificate past its time, of another CA, or for another use; a time that is an hour off; a byte
of the signature; a no; something that is no answer."""

_SIGNED_DATA, _TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE, _DIGEST, _CERTIFICATE_V2 = (
    "1.2.840.113549.1.9.3",
    "1.2.840.113549.1.9.4",
    "1.2.840.113549.1.9.16.2.47",
)
_SHA256, _ECDSA_SHA256, _POLICY = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2", "1.3.6.1.4.1.99999.1"


@dataclass
class Tsa:
    """`lies` befall the requests to come, one each; None is the truth. `root` is the CA's certificate, PEM."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lies: list[TsaLie | None] = field(default_factory=list)
    asked: int = 0
    _made: int = 0

    def __post_init__(self) -> None:
        self._ca = _Issuer("Root of a simulated authority", self.clock())
        self._other = _Issuer("Root of somebody else", self.clock())

    @property
    def root(self) -> bytes:
        return self._ca.certificate.public_bytes(serialization.Encoding.PEM)

    def answer(self, request: bytes) -> tuple[int, str, bytes]:
        """(status, content type, body)"""
        self.asked += 1
        lie = self.lies.pop(0) if self.lies else None
        if lie == "page":
            return 200, "text/html", b"<html>"
        if lie == "refused":
            return 200, "application/timestamp-reply", _seq(_seq(_integer(2)))
        imprint, nonce = _read_request(request)
        now = self.clock()
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self._other if lie == "stranger" else self._ca
        ends = now - timedelta(minutes=1) if lie == "expired" else now + timedelta(days=1)
        use = ExtendedKeyUsageOID.CODE_SIGNING if lie == "purpose" else ExtendedKeyUsageOID.TIME_STAMPING
        leaf = issuer.issue(key.public_key(), ends, use)
        self._made += 1
        told = _seq(
            _integer(1),
            _oid(_POLICY),
            _seq(
                _algorithm(_SHA256),
                _tlv(0x04, hashlib.sha256(b"?").digest() if lie == "imprint" else imprint),
            ),
            _integer(self._made),
            _tlv(0x18, (now + timedelta(hours=lie == "late")).strftime("%Y%m%d%H%M%SZ").encode()),
            _integer(nonce + (lie == "nonce")),
        )
        body = _seq(_seq(_integer(0)), _signed(told, leaf, key, wrong=lie == "signature"))
        return 200, "application/timestamp-reply", body


@contextlib.asynccontextmanager
async def serving_tsa(tsa: Tsa, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Its address while it answers."""

    async def answer(request: web.Request) -> web.Response:
        status, kind, body = tsa.answer(await request.read())
        return web.Response(status=status, content_type=kind, body=body)

    application = web.Application()
    application.router.add_post("/tsa", answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield f"http://{host}:{runner.addresses[0][1]}/tsa"
    finally:
        await runner.cleanup()


class _Issuer:
    def __init__(self, name: str, now: datetime) -> None:
        self._key, self._name = ec.generate_private_key(ec.SECP256R1()), _name(name)
        self._began = now - timedelta(days=1)
        usage = dict.fromkeys(
            (
                "digital_signature",
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        self.certificate = (
            self._draft(self._name, self._key.public_key(), now + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def issue(
        self, public: ec.EllipticCurvePublicKey, ends: datetime, use: x509.ObjectIdentifier
    ) -> x509.Certificate:
        return (
            self._draft(_name("A simulated authority"), public, ends)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _draft(
        self, name: x509.Name, public: ec.EllipticCurvePublicKey, ends: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._began)
            .not_valid_after(ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signed(told: bytes, leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey, *, wrong: bool) -> bytes:
    """A CMS ContentInfo over a TSTInfo."""
    der = leaf.public_bytes(serialization.Encoding.DER)
    attributes = sorted(
        [
            _seq(_oid(_CONTENT_TYPE), _set(_oid(_TST_INFO))),
            _seq(_oid(_DIGEST), _set(_tlv(0x04, hashlib.sha256(told).digest()))),
            _seq(_oid(_CERTIFICATE_V2), _set(_seq(_seq(_seq(_tlv(0x04, hashlib.sha256(der).digest())))))),
        ]
    )
    signature = bytearray(key.sign(_set(*attributes), ec.ECDSA(hashes.SHA256())))
    if wrong:
        signature[-1] ^= 1
    signer = _seq(
        _integer(1),
        _seq(leaf.issuer.public_bytes(), _integer(leaf.serial_number)),
        _algorithm(_SHA256),
        _tlv(0xA0, b"".join(attributes)),
        _algorithm(_ECDSA_SHA256),
        _tlv(0x04, bytes(signature)),
    )
    data = _seq(
        _integer(3),
        _set(_algorithm(_SHA256)),
        _seq(_oid(_TST_INFO), _tlv(0xA0, _tlv(0x04, told))),
        _tlv(0xA0, der),
        _set(signer),
    )
    return _seq(_oid(_SIGNED_DATA), _tlv(0xA0, data))


def _read_request(der: bytes) -> tuple[bytes, int]:
    """The hash and the nonce of a TimeStampReq."""
    _, inside, _ = _read(der)
    hash_, nonce = b"", 0
    for tag, content in list(_each(inside))[1:]:
        if tag == 0x30:
            hash_ = list(_each(content))[1][1]
        elif tag == 0x02:
            nonce = int.from_bytes(content, "big")
    return hash_, nonce


def _each(der: bytes) -> list[tuple[int, bytes]]:
    found = []
    while der:
        tag, content, der = _read(der)
        found.append((tag, content))
    return found


def _read(der: bytes) -> tuple[int, bytes, bytes]:
    """(tag, content, what follows)"""
    length, at = der[1], 2
    if length & 0x80:
        at = 2 + (length & 0x7F)
        length = int.from_bytes(der[2:at], "big")
    return der[0], der[at : at + length], der[at + length :]


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    written = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(written)]) + written + content


def _seq(*parts: bytes) -> bytes:
    return _tlv(0x30, b"".join(parts))


def _set(*parts: bytes) -> bytes:
    return _tlv(0x31, b"".join(parts))


def _integer(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _algorithm(oid: str) -> bytes:
    return _seq(_oid(oid))


def _oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    out = bytearray()
    for number in (40 * first + second, *rest):
        part = [number & 0x7F]
        while number := number >> 7:
            part.append(0x80 | number & 0x7F)
        out += bytes(reversed(part))
    return _tlv(0x06, bytes(out))
