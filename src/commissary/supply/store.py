"""Rows ↔ types of connections, offers and attempts. The only file here that knows column names."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Bools, Byteas, Ints, Smallints, Texts, Timestamps
from commissary.base.home import home as home_of
from commissary.supply.types import Attempt, KeptConnection, Offer, Policy, Weighed

Q = sql.load(__package__)
_encode = msgspec.json.encode
_whys = msgspec.json.Decoder(list[Weighed]).decode
ALL = 1_000_000


async def connections(
    tx: db.Tx, mall: int, ids: Sequence[int] | None = None, *, after: int = 0, size: int = ALL
) -> list[KeptConnection]:
    given = {"mall": mall, "ids": None if ids is None else Bigints(ids), "after": after, "size": size}
    names = KeptConnection.__struct_fields__
    return [
        KeptConnection(**dict(zip(names, r, strict=True))) for r in await db.rows(tx, Q.connections, given)
    ]


async def secrets(tx: db.Tx, mall: int, ids: Sequence[int] | None = None) -> dict[int, bytes]:
    """Sealed, by connection."""
    given = {"mall": mall, "ids": None if ids is None else Bigints(ids)}
    return {r[0]: bytes(r[1]) for r in await db.rows(tx, Q.secrets, given)}


async def accounts(tx: db.Tx, mall: int) -> tuple[dict[int, int], dict[str, int]]:
    """(connection → what we have paid in advance there or owe, currency → the goods bought)"""
    given = {"mall": mall, "home": home_of(mall)}
    return dict(await db.rows(tx, Q.accounts, given)), dict(await db.rows(tx, Q.purchases_accounts, given))


def _offer(r: Sequence[Any]) -> Offer:
    return Offer(**dict(zip(Offer.__struct_fields__, r, strict=True)))


async def offers(
    tx: db.Tx,
    mall: int,
    *,
    sku_id: int | None = None,
    connection_id: int | None = None,
    after: int = 0,
    size: int = ALL,
) -> list[Offer]:
    given = {"mall": mall, "sku": sku_id, "connection": connection_id, "after": after, "size": size}
    return [_offer(r) for r in await db.rows(tx, Q.offers, given)]


async def offers_since(tx: db.Tx, mall: int, epoch: int) -> list[Offer]:
    return [_offer(r) for r in await db.rows(tx, Q.offers_since, {"mall": mall, "since": epoch})]


async def lock_offers(tx: db.Tx, mall: int, connection_id: int, goods: Sequence[str]) -> list[Offer]:
    given = {"mall": mall, "connection": connection_id, "goods": Texts(goods)}
    return [_offer(r) for r in await db.rows(tx, Q.offers_of_goods, given)]


async def offers_told(tx: db.Tx, mall: int, connection_id: int, goods: Sequence[str]) -> list[Offer]:
    given = {"mall": mall, "connection": connection_id, "goods": Texts(goods)}
    return [_offer(r) for r in await db.rows(tx, Q.offers_told, given)]


async def lock_offer(tx: db.Tx, mall: int, offer_id: int) -> Offer | None:
    found = await db.row(tx, Q.get_offer, {"mall": mall, "id": offer_id})
    return _offer(found) if found else None


async def put_offers(
    tx: db.Tx, mall: int, connection_id: int, new: Sequence[Offer], rev: int, at: datetime
) -> None:
    """Of one connection, each (article, SKU) once; `rev` is the epoch that this transaction raised."""
    await db.run(
        tx,
        Q.put_offers,
        {
            "mall": mall,
            "connection": connection_id,
            "rev": rev,
            "at": at,
            "ids": Bigints([o.id for o in new]),
            "goods": Texts([o.good_id for o in new]),
            "skus": Bigints([o.sku_id for o in new]),
            "names": Texts([o.good_name for o in new]),
            "kinds": Texts([o.kind for o in new]),
            "costs": Bigints([o.unit_cost_e4 for o in new]),
            "currencies": Texts([o.currency for o in new]),
            "stocks": Ints([o.stock for o in new]),
            "on_sales": Bools([o.on_sale for o in new]),
            "leasts": Ints([o.least for o in new]),
            "mosts": Ints([o.most for o in new]),
            "fields": Texts([_encode(o.field_map).decode() for o in new]),
            "weights": Smallints([o.weight for o in new]),
            "canaries": Smallints([o.canary_bp for o in new]),
            "warranties": Ints([o.warranty_hours for o in new]),
            "helds": Bigints([o.held_cost_e4 for o in new]),
            "states": Texts([o.state for o in new]),
            "versions": Ints([o.version for o in new]),
        },
    )


async def policies_since(tx: db.Tx, mall: int, epoch: int) -> dict[int, Policy]:
    found = await db.rows(tx, Q.policies_since, {"mall": mall, "since": epoch})
    return {r[0]: Policy(*r[1:]) for r in found}


async def epoch(tx: db.Tx, mall: int) -> int:
    found = await db.row(tx, Q.epoch, {"mall": mall})
    assert found is not None
    return int(found[0])


async def load_costs(tx: db.Tx, mall: int) -> dict[int, int | None]:
    """SKU → what a piece costs at the cheapest supplier that can be bought from now; None: at the moment none can."""
    return dict(await db.rows(tx, Q.shelf, {"mall": mall}))


# Attempts ----------------------------------------------------------------------------------------------------------


async def add_attempts(
    tx: db.Tx, home: int, made: Sequence[Attempt], whys: Sequence[tuple[Weighed, ...]]
) -> None:
    """As they begin, each with its choice; a second open one for a line ends the transaction."""
    first = made[0]
    await db.run(
        tx,
        Q.add_attempts,
        {
            "home": home,
            "at": first.called_at,
            "ask_at": first.next_at,
            "ids": Bigints([a.id for a in made]),
            "orders": Bigints([a.order_id for a in made]),
            "lines": Smallints([a.line_no for a in made]),
            "ns": Smallints([a.n for a in made]),
            "skus": Bigints([a.sku_id for a in made]),
            "offers": Bigints([a.offer_id for a in made]),
            "connections": Bigints([a.connection_id for a in made]),
            "suppliers": Bigints([a.supplier_id for a in made]),
            "goods": Texts([a.good_id for a in made]),
            "kinds": Texts([a.kind for a in made]),
            "quantities": Ints([a.quantity for a in made]),
            "mosts": Bigints([a.most_unit_e4 for a in made]),
            "costs": Bigints([a.unit_cost_e4 for a in made]),
            "currencies": Texts([a.currency for a in made]),
            "rate_ids": Bigints([a.rate_id for a in made]),
            "rates": Bigints([a.rate_e8 for a in made]),
            "whys": Byteas([_encode(why) for why in whys]),
        },
    )


async def lock_attempts(tx: db.Tx, home: int, ids: Iterable[int]) -> dict[int, Attempt]:
    """After the orders they belong to, as everybody who locks both does."""
    given = {"home": home, "ids": Bigints(sorted(set(ids)))}
    return {r[0]: Attempt(*r) for r in await db.rows(tx, Q.lock_attempts, given)}


async def attempts_of(tx: db.Tx, home: int, orders: Iterable[int]) -> dict[tuple[int, int], list[Attempt]]:
    """By (order, line), first to last."""
    found: dict[tuple[int, int], list[Attempt]] = {}
    for r in await db.rows(tx, Q.attempts_of_lines, {"home": home, "orders": Bigints(sorted(set(orders)))}):
        found.setdefault((r[1], r[2]), []).append(Attempt(*r))
    return found


async def whys_of(tx: db.Tx, home: int, ids: Sequence[int]) -> dict[int, list[Weighed]]:
    """The decision record of each purchase: every offer that was weighed, as the rules put them."""
    found = await db.rows(tx, Q.whys, {"home": home, "ids": Bigints(ids)})
    return {id_: _whys(bytes(why)) for id_, why in found}


async def due_attempts(tx: db.Tx, home: int, now: datetime, until: datetime, size: int) -> list[Attempt]:
    given = {"home": home, "now": now, "until": until, "size": size}
    return [Attempt(*r) for r in await db.rows(tx, Q.due_attempts, given)]


async def keep_answers(tx: db.Tx, home: int, ids: Sequence[int], sealed: Sequence[bytes]) -> None:
    await db.run(tx, Q.keep_answers, {"home": home, "ids": Bigints(ids), "sealed": Byteas(sealed)})


async def kept_answer(tx: db.Tx, home: int, attempt_id: int) -> bytes | None:
    found = await db.row(tx, Q.kept_answer, {"home": home, "id": attempt_id})
    return bytes(found[0]) if found and found[0] is not None else None


async def keep_unread(tx: db.Tx, home: int, ids: Sequence[int], sealed: Sequence[bytes]) -> None:
    await db.run(tx, Q.keep_unread, {"home": home, "ids": Bigints(ids), "sealed": Byteas(sealed)})


async def kept_unread(tx: db.Tx, home: int, ids: Sequence[int]) -> dict[int, bytes]:
    """Of those that have any."""
    found = await db.rows(tx, Q.kept_unread, {"home": home, "ids": Bigints(ids)})
    return {id_: bytes(sealed) for id_, sealed in found}


async def has_unread(tx: db.Tx, home: int, attempt_id: int) -> tuple[int, bool] | None:
    """(order, whether there is any); None: there is no such purchase."""
    found = await db.row(tx, Q.has_unread, {"home": home, "id": attempt_id})
    return None if found is None else (int(found[0]), bool(found[1]))


async def set_attempts(tx: db.Tx, home: int, now: Sequence[Attempt]) -> None:
    """They are locked by the caller."""
    changed = await db.run(
        tx,
        Q.set_attempts,
        {
            "home": home,
            "ids": Bigints([a.id for a in now]),
            "states": Texts([a.state for a in now]),
            "reasons": Texts([a.reason for a in now]),
            "saids": Texts([a.said for a in now]),
            "refs": Texts([a.supplier_ref for a in now]),
            "costs": Bigints([a.cost_e4 for a in now]),
            "refundeds": Bigints([a.refunded_e4 for a in now]),
            "askeds": Smallints([a.asked for a in now]),
            "missings": Timestamps([a.missing_since for a in now]),
            "nexts": Timestamps([a.next_at for a in now]),
            "peoples": Timestamps([a.people_at for a in now]),
            "answereds": Timestamps([a.answered_at for a in now]),
            "endeds": Timestamps([a.ended_at for a in now]),
        },
    )
    assert changed == len(now), f"{changed} of {len(now)} attempts changed"
