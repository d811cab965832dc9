"""Goods as they were when they were sold: what a reprint of an order shows, whatever became of the SKU since."""

from commissary import catalog
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.orders import store, view
from commissary.orders.types import OrderRefusal
from commissary.orders.wire import SnapshotLine, SnapshotOut


async def snapshot(env: Env, home: int, order_id: int, buyer_id: int | None = None) -> SnapshotOut:
    """`buyer_id`: whose order it must be. Refuses order_not_found."""
    mall = mall_of(home)
    async with env.db.transaction(mall) as tx:
        params = {"home": home, "id": order_id}
        found = await db.row(tx, store.Q.buyer_of, params)
        if found is None or buyer_id not in (None, found[0]):
            raise Refused(OrderRefusal.order_not_found)
        lines = []
        for line_no, sku_id, version in await db.rows(tx, store.Q.versions_of_lines, params):
            body = await catalog.sku_version(tx, mall, sku_id, version)
            lines.append(SnapshotLine(line_no, str(sku_id), version, dict(body or {})))
    return SnapshotOut(str(order_id), view.order_no(home, order_id), lines)
