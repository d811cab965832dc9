"""What must be true: a mall's rules written a second time, in plain Python, from the documents and not from the code.

Nothing here imports the product. Orders are judged one after another against money, goods and stock as they stand.
Times are whole hours since the world began; the real seconds that pass meanwhile never cross a boundary.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

FROM_STOCK = {"code", "link", "voucher", "shared_code", "membership"}
NEVER = 10**9  # hours


@dataclass
class Sku:
    id: int
    kind: str
    status: str = "listed"
    most: int = 50
    release: float | None = None
    parts: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Lot:
    """Codes of one batch; `texts` in order of their numbers, `next` the first unsold, from 0."""

    batch: int
    id: int
    expires: float
    cost: int
    texts: list[str]
    next: int = 0
    unlimited: bool = False


@dataclass
class Account:
    id: int
    balance: int = 0
    held: int = 0
    credit: int = 0
    open: bool = True

    @property
    def free(self) -> int:
        return self.balance - self.held + self.credit


@dataclass
class Quote:
    buyer: int
    expires: float
    lines: dict[int, tuple[int, int]]  # sku → (left, unit price)


@dataclass(frozen=True)
class Asked:
    """An order as the buyer sends it: lines are (sku, quantity, at most this unit price)."""

    buyer: int
    no: str
    lines: tuple[tuple[int, int, int | None], ...]
    quote: int | None = None
    nonce: bytes | None = None

    @property
    def key(self) -> tuple[int, str]:
        return self.buyer, self.no


@dataclass
class Line:
    sku: int
    quantity: int
    price: int
    amount: int
    state: str
    codes: list[str]
    bundle: int | None


@dataclass
class Order:
    asked: Asked
    lines: list[Line]
    state: str

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass
class Truth:
    """The whole mall. `judge` changes it; everything else is set by whoever runs the world."""

    hour: float = 0.0
    skus: dict[int, Sku] = field(default_factory=dict)
    lots: dict[int, list[Lot]] = field(default_factory=dict)
    # (buyer or 0 for the list, sku) → versions (from hour, ladder {least quantity: price})
    prices: dict[tuple[int, int], list[tuple[float, dict[int, int]]]] = field(default_factory=dict)
    floors: dict[int, int] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)  # by buyer
    quotes: dict[int, Quote] = field(default_factory=dict)
    orders: dict[tuple[int, str], Order] = field(default_factory=dict)
    nonces: set[bytes] = field(default_factory=set)
    revenue: int = 0
    cash: int = 0

    def judge_batch(self, batch: Iterable[Asked], *, again: bool = False) -> list[Order | str]:
        """Orders of one commit. `again`: the same batch a second time, because its first answer was lost."""
        batch = list(batch)
        spent = set() if again else {a.nonce for a in batch if a.nonce in self.nonces}
        answers: list[Order | str] = []
        for asked in batch:
            if asked.nonce is not None and asked.nonce in spent:
                answers.append("nonce_used")
            else:
                answers.append(self.judge(asked))
        self.nonces |= {a.nonce for a in batch if a.nonce is not None}
        return answers

    def judge(self, asked: Asked) -> Order | str:
        """The order, or the refusal's code; a known one is answered as it was."""
        known = self.orders.get(asked.key)
        if known is not None:
            same = (known.asked.lines, known.asked.quote) == (asked.lines, asked.quote)
            return known if same else "idempotency_conflict"
        quote = None
        if asked.quote is not None:
            quote = self.quotes.get(asked.quote)
            if quote is None or quote.buyer != asked.buyer:
                return "quote_not_found"
            if quote.expires <= self.hour:
                return "quote_expired"
        marks = [(lot, lot.next) for lots in self.lots.values() for lot in lots]
        kept = dict(quote.lines) if quote else {}
        found = self._lines(asked, quote)
        if isinstance(found, str):
            for lot, mark in marks:
                lot.next = mark
            if quote:
                quote.lines = kept
            return found
        order = Order(asked, found, state_of([line.state for line in found]))
        account = self.accounts[asked.buyer]
        paid = sum(line.amount for line in found if line.state == "delivered")
        account.balance -= paid
        account.held += order.amount - paid
        self.revenue += paid
        self.orders[asked.key] = order
        return order

    def _lines(self, asked: Asked, quote: Quote | None) -> list[Line] | str:
        lines: list[Line] = []
        for sku_id, quantity, most in asked.lines:
            sku = self.skus.get(sku_id)
            if sku is None or sku.status in ("draft", "deleted"):
                return "sku_unknown"
            if sku.status != "listed":
                return "sku_not_listed"
            if quantity > sku.most:
                return "quantity_over_limit"
            if quote is not None:
                left, price = quote.lines.get(sku_id, (0, 0))
                if left < quantity:
                    return "quote_exceeded"
                quote.lines[sku_id] = (left - quantity, price)
            else:
                found = self.price(asked.buyer, sku_id, quantity)
                if found is None:
                    return "not_priced"
                price = found
            if most is not None and price > most:
                return "price_above_max"
            added, floor, short = [], 0, False
            for part, count, amount in self._parts(sku, quantity, price):
                state = self._first_state(part)
                taken = self._take(part.id, count) if state == "delivered" else []
                if taken is None:
                    return "out_of_stock"
                line = Line(part.id, count, amount // count, amount, state, [], sku.id if sku.parts else None)
                for lot, texts, pieces in taken:
                    line.codes += texts
                    least = self.floor(part.id, lot.cost)
                    floor += least * pieces
                    short = short or line.price < least
                added.append(line)
            loses = sum(a.amount for a in added) < floor if sku.parts else short
            if quote is None and loses:
                return "below_floor"
            lines += added
        account = self.accounts[asked.buyer]
        if not account.open:
            return "account_locked"
        if account.free < sum(line.amount for line in lines):
            return "insufficient_balance"
        return lines

    def cancel(self, order: Order) -> Order | str:
        """What nobody has begun on is called off, and its money is free again."""
        open_lines = [line for line in order.lines if line.state in ("scheduled", "waiting")]
        if not open_lines:
            return "not_cancellable"
        for line in open_lines:
            line.state = "cancelled"
            self.accounts[order.asked.buyer].held -= line.amount
        order.state = state_of([line.state for line in order.lines])
        return order

    def price(self, buyer: int, sku: int, quantity: int) -> int | None:
        """The contract's, else the list's; the newest version that has begun; the highest rung reached."""
        for book in (buyer, 0):
            begun = [v for v in self.prices.get((book, sku), []) if v[0] <= self.hour]
            if begun:
                newest = max(v[0] for v in begun)
                ladder = [v for v in begun if v[0] == newest][-1][1]
                return ladder[max(least for least in ladder if least <= quantity)]
        return None

    def floor(self, sku: int, cost: int) -> int:
        """Cost and margin, half away from zero."""
        margin = self.floors.get(sku, self.floors.get(0, 0))
        sign = -1 if margin < 0 else 1
        return cost + sign * ((2 * cost * abs(margin) + 10_000) // 20_000)

    def stock(self, sku: int) -> int:
        return sum(
            len(lot.texts) - lot.next
            for lot in self.lots.get(sku, [])
            if not lot.unlimited and lot.expires > self.hour
        )

    def _parts(self, sku: Sku, quantity: int, price: int) -> list[tuple[Sku, int, int]]:
        """(SKU, pieces, amount); a bundle's price is shared by list prices, the largest remainders first."""
        total = price * quantity
        if not sku.parts:
            return [(sku, quantity, total)]
        pieces = [(self.skus[part], each * quantity) for part, each in sku.parts]
        weights = [(self.price(0, part.id, 1) or 0) * count for part, count in pieces]
        if not any(weights):
            weights = [1] * len(pieces)
        whole = sum(weights)
        shares = [total * w // whole for w in weights]
        order = sorted(range(len(pieces)), key=lambda i: (-(total * weights[i] % whole), i))
        for i in order[: total - sum(shares)]:
            shares[i] += 1
        return [(part, count, share) for (part, count), share in zip(pieces, shares, strict=True)]

    def _first_state(self, sku: Sku) -> str:
        if sku.release is not None and sku.release > self.hour:
            return "scheduled"
        return "delivered" if sku.kind in FROM_STOCK else "waiting"

    def _take(self, sku: int, count: int) -> list[tuple[Lot, list[str], int]] | None:
        """First expired, first out. A shared code is never used up."""
        taken = []
        for lot in sorted(self.lots.get(sku, []), key=lambda x: (x.expires, x.id)):
            if lot.expires <= self.hour:
                continue
            if lot.unlimited:
                return [*taken, (lot, lot.texts[:1], count)]
            some = min(count, len(lot.texts) - lot.next)
            if some:
                taken.append((lot, lot.texts[lot.next : lot.next + some], some))
                lot.next += some
                count -= some
            if not count:
                return taken
        return None


def state_of(lines: list[str]) -> str:
    if "waiting" in lines:
        return "processing"
    if "scheduled" in lines:
        return "scheduled"
    if set(lines) == {"cancelled"}:
        return "cancelled"
    return "delivered" if set(lines) == {"delivered"} else "partially_delivered"


def batches_of(group: list[Asked]) -> list[list[int]]:
    """Places in the group, batch by batch: what shares a key or a nonce waits for the next one."""
    waiting = list(range(len(group)))
    batches = []
    while waiting:
        batch, later, seen = [], [], set()
        for i in waiting:
            marks = {group[i].key, group[i].nonce} - {None}
            if marks & seen:
                later.append(i)
            else:
                seen |= marks
                batch.append(i)
        batches.append(batch)
        waiting = later
    return batches
