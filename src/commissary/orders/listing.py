"""Looking through orders: the console's list, by any of its filters, and what they amount to."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db, listing, sql
from commissary.base.arrays import Bigints, Byteas
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.base.ids import SLACK, id_at
from commissary.base.listing import Sort, Where
from commissary.orders.desk import key_of
from commissary.orders.types import LineState, Mode, OrderState
from commissary.risk.types import Action
from commissary.tenancy.types import Actor

L = sql.load(__package__, "listing.sql")

SORTS = ("created_at", "amount")
DEFAULT = "-created_at"
_ORDER_NO = re.compile(r"([0-9]{1,19})-([0-9]{0,19})", re.ASCII)
BUYERS_AT_ONCE = 10_000
TAIL = 4  # of an account's letters, kept to be read
_ID_DIGITS = range(15, 20)  # of an id's decimal text


class OrderQuery(msgspec.Struct, frozen=True):
    """None and empty: any. `placed_*` is half-open, `amount_*` closed. `q` is the buyer's number, or begins the order's id
    or order_no. `mode`: of every line if it is `stock`, else of one line; with `sku_id`, of a line of that SKU. `…_not`: where that does not hold."""

    q: str = ""
    status: tuple[OrderState, ...] = ()
    buyer_id: int | None = None
    sku_id: int | None = None
    supplier_id: int | None = None
    channel: str | None = None
    placed_from: datetime | None = None
    placed_to: datetime | None = None
    amount_min_e4: int | None = None
    amount_max_e4: int | None = None
    mode: Mode | None = None
    verdict: Action | None = None
    status_not: tuple[OrderState, ...] = ()
    buyer_id_not: int | None = None
    sku_id_not: int | None = None
    supplier_id_not: int | None = None
    channel_not: str | None = None
    mode_not: Mode | None = None
    verdict_not: Action | None = None
    ids: tuple[int, ...] = ()


class ListedLine(msgspec.Struct, frozen=True):
    line_no: int
    sku_id: int
    code: str | None
    name_zh: str | None
    name_en: str | None
    quantity: int
    delivered: int
    amount_e4: int
    mode: Mode
    state: LineState


class ListedOrder(msgspec.Struct, frozen=True):
    id: int
    buyer_id: int
    client_order_no: str
    amount_e4: int
    currency: str
    state: OrderState
    reason: str
    channel: str
    verdict: Action
    decision_id: int
    placed_at: datetime
    updated_at: datetime
    buyer_name: str | None
    lines: list[ListedLine]


class OrderTotals(msgspec.Struct, frozen=True):
    total: int
    amount_e4: int
    currency: str


async def list_orders(
    env: Env, actor: Actor, query: OrderQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[ListedOrder], int]:
    """One more than `size`, and about how many match. A buyer's people see their own orders, and may not ask by supplier or
    verdict."""
    by = listing.sort_of(sort, SORTS, DEFAULT)
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        where = await _where(tx, actor, home, query)
        matching = L.matching.format(where=where.sql)
        expected = await listing.estimate(tx, matching, where.params)
        _continue(where, by, cursor)
        text = L.page.format(where=where.sql, order=_order(by))
        found = await listing.rows(tx, text, where.params | {"size": size + 1})
        ids = {"home": home, "mall": actor.mall_id, "ids": Bigints([r[0] for r in found[:size]])}
        lines: dict[int, list[ListedLine]] = {}
        for order_id, *line in await db.rows(tx, L.lines, ids):
            lines.setdefault(order_id, []).append(ListedLine(*line))
    return [ListedOrder(*(*r, lines.get(r[0], []))) for r in found], expected


async def order_totals(env: Env, actor: Actor, query: OrderQuery) -> OrderTotals:
    """Exact: every order that matches is counted."""
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        where = await _where(tx, actor, home, query)
        [[total, amount]] = await listing.rows(tx, L.totals.format(where=where.sql), where.params)
    return OrderTotals(total, amount, where.params["currency"])


async def order_ids(env: Env, actor: Actor, query: OrderQuery, most: int) -> list[int]:
    """Of all that match, the latest first, at most so many."""
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        where = await _where(tx, actor, home, query)
        found = await listing.rows(tx, L.order_ids.format(where=where.sql), where.params | {"most": most})
    return [r[0] for r in found]


def cursor_of(order: ListedOrder, sort: str | None) -> str:
    by = listing.sort_of(sort, SORTS, DEFAULT)
    return f"{order.amount_e4}.{order.id}" if by.name == "amount" else str(order.id)


def _order(by: Sort) -> str:
    way = "desc" if by.down else "asc"
    return f"o.amount_e4 {way}, o.id {way}" if by.name == "amount" else f"o.id {way}"


def _continue(where: Where, by: Sort, cursor: str | None) -> None:
    if by.name == "amount":
        if (at := listing.place_of(cursor, 2)) is not None:
            where.add(L.amount_below if by.down else L.amount_above, before_amount=at[0], before=at[1])
    elif (at := listing.place_of(cursor, 1)) is not None:
        where.add(L.below if by.down else L.above, before=at[0])


async def _where(tx: db.Tx, actor: Actor, home: int, query: OrderQuery) -> Where:
    about = await db.row(tx, L.about_mall, {"mall": actor.mall_id})
    assert about is not None
    currency, shadow = about
    where = Where({"home": home, "mall": actor.mall_id, "currency": currency}, [L.home])
    _mine(where, actor, query)
    if len(query.status) == 1:
        where.add(L.one_status, status=query.status[0])
    elif query.status:
        where.add(L.status, status=list(query.status))
    if query.sku_id is not None:
        line = L.sku if query.mode is None else f"{L.sku} and {L.mode}"
        where.add(L.line.format(line=line), sku=query.sku_id, mode=query.mode)
    elif query.mode == "stock":
        where.add(L.all_stock)
    elif query.mode is not None:
        where.add(L.line.format(line=L.mode), mode=query.mode)
    if query.supplier_id is not None:
        where.add(L.supplier, supplier=query.supplier_id)
    if query.channel is not None:
        where.add(L.channel, channel=query.channel)
    if query.verdict is not None:
        where.add(L.verdict, verdict=query.verdict)
    _nots(where, query)
    _when(where, query, shadow=shadow)
    if query.amount_min_e4 is not None:
        where.add(L.amount_min, amount_min=query.amount_min_e4)
    if query.amount_max_e4 is not None:
        where.add(L.amount_max, amount_max=query.amount_max_e4)
    if query.ids:
        where.add(L.ids, typed=Bigints(query.ids))
    if query.q.strip():
        await _typed(tx, where, actor, home, query.q.strip())
    return where


def _mine(where: Where, actor: Actor, query: OrderQuery) -> None:
    """Refuses `forbidden`."""
    if tenancy.allows(actor, "orders.read"):
        if query.buyer_id is not None:
            where.add(L.buyer, buyer=query.buyer_id)
        return
    wanted = query.buyer_id if query.buyer_id is not None else actor.organisation_id
    tenancy.require_for(actor, "orders.read", wanted)
    inner = (query.supplier_id, query.supplier_id_not, query.verdict, query.verdict_not)
    if any(asked is not None for asked in inner):
        tenancy.require(actor, "orders.read")
    where.add(L.buyer, buyer=wanted)


def _nots(where: Where, query: OrderQuery) -> None:
    if query.status_not:
        where.deny(L.status, status=list(query.status_not))
    if query.buyer_id_not is not None:
        where.deny(L.buyer, buyer=query.buyer_id_not)
    if query.sku_id_not is not None:
        where.deny(L.line.format(line=L.sku), sku=query.sku_id_not)
    if query.mode_not == "stock":
        where.deny(L.all_stock)
    elif query.mode_not is not None:
        where.deny(L.line.format(line=L.mode), mode=query.mode_not)
    if query.supplier_id_not is not None:
        where.deny(L.supplier, supplier=query.supplier_id_not)
    if query.channel_not is not None:
        where.deny(L.channel, channel=query.channel_not)
    if query.verdict_not is not None:
        where.deny(L.verdict, verdict=query.verdict_not)


def _when(where: Where, query: OrderQuery, *, shadow: bool) -> None:
    """The times as they are, and what they say of ids, by which rows are found. A test mall's clock makes no ids."""
    if query.placed_from is not None:
        where.add(L.placed_from, placed_from=query.placed_from)
        if not shadow:
            where.add(L.id_from, id_from=id_at(query.placed_from - SLACK))
    if query.placed_to is not None:
        where.add(L.placed_to, placed_to=query.placed_to)
        if not shadow:
            where.add(L.id_to, id_to=id_at(query.placed_to + SLACK))


async def _typed(tx: db.Tx, where: Where, actor: Actor, home: int, text: str) -> None:
    """By the numbers that people have: the buyer's own, whole, or what an id or an order_no begins with."""
    ways = [L.ids]
    params: dict[str, Any] = {"typed": Bigints(await by_client_no(tx, actor.mall_id, home, text))}
    full = _ORDER_NO.fullmatch(text)
    digits = full[2] if full is not None and int(full[1]) == home else text
    if digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 19:
        for n, (low, high) in enumerate(_ids(digits)):
            ways.append(f"o.id between %(low_{n})s and %(high_{n})s")
            params |= {f"low_{n}": low, f"high_{n}": high}
    where.add(f"({' or '.join(ways)})", **params)


async def by_target(tx: db.Tx, env: Env, home: int, text: str, most: int) -> list[int]:
    """Orders that topped up this account; four letters or digits are taken for the end of one."""
    if len(text) > 500:
        return []
    whole = env.keys.blind(f"target|{mall_of(home)}", text)[:16]
    facts = {"home": home, "whole": whole, "last": text if len(text) == TAIL else "", "most": most}
    return [r[0] for r in await db.rows(tx, L.by_target, facts)]


async def by_client_no(tx: db.Tx, mall: int, home: int, text: str) -> list[int]:
    """The key of an order is made of its buyer and his number, so every buyer's key is looked up: an index over all numbers
    would cost each sale more than this costs the few who ask."""
    if not 0 < len(text) <= 64 or not text.isascii():
        return []
    found: list[int] = []
    after = 0
    while True:
        some = {"mall": mall, "after": after, "most": BUYERS_AT_ONCE}
        buyers = [r[0] for r in await db.rows(tx, L.buyers_after, some)]
        if buyers:
            keys = Byteas([key_of(buyer, text) for buyer in buyers])
            found += [r[0] for r in await db.rows(tx, L.by_keys, {"home": home, "keys": keys})]
        if len(buyers) < BUYERS_AT_ONCE:
            return found
        after = buyers[-1]


def _ids(digits: str) -> Sequence[tuple[int, int]]:
    """The ranges of ids whose decimal text begins so."""
    least = len(str(int(digits)))
    if least != len(digits):  # a leading zero begins no id
        return []
    found = []
    for length in sorted({len(digits), *(d for d in _ID_DIGITS if d >= len(digits))}):
        low = int(digits) * 10 ** (length - len(digits))
        high = (int(digits) + 1) * 10 ** (length - len(digits)) - 1
        if low < 2**63:
            found.append((low, min(high, 2**63 - 1)))
    return found
