"""A supplier's trade as his own people see it: what waits for them, what they offer, how they do beside others.

Whose it is, is said by the session; nothing here takes a supplier's id from outside.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db, ids, listing, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.base.listing import Columns, Where
from commissary.supply import connections, store
from commissary.supply.connectors import PEOPLE
from commissary.supply.purchasing import Purchasing
from commissary.supply.score import Score, measure
from commissary.supply.types import AttemptState, ConnectionState, Kind, OfferStatus, SupplyRefusal
from commissary.tenancy.types import Actor

O = sql.load(__package__, "own.sql")  # noqa: E741

COMPARED_OVER = timedelta(days=30)
COVERED_OVER = timedelta(days=7)
MOST_COMPARED = 20_000
MOST_COVERED = 200
LEAST_PURCHASES = 10  # of a peer, before he counts
LEAST_PEERS = 5  # fewer, and what one of them does could be told from the middle of them

DEFAULT = "created_at"
COLUMNS = Columns(
    "o.id",
    {
        "created_at": ("o.id", "bigint"),
        "good_id": ("o.good_id", "text"),
        "unit_cost": ("o.unit_cost_e4", "bigint"),
        "seen_at": ("o.seen_at", "timestamptz"),
    },
)


class OwnOffer(msgspec.Struct, frozen=True):
    """`stock`: as declared, or as the supplier's program told it; null: not told. `free`: of it, what may still be sold;
    `asked`: of it, what is asked of his people now. `held_cost_e4` waits for the mall; nothing is bought meanwhile."""

    id: int
    connection_id: int
    connection_name: str
    by_people: bool
    good_id: str
    good_name: str
    sku_id: int
    sku_code: str
    name_zh: str
    name_en: str
    kind: Kind
    unit_cost_e4: int
    held_cost_e4: int | None
    currency: str
    status: OfferStatus
    stock: int | None
    free: int | None
    asked: int
    told_at: datetime


class OfferQuery(msgspec.Struct, frozen=True):
    q: str = ""
    status: tuple[OfferStatus, ...] = ()
    connection_id: int | None = None


class Compared(msgspec.Struct, frozen=True):
    """Shares of purchases that succeeded, in basis points. `peers_bp` is the middle of `peers` other suppliers; null when they
    are too few to hide one of them."""

    purchases: int
    success_bp: int | None
    peers: int
    peers_bp: int | None


class Cover(msgspec.Struct, frozen=True):
    """`days`: how long `left` lasts as it was sold in the last week; null: nothing was sold, or it is not told."""

    offer_id: int
    good_id: str
    good_name: str
    name_zh: str
    name_en: str
    left: int | None
    sold: int
    days: int | None


class OwnAccount(msgspec.Struct, frozen=True):
    """`due_e4`: what the mall owes by this connection; less than zero: it paid in advance."""

    connection_id: int
    name: str
    currency: str
    due_e4: int


class Home(msgspec.Struct, frozen=True):
    requests: int
    pieces: int
    oldest_at: datetime | None
    held: int
    compared: Compared
    cover: list[Cover]
    accounts: list[OwnAccount]


class OwnConnection(msgspec.Struct, frozen=True):
    id: int
    name: str
    protocol: str
    currency: str
    state: ConnectionState
    reason: str
    state_at: datetime
    balance_e4: int | None
    balance_at: datetime | None
    score: Score


class Trouble(msgspec.Struct, frozen=True):
    """A purchase that failed or is not known to have been made, and what was said of it. Whom it was for is not told."""

    id: int
    good_id: str
    quantity: int
    state: AttemptState
    reason: str
    said: str
    called_at: datetime
    ended_at: datetime | None


def own(actor: Actor, right: str = "read") -> int:
    """The supplier whose people this is. Refuses forbidden for everybody else, the mall's own staff too."""
    tenancy.require(actor, f"own.supply.{right}")
    return actor.organisation_id


async def look_home(env: Env, actor: Actor) -> Home:
    supplier, mall = own(actor), actor.mall_id
    who = {"mall": mall, "home": home_of(mall), "supplier": supplier}
    async with env.db.transaction(mall) as tx:
        waiting = await db.row(tx, O.waiting, who)
        held = await db.row(tx, O.held_offers, who)
        lately = who | {"since": _first(env, COMPARED_OVER), "most": MOST_COMPARED}
        counted = {s: (n, ok) for s, n, ok in await db.rows(tx, O.compared, lately)}
        week = who | {"since": _first(env, COVERED_OVER), "most": MOST_COVERED}
        covers = [cover_of(*row) for row in await db.rows(tx, O.cover, week)]
        accounts = await db.rows(tx, O.accounts, who)
    assert waiting is not None
    assert held is not None
    due = [OwnAccount(id_, name, currency, -balance) for id_, name, currency, balance in accounts]
    requests, pieces, oldest_at = waiting
    compared = compare(supplier, counted)
    return Home(requests, pieces, oldest_at, held[0], compared, shortest(covers), due)


def compare(supplier: int, counted: Mapping[int, tuple[int, int]]) -> Compared:
    """`counted`: supplier → (purchases that ended, of them succeeded)."""
    purchases, succeeded = counted.get(supplier, (0, 0))
    peers = [
        10_000 * ok // n for other, (n, ok) in counted.items() if other != supplier and n >= LEAST_PURCHASES
    ]
    return Compared(
        purchases,
        10_000 * succeeded // purchases if purchases else None,
        len(peers),
        int(median(peers)) if len(peers) >= LEAST_PEERS else None,
    )


def cover_of(id_: int, good_id: str, good_name: str, zh: str, en: str, left: int | None, sold: int) -> Cover:
    days = None if left is None or not sold else left * COVERED_OVER.days // sold
    return Cover(id_, good_id, good_name, zh, en, left, sold, days)


def shortest(covers: list[Cover], most: int = 5) -> list[Cover]:
    """What runs out first, and what has run out."""
    short = [c for c in covers if c.days is not None or c.left == 0]
    return sorted(short, key=lambda c: (c.days or 0, c.offer_id))[:most]


async def look_offers(
    env: Env, actor: Actor, query: OfferQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[OwnOffer], int]:
    """One more than `size`, and about how many match."""
    where = _where(actor, query)
    by = listing.sort_of(sort, tuple(COLUMNS.by), DEFAULT)
    async with env.db.transaction(actor.mall_id) as tx:
        expected = await listing.estimate(tx, O.matching.format(what="1", where=where.sql), where.params)
        COLUMNS.go_on(where, by, cursor)
        text = O.look.format(where=where.sql, order=COLUMNS.order(by), status=O.status)
        given = where.params | {"home": home_of(actor.mall_id), "size": size + 1}
        return [OwnOffer(*row) for row in await listing.rows(tx, text, given)], expected


async def count_offers(env: Env, actor: Actor, query: OfferQuery) -> int:
    where = _where(actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        text = O.matching.format(what="count(*)", where=where.sql)
        [[total]] = await listing.rows(tx, text, where.params)
    return int(total)


def cursor_of(offer: OwnOffer, sort: str | None) -> str:
    name = listing.sort_of(sort, tuple(COLUMNS.by), DEFAULT).name
    value = {"created_at": "", "good_id": offer.good_id, "unit_cost": offer.unit_cost_e4}.get(name)
    return listing.closed(offer.told_at if value is None else value, offer.id)


def _where(actor: Actor, query: OfferQuery) -> Where:
    where = Where({"mall": actor.mall_id, "supplier": own(actor)}, [O.of_supplier])
    if query.q.strip():
        where.add(O.typed, q=query.q.strip())
    if query.status:
        where.add(f"{O.status} = any (%(status)s::text[])", status=list(query.status))
    if query.connection_id is not None:
        where.add(O.of_connection, connection=query.connection_id)
    return where


async def list_connections(env: Env, actor: Actor) -> list[OwnConnection]:
    """All of his, each with its score of seven days."""
    supplier, mall = own(actor), actor.mall_id
    async with env.db.transaction(mall) as tx:
        found: list[tuple[Any, ...]] = await db.rows(tx, O.connections, {"mall": mall, "supplier": supplier})
        scores = [await measure(tx, env, mall, row[0], 7) for row in found]
    return [OwnConnection(*(*row, score)) for row, score in zip(found, scores, strict=True)]


async def list_troubles(
    env: Env, actor: Actor, connection_id: int, *, before: int, size: int
) -> list[Trouble]:
    """Newest first. Refuses connection_not_found for one that is not his."""
    supplier, mall = own(actor), actor.mall_id
    asked = {"home": home_of(mall), "connection": connection_id, "supplier": supplier}
    async with env.db.transaction(mall) as tx:
        await require_own(tx, mall, supplier, connection_id)
        found = await db.rows(tx, O.troubles, asked | {"before": before, "size": size})
    return [Trouble(*row) for row in found]


async def try_own(env: Env, purchasing: Purchasing, actor: Actor, connection_id: int) -> int:
    """Ask his program for our balance, as it is asked for every purchase; `_e4`, kept.

    Refuses connection_not_found, by_people, supplier_unreachable, supplier_said_no.
    """
    supplier, mall = own(actor, "write"), actor.mall_id
    async with env.db.transaction(mall) as tx:
        protocol = await require_own(tx, mall, supplier, connection_id)
    if protocol == PEOPLE:
        raise Refused(SupplyRefusal.by_people)
    market = await purchasing.reload(mall)
    return await connections.read_balance(env, market, connections.held_of(market, connection_id))


async def require_own(tx: db.Tx, mall: int, supplier: int, connection_id: int) -> str:
    """Its protocol. Refuses connection_not_found."""
    found = await store.connections(tx, mall, [connection_id])
    if not found or found[0].supplier_id != supplier:
        raise Refused(SupplyRefusal.connection_not_found)
    return found[0].protocol


def _first(env: Env, span: timedelta) -> int:
    """Purchases carry the time in their ids: a window is a range of the index."""
    return ids.id_at(env.clock() - span)
