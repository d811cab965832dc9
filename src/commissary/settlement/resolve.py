"""What is done about a difference: once, and what it posts has the difference's own id, so never twice.

    accepted      their amount stands: our account with them ↔ adjustments
    claimed       the same, but against what waits for the supplier's word: `end_claim` decides it
    written_off   against losses; needs `settlement.payout`
    late          nothing is posted: it counts for the next day

Whichever of the first three: afterwards our account with them says what their statement says.

Locks: the difference (or claim), then the next day's row, then accounts in id order.
"""

from datetime import date, datetime, timedelta
from typing import Literal

from commissary import ledger, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.ledger.types import AccountKind, Transfer, TransferKind
from commissary.settlement import abroad, store
from commissary.settlement.types import Account, Claim, Difference, Resolution, SettlementRefusal
from commissary.tenancy.types import Actor

# Where the other side of a correction stands, in the mall's currency: kind of account and its purpose. What is claimed
# stands in the supplier's.
AGAINST: dict[str, tuple[AccountKind, str]] = {
    "accepted": ("adjustment", ""),
    "written_off": ("adjustment", "write-off"),
}
ONE_SIDED = frozenset({"missing", "extra", "late"})


async def resolve(
    env: Env, actor: Actor, difference_id: int, resolution: Resolution, note: str = ""
) -> Difference:
    """Refuses difference_not_found, difference_resolved (by another resolution; the same one again changes nothing),
    not_late, day_closed."""
    tenancy.require(actor, "settlement.payout" if resolution == "written_off" else "settlement.write")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        at = env.now(mall)
        known = await _difference(tx, home, difference_id)
        to_day = known.day + timedelta(days=1) if resolution == "late" else None
        posts = resolution != "late" and known.difference_e4 != 0
        given = {
            "home": home,
            "id": known.id,
            "resolution": resolution,
            "to_day": to_day,
            "transfer": known.id if posts else None,
            "note": note[:500],
            "by": f"{actor.kind}:{actor.id}",
            "at": at,
        }
        if known.state == "open" and resolution == "late":
            _may_be_late(known)
        if not await db.run(tx, store.Q.resolve, given):
            known = await _difference(tx, home, difference_id)
            if known.resolution != resolution:
                raise Refused(SettlementRefusal.difference_resolved, resolution=known.resolution)
            return known
        if to_day is not None:
            await store.touch(tx, home, known.connection_id, to_day)
        if posts:
            account, _ = await store.account(tx, home, known.connection_id)
            await _post(tx, env, home, account, known.id, known.difference_e4, resolution, at)
            if resolution == "claimed":
                asked = {"home": home, "id": known.id, "connection": known.connection_id, "at": at}
                await db.run(tx, store.Q.add_claim, asked | {"amount": known.difference_e4})
        told = {"resolution": resolution, "difference_e4": known.difference_e4, "note": note[:500]}
        subject = f"difference:{known.id}"
        await tenancy.audit(tx, env, actor, "settlement.resolve", subject, {"kind": known.kind}, told)
        return await _difference(tx, home, difference_id)


async def end_claim(env: Env, actor: Actor, claim_id: int, outcome: Literal["granted", "refused"]) -> Claim:
    """The supplier has spoken. Granted: the money is in our account with him again; refused: it is a loss, which needs
    `settlement.payout`. Refuses claim_not_found, claim_ended."""
    tenancy.require(actor, "settlement.payout" if outcome == "refused" else "settlement.write")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        at, transfer_id = env.now(mall), env.ids.new()
        known = await _claim(tx, home, claim_id)
        ended = {"home": home, "id": claim_id, "state": outcome, "transfer": transfer_id, "at": at}
        if not await db.run(tx, store.Q.end_claim, ended):
            known = await _claim(tx, home, claim_id)
            if known.state != outcome:
                raise Refused(SettlementRefusal.claim_ended, status=known.state)
            return known
        account, _ = await store.account(tx, home, known.connection_id)
        claims, memo = await _claims(tx, env, home, account), f"claim {claim_id}"
        if outcome == "refused":
            await _lose(tx, env, home, account, claims, transfer_id, known.amount_e4, "written_off", at, memo)
        else:
            dr, cr = claims, account.account_id
            dr, cr = (dr, cr) if known.amount_e4 > 0 else (cr, dr)
            moved = Transfer(transfer_id, dr, cr, abs(known.amount_e4), TransferKind.adjustment)
            await ledger.post(tx, env, home, [moved], at, memo, even_locked=True)
        was = {"status": known.state, "amount_e4": known.amount_e4}
        told = was | {"status": outcome}
        await tenancy.audit(tx, env, actor, "settlement.end_claim", f"claim:{claim_id}", was, told)
        return await _claim(tx, home, claim_id)


async def list_differences(
    env: Env,
    actor: Actor,
    *,
    connection_id: int | None = None,
    day: date | None = None,
    state: str | None = None,
    kind: str | None = None,
    after: int = 0,
    size: int = 50,
) -> list[Difference]:
    """The work list: the oldest first."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.differences(
            tx,
            home_of(actor.mall_id),
            connection_id=connection_id,
            day=day,
            state=state,
            kind=kind,
            after=after,
            size=size,
        )


async def list_claims(
    env: Env,
    actor: Actor,
    *,
    connection_id: int | None = None,
    state: str | None = None,
    after: int = 0,
    size: int = 50,
) -> list[Claim]:
    """The oldest first."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        home = home_of(actor.mall_id)
        return await store.claims(tx, home, connection_id=connection_id, state=state, after=after, size=size)


def _may_be_late(known: Difference) -> None:
    if known.kind not in ONE_SIDED or (known.other_day is not None and known.other_day < known.day):
        raise Refused(SettlementRefusal.not_late, kind=known.kind)


async def _post(
    tx: db.Tx,
    env: Env,
    home: int,
    account: Account,
    id_: int,
    difference_e4: int,
    resolution: Resolution,
    at: datetime,
) -> None:
    memo = f"difference {id_}: {resolution}"
    if resolution != "claimed":
        giver = account.account_id
        await _lose(tx, env, home, account, giver, id_, difference_e4, resolution, at, memo)
        return
    claims = await _claims(tx, env, home, account)
    dr, cr = (account.account_id, claims) if difference_e4 > 0 else (claims, account.account_id)
    moved = Transfer(id_, dr, cr, abs(difference_e4), TransferKind.adjustment)
    await ledger.post(tx, env, home, [moved], at, memo, even_locked=True)


async def _lose(
    tx: db.Tx,
    env: Env,
    home: int,
    account: Account,
    giver: int,
    id_: int,
    amount_e4: int,
    what: str,
    at: datetime,
    memo: str,
) -> None:
    """From an account in the supplier's currency to the mall's own corrections or losses, by the rate in force."""
    await abroad.move(
        tx,
        env,
        home,
        id_=id_,
        account_id=giver,
        currency=account.currency,
        against=AGAINST[what],
        amount_e4=amount_e4,
        kind=TransferKind.adjustment,
        at=at,
        memo=memo,
    )


async def _claims(tx: db.Tx, env: Env, home: int, account: Account) -> int:
    """Per connection and in its currency, for they are somebody's debt."""
    owner = await store.mall_organisation(tx, home)
    sub = f"claims:{account.connection_id}"
    return await ledger.open_account(tx, env, home, owner, "clearing", account.currency, sub)


async def _difference(tx: db.Tx, home: int, difference_id: int) -> Difference:
    found = await store.differences(tx, home, id_=difference_id, size=1)
    if not found:
        raise Refused(SettlementRefusal.difference_not_found)
    return found[0]


async def _claim(tx: db.Tx, home: int, claim_id: int) -> Claim:
    found = await store.claims(tx, home, id_=claim_id, size=1)
    if not found:
        raise Refused(SettlementRefusal.claim_not_found)
    return found[0]
