"""What moves between an account in another currency and the mall's own books. Each currency balances for itself.

    USD   supplier's account ── 10.00 ──> position          CNY   position ── 71.00 ──> goods       a purchase, at 7.10
    USD   position ── 10.00 ──> supplier's account          CNY   cash ── 73.00 ──> position        paid, at 7.30
                                                            CNY   position ── 2.00 ──> result       what the rate lost

A position is a pair of accounts, one in each currency: what stands open, and what it is in the books at. When it closes,
what is left on the mall's side is what rates gained or lost since, and is moved to the result at once, so that a closed
position holds nothing in either currency. Below zero on the account of the result is a gain, as on every account of costs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.ledger import accounts, rules, store
from commissary.ledger import store_currencies as rows
from commissary.ledger.post import post_locked
from commissary.ledger.types import Exchange, Transfer, TransferKind

SUB = "fx"
Pair = tuple[int, int]
"""(the position's account in its own currency, the one in the mall's)"""


async def exchange(
    tx: db.Tx,
    env: Env,
    home: int,
    exchanges: Sequence[Exchange],
    at: datetime,
    memo: str | None = None,
    *,
    transfers: Sequence[Transfer] = (),
) -> None:
    """All of them, and `transfers` besides, under one locking of accounts in id order. Locked accounts give too: what is
    told here has happened. Refuses as `post`."""
    if not exchanges and not transfers:
        return
    pairs: Mapping[str, Pair] = {}
    result_id = 0
    if exchanges:
        pairs, result_id = await _books(tx, env, home, {x.currency for x in exchanges})
    ids = {i for t in transfers for i in (t.dr_id, t.cr_id)}
    ids |= {i for x in exchanges for i in (x.account_id, x.other_id, *pairs[x.currency], result_id)}
    locked = await store.lock_accounts(tx, home, ids)
    stands = {c: (locked[a].balance_e4, locked[b].balance_e4) for c, (a, b) in pairs.items()}
    posted = list(transfers)
    made: list[rows.Written] = []
    for one in exchanges:
        abroad, here = pairs[one.currency]
        foreign_e4, book_e4 = stands[one.currency]
        home_e4 = -one.home_e4 if one.foreign_e4 > 0 else one.home_e4
        result_e4 = rules.realise(foreign_e4, book_e4, one.foreign_e4, home_e4)
        stands[one.currency] = (foreign_e4 + one.foreign_e4, book_e4 + home_e4 + result_e4)
        posted.append(_leg(one.id, abroad, one.account_id, one.foreign_e4, one.kind))
        legs: list[int | None] = []
        for other, amount_e4 in ((one.other_id, home_e4), (result_id, result_e4)):
            legs.append(env.ids.new() if amount_e4 else None)
            if legs[-1] is not None:
                posted.append(_leg(legs[-1], here, other, amount_e4, TransferKind.exchange))
        made.append(rows.Written(one, home_e4, result_e4, *legs))
    await post_locked(tx, home, locked, posted, at, memo, even_locked=True)
    if made:
        await rows.add_exchanges(tx, home, made, at)


def _leg(id_: int, position: int, other: int, gained_e4: int, kind: TransferKind) -> Transfer:
    """What the position gains from the other account, or gives to it."""
    dr, cr = (other, position) if gained_e4 > 0 else (position, other)
    return Transfer(id_, dr, cr, abs(gained_e4), kind)


async def _books(tx: db.Tx, env: Env, home: int, currencies: set[str]) -> tuple[dict[str, Pair], int]:
    """(currency → its position, the account of the result), opened when first needed."""
    owner, own = await rows.owner(tx, mall_of(home))
    known = await rows.fx_accounts(tx, home, owner)

    async def found(kind: str, sub: str, currency: str) -> int:
        id_ = known.get((kind, sub, currency))
        if id_ is None:
            id_ = await accounts.open_account(tx, env, home, owner, kind, currency, sub)  # type: ignore[arg-type]
        return id_

    pairs = {}
    for currency in sorted(currencies):
        assert currency != own, "the mall's own currency is not exchanged"
        sub = f"{SUB}:{currency}"
        pairs[currency] = (await found("clearing", sub, currency), await found("clearing", sub, own))
    return pairs, await found("adjustment", SUB, own)
