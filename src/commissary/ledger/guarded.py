"""Acts on money that a rule may put before a second person: what exactly would be done, and what it would change.

A correction or a payment back says how the balance would stand; it holds as long as the account is open or locked as it was. A
credit line holds as long as it is the one that was seen.
"""

import msgspec

from commissary import approvals, tenancy
from commissary.approvals.types import ActName, Look
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid, unchanged
from commissary.base.home import home as home_of
from commissary.base.money import Money
from commissary.ledger import buyers, credit, move, rules, store
from commissary.ledger import store_currencies as rates
from commissary.ledger.types import Account, CreditLine, LedgerRefusal, Moved
from commissary.partners.types import Business, Buyer
from commissary.tenancy.types import Actor


class Adjust(msgspec.Struct, frozen=True):
    account_id: int
    amount_e4: int
    reason: str
    reference: str


class Withdraw(msgspec.Struct, frozen=True):
    account_id: int
    amount_e4: int
    recharge_reference: str
    reference: str
    memo: str | None


class SetCredit(msgspec.Struct, frozen=True):
    account_id: int
    limit_e4: int
    terms_days: int
    grace_days: int
    version: int | None = None


class AddBuyer(msgspec.Struct, frozen=True):
    """With a credit line; without one it is nobody's second thought."""

    name: str
    tier_id: int | None
    parent_id: int | None
    currency: str | None
    limit: Money
    terms_days: int
    grace_days: int
    notes: str
    business: Business = "general"


async def look_adjust(tx: db.Tx, env: Env, actor: Actor, what: Adjust) -> Look:
    tenancy.require(actor, "ledger.adjust")
    tenancy.require_proof(env, actor)
    account = await store.account(tx, home_of(actor.mall_id), what.account_id)
    after = account.balance_e4 + what.amount_e4
    return await _moving(tx, env, actor, "ledger.adjust", account, what.amount_e4, after)


async def adjust(env: Env, actor: Actor, what: Adjust) -> Moved:
    return await move.adjust(env, actor, what.account_id, what.amount_e4, what.reason, what.reference)


async def look_withdraw(tx: db.Tx, env: Env, actor: Actor, what: Withdraw) -> Look:
    tenancy.require(actor, "ledger.write")
    tenancy.require_proof(env, actor)
    account = await store.account(tx, home_of(actor.mall_id), what.account_id)
    if account.kind != "wallet":
        raise Refused(LedgerRefusal.not_a_wallet)
    if what.amount_e4 <= 0:
        raise invalid("amount", "must be more than zero")
    after = account.balance_e4 - what.amount_e4
    return await _moving(tx, env, actor, "ledger.withdraw", account, what.amount_e4, after)


async def withdraw(env: Env, actor: Actor, what: Withdraw) -> Moved:
    return await move.withdraw(
        env, actor, what.account_id, what.amount_e4, what.recharge_reference, what.reference, what.memo
    )


async def look_credit(tx: db.Tx, env: Env, actor: Actor, what: SetCredit) -> Look:
    """The amount is what the limit is raised by: lowering it risks nothing."""
    tenancy.require(actor, "ledger.credit")
    here = home_of(actor.mall_id)
    account = await store.account(tx, here, what.account_id)
    if account.kind != "wallet":
        raise Refused(LedgerRefusal.not_a_wallet)
    if what.limit_e4 < 0:
        raise invalid("limit", "must not be negative")
    old = await store.credit_line(tx, here, what.account_id) or CreditLine(what.account_id, 0, 0, 0)
    unchanged(what.version, old.version)
    raised = max(0, what.limit_e4 - old.limit_e4)
    return Look(
        acts=("ledger.set_credit",),
        subject=f"account:{account.id}",
        before=_line(account.currency, old.limit_e4, old.terms_days, old.grace_days),
        after=_line(account.currency, what.limit_e4, what.terms_days, what.grace_days),
        holds={"limit_e4": old.limit_e4, "terms_days": old.terms_days, "grace_days": old.grace_days},
        amount_e4=raised,
        currency=account.currency,
        weight_e4=await _weight(tx, env, actor.mall_id, account.currency, raised),
    )


async def set_credit(env: Env, actor: Actor, what: SetCredit) -> Account:
    return await credit.set_credit(
        env, actor, what.account_id, what.limit_e4, what.terms_days, what.grace_days, what.version
    )


async def look_buyer(tx: db.Tx, env: Env, actor: Actor, what: AddBuyer) -> Look:
    tenancy.require(actor, "partners.write")
    tenancy.require(actor, "ledger.credit")
    currency = what.currency or await store.currency_of(tx, actor.mall_id)
    if what.limit.currency != currency:
        raise Refused(LedgerRefusal.currency_mismatch)
    limit_e4 = money.parse(what.limit.amount)
    return Look(
        acts=("ledger.set_credit",),
        subject=f"buyer:{what.name}",
        before={},
        after={"name": what.name} | _line(currency, limit_e4, what.terms_days, what.grace_days),
        holds={},
        amount_e4=limit_e4,
        currency=currency,
        weight_e4=await _weight(tx, env, actor.mall_id, currency, limit_e4),
    )


async def add_buyer(env: Env, actor: Actor, what: AddBuyer) -> tuple[Buyer, Account, CreditLine | None]:
    return await buyers.add_buyer(
        env,
        actor,
        name=what.name,
        tier_id=what.tier_id,
        parent_id=what.parent_id,
        currency=what.currency,
        credit=(what.limit, what.terms_days, what.grace_days),
        notes=what.notes,
        business=what.business,
    )


async def _moving(
    tx: db.Tx, env: Env, actor: Actor, act: ActName, account: Account, amount_e4: int, after_e4: int
) -> Look:
    return Look(
        acts=(act,),
        subject=f"account:{account.id}",
        before={"balance": money.of(account.balance_e4, account.currency)},
        after={"balance": money.of(after_e4, account.currency)},
        holds={"state": account.state, "owner": str(account.owner_id)},
        amount_e4=amount_e4,
        currency=account.currency,
        weight_e4=await _weight(tx, env, actor.mall_id, account.currency, amount_e4),
    )


async def _weight(tx: db.Tx, env: Env, mall: int, currency: str, amount_e4: int) -> int | None:
    """In the mall's currency, at the rate in force; None when there is none."""
    if currency == await store.currency_of(tx, mall):
        return amount_e4
    now = env.now(mall)
    rate = (await rates.rates(tx, mall, now)).at(currency, now)
    return None if rate is None else rules.at_home_up(amount_e4, rate.rate_e8)


def _line(currency: str, limit_e4: int, terms_days: int, grace_days: int) -> dict[str, object]:
    limit = money.of(limit_e4, currency)
    return {"credit_limit": limit, "terms_days": terms_days, "grace_days": grace_days}


ACTS = [
    approvals.Act(Adjust, ("ledger.adjust",), look_adjust, adjust),
    approvals.Act(Withdraw, ("ledger.withdraw",), look_withdraw, withdraw),
    approvals.Act(SetCredit, ("ledger.set_credit",), look_credit, set_credit),
    approvals.Act(AddBuyer, ("ledger.set_credit",), look_buyer, add_buyer),
]
