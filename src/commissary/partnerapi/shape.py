"""What several faces show alike: cards, receipts, money, fields. Pure."""

from collections.abc import Sequence

from commissary import orders
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.money import parse
from commissary.catalog.types import FROM_STOCK, FieldSpec, Offered
from commissary.dialects import money
from commissary.partnerapi.counter import Good
from commissary.pricing.rules import rung_of

OPEN = frozenset({"review", "scheduled", "processing"})
ENDED_WELL = frozenset({"delivered", "partially_delivered"})


def cards(order: orders.OrderOut) -> list[orders.CodeOut]:
    """One for each piece delivered: a shared code as often as it was bought."""
    found: list[orders.CodeOut] = []
    for line in order.lines:
        codes = line.codes or []
        found += codes * line.delivered if len(codes) == 1 else codes
    return found


def text_of(code: orders.CodeOut) -> str:
    """In one line, number first."""
    text = f"{code.number}----{code.secret}" if code.number else code.secret
    return " ".join(text.splitlines())


def receipt(order: orders.OrderOut) -> str:
    return "；".join(r for line in order.lines for r in line.receipts or () if r)


def total_e4(order: orders.OrderOut) -> int:
    return parse(order.total.amount)


def returned_e4(order: orders.OrderOut) -> int:
    return sum(parse(line.returned.amount) for line in order.lines if line.returned is not None)


def pieces(order: orders.OrderOut) -> int:
    return sum(line.quantity for line in order.lines)


def decimals(amount_e4: int) -> str:
    """'9.50', and '9.8750' where two places are too few."""
    return money.yuan(amount_e4, 2 if amount_e4 % 100 == 0 else 4)


def fen_up(amount_e4: int) -> int:
    """For what is to be paid or was: never said to be less than it is."""
    return -money.fen_down(-amount_e4)


def unit_e4(good: Good, quantity: int = 1) -> int:
    ladder = good.offer.ladder
    return ladder.prices_e4[rung_of(ladder, max(1, quantity))]


def is_cards(good: Offered) -> bool:
    """Delivered as cards at once, and asks for nothing."""
    kinds = [p.kind for p in good.parts] if good.kind == "bundle" else [good.kind]
    return all(kind in FROM_STOCK for kind in kinds) and not good.fields


def account_field(fields: Sequence[FieldSpec]) -> FieldSpec | None:
    """The one that is charged, or the only one there is."""
    marked = [f for f in fields if f.target]
    return marked[0] if marked else fields[0] if fields else None


def why(refused: Refused) -> str:
    """In Chinese, for the shop's operator; names the field that is wrong, never what stood in it."""
    words = refused.refusal.zh
    if refused.refusal is RequestRefusal.invalid_request and refused.fields:
        words += f"（{'、'.join(fault.path for fault in refused.fields[:5])}）"
    return words
