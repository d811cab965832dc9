"""Opening accounts and reading them."""

from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.ledger import store
from commissary.ledger.types import AGENT_BOOKS, Account, AccountKind, Books


async def open_account(
    tx: db.Tx,
    env: Env,
    home: int,
    owner_id: int,
    kind: AccountKind,
    currency: str,
    sub: str = "",
    limit_e4: int = 0,
) -> int:
    """The account of that owner, purpose, kind and currency: opened now, or the one that stands already.

    A wallet begins with floor `-limit_e4`; a system account has no floor.
    """
    floor_e4 = -limit_e4 if kind == "wallet" else None
    id_ = env.ids.new()
    at = env.now(mall_of(home))
    return await store.add_account(
        tx,
        home,
        -id_ if kind in AGENT_BOOKS else id_,
        owner_id,
        kind,
        currency,
        sub,
        floor_e4,
        limit_e4,
        at,
    )


async def found_books(tx: db.Tx, env: Env, home: int, owner_id: int, currency: str) -> Books:
    """The mall's own accounts; `owner_id` is the mall's own organisation. Once, however often it is called."""
    return Books(
        revenue_id=await open_account(tx, env, home, owner_id, "revenue", currency),
        cash_id=await open_account(tx, env, home, owner_id, "cash", currency),
        fees_id=await open_account(tx, env, home, owner_id, "fees", currency),
        adjustment_id=await open_account(tx, env, home, owner_id, "adjustment", currency),
    )


async def balance(tx: db.Tx, home: int, account_id: int) -> Account:
    """As it stands, without a lock. Refuses `no_such_account`."""
    return await store.account(tx, home, account_id)
