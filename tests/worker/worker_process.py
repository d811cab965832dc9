"""A worker in a process of its own, so that a test can kill it. Reads its world from the first line of its input."""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from commissary import notify, worker
from commissary.base import db
from commissary.base.crypto import Keyring
from commissary.base.env import Env
from commissary.base.ids import Ids
from commissary.base.outgoing import Outgoing


async def main() -> None:
    told = json.loads(sys.stdin.readline())
    ids = Ids(told["node"], lambda: time.time_ns() // 1_000_000)
    keys = Keyring({"k1": bytes.fromhex(told["kek"])}, "k1", b"", {})
    ahead = timedelta(seconds=told["ahead_s"])
    env = Env(db.Database(db.Dsns(**told["dsns"])), ids, keys, lambda: datetime.now(UTC) + ahead)
    out = Outgoing(production=False, allow={("127.0.0.1", told["port"])}, limits=notify.LIMITS)
    worker.Worker(env, out).start()
    sys.stdout.write("started\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


asyncio.run(main())
