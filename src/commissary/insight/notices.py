"""Notices with what their subjects are called now."""

from collections.abc import Sequence
from typing import Any

import msgspec

from commissary import notify
from commissary.base import db, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "notices.sql")
# What an event is about, by the fields of its body; the first that it has.
NAMED = (
    ("sku_id", Q.skus),
    ("supplier_id", Q.organisations),
    ("buyer_id", Q.organisations),
    ("person_id", Q.people),
)


class Told(msgspec.Struct, frozen=True):
    """`zh`, `en`: what the subject is called, '' when it has no name of its own."""

    notice: notify.Notice
    zh: str = ""
    en: str = ""


async def notices(
    env: Env, actor: Actor, *, kind: str | None, before: int | None, size: int
) -> tuple[list[Told], int]:
    """(newest first, how many the reader has not seen, at most 100)"""
    found, unseen = await notify.list_notices(env, actor, kind=kind, before=before, size=size)
    names: dict[tuple[str, int], Sequence[str]] = {}
    async with env.db.transaction(actor.mall_id) as tx:
        for field, query in NAMED:
            ids = sorted({int(n.about[field]) for n in found if field in n.about})
            if ids:
                rows = await db.rows(tx, query, {"mall": actor.mall_id, "ids": Bigints(ids)})
                names |= {(field, row[0]): row[1:] for row in rows}
    return [_told(notice, names) for notice in found], unseen


def _told(notice: notify.Notice, names: dict[tuple[str, int], Sequence[str]]) -> Told:
    about: dict[str, Any] = notice.about
    for field, _ in NAMED:
        if field in about and (called := names.get((field, int(about[field])))):
            return Told(notice, called[0], called[-1])
    return Told(notice)
