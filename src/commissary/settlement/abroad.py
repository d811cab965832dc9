"""Our account with a supplier against the mall's own books, in whatever currency the supplier keeps it."""

from datetime import datetime

from commissary import ledger
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.ledger.rules import at_home_up
from commissary.ledger.types import AccountKind, Exchange, LedgerRefusal, Rate, Transfer, TransferKind
from commissary.settlement import store


async def own_currency(tx: db.Tx, env: Env, home: int) -> str:
    """The mall's."""
    mall = mall_of(home)
    return (await ledger.rates_of(tx, mall, env.now(mall))).currency


async def worth(
    tx: db.Tx, home: int, currency: str, amount_e4: int, at: datetime, *, fresh: bool
) -> tuple[int, Rate]:
    """(what that much is in the mall's currency, without sign; by which rate). `fresh`: not by a stale one. Refuses
    rate_missing."""
    known = await ledger.rates_of(tx, mall_of(home), at)
    rate = known.fresh(currency, at) if fresh else known.at(currency, at)
    if rate is None:
        raise Refused(LedgerRefusal.rate_missing, currency=currency)
    return at_home_up(abs(amount_e4), rate.rate_e8), rate


async def move(
    tx: db.Tx,
    env: Env,
    home: int,
    *,
    id_: int,
    account_id: int,
    currency: str,
    against: tuple[AccountKind, str],
    amount_e4: int,
    kind: TransferKind,
    at: datetime,
    memo: str,
    as_: tuple[int, Rate | None] | None = None,
) -> None:
    """More than zero: the account gives it to `against`, one of the mall's own books; less: it gets it. `as_`: what it is
    in the mall's currency; else by the rate in force, however old. Refuses rate_missing."""
    owner, own = await store.mall_organisation(tx, home), await own_currency(tx, env, home)
    other = await ledger.open_account(tx, env, home, owner, against[0], own, against[1])
    if currency == own:
        dr, cr = (account_id, other) if amount_e4 > 0 else (other, account_id)
        moved = Transfer(id_, dr, cr, abs(amount_e4), kind)
        await ledger.post(tx, env, home, [moved], at, memo, even_locked=True)
        return
    home_e4, rate = as_ or await worth(tx, home, currency, amount_e4, at, fresh=False)
    by = (None, None) if rate is None else (rate.id, rate.rate_e8)
    moved_abroad = Exchange(id_, account_id, other, currency, amount_e4, abs(home_e4), kind, *by)
    await ledger.exchange(tx, env, home, [moved_abroad], at, memo)
