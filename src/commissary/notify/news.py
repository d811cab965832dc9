"""From an outbox event to what a receiver hears of it. Pure."""

from typing import Any, cast

import msgspec

from commissary.base import outbox
from commissary.notify.types import BY_WIRE, NEWS, Event, News, OrderNews

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
    return cast(News, msgspec.convert(data, shape))
