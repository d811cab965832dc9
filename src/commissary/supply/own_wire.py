"""A supplier's own trade on the wire."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.money import Money
from commissary.base.wire import Id
from commissary.stock.types import FaultLine, Layout
from commissary.supply.own import Compared, Cover, Home, OwnAccount, OwnConnection, OwnOffer, Trouble
from commissary.supply.own_intake import Brought
from commissary.supply.own_sheet import FAULTS, Line
from commissary.supply.types import (
    AttemptState,
    ConnectionState,
    OfferStatus,
    ScoreGrade,
    SheetLineStatus,
)


class ComparedOut(msgspec.Struct, frozen=True):
    """Of 30 days, in basis points. `peers_bp`: the middle of the other suppliers; null with fewer than five."""

    purchases: int
    success_bp: int | None
    peers: int
    peers_bp: int | None


class CoverOut(msgspec.Struct, frozen=True):
    """`days`: how long `left` lasts as it was sold in the last seven days."""

    offer_id: str
    good_id: str
    good_name: str
    sku_zh: str
    sku_en: str
    left: int | None
    sold: int
    days: int | None


class DueOut(msgspec.Struct, frozen=True):
    """`due` above zero is owed to you; below zero it was paid in advance."""

    connection_id: str
    name: str
    due: Money


class MySupplyOut(msgspec.Struct, frozen=True):
    """`requests` wait for your people, since `oldest_at`; `held_costs` wait for the mall."""

    requests: int
    pieces: int
    oldest_at: datetime | None
    held_costs: int
    compared: ComparedOut
    cover: list[CoverOut]
    due: list[DueOut]


class MyOfferOut(msgspec.Struct, frozen=True, kw_only=True):
    """`by_people`: its stock and cost are declared here; else your program tells them. `asked`: of `stock`, what is asked of
    you now; `free`: what may still be sold. `held_cost` waits for the mall, and nothing is bought meanwhile."""

    id: str
    connection_id: str
    connection_name: str
    by_people: bool
    good_id: str
    good_name: str
    sku_id: str
    sku_code: str
    sku_zh: str
    sku_en: str
    kind: str
    unit_cost: Money
    held_cost: Money | None
    status: OfferStatus
    stock: int | None
    free: int | None
    asked: int
    told_at: datetime


class MyOfferLineOut(msgspec.Struct, frozen=True, kw_only=True):
    """`stock` and `unit_cost` are the line's own; null: it tells none. `fault` is its code, `zh` and `en` say it."""

    line: int
    status: SheetLineStatus
    offer_id: str | None
    good_id: str
    good_name: str
    stock: int | None
    stock_before: int | None
    unit_cost: Money | None
    unit_cost_before: Money | None
    fault: str
    zh: str
    en: str


class MyOffersTold(msgspec.Struct, frozen=True):
    """`declared`: the lines were taken. Nothing is while one of them is `faulty`, nor by a dry run."""

    dry_run: bool
    declared: bool
    faulty: int
    items: list[MyOfferLineOut]


class MyConnectionOut(msgspec.Struct, frozen=True, kw_only=True):
    """`balance`: the mall's money with you, as your program told it last. The score is of seven days; `points` of 10,000."""

    id: str
    name: str
    protocol: str
    by_people: bool
    state: ConnectionState
    reason: str
    state_at: datetime
    balance: Money | None
    balance_at: datetime | None
    grade: ScoreGrade
    points: int
    purchases: int
    success_bp: int
    p50_ms: int | None
    p95_ms: int | None


class MyConnectionList(msgspec.Struct, frozen=True):
    items: list[MyConnectionOut]


class MyTroubleOut(msgspec.Struct, frozen=True):
    """`id` is the number that your program was given."""

    id: str
    good_id: str
    quantity: int
    status: AttemptState
    reason: str
    said: str
    called_at: datetime
    ended_at: datetime | None


class MyIntakeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part `options` of an upload. The cost is your offer's."""

    sku_id: Id
    dry_run: bool = False
    expires_on: date | None = None
    layout: Layout | None = None
    sheet: Annotated[str, msgspec.Meta(max_length=100)] | None = None


class MyIntakeOut(msgspec.Struct, frozen=True, kw_only=True):
    """`sha256` of the file is your receipt. `imported` codes are kept, and for sale when the mall has released them; `sample`
    is masked."""

    id: str | None
    state: str
    sha256: str
    unit_cost: Money
    read: int
    imported: int
    repeated_in_file: int
    known_elsewhere: int
    expired: int
    faulty: int
    faults: tuple[FaultLine, ...]
    already_brought: bool
    trouble: str
    columns: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]


def home_out(h: Home) -> MySupplyOut:
    return MySupplyOut(
        h.requests,
        h.pieces,
        h.oldest_at,
        h.held,
        _compared(h.compared),
        [_cover(c) for c in h.cover],
        [_due(a) for a in h.accounts],
    )


def _compared(c: Compared) -> ComparedOut:
    return ComparedOut(c.purchases, c.success_bp, c.peers, c.peers_bp)


def _cover(c: Cover) -> CoverOut:
    return CoverOut(str(c.offer_id), c.good_id, c.good_name, c.name_zh, c.name_en, c.left, c.sold, c.days)


def _due(a: OwnAccount) -> DueOut:
    return DueOut(str(a.connection_id), a.name, money.of(a.due_e4, a.currency))


def offer_out(o: OwnOffer) -> MyOfferOut:
    return MyOfferOut(
        id=str(o.id),
        connection_id=str(o.connection_id),
        connection_name=o.connection_name,
        by_people=o.by_people,
        good_id=o.good_id,
        good_name=o.good_name,
        sku_id=str(o.sku_id),
        sku_code=o.sku_code,
        sku_zh=o.name_zh,
        sku_en=o.name_en,
        kind=o.kind,
        unit_cost=money.of(o.unit_cost_e4, o.currency),
        held_cost=None if o.held_cost_e4 is None else money.of(o.held_cost_e4, o.currency),
        status=o.status,
        stock=o.stock,
        free=o.free,
        asked=o.asked,
        told_at=o.told_at,
    )


def line_out(line: Line) -> MyOfferLineOut:
    o = line.offer
    zh, en = FAULTS.get(line.fault, ("", ""))
    cost = line.unit_cost_e4
    return MyOfferLineOut(
        line=line.line,
        status=line.status,
        offer_id=None if o is None else str(o.id),
        good_id="" if o is None else o.good_id,
        good_name="" if o is None else o.good_name,
        stock=line.stock,
        stock_before=None if o is None else o.stock,
        unit_cost=None if o is None or cost is None else money.of(cost, o.currency),
        unit_cost_before=None if o is None else money.of(o.unit_cost_e4, o.currency),
        fault=line.fault,
        zh=zh,
        en=en,
    )


def connection_out(c: OwnConnection) -> MyConnectionOut:
    m = c.score.measured
    return MyConnectionOut(
        id=str(c.id),
        name=c.name,
        protocol=c.protocol,
        by_people=c.protocol == "people",
        state=c.state,
        reason=c.reason,
        state_at=c.state_at,
        balance=None if c.balance_e4 is None else money.of(c.balance_e4, c.currency),
        balance_at=c.balance_at,
        grade=c.score.grade,
        points=c.score.points,
        purchases=m.purchases,
        success_bp=10_000 * m.succeeded // m.purchases if m.purchases else 0,
        p50_ms=m.p50_ms,
        p95_ms=m.p95_ms,
    )


def trouble_out(t: Trouble) -> MyTroubleOut:
    return MyTroubleOut(str(t.id), t.good_id, t.quantity, t.state, t.reason, t.said, t.called_at, t.ended_at)


def brought_out(b: Brought) -> MyIntakeOut:
    r = b.report
    return MyIntakeOut(
        id=None if r.import_id is None else str(r.import_id),
        state=r.state,
        sha256=b.sha256,
        unit_cost=money.of(b.unit_cost_e4, b.currency),
        read=r.read,
        imported=r.imported,
        repeated_in_file=r.repeated_in_file,
        known_elsewhere=r.known_elsewhere,
        expired=r.expired,
        faulty=r.faulty,
        faults=r.faults,
        already_brought=r.already_imported,
        trouble=r.trouble,
        columns=r.columns,
        sample=r.sample,
    )
