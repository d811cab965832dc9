"""The record of administrative acts: append-only (the runtime roles cannot change or delete a row)."""

from collections.abc import Mapping
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.tenancy.roles import require
from commissary.tenancy.types import Actor, AuditEntry

Q = sql.load(__package__)

_SECRET = ("secret", "password", "token", "dek", "kek", "code_clear", "private_key")


async def audit(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write what was done, in the transaction that does it. `subject` such as `sku:123`; values named like secrets
    are struck out, whatever the caller passes."""
    await db.run(
        tx,
        Q.add_audit,
        {
            "mall": actor.mall_id,
            "id": env.ids.new(),
            "at": env.now(actor.mall_id),
            "kind": actor.kind,
            "actor": actor.id,
            "ip": actor.ip,
            "action": action,
            "subject": subject,
            "before": None if before is None else Jsonb(_struck(before), dumps=msgspec.json.encode),
            "after": None if after is None else Jsonb(_struck(after), dumps=msgspec.json.encode),
        },
    )


async def raise_epoch(tx: db.Tx, mall: int) -> int:
    """Tell every process that keys, goods, prices, tiers or risk lists of this mall changed. Last before commit: it
    holds the mall's epoch row until then."""
    found = await db.row(tx, Q.raise_epoch, {"mall": mall})
    assert found is not None, f"mall {mall} has no epoch"
    return int(found[0])


async def list_audit(
    env: Env, actor: Actor, *, subject: str | None = None, before_id: int | None = None, size: int = 50
) -> list[AuditEntry]:
    """Newest first."""
    require(actor, "audit.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(
            tx,
            Q.list_audit,
            {"mall": actor.mall_id, "subject": subject, "before": before_id, "size": size},
        )
    return [AuditEntry(*r) for r in found]


def _struck(value: Any, name: str = "") -> Any:
    if name and any(word in name.lower() for word in _SECRET):
        return "[struck]"
    if isinstance(value, Mapping):
        return {str(k): _struck(v, str(k)) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_struck(v) for v in value]
    return value
