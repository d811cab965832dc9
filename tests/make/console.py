"""A small application around a domain's console routes, as the product's own mounts them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.exceptions import ValidationException

from commissary import tenancy
from commissary.app.acts import ACTS
from commissary.approvals import Acts
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.tenancy.types import Actor
from make.tenancy import House


@asynccontextmanager
async def console(
    house: House, routes: Sequence[Any], actor: Actor | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client; `actor` None means: whoever the session cookie says."""

    async def env() -> Env:
        return house.env

    async def key_cache() -> tenancy.KeyCache:
        return tenancy.KeyCache(house.env)

    async def acting(request: Request[Any, Any, Any]) -> Actor:
        token = tenancy.presented_token(request.headers.get("authorization", ""), request.cookies)
        enrolling = "enrolling" in request.route_handler.opt
        return actor or await tenancy.actor_of_token(house.env, token or "", enrolling=enrolling)

    def refused(_: Request[Any, Any, Any], error: Refused) -> Response[Any]:
        fields = [f.path for f in error.fields]
        body = {"code": error.refusal.code, "fields": fields, "facts": error.facts}
        return Response(body, status_code=error.refusal.status)

    def malformed(_: Request[Any, Any, Any], no: ValidationException) -> Response[Any]:
        return Response({"code": "invalid_request", "detail": no.detail}, status_code=422)

    async def acts() -> Acts:
        return ACTS

    async def nobody() -> None:
        """For routes that talk to suppliers, of which no test of routes asks anything."""

    async def nobody_else() -> None:
        """A provider has one name only."""

    async def no_sandbox() -> None:
        """Nothing is mirrored here."""

    app = Litestar(
        list(routes),
        dependencies={
            "env": Provide(env),
            "public_url": Provide(lambda: "http://mall.test", sync_to_thread=False),
            "actor": Provide(acting),
            "key_cache": Provide(key_cache),
            "acts": Provide(acts),
            "buying": Provide(nobody),
            "purchasing": Provide(nobody_else),
            "mirror": Provide(no_sandbox),
        },
        exception_handlers={Refused: refused, ValidationException: malformed},
    )
    # In this test's own event loop, where the database's pool lives.
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://mall.test") as client:
        yield client
