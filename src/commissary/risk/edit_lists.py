"""Deny, allow and watch lists. A target account is stored, shown and audited as its blind index only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.risk import rules, store
from commissary.risk.types import Entry, ListName, Subject
from commissary.tenancy.types import Actor

_INDEX = "index:"


async def add_entry(
    env: Env,
    actor: Actor,
    *,
    list: ListName,
    subject: Subject,
    value: str,
    reason: str = "",
    expires_at: datetime | None = None,
) -> Entry:
    """Put on a list; a value that stands there gets the new reason and end. For a target, `value` is the account as an
    order would name it, or `index:` and the 32 hex digits of its blind index. Refuses `invalid_request` with the field."""
    tenancy.require(actor, "risk.write")
    mall, now = actor.mall_id, env.now(actor.mall_id)
    if expires_at is not None and expires_at <= now:
        raise invalid("expires_at", "is in the past / 到期时间已过")
    if len(reason) > 200:
        raise invalid("reason", "at most 200 characters / 原因最多 200 个字符")
    value = rules.list_value(subject, value)
    if subject == "target":
        value = _blind(env, mall, value)
    wanted = Entry(env.ids.new(), list, subject, value, reason, expires_at, now)
    async with env.db.transaction(mall) as tx:
        entry = await store.put_entry(tx, mall, wanted)
        await tenancy.audit(tx, env, actor, "risk.list.add", f"risk_entry:{entry.id}", None, _facts(entry))
        await tenancy.raise_epoch(tx, mall)
    return entry


async def remove_entry(env: Env, actor: Actor, entry_id: int, reason: str) -> Entry:
    """`reason`: why, for the audit log. Refuses `not_found`, also the second time, and `invalid_request` without one."""
    tenancy.require(actor, "risk.write")
    mall, why = actor.mall_id, reason.strip()
    if not 1 <= len(why) <= 200:
        raise invalid("reason", "1 to 200 characters / 原因须为 1–200 个字符")
    async with env.db.transaction(mall) as tx:
        entry = await store.drop_entry(tx, mall, entry_id)
        if entry is None:
            raise Refused(RequestRefusal.not_found)
        told = {"removed_for": why}
        await tenancy.audit(tx, env, actor, "risk.list.remove", f"risk_entry:{entry.id}", _facts(entry), told)
        await tenancy.raise_epoch(tx, mall)
    return entry


async def list_entries(
    env: Env,
    actor: Actor,
    *,
    list: ListName | None = None,
    before: int | None = None,
    size: int = 50,
) -> Sequence[Entry]:
    """Newest first, expired ones too."""
    tenancy.require(actor, "risk.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.list_entries(tx, actor.mall_id, list, before, size)


def _blind(env: Env, mall: int, value: str) -> str:
    """As the order path makes it of an order's target field."""
    if value.startswith(_INDEX):
        digits = value.removeprefix(_INDEX).lower()
        if len(digits) != 32 or set(digits) - set("0123456789abcdef"):
            raise invalid("value", "a blind index has 32 hex digits / 盲索引为 32 位十六进制")
        return digits
    return env.keys.blind(f"target|{mall}", value)[:16].hex()


def _facts(entry: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = msgspec.to_builtins(entry)
    del facts["id"], facts["created_at"]
    return facts
