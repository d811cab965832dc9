"""Sandboxes on the wire."""

import contextlib
from datetime import datetime
from typing import Annotated

import msgspec

from commissary.base.form import form
from commissary.base.money import Money
from commissary.base.wire import Id
from commissary.ledger.types import Moved
from commissary.sandbox.types import How, Magic, Replayed, Synced
from commissary.tenancy.types import Mode

Reference = Annotated[str, form(r"[\x21-\x7e]+", least=1, most=40)]


class ModeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mode: Mode


class Both(msgspec.Struct, frozen=True):
    zh: str
    en: str


class MagicOut(msgspec.Struct, frozen=True):
    """`sku_id` null: not in this sandbox yet, sync it. `account`: of a top-up, the one that it befalls. `status` is how the order stands
    in the end, `refusal` what it is refused with."""

    how: How
    sku_id: str | None
    code: str
    name: Both
    expected: Both
    account: str | None
    status: str | None
    refusal: str | None


class SandboxOut(msgspec.Struct, frozen=True):
    """`now` is the sandbox's time, `offset_s` how far it is ahead of the world's: one clock for everybody in it, moved by the mall."""

    livemode: bool
    now: datetime
    offset_s: int
    goods: list[MagicOut]


class CallAgainIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`body`: what to send, as JSON in a string, with what the log hides written again; null: as it was kept."""

    body: Annotated[str, msgspec.Meta(max_length=65_536)] | None = None


class CallAgainOut(msgspec.Struct, frozen=True):
    """What the sandbox answered. `order_id`: the sandbox's order that it speaks of."""

    method: str
    path: str
    status: int
    request_id: str
    elapsed_ms: float
    key_id: str
    order_id: str | None
    body: str


class SyncedOut(msgspec.Struct, frozen=True):
    """How many were new or changed. `left`: SKUs that wait for the next call."""

    brands: int
    products: int
    skus: int
    prices: int
    tiers: int
    left: int


class PlayMoneyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same `reference` again is the same money."""

    amount: Money
    reference: Reference


class TopUpIn(PlayMoneyIn, frozen=True, forbid_unknown_fields=True):
    buyer_id: Id


class PlayMoneyOut(msgspec.Struct, frozen=True):
    transfer_id: str
    amount: Money
    repeated: bool


def magic_out(magic: Magic, sku: int | None) -> MagicOut:
    return MagicOut(
        how=magic.how,
        sku_id=None if sku is None else str(sku),
        code=magic.code,
        name=Both(magic.name_zh, magic.name_en),
        expected=Both(magic.told_zh, magic.told_en),
        account=magic.account or None,
        status=magic.status or None,
        refusal=magic.refusal or None,
    )


def synced_out(done: Synced) -> SyncedOut:
    told = msgspec.structs.asdict(done)
    del told["mall_id"]
    return SyncedOut(**told)


def replay_out(done: Replayed) -> CallAgainOut:
    order = None
    if done.path.startswith("/v1/orders") and done.status < 300:
        with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
            order = msgspec.json.decode(done.body, type=_Named).id or None
    return CallAgainOut(
        done.method, done.path, done.status, done.request_id, done.elapsed_us / 1000, done.key_id, order, done.body
    )  # fmt: skip


class _Named(msgspec.Struct):
    id: str = ""


def play_money_out(moved: Moved, amount: Money) -> PlayMoneyOut:
    return PlayMoneyOut(str(moved.transfer_id), amount, moved.repeated)
