"""Rows ↔ types of the order path. Beside `store_later`, the only file here that knows column names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

import msgspec

from commissary.base import db, hot, outbox, sql
from commissary.base.arrays import Bigints, Bools, Byteas, Ints, Smallints, Texts, Timestamps, Words
from commissary.base.crypto import Keyring
from commissary.ledger.types import TransferKind
from commissary.orders.book import Book
from commissary.orders.types import Accepted, Wanted
from commissary.stock.types import Range

Q = sql.load(__package__)
_GATHER, _COMMIT, _READ, _SPEND, _DECLARED = (
    hot.Hot(Q.gather),
    hot.Hot(Q.commit),
    hot.Hot(Q.read_ciphers),
    hot.Hot(Q.spend_nonces),
    hot.Hot(Q.declared),
)


@dataclass(frozen=True)
class Fence:
    """Our right to place for a home, as the lane row says it."""

    holder: str
    number: int


# What gather saw --------------------------------------------------------------------------------------------------


class AccountView(msgspec.Struct, gc=False):
    """Free money as it shrinks while the batch is decided."""

    id: int
    free_e4: int
    state: str
    delta_e4: int = 0
    held_delta_e4: int = 0

    def pay(self, paid_e4: int, *, hold_e4: int) -> None:
        self.free_e4 -= paid_e4 + hold_e4
        self.delta_e4 -= paid_e4
        self.held_delta_e4 += hold_e4

    def receive(self, paid_e4: int) -> None:
        self.delta_e4 += paid_e4


class LotView(msgspec.Struct, gc=False):
    """`seen` is the counter under lock, `next` where the batch has got to."""

    id: int
    batch_id: int
    seen: int
    next: int
    end: int
    unit_cost_e4: int
    unlimited: bool
    touched: bool = False


class QuoteLine(msgspec.Struct, gc=False):
    left: int
    unit_price_e4: int
    was_left: int


@dataclass
class QuoteView:
    id: int
    buyer_id: int
    expires_at: datetime
    lines: dict[int, QuoteLine] = field(default_factory=dict)


class DeclaredView(msgspec.Struct, gc=False):
    """Of goods that only people supply: pieces that may still be promised, and the most that one of them has."""

    free: int
    most: int


@dataclass
class View:
    """What is left while the batch is decided."""

    now: datetime
    at_ms: int  # the same instant
    epoch: int
    fenced: bool
    accounts: dict[int, AccountView]
    revenue: AccountView
    lots: dict[int, list[LotView]]
    quotes: dict[int, QuoteView]
    most_lots: int
    ran_short_of_lots: bool = False
    declared: dict[int, DeclaredView] = field(default_factory=dict)

    def promise(self, sku_id: int, quantity: int) -> bool:
        """That many pieces that people declared. Goods that others supply too are not counted here."""
        seen = self.declared.get(sku_id)
        if seen is None:
            return True
        if quantity > min(seen.free, seen.most):
            return False
        seen.free -= quantity
        return True

    def unpromise(self, sku_id: int, quantity: int) -> None:
        if sku_id in self.declared:
            self.declared[sku_id].free += quantity

    def take(self, sku_id: int, quantity: int) -> tuple[Range, ...] | None:
        """That many codes, first expired first; None leaves everything as it was."""
        taken: list[Range] = []
        missing = quantity
        lots = self.lots.get(sku_id, [])
        for lot in lots:
            if lot.unlimited:
                lot.touched = True
                taken.append(Range(lot.id, lot.batch_id, lot.seen, lot.seen, lot.unit_cost_e4, True))
                return tuple(taken)
            count = min(missing, lot.end - lot.next + 1)
            if count <= 0:
                continue
            taken.append(Range(lot.id, lot.batch_id, lot.next, lot.next + count - 1, lot.unit_cost_e4, False))
            lot.next += count
            lot.touched = True
            missing -= count
            if missing == 0:
                return tuple(taken)
        self.put_back(sku_id, tuple(taken))
        if len(lots) >= self.most_lots:
            self.ran_short_of_lots = True
        return None

    def put_back(self, sku_id: int, ranges: tuple[Range, ...]) -> None:
        """The last thing taken is the first put back, so counters simply go down."""
        for taken in reversed(ranges):
            if not taken.shared:
                lot = next(lot for lot in self.lots[sku_id] if lot.id == taken.lot_id)
                lot.next -= taken.count


async def gather(
    tx: db.Tx,
    home: int,
    book: Book,
    fence: Fence,
    wanted: Sequence[Wanted],
    most_lots: int,
    *,
    nonces: Sequence[Wanted] = (),
    begun: bool = False,
) -> View:
    """Lock and read everything the batch may need, once. Begins the transaction and spends the nonces on the same trip:
    each trip waits its turn in the event loop."""
    skus: dict[int, int] = {}
    for w in wanted:
        for line in w.lines:
            card = book.cards.get(line.sku_id)
            for sku_id, per_piece in (
                [(c.sku_id, c.quantity) for c in card.components]
                if card and card.components
                else [(line.sku_id, 1)]
            ):
                skus[sku_id] = skus.get(sku_id, 0) + per_piece * line.quantity
    accounts = {w.buyer.account_id for w in wanted}
    params = {
        "home": home,
        "mall": book.mall_id,
        "holder": fence.holder,
        "fence": fence.number,
        "offset_s": book.offset_s,
        "accounts": Bigints(sorted(accounts | {book.revenue_id})),
        "skus": Bigints(list(skus)),
        "wanted": Bigints(list(skus.values())),
        "most": most_lots,
        "quotes": Bigints(sorted({w.quote_id for w in wanted if w.quote_id is not None})),
    }
    calls: list[hot.Call] = [] if begun else [*db.beginning(book.mall_id)]
    if nonces:
        calls.append((_SPEND, _nonces(home, nonces)))
    calls.append((_GATHER, params))
    declared: dict[int, DeclaredView] = {}
    people = [sku for sku in skus if sku in book.people] if book.people else []
    if people:
        # Behind the locks: of this home nobody else promises anything until this batch has.
        offers = Bigints(sorted({offer for sku in people for offer in book.people[sku]}))
        given = {"home": home, "mall": book.mall_id, "skus": Bigints(people), "offers": offers}
        *_, [row], left = await hot.trip(tx, [*calls, (_DECLARED, given)])
        declared = {sku: DeclaredView(free, most) for sku, free, most in left}
    else:
        *_, [row] = await hot.trip(tx, calls)
    (now, epoch, fenced, *columns) = row
    ids, balances, helds, floors, states = columns[:5]
    seen = {
        id_: AccountView(id_, 0 if floor is None else balance - held - floor, state)
        for id_, balance, held, floor, state in zip(
            ids or [], balances or [], helds or [], floors or [], states or [], strict=True
        )
    }
    lots: dict[int, list[LotView]] = {}
    for id_, sku, batch, next_seq, end_seq, cost, unlimited in zip(
        *(c or [] for c in columns[5:12]), strict=True
    ):
        lots.setdefault(sku, []).append(LotView(id_, batch, next_seq, next_seq, end_seq, cost, unlimited))
    quotes: dict[int, QuoteView] = {}
    for quote, sku, buyer, expires, left, price in zip(*(c or [] for c in columns[12:18]), strict=True):
        view = quotes.setdefault(quote, QuoteView(quote, buyer, expires))
        view.lines[sku] = QuoteLine(left, price, left)
    revenue = seen.pop(book.revenue_id, None) or AccountView(book.revenue_id, 0, "open")
    return View(
        now,
        int(now.timestamp() * 1000),
        epoch or 0,
        bool(fenced),
        seen,
        revenue,
        lots,
        quotes,
        most_lots,
        declared=declared,
    )


# What commit writes ----------------------------------------------------------------------------------------------


class Torn(Exception):
    """The rows touched are not the rows locked: a bug, or a hand in the tables. Nothing was written."""


Ciphers = dict[tuple[int, int], bytes]
"""(batch, seq) → cipher"""


async def commit(
    tx: db.Tx,
    home: int,
    book: Book,
    view: View,
    accepted: Sequence[Accepted],
    early: Callable[[Ciphers], None] = lambda _: None,
) -> Ciphers:
    """Write the accepted orders and end the transaction; the ciphers of what they took. Raises when a row touched is
    not a row locked: then nothing was written.

    The ciphers are read first, and `early` gets them while PostgreSQL writes: answers are made in that time, to be sent
    once all is committed.
    """
    if not accepted:
        await tx.execute("commit")
        return {}
    lines = [(order, line) for order in accepted for line in order.lines]
    takes = [(order, line, n, r) for order, line in lines for n, r in enumerate(line.ranges, 1)]
    sold_lots = [
        lot
        for lots in view.lots.values()
        for lot in lots
        if lot.touched and (lot.unlimited or lot.next > lot.seen)
    ]
    moved = [a for a in (*view.accounts.values(), view.revenue) if a.delta_e4 or a.held_delta_e4]
    paid = [o for o in accepted if o.transfer_id is not None]
    held = [(order, line) for order, line in lines if line.hold_id is not None]
    used = [
        (quote.id, sku_id, line.was_left - line.left)
        for quote in view.quotes.values()
        for sku_id, line in quote.lines.items()
        if line.left < line.was_left
    ]
    leaves = list(chain.from_iterable(o.leaves for o in accepted))
    params = {
        "home": home,
        "at": view.now,
        "currency": book.currency,
        "o_ids": Bigints([o.id for o in accepted]),
        "o_keys": Byteas([o.wanted.key for o in accepted]),
        "o_bodies": Byteas([o.wanted.body for o in accepted]),
        "o_buyers": Bigints([o.wanted.buyer.organisation_id for o in accepted]),
        "o_accounts": Bigints([o.wanted.buyer.account_id for o in accepted]),
        "o_key_ids": Words([o.wanted.buyer.id for o in accepted]),
        "o_channels": Words([o.wanted.channel for o in accepted]),
        "o_client_nos": Texts([o.wanted.client_order_no for o in accepted]),
        "o_amounts": Bigints([o.amount_e4 for o in accepted]),
        "o_states": Words([o.state for o in accepted]),
        "o_reasons": Words([reason_of(o) for o in accepted]),
        "o_verdicts": Words([o.wanted.verdict.action for o in accepted]),
        "o_decisions": Bigints([o.wanted.decision_id for o in accepted]),
        "o_quotes": Bigints([o.wanted.quote_id for o in accepted]),
        "o_ips": Texts([o.wanted.ip for o in accepted]),
        "o_devices": Texts([o.wanted.device_id for o in accepted]),
        "o_callbacks": Texts([o.wanted.callback_url for o in accepted]),
        "o_requests": Texts([o.wanted.request_id or None for o in accepted]),
        "l_orders": Bigints([o.id for o, _ in lines]),
        "l_nos": Smallints([line.line_no for _, line in lines]),
        "l_skus": Bigints([line.sku_id for _, line in lines]),
        "l_versions": Ints([line.sku_version for _, line in lines]),
        "l_bundles": Bigints([line.bundle_id for _, line in lines]),
        "l_quantities": Ints([line.quantity for _, line in lines]),
        "l_delivered": Ints([line.quantity if line.state == "delivered" else 0 for _, line in lines]),
        "l_prices": Bigints([line.unit_price_e4 for _, line in lines]),
        "l_amounts": Bigints([line.amount_e4 for _, line in lines]),
        "l_costs": Bigints([line.cost_e4 for _, line in lines]),
        "l_sources": Words([line.price_source for _, line in lines]),
        "l_taxes": Words([line.tax_category for _, line in lines]),
        "l_funds": Words([line.fund_mode for _, line in lines]),
        "l_modes": Words([line.mode for _, line in lines]),
        "l_states": Words([line.state for _, line in lines]),
        "l_reasons": Words(["" for _ in lines]),
        "l_releases": Timestamps([line.release_at for _, line in lines]),
        "l_holds": Bigints([line.hold_id for _, line in lines]),
        "l_fields": Byteas([line.asked.sealed_fields for _, line in lines]),
        "l_targets": Byteas([line.asked.target for _, line in lines]),
        "l_lasts": Texts([line.asked.target_last for _, line in lines]),
        "t_orders": Bigints([o.id for o, _, _, _ in takes]),
        "t_nos": Smallints([line.line_no for _, line, _, _ in takes]),
        "t_ns": Smallints([n for _, _, n, _ in takes]),
        "t_lots": Bigints([r.lot_id for _, _, _, r in takes]),
        "t_batches": Bigints([r.batch_id for _, _, _, r in takes]),
        "t_firsts": Ints([r.first_seq for _, _, _, r in takes]),
        "t_lasts": Ints([r.last_seq for _, _, _, r in takes]),
        "t_costs": Bigints([r.unit_cost_e4 for _, _, _, r in takes]),
        "t_shared": Bools([r.shared for _, _, _, r in takes]),
        "s_lots": Bigints([lot.id for lot in sold_lots]),
        "s_seen": Ints([lot.seen for lot in sold_lots]),
        "s_counts": Ints([lot.next - lot.seen for lot in sold_lots]),
        "h_ids": Bigints([line.hold_id for _, line in held]),
        "h_accounts": Bigints([o.wanted.buyer.account_id for o, _ in held]),
        "h_tos": Bigints([book.revenue_id for _ in held]),
        "h_amounts": Bigints([line.amount_e4 for _, line in held]),
        "h_orders": Bigints([o.id for o, _ in held]),
        "a_ids": Bigints([a.id for a in moved]),
        "a_deltas": Bigints([a.delta_e4 for a in moved]),
        "a_helds": Bigints([a.held_delta_e4 for a in moved]),
        "x_ids": Bigints([o.transfer_id for o in paid]),
        "x_drs": Bigints([o.wanted.buyer.account_id for o in paid]),
        "x_crs": Bigints([book.revenue_id for _ in paid]),
        "x_amounts": Bigints([o.paid_e4 for o in paid]),
        "x_kinds": Smallints([TransferKind.sale for _ in paid]),
        "x_orders": Bigints([o.id for o in paid]),
        "q_quotes": Bigints([q for q, _, _ in used]),
        "q_skus": Bigints([s for _, s, _ in used]),
        "q_used": Ints([n for _, _, n in used]),
        "subjects": Bigints([e.subject_id for e in leaves]),
        "ns": Smallints([e.n for e in leaves]),
        "kinds": Smallints([e.kind for e in leaves]),
        "bodies": Byteas([e.body for e in leaves]),
        "salts": Byteas([e.salt for e in leaves]),
        "leaves": Byteas([e.leaf for e in leaves]),
        "want_lots": len(sold_lots),
        "want_accounts": len(moved),
        "want_quotes": len(used),
        "events": outbox.pack([_event(o, view.now) for o in accepted]),
    }
    ranges = [(r.batch_id, r.first_seq, r.last_seq) for _, _, _, r in takes]
    if not ranges:
        await hot.trip(tx, [(_COMMIT, params), "commit"])
        return {}
    ciphers: Ciphers = {}

    def came(rows: Sequence[tuple[Any, ...]]) -> None:
        ciphers.update({(ranges[n - 1][0], seq): cipher for n, seq, cipher in rows})
        early(ciphers)

    await hot.trip(tx, [(_READ, _ranges(home, ranges)), (_COMMIT, params), "commit"], came)
    return ciphers


async def read_ciphers(tx: db.Tx, home: int, ranges: Sequence[tuple[int, int, int]]) -> Ciphers:
    """Every code of the ranges (batch, first, last)."""
    if not ranges:
        return {}
    read = await db.rows(tx, Q.read_ciphers, _ranges(home, ranges))
    return {(ranges[n - 1][0], seq): cipher for n, seq, cipher in read}


def _ranges(home: int, ranges: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    return {
        "home": home,
        "batches": Bigints([batch for batch, _, _ in ranges]),
        "firsts": Ints([first for _, first, _ in ranges]),
        "lasts": Ints([last for _, _, last in ranges]),
    }


_pair = msgspec.msgpack.Decoder(tuple[str | None, str]).decode


def seal_delivery(
    keys: Keyring, mall: int, order_id: int, line_no: int, n: int, number: str | None, secret: str
) -> bytes:
    """A code that came by hand, bound to its place."""
    plain = msgspec.msgpack.encode((number, secret))
    return keys.seal_field(mall, "delivery", plain, b"%d|%d|%d" % (order_id, line_no, n))


def open_delivery(
    keys: Keyring, mall: int, order_id: int, line_no: int, n: int, content: bytes
) -> tuple[str | None, str]:
    return _pair(keys.open_field(mall, "delivery", content, b"%d|%d|%d" % (order_id, line_no, n)))


def reason_of(order: Accepted) -> str:
    return order.wanted.verdict.hits[0].code if order.state == "review" and order.wanted.verdict.hits else ""


_KINDS = {"delivered": "order.delivered", "review": "order.review"}


def _event(order: Accepted, at: datetime) -> outbox.Event:
    return outbox.Event(
        _KINDS.get(order.state, "order.accepted"),
        order.id,
        1,
        order.wanted.buyer.organisation_id,
        at,
        {
            "client_order_no": order.wanted.client_order_no,
            "status": order.state,
            "amount_e4": order.amount_e4,
        }
        | callback_told(order.wanted.callback_url, order.wanted.channel, order.wanted.buyer.id),
    )


def callback_told(url: str | None, channel: str, key_id: str) -> dict[str, object]:
    """What an event says of the order's own callback. One that came in another system's protocol is called in that
    protocol, signed with that key's secret, and by nobody else."""
    if url is None:
        return {}
    return (
        {"callback_url": url}
        if channel == "api"
        else {"face": {"name": channel, "url": url, "key_id": key_id}}
    )


# Keys and lanes ---------------------------------------------------------------------------------------------------


async def probe(
    tx: db.Tx, home: int, wanted: Sequence[Wanted]
) -> tuple[dict[bytes, tuple[bytes, int]], set[tuple[str, bytes]]]:
    """Which idempotency keys are bound (to which body and order), and which nonces are spent."""
    bound = await bound_keys(tx, home, wanted)
    signed = [w for w in wanted if w.nonce is not None]
    nonces = await db.rows(
        tx,
        Q.probe_nonces,
        {
            "home": home,
            "buckets": Smallints(sorted({w.signed_at // 900 % 8 for w in signed})),
            "key_ids": Texts(sorted({w.buyer.id for w in signed})),
            "nonces": Byteas([w.nonce for w in signed]),
        },
    )
    return bound, {(k, bytes(n)) for k, n in nonces}


async def bound_keys(tx: db.Tx, home: int, wanted: Sequence[Wanted]) -> dict[bytes, tuple[bytes, int]]:
    """Which idempotency keys are bound, to which body and order."""
    keys = await db.rows(tx, Q.probe_keys, {"home": home, "keys": Byteas([w.key for w in wanted])})
    return {bytes(k): (bytes(b), o) for k, b, o in keys}


async def spend_nonces(tx: db.Tx, home: int, wanted: Sequence[Wanted]) -> None:
    """A used one raises UniqueViolation: the batch is placed again with the probe, which names it."""
    if wanted:
        await hot.trip(tx, [(_SPEND, _nonces(home, wanted))])


def _nonces(home: int, wanted: Sequence[Wanted]) -> dict[str, Any]:
    return {
        "home": home,
        "keys": Words([w.buyer.id for w in wanted]),
        "nonces": Byteas([w.nonce for w in wanted]),
        "signed": Bigints([w.signed_at for w in wanted]),
    }


async def claim_lane(
    tx: db.Tx, home: int, holder: str, address: str, now: datetime, until: datetime
) -> tuple[str, str, int]:
    """(holder, address, fence) after the claim: ours if the holder is us. Whoever held it before and stopped in the middle
    of a batch loses its session, so that the rows it locked are free: asked at every claim, because a session may have
    been at work when the lane was taken, and fall asleep after."""
    another = await db.row(tx, Q.lane_of_another, {"home": home, "holder": holder, "now": now})
    if another is not None and not another[3]:
        return str(another[0]), str(another[1]), int(another[2])
    ours = db.lane_name(home, holder)
    await db.rows(tx, Q.end_sleepers, {"home": f"lane {home} %", "ours": ours})
    found = await db.row(
        tx, Q.claim_lane, {"home": home, "holder": holder, "address": address, "now": now, "until": until}
    )
    assert found is not None
    return str(found[0]), str(found[1]), int(found[2])


async def release_lane(tx: db.Tx, home: int, holder: str) -> None:
    """Another may claim it at once. Nothing happens when it is not ours any more."""
    await db.run(tx, Q.release_lane, {"home": home, "holder": holder})
