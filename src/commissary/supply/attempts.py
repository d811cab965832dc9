"""Purchases in the books: begun before the first byte, paid for when they succeed. The caller's transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from commissary import ledger, stock
from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.ledger.types import Transfer, TransferKind
from commissary.supply import people, rules, store
from commissary.supply.market import Held, Market
from commissary.supply.types import Attempt, Choice, Code, Heard, Next, Result, Wish

ANSWER = "supplier-answer"
_encode = msgspec.json.encode
_decode = msgspec.json.Decoder(list[tuple[str | None, str]]).decode


async def begin(
    tx: db.Tx,
    env: Env,
    home: int,
    market: Market,
    chosen: Sequence[tuple[Wish, int, Choice]],
    at: datetime,
) -> list[Attempt]:
    """(line, the how-manieth for it, the choice) each. Committed before anything is sent: whatever happens then, there
    is a row that says what may have been bought. A line with an open purchase ends the transaction."""
    ask_at = at + timedelta(seconds=rules.CALL_LIMIT_S)
    ids = env.ids.many(len(chosen))
    await store.add_attempts(tx, home, ids, chosen, market.suppliers, at, ask_at)
    made = []
    for id_, (wish, n, choice) in zip(ids, chosen, strict=True):
        offer = choice.offer
        assert offer is not None
        made.append(
            Attempt(
                id=id_,
                order_id=wish.order_id,
                line_no=wish.line_no,
                n=n,
                sku_id=wish.sku_id,
                offer_id=offer.id,
                connection_id=offer.connection_id,
                supplier_id=market.suppliers[offer.connection_id],
                good_id=offer.good_id,
                kind=offer.kind,
                quantity=wish.quantity,
                most_unit_e4=wish.most_unit_e4,
                unit_cost_e4=offer.unit_cost_e4,
                currency=offer.currency,
                state="calling",
                reason="",
                said="",
                supplier_ref="",
                cost_e4=None,
                refunded_e4=0,
                asked=0,
                missing_since=None,
                next_at=ask_at,
                people_at=None,
                called_at=at,
                answered_at=None,
                ended_at=None,
            )
        )
    await people.ask_people(tx, home, market, made, at)
    return made


def after(attempt: Attempt, held: Held, result: Result, heard: Heard, now: datetime) -> Next:
    """What that supplier's answer makes of it."""
    return rules.after(attempt, held.connector.facts, held.quiet_s, result, heard, now)


def cost_e4(attempt: Attempt) -> int:
    """Of the whole purchase; where the supplier does not tell, as it was offered."""
    return attempt.unit_cost_e4 * attempt.quantity if attempt.cost_e4 is None else attempt.cost_e4


async def keep_answers(tx: db.Tx, env: Env, home: int, bought: Sequence[stock.Bought]) -> None:
    """Codes that came with an answer that does not fit: sealed beside the purchase until somebody has decided."""
    if bought:
        sealed = [
            env.keys.seal_field(
                mall_of(home), ANSWER, _encode([(c.number, c.secret) for c in b.codes]), b"%d" % b.id
            )
            for b in bought
        ]
        await store.keep_answers(tx, home, [b.id for b in bought], sealed)


async def kept_codes(tx: db.Tx, env: Env, home: int, attempt_id: int) -> tuple[Code, ...]:
    """What `keep_answers` kept."""
    sealed = await store.kept_answer(tx, home, attempt_id)
    if sealed is None:
        return ()
    clear = env.keys.open_field(mall_of(home), ANSWER, sealed, b"%d" % attempt_id)
    return tuple(Code(secret, number) for number, secret in _decode(clear))


async def book(
    tx: db.Tx,
    env: Env,
    home: int,
    market: Market,
    changes: Sequence[tuple[Attempt, Attempt]],
    at: datetime,
) -> None:
    """(before, after) each: write them, and pay those that were bought. The transfer's id is the purchase's, so no
    purchase is ever paid twice; what comes back of a reversed one is a transfer of its own."""
    await store.set_attempts(tx, home, [now for _, now in changes])
    transfers = []
    for was, now in changes:
        prepaid, goods = market.accounts[now.connection_id], market.purchases[now.currency]
        owed = cost_e4(now)
        if now.state in ("succeeded", "surplus") and was.state not in ("succeeded", "surplus") and owed:
            transfers.append(Transfer(now.id, prepaid, goods, owed, TransferKind.purchase))
        elif was.state == "succeeded" and now.state == "failed" and owed:
            transfers.append(
                Transfer(
                    env.ids.new(), goods, prepaid, min(now.refunded_e4 or owed, owed), TransferKind.reversal
                )
            )
    await ledger.post(tx, env, home, transfers, at, even_locked=True)
