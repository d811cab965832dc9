"""Price subscriptions over HTTP: requests and answers."""

from datetime import datetime
from typing import Annotated

import msgspec

from commissary.base.wire import Id
from commissary.pricing.subscriptions import SKUS_MAX, WINDOW_S, Wanted
from commissary.pricing.types import Subscription


class SubscriptionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Under its name it is made or replaced. Without `sku_ids`: all that may be bought, whatever that is by then.
    `threshold_bp`: moves of less, from the price that was told last, are silent; 0: every change is told. `availability`:
    tell also when goods can be bought, or cannot. A SKU is told when it has stood still for `window_s`, at the latest after
    four times as long."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)] = "default"
    sku_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=SKUS_MAX)] | None = None
    threshold_bp: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    availability: bool = False
    window_s: Annotated[int, msgspec.Meta(ge=WINDOW_S[0], le=WINDOW_S[1])] = 5


class SubscriptionOut(msgspec.Struct, frozen=True):
    """`skus`: how many it knows. `every`: all that may be bought."""

    id: str
    buyer_id: str
    name: str
    every: bool
    skus: int
    threshold_bp: int
    availability: bool
    window_s: int
    created_at: datetime
    changed_at: datetime


def wanted(data: SubscriptionIn) -> Wanted:
    skus = None if data.sku_ids is None else [int(i) for i in data.sku_ids]
    return Wanted(data.name, skus, data.threshold_bp, data.availability, data.window_s)


def subscription_out(s: Subscription) -> SubscriptionOut:
    return SubscriptionOut(
        id=str(s.id),
        buyer_id=str(s.buyer_id),
        name=s.name,
        every=s.every,
        skus=s.skus,
        threshold_bp=s.threshold_bp,
        availability=s.availability,
        window_s=s.window_ms // 1_000,
        created_at=s.created_at,
        changed_at=s.changed_at,
    )
