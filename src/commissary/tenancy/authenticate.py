"""Who is calling `/v1`: before anything is routed or parsed. No database on this path but for a key's first use.

A signed call carries four `Commissary-…` headers; a bearer token stands for a key with some of its scopes. An order
POST spends its nonce in the database, with its batch; other signed calls keep theirs in memory, and after a restart
refuse timestamps from before it, so that no nonce is accepted twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

import msgspec

from commissary.base.crypto import Keyring
from commissary.base.errors import Refused
from commissary.tenancy import signature
from commissary.tenancy.keys import KeyCache, live_secrets
from commissary.tenancy.tokens import read_token, unusable
from commissary.tenancy.types import Actor, ApiKey, AuthRefusal, Caller, TenancyRefusal

Headers = Mapping[bytes, bytes]


@dataclass
class Gate:
    """One per process. `started_s`: nonces kept in memory are no older than that."""

    keys: KeyCache
    keyring: Keyring
    now_s: Callable[[], float]
    started_s: float
    proxies: Sequence[IPv4Network | IPv6Network] = ()
    _spent: "Nonces" = field(default_factory=lambda: Nonces())

    async def admit(self, scope: Any, body: bytes, *, spent_with_order: bool) -> Caller:
        """The caller, or Refused with the first refusal in order of precedence."""
        headers = dict(scope["headers"])
        if _SIGNED.isdisjoint(headers):
            return await self._bearer(headers.get(b"authorization"), self._ip(scope, headers), self.now_s())
        name = _key_name(headers)
        key = self.keys.get(name) or await self.keys.load(name)
        if key is None:
            raise Refused(AuthRefusal.unknown_key)
        now_s = self.now_s()
        caller = _signer(scope, headers, body, key, self._ip(scope, headers), now_s)
        if spent_with_order:
            return caller
        assert caller.nonce is not None
        if caller.signed_at < self.started_s or not self._spent.spend(
            name, caller.nonce, caller.signed_at, now_s
        ):
            raise Refused(AuthRefusal.nonce_used)
        return Caller(key, caller.ip)

    def admit_at_once(self, scope: Any, headers: Headers, body: bytes) -> Caller | None:
        """Who signed an order POST, as `admit` would say it; None when only `admit` can: no signature, or a key that
        must be read first. Raises Refused."""
        if _SIGNED.isdisjoint(headers):
            return None
        key = self.keys.get(_key_name(headers))
        if key is None:
            return None
        return _signer(scope, headers, body, key, self._ip(scope, headers), self.now_s())

    async def admit_by(self, scope: Any, key_id: str, proves: Callable[[str], bool]) -> Caller:
        """The holder of this key by the proof of another protocol: `proves` is asked about each live secret. Its clock,
        its replays and the order of its refusals are that protocol's. Raises Refused."""
        key = self.keys.get(key_id) or await self.keys.load(key_id)
        if key is None:
            raise Refused(AuthRefusal.unknown_key)
        now = datetime.fromtimestamp(self.now_s(), UTC)
        # Each secret is asked about, whether or not one has proved to be right.
        if not any([proves(secret.decode()) for secret in live_secrets(key, now)]):  # noqa: C419
            raise Refused(AuthRefusal.bad_signature)
        ip = self._ip(scope, dict(scope["headers"]))
        _refuse(unusable(key, ip, now))
        return Caller(key, ip)

    async def holder(self, key_id: str) -> ApiKey | None:
        """A key that may be used now, wherever from; None if there is none such."""
        key = self.keys.get(key_id) or await self.keys.load(key_id)
        if key is None:
            return None
        at = datetime.fromtimestamp(self.now_s(), UTC)
        anywhere = msgspec.structs.replace(key, ip_allow=())
        return key if unusable(anywhere, "", at) is None else None

    def private(self, scope: Any) -> bool:
        """Did nobody between the caller and us read this? Only a trusted proxy knows: we speak plain HTTP ourselves."""
        if scope.get("scheme") == "https":
            return True
        peer, _ = _address((scope.get("client") or ("127.0.0.1", 0))[0])
        told = dict(scope["headers"]).get(b"x-forwarded-proto", b"")
        return self._trusted(peer) and told.strip().lower() == b"https"

    async def _bearer(self, header: bytes | None, ip: str, now_s: float) -> Caller:
        if header is None or not header[:7].lower() == b"bearer ":
            raise Refused(AuthRefusal.missing_credentials)
        try:
            token = header[7:].decode("ascii")
        except UnicodeDecodeError:
            raise Refused(AuthRefusal.malformed_credentials) from None
        now = datetime.fromtimestamp(now_s, UTC)
        read = read_token(self.keyring, token, now)
        if isinstance(read, AuthRefusal):
            raise Refused(read)
        key_id, scopes = read
        key = self.keys.get(key_id) or await self.keys.load(key_id)
        if key is None:
            raise Refused(AuthRefusal.unknown_key)
        _refuse(unusable(key, ip, now))
        return Caller(msgspec.structs.replace(key, scopes=key.scopes & scopes), ip)

    def address_of(self, scope: Any) -> str:
        """Where a request comes from that nobody signed."""
        return self._ip(scope, dict(scope["headers"]))

    def _ip(self, scope: Any, headers: Headers) -> str:
        """The peer; behind a trusted proxy, the last address that is not a trusted proxy's."""
        forwarded = headers.get(b"x-forwarded-for")
        peer, text = _address((scope.get("client") or ("127.0.0.1", 0))[0])
        if forwarded is not None and self._trusted(peer):
            for hop in reversed(forwarded.decode("latin-1").split(",")):
                try:
                    peer = ip_address(hop.strip())
                except ValueError:
                    break
                if not self._trusted(peer):
                    break
            return str(peer)
        return text

    def _trusted(self, ip: IPv4Address | IPv6Address) -> bool:
        return any(ip.version == net.version and ip in net for net in self.proxies)


_SIGNED = frozenset(
    {b"commissary-key", b"commissary-timestamp", b"commissary-nonce", b"commissary-signature"}
)


def _key_name(headers: Headers) -> str:
    """Refuses credentials that cannot be right whatever the key."""
    try:
        key_id = headers[b"commissary-key"]
        well_formed = signature.well_formed(
            headers[b"commissary-timestamp"], headers[b"commissary-nonce"], headers[b"commissary-signature"]
        )
    except KeyError:
        well_formed = False
    if not well_formed or not key_id.isascii():
        raise Refused(AuthRefusal.malformed_credentials)
    return key_id.decode()


def _signer(scope: Any, headers: Headers, body: bytes, key: ApiKey, ip: str, now_s: float) -> Caller:
    """The caller, if it was this key's holder who signed this request, now. Spends no nonce."""
    timestamp, nonce = headers[b"commissary-timestamp"], headers[b"commissary-nonce"]
    at = int(timestamp)
    if not signature.in_window(at, now_s):
        raise Refused(AuthRefusal.timestamp_out_of_window, server_time=int(now_s))
    now = datetime.fromtimestamp(now_s, UTC)
    message = signature.canonical(
        scope["method"], scope["raw_path"], scope["query_string"], timestamp, nonce, body
    )
    if not signature.matches(live_secrets(key, now), message, headers[b"commissary-signature"]):
        raise Refused(AuthRefusal.bad_signature)
    if (refusal := unusable(key, ip, now)) is not None:
        raise Refused(refusal)
    return Caller(key, ip, signature.nonce_hash(nonce), at)


def require_scope(caller: Caller, scope: str) -> None:
    """Refuses missing_scope; of a person, whom a role and not a key lets in, forbidden."""
    if scope not in caller.key.scopes:
        if is_person(caller):
            raise Refused(TenancyRefusal.forbidden, permission=RIGHTS.get(scope, scope))
        raise Refused(AuthRefusal.missing_scope, scope=scope)


# What a buyer's person may do by hand is what his program may by key. Codes are not among it: he sees them one by one.
RIGHTS = {
    "orders:write": "own.orders.write",
    "orders:read": "own.orders.read",
    "catalog:read": "own.catalog.read",
    "balance:read": "own.balance.read",
    "webhooks:write": "own.webhooks.write",
}
_PERSON = "person:"


def caller_of(actor: Actor, home_id: int, account_id: int, rid: str = "") -> Caller:
    """A buyer's person where a key would stand: his orders keep who he is, his wallet is the one given."""
    scopes = frozenset(scope for scope, right in RIGHTS.items() if right in actor.permissions)
    key = ApiKey(
        f"{_PERSON}{actor.id}", actor.mall_id, home_id, actor.organisation_id, account_id, scopes, (), ()
    )
    return Caller(key, actor.ip, request_id=rid)


def is_person(caller: Caller) -> bool:
    return caller.key.id.startswith(_PERSON)


def actor_of(caller: Caller, *permissions: str) -> Actor:
    """Whoever calls, as the audit log names him, with these rights over his own organisation."""
    key, person = caller.key, is_person(caller)
    id_ = key.id.removeprefix(_PERSON)
    may = frozenset(permissions)
    return Actor(key.mall_id, "person" if person else "key", id_, key.organisation_id, may, caller.ip)


def program_of(caller: Caller) -> Actor:
    """A supplier's program, acting for its company alone. Refuses missing_scope."""
    require_scope(caller, "supply:provide")
    return actor_of(caller, "own.supply.read", "own.supply.write")


@lru_cache(maxsize=8192)
def _address(text: str) -> tuple[IPv4Address | IPv6Address, str]:
    """With its one spelling."""
    address = ip_address(text)
    return address, str(address)


def _refuse(refusal: AuthRefusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal)


@dataclass
class Nonces:
    """Nonces of the last ten minutes and more, in minute buckets; a bucket is dropped whole when its time is over."""

    _minutes: dict[int, set[tuple[str, bytes]]] = field(default_factory=dict)

    def spend(self, key_id: str, nonce: bytes, signed_at: int, now_s: float) -> bool:
        """False when it was spent before."""
        oldest = (int(now_s) - signature.WINDOW_S) // 60 - 1
        for minute in [m for m in self._minutes if m < oldest]:
            del self._minutes[minute]
        bucket = self._minutes.setdefault(signed_at // 60, set())
        if (key_id, nonce) in bucket:
            return False
        bucket.add((key_id, nonce))
        return True
