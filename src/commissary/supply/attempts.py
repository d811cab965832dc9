"""Purchases in the books: begun before the first byte, paid for when they succeed. The caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from commissary import ledger, stock
from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.ledger.rules import abroad_down, at_home_up, back_at_home
from commissary.ledger.types import Exchange, Transfer, TransferKind
from commissary.supply import people, reading, rules, store
from commissary.supply.market import Held, Market
from commissary.supply.types import Attempt, Choice, Code, Heard, Next, Result, Unread, Wish

ANSWER, UNREAD = "supplier-answer", "supplier-unread"
_encode = msgspec.json.encode
_decode = msgspec.json.Decoder(list[tuple[str | None, str]]).decode
_unread = msgspec.json.Decoder(tuple[Unread, ...]).decode


async def begin(
    tx: db.Tx,
    env: Env,
    home: int,
    market: Market,
    chosen: Sequence[tuple[Wish, int, Choice]],
    at: datetime,
) -> list[Attempt]:
    """(line, the how-manieth for it, the choice) each. Committed before anything is sent: whatever happens then, there
    is a row that says what may have been bought, and at which rate. A line with an open purchase ends the transaction."""
    ids = env.ids.many(len(chosen))
    made = [
        _begun(id_, market, wish, n, choice, at) for id_, (wish, n, choice) in zip(ids, chosen, strict=True)
    ]
    await store.add_attempts(tx, home, made, [choice.why for _, _, choice in chosen])
    await people.ask_people(tx, home, market, made, at)
    return made


def _begun(id_: int, market: Market, wish: Wish, n: int, choice: Choice, at: datetime) -> Attempt:
    """The dearest price that it may be made at goes to the supplier in his currency, so it is rounded down."""
    offer, rate = choice.offer, choice.rate
    assert offer is not None
    most_e4 = wish.most_unit_e4
    return Attempt(
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
        most_unit_e4=most_e4 if rate is None else abroad_down(most_e4, rate.rate_e8),
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
        next_at=at + timedelta(seconds=rules.CALL_LIMIT_S),
        people_at=None,
        called_at=at,
        answered_at=None,
        ended_at=None,
        rate_id=None if rate is None else rate.id,
        rate_e8=None if rate is None else rate.rate_e8,
    )


def after(attempt: Attempt, held: Held, result: Result, heard: Heard, now: datetime) -> Next:
    """What that supplier's answer makes of it."""
    return rules.after(attempt, held.connector.facts, held.quiet_s, result, heard, now)


def cost_e4(attempt: Attempt) -> int:
    """Of the whole purchase, in the supplier's currency; where he does not tell, as it was offered."""
    return attempt.unit_cost_e4 * attempt.quantity if attempt.cost_e4 is None else attempt.cost_e4


def cost_at_home_e4(attempt: Attempt) -> int:
    """The same in the mall's currency, by the rate that the purchase was chosen at, whatever became of it since."""
    owed_e4 = cost_e4(attempt)
    return owed_e4 if attempt.rate_e8 is None else at_home_up(owed_e4, attempt.rate_e8)


def back_e4(attempt: Attempt) -> int:
    """What came back of a purchase that was turned back, in the supplier's currency."""
    owed_e4 = cost_e4(attempt)
    return min(attempt.refunded_e4 or owed_e4, owed_e4)


def back_at_home_e4(attempt: Attempt) -> int:
    """The same in the mall's currency: of the whole, what the whole was booked at."""
    if attempt.rate_e8 is None:
        return back_e4(attempt)
    return back_at_home(cost_e4(attempt), back_e4(attempt), attempt.rate_e8)


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


async def keep_unread(tx: db.Tx, env: Env, home: int, heard: Mapping[int, Sequence[Unread]]) -> None:
    """Purchase → what was said of it that nobody looked at, beside what was kept before: as evidence, and decides nothing.
    Sealed with its names: a digest of a short code could be guessed, and an object may be keyed by codes. The purchases
    are locked by the caller."""
    had = await unread_of(tx, env, home, list(heard)) if heard else {}
    kept = {id_: reading.merged(had.get(id_, ()), more) for id_, more in heard.items()}
    kept = {id_: fields for id_, fields in kept.items() if fields != had.get(id_, ())}
    if kept:
        sealed = [
            env.keys.seal_field(mall_of(home), UNREAD, _encode(fields), b"%d" % id_)
            for id_, fields in kept.items()
        ]
        await store.keep_unread(tx, home, list(kept), sealed)


async def unread_of(tx: db.Tx, env: Env, home: int, ids: Sequence[int]) -> dict[int, tuple[Unread, ...]]:
    """What `keep_unread` kept of each; nothing of those that said nothing else."""
    return {
        id_: _unread(env.keys.open_field(mall_of(home), UNREAD, sealed, b"%d" % id_))
        for id_, sealed in (await store.kept_unread(tx, home, ids)).items()
    }


async def book(
    tx: db.Tx,
    env: Env,
    home: int,
    market: Market,
    changes: Sequence[tuple[Attempt, Attempt]],
    at: datetime,
) -> None:
    """(before, after) each: write them, and pay those that were bought. The transfer's id is the purchase's, so no
    purchase is ever paid twice; what comes back of a reversed one is a transfer of its own. In another currency both
    stand at the purchase's own rate."""
    await store.set_attempts(tx, home, [now for _, now in changes])
    transfers: list[Transfer] = []
    exchanges: list[Exchange] = []
    goods = market.purchases.get(market.currency)
    for was, now in changes:
        prepaid = market.accounts[now.connection_id]
        bought = now.state in ("succeeded", "surplus") and was.state not in ("succeeded", "surplus")
        turned_back = was.state == "succeeded" and now.state == "failed"
        if not (bought or turned_back) or not cost_e4(now):
            continue
        goods = goods or await _goods(tx, env, home, market)
        id_, kind = (now.id, TransferKind.purchase) if bought else (env.ids.new(), TransferKind.reversal)
        moved_e4 = cost_e4(now) if bought else back_e4(now)
        if now.rate_e8 is None:
            dr, cr = (prepaid, goods) if bought else (goods, prepaid)
            transfers.append(Transfer(id_, dr, cr, moved_e4, kind))
            continue
        at_home_e4 = cost_at_home_e4(now) if bought else back_at_home_e4(now)
        gained_e4 = moved_e4 if bought else -moved_e4
        rate = (now.rate_id, now.rate_e8)
        exchanges.append(Exchange(id_, prepaid, goods, now.currency, gained_e4, at_home_e4, kind, *rate))
    await ledger.exchange(tx, env, home, exchanges, at, transfers=transfers)


async def _goods(tx: db.Tx, env: Env, home: int, market: Market) -> int:
    """Where what was bought stands in the mall's currency: a mall whose every supplier has another has none yet."""
    own = await db.row(tx, store.Q.own_organisation, {"mall": market.mall})
    assert own is not None
    goods = await ledger.open_account(tx, env, home, own[0], "clearing", market.currency, "purchases")
    market.purchases[market.currency] = goods
    return goods
