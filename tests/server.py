"""A server process for tests: the product's ASGI application on the settings of the environment. `python -m server PORT`
does everything in one process; with `apart` behind it, there is a worker beside it, as `commissary up` has."""

import asyncio
import contextlib
import sys

from commissary import app
from commissary.base import log, settings
from commissary.cli.serve import Server, bound
from commissary.cli.work import beside


async def main(port: int, apart: bool) -> None:
    chosen = settings.read(port=port)
    log.begin(production=False)
    listen = bound(chosen)
    on = app.ground(chosen)
    async with contextlib.AsyncExitStack() as stack:
        worker = await stack.enter_async_context(beside(chosen, on))
        platform = await stack.enter_async_context(
            app.platform(chosen, on, works=not apart, nudge=worker.nudge if apart else None)
        )
        server = Server(platform, listen)
        serving = asyncio.create_task(server.serve(sockets=[listen]))
        if apart:
            await server.listening.wait()
            worker.start()
        await serving
    on.leave()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), "apart" in sys.argv))
