"""The hot endpoints as raw ASGI: place, place many, query, balance. Their documented twins in routes.py call the same
desk; one corpus of requests runs against both."""

import re

import msgspec

from commissary.base.errors import Refused
from commissary.base.http import Send, answer, decode, encode, problem_of
from commissary.orders.desk import Desk
from commissary.orders.wire import BatchIn, BatchOut, BatchResult, OrderIn
from commissary.tenancy.authenticate import require_scope
from commissary.tenancy.types import Caller

_one = msgspec.json.Decoder(OrderIn)
_many = msgspec.json.Decoder(BatchIn)
ORDER_PATH = re.compile(r"^/v1/orders/([1-9][0-9]{0,18})$")


async def place(desk: Desk, caller: Caller, body: bytes, send: Send, rid: str) -> None:
    require_scope(caller, "orders:write")
    order = await desk.place(caller, decode(_one, body))
    await answer(send, 200, encode(order), rid)


async def place_many(desk: Desk, caller: Caller, body: bytes, send: Send, rid: str) -> None:
    require_scope(caller, "orders:write")
    asked = decode(_many, body).orders
    answers = await desk.place_many(caller, asked)
    results = [
        BatchResult(o.client_order_no, error=problem_of(a, rid))
        if isinstance(a, Refused)
        else BatchResult(o.client_order_no, order=a)
        for o, a in zip(asked, answers, strict=True)
    ]
    await answer(send, 200, encode(BatchOut(results)), rid)


async def query(desk: Desk, caller: Caller, order_id: int, send: Send, rid: str) -> None:
    require_scope(caller, "orders:read")
    await answer(send, 200, encode(await desk.order(caller, order_id)), rid)
