"""Price books: the list, one per tier, one per contract."""

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import invalid
from commissary.pricing import store
from commissary.pricing.types import Book, BookKind
from commissary.tenancy.types import Actor


async def open_book(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    kind: BookKind,
    name: str,
    *,
    tier_id: int | None = None,
    buyer_id: int | None = None,
) -> Book:
    """In the mall's currency. One list per mall, one book per tier and per buyer: refuses `book_exists`."""
    tenancy.require(actor, "pricing.write")
    if (kind == "tier") != (tier_id is not None) or (kind == "contract") != (buyer_id is not None):
        raise invalid("kind", "a tier's book names its tier, a contract its buyer, the list neither")
    mall = actor.mall_id
    currency = await store.currency_of(tx, mall)
    made = Book(env.ids.new(), kind, tier_id, buyer_id, name, currency)
    await store.add_book(tx, mall, made, env.now(mall))
    await tenancy.audit(
        tx, env, actor, "pricing.open_book", f"book:{made.id}", None, {"kind": kind, "name": name}
    )
    await tenancy.raise_epoch(tx, mall)
    return made
