"""A simulated supplier behind a socket, for whoever wants to talk to it by a program of his own."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web

from commissary.simulators.liar import Liar
from commissary.simulators.shop import Order
from commissary.simulators.types import Asked

log = logging.getLogger("commissary.simulators")

SILENCE_S = 31.0  # longer than any buyer waits
MOST_BYTES = 1 << 20
CALLBACK_S = 10.0


@contextlib.asynccontextmanager
async def serving(liar: Liar, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Its base URL while it answers. Orders that ended are called back once, where the buyer asked for it."""
    told: set[str] = set()
    calls: set[asyncio.Task[None]] = set()
    http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALLBACK_S), trust_env=False)

    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, request.path, headers, await request.read(), request.query_string)
        said = liar.answer(asked)
        for order in list(liar.supplier.shop.orders.values()):
            if order.state != "doing" and order.callback_url and order.ref not in told:
                told.add(order.ref)
                calls.add(task := asyncio.create_task(call(order)))
                task.add_done_callback(calls.discard)
        if said is None:
            await asyncio.sleep(SILENCE_S)
            return web.Response(status=504)
        return web.Response(status=said.status, body=said.body, headers=dict(said.headers))

    async def call(order: Order) -> None:
        sent = liar.supplier.callback(order)
        if sent is None:
            return
        try:
            async with http.post(order.callback_url, data=sent.body, headers=dict(sent.headers)) as heard:
                log.info("callback of %s: HTTP %d", order.ref, heard.status)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.info("callback of %s: %s", order.ref, type(error).__name__)

    application = web.Application(client_max_size=MOST_BYTES)
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        for task in calls:
            task.cancel()
        await runner.cleanup()
        await http.close()
