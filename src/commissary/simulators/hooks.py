"""A buyer's program that hears webhooks: it says yes to each and keeps none."""

import contextlib
from collections.abc import AsyncIterator

from aiohttp import web


@contextlib.asynccontextmanager
async def hearing(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Its address while it answers."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=204)

    application = web.Application()
    application.router.add_post("/webhooks", answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield f"http://{host}:{runner.addresses[0][1]}/webhooks"
    finally:
        await runner.cleanup()
