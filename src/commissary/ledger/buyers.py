"""A buying company and its wallet, made in one transaction: neither can be without the other."""

from commissary import partners, tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import invalid
from commissary.base.home import home as home_of
from commissary.base.money import Money
from commissary.ledger import accounts, store
from commissary.ledger.credit import line_shown
from commissary.ledger.types import Account, CreditLine
from commissary.partners.types import Business, Buyer
from commissary.tenancy.types import Actor


async def add_buyer(
    env: Env,
    actor: Actor,
    *,
    name: str,
    tier_id: int | None = None,
    parent_id: int | None = None,
    currency: str | None = None,
    credit: tuple[Money, int, int] | None = None,
    notes: str = "",
    business: Business = "general",
    id: int | None = None,
) -> tuple[Buyer, Account, CreditLine | None]:
    """`id`: of the buyer in another mall that this one mirrors. `credit`: limit, days of terms, days of grace; needs `ledger.credit` besides `partners.write`."""
    tenancy.require(actor, "partners.write")
    if credit is not None:
        tenancy.require(actor, "ledger.credit")
    mall, here, id_ = actor.mall_id, home_of(actor.mall_id), id or env.ids.new()
    async with env.db.transaction(mall) as tx:
        wallet_currency = currency or await store.currency_of(tx, mall)
        limit_e4 = 0 if credit is None else _limit(credit[0], wallet_currency)
        account_id = await accounts.open_account(
            tx, env, here, id_, "wallet", wallet_currency, limit_e4=limit_e4
        )
        made = await partners.add_buyer(
            tx,
            env,
            actor,
            name=name,
            account_id=account_id,
            tier_id=tier_id,
            parent_id=parent_id,
            notes=notes,
            business=business,
            id=id_,
        )
        line = None
        if credit is not None:
            line = CreditLine(account_id, limit_e4, credit[1], credit[2])
            await store.set_credit_line(tx, here, line, env.now(mall))
            subject = f"account:{account_id}"
            await tenancy.audit(tx, env, actor, "ledger.set_credit", subject, None, line_shown(line))
        return made, await store.account(tx, here, account_id), line


def _limit(limit: Money, currency: str) -> int:
    if limit.currency != currency:
        raise invalid("credit.limit.currency", f"the wallet holds {currency}")
    limit_e4 = money.parse(limit.amount)
    if limit_e4 < 0:
        raise invalid("credit.limit", "must not be negative")
    if limit_e4 > money.MAX_E4:
        raise invalid("credit.limit.amount", f"at most {money.text(money.MAX_E4)} / 不得超过该金额")
    return limit_e4
