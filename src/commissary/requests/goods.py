"""What a company can ask for and what it costs it, as the lane's book has it: no query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from commissary import catalog, orders
from commissary.base.errors import FieldFault, Refused
from commissary.base.errors import RequestRefusal as FormRefusal
from commissary.base.home import home as home_of
from commissary.catalog.types import SkuCard
from commissary.orders.types import OrderRefusal
from commissary.pricing import rules as prices
from commissary.requests.types import RequestLine, RequestRefusal
from commissary.tenancy.types import Caller

MOST_SHOWN = 50


@dataclass(frozen=True)
class Good:
    card: SkuCard
    unit_price_e4: int


async def goods(
    desk: orders.Desk, mall: int, company_id: int, q: str, now: datetime
) -> tuple[list[Good], str]:
    """Listed and priced for the company, whose name or article number contains `q`; and the mall's currency."""
    book = await desk.lane(home_of(mall)).book()
    wanted, found = q.strip().casefold(), []
    for card in book.cards.values():
        if card.status != "listed" or card.fund_mode == "agent":
            continue
        if wanted and not any(wanted in t.casefold() for t in (card.name_zh, card.name_en, card.code)):
            continue
        price = prices.price_of(book.prices, company_id, card.id, 1, now)
        if price is not None:
            found.append(Good(card, price.unit_price_e4))
            if len(found) == MOST_SHOWN:
                break
    return found, book.currency


async def checked(desk: orders.Desk, caller: Caller, lines: Sequence[RequestLine]) -> list[RequestLine]:
    """With clean fields. Refuses sku_unknown, sku_not_listed, quantity_over_limit, and fields of the wrong form."""
    clean = []
    for i, line in enumerate(lines):
        card = await desk.card(caller, line.sku_id)
        refusal = None
        if card is None or card.status in ("draft", "deleted"):
            refusal = OrderRefusal.sku_unknown
        elif card.status != "listed":
            refusal = OrderRefusal.sku_not_listed
        elif line.quantity > card.max_quantity:
            refusal = OrderRefusal.quantity_over_limit
        if refusal is not None or card is None:
            no = refusal or OrderRefusal.sku_unknown
            raise Refused(no, fields=[FieldFault(f"lines[{i}].sku_id", f"{no.en} / {no.zh}")])
        given, faults = catalog.check_fields(card.fields, dict(line.fields or {}))
        if faults:
            told = [FieldFault(f"lines[{i}].fields.{f.path}", f.message) for f in faults]
            raise Refused(FormRefusal.invalid_request, fields=told)
        clean.append(msgspec.structs.replace(line, fields=given or None))
    return clean


async def priced(
    desk: orders.Desk, mall: int, company_id: int, lines: Sequence[RequestLine], now: datetime
) -> tuple[list[RequestLine], str]:
    """At what they cost the company now; and the mall's currency. Refuses not_priced_for_you."""
    book, found = await desk.lane(home_of(mall)).book(), []
    for i, line in enumerate(lines):
        price = prices.price_of(book.prices, company_id, line.sku_id, line.quantity, now)
        if price is None:
            no = RequestRefusal.not_priced_for_you
            raise Refused(no, fields=[FieldFault(f"lines[{i}].sku_id", f"{no.en} / {no.zh}")])
        found.append(msgspec.structs.replace(line, unit_price_e4=price.unit_price_e4))
    return found, book.currency
