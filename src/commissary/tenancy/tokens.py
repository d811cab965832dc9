"""Bearer tokens of the OAuth 2.0 client-credentials grant (RFC 6749 section 4.4): stateless, signed, short-lived.

`cb_<payload>.<mac>`; the payload names the key, its scopes and when it ends. Nothing of it is stored: the key is looked
up in the cache at every call, so a revoked key takes its tokens with it within a second.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import msgspec

from commissary.base.crypto import Keyring
from commissary.base.errors import Refused
from commissary.tenancy.keys import KeyCache, live_secrets, same
from commissary.tenancy.types import ApiKey, AuthRefusal

LIFE = timedelta(minutes=12)


class _Payload(msgspec.Struct, frozen=True):
    k: str
    s: list[str]
    e: int


_decode = msgspec.json.Decoder(_Payload).decode


async def grant(
    keys: Keyring, cache: KeyCache, client_id: str, secret: str, scopes: Sequence[str], ip: str, now: datetime
) -> tuple[str, list[str], int]:
    """(bearer token, its scopes, seconds it lives) for a key's id and secret. No scopes asked means all the key has.

    Refuses in `AuthRefusal`'s order: unknown_key, bad_signature (wrong secret), key_revoked, key_expired,
    ip_not_allowed, mall_closed, buyer_suspended, missing_scope.
    """
    key = cache.get(client_id) or await cache.load(client_id)
    if key is None:
        raise Refused(AuthRefusal.unknown_key)
    # Each secret is compared, whether or not one has matched.
    if not any([same(secret, live) for live in live_secrets(key, now)]):  # noqa: C419
        raise Refused(AuthRefusal.bad_signature)
    if (refusal := unusable(key, ip, now)) is not None:
        raise Refused(refusal)
    wanted = sorted(set(scopes)) or sorted(key.scopes)
    if not set(wanted) <= key.scopes:
        raise Refused(AuthRefusal.missing_scope, scopes=sorted(set(wanted) - key.scopes))
    return issue_token(keys, key, wanted, now), wanted, int(LIFE.total_seconds())


def unusable(key: ApiKey, ip: str, now: datetime) -> AuthRefusal | None:
    """Why a key whose secret was proved may still not be used here and now; None when it may."""
    if key.revoked_at is not None:
        return AuthRefusal.key_revoked
    if key.expires_at is not None and now >= key.expires_at:
        return AuthRefusal.key_expired
    if key.ip_allow and not _inside(key, ip):
        return AuthRefusal.ip_not_allowed
    if not key.mall_open:
        return AuthRefusal.mall_closed
    if not key.buyer_active:
        return AuthRefusal.buyer_suspended
    return None


def issue_token(keys: Keyring, key: ApiKey, scopes: Sequence[str], now: datetime) -> str:
    """Ends with the key when that is sooner."""
    ends = now + LIFE if key.expires_at is None else min(now + LIFE, key.expires_at)
    body = _b64(msgspec.json.encode(_Payload(key.id, sorted(scopes), int(ends.timestamp()))))
    return f"cb_{body}.{_mac(keys, body)}"


def read_token(keys: Keyring, token: str, now: datetime) -> tuple[str, frozenset[str]] | AuthRefusal:
    """(key id, scopes), or why not. The caller looks the key up, asks `unusable`, and lets a call do what both the
    token and the key allow."""
    body, _, mac = token.removeprefix("cb_").partition(".")
    if not token.startswith("cb_") or not mac or len(token) > 1_000:
        return AuthRefusal.malformed_credentials
    if not hmac.compare_digest(mac.encode(), _mac(keys, body).encode()):
        return AuthRefusal.bad_signature
    try:
        payload = _decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (msgspec.DecodeError, binascii.Error, ValueError):
        return AuthRefusal.malformed_credentials
    if now >= datetime.fromtimestamp(payload.e, UTC):
        return AuthRefusal.key_expired
    return payload.k, frozenset(payload.s)


def _mac(keys: Keyring, body: str) -> str:
    key = keys.blind("key-of-bearer-tokens", "v1")
    return _b64(hmac.digest(key, body.encode(), "sha256"))


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _inside(key: ApiKey, ip: str) -> bool:
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in network for network in key.ip_allow)
