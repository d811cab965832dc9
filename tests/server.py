"""A server process for tests: the product's ASGI application on the settings of the environment. `python -m server PORT`"""

import asyncio
import sys

from commissary import app
from commissary.base import log, settings
from commissary.cli.serve import Server, bound


async def main(port: int) -> None:
    chosen = settings.read(port=port)
    log.begin(production=False)
    listen = bound(chosen)
    on = app.ground(chosen)
    async with app.platform(chosen, on) as platform:
        await Server(platform, listen).serve(sockets=[listen])
    on.leave()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
