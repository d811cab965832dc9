"""What a sandbox sells on demand, as data."""

from datetime import datetime
from typing import Literal

import msgspec

from commissary.base.errors import Refusal

How = Literal[
    "success", "slow", "fail", "unknown", "partial", "reversed", "out_of_stock", "price_jump", "wrong_account", "review"
]  # fmt: skip


class Magic(msgspec.Struct, frozen=True):
    """An article number that is in every sandbox, and what comes of an order for it. `account`: of a top-up, the one that it befalls;
    every other is topped up. `status`: how the order stands in the end; `refusal`: the code it is refused with instead."""

    how: How
    code: str
    name_zh: str
    name_en: str
    told_zh: str
    told_en: str
    account: str = ""
    status: str = ""
    refusal: str = ""


class Article(msgspec.Struct, frozen=True):
    """What the supplier inside sells. `field`: of a top-up, the one that is the account."""

    sku_id: int
    name: str
    kind: Literal["code", "topup"]
    cost_e4: int
    field: str = ""
    magic: str = ""


class Bought(msgspec.Struct, frozen=True):
    """A purchase at the supplier inside. `due_at`: when it moves on by itself, or is told of."""

    ref: str
    connection_id: int
    sku_id: int
    quantity: int
    gives: int
    total_e4: int
    refunded_e4: int
    state: Literal["doing", "done", "failed"]
    placed_at: datetime
    due_at: datetime | None
    account: str = ""


class Synced(msgspec.Struct, frozen=True):
    """What a mirroring brought: how many were new or changed; `left`: SKUs that wait for the next call."""

    mall_id: int
    brands: int = 0
    products: int = 0
    skus: int = 0
    prices: int = 0
    tiers: int = 0
    left: int = 0


class Replayed(msgspec.Struct, frozen=True):
    """What the sandbox answered to a call of the log. `key_id`: the test key that signed it."""

    method: str
    path: str
    status: int
    request_id: str
    elapsed_us: int
    key_id: str
    body: str


class SandboxRefusal(Refusal):
    """In order of precedence."""

    live_key = (
        403,
        "This is a live key; only a key of the sandbox may do this",
        "当前为正式密钥，此操作仅限沙箱密钥",
    )
    not_replayable = (
        409,
        "This call was not kept whole enough to be repeated",
        "该调用未完整保留，无法重放",
    )
    too_much_play_money = (
        409,
        "A wallet of the sandbox holds at most 10,000,000",
        "沙箱钱包余额最多 10,000,000",
    )
