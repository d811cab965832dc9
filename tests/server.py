"""A server process for tests: the product's ASGI application on the settings of the environment. `python -m server PORT`"""

import asyncio
import logging
import sys

import uvicorn

from commissary import app
from commissary.base import settings


async def main(port: int) -> None:
    logging.basicConfig(level=logging.INFO)
    chosen = settings.read(port=port)
    on = app.ground(chosen)
    async with app.platform(chosen, on) as platform:
        config = uvicorn.Config(
            platform.asgi,
            host="127.0.0.1",
            port=port,
            interface="asgi3",  # a bound method is taken for an older interface
            log_level="warning",
            access_log=False,
            lifespan="off",
        )
        await uvicorn.Server(config).serve()
    on.leave()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
