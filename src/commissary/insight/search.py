"""One box for everything: whatever somebody pastes or types, the things it may mean, each with its kind.

Nobody finds what he may not read, and nobody anything of another mall. Every look-up goes by an index or over the goods and
companies of one mall; a kind shows a few hits and the list of that kind shows the rest.
"""

from commissary import catalog, orders, partners, tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.insight.cases import orders_of
from commissary.insight.custody import custody_of
from commissary.insight.types import Hit, HitKind
from commissary.orders.types import OrderState
from commissary.tenancy.types import Actor

Q = sql.load(__package__)

MOST = 8  # of each kind
LEAST_LETTERS = 2  # of a name; any number is looked up


async def search(env: Env, actor: Actor, text: str) -> list[Hit]:
    """Orders first. A partner's people find their own orders only."""
    typed = text.strip()
    if not typed:
        return []
    hits = await _orders(env, actor, typed)
    if tenancy.allows(actor, "provenance.read"):
        hits += await _codes(env, actor, typed)
    if len(typed) < LEAST_LETTERS:
        return hits
    if tenancy.allows(actor, "catalog.read"):
        found = await catalog.list_skus(env, actor, search=typed, size=MOST)
        hits += [Hit("sku", str(s.id), s.name_zh, f"{s.code} · {s.name_en}", s.status) for s in found]
    if tenancy.allows(actor, "partners.read"):
        hits += await _companies(env, actor, typed)
    return hits


async def _orders(env: Env, actor: Actor, typed: str) -> list[Hit]:
    staff = tenancy.allows(actor, "orders.read")
    if not staff and not tenancy.allows(actor, "own.orders.read"):
        return []
    home = home_of(actor.mall_id)
    found, _ = await orders.list_orders(
        env, actor, orders.OrderQuery(q=typed), sort=None, cursor=None, size=MOST
    )
    if staff:
        async with env.db.transaction(actor.mall_id) as tx:
            ids = await orders_of(tx, actor.mall_id, home, typed)
            ids += await orders.by_target(tx, env, home, typed, MOST)
        new = tuple(i for i in dict.fromkeys(ids) if i not in {o.id for o in found})[:MOST]
        if new:
            query = orders.OrderQuery(ids=new)
            others, _ = await orders.list_orders(env, actor, query, sort=None, cursor=None, size=MOST)
            found = [*others, *found]
    return [_order(home, o.id, o.client_order_no, o.buyer_name, o.state) for o in found[:MOST]]


def _order(home: int, id_: int, client_no: str, buyer: str | None, state: OrderState) -> Hit:
    detail = " · ".join(part for part in (client_no, buyer) if part)
    return Hit("order", str(id_), orders.order_no(home, id_), detail, state)


async def _codes(env: Env, actor: Actor, typed: str) -> list[Hit]:
    """By a whole fingerprint; the code itself is nowhere in clear."""
    if len(typed) != 64:
        return []
    try:
        chain = await custody_of(env, actor, fingerprint=bytes.fromhex(typed))
    except (ValueError, Refused):
        return []
    source = chain.source
    detail = " · ".join(part for part in (source.supplier_name, source.source) if part)
    return [
        Hit("code", str(source.batch_id), f"{source.batch_id}-{source.seq}", detail, chain.now, source.seq)
    ]


async def _companies(env: Env, actor: Actor, typed: str) -> list[Hit]:
    """By part of the name, or by the last digits of a contact's phone."""
    hits = []
    for buyer in await partners.list_buyers(env, actor, search=typed, size=MOST):
        hits.append(Hit("buyer", str(buyer.id), buyer.name, "", buyer.status))
    facts = {"mall": actor.mall_id, "text": typed, "most": MOST}
    async with env.db.transaction(actor.mall_id) as tx:
        for id_, name, status in await db.rows(tx, Q.suppliers_by_name, facts):
            hits.append(Hit("supplier", str(id_), name, "", status))
        if typed.isascii() and typed.isdigit() and len(typed) == 4:
            for id_, kind, name, status, contact in await db.rows(tx, Q.companies_by_phone, facts):
                side: HitKind = "supplier" if kind == "supplier" else "buyer"
                hits.append(Hit(side, str(id_), name, f"{contact} ****{typed}", status))
    return hits
