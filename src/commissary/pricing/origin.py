"""Where a price came from, and what it was before."""

from datetime import datetime

from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.pricing import rules, store
from commissary.pricing.types import Asked, Entry, PricingRefusal, Why

_BOOK_ZH = {"contract": "合同价", "tier": "等级价", "list": "标价"}
_BOOK_EN = {"contract": "contract", "tier": "tier", "list": "list"}


async def history(
    tx: db.Tx,
    mall: int,
    sku_id: int,
    *,
    book_id: int | None = None,
    before: int | None = None,
    size: int = 50,
) -> list[Entry]:
    """Every version of a SKU in all books or one, last written first, with author and reason."""
    return await store.history(tx, mall, sku_id, book_id=book_id, before=before, size=size)


async def source_now(tx: db.Tx, env: Env, mall: int, buyer_id: int | None, sku_id: int, quantity: int) -> str:
    """Of the price that this buyer would pay for so many pieces now; without a buyer, the list's. Refuses not_priced."""
    now, currency = env.now(mall), await store.currency_of(tx, mall)
    snapshot = await store.snapshot_of(tx, mall, currency, buyer_id or 0, [sku_id], now)
    price = rules.price_of(snapshot, buyer_id or 0, sku_id, quantity, now)
    if price is None:
        raise Refused(PricingRefusal.not_priced)
    return price.source


async def asked_at(
    tx: db.Tx,
    mall: int,
    sku_id: int,
    quantity: int,
    at: datetime,
    *,
    buyer_id: int | None = None,
    tier_id: int | None = None,
) -> tuple[str, list[Asked]]:
    """Source of the price of so many pieces at an instant, for a buyer, a tier or nobody in particular, with the books in the order in
    which they were asked. The instant may be long ago or to come; who is of which tier and has which contract is as it is today.
    Refuses not_priced."""
    asked = await store.asked_at(tx, mall, await store.currency_of(tx, mall), sku_id, buyer_id, tier_id, at)
    for book in asked:
        if book.ladder is not None and book.ladder.prices_e4:
            minimum = book.ladder.minimums[rules.rung_of(book.ladder, quantity)]
            return f"{book.book_kind}:{book.book_id}:{book.entry_id}:{minimum}", asked
    raise Refused(PricingRefusal.not_priced)


async def why(tx: db.Tx, mall: int, sku_id: int, source: str, home: int | None = None) -> Why:
    """Recompute a price from the source that an order line or quote carries. Refuses `no_such_price`.

    A quote's source needs `home`; it is followed to the book that the quote was made from, and checked against it.
    """
    quote_id = None
    quoted_e4 = None
    if source.startswith("quote:") and home is not None:
        number = source.removeprefix("quote:")
        line = None
        if number.isascii() and number.isdigit() and len(number) < 20:
            line = await store.quote_line(tx, home, int(number), sku_id)
        if line is None:
            raise Refused(PricingRefusal.no_such_price)
        quote_id = int(number)
        quoted_e4, source = line
    named = rules.parse_source(source)
    if named is None:
        raise Refused(PricingRefusal.no_such_price)
    found = await store.history(tx, mall, sku_id, book_id=named.book_id, entry_id=named.entry_id, size=1)
    if not found or found[0].book_kind != named.kind or named.rung_minimum not in found[0].ladder.minimums:
        raise Refused(PricingRefusal.no_such_price)
    entry = found[0]
    price_e4 = entry.ladder.prices_e4[rules.rung_of(entry.ladder, named.rung_minimum)]
    if quoted_e4 is not None and quoted_e4 != price_e4:
        raise Refused(PricingRefusal.no_such_price)
    since, amount = entry.valid_from.isoformat(), money.text(price_e4)
    zh = (
        f"{_BOOK_ZH[named.kind]}“{entry.book_name}”自 {since} 起，满 {named.rung_minimum} 件单价 {amount}"
        f"；由 {entry.author} 设定：{entry.reason or '—'}"
    )
    en = (
        f"{_BOOK_EN[named.kind]} book “{entry.book_name}”, since {since}, from {named.rung_minimum} pieces on: "
        f"{amount} each; set by {entry.author}: {entry.reason or '—'}"
    )
    return Why(price_e4, entry, named.rung_minimum, quote_id, zh, en)
