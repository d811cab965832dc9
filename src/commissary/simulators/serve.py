"""A simulated supplier behind a socket, for whoever wants to talk to it by a program of his own."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
import yarl
from aiohttp import web

from commissary.simulators.liar import Liar
from commissary.simulators.types import Asked

log = logging.getLogger("commissary.simulators")

SILENCE_S = 31.0  # longer than any buyer waits
TICK_S = 0.05
MOST_BYTES = 1 << 20
CALLBACK_S = 10.0


@contextlib.asynccontextmanager
async def serving(
    liar: Liar, host: str = "127.0.0.1", port: int = 0, *, silence_s: float = SILENCE_S
) -> AsyncIterator[str]:
    """Its base URL while it answers. Callbacks go to loopback addresses and nowhere else, whatever an order says."""
    loop, calls = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    began = loop.time()
    http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALLBACK_S), trust_env=False)

    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, request.path, headers, await request.read(), request.query_string)
        liar.pass_time(loop.time() - began)
        others = set(calls)
        said = liar.answer(asked)
        if before := calls - others:  # a callback that comes before its answer
            await asyncio.wait(before)
        if said is None:
            await asyncio.sleep(silence_s)
            return web.Response(status=504)
        await asyncio.sleep(said.after_s)
        return web.Response(status=said.status, body=said.body, headers=dict(said.headers))

    async def call(told: Asked) -> None:
        url = yarl.URL(f"{told.to}{told.path}" + (f"?{told.query}" if told.query else ""), encoded=True)
        try:
            async with http.request(
                told.method, url, data=told.body, headers=dict(told.headers), allow_redirects=False
            ) as heard:
                log.info("callback to %s: HTTP %d", url, heard.status)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.info("callback to %s: %s", url, type(error).__name__)

    def deliver(told: Asked) -> None:
        if not is_loopback(told.to):
            log.warning("callback to %s: not a loopback address", told.to)
            return
        calls.add(task := loop.create_task(call(told)))
        task.add_done_callback(calls.discard)

    async def live() -> None:
        while True:
            liar.pass_time(loop.time() - began)
            await asyncio.sleep(TICK_S)

    liar.deliver, liar.supplier.shop.clock = deliver, time.time
    application = web.Application(client_max_size=MOST_BYTES)
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    living = loop.create_task(live())
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        for task in (living, *calls):
            task.cancel()
        await runner.cleanup()
        await http.close()


def is_loopback(to: str) -> bool:
    """An address, not a name: a name may stand for any."""
    try:
        parts = urlsplit(to)
        return parts.scheme in ("http", "https") and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
