"""What a recall with money back would cost, for whoever decides about it."""

from commissary import approvals, stock, tenancy
from commissary.approvals.types import Look
from commissary.base import db, money, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.stock.types import Moved
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "recall.sql")


async def look_refund(tx: db.Tx, env: Env, actor: Actor, what: stock.RefundRecall) -> Look:
    """It holds as long as the same lines hold the same codes."""
    del env
    tenancy.require(actor, "stock.freeze")
    tenancy.require(actor, "aftersale.refund")
    home = home_of(actor.mall_id)
    wanted = {"home": home, "batch": what.batch_id}
    if await db.row(tx, Q.batch_is_there, wanted) is None:
        raise Refused(RequestRefusal.not_found)
    found = await db.row(tx, Q.refundable, wanted)
    assert found is not None, "an aggregate has a row"
    lines, codes, amount_e4 = int(found[0]), int(found[1]), int(found[2])
    currency = await tenancy.currency_of(tx, actor.mall_id)
    return Look(
        acts=("orders.recall_refund",),
        subject=f"batch:{what.batch_id}",
        before={"lines": lines, "codes": codes},
        after={"refund": money.of(amount_e4, currency)},
        holds={"lines": lines, "codes": codes, "amount_e4": amount_e4},
        amount_e4=amount_e4,
        currency=currency,
        weight_e4=amount_e4,
        count=codes,
        unit="codes",
    )


async def refund_recall(env: Env, actor: Actor, what: stock.RefundRecall) -> Moved:
    return await stock.recall(env, actor, what.batch_id, what.reason, refund=True)


ACTS = [approvals.Act(stock.RefundRecall, ("orders.recall_refund",), look_refund, refund_recall)]
