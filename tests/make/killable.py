"""A worker in a process of its own, to be killed: `start` it, watch it, kill it."""

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

from commissary import fulfilment, orders, stock
from commissary.base import db
from commissary.base.crypto import Keyring
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.base.ids import Ids


def start(world: Any, work: str, node: int, sheet: int = 0) -> subprocess.Popen[str]:
    """Returns once the child has begun."""
    ground = world.house.ground
    told = {
        "dsns": [ground.dsns.app, ground.dsns.vault, ground.dsns.report],
        "kek": base64.b64encode(world.env.keys.keks["k1"]).decode(),
        "index_key": base64.b64encode(world.env.keys.index_key).decode(),
        "home": world.home,
        "offset_s": world.env.offsets.get(world.mall, 0),
        "sheet": sheet,
        "node": node,
        "work": work,
    }
    # -P: beside this file stand modules named like the standard library's.
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-P", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(told))
    child.stdin.close()
    child.stdout.readline()
    return child


def kill(child: subprocess.Popen[str]) -> bool:
    """As the machine would: no last word. False when it had ended already."""
    alive = child.poll() is None
    if alive:
        os.kill(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout is not None:
        child.stdout.close()
    return alive


async def main() -> None:
    told = json.load(sys.stdin)
    database = db.Database(db.Dsns(*told["dsns"]))
    keys = Keyring({"k1": base64.b64decode(told["kek"])}, "k1", base64.b64decode(told["index_key"]), {})
    mall = mall_of(told["home"])
    env = Env(
        database,
        Ids(told["node"], lambda: time.time_ns() // 1_000_000),
        keys,
        offsets={mall: told["offset_s"]},
    )
    desk = orders.Desk(env, stock.Vault(keys), f"child-{os.getpid()}", "http://127.0.0.1")
    print("started", flush=True)
    if told["work"] == "release":
        await fulfilment.release_due(env, mall, env.now(mall))
    else:
        await orders.run_sheet(env, desk, told["home"], told["sheet"])
    print("done", flush=True)
    await desk.drain()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
