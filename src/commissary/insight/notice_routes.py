"""Notices, for the console."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from commissary import notify
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.form import Id
from commissary.base.wire import Cursor, Size, number, said, sized
from commissary.insight.notices import Told, notices
from commissary.tenancy.types import Actor

Kind = Annotated[
    str | None, QueryParameter(description="The event's name, such as `stock.low`", max_length=40)
]


class NoticeOut(msgspec.Struct, frozen=True):
    """`kind`: the event's name. `about` is what the webhook of that event says: ids, words, money; `subject_zh` and `subject_en` what it is about is called.
    `unseen`: it came since the reader looked last."""

    id: str
    kind: str
    subject_zh: str
    subject_en: str
    about: dict[str, Any]
    at: datetime
    unseen: bool


class NoticePage(msgspec.Struct, frozen=True):
    """`unseen`: of all kinds, 100 meaning that or more."""

    items: list[NoticeOut]
    next: str | None
    unseen: int


class SeenIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    up_to: Id


@get(
    "/console/v1/notices",
    operation_id="listNotices",
    tags=["Jobs"],
    summary="What calls for people: stock that ran low, suppliers that were paused, balances, papers; newest first",
    description=(
        "Of one's own organisation, and only kinds that one may read about. Kept for 90 days. The stream of events says `notice` "
        "when there is a new one."
    ),
    opt=said(
        "通知：库存不足、供应商暂停、余额不足、材料到期等（最新在前）",
        "仅本组织、本人有权查看的类别；保留 90 天。有新通知时实时事件推送 `notice`。",
        RequestRefusal.not_found,
    ),
)
async def notices_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    kind: Kind = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> NoticePage:
    before = None if cursor is None else number(cursor)
    if kind is not None and kind not in notify.NOTICE_KINDS:
        raise invalid("kind", "no kind of notice / 无此通知类别")
    found, unseen = await notices(env, actor, kind=kind, before=before, size=sized(size))
    following = str(found[size - 1].notice.id) if len(found) > size else None
    return NoticePage([_out(t) for t in found[:size]], following, unseen)


@post(
    "/console/v1/notices/seen",
    operation_id="seeNotices",
    tags=["Jobs"],
    summary="Say up to which notice one has looked",
    status_code=204,
    opt=said("标记通知已读（截至某条）", "", RequestRefusal.not_found),
)
async def seen_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[SeenIn]
) -> None:
    await notify.see_notices(env, actor, number(data.up_to))


def _out(t: Told) -> NoticeOut:
    n = t.notice
    return NoticeOut(str(n.id), n.kind, t.zh, t.en, n.about, n.at, n.unseen)


ROUTES = [notices_route, seen_route]
