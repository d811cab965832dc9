"""Goods taken off sale by a rule of a higher domain, many at once, in its transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.catalog.store import Q, lock_skus, snapshot, update_sku
from commissary.tenancy.types import Actor


async def delist_skus(
    tx: db.Tx, env: Env, actor: Actor, sku_ids: Sequence[int], reason: Mapping[int, Mapping[str, Any]]
) -> list[int]:
    """下架 those that are listed, with the listed bundles that hold one; which they were. `reason` (by SKU) goes into the
    audit line of each; a bundle's names the part. To list one again is a person's act."""
    mall, at = actor.mall_id, env.now(actor.mall_id)
    bundles = await db.rows(tx, Q.bundles_of_many, {"mall": mall, "ids": list(sku_ids)})
    holding: dict[int, int] = dict(bundles)
    locked = await lock_skus(tx, mall, sorted({*sku_ids, *holding}))
    done = []
    for old in locked.values():
        if old.status != "listed":
            continue
        changed = await update_sku(
            tx, mall, old, msgspec.structs.replace(old, status="delisted", updated_at=at)
        )
        assert changed, "a locked row has one version"
        part = holding.get(old.id)
        why = dict(reason[old.id]) if old.id in reason else {"part": str(part), **reason.get(part or 0, {})}
        after = {"status": "delisted", **why}
        await tenancy.audit(tx, env, actor, "sku.delist", f"sku:{old.id}", {"status": "listed"}, after)
        done.append(old.id)
    if done:
        await snapshot(tx, mall, done, at)
        await tenancy.raise_epoch(tx, mall)
    return done
