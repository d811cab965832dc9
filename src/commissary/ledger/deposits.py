"""Deposits of suppliers: owed to them, in an account of their own beside what they are paid from."""

from commissary import partners, tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import invalid
from commissary.base.home import home
from commissary.base.money import Money
from commissary.ledger import accounts, store
from commissary.ledger.post import post_locked
from commissary.ledger.types import Deposit, Transfer, TransferKind
from commissary.tenancy.types import Actor

SUB = "deposit"


async def deposit_of(env: Env, actor: Actor, supplier_id: int) -> Deposit:
    """Asked by the terms in force, and held. Refuses `not_found`."""
    tenancy.require(actor, "partners.read")
    await partners.list_terms(env, actor, supplier_id)  # that there is such a supplier
    async with env.db.transaction(actor.mall_id) as tx:
        return await _deposit(tx, env, actor.mall_id, supplier_id)


async def receive_deposit(
    env: Env, actor: Actor, supplier_id: int, amount: Money, reference: str, memo: str | None = None
) -> Deposit:
    """Money that has arrived: cash → what is owed to the supplier, once per reference. Refuses `reference_used`,
    `not_found`."""
    tenancy.require(actor, "ledger.write")
    mall, here = actor.mall_id, home(actor.mall_id)
    await partners.list_terms(env, actor, supplier_id)
    async with env.db.transaction(mall) as tx:
        at, currency = env.now(mall), await store.currency_of(tx, mall)
        if amount.currency != currency:
            raise invalid(
                "amount.currency", f"the mall keeps deposits in {currency} / 保证金币种为 {currency}"
            )
        amount_e4 = money.parse(amount.amount)
        if not 0 < amount_e4 <= money.MAX_E4:
            raise invalid("amount", "must be more than zero / 须大于零")
        account_id = await accounts.open_account(tx, env, here, supplier_id, "payable", currency, SUB)
        cash = await store.system_account(tx, here, "cash", currency)
        locked = await store.lock_accounts(tx, here, [account_id, cash])
        coming = Transfer(env.ids.new(), cash, account_id, amount_e4, TransferKind.recharge)
        if await store.name_once(tx, here, coming, account_id, reference, None, at) is None:
            await post_locked(tx, here, locked, [coming], at, memo)
            told = {"amount_e4": amount_e4, "reference": reference, "memo": memo}
            subject = f"supplier:{supplier_id}"
            await tenancy.audit(tx, env, actor, "ledger.receive_deposit", subject, None, told)
        return await _deposit(tx, env, mall, supplier_id)


async def _deposit(tx: db.Tx, env: Env, mall: int, supplier_id: int) -> Deposit:
    terms = await partners.terms_at(tx, mall, supplier_id, env.now(mall))
    currency = await store.currency_of(tx, mall)
    account_id = await store.find_account(tx, home(mall), supplier_id, "payable", currency, SUB)
    held_e4 = 0 if account_id is None else (await store.account(tx, home(mall), account_id)).balance_e4
    return Deposit(supplier_id, terms.deposit_e4 if terms else 0, held_e4, currency)
