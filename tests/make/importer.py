"""An import in a process of its own, to be killed. Reads what to do from stdin, says how far it is on stdout."""

import asyncio
import json
import sys
import time
from pathlib import Path

from commissary import stock
from commissary.base import db
from commissary.base.crypto import Keyring
from commissary.base.env import Env
from commissary.base.ids import Ids
from commissary.stock.types import ImportOptions
from commissary.tenancy.types import Actor


async def main() -> None:
    told = json.load(sys.stdin)
    keys = Keyring(
        {k: bytes.fromhex(v) for k, v in told["keks"].items()},
        told["current"],
        bytes.fromhex(told["index_key"]),
        {},
    )
    database = db.Database(db.Dsns(**told["dsns"]))
    env = Env(database, Ids(told["node"], lambda: time.time_ns() // 1_000_000), keys)
    actor = Actor(told["mall"], "cli", "importer", 0, frozenset({"*"}))
    await stock.import_codes(
        env,
        actor,
        told["mall"],
        told["sku"],
        Path(told["path"]),
        ImportOptions(unit_cost_e4=95_000),
        progress=lambda line, _: print(line, flush=True),
        chunk=told["chunk"],
    )
    print("done", flush=True)
    await database.close()


asyncio.run(main())
