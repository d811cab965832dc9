"""Rows ↔ types of purchase requests. Reads `tenancy.person` and `partners.department` for their names."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Ints, Smallints
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.requests.types import Request, RequestLine, Sealed

Q = sql.load(__package__)
PURPOSE = "purchase-request"


async def add(
    tx: db.Tx, env: Env, mall: int, new: Request, lines: Sequence[RequestLine], sealed: Sealed
) -> bool:
    """False: its asker has a request of this number already."""
    home = home_of(mall)
    body = env.keys.seal_field(mall, PURPOSE, msgspec.json.encode(sealed), b"%d" % new.id)
    row = {
        "home": home,
        "id": new.id,
        "organisation": new.organisation_id,
        "department": new.department_id,
        "asked_by": new.asked_by,
        "request_no": new.request_no,
        "body": new.body,
        "reason": new.reason,
        "sealed": body,
        "recipients": new.recipients,
        "currency": new.currency,
        "amount": new.amount_e4,
        "most": new.most_e4,
        "state": new.state,
        "alone": new.alone,
        "at": new.asked_at,
    }
    if not await db.run(tx, Q.add_request, row):
        return False
    arrays = {
        "nos": Smallints(list(range(1, len(lines) + 1))),
        "skus": Bigints([one.sku_id for one in lines]),
        "quantities": Ints([one.quantity for one in lines]),
        "prices": Bigints([one.unit_price_e4 for one in lines]),
    }
    await db.run(tx, Q.add_lines, {"home": home, "id": new.id} | arrays)
    return True


async def request(
    tx: db.Tx, mall: int, organisation_id: int | None, id_: int, *, lock: bool = False
) -> Request:
    """`organisation_id`: whose it must be. Refuses not_found."""
    given = {"home": home_of(mall), "id": id_}
    found = await db.row(tx, Q.lock_request if lock else Q.request, given)
    if found is None or organisation_id not in (None, found[1]):
        raise Refused(RequestRefusal.not_found)
    return request_of(found)


async def by_no(tx: db.Tx, mall: int, organisation_id: int, asked_by: int, request_no: str) -> Request | None:
    given = {"home": home_of(mall), "organisation": organisation_id, "asked_by": asked_by}
    found = await db.row(tx, Q.request_by_no, given | {"request_no": request_no})
    return request_of(found) if found else None


async def lines_of(tx: db.Tx, env: Env, mall: int, id_: int) -> tuple[list[RequestLine], Sealed]:
    """Whole, with what is personal of them."""
    given = {"home": home_of(mall), "id": id_}
    rows = await db.rows(tx, Q.lines, given)
    found = await db.row(tx, Q.sealed, given)
    assert found is not None, "lines of no request"
    plain = env.keys.open_field(mall, PURPOSE, bytes(found[0]), b"%d" % id_)
    sealed = msgspec.json.decode(plain, type=Sealed)
    return [RequestLine(r[0], r[1], r[2], f) for r, f in zip(rows, sealed.fields, strict=True)], sealed


async def lines_by_id(tx: db.Tx, mall: int, ids: Iterable[int]) -> dict[int, list[RequestLine]]:
    """Without what is personal of them."""
    found: dict[int, list[RequestLine]] = {}
    for id_, *line in await db.rows(tx, Q.lines_of_many, {"home": home_of(mall), "ids": Bigints(list(ids))}):
        found.setdefault(id_, []).append(RequestLine(*line))
    return found


async def reprice(tx: db.Tx, mall: int, id_: int, lines: Sequence[RequestLine]) -> None:
    """The caller holds the request's lock."""
    nos = Smallints(list(range(1, len(lines) + 1)))
    prices = Bigints([one.unit_price_e4 for one in lines])
    await db.run(tx, Q.reprice, {"home": home_of(mall), "id": id_, "nos": nos, "prices": prices})


async def save(tx: db.Tx, mall: int, now: Request) -> None:
    """The caller holds its lock and has looked at its state."""
    row = {
        "home": home_of(mall),
        "id": now.id,
        "state": now.state,
        "alone": now.alone,
        "amount": now.amount_e4,
        "most": now.most_e4,
        "decided_by": now.decided_by,
        "decided_at": now.decided_at,
        "comment": now.comment,
        "order": now.order_id,
        "failure": now.failure,
        "at": now.updated_at,
    }
    await db.run(tx, Q.set_request, row)


async def bought_alone_e4(tx: db.Tx, mall: int, department_id: int, person_id: int, now: datetime) -> int:
    given = {"mall": mall, "home": home_of(mall), "department": department_id, "person": person_id}
    found = await db.row(tx, Q.bought_alone, given | {"now": now})
    assert found is not None
    return int(found[0])


async def names(tx: db.Tx, mall: int, found: Iterable[Request]) -> tuple[dict[int, str], dict[int, str]]:
    """Of people, and of departments."""
    found = list(found)
    people = {i for r in found for i in (r.asked_by, r.decided_by) if i is not None}
    named = await db.rows(tx, Q.people_names, {"mall": mall, "ids": Bigints(sorted(people))})
    ids = Bigints(sorted({r.department_id for r in found}))
    parts = await db.rows(tx, Q.department_names, {"mall": mall, "ids": ids})
    return dict(named), dict(parts)


def request_of(row: Sequence[object]) -> Request:
    found = Request(*row)  # type: ignore[arg-type]
    return msgspec.structs.replace(found, body=bytes(found.body))
