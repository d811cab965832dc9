"""The sale. A batch of orders of one home: gather → decide → commit, in one transaction.

`gather` locks and reads, `decide` is plain Python over what was read, `commit` writes. There is no await between them
but the two calls, and no rule on the SQL side. A bad order never harms its batch mates: each has its own outcome, in
the order of the question. Acknowledged means committed.

Writes, by the SQL functions that own them: orders (idempotency, orders, lines, takes), stock (lot
counters), ledger (balances, transfers, holds), pricing (quotes used), provenance (one leaf per delivered line), base
(one outbox row). Publishes `order.delivered`, `order.accepted` or `order.review`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from commissary.base import db, money
from commissary.base.ids import Ids
from commissary.catalog.types import FROM_STOCK, SkuCard
from commissary.orders import store
from commissary.orders.book import Book
from commissary.orders.rules import order_state, share_out
from commissary.orders.types import (
    Accepted,
    Declined,
    LineState,
    Mode,
    OrderRefusal,
    Outcome,
    PlacedLine,
    Wanted,
    WantedLine,
)
from commissary.pricing import rules as prices
from commissary.pricing.types import Price
from commissary.provenance import rules as custody
from commissary.risk.types import RiskRefusal
from commissary.stock.types import Range

MOST_LOTS = 4


class StaleBook(Exception):
    """Goods or prices changed since this process read them: read again, decide again."""


class LostLane(Exception):
    """Another process places for this home now."""


async def place(
    tx: db.Tx,
    home: int,
    book: Book,
    lane: store.Fence,
    wanted: Sequence[Wanted],
    ids: Ids,
    salt: Callable[[int], bytes],
    *,
    nonces: Sequence[Wanted],
    begun: bool = False,
    early: "Callable[[Sequence[Outcome], Sold], None]" = lambda _outcomes, _sold: None,
) -> tuple[list[Outcome], "Sold"]:
    """Outcomes in the order of `wanted`, none of which was known before. When it returns, they are committed; when it
    raises, nothing is. `nonces` are spent with the batch, whatever becomes of its orders. `early` is shown what will be
    returned while it is written; it must tell nobody."""
    most_lots = MOST_LOTS
    view = await store.gather(tx, home, book, lane, wanted, most_lots, nonces=nonces, begun=begun)
    for w in nonces:
        w.nonce_ours = True
    while True:
        if not view.fenced:
            raise LostLane
        if view.epoch != book.epoch:
            raise StaleBook
        outcomes = [decide(w, view, book, ids, salt) for w in wanted]
        if not view.ran_short_of_lots:
            break
        most_lots *= 8  # a large order over many small lots: look at more of them
        view = await store.gather(tx, home, book, lane, wanted, most_lots, begun=True)

    accepted = [o for o in outcomes if isinstance(o, Accepted)]
    ciphers = await store.commit(
        tx, home, book, view, accepted, lambda ciphers: early(outcomes, Sold(view.now, ciphers))
    )
    return list(outcomes), Sold(view.now, ciphers)


@dataclass(frozen=True)
class Sold:
    """When, and the ciphers of what was taken, by (batch, seq)."""

    now: datetime
    ciphers: dict[tuple[int, int], bytes]


def decide(
    wanted: Wanted, view: store.View, book: Book, ids: Ids, salt: Callable[[int], bytes]
) -> Accepted | Declined:
    """One order against what is left in the view; an accepted one is subtracted from it at once.

    Refusals stand in order of precedence: quote, risk, then line by line goods, price and stock, then money.
    """
    quote = None
    if wanted.quote_id is not None:
        quote = view.quotes.get(wanted.quote_id)
        if quote is None or quote.buyer_id != wanted.buyer.organisation_id:
            return Declined(OrderRefusal.quote_not_found, "quote_id")
        if quote.expires_at <= view.now:
            return Declined(OrderRefusal.quote_expired, "quote_id")

    if wanted.verdict.action == "refuse":
        hit = wanted.verdict.hits[0]
        return Declined(RiskRefusal[hit.code], facts={"decision_id": str(wanted.decision_id)})

    basket = Basket(view)
    for number, line in enumerate(wanted.lines):
        card = book.cards.get(line.sku_id)
        if card is None or card.status in ("draft", "deleted"):
            return basket.put_back(OrderRefusal.sku_unknown, f"lines[{number}].sku_id")
        if card.status != "listed":
            return basket.put_back(OrderRefusal.sku_not_listed, f"lines[{number}].sku_id")
        if line.quantity > card.max_quantity:
            return basket.put_back(
                OrderRefusal.quantity_over_limit, f"lines[{number}].quantity", max_quantity=card.max_quantity
            )
        if card.fund_mode == "agent":
            return basket.put_back(OrderRefusal.agent_needs_split_payment, f"lines[{number}].sku_id")

        if quote is not None:
            price = basket.quoted(quote, line)
            if price is None:
                return basket.put_back(OrderRefusal.quote_exceeded, f"lines[{number}]")
        else:
            price = prices.price_of(
                book.prices, wanted.buyer.organisation_id, card.id, line.quantity, view.now
            )
            if price is None:
                return basket.put_back(OrderRefusal.not_priced, f"lines[{number}].sku_id")
        if line.max_unit_price_e4 is not None and price.unit_price_e4 > line.max_unit_price_e4:
            return basket.put_back(
                OrderRefusal.price_above_max,
                f"lines[{number}].max_unit_price",
                unit_price=money.text(price.unit_price_e4),
            )

        first = len(basket.lines)
        for part in parts_of(card, line, price, book, view.now):
            state = first_state(part.card, wanted, view.now)
            source = source_of(part, state, view, book)
            if source is None:
                refusal = OrderRefusal.out_of_stock
                return basket.put_back(refusal, f"lines[{number}].quantity", sku_id=str(part.card.id))
            basket.add(part, line, source)
        if quote is None and basket.loses_money(book, first):
            return basket.put_back(OrderRefusal.below_floor, f"lines[{number}]")

    amount_e4 = basket.amount_e4
    if amount_e4 > money.MAX_E4:
        return basket.put_back(OrderRefusal.amount_too_large, "lines")
    account = view.accounts.get(wanted.buyer.account_id)
    if account is None or account.state != "open":
        return basket.put_back(OrderRefusal.account_locked)
    if account.free_e4 < amount_e4:
        return basket.put_back(
            OrderRefusal.insufficient_balance,
            available=money.text(account.free_e4),
            amount=money.text(amount_e4),
        )

    # After this point the order must succeed.

    order_id = ids.new()
    paid_e4 = basket.paid_e4
    if paid_e4 != amount_e4:
        for placed in basket.lines:
            if placed.state != "delivered" and placed.amount_e4:
                placed.hold_id = ids.new()
    account.pay(paid_e4, hold_e4=amount_e4 - paid_e4)
    view.revenue.receive(paid_e4)
    return Accepted(
        id=order_id,
        wanted=wanted,
        lines=basket.lines,
        amount_e4=amount_e4,
        paid_e4=paid_e4,
        state=order_state([placed.state for placed in basket.lines]),
        transfer_id=ids.new() if paid_e4 else None,
        leaves=[
            custody.sold(
                order_id,
                placed.line_no,
                placed.sku_id,
                wanted.buyer.organisation_id,
                [(r.batch_id, r.first_seq, r.last_seq) for r in placed.ranges],
                view.at_ms,
                salt(16),
            )
            for placed in basket.lines
            if placed.state == "delivered"
        ],
    )


class Part(msgspec.Struct, frozen=True, gc=False):
    """A line, or one component of a bundle with its share of the bundle's price."""

    card: SkuCard
    quantity: int
    unit_price_e4: int
    amount_e4: int
    source: str
    bundle_id: int | None


def parts_of(card: SkuCard, line: WantedLine, price: Price, book: Book, now: datetime) -> list[Part]:
    """One order line is one tax line, so a bundle is written as its parts, priced by their list prices."""
    amount_e4 = price.unit_price_e4 * line.quantity
    if card.kind != "bundle":
        return [Part(card, line.quantity, price.unit_price_e4, amount_e4, price.source, None)]
    cards = [(book.cards[c.sku_id], c.quantity * line.quantity) for c in card.components]
    alone = [prices.list_price_e4(book.prices, part.id, now) * quantity for part, quantity in cards]
    return [
        Part(part, quantity, share // quantity, share, price.source, card.id)
        for (part, quantity), share in zip(cards, share_out(amount_e4, alone), strict=True)
    ]


def first_state(card: SkuCard, wanted: Wanted, now: datetime) -> LineState:
    """What becomes of a line at once: delivered from stock, or money held until somebody or some date lets it go on."""
    if wanted.verdict.action == "review":
        return "review"
    if card.release_at is not None and card.release_at > now:
        return "scheduled"
    return "delivered" if card.kind in FROM_STOCK else "waiting"


class Source(msgspec.Struct, frozen=True, gc=False):
    """Where the pieces of a line come from. `offered_e4`: what one costs at a supplier, of a line that is bought there."""

    mode: Mode
    state: LineState
    ranges: tuple[Range, ...] = ()
    offered_e4: int | None = None


def source_of(part: Part, state: LineState, view: store.View, book: Book) -> Source | None:
    """Codes from stock as far as there are any, else from a supplier; top-ups from a supplier, else by hand. None: from
    nowhere at the moment."""
    sku_id = part.card.id
    if part.card.kind in FROM_STOCK:
        if state != "delivered":
            return Source("stock", state)
        ranges = view.take(sku_id, part.quantity)
        if ranges is not None:
            return Source("stock", state, ranges)
        offered_e4 = book.costs.get(sku_id)
        if offered_e4 is None or not view.promise(sku_id, part.quantity):
            return None
        return Source("supply", "waiting", (), offered_e4)
    offered_e4 = book.costs.get(sku_id)
    if offered_e4 is not None and not view.promise(sku_id, part.quantity):
        return None
    if offered_e4 is not None:
        return Source("supply", state, (), offered_e4)
    # A supplier's matter, and none of them can serve it now: nobody waits for that.
    return None if state == "waiting" and sku_id in book.costs else Source("manual", state)


def cost_e4(ranges: Sequence[Range], quantity: int) -> int:
    """Of that many pieces. A shared code is one piece however often it is sold."""
    cost_e4 = 0
    for taken in ranges:
        cost_e4 += taken.unit_cost_e4 * (quantity if taken.shared else taken.count)
    return cost_e4


@dataclass(slots=True)
class Basket:
    """The lines of one order while it may still be refused; `put_back` undoes what it took from the view."""

    view: store.View
    lines: list[PlacedLine] = field(default_factory=list)
    quotes: list[tuple[store.QuoteView, int, int]] = field(default_factory=list)
    amount_e4: int = 0
    paid_e4: int = 0  # the part that is delivered at once

    def add(self, part: Part, asked: WantedLine, source: Source) -> None:
        self.amount_e4 += part.amount_e4
        state = source.state
        if state == "delivered":
            self.paid_e4 += part.amount_e4
        self.lines.append(
            PlacedLine(
                line_no=len(self.lines) + 1,
                sku_id=part.card.id,
                sku_version=part.card.version,
                bundle_id=part.bundle_id,
                quantity=part.quantity,
                unit_price_e4=part.unit_price_e4,
                amount_e4=part.amount_e4,
                cost_e4=cost_e4(source.ranges, part.quantity),
                price_source=part.source,
                tax_category=part.card.tax_category,
                fund_mode=part.card.fund_mode,
                mode=source.mode,
                state=state,
                release_at=part.card.release_at if state in ("scheduled", "review") else None,
                ranges=source.ranges,
                asked=asked,
                offered_e4=source.offered_e4,
            )
        )

    def quoted(self, quote: store.QuoteView, line: WantedLine) -> Price | None:
        """The quote's price, if it still covers that many pieces."""
        offer = quote.lines.get(line.sku_id)
        if offer is None or offer.left < line.quantity:
            return None
        offer.left -= line.quantity
        self.quotes.append((quote, line.sku_id, line.quantity))
        return Price(offer.unit_price_e4, f"quote:{quote.id}")

    def loses_money(self, book: Book, first: int) -> bool:
        """Are the lines from `first` on under their floor? By the piece; a bundle as a whole."""
        added = self.lines[first:]
        if added[0].bundle_id is None:
            sold = added[0]
            if sold.ranges:
                dearest_e4 = max([r.unit_cost_e4 for r in sold.ranges])
            elif sold.offered_e4 is not None:
                dearest_e4 = sold.offered_e4
            else:
                return False
            return sold.unit_price_e4 < prices.floor_e4(book.prices, sold.sku_id, dearest_e4)
        floor_e4 = sum(
            prices.floor_e4(book.prices, line.sku_id, r.unit_cost_e4)
            * (line.quantity if r.shared else r.count)
            for line in added
            for r in line.ranges
        )
        floor_e4 += sum(
            prices.floor_e4(book.prices, line.sku_id, line.offered_e4) * line.quantity
            for line in added
            if line.offered_e4 is not None
        )
        return sum(line.amount_e4 for line in added) < floor_e4

    def put_back(self, refusal: OrderRefusal, path: str = "", **facts: str | int) -> Declined:
        for line in self.lines:
            self.view.put_back(line.sku_id, line.ranges)
            if line.mode == "supply":
                self.view.unpromise(line.sku_id, line.quantity)
        for quote, sku_id, quantity in self.quotes:
            quote.lines[sku_id].left += quantity
        return Declined(refusal, path, facts)
