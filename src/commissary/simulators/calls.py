"""Callbacks as they come in the trade: twice, late, old, forged, before the answer that they are about, or never."""

import hashlib
import re
from dataclasses import replace
from enum import StrEnum
from random import Random

from commissary.simulators.shop import Order, Shop
from commissary.simulators.types import Asked, Supplier

AGAIN_S = 1.0
"""Between one callback and the next of the same order."""
_PROOF = re.compile(r"(?<==)[0-9a-f]{64}(?=&|$)")  # as whoever wrote an address proves it


class Call(StrEnum):
    """What becomes of the first callback about one purchase. `honest` is one, when the order has ended."""

    honest = "honest"
    lost = "lost"
    late = "late"
    first = "first"
    duplicated = "duplicated"
    out_of_order = "out_of_order"
    forged = "forged"
    wrong = "wrong"


def sent(
    call: Call, supplier: Supplier, order: Order, chance: Random, late_s: float
) -> list[tuple[float, Asked]]:
    """For an order that has moved: what is sent, and how many seconds later."""
    told = supplier.callback(_other(order) if call is Call.wrong else order)
    if told is None or not told.to or call is Call.lost:
        return []
    if call is Call.late:
        return [(late_s, told)]
    if call is Call.duplicated:
        return [(AGAIN_S * n, told) for n in range(chance.randint(2, 5))]
    if call is Call.out_of_order:
        before = supplier.callback(replace(order, state="doing", codes=[], refunded_e4=0))
        assert before is not None
        return [(0.0, told), (AGAIN_S, before)]
    return [(0.0, told)]


def forged(supplier: Supplier, order: Order) -> Asked | None:
    """By somebody who knows the order and neither the key nor a proof in its address: that it is done, with codes that were
    never sold."""
    shop = supplier.shop
    guess = hashlib.sha256(shop.key.encode()).hexdigest()
    stranger = type(supplier)(Shop(shop.account, guess[: len(shop.key)], callback_url=shop.callback_url))
    codes = [(f"N{n}", f"FORGED{n}") for n in range(order.quantity)] if order.article.kind == "code" else []
    url = _PROOF.sub(guess, order.callback_url)
    told = stranger.callback(replace(order, state="done", codes=codes, callback_url=url))
    return told if told is not None and told.to else None


def _other(order: Order) -> Order:
    """The same number with another amount, article and account, as far as the protocol speaks of them."""
    article = replace(order.article, id=order.article.id + 1, name="另一件商品")
    fields = dict.fromkeys(order.fields, "13900000000")
    return replace(
        order,
        article=article,
        fields=fields,
        total_e4=order.total_e4 * 2,
        paid_e4=order.paid_e4 * 2,
        refunded_e4=order.refunded_e4 * 2,
    )
