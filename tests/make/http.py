"""A domain's routes served alone, called in this very process."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.exceptions import ValidationException

from commissary.app.acts import ACTS
from commissary.base.errors import Refused
from commissary.tenancy.types import Actor, ApiKey, Caller
from make.tenancy import House


@asynccontextmanager
async def served(
    house: House,
    routes: Sequence[Any],
    *,
    actor: Actor | Callable[[], Actor] | None = None,
    caller: Caller | None = None,
    **more: Any,
) -> AsyncIterator[httpx.AsyncClient]:
    """`/console` as `actor` (the owner, if not said; a function: who he is at each call), `/v1` as `caller`. Refusals come as status and code."""

    def refused(_: Request[Any, Any, Any], no: Refused) -> Response[Any]:
        fields = [f.path for f in no.fields]
        return Response(
            {"code": no.refusal.code, "fields": fields, "facts": no.facts}, status_code=no.refusal.status
        )

    def malformed(_: Request[Any, Any, Any], no: ValidationException) -> Response[Any]:
        return Response({"code": "invalid_request", "detail": no.detail}, status_code=422)

    offers = {
        "env": house.env,
        "acts": ACTS,
        "actor": actor or house.actor,
        "caller": caller,
        "public_url": "",
    } | more
    app = Litestar(
        list(routes),
        dependencies={
            name: Provide(
                value if callable(value) and name == "actor" else _constant(value), sync_to_thread=False
            )
            for name, value in offers.items()
        },
        exception_handlers={Refused: refused, ValidationException: malformed},
    )
    # In this test's own event loop, where the database's pool lives.
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://mall") as client:
        yield client


def _constant(value: Any) -> Any:
    return lambda: value


def caller(house: House, home: int, organisation: int, account: int, *scopes: str) -> Caller:
    key = ApiKey("ck", house.mall, home, organisation, account, frozenset(scopes), (), ())
    return Caller(key, "192.0.2.9")
