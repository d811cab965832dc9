"""Webhooks of the mall, by the Standard Webhooks scheme: HMAC-SHA-256 over `id.timestamp.body`.

Deliveries are at least once: remember `event.id` and skip what you have handled. Answer 2xx within 15 seconds.
Verify the body as received; parsing and writing JSON again changes bytes and breaks the signature.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .errors import CommissaryError

TOLERANCE_S = 300


class WebhookRefused(CommissaryError):
    """Do not act on this delivery; answer 401. The message says which check failed."""


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is the same on every redelivery; `sent_at` is the time of this attempt."""

    id: str
    type: str
    sent_at: datetime
    data: Any = field(repr=False)
    raw: Mapping[str, Any] = field(repr=False)


def verify(
    headers: Mapping[str, str],
    body: bytes | str,
    secret: str | Sequence[str],
    now: datetime | float | None = None,
    *,
    tolerance_s: int = TOLERANCE_S,
) -> Event:
    """The event, or raises `WebhookRefused`. `secret` may be several while you rotate; `now` defaults to the clock."""
    secrets = (secret,) if isinstance(secret, str) else tuple(secret)
    keys = [_key(one) for one in secrets]
    if not keys:
        raise ValueError("no webhook secret was given")
    content = body.encode() if isinstance(body, str) else body
    found = {name.lower(): value for name, value in headers.items()}
    message_id = found.get("webhook-id", "")
    timestamp = found.get("webhook-timestamp", "")
    signatures = found.get("webhook-signature", "")
    if not (message_id and timestamp and signatures):
        raise WebhookRefused("a webhook header is missing")
    sent_s = _seconds(timestamp)
    if abs(_now_s(now) - sent_s) > tolerance_s:
        raise WebhookRefused("the timestamp is outside the tolerance: late, replayed, or a clock is wrong")
    expected = [_signature(key, message_id, timestamp, content) for key in keys]
    # Every pair is compared, in constant time each, so that the time taken tells nothing.
    matches = [
        hmac.compare_digest(ours, theirs.encode("utf-8", "surrogateescape"))
        for theirs in signatures.split()
        for ours in expected
    ]
    if not any(matches):
        raise WebhookRefused("no signature matches")
    return _event(message_id, sent_s, content)


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One `v1,…` entry of the `webhook-signature` header, for testing your receiver."""
    return _signature(_key(secret), message_id, str(timestamp), body).decode()


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    digest = hmac.new(
        key, f"{message_id}.{timestamp}.".encode("utf-8", "surrogateescape") + body, hashlib.sha256
    ).digest()
    return b"v1," + base64.b64encode(digest)


def _key(secret: str) -> bytes:
    encoded = secret.removeprefix("whsec_").rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a webhook secret looks like whsec_ followed by base64") from None
    if not key:
        raise ValueError("a webhook secret must not be empty")
    return key


def _seconds(timestamp: str) -> int:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise WebhookRefused("webhook-timestamp is not a number of seconds")
    return int(timestamp)


def _now_s(now: datetime | float | None) -> float:
    if now is None:
        return time.time()
    return now.timestamp() if isinstance(now, datetime) else now


def _event(message_id: str, sent_s: int, content: bytes) -> Event:
    try:
        raw = json.loads(content)
    except ValueError:
        raise WebhookRefused("the body is signed and yet not JSON") from None
    if not isinstance(raw, dict):
        raise WebhookRefused("the body is signed and yet not a JSON object")
    return Event(
        id=message_id,
        type=str(raw.get("type", "")),
        sent_at=datetime.fromtimestamp(sent_s, UTC),
        data=raw.get("data"),
        raw=raw,
    )
