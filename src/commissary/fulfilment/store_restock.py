"""Rows ↔ types of buying for the shelf."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Ints, Smallints, Texts, Timestamps
from commissary.fulfilment.types import (
    Budget,
    Restock,
    RestockLimits,
    RestockPart,
    RestockPolicy,
    RestockState,
    RestockTerms,
    RestockWhy,
)

Q = sql.load(__package__, "restock.sql")


async def mall_facts(tx: db.Tx, mall: int) -> tuple[str, str]:
    """(currency, zone)"""
    found = await db.row(tx, Q.mall, {"mall": mall})
    assert found is not None
    return found[0], found[1]


async def limits_of(tx: db.Tx, home: int) -> RestockLimits | None:
    found = await db.row(tx, Q.limits, {"home": home})
    return RestockLimits(*found) if found else None


async def put_limits(
    tx: db.Tx, home: int, *, budget_e4: int, approval_e4: int, seen: int, by: str, at: datetime
) -> bool:
    given = {"home": home, "budget": budget_e4, "approval": approval_e4, "seen": seen, "by": by, "at": at}
    return bool(await db.run(tx, Q.put_limits, given))


async def policies(
    tx: db.Tx, home: int, skus: Sequence[int] | None = None, *, after: int = 0, size: int = 1000
) -> list[RestockPolicy]:
    given = {"home": home, "skus": None if skus is None else Bigints(skus), "after": after, "size": size}
    return [_policy(r) for r in await db.rows(tx, Q.policies, given)]


async def lock_policies(tx: db.Tx, home: int, after: int, size: int) -> list[RestockPolicy]:
    given = {"home": home, "after": after, "size": size}
    return [_policy(r) for r in await db.rows(tx, Q.lock_policies, given)]


async def planned(tx: db.Tx, home: int, skus: Sequence[int]) -> set[int]:
    return {r[0] for r in await db.rows(tx, Q.planned, {"home": home, "skus": Bigints(skus)})}


async def put_policy(
    tx: db.Tx, home: int, sku_id: int, terms: RestockTerms, *, seen: int, by: str, at: datetime
) -> bool:
    given = {"home": home, "sku": sku_id, "seen": seen, "by": by, "at": at}
    return bool(await db.run(tx, Q.put_policy, given | msgspec.structs.asdict(terms)))


async def sold(
    tx: db.Tx, home: int, skus: Sequence[int], week: int, month: int
) -> dict[int, tuple[int, int]]:
    """SKU → pieces ordered since each of two moments, which are told as ids."""
    given = {"home": home, "skus": Bigints(skus), "week": week, "month": month}
    found: dict[int, tuple[int, int]] = dict.fromkeys(skus, (0, 0))
    return found | {r[0]: (r[1], r[2]) for r in await db.rows(tx, Q.sold, given)}


async def set_sold(tx: db.Tx, home: int, counts: Mapping[int, tuple[int, int]], at: datetime) -> None:
    given = {
        "home": home,
        "at": at,
        "skus": Bigints(list(counts)),
        "sevens": Bigints([c[0] for c in counts.values()]),
        "months": Bigints([c[1] for c in counts.values()]),
    }
    await db.run(tx, Q.set_sold, given)


async def set_notes(tx: db.Tx, home: int, notes: Mapping[int, str]) -> None:
    if notes:
        given = {"home": home, "skus": Bigints(list(notes)), "notes": Texts(list(notes.values()))}
        await db.run(tx, Q.set_notes, given)


async def budgets(tx: db.Tx, home: int, month: date, skus: Sequence[int] | None = None) -> dict[int, Budget]:
    given = {"home": home, "month": month, "skus": None if skus is None else Bigints(skus)}
    return {r[0]: Budget(*r) for r in await db.rows(tx, Q.budgets, given)}


async def promised_e4(tx: db.Tx, home: int) -> int:
    found = await db.row(tx, Q.promised, {"home": home})
    assert found is not None
    return int(found[0])


async def add_restock(
    tx: db.Tx, home: int, plan: Restock, parts: Sequence[int], next_at: datetime | None
) -> bool:
    """False: there is a plan for the SKU already."""
    given = {
        "home": home,
        "id": plan.id,
        "sku": plan.sku_id,
        "quantity": plan.quantity,
        "unit": plan.unit_cost_e4,
        "currency": plan.currency,
        "offer": plan.offer_id,
        "supplier": plan.supplier_id,
        "why": Jsonb(plan.why, dumps=msgspec.json.encode),
        "payload": bytes.fromhex(plan.payload),
        "by": plan.made_by,
        "state": plan.state,
        "at": plan.proposed_at,
    }
    if not await db.run(tx, Q.add_restock, given):
        return False
    numbers = Smallints(range(1, len(parts) + 1))
    of = {"home": home, "restock": plan.id, "sku": plan.sku_id, "next": next_at}
    await db.run(tx, Q.add_parts, of | {"nos": numbers, "quantities": Ints(parts)})
    return True


async def restocks(
    tx: db.Tx,
    home: int,
    *,
    ids: Sequence[int] | None = None,
    sku_id: int | None = None,
    state: RestockState | None = None,
    before: int | None = None,
    size: int = 200,
) -> list[Restock]:
    """Newest first."""
    given = {"home": home, "ids": None if ids is None else Bigints(ids), "sku": sku_id, "state": state}
    return [_restock(r) for r in await db.rows(tx, Q.restocks, given | {"before": before, "size": size})]


async def lock_restocks(tx: db.Tx, home: int, ids: Iterable[int]) -> dict[int, Restock]:
    found = await db.rows(tx, Q.lock_restocks, {"home": home, "ids": Bigints(sorted(set(ids)))})
    return {r[0]: _restock(r) for r in found}


def _restock(row: Sequence[Any]) -> Restock:
    found = Restock(*row)
    return msgspec.structs.replace(found, why=msgspec.convert(found.why, RestockWhy))


async def due_restocks(tx: db.Tx, home: int, now: datetime, size: int) -> list[int]:
    return [r[0] for r in await db.rows(tx, Q.due_restocks, {"home": home, "now": now, "size": size})]


async def parts_of(
    tx: db.Tx, home: int, ids: Iterable[int], due: datetime | None = None
) -> list[RestockPart]:
    given = {"home": home, "ids": Bigints(sorted(set(ids))), "due": due}
    return [RestockPart(*r) for r in await db.rows(tx, Q.parts, given)]


async def set_parts(
    tx: db.Tx, home: int, parts: Sequence[RestockPart], next_at: Mapping[tuple[int, int], datetime]
) -> None:
    """`next_at`: when somebody is to look at it, by place. The caller holds their plans."""
    if not parts:
        return
    given = {
        "home": home,
        "restocks": Bigints([p.restock_id for p in parts]),
        "nos": Smallints([p.part_no for p in parts]),
        "states": Texts([p.state for p in parts]),
        "reasons": Texts([p.reason for p in parts]),
        "months": [p.month for p in parts],
        "committeds": Bigints([p.committed_e4 for p in parts]),
        "costs": Bigints([p.cost_e4 for p in parts]),
        "receiveds": Ints([p.received for p in parts]),
        "attempts": Bigints([p.attempt_id for p in parts]),
        "batches": Bigints([p.batch_id for p in parts]),
        "nexts": Timestamps([next_at.get(p.place) for p in parts]),
    }
    changed = await db.run(tx, Q.set_parts, given)
    assert changed == len(parts), f"{changed} of {len(parts)} parts changed"


async def decide(
    tx: db.Tx, home: int, restock_id: int, state: RestockState, reason: str, by: str, at: datetime
) -> None:
    given = {"home": home, "id": restock_id, "state": state, "reason": reason, "by": by, "at": at}
    await db.run(tx, Q.decide, given)
    if state == "going":
        await db.run(tx, Q.wake_parts, given)


async def end_restocks(tx: db.Tx, home: int, ids: Collection[int], at: datetime) -> None:
    if ids:
        await db.run(tx, Q.end_restocks, {"home": home, "ids": Bigints(sorted(ids)), "at": at})


async def open_months(tx: db.Tx, home: int, month: date, limits_e4: Mapping[int, int]) -> dict[int, Budget]:
    """SKU → its budget, locked until the transaction ends; 0 is the mall's."""
    skus = sorted(limits_e4)
    given = {
        "home": home,
        "month": month,
        "skus": Bigints(skus),
        "limits": Bigints([limits_e4[s] for s in skus]),
    }
    return {r[0]: Budget(*r) for r in await db.rows(tx, Q.open_months, given)}


async def lock_months(tx: db.Tx, home: int, months: Collection[date], skus: Collection[int]) -> None:
    given = {"home": home, "months": sorted(months), "skus": Bigints([0, *sorted(skus)])}
    await db.rows(tx, Q.lock_months, given)


async def take(tx: db.Tx, home: int, month: date, sku_id: int, amount_e4: int) -> None:
    """From the SKU's and the mall's budget, which the caller has locked and seen to have room."""
    given = {"home": home, "month": month, "sku": sku_id, "amount": amount_e4}
    taken = await db.run(tx, Q.take, given)
    assert taken == 2, "a locked budget changed"


async def settle_month(
    tx: db.Tx, home: int, part: RestockPart, *, freed_e4: int = 0, cost_e4: int = 0, back_e4: int = 0
) -> None:
    given = {"home": home, "month": part.month, "sku": part.sku_id}
    await db.run(tx, Q.settle_month, given | {"freed": freed_e4, "cost": cost_e4, "back": back_e4})


def _policy(r: Sequence[Any]) -> RestockPolicy:
    return RestockPolicy(**dict(zip(RestockPolicy.__struct_fields__, r, strict=True)))
