"""What a recall with money back would cost, for whoever decides about it."""

from commissary import approvals, stock, tenancy
from commissary.approvals.types import Look
from commissary.base import db, money
from commissary.base.env import Env
from commissary.orders.recall import recall_now
from commissary.stock.types import Moved
from commissary.tenancy.types import Actor


async def look_refund(tx: db.Tx, env: Env, actor: Actor, what: stock.RefundRecall) -> Look:
    """It holds as long as the same lines hold the same codes."""
    del env
    tenancy.require(actor, "stock.freeze")
    tenancy.require(actor, "aftersale.refund")
    now = await recall_now(tx, actor.mall_id, what.batch_id)
    return Look(
        acts=("orders.recall_refund",),
        subject=f"batch:{what.batch_id}",
        before={"orders": now.orders, "codes": now.pieces},
        after={"refund": money.of(now.refund_e4, now.currency)},
        holds={"orders": now.orders, "codes": now.pieces, "amount_e4": now.refund_e4},
        amount_e4=now.refund_e4,
        currency=now.currency,
        weight_e4=now.refund_e4,
        count=now.pieces,
        unit="codes",
    )


async def refund_recall(env: Env, actor: Actor, what: stock.RefundRecall) -> Moved:
    return await stock.recall(env, actor, what.batch_id, what.reason, refund=True)


ACTS = [approvals.Act(stock.RefundRecall, ("orders.recall_refund",), look_refund, refund_recall)]
