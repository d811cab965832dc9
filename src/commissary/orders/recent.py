"""Orders of the last minutes as risk counts them, so that a process that begins to judge knows what came before it."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from commissary.base import db, sql
from commissary.base.arrays import Byteas
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.ids import at_ms, first_at
from commissary.orders.desk import key_of
from commissary.risk.types import Facts, Line

L = sql.load(__package__, "later.sql")
KEYS_AT_ONCE = 10_000


async def recent(env: Env, mall: int, since_s: float, most: int) -> list[Facts]:
    """At most so many orders placed since that Unix second, the youngest when there are more; oldest first.

    Time is the clock of the process that placed, which is also what risk judged by. What no order keeps is left empty:
    the address that the buyer's program called from.
    """
    home = home_of(mall)
    since = max(0, first_at(int(since_s * 1000)))
    async with env.db.transaction(mall) as tx:
        params: dict[str, Any] = {"home": home, "mall": mall, "since": since, "most": most}
        rows = await db.rows(tx, L.recent_lines, params)
        orders = [list(lines) for _, lines in groupby(rows, key=lambda r: r[0])]
        keys = [key_of(lines[0][1], lines[0][3]) for lines in orders]
        bodies: dict[bytes, bytes] = {}
        for first in range(0, len(keys), KEYS_AT_ONCE):
            some = Byteas(keys[first : first + KEYS_AT_ONCE])
            for key, body in await db.rows(tx, L.bodies, {"home": home, "keys": some}):
                bodies[bytes(key)] = bytes(body)
    return [
        _facts(mall, lines, key + bodies[key] if key in bodies else b"")
        for lines, key in zip(orders, keys, strict=True)
    ]


def _facts(mall: int, lines: Sequence[Sequence[Any]], order_key: bytes) -> Facts:
    order_id, buyer_id, key_id, _, ip, device_id = lines[0][:6]
    wanted: list[Line] = []
    bundles: set[int] = set()
    for *_, sku_id, quantity, target, bundle_id, in_one in lines:
        if bundle_id is None:
            wanted.append(Line(sku_id, quantity, bytes(target) if target else None))
        elif bundle_id not in bundles:  # written as its parts, asked for and judged as one line
            bundles.add(bundle_id)
            wanted.append(Line(bundle_id, max(1, quantity // (in_one or 1))))
    return Facts(
        mall_id=mall,
        buyer_id=buyer_id,
        key_id=key_id,
        ip="",
        at_s=at_ms(order_id) / 1000,
        lines=tuple(wanted),
        end_user_ip=ip,
        device_id=device_id,
        order_key=order_key,
    )
