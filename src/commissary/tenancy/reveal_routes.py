"""Who saw what in clear."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.tenancy.reveals import list_reveals
from commissary.tenancy.types import Actor, LookKind, Revealed

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class RevealedOut(msgspec.Struct, frozen=True):
    """`id` is the mark over what was shown. `subject` such as `order:123`, `place` within it: line and piece."""

    id: str
    at: datetime
    person_id: str
    person: str
    organisation_id: str
    owner_id: str
    ip: str
    kind: LookKind
    subject: str
    place: str
    reason: str


@get(
    "/console/v1/reveals",
    operation_id="listReveals",
    tags=["Audit"],
    summary="Who saw what in clear, newest first",
    opt=said("明文查看记录（按时间倒序）", "", RequestRefusal.not_found),
)
async def reveals_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    person_id: FromQuery[str | None] = None,
    subject: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[RevealedOut]:
    person = None if person_id is None else number(person_id)
    before = None if cursor is None else after(cursor)
    found = await list_reveals(
        env, actor, person_id=person, subject=subject, before_id=before, size=sized(size)
    )
    return page(found, size, _out, lambda r: r.id)


def _out(r: Revealed) -> RevealedOut:
    return RevealedOut(
        str(r.id),
        r.at,
        str(r.person_id),
        r.person,
        str(r.organisation_id),
        str(r.owner_id),
        r.ip,
        r.kind,
        r.subject,
        r.place,
        r.reason,
    )


ROUTES: list[Any] = [reveals_route]
