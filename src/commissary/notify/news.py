"""From an outbox event to what a receiver hears of it. Pure."""

from typing import Any, cast

import msgspec

from commissary.base import money, outbox
from commissary.notify.types import (
    BY_WIRE,
    NEWS,
    BalanceNews,
    Event,
    LineNews,
    News,
    OrderNews,
    StatementNews,
)

# What the orders domain calls otherwise.
_KINDS = {"order.review": Event.order_held}


def event_of(kind: str) -> Event | None:
    """None: an event that is not for receivers."""
    return _KINDS.get(kind) or BY_WIRE.get(kind)


def news_of(event: Event, seen: outbox.Event) -> News:
    """Only what the shape has a place for. Raises msgspec.ValidationError when the publisher left something out."""
    shape = NEWS[event]
    data: dict[str, Any] = {f: seen.data[f] for f in shape.__struct_fields__ if f in seen.data}
    if shape is OrderNews:
        data |= {"order_id": str(seen.subject), "sequence": seen.n}
        data.setdefault("status", event.name.removeprefix("order_"))
        if "lines" in data:
            told = LineNews.__struct_fields__
            data["lines"] = [{f: line[f] for f in told if f in line} for line in data["lines"]]
    elif shape is BalanceNews:
        data["account_id"] = str(seen.subject)
        if "buyer_id" in seen.data:
            data["buyer_id"] = str(seen.data["buyer_id"])
        for name in ("available", "threshold"):
            if f"{name}_e4" in seen.data:
                data[name] = money.of(seen.data[f"{name}_e4"], str(seen.data.get("currency")))
    elif shape is StatementNews:
        data["statement_id"] = str(seen.subject)
    return cast(News, msgspec.convert(msgspec.to_builtins(data), shape))
