"""Departments' wallets: opened and closed with the department, filled from the company's and emptied into it.

A department's wallet has no credit: what is on it can be spent, and nothing else. Every movement is a transfer with two sides.
Locks: the department, then accounts in id order.
"""

import contextlib
from datetime import date, datetime

import msgspec

from commissary import partners, tenancy
from commissary.base import db, outbox, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home
from commissary.ledger import accounts, credit, move, store
from commissary.ledger.types import Account, Direction, Moved, Opening, Transfer, TransferKind
from commissary.partners.types import Department
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "departments.sql")
MANAGE = "own.departments.write"


async def currency_of_company(env: Env, actor: Actor) -> str:
    """What the company's main wallet holds, and so its departments'."""
    async with env.db.transaction(actor.mall_id) as tx:
        company = await partners.company_of(tx, actor)
        return (await store.account(tx, home(actor.mall_id), company.account_id)).currency


async def open_department(env: Env, actor: Actor, wanted: Opening) -> tuple[Department, Account]:
    """With its wallet, in one transaction. Refuses department_name_taken."""
    tenancy.require(actor, MANAGE)
    mall, id_ = actor.mall_id, env.ids.new()
    async with env.db.transaction(mall) as tx:
        company = await partners.company_of(tx, actor)
        main = await store.account(tx, home(mall), company.account_id)
        wallet = await accounts.open_account(
            tx, env, home(mall), company.id, "wallet", main.currency, f"dept:{id_}"
        )
        at = env.now(mall)
        draft = Department(
            id=id_,
            organisation_id=company.id,
            account_id=wallet,
            state="open",
            turned_on=None,
            created_at=at,
            updated_at=at,
            **msgspec.structs.asdict(wanted),
        )
        made = await partners.add_department(tx, env, actor, draft)
        return made, await store.account(tx, home(mall), wallet)


async def close_department(env: Env, actor: Actor, department_id: int) -> Department:
    """Its wallet buys no more, and what is free on it goes back to the company; what comes back later follows by itself. Refuses
    department_closed."""
    tenancy.require(actor, MANAGE)
    mall, here = actor.mall_id, home(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        company = await partners.company_of(tx, actor)
        old = await partners.open_department(tx, actor, department_id, lock=True)
        new = msgspec.structs.replace(old, state="closed", updated_at=env.now(mall))
        await partners.save_department(tx, new, mall)
        locked = await store.lock_accounts(tx, here, [old.account_id, company.account_id])
        back_e4 = await _empty(tx, env, mall, locked[old.account_id], company.account_id)
        wallet = await store.account(tx, here, old.account_id)
        at = env.now(mall)
        events = await credit.reconsider(tx, env, here, wallet, at, manual=True)
        was, is_ = partners.department_shown(old), partners.department_shown(new) | {"returned_e4": back_e4}
        await tenancy.audit(tx, env, actor, "department.close", f"department:{old.id}", was, is_)
        await outbox.publish(tx, here, events, at)
        return new


async def move_budget(
    env: Env,
    actor: Actor,
    department_id: int,
    amount_e4: int,
    direction: Direction,
    reference: str,
    memo: str | None = None,
) -> Moved:
    """Between the company's main wallet and the department's, once per reference. Money, never credit. Refuses
    department_closed, reference_used, insufficient_balance, account_locked."""
    tenancy.require(actor, MANAGE)
    mall, here = actor.mall_id, home(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        company = await partners.company_of(tx, actor)
        found = await partners.open_department(tx, actor, department_id, lock=True)
        pair = (company.account_id, found.account_id)
        giver, getter = pair if direction == "to_department" else pair[::-1]
        await store.lock_accounts(tx, here, pair)
        naming = Transfer(env.ids.new(), giver, getter, move.positive(amount_e4), TransferKind.allotment)
        name, at = f"{department_id}:{reference}", env.now(mall)
        first = await store.name_once(tx, here, naming, giver, name, None, at)
        if first is not None:
            return first
        await move.allot_within(tx, env, mall, giver, getter, amount_e4, memo, id_=naming.id)
        told = {"amount_e4": amount_e4, "direction": direction, "memo": memo, "reference": reference}
        await tenancy.audit(tx, env, actor, "department.move_budget", f"department:{found.id}", None, told)
        return Moved(naming.id, giver, amount_e4)


async def turn_budgets(env: Env, mall: int, now: datetime) -> int:
    """The job: at the month's turn the rest goes back, if the department is set so, and the new budget comes, as far as the
    company has money. Also empties closed departments to which money came back. One transaction per department, so it may be
    killed anywhere and run beside itself. Returns how many it moved money of."""
    here = home(mall)
    async with env.db.transaction(mall) as tx:
        due = await partners.due_departments(tx, mall, now)
        left = await db.rows(tx, Q.left_in_closed, {"mall": mall, "home": here})
    done = 0
    for department_id, company_id, month in due:
        with contextlib.suppress(Refused):  # of a suspended company: when it buys again
            done += await _turn(env, mall, company_id, department_id, month)
    for wallet, main in left:
        async with env.db.transaction(mall) as tx:
            locked = await store.lock_accounts(tx, here, [wallet, main])
            done += await _empty(tx, env, mall, locked[wallet], main) > 0
    return done


async def _turn(env: Env, mall: int, company_id: int, department_id: int, month: date) -> bool:
    here, actor = home(mall), Actor(mall, "system", "ledger.turn_budgets", company_id)
    async with env.db.transaction(mall) as tx:
        company = await partners.company_of(tx, actor)
        found = await partners.department(tx, mall, company_id, department_id, lock=True)
        budget_e4 = found.month_budget_e4
        if found.state != "open" or budget_e4 is None or (found.turned_on or date.min) >= month:
            return False
        locked = await store.lock_accounts(tx, here, [company.account_id, found.account_id])
        if locked[company.account_id].state != "open":
            return False  # it comes as soon as the company may give
        back_e4 = 0
        if found.returns_rest and found.turned_on is not None:
            back_e4 = await _empty(tx, env, mall, locked[found.account_id], company.account_id)
        main = await store.account(tx, here, company.account_id)
        given_e4 = max(0, min(budget_e4, main.balance_e4 - main.held_e4))
        if given_e4:
            memo = f"{month:%Y-%m}"
            await move.allot_within(tx, env, mall, main.id, found.account_id, given_e4, memo)
        new = msgspec.structs.replace(found, turned_on=month, updated_at=env.now(mall))
        await partners.save_department(tx, new, mall)
        told = {
            "month": f"{month:%Y-%m}",
            "returned_e4": back_e4,
            "given_e4": given_e4,
            "budget_e4": budget_e4,
        }
        await tenancy.audit(tx, env, actor, "department.turn", f"department:{found.id}", None, told)
        return True


async def _empty(tx: db.Tx, env: Env, mall: int, wallet: Account, main: int) -> int:
    """What is free on a wallet, to the company's; both are locked by the caller."""
    free_e4 = wallet.balance_e4 - wallet.held_e4
    if free_e4 <= 0:
        return 0
    await move.allot_within(tx, env, mall, wallet.id, main, free_e4, even_locked=True)
    return free_e4


# Reading ----------------------------------------------------------------------------------------------------------


class Standing(msgspec.Struct, frozen=True):
    """A department with its money: `spent_e4` in the running month of the mall's zone, refunds taken off."""

    department: Department
    account: Account
    spent_e4: int


async def standings(tx: db.Tx, mall: int, found: list[Department], now: datetime) -> list[Standing]:
    """In the order given."""
    here = home(mall)
    ids = [d.account_id for d in found]
    given = {"mall": mall, "home": here, "ids": Bigints(ids), "now": now}
    spent: dict[int, int] = dict(await db.rows(tx, Q.spent, given))
    return [
        Standing(d, await store.account(tx, here, d.account_id), spent.get(d.account_id, 0)) for d in found
    ]


async def seen(tx: db.Tx, actor: Actor, department_id: int) -> Department:
    """A department whose money the actor may look at: whoever manages them all of them, else its head. Refuses not_found."""
    company = await partners.company_of(tx, actor)
    found = await partners.department(tx, actor.mall_id, company.id, department_id)
    if not tenancy.allows(actor, MANAGE):
        me = await partners.member_of(tx, actor.mall_id, department_id, int(actor.id))
        if me is None:
            raise Refused(RequestRefusal.not_found)
        if not me.head:
            tenancy.require(actor, MANAGE)
    return found
