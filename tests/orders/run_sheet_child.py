"""A worker in a process of its own, to be killed: `python run_sheet_child.py` reads its orders from stdin."""

import asyncio
import base64
import json
import os
import sys
import time

from commissary import orders, stock
from commissary.base import db
from commissary.base.crypto import Keyring
from commissary.base.env import Env
from commissary.base.ids import Ids


async def main() -> None:
    told = json.load(sys.stdin)
    database = db.Database(db.Dsns(*told["dsns"]))
    keys = Keyring({"k1": base64.b64decode(told["kek"])}, "k1", base64.b64decode(told["index_key"]), {})
    env = Env(database, Ids(told["node"], lambda: time.time_ns() // 1_000_000), keys, offsets={})
    desk = orders.Desk(env, stock.Vault(keys), f"child-{os.getpid()}", "http://127.0.0.1")
    print("started", flush=True)
    await orders.run_sheet(env, desk, told["home"], told["sheet"])
    print("done", flush=True)
    await desk.drain()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
