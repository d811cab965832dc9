"""Our accounts with suppliers: opened, changed, tried, switched on and off. Secrets go in and never come out."""

import asyncio
import contextlib
import secrets
from datetime import datetime

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from commissary import ledger, tenancy
from commissary.base import db, money, outbox
from commissary.base.env import Env
from commissary.base.errors import FieldFault, Refused, RequestRefusal, invalid
from commissary.base.home import home as home_of
from commissary.base.outgoing import Outgoing
from commissary.supply import store
from commissary.supply.connectors import PEOPLE, WITH_PEOPLE
from commissary.supply.market import PURPOSE, Held, Market, at_ms
from commissary.supply.purchasing import Purchasing
from commissary.supply.shelf import lay_out_of
from commissary.supply.talk import hold
from commissary.supply.types import (
    Connection,
    ConnectionState,
    Fault,
    KeptConnection,
    Silence,
    SupplyRefusal,
    Unreadable,
)
from commissary.tenancy.types import Actor


class ConnectionDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of a connection. `secret` None: the one that is kept stays. People have neither address,
    account nor secret."""

    name: str
    base_url: str = ""
    account: str = ""
    secret: str | None = None
    settings: dict[str, object] = {}
    quiet_s: int | None = None
    at_once: int = 16
    low_balance_e4: int | None = None
    pull_s: int = 300


async def add_connection(
    env: Env,
    actor: Actor,
    draft: ConnectionDraft,
    *,
    supplier_id: int,
    protocol: str,
    currency: str | None = None,
    outgoing: Outgoing | None = None,
) -> KeptConnection:
    """With its account in the ledger. `outgoing` tells at once of an address that will not be called. Refuses protocol_unknown, supplier_not_found, connection_name_taken."""
    tenancy.require(actor, "supply.write")
    _require_addresses(outgoing, draft)
    if protocol not in WITH_PEOPLE:
        raise Refused(SupplyRefusal.protocol_unknown, known=", ".join(sorted(WITH_PEOPLE)))
    if protocol == PEOPLE:
        draft = msgspec.structs.replace(draft, base_url="", account="", secret="")
    elif not draft.secret:
        raise invalid("secret", "is required / 必填")
    mall, home, made = actor.mall_id, home_of(actor.mall_id), env.ids.new()
    async with env.db.transaction(mall) as tx:
        if await db.row(tx, store.Q.supplier_exists, {"mall": mall, "id": supplier_id}) is None:
            raise Refused(SupplyRefusal.supplier_not_found)
        found = await db.row(tx, "select currency from tenancy.mall where id = %s", (mall,))
        assert found is not None
        currency = currency or str(found[0])
        _check(draft, protocol, currency)
        given = _row(env, mall, made, draft) | {
            "supplier": supplier_id,
            "protocol": protocol,
            "currency": currency,
            "token": secrets.token_urlsafe(32),
            "state": "on",
            "at": env.now(mall),
        }
        try:
            async with tx.transaction():
                await db.run(tx, store.Q.add_connection, given)
        except psycopg.errors.UniqueViolation:
            raise Refused(SupplyRefusal.connection_name_taken) from None
        await ledger.open_account(tx, env, home, supplier_id, "prepaid", currency, str(made))
        await ledger.open_account(
            tx, env, home, actor.organisation_id, "clearing", str(found[0]), "purchases"
        )
        await tenancy.audit(
            tx,
            env,
            actor,
            "supply.connect",
            f"connection:{made}",
            None,
            _shown(draft) | {"protocol": protocol},
        )
        await tenancy.raise_epoch(tx, mall)
        return await _kept(tx, mall, made)


async def edit_connection(
    env: Env,
    actor: Actor,
    connection_id: int,
    draft: ConnectionDraft,
    version: int,
    *,
    outgoing: Outgoing | None = None,
) -> KeptConnection:
    """Refuses connection_not_found, connection_changed, connection_name_taken."""
    tenancy.require(actor, "supply.write")
    _require_addresses(outgoing, draft)
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await db.row(tx, store.Q.lock_connection, {"mall": mall, "id": connection_id})
        old = await _kept(tx, mall, connection_id)
        if old.protocol == PEOPLE:
            draft = msgspec.structs.replace(draft, base_url="", account="", secret=None)
        _check(draft, old.protocol, old.currency)
        given = _row(env, mall, connection_id, draft) | {"version": version}
        try:
            async with tx.transaction():
                changed = await db.run(tx, store.Q.set_connection, given)
        except psycopg.errors.UniqueViolation:
            raise Refused(SupplyRefusal.connection_name_taken) from None
        if not changed:
            raise Refused(SupplyRefusal.connection_changed, version=old.version)
        before = {"name": old.name, "base_url": old.base_url, "account": old.account, "at_once": old.at_once}
        after = _shown(draft) | {"new_key": draft.secret is not None}
        await tenancy.audit(tx, env, actor, "supply.edit", f"connection:{connection_id}", before, after)
        await tenancy.raise_epoch(tx, mall)
        return await _kept(tx, mall, connection_id)


async def switch(
    env: Env, actor: Actor, connection_id: int, state: ConnectionState, reason: str = ""
) -> KeptConnection:
    """The kill switch, and back. Purchases that are on their way are still asked about; nothing new is bought."""
    tenancy.require(actor, "supply.write")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await db.row(tx, store.Q.lock_connection, {"mall": mall, "id": connection_id})
        old = await _kept(tx, mall, connection_id)
        if old.state != state:
            given = {"mall": mall, "id": connection_id, "state": state, "reason": reason[:200]}
            await db.run(tx, store.Q.set_state, given | {"at": env.now(mall), "seen": [old.state]})
            await tenancy.audit(
                tx,
                env,
                actor,
                "supply.switch",
                f"connection:{connection_id}",
                {"state": old.state},
                {"state": state, "reason": reason[:200]},
            )
            rev = await tenancy.raise_epoch(tx, mall)
            await lay_out_of(tx, env, mall, rev, connection=connection_id)
        return await _kept(tx, mall, connection_id)


async def get_connection(env: Env, actor: Actor, connection_id: int) -> KeptConnection:
    """Refuses connection_not_found."""
    tenancy.require(actor, "supply.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await _kept(tx, actor.mall_id, connection_id)


async def try_connection(env: Env, purchasing: Purchasing, actor: Actor, connection_id: int) -> int:
    """Ask for our balance there, which proves address, account and key; it is kept. `_e4` in its currency.

    Refuses connection_not_found, supplier_unreachable, supplier_said_no.
    """
    tenancy.require(actor, "supply.write")
    market = await purchasing.reload(actor.mall_id)
    held = held_of(market, connection_id)
    return await read_balance(env, market, held)


async def read_balance(env: Env, market: Market, held: Held, writing: asyncio.Semaphore | None = None) -> int:
    """Kept for the choice of suppliers. `writing`: how many may write at once. Raises Refused when there is no answer, or none that is one."""
    mall, at = market.mall, env.now(market.mall)
    try:
        balance_e4 = await hold(held.connector.balance(at_ms(at)), held.send)
    except (Silence, Unreadable) as error:
        raise Refused(SupplyRefusal.supplier_unreachable, said=str(error)[:200]) from error
    except Fault as fault:
        raise Refused(SupplyRefusal.supplier_said_no, said=fault.said[:200], said_code=fault.code) from fault
    given = {"mall": mall, "id": held.kept.id, "balance": balance_e4, "at": at}
    low_e4 = held.kept.low_balance_e4
    low = low_e4 is not None and balance_e4 < low_e4
    async with writing or contextlib.nullcontext(), env.db.transaction(mall) as tx:
        await db.run(tx, store.Q.set_balance, given)
        turned = await db.row(tx, store.Q.tell_low_balance, given | {"low": low})
        if turned is not None and low:
            await _tell_low(tx, held.kept, mall, balance_e4, at)
    held.kept = msgspec.structs.replace(held.kept, balance_e4=balance_e4, balance_at=at)
    return balance_e4


async def _tell_low(tx: db.Tx, kept: KeptConnection, mall: int, balance_e4: int, at: datetime) -> None:
    assert kept.low_balance_e4 is not None
    own = await db.row(tx, store.Q.own_organisation, {"mall": mall})
    told = {
        "connection_id": str(kept.id),
        "supplier_id": str(kept.supplier_id),
        "balance": msgspec.to_builtins(money.of(balance_e4, kept.currency)),
        "threshold": msgspec.to_builtins(money.of(kept.low_balance_e4, kept.currency)),
    }
    event = outbox.Event("supplier.balance_low", kept.id, outbox.moment(at), own[0] if own else 0, at, told)
    await outbox.publish(tx, home_of(mall), [event], at)


def held_of(market: Market, connection_id: int) -> Held:
    held = market.connections.get(connection_id)
    if held is None:
        raise Refused(SupplyRefusal.connection_not_found)
    return held


async def _kept(tx: db.Tx, mall: int, connection_id: int) -> KeptConnection:
    found = await store.connections(tx, mall, [connection_id])
    if not found:
        raise Refused(SupplyRefusal.connection_not_found)
    return found[0]


def _require_addresses(outgoing: Outgoing | None, draft: ConnectionDraft) -> None:
    """All of them: some protocols have a host for tokens and another for the rest, a blank between them."""
    if outgoing is not None:
        for address in draft.base_url.split():
            outgoing.require(address)


def _check(draft: ConnectionDraft, protocol: str, currency: str) -> None:
    faults = []
    if not 1 <= len(draft.name.strip()) <= 80:
        faults.append(FieldFault("name", "1 to 80 characters / 名称为 1–80 个字符"))
    people = protocol == PEOPLE
    if not people and (not draft.base_url.startswith(("https://", "http://")) or len(draft.base_url) > 500):
        faults.append(FieldFault("base_url", "must be an http(s) address / 须为 http(s) 地址"))
    if not people and not 0 < len(draft.account) <= 200:
        faults.append(FieldFault("account", "1 to 200 characters / 账号为 1–200 个字符"))
    if not people and draft.secret is not None and not 0 < len(draft.secret) <= 4000:
        faults.append(FieldFault("secret", "1 to 4,000 characters / 密钥为 1–4000 个字符"))
    if draft.quiet_s is not None and not 0 <= draft.quiet_s <= 86_400:
        faults.append(FieldFault("quiet_s", "0 to 86,400 seconds / 静默期为 0–86400 秒"))
    if not 10 <= draft.pull_s <= 86_400:
        faults.append(FieldFault("pull_s", "10 to 86,400 seconds / 拉取间隔为 10–86400 秒"))
    if not 1 <= draft.at_once <= 512:
        faults.append(FieldFault("at_once", "1 to 512 / 并发数为 1–512"))
    if not faults:
        try:
            secret = draft.secret or "0" * 32  # one that stays is not looked at again
            WITH_PEOPLE[protocol](Connection(draft.base_url, draft.account, secret, currency, draft.settings))
        except ValueError as error:
            faults.append(FieldFault("secret", str(error)[:200]))
    if faults:
        raise Refused(RequestRefusal.invalid_request, fields=faults)


def _row(env: Env, mall: int, id_: int, draft: ConnectionDraft) -> dict[str, object]:
    sealed = None
    if draft.secret is not None:
        sealed = env.keys.seal_field(mall, PURPOSE, draft.secret.encode(), b"%d" % id_)
    return {
        "mall": mall,
        "id": id_,
        "name": draft.name.strip(),
        "base_url": draft.base_url.rstrip("/"),
        "account": draft.account,
        "secret": sealed,
        "settings": Jsonb(draft.settings, dumps=msgspec.json.encode),
        "quiet_s": draft.quiet_s,
        "at_once": draft.at_once,
        "low": draft.low_balance_e4,
        "pull_s": draft.pull_s,
    }


def _shown(draft: ConnectionDraft) -> dict[str, object]:
    return {
        "name": draft.name,
        "base_url": draft.base_url,
        "account": draft.account,
        "quiet_s": draft.quiet_s,
        "at_once": draft.at_once,
        "pull_s": draft.pull_s,
    }
