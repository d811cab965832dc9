"""The inbox, for the console."""

from datetime import datetime

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from commissary.base import money
from commissary.base.env import Env
from commissary.base.money import Money
from commissary.base.wire import said
from commissary.insight.inbox import inbox
from commissary.insight.types import InboxItem, InboxKind
from commissary.tenancy.types import Actor


class InboxItemOut(msgspec.Struct, frozen=True):
    """`id` is what the operations of its kind take; `subject` such as `sku:8001`. `act`, `due_at` and `seal` of an approval."""

    kind: InboxKind
    id: str
    subject: str
    title_zh: str
    title_en: str
    amount: Money | None
    at: datetime
    act: str | None
    due_at: datetime | None
    seal: str | None


class InboxOut(msgspec.Struct, frozen=True):
    """`counts` of every kind, whatever `kind` was asked for; 200 means that or more. `waiting`: all of them."""

    items: list[InboxItemOut]
    counts: dict[str, int]
    waiting: int


@get(
    "/console/v1/inbox",
    operation_id="getInbox",
    tags=["Approvals"],
    summary="Everything that waits for the caller's word, and how much of each kind",
    description="Due first, then the longest waiting. Each is decided by the operations of its own kind.",
    opt=said("待我处理的全部事项及数量", "按到期时间与等待时长排序；各事项在其所属接口处理。"),
)
async def inbox_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], kind: FromQuery[InboxKind | None] = None
) -> InboxOut:
    items, counts = await inbox(env, actor, kind)
    return InboxOut([_out(i) for i in items], counts, sum(counts.values()))


def _out(i: InboxItem) -> InboxItemOut:
    amount = None if i.amount_e4 is None or i.currency is None else money.of(i.amount_e4, i.currency)
    title_zh, title_en = i.title_zh or "", i.title_en or ""
    return InboxItemOut(
        i.kind, str(i.id), i.subject, title_zh, title_en, amount, i.at, i.act, i.due_at, i.seal
    )


ROUTES = [inbox_route]
