"""The signature of a call: what is signed, and what is refused before a secret is even looked at. Pure.

`METHOD \\n PATH \\n QUERY \\n TIMESTAMP \\n NONCE \\n hex(sha256(body))`, HMAC-SHA-256 with the key's secret, hex.
"""

import hashlib
import hmac
import re
from functools import lru_cache

WINDOW_S = 300
_BLOCK = 64  # of SHA-256, bytes
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))
_FORM = re.compile(rb"[0-9]{9,11}\n[A-Za-z0-9_-]{8,64}\n[0-9a-f]{64}")


def canonical(method: str, path: bytes, query: bytes, timestamp: bytes, nonce: bytes, body: bytes) -> bytes:
    """`path` and `query` as they were on the wire, percent-encoding included."""
    digest = hashlib.sha256(body).hexdigest().encode()
    return b"\n".join((method.encode(), path, query, timestamp, nonce, digest))


def signature_of(
    secret: bytes, method: str, path: bytes, query: bytes, timestamp: bytes, nonce: bytes, body: bytes
) -> bytes:
    """What a caller sends."""
    return sign(secret, canonical(method, path, query, timestamp, nonce, body))


def sign(secret: bytes, message: bytes) -> bytes:
    """HMAC as RFC 2104 has it, from the two states that the secret alone decides: a third of what OpenSSL takes to set
    them up for every call."""
    inner, outer = _states(secret)
    started, ended = inner.copy(), outer.copy()
    started.update(message)
    ended.update(started.digest())
    return ended.hexdigest().encode()


@lru_cache(maxsize=16_384)
def _states(secret: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    block = secret if len(secret) <= _BLOCK else hashlib.sha256(secret).digest()
    block = block.ljust(_BLOCK, b"\0")
    return (
        hashlib.sha256(block.translate(_INNER)),
        hashlib.sha256(block.translate(_OUTER)),
    )


def well_formed(timestamp: bytes, nonce: bytes, signature: bytes) -> bool:
    return _FORM.fullmatch(b"\n".join((timestamp, nonce, signature))) is not None


def in_window(timestamp: int, now_s: float) -> bool:
    """Signed no more than five minutes ago or ahead, the ends included by the second."""
    return abs(now_s - timestamp) < WINDOW_S + 1 and abs(int(now_s) - timestamp) <= WINDOW_S


def matches(secrets: tuple[bytes, ...], message: bytes, signature: bytes) -> bool:
    """Constant time per secret; both live secrets are tried so that rotation loses no call."""
    found = False
    for secret in secrets:
        found |= hmac.compare_digest(sign(secret, message), signature)
    return found


def nonce_hash(nonce: bytes) -> bytes:
    """16 bytes to store in place of up to 64."""
    return hashlib.blake2b(nonce, digest_size=16).digest()
