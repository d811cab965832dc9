"""Goods, prices and terms as they were when they were sold: what a reprint of an order shows, whatever became of the SKU
and its price since."""

from commissary import catalog
from commissary.base import db, money, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.orders import view
from commissary.orders.types import OrderRefusal
from commissary.orders.wire import SnapshotLine, SnapshotOut

Q = sql.load(__package__, "snapshot.sql")


async def snapshot(env: Env, home: int, order_id: int, buyer_id: int | None = None) -> SnapshotOut:
    """`buyer_id`: whose order it must be; None: the mall's staff, who also see where each price came from. Refuses
    order_not_found."""
    mall = mall_of(home)
    async with env.db.transaction(mall) as tx:
        params = {"home": home, "id": order_id}
        found = await db.row(tx, Q.head, params)
        if found is None or buyer_id not in (None, found[0]):
            raise Refused(OrderRefusal.order_not_found)
        lines = []
        for row in await db.rows(tx, Q.lines, params):
            line_no, sku_id, version, bundle_id, quantity, unit_price_e4, amount_e4, source = row
            lines.append(
                SnapshotLine(
                    line_no=line_no,
                    sku_id=str(sku_id),
                    version=version,
                    quantity=quantity,
                    unit_price=money.of(unit_price_e4, found[1]),
                    amount=money.of(amount_e4, found[1]),
                    sku=dict(await catalog.sku_version(tx, mall, sku_id, version) or {}),
                    bundle_id=None if bundle_id is None else str(bundle_id),
                    price_source=source if buyer_id is None else None,
                )
            )
    return SnapshotOut(str(order_id), view.order_no(home, order_id), lines)
