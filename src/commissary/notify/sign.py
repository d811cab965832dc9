"""Standard Webhooks 1.0.0, symmetric scheme `v1`, so that its published libraries verify what we send.

    webhook-signature: v1,base64(hmac-sha256(secret, id.timestamp.body)) [v1,… one per live secret, newest first]

Pure: randomness and time are passed in. The id stays the same through all attempts of an event, the timestamp is that
of the attempt.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from enum import Enum

PREFIX = "whsec_"
SECRET_BYTES_MIN = 24
SECRET_BYTES_MAX = 64
TOLERANCE_SECONDS = 300

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # no full stop: it separates the signed parts
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


class Fault(Enum):
    """Why a message is not to be believed, in order of precedence."""

    header_missing = "header_missing"
    header_malformed = "header_malformed"
    too_old = "too_old"
    too_new = "too_new"
    signature_wrong = "signature_wrong"


def new_secret(random_bytes: bytes) -> str:
    """`os.urandom(32)` → the text shown to the owner once."""
    if not SECRET_BYTES_MIN <= len(random_bytes) <= SECRET_BYTES_MAX:
        raise ValueError("a signing secret has 24 to 64 bytes")
    return PREFIX + base64.b64encode(random_bytes).decode()


def key_of(secret: str) -> bytes:
    """The key inside `whsec_…`. Raises ValueError, whose text does not repeat the secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not SECRET_BYTES_MIN <= len(key) <= SECRET_BYTES_MAX or new_secret(key) != secret:
        raise ValueError("a signing secret is whsec_ followed by base64 of 24 to 64 bytes")
    return key


def sign(secrets: Sequence[str], webhook_id: str, at_unix_s: int, body: bytes) -> str:
    """The value of `webhook-signature`: one signature per secret, in their order."""
    if not secrets:
        raise ValueError("nothing to sign with")
    if not _ID.fullmatch(webhook_id) or at_unix_s < 0:
        raise ValueError("a webhook id is letters, digits, _ and -; a timestamp is not negative")
    return " ".join("v1," + _mac(key_of(secret), webhook_id, str(at_unix_s), body) for secret in secrets)


def headers(secrets: Sequence[str], webhook_id: str, at_unix_s: int, body: bytes) -> dict[str, str]:
    """Everything a request needs beside its body."""
    return {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(at_unix_s),
        "webhook-signature": sign(secrets, webhook_id, at_unix_s, body),
    }


def verify(
    secrets: Sequence[str],
    received: Mapping[str, str],
    body: bytes,
    now_unix_s: int,
    tolerance_seconds: int = TOLERANCE_SECONDS,
) -> Fault | None:
    """None: any of the signatures is by any of the secrets, and the time is near. Header names in any case."""
    lower = {name.lower(): value for name, value in received.items()}
    webhook_id = lower.get("webhook-id", "")
    seconds = lower.get("webhook-timestamp", "")
    signatures = lower.get("webhook-signature", "")
    if not (webhook_id and seconds and signatures):
        return Fault.header_missing
    if not _ID.fullmatch(webhook_id) or not _SECONDS.fullmatch(seconds):
        return Fault.header_malformed
    if int(seconds) < now_unix_s - tolerance_seconds:
        return Fault.too_old
    if int(seconds) > now_unix_s + tolerance_seconds:
        return Fault.too_new
    given = [text[3:].encode() for text in signatures.split(" ") if text.startswith("v1,")]
    matches = False
    for secret in secrets:
        wanted = _mac(key_of(secret), webhook_id, seconds, body).encode()
        for signature in given:
            matches |= hmac.compare_digest(signature, wanted)
    return None if matches else Fault.signature_wrong


def _mac(key: bytes, webhook_id: str, seconds: str, body: bytes) -> str:
    signed = webhook_id.encode() + b"." + seconds.encode() + b"." + body
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
