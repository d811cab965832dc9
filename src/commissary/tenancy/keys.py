"""API keys: issue, change, rotate, revoke; and the process's cache of them, by which a call is judged without a query.

The id is public and carries the mall (`ck_<mall>_<random>`, of a test mall `ck_test_<mall>_<random>`), so a stranger's call
names the mall to look in, and a key of one mall can open no other. The secret (`sk_…`, `sk_test_…`, 256 bits) is shown once and stored sealed: a signature needs it in the process, the database never does. While
rotating, two secrets live. A revocation, and another list of addresses, is seen by every process within a second: it raises the mall's epoch in its
own transaction, and `Epochs` asks for those every 0.4 s.
"""

import asyncio
import re
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import msgspec

from commissary.base import crypto, db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid, unchanged
from commissary.tenancy.audit import audit, raise_epoch
from commissary.tenancy.organisations import get_organisation
from commissary.tenancy.roles import allows, require, require_for
from commissary.tenancy.shadow import in_sandbox, is_shadow, sandbox_of
from commissary.tenancy.types import SCOPES, Actor, ApiKey, KeyView, Mode, TenancyRefusal, mode_of

Q = sql.load(__package__)

PURPOSE = "api-secret"
MAX_OVERLAP_S = 30 * 86_400

_ID = re.compile(r"ck_(?:test_)?([1-9][0-9]{0,9})_[a-z2-7]{12}", re.ASCII)
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


async def issue_key(
    env: Env,
    actor: Actor,
    *,
    organisation_id: int,
    account_id: int,
    name: str,
    scopes: Sequence[str],
    ip_allow: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[KeyView, str]:
    """The key and its secret, which is never shown again. `account_id` is the wallet it spends from: the caller has
    looked it up and does not take it from a request."""
    require_for(actor, "keys.write", organisation_id)
    wanted, networks = _scopes(scopes), _networks(ip_allow)
    mall, now = actor.mall_id, env.now(actor.mall_id)
    if expires_at is not None and expires_at <= now:
        raise invalid("expires_at", "is in the past / 到期时间已过")
    if not 1 <= len(name) <= 80:
        raise invalid("name", "1 to 80 characters / 名称为 1–80 个字符")
    async with env.db.transaction(mall) as tx:
        organisation = await get_organisation(tx, mall, organisation_id)
        kind = "test_" if await is_shadow(tx, mall) else ""
        secret = _new_secret(kind)
        view = KeyView(
            id=f"ck_{kind}{mall}_{''.join(secrets.choice(_BASE32) for _ in range(12))}",
            organisation_id=organisation_id,
            account_id=account_id,
            name=name,
            scopes=wanted,
            ip_allow=networks,
            old_secret_until=None,
            expires_at=expires_at,
            revoked_at=None,
            created_at=now,
        )
        await db.run(
            tx,
            Q.add_key,
            {
                "mall": mall,
                "id": view.id,
                "organisation": organisation_id,
                "home": organisation.home_id,
                "account": account_id,
                "name": name,
                "scopes": wanted,
                "ip_allow": networks,
                "secret": env.keys.seal_field(mall, PURPOSE, secret.encode(), view.id.encode()),
                "expires": expires_at,
                "at": now,
                "version": view.api_version,
            },
        )
        after = {
            "name": name,
            "organisation_id": str(organisation_id),
            "scopes": wanted,
            "ip_allow": networks,
        }
        await audit(tx, env, actor, "key.issue", f"key:{view.id}", None, after)
        await raise_epoch(tx, mall)
    return view, secret


async def rotate_key(env: Env, actor: Actor, key_id: str, overlap_s: int = 86_400) -> tuple[KeyView, str]:
    """A new secret; the present one lives `overlap_s` longer, an older one dies now. Refuses `key_is_revoked`."""
    if not 0 <= overlap_s <= MAX_OVERLAP_S:
        raise invalid("overlap_s", f"0 to {MAX_OVERLAP_S} seconds / 0–{MAX_OVERLAP_S} 秒")
    actor = await _where(env, actor, key_id)
    mall, now, secret = actor.mall_id, env.now(actor.mall_id), _new_secret(kind_of(key_id))
    async with env.db.transaction(mall) as tx:
        view = await _locked(tx, actor, key_id)
        if view.revoked_at is not None:
            raise Refused(TenancyRefusal.key_is_revoked)
        until = now + timedelta(seconds=overlap_s)
        sealed = env.keys.seal_field(mall, PURPOSE, secret.encode(), key_id.encode())
        await db.run(tx, Q.rotate_key, {"mall": mall, "id": key_id, "until": until, "secret": sealed})
        was, now_until = {"old_until": view.old_secret_until}, {"old_until": until, "overlap_s": overlap_s}
        await audit(tx, env, actor, "key.rotate", f"key:{key_id}", was, now_until)
        await raise_epoch(tx, mall)
    return _with(view, old_secret_until=until), secret


async def set_addresses(
    env: Env, actor: Actor, key_id: str, ip_allow: Sequence[str], version: int
) -> KeyView:
    """From where it may call, instead of what stood there; none: from anywhere. Refuses `conflict`, `key_is_revoked`."""
    actor = await _where(env, actor, key_id)
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        view = await _locked(tx, actor, key_id)
        networks = _networks(ip_allow)
        if view.revoked_at is not None:
            raise Refused(TenancyRefusal.key_is_revoked)
        unchanged(version, view.version)
        if networks == view.ip_allow:
            return view
        facts = {"mall": mall, "id": key_id, "ip_allow": networks, "version": version + 1}
        await db.run(tx, Q.set_addresses, facts)
        was, now_allowed = {"ip_allow": view.ip_allow}, {"ip_allow": networks}
        await audit(tx, env, actor, "key.addresses", f"key:{key_id}", was, now_allowed)
        await raise_epoch(tx, mall)
    return msgspec.structs.replace(view, ip_allow=networks, version=version + 1)


async def revoke_key(env: Env, actor: Actor, key_id: str) -> KeyView:
    """For good, with both secrets. Again is no error."""
    actor = await _where(env, actor, key_id)
    mall, now = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        view = await _locked(tx, actor, key_id)
        if view.revoked_at is not None:
            return view
        await db.run(tx, Q.revoke_key, {"mall": mall, "id": key_id, "at": now})
        was = {"name": view.name, "revoked_at": None}
        await audit(tx, env, actor, "key.revoke", f"key:{key_id}", was, was | {"revoked_at": now})
        await raise_epoch(tx, mall)
    return _with(view, revoked_at=now)


async def list_keys(
    env: Env,
    actor: Actor,
    *,
    organisation_id: int | None = None,
    mode: Mode = "live",
    after: str = "",
    size: int = 50,
) -> list[KeyView]:
    """By id; a partner's people see their own organisation's only. `mode` test: those of the sandbox, none without one."""
    if mode == "test" and not env.is_test(actor.mall_id):
        if await sandbox_of(env, actor.mall_id) is None:
            return []
        actor = await in_sandbox(env, actor)
    if not allows(actor, "keys.read"):
        require(actor, "own.keys.write")
        organisation_id = actor.organisation_id
    facts = {"mall": actor.mall_id, "organisation": organisation_id, "after": after, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        return [KeyView(*r) for r in await db.rows(tx, Q.list_keys, facts)]


def mall_of_key(key_id: str) -> int | None:
    """The mall in a key's id; None when it is not the id of a key at all."""
    found = _ID.fullmatch(key_id)
    return int(found[1]) if found and int(found[1]) < 2**31 else None


async def _locked(tx: db.Tx, actor: Actor, key_id: str) -> KeyView:
    found = await db.row(tx, Q.lock_key, {"mall": actor.mall_id, "id": key_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    view = KeyView(*found)
    if not allows(actor, "keys.write") and view.organisation_id != actor.organisation_id:
        raise Refused(RequestRefusal.not_found)
    require_for(actor, "keys.write", view.organisation_id)
    return view


def _with(view: KeyView, **changes: datetime) -> KeyView:
    return msgspec.structs.replace(view, **changes)


async def _where(env: Env, actor: Actor, key_id: str) -> Actor:
    """Who holds a live session keeps the keys of its sandbox too."""
    mall = mall_of_key(key_id)
    if mall == actor.mall_id or mode_of(key_id) == "live":
        return actor
    there = await in_sandbox(env, actor)
    return there if there.mall_id == mall else actor


def kind_of(key_id: str) -> str:
    """What stands in a sandbox's keys and secrets."""
    return "test_" if mode_of(key_id) == "test" else ""


def _new_secret(kind: str = "") -> str:
    return f"sk_{kind}{secrets.token_urlsafe(32)}"


def _scopes(scopes: Sequence[str]) -> list[str]:
    if not scopes or not set(scopes) <= set(SCOPES):
        raise invalid("scopes", f"one or more of {', '.join(SCOPES)} / 请从中选择至少一项权限")
    return sorted(set(scopes))


def _networks(ip_allow: Sequence[str]) -> list[str]:
    if len(ip_allow) > 100:
        raise invalid("ip_allow", "at most 100 networks / 最多 100 个网段")
    read = {text: _network(text.strip()) for text in ip_allow}
    if bad := [text for text, network in read.items() if network is None]:
        named = ", ".join(bad)
        raise invalid("ip_allow", f"{named}: not an address or CIDR network / {named}：IP 或网段格式不正确")
    return list(dict.fromkeys(network for network in read.values() if network is not None))


def _network(text: str) -> str | None:
    try:
        return str(ip_network(text)) if "%" not in text else None  # nobody calls from a zone of ours
    except ValueError:
        return None


# The process's cache ----------------------------------------------------------------------------------------------


class Epochs:
    """Asks which malls changed, and calls back for each. One task per process, shared by all caches.

    A callback that fails is called again at the next poll: a change is never lost, only late.
    """

    def __init__(self, database: db.Database, every_s: float = 0.4) -> None:
        self._database = database
        self._every_s = every_s
        self._first: list[Callable[[], Awaitable[None]]] = []
        self._callbacks: list[Callable[[int, int], Awaitable[None]]] = []
        self.values: dict[int, int] = {}

    def watch(self, callback: Callable[[int, int], Awaitable[None]]) -> None:
        """`callback(mall, epoch)`, also once for each mall when it is first seen."""
        self._callbacks.append(callback)

    def watch_any(self, callback: Callable[[], Awaitable[None]]) -> None:
        """Once for all malls that a poll finds changed, before they are told one by one: for what is read for all at once."""
        self._first.append(callback)

    async def poll(self) -> None:
        async with self._database.transaction(None) as tx:
            found = await db.rows(tx, Q.epochs)
        changed = [(mall, value) for mall, value in found if self.values.get(mall) != value]
        if changed:
            for first in self._first:
                await first()
        for mall, value in changed:
            for callback in self._callbacks:
                await callback(mall, value)
            self.values[mall] = value

    async def run(self, failed: Callable[[Exception], None] = lambda _: None) -> None:
        """Until cancelled. A failure (the database restarts) is told to `failed` and survived."""
        while True:
            try:
                await self.poll()
            except Exception as error:
                failed(error)
            await asyncio.sleep(self._every_s)


class KeyCache:
    """API keys by id. `get` is a dictionary look-up; `load` asks the database, once for any number of waiters."""

    def __init__(self, env: Env, *, capacity: int = 200_000, absent_capacity: int = 10_000) -> None:
        self._env = env
        self._capacity = capacity
        self._absent_capacity = absent_capacity
        self._keys: OrderedDict[str, tuple[ApiKey, int]] = OrderedDict()
        self._absent: OrderedDict[str, int] = OrderedDict()
        self._reloaded: dict[int, int] = {}
        self._loading: dict[str, asyncio.Future[ApiKey | None]] = {}
        self._wanted: dict[int, list[str]] = {}  # by mall, what the next read brings
        self._readers: dict[int, asyncio.Task[None]] = {}
        self._few = asyncio.Semaphore(4)  # strangers' guesses never take the whole connection pool

    def get(self, key_id: str) -> ApiKey | None:
        found = self._keys.get(key_id)
        return found[0] if found is not None else None

    async def load(self, key_id: str) -> ApiKey | None:
        """For a miss; misses of a mall that come together are one read. What does not exist is remembered until its mall
        changes, in bounded memory."""
        if (found := self._keys.get(key_id)) is not None:
            return found[0]
        mall = mall_of_key(key_id)
        if mall is None or key_id in self._absent:
            return None
        if (waiting := self._loading.get(key_id)) is None:
            waiting = self._loading[key_id] = asyncio.get_running_loop().create_future()
            self._wanted.setdefault(mall, []).append(key_id)
            if mall not in self._readers:
                self._readers[mall] = asyncio.create_task(self._load(mall), name=f"keys of mall {mall}")
        return await asyncio.shield(waiting)

    async def reload(self, mall: int, epoch: int) -> None:
        """Read this mall's cached keys again; hang it on `Epochs.watch`."""
        for key_id in [k for k in self._absent if mall_of_key(k) == mall]:
            del self._absent[key_id]
        # From here on a `load` that read an older snapshot reads again, so none can put a stale key back.
        self._reloaded[mall] = max(epoch, self._reloaded.get(mall, 0))
        ids = [key_id for key_id, (key, _) in self._keys.items() if key.mall_id == mall]
        for start in range(0, len(ids), 5_000):
            part = ids[start : start + 5_000]
            at, keys = await self._read(mall, part)
            for gone in set(part) - {key.id for key in keys}:
                self._keys.pop(gone, None)
            for key in keys:
                self._keep(key, at)

    async def _load(self, mall: int) -> None:
        """Whatever is wanted of this mall, until nothing is."""
        try:
            while wanted := self._wanted.pop(mall, []):
                for start in range(0, len(wanted), 1_000):
                    await self._load_some(mall, wanted[start : start + 1_000])
        finally:
            del self._readers[mall]

    async def _load_some(self, mall: int, ids: Sequence[str]) -> None:
        try:
            async with self._few:
                while True:
                    at, keys = await self._read(mall, ids)
                    if at >= self._reloaded.get(mall, 0) or at == 0:
                        break
        except Exception as error:
            for key_id in ids:
                waiting = self._loading.pop(key_id)
                waiting.set_exception(error)
                waiting.exception()  # whoever asked may be gone
            return
        found = {}
        for key in keys:
            self._keep(key, at)
            found[key.id] = self.get(key.id) or key
        for key_id in ids:
            if key_id not in found:
                self._absent[key_id] = at
            self._loading.pop(key_id).set_result(found.get(key_id))
        while len(self._absent) > self._absent_capacity:
            self._absent.popitem(last=False)

    def _keep(self, key: ApiKey, at: int) -> None:
        known = self._keys.get(key.id)
        if known is None or known[1] <= at:
            self._keys[key.id] = (key, at)
            while len(self._keys) > self._capacity:
                self._keys.popitem(last=False)

    async def _read(self, mall: int, ids: Iterable[str]) -> tuple[int, list[ApiKey]]:
        """(epoch of the snapshot, keys in it); epoch 0 when there is no such mall."""
        async with self._env.db.transaction(mall) as tx:
            found = await db.rows(tx, Q.cached_keys, {"mall": mall, "ids": list(ids)})
        if not found:
            return 0, []
        return found[0][0], [self._key(mall, r) for r in found if r[2] is not None]

    def _key(self, mall: int, r: Sequence[Any]) -> ApiKey:
        sealed = [bytes(s) for s in (r[8], r[9]) if s is not None]
        return ApiKey(
            id=r[2],
            mall_id=mall,
            home_id=r[3],
            organisation_id=r[4],
            account_id=r[5],
            scopes=frozenset(r[6]),
            ip_allow=tuple(ip_network(n) for n in r[7]),
            secrets=tuple(self._env.keys.open_field(mall, PURPOSE, s, r[2].encode()) for s in sealed),
            old_secret_until=r[10],
            expires_at=r[11],
            revoked_at=r[12],
            name=r[13],
            mall_open=r[1] == "open",
            buyer_active=bool(r[14]),
            api_version=r[15],
        )


def live_secrets(key: ApiKey, now: datetime) -> tuple[bytes, ...]:
    """The secrets that may sign at this instant: the current one and, while rotating, the one before it."""
    if key.old_secret_until is not None and now >= key.old_secret_until:
        return key.secrets[:1]
    return key.secrets


def same(given: str, secret: bytes) -> bool:
    """In constant time."""
    return secrets.compare_digest(crypto.sha256(given.encode()), crypto.sha256(secret))
